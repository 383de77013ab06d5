"""The turn loop: one bad event stops nobody, and ends as a dead letter, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.event import Said, Sender
from bot.ports import Batch, Turn
from bot.program import Program
from bot.runtime.clock import SystemClock
from bot.runtime.turning import TurnLoop
from sentiment import Scorer, Verdict, default_scorer, named_scorer
from storage.database import Database
from tests.journeys.shop import until
from tests.runtime.world import now
from tests.storage.steps import ANA, SECRET, said

BEN = Sender("telegram", "502", "Ben")


class Poisoned(Database):
    """Can't write what was decided about one event; `failures` None = never."""

    failures: int | None = None
    tries = turns = 0

    @asynccontextmanager
    async def turn(self, batch: Batch, now: datetime) -> AsyncIterator[Turn]:
        async with super().turn(batch, now) as turn:
            self.turns += 1
            yield turn
            if any(event.key == "poison" for event in turn.events) and not self._given_up(turn):
                self.tries += 1
                if self.failures is None or self.tries <= self.failures:
                    raise ValueError("can't be written")

    @staticmethod
    def _given_up(turn: Any) -> bool:
        return bool(turn.sheet.failed)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return "sqlite+aiosqlite:///:memory:"
    found: str = request.getfixturevalue("own_postgres")
    return found


@pytest.fixture
async def poisoned(url: str) -> AsyncIterator[Poisoned]:
    database = Poisoned(url, Program(), SystemClock(), SECRET)
    database.channels, database.desk = frozenset({"telegram"}), "telegram"
    await database.start()
    yield database
    await database.stop()


@asynccontextmanager
async def turning(db: Database, scorer: Scorer | None = None) -> AsyncIterator[TurnLoop]:
    loop = TurnLoop(db, scorer or default_scorer(), Program(), SystemClock(), "test")
    db.on_wake(lambda topic: loop.wake() if topic == "turn" else None)
    task = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        task.cancel()
        await loop.close()
        with suppress(asyncio.CancelledError):
            await task


async def words_of(db: Database, sender: Sender) -> list[str]:
    customer = await db.find_customer(f"telegram:{sender.external}")
    assert customer is not None
    found = await db.export(customer)
    assert found is not None
    return [line["text"] for line in found["interactions"] if line["author"] == "customer"]


async def nothing_waits(db: Database, timeout: float) -> None:
    async def handled() -> bool:
        return (await db.counts())["events_waiting"] == 0

    await until(handled, "every event to be handled", timeout)


async def test_an_event_that_cant_be_written_becomes_a_dead_letter_and_its_lane_goes_on(poisoned: Poisoned) -> None:
    await poisoned.accept([said("first", ANA), said("bad", ANA, "poison"), said("last", ANA)], now())
    await poisoned.accept([said("mine", BEN)], now())
    async with turning(poisoned):
        await nothing_waits(poisoned, 9)
    assert await words_of(poisoned, ANA) == ["first", "last"]
    assert await words_of(poisoned, BEN) == ["mine"]
    (letter,) = await poisoned.dead_letters()
    assert "can't be written" in letter.why
    poisoned.failures = 0
    assert await poisoned.retry_dead_letter(letter.id) == 1
    async with turning(poisoned):
        await nothing_waits(poisoned, 9)
    assert sorted(await words_of(poisoned, ANA)) == ["bad", "first", "last"]


async def test_a_passing_trouble_costs_nothing_but_time(poisoned: Poisoned) -> None:
    poisoned.failures = 3
    await poisoned.accept([said("first", ANA), said("bad", ANA, "poison"), said("last", ANA)], now())
    async with turning(poisoned):
        await nothing_waits(poisoned, 9)
    assert await words_of(poisoned, ANA) == ["first", "bad", "last"]
    assert await poisoned.dead_letters() == []


@pytest.mark.parametrize(("failures", "turns"), [(1, 3), (None, 9)])
async def test_one_bad_event_among_many_is_found_in_a_few_turns(
    poisoned: Poisoned, failures: int | None, turns: int
) -> None:
    poisoned.failures = failures
    many = [said(f"hello {n}", Sender("telegram", f"9{n}", f"Person {n}")) for n in range(15)]
    await poisoned.accept([*many[:7], said("bad", ANA, "poison"), *many[7:]], now())
    loop = TurnLoop(poisoned, named_scorer("rules"), Program(), SystemClock(), "test")
    first = await loop.once()
    await loop.close()
    assert first == (16 if failures else 15)
    assert poisoned.turns <= turns + 1
    assert (await poisoned.counts())["events_waiting"] == (0 if failures else 1)


async def test_several_loops_over_one_database_keep_each_customers_order(poisoned: Poisoned) -> None:
    poisoned.failures = 0
    people = [Sender("telegram", str(1000 + number), "P") for number in range(20)]
    expected = [f"word {number}" for number in range(12)]
    async with turning(poisoned), turning(poisoned):
        for word in expected:
            await poisoned.accept([said(word, person) for person in people], now())
        await nothing_waits(poisoned, 9)
    for person in people:
        assert await words_of(poisoned, person) == expected


async def test_an_event_that_the_rules_cant_take_becomes_a_dead_letter_and_its_lane_goes_on(poisoned: Poisoned) -> None:
    poisoned.failures = 0
    await poisoned.accept([said("first", ANA), said("bad", ANA), said("last", ANA), said("mine", BEN)], now())
    async with turning(poisoned, Nonsense()):
        await nothing_waits(poisoned, 9)
    assert await words_of(poisoned, ANA) == ["first", "last"]
    assert await words_of(poisoned, BEN) == ["mine"]
    assert len(await poisoned.dead_letters()) == 1


async def test_what_this_version_cant_read_becomes_a_dead_letter_and_stops_nobody(poisoned: Poisoned) -> None:
    poisoned.failures = 0
    unreadable = said("bad", ANA)
    unreadable = replace(unreadable, payload=Said(ANA, None))  # type: ignore[arg-type]
    await poisoned.accept([said("first", ANA), unreadable, said("last", ANA), said("mine", BEN)], now())
    async with turning(poisoned):
        await nothing_waits(poisoned, 9)
    assert await words_of(poisoned, ANA) == ["first", "last"]
    assert await words_of(poisoned, BEN) == ["mine"]
    (letter,) = await poisoned.dead_letters()
    assert "said" in letter.why


async def test_a_scorer_that_breaks_leaves_words_unknown_and_loses_none(poisoned: Poisoned) -> None:
    poisoned.failures = 0
    await poisoned.accept([said("I want a refund", ANA)], now())
    async with turning(poisoned, Broken()):
        await nothing_waits(poisoned, 9)
    assert await words_of(poisoned, ANA) == ["I want a refund"]
    assert await poisoned.dead_letters() == []


class Broken:
    """A scorer that can't score anything."""

    name, version = "broken", "1"

    def warm(self) -> None:
        return

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        raise RuntimeError(f"{len(texts)} texts are too many")


class Nonsense:
    """A scorer whose verdict on one text no rule can take."""

    name, version = "nonsense", "1"

    def __init__(self) -> None:
        self._well = default_scorer()

    def warm(self) -> None:
        self._well.warm()

    def score(self, texts: Sequence[str]) -> list[Any]:
        return [
            object() if text == "bad" else verdict for text, verdict in zip(texts, self._well.score(texts), strict=True)
        ]
