"""A shop whose agents work on Telegram and on Slack at once, with customers on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_slack import DESK as CHANNEL
from tests.journeys.test_slack import MANIFEST
from tests.journeys.test_telegram import DESK, people, set_up
from tests.wire.slack import FakeSlack
from tests.wire.slack_people import Channel
from tests.wire.slack_people import Person as Member
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Forum, Topic
from tests.wire.telegram_people import Person

BEA = {"id": "c-2", "name": "Bea Costa", "email": "bea@example.com", "locale": "en"}


@dataclass
class Mirrored:
    """Ana is a customer on Telegram, Bea one on Slack; Kim, Boris are agents on Telegram, Lea and Tom on Slack."""

    tg: FakeTelegram
    slack: FakeSlack
    shop: Shop
    desk: Forum
    channel: Channel
    ana: Person
    kim: Person
    boris: Person
    bea: Member
    lea: Member
    tom: Member

    async def ana_is_unhappy(self) -> tuple[Topic, str]:
        """Returns the case's topic and its thread."""
        await self.ana_rates_badly()
        return await self.case_of("Ana")

    async def ana_rates_badly(self) -> None:
        """Ana bought something on Telegram and isn't happy with it."""
        answer = await self.shop.order(customer="c-1", person={"id": "c-1", "name": "Ana Duarte", "locale": "en"})
        await self.ana.start(answer["links"]["telegram"].partition("start=")[2])
        await self.ana.tap("😡 1", await self.ana.wait_for("getting on with"))

    async def bea_is_unhappy(self) -> tuple[Topic, str]:
        """The same for the customer on Slack."""
        await self.shop.order("2002", customer="c-2", person=BEA)
        await self.bea.wait_for("getting on with", timeout=8)
        await self.bea.tap("😡 1")
        return await self.case_of("Bea")

    async def case_of(self, name: str) -> tuple[Topic, str]:
        """Where a case shows: the topic and the thread."""
        topic = await self.desk.wait_for_topic(name, timeout=8)
        await topic.wait_for("unhappy", timeout=8)
        card = await self.channel.wait_for(lambda m: name in m.shown and "unhappy" in m.shown, timeout=8)
        return topic, str(card.ts)

    async def on_telegram_alone(self) -> Topic:
        """The same where Slack is no desk: returns the topic."""
        await self.ana_rates_badly()
        topic = await self.desk.wait_for_topic()
        await topic.wait_for("unhappy")
        return topic

    def on_slack(self, thread: str) -> list[str]:
        """What stands in a thread."""
        return [message.shown for message in self.channel.thread(thread)]

    def read_by_ana(self) -> list[str]:
        """What Ana has of the bot."""
        return [message.text for message in self.ana.sees if message.from_bot]

    def read_by_bea(self) -> list[str]:
        """What Bea has of the bot."""
        return [message.shown for message in self.bea.heard]


@asynccontextmanager
async def mirrored(
    folder: Path, tg: FakeTelegram, program: str = "", desk: str = "telegram", **changes: Any
) -> AsyncIterator[Mirrored]:
    """The shop runs, with both desks set up."""
    async with FakeSlack(manifest=MANIFEST) as slack:
        lea = slack.user("U0LEA", "lea", real_name="Lea Roth")
        tom = slack.user("U0TOM", "tom", real_name="Tom Berg")
        bea = slack.user("U0BEA", "bea", email="bea@example.com", real_name="Bea Costa")
        channel = slack.channel(CHANNEL, "desk", members=[lea, tom])
        known = tg.world.chats.get(DESK)
        forum, settings = set_up(tg)
        if isinstance(known, Forum):  # the shop starts again
            forum = tg.world.chats[DESK] = known
        settings |= {
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
            "slack_desk_channel": CHANNEL,
            "agents": "telegram:1,telegram:2,slack:U0LEA,slack:U0TOM",
            **changes,
        }
        async with open_shop(folder, program or program_text(desk), **settings) as shop:
            if settings["slack_bot_token"]:
                await slack.connected()
                agents = settings["agents"].count("slack:")
                await soon(lambda: len(slack.calls_of("users.info")) >= agents, "the agents' names")
            ana, kim, boris, _ = people(tg)
            yield Mirrored(tg, slack, shop, forum, channel, ana, kim, boris, bea, lea, tom)
        slack.assert_clean()


async def soon(wanted: Callable[[], object], what: str, timeout: float = 8) -> None:
    """Wait until it is true."""

    async def true() -> bool:
        return bool(wanted())

    await until(true, what, timeout)
