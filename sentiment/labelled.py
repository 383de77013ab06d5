"""Labelled replies: files that say of each text what a careful reader makes of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MOODS = ("negative", "neutral", "positive")
INTENTS = (
    "refund", "return", "where_is_order", "person", "cancel", "stop", "question", "bug", "thanks", "praise", "safety",
)  # fmt: skip
TOPICS = (
    "delivery", "quality", "size", "price", "service", "product", "website", "returns", "packaging", "taste",
)  # fmt: skip
KINDS = (
    "plain", "implicit", "sarcasm", "superlative", "negation", "mixed", "rating", "emoji", "short", "question",
    "thanks", "urgent", "request", "info",
)  # fmt: skip


class BadLine(ValueError):
    """A line of a labelled file that can't be used; says which and why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One labelled text; what its file doesn't say is None.

    `mood` indexes MOODS; `intents` and `topics` hold 0 or 1 for each name; `kind` indexes KINDS.
    """

    text: str
    mood: int
    source: str
    kind: int | None = None
    intents: tuple[int, ...] | None = None
    topics: tuple[int, ...] | None = None
    person: int | None = None
    language: str = "en"


def read_labelled(path: Path) -> list[Reply]:
    """Read a labelled file: tab-separated, a header that names its columns.

    `text` and one of `mood`, `label` must be there; `kind`, `intents`, `person`, `topics`,
    `language` may be; an empty field of topics says nothing of them, `-` that it is none. Raises BadLine with the
    line's number.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.strip().lower() for name in next(rows, [])]
        if "text" not in header or not {"mood", "label"} & set(header):
            raise BadLine(f"{path.name}: the first line must name the columns text and label, separated by a tab")
        return [_reply(path, number, header, row) for number, row in enumerate(rows, start=2) if any(row)]


def _reply(path: Path, number: int, header: Sequence[str], row: Sequence[str]) -> Reply:
    if len(row) != len(header):
        raise BadLine(f"{path.name}, line {number}: {len(row)} columns where the first line has {len(header)}")
    said = dict(zip(header, (cell.strip() for cell in row), strict=True))
    mood = said.get("mood") or said.get("label", "")
    if mood not in MOODS:
        raise BadLine(f"{path.name}, line {number}: {mood!r} is no label; allowed: {', '.join(MOODS)}")
    return Reply(
        text=said["text"],
        mood=MOODS.index(mood),
        source=path.stem,
        kind=KINDS.index(said["kind"]) if said.get("kind") in KINDS else None,
        intents=_chosen(INTENTS, said["intents"]) if "intents" in said else None,
        topics=_chosen(TOPICS, said["topics"]) if said.get("topics") else None,
        person=int(said["person"] == "yes") if "person" in said else None,
        language=said.get("language", "en"),
    )


def _chosen(names: Sequence[str], cell: str) -> tuple[int, ...]:
    said = {name.strip().rstrip("+-0") for name in cell.split(",") if name.strip() not in {"", "-"}}
    return tuple(int(name in said) for name in names)


def read_folder(folder: Path, *, leave_out: Iterable[str] = ()) -> list[Reply]:
    """Read every labelled file of a folder but those named, in the order of their names."""
    omitted = set(leave_out)
    return [reply for path in sorted(folder.glob("*.tsv")) if path.stem not in omitted for reply in read_labelled(path)]
