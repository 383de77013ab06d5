"""One picture for a chat: answers by day (or by rating, for one day), readable on a phone, on light and dark alike.

matplotlib draws without a screen, is imported when the first picture is drawn, and works in a thread of its own: it
knows only one picture at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

PAPER, INK, SOFT, LINE, HURT, CALM = "#ffffff", "#1c2430", "#5b6573", "#e3e6ea", "#b42318", "#9fc9c4"
"""The house's own colours; red only for what hurts."""
WIDE, HIGH, DOTS = 8.0, 5.0, 135
MOST_BARS = 31
_thread = ThreadPoolExecutor(1, thread_name_prefix="chart")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many in all, and how many of them stand out (in red)."""

    label: str
    whole: int
    part: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `parts` and `rest` name the two colours; "" = nothing stands out."""

    title: str
    subtitle: str
    bars: tuple[Bar, ...]
    parts: str = ""
    rest: str = ""

    @property
    def says_something(self) -> bool:
        """Nobody needs a picture of nothing."""
        return any(bar.whole for bar in self.bars)


async def draw(chart: Chart) -> bytes:
    """A PNG of about 1080 × 675 dots."""
    return await asyncio.get_running_loop().run_in_executor(_thread, draw_now, chart)


def draw_now(chart: Chart) -> bytes:
    """The same, here and now: not for the event loop's thread."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second that a start doesn't need

    figure = Figure(figsize=(WIDE, HIGH), dpi=DOTS, facecolor=PAPER)
    axes = figure.add_axes((0.085, 0.17, 0.885, 0.56), facecolor=PAPER)
    figure.text(
        0.05, 0.925, chart.title, size=19 * min(1.0, 46 / max(1, len(chart.title))), weight="bold", color=INK, va="top"
    )
    figure.text(0.05, 0.845, chart.subtitle, size=13.5, color=SOFT, va="top")
    _bars(axes, chart.bars)
    _legend(figure, chart)
    made = BytesIO()
    figure.savefig(made, format="png", facecolor=PAPER)
    return made.getvalue()


def _bars(axes: Any, bars: Sequence[Bar]) -> None:  # noqa: ANN401 - matplotlib's types need its import
    places = range(len(bars))
    width = 0.72 if len(bars) > 1 else 0.3
    axes.bar(places, [bar.whole for bar in bars], width, color=CALM)
    axes.bar(places, [bar.part for bar in bars], width, color=HURT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.yaxis.grid(visible=True, color=LINE, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", length=0, labelsize=12.5, labelcolor=SOFT, pad=7)
    axes.locator_params(axis="y", integer=True, nbins=4)
    axes.set_ylim(0, max(1, *(bar.whole for bar in bars)) * 1.12)
    axes.margins(x=0.02)
    every = max(1, -(-len(bars) // 7))
    shown = list(range(len(bars) - 1, -1, -every))[::-1]
    axes.set_xticks(shown, [bars[place].label for place in shown])
    if len(bars) <= 7:  # noqa: PLR2004 - a week: there is room for the numbers
        for place, bar in zip(places, bars, strict=True):
            if bar.whole:
                axes.text(place, bar.whole, f" {bar.whole}", ha="center", va="bottom", size=12.5, color=INK)


def _legend(figure: Any, chart: Chart) -> None:  # noqa: ANN401 - matplotlib's types need its import
    if not chart.parts:
        return
    x = 0.05
    for colour, words in ((HURT, chart.parts), (CALM, chart.rest)):
        figure.text(x, 0.045, "■", size=13, color=colour, va="center")
        figure.text(x + 0.025, 0.045, words, size=13, color=INK, va="center")
        x += 0.06 + 0.0155 * len(words)


def by_weeks(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Days put together into weeks when there are too many bars for a phone; the last week is whole."""
    if len(bars) <= MOST_BARS:
        return tuple(bars)
    first = len(bars) % 7 or 7
    starts = [0, *range(first, len(bars), 7)]
    weeks = [bars[start:end] for start, end in zip(starts, [*starts[1:], len(bars)], strict=True)]
    return tuple(Bar(week[0].label, sum(b.whole for b in week), sum(b.part for b in week)) for week in weeks)
