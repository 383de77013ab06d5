"""What customers are worth: from how many spent how much. Never across currencies, but by the program's own rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from bot.domain.figures.definitions import ENGAGED_LITERATURE
from bot.domain.figures.figure import LEAST_CASES, Figure, figure, share_of

TOP_SHARE = 0.2
FIVE_MORE = Decimal("0.05")
CURVE = tuple(step / 10 for step in range(1, 11))


@dataclass(frozen=True, slots=True)
class ValueBin:
    """Customers of one currency whose spending lies in one class of amounts."""

    engaged: bool
    again: bool
    bin: int
    customers: int
    orders: int
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first order lies in a month (`2026-11`), and which share of them bought in each later month."""

    month: str
    customers: int
    repeat: Figure
    later: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """What is known of one currency. `engaged_premium` is a share: 0.2 = a fifth more.

    `curve`: (share of customers, share of money), richest first. `converted`: the currencies (with their rates) that
    went into it; empty where nothing was converted.
    """

    currency: str
    customers: int
    orders: int
    spent: Decimal
    value_per_customer: Figure
    top_fifth: Figure
    curve: tuple[tuple[float, float], ...]
    engaged: Figure
    not_engaged: Figure
    engaged_premium: Figure
    five_more: Figure
    literature: float = ENGAGED_LITERATURE
    converted: tuple[tuple[str, Decimal], ...] = ()


def money_of(currency: str, bins: Sequence[ValueBin], tops: Mapping[float, Decimal]) -> Money:
    """`tops`: share of customers → what that many of the biggest spenders spent, exactly."""
    customers, spent = sum(one.customers for one in bins), _spent(bins)
    engaged = [one for one in bins if one.engaged]
    others = [one for one in bins if not one.engaged]
    rich = _mean(engaged)
    plain = _mean(others)
    least = min(rich.n, plain.n)
    premium = rich.value / plain.value - 1 if rich.value is not None and plain.value else None
    top = tops.get(TOP_SHARE, Decimal(0))
    return Money(
        currency=currency,
        customers=customers,
        orders=sum(one.orders for one in bins),
        spent=spent,
        value_per_customer=_mean(bins),
        top_fifth=figure(float(top / spent) if spent else 0.0, customers),
        curve=tuple((share, float(amount / spent)) for share, amount in sorted(tops.items())) if spent else (),
        engaged=rich,
        not_engaged=plain,
        engaged_premium=Figure(premium, least),
        five_more=_five_more(bins, customers),
    )


def _spent(bins: Sequence[ValueBin]) -> Decimal:
    return sum((one.spent for one in bins), Decimal(0))


def _mean(bins: Sequence[ValueBin]) -> Figure:
    customers = sum(one.customers for one in bins)
    return figure(float(_spent(bins) / customers) if customers else 0.0, customers)


def _five_more(bins: Sequence[ValueBin], customers: int) -> Figure:
    again = [one for one in bins if one.again]
    once = [one for one in bins if not one.again]
    returning, single = (sum(one.customers for one in part) for part in (again, once))
    if min(returning, single) < LEAST_CASES:
        return Figure(None, min(returning, single))
    more = _spent(again) / returning - _spent(once) / single
    return Figure(float(FIVE_MORE * customers * more), customers)


def repeat_rate(bins: Sequence[ValueBin]) -> Figure:
    """Customers with two orders or more, of all with one, whatever the currency."""
    return share_of(sum(one.customers for one in bins if one.again), sum(one.customers for one in bins))


def converted(per_currency: Sequence[Money], currency: str, rates: Mapping[str, Decimal]) -> Money | None:
    """All currencies in the program's own, by its rates: sums and means only, since a fifth can't be told from sums.

    None when nothing is to be converted, or nothing can be.
    """
    able = [one for one in per_currency if one.currency == currency or one.currency in rates]
    if not any(one.currency != currency for one in able):
        return None
    rate = {one.currency: rates.get(one.currency, Decimal(1)) for one in able}
    spent = sum((one.spent * rate[one.currency] for one in able), Decimal(0))
    hidden = Figure(None, 0)
    return Money(
        currency, sum(one.customers for one in able), sum(one.orders for one in able), spent, hidden, hidden, (),
        hidden, hidden, hidden, hidden, converted=tuple((name, rate[name]) for name in rate if name != currency),
    )  # fmt: skip


def places(customers: int) -> dict[float, int]:
    """How many of the biggest spenders make up each share of the curve, rounded up to whole people."""
    return {share: ceil(share * customers - 1e-9) for share in CURVE}


def cohorts_of(rows: Sequence[tuple[int, int, int, int]], this_month: int, most: int = 12) -> tuple[Cohort, ...]:
    """From (month, months later, customers, of them with two orders); the latest cohorts, oldest first."""
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for month, later, customers, again in rows:
        found.setdefault(month, {})[later] = (customers, again)
    shown = sorted(month for month in found if month > this_month - most and found[month].get(0, (0, 0))[0])
    return tuple(_cohort(month, found[month], this_month) for month in shown)


def _cohort(month: int, later: Mapping[int, tuple[int, int]], this_month: int) -> Cohort:
    size, again = later[0]
    back = tuple(share_of(later.get(ahead, (0, 0))[0], size) for ahead in range(1, this_month - month + 1))
    return Cohort(f"{month // 12}-{month % 12 + 1:02}", size, share_of(again, size), back)
