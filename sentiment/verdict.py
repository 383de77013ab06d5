"""What a text says, as values: label, mood, evidence, intents and topics.

Everything here is frozen and made of plain numbers and strings, so that a verdict can be
stored, shown to an agent and compared in a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

BASE_UNHAPPY = 0.4
"""`Verdict.unhappy` when nothing is known: the share of free replies that are unhappy."""


class Label(StrEnum):
    """The mood of a reply in one word; UNKNOWN means "could not be read", never "fine"."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """What the writer wants or reports; a reply may carry several."""

    SAFETY = "safety"  # injury, fire, allergy, a lawyer, a death: a person must take over
    PERSON = "person"  # wants to talk to a human
    DANGER = "danger"  # safety: somebody is hurt, ill or at risk
    LEGAL = "legal"  # safety: a lawyer, the police, an authority
    BEREAVEMENT = "bereavement"  # safety: somebody died
    STOP = "stop"  # wants no more messages
    RESUME = "resume"  # wants messages again
    REFUND = "refund"
    RETURN = "return"
    CANCEL = "cancel"
    WHERE_IS_ORDER = "where_is_order"
    BUG = "bug"  # website or app does not work
    QUESTION = "question"
    THANKS = "thanks"  # nothing but thanks
    PRAISE = "praise"
    GREETING = "greeting"  # nothing but a greeting
    ACKNOWLEDGE = "acknowledge"  # nothing but "ok", "yes", "no"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the original text that decided something.

    `start` and `end` count Python code points (end exclusive); `weight` is −1…1, negative
    speaks for an unhappy customer.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class TopicMood:
    """A topic that was mentioned and the mood of its clause, −1…1 (0 = no mood seen)."""

    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scorer makes of one text.

    `score` −1…1; `unhappy` and `confidence` are probabilities 0…1; `rating` 1…5 when the
    customer gave one; `language` ISO 639-1 or None when it can't be told; `contradiction`
    when a rating and the words (or two ratings) disagree. UNKNOWN has score 0, confidence 0
    and `unhappy` at the base rate.
    """

    text: str
    label: Label
    score: float
    unhappy: float
    confidence: float
    rating: int | None
    intents: tuple[Intent, ...]
    topics: tuple[TopicMood, ...]
    language: str | None
    evidence: tuple[Evidence, ...]
    scorer: str
    contradiction: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the object of `afterword score --json` (docs: interface.md), plus `contradiction`."""
        return {
            "text": self.text,
            "label": self.label.value,
            "score": self.score,
            "unhappy": self.unhappy,
            "confidence": self.confidence,
            "rating": self.rating,
            "intents": [intent.value for intent in self.intents],
            "topics": [{"topic": mood.topic, "score": mood.score} for mood in self.topics],
            "language": self.language,
            "evidence": [{"start": span.start, "end": span.end, "weight": span.weight} for span in self.evidence],
            "scorer": self.scorer,
            "contradiction": self.contradiction,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """Rebuild what `as_json` gave; intents of a newer version are left out, not refused.

        Raises KeyError or ValueError when the object is not a verdict.
        """
        return cls(
            text=data["text"],
            label=Label(data["label"]),
            score=float(data["score"]),
            unhappy=float(data["unhappy"]),
            confidence=float(data["confidence"]),
            rating=data["rating"],
            intents=_known_intents(data["intents"]),
            topics=tuple(TopicMood(each["topic"], float(each["score"])) for each in data["topics"]),
            language=data["language"],
            evidence=tuple(
                Evidence(int(each["start"]), int(each["end"]), float(each["weight"])) for each in data["evidence"]
            ),
            scorer=data["scorer"],
            contradiction=bool(data.get("contradiction", False)),
        )


def _known_intents(names: Sequence[str]) -> tuple[Intent, ...]:
    known = {intent.value: intent for intent in Intent}
    return tuple(known[name] for name in names if name in known)


def unknown(
    text: str,
    scorer: str,
    *,
    intents: tuple[Intent, ...] = (),
    topics: tuple[TopicMood, ...] = (),
    language: str | None = None,
) -> Verdict:
    """Say "could not be read": score 0, confidence 0, unhappy at the base rate."""
    return Verdict(
        text=text,
        label=Label.UNKNOWN,
        score=0.0,
        unhappy=BASE_UNHAPPY,
        confidence=0.0,
        rating=None,
        intents=intents,
        topics=topics,
        language=language,
        evidence=(),
        scorer=scorer,
    )
