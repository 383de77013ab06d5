"""When somebody buys again, and how likely it is that they never will.

The next purchase: the customer's own rhythm, drawn towards the shop's while little is known of them. The lapse: BG/NBD
(Fader, Hardie and Lee 2005, “Counting Your Customers the Easy Way”): while active, people buy at random at a rate of
their own; after each purchase some leave for good. Its four parameters are fitted to all customers at once.
`benchmarks/lapse.py` holds both against naive guesses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, lgamma, log
from statistics import median

LEAST_REPEATERS = 20
"""Below that nothing is predicted for a shop."""
WEIGHT_OF_SHOP = 1.0
STEPS = 400
A_DAY = 86400.0
A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Habit:
    """`next_at`: the predicted next purchase. `lapse` 0…1: how likely it is that there is none any more."""

    next_at: datetime | None
    lapse: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a shop's customers do together: the middle gap in days, and the parameters of BG/NBD (time in weeks)."""

    gap: float
    r: float
    alpha: float
    a: float
    b: float

    def habit(self, moments: Sequence[datetime], now: datetime) -> Habit:
        """Of somebody who bought at these moments."""
        days = sorted(moment.timestamp() / A_DAY for moment in moments)
        gaps = gaps_of(days)
        expected = (WEIGHT_OF_SHOP * self.gap + sum(gaps)) / (WEIGHT_OF_SHOP + len(gaps))
        last = max(moments)
        return Habit(last + timedelta(days=expected), 1.0 - self.alive(days, now.timestamp() / A_DAY))

    def alive(self, days: Sequence[float], now: float) -> float:
        """The probability that they are still a customer."""
        x, recency, age = summary_of(days, now)
        if x == 0:
            # BG/NBD knows no leaving before the first repeat: here the chance that a first buyer comes back at all.
            return float((self.alpha / (self.alpha + age)) ** self.r)
        ratio = self.a / (self.b + x - 1) * ((self.alpha + age) / (self.alpha + recency)) ** (self.r + x)
        return float(1.0 / (1.0 + ratio))


def gaps_of(days: Sequence[float]) -> list[float]:
    """Days between purchases; several on one day are one."""
    return [later - earlier for earlier, later in pairwise(days) if later - earlier >= 1.0]


def summary_of(days: Sequence[float], now: float) -> tuple[int, float, float]:
    """Repeat purchases, weeks from the first to the last, weeks from the first until now."""
    first = days[0]
    return len(gaps_of(days)), (days[-1] - first) / A_WEEK, max(now - first, days[-1] - first) / A_WEEK


def learn(histories: Sequence[Sequence[datetime]], now: datetime) -> Rhythm | None:
    """From everybody's moments of purchase; None while too few have come back."""
    today = now.timestamp() / A_DAY
    days = [sorted(moment.timestamp() / A_DAY for moment in history) for history in histories if history]
    gaps = [gap for history in days for gap in gaps_of(history)]
    if sum(1 for history in days if gaps_of(history)) < LEAST_REPEATERS:
        return None
    counted = Counter(_rounded(summary_of(history, today)) for history in days)
    r, alpha, a, b = (exp(value) for value in _minimum(lambda at: _cost(at, counted), [0.0, 1.5, 0.0, 1.0]))
    return Rhythm(median(gaps), r, alpha, a, b)


Summary = tuple[int, float, float]


def _rounded(summary: Summary) -> Summary:
    """To whole weeks: people with the same history are counted once."""
    x, recency, age = summary
    return x, float(round(recency)), float(max(round(age), round(recency)))


def _cost(logs: Sequence[float], counted: Counter[Summary]) -> float:
    """Minus the log-likelihood (equation 6 of the paper), with a light weight against runaway parameters."""
    if any(abs(value) > 12 for value in logs):  # noqa: PLR2004 - e**12: no shop is there
        return 1e12
    r, alpha, a, b = (exp(value) for value in logs)
    shapes = {x: _shape(x, r, a, b) for x in {summary[0] for summary in counted}}
    total = 0.0
    for (x, recency, age), number in counted.items():
        base, odds = shapes[x]
        stays = -(r + x) * log(alpha + age)
        if x:
            left = log(odds) - (r + x) * log(alpha + recency)
            top = max(stays, left)
            stays = top + log(exp(stays - top) + exp(left - top))
        total += number * (base + r * log(alpha) + stays)
    return -total + 0.01 * sum(value * value for value in logs)


def _shape(x: int, r: float, a: float, b: float) -> tuple[float, float]:
    base = lgamma(r + x) - lgamma(r) + lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
    return base, a / (b + x - 1) if x else 0.0


def _minimum(cost: Callable[[Sequence[float]], float], start: list[float]) -> list[float]:
    """Nelder and Mead's simplex (1965): four parameters need no more."""
    size = len(start)
    points = [start] + [[v + (0.8 if i == j else 0.0) for j, v in enumerate(start)] for i in range(size)]
    simplex = sorted((cost(point), point) for point in points)
    for _ in range(STEPS):
        if simplex[-1][0] - simplex[0][0] < 1e-6 * (1 + abs(simplex[0][0])):
            break
        middle = [sum(point[i] for _, point in simplex[:-1]) / size for i in range(size)]
        worst = simplex[-1]

        def at(
            by: float, middle: list[float] = middle, worst: tuple[float, list[float]] = worst
        ) -> tuple[float, list[float]]:
            point = [m + by * (m - w) for m, w in zip(middle, worst[1], strict=True)]
            return cost(point), point

        tried = at(1.0)
        if tried[0] < simplex[0][0]:
            tried = min(tried, at(2.0))
        elif tried[0] >= simplex[-2][0]:
            tried = at(0.5) if tried[0] < worst[0] else at(-0.5)
        if tried[0] < worst[0]:
            simplex[-1] = tried
        else:
            best = simplex[0][1]
            shrunk = [[(v + b) / 2 for v, b in zip(point, best, strict=True)] for _, point in simplex[1:]]
            simplex = [simplex[0], *((cost(point), point) for point in shrunk)]
        simplex.sort()
    return simplex[0][1]
