"""Corrections: kept with the words, replaced by later ones, gone with the person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.correction import Correction
from bot.domain.event import AgentSaid, ByCustomer, Event, Incoming, Sender
from bot.domain.ids import CustomerId, StaffId
from bot.domain.interaction import Interaction
from bot.domain.story import Decision, House, Story, Timer
from storage.database import Database
from storage.migrating import MIGRATIONS, migrate, schema_state
from storage.session import Session
from storage.statements import Query
from tests.storage.conftest import Opener
from tests.storage.steps import (
    AGENT,
    ANA,
    BEN,
    MINUTE,
    SECRET,
    T0,
    accept,
    deciding,
    incoming,
    line,
    said,
    take_turn,
    turn_all,
)

VERDICT = {"label": "negative", "score": -0.8, "unhappy": 0.93, "scorer": "model@1", "evidence": []}


def correction(
    text: str = "not bad", label: str = "positive", *, at: datetime = T0 + MINUTE, **more: Any
) -> Correction:
    parts: dict[str, Any] = {"said_at": T0, "scored": "negative", "unhappy": 0.93, "scorer": "model@1"}
    return Correction(at=at, text=text, label=label, staff=StaffId(4), author="Zoe", **{**parts, **more})


def words(text: str = "not bad", *, at: datetime = T0) -> Interaction:
    return line(text, at=at, verdict=VERDICT)


async def speak(db: Database, *lines: Interaction, sender: Sender = ANA) -> CustomerId:
    """Lines in the log of a sender's customer."""
    accepted = await accept(db, said("x", sender))
    await turn_all(db, rules=deciding(interactions=lines))
    return accepted[0].customer


def in_thread(customer: CustomerId, text: str = "/mood happy") -> Incoming:
    return incoming(AgentSaid(AGENT, "telegram", text), ByCustomer(customer))


async def correct(db: Database, customer: CustomerId, *corrections: Correction) -> None:
    await accept(db, in_thread(customer))
    await turn_all(db, rules=deciding(corrections=corrections))


async def corrected(db: Database, customer: CustomerId) -> list[str | None]:
    export = await db.export(customer)
    assert export is not None
    return [each["verdict"] and each["verdict"].get("corrected") for each in export["interactions"]]


async def test_a_correction_is_kept_as_it_was_made(db: Database) -> None:
    ana = await speak(db, words())
    assert await db.corrections() == []
    await correct(db, ana, correction())
    assert await db.corrections() == [correction()]


async def test_corrections_are_read_oldest_first(opened: Opener) -> None:
    db, other = await opened(), await opened()
    ana, ben = await speak(db, words("a"), words("b", at=T0 + MINUTE)), await speak(db, words("c"), sender=BEN)
    made = [
        correction("b", at=T0 + 3 * MINUTE, said_at=T0 + MINUTE),
        correction("c", at=T0 + 2 * MINUTE),
        correction("a", at=T0 + 4 * MINUTE),
    ]
    for who, one in zip((ana, ben, ana), made, strict=True):
        await correct(db, who, one)
    assert await other.corrections() == [made[1], made[0], made[2]]


async def test_a_later_correction_of_the_same_words_replaces_the_earlier_one(db: Database) -> None:
    ana = await speak(db, words())
    await correct(db, ana, correction(label="neutral"))
    later = correction(at=T0 + 2 * MINUTE)
    await correct(db, ana, later)
    assert await db.corrections() == [later]
    both = (correction(label="negative", at=T0 + 3 * MINUTE), correction(label="neutral", at=T0 + 4 * MINUTE))
    await correct(db, ana, *both)
    assert await db.corrections() == [both[1]]


async def test_words_and_their_correction_may_come_in_one_turn(db: Database) -> None:
    ana = await speak(db)
    await accept(db, said("not bad"), in_thread(ana))

    def rules(story: Story, event: Event, house: House) -> Decision:
        if isinstance(event.payload, AgentSaid):
            assert story.interactions == (words(),)
            return Decision(story, corrections=(correction(),))
        return Decision(replace(story, interactions=(words(),)), interactions=(words(),))

    assert len(await take_turn(db, rules=rules)) == 2
    assert await db.corrections() == [correction()]


async def test_of_equal_words_at_the_same_moment_the_latest_are_corrected(db: Database) -> None:
    ana = await speak(db, words(), words(), line("not bad", kind="edit"))
    ben = await speak(db, words(), sender=BEN)
    await correct(db, ana, correction())
    assert await corrected(db, ana) == [None, "positive", None]
    assert await corrected(db, ben) == [None]


async def test_the_words_are_found_however_long_ago_they_were_said(db: Database) -> None:
    ana = await speak(db, line("older", verdict=VERDICT), words(), line("5", kind="rating", verdict=VERDICT))
    await speak(db, *(line(f'agent {n} "verdict":{{', at=T0 + MINUTE) for n in range(12)))
    ben = await speak(db, line("no verdict"), sender=BEN)
    seen: dict[str, Interaction | None] = {}

    def rules(story: Story, event: Event, house: House) -> Decision:
        text = event.payload.words if isinstance(event.payload, AgentSaid) else ""
        seen[f"{event.customer} {text}"] = story.last_words
        return Decision(story)

    await accept(db, in_thread(ana, "/mood happy"), in_thread(ben, "/mood happy"))
    await turn_all(db, rules=rules)
    await accept(db, in_thread(ana, "/who"))
    await turn_all(db, rules=rules)
    assert seen == {f"{ana} /mood happy": words(), f"{ben} /mood happy": None, f"{ana} /who": None}


async def test_an_export_shows_the_correction_inside_the_verdict(db: Database) -> None:
    ana = await speak(db, words(), line("hm", verdict=None))
    await correct(db, ana, correction())
    export = await db.export(ana)
    assert export is not None
    assert [each["verdict"] for each in export["interactions"]] == [{**VERDICT, "corrected": "positive"}, None]
    assert list(export) == [
        "customer", "identities", "consents", "purchases", "asks", "feedback", "interactions", "cases", "gestures",
        "facts",
        "outreach",
        "why",
    ]  # fmt: skip


async def test_a_correction_goes_with_the_person(db: Database) -> None:
    ana, ben = await speak(db, words("a")), await speak(db, words("b"), sender=BEN)
    await correct(db, ana, correction("a"))
    await correct(db, ben, correction("b"))
    await db.forget(ana, T0, SECRET)
    assert await db.corrections() == [correction("b")]
    await accept(db, said("forget me", BEN))
    await turn_all(db, rules=deciding(erase=True))
    assert await db.corrections() == []


async def test_nothing_is_kept_about_somebody_erased_meanwhile(db: Database) -> None:
    ana = await speak(db, words())
    await db.forget(ana, T0, SECRET)
    await correct(db, ana, correction())
    assert await db.corrections() == []


async def test_a_correction_moves_with_a_merge_and_comes_back(db: Database) -> None:
    ana, ben = await speak(db, words("a")), await speak(db, words("b"), sender=BEN)
    await correct(db, ben, correction("b"))
    await db.merge(ana, ben, T0)
    assert await corrected(db, ana) == [None, "positive"]
    await correct(db, ana, correction("b", "neutral"))
    assert [each.label for each in await db.corrections()] == ["neutral"]
    await db.unmerge(ana, T0)
    assert await corrected(db, ben) == ["neutral"]
    await db.forget(ben, T0, SECRET)
    assert await db.corrections() == []


async def test_a_merge_made_before_there_were_corrections_can_be_taken_back(db: Database) -> None:
    ana, ben = await speak(db, words("a")), await speak(db, words("b"), sender=BEN)
    await db.merge(ana, ben, T0)

    async def age(session: Session) -> None:
        await session.run(Query("""UPDATE merge SET moved = replace(moved, '"correction":[],', '')"""))

    await db._engine.write(age)
    assert await db.unmerge(ana, T0) == ben
    assert await corrected(db, ben) == [None]


async def test_a_turn_that_breaks_keeps_no_correction(db: Database) -> None:
    ana = await speak(db, words())
    await accept(db, in_thread(ana))
    unknown = Timer("k", T0, object())  # type: ignore[arg-type] # found out only when the correction is written already
    with pytest.raises(KeyError):
        await turn_all(db, rules=deciding(corrections=(correction(),), timers=(unknown,)))
    assert await db.corrections() == []


async def test_a_database_of_the_first_schema_keeps_what_it_has(url: str, opened: Opener) -> None:
    db = await opened()
    ana = await speak(db, words())
    await db.stop()

    def run(connection: sa.Connection) -> Iterable[str]:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        return sa.inspect(connection).get_table_names()

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        assert "correction" not in await connection.run_sync(run)
    assert (await schema_state(url)).current == "0001"
    await asyncio.gather(migrate(url), migrate(url)) if url.startswith("postgresql") else await migrate(url)
    again = await opened()
    assert await corrected(again, ana) == [None]
    await correct(again, ana, correction())
    assert await again.corrections() == [correction()]
