"""What people read, per language. One Fluent file a language; English is the reference and the fallback."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("en", "de", "es", "fr")
FALLBACK = "en"
FOLDER = Path(__file__).parent
LONGEST_VALUE = 1000
"""Fluent takes values of 2,500 characters at most; longer ones are put into their places by ourselves."""
PLACES = re.compile("(\ue000\\w+\ue001)")


class PhraseMissing(KeyError):
    """A key that no file knows: a mistake of ours, found by the tests."""


@cache
def bundle(language: str) -> FluentBundle:
    """The phrases of one language, parsed once."""
    made = FluentBundle([language], use_isolating=False)
    made.add_resource(FluentResource((FOLDER / f"{language}.ftl").read_text(encoding="utf-8")))
    return made


def phrase(language: str, key: str, **values: str | float) -> str:
    """The phrase `key` in `language`, else in English. Empty text values select the variant `none`."""
    return _kept(language, key, tuple(values.items())) if values else _fixed(language, key)


@cache
def _fixed(language: str, key: str) -> str:
    """Labels and the like never change: most phrases of a turn are such."""
    return _made(language, key)


@lru_cache(maxsize=4096)
def _kept(language: str, key: str, values: tuple[tuple[str, str | float], ...]) -> str:
    """Many a phrase comes again with the same values: the shop's contact stands below every message."""
    return _made(language, key, **dict(values))


def _made(language: str, key: str, **values: str | float) -> str:
    chosen = bundle(language if language in LANGUAGES else FALLBACK)
    if not chosen.has_message(key):
        chosen = bundle(FALLBACK)
    if not chosen.has_message(key):
        raise PhraseMissing(key)
    pattern = chosen.get_message(key).value
    if pattern is None:
        raise PhraseMissing(key)
    long = {f"\ue000{name}\ue001": value for name, value in values.items() if len(str(value)) > LONGEST_VALUE}
    short = {name: _value(value) for name, value in values.items()} | {place[1:-1]: place for place in long}
    text, errors = chosen.format_pattern(pattern, short)
    if errors:
        raise PhraseMissing(f"{key}: {errors[0]}")
    return _with_long_values(str(text), long)


def _with_long_values(text: str, values: dict[str, str | float]) -> str:
    """Put in afterwards, so that no value is searched for the places of others."""
    parts = PLACES.split(text) if values else [text]
    return "".join(str(values.get(part, part)) for part in parts)


def time_words(seconds: float, language: str = FALLBACK) -> str:
    """Times as people say them: `9 min`."""
    for key, unit in (("time-d", 86400), ("time-h", 3600), ("time-m", 60)):
        if seconds >= unit:
            return phrase(language, key, n=round(seconds / unit))
    return phrase(language, "time-s", n=max(0, round(seconds)))


def _value(value: str | float) -> str | float:
    return "none" if value == "" else value
