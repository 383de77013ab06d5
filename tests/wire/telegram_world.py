"""What the fake Telegram knows: people, chats, topics, messages, files; and what people do in them.

Everything a person does here becomes an update for the bot, when the real server would send one.
"""

import asyncio
import re
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from tests.wire.telegram_people import Person

Json = dict[str, Any]
T = TypeVar("T")
Match: TypeAlias = "str | re.Pattern[str] | Callable[[Message], object]"
"""What a test waits for: part of a text, a pattern, or any rule."""

MEDIA_KINDS: Final = frozenset({"photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note"})
SERVICE_KINDS: Final = frozenset(
    "new_chat_members left_chat_member new_chat_title pinned_message migrate_to_chat_id migrate_from_chat_id "
    "forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened".split()
)
MEDIA_DEFAULTS: Final[dict[str, Json]] = {
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "audio": {"duration": 3, "mime_type": "audio/mpeg"},
    "video": {"duration": 3, "width": 640, "height": 480, "mime_type": "video/mp4"},
    "animation": {"duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"},
    "video_note": {"duration": 3, "length": 240},
    "document": {"mime_type": "application/octet-stream"},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on Telegram's servers; ``size`` may claim more than ``data`` holds, to play a huge file."""

    id: str
    unique_id: str
    kind: str
    data: bytes
    name: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button as a person sees it."""

    text: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the bot answered to a tap."""

    text: str
    alert: bool
    url: str | None = None


@dataclass(slots=True, eq=False)
class Query:
    """A tap that waits for its answer."""

    id: str
    person: "Person"
    answer: "asyncio.Future[CallbackAnswer]"


@dataclass(slots=True, eq=False)
class Message:
    """A message as everybody in its chat sees it now; ``versions`` keeps what it was before edits."""

    chat: "Chat"
    id: int
    date: int
    sender: Json
    kind: str
    content: Json
    from_bot: bool = False
    person: "Person | None" = None
    thread: int | None = None
    reply: "Message | None" = None
    markup: Json | None = None
    keyboard: Json | None = None
    album: str | None = None
    extra: Json = field(default_factory=dict)
    edit_date: int | None = None
    versions: list[tuple[Json, Json | None]] = field(default_factory=list)
    deleted: bool = False
    pinned: bool = False
    protected: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)
    stamp: int = 0

    def __repr__(self) -> str:
        """Show what a failing test needs to see."""
        buttons = f" {[b.text for b in self.buttons]}" if self.buttons else ""
        gone = " (deleted)" if self.deleted else ""
        return f"<{self.kind} {self.chat.id}/{self.id} {self.sender['first_name']}: {self.text!r}{buttons}{gone}>"

    @property
    def text(self) -> str:
        """The words, or a media's caption."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def service(self) -> bool:
        """Whether Telegram made it (topic created, pinned, joined …)."""
        return self.kind in SERVICE_KINDS

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons, row by row, flattened."""
        return read_buttons(self.markup)

    @property
    def file_id(self) -> str | None:
        """The id of the file it carries (of a photo, the biggest size)."""
        media = self.content.get(self.kind) if self.kind in MEDIA_KINDS else None
        if isinstance(media, list):
            media = media[-1]
        return None if media is None else str(media["file_id"])

    @property
    def data(self) -> bytes | None:
        """The bytes of the file it carries."""
        return None if self.file_id is None else self.chat.world.files[self.file_id].data

    def reaction_of_bot(self) -> str | None:
        """The emoji the bot put on it."""
        return next(iter(self.reactions.get(self.chat.world.bot["id"], [])), None)

    def api(self, *, inner: bool = False) -> Json:
        """Return it as the Bot API writes a Message; an inner one brings no further reply."""
        body: Json = {"message_id": self.id, "from": self.sender, "chat": self.chat.api(), "date": self.date}
        if self.thread is not None:
            body |= {"message_thread_id": self.thread, "is_topic_message": True}
        if not inner and (reply := self.shown_reply()):
            body["reply_to_message"] = reply.api(inner=True)
        if self.edit_date:
            body["edit_date"] = self.edit_date
        if self.album:
            body["media_group_id"] = self.album
        if self.protected:
            body["has_protected_content"] = True
        if self.markup:
            body["reply_markup"] = self.markup
        return body | self.extra | self.content

    def shown_reply(self) -> "Message | None":
        """The message it answers; in a topic, as the server does it, the topic's first one if none is named."""
        if self.reply is not None:
            return None if self.reply.deleted else self.reply
        if self.thread is not None and self.thread < self.id:
            return self.chat.log.get(self.thread)
        return None


def read_buttons(markup: Json | None) -> list[Button]:
    """Return an inline keyboard's buttons, flattened."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [Button(b["text"], b.get("callback_data"), b.get("url")) for row in rows for b in row]


def matches(match: Match, message: Message) -> bool:
    """Say whether a message is what a test waits for: part of its text, a pattern, or any rule."""
    if isinstance(match, str):
        return match in message.text
    if isinstance(match, re.Pattern):
        return match.search(message.text) is not None
    return bool(match(message))


class World:
    """All state of one fake Telegram; ``emit`` hands an update to the bot's mailbox."""

    def __init__(self, me: Json, emit: Callable[[str, Json, Hashable], None]) -> None:
        """Begin with nobody but the bot: ``me`` as getMe tells it, ``bot`` as messages do."""
        self.me = me
        self.bot: Json = {name: me[name] for name in ("id", "is_bot", "first_name", "username")}
        self.emit = emit
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.hears_bots = True
        self.tick = 0
        self._bell = asyncio.Event()
        self._serial = 0

    def serial(self) -> int:
        """Return a number that was never given before."""
        self._serial += 1
        return self._serial

    def changed(self, message: Message | None = None) -> None:
        """Note that somebody sees something new; wake who waits."""
        self.tick += 1
        if message is not None:
            message.stamp = self.tick
        self._bell.set()
        self._bell = asyncio.Event()

    async def until(self, probe: Callable[[], T | None], timeout: float, missing: Callable[[], str]) -> T:
        """Return the first thing the probe finds; fail with what there is instead."""
        end = time.monotonic() + timeout
        while True:
            bell = self._bell
            found = probe()
            if found is not None:
                return found
            try:
                await asyncio.wait_for(bell.wait(), max(0.0, end - time.monotonic()))
            except TimeoutError:
                raise AssertionError(missing()) from None

    def file(self, file_id: str) -> StoredFile | None:
        """Return a file by its id, also by the id of a photo's small size."""
        return self.files.get(file_id) or self.files.get(file_id.removesuffix("s"))

    def store(self, kind: str, data: bytes, name: str = "", size: int | None = None) -> StoredFile:
        """Keep a file; return it with the ids that the Bot API would give."""
        number = self.serial()
        names = {"photo": "jpg", "voice": "oga", "video": "mp4", "sticker": "webp", "audio": "mp3"}
        path = f"{kind}s/file_{number}.{name.rsplit('.', 1)[-1] if '.' in name else names.get(kind, 'bin')}"
        kept = StoredFile(
            id=f"AgACAgIAAxk{kind[:2].upper()}{number:06d}",
            unique_id=f"AQAD{number:06d}",
            kind=kind,
            data=data,
            name=name,
            size=len(data) if size is None else size,
            path=path,
        )
        self.files[kept.id] = kept
        return kept

    def publish(self, message: Message, kind: str = "message") -> None:
        """Tell the bot of a message, when the real server would."""
        if message.chat.bot_hears(message):
            self.emit(kind, message.api(), ("message", message.chat.id))


def media(kind: str, kept: StoredFile, **extra: Any) -> Json:
    """Return the content of a message that carries a file."""
    ids = {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": kept.size}
    extra = {name: value for name, value in extra.items() if value is not None}
    if kind == "photo":
        small = {"file_id": kept.id + "s", "file_unique_id": kept.unique_id + "s", "file_size": kept.size}
        sizes = [{**small, "width": 90, "height": 68}, {**ids, "width": 800, "height": 600}]
        return {"photo": sizes, **extra}
    inner = {**MEDIA_DEFAULTS[kind], **ids}
    if kept.name and kind in {"document", "audio", "video", "animation"}:
        inner["file_name"] = kept.name
    inner |= {name: extra.pop(name) for name in ("emoji", "duration", "mime_type") if name in extra}
    content: Json = {kind: inner, **extra}
    if kind == "animation":
        content["document"] = {name: inner[name] for name in (*ids, "mime_type")}
    return content


class Chat:
    """A place where messages are; numbers them from 1, so that ids of two chats collide as they may."""

    type = "private"

    def __init__(self, world: World, chat_id: int) -> None:
        """Begin empty."""
        self.world = world
        self.id = chat_id
        self.log: dict[int, Message] = {}
        self.actions: list[tuple[str, int | None]] = []
        self._next = 1

    def api(self) -> Json:
        """Return it as the Bot API writes a Chat."""
        raise NotImplementedError

    def bot_hears(self, message: Message) -> bool:
        """Say whether the bot gets an update about a message."""
        raise NotImplementedError

    @property
    def history(self) -> list[Message]:
        """All messages ever, deleted ones too."""
        return list(self.log.values())

    @property
    def messages(self) -> list[Message]:
        """What is seen there now, service messages apart."""
        return [message for message in self.log.values() if not message.deleted and not message.service]

    def post(self, sender: Json, kind: str, content: Json, **more: Any) -> Message:
        """Add a message."""
        message = Message(
            chat=self, id=self._next, date=int(time.time()), sender=sender, kind=kind, content=content, **more
        )
        self._next += 1
        self.log[message.id] = message
        self.world.changed(message)
        return message

    def post_as_bot(self, kind: str, content: Json, **more: Any) -> Message:
        """Add a message of the bot."""
        return self.post(self.world.bot, kind, content, from_bot=True, **more)

    def delete(self, message: Message) -> None:
        """Take a message away for everybody."""
        message.deleted = True
        self.world.changed(message)

    async def wait_for(self, match: Match, *, timeout: float = 5.0, after: Message | None = None) -> Message:
        """Wait until the bot shows a message here that fits: part of a text, a pattern, or a rule.

        ``after``: only what came or changed later than that message.
        """
        return await wait_for_message(self.world, lambda: self.messages, match, timeout, after)


async def wait_for_message(
    world: World,
    source: Callable[[], Sequence[Message]],
    match: Match,
    timeout: float,
    after: Message | int | None = None,
) -> Message:
    """Return the first fitting message of the bot; fail by showing what there is."""
    since = after.stamp if isinstance(after, Message) else after or 0

    def probe() -> Message | None:
        own = (m for m in source() if m.from_bot and m.stamp > since)
        return next((m for m in own if matches(match, m)), None)

    def missing() -> str:
        seen = "\n  ".join(map(repr, source())) or "(nothing)"
        return f"nothing like {match!r} within {timeout} s; seen:\n  {seen}"

    return await world.until(probe, timeout, missing)
