"""Delivery: claim → send → mark. Per conversation strictly in order, within the limits, one owner a token."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.desks import OPENED
from bot.domain.event import ByCustomer, DeskReported, Incoming
from bot.domain.message import Kind, Message, Side
from bot.ports import Channel, Clock, Delivery, Fetch, Mark, Opening, Outcome, Parcel, Store
from bot.runtime import metrics
from bot.runtime.bundling import Bundle, bundled
from bot.runtime.outage import Outage
from bot.runtime.pacing import Pacer

log = structlog.get_logger()
SLOWEST_POLL = 1.0
THREADS, THREADS_PACED = 64, 4
"""Threads of a desk in hand at once; with a pace to keep as few as can be, since the most urgent goes next."""
PATIENCE = timedelta(seconds=2)
"""Lines that wait at a desk for longer go together; until then each stays a message that can be answered."""
OPENING_CALLS = 2
"""Messages with which a new thread begins, before the one that led to it."""
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

    def __init__(  # noqa: PLR0913, PLR0917 - everything that a loop works with
        self,
        channel: Channel,
        store: Store,
        clock: Clock,
        fetch: Fetch,
        render: Callable[[Parcel], Awaitable[Message]],
        pacer: Pacer | None = None,
        retry: RetryStrategy = RetryStrategy(),
        opening: Callable[[Parcel], Awaitable[Opening | None]] | None = None,
    ) -> None:
        self._channel = channel
        self._store = store
        self._clock = clock
        self._fetch = fetch
        self._render = render
        self._pacer = pacer or Pacer(channel.pace)
        self._retry = retry
        self._opening = opening
        self.outage = Outage(channel.name, store, clock)
        self._woken = asyncio.Event()
        self._queues: dict[Conversation, deque[Bundle]] = defaultdict(deque)
        self._workers: dict[Conversation, asyncio.Task[None]] = {}
        self._on_the_wire: set[Conversation] = set()
        self._marks: list[Mark] = []
        self._marker: asyncio.Task[None] | None = None
        self._in_hand = 0
        self._group = ""
        self._crowded_at: datetime | None = None
        self._lost_at: datetime | None = None

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def try_desk(self) -> None:
        """Somebody put something right at the desk: there is no need to wait."""
        self.outage.try_again()
        self.wake()

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
        """The desk's lines and everybody else's are claimed apart, so that a crowded desk holds no customer up."""
        return await self._claim_people() + await self._claim_desk()

    async def _claim_people(self) -> int:
        room = self.most_in_hand - self._in_hand
        if room <= 0:
            return 0
        limit, now = min(self.claim_at_once, room), self._clock.now()
        return self._take(await self._store.claim(self._channel.name, limit, now, desk=False))

    async def _claim_desk(self) -> int:
        """As late as can be: then the most urgent thread goes first, with all that waits for it in one message."""
        room, now = self._room_at_desk(), self._clock.now()
        if self.outage.left:
            self._lost_at = now
            await self.outage.tell()
            return 0
        if self._desk_pause():
            self._crowded_at = now
            return 0
        if room <= 0:
            return 0
        return self._take(await self._store.claim(self._channel.name, room, now, desk=True))

    def _room_at_desk(self) -> int:
        paced = self._pacer.keeps_groups
        return (THREADS_PACED if paced else THREADS) - sum(key[1] == Side.DESK.value for key in self._workers)

    def _desk_pause(self) -> float:
        """Seconds until the desk's group takes another message."""
        return self._pacer.wait(self._group, group=True) if self._group else 0.0

    def _take(self, parcels: list[Parcel]) -> int:
        for parcel in parcels:
            key = conversation_of(parcel)
            self._in_hand += parcel.side is not Side.DESK
            self._queues[key].append(Bundle.of(parcel))
            if key not in self._workers:
                self._workers[key] = asyncio.create_task(self._work(key), name=f"send:{self._channel.name}:{key}")
        return len(parcels)

    async def _rest(self) -> None:
        pauses = [SLOWEST_POLL]
        if self._in_hand < self.most_in_hand:
            pauses.append(await self._until_next(desk=False))
        if self._room_at_desk() > 0:
            pauses.append(max(await self._until_next(desk=True), self.outage.left, self._desk_pause()))
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.01, min(pauses))):
                await self._woken.wait()

    async def _until_next(self, *, desk: bool) -> float:
        due = await self._store.next_send(self._channel.name, desk=desk)
        return SLOWEST_POLL if due is None else self._clock.seconds_until(due)

    async def _work(self, key: Conversation) -> None:
        queue = self._queues[key]
        try:
            while queue:
                self._put_together(queue)
                if not await self._send(queue[0]):
                    self._give_back(queue)
                    return
        except Exception:
            log.exception("sending failed in a way nobody foresaw", channel=self._channel.name)
            self._give_back(queue, after=self._retry.longest)
        finally:
            del self._workers[key]
            if not queue:
                self._queues.pop(key, None)

    def _put_together(self, queue: deque[Bundle]) -> None:
        """What waits for one thread goes in fewer messages; what goes at once stays as it is."""
        head = queue[0].parcel
        if head.side is not Side.DESK or len(queue) == 1:
            return
        since, long_ago = head.created_at, self._clock.now() - PATIENCE
        crowded = self._crowded_at is not None and since <= min(self._crowded_at, long_ago)
        lost = self._lost_at is not None and since <= self._lost_at
        held = self._pacer.wait(self._channel.chat_key(head), group=True) > PATIENCE.total_seconds()
        if crowded or lost or held:
            fewer = bundled(queue)
            queue.clear()
            queue.extend(fewer)

    def _give_back(self, queue: deque[Bundle], after: float = 0.0) -> None:
        """The head waits in the outbox; what stands behind it goes back too, or it would overtake."""
        again = self._clock.now() + timedelta(seconds=after)
        while queue:
            self._done(queue, Delivery(Outcome.WAIT), again)

    def _done(
        self, queue: deque[Bundle], delivery: Delivery, again_at: datetime | None = None, *, dead: bool = False
    ) -> None:
        """The head of a queue leaves our hands."""
        bundle = queue.popleft()
        self._in_hand -= len(bundle.rows) if bundle.parcel.side is not Side.DESK else 0
        for row in bundle.rows:
            self._mark(Mark(row, bundle.result(row, delivery), again_at, dead))

    async def _send(self, bundle: Bundle) -> bool:
        """True when it is done with, one way or the other; False when it must wait in the outbox."""
        parcel = bundle.parcel
        chat, key = self._channel.chat_key(parcel), conversation_of(parcel)
        if parcel.message.kind is not Kind.TAP_ANSWER:
            await self._pacer.admit(chat, group=parcel.side is Side.DESK)
        self._on_the_wire.add(key)
        try:
            delivery = await self._attempt(parcel)
        finally:
            self._on_the_wire.discard(key)
        metrics.SENDS.labels(self._channel.name, delivery.outcome.value).inc()
        if parcel.side is Side.DESK:
            await self._note_desk(chat, parcel, delivery)
        return self._ended(self._queues[key], delivery)

    async def _note_desk(self, chat: str, parcel: Parcel, delivery: Delivery) -> None:
        """How the desk does, and how much of its pace is used."""
        if parcel.message.kind is not Kind.MARK:
            self._group = chat
        if parcel.opens and delivery.outcome is Outcome.SENT:
            self._pacer.count(chat, OPENING_CALLS, group=True)
        if delivery.outcome is Outcome.DESK_LOST:
            log.error("the desk can't be used", desk=self._channel.name, why=delivery.why)
            await self.outage.began(delivery.why)
        elif delivery.outcome is Outcome.SENT and self.outage.why and delivery.refs:
            log.warning("the desk can be used again", desk=self._channel.name)
            await self.outage.ended()

    def _ended(self, queue: deque[Bundle], delivery: Delivery) -> bool:
        bundle = queue[0]
        match delivery.outcome:
            case Outcome.SENT | Outcome.UNREACHABLE:
                self._done(queue, delivery)
                if delivery.thread is not None:  # what stands behind was claimed before there was this thread
                    queue.extend(
                        [queue.popleft().placed(bundle.parcel.case, delivery.thread) for _ in range(len(queue))]
                    )
                return True
            case Outcome.REJECTED if len(bundle.rows) > 1:
                queue.popleft()
                queue.extendleft(reversed(bundle.apart()))  # one of them spoils the others
                return True
            case Outcome.REJECTED:
                number = bundle.parcel.id
                log.warning("refused by the platform", channel=self._channel.name, outbox=number, why=delivery.why)
                self._done(queue, delivery, dead=True)
                return True
        return self._later(queue, delivery)

    def _later(self, queue: deque[Bundle], delivery: Delivery) -> bool:
        parcel = queue[0].parcel
        if delivery.outcome is Outcome.WAIT:
            self._pacer.hold("" if delivery.everywhere else self._channel.chat_key(parcel), delivery.retry_after)
            pause: float | None = delivery.retry_after
        elif delivery.outcome is Outcome.DESK_LOST:
            pause = 0.0  # the desk as a whole waits
        else:
            pause = self._retry.pause(parcel.attempts + 1)
        if pause is None and parcel.side is Side.DESK and delivery.outcome is Outcome.RETRY:
            pause = self._retry.longest  # nothing arrived and nothing was refused: the desk is never given up
        if pause is None:
            log.error("given up", channel=self._channel.name, outbox=parcel.id, why=delivery.why)
            self._done(queue, replace(delivery, outcome=Outcome.REJECTED), dead=True)
            return True
        self._done(queue, delivery, self._clock.now() + timedelta(seconds=pause))
        return False

    async def _attempt(self, parcel: Parcel) -> Delivery:
        if parcel.message.kind is Kind.TYPING and self._clock.now() - parcel.created_at > TYPING_LASTS:
            return Delivery(Outcome.SENT)  # a sign of life that comes late would be faked
        try:
            message = await self._render(parcel)
            opening = await self._opening(parcel) if self._opening and parcel.opens else None
            ready = replace(parcel, message=message, opening=opening)
            return _told(parcel, await self._channel.deliver(ready, self._fetch), self._clock.now())
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
            head = queue.popleft() if queue and key in self._on_the_wire else None  # marked by its worker
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


def _told(parcel: Parcel, delivery: Delivery, now: datetime) -> Delivery:
    """A thread that was made for a case under way is told in the case's log and on the other desks."""
    made = delivery.thread
    if parcel.case is None or made is None or parcel.thread is not None or not parcel.opens:
        return delivery
    key = f"desk:{made.desk}:{OPENED}:{made.chat}:{made.thread}"
    report = DeskReported(made.desk, parcel.case, OPENED)
    return replace(delivery, follow=Incoming(key, ByCustomer(parcel.customer), report, now))


def conversation_of(parcel: Parcel) -> Conversation:
    """Messages of one conversation and side keep their order; those to a person of the shop by that person."""
    if parcel.side is Side.STAFF:
        return (parcel.customer, f"staff:{parcel.message.arguments.get('to', '')}")
    return (parcel.customer, parcel.side.value)
