"""Commands as people type them: a slash, a word, the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMAND = re.compile(r"/([A-Za-z_][A-Za-z0-9_]{0,31})(?:@\w+)?(?:(?![\w/])(.*))?", re.DOTALL)
"""A sign may stand right behind the word (`/gift€20`); a path (`/boots/red`) is no command."""


@dataclass(frozen=True, slots=True)
class Command:
    """`/note second zipper` → name "note", words "second zipper"."""

    name: str
    words: str


def parse_command(words: str) -> Command | None:
    """The command in `words`, or None when they are ordinary words."""
    found = COMMAND.fullmatch(words.strip())
    return Command(found[1].lower(), (found[2] or "").strip()) if found else None
