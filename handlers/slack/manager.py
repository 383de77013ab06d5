"""Words to people of the shop, in their direct message, and answers that only they see."""

from __future__ import annotations

from bot.domain.message import Kind
from bot.ports import Delivery, Fetch, Outcome, Parcel
from handlers.slack.address import Rooms
from handlers.slack.send import CallFailed, Place, Writer, send_parts
from handlers.slack.words import escape


class Staffroom:
    """Delivers to agents and managers."""

    def __init__(self, writer: Writer, rooms: Rooms) -> None:
        self._writer = writer
        self._rooms = rooms

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt; raises `CallFailed`."""
        message = parcel.message
        if message.kind is Kind.TAP_ANSWER:
            return await self._answer(message.tap, message.text)
        user = parcel.identity.external if parcel.identity else message.arguments.get("to", "")
        if not user:
            return Delivery(Outcome.UNREACHABLE, why="no Slack account is known")
        place = Place(await self._rooms.of(user))
        return await send_parts(parcel, await self._writer.parts(message, place, fetch))

    async def _answer(self, tap: str, text: str) -> Delivery:
        """A line under the card that only the one who tapped sees. A courtesy: the card tells it too."""
        channel, _, rest = tap.partition("/")
        user, _, thread = rest.partition("/")
        if text and user:
            given = {"channel": channel, "user": user, "text": escape(text), "thread_ts": thread or None}
            try:
                await self._writer.web.api_call("chat.postEphemeral", json=given)
            except CallFailed as failure:
                if failure.retry_after or not failure.error:
                    raise
        return Delivery(Outcome.SENT)
