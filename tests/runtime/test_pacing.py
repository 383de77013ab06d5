"""Pacing: what a platform counts is never exceeded, whatever stretch of time it looks at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.ports import Pace
from bot.runtime.pacing import LEEWAY, Cell, Pacer, Window


def sent_at(limit: Cell | Window, messages: int, begin: float = 1000.0) -> list[float]:
    """When each message may go if all want to go at once, and every wait is kept."""
    times, now = list[float](), begin
    for _ in range(messages):
        now += limit.wait(now)
        assert limit.wait(now) == pytest.approx(0.0, abs=1e-6)
        limit.take(now)
        times.append(now)
    return times


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(begin <= each < begin + seconds for each in times) for begin in times)


@pytest.mark.parametrize(("most", "seconds"), [(20, 60.0), (30, 1.0), (1, 1.0)])
def test_a_window_never_holds_more_than_it_may_wherever_it_begins(most: int, seconds: float) -> None:
    times = sent_at(Window(most, seconds), most * 4 + 1)
    assert most_within(times, seconds) == most
    assert times[most - 1] == times[0], "as many as allowed go at once"
    assert times[-1] - times[0] == pytest.approx(4 * (seconds + LEEWAY))


def test_a_window_is_free_again_after_a_rest() -> None:
    window = Window(3, 10.0)
    sent_at(window, 3, begin=0.0)
    assert window.wait(5.0) == pytest.approx(5.0 + LEEWAY)
    assert window.wait(20.0) == 0.0


def test_a_cell_lets_a_burst_through_and_then_keeps_the_rate() -> None:
    times = sent_at(Cell(1.0, 3), 6)
    assert [round(each - times[0], 3) for each in times] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]


def test_a_cell_saves_no_more_than_its_burst() -> None:
    cell = Cell(1.0, 3)
    sent_at(cell, 3, begin=0.0)
    later = sent_at(cell, 5, begin=500.0)
    assert [round(each - 500.0, 3) for each in later] == [0.0, 0.0, 0.0, 1.0, 2.0]


async def admitted(pacer: Pacer, chat: str, times: int, *, group: bool = False) -> list[float]:
    clock = asyncio.get_running_loop().time
    found = []
    for _ in range(times):
        await pacer.admit(chat, group=group)
        found.append(clock())
    return found


async def blocked(work: Callable[[], object], pacer: Pacer, chat: str, *, group: bool = False) -> bool:
    work()
    try:
        await asyncio.wait_for(pacer.admit(chat, group=group), 0.05)
    except TimeoutError:
        return True
    return False


async def test_a_chat_keeps_its_own_pace_and_holds_no_other() -> None:
    pacer = Pacer(Pace(per_chat=20, per_chat_burst=2))
    slow = asyncio.create_task(admitted(pacer, "ana", 5))
    begin = asyncio.get_running_loop().time()
    assert (await admitted(pacer, "ben", 2))[-1] - begin < 0.04
    times = await slow
    assert times[1] - times[0] < 0.04
    assert all(later - earlier >= 0.045 for earlier, later in pairwise(times[1:]))


async def test_all_chats_together_keep_the_whole_tokens_number() -> None:
    pacer = Pacer(Pace(overall=10))
    found = await asyncio.gather(*(admitted(pacer, f"chat {number}", 1) for number in range(25)))
    times = sorted(each for (each,) in found)
    assert most_within(times, 1.0) == 10
    assert times[-1] - times[0] < 3.5


async def test_a_group_takes_its_number_a_minute_and_not_one_more() -> None:
    pacer = Pacer(Pace(group_per_minute=20))
    await asyncio.wait_for(admitted(pacer, "desk", 20, group=True), 1)
    assert await blocked(lambda: None, pacer, "desk", group=True)
    assert not await blocked(lambda: None, pacer, "desk"), "what counts as no message of the group goes"
    assert not await blocked(lambda: None, pacer, "other desk", group=True)


async def test_a_held_chat_waits_as_long_as_it_was_told() -> None:
    pacer = Pacer(Pace())
    assert await blocked(lambda: pacer.hold("ana", 0.3), pacer, "ana")
    assert not await blocked(lambda: pacer.hold("ana", 0.01), pacer, "ben")
    begin = asyncio.get_running_loop().time()
    await pacer.admit("ana", group=False)
    assert asyncio.get_running_loop().time() - begin > 0.15, "a shorter wait takes nothing off a longer one"


async def test_a_held_token_holds_every_chat() -> None:
    pacer = Pacer(Pace())
    assert await blocked(lambda: pacer.hold("", 0.2), pacer, "ana")
    assert await blocked(lambda: None, pacer, "ben")
    await asyncio.wait_for(pacer.admit("ana", group=True), 1)


async def test_somebody_who_gives_up_waiting_takes_no_place() -> None:
    pacer = Pacer(Pace(per_chat=5, per_chat_burst=1))
    await pacer.admit("ana", group=False)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pacer.admit("ana", group=False), 0.02)
    begin = asyncio.get_running_loop().time()
    await pacer.admit("ana", group=False)
    assert asyncio.get_running_loop().time() - begin < 0.3


async def test_thousands_of_chats_are_forgotten_once_they_may_write_again() -> None:
    pacer = Pacer(Pace(per_chat=1000))
    for number in range(20_000):
        await pacer.admit(str(number), group=False)
    assert len(pacer._chats) < 10_000
