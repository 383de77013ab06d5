"""Alerts: what managers should know before they look. Found by `bot.runtime.watching`, told by a rule, once a day each.

The last 24 hours are held against the four weeks before them: that chance alone puts so many of all unhappy answers
into this one day (Fisher's exact test) must be rarer than one in a thousand, there must be five of them among ten, and
half as many again as usual. So a small shop is not woken by two bad answers, nor a big one by a wobble.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.draft import Draft, Rows
from bot.domain.event import AlertRaised
from bot.domain.figures.figure import LEAST_CASES, chance
from bot.domain.message import Button
from bot.domain.spike import Spike
from bot.phrases import PhraseMissing, phrase

LEAST_HITS = 5
LEAST_HISTORY = 50
LEAST_RISE = 1.5
CHANCE = 0.001


class AlertKind(StrEnum):
    """What an alert is about."""

    UNHAPPY = "unhappy"
    TOPIC = "topic"
    PRODUCT = "product"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Count:
    """Some of several, now and in the four weeks before."""

    hits: int
    of: int
    hits_before: int
    of_before: int


def is_spike(count: Count) -> bool:
    """Whether it is more than its own history and chance explain."""
    if count.hits < LEAST_HITS or count.of < LEAST_CASES or count.of_before < LEAST_HISTORY:
        return False
    if count.hits * count.of_before < LEAST_RISE * count.hits_before * count.of:
        return False
    return chance(count.hits, count.of, count.hits_before, count.of_before) < CHANCE


def found(unhappy: Count, topics: Mapping[str, Count], products: Mapping[str, Count], late: int) -> list[AlertRaised]:
    """What there is to tell now."""
    alerts = [_spike(AlertKind.UNHAPPY, "", unhappy)] if is_spike(unhappy) else []
    alerts += [_spike(AlertKind.TOPIC, topic, count) for topic, count in sorted(topics.items()) if is_spike(count)]
    alerts += [_spike(AlertKind.PRODUCT, name, count) for name, count in sorted(products.items()) if is_spike(count)]
    if late:
        alerts.append(AlertRaised(AlertKind.LATE.value, "", {"hits": str(late)}))
    return alerts


def _spike(kind: AlertKind, subject: str, count: Count) -> AlertRaised:
    usual = count.hits_before / count.of_before
    values = {
        "hits": str(count.hits),
        "of": str(count.of),
        "share": f"{count.hits / count.of:.0%}".replace("%", " %"),
        "usual": f"{usual:.0%}".replace("%", " %"),
    }
    return AlertRaised(kind.value, subject, values)


def on_alert(draft: Draft, alert: AlertRaised) -> None:
    """Every manager hears it; what customers suffer from can be answered with one message to them."""
    values: dict[str, str | float] = {
        name: int(value) if name in {"hits", "of"} else value for name, value in alert.values.items()
    }
    if alert.kind == AlertKind.TOPIC:
        values["name"] = topic_words(draft.program.shop.languages[0], alert.subject)
    elif alert.kind == AlertKind.PRODUCT:
        values["name"] = alert.subject
    rows: Rows = ()
    if alert.kind != AlertKind.LATE:
        draft.put_spike(Spike(draft.event.id, alert.kind, alert.subject, draft.now))
        rows = ((Button(draft.desk_words("seize-button"), f"seize:write:{draft.event.id}"),),)
    draft.tell_managers(draft.desk_words(f"alert-{alert.kind}", shop=draft.program.shop.name, **values), rows)


def topic_words(language: str, topic: str) -> str:
    """A topic as people say it."""
    try:
        return phrase(language, f"alert-about-{topic}")
    except PhraseMissing:
        return topic
