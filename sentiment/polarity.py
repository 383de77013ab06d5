"""TextBlob's word polarities, with the words that decided them.

TextBlob's own tokenizer is passed by: it gets our tokens, which carry their places, so that
its assessments come back as spans. Loading it takes one to two seconds (it imports NLTK).
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sentiment.phrases import NOT, Tokens

# Words that TextBlob gives a polarity but that say nothing about a purchase.
_NOT_OPINIONS = frozenset(
    "first last new other many more much most some any all whole same own able sure right left "
    "real really very big long large little small low high full half top main total only early "
    "late previous next past present old young possible available general specific certain several few least "
    "less open close closed online live black white blue red green yellow dark light hot cold "
    "warm cool dry wet normal regular usual usually common final original extra actual actually "
    "exact exactly just even ever such so too as like likely kind own enough quite almost about "
    "rather clear clearly simple simply ready due fully completely absolutely definitely totally "
    "expected used sort far near free complete heavy hard thick thin narrow wide tight loose "
    "short soft round flat straight center middle single double mobile digital plain game games "
    "mine secret special serious seriously honest honestly entire correct true latest recent "
    "recently quickly already fast still constantly limited gray grey brown purple orange pink "
    "pretty sound wise remote older smart barely major minor significant apparently behind cheap "
    "ok okay alright subject related foreign local american english french german spanish white".split()
)
_NEGATIONS = frozenset({"!", NOT, "no", "not", "never"})
_LOAD = threading.Lock()
_LOG = logging.getLogger(__name__)


def _nothing(_words: object) -> list[Any]:
    return []


class _Placed(str):
    """A word that knows which token it is."""

    __slots__ = ("at",)
    at: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """Tokens first…last (inclusive) that TextBlob assessed, with its polarity −1…1."""

    first: int
    last: int
    polarity: float


class WordPolarity:
    """TextBlob's pattern lexicon, loaded on first use."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._assess: Any = None
        self._known: AbstractSet[str] = frozenset()

    def warm(self) -> None:
        """Import TextBlob and read its lexicon, once; without TextBlob go on with the rules."""
        if self._assess is not None:
            return
        with _LOAD:
            try:
                module = importlib.import_module("textblob.en")
                module.sentiment("good")
                self._known = frozenset(dict.keys(module.sentiment))
                self._assess = module.sentiment.assessments
            except (ImportError, OSError):
                _LOG.warning("TextBlob can't be loaded; the rules go on alone", exc_info=True)
                self._assess = _nothing

    def assess(self, text: Tokens, taken: AbstractSet[int]) -> list[Assessed]:
        """Give the opinion words of an English text with their polarities, in order.

        Words at the `taken` places are read (they may negate) but not given.
        """
        self.warm()
        if not self._holds_opinion(text, taken):
            return []
        placed = []
        for at, word in enumerate(text.words):
            known = _Placed(word)
            known.at = at
            placed.append((known, None))
        return [
            found
            for chunk, polarity, _, _ in self._assess(placed)
            if polarity and (found := _assessed(chunk, polarity)) is not None
            if taken.isdisjoint(range(found.first, found.last + 1))
        ]

    def _holds_opinion(self, text: Tokens, taken: AbstractSet[int]) -> bool:
        return any(
            word in self._known and word not in _NOT_OPINIONS and at not in taken for at, word in enumerate(text.words)
        )


def _assessed(chunk: list[str], polarity: float) -> Assessed | None:
    """Place what TextBlob assessed; None when it is no opinion about a purchase."""
    if all(word in _NOT_OPINIONS or word in _NEGATIONS for word in chunk):
        return None
    places = [word.at for word in chunk if isinstance(word, _Placed)]
    return Assessed(min(places), max(places), float(polarity)) if places else None
