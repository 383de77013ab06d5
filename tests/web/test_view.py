"""What the console shows, as values: evidence, promises, figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import Case, CaseState, Reason, ReasonKind
from bot.domain.customer import Conversation, Customer
from bot.domain.gesture import Gesture, GestureKind, GestureState
from bot.domain.ids import CaseId, CustomerId, GestureId, StaffId
from bot.domain.interval import wilson
from bot.domain.money import Money
from bot.domain.staff import Role, Staff
from bot.domain.story import Story
from bot.ports import Line, QueueRow
from bot.program import Program
from handlers.console.insights import time_words
from handlers.console.view import (
    QueueView,
    Reading,
    head_view,
    lines_view,
    marked_parts,
    money_words,
    side_view,
    signed_number,
    verdict_words,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_evidence_counts_code_points_and_is_marked_by_what_it_speaks_for() -> None:
    text = "😡😡 bad, but lovely box"
    spans = [{"start": 12, "end": 18, "weight": 0.5}, {"start": 3, "end": 6, "weight": -0.9}]
    parts = marked_parts(text, {"text": text, "evidence": spans})
    assert parts == [["😡😡 ", ""], ["bad", "bad"], [", but ", ""], ["lovely", "good"], [" box", ""]]


@given(st.text(), st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30), st.floats(-1, 1))))
def test_marking_never_changes_the_words(text: str, spans: list[tuple[int, int, float]]) -> None:
    evidence = [{"start": start, "end": end, "weight": weight} for start, end, weight in spans]
    assert "".join(part for part, _ in marked_parts(text, {"text": text, "evidence": evidence})) == text


def test_evidence_of_another_text_marks_nothing() -> None:
    assert marked_parts("abc", {"text": "xyz", "evidence": [{"start": 0, "end": 2, "weight": -1}]}) == [["abc", ""]]
    assert marked_parts("abc", None) == [["abc", ""]]


@pytest.mark.parametrize(
    ("given_verdict", "words"),
    [
        ({"label": "negative", "unhappy": 0.94, "topics": [{"topic": "quality"}], "intents": ["refund", "thanks"]},
         "unhappy 0.94 · quality, refund"),
        ({"label": "positive", "unhappy": 0.1, "topics": [], "intents": []}, "happy"),
        ({"label": "unknown", "unhappy": 0.6}, "not clear"),
        ({"label": "neutral", "unhappy": 0.2}, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_verdict_in_a_few_words(given_verdict: dict[str, object] | None, words: str) -> None:
    assert verdict_words(given_verdict) == words


def test_numbers_as_people_write_them() -> None:
    assert [signed_number(value) for value in (-0.82, 0.6, 0.0, -0.01)] == ["−0.8", "+0.6", "0.0", "0.0"]
    assert money_words(Money(Decimal(1290), "EUR")) == "€1,290"
    assert money_words(Money(Decimal("9.50"), "USD")) == "$9.50"
    assert money_words(Money(Decimal(1290), "CHF")) == "CHF\N{NO-BREAK SPACE}1,290"
    assert money_words(Money(Decimal("9.50"), "CHF")) == "CHF\N{NO-BREAK SPACE}9.50"
    assert [time_words(seconds) for seconds in (40, 360, 7800, 7200, 260000)] == [
        "40 s", "6 min", "2 h 10 min", "2 h", "3 days",
    ]  # fmt: skip


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_its_share(n: int, data: st.DataObject) -> None:
    share = data.draw(st.integers(0, n)) / n
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_the_interval_is_the_textbook_one() -> None:
    low, high = wilson(58 / 91, 91)
    assert (round(low, 3), round(high, 3)) == (0.535, 0.729)


def test_reasons_are_told_once_each_and_stars_need_no_evidence() -> None:
    at = NOW - timedelta(minutes=5)
    said = (
        (ReasonKind.UNHAPPY, "rating 1"),
        (ReasonKind.HIGH_VALUE, "number 2 of 14"),
        (ReasonKind.UNHAPPY, "“broken”"),
    )
    case = Case(CaseId(1), CaseState.OPEN, at, tuple(Reason(kind, words, at) for kind, words in said), "console")
    story = Story(Customer(CustomerId(1), "Ana"), (), Conversation(), (case,), (), ())
    kim = Staff(StaffId(1), "console", "kim", "Kim", frozenset({Role.AGENT}))
    reading = Reading(story, (), Program(), kim, NOW)
    assert [(each["reason"], each["evidence"]) for each in side_view(reading)["reasons"]] == [
        ("unhappy", "rating 1 · “broken”"),
        ("high value", "number 2 of 14"),
    ]
    angry = {"text": "★☆☆☆☆", "label": "negative", "unhappy": 0.97, "evidence": [{"start": 0, "end": 5, "weight": -1}]}
    stars = Line(1, at, "customer", "", "rating", "★☆☆☆☆", "web", verdict=angry)
    shown = lines_view([stars], 1, "")["i1"]
    assert (shown["parts"], shown["meta"]) == ([["★☆☆☆☆", ""]], "")
    words = lines_view([replace(stars, kind="message")], 1, "")["i1"]
    assert (words["parts"], words["meta"]) == ([["★☆☆☆☆", "bad"]], "unhappy 0.97")


def test_the_head_names_every_other_desk_that_shows_the_case() -> None:
    case = Case(CaseId(1), CaseState.OPEN, NOW, (Reason(ReasonKind.UNHAPPY, "x", NOW),), "console")
    story = Story(Customer(CustomerId(1), "Ana"), (), Conversation(), (case,), (), ())
    kim = Staff(StaffId(1), "console", "kim", "Kim", frozenset({Role.AGENT}))
    here = Reading(story, (), Program(), kim, NOW, desks=("telegram", "slack", "console"))
    assert head_view(here)["desk"] == "also in Telegram and Slack"
    assert head_view(replace(here, desks=("console",)))["desk"] == ""


def test_what_was_given_is_told_latest_first() -> None:
    coupon = Gesture(
        GestureId(1), GestureKind.COUPON, CustomerId(1), CaseId(1), StaffId(1), "Kim", NOW - timedelta(days=1),
        GestureState.GRANTED, "sorry about the zipper", Money(Decimal("20.00"), "EUR"), "ZIP-1",
    )  # fmt: skip
    task = replace(coupon, kind=GestureKind.CARD, state=GestureState.OPEN, worth=None, code="", at=NOW, words="")
    told = (replace(coupon, state=GestureState.FAILED), coupon, task, replace(task, state=GestureState.DONE))
    story = Story(Customer(CustomerId(1), "Ana"), gestures=told)
    kim = Staff(StaffId(1), "console", "kim", "Kim", frozenset({Role.AGENT}))
    assert side_view(Reading(story, (), Program(), kim, NOW))["gestures"] == [
        "card from Kim, 22 Nov, done",
        "card from Kim, 22 Nov, to do",
        "€20 coupon from Kim, 21 Nov: sorry about the zipper",
        "€20 coupon from Kim, 21 Nov, not delivered: sorry about the zipper",
    ]
    assert side_view(Reading(Story(story.customer), (), Program(), kim, NOW))["gestures"] == []


def test_a_valued_customer_gets_one_mark_and_not_two() -> None:
    row = QueueRow(
        CaseId(1), CustomerId(1), "Ana", "open", None, None, ("high value",), 1, NOW, "console", "web", "",
        top=True, score=0.9,
    )  # fmt: skip
    rows = (row, replace(row, reasons=("asked for a person",)))
    views = [QueueView(Program()).of([each])["1"] for each in rows]
    chips = [[chip["text"] for chip in view["chips"]] for view in views]
    assert chips == [["high value · top 20 %"], ["asked for a person", "top 20 %"]]
    poor = QueueView(Program()).of([replace(row, help="poor")])["1"]["chips"][-1]
    assert (poor["text"], poor["tone"]) == ("found the help poor", "bad")


def test_a_case_that_did_not_change_is_not_drawn_again() -> None:
    row = QueueRow(
        CaseId(1), CustomerId(1), "Ana", "open", None, None, ("unhappy",), 1, NOW, "console", "web", "", top=False,
        score=None,
    )  # fmt: skip
    drawing = QueueView(Program())
    first = drawing.of([row])["1"]
    assert drawing.of([replace(row, priority=9, before=3)])["1"] is first
    assert drawing.of([replace(row, preview="broken")])["1"]["preview"] == "broken"
    assert drawing.of([]) == {}


def test_a_promise_is_at_risk_when_its_share_of_the_time_is_used() -> None:
    due = NOW + timedelta(minutes=15)
    row = QueueRow(
        CaseId(1), CustomerId(1), "Ana", "open", None, None, (), 1, NOW, "console", "web", "", top=False, score=None,
        promise="first_reply", due_at=due,
    )  # fmt: skip
    shown = QueueView(Program()).of([row])["1"]
    assert shown["late_at"] == due.isoformat()
    assert shown["warn_at"] == (due - Program().sla.first_reply * 0.25).isoformat()
    assert QueueView(Program()).of([replace(row, promise="", due_at=None)])["1"]["warn_at"] == ""
