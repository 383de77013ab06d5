"""Lengths as Telegram counts them (UTF-16 units), and long texts in pieces."""

from __future__ import annotations

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_TAP_ANSWER = 200
MOST_TOPIC_NAME = 128


def units(text: str) -> int:
    """How long Telegram says that a text is: characters beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """At most `most` units, with an ellipsis where something was left out."""
    return text if units(text) <= most else f"{text[: fitting(text, most - 1)].rstrip()}…"


def fitting(text: str, most: int) -> int:
    """How many characters from the start fit into `most` units."""
    if text.isascii():
        return min(len(text), most)
    end = min(len(text), most)
    while units(text[:end]) > most:
        end -= max(1, (units(text[:end]) - most) // 2)
    return end


def pieces(text: str, most: int = MOST_TEXT) -> list[str]:
    """The text in pieces that each fit, cut between paragraphs, else lines, else words. Blank pieces are left out."""
    found = []
    rest = text.strip()
    while rest:
        end = len(rest) if units(rest) <= most else _seam(rest, fitting(rest, most))
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return found


def _seam(text: str, end: int) -> int:
    """The best place to cut at or before `end`, not so early that a piece is mostly empty."""
    for mark in ("\n\n", "\n", ". ", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at + len(mark)
    return end
