"""Attachments in words, for places that can't show them as they are."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.message import Attachment, Media

NAMES = {
    Media.PHOTO: "photo",
    Media.VIDEO: "video",
    Media.VOICE: "voice message",
    Media.AUDIO: "audio",
    Media.DOCUMENT: "file",
    Media.STICKER: "sticker",
    Media.ANIMATION: "animation",
    Media.VIDEO_NOTE: "video message",
    Media.LOCATION: "location",
    Media.CONTACT: "contact",
}
TELLING = frozenset({Media.VOICE, Media.STICKER, Media.VIDEO_NOTE})
"""Kinds whose file says little by itself: a word beside it tells what it is."""


def describe(attachment: Attachment) -> str:
    """`[sticker 😀]`, `[location 48.85, 2.35]`, `[file “report.pdf”]`."""
    parts = [NAMES[attachment.media]]
    if attachment.name:
        parts.append(f"“{attachment.name}”")
    if attachment.note and (attachment.media in {Media.STICKER, Media.CONTACT} or not attachment.ref):
        parts.append(", ".join(part.strip() for part in attachment.note.split(",")))
    return f"[{' '.join(parts)}]"


def describe_all(attachments: Iterable[Attachment]) -> str:
    """One after the other."""
    return " ".join(describe(attachment) for attachment in attachments)


def place_link(attachment: Attachment) -> str:
    """The address of a map for a location, "" for anything else: a browser shows it, whatever the platform."""
    latitude, comma, longitude = attachment.note.replace(" ", "").partition(",")
    if attachment.media is not Media.LOCATION or not comma:
        return ""
    try:
        north, east = f"{float(latitude):.6g}", f"{float(longitude):.6g}"
    except ValueError:
        return ""
    return f"https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=16/{north}/{east}"
