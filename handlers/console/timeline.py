"""One customer's whole story as lines of time: orders, asks, feedback, cases, gestures, corrections, consent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.ask import Ask, AskState
from bot.domain.case import Case, CaseState
from bot.domain.correction import Correction
from bot.domain.fact import FactState
from bot.domain.ids import PurchaseId
from bot.domain.interaction import Consent, Feedback
from bot.domain.remembered import listed
from bot.ports import History
from handlers.console.view import (
    CHANNELS,
    HELP_WORDS,
    Reading,
    day_words,
    event_line,
    gesture_words,
    order_view,
    steps_of,
)

SIGNS = {
    "orders": "▢",
    "asks": "?",
    "feedback": "★",
    "cases": "▲",
    "gifts": "✦",
    "corrections": "✎",
    "consent": "✓",
    "facts": "✎",
}
STARS = 5
Moment = tuple[str, datetime | None, str]
"""(words, when, more words)"""


def timeline_view(history: History, reading: Reading) -> dict[str, Any]:
    """Everything that was not said, by its key. `only` lines repeat what was said: shown when asked for alone."""
    return {line["key"]: line for line in _lines(history, reading)}


def _lines(history: History, reading: Reading) -> Iterator[dict[str, Any]]:
    orders = {purchase.id: purchase.order_id for purchase in history.purchases}
    yield from _orders(history, reading)
    for ask in history.asks:
        for number, (told, said) in enumerate(_ask(ask, orders, reading)):
            for line in _line("asks", f"a{ask.id}.{number}", told):
                yield line | {"only": said}
    for case in history.cases:
        for number, told in enumerate(_case(case)):
            yield from _line("cases", f"c{case.id}.{number}", told, "bad" if "broken" in told[0] else "")
    for gesture in history.gestures:
        yield from _line("gifts", f"g{gesture.id}", (gesture_words(gesture, reading), gesture.at, gesture.code))
    for fact in listed(reading.story, reading.now):
        state = "waits for their consent" if fact.state is FactState.HELD else "remembered"
        yield from _line("facts", f"m{fact.id}", (f"{fact.author} wrote down ({state}): {fact.words}", fact.at, ""))
    yield from _judged(history, orders)


def _orders(history: History, reading: Reading) -> Iterator[dict[str, Any]]:
    for purchase in history.purchases:
        order = order_view(purchase, reading)
        words = " · ".join(filter(None, (f"Order {order['number']}", order["things"], order["total"])))
        for what, moment in steps_of(purchase):
            tone = "warn" if what in {"refunded", "cancelled"} else ""
            yield from _line("orders", f"p{purchase.id}{what}", (f"{words} · {what}", moment, ""), tone)


def _judged(history: History, orders: dict[PurchaseId, str]) -> Iterator[dict[str, Any]]:
    for number, correction in enumerate(history.corrections):
        yield from _line("corrections", f"x{number}", _correction(correction))
    for number, consent in enumerate(history.consents):
        yield from _line("consent", f"k{number}", _consent(consent))
    for number, feedback in enumerate(history.feedback):
        for line in _line("feedback", f"f{number}", _feedback(feedback, orders)):
            yield line | {"only": True}


def _line(group: str, key: str, told: Moment, tone: str = "") -> Iterator[dict[str, Any]]:
    words, at, more = told
    if at is not None:
        yield event_line(key, at, words) | {"group": group, "sign": SIGNS[group], "tone": tone, "more": more}


def _ask(ask: Ask, orders: dict[PurchaseId, str], reading: Reading) -> Iterator[tuple[Moment, bool]]:
    """Each step, and whether a line of the conversation shows it already."""
    about = f"order {orders.get(ask.id, ask.id)}"
    place = CHANNELS.get(ask.channel, ask.channel)
    if ask.state is AskState.PLANNED and ask.due_at:
        when = day_words(ask.due_at, reading.zone, reading.now)
        yield (f"Will be asked about {about} on {when}", ask.planned_at, ""), False
    yield (f"Asked about {about}" + (f" on {place}" if place else ""), ask.sent_at, ""), True
    yield (f"Reminded of {about}", ask.reminded_at, ""), True
    rated = f": {stars(ask.rating)}" if ask.rating else ""
    yield (f"Answered about {about}{rated}", ask.answered_at, ""), True
    if ask.answered_at is None:
        yield (f"Ask about {about} {ask.state.value}", ask.ended_at, ask.why), False


def stars(rating: int) -> str:
    """`★★☆☆☆`."""
    return "★" * rating + "☆" * (STARS - rating)


def _case(case: Case) -> Iterator[Moment]:
    reasons = ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))
    evidence = " · ".join(dict.fromkeys(reason.evidence for reason in case.reasons if reason.evidence))
    yield f"Case opened: {reasons}", case.opened_at, evidence
    yield f"{case.owner_name or 'An agent'} took the case", case.claimed_at, ""
    for breach in case.breaches:
        yield f"Promise broken: {breach.promise.value.replace('_', ' ')}", breach.due_at, ""
    if case.state is CaseState.RESOLVED:
        by = f" by {case.owner_name}" if case.owner_name else ""
        well = {True: ", all well after", False: ", not well after", None: ""}[case.recovered]
        yield f"Case resolved{by}{well}", case.resolved_at, HELP_WORDS.get(case.help, "")


def _correction(made: Correction) -> Moment:
    mood = f"reads it as {made.label}, not {made.scored}" if made.label else ""
    topics = ""
    if made.topics is not None:
        topics = f"says it is about {', '.join(made.topics) or 'nothing we know'}".replace("_", " ")
    return f"{made.author} {' and '.join(filter(None, (mood, topics)))}", made.at, f"“{made.text}”"


def _consent(consent: Consent) -> Moment:
    said = "agreed" if consent.granted else "said no"
    place = CHANNELS.get(consent.channel, consent.channel)
    words = f"{said.capitalize()}: {consent.kind.replace('_', ' ')}" + (f" on {place}" if place else "")
    return words, consent.at, f"“{consent.words}”" if consent.words else ""


def _feedback(feedback: Feedback, orders: dict[PurchaseId, str]) -> Moment:
    about = f" about order {orders[feedback.purchase]}" if feedback.purchase in orders else ""
    rated = f" {stars(feedback.rating)}" if feedback.rating else ""
    mood = f" · {feedback.label}" if feedback.label and feedback.text else ""
    return f"Feedback{about}{rated}{mood}", feedback.at, feedback.text
