"""Plain text: what the rules read, with the way back to the original offsets.

Lower-case, without diacritics, zero-width characters, skin tones and elongations; URLs and
addresses blanked; Slack's `:codes:` turned into emoji. Every character knows the span of the
original text it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sentiment.signs import SLACK_CODES

HEAD = 2_000
"""Characters read from the start of a text."""
TAIL = 500
"""Characters read from the end of a text that is longer than HEAD + TAIL."""

_SPECIAL = str.maketrans(
    {
        "\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u2032": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-",
        "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0142": "l", "\u0111": "d",
        "\u0131": "i", "\u2044": "/", "\u2215": "/", "\u00bf": " ", "\u00a1": " ",
    }
)  # fmt: skip
# Characters that change the look of the one before them and mean nothing by themselves.
_EXTENDERS = frozenset("\ufe0e\ufe0f\u200d\u20e3") | {chr(c) for c in range(0x1F3FB, 0x1F400)}
_LONGEST_FOLDED = 4  # some ligatures spell a whole sentence
_FIRST_TRUE_MARK = 10  # combining classes 1-9: overlays, nuktas, viramas, kana voicing marks

_BLANKED = re.compile(r"https?://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,100}|(?<!\w)@\w+")
_CODE = re.compile(r":([a-z0-9_+-]{1,30}):(?::skin-tone-\d:)?")
_ELONGATED = re.compile(r"([^\W\d_])\1\1+")
_WORD = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"(.)\1*", re.DOTALL)

_DOUBLED = (
    "good cool too food foot soon took look room poor loose choose need feel feet keep week "
    "see seen three free agree need sleep cheer feedback been seem speed deep quick well all "
    "call small still tell sell full bill fall will pull really finally totally hell hello "
    "yellow awfully awesomely off stuff different offer effort happy happen disappointed "
    "disappointing disappointment shipping stopped wrapped ripped zipper app apply appalling "
    "supplier support suppose mess miss missing less useless boss pass dress class worthless "
    "amazingly better bitter letter bottom button pretty little butter fitting getting "
    "shitty shutter written arrive arrived sorry carry tomorrow horrible terrible terribly "
    "error correct current worry account accept pissed bullshit crappy common recommend "
    "recommended immediately comment dinner runner funny annoy annoyed annoying beginning "
    "coffee address add addict middle middling ridiculous package baggage bigger suggest "
    "luggage access success excellent process professional necessary possible assist "
    "alles toll schnell bitte kommt bestellt bestellung passt super besser schlecht immer "
    "llego llegado llega calle pollo belle elle aller appelle colis homme comme bonne arrive"
).split()


def _squeezed(word: str) -> str:
    return _RUN.sub(r"\1", word)


_SPELLED = {_squeezed(word): word for word in _DOUBLED}


@dataclass(frozen=True, slots=True)
class Plain:
    """The text as the rules read it, and where each character comes from.

    `starts[i]`, `ends[i]`: the original span behind `words[i]`; None when the offsets are
    the same. `cut` is true when the middle of a long text was left out.
    """

    words: str
    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None
    cut: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty span of `words` into one of the original text."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain(text: str, *, entire: bool = False) -> Plain:
    """Fold `text` for the rules: its first HEAD and last TAIL characters, or the `entire` text."""
    cut = len(text) > HEAD + TAIL and not entire
    if text.isascii() and not cut:
        words = _ascii_folded(text)
        if words.count(":") < 2 and _ELONGATED.search(words) is None:  # noqa: PLR2004
            return Plain(_blanked(words), None, None, cut)
    folded = _Folding()
    if cut:
        folded.read(text, 0, HEAD)
        folded.put("\n", HEAD, HEAD)
        folded.read(text, len(text) - TAIL, len(text))
    else:
        folded.read(text, 0, len(text))
    folded.replace_codes()
    folded.blank()
    folded.shorten()
    return Plain("".join(folded.chars), tuple(folded.starts), tuple(folded.ends), cut)


_ASCII = {code: " " for code in range(32) if chr(code) != "\n"} | {127: " ", ord("`"): "'"}


def _ascii_folded(text: str) -> str:
    return text.lower().translate(_ASCII)


def _blanked(words: str) -> str:
    """Blank out URLs, e-mail addresses and @names, keeping every offset."""
    if "://" not in words and "www." not in words and "@" not in words:
        return words
    return _BLANKED.sub(lambda found: " " * len(found.group()), words)


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str | None:
    """Fold one character; "" drops it, None drops it as a part of the one before."""
    if char in _EXTENDERS:
        return None
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category in {"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}:
        return "\n" if char in "\n\u2028\u2029" else " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if unicodedata.combining(char) >= _FIRST_TRUE_MARK:
        return None
    decomposed = unicodedata.normalize("NFKD", char.translate(_SPECIAL)).casefold()
    kept = "".join(c for c in decomposed if unicodedata.combining(c) < _FIRST_TRUE_MARK)
    return unicodedata.normalize("NFC", kept).translate(_SPECIAL)[:_LONGEST_FOLDED]


class _Folding:
    """Characters with their origins, while they are being folded."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def put(self, folded: str, start: int, end: int) -> None:
        for char in folded:
            self.chars.append(char)
            self.starts.append(start)
            self.ends.append(end)

    def read(self, text: str, begin: int, end: int) -> None:
        for at in range(begin, end):
            folded = _folded_char(text[at])
            if folded is None:
                if self.ends:
                    self.ends[-1] = at + 1
            else:
                self.put(folded, at, at + 1)

    def replace(self, start: int, end: int, folded: str) -> None:
        """Let `folded` (not empty) stand for all the originals of chars[start:end]."""
        first, last = self.starts[start], self.ends[end - 1]
        self.chars[start:end] = list(folded)
        self.starts[start:end] = [first] * len(folded)
        self.ends[start:end] = [last] * len(folded)

    def replace_codes(self) -> None:
        """Turn Slack's `:thumbsup:` into its emoji."""
        if self.chars.count(":") < 2:  # noqa: PLR2004 - a code has two colons
            return
        for found in reversed(list(_CODE.finditer("".join(self.chars)))):
            if found.group(1) in SLACK_CODES:
                self.replace(found.start(), found.end(), SLACK_CODES[found.group(1)])

    def blank(self) -> None:
        self.chars = list(_blanked("".join(self.chars)))

    def shorten(self) -> None:
        """Undo elongations: "soooo goooood" becomes "so good"."""
        joined = "".join(self.chars)
        if _ELONGATED.search(joined) is None:
            return
        starts, ends = self.starts, self.ends
        self.chars, self.starts, self.ends = [], [], []
        done = 0
        for found in _WORD.finditer(joined):
            word, at = found.group(), found.start()
            if _ELONGATED.search(word) is None:
                continue
            self._copy(joined, starts, ends, done, at)
            for char, begin, stop in _short_runs(word):
                self.put(char, starts[at + begin], ends[at + stop - 1])
            done = found.end()
        self._copy(joined, starts, ends, done, len(joined))

    def _copy(self, joined: str, starts: list[int], ends: list[int], begin: int, stop: int) -> None:
        self.chars.extend(joined[begin:stop])
        self.starts.extend(starts[begin:stop])
        self.ends.extend(ends[begin:stop])


def _short_runs(word: str) -> list[tuple[str, int, int]]:
    """Respell an elongated word: each letter with the span of `word` it stands for."""
    short = _ELONGATED.sub(r"\1", word)
    short = _SPELLED.get(_squeezed(word), short)
    letters = []
    for long, kept in zip(_RUN.finditer(word), _RUN.finditer(short), strict=True):
        begin, stop, count = long.start(), long.end(), len(kept.group())
        for nth in range(count):
            first = min(begin + nth, stop - 1)
            letters.append((long.group(1), first, stop if nth == count - 1 else first + 1))
    return letters
