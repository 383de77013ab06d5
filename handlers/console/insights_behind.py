"""One row behind a figure, as the page lists it: who, when, what, and the way to the whole conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.figures.board import Behind
from handlers.console.insights import PROMISES, amount_words, time_words
from handlers.console.view import CHANNELS, day_words, signed_number

STARS = 5


def behind_view(row: Behind, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """The row in words."""
    return {
        "id": f"{row.kind}-{row.id}-{row.text if row.kind == 'late' else ''}",
        "customer": row.customer,
        "name": row.name or f"Customer {row.customer}",
        "case": row.case,
        "at": f"{'last order ' if row.kind == 'customer' else ''}{day_words(row.at, zone, now)}, "
        f"{row.at.astimezone(zone):%H:%M}",
        "where": CHANNELS.get(row.channel, row.channel),
        "product": row.product,
        "text": promise_words(row) if row.kind == "late" else row.text,
        "stars": "★" * row.rating + "☆" * (STARS - row.rating) if row.rating is not None else "",
        "rating": f"{row.rating} of 5" if row.rating is not None else "",
        "told": told_words(row),
        "counts": row.counts,
    }


def promise_words(row: Behind) -> str:
    """`first reply was promised by then`."""
    return f"{PROMISES.get(row.text, row.text)} was promised by then"


def told_words(row: Behind) -> str:
    """What the row's own measure is: a mood, a time or an amount."""
    if row.kind == "customer":
        orders = f"{row.orders:,} {'order' if row.orders == 1 else 'orders'}"
        return orders if row.money is None else f"{amount_words(row.money, row.currency)} from {orders}"
    if row.money is not None:
        return amount_words(row.money, row.currency)
    if row.seconds:
        return f"after {time_words(row.seconds)}"
    if row.mood is None:
        return ""
    return f"unhappy {row.mood:.2f}" if row.kind == "case" else f"mood {signed_number(row.mood)}"
