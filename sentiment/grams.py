"""Which language a few words are in, by their letters: a linear model over hashed letter groups.

It answers only when it is sure; "ok" is in no language.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 14
"""Rows of the table; each letter group falls into one."""
LONGEST_READ = 160
"""Characters that are looked at; more say nothing new."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_LONGEST_GROUP = 4
_FEWEST_WORDS = 2


def groups(words: str) -> Iterator[int]:
    """Give the bucket of every letter group of each word (2–4 letters, edges marked, and the word itself)."""
    for each in dict.fromkeys(_WORD.findall(words[:LONGEST_READ])):
        word = f"^{each}$"
        yield zlib.crc32(word.encode()) % BUCKETS
        for size in range(2, _LONGEST_GROUP + 1):
            for at in range(len(word) - size + 1):
                yield zlib.crc32(word[at : at + size].encode()) % BUCKETS


class Grams:
    """The trained table: `weights` [BUCKETS, languages] in 8 bits and their `scale`."""

    def __init__(self, languages: Sequence[str], weights: NDArray[np.int8], scale: float, sure: float) -> None:
        """Take the table; `sure` is the probability from which an answer is given."""
        self._languages = tuple(languages)
        self._weights = weights
        self._scale = scale
        self._sure = sure

    def read(self, words: str) -> str | None:
        """Give the language of folded `words`, or None when it isn't sure; a single word is in no language."""
        if len(set(_WORD.findall(words[:LONGEST_READ]))) < _FEWEST_WORDS:
            return None
        rows = list(groups(words))
        logits = self._weights[rows].sum(axis=0, dtype=np.int32) * (self._scale / len(rows) ** 0.5)
        odds = np.exp(logits - logits.max())
        best = int(odds.argmax())
        return self._languages[best] if odds[best] / odds.sum() >= self._sure else None
