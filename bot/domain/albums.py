"""The parts of an album arrive one by one; people meant one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.event import AgentSaid, Event, Said


def join_albums(events: Sequence[Event]) -> list[tuple[Event, tuple[Event, ...]]]:
    """(event, parts it swallowed) in order. Parts of one lane with the same group become the first of them."""
    joined: list[tuple[Event, tuple[Event, ...]]] = []
    places: dict[tuple[int, str], int] = {}
    for event in events:
        said = event.payload
        if not isinstance(said, (Said, AgentSaid)) or not said.group:
            joined.append((event, ()))
            continue
        place = places.setdefault((event.customer, said.group), len(joined))
        if place == len(joined):
            joined.append((event, ()))
        else:
            first, parts = joined[place]
            joined[place] = (replace(first, payload=_with(first.payload, said)), (*parts, event))
    return joined


def _with(first: object, part: Said | AgentSaid) -> Said | AgentSaid:
    if not isinstance(first, (Said, AgentSaid)):
        raise TypeError(first)
    words = "\n".join(filter(None, (first.words, part.words)))
    refs = (*first.more_refs, part.ref) if part.ref else first.more_refs
    return replace(first, words=words, attachments=(*first.attachments, *part.attachments), more_refs=refs)
