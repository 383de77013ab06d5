"""When somebody buys again, and how likely it is that they don't.

The next purchase: the customer's own rhythm, drawn towards the shop's while little is known of them. The lapse: BG/NBD
(Fader, Hardie and Lee 2005, “Counting Your Customers the Easy Way”): while active, people buy at random at a rate of
their own; after each purchase some leave for good. Its four parameters are fitted to all customers at once.
`benchmarks/lapse.py` holds both against naive guesses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp, lgamma, log
from statistics import median
from typing import NamedTuple

LEAST_REPEATERS = 20
"""Below that nothing is predicted for a shop."""
WEIGHT_OF_SHOP = 1.0
SOON = 180.0
"""Who doesn't come within so many days has lapsed."""
STEPS = 400
A_DAY = 86400.0
A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Habit:
    """What is expected of one customer.

    `next_day`: the predicted next purchase, in days since 1970. `lapse` 0…1: how likely it is that none comes in SOON.
    """

    next_day: float
    lapse: float

    @property
    def next_at(self) -> datetime:
        """The same as a moment."""
        return datetime.fromtimestamp(self.next_day * A_DAY, UTC)


class History(NamedTuple):
    """Of one customer: on how many further days they came back, and their first and latest purchase, in days."""

    repeats: int
    first: float
    last: float

    @classmethod
    def of(cls, moments: Sequence[datetime]) -> History:
        """Several purchases on one day are one."""
        days = [moment.timestamp() / A_DAY for moment in moments]
        return cls(len({int(day) for day in days}) - 1, min(days), max(days))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a shop's customers do together: the usual gap in days, and the parameters of BG/NBD (time in weeks)."""

    gap: float
    r: float
    alpha: float
    a: float
    b: float

    def habit(self, history: History, now: float) -> Habit:
        """What is to be expected of somebody; `now` in days."""
        return Habit(self.next_day(history), self.lapse(history, now))

    def next_day(self, history: History) -> float:
        """When somebody is expected, in days."""
        expected = (WEIGHT_OF_SHOP * self.gap + history.last - history.first) / (WEIGHT_OF_SHOP + history.repeats)
        return history.last + expected

    def lapse(self, history: History, now: float) -> float:
        """How likely it is that somebody doesn't come in SOON; `now` in days."""
        return 1.0 - self.comes(history, now, SOON)

    def comes(self, history: History, now: float, within: float) -> float:
        """The probability of a purchase in the next days: still a customer, and not just slow."""
        x, recency = history.repeats, (history.last - history.first) / A_WEEK
        age = max((now - history.first) / A_WEEK, recency)
        ratio = 0.0
        if x:  # nobody leaves before the first repeat, says the model
            ratio = self.a / (self.b + x - 1) * ((self.alpha + age) / (self.alpha + recency)) ** (self.r + x)
        slow = ((self.alpha + age) / (self.alpha + age + within / A_WEEK)) ** (self.r + x)
        return float((1.0 - slow) / (1.0 + ratio))


def days_of(moment: datetime) -> float:
    """Days since 1970."""
    return moment.timestamp() / A_DAY


def learn(histories: Iterable[History], now: float) -> Rhythm | None:
    """From everybody; None while too few have come back. The usual gap is the middle one of those who did."""
    known = list(histories)
    gaps = [(one.last - one.first) / one.repeats for one in known if one.repeats > 0]
    if len(gaps) < LEAST_REPEATERS:
        return None
    counted = Counter(_rounded(one, now) for one in known)
    weeks = {span for summary in counted for span in summary[1:]}
    r, alpha, a, b = (exp(value) for value in _minimum(lambda at: _cost(at, counted, weeks), [0.0, 1.5, 0.0, 1.0]))
    return Rhythm(median(gaps), r, alpha, a, b)


Summary = tuple[int, float, float]


def _rounded(history: History, now: float) -> Summary:
    """To whole weeks: people with the same history are counted once."""
    recency = round((history.last - history.first) / A_WEEK)
    return history.repeats, float(recency), float(max(round((now - history.first) / A_WEEK), recency))


def _cost(logs: Sequence[float], counted: Counter[Summary], weeks: Iterable[float]) -> float:
    """Minus the log-likelihood (equation 6 of the paper), with a light weight against runaway parameters.

    `weeks`: all recencies and ages; each logarithm is taken once.
    """
    if any(abs(value) > 12 for value in logs):  # noqa: PLR2004 - e**12: no shop is there
        return 1e12
    r, alpha, a, b = (exp(value) for value in logs)
    shapes = {x: _shape(x, r, a, b) for x in {summary[0] for summary in counted}}
    spans = {span: log(alpha + span) for span in weeks}
    start, total = r * log(alpha), 0.0
    for (x, recency, age), number in counted.items():
        base, odds = shapes[x]
        stays = -(r + x) * spans[age]
        if x:
            left = odds - (r + x) * spans[recency]
            low, top = (stays, left) if stays < left else (left, stays)
            stays = top + log(1.0 + exp(low - top))
        total += number * (base + start + stays)
    return -total + 0.01 * sum(value * value for value in logs)


def _shape(x: int, r: float, a: float, b: float) -> tuple[float, float]:
    """What depends on the number of repeats alone; the second is a logarithm."""
    base = lgamma(r + x) - lgamma(r) + lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
    return base, log(a / (b + x - 1)) if x else 0.0


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
