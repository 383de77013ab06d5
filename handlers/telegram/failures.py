"""Telegram's refusals → what becomes of a parcel. The one place that reads the words of its errors.

403 and "chat not found" = unreachable; 429 = wait exactly as long as told; no answer = it may have arrived; a topic
that is gone = a new one; a group that moved = its new id; 5xx = nothing happened, again later; another 400 = never.
Words as in the server's source (github.com/tdlib/telegram-bot-api, Client.cpp) and TDLib's.
"""

from __future__ import annotations

import time
from enum import Enum

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.ports import Delivery, Outcome

TOKEN_PATIENCE = 60.0
"""Seconds until a token that Telegram doesn't take is tried again."""

GONE_PEOPLE = {
    "blocked by the user": "blocked the bot",
    "user is deactivated": "deleted the account",
    "input_user_deactivated": "deleted the account",
    "user_is_blocked": "blocked the bot",
    "can't initiate conversation": "never started the bot",
    "chat not found": "never started the bot",
    "peer_id_invalid": "never started the bot",
    "user not found": "never started the bot",
    "send messages to bots": "is a bot",
}
GONE_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid", "topic not found", "thread_id_invalid")
CLOSED_TOPIC = "topic_closed"
LOCKED_OUT = (
    "not enough rights",
    "no rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat not found",
    "need administrator rights",
    "not a forum",
    "channel_private",
    "chat_restricted",
)
"""The desk group won't have us (any more): nothing to give up for, a person must put it right."""
NOT_SUCH_THINGS = ("chat_send_", "not enough rights to send")
"""The group takes words, but no such files."""
NO_WORDS = ("send text messages", "chat_send_plain")
ADVICE_RIGHTS = "make the bot an administrator of the group, with “Manage topics” (and “Pin messages”)"
NOT_MODIFIED = "message is not modified"
LOST_MESSAGE = ("message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message")
LOST_TARGET = (
    "message to react not found",
    "message not found",
    "message_id_invalid",
    "message to be replied not found",
)
DELETED = ("message to delete not found", "message_id_invalid")
TOO_LATE = ("can't be deleted for everyone", "message can't be deleted")
LATE_TAP = ("query is too old", "query id is invalid", "query_id_invalid")
NOT_COPIED = ("message can't be copied", "message to copy not found", "no messages to copy", "message_id_invalid")
BAD_TOPIC_NAME = "topic_title"
TOO_BIG = ("too big", "too large")


class Recipient(Enum):
    """Whose chat it was: the same refusal means other things for a person and for the desk."""

    PERSON = "person"
    DESK = "desk"


def told(error: Exception) -> str:
    """The platform's own words, short enough to be shown."""
    words = str(getattr(error, "message", error)).strip()
    for preface in ("Bad Request: ", "Forbidden: "):
        words = words.removeprefix(preface)
    return words[:300] or type(error).__name__


def says(error: Exception, words: str | tuple[str, ...]) -> bool:
    """Whether a refusal holds these words (any of them), which are given in lower case."""
    lower = str(getattr(error, "message", error)).lower()
    return words in lower if isinstance(words, str) else any(each in lower for each in words)


def outcome_of(error: AiogramError, to: Recipient, *, harmless: bool = False) -> Delivery:  # noqa: PLR0911 - a table
    """What becomes of a parcel after this error. `harmless`: the call may be repeated without being seen twice.

    A move to another group (`TelegramMigrateToChat`) is RETRY here: who calls has noted the new id by then.
    """
    match error:
        case TelegramRetryAfter():
            return Delivery(Outcome.WAIT, why="Telegram asks to wait", retry_after=float(error.retry_after))
        case TelegramMigrateToChat():
            return Delivery(Outcome.RETRY, why="the group became a supergroup")
        case TelegramEntityTooLarge():
            return Delivery(Outcome.REJECTED, why="too large for Telegram, which takes files up to 50 MB")
        case TelegramNetworkError():
            return _no_answer(error, harmless=harmless)
        case TelegramServerError():
            return Delivery(Outcome.RETRY, why=told(error))
        case ClientDecodeError():
            return Delivery(Outcome.RETRY if harmless else Outcome.UNCERTAIN, why="an answer that nobody can read")
        case TelegramUnauthorizedError() | TelegramNotFound():
            why = "Telegram doesn't take the bot's token any more"
            return Delivery(Outcome.WAIT, why=why, retry_after=TOKEN_PATIENCE, everywhere=True)
        case TelegramForbiddenError() | TelegramBadRequest():
            return _refused_person(error) if to is Recipient.PERSON else _refused_desk(error)
        case TelegramConflictError() | TelegramAPIError():
            return Delivery(Outcome.RETRY, why=told(error))
    return Delivery(Outcome.REJECTED, why=str(error))


def _no_answer(error: TelegramNetworkError, *, harmless: bool) -> Delivery:
    """A connection that never stood carried nothing; one that broke or fell silent may have."""
    if harmless or isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError):
        return Delivery(Outcome.RETRY, why=told(error))
    return Delivery(Outcome.UNCERTAIN, why=told(error))


def _refused_person(error: TelegramForbiddenError | TelegramBadRequest) -> Delivery:
    why = next((why for words, why in GONE_PEOPLE.items() if says(error, words)), "")
    if why or isinstance(error, TelegramForbiddenError):
        return Delivery(Outcome.UNREACHABLE, why=why or told(error))
    return Delivery(Outcome.REJECTED, why=told(error))


def _refused_desk(error: TelegramForbiddenError | TelegramBadRequest) -> Delivery:
    if says(error, GONE_TOPIC):
        return Delivery(Outcome.THREAD_GONE, why="the topic is gone")
    no_files = says(error, NOT_SUCH_THINGS) and not says(error, NO_WORDS)
    if says(error, CLOSED_TOPIC) or no_files:
        return Delivery(Outcome.RETRY, why=f"the topic takes nothing: {told(error)}")
    if isinstance(error, TelegramForbiddenError) or says(error, LOCKED_OUT):
        why = f"the desk group refuses ({told(error)}); {ADVICE_RIGHTS}"
        return Delivery(Outcome.DESK_LOST, why=why)
    return Delivery(Outcome.REJECTED, why=told(error))


class Floods:
    """Which private chats Telegram made us wait for. Its 429 doesn't say whether one chat or the whole bot is meant.

    At the pace we keep, one chat's own limit is rarely the reason for more than one chat at a time. So a first 429
    holds its chat alone; a second one from another private chat while the first still waits means all of us.
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def everywhere(self, chat: str, seconds: float) -> bool:
        """Note a 429; whether the whole token should wait."""
        now = time.monotonic()
        self._until = {each: until for each, until in self._until.items() if until > now}
        others = any(each != chat for each in self._until)
        self._until[chat] = now + seconds
        return others
