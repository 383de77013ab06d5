"""`20 sorry about the zipper`: the amount and the words, as agents type them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bot.program import known_currencies

FORM = re.compile(
    r"(?P<left>[^\s0-9]{0,3})\s?(?P<number>[0-9]+(?:[.,][0-9]+)*)(?P<glued>[^\s0-9.,;:!]{0,3})[.,;:!]?"
    r"(?:\s+(?P<rest>.*))?",
    re.DOTALL,
)
THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")
NUMBER = re.compile(r"([0-9]{1,9})(?:([.,])([0-9]+))?")
USUAL = frozenset({"EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK"})
"""Codes that are no words of a language when they are written small."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` is None when none could be read for certain; `foreign` is what named another currency."""

    amount: Decimal | None
    words: str = ""
    foreign: str = ""


def read_offer(text: str, currency: str) -> Offer:
    """The amount in the shop's own currency, and the words behind it. What could be read in two ways is not read.

    A comma or a point before one or two digits is a decimal one; thousands are written without a sign.
    """
    found = FORM.fullmatch(text.strip())
    if found is None:
        return Offer(None)
    rest = (found["rest"] or "").strip()
    if THOUSANDS.match(rest):
        return Offer(None)
    first, _, behind = rest.partition(" ")
    marks = [found["left"], found["glued"]]
    if _currency(first.rstrip(".,;:!"), currency):
        marks, rest = [*marks, first.rstrip(".,;:!")], behind.strip()
    named = [_currency(mark, currency) for mark in marks if mark]
    if None in named:
        return Offer(None)
    foreign = next((name for name in named if name and name != currency), "")
    return Offer(_number(found["number"], currency), rest.lstrip("-–—:, "), foreign)


def _currency(mark: str, own: str) -> str | None:
    """The currency that a sign or a code names; None when it names none."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - 80 ms that most turns don't need

    if len(mark) == 1 and unicodedata.category(mark) == "Sc":
        return own if mark in str(get_currency_symbol(own, locale="en")) else mark
    code = mark.upper()
    if code in known_currencies() and (mark == code or code in USUAL or code == own):
        return code
    return None


def _number(text: str, currency: str) -> Decimal | None:
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - as above

    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    part, precision = found[3] or "", int(get_currency_precision(currency))
    if len(part) > (min(precision, 2) if found[2] == "," else precision):
        return None
    return Decimal(f"{found[1]}.{part or 0}").quantize(Decimal(1).scaleb(-precision)) or None
