"""The Web API's methods over the pretend workspace.

Each method is a function `(api, given) -> answer` registered under Slack's own name.
It raises `Refused` with the error Slack would give.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import slack_blocks
from .slack_world import Conversation, File, Message, Refused, Upload, World, newest_first

Json = dict[str, Any]
Handler = Callable[["WebApi", Json], Json]

#: What facts.md has the manifest ask for. Tests of more pass `scopes=` or `manifest=`.
DEFAULT_SCOPES = frozenset(
    "chat:write chat:write.customize im:write im:history channels:history groups:history "
    "channels:read groups:read users:read users:read.email commands files:read files:write".split()
)
ALL_SCOPES = DEFAULT_SCOPES | frozenset(
    "app_mentions:read assistant:write channels:join chat:write.public im:read pins:read "
    "pins:write reactions:read reactions:write team:read".split()
)
TEXT_CUT = 40_000
TEXT_ADVISED = 4_000
UPDATE_MOST = 4_000
MOST_ATTACHMENTS = 100
TRIGGER_LIFE = 3.0
RESPONSE_URL_LIFE = 1800.0
RESPONSE_URL_USES = 5
BY_KIND = {"channel": "channels", "group": "groups", "im": "im"}
_TS = re.compile(r"\d{10,}\.\d{6}")
_EMOJI_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer a click or a command: 5 times in 30 minutes."""

    channel: str
    user: str
    message: Message | None
    until: float
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """A trigger_id: opens one view within 3 seconds."""

    user: str
    until: float
    used: bool = False


@dataclass(slots=True)
class WebApi:
    """What the methods work on."""

    world: World
    scopes: frozenset[str]
    validate: bool
    socket_url: Callable[[], str] = lambda: ""
    messages_tab: bool = True
    lost_threads: str = "error"
    dead_dm_error: str = "is_inactive"
    warnings: list[str] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    open_views: dict[str, list[str]] = field(default_factory=dict)

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has one of `scopes`."""
        if not self.scopes.intersection(scopes):
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=",".join(scopes), provided=provided)

    def conversation(self, channel: object, reads: str = "") -> Conversation:
        """Find a conversation that the bot can know of; `reads` as in "history"."""
        found = self.world.conversations.get(str(channel))
        if found is None:
            raise Refused("channel_not_found")
        if reads:
            self.need(f"{BY_KIND[found.kind]}:{reads}")
        if found.kind == "group" and self.world.bot.id not in found.members:
            raise Refused("channel_not_found")
        return found

    def target(self, channel: object) -> Conversation:
        """Find where a message shall go: an id, a user's id (their DM), or #name."""
        name = str(channel)
        if name in self.world.users:
            if self.world.users[name].deleted:
                raise Refused("channel_not_found")
            return self.writable(self.world.im_with(name))
        if name.startswith("#"):
            named = [c for c in self.world.conversations.values() if c.name == name[1:]]
            return self.writable(self.conversation(named[0].id if named else name))
        return self.writable(self.conversation(name))

    def writable(self, where: Conversation) -> Conversation:
        """Refuse where the bot may not write."""
        if where.archived:
            raise Refused("is_archived")
        if where.kind == "im":
            if self.world.users[where.user or ""].deleted:
                raise Refused(self.dead_dm_error)
            if not self.messages_tab:
                raise Refused("messages_tab_disabled")
        elif self.world.bot.id not in where.members and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        return where

    def trigger(self, user: str) -> str:
        """Make a trigger_id for a click or command of `user`."""
        name = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(user, time.monotonic() + TRIGGER_LIFE)
        return name

    def response_url(self, channel: str, user: str, message: Message | None) -> str:
        """Make a response_url for a click or command of `user`."""
        name = secrets.token_hex(12)
        until = time.monotonic() + RESPONSE_URL_LIFE
        self.response_urls[name] = ResponseUrl(channel, user, message, until)
        return f"{self.world.base_url}/response/{name}"


HANDLERS: dict[str, Handler] = {}
SCOPES: dict[str, tuple[str, ...]] = {}


def method(name: str, *scopes: str) -> Callable[[Handler], Handler]:
    """Register a function as the Web API method `name`, which needs one of `scopes`."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        SCOPES[name] = scopes
        return handler

    return register


def structured(given: Json, name: str, error: str = "invalid_arguments") -> Any:
    """Give a parameter that is JSON, sent as itself or as a string."""
    value = given.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refused(error) from None


def truthy(value: object) -> bool:
    """Read a boolean of a form or JSON body."""
    return value is True or str(value).lower() in ("true", "1")


def page(items: list[Json], given: Json, name: str, default: int = 100) -> Json:
    """Give one page of `items` with Slack's cursor."""
    limit = min(int(given.get("limit") or default), 1000)
    cursor = str(given.get("cursor") or "")
    if cursor and not cursor.startswith("at:"):
        raise Refused("invalid_cursor")
    start = int(cursor[3:] or 0) if cursor else 0
    more = start + limit < len(items)
    after = f"at:{start + limit}" if more else ""
    return {name: items[start : start + limit], "response_metadata": {"next_cursor": after}}


# -- words ------------------------------------------------------------------------------


def checked_content(api: WebApi, given: Json, most: int | None = None) -> Json:
    """Give text, blocks, attachments and metadata of a call, or refuse them."""
    blocks = structured(given, "blocks", "invalid_blocks_format")
    attachments = structured(given, "attachments")
    text = str(given.get("text") or given.get("markdown_text") or "")
    if api.validate:
        _check_parts(api, text, blocks, attachments, most)
    _check_metadata(structured(given, "metadata", "invalid_metadata_format"))
    for number, block in enumerate(blocks or []):
        block.setdefault("block_id", f"b{number}{secrets.token_hex(2)}")
        for place, element in enumerate(block.get("elements", [])):
            if block["type"] == "actions":
                element.setdefault("action_id", f"a{place}{secrets.token_hex(2)}")
    return {"text": text[:TEXT_CUT], "blocks": blocks, "attachments": attachments}


def _check_parts(api: WebApi, text: str, blocks: object, attachments: object, most: int | None) -> None:
    faults = slack_blocks.blocks_faults(blocks) if blocks else []
    if faults:
        raise Refused("invalid_blocks", errors=faults, response_metadata={"messages": faults})
    if attachments:
        faults = slack_blocks.attachment_faults(attachments)
        if faults:
            raise Refused("invalid_attachments", response_metadata={"messages": faults})
        if isinstance(attachments, list) and len(attachments) > MOST_ATTACHMENTS:
            raise Refused("too_many_attachments")
    if most is not None and len(text) > most:
        raise Refused("msg_too_long")
    if len(text) > TEXT_CUT:
        api.warnings.append(f"text of {len(text)} characters was cut at {TEXT_CUT}")
    elif len(text) > TEXT_ADVISED and not blocks:
        api.warnings.append(f"text of {len(text)} characters: Slack advises {TEXT_ADVISED}")


def _check_metadata(metadata: object) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload", {}), dict):
        raise Refused("invalid_metadata_format")


def thread_of(api: WebApi, where: Conversation, given: Json) -> tuple[str | None, bool]:
    """Give the thread a message goes to, and whether that thread is lost."""
    ts = given.get("thread_ts")
    if ts in (None, ""):
        return None, False
    if not isinstance(ts, str) or not _TS.fullmatch(ts):
        raise Refused("invalid_thread_ts", response_metadata={"messages": [f"[ERROR] {ts!r}"]})
    root = where.messages.get(ts)
    if root is None or (root.deleted and root.thread_ts is None):
        if api.lost_threads == "error":
            raise Refused("thread_not_found")
        return ts, True
    if root.is_reply:
        api.warnings.append("thread_ts is a reply's ts: use its parent's")
        return root.thread_ts, False
    return ts, False


def customized(api: WebApi, given: Json) -> Json:
    """Give the name and icon that this message wears."""
    icons = {
        name.removeprefix("icon_").replace("url", "image_48"): given[name]
        for name in ("icon_emoji", "icon_url")
        if given.get(name)
    }
    if icons or given.get("username"):
        api.need("chat:write.customize")
    return {"icons": icons} if icons else {}


@method("chat.postMessage", "chat:write")
def post_message(api: WebApi, given: Json) -> Json:
    """Post as the bot: to a channel, a thread, or a person's DM."""
    where = api.target(given.get("channel"))
    content = checked_content(api, given)
    if not any(content.values()):
        raise Refused("no_text")
    thread, lost = thread_of(api, where, given)
    broadcast = thread is not None and truthy(given.get("reply_broadcast"))
    world = api.world
    message = Message(
        world,
        where.id,
        world.new_ts(),
        world.bot.id,
        content["text"],
        blocks=content["blocks"] or [],
        attachments=content["attachments"] or [],
        subtype="thread_broadcast" if broadcast else None,
        thread_ts=thread,
        bot_id=world.bot_id,
        username=given.get("username"),
        extra=customized(api, given),
    )
    metadata = structured(given, "metadata")
    if metadata:
        message.extra["metadata"] = metadata
    if not lost:
        world.post(message)
    shown = message.as_json()
    return {"channel": where.id, "ts": message.ts, "message": shown, **_cut(given)}


def _cut(given: Json) -> Json:
    if len(str(given.get("text") or "")) <= TEXT_CUT:
        return {}
    warning = "message_truncated"
    return {"warning": warning, "response_metadata": {"warnings": [warning]}}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(api: WebApi, given: Json) -> Json:
    """Show something to one member only, until they reload."""
    where = api.target(given.get("channel"))
    user = str(given.get("user"))
    if user not in where.members:
        raise Refused("user_not_in_channel")
    content = checked_content(api, given)
    if not any(content.values()):
        raise Refused("no_text")
    message = whisper(api, where, user, content, thread=given.get("thread_ts"))
    message.username = given.get("username")
    message.extra = customized(api, given)
    return {"message_ts": message.ts}


def whisper(api: WebApi, where: Conversation, user: str, content: Json, *, thread: str | None = None) -> Message:
    """Show an ephemeral message."""
    message = Message(
        api.world,
        where.id,
        api.world.new_ts(),
        api.world.bot.id,
        content.get("text") or "",
        blocks=content.get("blocks") or [],
        attachments=content.get("attachments") or [],
        thread_ts=thread,
        bot_id=api.world.bot_id,
        ephemeral_to=user,
    )
    api.world.ephemerals.append(message)
    api.world.touched(message)
    return message


def _own(api: WebApi, given: Json, refusal: str) -> Message:
    where = api.conversation(given.get("channel"))
    found = api.world.message(where.id, str(given.get("ts")))
    if not found.by_bot:
        raise Refused(refusal)
    return found


@method("chat.update", "chat:write")
def update(api: WebApi, given: Json) -> Json:
    """Change one of the bot's messages; what isn't given stays."""
    message = _own(api, given, "cant_update_message")
    if api.world.conversations[message.channel].archived:
        raise Refused("is_archived")
    content = checked_content(api, given, UPDATE_MOST)
    if not any(value is not None for value in (given.get("text"), *content.values())):
        raise Refused("no_text")
    changes = {name: value for name, value in content.items() if value is not None}
    if given.get("text") is None and given.get("markdown_text") is None:
        changes.pop("text")
    api.world.edit(message, changes, api.world.bot.id)
    where = {"channel": message.channel, "ts": message.ts}
    return {**where, "text": message.text, "message": message.as_json()}


@method("chat.delete", "chat:write")
def delete(api: WebApi, given: Json) -> Json:
    """Delete one of the bot's messages."""
    message = _own(api, given, "cant_delete_message")
    api.world.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(api: WebApi, given: Json) -> Json:
    """Give a message's address."""
    where = api.conversation(given.get("channel"))
    message = api.world.message(where.id, str(given.get("message_ts")))
    path = f"archives/{where.id}/p{message.ts.replace('.', '')}"
    return {"channel": where.id, "permalink": f"https://shop.slack.invalid/{path}"}


@method("assistant.threads.setStatus", "assistant:write", "chat:write")
def set_status(api: WebApi, given: Json) -> Json:
    """Show that the bot is at work; kept in `slack.statuses`."""
    api.conversation(given.get("channel_id"))
    api.statuses.append(dict(given))
    return {}


# -- conversations ------------------------------------------------------------------------


@method("conversations.open", "im:write")
def open_conversation(api: WebApi, given: Json) -> Json:
    """Open or resume the DM with a person."""
    if given.get("channel"):
        where = api.conversation(given["channel"])
    else:
        users = [name for name in str(given.get("users") or "").split(",") if name]
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > 1:
            raise Refused("fake_lacks_group_dm")
        where = _dm(api, users[0])
    if truthy(given.get("return_im")):
        return {"no_op": True, "already_open": True, "channel": where.as_json(api.world.bot.id)}
    return {"channel": {"id": where.id}}


def _dm(api: WebApi, user: str) -> Conversation:
    person = api.world.users.get(user)
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    return api.world.im_with(user)


@method("conversations.info", "channels:read", "groups:read", "im:read")
def conversation_info(api: WebApi, given: Json) -> Json:
    """Give one conversation."""
    where = api.conversation(given.get("channel"), "read")
    whole = where.as_json(api.world.bot.id)
    if truthy(given.get("include_num_members")):
        whole["num_members"] = len(where.members)
    return {"channel": whole}


@method("conversations.members", "channels:read", "groups:read", "im:read")
def members(api: WebApi, given: Json) -> Json:
    """List who is in a conversation, a page at a time."""
    where = api.conversation(given.get("channel"), "read")
    listed: list[Any] = list(where.members)
    return page(listed, given, "members")


@method("conversations.join", "channels:join")
def join(api: WebApi, given: Json) -> Json:
    """Let the bot join a public channel."""
    where = api.conversation(given.get("channel"))
    if where.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if where.archived:
        raise Refused("is_archived")
    already = api.world.bot.id in where.members
    api.world.join(where, api.world.bot.id)
    warning = {"warning": "already_in_channel"} if already else {}
    return {"channel": where.as_json(api.world.bot.id), **warning}


@method("conversations.list", "channels:read", "groups:read", "im:read")
def list_conversations(api: WebApi, given: Json) -> Json:
    """List the conversations of the asked types that the bot may know of."""
    asked = str(given.get("types") or "public_channel").split(",")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[name.strip()] for name in asked if name.strip() in kinds}
    for kind in wanted:
        api.need(f"{BY_KIND[kind]}:read")
    bot = api.world.bot.id
    listed = [
        where.as_json(bot)
        for where in api.world.conversations.values()
        if where.kind in wanted
        and (where.kind == "channel" or bot in where.members)
        and not (where.archived and truthy(given.get("exclude_archived")))
    ]
    return page(listed, given, "channels")


def _between(messages: list[Message], given: Json) -> list[Message]:
    oldest, latest = given.get("oldest") or "0", given.get("latest") or "9999999999.999999"
    inclusive = truthy(given.get("inclusive"))
    return [
        message
        for message in messages
        if float(oldest) < float(message.ts) < float(latest) or (inclusive and message.ts in (oldest, latest))
    ]


@method("conversations.history", "channels:history", "groups:history", "im:history")
def history(api: WebApi, given: Json) -> Json:
    """Give the top-level messages, newest first."""
    where = api.conversation(given.get("channel"), "history")
    if api.world.bot.id not in where.members:
        raise Refused("not_in_channel")
    top = [
        message
        for message in where.messages.values()
        if not message.deleted and (not message.is_reply or message.subtype == "thread_broadcast")
    ]
    listed = [message.as_json() for message in newest_first(_between(top, given))]
    whole = page(listed, given, "messages")
    return {**whole, "has_more": bool(whole["response_metadata"]["next_cursor"])}


@method("conversations.replies", "channels:history", "groups:history", "im:history")
def replies(api: WebApi, given: Json) -> Json:
    """Give a thread: its parent first, then the replies, oldest first."""
    where = api.conversation(given.get("channel"), "history")
    root = where.messages.get(str(given.get("ts")))
    if root is None or (root.deleted and root.thread_ts is None):
        raise Refused("thread_not_found")
    first = root.thread_ts or root.ts
    thread = [
        message
        for message in where.messages.values()
        if message.ts == first or (message.thread_ts == first and not message.deleted)
    ]
    rest = _between(thread[1:], given)
    listed = [message.as_json() for message in [*thread[:1], *rest]]
    whole = page(listed, given, "messages", 1000)
    return {**whole, "has_more": bool(whole["response_metadata"]["next_cursor"])}


# -- people ---------------------------------------------------------------------------------


@method("users.info", "users:read")
def user_info(api: WebApi, given: Json) -> Json:
    """Give one person; the email only with users:read.email."""
    found = api.world.users.get(str(given.get("user")))
    if found is None:
        raise Refused("user_not_found")
    return {"user": found.as_json(with_email="users:read.email" in api.scopes)}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(api: WebApi, given: Json) -> Json:
    """Find an active person of this workspace by email."""
    email = str(given.get("email")).lower()
    for user in api.world.users.values():
        if user.email and user.email.lower() == email and not user.deleted:
            return {"user": user.as_json()}
    raise Refused("users_not_found")


@method("users.list", "users:read")
def list_users(api: WebApi, given: Json) -> Json:
    """List everybody, deactivated people too."""
    with_email = "users:read.email" in api.scopes
    listed = [user.as_json(with_email=with_email) for user in api.world.users.values()]
    return {**page(listed, given, "members"), "cache_ts": 1_700_000_000}


@method("bots.info", "users:read")
def bot_info(api: WebApi, given: Json) -> Json:
    """Give the app's own bot."""
    if given.get("bot") not in (None, api.world.bot_id):
        raise Refused("bot_not_found")
    return {"bot": {**api.world.bot_profile(), "user_id": api.world.bot.id}}


@method("team.info", "team:read")
def team_info(api: WebApi, _given: Json) -> Json:
    """Give the workspace."""
    team = {"id": api.world.team, "name": "Boots & Co", "domain": "shop", "icon": {}}
    return {"team": {**team, "url": "https://shop.slack.invalid/"}}


@method("auth.test")
def auth_test(api: WebApi, _given: Json) -> Json:
    """Say who the token is."""
    return {
        "url": "https://shop.slack.invalid/",
        "team": "Boots & Co",
        "user": api.world.bot.name,
        "team_id": api.world.team,
        "user_id": api.world.bot.id,
        "bot_id": api.world.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test")
def api_test(_api: WebApi, given: Json) -> Json:
    """Echo, or fail with the error asked for."""
    if given.get("error"):
        raise Refused(str(given["error"]))
    return {"args": {name: value for name, value in given.items() if name != "token"}}


@method("apps.connections.open", "connections:write")
def open_connection(api: WebApi, _given: Json) -> Json:
    """Give a Socket Mode address."""
    return {"url": api.socket_url()}


# -- marks ----------------------------------------------------------------------------------


def _marked(api: WebApi, given: Json) -> Message:
    where = api.conversation(given.get("channel"))
    if where.archived:
        raise Refused("is_archived")
    ts = given.get("timestamp")
    if not ts:
        raise Refused("no_item_specified")
    if not _TS.fullmatch(str(ts)):
        raise Refused("bad_timestamp")
    return api.world.message(where.id, str(ts))


@method("reactions.add", "reactions:write")
def add_reaction(api: WebApi, given: Json) -> Json:
    """React to a message with an emoji's name."""
    if not _EMOJI_NAME.fullmatch(str(given.get("name"))):
        raise Refused("invalid_name")
    api.world.react(_marked(api, given), str(given["name"]), api.world.bot.id)
    return {}


@method("reactions.remove", "reactions:write")
def remove_reaction(api: WebApi, given: Json) -> Json:
    """Take the bot's reaction back."""
    api.world.react(_marked(api, given), str(given["name"]), api.world.bot.id, add=False)
    return {}


@method("pins.add", "pins:write")
def add_pin(api: WebApi, given: Json) -> Json:
    """Pin a message."""
    message = _marked(api, given)
    if message.pinned:
        raise Refused("already_pinned")
    message.pinned = True
    api.world.touched()
    return {}


@method("pins.remove", "pins:write")
def remove_pin(api: WebApi, given: Json) -> Json:
    """Unpin a message."""
    message = _marked(api, given)
    if not message.pinned:
        raise Refused("no_pin")
    message.pinned = False
    api.world.touched()
    return {}


# -- files ----------------------------------------------------------------------------------


@method("files.getUploadURLExternal", "files:write")
def upload_url(api: WebApi, given: Json) -> Json:
    """Begin an upload: a file id and where to post the bytes."""
    if int(given["length"]) <= 0:
        raise Refused("invalid_arguments")
    file = api.world.add_file(Upload(str(given["filename"]), b""), api.world.bot.id)
    file.content, file.length = None, int(given["length"])
    file.alt_text = given.get("alt_txt")
    return {"upload_url": f"{api.world.base_url}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(api: WebApi, given: Json) -> Json:
    """End uploads and share them in a conversation, in one message."""
    asked = structured(given, "files")
    if not isinstance(asked, list) or not asked:
        raise Refused("invalid_arguments")
    files = [_uploaded(api, item) for item in asked]
    channels = str(given.get("channel_id") or given.get("channels") or "")
    for channel in filter(None, channels.split(",")):
        _share(api, api.writable(api.conversation(channel)), files, given)
    return {"files": [file.as_json() for file in files]}


def _uploaded(api: WebApi, item: Json) -> File:
    file = api.world.files.get(str(item.get("id")))
    if file is None or file.content is None:
        raise Refused("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


def _share(api: WebApi, where: Conversation, files: list[File], given: Json) -> None:
    content = checked_content(api, given)
    thread, lost = thread_of(api, where, given)
    message = Message(
        api.world,
        where.id,
        api.world.new_ts(),
        api.world.bot.id,
        str(given.get("initial_comment") or ""),
        blocks=content["blocks"] or [],
        files=files,
        subtype="file_share",
        thread_ts=thread,
        bot_id=api.world.bot_id,
    )
    for file in files:
        file.shared_in.append(where.id)
    if not lost:
        api.world.post(message)


@method("files.info", "files:read")
def file_info(api: WebApi, given: Json) -> Json:
    """Give one file."""
    file = api.world.files.get(str(given.get("file")))
    if file is None:
        raise Refused("file_not_found")
    return {"file": file.as_json(), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write")
def delete_file(api: WebApi, given: Json) -> Json:
    """Delete a file of the bot's; a message that holds nothing else goes with it."""
    file = api.world.files.get(str(given.get("file")))
    if file is None:
        raise Refused("file_not_found")
    if file.user != api.world.bot.id:
        raise Refused("cant_delete_file")
    del api.world.files[file.id]
    for where in api.world.conversations.values():
        for message in list(where.messages.values()):
            if file in message.files and not message.deleted:
                message.files.remove(file)
                if not message.files and not message.text:
                    api.world.delete(message)
    return {}


# -- views ----------------------------------------------------------------------------------


def _checked_view(api: WebApi, given: Json) -> Json:
    view = structured(given, "view")
    faults = slack_blocks.view_faults(view) if api.validate else []
    if faults:
        raise Refused("invalid_arguments", response_metadata={"messages": faults})
    if not isinstance(view, dict):
        raise Refused("invalid_arguments")
    return view


def _exchange(api: WebApi, given: Json) -> str:
    trigger = api.triggers.get(str(given.get("trigger_id")))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if trigger.until < time.monotonic():
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger.user


def filled_view(api: WebApi, view: Json, user: str, keep: Json | None = None) -> Json:
    """Give a view as Slack keeps it: with ids, hash and empty state."""
    for number, block in enumerate(view.get("blocks", [])):
        block.setdefault("block_id", f"v{number}{secrets.token_hex(2)}")
    base: Json = {
        "id": keep["id"] if keep else api.world.new_id("V"),
        "team_id": api.world.team,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "state": {"values": {}},
        "hash": f"{time.time():.6f}.{secrets.token_hex(4)}",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "previous_view_id": keep["previous_view_id"] if keep else None,
        "app_id": api.world.app_id,
        "app_installed_team_id": api.world.team,
        "bot_id": api.world.bot_id,
    }
    base["root_view_id"] = keep["root_view_id"] if keep else base["id"]
    whole = base | view
    api.world.views[whole["id"]] = whole
    if whole["type"] == "home":
        api.world.homes[user] = whole
    api.world.touched()
    return whole


@method("views.open")
def open_view(api: WebApi, given: Json) -> Json:
    """Open a modal for whoever just clicked."""
    view = _checked_view(api, given)
    user = _exchange(api, given)
    whole = filled_view(api, view, user)
    api.open_views[user] = [whole["id"]]
    return {"view": whole}


@method("views.push")
def push_view(api: WebApi, given: Json) -> Json:
    """Put a modal on top of the open one, three at most."""
    view = _checked_view(api, given)
    user = _exchange(api, given)
    return {"view": pushed(api, view, user)}


def pushed(api: WebApi, view: Json, user: str) -> Json:
    """Put a modal on top of the stack of `user`."""
    stack = api.open_views.setdefault(user, [])
    if len(stack) >= 3:
        raise Refused("push_limit_reached")
    whole = filled_view(api, view, user)
    if stack:
        whole |= {"previous_view_id": stack[-1], "root_view_id": stack[0]}
    stack.append(whole["id"])
    return whole


@method("views.update")
def update_view(api: WebApi, given: Json) -> Json:
    """Change a view that is open; a stale `hash` is refused."""
    view = _checked_view(api, given)
    by_external = {known["external_id"]: known for known in api.world.views.values() if known["external_id"]}
    known = api.world.views.get(str(given.get("view_id"))) or by_external.get(str(given.get("external_id")))
    if known is None:
        raise Refused("not_found")
    if given.get("hash") and given["hash"] != known["hash"]:
        raise Refused("hash_conflict")
    owner = next((user for user, ids in api.open_views.items() if known["id"] in ids), "")
    return {"view": filled_view(api, view, owner, known)}


@method("views.publish")
def publish_view(api: WebApi, given: Json) -> Json:
    """Set somebody's App Home."""
    view = _checked_view(api, given)
    user = str(given.get("user_id"))
    if user not in api.world.users:
        raise Refused("user_not_found")
    known = api.world.homes.get(user)
    if given.get("hash") and known and given["hash"] != known["hash"]:
        raise Refused("hash_conflict")
    return {"view": filled_view(api, view, user, known)}


# -- response_url ---------------------------------------------------------------------------


def respond(api: WebApi, name: str, given: Json) -> Message | None:
    """Answer a click or command through its response_url."""
    handle = api.response_urls.get(name)
    if handle is None or handle.until < time.monotonic():
        raise Refused("expired_url")
    if handle.uses >= RESPONSE_URL_USES:
        raise Refused("used_url")
    content = checked_content(api, given)
    handle.uses += 1
    if truthy(given.get("delete_original")) and handle.message is not None:
        _remove(api, handle.message)
        return None
    if not any(content.values()):
        raise Refused("no_text")
    if truthy(given.get("replace_original")) and handle.message is not None:
        _replace(api, handle.message, content)
        return handle.message
    return say_there(api, handle.channel, handle.user, given, content)


def _remove(api: WebApi, message: Message) -> None:
    if message.ephemeral_to:
        message.deleted = True
        api.world.touched(message)
    else:
        api.world.delete(message)


def _replace(api: WebApi, message: Message, content: Json) -> None:
    changes = {
        "text": content["text"],
        "blocks": content["blocks"] or [],
        "attachments": content["attachments"] or [],
    }
    if message.ephemeral_to:
        for key, value in changes.items():
            setattr(message, key, value)
        api.world.touched(message)
    else:
        api.world.edit(message, changes, api.world.bot.id)


def say_there(api: WebApi, channel: str, user: str, given: Json, content: Json) -> Message:
    """Show an answer: to `user` alone, or to all when response_type is in_channel."""
    where = api.world.conversations[channel]
    thread = given.get("thread_ts")
    if given.get("response_type") != "in_channel":
        return whisper(api, where, user, content, thread=thread)
    message = Message(
        api.world,
        channel,
        api.world.new_ts(),
        None,
        content["text"],
        blocks=content["blocks"] or [],
        attachments=content["attachments"] or [],
        subtype="bot_message",
        thread_ts=thread,
        bot_id=api.world.bot_id,
    )
    return api.world.post(message)
