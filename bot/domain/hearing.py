"""Words that are a link: `start CODE`, typed where a platform has no deep links."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.event import ByToken, Incoming, Said, Started

OPENING = re.compile(r"/?start\s+([A-Za-z0-9_-]{16,64})", re.IGNORECASE)


def opened(incoming: Incoming) -> Incoming:
    """The same, or the opened link that its words are."""
    said = incoming.payload
    found = OPENING.fullmatch(said.words.strip()) if isinstance(said, Said) else None
    if not found or not isinstance(said, Said):
        return incoming
    started = Started(said.sender, found[1], said.ref)
    return replace(incoming, lane=ByToken(found[1], said.sender), payload=started)
