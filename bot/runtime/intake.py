"""Intake: what edges hand in is written before they acknowledge. What arrives during a write shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.domain.event import Accepted, Incoming
from bot.domain.hearing import opened
from bot.ports import Clock, Store

log = structlog.get_logger()
LARGEST_BATCH = 256


class BatchingIntake:
    """Never waits for a batch: a lone thing is written at once; only what comes meanwhile is put together."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._waiting: list[tuple[Incoming, asyncio.Future[Accepted]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def accept(self, incoming: Incoming) -> Accepted:
        """Returns when it is persisted; raises when it could not be."""
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((opened(incoming), future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all(), name="intake")
        return await future

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._write(batch)
        finally:
            self._writer = None

    async def _write(self, batch: list[tuple[Incoming, asyncio.Future[Accepted]]]) -> None:
        try:
            results = await self._store.accept([incoming for incoming, _ in batch], self._clock.now())
        except Exception as error:  # noqa: BLE001 - every waiting edge must learn of it
            await self._one_by_one(batch, error)
            return
        for (_, future), accepted in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(accepted)
        self._wake()

    async def _one_by_one(self, batch: list[tuple[Incoming, asyncio.Future[Accepted]]], error: Exception) -> None:
        """One that can't be written must not take the others with it."""
        if len(batch) == 1:
            incoming, future = batch[0]
            log.error("not accepted", key=incoming.key, error=str(error))
            if not future.done():
                future.set_exception(error)
            return
        for item in batch:
            await self._write([item])
