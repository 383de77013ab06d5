"""The running program: what breaks starts again, and stopping is quick."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import Refused
from bot.program import Program
from bot.runtime.clock import SystemClock
from bot.runtime.service import FIRST_PAUSE, Service, Waker, keep_alive
from bot.runtime.turning import TurnLoop
from sentiment import default_scorer
from storage.database import Database
from tests.runtime.world import Wire, loop_over, sunshine, waiting, write

logging.getLogger("asyncio").setLevel(logging.CRITICAL)


async def test_a_loop_that_breaks_starts_again() -> None:
    runs = []

    async def loop() -> None:
        runs.append(asyncio.get_running_loop().time())
        if len(runs) < 3:
            raise RuntimeError("broken")

    await asyncio.wait_for(keep_alive("loop", loop), 5)
    assert len(runs) == 3
    assert runs[1] - runs[0] >= FIRST_PAUSE * 0.9
    assert runs[2] - runs[1] >= FIRST_PAUSE * 1.8, "it pauses longer every time"


async def test_a_loop_that_is_cancelled_stays_down() -> None:
    runs = []

    async def loop() -> None:
        runs.append(1)
        await asyncio.sleep(3600)

    task = asyncio.create_task(keep_alive("loop", loop))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert runs == [1]


class Ear(Wire):
    """An edge that notes what is done to it, and whose hearing breaks `broken` times."""

    def __init__(self, name: str = "telegram", broken: int = 0) -> None:
        super().__init__()
        self.name = name
        self.broken = broken
        self.diary: list[str] = []
        self.hears = asyncio.Event()

    async def start(self) -> None:
        self.diary.append("start")

    async def receive(self) -> None:
        self.diary.append("receive")
        if self.broken:
            self.broken -= 1
            raise RuntimeError("no network")
        self.hears.set()
        await asyncio.sleep(3600)

    async def stop(self) -> None:
        self.diary.append("stop")


class Refusing(Ear):
    """A wrong token."""

    async def start(self) -> None:
        raise Refused("the token is wrong", "take another")


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[list[float]]:
    """The service runs; afterwards the list holds how long stopping took."""
    stop, took = asyncio.Event(), list[float]()
    task = asyncio.create_task(service.run(stop))
    await asyncio.wait_for(service.ready.wait(), 5)
    yield took
    began = asyncio.get_running_loop().time()
    stop.set()
    await asyncio.wait_for(task, 20)
    took.append(asyncio.get_running_loop().time() - began)


def service_over(db: Database, *edges: Wire) -> Service:
    turns = TurnLoop(db, default_scorer(), Program(), SystemClock(), "test")
    waker = Waker()
    db.on_wake(waker)
    deliveries = {edge.name: loop_over(db, edge) for edge in edges}
    return Service(store=db, edges=edges, turns=turns, deliveries=deliveries, waker=waker)


async def test_an_edge_whose_hearing_breaks_hears_again_while_the_others_go_on(db: Database) -> None:
    broken, well = Ear("telegram", broken=1), Ear("slack")
    async with served(service_over(db, broken, well)) as took:
        await asyncio.wait_for(well.hears.wait(), 1)
        await asyncio.wait_for(broken.hears.wait(), 5)
    assert broken.diary == ["start", "receive", "receive", "stop"]
    assert well.diary == ["start", "receive", "stop"]
    assert took[0] < 2


async def test_a_refused_start_ends_the_program_and_stops_what_had_started(db: Database) -> None:
    first, second = Ear("telegram"), Refusing("slack")
    with pytest.raises(Refused, match="wrong"):
        await service_over(db, first, second).run(asyncio.Event())
    assert first.diary == ["start", "stop"]
    assert second.diary == ["stop"]


async def test_what_waits_for_a_platform_doesnt_delay_stopping(db: Database) -> None:
    wire = Ear()
    service = service_over(db, wire)
    async with served(service) as took:
        wire.weather = sunshine
        service.deliveries["telegram"]._pacer.hold("", 60)
        await write(db, ["one", "two"])

        async def claimed() -> bool:
            return (await waiting(db))[1] > 0

        while not await claimed():
            await asyncio.sleep(0.01)
    assert took[0] < 2
    assert wire.tried == []
    assert await waiting(db) == (2, 0)
