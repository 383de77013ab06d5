"""Delivery: claim → send → mark. Per conversation strictly in order, within the limits, one owner a token."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.domain.message import Kind, Message, Side
from bot.ports import Channel, Clock, Delivery, Fetch, Mark, Outcome, Parcel, Store
from bot.runtime import metrics
from bot.runtime.pacing import Pacer

log = structlog.get_logger()
SLOWEST_POLL = 1.0
TYPING_LASTS = timedelta(seconds=6)
Conversation = tuple[int, str]


@dataclass(frozen=True, slots=True)
class RetryStrategy:
    """How long to wait before the next attempt; None = give up: a dead letter that an operator sees."""

    first: float = 0.5
    longest: float = 300.0
    attempts: int = 12

    def pause(self, attempt: int) -> float | None:
        """Seconds after failed attempt number `attempt` (1, 2, …)."""
        return None if attempt >= self.attempts else min(self.longest, self.first * 2 ** (attempt - 1))


class DeliveryLoop:
    """The one sender of a channel. A waiting conversation never holds up another."""

    claim_at_once = 128
    most_in_hand = 512
    patience = 5.0
    """Seconds that what is on the wire has to end when the loop stops; what hasn't by then is uncertain."""

    def __init__(
        self,
        channel: Channel,
        store: Store,
        clock: Clock,
        fetch: Fetch,
        render: Callable[[Parcel], Awaitable[Message]],
        pacer: Pacer | None = None,
        retry: RetryStrategy = RetryStrategy(),
    ) -> None:
        self._channel = channel
        self._store = store
        self._clock = clock
        self._fetch = fetch
        self._render = render
        self._pacer = pacer or Pacer(channel.pace)
        self._retry = retry
        self._woken = asyncio.Event()
        self._queues: dict[Conversation, deque[Parcel]] = defaultdict(deque)
        self._workers: dict[Conversation, asyncio.Task[None]] = {}
        self._on_the_wire: set[Conversation] = set()
        self._marks: list[Mark] = []
        self._marker: asyncio.Task[None] | None = None
        self._in_hand = 0

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Own the channel's sending, for ever."""
        async with self._store.own(f"deliver:{self._channel.name}"):
            found = await self._store.recover_outbox(self._channel.name)
            if found:
                log.warning("sending again what a stopped process left", channel=self._channel.name, messages=found)
            try:
                while True:
                    self._woken.clear()
                    if not await self._claim():
                        await self._rest()
            finally:
                await self._let_go()

    async def _claim(self) -> int:
        room = self.most_in_hand - self._in_hand
        if room <= 0:
            return 0
        parcels = await self._store.claim(self._channel.name, min(self.claim_at_once, room), self._clock.now())
        self._in_hand += len(parcels)
        for parcel in parcels:
            key = conversation_of(parcel)
            self._queues[key].append(parcel)
            if key not in self._workers:
                self._workers[key] = asyncio.create_task(self._work(key), name=f"send:{self._channel.name}:{key}")
        return len(parcels)

    async def _rest(self) -> None:
        due = await self._store.next_send(self._channel.name)
        pause = SLOWEST_POLL
        if due is not None and self._in_hand < self.most_in_hand:
            pause = min(SLOWEST_POLL, max(0.01, self._clock.seconds_until(due)))
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._woken.wait()

    async def _work(self, key: Conversation) -> None:
        queue = self._queues[key]
        try:
            while queue:
                if not await self._send(queue[0]):
                    self._give_back(queue)
                    return
                queue.popleft()
                self._in_hand -= 1
        except Exception:
            log.exception("sending failed in a way nobody foresaw", channel=self._channel.name)
            self._give_back(queue, after=self._retry.longest)
        finally:
            del self._workers[key]
            if not queue:
                self._queues.pop(key, None)

    def _give_back(self, queue: deque[Parcel], after: float = 0.0) -> None:
        """The head waits in the outbox; what stands behind it goes back too, or it would overtake."""
        again = self._clock.now() + timedelta(seconds=after)
        for parcel in queue:
            self._mark(Mark(parcel, Delivery(Outcome.WAIT), again))
        self._in_hand -= len(queue)
        queue.clear()

    async def _send(self, parcel: Parcel) -> bool:
        """True when the parcel is done with, one way or the other; False when it must wait in the outbox."""
        if parcel.message.kind is not Kind.TAP_ANSWER:
            await self._pacer.admit(self._channel.chat_key(parcel), group=parcel.side is Side.DESK)
        key = conversation_of(parcel)
        self._on_the_wire.add(key)
        try:
            delivery = await self._attempt(parcel)
        finally:
            self._on_the_wire.discard(key)
        metrics.SENDS.labels(self._channel.name, delivery.outcome.value).inc()
        match delivery.outcome:
            case Outcome.SENT | Outcome.UNREACHABLE:
                self._mark(Mark(parcel, delivery))
                return True
            case Outcome.REJECTED:
                log.warning("refused by the platform", channel=self._channel.name, outbox=parcel.id, why=delivery.why)
                self._mark(Mark(parcel, delivery, dead=True))
                return True
        return self._later(parcel, delivery)

    def _later(self, parcel: Parcel, delivery: Delivery) -> bool:
        if delivery.outcome is Outcome.WAIT:
            self._pacer.hold("" if delivery.everywhere else self._channel.chat_key(parcel), delivery.retry_after)
            pause: float | None = delivery.retry_after
        else:
            pause = self._retry.pause(parcel.attempts + 1)
        if pause is None:
            log.error("given up", channel=self._channel.name, outbox=parcel.id, why=delivery.why)
            self._mark(Mark(parcel, replace(delivery, outcome=Outcome.REJECTED), dead=True))
            return True
        queue = self._queues[conversation_of(parcel)]
        queue.popleft()
        self._in_hand -= 1
        self._mark(Mark(parcel, delivery, self._clock.now() + timedelta(seconds=pause)))
        return False

    async def _attempt(self, parcel: Parcel) -> Delivery:
        if parcel.message.kind is Kind.TYPING and self._clock.now() - parcel.created_at > TYPING_LASTS:
            return Delivery(Outcome.SENT)  # a sign of life that comes late would be faked
        try:
            message = await self._render(parcel)
            return await self._channel.deliver(replace(parcel, message=message), self._fetch)
        except Exception as error:
            log.exception("an edge raised while sending", channel=self._channel.name, outbox=parcel.id)
            return Delivery(Outcome.RETRY, why=repr(error))

    # ---- marks: what is done while a write runs shares the next one

    def _mark(self, mark: Mark) -> None:
        self._marks.append(mark)
        if self._marker is None:
            self._marker = asyncio.create_task(self._write_marks(), name=f"mark:{self._channel.name}")

    async def _write_marks(self) -> None:
        try:
            while self._marks:
                batch, self._marks = self._marks, []
                await self._write(batch)
        finally:
            self._marker = None

    async def _write(self, batch: list[Mark]) -> None:
        pause = 0.1
        while True:
            try:
                await self._store.mark(batch, self._clock.now())
            except Exception as error:  # noqa: BLE001 - a result must not be lost: try until it is written
                log.warning("a result could not be written yet", marks=len(batch), error=repr(error))
                await asyncio.sleep(pause)
                pause = min(5.0, pause * 2)
            else:
                self._woken.set()  # only now may be claimed what stands behind, and what goes again
                return

    async def _let_go(self) -> None:
        """On stopping: what is on the wire may end; what waits for its turn or its pace goes back at once."""
        workers = dict(self._workers)
        for key, queue in self._queues.items():
            head = queue.popleft() if queue and key in self._on_the_wire else None
            self._give_back(queue)
            if head:
                queue.append(head)
        for key in workers.keys() - self._on_the_wire:
            workers[key].cancel()
        await self._finish(set(workers.values()))
        if self._marker:
            await asyncio.wait({self._marker}, timeout=self.patience)
        self._queues.clear()
        self._workers.clear()
        self._in_hand = 0

    async def _finish(self, workers: set[asyncio.Task[None]]) -> None:
        if not workers:
            return
        _, late = await asyncio.wait(workers, timeout=self.patience)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)


def conversation_of(parcel: Parcel) -> Conversation:
    """Messages of one conversation and side keep their order; those to a person of the shop by that person."""
    if parcel.side is Side.STAFF:
        return (parcel.customer, f"staff:{parcel.message.arguments.get('to', '')}")
    return (parcel.customer, parcel.side.value)
