"""What the tallies say: a few rows for any time and filter, however many interactions there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import exp
from zoneinfo import ZoneInfo

from bot.domain.figures.board import Asked, Choices, Counted, Counts, Load, TopicCount
from bot.domain.figures.counting import (
    ANSWERED,
    ANY_CURRENCY,
    ASKED,
    BIN,
    COUNTS,
    bin_of,
)
from bot.domain.figures.cuts import EVERY, EVERYTHING, GOODS, PEOPLE, PRODUCT, Cut, cut_of_sum
from bot.domain.figures.money import Money, ValueBin, money_of, places
from bot.domain.figures.period import Period, chosen_period
from storage.codec import amount
from storage.session import Session
from storage.statements import Query

SUMS = ", ".join(f"COALESCE(sum(t.{name}_n), 0)" for name in COUNTS)
BY_RANGE = Query(
    f"SELECT d.low, {SUMS} FROM unnest($1::bigint[], $2::bigint[]) AS d(low, high) JOIN tally t "  # noqa: S608
    "ON t.cut = ANY($3::text[]) AND t.quarter >= d.low AND t.quarter < d.high GROUP BY d.low",
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
TOPICS = Query(
    "SELECT topic, sum(happy_n), sum(neutral_n), sum(sad_n) FROM tally_topic WHERE cut = ANY($1) AND quarter >= $2 "
    "AND quarter < $3 GROUP BY topic HAVING sum(happy_n + neutral_n + sad_n) > 0"
)
SALES = Query(
    "SELECT currency, sum(orders_n), sum(spent_n) FROM tally_money WHERE cut = ANY($1) AND quarter >= $2 "
    "AND quarter < $3 GROUP BY currency HAVING sum(orders_n) > 0"
)
SPANS = Query(
    "SELECT kind, sum(customers_n) FROM tally_span WHERE kind = ANY($1) AND upto >= $3 AND low >= $2 AND low < $3 "
    "AND high < $3 GROUP BY kind"
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
RICHEST = Query(
    "SELECT sum(spent_n) FROM (SELECT spent_n FROM purse WHERE currency = $1 AND orders_n > 0 AND spent_n >= $2 "
    "AND spent_n <= $3 ORDER BY spent_n DESC LIMIT $4) one"
)
COHORTS = Query("SELECT month, later, customers_n, again_n FROM tally_cohort WHERE customers_n <> 0")
LARGEST = 2**62


async def counted(session: Session, asked: Asked, zone: ZoneInfo) -> Counted:
    """Everything that the tallies say of a period. What is cut by product is kept by the days of the shop's `zone`."""
    cuts = await fitting(session, asked.cut)
    since, until = asked.period.quarters
    if asked.cut.product:
        asked = replace(asked, period=in_shops_days(asked.period, zone))
    days = await _days(session, asked, cuts)
    bounds = (cuts, *asked.period.quarters)
    times: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for kind, seconds, cases in await session.rows(TIMES, *bounds) if "times" in asked.parts else ():
        times[kind][seconds] = int(cases)
    topics = await session.rows(TOPICS, *bounds) if "topics" in asked.parts else ()
    sales = await session.rows(SALES, *bounds) if "sales" in asked.parts else ()
    people = await _people(session, since, until) if "people" in asked.parts else {}
    return Counted(
        counts=_total(days.values()),
        days=days if "days" in asked.parts else {},
        times=times,
        topics=tuple(TopicCount(row[0], int(row[1]), int(row[2]), int(row[3])) for row in topics),
        sales={row[0]: (int(row[1]), amount(int(row[2]))) for row in sales},
        asked=people.get(ASKED, 0),
        answered=people.get(ANSWERED, 0),
    )


def in_shops_days(period: Period, zone: ZoneInfo) -> Period:
    """The same days, whole, as the shop has them."""
    return replace(chosen_period(period.first, period.last, zone), name=period.name)


async def fitting(session: Session, wanted: Cut) -> list[str]:
    """The sums that make up a filter."""
    if wanted == EVERY:
        return [EVERYTHING]
    kind = GOODS if wanted.product else PEOPLE
    rows = await session.rows(CUTS, kind)
    people = Cut(wanted.channel, wanted.tier, wanted.level, wanted.campaign, wanted.product)
    return sorted(row[0] for row in rows if cut_of_sum(row[0]).fits(people))


async def _days(session: Session, asked: Asked, cuts: list[str]) -> dict[date, Counts]:
    whole = [(asked.period.first, *asked.period.quarters)]
    ranges = list(asked.period.each_day()) if "days" in asked.parts else whole
    found = {row[0]: _counts(row[1:]) for row in await session.rows(BY_RANGE, *_columns(ranges), cuts)}
    return {day: found.get(low, dict.fromkeys(COUNTS, 0)) for day, low, _ in ranges}


def _columns(ranges: Sequence[tuple[date, int, int]]) -> tuple[list[int], list[int]]:
    return [low for _, low, _ in ranges], [high for _, _, high in ranges]


def _counts(row: Sequence[int]) -> Counts:
    return dict(zip(COUNTS, map(int, row), strict=True))


def _total(parts: Iterable[Counts]) -> Counts:
    columns = zip(*(part.values() for part in parts), strict=True)
    return dict(zip(COUNTS, map(sum, columns), strict=True)) or dict.fromkeys(COUNTS, 0)


async def _people(session: Session, since: int, until: int) -> dict[str, int]:
    """Customers, each once."""
    return {row[0]: int(row[1]) for row in await session.rows(SPANS, [ASKED, ANSWERED], since, until)}


# ---------------------------------------------------------------- tables by product, channel and so on


async def by_people(session: Session, period: Period, wanted: Cut) -> dict[Cut, Counts]:
    """Counts by who and where."""
    since, until = period.quarters
    cuts = await fitting(session, wanted)
    if wanted == EVERY:
        cuts = sorted(row[0] for row in await session.rows(CUTS, PEOPLE))
    return {cut_of_sum(row[0]): _counts(row[1:]) for row in await session.rows(BY_CUT, cuts, since, until)}


async def by_product(session: Session, period: Period, wanted: Cut, zone: ZoneInfo) -> dict[str, Counts]:
    """Counts by product, by the shop's own days, whoever looks."""
    if wanted == EVERY:
        cuts = sorted(row[0] for row in await session.rows(CUTS, PRODUCT))
        rows = await session.rows(BY_CUT, cuts, *in_shops_days(period, zone).quarters)
        return {row[0].partition("\t")[2]: _counts(row[1:]) for row in rows}
    cuts = [row[0] for row in await session.rows(CUTS, GOODS) if cut_of_sum(row[0]).fits(wanted)]
    found: dict[str, Counts] = {}
    for row in await session.rows(BY_CUT, sorted(cuts), *in_shops_days(period, zone).quarters):
        product, counts = cut_of_sum(row[0]).product, _counts(row[1:])
        found[product] = _total([found[product], counts]) if product in found else counts
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
    """What the biggest spenders spent, exactly: whole classes from the tally, the last one customer by customer."""
    by_class: defaultdict[int, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for one in bins:
        customers, spent = by_class[one.bin]
        by_class[one.bin] = (customers + one.customers, spent + one.spent)
    wanted = places(sum(one.customers for one in bins))
    return {share: await _top(session, currency, by_class, number) for share, number in wanted.items()}


async def _top(session: Session, currency: str, by_class: Mapping[int, tuple[int, Decimal]], number: int) -> Decimal:
    spent, left = Decimal(0), number
    for place in sorted(by_class, reverse=True):
        customers, of_class = by_class[place]
        if customers > left:
            if left:
                low, high = _bounds(place)
                spent += amount(int((await session.rows(RICHEST, currency, low, high, left))[0][0] or 0))
            break
        spent, left = spent + of_class, left - customers
    return spent


def _bounds(place: int) -> tuple[int, int]:
    """The least and the largest amount of a class."""
    return _least(place), _least(place + 1) - 1


def _least(place: int) -> int:
    if place <= 0:
        return -LARGEST
    guess = max(1, int(exp((place - 1) * BIN)) - 2)
    while bin_of(guess) < place:
        guess += 1
    return guess
