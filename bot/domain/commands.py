"""Commands as people type them: a slash, a word, the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """`/note second zipper` → name "note", words "second zipper"."""

    name: str
    words: str


def parse_command(words: str) -> Command | None:
    """The command in `words`, or None when they are ordinary words."""
    found = COMMAND.fullmatch(words.strip())
    return Command(found[1].lower(), (found[2] or "").strip()) if found else None
