"""Tallies follow the rows: what was counted of the customers concerned is held against what is to be counted now.

Every writer of asks, feedback, cases and purchases looks before and settles after, in its own transaction. Only rows
that changed cost anything. `storage.figure_repair` proves that nothing was missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.case import Breach, Reason
from bot.domain.figures.counting import (
    COLUMNS,
    AskRow,
    CaseRow,
    Counter,
    FeedbackRow,
    History,
    PurchaseRow,
    Tally,
)
from bot.domain.figures.cuts import BY_DAY, EVERYTHING
from storage import codec
from storage.session import Row, Session
from storage.statements import Query, Write, insert

Rows = dict[int, list[tuple[Any, ...]]]
"""Customer → rows as they lie in the table."""

ASKS, FEEDBACK, CASES, PURCHASES = "ask", "feedback", "case", "purchase"
PARTS = (ASKS, FEEDBACK, CASES, PURCHASES)
COLUMNS_OF = {
    ASKS: "customer_id, id, cut, channel, delivered_at, answered_at, reminded_at",
    FEEDBACK: "customer_id, id, cut, purchase_id, at, rating, worded, label, score, counts_unhappy, corrected, "
    "likelihood, topics",
    CASES: "customer_id, id, cut, state, opened_at, reasons, owner, claimed_at, first_human_at, resolved_at, "
    "first_resolved_at, recovered, breaches",
    PURCHASES: "customer_id, id, cut, currency, amount, paid_at, refunded_at, cancelled_at",
}
FEEDBACK_COLUMNS = COLUMNS_OF[FEEDBACK].split(", ")
LATER = 2**60
"""Stands for the number of a row that is only being written: larger than any there is."""
COUNTED = {
    ASKS: "delivered_at IS NOT NULL",
    FEEDBACK: "TRUE",
    CASES: "TRUE",
    PURCHASES: "paid_at IS NOT NULL AND amount IS NOT NULL",
}
"""Which rows count at all."""


def rows_of(part: str, which: str) -> Query:
    """The rows of a part, of some customers."""
    where = f"{which} AND {COUNTED[part]}"
    return Query(f'SELECT {COLUMNS_OF[part]} FROM "{part}" WHERE {where} ORDER BY customer_id, id')  # noqa: S608


OF_CUSTOMERS = {part: rows_of(part, "customer_id = ANY($1)") for part in PARTS}


def adding(table: str) -> Write:
    """Add to the cells of a tally."""
    keys, counts = COLUMNS[table]
    columns = [f"{name}_n" for name in counts]
    changes = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
    return insert(table, " ".join([*keys, *columns]), conflict=f"({', '.join(keys)}) DO UPDATE SET {changes}")


ADD = {table: adding(table) for table in COLUMNS}
BY_CUT = tuple(table for table, (keys, _) in COLUMNS.items() if keys[0] == "cut")
NOTE_CUTS = insert("tally_cut", "cut", conflict="(cut) DO NOTHING")


@dataclass(slots=True)
class Look:
    """What the tallies hold of some customers: each part's rows as they were when somebody looked.

    `spoke`: the feedback so far of those who only say more, so that theirs need not be read a second time; `more` is
    what they say, told by `heard`.
    """

    zone: ZoneInfo
    parts: dict[str, Rows] = field(default_factory=dict)
    spoke: Rows = field(default_factory=dict)
    more: list[tuple[Any, ...]] = field(default_factory=list)

    def heard(self, said: Mapping[str, Any]) -> None:
        """Feedback that is written now, by its columns."""
        if said["customer_id"] in self.spoke:
            number = LATER + len(self.more)
            self.more.append(tuple(said.get(name, "") if name != "id" else number for name in FEEDBACK_COLUMNS))


async def look(
    session: Session, zone: ZoneInfo, touched: Mapping[str, Iterable[int]], speakers: Iterable[int] = ()
) -> Look:
    """Before writing: `touched` names the customers whose rows of a part are about to change."""
    parts = {part: await read_rows(session, part, customers) for part, customers in touched.items()}
    spoke = await read_rows(session, FEEDBACK, set(speakers) - parts.get(FEEDBACK, {}).keys())
    return Look(zone, parts, spoke)


async def read_rows(session: Session, part: str, customers: Iterable[int]) -> Rows:
    """The rows of some customers, every customer named."""
    wanted = sorted(set(customers))
    found: Rows = {customer: [] for customer in wanted}
    for row in await session.rows(OF_CUSTOMERS[part], wanted) if wanted else ():
        found[row[0]].append(tuple(row))
    return found


async def settle(session: Session, before: Look) -> None:
    """After writing: what changed since the look goes into the tallies."""
    await write_tally(session, await difference(session, before))


async def difference(session: Session, before: Look) -> Tally:
    """What changed since the look. Many turns want the same cells: write it last, so that nobody waits for long."""
    tally, counter = Tally(), Counter(before.zone)
    now = {part: await read_rows(session, part, rows) for part, rows in before.parts.items()}
    await _join_purses(session, before, now)
    for part, old in before.parts.items():
        SETTLERS[part](counter, tally, old, now[part])
    _purses(counter, tally, before.parts, now)
    _say_more(counter, tally, before)
    counter.spread(tally)
    return tally


async def _join_purses(session: Session, before: Look, now: dict[str, Rows]) -> None:
    """Whether a customer ever answered stands beside their purse: purchases and asks are needed together."""
    asks, purchases = before.parts.get(ASKS, {}), before.parts.get(PURCHASES, {})
    flipped = {who for who, rows in asks.items() if _engaged(rows) != _engaged(now[ASKS][who])}
    if lacking := flipped - purchases.keys():
        same = await read_rows(session, PURCHASES, lacking)
        before.parts[PURCHASES] = purchases | same
        now[PURCHASES] = now.get(PURCHASES, {}) | same
    if lacking := before.parts.get(PURCHASES, {}).keys() - asks.keys():
        same = await read_rows(session, ASKS, lacking)
        before.parts[ASKS] = asks | same
        now[ASKS] = now.get(ASKS, {}) | same


def _purses(counter: Counter, tally: Tally, before: Mapping[str, Rows], now: Mapping[str, Rows]) -> None:
    for who, rows in before.get(PURCHASES, {}).items():
        for purchases, asks, sign in ((rows, before[ASKS][who], -1), (now[PURCHASES][who], now[ASKS][who], 1)):
            counter.purse(tally, who, map(purchase_row, purchases), engaged=_engaged(asks), sign=sign)


def _engaged(asks: Sequence[Row]) -> bool:
    return any(row[5] is not None for row in asks)


# ---------------------------------------------------------------- what changed, part by part


def _changed(old: Rows, new: Rows, count: Callable[[Row, int], None]) -> None:
    """Rows that are not as they were: taken out as they were, put in as they are."""
    before = {row[1:] for rows in old.values() for row in rows}
    after = {row[1:] for rows in new.values() for row in rows}
    for row in before - after:
        count((0, *row), -1)
    for row in after - before:
        count((0, *row), 1)


def _settle_asks(counter: Counter, tally: Tally, old: Rows, new: Rows) -> None:
    _changed(old, new, lambda row, sign: counter.ask(tally, ask_row(row), sign))
    for who, rows in old.items():
        if rows != new[who]:
            counter.spans(tally, map(ask_row, rows), -1)
            counter.spans(tally, map(ask_row, new[who]))


def _settle_feedback(counter: Counter, tally: Tally, old: Rows, new: Rows) -> None:
    _changed(old, new, lambda row, sign: counter.words(tally, feedback_row(row), sign))
    for who, rows in old.items():
        was, is_ = _by_purchase(rows), _by_purchase(new[who])
        for purchase in was.keys() | is_.keys():
            if was[purchase] != is_[purchase]:
                counter.answers(tally, map(feedback_row, decisive(was[purchase])), -1)
                counter.answers(tally, map(feedback_row, decisive(is_[purchase])))


def _by_purchase(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row[3] or 0].append(row)
    return found


def _say_more(counter: Counter, tally: Tally, before: Look) -> None:
    """Feedback that only came on top."""
    fresh: defaultdict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in before.more:
        counter.words(tally, feedback_row(row))
        fresh[row[0], row[3] or 0].append(row)
    for (who, purchase), more in fresh.items():
        was = [row for row in before.spoke[who] if (row[3] or 0) == purchase]
        counter.answers(tally, map(feedback_row, decisive(was)), -1)
        counter.answers(tally, map(feedback_row, decisive([*was, *more])))


def decisive(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that decide an answer: the latest rating, words and likelihood. Most of a long talk never changes it."""
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows:  # (…, at is 4, rating is 5, likelihood is 11)
        for kind, fits in (("rating", row[5] is not None), ("words", row[5] is None), ("likely", row[11] is not None)):
            if fits and (kind not in found or (row[4], row[1]) > (found[kind][4], found[kind][1])):
                found[kind] = row
    return list({row[1]: row for row in found.values()}.values())


def _settle_cases(counter: Counter, tally: Tally, old: Rows, new: Rows) -> None:
    _changed(old, new, lambda row, sign: counter.case(tally, case_row(row), sign))


def _settle_purchases(counter: Counter, tally: Tally, old: Rows, new: Rows) -> None:
    _changed(old, new, lambda row, sign: counter.order(tally, purchase_row(row), sign))


SETTLERS: Mapping[str, Callable[[Counter, Tally, Rows, Rows], None]] = {
    ASKS: _settle_asks,
    FEEDBACK: _settle_feedback,
    CASES: _settle_cases,
    PURCHASES: _settle_purchases,
}

# ---------------------------------------------------------------- writing


async def write_tally(session: Session, tally: Tally) -> None:
    """Add everything, in an order that is the same for every process, so that none waits for another in a circle."""
    cuts = {str(key[0]) for table in BY_CUT for key in tally.tables[table]} - {EVERYTHING}
    await session.put(NOTE_CUTS, sorted((cut,) for cut in cuts if not cut.startswith(BY_DAY)))
    for table, write in ADD.items():
        await session.put(write, tally.rows(table))


# ---------------------------------------------------------------- rows → values


def ask_row(row: Row) -> AskRow:
    """A row of ASKS."""
    _, number, cut, channel, delivered, answered, reminded = row
    return AskRow(number, cut, channel, delivered, answered, reminded)


def feedback_row(row: Row) -> FeedbackRow:
    """A row of FEEDBACK."""
    _, number, cut, purchase, at, rating, worded, label, score, unhappy, corrected, likelihood, topics = row
    return FeedbackRow(
        number, cut, purchase, at, rating, bool(worded), label, score, bool(unhappy), corrected, likelihood, topics
    )


def case_row(row: Row) -> CaseRow:
    """A row of CASES."""
    _, number, cut, state, opened, reasons, owner, claimed, human, resolved, first_resolved, recovered, breaches = row
    why: tuple[Reason, ...] = codec.decoder(tuple[Reason, ...]).decode(reasons) if reasons else ()
    late: tuple[Breach, ...] = codec.decoder(tuple[Breach, ...]).decode(breaches) if breaches else ()
    return CaseRow(
        number,
        cut,
        state,
        opened,
        frozenset(reason.kind.value for reason in why),
        owner,
        claimed,
        human,
        resolved,
        first_resolved,
        None if recovered is None else bool(recovered),
        tuple((breach.promise.value, codec.micros(breach.due_at)) for breach in late),
    )


def purchase_row(row: Row) -> PurchaseRow:
    """A row of PURCHASES."""
    _, number, cut, currency, amount, paid_at, refunded_at, cancelled_at = row
    return PurchaseRow(number, cut, currency, amount, paid_at, refunded_at is None and cancelled_at is None)


def history_of(customer: int, parts: Mapping[str, Sequence[Row]]) -> History:
    """Everything of one customer."""
    return History(
        customer,
        [ask_row(row) for row in parts.get(ASKS, ())],
        [feedback_row(row) for row in parts.get(FEEDBACK, ())],
        [case_row(row) for row in parts.get(CASES, ())],
        [purchase_row(row) for row in parts.get(PURCHASES, ())],
    )
