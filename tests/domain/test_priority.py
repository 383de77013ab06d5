"""Who is helped first: mood × value × waiting time never turns round, and says itself in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.domain.case import ReasonKind
from bot.domain.priority import before_others, mood_word, standing_priority, urgency, urgency_words
from bot.domain.standing import Ranking, Standing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KINDS = st.sets(st.sampled_from(ReasonKind), min_size=1)
UNHAPPY = st.floats(0, 1)
VALUES = st.lists(st.integers(0, 5000).map(Decimal), min_size=1, max_size=30)
WAITS = st.timedeltas(timedelta(0), timedelta(days=60))


def standings(values: list[Decimal], *amounts: Decimal) -> list[Standing]:
    ranking = Ranking.of([*values, *amounts], "EUR", 0.2, 5)
    return [ranking.standing(amount, 1) for amount in amounts]


@given(KINDS, UNHAPPY, WAITS, WAITS)
def test_longer_waiting_never_lowers_it(kinds: set[ReasonKind], unhappy: float, one: timedelta, two: timedelta) -> None:
    weight = standing_priority(kinds, unhappy, Standing())
    short, long = sorted((one, two))
    assert urgency(weight, NOW - short, NOW) <= urgency(weight, NOW - long, NOW)
    assert urgency(weight, None, NOW) <= urgency(weight, NOW - short, NOW)


@given(KINDS, UNHAPPY, UNHAPPY, VALUES, st.integers(0, 5000), WAITS)
def test_unhappier_never_lowers_it(
    kinds: set[ReasonKind], one: float, two: float, values: list[Decimal], amount: int, wait: timedelta
) -> None:
    (standing,) = standings(values, Decimal(amount))
    calm, angry = (standing_priority(kinds, unhappy, standing) for unhappy in sorted((one, two)))
    assert urgency(calm, NOW - wait, NOW) <= urgency(angry, NOW - wait, NOW)
    further = standing_priority(kinds | {ReasonKind.UNHAPPY}, one, standing)
    assert further >= standing_priority(kinds, one, standing)


@given(KINDS, UNHAPPY, VALUES, st.integers(0, 5000), st.integers(0, 5000), WAITS)
def test_higher_value_never_lowers_it(
    kinds: set[ReasonKind], unhappy: float, values: list[Decimal], one: int, two: int, wait: timedelta
) -> None:
    lower, higher = standings(values, *sorted((Decimal(one), Decimal(two))))
    little, much = (standing_priority(kinds, unhappy, standing) for standing in (lower, higher))
    assert urgency(little, NOW - wait, NOW) <= urgency(much, NOW - wait, NOW)
    assert standing_priority(kinds, unhappy, Standing()) <= little


@given(st.sets(st.sampled_from([kind for kind in ReasonKind if kind is not ReasonKind.ALARM])), UNHAPPY, WAITS)
def test_an_alarm_word_comes_before_everybody_else(kinds: set[ReasonKind], unhappy: float, wait: timedelta) -> None:
    best = Standing(Decimal(9000), "EUR", 9, 1, 50, top=True)
    other = urgency(standing_priority(kinds, unhappy, best), NOW - wait, NOW)
    assert urgency(standing_priority({ReasonKind.ALARM}, 0.0, Standing()), NOW, NOW) > other


def test_nobody_waits_for_ever_behind_newcomers() -> None:
    unclear = standing_priority({ReasonKind.UNCLEAR}, 0.1, Standing())
    angry = standing_priority({ReasonKind.UNHAPPY}, 1.0, Standing())
    assert urgency(angry, NOW, NOW) > urgency(unclear, NOW - timedelta(minutes=10), NOW)
    assert urgency(unclear, NOW - timedelta(hours=3), NOW) > urgency(angry, NOW, NOW)


def test_a_clock_that_runs_ahead_does_no_harm() -> None:
    assert urgency(50, NOW + timedelta(hours=1), NOW) == 50


@pytest.mark.parametrize(
    ("kinds", "unhappy", "word"),
    [
        ({ReasonKind.ALARM, ReasonKind.UNHAPPY}, 0.9, "alarm"),
        ({ReasonKind.UNHAPPY}, 0.9, "angry"),
        ({ReasonKind.UNHAPPY, ReasonKind.ASKED}, 0.5, "unhappy"),
        ({ReasonKind.ASKED}, 0.9, "asked"),
        ({ReasonKind.UNCLEAR, ReasonKind.HIGH_VALUE}, 0.2, "unclear"),
        ({ReasonKind.HIGH_VALUE}, 0.0, "calm"),
    ],
)
def test_one_word_for_the_mood(kinds: set[ReasonKind], unhappy: float, word: str) -> None:
    assert mood_word(kinds, unhappy) == word


def test_it_explains_itself_in_words() -> None:
    def say(mood: str, minutes: float | None, before: int, *, top: bool = False, language: str = "en") -> str:
        waited = None if minutes is None else timedelta(minutes=minutes)
        return urgency_words(language, mood, top=top, waited=waited, before=before)

    assert say("angry", 12, 3, top=True) == "angry, top customer, waits 12 min: before 3 others"
    assert say("unclear", 0.5, 0) == "unclear, just came"
    assert say("asked", None, 0) == "asks for a person, has an answer"
    assert (
        say("angry", 12, 1, top=True, language="de") == "verärgert, Spitzenkunde, wartet 12\xa0min: vor einem anderen"
    )


def test_others_are_counted_who_are_less_urgent() -> None:
    assert before_others(5.0, [1.0, 5.0, 7.0, 4.9]) == 2
