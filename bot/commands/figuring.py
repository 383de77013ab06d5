"""`figures …`: what each figure means, whether the tallies are right, rows for other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.domain.figures.board import Row
from bot.domain.figures.counting import Proof
from bot.domain.figures.cuts import EVERY
from bot.domain.figures.definitions import DEFINITIONS, Definition, Interval
from bot.domain.figures.figure import Figure
from bot.domain.figures.period import DAYS, Period, chosen_period
from bot.errors import Refused
from bot.ports import FigureRecords
from bot.program import Program
from bot.runtime.exporting import FORMATS, Cell, csv_lines, parquet, rows_behind
from bot.runtime.figures import Figures

SHOWN = 20
TABLE = ("asks_sent", "response_rate", "answers", "csat", "unhappy_share")
DIMENSIONS = ("product", "channel", "tier", "level", "campaign")


def period_of(figures: Figures, program: Program, name: str, since: str, until: str) -> Period:
    """The period that somebody names, or the days that they choose (both included)."""
    if not since and not until:
        found = figures.period(name)
        if found is None:
            raise Refused(f"{name!r} is not a period.", f"Allowed: {', '.join(DAYS)}, or --from and --to with days.")
        return found
    if not since or not until:
        raise Refused(
            "A time of your own needs both --from and --to.", "For example: --from 2026-11-01 --to 2026-11-30"
        )
    first, last = _day(since), _day(until)
    if last < first:
        raise Refused(f"{until} lies before {since}.", "Name the earlier day first.")
    return chosen_period(first, last, program.shop.zone)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Refused(f"{words!r} is not a day.", "Write it like 2026-11-30.") from None


async def table_words(figures: Figures, period: Period, by: str) -> str:
    """A line for each product, channel, tier, level or campaign."""
    if by not in DIMENSIONS:
        raise Refused(f"{by!r} is nothing to sort by.", f"Allowed: {', '.join(DIMENSIONS)}.")
    rows: tuple[Row, ...] = getattr(await figures.board(period), f"{by}s")
    if not rows:
        return f"Nothing is known by {by} in this time."
    head = [by, *(DEFINITIONS[key].title for key in TABLE)]
    lines = [[row.name, *(cell_words(row.figures[key], DEFINITIONS[key]) for key in TABLE)] for row in rows]
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in (head, *lines))  # fmt: skip


def cell_words(figure: Figure, definition: Definition) -> str:
    """`83 %`, `12`, or `– (n = 4)`."""
    if figure.value is None:
        return f"– (n = {figure.n})"
    return f"{figure.value * 100:.0f} %" if definition.unit == "share" else f"{figure.value:.0f}"


def proof_words(proof: Proof, *, corrected: bool) -> str:
    """What a check found."""
    if not proof.wrong:
        return f"All {proof.cells:,} cells of the tallies are what the rows say."
    shown = [
        f"  {one.table} {' '.join(map(repr, one.key))} {one.name}: kept {one.kept}, right {one.right}"
        for one in proof.differences[:SHOWN]
    ]
    more = ["  …"] if len(proof.differences) > SHOWN else []
    done = "They are put right." if corrected else "`afterword figures repair` puts them right."
    return "\n".join([f"{proof.wrong:,} of {proof.cells:,} cells differ. {done}", *shown, *more])


async def export(records: FigureRecords, key: str, period: Period, form: str, out: Path | None) -> str:
    """The rows behind a figure into a file; CSV without a file is given back as text."""
    if form not in FORMATS:
        raise Refused(f"{form!r} is not a format.", f"Allowed: {', '.join(FORMATS)}.")
    try:
        rows = [row async for row in rows_behind(records, key, period, EVERY)]
    except (KeyError, ValueError):
        able = ", ".join(_asked_as(definition) for definition in DEFINITIONS.values() if definition.opens)
        raise Refused(f"{key!r} is no figure with rows behind it.", f"Allowed: {able}.") from None
    if form == "parquet" and out is None:
        raise Refused("Parquet is not text.", "Name a file with --out.")
    if out is None:
        return csv_lines(rows).rstrip("\r\n")
    await asyncio.to_thread(_write, form, rows, out)
    return f"{len(rows):,} rows are in {out}."


def _asked_as(definition: Definition) -> str:
    """How its rows are asked for: `csat`, `top_fifth:CURRENCY`, `topic:NAME`."""
    key = "topic" if definition.key == "topics" else definition.key
    return f"{key}:{definition.part.upper().replace(' ', '_')}" if definition.part else key


def _write(form: str, rows: list[dict[str, Cell]], out: Path) -> None:
    try:
        if form == "parquet":
            parquet(rows, out)
        else:
            out.write_text(csv_lines(rows), encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{out} can't be written: {error.strerror}.", "Name another file with --out.") from None


def definitions_words() -> str:
    """Every figure with its meaning, for a terminal."""
    return "\n".join(f"{one.key}\n  {one.title}: {one.means}" for one in DEFINITIONS.values())


def page() -> str:
    """docs/figures.md."""
    return "\n".join([*HEAD, *(line for one in DEFINITIONS.values() for line in _section(one))])


HEAD = (
    "# Figures",
    "",
    "What every figure of Afterword means. This page is made from `bot/domain/figures/definitions.py` by",
    "`afterword figures list --markdown > docs/figures.md`, and a test checks that it is current.",
    "",
    "Days are local days: the shop's, or those of the manager who looks. A figure below its least number of cases is",
    "hidden, and its n is shown instead. An interval says where the true value lies in 95 of 100 such shops. Filters",
    "are channel, product (the first item of an order), tier, level and campaign; what does not follow them says so.",
    "By product, days are always the shop's own.",
    "",
)


def _section(one: Definition) -> Iterable[str]:
    yield f"## {one.title}"
    yield ""
    yield one.means
    yield ""
    yield f"- key: `{one.key}` ({one.unit.value})"
    yield f"- n counts: {one.of}"
    yield f"- hidden: {one.hidden}"
    if one.interval is not Interval.NONE:
        yield f"- interval: {one.interval.value}, 95 %"
    opens = f"yes, as `{_asked_as(one)}`" if one.opens and one.part else "yes" if one.opens else "no"
    yield f"- opens to its rows: {opens}; follows filters: {'yes' if one.cuts else 'no'}"
    yield ""
