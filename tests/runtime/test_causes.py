"""What a low mood came from is found in its own days, however much was said after them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from bot.domain.figures.board import NOTHING, Asked, Counted
from bot.domain.figures.cuts import Cut
from bot.domain.figures.period import Period, chosen_period
from bot.domain.figures.series import Stretch
from bot.domain.figures.themes import Saying
from bot.ports import Clock, FigureRecords
from bot.program import Program
from bot.runtime.figures import Figures

PARIS = ZoneInfo("Europe/Paris")
NOVEMBER = chosen_period(date(2026, 11, 1), date(2026, 11, 30), PARIS)
LOW = Stretch(date(2026, 11, 3), date(2026, 11, 4), NOTHING)


class Words:
    """What customers said; a look brings the newest `limit` of a time, as storage does."""

    def __init__(self, sayings: list[Saying]) -> None:
        self._sayings = sayings

    async def sayings(self, period: Period, cut: Cut, limit: int = 2000) -> list[Saying]:
        assert period.since < period.until
        inside = [one for one in self._sayings if period.since <= one.at < period.until]
        return sorted(inside, key=lambda one: one.at, reverse=True)[:limit]

    async def counted(self, asked: Asked) -> Counted:
        return Counted()


async def cause(sayings: list[Saying], low: Stretch = LOW, around: Period = NOVEMBER) -> str:
    figures = Figures(cast("FigureRecords", Words(sayings)), Program(), cast("Clock", None))
    return await figures.cause(low, around)


def said(number: int, text: str, at: datetime, score: float) -> list[Saying]:
    return [Saying(customer, at + timedelta(seconds=customer), text, score) for customer in range(number)]


IN_THE_LOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
BEFORE = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_words_of_the_low_are_heard_through_thousands_that_came_later() -> None:
    low = said(20, "the zipper broke", IN_THE_LOW, -0.7)
    assert await cause(low + said(3000, "lovely boots", LATER, 0.7)) == "zipper broke"


async def test_what_everybody_always_says_is_no_cause() -> None:
    low = said(20, "the zipper broke", IN_THE_LOW, -0.7)
    usual = said(40, "lovely boots", BEFORE, 0.7) + said(40, "the zipper broke", LATER, -0.7)
    assert await cause(low + usual) == ""


async def test_a_low_at_the_very_edge_of_the_time_has_others_on_one_side_only() -> None:
    edge = Stretch(date(2026, 11, 1), date(2026, 11, 4), NOTHING)
    low = said(20, "the zipper broke", IN_THE_LOW, -0.7)
    assert await cause(low + said(50, "lovely boots", LATER, 0.7), edge) == "zipper broke"
