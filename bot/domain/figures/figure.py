"""A figure: a value, the number of cases behind it, and how far off it may be. Hidden below ten cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, lgamma, sqrt

from bot.domain.interval import Z95, wilson

LEAST_CASES = 10
TIME_SHARES = (0.5, 0.9)
"""The quantiles that times are told by."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and the number of cases behind it. `value` is None when there are too few to tell.

    `low` and `high`: in 95 of 100 such shops the true value lies between them; None for figures without an interval.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


def chance(hits: int, of: int, hits_before: int, of_before: int) -> float:
    """How likely chance alone puts so many of all hits into this time rather than before (Fisher's exact test)."""
    all_hits, everything = hits + hits_before, of + of_before
    ways = _log_ways(everything, of)
    return min(1.0, sum(
        exp(_log_ways(all_hits, k) + _log_ways(everything - all_hits, of - k) - ways)
        for k in range(hits, min(of, all_hits) + 1)
        if of - k <= everything - all_hits
    ))  # fmt: skip


def _log_ways(of: int, some: int) -> float:
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)


def figure(value: float, n: int, least: int = LEAST_CASES) -> Figure:
    """A plain number; hidden below `least` cases."""
    return Figure(value if n >= least else None, n)


def share_of(part: int, whole: int, least: int = LEAST_CASES) -> Figure:
    """A proportion with its Wilson interval; hidden below `least` cases."""
    if whole < least:
        return Figure(None, whole)
    share = part / whole
    return Figure(share, whole, *wilson(share, whole))


def mean_of(total: float, squares: float, n: int, least: int = LEAST_CASES) -> Figure:
    """A mean with its normal interval, from the sum of the values and of their squares."""
    if n < max(least, 2):
        return Figure(None, n)
    mean = total / n
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    half = Z95 * sqrt(variance / n)
    return Figure(mean, n, mean - half, mean + half)


def net_promoters(promoters: int, detractors: int, n: int, least: int = LEAST_CASES) -> Figure:
    """NPS from −1 to 1, with the interval of a difference of two shares of one sample."""
    if n < least:
        return Figure(None, n)
    score = (promoters - detractors) / n
    variance = max(0.0, (promoters + detractors) / n - score * score)
    half = Z95 * sqrt(variance / n)
    return Figure(score, n, max(-1.0, score - half), min(1.0, score + half))


def quantile(times: Mapping[int, int], share: float) -> float:
    """The value under which `share` of the counted values lie; the middle of the two when it falls between them."""
    first, last = ranks_of(sum(times.values()), share)
    low = _nth(times, first)
    return (low + _nth(times, last)) / 2 if last > first else float(low)


def ranks_of(n: int, share: float) -> tuple[int, int]:
    """Which of `n` values in order, from 1 on, a quantile is the middle of; twice the same where it is just one."""
    place = share * n
    first = ceil(place)
    return max(first, 1), first + 1 if first == place and 0 < first < n else max(first, 1)


def _nth(times: Mapping[int, int], place: int) -> int:
    seen = 0
    for value in sorted(times):
        seen += times[value]
        if seen >= place:
            return value
    return max(times, default=0)


def time_of(times: Mapping[int, int], share: float, least: int = LEAST_CASES) -> Figure:
    """A quantile of times; hidden below `least` cases."""
    n = sum(times.values())
    return Figure(quantile(times, share) if n >= least else None, n)
