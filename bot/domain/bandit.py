"""Which wording works best: Thompson sampling, a Beta posterior for each (Thompson 1933; Chapelle and Li 2011).

Successes and failures are credited when the window for an answer closes, so that slow repliers count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log
from random import Random

from bot.domain.interval import wilson

POINTS = 1000
HALF_A_STEP = 0.5 / POINTS
"""A share lies this near to its place on the grid."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one wording: `tried` windows have closed, `won` of them reached the goal."""

    won: int = 0
    tried: int = 0


def draw(arms: Mapping[str, Tally], random: Random) -> str:
    """A wording for the next person: each is drawn as often as it is likely to be the best."""
    return max(
        sorted(arms), key=lambda name: random.betavariate(1 + arms[name].won, 1 + arms[name].tried - arms[name].won)
    )


def interval(won: int, tried: int) -> tuple[float, float]:
    """The 95 % interval of a share, from counts."""
    return wilson(won / tried if tried else 0.0, tried)


def chance_above(one: Tally, other: Tally, margin: float = 0.0) -> float:
    """How likely it is that `one`'s true share is above that of `other` by more than `margin`."""
    left, right = _densities(one), _densities(other)
    steps = [(place + 0.5) / POINTS for place in range(POINTS)]
    below, at, chance = 0.0, 0, 0.0
    for share, weight in zip(steps, left, strict=True):
        while at < POINTS and steps[at] < share - margin - HALF_A_STEP:
            below += right[at]
            at += 1
        level = right[at] if at < POINTS and steps[at] < share - margin + HALF_A_STEP else 0.0
        chance += weight * (below + level / 2)
    return chance


def chance_best(arms: Mapping[str, Tally], name: str) -> float:
    """How likely it is that a wording is the best of all."""
    densities = {arm: _densities(tally) for arm, tally in arms.items()}
    sums = dict.fromkeys(arms, 0.0)
    chance = 0.0
    for place in range(POINTS):
        product = densities[name][place]
        for arm in arms:
            if arm != name:
                product *= sums[arm] + densities[arm][place] / 2
            sums[arm] += densities[arm][place]
        chance += product
    return chance


def _densities(tally: Tally) -> list[float]:
    """The posterior Beta(1 + won, 1 + lost) in equal steps, adding up to 1."""
    a, b = 1 + tally.won, 1 + tally.tried - tally.won
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    steps = [(place + 0.5) / POINTS for place in range(POINTS)]
    raw = [exp(scale + (a - 1) * log(x) + (b - 1) * log(1 - x)) for x in steps]
    total = sum(raw)
    return [weight / total for weight in raw] if total else [1 / POINTS] * POINTS
