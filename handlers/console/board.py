"""The queue on all open inboxes: read once when something happened, sent as differences, drawn by nobody twice."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from handlers.pages import changes

log = logging.getLogger(__name__)

EVERY_S: Final = 2.5
"""The slow look: the net under a wake-up that got lost."""
LEAST_S: Final = 0.05
"""Whatever happens within this time is one reading."""

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The queue at one moment, most urgent first. The same for everybody: what is mine, each browser knows."""

    rows: Rows
    order: list[str]


@dataclass(frozen=True, slots=True)
class Delta:
    """What leads from one sheet to the next; `order` None = as it was."""

    changed: Rows
    gone: list[str]
    order: list[str] | None

    @property
    def is_nothing(self) -> bool:
        """Both sheets say the same."""
        return not (self.changed or self.gone or self.order is not None)


def delta(old: Sheet, new: Sheet) -> Delta:
    """The difference of two sheets."""
    changed, gone = changes(old.rows, new.rows)
    return Delta(changed, gone, new.order if new.order != old.order else None)


class Reader(Protocol):
    """An open inbox: `sheet` is what its browser has."""

    sheet: Sheet

    async def board_changed(self, news: Delta, sheet: Sheet) -> None:
        """Bring the browser to this sheet."""
        ...


class Board:
    """Reads while somebody looks, and not otherwise."""

    def __init__(self, read: Callable[[], Awaitable[Rows]]) -> None:
        self._read = read
        self._sheet = Sheet({}, [])
        self._readers: set[Reader] = set()
        self._task: asyncio.Task[None] | None = None
        self._due = asyncio.Event()
        self._turn = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._readers)

    def held(self) -> dict[int, int]:
        """How many cases everybody holds, as far as somebody looks."""
        return dict(Counter(row["owner_id"] for row in self._sheet.rows.values() if row["claimed"]))

    def wake(self) -> None:
        """Something happened somewhere."""
        self._due.set()

    async def fresh(self) -> Sheet:
        """The queue as it is now; the same object as before when nothing changed."""
        async with self._turn:
            rows = await self._read()
            read = Sheet(rows, list(rows))
            if not delta(self._sheet, read).is_nothing:
                self._sheet = read
            return self._sheet

    def join(self, reader: Reader) -> None:
        """From now on `reader` is told what changes."""
        self._readers.add(reader)
        self._due.set()
        if self._task is None:
            self._task = asyncio.create_task(self._keep_reading(), name="board")

    def leave(self, reader: Reader) -> None:
        """Its browser went."""
        self._readers.discard(reader)

    async def stop(self) -> None:
        """Nobody is told anything any more."""
        self._readers.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_reading(self) -> None:
        while self._readers:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._due.wait()
            self._due.clear()
            try:
                await self._tell(await self.fresh())
            except Exception:
                log.exception("the queue could not be read")
            await asyncio.sleep(LEAST_S)
        self._task = None

    async def _tell(self, sheet: Sheet) -> None:
        """Most have the same sheet, so most differences are made once."""
        made: dict[int, Delta] = {}
        for reader in list(self._readers):
            old = reader.sheet
            if id(old) not in made:
                made[id(old)] = delta(old, sheet)
            try:
                await reader.board_changed(made[id(old)], sheet)
            except Exception:
                log.exception("an inbox could not be told")
