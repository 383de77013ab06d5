"""What came of a campaign: its wordings beside the hold-out, and whether it must stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.bandit import Tally, chance_above, chance_best, interval
from bot.program import HOLD_OUT, Campaign, Outreach

LEAST_SENT = 20
"""Nothing is concluded about harm before so many were spoken to."""
NOBODY = Tally(0, 1000)
"""Without a hold-out: as if hardly anybody ever left by themselves."""


@dataclass(frozen=True, slots=True)
class Result:
    """One wording (or the hold-out). `out`: sent, or held. `closed` windows count for the goal; harm counts at once."""

    variant: str
    planned: int = 0
    out: int = 0
    skipped: int = 0
    closed: int = 0
    won: int = 0
    answered: int = 0
    bought: int = 0
    left: int = 0
    soured: int = 0

    def __add__(self, other: Result) -> Result:
        return Result(
            self.variant,
            *(getattr(self, n) + getattr(other, n) for n in self.__slots__ if n != "variant"),
        )


Results = Mapping[str, Result]


def tallies(results: Results) -> dict[str, Tally]:
    """What the bandit learns from: closed windows alone."""
    return {name: Tally(one.won, one.closed) for name, one in results.items() if name != HOLD_OUT}


def treated(results: Results) -> Result:
    """Everybody who was spoken to."""
    total = Result("all")
    for name, one in results.items():
        if name != HOLD_OUT:
            total += one
    return total


def harm_in(results: Results, rules: Outreach) -> str:
    """Why a campaign must stop: more people leave, or their mood gets worse, than in the hold-out, beyond doubt."""
    spoken, held = treated(results), results.get(HOLD_OUT, Result(HOLD_OUT))
    if spoken.out < LEAST_SENT:
        return ""
    for count, words in (("left", "ask for no more"), ("soured", "are unhappier afterwards")):
        ours = Tally(getattr(spoken, count), spoken.out)
        base = Tally(getattr(held, count), held.out) if held.out else NOBODY
        plain = ours.won / ours.tried - base.won / base.tried  # beyond doubt it can only be when it plainly is
        if plain > rules.stop_above and chance_above(ours, base, rules.stop_above) > rules.sure:
            beside = f" against {base.won} of {base.tried} left alone" if held.out else ""
            share = f"{ours.won} of {ours.tried}{beside}"
            return f"more people {words}: {share}"
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `low`/`high`: the 95 % interval of `share`. `best`: the chance to be the best wording."""

    variant: str
    out: int
    closed: int
    share: float | None
    low: float
    high: float
    best: float | None
    bought: int
    left: int
    soured: int


def report_lines(campaign: Campaign, results: Results) -> list[Line]:
    """Each wording, then the hold-out."""
    arms = {one.name: tallies(results).get(one.name, Tally()) for one in campaign.variant}
    lines = []
    for name in (*arms, HOLD_OUT):
        one = results.get(name, Result(name))
        low, high = interval(one.won, one.closed)
        share = one.won / one.closed if one.closed else None
        best = chance_best(arms, name) if name in arms and len(arms) > 1 else None
        lines.append(Line(name, one.out, one.closed, share, low, high, best, one.bought, one.left, one.soured))
    return lines


def lift(results: Results) -> tuple[float, float, float] | None:
    """How much more often than in the hold-out the goal is reached, with its 95 % interval (Newcombe 1998)."""
    spoken, held = treated(results), results.get(HOLD_OUT, Result(HOLD_OUT))
    if not spoken.closed or not held.closed:
        return None
    ours, base = spoken.won / spoken.closed, held.won / held.closed
    low, high = interval(spoken.won, spoken.closed)
    base_low, base_high = interval(held.won, held.closed)
    down = ((ours - low) ** 2 + (base_high - base) ** 2) ** 0.5
    up = ((high - ours) ** 2 + (base - base_low) ** 2) ** 0.5
    return ours - base, ours - base - down, ours - base + up


def report_json(campaign: Campaign, results: Results, stopped: str | None) -> dict[str, Any]:
    """For other programs."""
    found = lift(results)
    spoken = treated(results)
    return {
        "campaign": campaign.name,
        "goal": campaign.goal,
        "state": "stopped" if stopped is not None else "running",
        "why": stopped or None,
        "planned": spoken.planned,
        "sent": spoken.out,
        "skipped": spoken.skipped,
        "variants": [
            {
                "variant": line.variant,
                "sent": line.out,
                "closed": line.closed,
                "share": line.share,
                "interval": [line.low, line.high] if line.closed else None,
                "chance_best": line.best,
                "bought": line.bought,
                "left": line.left,
                "unhappier": line.soured,
            }
            for line in report_lines(campaign, results)
        ],
        "lift": {"difference": found[0], "interval": [found[1], found[2]]} if found else None,
    }
