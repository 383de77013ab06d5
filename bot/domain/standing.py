"""Who matters most: standing by value, the top tier being the Pareto share of customers."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's place among all customers with purchases. `rank` 1 is the most valuable; ties share a rank."""

    value: Decimal = Decimal(0)
    currency: str = ""
    orders: int = 0
    rank: int = 0
    of: int = 0
    top: bool = False


@dataclass(frozen=True, slots=True)
class Rfm:
    """How lately, how often and for how much somebody bought within the window: each 1 to 5, by fifths of all who did.

    5 is the best fifth. Who bought as much as others is in the middle of them.
    """

    recency: int
    frequency: int
    money: int
    last: datetime
    orders: int
    value: Decimal

    @property
    def code(self) -> str:
        """`5-4-4`."""
        return f"{self.recency}-{self.frequency}-{self.money}"


def fifth(below: int, equal: int, number: int) -> int:
    """The fifth in which somebody is who has so many below and (with themselves) so many level with them."""
    return min(5, 1 + int(5 * (below + equal / 2) / number)) if number else 1


@dataclass(frozen=True, slots=True)
class Pareto:
    """The top tier in figures. `least` None = there is none (too few customers). `share`: of all the money.

    `wanted` customers make up the share that the program asks for; `top` are in it, more when some are worth the same.
    `largest`: the share of all the money that one customer brings.
    """

    customers: int
    wanted: int
    top: int
    least: Decimal | None
    share: float
    largest: float


class Ascending(Sequence[Decimal]):
    """Ascending values that know by themselves how many are at most as large as one, faster than by a bisection."""

    __slots__ = ()

    @abstractmethod
    def at_most(self, value: Decimal) -> int:
        """How many are as large or smaller."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The values of all customers with purchases, ascending; the standing of any value is a bisection away.

    The top tier is the smallest set of customers, by value, whose number is at least `top_share` × customers with
    purchases (rounded up), ties included; there is none below `least` customers, and nobody with value 0 is in it.
    """

    values: Sequence[float | Decimal | int] = ()
    currency: str = ""
    top_share: float = 0.2
    least: int = 5

    @classmethod
    def of(cls, values: Iterable[Decimal], currency: str, top_share: float, least: int) -> Ranking:
        """A ranking from values in any order."""
        return cls(sorted(values), currency, top_share, least)

    @property
    def threshold(self) -> Decimal | None:
        """The least value that is in the top tier; None when there is no top tier."""
        number = len(self.values)
        if number < self.least:
            return None
        return Decimal(self.values[number - ceil(self.top_share * number - 1e-9)])

    def standing(self, value: Decimal, orders: int) -> Standing:
        """The standing of a customer with this value in the window."""
        number = len(self.values)
        if orders == 0 or number == 0:
            return Standing(value, self.currency, orders, 0, number)
        values = self.values
        above = number - (values.at_most(value) if isinstance(values, Ascending) else bisect_right(values, value))
        rank = min(above + 1, max(number, 1))
        least = self.threshold
        top = least is not None and value >= least and value > 0
        return Standing(value, self.currency, orders, rank, number, top)

    def explained(self) -> Pareto:
        """Who is in the top tier and why, in figures."""
        number, least = len(self.values), self.threshold
        wanted = ceil(self.top_share * number - 1e-9) if number else 0
        whole = sum((Decimal(value) for value in self.values), Decimal(0))
        top = [Decimal(value) for value in self.values if least is not None and value >= least and value > 0]
        share = float(sum(top, Decimal(0)) / whole) if whole else 0.0
        largest = float(Decimal(self.values[-1]) / whole) if whole else 0.0
        return Pareto(number, wanted, len(top), least, share, largest)

    def share_above(self, value: Decimal) -> int:
        """How many customers have at least this value."""
        return len(self.values) - bisect_left(self.values, value)
