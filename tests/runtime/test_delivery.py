"""Delivery: order inside a conversation, none between them, and nothing lost whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.domain.event import Sender
from bot.domain.message import Kind, Side
from bot.errors import FileUnavailable
from bot.ports import Delivery, Mark, Outcome, Pace, Parcel, Thread
from bot.runtime.clock import SystemClock
from bot.runtime.delivery import DeliveryLoop, RetryStrategy
from storage.database import Database
from tests.journeys.shop import until
from tests.runtime.world import QUICK, Wire, delivering, sunshine, waiting, write

BEN = Sender("telegram", "502", "Ben")
WORDS = ["one", "two", "three", "four"]


async def delivered(db: Database, timeout: float = 5.0) -> None:
    async def all_done() -> bool:
        return await waiting(db) == (0, 0)

    await until(all_done, "an empty outbox", timeout)


async def test_one_conversation_arrives_in_the_order_it_was_decided(db: Database) -> None:
    wire = Wire()
    ana = await write(db, WORDS)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == WORDS


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.WAIT, Outcome.THREAD_GONE])
async def test_what_stands_behind_a_failing_head_waits_with_it(db: Database, outcome: Outcome) -> None:
    fails = {"two": 2}

    async def weather(parcel: Parcel) -> Delivery:
        if fails.get(parcel.message.text, 0):
            fails[parcel.message.text] -= 1
            return Delivery(outcome, retry_after=0.05)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == WORDS
    assert [text for _, text in wire.tried] == ["one", "two", "two", "two", "three", "four"]


async def test_an_unanswered_send_is_repeated_in_place_and_known_to_be_uncertain(db: Database) -> None:
    lost = ["two"]

    async def weather(parcel: Parcel) -> Delivery:
        if parcel.message.text in lost:
            lost.remove(parcel.message.text)
            return Delivery(Outcome.UNCERTAIN)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == ["one", "two", "two", "three", "four"]
    assert wire.uncertain == [False, False, True, False, False]


async def test_a_conversation_that_waits_holds_nobody_else_up(db: Database) -> None:
    async def weather(parcel: Parcel) -> Delivery:
        if parcel.customer == ana:
            return Delivery(Outcome.WAIT, retry_after=60)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    ben = await write(db, WORDS, BEN)
    async with delivering(db, wire):

        async def bens() -> bool:
            return wire.words(ben) == WORDS

        await until(bens, "Ben's words", 2)
        assert wire.words(ana) == []
    assert await waiting(db) == (len(WORDS), 0)


async def test_a_slow_conversation_holds_nobody_else_up(db: Database) -> None:
    gate = asyncio.Event()

    async def weather(parcel: Parcel) -> Delivery:
        if parcel.customer == ana:
            await gate.wait()
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    ben = await write(db, WORDS, BEN)
    async with delivering(db, wire):

        async def bens() -> bool:
            return wire.words(ben) == WORDS

        await until(bens, "Ben's words", 2)
        gate.set()
        await delivered(db)
    assert wire.words(ana) == WORDS


async def test_a_wait_for_the_whole_token_holds_everybody(db: Database) -> None:
    began: list[float] = []

    async def weather(parcel: Parcel) -> Delivery:
        began.append(asyncio.get_running_loop().time())
        if len(began) == 1:
            return Delivery(Outcome.WAIT, retry_after=0.4, everywhere=True)
        return await sunshine(parcel)

    wire = Wire(weather)
    async with delivering(db, wire) as loop:
        await write(db, ["one"])
        loop.wake()

        async def tried() -> bool:
            return bool(began)

        await until(tried, "the first attempt")
        await write(db, ["two"], BEN)
        loop.wake()
        await delivered(db)
    assert began[1] - began[0] >= 0.39
    assert len(began) == 3


async def test_sides_of_one_customer_dont_wait_for_each_other(db: Database) -> None:
    async def weather(parcel: Parcel) -> Delivery:
        if parcel.side is Side.DESK:
            return Delivery(Outcome.WAIT, retry_after=60)
        return await sunshine(parcel)

    wire = Wire(weather)
    await write(db, ["to the desk"], side=Side.DESK)
    ana = await write(db, ["to Ana"])
    async with delivering(db, wire):

        async def arrived() -> bool:
            return wire.words(ana) == ["to Ana"]

        await until(arrived, "Ana's words", 2)


async def test_after_too_many_attempts_it_is_a_dead_letter_and_the_next_one_goes(db: Database) -> None:
    async def weather(parcel: Parcel) -> Delivery:
        return Delivery(Outcome.RETRY, why="bad weather") if parcel.message.text == "one" else await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, ["one", "two"])
    async with delivering(db, wire) as loop:
        await delivered(db)
        assert [text for _, text in wire.tried] == ["one"] * QUICK.attempts + ["two"]
        (letter,) = await db.dead_letters()
        assert (letter.customer, letter.why, letter.text) == (ana, "bad weather", "one")
        wire.weather = sunshine
        assert await db.retry_dead_letter(letter.id) == 1
        loop.wake()
        await delivered(db)
    assert wire.words(ana) == ["two", "one"]
    assert await db.dead_letters() == []


async def test_a_refused_message_is_a_dead_letter_at_once(db: Database) -> None:
    async def weather(parcel: Parcel) -> Delivery:
        if parcel.message.text == "two":
            return Delivery(Outcome.REJECTED, why="can't be taken")
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == ["one", "three", "four"]
    assert [letter.text for letter in await db.dead_letters()] == ["two"]


async def test_an_edge_that_raises_is_tried_again(db: Database) -> None:
    broken = [FileUnavailable("gone"), RuntimeError("a bug")]

    async def weather(parcel: Parcel) -> Delivery:
        if broken:
            raise broken.pop()
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, ["one", "two"])
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == ["one", "two"]


class Stubborn(Database):
    """Refuses to write results for a while."""

    refusals = 0

    async def mark(self, marks: Sequence[Mark], now: datetime) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("the database is away")
        await super().mark(marks, now)


async def test_a_word_that_comes_while_the_one_before_is_on_the_wire_follows_at_once(db: Database) -> None:
    on_the_wire = asyncio.Event()

    async def weather(parcel: Parcel) -> Delivery:
        if not on_the_wire.is_set():
            on_the_wire.set()
            await asyncio.sleep(0.2)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, ["one"])
    async with delivering(db, wire):
        await on_the_wire.wait()
        began = asyncio.get_running_loop().time()
        await write(db, ["two"])
        await delivered(db)
        assert asyncio.get_running_loop().time() - began < 0.5
    assert wire.words(ana) == ["one", "two"]


async def test_results_are_written_as_soon_as_the_database_takes_them_again(db: Database) -> None:
    db.__class__ = Stubborn
    assert isinstance(db, Stubborn)
    db.refusals = 3
    wire = Wire()
    ana = await write(db, WORDS)
    ben = await write(db, WORDS, BEN)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == WORDS
    assert wire.words(ben) == WORDS
    assert len(wire.tried) == 8


async def test_stopping_lets_a_send_finish_and_gives_the_rest_back(db: Database) -> None:
    started = asyncio.Event()

    async def weather(parcel: Parcel) -> Delivery:
        started.set()
        await asyncio.sleep(0.3)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    async with delivering(db, wire):
        await started.wait()
    assert wire.words(ana) == ["one"]
    assert await waiting(db) == (3, 0)
    wire.weather = sunshine
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == WORDS
    assert wire.uncertain == [False] * 4


async def test_what_waits_for_its_pace_is_given_back_at_once_on_stopping(db: Database) -> None:
    wire = Wire(pace=Pace(per_chat=0.01, per_chat_burst=1))
    ana = await write(db, WORDS)
    async with delivering(db, wire):

        async def first() -> bool:
            return wire.words(ana) == ["one"]

        await until(first, "the first word")
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 1
    assert await waiting(db) == (3, 0)
    wire.pace = Pace()
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == WORDS
    assert wire.uncertain == [False] * 4, "what never went out is not uncertain"


async def test_a_send_that_never_ends_is_left_uncertain_and_goes_again(db: Database) -> None:
    async def weather(parcel: Parcel) -> Delivery:
        await asyncio.sleep(3600)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, ["one", "two"])
    async with delivering(db, wire) as loop:
        loop.patience = 0.1

        async def tried() -> bool:
            return bool(wire.tried)

        await until(tried, "the first attempt")
    assert await waiting(db) == (1, 1)
    wire.weather = sunshine
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == ["one", "two"]
    assert wire.uncertain == [False, True, False]


async def test_an_owner_that_lost_its_lock_starts_again_with_empty_hands(db: Database) -> None:
    """The same loop runs again: what it had in hand is in the outbox, and nowhere else."""
    stuck = asyncio.Event()

    async def weather(parcel: Parcel) -> Delivery:
        if not stuck.is_set():
            stuck.set()
            await asyncio.sleep(3600)
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS)
    async with delivering(db, wire) as loop:
        loop.patience = 0.1
        await stuck.wait()
    await run_again(loop, db)
    assert wire.words(ana) == WORDS


async def run_again(loop: DeliveryLoop, db: Database) -> None:
    task = asyncio.create_task(loop.run())
    await delivered(db)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_hundreds_of_conversations_pass_through_few_hands_in_order(db: Database) -> None:
    wire = Wire()
    people = [await write(db, WORDS, Sender("telegram", str(1000 + number), "P")) for number in range(40)]
    async with delivering(db, wire) as loop:
        loop.most_in_hand, loop.claim_at_once = 8, 3
        await delivered(db, 20)
    assert {tuple(wire.words(person)) for person in people} == {tuple(WORDS)}


@pytest.mark.parametrize(("attempt", "pause"), [(1, 0.5), (2, 1.0), (5, 8.0), (11, 300.0), (12, None), (13, None)])
def test_pauses_double_up_to_a_limit_and_end(attempt: int, pause: float | None) -> None:
    assert RetryStrategy().pause(attempt) == pause


def test_retries_together_outlast_an_outage_of_ten_minutes() -> None:
    pauses = [RetryStrategy().pause(attempt) or 0.0 for attempt in range(1, 12)]
    assert 600 < sum(pauses) < 3600


async def test_a_sign_of_life_that_comes_late_is_not_shown(db: Database) -> None:
    class Later(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=7)

    wire = Wire()
    await write(db, [""], kind=Kind.TYPING)
    async with delivering(db, wire, clock=Later()):
        await delivered(db)
    assert wire.tried == []
    await write(db, [""], kind=Kind.TYPING)
    async with delivering(db, wire):
        await delivered(db)
    assert len(wire.tried) == 1


# ---------------------------------------------------------------- desks


async def test_a_desk_that_is_lost_holds_no_customer_up_and_makes_no_dead_letter(db: Database) -> None:
    shut = [True]

    async def weather(parcel: Parcel) -> Delivery:
        if parcel.side is Side.DESK and shut[0]:
            return Delivery(Outcome.DESK_LOST, why="kicked out")
        return await sunshine(parcel)

    wire = Wire(weather)
    crowd = [await write(db, WORDS, Sender("telegram", str(1000 + n), "P"), side=Side.DESK) for n in range(20)]
    ana = await write(db, WORDS)
    async with delivering(db, wire) as loop:

        async def anas() -> bool:
            return wire.words(ana) == WORDS

        await until(anas, "Ana's words", 3)
        assert loop.outage.why == "kicked out"
        tries = sum(who in crowd for who, _ in wire.tried)
        await asyncio.sleep(0.3)
        assert sum(who in crowd for who, _ in wire.tried) == tries <= 64, "it is left alone for a while"
        assert await db.dead_letters() == []
        shut[0] = False
        loop.try_desk()
        await delivered(db, 10)
        assert loop.outage.why == ""
    for person in crowd:
        assert "".join(wire.words(person)).replace("\n", "") == "".join(WORDS)


async def test_what_waited_for_a_lost_desk_arrives_in_fewer_messages(db: Database) -> None:
    shut = [True]

    async def weather(parcel: Parcel) -> Delivery:
        return Delivery(Outcome.DESK_LOST, why="kicked out") if shut[0] else await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS, side=Side.DESK, kind=Kind.RELAY)
    async with delivering(db, wire) as loop:

        async def lost() -> bool:
            return bool(loop.outage.why)

        await until(lost, "a lost desk")
        shut[0] = False
        loop.try_desk()
        await delivered(db)
    assert wire.words(ana) == ["\n".join(WORDS)]


async def test_one_line_that_the_platform_refuses_costs_none_of_those_it_waited_with(db: Database) -> None:
    lost = [True]

    async def weather(parcel: Parcel) -> Delivery:
        if lost:
            lost.clear()
            return Delivery(Outcome.DESK_LOST, why="kicked out")
        if "two" in parcel.message.text:
            return Delivery(Outcome.REJECTED, why="can't be taken")
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, WORDS, side=Side.DESK, kind=Kind.RELAY)
    async with delivering(db, wire) as loop:

        async def tried() -> bool:
            return bool(loop.outage.why)

        await until(tried, "a lost desk")
        loop.try_desk()
        await delivered(db)
    assert wire.words(ana) == ["one", "three", "four"]
    assert [letter.text for letter in await db.dead_letters()] == ["two"]


async def test_a_desk_whose_trouble_passes_is_never_given_up(db: Database) -> None:
    fails = [QUICK.attempts + 3]

    async def weather(parcel: Parcel) -> Delivery:
        if fails[0]:
            fails[0] -= 1
            return Delivery(Outcome.RETRY, why="bad weather")
        return await sunshine(parcel)

    wire = Wire(weather)
    ana = await write(db, ["one"], side=Side.DESK)
    async with delivering(db, wire):
        await delivered(db)
    assert wire.words(ana) == ["one"]
    assert await db.dead_letters() == []


async def test_what_stands_behind_a_new_thread_goes_into_it(db: Database) -> None:
    threads: list[Thread | None] = []

    async def weather(parcel: Parcel) -> Delivery:
        threads.append(parcel.thread)
        made = None if parcel.thread else Thread("telegram", "-1", "5")
        return Delivery(Outcome.SENT, thread=made)

    wire = Wire(weather)
    await write(db, WORDS, side=Side.DESK)
    async with delivering(db, wire):
        await delivered(db)
    assert threads == [None, *[Thread("telegram", "-1", "5")] * 3]
