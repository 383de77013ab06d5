"""Who matters most: the values of all customers in memory, each turn's own customers fresh from the database."""

from __future__ import annotations

import asyncio
import time
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import overload

from bot.domain.purchase import Purchase
from bot.domain.standing import Ascending, Ranking, Rfm, fifth
from bot.program import Value
from storage import codec
from storage.codec import amount, micros
from storage.session import Engine, Row, Session
from storage.statements import Query

SMALL_SHOP = 2_000
WAIT_FOR_S = 0.05
TIMES_ITS_COST = 20
LONGEST_S = 3600.0
UNHEARD_S = 1.0

VALUES = Query(
    "SELECT customer_id, currency, sum(amount), count(*) FROM purchase WHERE paid_at >= $1 AND refunded_at IS NULL "
    "AND cancelled_at IS NULL GROUP BY customer_id, currency"
)
OWN_VALUES = Query(
    "SELECT customer_id, currency, sum(amount), count(*) FROM purchase WHERE customer_id = ANY($2) AND paid_at >= $1 "
    "AND refunded_at IS NULL AND cancelled_at IS NULL GROUP BY customer_id, currency"
)


class Amounts(Ascending):
    """Sorted amounts, eight bytes each, read as Decimals."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Iterable[int]) -> None:
        self._numbers = array("q", sorted(numbers))

    def __len__(self) -> int:
        return len(self._numbers)

    def at_most(self, value: Decimal) -> int:
        """How many are as large or smaller."""
        return bisect_right(self._numbers, codec.units(value))

    @overload
    def __getitem__(self, place: int) -> Decimal: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Decimal]: ...
    def __getitem__(self, place: int | slice) -> Decimal | Sequence[Decimal]:
        if isinstance(place, slice):
            return [amount(number) for number in self._numbers[place]]
        return amount(self._numbers[place])


def converted(number: int, currency: str, policy: Value) -> int:
    """Ten-thousandths in the program's currency; 0 for a currency without a rate."""
    if currency == policy.currency:
        return number
    rate = policy.rates.get(currency)
    return 0 if rate is None else round(number * rate)


def values_of(rows: Iterable[Row], policy: Value) -> dict[int, tuple[int, int]]:
    """Customer → (value in ten-thousandths, orders), from (customer, currency, sum, count)."""
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for customer, currency, total, count in rows:
        value, orders = found[customer]
        found[customer] = (value + converted(int(total or 0), currency, policy), orders + count)
    return found


def value_of(purchases: Iterable[Purchase], since: datetime, policy: Value) -> tuple[int, int]:
    """(value in ten-thousandths, orders) of somebody whose purchases are all at hand."""
    sums: defaultdict[str, int] = defaultdict(int)
    orders = 0
    for purchase in purchases:
        if purchase.stands and purchase.paid_at is not None and purchase.paid_at >= since:
            orders += 1
            if purchase.total:
                sums[purchase.total.currency] += codec.units(purchase.total.amount)
    return sum(converted(total, currency, policy) for currency, total in sums.items()), orders


async def own_values(
    session: Session, customers: list[int], since: datetime, policy: Value
) -> Mapping[int, tuple[int, int]]:
    """(value, orders) of a few customers."""
    return values_of(await session.rows(OWN_VALUES, micros(since), customers), policy)


IN_WINDOW = (
    "SELECT customer_id AS who, max(paid_at) AS last, count(*) AS orders FROM purchase WHERE paid_at >= $1 "
    "AND refunded_at IS NULL AND cancelled_at IS NULL GROUP BY customer_id"
)
AMONG_ALL = Query(
    f"WITH one AS ({IN_WINDOW}) SELECT me.last, me.orders, "  # noqa: S608 - our own names
    "(SELECT count(*) FROM one), (SELECT count(*) FROM one o WHERE o.last < me.last), "
    "(SELECT count(*) FROM one o WHERE o.last = me.last), (SELECT count(*) FROM one o WHERE o.orders < me.orders), "
    "(SELECT count(*) FROM one o WHERE o.orders = me.orders) FROM one me WHERE me.who = $2"
)


class RankingMemory:
    """The ranking of all customers, made again when purchases changed, but never more than a twentieth of the time.

    A small shop (up to 2,000 customers) sees every order at once; one of a million customers within a minute.
    """

    def __init__(
        self, engine: Engine, policy: Value, seconds: Callable[[], float] = time.monotonic, lasts: float = 0.0
    ) -> None:
        self._engine = engine
        self._lasts = lasts
        self._policy = policy
        self._seconds = seconds
        self._ranking = Ranking((), policy.currency, policy.top_share, policy.least_customers)
        self._changed = True
        self._made_at = float("-inf")
        self._cost = 0.0
        self._making: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """Purchases changed."""
        self._changed = True

    async def current(self, now: datetime) -> Ranking:
        """The ranking, as fresh as is cheap."""
        if self._is_due() and self._making is None:
            if self._cost <= WAIT_FOR_S or len(self._ranking.values) <= SMALL_SHOP:
                await self._make(now)
            else:
                self._making = asyncio.create_task(self._make_beside(now), name="ranking")
        return self._ranking

    async def close(self) -> None:
        """Stop what is being made."""
        if self._making:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)

    def _is_due(self) -> bool:
        age = self._seconds() - self._made_at
        if age < self._lasts:
            return False
        if not self._changed:
            return age > (LONGEST_S if self._engine.hears_others else UNHEARD_S)
        return len(self._ranking.values) <= SMALL_SHOP or age > TIMES_ITS_COST * self._cost

    async def _make_beside(self, now: datetime) -> None:
        try:
            await self._make(now)
        finally:
            self._making = None

    async def _make(self, now: datetime) -> None:
        began = self._seconds()
        self._changed = False
        try:
            self._ranking = await self._engine.read(make_ranking, now - self._policy.window, self._policy)
        except BaseException:
            self._changed = True
            raise
        self._made_at = self._seconds()
        self._cost = self._made_at - began


async def make_ranking(session: Session, since: datetime, policy: Value) -> Ranking:
    """The values of all customers with standing purchases in the window."""
    sums: defaultdict[int, int] = defaultdict(int)
    for customer, currency, total, _ in await session.rows(VALUES, micros(since)):
        sums[customer] += converted(int(total or 0), currency, policy)
    values = Amounts(sums.values())
    return Ranking(values, policy.currency, policy.top_share, policy.least_customers)


async def read_rfm(session: Session, customer: int, since: datetime, ranking: Ranking, policy: Value) -> Rfm | None:
    """Where one customer stands among all who bought in the window; None for one who didn't."""
    rows = await session.rows(AMONG_ALL, micros(since), customer)
    if not rows:
        return None
    last, orders, people, *counted = rows[0]
    value, _ = (await own_values(session, [customer], since, policy)).get(customer, (0, 0))
    money = codec.amount(value)
    below = bisect_left(ranking.values, money)
    equal = bisect_right(ranking.values, money) - below
    earlier, same_time, fewer, as_many = (int(number) for number in counted)
    return Rfm(
        recency=fifth(earlier, same_time, people),
        frequency=fifth(fewer, as_many, people),
        money=fifth(below, equal, len(ranking.values)),
        last=codec.moment(last), orders=int(orders), value=money,
    )  # fmt: skip
