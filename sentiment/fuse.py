"""The model's reading and the rules' voices, joined to one opinion by the card's weights.

A multinomial logistic regression fitted on replies kept aside in training (`sentiment.train`):
it decides how far each is believed, and makes the probabilities calibrated ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.reader import Reading
from sentiment.verdict import Label
from sentiment.weigh import CLEAR, Balance

Floats = NDArray[np.float32]

FEATURES = (
    "negative", "positive", "elsewhere_negative", "elsewhere_positive", "against", "for_it", "textblob_below",
    "textblob_above", "addressed", "length",
)  # fmt: skip
"""What is joined: the model's logits against neutral in both views, the rules' two sides and TextBlob's mean (0…1),
whether somebody is called by an @name (1 or 0), and the logarithm of the number of words: who writes to a company in
public, or at length, is more often unhappy than the words alone say."""

_CALLED = re.compile(r"(?<!\w)@\w")
_MOST_WORDS = 100
_DISAGREED = 0.3  # TextBlob's mean from which its disagreement is heard
_LESS_SURE = 0.85
_COMPLAINT = 0.6  # score of the rules from which a complaint that the model doesn't see is heard
_DOUBTFUL = 0.55
_RANGES = {
    Label.NEGATIVE: (-1.0, -0.3),
    Label.NEUTRAL: (-CLEAR, CLEAR),
    Label.POSITIVE: (CLEAR, 1.0),
    Label.MIXED: (-0.6, 0.6),
}
"""The score never contradicts the label."""


def features(reading: Reading, words: Balance | None, textblob: float, manner: Sequence[float]) -> list[float]:
    """Give the numbers named in FEATURES."""
    return [
        *_against_neutral(reading.moods),
        *_against_neutral(reading.elsewhere),
        *_sides(words),
        max(0.0, -textblob),
        max(0.0, textblob),
        *manner,
    ]


def manner_of(text: str) -> tuple[float, float]:
    """Give the last two of FEATURES."""
    return float(_CALLED.search(text) is not None), math.log1p(len(text.split(maxsplit=_MOST_WORDS)))


def features_of_many(moods: Floats, words: Balance | None) -> list[float]:
    """Give the same for a text in another language: the encoder's logits against neutral, the lexicon's two sides."""
    return [*_against_neutral(moods), *_sides(words)]


def _against_neutral(moods: Floats) -> tuple[float, float]:
    negative, neutral, positive = (float(logit) for logit in moods)
    return negative - neutral, positive - neutral


def _sides(words: Balance | None) -> tuple[float, float]:
    return (words.against, words.for_it) if words else (0.0, 0.0)


class Fusion:
    """The fitted weights, ready to join."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Take the card's settings: `fusion` (weights, bias) and `thresholds` (negative, mixed)."""
        self._weights = np.array(settings["fusion"]["weights"], dtype=np.float64)
        self._bias = np.array(settings["fusion"]["bias"], dtype=np.float64)
        self._negative = float(settings["thresholds"]["negative"])
        self._mixed = float(settings["thresholds"]["mixed"])

    def odds(self, numbers: Sequence[float]) -> tuple[float, float, float]:
        """Give the probabilities of negative, neutral, positive."""
        logits = self._weights @ np.array(numbers) + self._bias
        grown = np.exp(logits - logits.max())
        negative, neutral, positive = (float(each) for each in grown / grown.sum())
        return negative, neutral, positive

    def opinion(self, numbers: Sequence[float], words: Balance | None, textblob: float = 0.0) -> Balance:
        """Join the numbers of `features`; `unhappy` is the probability of negative.

        `words` is what the rules alone make of it. Where they hear a clear complaint and the
        model none, or TextBlob clearly says the opposite, the confidence is lower: somebody asks.
        """
        negative, neutral, positive = self.odds(numbers)
        label = self._label(negative, neutral, positive)
        sure = {Label.NEGATIVE: negative, Label.POSITIVE: positive, Label.NEUTRAL: neutral}.get(
            label, negative + positive
        )
        if words is not None and label in {Label.POSITIVE, Label.NEUTRAL} and words.score <= -_COMPLAINT:
            sure *= _DOUBTFUL
        elif textblob * (positive - negative) < 0 and abs(textblob) >= _DISAGREED:
            sure *= _LESS_SURE
        low, high = _RANGES[label]
        return Balance(
            for_it=positive,
            against=negative,
            score=min(high, max(low, positive - negative)),
            unhappy=negative,
            confidence=min(0.99, max(0.05, sure)),
            label=label,
        )

    def _label(self, negative: float, neutral: float, positive: float) -> Label:
        if min(negative, positive) >= self._mixed and neutral < self._mixed:
            return Label.MIXED
        if negative >= self._negative or negative > max(neutral, positive):
            return Label.NEGATIVE
        return Label.POSITIVE if positive > neutral else Label.NEUTRAL
