"""What Slack sends → what happened. Pure: no network, no clock, and no JSON makes it raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot.domain.desk_action import desk_action
from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    ByCase,
    BySender,
    ByThread,
    Edited,
    Incoming,
    Said,
    Sender,
    Tapped,
)
from bot.domain.message import Attachment, Media
from handlers.slack.address import CHANNEL, NO_ONE, is_direct, key, moment, ref_of
from handlers.slack.words import clean, readable

Json = dict[str, Any]

SPOKEN: Final = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of a message that a person wrote. Everything else is Slack's own or a bot's."""
GONE_FILES: Final = frozenset({"tombstone", "hidden_by_limit"})


@dataclass(frozen=True, slots=True)
class Here:
    """Where we are: our workspace, our own user, the desk's channel ("" = none), and who people are."""

    team: str
    bot: str
    desk: str
    met: Callable[[Sender], Sender]
    named: Callable[[str], str]


def translate(body: object, here: Here, now: datetime) -> tuple[Incoming, ...]:
    """Everything that a request of Slack brings; empty for what doesn't concern us."""
    if not isinstance(body, dict):
        return ()
    kind = body.get("type")
    if kind == "event_callback":
        found = _event(body, here, now)
        return (found,) if found else ()
    if kind == "block_actions":
        return tuple(_actions(body, here, now))
    if _text(body.get("command")):
        return _command(body, here, now)
    return ()


# ---------------------------------------------------------------- events


def _event(body: Json, here: Here, now: datetime) -> Incoming | None:
    """Of everything that Slack can tell, only what people write is ours: opening the app's page says nothing."""
    event = _object(body.get("event"))
    team = _text(body.get("team_id")) or here.team
    if event.get("type") != "message":
        return None
    return _message(event, key(team, _event_id(body, event)), here, now)


def _event_id(body: Json, event: Json) -> str:
    made_up = f"message:{_text(event.get('channel'))}:{_text(event.get('event_ts')) or _text(event.get('ts'))}"
    return _text(body.get("event_id")) or made_up


def _message(event: Json, name: str, here: Here, now: datetime) -> Incoming | None:
    edited = event.get("subtype") == "message_changed"
    message = _object(event.get("message")) if edited else event
    if not _by_person(message, here) or (edited and _same_words(event)):
        return None
    channel = _text(event.get("channel"))
    at = moment(_text(event.get("event_ts")) or _text(event.get("ts")), now)
    if here.desk and channel == here.desk:
        return _from_desk(message, channel, name, at, edited=edited, here=here)
    if event.get("channel_type") == "im" or (is_direct(channel) and not event.get("channel_type")):
        return _from_customer(message, channel, name, at, edited=edited, here=here)
    return None


def _by_person(message: Json, here: Here) -> bool:
    user = _text(message.get("user"))
    spoken = _text(message.get("subtype")) in SPOKEN and not message.get("bot_id")
    return spoken and bool(user) and user not in {here.bot, NO_ONE}


def _same_words(event: Json) -> bool:
    """A link preview or a reply below it also counts as a change for Slack."""
    before, after = _object(event.get("previous_message")), _object(event.get("message"))
    return before.get("text") == after.get("text")


def _from_customer(
    message: Json, channel: str, name: str, at: datetime, *, edited: bool, here: Here
) -> Incoming | None:
    sender = here.met(Sender(CHANNEL, _text(message.get("user"))))
    words, things = _words(message, here), _attachments(message)
    ref = ref_of(channel, _text(message.get("ts")))
    if edited:
        return Incoming(name, BySender(sender), Edited(sender, words, ref), at)
    if not words and not things:
        return None
    root = _text(message.get("thread_ts"))
    reply_to = ref_of(channel, root) if root and root != ref.message else None
    return Incoming(name, BySender(sender), Said(sender, words, ref, things, reply_to), at)


def _from_desk(message: Json, channel: str, name: str, at: datetime, *, edited: bool, here: Here) -> Incoming | None:
    thread, ts = _text(message.get("thread_ts")), _text(message.get("ts"))
    words, things = _words(message, here), _attachments(message)
    if not thread or thread == ts or not (words or things):
        return None
    if words.startswith("!"):
        words = "/" + words[1:].lstrip()
    sender = here.met(Sender(CHANNEL, _text(message.get("user"))))
    said = AgentSaid(sender, CHANNEL, words, ref_of(channel, ts), things, edited=edited)
    return Incoming(name, ByThread(CHANNEL, channel, thread), said, at)


def _words(message: Json, here: Here) -> str:
    text = _text(message.get("text"))
    if not text.strip():
        parts = [_object(part) for part in _list(message.get("attachments"))]
        text = "\n".join(filter(None, (_text(part.get("text")) or _text(part.get("fallback")) for part in parts)))
    return readable(text, here.named).strip()


# ---------------------------------------------------------------- files


def _attachments(message: Json) -> tuple[Attachment, ...]:
    files = map(_object, _list(message.get("files")))
    kept = (file for file in files if _text(file.get("id")) and _text(file.get("mode")) not in GONE_FILES)
    return tuple(map(_attachment, kept))


def _attachment(file: Json) -> Attachment:
    size = file.get("size")
    return Attachment(
        media=media_of(_text(file.get("mimetype")), _text(file.get("subtype"))),
        channel=CHANNEL,
        ref=_text(file.get("id")),
        name=_text(file.get("name")) or _text(file.get("title")),
        mime=_text(file.get("mimetype")),
        size=size if isinstance(size, int) and not isinstance(size, bool) else 0,
        note=_outside_address(file),
    )


def _outside_address(file: Json) -> str:
    """A file of another service has no content here, only an address."""
    address = _text(file.get("url_private")) if file.get("is_external") is True else ""
    return address if address.startswith(("https://", "http://")) and _host(address) else ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def media_of(mime: str, subtype: str = "") -> Media:
    """The kind of thing behind a MIME type; `subtype` tells Slack's own clips apart."""
    if subtype == "slack_audio":
        return Media.VOICE
    kind, _, form = mime.partition("/")
    if kind == "image" and form.startswith("svg"):
        return Media.DOCUMENT
    if mime == "image/gif":
        return Media.ANIMATION
    return {"image": Media.PHOTO, "video": Media.VIDEO, "audio": Media.AUDIO}.get(kind, Media.DOCUMENT)


# ---------------------------------------------------------------- buttons and commands


def _actions(body: Json, here: Here, now: datetime) -> Iterator[Incoming]:
    user, container = _object(body.get("user")), _object(body.get("container"))
    who = _text(user.get("id"))
    if not who:
        return
    handle = _text(user.get("username")) or _text(user.get("name"))
    sender = here.met(Sender(CHANNEL, who, handle=handle))
    team = _text(_object(body.get("team")).get("id")) or here.team
    channel = _text(_object(body.get("channel")).get("id")) or _text(container.get("channel_id"))
    ts = _text(container.get("message_ts"))
    for action in map(_object, _list(body.get("actions"))):
        value, at = _text(action.get("value")), _text(action.get("action_ts"))
        if value:
            name = key(team, "action", at, who, _text(action.get("action_id")), ts)
            tap = f"{channel}/{who}/{_text(container.get('thread_ts'))}"
            yield _tap(name, sender, value, (channel, ts, tap), moment(at, now))


def _tap(name: str, sender: Sender, value: str, place: tuple[str, str, str], at: datetime) -> Incoming:
    """A customer's tap needs no answer of its own; an agent's may get one that only they see."""
    channel, ts, tap = place
    ref = ref_of(channel, ts)
    desk = desk_action(value)
    if desk is None:
        return Incoming(name, BySender(sender), Tapped(sender, value, ref), at)
    tapped = AgentTapped(sender, CHANNEL, desk.action, desk.case, ref, tap, desk.about, desk.value)
    return Incoming(name, ByCase(desk.case), tapped, at)


def _command(body: Json, here: Here, now: datetime) -> tuple[Incoming, ...]:
    """`/afterword summary 7d` → the words “/summary 7d”; alone it asks for help."""
    who, trigger = _text(body.get("user_id")), _text(body.get("trigger_id"))
    if not who or not trigger:
        return ()
    text = readable(_text(body.get("text")), here.named).strip().lstrip("/!").strip()
    word, _, rest = text.partition(" ")
    words = f"/{word.lower() or 'help'} {rest.strip()}".rstrip()
    sender = here.met(Sender(CHANNEL, who, handle=_text(body.get("user_name"))))
    team = _text(body.get("team_id")) or here.team
    return (Incoming(key(team, "command", trigger), BySender(sender), Said(sender, words), now),)


# ---------------------------------------------------------------- what happens to the desk and to us


def desk_change(body: object, here: Here) -> str:
    """What became of the desk's channel or of our token: archived, left, back, revoked; "" for anything else."""
    event = _object(body.get("event")) if isinstance(body, dict) else {}
    kind = _text(event.get("type"))
    if kind in {"app_uninstalled", "tokens_revoked"}:
        return "revoked"
    if not here.desk or event.get("channel") != here.desk:
        return ""
    if kind == "member_joined_channel":
        return "back" if event.get("user") == here.bot else ""
    return DESK_EVENTS.get(kind, "")


DESK_EVENTS: Final = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_left": "left",
    "group_left": "left",
    "channel_deleted": "left",
    "group_deleted": "left",
    "channel_unarchive": "back",
    "group_unarchive": "back",
}


def deleted_message(body: object, here: Here) -> str:
    """The ts of a message that vanished from the desk for good (a thread's parent leaves a tombstone instead)."""
    event = _object(body.get("event")) if isinstance(body, dict) else {}
    if event.get("subtype") != "message_deleted" or not here.desk or event.get("channel") != here.desk:
        return ""
    return _text(event.get("deleted_ts"))


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
