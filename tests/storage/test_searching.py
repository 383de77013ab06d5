"""Search, the whole story of one customer, and the queue's row, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.case import CaseState
from bot.domain.event import Event, Sender, ShopCustomer
from bot.domain.ids import CaseId, CustomerId
from bot.domain.interaction import Author, Consent, Feedback, Note
from bot.domain.staff import Role, StaffChange
from bot.domain.story import Decision, House, Story
from storage.database import Database
from storage.searching import snippet
from tests.storage.conftest import Opener
from tests.storage.steps import (
    ANA,
    BEN,
    DAY,
    MINUTE,
    T0,
    Fields,
    accept,
    ask,
    case,
    changing,
    deciding,
    line,
    meet,
    order,
    purchase,
    said,
    turn_all,
)


async def says(db: Database, sender: Sender, *texts: str, **more: Fields) -> CustomerId:
    """These lines are in somebody's log."""
    customer = await meet(db, sender)
    await accept(db, said("x", sender))
    await turn_all(db, rules=deciding(interactions=tuple(line(text) for text in texts), **more))
    return customer


async def test_one_search_finds_people_orders_words_and_notes(db: Database) -> None:
    ana = await says(db, ANA, "the ZIPPER\nis broken", notes=(Note(T0, CaseId(7), "Kim", "zipper of lot 4417"),))
    bought = (await accept(db, order("zip-9", customer=ShopCustomer("c-9", "Zipporah Moe"))))[0].customer
    await turn_all(db, rules=changing(purchases=lambda event: (purchase(event.id, "zip-9"),)))
    found = [(one.kind, one.customer, one.words) for one in await db.search("zip", 9)]
    assert found == [
        ("customer", bought, ""),
        ("order", bought, "main/zip-9"),
        ("said", ana, "the ZIPPER is broken"),
        ("note", ana, "zipper of lot 4417"),
    ]
    assert [one.kind for one in await db.search("zipper is", 9)] == ["said"]
    assert [one.author for one in await db.search("4417", 9)] == ["Kim"]
    assert await db.search("   ", 9) == []


@pytest.mark.parametrize(
    ("said_words", "wanted", "hit"),
    [
        ("Die Schürze ist zu groß", "SCHÜRZE", True),
        ("Die Schürze ist zu groß", "schurze", False),
        ('she said "never again"', '"never again"', True),
        ("100 % cotton", "100 %", True),
        ("1000 cotton", "100 %", False),
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("fine", "customer", False),
        ("fine", "verdict", False),
        ("back\\slash", "k\\s", True),
    ],
)
async def test_words_are_found_as_they_were_said(db: Database, said_words: str, wanted: str, hit: bool) -> None:
    await says(db, BEN, said_words)
    assert [one.kind for one in await db.search(wanted, 9)] == (["said"] if hit else [])


async def test_what_the_bot_said_is_no_hit_and_erased_people_are_never_found(db: Database) -> None:
    ana = await says(db, ANA, "a rare word")
    await accept(db, said("x", BEN))
    await turn_all(db, rules=deciding(interactions=(line("a rare word", author=Author.BOT, kind="answer"),)))
    assert [one.customer for one in await db.search("rare word", 9)] == [ana]
    await db.forget(ana, T0, b"")
    assert await db.search("rare word", 9) == []


async def test_each_kind_of_hit_is_limited_and_newest_comes_first(db: Database) -> None:
    await says(db, ANA, *(f"boots number {n}" for n in range(9)))
    assert [one.words for one in await db.search("boots", 2)] == ["boots number 8", "boots number 7"]


def test_a_hit_is_shown_with_what_stands_around_it() -> None:
    assert snippet("x" * 100 + " broken " + "y" * 100, "BROKEN") == f"…{'x' * 59} broken {'y' * 59}…"
    assert snippet("all is well", "broken") == ""


async def test_the_whole_story_of_one_customer(db: Database) -> None:
    ana = await meet(db, ANA)
    consent = Consent(T0, "ask", granted=False, channel="telegram", words="/stop")
    feedback = Feedback(T0, None, 2, "meh", "negative", -0.4, 0.8, counts_unhappy=True)

    def everything(story: Story, event: Event, house: House) -> Decision:
        lived = changing(
            purchases=(purchase(event.id),), asks=(ask(event.id),), cases=(case(event.id, CaseState.RESOLVED),)
        )
        return replace(lived(story, event, house), consents=(consent,), feedback=(feedback,))

    await accept(db, said("y", ANA))
    await turn_all(db, rules=everything)
    await meet(db, BEN)
    told = await db.history(ana)
    assert len(told.purchases) == len(told.asks) == len(told.cases) == 1
    assert told.purchases[0].id == told.asks[0].id
    assert told.consents == (consent,)
    assert told.feedback == (feedback,)
    assert (await db.history(CustomerId(99))).purchases == ()


async def test_who_shares_an_address_may_be_the_same_person(db: Database) -> None:
    first = (await accept(db, order("1", customer=ShopCustomer("c-1", "Ana", phone="+33 6 12"))))[0].customer
    other = (await accept(db, order("2", customer=ShopCustomer("c-2", "A. Duarte", phone="+33 6 12"))))[0].customer
    alone = (await accept(db, order("3", customer=ShopCustomer("c-3", "Ben"))))[0].customer
    await turn_all(db)
    assert first != other
    assert [(one.customer, one.known) for one in await db.doubles(first)] == [(other, "+33 6 12")]
    assert await db.doubles(alone) == []


async def test_away_is_kept_and_back_ends_it(db: Database) -> None:
    kim = await db.seat("telegram", "900", Role.AGENT, "Kim")
    await db.keep_presence(StaffChange(kim.id, seen_at=T0, away_since=T0, away_until=T0 + DAY))
    assert (await db.staff())[0].away_until == T0 + DAY
    await db.keep_presence(StaffChange(kim.id, seen_at=T0, back=True))
    assert (await db.staff())[0].away_since is None


async def test_a_row_of_the_queue_knows_topics_and_when_the_customer_spoke(db: Database) -> None:
    verdict = {"score": -0.5, "topics": [{"topic": "quality", "score": -0.5}]}
    await accept(db, said("z", ANA))
    spoken = line("broken", at=T0 + MINUTE, verdict=verdict)
    await turn_all(
        db, rules=lambda story, event, house: deciding(interactions=(spoken,))(
            changing(cases=(case(event.id),))(story, event, house).story, event, house
        ),
    )  # fmt: skip
    row = (await db.queue(T0 + timedelta(hours=1)))[0]
    assert (row.topics, row.heard_at) == (("quality",), T0 + MINUTE)


async def test_nothing_spent_is_zero(db: Database) -> None:
    kim = await db.seat("telegram", "900", Role.AGENT, "Kim")
    assert await db.spent(kim.id, T0) == Decimal(0)


async def test_news_of_the_moment_reaches_whoever_listens(db: Database) -> None:
    heard: list[str] = []
    db.on_wake(heard.append)
    await db.announce("look:7")
    # On a server that other tests use too, late news of theirs may come in between.
    assert [topic for topic in heard if topic.startswith("look")] == ["look:7"]


@pytest.mark.postgres
async def test_news_of_the_moment_reaches_other_processes(shared: Opener) -> None:
    here, there = await shared(), await shared()
    heard = asyncio.Event()
    there.on_wake(lambda topic: heard.set() if topic == "look:7:1:page:here" else None)
    async with asyncio.timeout(10):
        while not heard.is_set():  # it may not listen yet
            await here.announce("look:7:1:page:here")
            await asyncio.sleep(0.05)
