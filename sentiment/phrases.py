"""Words and phrases in folded text: cut into tokens, matched against a tree of phrases.

No regular expression is built from the lexicons: a phrase is a path in a tree of dicts, so
that reading takes time linear in the text whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from sentiment.lexicon.block import Block

NOT = "n't"
"""Token that stands for every English negated auxiliary: don't, isnt, cannot, did not …"""

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?,;:()\n\"]")
BREAKS = frozenset('.!?,;:()\n"')
"""Tokens that end a clause."""
SENTENCE_ENDS = frozenset(".!?\n")
CONTRASTS = frozenset(
    "but however unfortunately aber jedoch leider allerdings trotzdem pero lastima mais "
    "cependant malheureusement pourtant".split()
)
"""Words that open a clause which weighs more than what came before."""
_CLAUSE_WORDS = CONTRASTS | frozenset("although though except aunque obwohl".split())

_AUXILIARIES = frozenset("do does did is are was were am be been has have had will would can could should".split())
_BARE_NEGATED = frozenset(
    "dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt cant cannot "
    "couldnt shouldnt aint".split()
)
_ENGLISH_TAILS = frozenset({"s", "re", "ve", "ll", "m"})
_FRENCH_HEADS = frozenset({"l", "d", "j", "c", "n", "m", "t", "s", "qu"})

_END, _PREFIXES, _GAP = "\0end", "\0prefixes", "\0gap"
_SHORTEST_STEM, _LONGEST_STEM = 3, 14
_REMEMBERED = 20_000
_LONGEST_GAP = 2

Node = dict[str, Any]


@dataclass(slots=True)
class Tokens:
    """The words and stops of one text, as parallel lists.

    `starts`, `ends` are offsets in the folded text; `clauses[i]` is the number of the clause;
    `contrast` holds the numbers of clauses opened by a "but".
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    clauses: list[int]
    contrast: set[int]


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at tokens first…last (inclusive)."""

    first: int
    last: int
    block: Block


@lru_cache(maxsize=16_384)
def _pieces(word: str) -> tuple[tuple[str, int, int], ...]:
    """Cut a word at its apostrophes: (token, start, end) within the word."""
    if word in _BARE_NEGATED or word.endswith("n't"):
        return ((NOT, 0, len(word)),)
    head, apostrophe, tail = word.partition("'")
    if not apostrophe:
        return ((word, 0, len(word)),)
    if tail in _ENGLISH_TAILS:
        return ((head, 0, len(word)),)
    if tail == "d":  # "I'd like" is no "I like"
        return ((head, 0, len(head)), (tail, len(head) + 1, len(word)))
    if head in _FRENCH_HEADS:
        after = len(head) + 1
        rest = tail.replace("'", "")
        return ((head, 0, len(head)), (rest, after, len(word)))
    return ((word.replace("'", ""), 0, len(word)),)


def tokens(words: str) -> Tokens:
    """Cut folded text into words and stops; "did not" becomes one negation."""
    out = Tokens([], [], [], [], set())
    clause = 0
    for match in _TOKEN.finditer(words):
        at = match.start()
        for piece, start, end in _pieces(match.group()):
            if piece == "not" and out.words and out.words[-1] in _AUXILIARIES:
                out.words[-1], out.ends[-1] = NOT, at + end
                continue
            if piece in _CLAUSE_WORDS:
                clause += 1
                if piece in CONTRASTS:
                    out.contrast.add(clause)
            out.words.append(piece)
            out.starts.append(at + start)
            out.ends.append(at + end)
            out.clauses.append(clause)
            if piece in BREAKS:
                clause += 1
    return out


def expand(pattern: str) -> Iterator[tuple[str, ...]]:
    """Write out a pattern: `(a|b c)` alternatives, `[x]` optional, `~` a gap, `stem*`."""
    parts: list[list[str]] = []
    for piece in re.findall(r"\([^)]*\)|\[[^\]]*\]|[^\s()\[\]]+", pattern):
        if piece[0] == "(":
            parts.append(piece[1:-1].split("|"))
        elif piece[0] == "[":
            parts.append(["", *piece[1:-1].split("|")])
        else:
            parts.append([piece])
    for choice in product(*parts):
        yield tuple(" ".join(choice).split())


class PhraseTree:
    """All phrases of all languages in one tree."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._root: Node = {}
        self._first: dict[str, tuple[Node, ...]] = {}
        self.vocabulary: dict[str, set[str]] = {}
        for block in blocks:
            for pattern in block.patterns():
                for path in expand(pattern):
                    self._add(path, block)

    def _add(self, path: tuple[str, ...], block: Block) -> None:
        node = self._root
        for step in path:
            if step == "~":
                node = node.setdefault(_GAP, {})
            elif step.endswith("*"):
                node = node.setdefault(_PREFIXES, {}).setdefault(step[:-1], {})
            else:
                node = node.setdefault(step, {})
                self.vocabulary.setdefault(step, set()).add(block.language)
        node.setdefault(_END, {}).setdefault(block.language, block)

    def find(self, text: Tokens, languages: AbstractSet[str]) -> list[Found]:
        """Find the longest phrase at each place, left to right, never overlapping."""
        found = []
        at, words = 0, text.words
        while at < len(words):
            begun = self._begun(words[at])
            hit = _longest(begun, words, at, languages) if begun else None
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at = hit.last + 1
        return found

    def _begun(self, word: str) -> tuple[Node, ...]:
        """Give the nodes that a first word leads to; remembered, for most words lead nowhere."""
        known = self._first.get(word)
        if known is None:
            known = tuple(node for node, _ in _steps(self._root, [word], 0))
            if len(self._first) < _REMEMBERED:
                self._first[word] = known
        return known


def _longest(begun: tuple[Node, ...], words: list[str], first: int, languages: AbstractSet[str]) -> Found | None:
    best: Found | None = None
    open_paths = [(node, first + 1) for node in begun]
    while open_paths:
        node, at = open_paths.pop()
        ends = node.get(_END)
        if ends is not None and (best is None or at - 1 > best.last):
            block = _of(ends, languages)
            if block is not None:
                best = Found(first, at - 1, block)
        if at < len(words):
            open_paths.extend(_steps(node, words, at))
    return best


def _of(ends: dict[str, Block], languages: AbstractSet[str]) -> Block | None:
    for language, block in ends.items():
        if language in languages:
            return block
    return None


def _steps(node: Node, words: list[str], at: int) -> list[tuple[Node, int]]:
    """Give the nodes that the word at `at` leads to, with the place of the next word."""
    word = words[at]
    steps: list[tuple[Node, int]] = []
    if word in node:
        steps.append((node[word], at + 1))
    stems = node.get(_PREFIXES)
    if stems is not None:
        lengths = range(_SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1)
        steps.extend((stems[word[:n]], at + 1) for n in lengths if word[:n] in stems)
    after = node.get(_GAP)
    if after is not None:
        steps.extend((after, place) for place in _reached(words, at))
    return steps


def _reached(words: list[str], at: int) -> Iterator[int]:
    """Give the places that a gap may lead to: none beyond the end of the clause."""
    for place in range(at, min(len(words), at + _LONGEST_GAP + 1)):
        yield place
        if words[place] in BREAKS:
            break
