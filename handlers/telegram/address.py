"""Telegram's ids ↔ our references. Nobody else packs or unpacks them.

A customer's `external` is their user id, which is also the id of their private chat with the bot. A desk thread is
(group id, topic id). Message ids count per chat, so a message is named by both.
"""

from __future__ import annotations

from bot.domain.message import Ref
from bot.ports import Parcel, Thread

CHANNEL = "telegram"


def message_ref(chat: int, message: int) -> Ref:
    """The reference of a message."""
    return Ref(CHANNEL, str(chat), str(message))


def message_id(ref: Ref | None, chat: int) -> int | None:
    """The message's number when it lies in this chat on Telegram, else None."""
    if ref is None or ref.channel != CHANNEL or ref.chat != str(chat):
        return None
    return int(ref.message)


def event_key(bot: int, update: int) -> str:
    """What makes an update unique for good: updates are numbered per bot."""
    return f"{CHANNEL}:{bot}:{update}"


def private_chat(parcel: Parcel) -> int | None:
    """The private chat a parcel for a customer or for staff goes to; None when no address is known."""
    external = parcel.identity.external if parcel.identity else parcel.message.arguments.get("to", "")
    return int(external) if external.lstrip("-").isdecimal() else None


def desk_thread(chat: int, topic: int, card: int | None = None) -> Thread:
    """A topic of the desk group."""
    return Thread(CHANNEL, str(chat), str(topic), "" if card is None else str(card))
