"""TextBlob's polarity by itself: the scorer this field often starts with, for who wants it or wants to compare."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sentiment.plain import Plain, plain
from sentiment.verdict import BASE_UNHAPPY, Evidence, Label, Verdict, unknown

_LOG = logging.getLogger(__name__)
_SLOPE = 0.55
_LEAST = 0.05


class TextBlobScorer:
    """Polarity below 0 is negative, above 0 positive; no opinion word found is UNKNOWN, not neutral."""

    name = "textblob"
    version = "1"

    def __init__(self) -> None:
        """Load nothing yet."""
        self._read: Any = None

    def warm(self) -> None:
        """Import TextBlob (one to two seconds); harmless to repeat."""
        if self._read is None:
            from textblob import TextBlob  # noqa: PLC0415 - loads NLTK

            self._read = TextBlob
            TextBlob("good").sentiment_assessments  # noqa: B018 - loads its lexicon

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        """Give one verdict per text, in order; never raises."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Verdict:
        who = f"{self.name}/{self.version}"
        try:
            self.warm()
            page = plain(text)
            seen = self._read(page.words).sentiment_assessments
        except Exception:  # noqa: BLE001 - a verdict is promised for every text
            _LOG.exception("a text of %d characters could not be scored", len(text))
            return unknown(text, who)
        opinions = [(str(chunk[0]), float(polarity)) for chunk, polarity, _, _ in seen.assessments if polarity]
        if not opinions:
            return unknown(text, who)
        score = max(-1.0, min(1.0, float(seen.polarity)))
        label = Label.NEGATIVE if score < -_LEAST else Label.POSITIVE if score > _LEAST else Label.NEUTRAL
        return Verdict(
            text=text,
            label=label,
            score=round(score, 4),
            unhappy=round(max(0.03, min(0.97, BASE_UNHAPPY - _SLOPE * score)), 4),
            confidence=round(0.3 + 0.4 * abs(score), 4),
            rating=None,
            intents=(),
            topics=(),
            language=None,
            evidence=_spans(page, opinions),
            scorer=who,
        )


def _spans(page: Plain, opinions: list[tuple[str, float]]) -> tuple[Evidence, ...]:
    spans, at = [], 0
    for word, polarity in opinions:
        found = page.words.find(word, at)
        if found >= 0 and word:
            at = found + len(word)
            spans.append(Evidence(*page.span(found, at), round(max(-1.0, min(1.0, polarity)), 4)))
    return tuple(spans)
