"""Figures: right by hand, right against a slow and obvious way of computing them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.measuring import auc, calibration_error, f1, found_at, measure, threshold_for

SCORES = st.lists(st.tuples(st.integers(min_value=0, max_value=8), st.booleans()), min_size=2, max_size=40).filter(
    lambda pairs: len({really for _, really in pairs}) == 2
)


@given(SCORES)
def test_auc_is_how_often_an_unhappy_one_ranks_above_a_content_one(pairs: list[tuple[int, bool]]) -> None:
    up = [score for score, really in pairs if really]
    down = [score for score, really in pairs if not really]
    wins = sum((a > b) + 0.5 * (a == b) for a in up for b in down)
    scores, really = np.array([p[0] for p in pairs], dtype=float), np.array([p[1] for p in pairs])
    assert auc(scores, really) == pytest.approx(wins / (len(up) * len(down)))


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=60), st.sampled_from([0.02, 0.1, 0.25, 0.5]))
def test_no_more_false_alarms_than_wanted(content: list[float], alarms: float) -> None:
    values = np.array(content)
    assert (values > threshold_for(values, alarms)).mean() <= alarms


def test_figures_of_a_small_table_by_hand() -> None:
    unhappy = np.array([0.9, 0.8, 0.3, 0.6, 0.2, 0.1])
    really = ["negative", "negative", "negative", "positive", "neutral", "positive"]
    said = ["negative", "negative", "positive", "negative", "neutral", "positive"]
    called = np.array([label == "negative" for label in said])
    got = measure(unhappy, called, said, really, probability=True)
    assert (got.replies, got.unhappy) == (6, 3)
    assert got.found == pytest.approx(2 / 3)
    assert got.false_alarms == pytest.approx(1 / 3)
    assert got.f1 == pytest.approx(2 * 2 / (3 + 3))
    assert got.right == pytest.approx(4 / 6)
    assert got.auc == pytest.approx(8 / 9)
    assert got.found_at_tenth == pytest.approx(2 / 3)  # 0.9 and 0.8 lie above every content one
    assert got.calibration is not None


def test_a_calibrated_probability_has_no_error() -> None:
    probability = np.array([0.25] * 4 + [0.75] * 4)
    really = np.array([True, False, False, False, True, True, True, False])
    assert calibration_error(probability, really) == pytest.approx(0.0)
    assert calibration_error(1 - probability, really) == pytest.approx(0.5)


def test_of_two_sets_together_each_can_count_alike_in_the_calibration() -> None:
    probability = np.array([0.75] * 8 + [0.75] * 2)
    really = np.array([True] * 8 + [False, True])
    counted = np.array([1 / 8] * 8 + [1 / 2] * 2)
    assert calibration_error(probability, really) == pytest.approx(0.15)
    assert calibration_error(probability, really, counted) == pytest.approx(0.0)


def test_one_kind_alone_gives_no_figures() -> None:
    with pytest.raises(ValueError, match="only one kind"):
        measure(np.array([0.1]), np.array([False]), ["neutral"], ["neutral"], probability=False)


def test_nothing_called_is_no_division_by_zero() -> None:
    nobody = np.array([False, False])
    assert f1(nobody, np.array([True, False])) == 0
    assert found_at(np.array([0.5, 0.5]), np.array([True, False]), 0.1) == 0
