"""Words that rose: what customers use clearly more than in the time before, found without knowing it beforehand.

A word must come from five customers at least, half as many again (of those who said anything) must use it as before,
and chance alone must bring that about in less than one of a thousand cases (Fisher's exact test over customers). Each
customer counts once a word, so that nobody makes a theme alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist

from bot.domain.figures.board import Quote, Theme
from bot.domain.figures.figure import chance
from bot.domain.figures.masking import mask
from bot.domain.figures.stopwords import STOP_WORDS

LEAST_CUSTOMERS = 5
LEAST_RISE = 1.5
CHANCE = 0.001
MOST_THEMES = 8
QUOTES = 2
QUOTED = 160
SHORTEST = 3
_WORD = re.compile(r"\[[^\]]*\]|[^\W\d_]+(?:['’-][^\W\d_]+)*|[.!?;:\n]")


@dataclass(frozen=True, slots=True)
class Saying:
    """What a customer said, as it is kept. `names`: of the customer and of whoever may be named in it."""

    customer: int
    at: datetime
    text: str
    score: float
    names: tuple[str, ...] = ()
    case: int | None = None

    @property
    def masked(self) -> str:
        """Without what could name somebody."""
        return mask(self.text, self.names)


def terms_of(text: str) -> set[str]:
    """The words and pairs of a masked text: no stop words, and no pair over the end of a sentence."""
    found: set[str] = set()
    before = ""
    for match in _WORD.finditer(text.casefold().replace("’", "'")):
        word = match.group()
        usable = len(word) >= SHORTEST and word[0].isalpha() and word not in STOP_WORDS
        if usable:
            found.add(word)
            if before:
                found.add(f"{before} {word}")
        before = word if usable else ""
    return found


def rising(now: Sequence[Saying], before: Sequence[Saying]) -> tuple[Theme, ...]:
    """The themes that rose most, each with quotes. A word inside a pair that rose as much is left to the pair."""
    masked = [(saying, saying.masked) for saying in now]
    here, there = _users((one.customer, text) for one, text in masked), _users((o.customer, o.masked) for o in before)
    of, of_before = len({one.customer for one in now}), len({one.customer for one in before})
    found = []
    for term, users in here.items():
        known = there[term]
        if users < LEAST_CUSTOMERS or users * of_before < LEAST_RISE * known * of:
            continue
        rare = chance(users, of, known, of_before)
        if rare < CHANCE:
            found.append(Theme(term, users, known, NormalDist().inv_cdf(1 - max(rare, 1e-15))))
    found.sort(key=lambda theme: (-theme.z, -theme.now, theme.words))
    return tuple(
        Theme(theme.words, theme.now, theme.before, theme.z, _quotes(theme.words, masked))
        for theme in _without_parts(found)[:MOST_THEMES]
    )


def _users(said: Iterable[tuple[int, str]]) -> Counter[str]:
    """How many customers use each word or pair."""
    seen: set[tuple[int, str]] = set()
    for customer, text in said:
        seen |= {(customer, term) for term in terms_of(text)}
    return Counter(term for _, term in seen)


def _without_parts(themes: Sequence[Theme]) -> list[Theme]:
    """Pairs go before the single words that they are made of, where they are used nearly as often."""
    pairs = [theme for theme in themes if " " in theme.words]
    covered = {
        word for pair in pairs for word in pair.words.split() for one in themes
        if one.words == word and pair.now >= 0.6 * one.now
    }  # fmt: skip
    return [theme for theme in themes if theme.words not in covered]


def _quotes(words: str, masked: Sequence[tuple[Saying, str]]) -> tuple[Quote, ...]:
    fitting = [(one, text) for one, text in masked if words in terms_of(text)]
    return quotes_of(fitting, QUOTES)


def quotes_of(masked: Sequence[tuple[Saying, str]], most: int) -> tuple[Quote, ...]:
    """The sayings that tell most: of different customers, neither too short nor too long, the strongest mood first."""
    ordered = sorted(masked, key=lambda pair: (-_telling(pair[1]) - abs(pair[0].score), -pair[0].at.timestamp()))
    found: dict[int, Quote] = {}
    for one, text in ordered:
        if one.customer not in found and text and all(cut(text) != quote.text for quote in found.values()):
            found[one.customer] = Quote(cut(text), one.at, one.score, one.case, one.customer)
    return tuple(list(found.values())[:most])


def _telling(text: str) -> float:
    """A sentence of five words to some lines says more than a bare “ok”."""
    words = len(text.split())
    return 1.0 if 5 <= words <= 40 else 0.5 if words > 2 else 0.0  # noqa: PLR2004 - words of a sentence


def cut(text: str) -> str:
    """One line that fits into a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else f"{flat[: QUOTED - 1].rstrip()}…"


def three_voices(said: Sequence[Saying]) -> tuple[Quote, ...]:
    """Three quotes for a digest: the unhappiest, the happiest, and another unhappy one (or whatever there is)."""
    masked = [(one, one.masked) for one in said]
    sad = list(quotes_of([pair for pair in masked if pair[0].score < 0], 2))
    glad = list(quotes_of([pair for pair in masked if pair[0].score > 0], 2))
    return tuple([*sad[:1], *glad[:1], *sad[1:], *glad[1:]][:3])
