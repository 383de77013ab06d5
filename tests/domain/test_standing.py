"""The top tier is computed, not guessed, and can be explained: ties, few customers, one giant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.programming import top_words
from bot.domain.standing import Ranking, fifth
from bot.program import Program


def ranking(*values: int, least: int = 5) -> Ranking:
    return Ranking.of([Decimal(value) for value in values], "EUR", 0.2, least)


def words(*values: int) -> str:
    return top_words(ranking(*values).explained(), Program())


def test_the_best_fifth_and_what_they_bring() -> None:
    found = ranking(*range(10, 110, 10)).explained()
    assert (found.customers, found.wanted, found.top, found.least) == (10, 2, 2, Decimal(90))
    assert round(found.share, 3) == round(190 / 550, 3)


def test_who_spent_as_much_as_the_last_of_them_is_in_it_too() -> None:
    assert ranking(1, 1, 1, 5, 5, 5, 5, 5, 5, 5).explained().top == 7
    assert "5 more than that share, because they spent as much" in words(1, 1, 1, 5, 5, 5, 5, 5, 5, 5)


def test_among_few_nobody_is_best() -> None:
    assert ranking(1, 2, 3, 4).explained().least is None
    assert "nobody is called best yet" in words(1, 2, 3, 4)


def test_one_giant_is_named_and_crowds_nobody_out() -> None:
    found = ranking(100_000, *range(1, 10)).explained()
    assert found.top == 2
    assert "One customer alone brings 100%" in words(100_000, *range(1, 10))


def test_worth_nothing_is_never_best() -> None:
    assert ranking(*[0] * 10).explained().top == 0
    assert "Fewer than that share" in words(*[0] * 10)


@given(st.lists(st.integers(0, 50), min_size=5, max_size=60))
def test_the_tier_is_the_smallest_that_is_large_enough(values: list[int]) -> None:
    made = ranking(*values)
    found = made.explained()
    standings = [made.standing(Decimal(value), 1) for value in values]
    assert sum(one.top for one in standings) == found.top
    if all(values):
        assert found.top >= found.wanted
        assert found.least is not None
        assert sum(value > found.least for value in values) < found.wanted


@pytest.mark.parametrize(
    ("below", "equal", "number", "found"),
    [(0, 1, 10, 1), (9, 1, 10, 5), (4, 1, 10, 3), (0, 10, 10, 3), (0, 0, 0, 1), (99, 1, 100, 5), (20, 1, 100, 2)],
)
def test_each_stands_in_a_fifth_and_equals_in_the_middle_of_theirs(
    below: int, equal: int, number: int, found: int
) -> None:
    assert fifth(below, equal, number) == found
