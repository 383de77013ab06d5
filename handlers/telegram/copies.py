"""What a customer has already: changed in place, or taken back, as far as Telegram allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiogram.exceptions import AiogramError, TelegramBadRequest

from bot.domain.message import Ref
from bot.ports import Copy, Delivery, Fetch, Outcome, Parcel
from handlers.telegram.address import CHANNEL, message_id
from handlers.telegram.client import Client
from handlers.telegram.failures import DELETED, LOST_MESSAGE, NOT_MODIFIED, TOO_LATE, Recipient, outcome_of, says, told
from handlers.telegram.send import CAPTIONED, Place, Post
from handlers.telegram.text import MOST_CAPTION, MOST_TEXT, units

ONLY_48_HOURS = "Telegram lets a bot take back what it wrote for 48 hours only"
"""https://core.telegram.org/bots/api#deletemessage"""
NAMELESS = "an attempt to send it got no answer, so there may be a copy that can't be found"
ELSEWHERE = "a copy went to another place, where it can't be taken back now"
MANY = "it went out in several messages"
CHANGED = "the customer's copy can't be changed any more"


class Copies:
    """Changes and takes back what the bot wrote into private chats."""

    def __init__(self, client: Client, post: Post) -> None:
        self._client = client
        self._post = post

    async def amend(self, chat: int, parcel: Parcel, fetch: Fetch) -> Delivery:
        """The corrected words in the place of the old ones; where that can't be, a new message that says what it is."""
        why = MANY
        call = None if parcel.sent else _edit(chat, parcel)
        if call is not None:
            name, params = call
            try:
                await self._client.call(name, params)
            except AiogramError as error:
                if not isinstance(error, TelegramBadRequest) or _blocks(error):
                    return outcome_of(error, Recipient.PERSON, harmless=True)
                if not says(error, NOT_MODIFIED):
                    why = CHANGED if says(error, LOST_MESSAGE) else told(error)
                    return await self._anew(chat, parcel, fetch, why)
            return Delivery(Outcome.SENT, (Ref(CHANNEL, str(chat), str(params["message_id"])),))
        return await self._anew(chat, parcel, fetch, why if parcel.copies else "")

    async def _anew(self, chat: int, parcel: Parcel, fetch: Fetch, why: str) -> Delivery:
        words = parcel.message.anew if parcel.copies else parcel.message.text
        anew = replace(parcel, message=replace(parcel.message, text=words))
        delivery = await self._post.deliver(Place(chat), anew, fetch)
        return replace(delivery, why=why) if delivery.outcome is Outcome.SENT else delivery

    async def take_back(self, chat: int, parcel: Parcel) -> Delivery:
        """Delete every message of it. SENT with a reason when something of it stays."""
        stays = [NAMELESS] if any(copy.uncertain for copy in parcel.copies) else []
        for ref in _refs(parcel.copies):
            number = message_id(ref, chat)
            if number is None:
                stays.append(ELSEWHERE)
                continue
            try:
                await self._client.call("deleteMessage", {"chat_id": chat, "message_id": number})
            except AiogramError as error:
                if not isinstance(error, TelegramBadRequest) or _blocks(error):
                    return outcome_of(error, Recipient.PERSON, harmless=True)
                if not says(error, DELETED):
                    stays.append(ONLY_48_HOURS if says(error, TOO_LATE) else told(error))
        return Delivery(Outcome.SENT, why="; ".join(dict.fromkeys(stays)))


def _blocks(error: AiogramError) -> bool:
    return outcome_of(error, Recipient.PERSON).outcome is Outcome.UNREACHABLE


def _refs(copies: Sequence[Copy]) -> list[Ref]:
    return list(dict.fromkeys(ref for copy in copies for ref in copy.refs))


def _edit(chat: int, parcel: Parcel) -> tuple[str, dict[str, Any]] | None:
    """The call that changes the newest copy, when that is one message whose words can be changed."""
    newest = next((copy for copy in reversed(parcel.copies) if copy.refs), None)
    if newest is None or len(newest.refs) != 1 or newest.uncertain:
        return None
    number, text = message_id(newest.refs[0], chat), parcel.message.text
    original = next(copy for copy in parcel.copies if newest.refs[0] in copy.refs).message
    if number is None:
        return None
    where = {"chat_id": chat, "message_id": number}
    if not original.attachments:
        return ("editMessageText", {**where, "text": text}) if units(text) <= MOST_TEXT else None
    if original.attachments[0].media in CAPTIONED and units(text) <= MOST_CAPTION:
        return "editMessageCaption", {**where, "caption": text}
    return None
