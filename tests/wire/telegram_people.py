"""People in the fake Telegram: what they see of the bot and what they do to it."""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from tests.wire.telegram_groups import ANONYMOUS, Group, Topic
from tests.wire.telegram_world import (
    Button,
    CallbackAnswer,
    Chat,
    Json,
    Match,
    Message,
    Query,
    World,
    media,
    read_buttons,
    wait_for_message,
)

START_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PrivateChat(Chat):
    """The chat of one person with the bot."""

    def __init__(self, world: World, person: "Person") -> None:
        """Begin before the person pressed start."""
        super().__init__(world, person.id)
        self.person = person

    def api(self) -> Json:
        """Return it as the Bot API writes a Chat."""
        who = self.person.api()
        body: Json = {"id": self.id, "type": "private"}
        return body | {name: who[name] for name in ("first_name", "last_name", "username") if name in who}

    def bot_hears(self, message: Message) -> bool:
        """Hear everything but its own words."""
        return not message.from_bot or message.kind == "pinned_message"


Place: TypeAlias = Topic | Group | None
"""Where a person writes: a topic, a group (General), or None for the private chat with the bot."""


class Person:
    """Somebody with a Telegram client; a person may also be another bot."""

    def __init__(
        self,
        world: World,
        user_id: int,
        name: str,
        language: str = "en",
        username: str | None = None,
        *,
        is_bot: bool = False,
    ) -> None:
        """Be known to the world; the bot may not write before ``start``."""
        self.world = world
        self.id = user_id
        self.name = name
        self.language = language
        self.username = username
        self.is_bot = is_bot
        self.started = self.blocked = self.deleted = False
        self.chat = PrivateChat(world, self)
        self._since = 0
        world.people[user_id] = self
        world.chats[user_id] = self.chat

    def __repr__(self) -> str:
        """Show what a failing test needs to see."""
        return f"<{self.name} {self.id}>"

    def api(self) -> Json:
        """Return the person as the Bot API writes a User."""
        first, _, last = self.name.partition(" ")
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": first}
        if last:
            body["last_name"] = last
        if self.username:
            body["username"] = self.username
        return body if self.is_bot else body | {"language_code": self.language}

    # ── what the person sees ──

    @property
    def sees(self) -> list[Message]:
        """The private chat with the bot as it looks now, own words too; deleted messages are gone."""
        return self.chat.messages

    @property
    def hears(self) -> list[Message]:
        """What the bot says in the private chat, as it looks now."""
        return [message for message in self.sees if message.from_bot]

    @property
    def keyboard(self) -> list[str]:
        """The words on the reply keyboard that the bot put under the input field."""
        for message in reversed(self.hears):
            if message.keyboard is not None:
                rows = message.keyboard.get("keyboard", [])
                return [key if isinstance(key, str) else key["text"] for row in rows for key in row]
        return []

    async def wait_for(
        self, match: Match, *, timeout: float = 5.0, new: bool = False, after: Message | None = None
    ) -> Message:
        """Wait until the bot's side of the private chat shows a fitting message (already there counts).

        ``match``: part of a text, a pattern, or a rule on ``Message``. ``new``: only what came or changed
        since this person's last own act; ``after``: only what came or changed later than that message.
        """
        since = after or (self._since if new else None)
        return await wait_for_message(self.world, lambda: self.sees, match, timeout, since)

    # ── what the person does ──

    async def start(self, payload: str = "") -> Message:
        """Press Start, perhaps on a deep link; unblocks the bot first, as the client does."""
        if payload and not START_PAYLOAD.fullmatch(payload):
            raise ValueError(f"no Telegram link can carry the payload {payload!r}")
        if self.blocked:
            await self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def say(
        self, text: str, *, reply_to: Message | None = None, to: Place = None, anonymous: bool = False
    ) -> Message:
        """Write words; in a group when ``to`` says where; ``anonymous`` as an admin who hides."""
        content: Json = {"text": text}
        if command := re.match(r"/\w+(?:@\w+)?", text):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return await self._send("text", content, to=to, reply_to=reply_to, anonymous=anonymous)

    async def say_in(
        self, place: Topic | Group, text: str, *, reply_to: Message | None = None, anonymous: bool = False
    ) -> Message:
        """Write words in a topic or group."""
        return await self.say(text, to=place, reply_to=reply_to, anonymous=anonymous)

    async def send_media(
        self,
        kind: str,
        data: bytes = b"bytes",
        *,
        caption: str | None = None,
        name: str = "",
        size: int | None = None,
        to: Place = None,
        reply_to: Message | None = None,
        **extra: Any,
    ) -> Message:
        """Send a file as photo, video, voice, audio, document, sticker, animation or video_note.

        ``size`` claims a size in bytes that the data needn't have.
        """
        kept = self.world.store(kind, data, name, size)
        return await self._send(kind, media(kind, kept, caption=caption, **extra), to=to, reply_to=reply_to)

    async def send_photo(self, data: bytes = b"\xff\xd8photo", **more: Any) -> Message:
        """Send a photo; see ``send_media``."""
        return await self.send_media("photo", data, **more)

    async def send_video(self, data: bytes = b"video", **more: Any) -> Message:
        """Send a video; see ``send_media``."""
        return await self.send_media("video", data, **more)

    async def send_voice(self, data: bytes = b"OggSvoice", **more: Any) -> Message:
        """Send a voice message; see ``send_media``."""
        return await self.send_media("voice", data, **more)

    async def send_audio(self, data: bytes = b"ID3audio", **more: Any) -> Message:
        """Send music; see ``send_media``."""
        return await self.send_media("audio", data, **more)

    async def send_document(self, data: bytes = b"%PDF", *, name: str = "file.pdf", **more: Any) -> Message:
        """Send a file; see ``send_media``."""
        return await self.send_media("document", data, name=name, **more)

    async def send_sticker(self, emoji: str = "👍", **more: Any) -> Message:
        """Send a sticker; see ``send_media``."""
        return await self.send_media("sticker", b"RIFFsticker", emoji=emoji, **more)

    async def send_location(self, latitude: float = 48.85, longitude: float = 2.35, *, to: Place = None) -> Message:
        """Send a place."""
        return await self._send("location", {"location": {"latitude": latitude, "longitude": longitude}}, to=to)

    async def send_contact(self, phone: str = "+33612345678", *, to: Place = None) -> Message:
        """Send an address-book entry: the person's own."""
        contact = {"phone_number": phone, "first_name": self.name, "user_id": self.id}
        return await self._send("contact", {"contact": contact}, to=to)

    async def send_album(
        self,
        items: Sequence[str | tuple[str, bytes]] = ("photo", "photo"),
        *,
        caption: str | None = None,
        to: Place = None,
    ) -> list[Message]:
        """Send several media as one album: one message each with one media_group_id; the caption on the first."""
        album, sent = str(13_500_000_000_000_000 + self.world.serial()), []
        for at, item in enumerate(items):
            kind, data = (item, f"{item} {at}".encode()) if isinstance(item, str) else item
            kept = self.world.store(kind, data, "file.pdf" if kind == "document" else "")
            content = media(kind, kept, caption=caption if at == 0 else None)
            sent.append(await self._send(kind, content, to=to, album=album))
        return sent

    async def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        assert message.person is self, f"{message!r} isn't a message of {self.name}"
        message.versions.append((message.content, message.markup))
        message.content = {**message.content, ("text" if message.kind == "text" else "caption"): text}
        message.edit_date = int(time.time())
        self._acts()
        self.world.changed(message)
        self.world.publish(message, "edited_message")

    async def delete(self, message: Message) -> None:
        """Delete a message for everybody; the bot isn't told."""
        self._acts()
        message.chat.delete(message)

    async def react(self, message: Message, *emoji: str) -> None:
        """Put reactions on a message (none: take them away); the bot is told if it asked for message_reaction."""
        old = message.reactions.get(self.id, [])
        message.reactions[self.id] = list(emoji)
        self._acts()
        chat = message.chat
        if isinstance(chat, Group) and chat.bot_status != "administrator":
            return
        body = {
            "chat": chat.api(),
            "message_id": message.id,
            "user": self.api(),
            "date": int(time.time()),
            "old_reaction": [{"type": "emoji", "emoji": each} for each in old],
            "new_reaction": [{"type": "emoji", "emoji": each} for each in emoji],
        }
        self.world.emit("message_reaction", body, ("message_reaction", chat.id))

    async def tap(self, button: str, message: Message | None = None, *, timeout: float = 5.0, wait: bool = True) -> str:
        """Tap an inline button (by its words or data) on the last message that has it; return the bot's answer.

        With ``message`` also a button that was there before an edit can be tapped: the client of somebody who
        hasn't seen the edit yet. Fails when the bot doesn't answer in time; ``wait=False`` doesn't wait.
        """
        found = find_button(self.hears if message is None else [message], button, stale=message is not None)
        return (await self._tap(*found, timeout, wait=wait)).text

    async def tap_in(
        self,
        place: Topic | Group,
        button: str,
        message: Message | None = None,
        *,
        timeout: float = 5.0,
        wait: bool = True,
    ) -> str:
        """Tap an inline button in a topic or group; like ``tap``."""
        source = [m for m in place.messages if m.from_bot] if message is None else [message]
        return (await self._tap(*find_button(source, button, stale=message is not None), timeout, wait=wait)).text

    async def tap_forged(self, message: Message, data: str, *, timeout: float = 5.0, wait: bool = True) -> str:
        """Send callback data that no button of ours ever had, as a tampered client can."""
        return (await self._tap(message, data, timeout, wait=wait)).text

    async def block(self) -> None:
        """Block the bot; it gets my_chat_member."""
        self._membership("member", "kicked")
        self.blocked = True

    async def unblock(self) -> None:
        """Unblock the bot; it gets my_chat_member."""
        self._membership("kicked", "member")
        self.blocked = False

    async def delete_account(self) -> None:
        """Leave Telegram; nobody is told, sends fail from now on."""
        self.deleted = True

    # ── how ──

    def _acts(self) -> None:
        assert not self.deleted, f"{self.name} deleted the account"
        self._since = self.world.tick

    def _membership(self, old: str, new: str) -> None:
        self._acts()

        def member(status: str) -> Json:
            return {"status": status, "user": self.world.bot, **({"until_date": 0} if status == "kicked" else {})}

        body = {
            "chat": self.chat.api(),
            "from": self.api(),
            "date": int(time.time()),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        }
        self.world.emit("my_chat_member", body, ("my_chat_member", self.id))

    async def _send(
        self,
        kind: str,
        content: Json,
        *,
        to: Place = None,
        reply_to: Message | None = None,
        album: str | None = None,
        anonymous: bool = False,
    ) -> Message:
        self._acts()
        thread = to.id if isinstance(to, Topic) else None
        chat: Chat = self.chat if to is None else to.forum if isinstance(to, Topic) else to
        if to is None:
            assert not self.blocked, f"{self.name} blocked the bot and can't write to it"
            self.started = True
        assert not (isinstance(to, Topic) and to.deleted), f"{to!r} is gone"
        assert not isinstance(chat, Group) or self.id in chat.members, f"{self.name} is no member of {chat.title}"
        sender, extra = self.api(), {}
        if anonymous:
            sender, extra = ANONYMOUS, {"sender_chat": chat.api()}
        message = chat.post(sender, kind, content, person=self, thread=thread, reply=reply_to, album=album, extra=extra)
        self._since = self.world.tick
        self.world.publish(message)
        return message

    async def _tap(self, message: Message, data: str, timeout: float, *, wait: bool) -> CallbackAnswer:
        self._acts()
        query = Query(
            str(4_000_000_000_000_000 + self.world.serial()), self, asyncio.get_running_loop().create_future()
        )
        self.world.queries[query.id] = query
        gone = {"chat": message.chat.api(), "message_id": message.id, "date": 0}
        body = {
            "id": query.id,
            "from": self.api(),
            "chat_instance": str(-7_000_000_000 - message.chat.id),
            "data": data,
            "message": gone if message.deleted else message.api(),
        }
        self.world.emit("callback_query", body, ("callback_query", self.id))
        if not wait:
            return CallbackAnswer("", alert=False)
        try:
            return await asyncio.wait_for(query.answer, timeout)
        except TimeoutError:
            raise AssertionError(f"the bot didn't answer the tap on {data!r} within {timeout} s") from None


def find_button(messages: Sequence[Message], wanted: str, *, stale: bool) -> tuple[Message, str]:
    """Return the last message with a wanted button, and the button's data; ``stale`` looks at old keyboards too."""
    for message in reversed(messages):
        for button in _keyboards(message, stale=stale):
            if wanted in {button.text, button.data}:
                assert button.data is not None, f"the button {button.text!r} is a link to {button.url}"
                return message, button.data
    there = [(m.id, [b.text for b in m.buttons]) for m in messages if m.buttons]
    raise AssertionError(f"no button {wanted!r}; there are {there}")


def _keyboards(message: Message, *, stale: bool) -> Iterator[Button]:
    yield from message.buttons
    if stale:
        for _, markup in reversed(message.versions):
            yield from read_buttons(markup)
