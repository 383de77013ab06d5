"""The tallies, made anew from the rows and held against those that the turns kept."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from bot.domain.figures.counting import COLUMNS, Counter, Difference, Key, Proof, Tally, count_history
from storage.figures import PARTS, history_of, rows_of, write_tally
from storage.session import Row, Session
from storage.statements import Query, insert, upsert

AT_ONCE = 20_000
REMEMBERED = 200
PURSE = "purse"
END = 2**62
OF_RANGE = {part: rows_of(part, "customer_id >= $1 AND customer_id < $2") for part in PARTS}
LAST = Query(
    "SELECT COALESCE(max(customer_id), 0) FROM (SELECT max(customer_id) AS customer_id FROM purchase "
    "UNION ALL SELECT max(customer_id) FROM feedback UNION ALL SELECT max(customer_id) FROM ask "
    'UNION ALL SELECT max(customer_id) FROM "case") one'
)
STATE = Query("SELECT name, value FROM figure_state")
FIRST = insert("figure_state", "name value", conflict="(name) DO NOTHING")
NEXT = Query("UPDATE figure_state SET value = $1 WHERE name = 'serial' AND value = $2")
KEEP_ZONE = upsert("figure_state", "name", "value")


def _stored(table: str, where: str = "TRUE") -> Query:
    keys, counts = COLUMNS[table]
    columns = ", ".join([*keys, *(f"{name}_n" for name in counts)])
    return Query(f'SELECT {columns} FROM "{table}" WHERE {where}')  # noqa: S608


STORED = {table: _stored(table) for table in COLUMNS if table != PURSE}
STORED_PURSES = _stored(PURSE, "customer_id >= $1 AND customer_id < $2")


async def prove(session: Session, zone: ZoneInfo) -> Proof:
    """Count everything again, in one consistent look, and compare; purses customer by customer, as they are many."""
    with _no_collector():
        return await _proof(session, zone, int((await _state(session)).get("serial", "0")))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of cells without a circle among them: looking for one again and again takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


async def _proof(session: Session, zone: ZoneInfo, serial: int) -> Proof:
    tally, counter, comparison = Tally(), Counter(zone), _Comparison()
    low, last = 0, int((await session.rows(LAST))[0][0])
    while low <= last:
        high = low + AT_ONCE
        parts = {part: list(await session.rows(OF_RANGE[part], low, high)) for part in PARTS}
        for customer, rows in _by_customer(parts):
            count_history(counter, tally, history_of(customer, rows))
        counter.spread(tally)
        comparison.table(PURSE, await session.rows(STORED_PURSES, low, high), tally.tables[PURSE])
        low = high
    comparison.table(PURSE, await session.rows(STORED_PURSES, low, END), tally.tables[PURSE])
    for table, query in STORED.items():
        comparison.table(table, await session.rows(query), tally.tables[table])
    return Proof(comparison.cells, comparison.wrong, tuple(comparison.found), comparison.correction, serial)


class _Comparison:
    """Cell by cell: what is kept, what is right. The first differences are remembered, all are put right."""

    def __init__(self) -> None:
        self.correction = Tally()
        self.found: list[Difference] = []
        self.cells = self.wrong = 0

    def table(self, table: str, rows: Iterable[Row], right: dict[Key, list[int]]) -> None:
        """Cells of one table; what is right is used up."""
        keys = len(COLUMNS[table][0])
        for row in rows:
            key = tuple(row[:keys])
            self.compare(table, key, list(row[keys:]), right.pop(key, None))
        for key, cell in right.items():
            self.compare(table, key, None, cell)
        right.clear()

    def compare(self, table: str, key: Key, kept: list[int] | None, right: list[int] | None) -> None:
        """One cell."""
        names = COLUMNS[table][1]
        was, should = kept or [0] * len(names), right or [0] * len(names)
        self.cells += any(should)
        if was == should:
            return
        self.wrong += 1
        self.correction.tables[table][key] = [int(b) - int(a) for a, b in zip(was, should, strict=True)]
        if len(self.found) < REMEMBERED:
            both = zip(names, was, should, strict=True)
            self.found += [Difference(table, key, name, int(a), int(b)) for name, a, b in both if a != b]


async def correct(session: Session, proof: Proof, zone: ZoneInfo) -> bool:
    """Add what is missing; what turns wrote since the look stays. False = somebody corrected since: look again."""
    await session.put(FIRST, [("serial", "0")])
    if not await session.run(NEXT, str(proof.serial + 1), str(proof.serial)):
        return False
    await write_tally(session, proof.correction)
    await session.put(KEEP_ZONE, [("zone", zone.key)])
    return True


async def proved_for(session: Session) -> str:
    """The time zone that the tallies were last proved for; "" = never."""
    return (await _state(session)).get("zone", "")


async def _state(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in await session.rows(STATE)}


def _by_customer(parts: dict[str, list[Row]]) -> Iterator[tuple[int, dict[str, list[Row]]]]:
    found: dict[int, dict[str, list[Row]]] = {}
    for part, rows in parts.items():
        for row in rows:
            found.setdefault(row[0], {}).setdefault(part, []).append(row)
    yield from found.items()
