"""The pretend workspace itself: people, conversations, messages, files, and what they cause.

Knows nothing of HTTP. Whatever happens here is told to `World.tell` as an event of
the Events API; the server decides whether the app has subscribed to it.
"""

from __future__ import annotations

import asyncio
import itertools
import mimetypes
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import slack_text

Json = dict[str, Any]


class Refused(Exception):
    """What Slack answers instead of doing it: `{"ok": false, "error": …}`."""

    def __init__(self, error: str, **more: object) -> None:
        """Keep the error's name and further fields of the answer."""
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(slots=True)
class User:
    """A member of the workspace."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/Amsterdam"
    tz_offset: int = 3600
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    team: str = "T0SHOP"

    def as_json(self, *, with_email: bool = True) -> Json:
        """Give the user object of users.info."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "image_72": f"https://avatars.invalid/{self.id}/72.png",
            "image_192": f"https://avatars.invalid/{self.id}/192.png",
            "team": self.team,
        }
        if with_email and self.email:
            profile["email"] = self.email
        whole: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1_700_000_000,
        }
        if not self.deleted:
            whole |= {
                "real_name": self.real_name,
                "tz": self.tz,
                "tz_label": self.tz,
                "tz_offset": self.tz_offset,
                "locale": self.locale,
            }
        return whole


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person shares; `subtype` slack_audio or slack_video for clips."""

    name: str
    content: bytes
    mimetype: str = ""
    subtype: str | None = None


@dataclass(slots=True)
class File:
    """A file in the workspace; `content` is None until its upload has happened."""

    id: str
    name: str
    title: str
    user: str
    length: int
    mimetype: str
    base_url: str
    content: bytes | None = None
    alt_text: str | None = None
    subtype: str | None = None
    shared_in: list[str] = field(default_factory=list)

    def as_json(self) -> Json:
        """Give the file object of events and files.info."""
        kind = self.name.rpartition(".")[2] if "." in self.name else "binary"
        url = f"{self.base_url}/files-pri/T0SHOP-{self.id}"
        whole: Json = {
            "id": self.id,
            "created": 1_700_000_000,
            "timestamp": 1_700_000_000,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": self.user,
            "user_team": "T0SHOP",
            "editable": False,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{url}/{self.name}",
            "url_private_download": f"{url}/download/{self.name}",
            "permalink": f"{self.base_url}/files/{self.user}/{self.id}/{self.name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        if self.subtype:
            whole |= {"subtype": self.subtype, "duration_ms": 4000}
        if self.alt_text:
            whole["alt_txt"] = self.alt_text
        return whole


@dataclass(frozen=True, slots=True)
class Control:
    """A button, or one option of a menu, that a person can press."""

    text: str
    action_id: str
    value: str
    block_id: str
    element: Json
    option: Json | None = None


@dataclass(slots=True, eq=False)
class Message:
    """One message of a conversation, as it stands now."""

    world: World = field(repr=False)
    channel: str
    ts: str
    user: str | None
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    subtype: str | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    username: str | None = None
    ephemeral_to: str | None = None
    edited: Json | None = None
    deleted: bool = False
    pinned: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    seq: int = 0

    @property
    def by_bot(self) -> bool:
        """Tell whether the app under test wrote it."""
        return self.bot_id == self.world.bot_id

    @property
    def is_reply(self) -> bool:
        """Tell whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def author(self) -> str:
        """The name that readers see beside it: the borrowed one (chat:write.customize) or the author's."""
        return self.username or self.world.names().get(self.user or "", self.bot_id or "")

    @property
    def shown(self) -> str:
        """What a reader sees: blocks if there are any, else the text; buttons as [label]."""
        names = self.world.names()
        lines: list[str] = []
        if self.blocks and not (self.user and not self.bot_id):
            lines += _read(self.blocks, names)
        else:
            lines.append(slack_text.shown(self.text, names))
        for attachment in self.attachments:
            lines += _read(attachment.get("blocks", []), names)
            lines.append(slack_text.shown(str(attachment.get("text", "")), names))
        lines += [f"({file.name})" for file in self.files]
        return "\n".join(line for line in lines if line)

    @property
    def controls(self) -> list[Control]:
        """Everything in it that can be pressed."""
        inside = [block for part in self.attachments for block in part.get("blocks", [])]
        return controls([*self.blocks, *inside])

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [control.text for control in self.controls if control.option is None]

    @property
    def pings(self) -> list[str]:
        """The @here, @channel and @everyone in it: a customer's words must not ring."""
        mrkdwn = [text for text, marked in slack_text.texts_of(self.blocks) if marked]
        return [name for text in (self.text, *mrkdwn) for name in slack_text.broadcasts(text)]

    def as_json(self) -> Json:
        """Give the message object of events and of the Web API."""
        whole: Json = {"type": "message", "text": self.text, "ts": self.ts, "team": "T0SHOP"}
        optional = {
            "subtype": self.subtype,
            "user": self.user,
            "bot_id": self.bot_id,
            "thread_ts": self.thread_ts,
            "username": self.username,
            "edited": self.edited,
            "blocks": self.blocks or None,
            "attachments": self.attachments or None,
            "files": [file.as_json() for file in self.files] or None,
        }
        whole |= {name: value for name, value in optional.items() if value is not None}
        if self.by_bot:
            whole |= {"app_id": self.world.app_id, "bot_profile": self.world.bot_profile()}
        if self.is_reply:
            whole["parent_user_id"] = self.world.author_of(self.channel, self.thread_ts)
        if self.reactions:
            whole["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        return whole | self.extra

    def matches(self, wanted: str | re.Pattern[str] | Callable[[Message], bool]) -> bool:
        """Tell whether it is what somebody waits for: words in it, a pattern, a predicate."""
        if isinstance(wanted, str):
            return wanted in self.shown or wanted in slack_text.unescape(self.text)
        if isinstance(wanted, re.Pattern):
            return wanted.search(self.shown) is not None
        return wanted(self)


def _read(blocks: list[Json], names: dict[str, str]) -> Iterator[str]:
    labels = {control.text for control in controls(blocks)}
    for text, marked in slack_text.texts_of(blocks):
        seen = slack_text.shown(text, names) if marked else slack_text.emojied(text)
        yield f"[{seen}]" if text in labels else seen


def controls(blocks: list[Json]) -> list[Control]:
    """Find every button and menu option in `blocks`."""
    found: list[Control] = []
    for block, element in slack_text.clickable(blocks):
        base = (element["action_id"], block.get("block_id", ""))
        label = element.get("text", {}).get("text", "")
        if "options" not in element and "option_groups" not in element:
            value = str(element.get("value", ""))
            found.append(Control(label, base[0], value, base[1], element))
        groups = [element, *element.get("option_groups", [])]
        for option in itertools.chain.from_iterable(group.get("options", []) for group in groups):
            words = option["text"]["text"]
            found.append(Control(words, base[0], option["value"], base[1], element, option))
    return found


@dataclass(slots=True, eq=False)
class Conversation:
    """A channel or a direct message, as stored; `kind` is channel, group or im."""

    id: str
    name: str
    kind: str
    members: list[str]
    archived: bool = False
    user: str | None = None
    topic: str = ""
    messages: dict[str, Message] = field(default_factory=dict)

    def as_json(self, bot: str) -> Json:
        """Give the conversation object of conversations.info."""
        base: Json = {
            "id": self.id,
            "created": 1_700_000_000,
            "is_archived": self.archived,
            "is_im": self.kind == "im",
            "is_org_shared": False,
            "context_team_id": "T0SHOP",
            "updated": 1_700_000_000_000,
        }
        if self.kind == "im":
            return base | {"user": self.user, "is_user_deleted": False, "is_open": True}
        return base | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_private": self.kind == "group",
            "is_mpim": False,
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_member": bot in self.members,
            "creator": "U0ADMIN",
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


class World:
    """All state of the workspace, and the only writer of it."""

    def __init__(self, *, team: str, app_id: str, bot: User, bot_id: str) -> None:
        """Start with the bot's own user and nothing else."""
        self.team = team
        self.app_id = app_id
        self.bot = bot
        self.bot_id = bot_id
        self.base_url = ""
        self.users: dict[str, User] = {bot.id: bot}
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.ephemerals: list[Message] = []
        self.tell: Callable[[Json, Conversation | None], object] = lambda _event, _where: None
        self._ims: dict[str, str] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._micros = 0
        self._seq = 0
        self._ids = itertools.count(1)

    # -- small things ---------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """Give an id that looks like Slack's."""
        return f"{prefix}0{next(self._ids):07d}"

    def new_ts(self) -> str:
        """Give the next timestamp: unique and increasing over the whole workspace."""
        self._micros = max(self._micros + 1, time.time_ns() // 1000)
        return f"{self._micros // 1_000_000}.{self._micros % 1_000_000:06d}"

    def names(self) -> dict[str, str]:
        """Give user id → name."""
        return {user.id: user.name for user in self.users.values()}

    def author_of(self, channel: str, ts: str | None) -> str | None:
        """Give the author of a message, for `parent_user_id`."""
        found = self.conversations[channel].messages.get(ts or "")
        return found.user if found else None

    def bot_profile(self) -> Json:
        """Give the bot_profile that accompanies the bot's messages."""
        icons = {size: f"https://avatars.invalid/bot/{size}.png" for size in ("image_36", "image_72")}
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "name": self.bot.name,
            "icons": icons,
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": self.team,
        }

    def touched(self, message: Message | None = None) -> None:
        """Wake whoever waits for a change."""
        self._seq += 1
        if message is not None:
            message.seq = self._seq
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    @property
    def seq(self) -> int:
        """The number of the last change; use it as a mark."""
        return self._seq

    async def changed(self) -> None:
        """Return after the next change."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    # -- conversations -----------------------------------------------------------------

    def im_with(self, user: str) -> Conversation:
        """Give the direct message of the bot with `user`; opened if it wasn't."""
        known = self._ims.get(user)
        if known is not None:
            return self.conversations[known]
        opened = Conversation(f"D{user[1:]}", "directmessage", "im", [user, self.bot.id], user=user)
        self._ims[user] = opened.id
        self.conversations[opened.id] = opened
        return opened

    def message(self, channel: str, ts: str) -> Message:
        """Give a message that is still there, or refuse as Slack does."""
        found = self.conversations[channel].messages.get(ts)
        if found is None or found.deleted:
            raise Refused("message_not_found")
        return found

    # -- what happens ------------------------------------------------------------------

    def post(self, message: Message, *, quiet: bool = False) -> Message:
        """Put a message into its conversation and tell the app."""
        where = self.conversations[message.channel]
        where.messages[message.ts] = message
        if message.is_reply:
            root = where.messages.get(message.thread_ts or "")
            if root is not None and root.thread_ts is None:
                root.thread_ts = root.ts
        self.touched(message)
        if not quiet:
            self.tell(self._message_event(message), where)
        return message

    def _message_event(self, message: Message) -> Json:
        where = self.conversations[message.channel]
        event = message.as_json()
        if message.subtype == "thread_broadcast":
            root = where.messages.get(message.thread_ts or "")
            event["root"] = root.as_json() if root else None
        if message.subtype == "file_share":
            event.pop("team")
        if message.user and not message.bot_id and message.subtype is None:
            event["client_msg_id"] = str(uuid.uuid4())
        return event | {
            "channel": where.id,
            "event_ts": message.ts,
            "channel_type": where.kind,
        }

    def edit(self, message: Message, changes: Json, by: str) -> None:
        """Change fields of a message and tell the app: subtype message_changed."""
        before = message.as_json()
        for name, value in changes.items():
            setattr(message, name, value)
        ts = self.new_ts()
        message.edited = {"user": by, "ts": ts}
        self._tell_changed(message, before, ts)

    def unfurl(self, message: Message) -> None:
        """Add a link preview: message_changed though nobody edited a word."""
        before = message.as_json()
        preview = {"id": 1, "fallback": "A page", "title": "A page", "from_url": "https://a.invalid"}
        message.attachments = [preview]
        self._tell_changed(message, before, self.new_ts())

    def _tell_changed(self, message: Message, before: Json, ts: str) -> None:
        self.touched(message)
        self._tell_hidden(message, ts, "message_changed", message.as_json(), before)

    def _tell_hidden(self, message: Message, ts: str, subtype: str, now: Json | None, before: Json) -> None:
        where = self.conversations[message.channel]
        event: Json = {
            "type": "message",
            "subtype": subtype,
            "previous_message": before,
            "channel": where.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": where.kind,
        }
        if now is None:
            event["deleted_ts"] = message.ts
        else:
            event["message"] = now
        self.tell(event, where)

    def delete(self, message: Message) -> None:
        """Delete a message; the parent of a thread leaves a tombstone, as on Slack."""
        where = self.conversations[message.channel]
        before = message.as_json()
        replies = any(
            other.thread_ts == message.ts and other is not message and not other.deleted
            for other in where.messages.values()
        )
        message.deleted = True
        self.touched(message)
        now: Json | None = None
        if replies:
            now = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
                "ts": message.ts,
                "thread_ts": message.ts,
            }
        subtype = "message_changed" if replies else "message_deleted"
        self._tell_hidden(message, self.new_ts(), subtype, now, before)

    def react(self, message: Message, name: str, user: str, *, add: bool = True) -> None:
        """Add or remove a reaction and tell the app."""
        users = message.reactions.get(name, [])
        if (user in users) is add:
            raise Refused("already_reacted" if add else "no_reaction")
        users = [*users, user] if add else [each for each in users if each != user]
        message.reactions.pop(name, None)
        if users:
            message.reactions[name] = users
        self.touched(message)
        event = {
            "type": "reaction_added" if add else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "item_user": message.user,
            "event_ts": self.new_ts(),
        }
        self.tell(event, self.conversations[message.channel])

    def service(self, where: Conversation, subtype: str, user: str, text: str) -> Message:
        """Put a service message, for example channel_join, into a conversation."""
        return self.post(Message(self, where.id, self.new_ts(), user, text, subtype=subtype))

    def join(self, where: Conversation, user: str, inviter: str | None = None) -> None:
        """Let somebody in: a service message and member_joined_channel."""
        if user in where.members:
            return
        where.members.append(user)
        kind = "channel_join" if where.kind == "channel" else "group_join"
        self.service(where, kind, user, f"<@{user}> has joined the channel")
        event: Json = {
            "type": "member_joined_channel",
            "user": user,
            "channel": where.id,
            "channel_type": "C" if where.kind == "channel" else "G",
            "team": self.team,
            "event_ts": self.new_ts(),
        }
        if inviter is not None:
            event["inviter"] = inviter
        self.tell(event, where)

    def leave(self, where: Conversation, user: str) -> None:
        """Let somebody go; the bot itself learns it by channel_left or group_left."""
        if user == self.bot.id:
            where.members.remove(user)
            left = "channel_left" if where.kind == "channel" else "group_left"
            self.tell({"type": left, "channel": where.id, "event_ts": self.new_ts()}, None)
            return
        kind = "channel_leave" if where.kind == "channel" else "group_leave"
        self.service(where, kind, user, f"<@{user}> has left the channel")
        where.members.remove(user)
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": where.id,
            "channel_type": "C" if where.kind == "channel" else "G",
            "team": self.team,
            "event_ts": self.new_ts(),
        }
        self.tell(event, where)

    def archive(self, where: Conversation, by: str, *, archived: bool) -> None:
        """Archive or unarchive a channel and tell the app."""
        kind = ("channel" if where.kind == "channel" else "group") + ("_archive" if archived else "_unarchive")
        if archived:
            self.service(where, kind, by, f"<@{by}> archived the channel")
        where.archived = archived
        self.touched()
        event = {"type": kind, "channel": where.id, "user": by, "event_ts": self.new_ts()}
        self.tell(event, where)

    def add_file(self, upload: Upload, user: str) -> File:
        """Store a file that somebody uploaded."""
        kind = upload.mimetype or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        file = File(
            id=self.new_id("F"),
            name=upload.name,
            title=upload.name,
            user=user,
            length=len(upload.content),
            mimetype=kind,
            base_url=self.base_url,
            content=upload.content,
            subtype=upload.subtype,
        )
        self.files[file.id] = file
        return file

    def visible(self, where: Conversation, to: str) -> list[Message]:
        """Give what `to` sees in a conversation, oldest first, ephemeral messages too."""
        there = [message for message in where.messages.values() if not message.deleted]
        own = [
            message
            for message in self.ephemerals
            if message.channel == where.id and message.ephemeral_to == to and not message.deleted
        ]
        return sorted([*there, *own], key=_moment) if own else there


def _moment(message: Message) -> tuple[int, int]:
    seconds, _, micros = message.ts.partition(".")
    return int(seconds), int(micros)


def newest_first(messages: Iterable[Message]) -> list[Message]:
    """Sort as conversations.history does."""
    return sorted(messages, key=_moment, reverse=True)
