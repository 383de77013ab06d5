"""Which wording is better, how sure we are, and when a campaign does harm."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bandit import Tally, chance_above, chance_best, draw, interval
from bot.domain.campaign_report import Result, harm_in, lift, report_lines
from bot.program import HOLD_OUT, Outreach, parse_program

CARE = """
[[campaign]]
name = "care"
moment = "now"
[[campaign.variant]]
name = "a"
words.en = "A"
[[campaign.variant]]
name = "b"
words.en = "B"
"""


def test_the_better_wording_is_found_and_hardly_anything_is_wasted() -> None:
    random, truth = Random(3), {"a": 0.05, "b": 0.15}
    tallies = {name: Tally() for name in truth}
    for _ in range(1500):
        name = draw(tallies, random)
        known = tallies[name]
        tallies[name] = Tally(known.won + (random.random() < truth[name]), known.tried + 1)
    assert tallies["b"].tried > 1100
    assert chance_best(tallies, "b") > 0.95


def test_without_any_news_every_wording_is_tried_alike() -> None:
    random = Random(1)
    drawn = [draw({"a": Tally(), "b": Tally()}, random) for _ in range(1000)]
    assert 400 < drawn.count("a") < 600


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_chances_are_chances(won: int, lost: int, other_won: int, other_lost: int) -> None:
    one, other = Tally(won, won + lost), Tally(other_won, other_won + other_lost)
    above, below = chance_above(one, other), chance_above(other, one)
    assert 0 <= above <= 1 + 1e-9
    assert above + below == pytest.approx(1, abs=0.12)
    assert chance_above(one, other, 0.1) <= above + 1e-9
    low, high = interval(won, won + lost)
    assert 0 <= low <= high <= 1
    arms = {"one": one, "other": other}
    assert chance_best(arms, "one") + chance_best(arms, "other") == pytest.approx(1, abs=1e-6)


def test_of_two_equal_wordings_each_is_as_likely_ahead_however_sure_both_are() -> None:
    sure = Tally(240, 240)
    assert chance_above(sure, sure) == pytest.approx(0.5)
    assert chance_above(Tally(8, 10), Tally(8, 10)) == pytest.approx(0.5)


def test_the_interval_is_wilsons() -> None:
    low, high = interval(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def results(left: int, out: int, held_left: int = 0, held: int = 100) -> dict[str, Result]:
    return {
        "a": Result("a", out=out, closed=out, won=out // 5, left=left),
        HOLD_OUT: Result(HOLD_OUT, out=held, closed=held, left=held_left),
    }


def test_harm_is_more_leaving_than_in_the_hold_out_beyond_doubt() -> None:
    rules = Outreach()
    assert harm_in(results(20, 200), rules) == "more people ask for no more: 20 of 200 against 0 of 100 left alone"
    assert harm_in(results(3, 200), rules) == ""
    assert harm_in(results(20, 200, held_left=10), rules) == ""
    assert harm_in(results(9, 15), rules) == ""  # too few to say anything
    assert harm_in(results(2, 30), rules) == ""  # likely, and yet not beyond doubt
    assert harm_in({"a": Result("a", out=200, left=20)}, rules).endswith(": 20 of 200")


def test_a_worse_mood_is_harm_too() -> None:
    spoken = {"a": Result("a", out=100, soured=20), HOLD_OUT: Result(HOLD_OUT, out=100, soured=2)}
    assert harm_in(spoken, Outreach()).startswith("more people are unhappier afterwards: 20 of 100")


def test_a_harmless_campaign_is_hardly_ever_stopped_although_it_is_looked_at_every_day() -> None:
    random, stopped = Random(5), 0
    for _ in range(100):
        spoken, held = [0, 0], [0, 0]
        for _day in range(60):
            for side, count in ((spoken, 17), (held, 3)):
                side[1] += count
                side[0] += sum(random.random() < 0.004 for _ in range(count))
            found = {
                "a": Result("a", out=spoken[1], left=spoken[0]),
                HOLD_OUT: Result(HOLD_OUT, out=held[1], left=held[0]),
            }
            if harm_in(found, Outreach()):
                stopped += 1
                break
    assert stopped <= 2


def test_the_report_has_a_line_for_each_wording_and_the_hold_out() -> None:
    campaign = parse_program(CARE).campaign[0]
    found = {
        "a": Result("a", out=50, closed=40, won=4),
        "b": Result("b", out=150, closed=100, won=30),
        HOLD_OUT: Result(HOLD_OUT, out=30, closed=30, won=3),
    }
    lines = {line.variant: line for line in report_lines(campaign, found)}
    assert list(lines) == ["a", "b", HOLD_OUT]
    assert lines["b"].share == 0.3
    assert lines["b"].best is not None
    assert lines["b"].best > 0.95
    assert lines[HOLD_OUT].best is None
    difference = lift(found)
    assert difference is not None
    assert difference[0] == pytest.approx(34 / 140 - 0.1)
    assert difference[1] < difference[0] < difference[2]
    assert lift({}) is None
