"""The figures of a period as a manager reads them: a sentence first, then figures with their n, then one chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.interval import wilson
from bot.domain.summary import Figure, Summary
from handlers.console.view import MINUS, signed_number

PERIOD_WORDS: Final = {"today": "today", "7d": "last 7 days", "30d": "last 30 days", "90d": "last 90 days"}
TOO_FEW: Final = "too few to tell"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `tone`: good, bad or soft; never the only sign, `note` says it in words."""

    title: str
    value: str
    note: str
    tone: str = "soft"


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


def headline(now: Summary, before: Summary) -> tuple[str, str]:
    """(what happened, on how much that stands)."""
    period = PERIOD_WORDS.get(now.period, now.period)
    for figure, earlier, words in (
        (now.recovered, before.recovered, "Won back {} of unhappy customers"),
        (now.csat, before.csat, "{} of customers are satisfied"),
        (now.response_rate, before.response_rate, "{} of customers answer"),
    ):
        if figure.value is not None:
            low, high = wilson(figure.value, figure.n)
            basis = (
                f"{period} · {round(figure.value * figure.n)} of {figure.n} · likely {round(low * 100)}–{percent(high)}"
            )
            if earlier.value is not None:
                basis += f" · before: {percent(earlier.value)}"
            return words.format(percent(figure.value)), basis
    if now.asks_sent == 0 and now.cases_opened == 0:
        return "Nothing has happened yet", f"{period} · as soon as orders come in and customers answer, it shows here"
    return (
        "Too few answers to tell",
        f"{period} · {now.answered} of {now.asked} customers answered; figures start at 10",
    )


def tiles(now: Summary, before: Summary) -> list[Tile]:
    """Five figures, each with its n and its change."""
    return [
        _share("Response rate", now.response_rate, before.response_rate, "delivered", more_is_good=True),
        _share("Satisfied (4 or 5)", now.csat, before.csat, "rated", more_is_good=True),
        _plain("Average rating", now.average_rating, before.average_rating, "rated", lambda value: f"{value:.1f}"),
        _first_reply(now.first_human_response_median_s),
        _share("Unhappy", now.unhappy_share, before.unhappy_share, "answers", more_is_good=False),
    ]


def _share(title: str, figure: Figure, before: Figure, of: str, *, more_is_good: bool) -> Tile:
    if figure.value is None:
        return Tile(title, "–", f"{TOO_FEW} (n = {figure.n})")
    if before.value is None:
        return Tile(title, percent(figure.value), f"of {figure.n:,} {of}")
    change = round(figure.value * 100) - round(before.value * 100)
    sign = f"+{change}" if change > 0 else f"{MINUS}{-change}" if change < 0 else "±0"
    good = (change > 0) == more_is_good
    return Tile(title, percent(figure.value), f"{sign} · of {figure.n:,} {of}", _tone(change, good=good))


def _tone(change: float, *, good: bool) -> str:
    return "soft" if change == 0 else "good" if good else "bad"


def _plain(title: str, figure: Figure, before: Figure, of: str, words: Callable[[float], str]) -> Tile:
    if figure.value is None:
        return Tile(title, "–", f"{TOO_FEW} (n = {figure.n})")
    if before.value is None:
        return Tile(title, words(figure.value), f"{figure.n:,} {of}")
    change = round(figure.value - before.value, 1)
    return Tile(
        title, words(figure.value), f"{signed_number(change)} · {figure.n:,} {of}", _tone(change, good=change > 0)
    )


def _first_reply(figure: Figure) -> Tile:
    if figure.value is None:
        return Tile("First human reply", "–", f"{TOO_FEW} (n = {figure.n})")
    return Tile("First human reply", time_words(figure.value), f"median of {figure.n:,} cases")


def ratings_chart(summary: Summary) -> dict[str, Any]:
    """How many gave each rating. Plain counts: nothing to smooth, nothing to hide."""
    names = [f"{'★' * stars}" for stars in range(1, 6)]
    style = {"color": "var(--soft)", "fontFamily": "inherit"}
    return {
        "animationDuration": 200,
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "show": False, "minInterval": 1},
        "yAxis": {
            "type": "category", "data": names, "axisTick": {"show": False}, "axisLine": {"show": False},
            "axisLabel": style,
        },
        "series": [{
            "type": "bar", "data": list(summary.ratings), "barMaxWidth": 16, "silent": True,
            "itemStyle": {"color": "var(--accent)", "borderRadius": [0, 4, 4, 0]},
            "label": {"show": True, "position": "right", **style, "color": "var(--ink)"},
        }],
    }  # fmt: skip


def reasons_view(summary: Summary) -> list[tuple[str, int, float]]:
    """(reason, cases, share of the most frequent one)."""
    most = max((count for _, count in summary.reasons), default=0)
    return [(reason, count, count / most) for reason, count in summary.reasons if count]
