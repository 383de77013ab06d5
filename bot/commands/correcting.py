"""`score corrections`: what agents corrected, as a labelled file to learn from, and measured against the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.domain.correcting import topics_of
from bot.domain.correction import Correction
from bot.domain.interval import wilson
from bot.domain.reading import Mistakes, Said, measure
from bot.ports import Records
from sentiment import Scorer
from sentiment.labelled import MOODS

AT_ONCE = 256
LEAST = 10
"""Of fewer a share would say nothing: the count alone is shown."""


async def corrections(database: Records) -> list[Correction]:
    """Every correction, oldest first."""
    return await database.corrections()


def as_labelled(corrections: Iterable[Correction]) -> str:
    """Tab-separated lines under `text` and `label`, one a text; the latest correction of equal texts wins.

    Whose mood nobody corrected keeps the one that it was read with: an agent saw it and let it stand. A third column
    `topics` is there once agents have named some: `-` means none of them, an empty field that nobody said.
    """
    labels: dict[str, str] = {}
    topics: dict[str, str] = {}
    for each in corrections:
        text = " ".join(each.text.split())
        if each.label or each.scored in MOODS:
            labels[text] = each.label or labels.get(text, each.scored)
        if each.topics is not None:
            topics[text] = ",".join(each.topics) or "-"
    rows = [("text", "label", "topics"), *((text, label, topics.get(text, "")) for text, label in labels.items())]
    width = 3 if topics else 2
    return "".join("\t".join(row[:width]) + "\n" for row in rows)


async def measured(database: Records, scorer: Scorer) -> list[Mistakes]:
    """How often the reader was wrong, and what today's says to the same words."""
    made = await database.corrections()
    return measure(made, read_again([each.text for each in made], scorer), await database.readings())


def read_again(texts: Sequence[str], scorer: Scorer) -> list[Said]:
    """What a scorer says of each text."""
    found: list[Said] = []
    for start in range(0, len(texts), AT_ONCE):
        verdicts = scorer.score(list(texts[start : start + AT_ONCE]))
        found += [Said(verdict.label.value, frozenset(topics_of(verdict.as_json()))) for verdict in verdicts]
    return found


def row_as_json(row: Mistakes) -> dict[str, Any]:
    """A line for machines: counts, shares, and their 95 % intervals."""
    return {
        **asdict(row),
        "share": _share(row.wrong, row.n),
        "interval": _interval(row.wrong, row.n),
        "now_share": _share(row.now_wrong, row.now_n),
        "now_interval": _interval(row.now_wrong, row.now_n),
    }


def _share(part: int, n: int) -> float | None:
    return round(part / n, 4) if n >= LEAST else None


def _interval(part: int, n: int) -> list[float] | None:
    return [round(edge, 4) for edge in wilson(part / n, n)] if n >= LEAST else None


def show(rows: Sequence[Mistakes], scorer: str) -> None:
    """The table, and what it can't tell."""
    table = Table(box=SIMPLE_HEAD, title="How often the reader was wrong, as agents corrected it")
    table.add_column("", overflow="fold")
    for heading in ("wrong, at least", "of", f"today ({scorer}), of the corrected words"):
        table.add_column(heading, justify="right" if heading != "of" else "left", overflow="fold")
    for row in rows:
        before, now = _words(row.wrong, row.n), _words(row.now_wrong, row.now_n)
        table.add_row(f"{row.group}: {row.name}", before, row.of, now)
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    console.print(table)
    console.print(
        "Nobody looks at every reply, so what agents corrected is the least that was wrong. Corrected words are the\n"
        "hard ones: today's share on them says nothing of all replies. In brackets 95 % intervals (Wilson);\n"
        f"below n = {LEAST} no share is told."
    )


def _words(part: int, n: int) -> str:
    """`3 (1.5 %, 0.5–4.3 %)`."""
    if n < LEAST:
        return f"{part} of {n}"
    low, high = wilson(part / n, n)
    return f"{part} of {n} ({100 * part / n:.1f} %, {100 * low:.1f}–{100 * high:.1f} %)"
