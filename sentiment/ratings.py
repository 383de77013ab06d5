"""Ratings that a customer wrote: "4", "3/10", "five stars", "★★☆☆☆", "8 sur 10".

A number is a rating only where its surroundings say so; "size 5", "2 pairs", order numbers,
dates and telephone numbers are not. All patterns are linear: bounded repeats only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sentiment.plain import plain

_TOP = 5
_MOST = 20  # ratings in one text
_NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
    "null": 0, "ein": 1, "eins": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5,
    "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "cero": 0, "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10,
}  # fmt: skip
_WHOLE_WORDS = {
    word: number
    for word, number in _NUMBER_WORDS.items()
    if 1 <= number <= _TOP and word not in {"ein", "einen", "un", "una", "une"}
}
_WORDS = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_NUM = rf"(\d{{1,3}}(?:[.,]\d)?|{_WORDS})"
_COUNTED = (
    r"(?!\s{0,3}(?:of|items?|pieces?|pairs?|parts?|parcels?|packages?|boxes|bottles|products?|"
    r"articles?|people|times|customers|were|are|is|have|arrived|received|missing|"
    r"teile|artikel|stuck|paare|produkte|mal|waren|productos?|piezas|veces|cosas|articulos|"
    r"articles|produits|pieces|fois|paires)\b)"
)
_STAR_NOUN = r"(?:(?:stars?|sternen?|sterne?|estrellas?|etoiles?|stelle|estrelas?)\b|[★⭐](?![★⭐☆]))"

_WHOLE = re.compile(r"[\s\"'(*]{0,8}(\d(?:[.,]\d)?|[a-z]{3,6})[\s!.)\"'*~]{0,20}\Z")
_FRACTION = re.compile(
    r"(?<![\w/.,#:+])(?<!\d-)(\d{1,3}(?:[.,]\d)?)\s{0,2}/\s{0,2}(5|10|100)(?![\w/]|[.,:-]\d)" + _COUNTED
)
_OUT_OF = re.compile(
    rf"(?<![\w/.,#])(?<!\d-){_NUM}\s{{1,2}}(out\s{{1,2}}of|von|aus|sobre|sur|of|de)\s{{1,2}}"
    rf"(100|10|5|ten|five|zehn|funf|fuenf|diez|cinco|dix|cinq)\b{_COUNTED}"
)
_STARS = re.compile(rf"(?<![\w/.,#]){_NUM}[\s-]{{0,2}}{_STAR_NOUN}(?!\s{{1,3}}(?:reviews?|hotel|missing))")
_FEW_STARS = re.compile(
    rf"\b(?:zero|no|half\sa|null|keine|cero|(?:minus|negative)(?:\s{{1,2}}{_NUM})?)\s{{1,2}}{_STAR_NOUN}"
)
_GLYPHS = re.compile(r"(?:[★⭐🌟✪✮✭]\s?){1,12}(?:[☆✩]\s?){0,5}")
_CUED = re.compile(
    r"\b(?:rating|score|note|nota|bewertung|calificacion|puntuacion|(?:i'd|i|would|i'll|id)\s{1,2}"
    r"(?:give|rate)(?:\s{1,2}(?:it|this|you|them|that))?(?:\s{1,2}(?:an?|only|just))?|rate\s{1,2}it|"
    r"gebe(?:\s{1,2}(?:eine?|euch))?|le\sdoy(?:\sun)?|je\smets(?:\sun)?|je\sdonne(?:\sun)?|"
    r"a\ssolid)\s{0,2}[:=-]?\s{0,2}(?:is\s)?"
    r"(\d{1,2}(?:[.,]\d)?)(?![\w/%]|[.,:]\d|-\d|\s{0,2}(?:star|stern|etoile|estrella|out|von|sur|sobre|"
    r"punkte|days?|weeks?|hours?|minutes?|euros?|dollars?|eur|usd|€|\$|pounds?|more|other|of))"
)
_LEADING = re.compile(r"\s{0,9}([1-5])(?:\s{0,2}[-,:;!]\s{0,3}|\s{0,2}\n\s{0,3}|\s\()(?=[^\W\d]|[^\w\s.,/:-])")
_TRAILING = re.compile(
    r"(?<=[a-z]|[^\w\s])(?<![.\s](?:no|nr))(?<!size)\s?(?:[.!]\s{1,3}|\s{0,3}\n\s{0,3})([1-5])[\s.!]{0,9}\Z"
)
_PRAISING = re.compile(r"\s{0,3}(?:[!.\s]{0,9}\Z|would|will|recommend|for|love|from me)")
_LIST = re.compile(r"\s2\s?[.)]\s")
_DATE_WORD = re.compile(
    r"\b(?:on|by|since|from|until|till|before|after|am|bis|seit|vom|el|desde|hasta|le|du|depuis|"
    r"the|date|dated|ordered|order|bought|purchased|between|to|and|arrived|delivered|shipped|due|den|zum|au)"
    r"\s{1,3}\Z"
)
_TENS = frozenset({"10", "ten", "zehn", "diez", "dix"})
_UNREAL = re.compile(
    r"(?:\bnot|n't|\bcannot|\bwould have|\bwould've|\bcould have|\binstead of|\bnever|\bhatte|\bnicht|"
    r"\bstatt|\bpas|\bno|\bwould be|\bfor)(?:\s{1,2}\w{1,12}){0,4}\s{1,2}\Z"
)
_PART = re.compile(
    rf"(?<=[,.;:\n!-])\s{{0,3}}(?:(?:and|but|only|just|a)\s{{1,2}}){{0,2}}({_NUM}|none|nought|naught|nil|nothing)"
    rf"(?:\s{{1,2}}{_STAR_NOUN})?\s{{1,2}}for\s{{1,2}}(?:(?:the|your|its|his|her|their|this|that|what|how|"
    r"everything|actually|being|using)\b|(?!free|half|sale|christmas|everyone)[a-z]{3,14}\s{0,2}(?:[.,;!]|\Z))"
)
_FOR = re.compile(r"\s{1,2}for\s")
_TO_THE_END = 200  # characters between a rating "for the idea" and the one for the rest
_COUNT = r"(?:an?|one|two|half|1|2|0?\.5)"
_DEDUCTED = re.compile(
    rf"\b(?:minus\s{{1,2}}(?:for|the|because|{_COUNT}\s{{1,2}}(?:star\s|point\s)?(?:for|because|as|since))|"
    rf"{_COUNT}\s{{1,2}}(?:stars?\s{{1,2}}|points?\s{{1,2}}|marks?\s{{1,2}})?(?:off|less|lost|docked|deducted)\b|"
    rf"(?:docked|knocked off|took off|taking off|lost|loses)\s{{1,2}}{_COUNT}\b|"
    r"the\s{1,2}(?:missing|lost|last|fifth|tenth|other|remaining)\s{1,2}(?:star|point|mark|one|two)s?\b|"
    r"the\s{1,2}fifth(?:\s{1,2}(?:is|was|went)|'s)\b|"
    r"(?:would|wud|could|might)\s{1,2}(?:have|of)\s{1,2}(?:been|got|had|liked|preferred|loved)\b|would've\b|"
    r"(?:would|i'd)\s{1,2}(?:like|love|prefer)\b|wish\s{1,2}(?:it|they|there)\s{1,2}(?:was|were|came|had)\b|"
    r"(?:could|would)\s{1,2}be\s{1,2}(?:a\s{1,2}(?:bit|little|touch)\s{1,2})?"
    r"(?:nice|better|cheaper|longer|shorter|bigger|smaller|faster|quicker|clearer|lighter|softer|warmer|louder|"
    r"stronger|wider)\b)"
)


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating 1…5 read at `start`…`end` (offsets in folded text).

    `alone` when the message holds nothing else.
    """

    stars: int
    start: int
    end: int
    alone: bool


def find_ratings(words: str) -> list[Rating]:
    """Find the ratings in folded text, left to right, without overlaps; at most 20."""
    whole = _whole(words)
    if whole is not None:
        return [whole]
    if _NUMBERED.search(words) is None and _NAMED.search(words) is None:
        return []
    found: list[Rating] = []
    for reader in (_fractions, _out_ofs, _stars, _glyphs, _cued, _edges):
        for rating in reader(words):
            if all(rating.end <= each.start or rating.start >= each.end for each in found):
                found.append(rating)
            if len(found) >= _MOST:
                break
    found.sort(key=lambda each: each.start)
    return [*found, *_parts(words, found[-1])] if found else []


def tells_what_is_missing(words: str) -> bool:
    """Tell whether a folded text with a high rating says why it isn't higher, or what would be nicer still."""
    return _DEDUCTED.search(words) is not None


def _parts(words: str, rating: Rating) -> list[Rating]:
    """Read what comes after "ten out of ten for the idea": "two for the thing itself"."""
    if _FOR.match(words, rating.end) is None:
        return []
    match = _PART.search(words, rating.end, rating.end + _TO_THE_END)
    if match is None:
        return []
    said = match.group(1)
    value = _value(said) if said[0].isdigit() or said in _NUMBER_WORDS else 0.0
    stars = _scaled(value, _scale(words[rating.start : rating.end]))
    return [] if stars is None else [Rating(stars, *match.span(1), alone=False)]


def _scale(rating: str) -> float:
    """Give the scale of a rating by its words."""
    if rating.endswith("100"):
        return 100.0
    return 2.0 * _TOP if rating.endswith(tuple(_TENS)) else float(_TOP)


_NUMBERED = re.compile("[0-9★⭐🌟✪✮✭]")
_NAMED = re.compile(rf"{_STAR_NOUN}|\b(?:out of|von|aus|sobre|sur) (?:ten|five|zehn|funf|fuenf|diez|cinco|dix|cinq)\b")


@lru_cache(maxsize=64)
def _value(number: str) -> float:
    if number in _NUMBER_WORDS:
        return float(_NUMBER_WORDS[number])
    return float(number.replace(",", "."))


def _scaled(value: float, scale: float) -> int | None:
    """Map a value on a scale of 5, 10 or 100 to 1…5; None when it isn't on the scale."""
    if value > scale:
        return None
    if scale == _TOP:
        return max(1, int(value + 0.5))
    tenth = value if scale == 2 * _TOP else value / 10
    return max(1, min(_TOP, (int(tenth + 0.5) + 1) // 2))


def _whole(words: str) -> Rating | None:
    match = _WHOLE.match(words)
    if match is None:
        return None
    found = match.group(1)
    stars = _scaled(_value(found), _TOP) if found[0].isdigit() else _WHOLE_WORDS.get(found)
    return None if stars is None else Rating(stars, match.start(1), match.end(1), alone=True)


def _rest_is_empty(words: str, start: int, end: int) -> bool:
    return not (words[:start] + words[end:]).strip(" \n.!\"'()*")


def _fractions(words: str) -> list[Rating]:
    if "/" not in words:
        return []
    found = []
    for match in _FRACTION.finditer(words):
        value, scale = _value(match.group(1)), float(match.group(2))
        if scale < value <= 1.2 * scale and _PRAISING.match(words, match.end()) is not None:
            value = scale
        stars = _scaled(value, scale)
        before = words[max(0, match.start() - 24) : match.start()]
        if stars is not None and _DATE_WORD.search(before) is None and not _unreal(before):
            alone = _rest_is_empty(words, *match.span())
            found.append(Rating(stars, *match.span(), alone=alone))
    return found


def out_of_ten(text: str) -> int | None:
    """A whole rating from 0 to 10 that is written as one of ten (`9/10`, "9 out of 10"); None when there is none."""
    words = plain(text).words
    for match in (*_FRACTION.finditer(words), *_OUT_OF.finditer(words)):
        of_ten = match.group(match.lastindex or 2) in _TENS
        value = _value(match.group(1))
        before = words[max(0, match.start() - 40) : match.start()]
        if of_ten and value <= 2 * _TOP and value == int(value) and not (_DATE_WORD.search(before) or _unreal(before)):
            return int(value)
    return None


def _unreal(before: str) -> bool:
    return _UNREAL.search(before) is not None


def _out_ofs(words: str) -> list[Rating]:
    found = []
    for match in _OUT_OF.finditer(words):
        alone = _rest_is_empty(words, *match.span())
        if match.group(2) in {"of", "de", "aus"} and not alone:
            continue
        scale = 100.0 if match.group(3) == "100" else _value(match.group(3))
        stars = _scaled(_value(match.group(1)), scale)
        if stars is not None and not _unreal(words[max(0, match.start() - 40) : match.start()]):
            found.append(Rating(stars, *match.span(), alone=alone))
    return found


def _stars(words: str) -> list[Rating]:
    found = [
        Rating(1, *match.span(), alone=_rest_is_empty(words, *match.span())) for match in _FEW_STARS.finditer(words)
    ]
    for match in _STARS.finditer(words):
        value = _value(match.group(1))
        if value > 2 * _TOP or _unreal(words[max(0, match.start() - 40) : match.start()]):
            continue
        stars = max(1, min(_TOP, int(value + 0.5)))
        found.append(Rating(stars, *match.span(), alone=_rest_is_empty(words, *match.span())))
    return found


def _glyphs(words: str) -> list[Rating]:
    if words.isascii():
        return []
    found = []
    for match in _GLYPHS.finditer(words):
        shown = match.group()
        full = sum(1 for char in shown if char in "★⭐🌟✪✮✭")
        alone = _rest_is_empty(words, *match.span())
        single = full == 1 and not any(char in shown for char in "☆✩")
        if single and (not alone or "🌟" in shown):
            continue
        end = match.start() + len(shown.rstrip())
        found.append(Rating(min(full, _TOP), match.start(), end, alone=alone))
    return found


def _cued(words: str) -> list[Rating]:
    found = []
    for match in _CUED.finditer(words):
        value = _value(match.group(1))
        stars = _scaled(value, _TOP if value <= _TOP else 2 * _TOP)
        before = words[max(0, match.start() - 24) : match.start()]
        if stars is not None and not _unreal(before):
            found.append(Rating(stars, match.start(1), match.end(1), alone=False))
    return found


def _edges(words: str) -> list[Rating]:
    """Read "5 - great" and "Great service. 5", but no numbered list."""
    if _LIST.search(words) is not None:
        return []
    found = []
    for match in (_LEADING.match(words), _TRAILING.search(words[-400:])):
        if match is None:
            continue
        shift = max(0, len(words) - 400) if match.re is _TRAILING else 0
        span = match.start(1) + shift, match.end(1) + shift
        found.append(Rating(int(match.group(1)), *span, alone=False))
    return found
