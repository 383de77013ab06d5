"""The summary: what managers read. Definitions are the field's own; a figure under ten cases is hidden.

Response rate = answered asks ÷ delivered asks (in the period). CSAT = 4s and 5s ÷ rated. First human response =
customer's need → first word of a person, median; bot replies never count. All: `bot.domain.figures.definitions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bot.domain.figures.board import Counted, reasons_of
from bot.domain.figures.counting import FIRST_HUMAN, SCORE_UNITS
from bot.domain.figures.figure import Figure, figure

PERIODS = {"today": None, "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts of a period. `asked`/`answered` count distinct customers; `asks_sent`/`asks_answered` delivered asks.

    `answers` are customers' answers (one per customer and purchase: the last); `unhappy` those that count as unhappy.
    `ratings`: how many of 1…5. `scores`: sum and number of scored texts. `first_human_s`: seconds per case.
    """

    asks_sent: int = 0
    asked: int = 0
    answered: int = 0
    ratings: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    answers: int = 0
    unhappy: int = 0
    score_sum: float = 0.0
    scored: int = 0
    cases_opened: int = 0
    cases_resolved: int = 0
    cases_open_now: int = 0
    first_human_s: Sequence[float] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    recovered: int = 0
    asked_again: int = 0
    asks_answered: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that the words, the chart and the JSON are made from."""

    period: str
    since: datetime
    until: datetime
    asks_sent: int
    asks_answered: int
    answered: int
    asked: int
    response_rate: Figure
    average_rating: Figure
    csat: Figure
    unhappy: int
    unhappy_share: Figure
    sentiment: Figure
    cases_opened: int
    cases_resolved: int
    cases_open_now: int
    first_human_response_median_s: Figure
    recovered: Figure
    reasons: tuple[tuple[str, int], ...]
    ratings: tuple[int, int, int, int, int]

    def as_json(self) -> dict[str, Any]:
        """The outer interface's form: hidden figures are null, each figure's n stands beside it."""
        flat: dict[str, Any] = {}
        for name, value in asdict(self).items():
            if isinstance(getattr(self, name), Figure):
                flat[name] = value["value"]
                flat[f"{name}_n"] = value["n"]
            else:
                flat[name] = value
        flat["since"], flat["until"] = self.since.isoformat(), self.until.isoformat()
        flat["reasons"] = dict(self.reasons)
        return flat


def build_summary(tallies: Tallies, period: str, since: datetime, until: datetime) -> Summary:
    """The one place where figures are made."""
    rated = sum(tallies.ratings)
    total = sum(stars * count for stars, count in enumerate(tallies.ratings, start=1))
    times = tallies.first_human_s
    return Summary(
        period=period,
        since=since,
        until=until,
        asks_sent=tallies.asks_sent,
        asks_answered=tallies.asks_answered,
        answered=tallies.answered,
        asked=tallies.asked,
        response_rate=figure(_share(tallies.asks_answered, tallies.asks_sent), tallies.asks_sent),
        average_rating=figure(_share(total, rated), rated),
        csat=figure(_share(tallies.ratings[3] + tallies.ratings[4], rated), rated),
        unhappy=tallies.unhappy,
        unhappy_share=figure(_share(tallies.unhappy, tallies.answers), tallies.answers),
        sentiment=figure(_share(tallies.score_sum, tallies.scored), tallies.scored),
        cases_opened=tallies.cases_opened,
        cases_resolved=tallies.cases_resolved,
        cases_open_now=tallies.cases_open_now,
        first_human_response_median_s=figure(median(times) if times else 0.0, len(times)),
        recovered=figure(_share(tallies.recovered, tallies.asked_again), tallies.asked_again),
        reasons=tuple(sorted(tallies.reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        ratings=tallies.ratings,
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def period_start(period: str, now: datetime, midnight: datetime) -> datetime | None:
    """Where a period begins; None when the word names no period. `midnight` is today's in the reader's zone."""
    if period == "today":
        return midnight
    span = PERIODS.get(period)
    return now - span if span else None


def tallies_of(counted: Counted, open_now: int) -> Tallies:
    """The same from the tallies that the turns keep."""
    counts = counted.counts
    waits = counted.times.get(FIRST_HUMAN, {})
    return Tallies(
        asks_sent=counts["asks"],
        asks_answered=counts["asks_answered"],
        asked=counted.asked,
        answered=counted.answered,
        ratings=(counts["rated_1"], counts["rated_2"], counts["rated_3"], counts["rated_4"], counts["rated_5"]),
        answers=counts["answers"],
        unhappy=counts["unhappy"],
        score_sum=counts["score_sum"] / SCORE_UNITS,
        scored=counts["scored"],
        cases_opened=counts["cases_opened"],
        cases_resolved=counts["cases_resolved"],
        cases_open_now=open_now,
        first_human_s=tuple(seconds for seconds, cases in sorted(waits.items()) for _ in range(cases)),
        reasons=dict(reasons_of(counts)),
        recovered=counts["recovered"],
        asked_again=counts["asked_again"],
    )
