"""TextBlob, VADER and AFINN as they come: what our own reading is measured against.

Each gives a polarity; unhappy is what lies below its own customary threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Polarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Rival:
    """A known tool: `polarity` of a text, below `unhappy_below` it counts as unhappy, above `happy_above` as happy."""

    name: str
    polarity: Polarity
    unhappy_below: float
    happy_above: float

    def label(self, polarity: float) -> str:
        """Give the mood that the tool's users read from a polarity."""
        if polarity < self.unhappy_below:
            return "negative"
        return "positive" if polarity > self.happy_above else "neutral"


def textblob() -> Rival:
    """TextBlob's pattern polarity (−1…1); anything below 0 is negative."""
    from textblob import TextBlob  # noqa: PLC0415 - loads NLTK

    def polarity(text: str) -> float:
        return float(TextBlob(text).sentiment.polarity)

    return Rival("TextBlob", polarity, 0.0, 0.0)


def vader() -> Rival:
    """VADER's compound score (−1…1) with its authors' thresholds of ±0.05."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415

    analyser: Any = SentimentIntensityAnalyzer()

    def polarity(text: str) -> float:
        return float(analyser.polarity_scores(text)["compound"])

    return Rival("VADER", polarity, -0.05, 0.05)


def afinn() -> Rival:
    """AFINN's sum of word valences (with emoticons); anything below 0 is negative."""
    from afinn import Afinn  # noqa: PLC0415 - only where it is measured against

    return Rival("AFINN", Afinn(emoticons=True).score, 0.0, 0.0)


def available(makers: Sequence[Callable[[], Rival]]) -> list[Rival]:
    """Give those that are installed."""
    found = []
    for make in makers:
        try:
            found.append(make())
        except ImportError:
            continue
    return found
