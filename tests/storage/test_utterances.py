"""What agents said: kept with its copies, found again for a change, never sent after it was recalled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.event import AgentSaid, AgentTapped, ByCustomer, DeliveryReported, Event, Said, Sender
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId, StaffId
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.message import Kind, Message, Ref, Side
from bot.domain.story import Decision, House, Outgoing, Replied, Story
from bot.domain.utterance import Unsent, Utterance
from bot.ports import Delivery, Mark, Outcome
from storage.database import Database
from storage.session import Session
from storage.statements import Query
from storage.utterances import REMEMBERED
from tests.storage.steps import AGENT, ANA, BEN, MINUTE, SECRET, T0, Rules, accept, incoming, meet, said, sent, turn_all

OWN = Ref("telegram", "-100", "55")
SECOND = timedelta(seconds=1)


def utterance(number: int, text: str = "hello", **more: object) -> Utterance:
    made = Utterance(
        EventId(number), CaseId(3), StaffId(4), "Zoe", "telegram", text, T0, (OWN,), copies=(EventId(number),)
    )
    return replace(made, **more)  # type: ignore[arg-type]


def relay(text: str = "hello", **more: object) -> Outgoing:
    message = Message(Kind.RELAY, text, **more)  # type: ignore[arg-type]
    return Outgoing(Side.CUSTOMER, "telegram", message, CaseId(3), receipt=True, agent_ref=OWN)


def speaking(text: str = "hello") -> Rules:
    """Rules by which an agent's words are kept and go out."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        if not isinstance(event.payload, AgentSaid):
            return Decision(story)
        line = Interaction(T0, "telegram", Direction.OUT, Author.AGENT, "relay", text, author_name="Zoe")
        return Decision(
            replace(story, utterances=(*story.utterances, utterance(event.id, text))),
            outgoing=(relay(text),), interactions=(line,),
        )  # fmt: skip

    return rules


async def speak(db: Database, customer: CustomerId, text: str = "hello") -> EventId:
    """An agent says something; returns its number."""
    in_thread = incoming(AgentSaid(AGENT, "telegram", text, OWN), ByCustomer(customer))
    (accepted,) = await accept(db, in_thread)
    await turn_all(db, rules=speaking(text))
    return accepted.event


async def stories_of(db: Database, *things: object, customer: CustomerId) -> list[Story]:
    """The stories that the rules see for these payloads."""
    seen: list[Story] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append(story)
        return Decision(story)

    await accept(db, *(incoming(thing, ByCustomer(customer)) for thing in things))  # type: ignore[arg-type]
    await turn_all(db, T0 + MINUTE, rules)
    return seen


def edit(ref: Ref = OWN) -> AgentSaid:
    return AgentSaid(AGENT, "telegram", "changed", ref, edited=True)


async def test_what_was_said_is_there_for_those_events_that_are_about_it(db: Database) -> None:
    ana = await meet(db)
    number = await speak(db, ana)
    told = DeliveryReported(OutboxId(1), "unsend", "customer", "telegram", "delivered", about=number)
    for payload, known in (
        (edit(), True),
        (AgentSaid(AGENT, "telegram", "/unsend", OWN), True),
        (AgentTapped(AGENT, "telegram", "amend", CaseId(3), about=number), True),
        (told, True),
        (AgentSaid(AGENT, "telegram", "ordinary words"), False),
        (Said(ANA, "hi"), False),
    ):
        (story,) = await stories_of(db, payload, customer=ana)
        assert story.utterances == ((utterance(number),) if known else ()), payload


async def test_of_many_only_the_latest_and_the_named_one_are_read(db: Database) -> None:
    ana = await meet(db)
    numbers = [EventId(number) for number in range(10_000, 10_000 + REMEMBERED + 3)]

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(replace(story, utterances=tuple(utterance(number) for number in numbers)))

    await accept(db, incoming(edit(), ByCustomer(ana)))
    await turn_all(db, rules=rules)
    (story,) = await stories_of(db, AgentTapped(AGENT, "telegram", "amend", about=numbers[1]), customer=ana)
    assert [each.id for each in story.utterances] == [numbers[1], *numbers[-REMEMBERED:]]


async def test_a_change_of_state_is_kept(db: Database) -> None:
    ana = await meet(db)
    number = await speak(db, ana)
    changed = utterance(number, "better", amended="best", unsent=Unsent.ASKED, copies=(number, EventId(99)))

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(replace(story, utterances=(changed,)))

    await accept(db, incoming(edit(), ByCustomer(ana)))
    await turn_all(db, rules=rules)
    (story,) = await stories_of(db, edit(), customer=ana)
    assert story.utterances == (changed,)


async def test_it_moves_with_a_merge_and_goes_with_an_erasure(db: Database) -> None:
    ana, ben = await meet(db), await meet(db, BEN)
    await speak(db, ana)
    await db.merge(ben, ana, T0)
    (story,) = await stories_of(db, edit(), customer=ben)
    assert len(story.utterances) == 1
    await db.unmerge(ben, T0)
    (story,) = await stories_of(db, edit(), customer=ana)
    assert len(story.utterances) == 1
    await db.forget(ana, T0, SECRET)

    async def left(session: Session) -> int:
        return int((await session.rows(Query("SELECT count(*) FROM utterance")))[0][0])

    assert await db._engine.read(left) == 0


# ---------------------------------------------------------------- recalled


def taking_back(number: EventId) -> Rules:
    """Rules by which words are recalled and taken back."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        message = Message(Kind.UNSEND, about=(number,))
        back = Outgoing(Side.CUSTOMER, "telegram", message, CaseId(3), receipt=True)
        return Decision(story, outgoing=(back,), recall=frozenset({number}))

    return rules


async def take_back(db: Database, customer: CustomerId, number: EventId) -> None:
    await accept(db, incoming(AgentSaid(AGENT, "telegram", "/unsend", reply_to=OWN), ByCustomer(customer)))
    await turn_all(db, rules=taking_back(number))


async def test_words_that_were_not_sent_yet_never_are(db: Database) -> None:
    ana = await meet(db)
    await take_back(db, ana, await speak(db, ana))
    (parcel,) = await db.claim("telegram", 9, T0)
    assert (parcel.message.kind, parcel.copies) == (Kind.UNSEND, ())


async def test_words_of_the_same_turn_are_never_sent_either(db: Database) -> None:
    ana = await meet(db)
    spoken = incoming(AgentSaid(AGENT, "telegram", "oops", OWN), ByCustomer(ana))
    back = incoming(AgentSaid(AGENT, "telegram", "/unsend", reply_to=OWN), ByCustomer(ana))
    (first, _) = await accept(db, spoken, back)

    def rules(story: Story, event: Event, house: House) -> Decision:
        does = speaking("oops") if event.id == first.event else taking_back(first.event)
        return does(story, event, house)

    await turn_all(db, rules=rules)
    assert [parcel.message.kind for parcel in await db.claim("telegram", 9, T0)] == [Kind.UNSEND]


async def test_a_taking_back_waits_for_what_stands_before_it_and_knows_where_it_lies(db: Database) -> None:
    ana = await meet(db)
    number = await speak(db, ana, "You fool")
    (words,) = await db.claim("telegram", 9, T0)
    await take_back(db, ana, number)
    await speak(db, ana, "Sorry")
    assert await db.claim("telegram", 9, T0) == [], "the words are on the wire, so nobody knows where they will lie"
    await db.mark([sent(words)], T0 + SECOND)
    (back,) = await db.claim("telegram", 9, T0 + SECOND)
    assert back.message.kind is Kind.UNSEND
    (copy,) = back.copies
    assert (copy.refs, copy.message.text, copy.sent_at) == (
        (Ref("telegram", "chat", str(words.id)),),
        "You fool",
        T0 + SECOND,
    )
    await db.mark([sent(back)], T0 + SECOND)
    assert [parcel.message.text for parcel in await db.claim("telegram", 9, T0 + SECOND)] == ["Sorry"]
    reports = [e.payload for e in await turn_all(db, T0 + MINUTE) if isinstance(e.payload, DeliveryReported)]
    assert [(each.kind, each.about) for each in reports] == [("relay", None), ("unsend", number)]


async def test_messages_of_every_attempt_are_known(db: Database) -> None:
    ana = await meet(db)
    number = await speak(db, ana)
    (words,) = await db.claim("telegram", 9, T0)
    first, second = Ref("telegram", "1", "1"), Ref("telegram", "1", "2")
    half = Delivery(Outcome.UNCERTAIN, (first,), sent=("words:0",))
    await db.mark([Mark(words, half, T0 + SECOND)], T0)
    (again,) = await db.claim("telegram", 9, T0 + SECOND)
    assert again.refs == (first,)
    await db.mark([Mark(again, Delivery(Outcome.SENT, (second,)))], T0 + SECOND)
    await take_back(db, ana, number)
    (back,) = await db.claim("telegram", 9, T0 + MINUTE)
    assert [(copy.refs, copy.uncertain) for copy in back.copies] == [((first, second), True)]


# ---------------------------------------------------------------- waiting


async def test_an_agents_words_that_wait_long_are_told_once(db: Database) -> None:
    ana = await meet(db)
    await speak(db, ana)
    waits = Delivery(Outcome.WAIT, why="Telegram asks to wait")
    now = T0
    for pause in (SECOND, 10 * SECOND, 10 * SECOND):
        (words,) = await db.claim("telegram", 9, now)
        await db.mark([Mark(words, waits, now + pause)], now)
        now += pause
    reports = [e.payload for e in await turn_all(db, now) if isinstance(e.payload, DeliveryReported)]
    assert [(each.outcome, each.why) for each in reports] == [("waits", "Telegram asks to wait")]


# ---------------------------------------------------------------- replies


async def test_a_reply_finds_the_same_words_on_the_other_side(db: Database) -> None:
    ana = await meet(db)
    own, copy, shown = Ref("telegram", "501", "7"), Ref("telegram", "501", "8"), Ref("telegram", "-100", "60")

    def hearing(story: Story, event: Event, house: House) -> Decision:
        to_desk = Outgoing(Side.DESK, "telegram", Message(Kind.RELAY, "Ana: it broke"), CaseId(3))
        line = Interaction(T0, "telegram", Direction.IN, Author.CUSTOMER, "message", "it broke", ref=own)
        return Decision(story, outgoing=(to_desk,), interactions=(line,))

    await accept(db, said("it broke"))
    await turn_all(db, rules=hearing)
    (parcel,) = await db.claim("telegram", 9, T0)
    await db.mark([Mark(parcel, Delivery(Outcome.SENT, (shown,)))], T0)
    await speak(db, ana, "a new one leaves today")
    (words,) = await db.claim("telegram", 9, T0)
    await db.mark([Mark(words, Delivery(Outcome.SENT, (copy,)))], T0)
    await turn_all(db)
    for payload, found in (
        (AgentSaid(AGENT, "telegram", "really?", reply_to=shown), Replied(shown, own, "it broke")),
        (AgentSaid(AGENT, "telegram", "by post", reply_to=OWN), Replied(OWN, copy, "a new one leaves today")),
        (Said(ANA, "thanks", reply_to=copy), Replied(copy, OWN, "a new one leaves today")),
        (Said(ANA, "badly", reply_to=own), Replied(own, shown, "it broke")),
    ):
        (story,) = await stories_of(db, payload, customer=ana)
        assert story.replied == (found,), payload
    inside = AgentSaid(AGENT, "telegram", "hm", reply_to=Ref("telegram", "-100", "61"))
    (story,) = await stories_of(db, inside, customer=ana)
    assert story.replied == (), "words that stayed inside are never found"
    ben = await meet(db, BEN)
    (story,) = await stories_of(db, AgentSaid(Sender("telegram", "9"), "telegram", "hm", reply_to=shown), customer=ben)
    assert story.replied == (), "nor are another customer's"


# ---------------------------------------------------------------- what pages show


async def test_the_customer_has_corrected_words_and_none_that_were_taken_back(db: Database) -> None:
    ana = await meet(db)
    first, second = await speak(db, ana, "wrong"), await speak(db, ana, "rude")

    def rules(story: Story, event: Event, house: House) -> Decision:
        changed = (utterance(first, "right"), utterance(second, "rude", unsent=Unsent.DONE, amended="ruder"))
        lines = tuple(
            Interaction(T0, "telegram", Direction.OUT, Author.AGENT, kind, text)
            for kind, text in (("amendment", "right"), ("unsend", "rude"))
        )
        return Decision(replace(story, utterances=changed), interactions=lines)

    await accept(db, incoming(edit(), ByCustomer(ana)))
    await turn_all(db, rules=rules)
    theirs = await db.conversation(ana, 20, inside=False)
    assert [(line.text, line.utterance, line.amended) for line in theirs] == [("right", 0, "")]
    ours = await db.conversation(ana, 20, inside=True)
    assert [(line.kind, line.text, line.unsent) for line in ours] == [
        ("relay", "wrong", ""),
        ("relay", "rude", "done"),
        ("amendment", "right", ""),
    ]
    assert (ours[1].utterance, ours[1].staff, ours[1].ref) == (second, 4, OWN)
