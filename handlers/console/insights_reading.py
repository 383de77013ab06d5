"""What the page of the figures reads. Managers who look at the same share one reading; it is never old."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, TypeVar

from bot.domain.figures.board import Board, Choices, Theme
from bot.domain.figures.period import Period, chosen_period
from bot.domain.figures.series import Step, Stretch, lowest, series
from bot.ports import Surroundings
from bot.runtime.figures import Figures
from handlers.console.insights_wish import Wish

SHORTEST_CHART: Final = 14
"""A chart of a few days says nothing: then the days before them are drawn, too."""
BOARD_FRESH_S: Final = 2.0
WHY_FRESH_S: Final = 300.0
"""Words are read and compared for it: some thousand messages, a second or two of a processor."""
MOST_KEPT: Final = 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """A board, what can be chosen, and the mood over time. `longer`: the chart begins before the period."""

    board: Board
    choices: Choices
    step: Step
    parts: tuple[Stretch, ...]
    longer: bool = False

    @property
    def low(self) -> Stretch | None:
        """The stretch with the surely worst mood."""
        return lowest(self.parts)


@dataclass(frozen=True, slots=True)
class Why:
    """What lies behind the figures in words: what rose, and what the lowest mood came from."""

    themes: tuple[Theme, ...] = ()
    cause: str = ""


class Entry(Generic[T]):
    """One answer, when it was read, and the lock of whoever reads it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.read_at = float("-inf")
        self.answer: T | None = None


class Kept(Generic[T]):
    """Answers that are kept for a moment; whoever asks meanwhile waits for the one that is being read."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._entries: OrderedDict[Hashable, Entry[T]] = OrderedDict()

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The answer, not older than allowed."""
        entry = self._entries.setdefault(key, Entry())
        self._entries.move_to_end(key)
        while len(self._entries) > MOST_KEPT:
            self._entries.popitem(last=False)
        async with entry.lock:
            if entry.answer is None or time.monotonic() - entry.read_at > self._fresh_s:
                entry.answer = await read()
                entry.read_at = time.monotonic()
            return entry.answer


class Readings:
    """Everything that the page shows."""

    def __init__(self, around: Surroundings) -> None:
        self.figures = Figures(around.records, around.program, around.clock)
        self._zone = around.program.shop.zone
        self._boards: Kept[Reading] = Kept(BOARD_FRESH_S)
        self._whys: Kept[Why] = Kept(WHY_FRESH_S)

    async def board(self, wish: Wish) -> Reading:
        """The figures of a wish."""
        return await self._boards.get((wish.period, wish.cut), lambda: self._board(wish))

    async def _board(self, wish: Wish) -> Reading:
        board = await self.figures.board(wish.period, wish.cut)
        charted = self.charted(wish.period)
        step, parts = series(await self.figures.days(charted, wish.cut))
        return Reading(board, await self.figures.choices(), step, parts, charted != wish.period)

    def charted(self, period: Period) -> Period:
        """The days that the chart shows: those of the period, and as many before it as make two weeks."""
        if period.days >= SHORTEST_CHART:
            return period
        return chosen_period(period.last - timedelta(days=SHORTEST_CHART - 1), period.last, self._zone)

    async def why(self, wish: Wish, reading: Reading) -> Why:
        """What the figures came from; it takes longer, so it is told after them."""
        low = reading.low
        key = (wish.period.name or wish.period, wish.cut, low and (low.first, low.last))
        return await self._whys.get(key, lambda: self._why(wish, low))

    async def _why(self, wish: Wish, low: Stretch | None) -> Why:
        cause = await self.figures.cause(low, self.charted(wish.period), wish.cut) if low else ""
        return Why(await self.figures.themes(wish.period, wish.cut), cause)
