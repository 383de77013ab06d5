"""Single fields of an order report: read from untrusted JSON, put into one form, refused in words a shop understands.

Every reader takes any value and returns the read one, or raises `ValueError` whose words go to the shop.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import phonenumbers

from bot.program import known_currencies

LONGEST_ID: Final = 100
LONGEST_TEXT: Final = 300
LONGEST_EMAIL: Final = 254
MOST_PIECES: Final = 1_000_000
TOO_MUCH: Final = Decimal(10) ** 12
DEEPEST: Final = 16
FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Further away it is a mistake, and the rules add days to it."""
NO_MONEY: Final = frozenset({"XXX", "XTS"})
"""ISO 4217 has codes for “no currency” and “for tests”; neither is what a customer paid in."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that are none: NUL can't be stored, the others break lines and logs; halves of surrogate pairs."""
AMOUNT = re.compile(r"(-?)([0-9]{1,40})(?:\.([0-9]{1,40}))?")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)*")
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")


def tidy(text: str) -> str:
    """Words in one line, without control characters."""
    return " ".join(CONTROL.sub(" ", text).split())


def read_string(value: object) -> str:
    """A string as it is."""
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {kind_of(value)}")  # noqa: TRY004 - pydantic listens to ValueError
    return value


def read_id(value: object) -> str:
    """A shop's, an order's or a customer's id. Never changed but for spaces around it: it must stay who it was."""
    text = read_string(value).strip(" ")
    if not text:
        raise ValueError("must not be empty")
    if CONTROL.search(text):
        raise ValueError("must not contain control characters")
    if len(text) > LONGEST_ID:
        raise ValueError(f"must have at most {LONGEST_ID} characters")
    return text


def read_text(value: object) -> str:
    """A name, in one line; may be empty."""
    text = tidy(read_string(value))
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters")
    return text


def read_item_name(value: object) -> str:
    """A product's name."""
    text = read_text(value)
    if not text:
        raise ValueError("must not be empty")
    return text


def read_moment(value: object) -> datetime:
    """An ISO 8601 moment with its time zone, as aware UTC."""
    text = read_string(value).strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a moment in ISO 8601, for example 2026-11-20T10:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("must have a time zone, for example 2026-11-20T10:00:00Z")
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return moment.astimezone(UTC)


def read_amount(value: object) -> Decimal:
    """`"129.00"`. A JSON number is refused: on its way here a float may have changed it already."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError('must be a string such as "129.00", not a number')  # noqa: TRY004 - pydantic listens to it
    found = AMOUNT.fullmatch(read_string(value).strip(" "))
    if not found:
        raise ValueError('must be a decimal number such as "129.00"')
    sign, whole, part = found[1], found[2], found[3] or ""
    if len(part) > 4:  # noqa: PLR2004 - no currency has more, and storage keeps ten-thousandths
        raise ValueError("must have at most 4 decimals")
    amount = Decimal(f"{whole}.{part or '0'}") if part else Decimal(whole)
    if sign and amount:
        raise ValueError("must not be negative")
    if amount >= TOO_MUCH:
        raise ValueError("must be less than 10^12")
    return amount


def read_currency(value: object) -> str:
    """An ISO 4217 code, in capitals."""
    text = read_string(value)
    if text not in known_currencies() or text in NO_MONEY:
        raise ValueError("must be an ISO 4217 code such as EUR, USD or GBP")
    return text


def read_quantity(value: object) -> int:
    """Whole pieces."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be a whole number, not {kind_of(value)}")  # noqa: TRY004 - pydantic listens to it
    if not 1 <= value <= MOST_PIECES:
        raise ValueError(f"must be between 1 and {MOST_PIECES}")
    return value


def read_email(value: object) -> str:
    """In small letters; looked at loosely, for only sending to it proves it. "" for none."""
    text = read_string(value).strip().lower()
    if text and not is_email(text):
        raise ValueError("must be an email address such as ana@example.com")
    return text


def is_email(text: str) -> bool:
    """Looks like an address."""
    return len(text) <= LONGEST_EMAIL and not CONTROL.search(text) and bool(EMAIL.fullmatch(text))


def read_phone(text: str) -> str | None:
    """A number with its country, as E.164; None when it is none. Without a country it could be anybody's."""
    text = text.strip().removeprefix("'")
    text = f"+{text[2:]}" if text.startswith("00") else text
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_locale(text: str) -> str | None:
    """`fr_FR` → `fr-FR`; None when it is no locale."""
    return text.strip().replace("_", "-") if LOCALE.fullmatch(text.strip()) else None


def kept(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """An unknown field as it may be stored: no control characters, not too deep, not too long."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, dict):
        return {tidy(str(name)): kept(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [kept(part, depth + 1) for part in value]
    return value


def optional(reader: Callable[[object], Any]) -> Callable[[object], Any]:
    """The same reader, for which null is as good as nothing."""
    return lambda value: None if value is None else reader(value)


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    names |= {list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "something else")
