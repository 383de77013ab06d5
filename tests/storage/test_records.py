"""What is read: exports, the queue, conversations, tallies, standing, depths."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from bot.domain.ask import AskState
from bot.domain.case import Breach, CaseState, Promise, Reason, ReasonKind
from bot.domain.event import Event, Said, Sender, ShopCustomer
from bot.domain.ids import CaseId, CustomerId, PurchaseId, StaffId
from bot.domain.interaction import Author, Consent, Feedback, Note
from bot.domain.message import Attachment, Button, Kind, Media, Message, Side
from bot.domain.purchase import Purchase
from bot.domain.story import Decision, House, Outgoing, Story
from bot.domain.summary import Tallies
from bot.ports import Delivery, Mark, Outcome
from bot.program import Program, Value
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import (
    ANA,
    BEN,
    DAY,
    MINUTE,
    T0,
    Fields,
    HandClock,
    Rules,
    accept,
    ask,
    case,
    changing,
    deciding,
    line,
    meet,
    order,
    post,
    purchase,
    said,
    say,
    sent,
    story_of,
    take_turn,
    turn_all,
)

SECOND = timedelta(seconds=1)


# ---------------------------------------------------------------- export


async def test_an_export_has_the_form_of_the_outer_interface(db: Database) -> None:
    customer = (await accept(db, order("1001")))[0].customer
    photo = Attachment(Media.PHOTO, "telegram", "f1", "a.jpg", "image/jpeg", 3, "")
    verdict = {"label": "negative", "score": -0.5}

    def rules(story: Story, event: Event, house: House) -> Decision:
        changed = replace(
            story,
            purchases=(purchase(event.id, "1001", "129.99"),),
            asks=(ask(event.id, AskState.ANSWERED, sent_at=T0, rating=2, channel="telegram"),),
            cases=(case(event.id, CaseState.CLAIMED, 4, owner_name="Zoe"),),
        )
        lines = (
            line("How was it?", author=Author.BOT, kind="ask"),
            line("broken", attachments=(photo,), verdict=verdict, author_name="Ana", at=T0 - timedelta(microseconds=9)),
            line("so sorry", author=Author.AGENT, kind="relay", at=T0 + MINUTE),
        )
        feedback = Feedback(T0, PurchaseId(event.id), 2, "broken", "negative", -0.5, 0.9, counts_unhappy=True)
        consent = Consent(T0, "service", granted=True, channel="telegram", words="yes", details={"a": "b"})
        return Decision(changed, interactions=lines, feedback=(feedback,), consents=(consent,),
                        notes=(Note(T0, CaseId(1), "Zoe", "inside"),))  # fmt: skip

    await turn_all(db, rules=rules)
    export = await db.export(customer)
    assert export is not None
    assert list(export) == [
        "customer", "identities", "consents", "purchases", "asks", "feedback", "interactions", "cases", "gestures",
        "facts",
        "outreach",
        "why",
    ]  # fmt: skip
    iso = T0.isoformat()
    assert export["interactions"] == [
        {"at": iso, "channel": "telegram", "direction": "out", "author": "bot", "kind": "ask", "text": "How was it?",
         "attachments": [], "verdict": None},
        {"at": iso, "channel": "telegram", "direction": "in", "author": "customer", "kind": "message", "text": "broken",
         "attachments": [{"media": "photo", "channel": "telegram", "ref": "f1", "name": "a.jpg", "mime": "image/jpeg",
                          "size": 3, "note": ""}], "verdict": verdict},
        {"at": (T0 + MINUTE).isoformat(), "channel": "telegram", "direction": "out", "author": "agent", "kind": "relay",
         "text": "so sorry", "attachments": [], "verdict": None},
    ]  # fmt: skip
    assert "inside" not in str(export)
    assert export["customer"]["id"] == customer
    assert [(p["order_id"], p["total"], p["currency"]) for p in export["purchases"]] == [("1001", "129.99", "EUR")]
    assert [(a["purchase"], a["state"], a["rating"]) for a in export["asks"]] == [("main/1001", "answered", 2)]
    assert [(c["state"], c["owner"], c["reasons"][0]["kind"]) for c in export["cases"]] == [
        ("claimed", "Zoe", "unhappy")
    ]
    assert export["consents"][0]["details"] == {"a": "b"}
    assert [f["purchase"] for f in export["feedback"]] == ["main/1001"]
    assert {i["channel"] for i in export["identities"]} == {"shop", "email"}
    assert export["gestures"] == []
    assert await db.export(CustomerId(999)) is None


# ---------------------------------------------------------------- queue


async def test_the_queue_shows_open_cases_most_urgent_first(db: Database) -> None:
    numbers = {}
    for name, priority, at in (("low", 1, T0), ("late", 5, T0 + MINUTE), ("early", 5, T0), ("done", 9, T0)):
        await accept(db, said(sender=Sender("telegram", name, name)))
        state = CaseState.RESOLVED if name == "done" else CaseState.OPEN
        events = await take_turn(
            db, rules=changing(cases=lambda e, s=state, p=priority, a=at: (case(e.id, s, priority=p, opened_at=a),))
        )
        numbers[name] = int(events[0].id)
    rows = await db.queue(T0 + 9 * MINUTE)
    assert [row.name for row in rows] == ["early", "late", "low"]
    assert [int(row.case) for row in rows] == [numbers["early"], numbers["late"], numbers["low"]]
    assert [row.name for row in await db.queue(T0, limit=1)] in (["early"], ["late"])


async def test_a_row_of_the_queue_tells_who_why_and_how_long(db: Database) -> None:
    await accept(db, said(sender=ANA))
    reasons = tuple(Reason(kind, "", T0) for kind in (ReasonKind.UNHAPPY, ReasonKind.ASKED, ReasonKind.UNHAPPY))
    words = line("it broke " * 60, at=T0 - SECOND, verdict={"score": -0.7})

    def rules(story: Story, event: Event, house: House) -> Decision:
        opened = replace(case(event.id), reasons=reasons)
        return Decision(replace(story, cases=(opened,)), interactions=(words, line("sorry", author=Author.BOT)))

    await turn_all(db, rules=rules)
    row = (await db.queue(T0 + DAY))[0]
    assert (row.state, row.owner, row.owner_id, row.desk, row.channel) == ("open", None, None, "telegram", "telegram")
    assert row.reasons == ("unhappy", "asked for a person")
    assert row.waiting_since == T0
    assert row.preview == ("it broke " * 60)[:160]
    assert (row.score, row.top) == (-0.7, False)


@pytest.mark.parametrize("waiting", [None, T0 + 2 * MINUTE])
async def test_who_is_owed_nothing_does_not_wait(db: Database, waiting: datetime | None) -> None:
    await accept(db, said())
    breach = Breach(Promise.FIRST_REPLY, T0 + MINUTE)

    def rules(story: Story, event: Event, house: House) -> Decision:
        claimed = case(
            event.id,
            CaseState.CLAIMED,
            4,
            owner_name="Zoe",
            priority=40,
            waiting_since=waiting,
            first_human_at=T0,
            reply_due_at=T0 + DAY if waiting else None,
            resolve_due_at=T0 + 2 * DAY,
            breaches=(breach, breach),
            offer="not shown while somebody has it",
        )
        return Decision(replace(story, cases=(claimed,)))

    await turn_all(db, rules=rules)
    now = T0 + 17 * MINUTE
    row = (await db.queue(now))[0]
    assert (row.waiting_since, row.waits) == (waiting or now, waiting is not None)
    assert row.priority == (80 if waiting else 40)
    assert (row.promise, row.due_at) == (("next_reply", T0 + DAY) if waiting else ("resolution", T0 + 2 * DAY))
    assert (row.breaches, row.offer, row.offered_to) == (("first_reply",), "", None)
    assert (row.owner, row.owner_id) == ("Zoe", StaffId(4))


async def test_waiting_long_outweighs_a_greater_priority_and_everybody_sees_who_comes_after(db: Database) -> None:
    for name, priority, waiting in (("new", 60, T0 + DAY), ("old", 30, T0), ("answered", 50, None)):
        await accept(db, said(sender=Sender("telegram", name, name)))
        await take_turn(
            db,
            rules=changing(
                cases=lambda e, p=priority, w=waiting: (case(e.id, priority=p, waiting_since=w, unhappy=0.9),)
            ),
        )
    rows = await db.queue(T0 + DAY)
    assert [(row.name, row.before) for row in rows] == [("old", 1), ("new", 0), ("answered", 0)]
    assert {row.mood for row in rows} == {"angry"}


# ---------------------------------------------------------------- conversation


async def test_a_conversation_shows_what_became_of_each_message(db: Database) -> None:
    buttons = ((Button("1", "rate:1"), Button("2", "rate:2")),)
    customer = (await accept(db, said("hello")))[0].customer

    def rules(story: Story, event: Event, house: House) -> Decision:
        spoken = ("first", "second", "third")
        outgoing = (
            Outgoing(Side.CUSTOMER, "telegram", Message(Kind.REPORT, report="mydata")),
            *(Outgoing(Side.CUSTOMER, "telegram", Message(Kind.ANSWER, text, buttons)) for text in spoken),
            Outgoing(Side.STAFF, "telegram", Message(Kind.TAP_ANSWER, tap="t")),
            Outgoing(Side.CUSTOMER, "telegram", Message(Kind.RELAY, "Zoe: fourth", author="Zoe")),
            Outgoing(Side.DESK, "telegram", Message(Kind.RELAY, "Ana: hello")),
        )
        lines = (
            line("hello"),
            *(line(text, author=Author.BOT) for text in spoken),
            line("fourth", author=Author.AGENT, kind="relay", author_name="Zoe"),
        )
        return Decision(story, outgoing, interactions=lines)

    await turn_all(db, rules=rules)
    parcels = {p.message.text: p for p in await db.claim("telegram", 9, T0)}
    results = {"first": Delivery(Outcome.SENT), "second": Delivery(Outcome.UNREACHABLE)}
    marks = [Mark(parcels[text], delivery) for text, delivery in results.items()]
    await db.mark([*marks, Mark(parcels["third"], Delivery(Outcome.REJECTED), dead=True)], T0)
    lines = await db.conversation(customer, 9, inside=False)
    assert [(one.text, one.author, one.name, one.delivery, one.buttons) for one in lines] == [
        ("hello", "customer", "Ana", "", ()),
        ("first", "bot", "", "sent", buttons),
        ("second", "bot", "", "unreachable", buttons),
        ("third", "bot", "", "failed", buttons),
        ("fourth", "agent", "Zoe", "waiting", ()),
    ]
    last = await db.conversation(customer, 2, inside=False)
    assert [(one.text, one.delivery) for one in last] == [("third", "failed"), ("fourth", "waiting")]
    assert len({one.id for one in lines}) == 5


async def test_notes_are_shown_inside_only_and_in_their_place(db: Database) -> None:
    customer = (await accept(db, said("a"), said("b")))[0].customer

    def rules(story: Story, event: Event, house: House) -> Decision:
        minute = 0 if event.payload == Said(ANA, "a") else 2
        text = event.payload.words  # type: ignore[union-attr]
        note = Note(T0 + (minute + 1) * MINUTE, CaseId(1), "Zoe", f"note {text}", "talk")
        return Decision(story, interactions=(line(text, at=T0 + minute * MINUTE),), notes=(note,))

    await turn_all(db, rules=rules)
    inside = await db.conversation(customer, 9, inside=True)
    assert [(one.text, one.inside, one.kind) for one in inside] == [
        ("a", False, "message"), ("note a", True, "talk"), ("b", False, "message"), ("note b", True, "talk"),
    ]  # fmt: skip
    assert len({one.id for one in inside}) == 4
    assert [one.text for one in await db.conversation(customer, 9, inside=False)] == ["a", "b"]
    assert [one.text for one in await db.conversation(customer, 1, inside=True)] == ["note b"]
    assert await db.conversation(CustomerId(99), 9, inside=True) == []


# ---------------------------------------------------------------- tallies


def answer(customer: int, rating: int | None, score: float = 0.0, *, unhappy: bool = False, **more: object) -> Feedback:
    label = more.get("label", "neutral")
    at = more.get("at", T0)
    number = more.get("purchase", customer)
    words = str(more.get("words", ""))
    return Feedback(at, number and PurchaseId(number), rating, words, label, score, 0.5, unhappy)  # type: ignore[arg-type]


async def tallied(db: Database, feedback: Iterable[Feedback], sender: Sender = ANA) -> Tallies:
    await accept(db, said(sender=sender))
    await turn_all(db, rules=deciding(feedback=tuple(feedback)))
    return await db.tallies(T0, T0 + DAY)


async def test_an_answer_is_the_last_rating_and_the_last_words_about_a_purchase(db: Database) -> None:
    found = await tallied(
        db,
        [
            answer(1, 1, unhappy=True),
            answer(1, 5, at=T0 + SECOND),
            answer(2, 5),
            answer(2, None, words="it broke", unhappy=True, at=T0 + SECOND),
            answer(3, 2, unhappy=True),
            answer(3, None, words="the zipper", at=T0 + SECOND),
            answer(4, None, words="awful", unhappy=True),
            answer(4, None, words="sorry, wrong shop", at=T0 + SECOND),
            answer(5, 4, at=T0 - SECOND),
            answer(6, 4, at=T0 + DAY),
        ],
    )
    assert found.answers == 4
    assert found.ratings == (0, 1, 0, 0, 2)
    assert found.unhappy == 2


async def test_two_customers_words_about_no_purchase_are_two_answers(db: Database) -> None:
    await tallied(db, [answer(0, None, words="a", purchase=None), answer(0, None, words="b", purchase=None)])
    found = await tallied(db, [answer(0, None, words="c", purchase=None, unhappy=True)], BEN)
    assert (found.answers, found.unhappy) == (2, 1)


async def test_scores_are_of_words_that_were_understood(db: Database) -> None:
    found = await tallied(
        db,
        [
            answer(1, None, 0.5, words="good", label="positive"),
            answer(2, None, -0.25, words="bad", label="negative"),
            answer(3, None, 0.9, words="?", label="unknown"),
            answer(4, 5, 0.9, label="positive"),
        ],
    )
    assert (found.score_sum, found.scored) == (0.25, 2)


async def test_asks_count_once_they_are_delivered_and_customers_once(db: Database) -> None:
    state = AskState.SENT

    def asks(*given: tuple[int, object, object]) -> Rules:
        made = tuple(
            ask(number, state, sent_at=T0, delivered_at=delivered, answered_at=answered)
            for number, delivered, answered in given
        )
        return changing(asks=made, purchases=tuple(purchase(one.id) for one in made))

    await accept(db, said(sender=ANA))
    await turn_all(db, rules=asks((101, T0, T0), (102, T0 + MINUTE, None), (103, None, None)))
    await accept(db, said(sender=BEN))
    await turn_all(db, rules=asks((201, T0, None), (202, T0 - SECOND, T0), (203, T0 + DAY, T0 + DAY)))
    await accept(db, said(sender=Sender("web", "w")))
    await turn_all(db, rules=asks((301, T0, T0 + DAY)))
    found = await db.tallies(T0, T0 + DAY)
    assert (found.asks_sent, found.asked, found.answered) == (4, 3, 1)


async def test_cases_are_counted_by_what_happened_in_the_period(db: Database) -> None:
    both = (Reason(ReasonKind.UNHAPPY, "", T0), Reason(ReasonKind.UNHAPPY, "", T0), Reason(ReasonKind.ALARM, "", T0))
    cases = [
        case(1, opened_at=T0, first_human_at=T0 + 90 * SECOND),
        replace(case(2, CaseState.CLAIMED, opened_at=T0), reasons=both),
        case(3, CaseState.RESOLVED, opened_at=T0 - DAY, first_human_at=T0 - SECOND, resolved_at=T0, recovered=True),
        case(4, CaseState.RESOLVED, opened_at=T0 - DAY, first_human_at=T0, resolved_at=T0, recovered=False),
        case(5, CaseState.RESOLVED, opened_at=T0, resolved_at=T0),
        case(6, CaseState.RESOLVED, opened_at=T0 - DAY, resolved_at=T0 - SECOND, recovered=True),
        case(7, CaseState.REOPENED, opened_at=T0 - DAY, resolved_at=T0, recovered=False),
        case(8, CaseState.OPEN, opened_at=T0 + DAY),
    ]
    for one in cases:
        await accept(db, said(sender=Sender("web", str(one.id))))
        await take_turn(db, rules=changing(cases=(one,)))
    found = await db.tallies(T0, T0 + DAY)
    assert (found.cases_opened, found.cases_resolved, found.cases_open_now) == (3, 3, 4)
    assert sorted(found.first_human_s) == [90.0, 86400.0]
    assert found.reasons == {"unhappy": 3, "alarm word": 1}
    assert (found.recovered, found.asked_again) == (1, 2)


async def test_an_empty_shop_has_empty_tallies(db: Database) -> None:
    assert await db.tallies(T0, T0 + DAY) == Tallies()


# ---------------------------------------------------------------- standing


_counted = count(100_000)


async def bought(db: Database, name: str, *purchases: Purchase) -> CustomerId:
    accepted = await accept(db, order(name, customer=ShopCustomer(name)))
    await turn_all(db, rules=changing(purchases=purchases))
    return accepted[0].customer


def numbered(total: str, **more: Fields) -> Purchase:
    return purchase(next(_counted), total=total, **more)


async def test_every_order_counts_at_once_in_a_small_shop(db: Database) -> None:
    people = [await bought(db, f"c{n}", numbered(f"{n}0.00")) for n in range(1, 5)]
    assert not (await story_of(db, people[3])).standing.top
    people.append(await bought(db, "c5", numbered("50.00")))
    standings = [(await story_of(db, who)).standing for who in people]
    assert [one.rank for one in standings] == [5, 4, 3, 2, 1]
    assert [one.top for one in standings] == [False, False, False, False, True]
    assert {one.of for one in standings} == {5}
    assert (standings[4].value, standings[4].currency, standings[4].orders) == (Decimal("50.00"), "EUR", 1)
    seen: list[Story] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append(story)
        return Decision(replace(story, purchases=(*story.purchases, numbered("45.00"))))

    for _ in range(2):
        await accept(db, order(customer=ShopCustomer("c1")))
        await turn_all(db, rules=rules)
    assert [(story.standing.rank, story.standing.top) for story in seen] == [(5, False), (1, True)]


async def test_ties_share_a_rank_and_the_top(db: Database) -> None:
    people = [await bought(db, f"c{n}", numbered("99.99")) for n in range(3)]
    people += [await bought(db, f"d{n}", numbered("10.00")) for n in range(3)]
    standings = [(await story_of(db, who)).standing for who in people]
    assert [(one.rank, one.top) for one in standings] == [(1, True)] * 3 + [(4, False)] * 3


async def test_only_standing_purchases_in_the_window_and_in_known_currencies_count(opened: Opener) -> None:
    program = Program(value=Value(currency="EUR", rates={"USD": Decimal("0.9")}))
    db = await opened(program)
    who = await bought(
        db,
        "c",
        numbered("100.00"),
        numbered("10.00", currency="USD"),
        numbered("77.00", currency="JPY"),
        numbered("1000.00", refunded_at=T0),
        numbered("1000.00", cancelled_at=T0),
        numbered("1000.00", paid_at=T0 - timedelta(days=366)),
        numbered("1000.00", paid_at=None),
    )
    standing = (await story_of(db, who)).standing
    assert (standing.value, standing.orders) == (Decimal("109.00"), 3)


async def test_how_lately_how_often_and_for_how_much_by_fifths(db: Database) -> None:
    found = []
    for n in range(10):
        days = [T0 - timedelta(days=20 * (10 - n) + k) for k in range(1 + n // 2)]
        found.append(await bought(db, f"c{n}", *(numbered(f"{10 + n}.00", paid_at=at) for at in days)))
    best, worst = await db.rfm(found[-1], T0), await db.rfm(found[0], T0)
    assert best is not None
    assert worst is not None
    assert (best.code, worst.code) == ("5-5-5", "1-1-1")
    lately = await bought(db, "lately", numbered("1.00", paid_at=T0 - timedelta(days=1)))
    assert (await db.rfm(lately, T0) or best).code == "5-1-1"
    assert (best.orders, best.value, best.last) == (5, Decimal("95.00"), T0 - timedelta(days=20))
    old = await bought(db, "old", numbered("10.00", paid_at=T0 - timedelta(days=366)))
    assert await db.rfm(old, T0) is None


async def test_other_processes_orders_are_seen_too(opened: Opener) -> None:
    one, other = await opened(), await opened()
    one.on_wake(lambda _topic: None)
    other.on_wake(lambda _topic: None)
    who = await bought(one, "c1", numbered("10.00"))
    assert (await story_of(other, who)).standing.of == 1
    for n in range(2, 6):
        await bought(one, f"c{n}", numbered("20.00"))
    async with asyncio.timeout(5):
        while (await story_of(other, who)).standing.of != 5:
            await asyncio.sleep(0.02)
    assert (await story_of(other, who)).standing.rank == 5


# ---------------------------------------------------------------- depths


async def test_counts_show_depths_and_ages(db: Database, clock: HandClock) -> None:
    assert set((await db.counts()).values()) == {0}
    await post(db, say("a"), say("b"), say("c"))
    await meet(db, BEN)
    await accept(db, said(), said("later", due_at=T0 + DAY))
    parcels = await db.claim("telegram", 2, T0)
    await db.mark([Mark(parcels[0], Delivery(Outcome.REJECTED), dead=True)], T0)
    clock.shown = T0 + 30 * SECOND
    counts = await db.counts()
    assert counts == {
        "events_waiting": 2,  # the words, and the report of the failure
        "events_oldest_due_s": 30.0,
        "events_planned": 1,
        "events_dead": 0,
        "outbox_new": 1,
        "outbox_sending": 1,
        "outbox_failed": 1,
        "cases_open": 0,
    }


async def test_sent_messages_leave_the_depths(db: Database) -> None:
    await post(db, say("a"))
    await db.mark([sent(parcel) for parcel in await db.claim("telegram", 9, T0)], T0)
    assert set((await db.counts()).values()) == {0}
