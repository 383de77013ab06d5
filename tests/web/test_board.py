"""The queue for everybody at once, and who looks where, without a browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.console.board import Board, Delta, Sheet, delta
from handlers.console.onlookers import FORGOTTEN_S, GONE, HERE, WRITES, WRITING_S, Look, Onlookers, read_look
from handlers.pages import changes

ROWS = st.dictionaries(st.sampled_from("1234567"), st.fixed_dictionaries({"words": st.integers(0, 2)}))


class Inbox:
    """An open inbox whose browser does as it is told."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows = dict(sheet.rows)
        self.told = 0

    async def board_changed(self, news: Delta, sheet: Sheet) -> None:
        if sheet is self.sheet:
            return
        self.told += 1
        self.rows = {key: row for key, row in {**self.rows, **news.changed}.items() if key not in news.gone}
        self.sheet = sheet


class Rows:
    """A queue that is read."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.readings = 0

    async def read(self) -> dict[str, dict[str, Any]]:
        self.readings += 1
        return {key: dict(row) for key, row in self.rows.items()}


@given(st.lists(ROWS, max_size=6))
def test_differences_lead_from_each_sheet_to_the_next(states: list[dict[str, Any]]) -> None:
    browser: dict[str, Any] = {}
    last = Sheet({}, [])
    for state in states:
        sheet = Sheet(state, list(state))
        news = delta(last, sheet)
        browser = {key: row for key, row in {**browser, **news.changed}.items() if key not in news.gone}
        assert browser == state
        assert news.is_nothing == (last.rows == state and last.order == list(state))
        last = sheet
    assert changes(browser, browser) == ({}, [])


async def test_twenty_inboxes_cost_one_reading_and_nobody_is_told_nothing() -> None:
    queue = Rows()
    board = Board(queue.read)
    sheet = await board.fresh()
    inboxes = [Inbox(sheet) for _ in range(20)]
    for one in inboxes:
        board.join(one)
    await reached(lambda: queue.readings >= 2)
    before = queue.readings
    queue.rows["7"] = {"words": "new"}
    board.wake()
    await reached(lambda: all(one.rows == queue.rows for one in inboxes))
    assert queue.readings == before + 1
    assert {one.told for one in inboxes} == {1}
    board.wake()
    await reached(lambda: queue.readings == before + 2)
    assert {one.told for one in inboxes} == {1}
    await board.stop()


async def test_a_board_that_nobody_looks_at_reads_nothing() -> None:
    queue = Rows()
    board = Board(queue.read)
    one = Inbox(await board.fresh())
    board.join(one)
    await reached(lambda: queue.readings >= 2)
    board.leave(one)
    board.wake()
    await reached(lambda: board._task is None)
    before = queue.readings
    board.wake()
    await asyncio.sleep(0.2)
    assert queue.readings == before
    again = Inbox(await board.fresh())
    board.join(again)
    queue.rows["1"] = {"words": "back"}
    board.wake()
    await reached(lambda: again.rows == queue.rows)
    await board.stop()


async def reached(done: Any) -> None:
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.01)


def test_a_page_that_says_nothing_any_more_is_forgotten() -> None:
    clock = [100.0]
    seen = Onlookers(lambda: clock[0])
    seen.hear(Look(7, 1, "a", HERE))
    seen.hear(Look(7, 2, "b", WRITES))
    seen.hear(Look(8, 3, "c", HERE))
    assert seen.others(7, me=1) == [(2, True)]
    clock[0] += WRITING_S
    assert seen.others(7, me=1) == [(2, False)]
    clock[0] += FORGOTTEN_S
    assert seen.others(7, me=1) == []
    assert seen.others(7, me=9) == []


def test_two_pages_of_one_person_are_one_and_the_last_to_leave_counts() -> None:
    seen = Onlookers(lambda: 0.0)
    seen.hear(Look(7, 2, "a", HERE))
    seen.hear(Look(7, 2, "b", WRITES))
    assert seen.others(7, me=1) == [(2, True)]
    seen.hear(Look(7, 2, "b", GONE))
    assert seen.others(7, me=1) == [(2, False)]
    seen.hear(Look(7, 2, "a", GONE))
    assert seen.others(7, me=1) == []


@pytest.mark.parametrize("topic", ["turn", "page:7", "look:7", "look:x:1:a:here", "look:7:1:a:here:more", ""])
def test_what_is_no_look_is_none(topic: str) -> None:
    assert read_look(topic) is None


def test_a_look_travels_as_a_topic() -> None:
    look = Look(7, 1, "f00", WRITES)
    assert read_look(look.topic) == look
