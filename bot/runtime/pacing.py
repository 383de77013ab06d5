"""Pacing: a platform's limits kept in one place, per token. The generic cell rate algorithm, on the real clock."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bot.ports import Pace

FORGET_AFTER = 5_000


@dataclass(slots=True)
class Cell:
    """One limit: `interval` seconds a message, `burst` of them at once."""

    interval: float
    burst: int
    arrival: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        return max(0.0, self.arrival - (self.burst - 1) * self.interval - now)

    def take(self, now: float) -> None:
        """Count one."""
        self.arrival = max(self.arrival, now) + self.interval


class Pacer:
    """Waits until every limit that a message falls under allows it."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._overall = Cell(1 / pace.overall, max(1, int(pace.overall))) if pace.overall else None
        self._chats: dict[str, Cell] = {}
        self._groups: dict[str, Cell] = {}
        self._held: dict[str, float] = {}

    async def admit(self, chat: str, *, group: bool) -> None:
        """Return when a message to `chat` may go; it is counted."""
        while True:
            now = time.monotonic()
            cells = self._cells(chat, group=group)
            held = max(self._held.get(chat, 0.0), self._held.get("", 0.0)) - now
            pause = max([held, *(cell.wait(now) for cell in cells)])
            if pause <= 0:
                for cell in cells:
                    cell.take(now)
                return
            await asyncio.sleep(pause)

    def hold(self, chat: str, seconds: float) -> None:
        """The platform said wait: nothing to `chat` ("" = to anybody) for so long."""
        self._held[chat] = max(self._held.get(chat, 0.0), time.monotonic() + seconds)

    def _cells(self, chat: str, *, group: bool) -> list[Cell]:
        cells = [self._overall] if self._overall else []
        if self._pace.per_chat:
            cells.append(self._cell(self._chats, chat, 1 / self._pace.per_chat, self._pace.per_chat_burst))
        if group and self._pace.group_per_minute:
            number = self._pace.group_per_minute
            cells.append(self._cell(self._groups, chat, 60 / number, number))
        return cells

    def _cell(self, cells: dict[str, Cell], chat: str, interval: float, burst: int) -> Cell:
        if len(cells) > FORGET_AFTER:
            now = time.monotonic()
            for known in [key for key, cell in cells.items() if cell.arrival < now]:
                del cells[known]
        return cells.setdefault(chat, Cell(interval, burst))
