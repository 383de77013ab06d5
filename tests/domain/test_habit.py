"""When customers come back, and how likely it is that they don't."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.habit import History, Rhythm, days_of, learn

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
RHYTHM = Rhythm(gap=30, r=0.8, alpha=6.0, a=0.8, b=2.5)


def lives(count: int, seed: int = 1) -> list[History]:
    """Drawn from the model itself: r 0.8, alpha 6 weeks, a 0.8, b 2.5."""
    rng, found = random.Random(seed), []
    for _ in range(count):
        rate, leaves = rng.gammavariate(0.8, 1 / 6), rng.betavariate(0.8, 2.5)
        week = rng.uniform(0, 26)
        days = [7 * week]
        while len(days) == 1 or rng.random() > leaves:
            week += rng.expovariate(rate)
            if week > 52:
                break
            days.append(7 * week)
        found.append(History(len(days) - 1, days[0], days[-1]))
    return found


def test_the_parameters_that_made_the_data_are_found_again() -> None:
    rhythm = learn(lives(3000), 364.0)
    assert rhythm is not None
    assert rhythm.r == pytest.approx(0.8, abs=0.15)
    assert rhythm.alpha == pytest.approx(6, abs=1.5)
    assert rhythm.a / (rhythm.a + rhythm.b) == pytest.approx(0.8 / 3.3, abs=0.06)


def test_too_few_who_come_back_teach_nothing() -> None:
    assert learn([History(0, 0, 0)] * 500 + [History(1, 0, 30)] * 19, 100.0) is None


def test_ones_own_rhythm_counts_more_the_better_it_is_known() -> None:
    once, often = History(0, 0, 0), History(9, 0, 90)
    assert RHYTHM.habit(once, 1).next_day == 30
    assert RHYTHM.habit(often, 91).next_day == pytest.approx(90 + (30 + 90) / 10)


def test_several_purchases_on_one_day_are_one() -> None:
    moments = [BEGIN, BEGIN + timedelta(hours=2), BEGIN + timedelta(days=30)]
    assert History.of(moments) == History(1, days_of(BEGIN), days_of(BEGIN) + 30)


@given(st.integers(0, 40), st.floats(0, 700), st.floats(0, 400), st.floats(1, 300))
def test_the_risk_of_a_lapse_is_a_chance_and_only_grows_with_waiting(
    repeats: int, span: float, waited: float, more: float
) -> None:
    history = History(repeats, 0, span if repeats else 0)
    now, later = history.last + waited, history.last + waited + more
    early, late = RHYTHM.habit(history, now).lapse, RHYTHM.habit(history, later).lapse
    assert 0 <= early <= late + 1e-9 <= 1 + 2e-9
