"""People found, merged, taken apart again, erased; staff, logins, tokens and files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ask import AskState
from bot.domain.case import CaseState
from bot.domain.customer import Conversation, Holder, Identity
from bot.domain.event import AgentSaid, AskDue, ByThread, ByToken, Event, Said, Sender, ShopCustomer
from bot.domain.ids import CaseId, CustomerId, PurchaseId, StaffId
from bot.domain.interaction import Consent, Feedback, Note
from bot.domain.message import Attachment, Kind, Media, Side
from bot.domain.staff import Role
from bot.domain.story import Decision, House, Story, Timer
from bot.errors import CustomerUnknown, Refused
from bot.ports import Blob, Thread
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import (
    ANA,
    BEN,
    DAY,
    MINUTE,
    SECRET,
    T0,
    accept,
    ask,
    case,
    changing,
    deciding,
    incoming,
    line,
    meet,
    opting_out,
    order,
    post,
    purchase,
    said,
    say,
    sent,
    started,
    story_of,
    take_turn,
    texts,
    turn_all,
)


async def raw(db: Database, text: str) -> list[tuple[Any, ...]]:
    """Rows as they lie in the tables."""
    from storage.session import Session  # noqa: PLC0415
    from storage.statements import Query  # noqa: PLC0415

    async def look(session: Session) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await session.rows(Query(text))]

    return await db._engine.read(look)


# ---------------------------------------------------------------- finding


async def test_a_customer_is_found_by_whatever_is_known(db: Database) -> None:
    bought = (await accept(db, order()))[0].customer
    chatting = await meet(db, BEN)
    for name in (str(bought), "shop:main/c-17", "ana@example.com", " ANA@example.com "):
        assert await db.find_customer(name) == bought, name
    assert await db.find_customer("telegram:502") == chatting
    for name in ("", "0", "99", "-1", "9" * 30, "shop:main/nobody", "telegram:", "nobody@example.com", "²"):
        assert await db.find_customer(name) is None, name


async def test_customers_are_searched_by_name_email_and_order(db: Database) -> None:
    bought = (await accept(db, order("AB_1001")))[0].customer
    await turn_all(db, rules=changing(purchases=lambda event: (purchase(event.id, "AB_1001"),)))
    ben = await meet(db, replace(BEN, name="Ben 100%"))
    found = await db.search_customers("a", 9)
    assert [number for number, _, _ in found] == [bought]
    assert found[0][1:] == ("Ana", "Ana@Example.com")
    assert await db.search_customers("100%", 9) == [(ben, "Ben 100%", "telegram:502")]
    assert [n for n, _, _ in await db.search_customers("b_1", 9)] == [bought]
    assert await db.search_customers("bx1", 9) == []
    assert [n for n, _, _ in await db.search_customers("", 9)] == [ben, bought]
    assert len(await db.search_customers("", 1)) == 1


# ---------------------------------------------------------------- merging


def busy(name: str, *, state: CaseState = CaseState.CLAIMED) -> Any:
    """Rules that give a customer one of everything."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        number = event.id
        changed = replace(
            story,
            purchases=(purchase(number, f"{name}-1"),),
            asks=(ask(number, AskState.SENT, sent_at=T0),),
            cases=(case(number, state, 4),),
            conversation=Conversation(Holder.AGENT, StaffId(4), "telegram", "missing", introduced=True),
        )
        return Decision(
            changed,
            (say(f"to {name}"), say(f"card {name}", side=Side.DESK)),
            (Timer(f"timer:{name}", T0 + DAY, AskDue(PurchaseId(number), 0)),),
            (line(f"{name} said"),),
            (Note(T0, CaseId(number), "Zoe", f"about {name}"),),
            (Feedback(T0, PurchaseId(number), 2, "awful zipper", "negative", -0.5, 0.9, counts_unhappy=True),),
            (Consent(T0, "service", granted=True, channel="telegram", words="yes"),),
        )

    return rules


async def snapshot(db: Database, customer: CustomerId) -> tuple[Story, dict[str, Any] | None, list[str]]:
    lines = await db.conversation(customer, 99, inside=True)
    return await story_of(db, customer), await db.export(customer), [one.text for one in lines]


async def test_merging_moves_everything_and_unmerging_brings_it_back(db: Database) -> None:
    ana, ben = (await accept(db, said(sender=ANA)))[0].customer, (await accept(db, said(sender=BEN)))[0].customer
    await take_turn(db, rules=lambda s, e, h: busy("ana" if e.customer == ana else "ben")(s, e, h))
    await post(db, say("later"), sender=BEN, now=T0)
    before = [await snapshot(db, who) for who in (ana, ben)]

    await db.merge(ana, ben, T0 + MINUTE)
    assert await db.customers() == [ana]
    assert await db.find_customer("telegram:502") == ana
    story, export, lines = await snapshot(db, ana)
    assert {p.order_id for p in story.purchases} == {"ana-1", "ben-1"}
    assert len(story.asks) == len(story.cases) == 2
    assert sum(one.is_open for one in story.cases) == 1
    assert {i.external for i in story.identities} == {"501", "502"}
    assert sorted(lines) == ["about ana", "about ben", "ana said", "ben said"]
    assert export is not None
    assert (len(export["feedback"]), len(export["consents"])) == (2, 2)
    assert (await db.queue(T0))[0].customer == ana
    assert len(await db.queue(T0)) == 1

    assert await db.unmerge(ana, T0 + 2 * MINUTE) == ben
    assert [await snapshot(db, who) for who in (ana, ben)] == before
    assert await db.find_customer(str(ben)) == ben
    events = await turn_all(db, T0 + 2 * DAY)
    assert {event.key: event.customer for event in events} == {"timer:ana": ana, "timer:ben": ben}
    parcels = await db.claim("telegram", 9, T0)
    assert {p.message.text: p.customer for p in parcels} == {
        "to ana": ana, "card ana": ana, "to ben": ben, "card ben": ben, "later": ben,
    }  # fmt: skip


async def test_what_was_due_for_the_merged_is_due_for_the_other(db: Database) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    await accept(db, said("waiting", BEN))
    await db.merge(ana, ben, T0)
    assert [(e.customer, e.payload) for e in await turn_all(db)] == [(ana, Said(BEN, "waiting"))]
    assert await db.next_due() is None


async def test_what_came_after_the_merge_stays_after_taking_it_back(db: Database) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    await db.merge(ana, ben, T0)
    await accept(db, said("since", BEN))
    await turn_all(db, rules=deciding(interactions=(line("since"),)))
    assert await db.unmerge(ben, T0) == ben
    assert [i.text for i in (await story_of(db, ana)).interactions] == ["since"]
    assert (await story_of(db, ben)).interactions == ()
    assert (await accept(db, said("now", BEN)))[0].customer == ben


async def test_a_merge_fills_blanks_and_respects_who_left(db: Database) -> None:
    ana = await meet(db, Sender("web", "w"))
    bought = (await accept(db, order()))[0].customer
    await turn_all(db, rules=opting_out(T0))
    await db.merge(ana, bought, T0)
    person = (await story_of(db, ana)).customer
    assert (person.name, person.email, person.opted_out_at) == ("Ana", "Ana@Example.com", T0)
    await db.unmerge(ana, T0)
    person = (await story_of(db, ana)).customer
    assert (person.name, person.email, person.opted_out_at) == ("", "", None)


async def test_the_conversation_follows_the_open_case(db: Database) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    await accept(db, said(sender=BEN))
    await turn_all(db, rules=busy("ben"))
    await db.merge(ana, ben, T0)
    assert (await story_of(db, ana)).conversation.holder is Holder.AGENT
    assert (await story_of(db, ana)).conversation.staff == 4
    await db.unmerge(ana, T0)
    assert (await story_of(db, ana)).conversation.holder is Holder.BOT
    assert (await story_of(db, ben)).conversation.holder is Holder.AGENT


@pytest.mark.parametrize(("busy_one", "thread"), [(ANA, "1"), (BEN, "2")])
async def test_of_two_desk_threads_that_of_the_open_case_is_used_and_both_are_heard(
    db: Database, busy_one: Sender, thread: str
) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    for sender, number in ((ANA, "1"), (BEN, "2")):
        await post(db, say("card", side=Side.DESK), sender=sender)
        parcel = (await db.claim("telegram", 9, T0))[0]
        await db.mark([sent(parcel, thread=Thread("telegram", "-100", number))], T0)
    await accept(db, said(sender=busy_one))
    await turn_all(db, rules=changing(cases=lambda event: (case(event.id),)))
    await db.merge(ana, ben, T0)
    await post(db, say("words", side=Side.DESK), sender=ANA)
    parcel = (await db.claim("telegram", 9, T0))[0]
    assert parcel.thread == Thread("telegram", "-100", thread)
    words = AgentSaid(ANA, "telegram", "x")
    heard = await accept(db, *(incoming(words, ByThread("telegram", "-100", n)) for n in ("1", "2")))
    assert [answer.customer for answer in heard] == [ana, ana]


async def test_merges_that_make_no_sense_are_refused(db: Database) -> None:
    ana, ben, eve = await meet(db, ANA), await meet(db, BEN), await meet(db, Sender("web", "e"))
    with pytest.raises(Refused):
        await db.merge(ana, ana, T0)
    with pytest.raises(CustomerUnknown):
        await db.merge(ana, CustomerId(999), T0)
    await db.merge(ana, ben, T0)
    with pytest.raises(CustomerUnknown):
        await db.merge(eve, ben, T0)
    with pytest.raises(CustomerUnknown):
        await db.unmerge(eve, T0)
    await db.forget(ana, T0, SECRET)
    with pytest.raises(CustomerUnknown):
        await db.unmerge(ana, T0)


async def test_a_link_that_merged_can_be_taken_back_with_its_chat(db: Database) -> None:
    stranger = await meet(db, ANA)
    bought = (await accept(db, order()))[0]
    await turn_all(db)
    await accept(db, started(bought.token, ANA, ByToken(bought.token, ANA)))
    identity = Identity("telegram", "501", "Ana", linked_at=T0, proof="link")
    await turn_all(db, rules=deciding(adopt=(identity,), absorb=(stranger,), spend=bought.token))
    assert await db.find_customer("telegram:501") == bought.customer
    assert await db.unmerge(bought.customer, T0) == stranger
    assert await db.find_customer("telegram:501") == stranger


# ---------------------------------------------------------------- erasing

PERSONAL = ("Ana", "ana@example", "Ana@Example", "+33", "zipper", "c-17", ":501", "ana_b", "Boots")


async def erased_person(db: Database) -> tuple[CustomerId, str]:
    """Somebody with one of everything, erased. And the number of the file that they sent."""
    blob = await db.put_blob(Blob("a.jpg", "image/jpeg", b"\x00\xff"))
    bought = (await accept(db, order("77")))[0]
    await turn_all(db, rules=busy("ana"))
    photo = Attachment(Media.PHOTO, "web", blob, "ana.jpg")
    await accept(db, said("broken zipper", ANA), started(bought.token, ANA, ByToken(bought.token, ANA)))
    stranger = await db.find_customer("telegram:501")
    assert stranger is not None
    await turn_all(db, rules=deciding(interactions=(line("broken zipper", attachments=(photo,)),)))
    await db.merge(bought.customer, stranger, T0)
    await accept(db, said("not handled yet: broken zipper", ANA))
    await accept(db, said("dead: broken zipper", ANA))
    batch = await db.due(9, T0, "test")
    async with db.turn(replace(batch, events=batch.events[1:]), T0) as turn:
        turn.failed(turn.events[0], "broken zipper")
    await db.link_token(bought.customer, T0, T0 + DAY)
    assert await db.forget(bought.customer, T0 + MINUTE, SECRET)
    return bought.customer, blob


async def test_nothing_that_names_a_person_stays(db: Database) -> None:
    customer, blob = await erased_person(db)
    assert await db.export(customer) is None
    assert await db.story(customer, T0) is None
    assert await db.customers() == []
    for name in (str(customer), "telegram:501", "shop:main/c-17", "ana@example.com"):
        assert await db.find_customer(name) is None
    assert await db.search_customers("", 9) == []
    assert await db.get_blob(blob) is None
    tables = [row[0] for row in await raw(db, ALL_TABLES[db.dialect])]
    assert {"event", "customer", "outbox", "case"} <= set(tables)
    assert all(len(row[0]) == 64 for row in await raw(db, "SELECT hash FROM suppression"))
    for table in set(tables) - {"suppression"}:
        rows = await raw(db, f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
        words = [str(value) for row in rows for value in row if isinstance(value, str)]
        found = [(personal, word) for word in words for personal in PERSONAL if personal in word]
        assert found == [], table


ALL_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}


async def test_what_only_counts_stays_right_after_an_erasure(db: Database) -> None:
    await accept(db, said(sender=ANA), said(sender=BEN))
    await take_turn(db, rules=lambda s, e, h: busy(str(e.customer), state=CaseState.OPEN)(s, e, h))
    before = await db.tallies(T0 - DAY, T0 + DAY)
    ana = await db.find_customer("telegram:501")
    assert ana is not None
    assert await db.forget(ana, T0 + MINUTE, SECRET)
    after = await db.tallies(T0 - DAY, T0 + DAY)
    assert after == replace(before, cases_open_now=1, cases_resolved=1)
    assert (before.unhappy, before.scored, before.cases_opened) == (2, 2, 2)
    assert len(await db.queue(T0)) == 1
    counts = await db.counts()
    assert (counts["cases_open"], counts["events_planned"]) == (1, 1)
    assert {p.message.text for p in await db.claim("telegram", 9, T0)} == {"to 2", "card 2"}
    assert not await db.forget(ana, T0, SECRET)
    assert not await db.forget(CustomerId(999), T0, SECRET)


async def test_an_erased_person_is_left_alone_for_good(db: Database) -> None:
    await erased_person(db)
    people = (
        ShopCustomer("c-17", "Ana"),
        ShopCustomer("new", "Ana", "ANA@example.com"),
        ShopCustomer("newer", "Ana", "", "+33 612"),
    )
    answers = await accept(db, *(order(f"x{n}", customer=c) for n, c in enumerate(people)), said("it's me", ANA))
    for answer in answers:
        assert (await story_of(db, answer.customer)).customer.opted_out_at == T0
    assert len({answer.customer for answer in answers}) == 4


async def test_a_repeat_of_an_erased_persons_words_brings_nobody_back(db: Database) -> None:
    first = (await accept(db, said("hello", key="telegram:1")))[0]
    await turn_all(db)
    await db.forget(first.customer, T0, SECRET)
    again = (await accept(db, said("hello", key="telegram:1")))[0]
    assert (again.fresh, again.event, again.customer) == (False, first.event, first.customer)
    assert await db.customers() == []


async def test_a_later_report_about_an_erased_persons_order_names_nobody(db: Database) -> None:
    customer, _ = await erased_person(db)
    report = (await accept(db, order("ana-1", kind="refunded")))[0]
    assert report.customer == customer

    def rules(story: Story, event: Event, house: House) -> Decision:
        refunded = tuple(replace(p, refunded_at=T0) for p in story.purchases)
        named = replace(story, customer=replace(story.customer, name="Ana", email="a@b.c"), purchases=refunded)
        return Decision(named, interactions=(line("refunded for Ana"),), notes=(Note(T0, CaseId(1), "Zoe", "Ana"),))

    await turn_all(db, T0 + DAY, rules)
    assert await raw(db, "SELECT name, email FROM customer") == [("", ""), ("", "")]
    assert await raw(db, "SELECT count(*) FROM purchase WHERE refunded_at IS NULL") == [(0,)]
    assert await raw(db, "SELECT id FROM interaction") == await raw(db, "SELECT id FROM note") == []
    assert await db.find_customer("a@b.c") is None


async def test_the_rules_can_erase(db: Database) -> None:
    customer = await post(db, say("sent before"))
    await accept(db, said("forget me"), said("and this"))

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(story, (say("bye"),), interactions=(line("x"),), erase=True)

    await turn_all(db, rules=rules)
    assert await db.export(customer) is None
    assert await db.next_due() is None
    assert await db.claim("telegram", 9, T0) == []
    again = (await accept(db, said("hello again")))[0]
    assert again.customer != customer
    assert (await story_of(db, again.customer)).customer.opted_out_at == T0


async def test_the_desks_last_notice_still_goes_out_after_an_erasure(db: Database) -> None:
    customer = await post(db, say("card", side=Side.DESK, kind=Kind.CARD))
    card = (await db.claim("telegram", 9, T0))[0]
    thread = Thread("telegram", "-100", "7")
    await db.mark([sent(card, thread=thread)], T0)
    await post(db, say("left", side=Side.DESK, kind=Kind.NOTICE), say("words", side=Side.DESK, kind=Kind.RELAY))
    assert await db.forget(customer, T0, SECRET)
    parcels = await db.claim("telegram", 9, T0)
    assert texts(parcels) == ["left"]
    assert (parcels[0].thread, parcels[0].customer_name) == (thread, "")


async def test_who_returns_after_an_erasure_and_wants_to_may_be_asked_again(db: Database) -> None:
    await erased_person(db)
    await accept(db, said("back", ANA))
    await turn_all(db, rules=opting_out(None))
    other = (await accept(db, order("z", customer=ShopCustomer("c-17"))))[0]
    assert (await story_of(db, other.customer)).customer.opted_out_at == T0  # nobody knows that it's the same person
    await db.merge(other.customer, (await accept(db, said("x", ANA)))[0].customer, T0)
    await accept(db, said("resume", ANA))
    await turn_all(db, rules=opting_out(None))
    third = (await accept(db, order("y", shop="other", customer=ShopCustomer("q", "", "q@example.com"))))[0]
    assert (await story_of(db, third.customer)).customer.opted_out_at is None
    assert await raw(db, "SELECT count(*) FROM suppression") != [(0,)]


# ---------------------------------------------------------------- staff


async def test_people_of_the_shop_hold_roles_by_source(db: Database) -> None:
    zoe = await db.seat("telegram", "900", Role.AGENT, "Zoe")
    assert (zoe.channel, zoe.external, zoe.name, zoe.roles) == ("telegram", "900", "Zoe", frozenset({Role.AGENT}))
    both = await db.seat("telegram", "900", Role.MANAGER, source="settings")
    assert (both.id, both.name, both.roles) == (zoe.id, "Zoe", frozenset({Role.AGENT, Role.MANAGER}))
    assert await db.seat("telegram", "900", Role.MANAGER, "Zoé") == replace(both, name="Zoé")
    assert await db.unseat("telegram", "900", Role.MANAGER, "settings")
    assert [one.roles for one in await db.staff()] == [{Role.AGENT, Role.MANAGER}]
    assert await db.unseat("telegram", "900", Role.MANAGER)
    assert [one.roles for one in await db.staff()] == [{Role.AGENT}]
    assert await db.unseat("telegram", "900")
    assert await db.staff() == []
    assert not await db.unseat("telegram", "900")
    assert not await db.unseat("telegram", "nobody")
    assert (await db.seat("telegram", "900", Role.AGENT)).id == zoe.id


async def test_the_settings_decide_over_their_own_seats_alone(db: Database) -> None:
    await db.seat("telegram", "1", Role.AGENT, source="command")
    await db.keep_seats({("telegram", "1", Role.MANAGER), ("slack", "U2", Role.AGENT)}, "settings")
    await db.keep_seats({("slack", "U3", Role.AGENT)}, "settings")
    assert {(one.external, one.roles) for one in await db.staff()} == {
        ("1", frozenset({Role.AGENT})),
        ("U3", frozenset({Role.AGENT})),
    }


# ---------------------------------------------------------------- tokens, logins, files


async def test_a_link_token_leads_to_its_customer(db: Database) -> None:
    customer = (await accept(db, order()))[0].customer
    one, two = [await db.link_token(customer, T0, T0 + DAY) for _ in range(2)]
    assert one != two
    opened = await accept(db, started(one, ANA, ByToken(one, ANA)))
    late = await accept(db, started(two, BEN, ByToken(two, BEN)), now=T0 + DAY)
    assert opened[0].customer == customer != late[0].customer


async def test_a_login_works_once_and_in_time(db: Database) -> None:
    token = await db.issue_login("telegram:900", T0 + MINUTE)
    other = await db.issue_login("slack:U1", T0 + MINUTE)
    assert await raw(db, f"SELECT count(*) FROM login WHERE hash = '{token}'") == [(0,)]  # noqa: S608
    assert await db.redeem_login("nonsense\x00", T0) is None
    assert await db.redeem_login(token, T0) == "telegram:900"
    assert await db.redeem_login(token, T0) is None
    assert await db.redeem_login(other, T0 + MINUTE + timedelta(seconds=1)) is None
    assert await db.redeem_login(other, T0) is None


async def test_files_are_kept_whole(db: Database) -> None:
    blob = Blob("ä\x00.bin", "application/x", bytes(range(256)) * 1000)
    number = await db.put_blob(blob)
    assert number.isdigit()
    assert await db.get_blob(number) == replace(blob, name="ä.bin")
    for unknown in ("", "1", "x", "-1", "9" * 30):
        assert await db.get_blob(unknown) is None


async def test_two_processes_see_each_others_staff(opened: Opener) -> None:
    one, other = await opened(), await opened()
    await one.seat("telegram", "900", Role.AGENT)
    assert [s.external for s in await other.staff()] == ["900"]


async def test_an_export_is_json(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    await turn_all(db, rules=busy("ana"))
    export = await db.export(customer)
    assert json.loads(json.dumps(export)) == export
