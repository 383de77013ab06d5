"""The answer to an order: which purchase, which customer, and the links by which the customer reaches the bot."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from bot.domain.event import Accepted
from bot.ports import Surroundings
from handlers.shops.generic import OrderEvent

SLACK_PATIENCE_S: Final = 1.5
"""How long a first answer waits for the look-up on Slack, which begins once the order is accepted."""
MOST_WAITING: Final = 32
"""Slack allows 50 look-ups a minute: in a rush nobody's answer is worth holding up for a link that comes too late."""
APP_TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-.+")
LOOKED_UP: Final = frozenset({"order.paid", "order.delivered"})


class Answers:
    """Bodies for accepted orders.

    A body is worked out anew for each repeat, from the same token and customer, and so is the same as the first
    unless something became known in between: a Slack identity that was found after `SLACK_PATIENCE_S`, a merge.
    """

    def __init__(
        self, surroundings: Surroundings, patience_s: float = SLACK_PATIENCE_S, most_waiting: int = MOST_WAITING
    ) -> None:
        self._around = surroundings
        self._patience_s = patience_s
        self._most_waiting = most_waiting
        self._waiting = 0

    async def body(self, event: OrderEvent, accepted: Accepted) -> dict[str, Any]:
        """`{"purchase": "main/1001", "customer": 17, "links": {"telegram": "https://t.me/…"}, "code": "…"}`.

        The code is for platforms without deep links: the customer writes `start CODE`.
        """
        links = self._around.links(accepted.token) if accepted.token else {}
        slack = links.pop("slack", "")
        if await self._on_slack(event, accepted):
            links["slack"] = slack or slack_address(self._around.settings.slack_app_token)
        code = {"code": accepted.token} if accepted.token else {}
        purchase = f"{event.shop}/{event.order_id}"
        return {"purchase": purchase, "customer": int(accepted.customer), "links": links, **code}

    async def _on_slack(self, event: OrderEvent, accepted: Accepted) -> bool:
        """Whether the customer is known there; a new order gives the look-up by email its time."""
        if not self._around.settings.slack_bot_token:
            return False
        known, email = await self._known(accepted)
        looked_up = accepted.fresh and event.type in LOOKED_UP and bool(email or event.customer.email)
        if known or not looked_up or self._waiting >= self._most_waiting:
            return known
        self._waiting += 1
        try:
            return await self._found_in_time(accepted)
        finally:
            self._waiting -= 1

    async def _found_in_time(self, accepted: Accepted) -> bool:
        pause = 0.05
        try:
            async with asyncio.timeout(self._patience_s):
                while True:
                    await asyncio.sleep(pause)
                    if (await self._known(accepted))[0]:
                        return True
                    pause = min(pause * 1.5, 0.25)
        except TimeoutError:
            return False

    async def _known(self, accepted: Accepted) -> tuple[bool, str]:
        story = await self._around.records.story(accepted.customer, self._around.clock.now())
        if story is None:
            return False, ""
        return any(identity.channel == "slack" for identity in story.identities), story.customer.email


def slack_address(app_token: str | None) -> str:
    """Where the customer finds the bot's direct message.

    The app's own address when SLACK_APP_TOKEN tells its id (https://docs.slack.dev/interactivity/deep-linking), else
    the customer's Slack, where the bot's message will be waiting. Neither carries a token: they are known already.
    """
    found = APP_TOKEN.fullmatch(app_token or "")
    return f"https://slack.com/app_redirect?app={found[1]}" if found else "https://app.slack.com/client"
