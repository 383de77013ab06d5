"""The shop's own alarm words: found whole, whatever their case, accents or script."""

from __future__ import annotations

import re
from functools import lru_cache

from sentiment.plain import plain
from sentiment.verdict import Evidence

_MOST = 50
# Scripts written without spaces between words: there a word may stand inside a run of letters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def find(text: str, words: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Find `words` in `text`; the rules of matching are told at `sentiment.find_words`."""
    pattern = _pattern(words)
    if pattern is None:
        return ()
    page = plain(text, entire=True)
    hits = []
    for match in pattern.finditer(page.words):
        hits.append(Evidence(*page.span(*match.span()), -1.0))
        if len(hits) == _MOST:
            break
    return tuple(hits)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Compile the words to one alternation, the longest first; None when there are none."""
    folded = {" ".join(plain(word, entire=True).words.split()) for word in words}
    wanted = sorted((word for word in folded if word.strip("* ")), key=len, reverse=True)
    if not wanted:
        return None
    return re.compile("|".join(_one(word) for word in wanted))


def _one(word: str) -> str:
    stem = word.rstrip("* ")
    body = r"[\s-]{1,4}".join(re.escape(part) for part in stem.split())
    before = "" if not _is_word(stem[0]) else r"(?<!\w)"
    after = "" if not _is_word(stem[-1]) else r"(?!\w)"
    if word.endswith("*"):
        after = r"\w{0,30}"
    return before + body + after


def _is_word(char: str) -> bool:
    return (char.isalnum() or char == "_") and _UNSPACED.match(char) is None
