"""Turns: stories whole, decisions written together, lanes in one worker's hands at a time."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.ask import Ask, AskState
from bot.domain.case import Breach, Case, CaseState, Promise, Reason, ReasonKind, Rung
from bot.domain.customer import Conversation, Customer, Holder, Identity, Memory
from bot.domain.event import (
    AgentSaid,
    AskDue,
    BySender,
    ByThread,
    ByToken,
    Event,
    FollowUpDue,
    IdentityFound,
    Said,
    Sender,
)
from bot.domain.ids import HOUSE, CaseId, CustomerId, EventId, PurchaseId, StaffId
from bot.domain.interaction import Author, Direction, Feedback, Interaction, Note
from bot.domain.message import Attachment, Kind, Media, Ref, Side
from bot.domain.money import Money
from bot.domain.purchase import Item, Purchase
from bot.domain.staff import Role
from bot.domain.story import Decision, House, Story, Timer, Token
from bot.errors import LaneBusy, LeaseLost
from bot.ports import Batch
from storage import due, journal
from storage.database import Database
from storage.journal import Policy
from storage.session import Session
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
    decide_all,
    deciding,
    incoming,
    line,
    meet,
    nothing,
    order,
    post,
    posting,
    purchase,
    said,
    say,
    started,
    story_of,
    take_turn,
    texts,
    turn_all,
)

SOME = T0 + timedelta(hours=1, microseconds=7)


def whole(story: Story, event: Event, house: House) -> Decision:
    """Every field of every part differs from its default."""
    ref = Ref("telegram", "501", "77")
    photo = Attachment(Media.PHOTO, "telegram", "file-1", "a.jpg", "image/jpeg", 12, "a note")
    bought = Purchase(
        id=PurchaseId(event.id),
        shop="main",
        order_id="1001",
        total=Money(Decimal("129.99"), "EUR"),
        items=(Item("Boots", 2, "B1", Decimal("64.995")),),
        paid_at=SOME,
        delivered_at=SOME + MINUTE,
        refunded_at=SOME + 2 * MINUTE,
        cancelled_at=SOME + 3 * MINUTE,
        opted_out=True,
    )
    asked = Ask(
        id=PurchaseId(event.id),
        state=AskState.ANSWERED,
        planned_at=SOME,
        due_at=SOME + MINUTE,
        round=3,
        sent_at=SOME,
        delivered_at=SOME + MINUTE,
        reminded_at=SOME + 2 * MINUTE,
        answered_at=SOME + 3 * MINUTE,
        ended_at=SOME + 4 * MINUTE,
        channel="telegram",
        why="because",
        rating=2,
    )
    escalated = Case(
        id=CaseId(event.id),
        state=CaseState.REOPENED,
        opened_at=SOME,
        reasons=(Reason(ReasonKind.ALARM, "“lawyer”", SOME), Reason(ReasonKind.ASKED, "", T0)),
        desk="slack",
        priority=7,
        owner=StaffId(4),
        owner_name="Zoe",
        claimed_at=SOME + MINUTE,
        first_human_at=SOME + 2 * MINUTE,
        resolved_at=SOME + 3 * MINUTE,
        first_resolved_at=SOME + 4 * MINUTE,
        recovered=False,
        follow_ups=2,
        hinted=True,
        unhappy=0.75,
        waiting_since=SOME + 5 * MINUTE,
        reply_due_at=SOME + 6 * MINUTE,
        resolve_due_at=SOME + 7 * MINUTE,
        told=True,
        breaches=(Breach(Promise.NEXT_REPLY, SOME),),
        rung=Rung.ALL,
        offered_to=StaffId(5),
        offer="for everybody",
        offer_round=6,
        help="fair",
    )
    logged = Interaction(
        at=SOME,
        channel="telegram",
        direction=Direction.IN,
        author=Author.CUSTOMER,
        kind="message",
        text="“broken” <b>&",
        attachments=(photo,),
        verdict={"score": -0.5, "x": [1, None]},
        author_name="Ana",
        case=CaseId(event.id),
        ref=ref,
        quote="“the zipper”",
    )
    identity = Identity("telegram", "501", "Ana", "ana_b", "blocked", SOME, "p")
    who = Customer(story.customer.id, "Ana", "a@b.c", "+33", "fr", "Europe/Paris", T0, SOME, "de", Memory.YES)
    changed = replace(
        story,
        customer=who,
        identities=(identity,),
        conversation=Conversation(Holder.AGENT, StaffId(4), "telegram", "missing", introduced=True),
        cases=(escalated,),
        asks=(asked,),
        purchases=(bought,),
        interactions=(*story.interactions, logged),
        cases_ever=1,
    )
    return Decision(changed, interactions=(logged,))


def test_the_whole_story_leaves_no_field_at_its_default() -> None:
    """So that a field added to the domain has to be added above, and then has to come back below."""
    person = Story(Customer(CustomerId(1), created_at=T0))
    story = whole(person, Event(EventId(9), "k", CustomerId(1), T0, Said(ANA, "")), House()).story
    parts: list[Any] = [story.customer, story.conversation, *story.identities, *story.cases, *story.asks]
    parts += [*story.purchases, *story.interactions, *story.purchases[0].items, *story.interactions[0].attachments]
    unset = [
        f"{type(part).__name__}.{field.name}"
        for part in parts
        for field in fields(part)
        if getattr(part, field.name) in (field.default, ())
    ]
    assert unset == []


async def test_a_story_comes_back_as_it_was_decided(opened: Opener) -> None:
    db, other = await opened(), await opened()
    decided: list[Story] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        decision = whole(story, event, house)
        decided.append(decision.story)
        return decision

    customer = (await accept(db, said()))[0].customer
    await turn_all(db, rules=rules)
    found = await story_of(other, customer)  # which remembers nothing
    email = Identity("email", "a@b.c", linked_at=T0, proof="shop")
    assert found.identities == (email, *decided[0].identities)
    derived = replace(decided[0], standing=found.standing, asked=(SOME,))
    assert replace(found, identities=()) == replace(derived, identities=())


async def test_a_second_change_is_written_too(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    await turn_all(db, rules=whole)

    def again(story: Story, event: Event, house: House) -> Decision:
        return Decision(
            replace(
                story,
                customer=replace(story.customer, opted_out_at=None, name="B"),
                conversation=Conversation(),
                identities=tuple(replace(identity, unreachable="") for identity in story.identities),
                cases=tuple(replace(one, state=CaseState.RESOLVED, owner=None, recovered=None) for one in story.cases),
                asks=tuple(replace(one, rating=None, why="x") for one in story.asks),
                purchases=tuple(replace(one, refunded_at=None, total=None) for one in story.purchases),
            )
        )

    before = await story_of(db, customer)
    await accept(db, said())
    await turn_all(db, rules=again)
    found = await story_of(db, customer)
    event = Event(None, "", customer, T0, Said(ANA, ""))  # type: ignore[arg-type]
    assert replace(found, standing=before.standing) == again(before, event, House()).story


async def test_later_events_of_a_batch_see_what_was_decided_before(db: Database) -> None:
    await accept(db, said("a"), said("b"), said("c", BEN), said("d"))
    seen: defaultdict[CustomerId, list[str]] = defaultdict(list)

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen[event.customer].append(story.conversation.question)
        return Decision(replace(story, conversation=Conversation(question=event.payload.words)))  # type: ignore[union-attr]

    assert len(await take_turn(db, rules=rules)) == 4
    assert sorted(seen.values()) == [["", "a", "b"], [""]] or sorted(seen.values()) == [[""], ["", "a", "b"]]


async def test_what_rules_raised_on_becomes_a_dead_letter_and_its_lane_goes_on(db: Database) -> None:
    await accept(db, said("bad"), said("good"))
    batch = await db.due(9, T0, "test")
    async with db.turn(batch, T0) as turn:
        turn.failed(turn.events[0], "KeyError('x')")
        turn.decided(turn.events[1], Decision(turn.story(turn.events[1].customer), outgoing=(say("fine"),)))
    assert texts(await db.claim("telegram", 9, T0)) == ["fine"]
    assert await db.next_due() is None
    letter = (await db.dead_letters())[0]
    assert (letter.kind, letter.why, letter.customer) == ("said", "KeyError('x')", turn.events[0].customer)
    assert "bad" in letter.text
    assert await db.retry_dead_letter(letter.id) == 1
    assert [event.payload.words for event in await turn_all(db)] == ["bad"]  # type: ignore[union-attr]
    assert await db.dead_letters() == []


async def test_a_turn_that_breaks_leaves_nothing_behind(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    batch = await db.due(9, T0, "test")
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it is raised inside
        async with db.turn(batch, T0) as turn:
            decide_all(turn, whole)
            raise ZeroDivisionError
    assert (await story_of(db, customer)).cases == ()
    assert await db.claim("telegram", 9, T0) == []
    assert len(await take_turn(db, T0 + MINUTE)) == 1


async def test_a_broken_turn_can_be_taken_again_at_once(db: Database) -> None:
    await accept(db, said("a"), said("b", BEN))
    batch = await db.due(9, T0, "test")
    with pytest.raises(ZeroDivisionError):
        async with db.turn(batch, T0):
            raise ZeroDivisionError
    for event in batch.events:
        async with db.turn(replace(batch, events=(event,)), T0) as turn:
            assert turn.events == (event,)
            decide_all(turn, nothing)
    assert await db.next_due() is None


async def test_a_batch_that_was_handled_meanwhile_has_no_events_left(opened: Opener) -> None:
    one, other = await opened(), await opened()
    await accept(one, said())
    stale = await one.due(9, T0, "one")
    later = T0 + timedelta(seconds=30)
    assert len(await turn_all(other, later)) == 1
    async with one.turn(stale, later) as turn:
        assert turn.events == ()


async def test_a_cancelled_turn_lets_others_go_on(db: Database) -> None:
    await accept(db, said())
    batch = await db.due(9, T0, "test")
    entered = asyncio.Event()

    async def stuck() -> None:
        async with db.turn(batch, T0):
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(stuck())
    await entered.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert len(await take_turn(db, T0 + MINUTE)) == 1


# ---------------------------------------------------------------- leases (several processes)


async def test_a_leased_lane_is_given_to_nobody_else_until_the_lease_ends(shared: Opener) -> None:
    one, other = await shared(), await shared()
    await accept(one, said())
    mine = await one.due(9, T0, "one")
    assert len(mine.events) == 1
    assert (await other.due(9, T0 + timedelta(seconds=9), "other")).events == ()
    assert await other.next_due() == T0 + timedelta(seconds=10)
    theirs = await other.due(9, T0 + timedelta(seconds=11), "other")
    assert theirs.events == mine.events
    with pytest.raises(LeaseLost):
        async with one.turn(mine, T0 + timedelta(seconds=11)):
            pass
    async with other.turn(theirs, T0 + timedelta(seconds=11)) as turn:
        decide_all(turn, nothing)
    assert await one.next_due() is None


async def test_only_the_lanes_that_are_still_held_are_turned(shared: Opener) -> None:
    one, other = await shared(), await shared()
    await accept(one, said("a"))
    mine = await one.due(9, T0, "one")
    await accept(one, said("b", BEN))
    theirs = await other.due(9, T0, "other")
    both = replace(mine, events=(*mine.events, *theirs.events))
    async with one.turn(both, T0) as turn:
        assert turn.events == mine.events
        decide_all(turn, nothing)


async def test_what_arrives_during_a_turn_is_not_forgotten(opened: Opener) -> None:
    one, other = await opened(), await opened()
    await accept(one, said("first"))
    batch = await one.due(9, T0, "one")
    async with one.turn(batch, T0) as turn:
        arriving = asyncio.create_task(accept(other, said("second")))
        await asyncio.sleep(0.2)
        decide_all(turn, nothing)
    await arriving
    assert await one.next_due() == T0
    assert [event.payload.words for event in await turn_all(one)] == ["second"]  # type: ignore[union-attr]


class Crowd:
    """Processes that hear and work at random, all at once; it keeps the books and watches the lanes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.senders = [Sender("telegram", str(n)) for n in range(9)]
        self.accepted: defaultdict[str, list[int]] = defaultdict(list)
        self.handled: defaultdict[str, list[int]] = defaultdict(list)
        self.in_hand: set[CustomerId] = set()
        self.numbers = iter(range(10_000))
        self.hearing = True

    async def hear(self, database: Database) -> None:
        for _ in range(12):
            batch = []
            for sender in self.chance.sample(self.senders, self.chance.randint(1, 9)):
                number = next(self.numbers)
                batch.append(said(str(number), sender, key=f"n{number}"))
                self.accepted[sender.external].append(number)
            await database.accept(batch, T0)
            if self.chance.random() < 0.3:
                await database.accept(batch, T0)

    async def work(self, database: Database, name: str) -> None:
        while self.hearing or await database.next_due() is not None:
            batch = await database.due(self.chance.randint(1, 6), T0, name)
            await asyncio.sleep(self.chance.random() * 0.01)
            if batch.events:
                with suppress(LeaseLost):
                    await self.turn(database, batch)

    async def turn(self, database: Database, batch: Batch) -> None:
        async with database.turn(batch, T0) as turn:
            mine = {event.customer for event in turn.events}
            assert not mine & self.in_hand
            self.in_hand |= mine
            await asyncio.sleep(self.chance.random() * 0.01)
            decide_all(turn, posting(say("x")))
            for event in turn.events:
                self.handled[event.payload.sender.external].append(int(event.payload.words))  # type: ignore[union-attr]
            self.in_hand -= mine


@pytest.mark.parametrize("seed", [1, 2])
async def test_under_load_nothing_is_lost_or_doubled_and_no_lane_is_in_two_turns(opened: Opener, seed: int) -> None:
    databases, crowd = [await opened() for _ in range(3)], Crowd(seed)
    workers = [asyncio.create_task(crowd.work(database, str(n))) for n, database in enumerate(databases)]
    await asyncio.gather(*(crowd.hear(database) for database in databases))
    crowd.hearing = False
    await asyncio.gather(*workers)
    expected = {who: sorted(numbers) for who, numbers in crowd.accepted.items()}
    assert {who: sorted(numbers) for who, numbers in crowd.handled.items()} == expected
    counts = await databases[0].counts()
    assert counts["outbox_new"] == sum(map(len, expected.values()))
    assert counts["events_waiting"] == 0


async def test_one_acceptors_words_stay_in_order_over_many_workers(opened: Opener) -> None:
    databases = [await opened() for _ in range(3)]
    handled: list[int] = []
    total = 60

    async def work(database: Database, name: str) -> None:
        while len(handled) < total:
            batch = await database.due(4, T0, name)
            await asyncio.sleep(0.001)
            if batch.events:
                async with database.turn(batch, T0) as turn:
                    decide_all(turn, nothing)
                    mine = [int(event.payload.words) for event in turn.events]  # type: ignore[union-attr]
                handled.extend(mine)

    workers = [asyncio.create_task(work(database, str(n))) for n, database in enumerate(databases)]
    for number in range(total):
        await databases[number % 3].accept([said(str(number))], T0)
    await asyncio.gather(*workers)
    assert handled == list(range(total))


async def test_a_lane_that_is_let_go_while_something_arrives_stays_ready(shared: Opener) -> None:
    """Locked first, then read: a release that read before it waited for the lock would put the lane to sleep."""
    one, other = await shared(), await shared()
    customer = await meet(one)

    async def hear(session: Session) -> None:
        await journal.accept(session, [said("arriving")], T0, Policy(SECRET, DAY))

    async def end(session: Session) -> None:
        pass

    async with one._engine.transaction() as arriving:
        await arriving.begin(hear)
        releasing = asyncio.create_task(other._engine.write(due.release, [int(customer)]))
        await asyncio.sleep(0.2)
        assert not releasing.done()
        await arriving.commit(end)
    await releasing
    assert await one.next_due() == T0


async def test_events_that_moved_since_the_batch_was_read_are_left_to_their_new_lane(db: Database) -> None:
    ana, ben = await meet(db, ANA), await meet(db, BEN)
    await accept(db, said("mine", ANA), said("moved", BEN))
    batch = await db.due(9, T0, "test")
    await db.merge(ana, ben, T0)
    async with db.turn(batch, T0) as turn:
        assert [event.customer for event in turn.events] == [ana]
        decide_all(turn, nothing)
    assert [(event.customer, event.payload) for event in await turn_all(db)] == [(ana, Said(BEN, "moved"))]


# ---------------------------------------------------------------- timers


async def test_a_timer_is_an_event_of_the_same_customer(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    timer = Timer("timer:1:ask", T0 + DAY, AskDue(PurchaseId(5), 2))
    await take_turn(db, rules=deciding(timers=(timer,)))
    assert await db.next_due() == T0 + DAY
    assert await take_turn(db, T0 + DAY - MINUTE) == ()
    event = (await take_turn(db, T0 + DAY + MINUTE))[0]
    assert (event.customer, event.at, event.payload) == (customer, T0 + DAY, AskDue(PurchaseId(5), 2))


async def test_a_timer_with_a_known_key_is_ignored(db: Database) -> None:
    await accept(db, said("a"), said("b"))
    early, late = (Timer("k", T0 + n * DAY, FollowUpDue(CaseId(n), n)) for n in (1, 2))
    await take_turn(db, rules=deciding(timers=(early, late)))
    assert [e.payload for e in await turn_all(db, T0 + 9 * DAY)] == [FollowUpDue(CaseId(1), 1)]
    await accept(db, said("c"))
    await take_turn(db, rules=deciding(timers=(late,)))
    assert await turn_all(db, T0 + 9 * DAY) == []


async def test_a_timer_that_is_due_at_once_is_taken_in_the_next_round(db: Database) -> None:
    await accept(db, said())
    await take_turn(db, rules=deciding(timers=(Timer("k", T0, AskDue(PurchaseId(5), 0)),)))
    assert await db.next_due() == T0
    assert [event.key for event in await take_turn(db)] == ["k"]


async def test_the_sooner_of_a_timer_and_a_waiting_event_decides_when_the_lane_is_ready(db: Database) -> None:
    await accept(db, said("now"), said("later", due_at=T0 + 2 * MINUTE))
    await take_turn(db, rules=deciding(timers=(Timer("k", T0 + 3 * MINUTE, AskDue(PurchaseId(5), 0)),)))
    assert await db.next_due() == T0 + 2 * MINUTE
    await accept(db, said("sooner", due_at=T0 + MINUTE))
    assert await db.next_due() == T0 + MINUTE


async def test_a_lane_with_very_many_events_does_not_keep_the_others_waiting(db: Database) -> None:
    await accept(db, *(said(str(n)) for n in range(200)))
    await accept(db, said("ben", BEN), now=T0 + MINUTE)
    batch = await db.due(2, T0 + MINUTE, "test")
    assert len(batch.lanes) == 2
    assert len(batch.events) <= 8
    async with db.turn(batch, T0) as turn:
        decide_all(turn, nothing)
    words = [event.payload.words for event in await turn_all(db, T0 + MINUTE)]  # type: ignore[union-attr]
    first = [event.payload.words for event in batch.events if event.payload.sender == ANA]  # type: ignore[union-attr]
    assert first + words == [str(n) for n in range(200)]


# ---------------------------------------------------------------- the house


async def test_the_house_knows_staff_shops_tokens_and_owners(db: Database) -> None:
    agent = await db.seat("telegram", "900", Role.AGENT, "Zoe")
    stranger = await meet(db, ANA)
    bought = (await accept(db, order("1", kind="delivered")))[0]
    await turn_all(db)
    seen: list[House] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append(house)
        return Decision(story)

    await accept(
        db,
        started(bought.token, ANA, ByToken(bought.token, ANA)),
        started("no-such-token", BEN, BySender(BEN)),
        incoming(IdentityFound("slack", "U1", "ana@example.com"), BySender(BEN)),
    )
    found = Sender("slack", "U1", "Ana")
    slack = await meet(db, found)
    await accept(db, incoming(IdentityFound("slack", "U1", "ana@example.com"), BySender(BEN)))
    await turn_all(db, rules=rules)
    await accept(db, started(bought.token, ANA, ByToken(bought.token, ANA)))
    await turn_all(db, rules=rules)
    house = seen[-1]
    assert house.channels == frozenset({"telegram", "slack", "web"})
    assert house.desk == "telegram"
    assert house.staff == {("telegram", "900"): agent}
    assert house.reporting_shops == frozenset({"main"})
    assert house.tokens == {bought.token: Token(bought.token, "valid", bought.customer)}
    assert house.owners[("telegram", "501")] == stranger
    assert any(one.owners.get(("slack", "U1")) == slack for one in seen)


async def test_a_seat_taken_away_counts_at_once(db: Database) -> None:
    await db.seat("telegram", "900", Role.AGENT)
    await meet(db)
    await db.unseat("telegram", "900")
    houses: list[House] = []
    await accept(db, said())

    def rules(story: Story, event: Event, house: House) -> Decision:
        houses.append(house)
        return Decision(story)

    await turn_all(db, rules=rules)
    assert houses[0].staff == {}


async def test_the_house_has_a_lane_too(db: Database) -> None:
    await accept(db, incoming(AgentSaid(ANA, "telegram", "hi"), ByThread("telegram", "-1", "1")))
    events = await turn_all(db, rules=posting(say("who?", side=Side.STAFF, to="501")))
    assert events[0].customer == HOUSE
    assert await db.story(HOUSE, T0) is None
    parcel = (await db.claim("telegram", 9, T0))[0]
    assert (parcel.side, parcel.identity) == (Side.STAFF, Identity("telegram", "501"))


# ---------------------------------------------------------------- people who come together


async def test_a_link_brings_chat_and_shop_together(db: Database) -> None:
    stranger = await meet(db, ANA)
    bought = (await accept(db, order()))[0]
    await turn_all(db)
    await accept(db, *(started(bought.token, ANA, ByToken(bought.token, ANA)) for _ in range(2)))
    tokens: list[str] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        tokens.append(house.tokens[bought.token].state)
        if tokens[-1] != "valid":
            assert house.tokens[bought.token].used_by == "telegram:501"
            assert house.owners[("telegram", "501")] == bought.customer
            return Decision(story)
        identity = Identity("telegram", "501", "Ana", "ana_b", linked_at=T0, proof="link")
        linked = replace(story, identities=(*story.identities, identity))
        return Decision(linked, adopt=(identity,), absorb=(house.owners[("telegram", "501")],), spend=bought.token)

    await turn_all(db, rules=rules)
    assert tokens == ["valid", "spent"]
    story = await story_of(db, bought.customer)
    assert {(i.channel, i.external) for i in story.identities} == {
        ("shop", "main/c-17"), ("email", "ana@example.com"), ("telegram", "501"),
    }  # fmt: skip
    assert next(i.proof for i in story.identities if i.channel == "telegram") == "link"
    assert await db.find_customer(str(stranger)) == bought.customer
    assert (await accept(db, said()))[0].customer == bought.customer


async def test_events_of_somebody_who_is_absorbed_follow(db: Database) -> None:
    """The absorbed customer's own words wait in the same batch: they are decided in their new lane."""
    bought = (await accept(db, order()))[0]
    await turn_all(db)
    stranger = (await accept(db, said("before", ANA)))[0].customer
    linking = started(bought.token, ANA, ByToken(bought.token, ANA))
    await accept(db, linking, now=T0 + MINUTE)
    await accept(db, said("after", ANA), now=T0 + 2 * MINUTE)
    done: list[tuple[CustomerId, str]] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        if isinstance(event.payload, Said):
            done.append((event.customer, event.payload.words))
            return Decision(story, interactions=(line(event.payload.words),))
        return Decision(story, absorb=(stranger,))

    assert bought.customer < stranger
    await turn_all(db, T0 + 3 * MINUTE, rules)
    story = await story_of(db, bought.customer)
    assert sorted(i.text for i in story.interactions) == ["after", "before"]
    assert done.count((bought.customer, "after")) == 1
    assert await db.next_due() is None


async def test_a_turn_gives_way_when_the_other_lane_is_busy(shared: Opener) -> None:
    one, other = await shared(), await shared()
    stranger = await meet(one, BEN)
    await accept(one, said(sender=ANA))
    mine = await one.due(9, T0, "one")
    await accept(one, said(sender=BEN))
    theirs = await other.due(9, T0, "other")
    absorbing = deciding(absorb=(stranger,), outgoing=(say("linked"),))
    async with other.turn(theirs, T0) as held:
        with pytest.raises(LaneBusy):
            async with one.turn(mine, T0) as turn:
                decide_all(turn, absorbing)
        decide_all(held, nothing)
    assert await one.claim("telegram", 9, T0) == []
    await turn_all(one, T0, absorbing)
    assert await one.find_customer("telegram:502") == await one.find_customer("telegram:501")
    assert texts(await one.claim("telegram", 9, T0)) == ["linked"]


@pytest.mark.parametrize("known", [True, False])
async def test_an_event_can_be_sent_to_its_senders_own_lane(db: Database, known: bool) -> None:
    own = await meet(db, ANA) if known else None
    bought = (await accept(db, order()))[0]
    await turn_all(db)
    await accept(db, started(bought.token, ANA, ByToken(bought.token, ANA)))
    lanes: list[CustomerId] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        lanes.append(event.customer)
        if event.customer == bought.customer:
            return Decision(replace(story, conversation=Conversation(question="lost")), (say("lost"),), requeue=ANA)
        return Decision(story, (say("welcome"),))

    await turn_all(db, rules=rules)
    mine = await db.find_customer("telegram:501")
    assert lanes == [bought.customer, mine]
    assert own in {None, mine}
    assert (await story_of(db, bought.customer)).conversation == Conversation()
    assert texts(await db.claim("telegram", 9, T0)) == ["welcome"]


# ---------------------------------------------------------------- silence


async def test_silence_takes_back_what_was_not_sent_yet(db: Database) -> None:
    await post(db, say("ask", kind=Kind.ASK), say("answer"), say("desk", side=Side.DESK, kind=Kind.ASK))
    await post(db, say("ben's", kind=Kind.ASK), sender=BEN)

    def rules(story: Story, event: Event, house: House) -> Decision:
        if event.payload.words == "first":  # type: ignore[union-attr]
            return Decision(story, (say("reminder", kind=Kind.REMINDER), say("kept")))
        return Decision(story, (say("bye", kind=Kind.ASK),), silence=frozenset({"ask", "reminder"}))

    await accept(db, said("first"), said("stop"))
    await turn_all(db, rules=rules)
    assert texts(await db.claim("telegram", 9, T0)) == ["answer", "desk", "ben's", "kept", "bye"]


# ---------------------------------------------------------------- what a story shows


async def test_a_story_shows_the_latest_and_the_unfinished(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer

    def rules(story: Story, event: Event, house: House) -> Decision:
        numbers = range(1000, 1030)
        states = {1001: AskState.PLANNED, 1002: AskState.REMINDED}
        return Decision(
            replace(
                story,
                purchases=tuple(purchase(n) for n in numbers),
                asks=tuple(ask(n, states.get(n, AskState.EXPIRED), sent_at=T0 - (1030 - n) * DAY / 4) for n in numbers),
                cases=tuple(case(n, CaseState.OPEN if n == 2001 else CaseState.RESOLVED) for n in range(2000, 2008)),
            ),
            interactions=tuple(line(str(n)) for n in range(20)),
        )

    await turn_all(db, rules=rules)
    story = await story_of(db, customer)
    assert [p.id for p in story.purchases] == [1001, 1002, *range(1010, 1030)]
    assert [a.id for a in story.asks] == [1001, 1002, *range(1025, 1030)]
    assert [c.id for c in story.cases] == [2001, 2005, 2006, 2007]
    assert story.cases_ever == 8
    assert [i.text for i in story.interactions] == [str(n) for n in range(8, 20)]
    assert story.asked == tuple(T0 - (1030 - n) * DAY / 4 for n in range(1002, 1030))
    assert (story.standing.orders, story.standing.value) == (30, Decimal("3000.00"))


async def test_an_order_report_brings_its_own_purchase_into_the_story(db: Database) -> None:
    accepted = (await accept(db, order("first")))[0]
    await turn_all(
        db,
        rules=changing(
            purchases=lambda event: (purchase(event.id, "first"), *(purchase(1000 + n) for n in range(25))),
        ),
    )
    seen: list[list[str]] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append([one.order_id for one in story.purchases])
        return Decision(story)

    await accept(db, said(sender=Sender("web", "other")))
    await accept(db, order("first", kind="refunded"))
    await turn_all(db, rules=rules)
    assert any(orders[0] == "first" and len(orders) == 21 for orders in seen)
    assert accepted.customer == await db.find_customer("ana@example.com")


async def test_unknown_fields_of_an_order_are_kept(db: Database) -> None:
    accepted = (
        await accept(db, order("1001", extra={"gift": True}), order("1001", kind="delivered", extra={"by": "dhl"}))
    )[0]

    def rules(story: Story, event: Event, house: House) -> Decision:
        known = story.purchases or (purchase(event.id, "1001"),)
        return Decision(replace(story, purchases=known))

    await turn_all(db, rules=rules)
    export = await db.export(accepted.customer)
    assert export is not None
    assert export["purchases"][0]["extra"] == [{"paid": {"gift": True}}, {"delivered": {"by": "dhl"}}]


async def test_notes_and_feedback_are_written(db: Database) -> None:
    customer = (await accept(db, said()))[0].customer
    feedback = Feedback(T0, None, 2, "broken", "negative", -0.5, 0.9, counts_unhappy=True)
    await turn_all(db, rules=deciding(feedback=(feedback,), notes=(Note(T0, CaseId(1), "Zoe", "careful"),)))
    export = await db.export(customer)
    assert export is not None
    assert [(f["rating"], f["text"], f["score"]) for f in export["feedback"]] == [(2, "broken", -0.5)]
    lines = await db.conversation(customer, 9, inside=True)
    assert [(one.text, one.name, one.inside) for one in lines] == [("careful", "Zoe", True)]
