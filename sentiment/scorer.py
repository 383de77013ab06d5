"""The doors of the room: the protocol that every scorer keeps, the default one, and alarm words.

What stands behind a door is imported when it is opened, so that knocking costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from sentiment.verdict import Evidence, Verdict


class Scorer(Protocol):
    """Reads texts; a model, a rule set or a service may stand behind it."""

    @property
    def name(self) -> str:
        """Short name, e.g. `rules+textblob`."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same text may get another verdict."""
        ...

    def warm(self) -> None:
        """Load what the first score would have to load (a second or two); harmless to repeat."""
        ...

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        """Give one verdict per text, in order; never raises, whatever the texts hold.

        CPU-bound and thread-safe: call it off the event loop and outside any transaction.
        """
        ...


SCORERS = ("reader", "rules", "textblob")
"""Scorers one can choose: all of it; without the trained model; TextBlob's polarity alone."""


def default_scorer() -> Scorer:
    """Give the scorer of the default install; cheap, nothing is loaded until `warm` or `score`."""
    return named_scorer("reader")


def named_scorer(name: str) -> Scorer:
    """Give one of SCORERS; ValueError for another name. Cheap, nothing is loaded yet."""
    if name == "textblob":
        from sentiment.alone import TextBlobScorer  # noqa: PLC0415 - keeps the import cheap

        return TextBlobScorer()
    if name not in SCORERS:
        raise ValueError(f"{name!r} is no scorer; allowed: {', '.join(SCORERS)}")
    from sentiment.cascade import CascadeScorer  # noqa: PLC0415 - keeps the import cheap

    return CascadeScorer() if name == "reader" else CascadeScorer(model=None)


def model_problem() -> str:
    """Say what is wrong with the trained model, or "" when it can be used. Loads it: a tenth of a second."""
    from sentiment.reader import ModelDamaged, Reader  # noqa: PLC0415 - keeps the import cheap

    try:
        Reader()
    except ModelDamaged as problem:
        return str(problem)
    return ""


def default_alarms() -> dict[float, tuple[float, float]]:
    """Give the model's own figures: share of false alarms → (threshold of `unhappy`, share found).

    Measured on replies of a writer it didn't learn from; empty when the model's card can't be read.
    """
    from sentiment.reader import ModelDamaged, card_of  # noqa: PLC0415 - keeps the import cheap

    try:
        measured = card_of().settings["false_alarms"]
    except ModelDamaged:
        return {}
    return {float(share): (row["threshold"], row["found"]) for share, row in measured.items()}


def find_words(text: str, words: Iterable[str]) -> tuple[Evidence, ...]:
    """Find the shop's alarm `words` in `text`: each hit as a span of the original text, weight −1.

    A word or phrase matches whole words only, without regard to case, diacritics, elongation
    or the kind of space; a final `*` matches any ending (`injur*`). At most 50 hits, by place.
    """
    from sentiment.alarm import find  # noqa: PLC0415 - keeps the import cheap

    return find(text, tuple(words))


def out_of_ten(text: str) -> int | None:
    """Give the whole rating from 0 to 10 that is written as one of ten (`9/10`, "9 out of 10"), if there is one."""
    if _TEN.search(text) is None:
        return None
    from sentiment.ratings import out_of_ten as read  # noqa: PLC0415 - keeps the import cheap

    return read(text)


_TEN = re.compile("10|ten|zehn|diez|dix", re.IGNORECASE)
