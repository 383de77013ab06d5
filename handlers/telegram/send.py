"""Any message into a chat: words in pieces, things copied, sent by their id or uploaded, and what became of it.

A message may need several calls. Each has a name; those that arrived are told in `Delivery.sent` and left out by the
next attempt. Things that lie on Telegram are copied from where they were said (one) or sent by their id (an album:
`copyMessages` would leave out silently what was deleted meanwhile, and can't carry the author's name).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram.exceptions import AiogramError, TelegramBadRequest

from bot.domain.message import Attachment, Button, Media, Message, Ref
from bot.errors import FileUnavailable
from bot.ports import Delivery, Fetch, File, Outcome, Parcel
from handlers.telegram.address import CHANNEL, message_id, message_ref
from handlers.telegram.client import Client
from handlers.telegram.failures import LATE_TAP, NOT_COPIED, Recipient, outcome_of, says
from handlers.telegram.text import MOST_CAPTION, MOST_TAP_ANSWER, cut, pieces, units

MOST_UPLOAD = 50_000_000
MOST_PHOTO = 10_000_000
LARGEST_ALBUM = 10
CAPTIONED = frozenset({Media.PHOTO, Media.VIDEO, Media.VOICE, Media.AUDIO, Media.DOCUMENT, Media.ANIMATION})
ALBUMS = ({Media.PHOTO, Media.VIDEO}, {Media.AUDIO}, {Media.DOCUMENT})
STYLES = frozenset({"primary", "success", "danger"})
METHODS = {
    Media.PHOTO: ("sendPhoto", "photo"),
    Media.VIDEO: ("sendVideo", "video"),
    Media.VOICE: ("sendVoice", "voice"),
    Media.AUDIO: ("sendAudio", "audio"),
    Media.DOCUMENT: ("sendDocument", "document"),
    Media.STICKER: ("sendSticker", "sticker"),
    Media.ANIMATION: ("sendAnimation", "animation"),
    Media.VIDEO_NOTE: ("sendVideoNote", "video_note"),
}
UPLOADS = {
    Media.PHOTO: {"image/jpeg", "image/png", "image/webp"},
    Media.VIDEO: {"video/mp4"},
    Media.VOICE: {"audio/ogg", "audio/mpeg", "audio/mp4"},
    Media.AUDIO: {"audio/mpeg", "audio/mp4"},
    Media.ANIMATION: {"image/gif", "video/mp4"},
}
"""What Telegram plays or shows by the kind; everything else goes as a document, as it is."""

Mend = Callable[[AiogramError], Awaitable[bool]]
Reply = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a private chat, or a topic of the desk group."""

    chat: int
    to: Recipient = Recipient.PERSON
    thread: int | None = None

    @property
    def target(self) -> dict[str, Any]:
        """The parameters that say so."""
        return {"chat_id": self.chat, "message_thread_id": self.thread}


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text as a message of its own."""

    name: str
    text: str
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """One attachment. `source`: the message to copy it from; else it goes by its id, or is fetched and uploaded."""

    name: str
    attachment: Attachment
    source: Ref | None = None
    caption: str = ""
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class Album:
    """Several things that belong together, all on Telegram."""

    name: str
    attachments: tuple[Attachment, ...]
    caption: str = ""


Buttons = tuple[tuple[Button, ...], ...]
Part = Words | Thing | Album


# --- the plan


def plan(message: Message) -> list[Part]:
    """The calls that a message needs, in order, each with its name. The same message always gives the same plan."""
    things = _things(message)
    if not things:
        return _words(message.text, message.buttons)
    first = things[0]
    if isinstance(first, Album) and message.buttons:
        return [*things, *_words(message.text, message.buttons)]
    if _takes_caption(first) and units(message.text) <= MOST_CAPTION:
        return _with_buttons([replace(first, caption=message.text.strip()), *things[1:]], message.buttons)
    return _with_buttons([*_words(message.text), *things], message.buttons)


def _takes_caption(thing: Thing | Album) -> bool:
    return isinstance(thing, Album) or thing.attachment.media in CAPTIONED


def _words(text: str, buttons: Buttons = ()) -> list[Part]:
    """The pieces of a text, the buttons under the last."""
    found = pieces(text)
    last = len(found) - 1
    return [Words(f"words:{at}", piece, buttons if at == last else ()) for at, piece in enumerate(found)]


def _things(message: Message) -> list[Thing | Album]:
    attachments = message.attachments
    if _is_album(attachments):
        return [
            Album(f"album:{at}", attachments[at : at + LARGEST_ALBUM])
            for at in range(0, len(attachments), LARGEST_ALBUM)
        ]
    sources: Sequence[Ref | None] = message.sources if len(message.sources) == len(attachments) else ()
    return [
        Thing(f"thing:{at}", each, _copyable(each, sources[at] if sources else None))
        for at, each in enumerate(attachments)
    ]


def _is_album(attachments: Sequence[Attachment]) -> bool:
    kinds = {each.media for each in attachments}
    ours = all(each.channel == CHANNEL for each in attachments)
    # Eleven would leave an album of one, which Telegram refuses.
    return ours and len(attachments) > 1 and len(attachments) % LARGEST_ALBUM != 1 and any(kinds <= a for a in ALBUMS)


def _copyable(attachment: Attachment, source: Ref | None) -> Ref | None:
    return source if source and source.channel == attachment.channel == CHANNEL else None


def _with_buttons(parts: Iterable[Part], buttons: Buttons) -> list[Part]:
    """The buttons under the last part; an album can't have any."""
    made = list(parts)
    if made and buttons and not isinstance(made[-1], Album):
        made[-1] = replace(made[-1], buttons=buttons)
    return made


def keyboard(buttons: Buttons) -> dict[str, Any] | None:
    """Inline buttons as the Bot API takes them."""
    if not buttons:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in buttons if row]}


def _button(button: Button) -> dict[str, str]:
    style = {"style": button.style} if button.style in STYLES else {}
    return {"text": button.label, "callback_data": button.action, **style}


# --- doing it


class Post:
    """Puts messages into chats."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def deliver(self, place: Place, parcel: Parcel, fetch: Fetch, mend: Mend | None = None) -> Delivery:
        """Send what of the message hasn't arrived yet. `mend` may put right what an error told; then one more try."""
        sent, refs = list(parcel.sent), list[Ref]()
        reply = _reply(parcel.message.reply_to, place.chat)
        planned = plan(parcel.message if reply else quoting(parcel.message))
        parts, files, lost = await _fetched([part for part in planned if part.name not in sent], fetch, place.to)
        if not parts and not sent:
            return Delivery(Outcome.REJECTED, why=lost or "there is nothing in it to send")
        reply = None if sent else reply
        for part in parts:
            try:
                numbers = await self._tried(part, place, files.get(part.name), reply, mend)
            except AiogramError as error:
                return replace(outcome_of(error, place.to), refs=tuple(refs), sent=tuple(sent))
            refs += [message_ref(place.chat, number) for number in numbers]
            sent.append(part.name)
            reply = None
        return Delivery(Outcome.SENT, tuple(refs), why=lost)

    async def _tried(
        self, part: Part, place: Place, file: File | str | None, reply: Reply, mend: Mend | None
    ) -> list[int]:
        try:
            return await self._send(part, place, file, reply)
        except AiogramError as error:
            if mend is None or not await mend(error):
                raise
        return await self._send(part, place, file, reply)

    async def _send(self, part: Part, place: Place, file: File | str | None, reply: Reply) -> list[int]:
        """One part; returns the numbers of the messages that it became."""
        where = {**place.target, "reply_parameters": reply}
        if isinstance(part, Words):
            return [await self.words(where, part.text, part.buttons)]
        if isinstance(part, Album):
            return await self._album(where, part)
        if isinstance(file, str):
            return [await self.words(where, f"{part.caption}\n{file}".strip(), part.buttons)]
        if file is not None:
            return [await self._upload(where, part, file)]
        if part.source is not None:
            try:
                return [await self._copy(where, part, part.source)]
            except TelegramBadRequest as error:
                if not says(error, NOT_COPIED):
                    raise
        return [await self._by_id(where, part)]

    async def words(self, where: Mapping[str, Any], text: str, buttons: Buttons = (), **more: Any) -> int:  # noqa: ANN401 - further parameters
        """Send plain words (`parse_mode` in `more` says otherwise); returns the message's number."""
        params = {**where, "text": text, "reply_markup": keyboard(buttons), **more}
        return int((await self._client.call("sendMessage", params))["message_id"])

    async def _copy(self, where: Mapping[str, Any], part: Thing, source: Ref) -> int:
        """Copy one message. The caption is always ours: the original one is in the words already."""
        params = {
            **where,
            "from_chat_id": int(source.chat),
            "message_id": int(source.message),
            "caption": part.caption if part.attachment.media in CAPTIONED else None,
            "reply_markup": keyboard(part.buttons),
        }
        return int((await self._client.call("copyMessage", params))["message_id"])

    async def _by_id(self, where: Mapping[str, Any], part: Thing) -> int:
        """Send something that Telegram has already, or that needs no file."""
        name, params = _call_for(part.attachment)
        if name == "sendMessage":
            params = {"text": f"{part.caption}\n{params['text']}".strip()}
        elif part.attachment.media in CAPTIONED and part.caption:
            params["caption"] = part.caption
        markup = keyboard(part.buttons)
        return int((await self._client.call(name, {**where, **params, "reply_markup": markup}))["message_id"])

    async def _album(self, where: Mapping[str, Any], album: Album) -> list[int]:
        media = [{"type": each.media.value, "media": each.ref} for each in album.attachments]
        if album.caption:
            media[0]["caption"] = album.caption
        sent = await self._client.call("sendMediaGroup", {**where, "media": media})
        return [int(message["message_id"]) for message in sent]

    async def _upload(self, where: Mapping[str, Any], part: Thing, file: File) -> int:
        """Upload by the kind that fits; what Telegram won't show that way goes as a document."""
        media = _upload_kind(part.attachment.media, file)
        try:
            return await self._upload_as(media, where, part, file)
        except TelegramBadRequest as error:
            if media is Media.DOCUMENT or outcome_of(error, Recipient.DESK).outcome is not Outcome.REJECTED:
                raise
        return await self._upload_as(Media.DOCUMENT, where, part, file)

    async def _upload_as(self, media: Media, where: Mapping[str, Any], part: Thing, file: File) -> int:
        name, key = METHODS[media]
        params = {
            **where,
            key: "attach://file",
            "caption": part.caption or None,
            "reply_markup": keyboard(part.buttons),
        }
        return int((await self._client.upload(name, params, {"file": file}))["message_id"])

    async def answer_tap(self, message: Message) -> Delivery:
        """End the waiting of a tapped button. One that waited too long needs no answer any more."""
        params = {"callback_query_id": message.tap, "text": cut(message.text, MOST_TAP_ANSWER) or None}
        try:
            await self._client.call("answerCallbackQuery", params)
        except AiogramError as error:
            if says(error, LATE_TAP):
                return Delivery(Outcome.SENT)
            return outcome_of(error, Recipient.PERSON, harmless=True)
        return Delivery(Outcome.SENT)


def _reply(ref: Ref | None, chat: int) -> Reply:
    number = message_id(ref, chat)
    return {"message_id": number, "allow_sending_without_reply": True} if number is not None else None


def quoting(message: Message) -> Message:
    """With the beginning of what it replies to in front, for where it can't be a reply."""
    if not message.quote:
        return message
    return replace(message, text=f"↩ “{message.quote}”\n{message.text}".strip())


async def _fetched(parts: Sequence[Part], fetch: Fetch, to: Recipient) -> tuple[list[Part], dict[str, File | str], str]:
    """The files that lie elsewhere, by part; got before anything is sent, so that nothing stops half-way for them.

    The desk is told in the file's place of one that can't be had. A person gets the rest, and who sent it is told why
    (the third value).
    """
    kept: list[Part] = []
    files: dict[str, File | str] = {}
    lost = []
    for part in parts:
        kept.append(part)
        if not isinstance(part, Thing) or part.attachment.channel == CHANNEL or _no_file(part.attachment):
            continue
        try:
            files[part.name] = await _fetch_one(part.attachment, fetch)
        except FileUnavailable as error:
            if to is Recipient.DESK:
                files[part.name] = f"[{describe(part.attachment)}: {error.why}]"
                continue
            lost.append(f"{describe(part.attachment)}: {error.why}")
            kept[-1:] = [Words(part.name, part.caption, part.buttons)] if part.caption else []
    return kept, files, "; ".join(lost)


async def _fetch_one(attachment: Attachment, fetch: Fetch) -> File:
    if attachment.size > MOST_UPLOAD:
        raise FileUnavailable(_too_large(attachment.size))
    file = await fetch(attachment)
    if len(file.data) > MOST_UPLOAD:
        raise FileUnavailable(_too_large(len(file.data)))
    if not file.data:
        raise FileUnavailable("the file is empty")
    return file


def _too_large(size: int) -> str:
    return f"the file has {size / 1e6:.0f} MB, and Telegram takes 50 MB from a bot"


def _no_file(attachment: Attachment) -> bool:
    return attachment.media in {Media.LOCATION, Media.CONTACT}


def _upload_kind(media: Media, file: File) -> Media:
    mime = file.mime.partition(";")[0].strip().lower()
    if mime not in UPLOADS.get(media, ()) or (media is Media.PHOTO and len(file.data) > MOST_PHOTO):
        return Media.DOCUMENT
    return media


def _call_for(attachment: Attachment) -> tuple[str, dict[str, Any]]:
    """The method and parameters for a thing that needs no upload."""
    if attachment.media is Media.LOCATION:
        latitude, _, longitude = attachment.note.partition(",")
        try:
            return "sendLocation", {"latitude": float(latitude), "longitude": float(longitude)}
        except ValueError:
            return "sendMessage", {"text": f"[{describe(attachment)}]"}
    if attachment.media is Media.CONTACT:
        if not attachment.note:
            return "sendMessage", {"text": f"[{describe(attachment)}]"}
        return "sendContact", {"phone_number": attachment.note, "first_name": attachment.name or attachment.note}
    name, key = METHODS[attachment.media]
    return name, {key: attachment.ref}


def describe(attachment: Attachment) -> str:
    """`photo`, `document “report.pdf”`."""
    name = f" “{attachment.name}”" if attachment.name else ""
    return f"{attachment.media.value.replace('_', ' ')}{name}"
