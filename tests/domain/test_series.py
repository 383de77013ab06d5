"""The mood over time: how long its points are, where it is lowest, and what that came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures.board import (
    NOTHING,
    Change,
    Counted,
    Counts,
    Quote,
    Theme,
    Topic,
    TopicCount,
    counted_figures,
    summed,
    topics_of,
)
from bot.domain.figures.figure import share_of
from bot.domain.figures.series import Step, cause_of, lowest, series, stretches, without

FIRST = date(2026, 10, 1)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def said(number: int, mood: float = 0.5, spread: float = 0.1) -> Counts:
    score, squares = round(mood * 10_000), round((mood**2 + spread**2) * 10_000**2)
    return {**NOTHING, "scored": number, "score_sum": number * score, "score_squares": number * squares}


def days(*numbers: int, mood: float = 0.5) -> dict[date, Counts]:
    return {FIRST + timedelta(days=place): said(number, mood) for place, number in enumerate(numbers)}


def test_points_are_days_where_days_can_be_told_and_longer_where_they_can_not() -> None:
    assert series(days(*[12] * 30))[0] is Step.DAY
    assert series(days(*[4] * 60))[0] is Step.WEEK
    assert series(days(*[1] * 90))[0] is Step.MONTH
    assert series(days(*[20] * 90))[0] is Step.WEEK  # more than sixty points are a carpet


def test_weeks_begin_on_mondays_and_are_cut_by_the_period() -> None:
    parts = stretches(days(*[1] * 14), Step.WEEK)
    assert [(part.first.day, part.last.day) for part in parts] == [(1, 4), (5, 11), (12, 14)]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200), st.sampled_from(Step))
def test_no_message_is_lost_or_counted_twice(numbers: list[int], step: Step) -> None:
    found = days(*numbers)
    parts = stretches(found, step)
    assert sum(part.counts["scored"] for part in parts) == sum(numbers)
    assert [part.first for part in parts] == sorted({part.first for part in parts})
    assert sum((part.last - part.first).days + 1 for part in parts) == len(numbers)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=400))
def test_a_series_is_never_a_carpet_and_never_empty(numbers: list[int]) -> None:
    step, parts = series(days(*numbers))
    assert 1 <= len(parts) <= 62 or step is Step.MONTH


def test_the_lowest_is_named_only_when_it_is_surely_lower() -> None:
    calm = days(*[20] * 10)
    assert lowest(stretches(calm, Step.DAY)) is None
    worst = FIRST + timedelta(days=4)
    found = lowest(stretches({**calm, worst: said(20, -0.4)}, Step.DAY))
    assert found
    assert found.first == worst
    assert lowest(stretches({**calm, worst: said(9, -0.4)}, Step.DAY)) is None
    assert lowest(stretches({**calm, worst: said(20, 0.4, spread=0.9)}, Step.DAY)) is None
    assert lowest(stretches({worst: said(20, -0.4)}, Step.DAY)) is None


def theme(words: str, mood: float, customers: int = 9) -> Theme:
    return Theme(words, customers, 0, 4.0, (Quote("…", AT, mood),))


def topic(name: str, sad: int, before: int) -> Topic:
    change = Change(share_of(sad, 100), share_of(before, 100))
    return Topic(name, 100 - sad, 0, sad, change, change)


def test_a_low_comes_from_unhappy_words_before_topics_and_from_nothing_that_may_be_chance() -> None:
    topics = [topic("delivery", 60, 10), topic("size", 12, 10), topic("late_reply", 70, 10)]
    assert cause_of([theme("gift card", 0.8), theme("zipper broke", -0.7)], topics) == "zipper broke"
    assert cause_of([theme("boots", -0.7), theme("zipper broke", -0.7, 20)], topics) == "zipper broke"
    assert cause_of([theme("gift card", 0.8)], topics) == "late reply"
    assert cause_of([], topics[1:2]) == ""


def test_what_was_said_elsewhere_is_the_whole_without_the_part() -> None:
    def counted(scored: int, topics: Mapping[str, tuple[int, int, int]]) -> Counted:
        return Counted(said(scored), topics=tuple(TopicCount(name, *moods) for name, moods in topics.items()))

    whole = counted(50, {"price": (5, 1, 4), "size": (20, 0, 1)})
    rest = without(whole, counted(20, {"price": (1, 1, 3)}))
    assert rest.topics == (TopicCount("price", 4, 0, 1), TopicCount("size", 20, 0, 1))
    assert rest.counts["scored"] == 30
    assert counted_figures(summed([rest.counts, said(20)])) == counted_figures(whole.counts)
    assert topics_of(whole, rest)[0].topic == "size"
