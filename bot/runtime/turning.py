"""The turn loop: due events are read, scored outside any transaction, decided, and written in one."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import structlog

from bot.domain.albums import join_albums
from bot.domain.decide import decide, text_to_score
from bot.domain.event import Event, Payload
from bot.domain.ids import EventId
from bot.domain.story import Decision
from bot.errors import LaneBusy, LeaseLost
from bot.ports import Batch, Clock, Store, Turn
from bot.program import Program
from bot.runtime import metrics
from sentiment import Scorer, Verdict, unknown

log = structlog.get_logger()
LANES = 64
SLOWEST_POLL = 1.0
BUSY_PAUSE = 0.05
ATTEMPTS = 5


class TurnLoop:
    """One worker of turns. Any number may run over one PostgreSQL; lanes keep them apart."""

    def __init__(
        self,
        store: Store,
        scorer: Scorer,
        program: Program,
        clock: Clock,
        worker: str,
        only: type[Payload] | None = None,
        lanes: int = LANES,
    ) -> None:
        """`only`: handle lanes just as far as they hold events of this kind."""
        self._store = store
        self._scorer = scorer
        self._program = program
        self._clock = clock
        self._worker = worker
        self._only = only
        self._lanes = lanes
        self._woken = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scorer")
        self._attempts: Counter[EventId] = Counter()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Turn for ever. The scorer warms up meanwhile: only words wait for it."""
        self._thread.submit(self._scorer.warm)
        while True:
            self._woken.clear()
            if not await self.once():
                await self._rest()

    async def close(self) -> None:
        """Let the scoring thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _rest(self) -> None:
        due = await self._store.next_due()
        pause = SLOWEST_POLL if due is None else min(SLOWEST_POLL, self._clock.seconds_until(due))
        if pause > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def once(self) -> int:
        """One turn; returns how many events were handled."""
        batch = await self._store.due(self._lanes, self._clock.now(), self._worker)
        if self._only:
            batch = replace(batch, events=_heads(batch.events, self._only))
        if not batch.events:
            return 0
        verdicts = await self._score(batch.events)
        try:
            return await self._turn(batch, verdicts)
        except LeaseLost:
            return 1
        except LaneBusy:
            await asyncio.sleep(BUSY_PAUSE)
            return 1
        except Exception as error:  # noqa: BLE001 - one bad event must not stop the others
            log.warning("turn failed, in halves now", events=len(batch.events), error=repr(error))
            return await self._in_halves(batch, verdicts)

    async def _score(self, events: tuple[Event, ...]) -> dict[EventId, Verdict]:
        texts = {event.id: text for event in events if (text := text_to_score(event.payload)) is not None}
        if not texts:
            return {}
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, self._scorer.score, list(texts.values()))
        except Exception:
            log.exception("nothing could be scored, so these words count as unknown", texts=len(texts))
            found = [unknown(text, self._scorer.name) for text in texts.values()]
        return dict(zip(texts, found, strict=True))

    async def _turn(self, batch: Batch, verdicts: dict[EventId, Verdict]) -> int:
        now = self._clock.now()
        async with self._store.turn(batch, now) as turn:
            for event, parts in join_albums(turn.events):
                self._decide(turn, event, parts, verdicts)
            handled = len(turn.events)
        metrics.EVENTS.inc(handled)
        for event in batch.events:
            metrics.LAG.observe(max(0.0, (now - event.at).total_seconds()))
        return handled

    def _decide(self, turn: Turn, event: Event, parts: tuple[Event, ...], verdicts: dict[EventId, Verdict]) -> None:
        story = turn.story(event.customer)
        verdict = verdicts.get(event.id) or next((verdicts[p.id] for p in parts if p.id in verdicts), None)
        try:
            # A decision's own moment: later events of a batch never look earlier than the ones before.
            decision = decide(story, event, verdict, turn.house, self._program, self._clock.now())
        except Exception as error:
            log.exception("the rules raised", number=event.id, key=event.key)
            metrics.FAILED.inc()
            turn.failed(event, repr(error))
        else:
            turn.decided(event, decision)
        for part in parts:
            turn.decided(part, Decision(turn.story(event.customer)))

    async def _in_halves(self, batch: Batch, verdicts: dict[EventId, Verdict]) -> int:
        """Half the lanes at a time: the one that fails is found in a few turns, and what fails once costs two."""
        lanes = batch.lanes
        if len(lanes) == 1:
            return await self._one_by_one(batch, verdicts)
        handled = 0
        for part in (lanes[: len(lanes) // 2], lanes[len(lanes) // 2 :]):
            theirs = set(part)
            half = replace(batch, events=tuple(event for event in batch.events if event.customer in theirs))
            try:
                handled += await self._turn(half, verdicts)
            except LeaseLost:
                return handled + 1
            except Exception as error:  # noqa: BLE001 - looked for further down
                log.warning("half a turn failed", events=len(half.events), error=repr(error))
                handled += await self._in_halves(half, verdicts)
        return handled

    async def _one_by_one(self, batch: Batch, verdicts: dict[EventId, Verdict]) -> int:
        handled = 0
        blocked: set[int] = set()
        for event in batch.events:
            if event.customer in blocked:
                continue
            try:
                handled += await self._turn(replace(batch, events=(event,)), verdicts)
            except LeaseLost:
                return handled + 1
            except Exception as error:  # noqa: BLE001 - counted, then given up
                blocked.add(event.customer)
                await self._give_up_after_all(batch, event, error)
        return handled

    async def _give_up_after_all(self, batch: Batch, event: Event, error: Exception) -> None:
        self._attempts[event.id] += 1
        tries = self._attempts[event.id]
        log.warning("event failed", number=event.id, key=event.key, tries=tries, error=repr(error))
        if tries < ATTEMPTS:
            await asyncio.sleep(min(5.0, 0.1 * 2**tries))
            return
        with suppress(LeaseLost):
            now = self._clock.now()
            async with self._store.turn(replace(batch, events=(event,)), now) as turn:
                for stuck in turn.events:
                    turn.failed(stuck, repr(error))
            metrics.FAILED.inc()
            del self._attempts[event.id]


def _heads(events: tuple[Event, ...], only: type[Payload]) -> tuple[Event, ...]:
    """Of each lane the events before the first one of another kind."""
    stopped: set[int] = set()
    found = []
    for event in events:
        if not isinstance(event.payload, only):
            stopped.add(event.customer)
        elif event.customer not in stopped:
            found.append(event)
    return tuple(found)
