"""Who is helped first: mood × value × waiting time, and the same in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from math import log2

from bot.domain.case import ReasonKind
from bot.domain.standing import Standing
from bot.phrases import phrase, time_words

WEIGHTS = {
    ReasonKind.ALARM: 4000,
    ReasonKind.UNHAPPY: 60,
    ReasonKind.ASKED: 50,
    ReasonKind.UNCLEAR: 30,
    ReasonKind.HIGH_VALUE: 20,
}
"""An alarm word is heard before everything else, however long the others wait: the customer was promised that."""
FURTHER = 5
UNHAPPY = 30
TOP = 0.5
GROWS_EVERY = timedelta(minutes=15)
LONGEST = timedelta(days=30)
ANGRY = 0.8
JUST_NOW = timedelta(seconds=60)


def mood_of(kinds: Collection[ReasonKind], unhappy: float) -> float:
    """The heaviest reason, a little for each further one, and the unhappiest words (0…1)."""
    if not kinds:
        return UNHAPPY * unhappy
    return max(WEIGHTS[kind] for kind in kinds) + FURTHER * (len(set(kinds)) - 1) + UNHAPPY * unhappy


def value_of(standing: Standing) -> float:
    """1 for somebody new, up to 2 by rank, and a half more in the top tier."""
    if not standing.rank or not standing.of:
        return 1.0
    return 1 + (standing.of - standing.rank + 1) / standing.of + (TOP if standing.top else 0)


def standing_priority(kinds: Collection[ReasonKind], unhappy: float, standing: Standing) -> int:
    """Mood × value: what is kept with a case, before anybody has waited."""
    return round(mood_of(kinds, unhappy) * value_of(standing))


def urgency(priority: int, waiting_since: datetime | None, now: datetime) -> float:
    """Mood × value × waiting time. Each doubling of the wait adds as much, so that nobody waits for ever."""
    waited = min(max(now - waiting_since, timedelta(0)), LONGEST) if waiting_since else timedelta(0)
    return priority * (1 + log2(1 + waited / GROWS_EVERY))


def before_others(mine: float, others: Iterable[float]) -> int:
    """How many others are less urgent."""
    return sum(other < mine for other in others)


def mood_word(kinds: Collection[ReasonKind], unhappy: float) -> str:
    """One word for the mood: alarm, angry, unhappy, asked, unclear, calm."""
    if ReasonKind.ALARM in kinds:
        return "alarm"
    if ReasonKind.UNHAPPY in kinds:
        return "angry" if unhappy >= ANGRY else "unhappy"
    if ReasonKind.ASKED in kinds:
        return "asked"
    return "unclear" if ReasonKind.UNCLEAR in kinds else "calm"


def urgency_words(language: str, mood: str, *, top: bool, waited: timedelta | None, before: int) -> str:
    """`angry, top customer, waits 12 min: before 3 others`. `waited` None = nothing is owed at this moment."""
    parts = [phrase(language, f"urgency-{mood}")]
    if top:
        parts.append(phrase(language, "urgency-top"))
    if waited is None:
        parts.append(phrase(language, "urgency-answered"))
    elif waited < JUST_NOW:
        parts.append(phrase(language, "urgency-new"))
    else:
        parts.append(phrase(language, "urgency-waits", wait=time_words(waited.total_seconds(), language)))
    words = ", ".join(parts)
    return phrase(language, "urgency-before", words=words, others=before) if before else words
