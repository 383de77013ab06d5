"""The figures of a period as a manager reads them: a sentence first, then figures with their n, interval and change.

Everything here is plain values; the browser draws them as text. Colour is never the only sign: words say it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.domain.figures.board import Board, Change, Load, Quote, Row, Theme, Topic
from bot.domain.figures.definitions import DEFINITIONS, Definition, Unit
from bot.domain.figures.figure import Figure
from bot.domain.figures.period import Period
from bot.domain.money import Money
from handlers.console.view import CHANNELS, MINUS, money_words, signed_number

PERIOD_WORDS: Final = {"today": "today", "7d": "last 7 days", "30d": "last 30 days", "90d": "last 90 days"}
NOTHING_SHOWN: Final = "–"
TILES: Final = ("response_rate", "csat", "nps", "first_human_response_median_s", "unhappy_share")
TIMES: Final = (
    ("First human reply", "first_human_response_median_s", "first_human_response_p90_s"),
    ("First resolution", "first_resolution_median_s", "first_resolution_p90_s"),
    ("Final resolution", "resolution_median_s", "resolution_p90_s"),
)
COUNTED: Final = ("asks_sent", "answers", "cases_opened", "cases_resolved", "late", "average_rating", "sentiment",
                  "recovered_of_told")  # fmt: skip
TABLE: Final = ("asks_sent", "response_rate", "answers", "csat", "unhappy_share", "sentiment")
NAMES: Final = {"top": "top customers", "standard": "other customers"}
PROMISES: Final = {"first_reply": "first reply", "next_reply": "next reply", "resolution": "resolution"}
SHORT: Final = {
    "first_human_response_median_s": "First human reply",
    "csat": "Satisfied (CSAT)",
    "nps": "Net promoters (NPS)",
}
CENTS_BELOW: Final = 100


# ---------------------------------------------------------------- values in words


def percent(share: float) -> str:
    """`64 %`."""
    return f"{round(share * 100)} %"


def time_words(seconds: float) -> str:
    """`40 s`, `6 min`, `2 h 10 min`, `3 days`."""
    minutes = round(seconds / 60)
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{round(seconds)} s"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004 - two days
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"


def number_words(value: int) -> str:
    """`1,204`, `−3`."""
    return f"{value:,}".replace("-", MINUS)


def amount_words(value: float | Decimal, currency: str) -> str:
    """`€1,290`; cents only of small amounts."""
    amount = abs(Decimal(str(value)))
    words = money_words(Money(amount.quantize(Decimal(1) if amount >= CENTS_BELOW else Decimal("0.01")), currency))
    return f"{MINUS}{words}" if value < 0 else words


def shown(value: float, unit: Unit) -> float:
    """A value as exactly as a page shows it: what is shown is what is subtracted, so that the page adds up."""
    if unit in {Unit.SHARE, Unit.NPS}:
        return round(value * 100)
    return round(value, {Unit.STARS: 1, Unit.MOOD: 2}.get(unit, 0))


def value_words(value: float | None, unit: Unit, currency: str = "") -> str:
    """A figure's value; a dash for one that is hidden."""
    if value is None:
        return NOTHING_SHOWN
    if unit is Unit.SECONDS:
        return time_words(value)
    if unit is Unit.MONEY:
        return amount_words(value, currency)
    if unit is Unit.MOOD:
        return signed_number(value, 2)
    number = shown(value, unit)
    if unit is Unit.STARS:
        return f"{number:.1f}"
    return number_words(int(number)) + (" %" if unit is Unit.SHARE else "")


def range_words(figure: Figure, unit: Unit) -> str:
    """`54–73 %`, `4.1 to 4.4`; "" without an interval."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    if unit is Unit.SHARE:
        return f"{round(figure.low * 100)}–{percent(figure.high)}"
    return f"{value_words(figure.low, unit)} to {value_words(figure.high, unit)}"


def change_words(change: Change, unit: Unit, currency: str = "") -> str:
    """`+3 points`, `−2 min`, `±0`; "" when there is nothing to compare with."""
    now, before = change.now.value, change.before.value
    if now is None or before is None:
        return ""
    by = shown(now, unit) - shown(before, unit)
    sign = "+" if by > 0 else MINUS if by < 0 else "±"
    if unit in {Unit.SHARE, Unit.NPS}:
        return f"{sign}{abs(by):.0f} {'point' if abs(by) == 1 else 'points'}"
    if unit is Unit.SECONDS:
        return sign + time_words(abs(by))
    if unit is Unit.MONEY:
        return sign + amount_words(abs(by), currency)
    return sign + f"{abs(by):,.{ {Unit.STARS: 1, Unit.MOOD: 2}.get(unit, 0) }f}"


def tone_of(change: Change, definition: Definition) -> str:
    """Good or bad when it surely changed and one of them is better; else soft."""
    by = (change.by or 0.0) * definition.good
    return "soft" if not change.clear or not by else "good" if by > 0 else "bad"


def figure_view(key: str, change: Change, *, compare: bool, currency: str = "") -> dict[str, Any]:
    """One figure with all that is said about it."""
    definition = DEFINITIONS[key]
    now, unit = change.now, definition.unit
    hidden = now.value is None
    by = change_words(change, unit, currency) if compare else ""
    return {
        "key": key,
        "title": SHORT.get(key, definition.title),
        "means": definition.means,
        "value": value_words(now.value, unit, currency),
        "few": few_words(now) if hidden else "",
        "n": now.n,
        "of": of_words(now, definition),
        "range": range_words(now, unit),
        "by": by,
        "sure": by_words(change, definition) if by else "",
        "tone": tone_of(change, definition) if by else "soft",
        "opens": definition.opens,
        "behind": f"{key}:{currency}" if definition.part == "currency" else key,
    }


def tiles_view(figures: Mapping[str, Change], *, compare: bool) -> list[dict[str, Any]]:
    """The five that come first. The time that half wait is told with the time that hardly anybody waits longer than."""
    found = [figure_view(key, figures[key], compare=compare) for key in TILES]
    slowest = figures["first_human_response_p90_s"].now.value
    for tile in found:
        if tile["key"] == "first_human_response_median_s" and slowest is not None:
            tile["of"] = f"of {tile['n']:,} cases; nine of ten within {time_words(slowest)}"
    return found


def few_words(figure: Figure) -> str:
    """Why there is no value."""
    return f"too few to tell (n = {figure.n:,})"


def of_words(figure: Figure, definition: Definition) -> str:
    """`of 1,204 delivered asks`; "" for plain counts."""
    return "" if definition.unit is Unit.COUNT else f"of {figure.n:,} {definition.of}"


def by_words(change: Change, definition: Definition) -> str:
    """Whether a change is one, in words: `better`, `worse`, `may be chance`."""
    if change.now.low is None or change.before.low is None or not change.by:
        return ""
    if not change.clear:
        return "may be chance"
    return {"good": "better", "bad": "worse"}.get(tone_of(change, definition), "")


# ---------------------------------------------------------------- the first line


def days_words(first: date, last: date, today: date) -> str:
    """`1–30 Nov`, `28 Oct – 3 Nov`, with the year when it is another one."""
    year = "" if last.year == today.year else f" {last.year}"
    if first == last:
        return f"{last.day} {last:%b}{year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}{year}"
    early = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%b}{early} – {last.day} {last:%b}{year}"


def period_words(period: Period, today: date) -> str:
    """`last 30 days (1–30 Nov)`."""
    days = days_words(period.first, period.last, today)
    return f"{PERIOD_WORDS[period.name]} ({days})" if period.name else days


def headline(board: Board, today: date, *, compare: bool) -> tuple[str, str]:
    """(what happened, on how much that stands)."""
    period = period_words(board.period, today)
    for key, words, of in (
        ("recovery", "Won back {} of unhappy customers", "unhappy cases that a person answered"),
        ("csat", "{} of rated purchases satisfied", "rated purchases"),
        ("response_rate", "{} of asks were answered", "delivered asks"),
    ):
        change = board.figures[key]
        if (value := change.now.value) is not None:
            basis = [period, f"{round(value * change.now.n):,} of {change.now.n:,} {of}",
                     f"likely {range_words(change.now, Unit.SHARE)}"]  # fmt: skip
            return words.format(percent(value)), " · ".join([*basis, *_before(change, compare=compare)])
    asks, answers = board.figures["asks_sent"].now.n, board.figures["answers"].now.n
    if not asks and not answers and not board.figures["cases_opened"].now.n:
        return "Nothing has happened yet", f"{period} · as soon as orders come in and customers answer, it shows here"
    return "Too few answers to tell", f"{period} · {asks:,} asks delivered, {answers:,} answers; shares start at 10"


def _before(change: Change, *, compare: bool) -> list[str]:
    if not compare:
        return []
    if change.before.value is None:
        return [f"before: {few_words(change.before)}"]
    return [f"before: {percent(change.before.value)}" + ("" if change.clear or not change.by else " (may be chance)")]


def needs_view(board: Board) -> list[dict[str, str]]:
    """What wants somebody now, each with where it leads: `open` names a figure, `to` a page."""
    found = []
    if board.open_now:
        cases = "case is" if board.open_now == 1 else "cases are"
        found.append({"words": f"{board.open_now:,} {cases} open now", "to": "/", "open": ""})
    late = sum(board.late.values())
    if late:
        parts = ", ".join(f"{name} {board.late[key]:,}" for key, name in PROMISES.items() if board.late.get(key))
        promises = "promise was" if late == 1 else "promises were"
        found.append({"words": f"{late:,} {promises} broken ({parts})", "to": "", "open": "late"})
    worse = [one for one in board.topics if one.sad_share.clear and (one.sad_share.by or 0) > 0]
    if worse:
        topic = max(worse, key=lambda one: one.sad)
        words = f"{topic_words(topic.topic)} got worse: {percent(topic.sad_share.now.value or 0)} unhappy"
        found.append({"words": f"{words}, {change_words(topic.sad_share, Unit.SHARE)}", "to": "",
                      "open": f"topic:{topic.topic}"})  # fmt: skip
    return found


# ---------------------------------------------------------------- what people talk about


def topic_words(topic: str) -> str:
    """`Delivery`."""
    return topic.replace("_", " ").capitalize()


def topics_view(topics: Iterable[Topic], *, compare: bool) -> list[dict[str, Any]]:
    """Each topic with its moods as counts and shares, most frequent first."""
    return [
        {
            "topic": one.topic,
            "name": topic_words(one.topic),
            "n": (n := one.happy + one.neutral + one.sad),
            "moods": [one.sad / n, one.neutral / n, one.happy / n],
            "counts": f"{one.sad:,} unhappy, {one.neutral:,} neutral, {one.happy:,} happy",
            "share": "" if one.sad_share.now.value is None else f"{percent(one.sad_share.now.value)} unhappy",
            "few": few_words(one.sad_share.now) if one.sad_share.now.value is None else "",
            "by": change_words(one.sad_share, Unit.SHARE) if compare else "",
            "tone": ("bad" if (one.sad_share.by or 0) > 0 else "good") if compare and one.sad_share.clear else "soft",
            "sure": ("may be chance" if not one.sad_share.clear else "") if compare and one.sad_share.by else "",
        }
        for one in topics
    ]


def themes_view(themes: Iterable[Theme]) -> list[dict[str, Any]]:
    """Words that rose, each with quotes; nobody is quoted twice with the same words."""
    found, told = [], set[str]()
    for one in themes:
        quotes = {quote.text: quote for quote in one.quotes if quote.text not in told}
        told |= quotes.keys()
        n = f"{one.now:,} customers, before {one.before:,}"
        found.append({"words": one.words, "n": n, "quotes": [quote_view(quote) for quote in quotes.values()]})
    return found


def quote_view(quote: Quote) -> dict[str, Any]:
    """Masked words, with the way to whoever said them."""
    return {"text": quote.text, "customer": quote.customer, "mood": signed_number(quote.mood, 1)}


# ---------------------------------------------------------------- tables


def rows_view(rows: Iterable[Row], by: str) -> list[dict[str, Any]]:
    """A line for each product, channel …: a cell for each figure of `TABLE`."""
    return [{"name": row.name, "title": name_words(by, row.name), "cells": cells_view(row.figures)} for row in rows]


def cells_view(figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    """Value, or why there is none."""
    return [
        {
            "key": key,
            "value": value_words(figures[key].value, DEFINITIONS[key].unit),
            "few": few_words(figures[key]) if figures[key].value is None else "",
            "n": figures[key].n,
            "range": range_words(figures[key], DEFINITIONS[key].unit),
        }
        for key in TABLE
    ]


def name_words(by: str, name: str) -> str:
    """What a product, a channel or a tier is called."""
    if by == "channel":
        return CHANNELS.get(name, name)
    return NAMES.get(name, name) if by == "tier" else name


def times_view(figures: Mapping[str, Change], *, compare: bool) -> list[dict[str, Any]]:
    """Median and slowest tenth, line by line."""
    return [
        {"name": name, "cells": [figure_view(key, figures[key], compare=compare) for key in keys]}
        for name, *keys in TIMES
    ]


def load_view(load: Iterable[Load]) -> list[dict[str, Any]]:
    """By name, never by number."""
    return [
        {
            "name": one.name,
            "key": f"load:{one.staff}",
            "holds": one.holds,
            "claimed": one.claimed,
            "resolved": one.resolved,
        }
        for one in sorted(load, key=lambda one: (one.name.casefold(), one.staff))
    ]


def bars_view(counts: Iterable[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Counts as bars, in the order given: name, number, and the key by which it opens."""
    found = list(counts)
    most = max((count for _, count, _ in found), default=0)
    return [
        {"name": name, "n": count, "share": count / most if most else 0.0, "key": key} for name, count, key in found
    ]
