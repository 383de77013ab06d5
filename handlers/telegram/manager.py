"""People of the shop in their private chats with the bot: reports, the way into the console, answers."""

from __future__ import annotations

from bot.ports import Delivery, Fetch, Outcome, Parcel
from handlers.telegram.address import private_chat
from handlers.telegram.send import Place, Post


class Managers:
    """Delivers to staff."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt at a message for a person of the shop; reports come with their words already."""
        chat = private_chat(parcel)
        if chat is None:
            return Delivery(Outcome.UNREACHABLE, why="has no Telegram chat with us")
        return await self._post.deliver(Place(chat), parcel, fetch)
