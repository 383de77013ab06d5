"""Rows that come again as they were are decoded once: a conversation reads the same ones with every turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from storage.session import Row

T = TypeVar("T")
MOST_ROWS = 8_192
"""Of each kind; the ones that nobody asked for longest are let go."""

_forgetting: list[Callable[[], Any]] = []


def remembered(decode: Callable[[Row], T]) -> Callable[[Row], T]:
    """The same value for the same row: for decoders whose values never change."""
    known = lru_cache(MOST_ROWS)(decode)
    _forgetting.append(known.cache_clear)
    return known


def forget_rows() -> None:
    """Keep nothing: somebody was erased."""
    for forget in _forgetting:
        forget()
