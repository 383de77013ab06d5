"""The mood over time: days, weeks or months, whichever is the finest that has enough to say; and where it is lowest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.figures.board import (
    Counted,
    Counts,
    Theme,
    Topic,
    TopicCount,
    counted_figures,
    summed,
)
from bot.domain.figures.figure import Figure

MOST_POINTS = 62
"""More points than that are not told apart on a page."""


class Step(StrEnum):
    """How long one point of a series is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days, both included, and what was counted in them."""

    first: date
    last: date
    counts: Counts

    @property
    def mood(self) -> Figure:
        """The mean mood of its messages; hidden when they are too few."""
        return counted_figures(self.counts)["sentiment"]


def begins(day: date, step: Step) -> date:
    """The day that the stretch of `day` begins with; weeks begin on Mondays."""
    if step is Step.DAY:
        return day
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day.replace(day=1)


def stretches(days: Mapping[date, Counts], step: Step) -> tuple[Stretch, ...]:
    """The days in stretches, oldest first. The first and the last may be cut short by the period."""
    found: dict[date, list[date]] = {}
    for day in sorted(days):
        found.setdefault(begins(day, step), []).append(day)
    return tuple(Stretch(of[0], of[-1], summed(days[day] for day in of)) for of in found.values())


def series(days: Mapping[date, Counts]) -> tuple[Step, tuple[Stretch, ...]]:
    """The finest step of which half of the stretches with messages can be told; else the coarsest with several."""
    found = [(step, stretches(days, step)) for step in Step]
    fitting = [(step, parts) for step, parts in found if 1 < len(parts) <= MOST_POINTS] or found[-1:]
    return next(((step, parts) for step, parts in fitting if _mostly_told(parts)), fitting[-1])


def _mostly_told(parts: Sequence[Stretch]) -> bool:
    said = [part for part in parts if part.counts["scored"]]
    return bool(said) and 2 * sum(part.mood.value is not None for part in said) >= len(said)


def lowest(parts: Sequence[Stretch]) -> Stretch | None:
    """The stretch with the worst mood, when that is surely worse than the mood of all the others together."""
    told = [part for part in parts if part.mood.value is not None]
    if len(told) < 2:  # noqa: PLR2004 - nothing to be lower than
        return None
    worst = min(told, key=lambda part: part.mood.value or 0.0)
    others = counted_figures(summed(part.counts for part in parts if part is not worst))["sentiment"]
    mood = worst.mood
    return worst if mood.high is not None and others.low is not None and mood.high < others.low else None


def without(whole: Counted, part: Counted) -> Counted:
    """What was said of topics outside of a part of the days."""
    inside = {one.topic: one for one in part.topics}
    left = []
    for one in whole.topics:
        taken = inside.get(one.topic, TopicCount(one.topic))
        rest = (one.happy - taken.happy, one.neutral - taken.neutral, one.sad - taken.sad)
        left.append(TopicCount(one.topic, *rest))
    counts = {name: count - part.counts[name] for name, count in whole.counts.items()}
    return Counted(counts=counts, topics=tuple(left))


def cause_of(themes: Iterable[Theme], topics: Iterable[Topic]) -> str:
    """What a low came from: the words that rose most among unhappy people, else the topic that surely got worse."""
    sad = [theme for theme in themes if theme.quotes and sum(quote.mood for quote in theme.quotes) < 0]
    if sad:
        return max(sad, key=lambda theme: (theme.z, theme.now)).words
    worse = [one for one in topics if one.sad_share.clear and (one.sad_share.by or 0.0) > 0]
    return max(worse, key=lambda one: one.sad).topic.replace("_", " ") if worse else ""
