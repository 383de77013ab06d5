"""The charts as options for ECharts, in our colours: CSS variables, so that light and dark need no second drawing.

Behind each chart there is a table with the same numbers: for ears, for keys, for paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any, Final

from bot.domain.figures.definitions import Unit
from bot.domain.figures.money import TOP_SHARE
from bot.domain.figures.series import Step, Stretch
from handlers.console.insights import days_words, few_words, percent, range_words, value_words
from handlers.console.view import MINUS

INK, SOFT, LINE, ACCENT, BAD, CARD = (f"var(--{name})" for name in ("ink", "soft", "line", "accent", "bad", "card"))
FONT: Final = {"color": SOFT, "fontFamily": "inherit", "fontSize": 12}
STEPS: Final = {Step.DAY: "day", Step.WEEK: "week", Step.MONTH: "month"}
LONGEST_CAUSE: Final = 28
FEW_POINTS: Final = 32
MOST_TICKS: Final = 5
SIGNED: Final = f"value => String(value).replace('-', '{MINUS}')"
TIP: Final = {
    "renderMode": "richText",
    "confine": True,
    "backgroundColor": CARD,
    "borderColor": LINE,
    "shadowBlur": 0,
    "shadowOffsetX": 0,
    "shadowOffsetY": 0,
    "textStyle": {**FONT, "color": INK},
}
TELL: Final = "all => ([].concat(all).find(each => each.data && each.data.tip) || { data: { tip: '' } }).data.tip"


def point_words(part: Stretch, step: Step, today: date) -> str:
    """`3 Nov`, `27 Oct – 2 Nov`, `Nov 2026`."""
    return f"{part.first:%b %Y}" if step is Step.MONTH else days_words(part.first, part.last, today)


def mood_rows(parts: Sequence[Stretch], step: Step, today: date) -> list[dict[str, Any]]:
    """The table behind the chart of the mood."""
    return [
        {
            "days": f"{part.first}..{part.last}",
            "name": point_words(part, step, today),
            "value": value_words(part.mood.value, Unit.MOOD),
            "range": range_words(part.mood, Unit.MOOD),
            "few": few_words(part.mood) if part.mood.value is None else "",
            "n": part.mood.n,
        }
        for part in parts
    ]


def mood_chart(parts: Sequence[Stretch], step: Step, today: date, low: Stretch | None, cause: str) -> dict[str, Any]:
    """The mean mood with its 95 % interval as a band; the surely lowest point is named."""
    names = [point_words(part, step, today) for part in parts]
    ends = [end for part in parts for end in (part.mood.low, part.mood.high) if end is not None]
    bottom, top, tick = ticks(min(ends, default=-1.0), max(ends, default=1.0))
    return {
        "animation": False,
        "aria": {"enabled": False},
        "grid": {"left": 4, "right": 26, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {**TIP, "trigger": "axis", ":formatter": TELL, "axisPointer": {"lineStyle": {"color": SOFT}}},
        "xAxis": {
            "type": "category", "data": names, "boundaryGap": False, "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": LINE}}, "axisLabel": {**FONT, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "min": bottom, "max": top, "interval": tick,
            "axisLabel": {**FONT, ":formatter": SIGNED},
            "splitLine": {"lineStyle": {"color": LINE}},
        },
        "series": [_band("low", [part.mood.low for part in parts], 0.0),
                   _band("band", [_width(part) for part in parts], 0.14),
                   _line(parts, names, low, cause)],
    }  # fmt: skip


def ticks(low: float, high: float) -> tuple[float, float, float]:
    """(least, most, step) of an axis: whole steps around both, and about four of them."""
    step = next((size for size in (0.1, 0.2) if (high - low) / size <= MOST_TICKS), 0.5)
    return round(floor(low / step) * step, 1), round(ceil(high / step) * step, 1), step


def _width(part: Stretch) -> float | None:
    mood = part.mood
    return None if mood.low is None or mood.high is None else mood.high - mood.low


def _band(name: str, values: list[float | None], opacity: float) -> dict[str, Any]:
    """From nought up to the low end nothing is drawn; from there to the high end the band."""
    return {
        "name": name, "type": "line", "stack": "interval", "stackStrategy": "all", "symbol": "none", "silent": True,
        "data": values, "lineStyle": {"opacity": 0}, "areaStyle": {"color": ACCENT, "opacity": opacity},
        "emphasis": {"disabled": True},
    }  # fmt: skip


def _line(parts: Sequence[Stretch], names: list[str], low: Stretch | None, cause: str) -> dict[str, Any]:
    points = [
        {"value": part.mood.value, "tip": _tip(part, name), "days": f"{part.first}..{part.last}"}
        for part, name in zip(parts, names, strict=True)
    ]
    line = {
        "name": "mood", "type": "line", "data": points, "symbol": "circle", "cursor": "pointer",
        "symbolSize": 6 if len(parts) <= FEW_POINTS else 4, "showAllSymbol": True, "emphasis": {"disabled": True},
        "lineStyle": {"color": ACCENT, "width": 2},
        "itemStyle": {"color": CARD, "borderColor": ACCENT, "borderWidth": 2},
    }  # fmt: skip
    return line | {"markPoint": _mark(parts, names, low, cause)}


def _mark(parts: Sequence[Stretch], names: list[str], low: Stretch | None, cause: str) -> dict[str, Any]:
    """The lowest point and what it came from, always under it; empty when nothing is surely lowest."""
    if low is None or low.mood.value is None:
        return {"data": []}
    place = parts.index(low)
    words = cause if len(cause) <= LONGEST_CAUSE else f"{cause[: LONGEST_CAUSE - 1].rstrip()}…"
    align = "left" if place < len(parts) / 6 else "right" if place > len(parts) * 5 / 6 else "center"
    return {
        "symbol": "circle", "symbolSize": 9, "silent": True, "itemStyle": {"color": BAD},
        "label": {"show": True, "formatter": f"▼ {words or 'lowest'}", "position": "bottom", "align": align,
                  "distance": 7, "color": BAD, "fontFamily": "inherit", "fontSize": 12, "fontWeight": 600},
        "data": [{"coord": [names[place], low.mood.value]}],
    }  # fmt: skip


def _tip(part: Stretch, name: str) -> str:
    mood = part.mood
    if mood.value is None:
        return f"{name}\n{few_words(mood)}"
    return f"{name}\n{value_words(mood.value, Unit.MOOD)} ({range_words(mood, Unit.MOOD)})\nof {mood.n:,} messages"


def pareto_chart(curve: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Which part of the money comes from which part of the customers, richest first; dashed = all spend alike."""
    points = [{"value": [share * 100, money * 100], "tip": f"the top {percent(share)} bring {percent(money)}"}
              for share, money in curve]  # fmt: skip
    top = next((money for share, money in curve if round(share, 3) == TOP_SHARE), None)
    axis = {
        "type": "value", "min": 0, "max": 100, "interval": 20, "axisLabel": {**FONT, "formatter": "{value} %"},
        "splitLine": {"lineStyle": {"color": LINE}}, "axisLine": {"show": False}, "axisTick": {"show": False},
    }  # fmt: skip
    mark = {
        "symbol": "circle", "symbolSize": 9, "silent": True, "itemStyle": {"color": ACCENT},
        "label": {"show": True, "position": "right", "distance": 8, "fontFamily": "inherit", "fontSize": 12,
                  "fontWeight": 600, "color": INK, "formatter": f"top 20 %: {percent(top or 0)}"},
        "data": [] if top is None else [{"coord": [TOP_SHARE * 100, top * 100]}],
    }  # fmt: skip
    return {
        "animation": False,
        "aria": {"enabled": False},
        "grid": {"left": 4, "right": 28, "top": 12, "bottom": 4, "containLabel": True},
        "tooltip": {**TIP, "trigger": "axis", ":formatter": TELL, "axisPointer": {"lineStyle": {"color": SOFT}}},
        "xAxis": axis | {"splitLine": {"show": False}},
        "yAxis": axis,
        "series": [
            {"name": "money", "type": "line", "data": [{"value": [0, 0]}, *points], "symbol": "none", "markPoint": mark,
             "lineStyle": {"color": ACCENT, "width": 2}, "areaStyle": {"color": ACCENT, "opacity": 0.1},
             "emphasis": {"disabled": True}},
            {"name": "alike", "type": "line", "data": [[0, 0], [100, 100]], "symbol": "none", "silent": True,
             "lineStyle": {"color": SOFT, "width": 1, "type": "dashed"}, "emphasis": {"disabled": True}},
        ],
    }  # fmt: skip


def pareto_rows(curve: Sequence[tuple[float, float]]) -> list[dict[str, str]]:
    """The table behind it."""
    return [{"name": f"top {percent(share)}", "value": percent(money)} for share, money in curve]
