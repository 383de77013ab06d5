"""What lies behind a figure as a table for other programs: CSV or Parquet.

Words are masked and nobody is named: a table leaves the house more easily than a page.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from dataclasses import fields
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from bot.domain.figures.board import Behind
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.masking import mask
from bot.domain.figures.period import Period
from bot.ports import FigureRecords

AT_ONCE = 1000
COLUMNS = tuple(field.name for field in fields(Behind) if field.name != "name")
FORMATS = ("csv", "parquet")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | bool | None


async def rows_behind(
    records: FigureRecords, key: str, period: Period, cut: Cut = EVERY
) -> AsyncIterator[dict[str, Cell]]:
    """Every row behind a figure, newest first. Raises KeyError for a figure that doesn't open."""
    after = ""
    while True:
        page = await records.behind(key, period, cut, after, AT_ONCE)
        for row in page.rows:
            yield row_of(row)
        after = page.after
        if not after:
            return


def row_of(row: Behind) -> dict[str, Cell]:
    """A row with plain values; moments are UTC, money is text (a float can't hold every amount)."""
    found: dict[str, Cell] = {name: getattr(row, name) for name in COLUMNS}
    found["at"] = row.at.astimezone(UTC).isoformat()
    found["money"] = None if row.money is None else str(row.money)
    found["text"] = mask(row.text, (row.name,))
    return found


def csv_lines(rows: Iterable[dict[str, Cell]], *, head: bool = True) -> str:
    """CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a sign that makes it text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    if head:
        writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _harmless(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def parquet(rows: list[dict[str, Cell]], out: Path) -> None:
    """A Parquet file."""
    import duckdb  # noqa: PLC0415 - a tenth of a second that a start doesn't need

    columns = ", ".join(f"'{name}': '{KINDS.get(name, 'VARCHAR')}'" for name in COLUMNS)
    with TemporaryDirectory() as folder, duckdb.connect() as database:
        lines = Path(folder) / "rows.json"
        lines.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
        read = f"read_json(?, columns = {{{columns}}}, format = 'newline_delimited')"
        database.execute(f"CREATE TABLE rows AS FROM {read}", [str(lines)])
        database.table("rows").write_parquet(str(out))


KINDS = dict.fromkeys(("id", "customer", "rating", "case", "purchase", "seconds", "orders"), "BIGINT") | {
    "mood": "DOUBLE",
    "counts": "BOOLEAN",
    "money": "DECIMAL(18, 4)",
    "at": "TIMESTAMPTZ",
}
