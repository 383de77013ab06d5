"""Orders from files: JSON lines of the generic event, CSV with the same fields, Shopify's orders export.

A file is read line by line; a bad line is told with its number and the rest goes on. Each order has the same key as
over a webhook, so that importing again, or importing what came in already, changes nothing.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Final

import orjson

from bot.domain.event import Accepted, Incoming
from bot.errors import Refused
from handlers.shops import shopify_export
from handlers.shops.fields import kind_of, tidy
from handlers.shops.generic import Unreadable, read_event, to_incoming
from handlers.shops.reading import Ignored, Json, told

BATCH: Final = 500
JSON_LINES: Final = frozenset({".jsonl", ".ndjson"})
LONGEST_LINE: Final = 256 * 1024
CUT: Final = 4 * LONGEST_LINE
"""Bytes: a character has at most four."""
MOST_KEPT: Final = 1000
"""Wrong lines that are kept with their words; further ones are only counted."""
NEEDED: Final = ("order_id", "occurred_at", "customer_id")
NO_UTF8 = re.compile("[\udc80-\udcff]")
NOT_UTF8 = "is not UTF-8: save the file as UTF-8 and try again"

ALIASES: Final = {
    "type": "type event event_type kind",
    "shop": "shop shop_name store",
    "order_id": "order_id order order_number order_no orderid",
    "occurred_at": "occurred_at date at time timestamp created_at paid_at order_date",
    "customer_id": "customer_id buyer_id client_id customerid",
    "name": "name customer_name full_name",
    "email": "email customer_email e_mail email_address",
    "phone": "phone customer_phone phone_number telephone mobile",
    "locale": "locale customer_locale language",
    "timezone": "timezone customer_timezone time_zone tz",
    "total": "total amount total_price order_total",
    "currency": "currency currency_code",
    "items": "items item products product line_items",
}
"""Our column → the headings that are taken for it, in small letters with `_` for anything else."""
HEADINGS: Final = {heading: ours for ours, headings in ALIASES.items() for heading in headings.split()}
OF_CUSTOMER: Final = {"customer_id": "id", **{n: n for n in ("name", "email", "phone", "locale", "timezone")}}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that can't be taken. `line` counts from 1, the heading included; `field` "" = the line as a whole."""

    line: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is well and has nothing for us, such as an order that isn't paid yet."""

    line: int
    why: str


Row = Incoming | Wrong | Skipped


@dataclass(slots=True)
class Totals:
    """What an import did. `new` and `repeats` count reports (paid, refunded…), an order may have several.

    `wrong` holds the first `MOST_KEPT` problems, `wrong_lines` counts every line that has one.
    """

    new: int = 0
    repeats: int = 0
    skipped: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    wrong_lines: int = 0


AcceptMany = Callable[[Sequence[Incoming]], Awaitable[Sequence[Accepted]]]
Progress = Callable[[float, Totals], None]


class Source:
    """The lines of an open file as text; `read` counts its bytes."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        """Bytes that aren't UTF-8 come as halves of surrogate pairs, so that their own line can be told as wrong."""
        for number, raw in enumerate(iter(lambda: self._file.readline(CUT), b"")):
            self.read += len(raw)
            if len(raw) == CUT and not raw.endswith(b"\n"):
                self._to_the_end()
            text = raw.decode("utf-8", "surrogateescape")
            yield text.removeprefix("\ufeff") if number == 0 else text

    def _to_the_end(self) -> None:
        """The rest of a line that is far too long: it stays one line, and doesn't come into memory."""
        while rest := self._file.readline(CUT):
            self.read += len(rest)
            if rest.endswith(b"\n"):
                return


# ---------------------------------------------------------------- reading


def read_orders(path: Path, shop: str = "main", now: datetime | None = None) -> Iterator[Row]:
    """Every report in the file, and every line that can't be taken. Raises `Refused` for a file that is none of ours.

    `shop`: the shop's name, where the file doesn't say.
    """
    with path.open("rb") as file:
        yield from _rows(Source(file), _kind(path, file), shop, now or datetime.now(UTC))


async def import_orders(
    path: Path, shop: str, accept_many: AcceptMany, progress: Progress | None = None, now: datetime | None = None
) -> Totals:
    """Read the file and hand its reports on, `BATCH` at a time. `progress(share, totals)` after each of them."""
    totals, waiting = Totals(), dict[str, Incoming]()
    with path.open("rb") as file:
        source, size = Source(file), max(os.fstat(file.fileno()).st_size, 1)
        last_wrong = 0
        for row in _rows(source, _kind(path, file), shop, now or datetime.now(UTC)):
            if isinstance(row, Incoming):
                totals.repeats += row.key in waiting
                waiting.setdefault(row.key, row)
            elif isinstance(row, Skipped):
                totals.skipped += 1
            else:
                totals.wrong_lines += row.line != last_wrong
                last_wrong = row.line
                totals.wrong += [row] if len(totals.wrong) < MOST_KEPT else []
            if len(waiting) >= BATCH:
                await _write(waiting, accept_many, totals)
                _tell(progress, source.read / size, totals)
    await _write(waiting, accept_many, totals)
    _tell(progress, 1.0, totals)
    return totals


async def _write(waiting: dict[str, Incoming], accept_many: AcceptMany, totals: Totals) -> None:
    if not waiting:
        return
    accepted = await accept_many(list(waiting.values()))
    totals.new += sum(1 for one in accepted if one.fresh)
    totals.repeats += sum(1 for one in accepted if not one.fresh)
    waiting.clear()


def _tell(progress: Progress | None, share: float, totals: Totals) -> None:
    if progress is not None:
        progress(min(share, 1.0), totals)


def _kind(path: Path, file: BufferedReader) -> str:
    """The form of the file, json or csv: what its name or its first character tells."""
    start = file.read(4096)
    file.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start:
        raise Refused(f"{path} is not a UTF-8 text file.", "Save it as CSV with UTF-8 encoding, or as JSON lines.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        raise Refused(f"{path} is one JSON list.", "Write one object a line: jq -c '.[]' orders.json > orders.jsonl")
    return "json" if text.startswith(b"{") or path.suffix.lower() in JSON_LINES else "csv"


def _rows(source: Source, kind: str, shop: str, now: datetime) -> Iterator[Row]:
    return _json_rows(source, shop, now) if kind == "json" else _csv_rows(source, shop, now)


def _read(line: int, data: Json, now: datetime, names: dict[str, str] | None = None) -> Iterator[Row]:
    """One event, or its problems."""
    try:
        yield to_incoming(read_event(data), now)
    except Unreadable as found:
        for problem in found.problems:
            yield Wrong(line, (names or {}).get(problem.field, problem.field), problem.problem)


# ---------------------------------------------------------------- JSON lines


def _json_rows(source: Source, shop: str, now: datetime) -> Iterator[Row]:
    for number, text in enumerate(source, 1):
        if not text.strip():
            continue
        if len(text) >= LONGEST_LINE:
            yield Wrong(number, "", f"is longer than {LONGEST_LINE // 1024} KiB")
            continue
        try:
            data = orjson.loads(text.encode())
        except UnicodeEncodeError:
            yield Wrong(number, "", NOT_UTF8)
        except orjson.JSONDecodeError as error:
            yield Wrong(number, "", f"is not JSON: {error}")
        else:
            if isinstance(data, dict):
                yield from _read(number, {"shop": shop, **data}, now)
            else:
                yield Wrong(number, "", f"must be an object, not {kind_of(data)}")


# ---------------------------------------------------------------- CSV


def _csv_rows(source: Source, shop: str, now: datetime) -> Iterator[Row]:
    table = Table(source)
    if shopify_export.is_export(table.headings):
        yield from _export_rows(table, shop, now)
        return
    columns = _columns(table.headings)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        found = ", ".join(filter(None, map(tidy, table.headings[:40]))) or "none"
        raise Refused(
            f"The first line names no column for {', '.join(missing)}. It names: {found}.",
            "Name the columns type, shop, order_id, occurred_at, customer_id, name, email, phone, locale, timezone, "
            "total, currency, items, or export the orders from Shopify.",
        )
    names = {f"customer.{theirs}": ours for ours, theirs in OF_CUSTOMER.items()}
    for line, cells in table:
        if isinstance(cells, str):
            yield Wrong(line, "", cells)
        else:
            yield from _read(line, _event(dict(zip(columns, cells, strict=False)), shop), now, names)


class Table:
    """A CSV file: its headings, then its rows with the line where each begins; a text instead of cells is a problem.

    Commas, semicolons or tabs, as the first line has it. Empty lines are left out.
    """

    def __init__(self, source: Source) -> None:
        lines = iter(source)
        self._before, first = next(((n, line) for n, line in enumerate(lines) if line.strip()), (0, ""))
        divider = max(",;\t", key=first.count)
        self._reader = csv.reader(chain([first], lines), delimiter=divider, strict=True)
        try:
            self.headings = [heading.strip() for heading in next(self._reader, [])]
        except csv.Error as error:
            raise Refused(f"The first line is not readable as CSV: {error}.", "Save the file as CSV again.") from None

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            line = self._before + self._reader.line_num + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                last = self._before + self._reader.line_num
                yield line, f"is not readable as CSV up to line {last}: {error} (a quotation mark too many?)"
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield line, self._checked(cells)

    def _checked(self, cells: list[str]) -> list[str] | str:
        if any(map(NO_UTF8.search, cells)):
            return NOT_UTF8
        if len(cells) > len(self.headings) and any(cell.strip() for cell in cells[len(self.headings) :]):
            return f"has {len(cells)} values, the first line names {len(self.headings)} columns"
        return cells[: len(self.headings)]


def _columns(headings: Sequence[str]) -> list[str]:
    """Each heading → our name for it. One that is called just so comes before one that could be meant."""
    plain = [re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_") for heading in headings]
    taken = {name for name in plain if name in ALIASES}
    columns = []
    for heading, name in zip(headings, plain, strict=True):
        ours = HEADINGS.get(name)
        free = ours is not None and (ours == name or ours not in taken)
        columns.append(ours if ours is not None and free else heading)
        taken |= {ours} if ours is not None else set()
    return columns


def _event(cells: dict[str, str], shop: str) -> Json:
    """The generic event of a row. Unknown columns are kept; blank cells say nothing."""
    given: dict[str, str] = {name: cell.strip() for name, cell in cells.items() if name and cell.strip()}
    kind = given.pop("type", "order.paid").lower()
    customer = {theirs: given.pop(ours) for ours, theirs in OF_CUSTOMER.items() if ours in given}
    return {
        **given,
        "type": kind if kind.startswith("order.") else f"order.{kind}",
        "shop": given.get("shop", shop),
        "customer": customer,
        "currency": given["currency"].upper() if "currency" in given else None,
        "items": _items(given.get("items", "")),
    }


def _items(text: str) -> object:
    """A name, or the items as JSON."""
    if not text.startswith(("[", "{")):
        return [{"name": text}] if text else []
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return [found] if isinstance(found, dict) else found


def _export_rows(table: Table, shop: str, now: datetime) -> Iterator[Row]:
    """Shopify's export: several lines are one order."""
    for line, order in shopify_export.orders(table.headings, table):
        if isinstance(order, str):
            yield Wrong(line, "", order)
            continue
        for report in shopify_export.read_order(order, shop):
            if isinstance(report, Ignored):
                yield Skipped(line, report.why)
            else:
                yield from _read(line, told(report.event), now, dict(report.names))
