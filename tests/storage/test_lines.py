"""Lines are read once, are always right, and are let go."""

from __future__ import annotations

import pytest

from bot.domain.interaction import Interaction
from bot.domain.story import Timer
from storage.database import Database
from storage.lines import LinesMemory
from storage.memory import forget_rows
from storage.session import Session
from storage.stories import identity
from tests.storage.steps import ANA, BEN, SECRET, T0, accept, deciding, line, meet, said, story_of, turn_all


async def latest(db: Database, memory: LinesMemory, *customers: int) -> dict[int, list[str]]:
    async def look(session: Session) -> dict[int, tuple[Interaction, ...]]:
        return await memory.latest(session, list(customers))

    return {who: [one.text for one in lines] for who, lines in (await db._engine.read(look)).items()}


async def speak(db: Database, *words: str) -> None:
    await accept(db, said(sender=ANA))
    await turn_all(db, rules=deciding(interactions=tuple(line(word) for word in words)))


async def test_the_last_twelve_lines_are_shown_however_little_is_remembered(db: Database) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    memories = [LinesMemory(most) for most in (0, 1, 5, 100)]
    for number in range(20):
        await speak(db, f"{number}a", f"{number}b")
        said_so_far = [f"{n}{half}" for n in range(number + 1) for half in "ab"]
        for memory in memories:
            assert await latest(db, memory, ana, ben) == {ana: said_so_far[-12:], ben: []}
            assert len(memory) <= memory.most + 2 * 12


async def test_what_was_remembered_is_what_was_written(db: Database) -> None:
    ana = await meet(db, ANA)
    await speak(db, "a", "b")
    known = (await story_of(db, ana)).interactions
    db._lines.forget()
    assert (await story_of(db, ana)).interactions == known
    assert [one.text for one in known] == ["a", "b"]


async def test_nothing_is_remembered_of_a_turn_that_broke(db: Database) -> None:
    """Its numbers are given again."""
    ana = await meet(db, ANA)
    await accept(db, said(sender=ANA))
    unknown = Timer("k", T0, object())  # type: ignore[arg-type] # found out only when the lines are written already
    with pytest.raises(KeyError):
        await turn_all(db, rules=deciding(interactions=(line("lost"),), timers=(unknown,)))
    await turn_all(db, rules=deciding(interactions=(line("kept"),)))
    assert [one.text for one in (await story_of(db, ana)).interactions] == ["kept"]


async def test_an_erased_persons_lines_are_forgotten(db: Database) -> None:
    ana = await meet(db, ANA)
    await speak(db, "a", "b")
    assert len(db._lines) == 2
    await db.forget(ana, T0, SECRET)
    assert len(db._lines) == 0
    await speak(db, "c")
    await accept(db, said(sender=ANA))
    await turn_all(db, rules=deciding(interactions=(line("d"),), erase=True))
    assert len(db._lines) == 0


def test_rows_that_come_again_are_decoded_once_and_forgotten_when_somebody_is_erased() -> None:
    row = (1, "telegram", "501", "Ana", "", "", 0, "link")
    first = identity(row)
    assert identity(tuple(row)) is first
    assert identity((*row[:5], "blocked", *row[6:])).unreachable == "blocked"
    forget_rows()
    assert identity(row) is not first


async def test_erasing_somebody_lets_go_of_every_decoded_row(db: Database) -> None:
    row = (1, "telegram", "501", "Ana", "", "", 0, "link")
    first = identity(row)
    db._heard("turn")
    assert identity(row) is first
    db._heard("erased")
    assert identity(row) is not first
