"""The planner: looks, plans, stops what does harm, and looks again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from bot.runtime.clock import SystemClock
from bot.runtime.outreach import PlannerLoop
from tests.journeys.shop import until


class Board:
    """Campaigns and the store, as far as the planner asks for them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime, datetime]] = []
        self.owned: list[str] = []

    async def stop_harmful(self, now: datetime) -> list[tuple[str, str]]:
        self.asked.append(("stop", now, now))
        return [("pushy", "more people ask for no more")]

    async def plan_campaigns(self, now: datetime, until: datetime) -> int:
        self.asked.append(("plan", now, until))
        return 3

    @asynccontextmanager
    async def own(self, name: str) -> AsyncIterator[None]:
        self.owned.append(name)
        yield


def planner(board: Any, every: timedelta) -> PlannerLoop:
    return PlannerLoop(board, board, SystemClock(), every)


async def test_harm_is_looked_for_before_anything_is_planned_until_the_next_look() -> None:
    board = Board()
    assert await planner(board, timedelta(hours=1)).once() == 3
    (first, *_), (second, now, later) = board.asked
    assert (first, second, later - now) == ("stop", "plan", timedelta(hours=1))


async def test_it_looks_again_after_its_time_and_at_once_when_it_is_woken() -> None:
    board = Board()
    loop = planner(board, timedelta(hours=1))
    running = asyncio.create_task(loop.run())

    async def looked(times: int) -> bool:
        return len(board.asked) >= 2 * times

    await until(lambda: looked(1), "the first look")
    assert board.owned == ["outreach"]
    await asyncio.sleep(0.05)
    assert len(board.asked) == 2
    loop.wake()
    await until(lambda: looked(2), "a look when woken")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    often = planner(board, timedelta(milliseconds=20))
    running = asyncio.create_task(often.run())
    await until(lambda: looked(6), "looks by itself")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
