"""Into the journal: once, into the right lane, in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.event import (
    AgentSaid,
    ByCase,
    ByCustomer,
    BySender,
    ByShopCustomer,
    ByThread,
    ByToken,
    Event,
    Said,
    Sender,
    ShopCustomer,
)
from bot.domain.ids import HOUSE, CaseId, CustomerId
from bot.domain.message import Side
from bot.domain.story import Decision, House, Story
from bot.ports import Delivery, Mark, Outcome, Thread
from bot.program import Program
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import (
    AGENT,
    ANA,
    BEN,
    DAY,
    MINUTE,
    T0,
    HandClock,
    accept,
    case,
    changing,
    deciding,
    incoming,
    meet,
    opting_out,
    order,
    post,
    purchase,
    said,
    say,
    started,
    story_of,
    take_turn,
    turn_all,
)


async def test_a_repeat_changes_nothing(db: Database) -> None:
    first = (await accept(db, said("hello", key="telegram:1")))[0]
    again = (await accept(db, said("something else", key="telegram:1")))[0]
    assert first.fresh
    assert again == replace(first, fresh=False)
    events = await turn_all(db)
    assert [event.payload for event in events] == [Said(ANA, "hello")]
    assert not (await accept(db, said("hello", key="telegram:1")))[0].fresh
    assert await turn_all(db) == []


async def test_a_key_that_occurs_twice_in_a_batch_is_fresh_once(db: Database) -> None:
    answers = await accept(db, said("a", key="k"), said("b", BEN), said("c", key="k"))
    assert [answer.fresh for answer in answers] == [True, True, False]
    assert answers[0].event == answers[2].event
    assert answers[0].customer == answers[2].customer != answers[1].customer


async def test_answers_come_in_the_order_of_the_batch(db: Database) -> None:
    await accept(db, said(key="old"))
    batch = [said(sender=Sender("web", str(n)), key=f"z{9 - n}") for n in range(8)]
    answers = await accept(db, *batch, said(key="old"))
    assert [answer.fresh for answer in answers] == [True] * 8 + [False]
    assert [answer.event for answer in answers[:8]] == sorted(answer.event for answer in answers[:8])
    for thing, answer in zip(batch, answers, strict=False):
        assert (await db.find_customer(f"web:{thing.payload.sender.external}")) == answer.customer  # type: ignore[union-attr]


async def test_a_stranger_becomes_a_customer_as_the_platform_tells(db: Database) -> None:
    customer = await meet(db, Sender("slack", "U1", "Ana B.", "ana", "fr", "Europe/Paris", "Ana@Example.com"))
    story = await story_of(db, customer)
    person = story.customer
    assert (person.name, person.email, person.locale, person.timezone) == (
        "Ana B.", "Ana@Example.com", "fr", "Europe/Paris",
    )  # fmt: skip
    assert person.created_at == T0
    assert {(i.channel, i.external) for i in story.identities} == {("slack", "U1"), ("email", "ana@example.com")}
    assert await db.find_customer("ana@example.COM") == customer


async def test_a_known_sender_keeps_their_lane_and_fills_blanks(db: Database) -> None:
    customer = await meet(db, Sender("telegram", "501"))
    answer = (await accept(db, said("again", ANA)))[0]
    assert answer.customer == customer
    await turn_all(db)
    story = await story_of(db, customer)
    assert (story.customer.name, story.customer.timezone) == ("Ana", "Europe/Paris")
    assert story.identities[0].handle == "ana_b"
    await accept(db, said("renamed", replace(ANA, name="Anna", timezone="Asia/Tokyo")))
    await turn_all(db)
    story = await story_of(db, customer)
    assert (story.customer.name, story.customer.timezone) == ("Ana", "Europe/Paris")
    assert story.identities[0].name == "Anna"


async def test_an_order_makes_a_customer_with_the_shops_data(db: Database) -> None:
    accepted = (await accept(db, order()))[0]
    story = await story_of(db, accepted.customer)
    assert (story.customer.name, story.customer.phone, story.customer.locale) == ("Ana", "+33 6 12", "fr")
    assert {(i.channel, i.external, i.proof) for i in story.identities} == {
        ("shop", "main/c-17", "shop"),
        ("email", "ana@example.com", "shop"),
    }
    assert (await accept(db, order("1002")))[0].customer == accepted.customer


async def test_the_same_email_under_another_shop_id_is_not_merged(db: Database) -> None:
    first = (await accept(db, order("1")))[0]
    second = (await accept(db, order("2", customer=ShopCustomer("c-99", "Ana", "ana@example.com"))))[0]
    assert first.customer != second.customer
    assert await db.find_customer("ana@example.com") == first.customer
    assert (await story_of(db, second.customer)).customer.email == "ana@example.com"


async def test_each_purchase_has_one_token_for_good(db: Database) -> None:
    first = (await accept(db, order("1001", key="o:1001:paid")))[0]
    assert 20 <= len(first.token) <= 64
    assert set(first.token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    repeat = (await accept(db, order("1001", key="o:1001:paid")))[0]
    later = (await accept(db, order("1001", kind="delivered")))[0]
    other = await accept(db, order("1002"), order("1002", kind="delivered"))
    assert repeat.token == later.token == first.token
    assert other[0].token == other[1].token != first.token


async def test_a_valid_token_leads_to_its_customer(db: Database) -> None:
    bought = (await accept(db, order()))[0]
    opened = (await accept(db, started(bought.token, ANA, ByToken(bought.token, ANA))))[0]
    assert opened.customer == bought.customer
    assert await db.find_customer("telegram:501") is None


@pytest.mark.parametrize("token", ["", "unknown", "spent", "expired"])
async def test_any_other_token_leads_to_the_sender(db: Database, token: str) -> None:
    bought = (await accept(db, order()))[0]
    now, given = T0, token
    if token == "spent":
        given = bought.token
        await accept(db, started(given, BEN, ByToken(given, BEN)))
        await turn_all(db, rules=deciding(spend=given))
    elif token == "expired":
        given, now = bought.token, T0 + Program().link.expires_after
    opened = (await accept(db, started(given, ANA, ByToken(given, ANA)), now=now))[0]
    assert opened.customer != bought.customer
    assert opened.customer == await db.find_customer("telegram:501")


async def test_words_in_a_desk_thread_go_to_its_customer(db: Database) -> None:
    customer = await post(db, say("card", side=Side.DESK))
    parcels = await db.claim("telegram", 9, T0)
    await db.mark([Mark(parcels[0], Delivery(Outcome.SENT, thread=Thread("telegram", "-100", "7")))], T0)
    words = AgentSaid(AGENT, "telegram", "hello")
    known, unknown, elsewhere = await accept(
        db,
        incoming(words, ByThread("telegram", "-100", "7")),
        incoming(words, ByThread("telegram", "-100", "8")),
        incoming(words, ByThread("slack", "-100", "7")),
    )
    assert (known.customer, unknown.customer, elsewhere.customer) == (customer, HOUSE, HOUSE)
    assert [event.customer for event in await turn_all(db)].count(HOUSE) == 2


async def test_a_case_leads_to_its_customer(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    await turn_all(db, rules=changing(cases=lambda event: (case(event.id),)))
    number = (await story_of(db, customer)).cases[0].id
    words = AgentSaid(AGENT, "console", "hello", case=number)
    known, unknown = await accept(db, incoming(words, ByCase(number)), incoming(words, ByCase(CaseId(99999))))
    assert (known.customer, unknown.customer) == (customer, HOUSE)


async def test_a_customer_can_be_named_by_number(db: Database) -> None:
    customer = await meet(db)
    known, unknown, house = await accept(
        db,
        incoming(Said(ANA, "x"), ByCustomer(customer)),
        incoming(Said(ANA, "x"), ByCustomer(CustomerId(12345))),
        incoming(Said(ANA, "x"), ByCustomer(HOUSE)),
    )
    assert (known.customer, unknown.customer, house.customer) == (customer, HOUSE, HOUSE)


async def test_who_was_merged_leads_to_who_absorbed_them(db: Database) -> None:
    first = (await accept(db, said("hi", ANA, key="first")))[0].customer
    await turn_all(db)
    second, third = await meet(db, BEN), await meet(db, Sender("web", "w"))
    await db.merge(second, first, T0)
    await db.merge(third, second, T0)
    answers = await accept(
        db, said("hi", ANA), said("hi", BEN), incoming(Said(ANA, "x"), ByCustomer(first)), said("repeat", key="first")
    )
    assert [answer.customer for answer in answers] == [third] * 4
    assert [answer.fresh for answer in answers] == [True, True, True, False]
    assert await db.find_customer(str(first)) == third


async def test_a_report_about_a_known_order_goes_to_whoever_bought_it(db: Database) -> None:
    bought = (await accept(db, order("1001")))[0]
    await turn_all(db, rules=changing(purchases=lambda event: (purchase(event.id, "1001"),)))
    stranger = ShopCustomer("registered-later", "Ana")
    refunded = (await accept(db, order("1001", kind="refunded", customer=stranger)))[0]
    assert (refunded.customer, refunded.token) == (bought.customer, bought.token)
    assert await db.find_customer("shop:main/registered-later") is None


async def test_two_first_reports_of_one_order_end_with_one_purchase(db: Database) -> None:
    """The shop names two customers for one order, and both reports are in the journal before any turn."""
    first = (await accept(db, order("1001")))[0]
    guest = order("1001", kind="delivered", customer=ShopCustomer("guest"))
    second = (await accept(db, guest, now=T0 + MINUTE))[0]
    assert first.customer != second.customer
    seen = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append((event.id, event.customer))
        if story.purchases:
            return Decision(story)
        return Decision(replace(story, purchases=(purchase(event.id, "1001"),)))

    await take_turn(db, rules=rules)
    await turn_all(db, T0 + MINUTE, rules)
    assert seen == [(first.event, first.customer), (second.event, first.customer)]


async def test_who_opted_out_is_left_alone_under_a_new_number_too(db: Database) -> None:
    await accept(db, order("1"))

    await turn_all(db, rules=opting_out(T0))
    elsewhere = ShopCustomer("other", "Ana", "ANA@example.com ")
    by_phone = ShopCustomer("third", "Ana", "", "+33612")
    fine = ShopCustomer("fourth", "Eve", "eve@example.com")
    answers = await accept(db, *(order(c.id, shop="second", customer=c) for c in (elsewhere, by_phone, fine)))
    left = [(await story_of(db, answer.customer)).customer.opted_out_at for answer in answers]
    assert left == [T0, T0, None]


async def test_who_came_back_is_not_left_alone_any_more(db: Database) -> None:
    await accept(db, order("1"))
    await turn_all(db, rules=opting_out(T0))
    await accept(db, order("2"))
    await turn_all(db, rules=opting_out(None))
    new = (await accept(db, order("9", customer=ShopCustomer("new", "Ana", "ana@example.com"))))[0]
    assert (await story_of(db, new.customer)).customer.opted_out_at is None


async def test_events_of_a_lane_come_in_order(db: Database) -> None:
    await accept(db, said("2"), said("3"), now=T0 + MINUTE)
    await accept(db, said("4"), now=T0 + 2 * MINUTE)
    await accept(db, said("1"), now=T0)
    await accept(db, said("late", due_at=T0 + 9 * MINUTE), now=T0)
    events = await turn_all(db, T0 + 3 * MINUTE)
    assert [event.payload.words for event in events] == ["1", "2", "3", "4"]  # type: ignore[union-attr]
    assert [e.payload.words for e in await turn_all(db, T0 + 9 * MINUTE)] == ["late"]  # type: ignore[union-attr]


async def test_what_is_due_later_waits(db: Database) -> None:
    assert await db.next_due() is None
    await accept(db, said("album", due_at=T0 + MINUTE))
    assert await db.next_due() == T0 + MINUTE
    assert await take_turn(db, T0 + MINUTE - timedelta(microseconds=1)) == ()
    assert len(await take_turn(db, T0 + MINUTE)) == 1
    assert await db.next_due() is None


async def test_text_that_databases_refuse_is_cleaned(db: Database) -> None:
    name = ShopCustomer("c\x001", "A\x00na \ud83d", "a\x00@example.com")
    accepted = await accept(
        db,
        said("zero \x00 half \ud83d pair 😀", replace(ANA, name="A\x00"), key="k\x00"),
        order("1\x00", customer=name),
    )
    again = await accept(db, said("x", key="k\x00"), order("1\x00", customer=name))
    assert [answer.customer for answer in again] == [answer.customer for answer in accepted]
    events = await turn_all(db)
    assert events[0].payload.words == "zero  half \ufffd pair 😀"  # type: ignore[union-attr]
    assert (await story_of(db, accepted[1].customer)).customer.name == "Ana \ufffd"


async def test_a_batch_is_written_whole_or_not_at_all(db: Database) -> None:
    broken = replace(said(), payload=Said(ANA, object()))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        await accept(db, said("first", key="first"), broken)
    assert (await accept(db, said("first", key="first")))[0].fresh
    assert len(await turn_all(db)) == 1


async def test_processes_that_meet_the_same_people_at_once_agree(opened: Opener, clock: HandClock) -> None:
    databases = [await opened() for _ in range(4)]
    senders = [Sender("telegram", str(n)) for n in range(12)]
    customer = ShopCustomer("c-1", "Ana", "ana@example.com")

    async def hear(database: Database, place: int) -> tuple[dict[str, CustomerId], str]:
        turned = [*senders[place:], *senders[:place]]
        things = [said(f"{place}", sender, key=f"{place}:{sender.external}") for sender in turned]
        found = await database.accept([*things, order("77", customer=customer, key="order:77")], T0)
        return {sender.external: a.customer for sender, a in zip(turned, found, strict=False)}, found[-1].token

    answers = await asyncio.gather(*(hear(database, place) for place, database in enumerate(databases)))
    assert all(found == answers[0] for found in answers)
    assert len(await databases[0].customers()) == len(senders) + 1
    events = await turn_all(databases[0])
    assert len(events) == 4 * len(senders) + 1


async def test_the_token_of_an_order_ends_with_its_time(db: Database) -> None:
    bought = (await accept(db, order()))[0]
    just = T0 + Program().link.expires_after - timedelta(seconds=1)
    in_time = (await accept(db, started(bought.token, ANA, ByToken(bought.token, ANA)), now=just))[0]
    assert in_time.customer == bought.customer
    assert (await accept(db, said(sender=BEN), now=T0 + DAY))[0].customer != bought.customer


async def test_lanes_of_a_mixed_batch_are_told_apart(db: Database) -> None:
    answers = await accept(
        db, said(sender=ANA), order(), incoming(Said(BEN, "x"), BySender(BEN)), incoming(
            Said(ANA, "x"), ByShopCustomer("main", ShopCustomer("c-17"))
        ),
    )  # fmt: skip
    numbers = [answer.customer for answer in answers]
    assert numbers[1] == numbers[3]
    assert len(set(numbers)) == 3
