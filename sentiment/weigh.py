"""From cues to numbers: how much speaks for and against, and what that means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sentiment.verdict import BASE_UNHAPPY, Label

CLEAR = 0.2
"""|score| from which a mood is called positive or negative."""
_BOTH = 0.4  # both sides this strong: mixed
_GRAVE = 0.7  # a complaint this strong takes the shine off praise around it
_DIMMED = 0.6
_SURELY_PLAIN = 0.6
_PLAIN_UNHAPPY = 0.2
_SOFTENED = 0.65  # what stands before a "but"

RATED = {
    1: (-1.0, 0.97, Label.NEGATIVE),
    2: (-0.6, 0.9, Label.NEGATIVE),
    3: (0.0, 0.45, Label.NEUTRAL),
    4: (0.6, 0.1, Label.POSITIVE),
    5: (1.0, 0.03, Label.POSITIVE),
}
"""Rating → (score, unhappy, label)."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing that speaks for a mood: weight −1…1; `sure`, how far to trust it, 0…1.

    `before_but` when a "but" comes after it; `textblob` when it is TextBlob's.
    """

    weight: float
    sure: float
    before_but: bool = False
    textblob: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What all voices say together: `for_it` and `against` 0…1, `score` −1…1, the rest 0…1."""

    for_it: float
    against: float
    score: float
    unhappy: float
    confidence: float
    label: Label


def balance(voices: Iterable[Voice]) -> Balance | None:
    """Weigh the voices; None when nobody speaks. Voices of weight 0 say "neutral"."""
    heard = list(voices)
    if not heard:
        return None
    settled = [_softened(voice, heard) for voice in heard]
    for_it = _together(weight for weight in settled if weight > 0)
    against = _together(-weight for weight in settled if weight < 0)
    score = for_it - against
    label = _label(score, for_it, against)
    return Balance(
        for_it=for_it,
        against=against,
        score=score,
        unhappy=_unhappy(label, for_it, against, plain=_is_plain(heard)),
        confidence=_confidence(label, heard, min(for_it, against)),
        label=label,
    )


def _softened(voice: Voice, heard: list[Voice]) -> float:
    weight = voice.weight
    if voice.before_but:
        weight *= _SOFTENED
    grave = any(other.weight <= -_GRAVE and not other.before_but for other in heard)
    last_word = not voice.before_but and any(other.before_but for other in heard)
    if weight > 0 and grave and not last_word:
        weight *= _DIMMED
    return weight


def _together(weights: Iterable[float]) -> float:
    """Join independent voices: 1 − Π(1 − w)."""
    silent = 1.0
    for weight in weights:
        silent *= 1.0 - min(weight, 0.95)
    return 1.0 - silent


def _label(score: float, for_it: float, against: float) -> Label:
    if min(for_it, against) >= _BOTH:
        return Label.MIXED
    if score <= -CLEAR:
        return Label.NEGATIVE
    if score >= CLEAR:
        return Label.POSITIVE
    return Label.NEUTRAL


def _is_plain(heard: list[Voice]) -> bool:
    """Tell whether only plain things were said ("ok", a question), and for sure."""
    return all(voice.weight == 0 for voice in heard) and any(voice.sure >= _SURELY_PLAIN for voice in heard)


def _unhappy(label: Label, for_it: float, against: float, *, plain: bool) -> float:
    base = _PLAIN_UNHAPPY if plain else BASE_UNHAPPY
    if label is Label.MIXED:
        base += 0.1
    return max(0.02, min(0.97, base + 0.58 * against - 0.37 * for_it))


def _confidence(label: Label, heard: list[Voice], conflict: float) -> float:
    if label is Label.MIXED:
        return 0.6
    sides = {Label.NEGATIVE: -1.0, Label.POSITIVE: 1.0}
    side = sides.get(label)
    if side is None:
        return max((voice.sure for voice in heard if voice.weight == 0), default=0.4) - conflict / 2
    agreeing = sorted((voice.sure for voice in heard if voice.weight * side > 0), reverse=True)
    extra = 0.04 * min(len(agreeing) - 1, 3)
    return max(0.1, min(0.95, agreeing[0] + extra - conflict / 2))
