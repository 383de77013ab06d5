"""Who and what a test plays with: people at their keyboards, channels, other bots."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import slack_text
from .slack_api import checked_content, filled_view, pushed, say_there
from .slack_delivery import Ack, Delivery
from .slack_world import Control, Conversation, Message, Upload, User, controls

if TYPE_CHECKING:
    from .slack import FakeSlack

Json = dict[str, Any]
Wanted = str | re.Pattern[str] | Callable[[Message], bool]
Attachment = Upload | tuple[str, bytes] | tuple[str, bytes, str]
Place = "Channel | Conversation | str"


class NotSeen(AssertionError):
    """Somebody waited in vain, or looked for a button that isn't there."""


@dataclass(slots=True, eq=False)
class Reply:
    """What a click or a command led to, as far as its own answers go.

    `ack` is what came with the acknowledgement; `said` grows with every message that
    the app sends through the response_url, later ones too. `failed` is what the person
    sees when the app didn't take it ("operation_timeout").
    """

    delivery: Delivery
    ack: Json | None = None
    said: list[Message] = field(default_factory=list)
    failed: str | None = None
    since: int = 0
    seen_by: Person | None = field(default=None, repr=False)
    channel: str = ""

    @property
    def text(self) -> str:
        """Everything said in answer, in one text."""
        return "\n".join(message.shown for message in self.said)

    @property
    def ephemerals(self) -> list[Message]:
        """What only this person was shown in that place since then."""
        if self.seen_by is None:
            return []
        shown = self.seen_by.slack.world.ephemerals
        return [
            message
            for message in shown
            if message.ephemeral_to == self.seen_by.id and message.seq > self.since and message.channel == self.channel
        ]

    async def wait_for(self, wanted: Wanted, timeout: float = 5) -> Message:
        """Wait for an answer in that place that came after the click or command."""
        assert self.seen_by is not None
        return await self.seen_by.wait_for(wanted, timeout, channel=self.channel, after=self.since)


class Person:
    """A member of the workspace, at the keyboard."""

    def __init__(self, slack: FakeSlack, user: User) -> None:
        """Seat `user` before `slack`."""
        self.slack = slack
        self.user = user
        self.id = user.id

    def __repr__(self) -> str:
        """Name the person."""
        return f"Person({self.id} {self.user.name})"

    # -- what they see --------------------------------------------------------------

    @property
    def dm_channel(self) -> Conversation:
        """The direct message with the bot."""
        return self.slack.world.im_with(self.id)

    @property
    def sees(self) -> list[Message]:
        """The direct message with the bot, oldest first, threads included."""
        return self.slack.world.visible(self.dm_channel, self.id)

    @property
    def heard(self) -> list[Message]:
        """What the bot has said in the direct message."""
        return [message for message in self.sees if message.by_bot]

    @property
    def last(self) -> Message:
        """The bot's last message in the direct message."""
        if not self.heard:
            message = f"{self.user.name} has heard nothing"
            raise NotSeen(message)
        return self.heard[-1]

    def sees_in(self, channel: Channel | Conversation | str) -> list[Message]:
        """Give what this person sees in a channel; refuses to look where they aren't."""
        where = self.slack.place(channel)
        if self.id not in where.members:
            message = f"{self.user.name} isn't in {where.name}"
            raise NotSeen(message)
        return self.slack.world.visible(where, self.id)

    @property
    def home(self) -> Json | None:
        """The app's Home tab as published for this person."""
        return self.slack.world.homes.get(self.id)

    @property
    def modal(self) -> Json | None:
        """The modal on top, if one is open."""
        stack = self.slack.api.open_views.get(self.id)
        return self.slack.world.views[stack[-1]] if stack else None

    async def wait_for(
        self,
        wanted: Wanted,
        timeout: float = 5,
        *,
        channel: Channel | Conversation | str | None = None,
        after: Message | int = 0,
    ) -> Message:
        """Wait for a bot's message in the DM (or `channel`) that matches; give the newest.

        `after` leaves out what was there before that message, or before
        `slack.mark()`; an edit makes a message count as new.
        """

        def look() -> list[Message]:
            seen = self.sees if channel is None else self.sees_in(channel)
            return [message for message in seen if message.user != self.id]

        return await self.slack.wait(look, wanted, timeout, after)

    async def wait_for_modal(self, timeout: float = 5) -> Json:
        """Wait until a modal is open."""
        async with asyncio.timeout(timeout):
            while self.modal is None:
                await self.slack.world.changed()
        assert self.modal is not None
        return self.modal

    # -- what they write ------------------------------------------------------------

    async def dm(
        self,
        text: str = "",
        files: Sequence[Attachment] = (),
        *,
        thread: str | Message | None = None,
        raw: bool = False,
    ) -> Message:
        """Write to the bot; returns when the app has taken it (or patience is over)."""
        if not self.slack.api.messages_tab:
            message = "the Messages tab is off or read-only: nobody can write to the bot"
            raise NotSeen(message)
        return await self.say(self.dm_channel, text, files, thread=thread, raw=raw)

    async def say(
        self,
        channel: Channel | Conversation | str,
        text: str = "",
        files: Sequence[Attachment] = (),
        *,
        thread: str | Message | None = None,
        broadcast: bool = False,
        raw: bool = False,
    ) -> Message:
        """Write in a channel or thread; typed text is escaped and linked unless `raw`."""
        where = self.slack.place(channel)
        self._may_write(where)
        with self.slack.telling() as told:
            message = self.type(where, text, files, thread=thread, broadcast=broadcast, raw=raw)
        await self.slack.patient(told)
        return message

    def _may_write(self, where: Conversation) -> None:
        if self.user.deleted or where.archived or self.id not in where.members:
            message = f"{self.user.name} can't write in {where.name}: gone, archived or no member"
            raise NotSeen(message)

    def type(
        self,
        where: Conversation,
        text: str,
        files: Sequence[Attachment] = (),
        *,
        thread: str | Message | None = None,
        broadcast: bool = False,
        raw: bool = False,
    ) -> Message:
        """Write without waiting for anything: for floods and benchmarks."""
        world = self.slack.world
        subtype = "thread_broadcast" if broadcast else "file_share" if files else None
        message = Message(
            world,
            where.id,
            world.new_ts(),
            self.id,
            text if raw else self.slack.typed(text),
            blocks=slack_text.rich_text(text) if text else [],
            files=[world.add_file(_upload(file), self.id) for file in files],
            subtype=subtype,
            thread_ts=thread.ts if isinstance(thread, Message) else thread,
        )
        if files:
            message.extra = {"upload": False, "display_as_bot": False}
        return world.post(message)

    async def edit(self, message: Message, text: str) -> None:
        """Edit an own message."""
        changes = {"text": self.slack.typed(text), "blocks": slack_text.rich_text(text)}
        with self.slack.telling() as told:
            self.slack.world.edit(message, changes, self.id)
        await self.slack.patient(told)

    async def delete(self, message: Message) -> None:
        """Delete an own message."""
        with self.slack.telling() as told:
            self.slack.world.delete(message)
        await self.slack.patient(told)

    async def react(self, message: Message, name: str, *, remove: bool = False) -> None:
        """React to a message with an emoji's name."""
        with self.slack.telling() as told:
            self.slack.world.react(message, name, self.id, add=not remove)
        await self.slack.patient(told)

    # -- what they press ------------------------------------------------------------

    async def tap(
        self,
        what: str,
        message: Message | None = None,
        *,
        channel: Channel | Conversation | str | None = None,
        value: object = None,
    ) -> Reply:
        """Press a button or pick an option, by its label or action_id.

        In `message`, or else in the newest message of the DM (or `channel`) that has it,
        or else in the Home tab or the open modal. For pickers and inputs give `value`.
        """
        found = self._find(what, message, channel)
        if found is None:
            raise NotSeen(self._no_such(what, message, channel))
        control, source = found
        return await self.press(control, source, value)

    def _no_such(self, what: str, message: Message | None, channel: object) -> str:
        place = message.shown if message else f"{channel or 'the DM'}"
        seen = message.buttons if message else [b for m in self.sees for b in m.buttons]
        return f"{self.user.name} finds no {what!r} in {place}; there are {seen}"

    def _find(
        self, what: str, message: Message | None, channel: Channel | Conversation | str | None
    ) -> tuple[Control, Message | Json] | None:
        seen = [message] if message else self.sees if channel is None else self.sees_in(channel)
        for candidate in reversed(seen):
            for control in candidate.controls:
                if what in (control.text, control.action_id):
                    return control, candidate
        for view in (self.modal, self.home):
            for control in controls(view["blocks"]) if view and message is None else []:
                if what in (control.text, control.action_id):
                    return control, view or {}
        return None

    async def press(self, control: Control, source: Message | Json, value: object = None) -> Reply:
        """Press `control` of a message or view, also one that has gone since."""
        payload = self._click(control, value)
        where = ""
        if isinstance(source, Message):
            payload |= self._in_message(source)
            where = source.channel
        else:
            payload |= {"container": {"type": "view", "view_id": source["id"]}, "view": source}
            payload["state"] = source["state"]
        return await self._interact(payload, where)

    def _click(self, control: Control, value: object) -> Json:
        element = control.element
        action: Json = {
            "action_id": control.action_id,
            "block_id": control.block_id,
            "type": element["type"],
            "action_ts": self.slack.world.new_ts(),
        }
        if element["type"] in ("button", "workflow_button"):
            action |= {k: element[k] for k in ("text", "value", "style", "url") if k in element}
        elif control.option is not None:
            many = element["type"].startswith(("multi", "check"))
            action |= _chosen([control.option] if many else control.option, many=many)
        else:
            action[_VALUE_OF.get(element["type"], "value")] = value
        return self._interactive("block_actions") | {"actions": [action]}

    def _interactive(self, kind: str) -> Json:
        user = self.user
        return {
            "type": kind,
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": user.team,
            },
            "api_app_id": self.slack.world.app_id,
            "token": "fake-verification-token",
            "trigger_id": self.slack.api.trigger(user.id),
            "team": {"id": self.slack.world.team, "domain": "shop"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _in_message(self, source: Message) -> Json:
        container: Json = {
            "type": "message",
            "message_ts": source.ts,
            "channel_id": source.channel,
            "is_ephemeral": source.ephemeral_to is not None,
        }
        if source.thread_ts:
            container["thread_ts"] = source.thread_ts
        where = self.slack.world.conversations[source.channel]
        shown: Json = {
            "container": container,
            "channel": {"id": where.id, "name": _outer_name(where)},
            "state": {"values": {}},
            "response_url": self.slack.api.response_url(where.id, self.id, source),
        }
        if source.ephemeral_to is None:
            shown["message"] = source.as_json()
        return shown

    async def _interact(self, payload: Json, channel: str) -> Reply:
        since = self.slack.world.seq
        delivery = self.slack.send("interactive", payload)
        reply = Reply(delivery, since=since, seen_by=self, channel=channel)
        self.slack.follow(payload.get("response_url", ""), reply)
        await delivery.taken
        if delivery.ack is None:
            reply.failed = "operation_timeout"
        else:
            reply.ack = delivery.ack.payload
        return reply

    async def command(
        self,
        command: str,
        text: str = "",
        channel: Channel | Conversation | str | None = None,
    ) -> Reply:
        """Use a slash command, in the DM with the bot unless `channel` is given."""
        where = self.dm_channel if channel is None else self.slack.place(channel)
        slack = self.slack
        if slack.commands is not None and command not in slack.commands:
            message = f"{command} is not a valid command (the manifest doesn't declare it)"
            raise NotSeen(message)
        form: Json = {
            "token": "fake-verification-token",
            "team_id": slack.world.team,
            "team_domain": "shop",
            "channel_id": where.id,
            "channel_name": _outer_name(where),
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": slack.typed(text, plain_names=True),
            "api_app_id": slack.world.app_id,
            "is_enterprise_install": "false",
            "response_url": slack.api.response_url(where.id, self.id, None),
            "trigger_id": slack.api.trigger(self.id),
        }
        since = slack.world.seq
        delivery = slack.send("slash_commands", form)
        reply = Reply(delivery, since=since, seen_by=self, channel=where.id)
        slack.follow(form["response_url"], reply)
        delivery.on_ack = lambda ack: self._show_ack(reply, ack)
        await delivery.taken
        if delivery.ack is None:
            reply.failed = "operation_timeout"
        return reply

    def _show_ack(self, reply: Reply, ack: Ack) -> None:
        reply.ack = spoken = ack.payload
        if spoken:
            api = self.slack.api
            content = self.slack.checked("ack", spoken, lambda: checked_content(api, spoken))
            if content is not None:
                shown = say_there(api, reply.channel, self.id, spoken, content)
                reply.said.insert(0, shown)

    async def submit(self, values: Json | None = None) -> Reply:
        """Submit the open modal; `values` maps action_id (or block_id) to what is typed."""
        view = self.modal
        if view is None:
            message = f"{self.user.name} has no modal open"
            raise NotSeen(message)
        view["state"] = {"values": _state(view["blocks"], values or {})}
        payload = self._interactive("view_submission") | {"view": view, "response_urls": []}
        reply = await self._interact(payload, "")
        if reply.failed is None:
            self._after_submit(reply.ack or {})
        return reply

    def _after_submit(self, ack: Json) -> None:
        api = self.slack.api
        stack = api.open_views[self.id]
        action = ack.get("response_action")
        if action == "errors":
            return
        if action == "update":
            keep = self.slack.world.views[stack[-1]]
            filled_view(api, ack["view"], self.id, keep)
        elif action == "push":
            pushed(api, ack["view"], self.id)
        elif action == "clear":
            stack.clear()
        else:
            stack.pop()

    async def close_modal(self) -> None:
        """Close the open modal; the app hears of it only with notify_on_close."""
        view = self.modal
        self.slack.api.open_views[self.id] = []
        if view is not None and view.get("notify_on_close"):
            await self._interact(self._interactive("view_closed") | {"view": view, "is_cleared": False}, "")

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Reply:
        """Use a global shortcut, or one on a message."""
        payload = self._interactive("message_action" if message else "shortcut")
        payload |= {"callback_id": callback_id, "action_ts": self.slack.world.new_ts()}
        if message is not None:
            payload |= self._in_message(message) | {"message_ts": message.ts}
            payload.pop("container")
        return await self._interact(payload, message.channel if message else "")

    async def open_home(self, tab: str = "home") -> None:
        """Open the app's page; Slack tells the app with app_home_opened."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.dm_channel.id,
            "tab": tab,
            "event_ts": self.slack.world.new_ts(),
        }
        if tab == "home" and self.home:
            event["view"] = self.home
        await self.slack.emit(event)

    async def change(self, **changes: object) -> None:
        """Change the profile: name, real_name, email, tz, deleted…; tells user_change."""
        for name, value in changes.items():
            setattr(self.user, name, value)
        event = {
            "type": "user_change",
            "user": self.user.as_json(with_email="users:read.email" in self.slack.api.scopes),
            "event_ts": self.slack.world.new_ts(),
        }
        await self.slack.emit(event)

    async def deactivate(self) -> None:
        """Leave the workspace for good."""
        await self.change(deleted=True)


_VALUE_OF = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


def _chosen(option: object, *, many: bool) -> Json:
    return {"selected_options": option} if many else {"selected_option": option}


def _outer_name(where: Conversation) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(where.kind, where.name)


def _upload(file: Attachment) -> Upload:
    return file if isinstance(file, Upload) else Upload(*file)


def _state(blocks: list[Json], values: Json) -> Json:
    """Give state.values of a view for what was typed and picked."""
    state: Json = {}
    offered = controls(blocks)
    for block, element in slack_text.clickable(blocks):
        action, kind = element["action_id"], element["type"]
        typed = values.get(action, values.get(block["block_id"]))
        if kind == "button":
            continue
        picked = [c.option for c in offered if c.action_id == action and c.text == typed]
        entry: Json = {"type": kind}
        if picked:
            many = kind.startswith(("multi", "check"))
            entry |= _chosen(picked if many else picked[0], many=many)
        else:
            entry[_VALUE_OF.get(kind, "value")] = typed
        state.setdefault(block["block_id"], {})[action] = entry
    return state


class Channel:
    """A channel of the workspace, as its members and admins handle it."""

    def __init__(self, slack: FakeSlack, where: Conversation) -> None:
        """Take hold of a stored conversation."""
        self.slack = slack
        self.where = where
        self.id = where.id
        self.name = where.name

    def __repr__(self) -> str:
        """Name the channel."""
        return f"Channel({self.id} #{self.name})"

    @property
    def all(self) -> list[Message]:
        """Every message that is still there, replies included, oldest first."""
        return [message for message in self.where.messages.values() if not message.deleted]

    @property
    def messages(self) -> list[Message]:
        """The messages in the channel itself; replies only if also sent to the channel."""
        return [m for m in self.all if not m.is_reply or m.subtype == "thread_broadcast"]

    @property
    def threads(self) -> dict[str, list[Message]]:
        """Parent's ts → the replies below it, oldest first."""
        found: dict[str, list[Message]] = {}
        for message in self.all:
            if message.is_reply:
                found.setdefault(message.thread_ts or "", []).append(message)
        return found

    def thread(self, parent: str | Message) -> list[Message]:
        """Give the replies below a message."""
        return self.threads.get(parent if isinstance(parent, str) else parent.ts, [])

    async def wait_for(
        self,
        wanted: Wanted,
        timeout: float = 5,
        *,
        thread: str | Message | None = None,
        after: Message | int = 0,
    ) -> Message:
        """Wait for a matching message of anybody here, or in `thread`; give the newest."""

        def look() -> list[Message]:
            return self.all if thread is None else self.thread(thread)

        return await self.slack.wait(look, wanted, timeout, after)

    async def _do(self, what: Callable[[], object]) -> None:
        with self.slack.telling() as told:
            what()
        await self.slack.patient(told)

    async def archive(self) -> None:
        """Archive it: nobody can write any more."""
        await self._do(lambda: self.slack.world.archive(self.where, "U0ADMIN", archived=True))

    async def unarchive(self) -> None:
        """Bring it back."""
        await self._do(lambda: self.slack.world.archive(self.where, "U0ADMIN", archived=False))

    async def kick_bot(self) -> None:
        """Remove the bot."""
        await self._do(lambda: self.slack.world.leave(self.where, self.slack.world.bot.id))

    async def invite_bot(self, by: Person | None = None) -> None:
        """Invite the bot."""
        inviter = by.id if by else "U0ADMIN"
        await self._do(lambda: self.slack.world.join(self.where, self.slack.world.bot.id, inviter))

    async def join(self, person: Person) -> None:
        """Let somebody in: channel_join service message and member_joined_channel."""
        await self._do(lambda: self.slack.world.join(self.where, person.id))

    async def leave(self, person: Person) -> None:
        """Let somebody go."""
        await self._do(lambda: self.slack.world.leave(self.where, person.id))

    async def set_topic(self, person: Person, topic: str) -> None:
        """Set the topic: a service message."""
        self.where.topic = topic
        kind = "channel_topic" if self.where.kind == "channel" else "group_topic"
        words = f"<@{person.id}> set the channel topic: {slack_text.escape(topic)}"
        await self._do(lambda: self.slack.world.service(self.where, kind, person.id, words))


class OtherBot:
    """Some other app in the workspace; its messages carry a bot_id and no user."""

    def __init__(self, slack: FakeSlack, bot_id: str, name: str) -> None:
        """Install it."""
        self.slack = slack
        self.id = bot_id
        self.name = name

    async def say(
        self,
        channel: Channel | Conversation | str,
        text: str,
        *,
        thread: str | Message | None = None,
    ) -> Message:
        """Write as an integration does: subtype bot_message."""
        where = self.slack.place(channel)
        world = self.slack.world
        message = Message(
            world,
            where.id,
            world.new_ts(),
            None,
            text,
            subtype="bot_message",
            bot_id=self.id,
            username=self.name,
            thread_ts=thread.ts if isinstance(thread, Message) else thread,
        )
        with self.slack.telling() as told:
            world.post(message)
        await self.slack.patient(told)
        return message
