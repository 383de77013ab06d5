"""Updates → events. Pure functions over the update as it came (a dict); aiogram's models cost ten times as much.

What isn't ours to hear (other groups, other bots, service messages, the desk's General) becomes None.
Field names: https://core.telegram.org/bots/api#message (Bot API 10.3).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.attachments import describe_all
from bot.domain.desk_action import desk_action
from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    ByCase,
    BySender,
    ByThread,
    ByToken,
    Edited,
    Incoming,
    ReachChanged,
    Said,
    Sender,
    Started,
    Tapped,
)
from bot.domain.message import Attachment, Media, Ref
from handlers.telegram.address import CHANNEL, event_key, message_ref

log = logging.getLogger(__name__)

Fields = Mapping[str, Any]

HEARD = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates we ask for; an unnamed list would keep whatever was asked for before."""
ALBUM_WAIT = timedelta(seconds=0.8)
"""Telegram sends the parts of an album one by one and never says which is the last."""
RECENT = 3.0
"""Telegram's dates have whole seconds: of something just said, our own clock knows better when."""
BEGINNING = 1_356_998_400
"""2013: no message is older than Telegram."""
START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+).*)?", re.DOTALL | re.IGNORECASE)
ADDRESSED = re.compile(r"(/\w+)@\w+")
LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Here:
    """What an update is read against: who we are and which group is the desk (None = there is none here)."""

    bot: int
    desk: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup and has a new id."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class TopicBorn:
    """A topic that the bot made; tells of it even when the answer to the call was lost."""

    chat: int
    thread: int
    name: str


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """The bot's standing in the desk group is another now."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something in a group that isn't the desk. `joined`: the bot was just let in."""

    chat: int
    title: str
    joined: bool


Heard = Incoming | Moved | TopicBorn | RightsChanged | Elsewhere | None


def translate(update: Fields, here: Here, now: datetime) -> Heard:
    """What an update means to us. Never raises: an update that makes no sense is told in the log and dropped."""
    try:
        key = event_key(here.bot, int(update["update_id"]))
        if message := update.get("message"):
            return _message(message, here, key, now)
        if tap := update.get("callback_query"):
            return _tap(tap, here, key, now)
        if message := update.get("edited_message"):
            return _edit(message, here, key, now)
        if change := update.get("my_chat_member"):
            return _standing(change, here, key, now)
    except (AttributeError, IndexError, KeyError, OSError, OverflowError, TypeError, ValueError) as error:
        log.warning("an update could not be read: %s: %s", type(error).__name__, error)
    return None


# --- messages


def _message(message: Fields, here: Here, key: str, now: datetime) -> Heard:
    chat = message["chat"]
    if chat["type"] == "private":
        return _private(message, key, now)
    if (new := message.get("migrate_to_chat_id")) is not None:
        return Moved(int(chat["id"]), int(new))
    if (old := message.get("migrate_from_chat_id")) is not None:
        return Moved(int(old), int(chat["id"]))
    if chat["id"] == here.desk:
        return _in_topic(message, here, key, now, edited=False)
    return Elsewhere(int(chat["id"]), _text(chat, "title"), joined=False)


def _private(message: Fields, key: str, now: datetime) -> Incoming | None:
    person = message.get("from")
    if not person or person.get("is_bot"):
        return None
    sender, ref = sender_of(person), _ref(message)
    words, attachments = words_of(message), attachments_of(message)
    at = _happened(message, now)
    if words.startswith("/") and (found := START.fullmatch(words)):
        token = (found[1] or "")[:LONGEST_TOKEN]
        lane = ByToken(token, sender) if token else BySender(sender)
        return Incoming(key, lane, Started(sender, token, ref), at)
    if not words and not attachments:
        return None
    group = _text(message, "media_group_id")
    said = Said(sender, words, ref, attachments, _reply(message), group, quote=_quoted(message))
    return Incoming(key, BySender(sender), said, at, now + ALBUM_WAIT if group else None)


def _in_topic(message: Fields, here: Here, key: str, now: datetime, *, edited: bool) -> Incoming | TopicBorn | None:
    """Words of people in a topic of the desk. A bot's, a service message and General are none of the desk's talk."""
    if not message.get("is_topic_message"):
        return None
    chat, thread = int(message["chat"]["id"]), int(message["message_thread_id"])
    if born := message.get("forum_topic_created"):
        ours = message["from"]["id"] == here.bot
        return TopicBorn(chat, thread, _text(born, "name")) if ours else None
    sender = _agent(message)
    words, attachments = words_of(message), attachments_of(message)
    if sender is None or not (words or attachments):
        return None
    group = "" if edited else _text(message, "media_group_id")
    said = AgentSaid(sender, CHANNEL, words, _ref(message), attachments, group, edited, reply_to=_reply(message))
    at, due = now if edited else _happened(message, now), now + ALBUM_WAIT if group else None
    return Incoming(key, ByThread(CHANNEL, str(chat), str(thread)), said, at, due)


def _agent(message: Fields) -> Sender | None:
    """Who speaks in a topic. An anonymous administrator is nobody we know: their words can only stay inside."""
    if mask := message.get("sender_chat"):
        if mask["id"] != message["chat"]["id"]:
            return None
        return Sender(CHANNEL, str(int(mask["id"])), _text(message, "author_signature") or _text(mask, "title"))
    person = message.get("from")
    return sender_of(person) if person and not person.get("is_bot") else None


def _edit(message: Fields, here: Here, key: str, now: datetime) -> Heard:
    """Changed words. A live location moves by edits, many a minute: those say nothing."""
    chat = message["chat"]
    if "location" in message:
        return None
    if chat["id"] == here.desk:
        return _in_topic(message, here, key, now, edited=True)
    person = message.get("from")
    if chat["type"] != "private" or not person or person.get("is_bot"):
        return None
    sender = sender_of(person)
    return Incoming(key, BySender(sender), Edited(sender, words_of(message), _ref(message)), now)


# --- buttons and standing


def _tap(tap: Fields, here: Here, key: str, now: datetime) -> Heard:
    """A button. One of a message too old to be shown comes with the chat and the number alone."""
    message, action, query = tap.get("message"), _text(tap, "data"), _text(tap, "id")
    if not message or not action:
        return None
    sender, ref, chat = sender_of(tap["from"]), _ref(message), message["chat"]
    if chat["type"] == "private":
        return Incoming(key, BySender(sender), Tapped(sender, action, ref, query), now)
    if chat["id"] != here.desk:
        return None
    if found := desk_action(action):
        tapped = AgentTapped(sender, CHANNEL, found.action, found.case, ref, query, found.about, found.value)
        return Incoming(key, ByCase(found.case), tapped, now)
    if (thread := message.get("message_thread_id")) is None:
        return None
    lane = ByThread(CHANNEL, str(int(chat["id"])), str(int(thread)))
    return Incoming(key, lane, AgentTapped(sender, CHANNEL, action, None, ref, query), now)


def _standing(change: Fields, here: Here, key: str, now: datetime) -> Heard:
    """The bot was blocked or unblocked by a person, or moved about in a group."""
    chat, status = change["chat"], change["new_chat_member"]["status"]
    if chat["type"] == "private":
        sender = sender_of(change["from"])
        if status == "kicked":
            return Incoming(key, BySender(sender), ReachChanged(sender, reachable=False, why="blocked the bot"), now)
        if status == "member":
            return Incoming(key, BySender(sender), ReachChanged(sender, reachable=True), now)
        return None
    if chat["id"] == here.desk:
        return RightsChanged()
    return Elsewhere(int(chat["id"]), _text(chat, "title"), joined=status in {"member", "administrator"})


# --- the parts of a message


def sender_of(person: Fields) -> Sender:
    """A User as a sender. The language is the one of their client."""
    first, last = _text(person, "first_name"), _text(person, "last_name")
    return Sender(
        CHANNEL,
        str(int(person["id"])),
        f"{first} {last}".strip(),
        _text(person, "username"),
        _text(person, "language_code"),
        is_bot=bool(person.get("is_bot")),
    )


def words_of(message: Fields) -> str:
    """The text or caption; a command without the bot's name behind it; a word for what has none of its own."""
    words = _text(message, "text") or _text(message, "caption") or _spoken(message)
    if words.startswith("/") and (found := ADDRESSED.match(words)):
        return found[1] + words[found.end() :]
    return words


def _spoken(message: Fields) -> str:
    """Words for kinds of messages that are no file and no text: nothing that a person sends goes by unheard."""
    for kind, field in (("poll", "question"), ("game", "title"), ("checklist", "title")):
        if thing := message.get(kind):
            return f"[{kind}] {_text(thing, field)}".strip()
    if dice := message.get("dice"):
        return _text(dice, "emoji")
    return next((f"[{name}]" for kind, name in UNREADABLE.items() if message.get(kind)), "")


UNREADABLE = {"story": "story", "paid_media": "paid media", "rich_message": "formatted text", "giveaway": "giveaway"}


def attachments_of(message: Fields) -> tuple[Attachment, ...]:
    """What is attached: at most one thing a message; an album is several messages."""
    if "text" in message:
        return ()
    for kind, read in READERS.items():
        if thing := message.get(kind):
            return (read(thing),)
    return ()


def _file(media: Media) -> Any:  # noqa: ANN401 - a reader: Fields → Attachment
    def read(thing: Fields) -> Attachment:
        return Attachment(
            media,
            CHANNEL,
            str(thing["file_id"]),
            _text(thing, "file_name"),
            _text(thing, "mime_type"),
            int(thing.get("file_size") or 0),
            _text(thing, "emoji"),
        )

    return read


def _photo(sizes: list[Fields]) -> Attachment:
    """The biggest of the sizes that Telegram made; they come smallest first, but that isn't promised."""
    best = max(sizes, key=lambda size: int(size.get("width") or 0) * int(size.get("height") or 0))
    size = int(best.get("file_size") or 0)
    return Attachment(Media.PHOTO, CHANNEL, str(best["file_id"]), mime="image/jpeg", size=size)


def _location(place: Fields) -> Attachment:
    return Attachment(Media.LOCATION, CHANNEL, "", note=f"{float(place['latitude'])},{float(place['longitude'])}")


def _venue(venue: Fields) -> Attachment:
    place = _location(venue["location"])
    name = ", ".join(filter(None, (_text(venue, "title"), _text(venue, "address"))))
    return Attachment(Media.LOCATION, CHANNEL, "", name, note=place.note)


def _contact(contact: Fields) -> Attachment:
    name = f"{_text(contact, 'first_name')} {_text(contact, 'last_name')}".strip()
    return Attachment(Media.CONTACT, CHANNEL, "", name, note=_text(contact, "phone_number"))


READERS = {
    "photo": _photo,
    "voice": _file(Media.VOICE),
    # An animation comes with the same file as `document`, a venue with its place as `location`: they are asked first.
    "animation": _file(Media.ANIMATION),
    "venue": _venue,
    "document": _file(Media.DOCUMENT),
    "video": _file(Media.VIDEO),
    "live_photo": _file(Media.VIDEO),
    "sticker": _file(Media.STICKER),
    "audio": _file(Media.AUDIO),
    "video_note": _file(Media.VIDEO_NOTE),
    "location": _location,
    "contact": _contact,
}


def _text(fields: Fields, name: str) -> str:
    """A text field, "" when it is missing or no text. NUL is no character that a database could keep."""
    value = fields.get(name)
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "") if "\x00" in value else value


def _ref(message: Fields) -> Ref:
    return message_ref(int(message["chat"]["id"]), int(message["message_id"]))


def _reply(message: Fields) -> Ref | None:
    """What it answers. In a topic everything answers the topic's first message, if nothing else: that says nothing."""
    replied = message.get("reply_to_message")
    if not replied or replied["message_id"] == message.get("message_thread_id"):
        return None
    return _ref({"chat": message["chat"], **replied})


def _quoted(message: Fields) -> str:
    """The words that it answers: those that were picked out, else all of them, else what it is."""
    replied = message.get("reply_to_message")
    if not replied:
        return ""
    picked = _text(message["quote"], "text") if message.get("quote") else ""
    return picked or words_of(replied) or describe_all(attachments_of(replied))


def _happened(message: Fields, now: datetime) -> datetime:
    """When it was said, in aware UTC: after an outage that is earlier than now."""
    said = int(message.get("date") or 0)
    return datetime.fromtimestamp(said, UTC) if BEGINNING < said < now.timestamp() - RECENT else now
