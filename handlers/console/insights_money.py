"""What customers are worth, in words: per currency, never mixed but by the program's own rates, and then said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.figures.board import Change
from bot.domain.figures.definitions import DEFINITIONS, Unit
from bot.domain.figures.figure import Figure
from bot.domain.figures.money import Cohort, Money
from handlers.console.insights import (
    amount_words,
    change_words,
    few_words,
    figure_view,
    percent,
    range_words,
    value_words,
)
from handlers.console.insights_charts import pareto_rows

CAVEAT = "This goes together; it doesn't show that one brings the other: people who buy more also have more to answer."
SOURCE = "Gallup, 2014: fully engaged customers bring 23 % more than the average customer"


def alone(figure: Figure) -> Change:
    """A figure of everything so far: there is no time before."""
    return Change(figure, Figure(None, 0))


def money_view(found: Sequence[Money], currency: str) -> list[dict[str, Any]]:
    """A part for each currency, the program's own first; what was converted is told in a line of its own."""
    own = sorted((one for one in found if not one.converted), key=lambda one: (one.currency != currency, one.currency))
    return [
        {
            "currency": one.currency,
            "basis": f"{one.customers:,} customers, {one.orders:,} orders, {amount_words(one.spent, one.currency)}",
            "figures": [
                figure_view(key, alone(figure), compare=False, currency=one.currency)
                for key, figure in (
                    ("value_per_customer", one.value_per_customer),
                    ("top_fifth", one.top_fifth),
                    ("five_more", one.five_more),
                )
            ],
            "engaged": engaged_view(one),
            "curve": pareto_rows(one.curve),
        }
        for one in own
    ]


def engaged_view(money: Money) -> dict[str, Any]:
    """What customers who answer spent beside those who never did, and beside what is written elsewhere."""
    premium, currency = money.engaged_premium, money.currency
    answer, silent = (value_words(one.value, Unit.MONEY, currency) for one in (money.engaged, money.not_engaged))
    if premium.value is None:
        told = few_words(premium)
    else:
        more = "more" if premium.value >= 0 else "less"
        told = f"{percent(abs(premium.value))} {more}"
    bars = [("who answer", money.engaged), ("who never did", money.not_engaged)]
    most = max((figure.value or 0.0 for _, figure in bars), default=0.0)
    return {
        "means": DEFINITIONS["engaged_spend"].means,
        "behind": f"engaged_spend:{currency}",
        "value": told,
        "hidden": premium.value is None,
        "against": f"{answer} against {silent} each",
        "bars": [
            {
                "name": name,
                "value": value_words(figure.value, Unit.MONEY, currency),
                "n": f"n = {figure.n:,}",
                "share": figure.value / most if figure.value and most else 0.0,
            }
            for name, figure in bars
        ],
        "literature": percent(money.literature),
        "source": SOURCE,
        "caveat": CAVEAT,
    }


def converted_words(found: Iterable[Money]) -> str:
    """Everything in the program's currency, by its rates; "" where nothing is converted."""
    for one in found:
        if one.converted:
            rates = ", ".join(f"1 {name} = {rate.normalize():f} {one.currency}" for name, rate in one.converted)
            spent = amount_words(one.spent, one.currency)
            return f"All together {spent} from {one.orders:,} orders, by the rates of your program ({rates})."
    return ""


def sales_view(sales: Mapping[str, Change], own: str, *, compare: bool) -> list[dict[str, Any]]:
    """Money of the period, per currency, the program's own first."""
    return [
        {
            "currency": currency,
            "value": value_words(change.now.value, Unit.MONEY, currency),
            "of": f"{change.now.n:,} orders",
            "by": change_words(change, Unit.MONEY, currency) if compare else "",
        }
        for currency, change in sorted(sales.items(), key=lambda sale: (sale[0] != own, sale[0]))
    ]


def cohorts_view(cohorts: Sequence[Cohort]) -> dict[str, Any]:
    """A line for each month; a cell for each later month, empty where it has not come yet."""
    width = max((len(one.later) for one in cohorts), default=0)
    return {
        "ahead": list(range(1, width + 1)),
        "rows": [
            {
                "month": month_words(one.month),
                "customers": f"{one.customers:,}",
                "repeat": _cell(one.repeat, one.month, 0),
                "later": [_cell(figure, one.month, ahead) for ahead, figure in enumerate(one.later, start=1)],
            }
            for one in cohorts
        ],
    }


def _cell(figure: Figure, month: str, ahead: int) -> dict[str, Any]:
    key = f"retention:{month}+{ahead}"
    if figure.value is None:
        return {"key": key, "value": "·", "share": 0, "tip": few_words(figure)}
    return {
        "key": key,
        "value": percent(figure.value),
        "share": round(figure.value, 3),
        "tip": f"{round(figure.value * figure.n):,} of {figure.n:,} · likely {range_words(figure, Unit.SHARE)}",
    }


def cohort_words(part: str) -> str:
    """`2026-05+2` → `First order in May 2026, 2 months later`."""
    month, _, ahead = part.partition("+")
    later = {"": "", "0": "", "1": ", a month later"}.get(ahead, f", {ahead} months later")
    return f"First order in {month_words(month)}{later}"


def month_words(month: str) -> str:
    """`Nov 2026`."""
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"
