"""The way out: in order per conversation, told apart by what became of it, nothing lost with a dead owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.customer import Identity
from bot.domain.event import (
    AgentSaid,
    ByShopCustomer,
    ByThread,
    DeliveryReported,
    Event,
    IdentityFound,
    Sender,
    ShopCustomer,
)
from bot.domain.ids import CaseId, PurchaseId
from bot.domain.message import Attachment, Button, Kind, Media, Message, Ref, Side
from bot.domain.story import Decision, House, Outgoing, Story
from bot.ports import Delivery, Mark, Outcome, Parcel, Thread
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import (
    ANA,
    BEN,
    MINUTE,
    T0,
    accept,
    deciding,
    incoming,
    meet,
    order,
    post,
    posting,
    said,
    say,
    sent,
    texts,
    turn_all,
)

SECOND = timedelta(seconds=1)


async def one_parcel(db: Database, outgoing: Outgoing | None = None) -> Parcel:
    wanted = outgoing or say()
    await post(db, wanted)
    return (await db.claim(wanted.channel, 9, T0))[0]


async def reports(db: Database) -> list[DeliveryReported]:
    return [e.payload for e in await turn_all(db, T0 + MINUTE) if isinstance(e.payload, DeliveryReported)]


async def test_a_parcel_carries_all_that_was_said(db: Database) -> None:
    photo = Attachment(Media.PHOTO, "telegram", "f", "a.jpg", "image/jpeg", 3, "n")
    ref = Ref("telegram", "-100", "9")
    message = Message(
        Kind.RELAY,
        "words",
        ((Button("1", "rate:1", "danger"),),),
        (photo,),
        "Zoe",
        reply_to=ref,
        sources=(ref,),
        tap="t",
        arguments={"a": "b"},
    )
    outgoing = Outgoing(Side.CUSTOMER, "telegram", message, CaseId(3), PurchaseId(4), receipt=True, agent_ref=ref)
    customer = await post(db, outgoing)
    parcel = (await db.claim("telegram", 9, T0))[0]
    assert (parcel.message, parcel.case, parcel.ask, parcel.agent_ref) == (message, 3, 4, ref)
    assert (parcel.customer, parcel.side, parcel.channel, parcel.receipt) == (customer, Side.CUSTOMER, "telegram", True)
    assert (parcel.customer_name, parcel.attempts, parcel.created_at, parcel.uncertain) == ("Ana", 0, T0, False)
    assert parcel.identity is not None
    assert (parcel.identity.external, parcel.identity.name) == ("501", "Ana")


async def test_what_is_claimed_is_claimed_once(db: Database) -> None:
    await post(db, say("a"), say("b"))
    assert texts(await db.claim("telegram", 9, T0)) == ["a", "b"]
    assert await db.claim("telegram", 9, T0) == []
    assert await db.claim("slack", 9, T0) == []


async def test_a_limit_cuts_the_line_at_its_end(db: Database) -> None:
    await post(db, say("a1"), say("a2"), say("a3"))
    await post(db, say("b1"), sender=BEN)
    first = await db.claim("telegram", 2, T0)
    assert texts(first) == ["a1", "a2"]
    assert texts(await db.claim("telegram", 2, T0)) == ["b1"]  # a3 waits for those on the wire
    await db.mark([sent(parcel) for parcel in first], T0)
    assert texts(await db.claim("telegram", 2, T0)) == ["a3"]


async def test_a_head_that_waits_holds_back_its_own_conversation_only(db: Database) -> None:
    await post(db, say("a1"), say("a2"), say("desk", side=Side.DESK), say("slack", channel="slack"))
    await post(db, say("b1"), sender=BEN)
    head = (await db.claim("telegram", 1, T0))[0]
    await db.mark([Mark(head, Delivery(Outcome.WAIT), T0 + MINUTE)], T0)
    assert texts(await db.claim("telegram", 9, T0)) == ["desk", "b1"]
    assert texts(await db.claim("slack", 9, T0)) == ["slack"]
    assert await db.next_send("telegram") == T0 + MINUTE
    assert texts(await db.claim("telegram", 9, T0 + MINUTE)) == ["a1", "a2"]


async def test_the_next_send_is_that_of_a_head(db: Database) -> None:
    assert await db.next_send("telegram") is None
    await post(db, say("a1"), say("a2"))
    assert await db.next_send("telegram") == T0
    parcels = await db.claim("telegram", 1, T0)
    assert await db.next_send("telegram") is None  # a2 can't go before a1 is back
    await db.mark([sent(parcels[0])], T0)
    assert await db.next_send("telegram") == T0


async def test_people_of_the_shop_do_not_wait_for_each_other(db: Database) -> None:
    await post(
        db,
        say("to zoe", side=Side.STAFF, to="900"),
        say("to max", side=Side.STAFF, to="901"),
        say("2", side=Side.STAFF, to="900"),
    )
    first = (await db.claim("telegram", 1, T0))[0]
    await db.mark([Mark(first, Delivery(Outcome.WAIT), T0 + MINUTE)], T0)
    assert first.identity == Identity("telegram", "900")
    assert texts(await db.claim("telegram", 9, T0)) == ["to max"]


async def test_a_tap_is_answered_without_an_address(db: Database) -> None:
    tap = Outgoing(Side.STAFF, "telegram", Message(Kind.TAP_ANSWER, "ok", tap="q1"))
    parcel = await one_parcel(db, tap)
    assert parcel.identity is None
    assert parcel.message.tap == "q1"


async def test_a_customer_without_an_address_there_has_none(db: Database) -> None:
    parcel = await one_parcel(db, say("x", channel="slack"))
    assert parcel.identity is None


async def test_of_two_addresses_the_latest_that_can_be_reached_is_taken(db: Database) -> None:
    def linking(story: Story, event: Event, house: House) -> Decision:
        adopted = (
            Identity("telegram", "1", linked_at=T0 - MINUTE, proof="old"),
            Identity("telegram", "3", linked_at=T0 + MINUTE, proof="new"),
            Identity("telegram", "4", linked_at=T0 + 2 * MINUTE, unreachable="blocked"),
        )
        return Decision(story, (say(),), adopt=adopted)

    await accept(db, said())
    await turn_all(db, rules=linking)
    parcel = (await db.claim("telegram", 9, T0))[0]
    assert parcel.identity is not None
    assert parcel.identity.external == "3"


# ---------------------------------------------------------------- threads


async def test_words_for_the_desk_find_the_thread_made_meanwhile(db: Database) -> None:
    customer = await post(db, say("card", side=Side.DESK, case=CaseId(5)), say("words", side=Side.DESK, case=CaseId(6)))
    card = (await db.claim("telegram", 1, T0))[0]
    assert card.thread is None
    thread = Thread("telegram", "-100", "7", card="88")
    await db.mark([sent(card, thread=thread)], T0)
    parcels = await db.claim("telegram", 9, T0)
    assert [parcel.thread for parcel in parcels] == [thread]  # one topic per customer, whatever the case
    changed = replace(thread, card="99")
    await db.mark([sent(parcels[0], thread=changed)], T0)
    await post(db, say("more", side=Side.DESK))
    assert [parcel.thread for parcel in await db.claim("telegram", 9, T0)] == [changed]
    assert customer


async def test_a_slack_desk_has_a_thread_per_case(db: Database) -> None:
    await post(db, *(say(str(n), side=Side.DESK, channel="slack", case=CaseId(n)) for n in (5, 6)))
    parcels = await db.claim("slack", 9, T0)
    await db.mark([sent(p, thread=Thread("slack", "C1", f"ts-{p.case}")) for p in parcels], T0)
    await post(db, *(say(str(n), side=Side.DESK, channel="slack", case=CaseId(n)) for n in (6, 5, 7)))
    threads = [parcel.thread for parcel in await db.claim("slack", 9, T0)]
    assert [thread and thread.thread for thread in threads] == ["ts-6", "ts-5", None]


async def test_a_thread_that_is_gone_is_forgotten_and_the_words_go_again(db: Database) -> None:
    await post(db, say("card", side=Side.DESK), say("words", side=Side.DESK))
    parcels = await db.claim("telegram", 1, T0)
    await db.mark([sent(parcels[0], thread=Thread("telegram", "-100", "7"))], T0)
    words = (await db.claim("telegram", 9, T0))[0]
    await db.mark([Mark(words, Delivery(Outcome.THREAD_GONE))], T0)
    again = (await db.claim("telegram", 9, T0))[0]
    assert (again.id, again.thread, again.attempts) == (words.id, None, 1)


async def test_a_group_that_moved_keeps_its_threads(db: Database) -> None:
    await post(db, say("card", side=Side.DESK))
    parcels = await db.claim("telegram", 9, T0)
    await db.mark([sent(parcels[0], thread=Thread("telegram", "-1", "7"))], T0)
    await db.thread_moved("telegram", "-1", "-100")
    await post(db, say("words", side=Side.DESK))
    assert (await db.claim("telegram", 9, T0))[0].thread == Thread("telegram", "-100", "7")


async def test_a_second_thread_of_a_customer_takes_over_and_the_first_still_listens(db: Database) -> None:
    customer = await post(db, say("1", side=Side.DESK), say("2", side=Side.DESK))
    for thread in ("7", "8"):
        parcel = (await db.claim("telegram", 1, T0))[0]
        await db.mark([sent(parcel, thread=Thread("telegram", "-100", thread))], T0)
    await post(db, say("3", side=Side.DESK))
    assert (await db.claim("telegram", 9, T0))[0].thread == Thread("telegram", "-100", "8")
    heard = await accept(db, incoming(AgentSaid(ANA, "telegram", "x"), ByThread("telegram", "-100", "7")))
    assert heard[0].customer == customer


# ---------------------------------------------------------------- what became of it


async def test_sent_is_the_end_of_it(db: Database) -> None:
    parcel = await one_parcel(db)
    await db.mark([sent(parcel)], T0)
    assert await db.claim("telegram", 9, T0 + 99 * MINUTE) == []
    assert await reports(db) == []
    assert await db.dead_letters() == []


@pytest.mark.parametrize("outcome", [Outcome.WAIT, Outcome.RETRY, Outcome.UNCERTAIN])
async def test_what_shall_be_tried_again_waits_until_then(db: Database, outcome: Outcome) -> None:
    parcel = await one_parcel(db)
    await db.mark([Mark(parcel, Delivery(outcome, why="slow", sent=("part1",)), T0 + MINUTE)], T0)
    assert await db.claim("telegram", 9, T0 + MINUTE - SECOND) == []
    again = (await db.claim("telegram", 9, T0 + MINUTE))[0]
    assert again.sent == ("part1",)
    assert again.uncertain is (outcome is Outcome.UNCERTAIN)
    assert again.attempts == (0 if outcome is Outcome.WAIT else 1)
    await db.mark([Mark(again, Delivery(Outcome.RETRY), T0 + MINUTE)], T0)
    third = (await db.claim("telegram", 9, T0 + MINUTE))[0]
    assert third.sent == ("part1",)
    assert third.uncertain is again.uncertain
    assert await reports(db) == []


@pytest.mark.parametrize(
    ("outcome", "dead", "told"),
    [
        (Outcome.SENT, False, "delivered"),
        (Outcome.UNREACHABLE, False, "unreachable"),
        (Outcome.REJECTED, True, "failed"),
        (Outcome.REJECTED, False, "failed"),
    ],
)
async def test_a_receipt_tells_what_became_of_it_once(db: Database, outcome: Outcome, dead: bool, told: str) -> None:
    ref = Ref("telegram", "-100", "5")
    parcel = await one_parcel(db, say(receipt=True, ask=PurchaseId(7), case=CaseId(8), agent_ref=ref, kind=Kind.RELAY))
    mark = Mark(parcel, Delivery(outcome, why="because"), dead=dead)
    await db.mark([mark], T0)
    await db.mark([mark], T0)
    expected = DeliveryReported(
        parcel.id, "relay", "customer", "telegram", told, "because", PurchaseId(7), CaseId(8), ref, uncertain=False
    )
    assert await reports(db) == [expected]


@pytest.mark.parametrize("side", [Side.CUSTOMER, Side.DESK])
async def test_a_failure_towards_a_customer_is_told_without_a_receipt_too(db: Database, side: Side) -> None:
    parcel = await one_parcel(db, say(side=side))
    await db.mark([Mark(parcel, Delivery(Outcome.UNREACHABLE, why="blocked"))], T0)
    assert len(await reports(db)) == (side is Side.CUSTOMER)


async def test_a_dead_letter_can_be_sent_again_or_dropped(db: Database) -> None:
    await post(db, say("a"), say("b", side=Side.DESK))
    parcels = await db.claim("telegram", 9, T0)
    await db.mark([Mark(p, Delivery(Outcome.REJECTED, why="bad"), dead=True) for p in parcels], T0)
    await turn_all(db, T0 + MINUTE)
    letters = await db.dead_letters()
    assert sorted((letter.text, letter.why) for letter in letters) == [("a", "bad"), ("b", "bad")]
    assert await db.retry_dead_letter(f"outbox:{parcels[0].id}") == 1
    again = await db.claim("telegram", 9, T0)
    assert [(p.id, p.attempts) for p in again] == [(parcels[0].id, 0)]
    assert await db.drop_dead_letter(None) == 1
    assert await db.dead_letters() == []
    assert await db.retry_dead_letter(None) == 0
    assert await db.retry_dead_letter("nonsense") == 0


async def test_what_follows_from_a_lookup_is_heard_with_the_mark(db: Database) -> None:
    await accept(db, order())
    await turn_all(db, rules=posting(Outgoing(Side.CUSTOMER, "slack", Message(Kind.LOOKUP, email="ana@example.com"))))
    parcel = (await db.claim("slack", 9, T0))[0]
    found = IdentityFound("slack", "U1", "ana@example.com")
    follow = incoming(found, ByShopCustomer("main", ShopCustomer("c-17")), f"lookup:{parcel.id}")
    for _ in range(2):
        await db.mark([sent(parcel, follow=follow)], T0)
    events = await turn_all(db, T0 + MINUTE)
    assert [(event.customer, event.payload) for event in events] == [(parcel.customer, found)]


async def test_a_dead_owners_parcels_go_again_marked_uncertain(opened: Opener) -> None:
    db, other = await opened(), await opened()
    await post(db, say("a"), say("b"))
    await post(db, say("c", channel="slack"), sender=Sender("slack", "U"))
    claimed = await db.claim("telegram", 9, T0)
    await db.mark([sent(claimed[0])], T0)
    await db.claim("slack", 9, T0)
    assert await other.recover_outbox("telegram") == 1
    again = await other.claim("telegram", 9, T0)
    assert [(p.message.text, p.uncertain) for p in again] == [("b", True)]
    await db.mark([sent(claimed[1])], T0)  # the old owner was not dead, only late
    assert await other.recover_outbox("telegram") == 0


async def test_a_late_mark_of_a_silenced_message_does_not_bring_it_back(db: Database) -> None:
    await post(db, say("a", kind=Kind.ASK), say("b"))
    parcels = await db.claim("telegram", 9, T0)
    await db.mark([Mark(p, Delivery(Outcome.WAIT), T0) for p in parcels], T0)
    await accept(db, said("stop"))
    await turn_all(db, rules=deciding(silence=frozenset({"ask"})))
    await db.mark([Mark(parcels[0], Delivery(Outcome.RETRY), T0)], T0)
    assert texts(await db.claim("telegram", 9, T0)) == ["b"]


async def test_a_late_failure_does_not_undo_what_was_sent(db: Database) -> None:
    parcel = await one_parcel(db)
    await db.mark([sent(parcel)], T0)
    await db.mark([Mark(parcel, Delivery(Outcome.UNCERTAIN), T0)], T0)
    assert await db.claim("telegram", 9, T0) == []


async def test_a_merge_takes_parcels_on_the_wire_along(db: Database) -> None:
    await post(db, say("card", side=Side.DESK, receipt=True))
    parcel = (await db.claim("telegram", 9, T0))[0]
    kept = await meet(db, BEN)
    await db.merge(kept, parcel.customer, T0)
    await db.mark([sent(parcel, thread=Thread("telegram", "-100", "7"))], T0)
    events = await turn_all(db, T0 + MINUTE)
    assert [event.customer for event in events] == [kept]
    await post(db, say("words", side=Side.DESK), sender=BEN)
    assert (await db.claim("telegram", 9, T0))[0].thread == Thread("telegram", "-100", "7")
