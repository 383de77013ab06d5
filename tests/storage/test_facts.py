"""What is remembered of people: it stays, moves and goes with the person, on both databases alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.correction import Correction
from bot.domain.customer import Memory
from bot.domain.event import AgentTapped, ByCustomer, Event
from bot.domain.fact import Fact, FactState
from bot.domain.ids import CaseId, CustomerId, EventId, StaffId
from bot.domain.interaction import Author
from bot.domain.message import Kind, Message, Side
from bot.domain.story import Decision, House, Outgoing, Story
from storage.database import Database
from storage.session import Session
from storage.statements import Query
from tests.storage.steps import (
    AGENT,
    ANA,
    BEN,
    DAY,
    SECRET,
    T0,
    Rules,
    accept,
    case,
    deciding,
    incoming,
    line,
    meet,
    posting,
    said,
    sent,
    story_of,
    turn_all,
)

VERDICT = {"label": "negative", "score": -0.8, "unhappy": 0.93, "scorer": "model@1", "evidence": []}


def fact(number: int, words: str = "size 41", **more: Any) -> Fact:
    state = more.pop("state", FactState.KEPT)
    return Fact(
        EventId(number), words, T0, more.pop("until", T0 + 365 * DAY), state, StaffId(4), "Zoe", CaseId(1), **more
    )


def with_facts(*facts: Fact, memory: Memory = Memory.YES) -> Rules:
    """Rules that leave exactly these facts, in a customer's case."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        customer = replace(story.customer, memory=memory)
        cases = story.cases or (case(event.id),)
        return Decision(replace(story, customer=customer, cases=cases, facts=facts))

    return rules


async def remember(db: Database, *facts: Fact, memory: Memory = Memory.YES, sender: Any = ANA) -> CustomerId:
    accepted = await accept(db, said("x", sender))
    await turn_all(db, rules=with_facts(*facts, memory=memory))
    return accepted[0].customer


async def count(session: Session) -> int:
    found: int = (await session.rows(Query("SELECT count(*) FROM fact")))[0][0]
    return found


async def copies(session: Session, customer: int) -> int:
    found: int = (await session.rows(Query("SELECT count(*) FROM outbox WHERE customer_id = $1"), customer))[0][0]
    return found


async def exported(db: Database, customer: CustomerId) -> list[tuple[str, str]]:
    export = await db.export(customer)
    assert export is not None
    return [(each["words"], each["state"]) for each in export["facts"]]


async def test_what_is_remembered_stays_as_it_was_written(db: Database) -> None:
    held = fact(902, "likes red", state=FactState.HELD, until=T0 + DAY)
    ana = await remember(db, fact(901), held)
    story = await story_of(db, ana)
    assert story.facts == (fact(901), held)
    assert story.customer.memory is Memory.YES


async def test_a_changed_fact_is_rewritten_and_one_that_is_gone_is_deleted(db: Database) -> None:
    ana = await remember(db, fact(901), fact(902, "likes red"), fact(903, "allergic to wool"))
    renewed = fact(901, until=T0 + 700 * DAY)
    await remember(db, renewed, fact(903, "allergic to wool"))
    assert (await story_of(db, ana)).facts == (renewed, fact(903, "allergic to wool"))
    await remember(db, memory=Memory.NO)
    assert (await story_of(db, ana)).facts == ()
    assert await exported(db, ana) == []


async def test_cards_and_lines_that_showed_a_fact_go_with_it(db: Database) -> None:
    ana = await remember(db, fact(901))
    await accept(db, said("y"), said("z", BEN))
    shown = Outgoing(Side.DESK, "telegram", Message(Kind.NOTICE, "Remembered: size 41"), CaseId(1))
    await turn_all(db, rules=posting(shown))
    parcels = await db.claim("telegram", 10, T0)
    assert [parcel.message.text for parcel in parcels] == ["Remembered: size 41"] * 2
    await db.mark([sent(parcel) for parcel in parcels], T0)
    await remember(db, fact(901), fact(902))
    assert await db._engine.read(copies, ana) == 1
    await remember(db, fact(902))
    assert await db._engine.read(copies, ana) == 0
    assert await db._engine.read(copies, ana + 1) == 1


async def test_nobody_elses_facts_are_touched(db: Database) -> None:
    ana, ben = await remember(db, fact(901)), await remember(db, fact(902, "likes red"), sender=BEN)
    await remember(db)
    assert ((await story_of(db, ana)).facts, (await story_of(db, ben)).facts) == ((), (fact(902, "likes red"),))


async def test_an_export_holds_them_and_what_the_customer_said_to_it(db: Database) -> None:
    ana = await remember(db, fact(901), fact(902, "likes red", state=FactState.HELD))
    assert await exported(db, ana) == [("size 41", "kept"), ("likes red", "held")]
    export = await db.export(ana)
    assert export is not None
    assert export["customer"]["memory"] == "yes"
    first = export["facts"][0]
    assert (first["agent"], first["expires_at"]) == ("Zoe", (T0 + 365 * DAY).isoformat())


async def test_they_go_with_the_person(db: Database) -> None:
    ana = await remember(db, fact(901))
    assert await db.forget(ana, T0, SECRET)
    assert await db.export(ana) is None
    assert await db._engine.read(count) == 0
    again = await remember(db, sender=ANA)
    assert ((await story_of(db, again)).facts, (await story_of(db, again)).customer.memory) == ((), Memory.YES)


async def test_nothing_is_remembered_of_somebody_erased_meanwhile(db: Database) -> None:
    ana = await remember(db)
    await accept(db, incoming(AgentTapped(AGENT, "telegram", "unremember"), ByCustomer(ana)))
    assert await db.forget(ana, T0, SECRET)
    await accept(db, incoming(AgentTapped(AGENT, "telegram", "unremember"), ByCustomer(ana)))
    await turn_all(db, rules=with_facts(fact(901)))

    assert await db._engine.read(count) == 0


async def test_they_move_with_a_merge_and_come_back(db: Database) -> None:
    ana, ben = await meet(db, ANA), await remember(db, fact(901), sender=BEN)
    await db.merge(ana, ben, T0)
    story = await story_of(db, ana)
    assert (story.facts, story.customer.memory) == ((fact(901),), Memory.YES)
    assert await db.unmerge(ana, T0) == ben
    assert ((await story_of(db, ana)).facts, (await story_of(db, ana)).customer.memory) == ((), Memory.UNASKED)
    assert (await story_of(db, ben)).facts == (fact(901),)


async def test_in_a_merge_an_answer_counts_more_than_an_open_question_and_the_kept_ones_own_most(db: Database) -> None:
    ana, ben = await remember(db, memory=Memory.ASKED), await remember(db, memory=Memory.NO, sender=BEN)
    await db.merge(ana, ben, T0)
    assert (await story_of(db, ana)).customer.memory is Memory.NO
    await db.unmerge(ana, T0)
    await remember(db, memory=Memory.YES)
    await db.merge(ana, ben, T0)
    assert (await story_of(db, ana)).customer.memory is Memory.YES


async def test_how_the_help_was_found_is_kept_with_the_case(db: Database) -> None:
    accepted = await accept(db, said("x"))

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(replace(story, cases=(case(event.id, help="fair"),)))

    await turn_all(db, rules=rules)
    assert (await story_of(db, accepted[0].customer)).cases[0].help == "fair"
    export = await db.export(accepted[0].customer)
    assert export is not None
    assert export["cases"][0]["help"] == "fair"
    assert [row.help for row in await db.queue(T0)] == ["fair"]


# ---- corrections that name topics, and the lines that they are about


async def test_topics_of_a_correction_are_kept_none_and_no_topic_told_apart(db: Database) -> None:
    accepted = await accept(db, said("x"))
    lines = tuple(line(text, at=T0, verdict=VERDICT) for text in ("a", "b", "c"))
    await turn_all(db, rules=with_facts())
    await accept(db, said("y"))
    await turn_all(db, rules=deciding(interactions=lines))

    def made(text: str, topics: tuple[str, ...] | None) -> Correction:
        return Correction(T0, T0, text, "", "negative", 0.93, "model@1", StaffId(4), "Zoe", topics, ("size", "price"))

    corrections = (made("a", ("delivery", "quality")), made("b", ()), made("c", None))
    await accept(db, said("z"))
    await turn_all(db, rules=deciding(corrections=corrections))
    assert await db.corrections() == list(corrections)
    story = await story_of(db, accepted[0].customer)
    assert story.corrections == corrections
    export = await db.export(accepted[0].customer)
    assert export is not None
    assert [each["verdict"].get("corrected_topics") for each in export["interactions"]] == [
        ["delivery", "quality"], [], None,
    ]  # fmt: skip
    assert all("corrected" not in each["verdict"] for each in export["interactions"])


async def test_a_tap_about_words_of_long_ago_finds_them(db: Database) -> None:
    ana = await remember(db)
    old = line("late", at=T0 - timedelta(days=3, microseconds=7), verdict=VERDICT)
    await accept(db, said("y"))
    await turn_all(db, rules=deciding(interactions=(old, *(line(f"{n}", author=Author.BOT) for n in range(15)))))
    micros = round(old.at.timestamp() * 1_000_000)
    tapped = AgentTapped(AGENT, "telegram", "mood", value=f"neutral:{micros}")
    await accept(db, incoming(tapped, ByCustomer(ana)))
    seen: list[Story] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append(story)
        return Decision(story)

    await turn_all(db, rules=rules)
    assert [story.reread for story in seen] == [(old,)]


async def test_what_was_read_is_counted_over_everybody(db: Database) -> None:
    topics = {**VERDICT, "topics": [{"topic": "size", "score": -1.0}]}
    await accept(db, said("x"), said("y", BEN))
    lines = (line("a", verdict=VERDICT), line("b", verdict=topics), line("★☆☆☆☆", kind="rating", verdict=VERDICT))
    await turn_all(db, rules=deciding(interactions=(*lines, line("no verdict"))))
    found = await db.readings()
    assert (found.n, dict(found.labels), dict(found.topics)) == (4, {"negative": 4}, {"size": 2})
