"""Slack's markup ↔ plain words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from rich.emoji import Emoji

PIECE = 3000
"""Characters of a section block (Slack's limit); also well below the 4,000 that Slack advises for a text."""

_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_CODE = re.compile(r":([a-z0-9_+'-]{1,64}):")
_SURROGATE = re.compile("[\x00\ud800-\udfff]")

# Slack's own names that the common table doesn't have.
_OWN_CODES = {
    "upside_down_face": "🙃", "shrug": "🤷", "face_palm": "🤦", "keycap_ten": "🔟", "hankey": "💩", "star-struck": "🤩",
    "skin-tone-2": "🏻", "skin-tone-3": "🏼", "skin-tone-4": "🏽", "skin-tone-5": "🏾", "skin-tone-6": "🏿",
}  # fmt: skip

Namer = Callable[[str], str]
"""User id → the name people know, "" when unknown."""


def readable(text: str, name_of: Namer) -> str:
    """What a person typed, from what Slack sends: mentions, links, emoji codes and &-escapes undone."""
    if "<" in text:
        text = _MARKUP.sub(lambda found: _marked(found[1], found[2] or "", name_of), text)
    if ":" in text:
        text = _CODE.sub(lambda found: _emoji(found[1]), text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return clean(text)


def clean(text: str) -> str:
    """Without what no database and no wire takes: NUL and lone halves of a character."""
    return text if text.isascii() and "\x00" not in text else _SURROGATE.sub("", text)


def _marked(target: str, label: str, name_of: Namer) -> str:
    if target.startswith("@"):
        return "@" + (label or name_of(target[1:]) or target[1:])
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    return _linked(target, label)


def _linked(target: str, label: str) -> str:
    """`shop.com` when that was typed, the address alone, or `label (address)`."""
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in {address, target}:
        return address
    return label if address.partition("://")[2].rstrip("/") == label.rstrip("/") else f"{label} ({address})"


@lru_cache(maxsize=4096)
def _emoji(code: str) -> str:
    return _OWN_CODES.get(code) or Emoji.replace(f":{code}:")


def escape(text: str) -> str:
    """Safe inside mrkdwn: nobody is mentioned, rung or linked by it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, most: int) -> str:
    """At most `most` characters, the cut shown by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def pieces(text: str, most: int = PIECE) -> Iterator[str]:
    """The text in parts of at most `most` characters once escaped, cut at a line or a word where there is one."""
    rest = text
    while rest:
        head = _head(rest, most)
        if head.strip():
            yield head.strip("\n")
        rest = rest[len(head) :]


def _head(text: str, most: int) -> str:
    room = _room(text, most)
    if room >= len(text):
        return text
    for mark in ("\n", " "):
        at = text.rfind(mark, room // 2, room)
        if at > 0:
            return text[: at + 1]
    return text[:room]


def _room(text: str, most: int) -> int:
    """How many characters of `text` fit when & < > become longer."""
    if len(escape(text[:most])) <= most:
        return most
    used = 0
    for index, letter in enumerate(text):
        used += {"&": 5, "<": 4, ">": 4}.get(letter, 1)
        if used > most:
            return index
    return len(text)
