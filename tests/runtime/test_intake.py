"""Intake: acknowledged means written; one that can't be written takes no other with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.domain.event import Accepted, Incoming
from bot.domain.ids import CustomerId, EventId
from bot.runtime.clock import SystemClock
from bot.runtime.intake import LARGEST_BATCH, BatchingIntake
from storage.database import Database
from tests.storage.steps import said


class Journal(Database):
    """Counts its transactions; refuses what is poisoned; may be held."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def accept(self, batch: Sequence[Incoming], now: datetime) -> list[Accepted]:
        self.batches.append([incoming.key for incoming in batch])
        await self.gate.wait()
        await asyncio.sleep(0)
        poisoned = [incoming.key for incoming in batch if "poison" in incoming.key]
        if poisoned:
            raise ValueError(poisoned[0])
        return [Accepted(fresh=True, customer=CustomerId(1), event=EventId(int(one.key))) for one in batch]


async def test_a_lone_thing_is_written_at_once_and_only_then_acknowledged() -> None:
    journal, woken = Journal(), list[int]()
    intake = BatchingIntake(journal, SystemClock(), lambda: woken.append(1))
    journal.gate.clear()
    handed = asyncio.create_task(intake.accept(said(key="1")))
    await asyncio.sleep(0.01)
    assert journal.batches == [["1"]]
    assert not handed.done()
    journal.gate.set()
    assert (await handed).event == 1
    assert woken == [1]


async def test_what_comes_during_a_write_shares_the_next_one() -> None:
    journal = Journal()
    intake = BatchingIntake(journal, SystemClock(), lambda: None)
    journal.gate.clear()
    handed = [asyncio.create_task(intake.accept(said(key=str(number)))) for number in range(50)]
    await asyncio.sleep(0.01)
    handed += [asyncio.create_task(intake.accept(said(key=str(number)))) for number in range(50, 100)]
    await asyncio.sleep(0.01)
    journal.gate.set()
    accepted = await asyncio.gather(*handed)
    assert [each.event for each in accepted] == list(range(100)), "everybody gets their own answer"
    assert len(journal.batches) == 2
    assert [key for batch in journal.batches for key in batch] == [str(number) for number in range(100)]


async def test_a_flood_is_written_in_pieces() -> None:
    journal = Journal()
    intake = BatchingIntake(journal, SystemClock(), lambda: None)
    await asyncio.gather(*(intake.accept(said(key=str(number))) for number in range(LARGEST_BATCH * 2 + 1)))
    assert max(map(len, journal.batches)) == LARGEST_BATCH


async def test_one_that_cant_be_written_takes_no_other_with_it_and_its_edge_is_told() -> None:
    journal, woken = Journal(), list[int]()
    intake = BatchingIntake(journal, SystemClock(), lambda: woken.append(1))
    keys = ["1", "2", "poison a", "3", "poison b", "4"]
    answers = await asyncio.gather(*(intake.accept(said(key=key)) for key in keys), return_exceptions=True)
    assert [each.event for each in answers if isinstance(each, Accepted)] == [1, 2, 3, 4]
    assert [str(each) for each in answers if isinstance(each, ValueError)] == ["poison a", "poison b"]
    assert woken
    assert (await intake.accept(said(key="5"))).event == 5


async def test_an_edge_that_left_meanwhile_spoils_nothing_for_the_others() -> None:
    journal = Journal()
    intake = BatchingIntake(journal, SystemClock(), lambda: None)
    journal.gate.clear()
    gone, stays = (asyncio.create_task(intake.accept(said(key=key))) for key in ("1", "2"))
    await asyncio.sleep(0.01)
    gone.cancel()
    journal.gate.set()
    assert (await stays).event == 2
    assert (await intake.accept(said(key="3"))).event == 3


async def test_a_repeat_is_accepted_and_known_as_one(db: Database) -> None:
    intake = BatchingIntake(db, SystemClock(), lambda: None)
    first, again = [await intake.accept(said(key="telegram:1")) for _ in range(2)]
    assert (first.fresh, again.fresh) == (True, False)
    assert first.customer == again.customer
    together = await asyncio.gather(*(intake.accept(said(key="telegram:2")) for _ in range(5)))
    assert sum(each.fresh for each in together) == 1


async def test_a_closed_database_is_told_to_the_edge(db: Database) -> None:
    intake = BatchingIntake(db, SystemClock(), lambda: None)
    await db.stop()
    with pytest.raises(RuntimeError):
        await intake.accept(said(key="telegram:1"))
