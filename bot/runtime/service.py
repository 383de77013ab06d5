"""The running program: edges, turns and deliveries, kept alive until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

import structlog

from bot.domain.message import Attachment
from bot.errors import FileUnavailable
from bot.ports import Channel, Edge, File, Store
from bot.runtime.delivery import DeliveryLoop
from bot.runtime.outreach import PlannerLoop
from bot.runtime.turning import TurnLoop
from bot.runtime.watching import Watch

log = structlog.get_logger()
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
INSIST_AFTER = 7.0


class Waker:
    """Tells the loops and the pages of this process that something was written, by topic."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[str], None]] = []

    def listen(self, callback: Callable[[str], None]) -> None:
        """Call back with every topic from now on."""
        self._callbacks.append(callback)

    def __call__(self, topic: str) -> None:
        """Tell everybody."""
        for callback in self._callbacks:
            callback(topic)


@dataclass(slots=True)
class Service:
    """What `run` runs. `edges` hear, `turns` decide, `deliveries` speak; `serve` answers over HTTP."""

    store: Store
    edges: Sequence[Edge]
    turns: TurnLoop | None
    deliveries: dict[str, DeliveryLoop]
    waker: Waker
    serve: Callable[[], Awaitable[None]] | None = None
    receive: bool = True
    watch: Watch | None = None
    planner: PlannerLoop | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once everything is connected."""

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, run until `stop`, end in order: first what hears, last what remembers."""
        self.waker.listen(self._woken)
        async with AsyncExitStack() as stack:
            for edge in self.edges:
                stack.push_async_callback(_quietly, edge.stop)
                await edge.start()
            tasks = self._tasks()
            stack.push_async_callback(_cancel, tasks)
            self.ready.set()
            await stop.wait()
        if self.turns:
            await self.turns.close()

    def _tasks(self) -> list[asyncio.Task[None]]:
        loops: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        if self.receive:
            loops += [(f"receive:{edge.name}", self._receiver(edge)) for edge in self.edges]
        if self.turns:
            loops.append(("turn", self.turns.run))
        loops += [(f"deliver:{name}", delivery.run) for name, delivery in self.deliveries.items()]
        if self.watch:
            loops.append(("watch", self._watcher(self.watch)))
        if self.planner:
            loops.append(("outreach", self.planner.run))
        if self.serve:
            loops.append(("http", self.serve))
        return [asyncio.create_task(keep_alive(name, loop), name=name) for name, loop in loops]

    def _receiver(self, edge: Edge) -> Callable[[], Awaitable[None]]:
        async def receive() -> None:
            async with self.store.own(f"receive:{edge.name}"):
                await edge.receive()

        return receive

    def _watcher(self, watch: Watch) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            async with self.store.own("watch"):
                await watch.run()

        return look

    def _woken(self, topic: str) -> None:
        if topic == "turn" and self.turns:
            self.turns.wake()
        elif topic == "campaign" and self.planner:
            self.planner.wake()
        elif topic.startswith("outbox:"):
            delivery = self.deliveries.get(topic.removeprefix("outbox:"))
            if delivery:
                delivery.wake()


async def keep_alive(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop for good: what breaks is logged and started again; what returns has nothing more to do."""
    pause = FIRST_PAUSE
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await loop()
        except Exception:
            log.exception("a loop broke and starts again", loop=name, pause=pause)
            await asyncio.sleep(pause)
            lasted = asyncio.get_running_loop().time() - began
            pause = FIRST_PAUSE if lasted > LONGEST_PAUSE * 2 else min(LONGEST_PAUSE, pause * 2)
        else:
            return


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until every task is done: a library that swallows one cancellation doesn't keep the program alive."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=INSIST_AFTER)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _quietly(stop: Callable[[], Awaitable[None]]) -> None:
    with suppress(Exception):
        await stop()


Fetcher = Callable[[Attachment], Awaitable[File]]


def fetch_from(channels: dict[str, Channel], others: dict[str, Fetcher] | None = None) -> Fetcher:
    """One function that fetches an attachment from wherever it lies; `others` are places that are no channels."""

    async def fetch(attachment: Attachment) -> File:
        if others and attachment.channel in others:
            return await others[attachment.channel](attachment)
        channel = channels.get(attachment.channel)
        if channel is None:
            raise FileUnavailable(f"{attachment.channel} is not running")
        return await channel.fetch(attachment)

    return fetch
