"""What lies behind the money: customers with what they spent so far, the biggest spenders first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from zoneinfo import ZoneInfo

from bot.domain.figures.board import Behind, BehindPage
from bot.domain.figures.counting import ANY_CURRENCY, bounds_of_part
from bot.domain.figures.period import midnight, month_of
from storage.codec import amount, micros, moment
from storage.session import Session
from storage.statements import Query

FIFTH = 0.2
AGAIN = "p.orders_n > 1"
COUNTS = {
    "value_per_customer": "TRUE",
    "top_fifth": "(p.spent_n > $6 OR (p.spent_n = $6 AND p.customer_id >= $7))",
    "engaged_spend": "EXISTS (SELECT 1 FROM ask a WHERE a.customer_id = p.customer_id AND a.answered_at IS NOT NULL)",
    "five_more": AGAIN,
}
"""Which of the customers of a currency are in the upper part."""
EVERYBODY = "repeat_rate"
STANDS = "{row}.amount IS NOT NULL AND {row}.refunded_at IS NULL AND {row}.cancelled_at IS NULL"
LATEST_ORDER = (
    "(SELECT max(o.paid_at) FROM purchase o WHERE o.customer_id = p.customer_id AND "  # noqa: S608 - our own names
    + STANDS.format(row="o")
    + "{currency})"
)
CLASSES = Query(
    "SELECT bin, sum(customers_n) FROM tally_value WHERE currency = $1 GROUP BY bin HAVING sum(customers_n) > 0 "
    "ORDER BY bin DESC"
)
PARTS = Query(
    "SELECT part, sum(customers_n) FROM tally_part WHERE currency = $1 AND bin = $2 GROUP BY part "
    "HAVING sum(customers_n) > 0 ORDER BY part DESC"
)
NTH_OF_PART = Query(
    "SELECT spent_n, customer_id FROM purse WHERE currency = $1 AND orders_n > 0 AND spent_n >= $2 AND spent_n <= $3 "
    "ORDER BY spent_n DESC, customer_id DESC LIMIT 1 OFFSET $4"
)
IN_ORDER_OF_CUSTOMERS = "p.currency || ''"
"""Not by the index of what was spent: that is nothing where the currency is any, and all would have to be sorted."""


def query_of(
    counts: str, of: str = "", currency: str = "p.currency", order: str = "p.spent_n DESC, p.customer_id DESC"
) -> Query:
    """Customers with an order, from a place on; $4 chooses those of the upper part alone."""
    return Query(
        f"SELECT p.customer_id, c.name, p.spent_n, p.orders_n, ({counts}), "  # noqa: S608 - our own names
        f"{LATEST_ORDER.format(currency=of)} FROM purse p JOIN customer c ON c.id = p.customer_id "
        f"WHERE {currency} = $1 AND p.orders_n > 0 AND (p.spent_n < $2 OR (p.spent_n = $2 AND p.customer_id < $3)) "
        f"AND (NOT $4::boolean OR ({counts})) ORDER BY {order} LIMIT $5"
    )


QUERIES = {key: query_of(counts, " AND o.currency = $1") for key, counts in COUNTS.items()}
OF_EVERYBODY = query_of(AGAIN, currency=IN_ORDER_OF_CUSTOMERS, order="p.customer_id DESC")
END = 2**62


ORDERS = f"(SELECT count(*) FROM purchase o WHERE o.customer_id = p.customer_id AND {STANDS.format(row='o')})"  # noqa: S608
IN_MONTH = f"b.paid_at >= $5 AND b.paid_at < $6 AND {STANDS.format(row='b')}"
CAME_BACK = (
    f"CASE WHEN $5::bigint = $1::bigint THEN {ORDERS} > 1 "  # noqa: S608
    f"ELSE EXISTS (SELECT 1 FROM purchase b WHERE b.customer_id = p.customer_id AND {IN_MONTH}) END"
)
OF_MONTH = Query(
    f"SELECT p.customer_id, c.name, min(p.paid_at), {ORDERS}, {CAME_BACK} "  # noqa: S608
    "FROM purchase p JOIN customer c ON c.id = p.customer_id "
    f"WHERE p.paid_at >= $1 AND p.paid_at < $2 AND p.customer_id < $3 AND {STANDS.format(row='p')} "
    "AND NOT EXISTS (SELECT 1 FROM purchase e WHERE e.customer_id = p.customer_id AND e.paid_at < $1 "
    f"AND {STANDS.format(row='e')}) AND (NOT $4::boolean OR ({CAME_BACK})) "
    "GROUP BY p.customer_id, c.name ORDER BY p.customer_id DESC LIMIT $7"
)
"""Customers whose first order lies in a month; $5 and $6: the month in which they came back, or the same again."""


def opens(name: str, currency: str) -> bool:
    """Whether customers lie behind this: a currency's own figure, or the repeat rate of everybody."""
    return bool(currency) if name in COUNTS else name == EVERYBODY and not currency


async def behind(session: Session, name: str, currency: str, after: str, limit: int, *, counting: bool) -> BehindPage:
    """A page of the customers that a figure was made from."""
    spent, customer = map(int, after.split("-")) if after else (END, END)
    query = OF_EVERYBODY if currency == ANY_CURRENCY else QUERIES[name]
    more = await _last_of_fifth(session, currency) if name == "top_fifth" else ()
    if spent == END and currency == ANY_CURRENCY:
        spent = 0  # in no currency there is nothing to add up
    rows = await session.rows(query, currency, spent, customer, counting, limit + 1, *more)
    shown = tuple(
        Behind(
            id=row[0],
            customer=row[0],
            name=row[1],
            at=moment(row[5]),
            kind="customer",
            money=amount(int(row[2])) if currency else None,
            currency=currency,
            counts=bool(row[4]),
            orders=int(row[3]),
        )
        for row in rows[:limit]
    )
    return BehindPage(shown, f"{rows[limit - 1][2]}-{rows[limit - 1][0]}" if len(rows) > limit else "")


async def behind_cohort(
    session: Session, part: str, after: str, limit: int, zone: ZoneInfo, *, counting: bool
) -> BehindPage:
    """Customers of a month, and which of them came back `+2` months later (`+0`: ever): `2026-05+2`."""
    month, _, ahead = part.partition("+")
    first = month_of(midnight(date.fromisoformat(f"{month}-01"), zone), zone)
    later = first + int(ahead)
    months = (first, first + 1, later, later + 1)
    bounds = [micros(midnight(date(at // 12, at % 12 + 1, 1), zone)) for at in months]
    place = int(after) if after else END
    rows = await session.rows(OF_MONTH, *bounds[:2], place, counting, *bounds[2:], limit + 1)
    shown = tuple(
        Behind(
            id=customer,
            customer=customer,
            name=name,
            at=moment(paid),
            kind="customer",
            orders=int(orders),
            counts=bool(counts),
        )
        for customer, name, paid, orders, counts in rows[:limit]
    )
    return BehindPage(shown, str(rows[limit - 1][0]) if len(rows) > limit else "")


async def _last_of_fifth(session: Session, currency: str) -> tuple[int, int]:
    """What the last customer of the top 20 % spent, and who it is: whole classes of amounts first, then one by one."""
    classes = [(row[0], int(row[1])) for row in await session.rows(CLASSES, currency)]
    left = ceil(FIFTH * sum(customers for _, customers in classes) - 1e-9)
    place, left = _where(classes, left)
    parts = [(row[0], int(row[1])) for row in await session.rows(PARTS, currency, place)]
    part, left = _where(parts, left)
    low, high = bounds_of_part(place, part)
    found = await session.rows(NTH_OF_PART, currency, low, high, max(0, left - 1))
    return (int(found[0][0]), int(found[0][1])) if found else (END, END)


def _where(numbers: Sequence[tuple[int, int]], left: int) -> tuple[int, int]:
    """The class that the one at a place lies in, and its place there."""
    for place, customers in numbers:
        if left <= customers:
            return place, left
        left -= customers
    return 0, left
