"""What people read, per language. One Fluent file a language; English is the reference and the fallback."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("en", "de", "es", "fr")
FALLBACK = "en"
FOLDER = Path(__file__).parent
LONGEST_VALUE = 900
"""Fluent takes no longer text for a value; what people wrote may be longer, and is put in afterwards."""
MARK = "\ue000"
"""A sign for private use, which nobody's keyboard has."""


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
    return _made(language, key, **values) if values else _fixed(language, key)


@cache
def _fixed(language: str, key: str) -> str:
    """Labels and the like never change: most phrases of a turn are such."""
    return _made(language, key)


def _made(language: str, key: str, **values: str | float) -> str:
    chosen = bundle(language if language in LANGUAGES else FALLBACK)
    if not chosen.has_message(key):
        chosen = bundle(FALLBACK)
    if not chosen.has_message(key):
        raise PhraseMissing(key)
    pattern = chosen.get_message(key).value
    if pattern is None:
        raise PhraseMissing(key)
    given = {name: _value(value) for name, value in values.items()}
    long = {name: value for name, value in given.items() if isinstance(value, str) and len(value) > LONGEST_VALUE}
    mark = _unused(map(str, given.values()))
    text, errors = chosen.format_pattern(pattern, given | {name: f"{mark}{name}{mark}" for name in long})
    if errors:
        raise PhraseMissing(f"{key}: {errors[0]}")
    parts = str(text).split(mark) if long else [str(text)]  # every second one is the name of a long value
    return "".join(long[part] if place % 2 else part for place, part in enumerate(parts))


def time_words(seconds: float, language: str = FALLBACK) -> str:
    """Times as people say them: `9 min`."""
    for key, unit in (("time-d", 86400), ("time-h", 3600), ("time-m", 60)):
        if seconds >= unit:
            return phrase(language, key, n=round(seconds / unit))
    return phrase(language, "time-s", n=max(0, round(seconds)))


def _unused(texts: Iterable[str]) -> str:
    """A mark that stands in none of the texts."""
    everything, mark = "\n".join(texts), MARK
    while mark in everything:
        mark += "\ue001"
    return mark


def _value(value: str | float) -> str | float:
    return "none" if value == "" else value
