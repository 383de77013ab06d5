"""Folded text cut into the model's word pieces (Wu et al. 2016, as BERT reads English).

Written here and not taken from `tokenizers`: that package brings a client of a model hub into
every install, and this cut needs no more than the words and the vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = (PAD, UNKNOWN, BEGIN, END)
"""The first four lines of every vocabulary."""

_LONGEST_WORD = 40  # characters; a longer one is no word
_REMEMBERED = 20_000
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_MODIFIED = re.compile(r" ?\bwith\b ?| (?:sign|symbol)\b")
_MOST_NAMED = 24  # distinct signs whose names are read; the rest add nothing


@dataclass(frozen=True, slots=True)
class Pieces:
    """One text in pieces: `ids` with their `starts` and `ends` in the folded text.

    The first and the last stand for the text as a whole and have the empty span 0…0.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]


def sign_name(char: str) -> str:
    """Give an emoji or symbol its name in words ("loudly crying face"); "" when it has none."""
    name = unicodedata.name(char, "").lower().replace("-", " ")
    return _MODIFIED.sub(" ", name).strip()


class WordPieces:
    """A vocabulary, ready to cut; `words` in the order of their ids."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take the vocabulary; its first four entries must be SPECIAL."""
        if tuple(words[:4]) != SPECIAL:
            raise ValueError(f"a vocabulary begins with {', '.join(SPECIAL)}")
        self._ids = {word: number for number, word in enumerate(words)}
        self._known: dict[str, tuple[int, ...]] = {}
        self._begin, self._end, self._unknown = 2, 3, 1

    def words(self) -> list[str]:
        """Give the vocabulary in the order of its ids."""
        return list(self._ids)

    def cut(self, words: str, most: int) -> Pieces:
        """Cut folded text into at most `most` pieces; of a longer text its head and its tail."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        signs: set[str] = set()
        for found in _WORD.finditer(words):
            start, end = found.span()
            for piece in self._word(found.group(), signs):
                ids.append(piece)
                starts.append(start)
                ends.append(end)
        room = most - 2
        if len(ids) > room:
            cut = slice(room - room * 2 // 5, len(ids) - room * 2 // 5)
            for each in (ids, starts, ends):
                del each[cut]
        return Pieces([self._begin, *ids, self._end], [0, *starts, 0], [0, *ends, 0])

    def _word(self, word: str, signs: set[str]) -> Sequence[int]:
        if len(word) == 1 and unicodedata.category(word) == "So":
            if word in signs or len(signs) >= _MOST_NAMED:
                return ()
            signs.add(word)
            return [piece for part in sign_name(word).split() for piece in self._pieces(part)]
        return self._pieces(word)

    def _pieces(self, word: str) -> tuple[int, ...]:
        known = self._known.get(word)
        if known is None:
            known = self._greedy(word) if len(word) <= _LONGEST_WORD else (self._unknown,)
            if len(self._known) < _REMEMBERED:
                self._known[word] = known
        return known

    def _greedy(self, word: str) -> tuple[int, ...]:
        """Take the longest known piece again and again; one stranger makes the word unknown."""
        pieces = []
        at, prefix = 0, ""
        while at < len(word):
            for end in range(len(word), at, -1):
                number = self._ids.get(prefix + word[at:end])
                if number is not None:
                    pieces.append(number)
                    at, prefix = end, "##"
                    break
            else:
                return (self._unknown,)
        return tuple(pieces)


def kept_words(words: Iterable[str], frequent: Iterable[str]) -> list[str]:
    """Choose from a BERT vocabulary what English chats need: SPECIAL, single characters, `frequent` ones."""
    wanted = set(frequent)
    known = [word for word in words if not word.startswith("[")]
    kept = [word for word in known if len(word.removeprefix("##")) == 1 or word in wanted]
    return [*SPECIAL, *kept]
