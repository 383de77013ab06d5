"""What the tallies say: a few rows for any time and filter, however many interactions there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, product
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.figures.board import Asked, Choices, Counted, Counts, Load, TopicCount, decisive_paces
from bot.domain.figures.counting import (
    ANSWERED,
    ANY_CURRENCY,
    ASKED,
    COUNTS,
    bounds_of_pace,
    bounds_of_part,
    pace_of,
)
from bot.domain.figures.cuts import BY_DAY, EVERY, EVERYTHING, GOODS, PEOPLE, PRODUCT, Cut, cut_of_sum
from bot.domain.figures.money import Money, ValueBin, money_of, places
from bot.domain.figures.period import Period, chosen_period
from storage.codec import amount
from storage.session import Session
from storage.statements import Query

SUMS = ", ".join(f"COALESCE(sum(t.{name}_n), 0)" for name in COUNTS)
BY_RANGE = Query(
    "SELECT d.low, s.* FROM unnest($1::bigint[], $2::bigint[]) AS d(low, high) "  # noqa: S608
    f"CROSS JOIN LATERAL (SELECT {SUMS} FROM tally t WHERE t.cut = ANY($3::text[]) "
    "AND t.quarter >= d.low AND t.quarter < d.high) s",
    f"SELECT l.value, {SUMS} FROM json_each($1) l JOIN json_each($2) h ON h.key = l.key CROSS JOIN tally t "  # noqa: S608
    "ON t.cut IN (SELECT value FROM json_each($3)) AND t.quarter >= l.value AND t.quarter < h.value GROUP BY l.value",
)
BY_CUT = Query(
    f"SELECT t.cut, {SUMS} FROM tally t WHERE t.cut = ANY($1) AND t.quarter >= $2 AND t.quarter < $3 "  # noqa: S608
    "GROUP BY t.cut"
)
TIMES = Query(
    "SELECT kind, seconds, sum(cases_n) FROM tally_time WHERE cut = ANY($1) AND quarter >= $2 AND quarter < $3 "
    "GROUP BY kind, seconds HAVING sum(cases_n) > 0"
)
PACES = Query(
    "SELECT kind, pace, sum(cases_n) FROM tally_pace WHERE cut = ANY($1) AND quarter >= $2 AND quarter < $3 "
    "GROUP BY kind, pace HAVING sum(cases_n) > 0"
)
OF_PACE = Query(
    "SELECT t.seconds, sum(t.cases_n) FROM unnest($1::bigint[]) AS d(quarter) JOIN tally_time t "
    "ON t.cut = ANY($2::text[]) AND t.quarter = d.quarter AND t.kind = $3 AND t.seconds >= $4 AND t.seconds <= $5 "
    "GROUP BY t.seconds HAVING sum(t.cases_n) > 0",
    "SELECT t.seconds, sum(t.cases_n) FROM json_each($1) d CROSS JOIN tally_time t "
    "ON t.cut IN (SELECT value FROM json_each($2)) AND t.quarter = d.value AND t.kind = $3 AND t.seconds >= $4 "
    "AND t.seconds <= $5 GROUP BY t.seconds HAVING sum(t.cases_n) > 0",
)
"""Class by class: in one go for all of them it takes twice as long."""
TOPICS = Query(
    "SELECT topic, sum(happy_n), sum(neutral_n), sum(sad_n) FROM tally_topic WHERE cut = ANY($1) AND quarter >= $2 "
    "AND quarter < $3 GROUP BY topic HAVING sum(happy_n + neutral_n + sad_n) > 0"
)
SALES = Query(
    "SELECT currency, sum(orders_n), sum(spent_n) FROM tally_money WHERE cut = ANY($1) AND quarter >= $2 "
    "AND quarter < $3 GROUP BY currency HAVING sum(orders_n) > 0"
)
SPANS = Query(  # a plus before a column: it narrows down, and is not what to search by
    "SELECT kind, sum(customers_n) FROM tally_span WHERE kind = ANY($1) AND low >= $2 AND low < $3 AND +high < $4 "
    "GROUP BY kind"
)
ENDING = Query(
    "SELECT kind, sum(customers_n) FROM tally_span WHERE kind = ANY($1) AND high >= $2 AND high < $3 AND +low >= $4 "
    "GROUP BY kind"
)
CUTS = Query("SELECT cut FROM tally_cut WHERE substr(cut, 1, 1) = $1")
LOAD = Query(
    "SELECT staff_id, sum(claimed_n), sum(resolved_n) FROM tally_load WHERE staff_id = ANY($1) AND quarter >= $2 "
    "AND quarter < $3 GROUP BY staff_id"
)
STAFF = Query("SELECT id, name, external FROM staff ORDER BY name, id")
HELD = Query(
    "SELECT owner, count(*) FROM \"case\" WHERE state <> 'resolved' AND state <> 'open' AND owner IS NOT NULL "
    "GROUP BY owner"
)
OPEN_NOW = Query("SELECT count(*) FROM \"case\" WHERE state <> 'resolved'")
VALUES = Query(
    "SELECT currency, engaged, again, bin, customers_n, orders_n, spent_n FROM tally_value WHERE customers_n <> 0 "
    "ORDER BY currency, engaged, again, bin"
)
AMOUNT_PARTS = Query(
    "SELECT bin, part, customers_n, spent_n FROM tally_part WHERE currency = $1 AND bin = ANY($2) "
    "AND customers_n > 0 ORDER BY bin, part DESC"
)
RICHEST = Query(
    "SELECT sum(spent_n) FROM (SELECT spent_n FROM purse WHERE currency = $1 AND orders_n > 0 AND spent_n >= $2 "
    "AND spent_n <= $3 ORDER BY spent_n DESC LIMIT $4) one"
)
COHORTS = Query("SELECT month, later, customers_n, again_n FROM tally_cohort WHERE customers_n <> 0")
Added = dict[tuple[Any, ...], list[int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a period, and the sums that it is read from. `days`: what each begins with, when it is whole days."""

    cuts: list[str]
    low: int
    high: int
    days: tuple[int, ...] = ()


async def counted(session: Session, asked: Asked, zone: ZoneInfo) -> Counted:
    """Everything that the tallies say of a period. `zone` is the shop's: by product its days are told."""
    cuts = await fitting(session, asked.cut)
    period = in_shops_days(asked.period, zone) if asked.cut.product else asked.period
    pieces = pieces_of(period, cuts, zone, goods=bool(asked.cut.product))
    days = await _days(session, period, cuts, zone, goods=bool(asked.cut.product))
    times = await _times(session, pieces) if "times" in asked.parts else {}
    topics = await _added(session, TOPICS, pieces, 1, "topics" in asked.parts)
    sales = await _added(session, SALES, pieces, 1, "sales" in asked.parts)
    people = await _people(session, asked.period, zone) if "people" in asked.parts else {}
    return Counted(
        counts=_total(days.values()),
        days=days if "days" in asked.parts else {},
        times=times,
        topics=tuple(TopicCount(key[0], *counts) for key, counts in topics.items()),
        sales={key[0]: (orders, amount(spent)) for key, (orders, spent) in sales.items()},
        asked=people.get(ASKED, 0),
        answered=people.get(ANSWERED, 0),
    )


async def _added(session: Session, query: Query, pieces: Sequence[Piece], keys: int, wanted: bool) -> Added:  # noqa: FBT001 - a part that may be left out
    """Rows of several pieces by their first columns, the others added up."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for piece in pieces if wanted else ():
        for row in await session.rows(query, piece.cuts, piece.low, piece.high):
            key, counts = tuple(row[:keys]), [int(count) for count in row[keys:]]
            known = found.get(key)
            found[key] = counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]
    return found


async def _times(session: Session, pieces: Sequence[Piece]) -> dict[str, dict[int, int]]:
    """Seconds → cases by kind. Of days first the classes of times; only those that decide a figure to the second.

    The others stand there as the shortest time of their class: no figure can tell.
    """
    paces: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    times: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    by_day, by_quarter = [one for one in pieces if one.days], [one for one in pieces if not one.days]
    for (kind, pace), (cases,) in (await _added(session, PACES, by_day, 2, wanted=True)).items():
        paces[kind][pace] += cases
        times[kind][bounds_of_pace(pace)[0]] += cases
    for (kind, seconds), (cases,) in (await _added(session, TIMES, by_quarter, 2, wanted=True)).items():
        paces[kind][pace_of(seconds)] += cases
        times[kind][seconds] += cases
    decisive = [(kind, bounds_of_pace(pace)) for kind, of in paces.items() for pace in decisive_paces(of)]
    for piece, (kind, (low, high)) in product(by_day, decisive):
        for seconds, cases in await session.rows(OF_PACE, list(piece.days), piece.cuts, kind, low, high):
            times[kind][low] -= int(cases)
            times[kind][seconds] += int(cases)
    return {kind: {seconds: cases for seconds, cases in of.items() if cases} for kind, of in times.items()}


def pieces_of(period: Period, cuts: list[str], zone: ZoneInfo, *, goods: bool) -> list[Piece]:
    """Whole days of the shop from the sums by day, the rest by quarters of an hour; by product there are only days."""
    since, until = period.quarters
    days = shops_days(period, zone)
    if goods:
        return [Piece(cuts, since, until, tuple(days))]
    if len(days) < 2:  # noqa: PLR2004 - two midnights make a day
        return [Piece(cuts, since, until)]
    parts = (
        Piece(cuts, since, days[0]),
        Piece(_by_day(cuts), days[0], days[-1], tuple(days[:-1])),
        Piece(cuts, days[-1], until),
    )
    return [piece for piece in parts if piece.low < piece.high]


def shops_days(period: Period, zone: ZoneInfo) -> list[int]:
    """What each day of the shop begins with that begins within a period, and its end if one begins just then."""
    since, until = period.quarters
    days = chosen_period(period.since.astimezone(zone).date(), period.until.astimezone(zone).date(), zone)
    return [low for _, low, _ in days.each_day() if since <= low <= until]


def _by_day(cuts: Iterable[str]) -> list[str]:
    return [f"{BY_DAY}{cut}" for cut in cuts]


def in_shops_days(period: Period, zone: ZoneInfo) -> Period:
    """The same days, whole, as the shop has them."""
    return replace(chosen_period(period.first, period.last, zone), name=period.name)


async def fitting(session: Session, wanted: Cut) -> list[str]:
    """The sums that make up a filter."""
    if wanted == EVERY:
        return [EVERYTHING]
    rows = await session.rows(CUTS, GOODS if wanted.product else PEOPLE)
    return sorted(row[0] for row in rows if cut_of_sum(row[0]).fits(wanted))


async def _days(
    session: Session, period: Period, cuts: list[str], zone: ZoneInfo, *, goods: bool
) -> dict[date, Counts]:
    """The counts of each local day: of the shop's own days one row each."""
    found: dict[int, Counts] = {}
    days = list(period.each_day())
    of_shop = set(pairwise(shops_days(period, zone)))
    whole = {low for _, low, high in days if goods or (low, high) in of_shop}
    for of, here in ((cuts if goods else _by_day(cuts), True), (cuts, False)):
        ranges = [(low, high) for _, low, high in days if (low in whole) is here]
        lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
        for row in await session.rows(BY_RANGE, lows, highs, of) if ranges else ():
            found[row[0]] = _counts(row[1:])
    return {day: found.get(low, dict.fromkeys(COUNTS, 0)) for day, low, _ in days}


def _counts(row: Sequence[int]) -> Counts:
    return dict(zip(COUNTS, map(int, row), strict=True))


def _total(parts: Iterable[Counts]) -> Counts:
    columns = zip(*(part.values() for part in parts), strict=True)
    return dict(zip(COUNTS, map(sum, columns), strict=True)) or dict.fromkeys(COUNTS, 0)


async def _people(session: Session, period: Period, zone: ZoneInfo) -> dict[str, int]:
    """Customers, each once: those of whole days of the shop, and at both ends what reaches beyond them."""
    since, until = period.quarters
    days, kinds, found = shops_days(period, zone), [ASKED, ANSWERED], dict.fromkeys((ASKED, ANSWERED), 0)
    first, last = (days[0], days[-1]) if days else (until, until)
    parts = (
        (SPANS, _by_day(kinds), first, last, last),
        (SPANS, kinds, since, first, until),
        (ENDING, kinds, last, until, first),
    )
    for query, which, low, high, beyond in parts:
        for kind, customers in await session.rows(query, which, low, high, beyond) if low < high else ():
            found[kind.removeprefix(BY_DAY)] += int(customers)
    return found


# ---------------------------------------------------------------- tables by product, channel and so on


async def by_people(session: Session, period: Period, wanted: Cut, zone: ZoneInfo) -> dict[Cut, Counts]:
    """Counts by who and where; with a product in the filter, of that product."""
    kind = GOODS if wanted.product else PEOPLE
    cuts = sorted(row[0] for row in await session.rows(CUTS, kind) if cut_of_sum(row[0]).fits(wanted))
    shown = in_shops_days(period, zone) if wanted.product else period
    pieces = pieces_of(shown, cuts, zone, goods=bool(wanted.product))
    found = await _added(session, BY_CUT, pieces, 1, wanted=True)
    return _merged((cut_of_sum(key[0].removeprefix(BY_DAY)), _counts(counts)) for key, counts in found.items())


async def by_product(session: Session, period: Period, wanted: Cut, zone: ZoneInfo) -> dict[str, Counts]:
    """Counts by product, by the shop's own days, whoever looks."""
    since, until = in_shops_days(period, zone).quarters
    kind = PRODUCT if wanted == EVERY else GOODS
    cuts = [row[0] for row in await session.rows(CUTS, kind)]
    if wanted != EVERY:
        cuts = [cut for cut in cuts if cut_of_sum(cut).fits(wanted)]
    rows = await session.rows(BY_CUT, sorted(cuts), since, until)
    return _merged((row[0].rpartition("\t")[2], _counts(row[1:])) for row in rows)


K = TypeVar("K")


def _merged(parts: Iterable[tuple[K, Counts]]) -> dict[K, Counts]:
    """Counts under the same name added up."""
    found: dict[K, Counts] = {}
    for name, counts in parts:
        found[name] = _total([found[name], counts]) if name in found else counts
    return found


async def choices(session: Session) -> Choices:
    """What can be filtered by."""
    people = [cut_of_sum(row[0]) for row in await session.rows(CUTS, PEOPLE)]
    products = sorted({row[0].partition("\t")[2] for row in await session.rows(CUTS, PRODUCT)} - {""})

    def named(field: str) -> tuple[str, ...]:
        return tuple(sorted({getattr(cut, field) for cut in people} - {""}))

    return Choices(named("channel"), tuple(products), named("tier"), named("level"), named("campaign"))


# ---------------------------------------------------------------- agents, cases now


async def load(session: Session, period: Period) -> tuple[tuple[Load, ...], int]:
    """What lies on each agent, by name; and how many cases are open."""
    staff = await session.rows(STAFF)
    held = {row[0]: int(row[1]) for row in await session.rows(HELD)}
    since, until = period.quarters
    done = {row[0]: row for row in await session.rows(LOAD, [row[0] for row in staff], since, until)}
    found = []
    for number, name, external in staff:
        _, claimed, resolved = done.get(number, (number, 0, 0))
        found.append(Load(number, name or external, held.get(number, 0), int(claimed), int(resolved)))
    working = tuple(one for one in found if one.holds or one.claimed or one.resolved)
    return working, int((await session.rows(OPEN_NOW))[0][0])


# ---------------------------------------------------------------- money


async def money(session: Session) -> tuple[list[Money], list[ValueBin], list[tuple[int, int, int, int]]]:
    """What customers are worth, by currency; all of them whatever the currency; cohorts."""
    bins: defaultdict[str, list[ValueBin]] = defaultdict(list)
    for currency, engaged, again, place, customers, orders, spent in await session.rows(VALUES):
        bins[currency].append(ValueBin(bool(engaged), bool(again), place, customers, orders, amount(spent)))
    everybody = bins.pop(ANY_CURRENCY, [])
    found = [money_of(name, of, await _tops(session, name, of)) for name, of in sorted(bins.items())]
    cohorts = [(row[0], row[1], int(row[2]), int(row[3])) for row in await session.rows(COHORTS)]
    return found, everybody, cohorts


async def _tops(session: Session, currency: str, bins: Sequence[ValueBin]) -> dict[float, Decimal]:
    """What the biggest spenders spent, exactly: whole classes first, whole parts of one, then customer by customer."""
    by_class: defaultdict[int, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for one in bins:
        customers, spent = by_class[one.bin]
        by_class[one.bin] = (customers + one.customers, spent + one.spent)
    classes = [(place, *by_class[place]) for place in sorted(by_class, reverse=True)]
    cuts = {share: _down(classes, number) for share, number in places(sum(one.customers for one in bins)).items()}
    parts: defaultdict[int, list[tuple[int, int, Decimal]]] = defaultdict(list)
    wanted = sorted({place for _, place, left in cuts.values() if left})
    for place, part, customers, spent in await session.rows(AMOUNT_PARTS, currency, wanted) if wanted else ():
        parts[place].append((part, int(customers), amount(int(spent))))
    found = {}
    for share, (spent, place, left) in cuts.items():
        more, part, few = _down(parts[place], left)
        if few:
            low, high = bounds_of_part(place, part)
            more += amount(int((await session.rows(RICHEST, currency, low, high, few))[0][0] or 0))
        found[share] = spent + more
    return found


def _down(classes: Iterable[tuple[int, int, Decimal]], number: int) -> tuple[Decimal, int, int]:
    """What the first so many spent in classes that are wholly theirs; the class that they end in, how many of it."""
    spent = Decimal(0)
    for place, customers, of_class in classes:
        if customers > number:
            return spent, place, number
        spent, number = spent + of_class, number - customers
    return spent, 0, 0
