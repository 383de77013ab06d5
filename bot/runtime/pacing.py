"""Pacing: a platform's limits kept in one place, per token, on the real clock.

A rate with short bursts (one chat) is kept by the generic cell rate algorithm. A number in a stretch of time (the whole
token, a group) is counted: a cell with such a burst would let twice the number through in the first stretch.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from bot.ports import Pace

FORGET_AFTER = 5_000
MINUTE = 60.0
LEEWAY = 0.1
"""Seconds that messages may move towards each other on their way to the platform, which counts at its end."""


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


@dataclass(slots=True)
class Window:
    """One limit: at most `most` messages in any `seconds`."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        if len(self.times) < self.most:
            return 0.0
        return max(0.0, self.times[-self.most] + self.seconds + LEEWAY - now)

    def take(self, now: float) -> None:
        """Count one."""
        self.times.append(now)
        if len(self.times) > self.most:
            self.times.popleft()


class Pacer:
    """Waits until every limit that a message falls under allows it."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._overall = Window(max(1, int(pace.overall)), max(1.0, 1 / pace.overall)) if pace.overall else None
        self._chats: dict[str, Cell] = {}
        self._groups: dict[str, Window] = {}
        self._held: dict[str, float] = {}

    async def admit(self, chat: str, *, group: bool) -> None:
        """Return when a message to `chat` may go; it is counted."""
        while True:
            pause = self.wait(chat, group=group)
            if pause <= 0:
                self.count(chat, 1, group=group)
                return
            await asyncio.sleep(pause)

    def wait(self, chat: str, *, group: bool) -> float:
        """Seconds until a message to `chat` might go; nothing is counted."""
        now = time.monotonic()
        held = max(self._held.get(chat, 0.0), self._held.get("", 0.0)) - now
        return max([0.0, held, *(cell.wait(now) for cell in self._cells(chat, group=group))])

    def count(self, chat: str, more: int, *, group: bool) -> None:
        """Further messages that went with one that was admitted."""
        now = time.monotonic()
        for _ in range(more):
            for cell in self._cells(chat, group=group):
                cell.take(now)

    def hold(self, chat: str, seconds: float) -> None:
        """The platform said wait: nothing to `chat` ("" = to anybody) for so long."""
        if len(self._held) > FORGET_AFTER:
            self._held = {known: until for known, until in self._held.items() if until > time.monotonic()}
        self._held[chat] = max(self._held.get(chat, 0.0), time.monotonic() + seconds)

    @property
    def keeps_groups(self) -> bool:
        """Whether there is a pace to keep in a desk's chat."""
        return bool(self._pace.per_chat or self._pace.group_per_minute)

    def _cells(self, chat: str, *, group: bool) -> list[Cell | Window]:
        cells: list[Cell | Window] = [self._overall] if self._overall else []
        if self._pace.per_chat:
            cells.append(self._cell(chat))
        if group and self._pace.group_per_minute:
            cells.append(self._groups.setdefault(chat, Window(self._pace.group_per_minute, MINUTE)))
        return cells

    def _cell(self, chat: str) -> Cell:
        if len(self._chats) > FORGET_AFTER:
            now = time.monotonic()
            self._chats = {known: cell for known, cell in self._chats.items() if cell.arrival > now}
        return self._chats.setdefault(chat, Cell(1 / self._pace.per_chat, self._pace.per_chat_burst))
