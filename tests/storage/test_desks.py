"""What the store does for desks: whose lines go first, what waits there, threads that nobody kept, history in brief."""

from __future__ import annotations

from bot.domain.event import AgentSaid, ByCase, ByCustomer, ByThread, Event, Incoming, Sender
from bot.domain.ids import CaseId, CustomerId, EventId
from bot.domain.interaction import Author, Direction, Interaction, Note
from bot.domain.message import Attachment, Media, Side
from bot.domain.story import Decision, House, Outgoing, Story
from bot.ports import Delivery, Mark, Outcome, Thread
from storage.database import Database
from tests.storage.steps import (
    ANA,
    BEN,
    MINUTE,
    T0,
    accept,
    case,
    changing,
    deciding,
    incoming,
    meet,
    post,
    said,
    say,
    sent,
    take_turn,
    texts,
    turn_all,
)

KIM = Sender("telegram", "900", "Kim")
CY = Sender("telegram", "503", "Cy")


async def three(db: Database) -> dict[str, CustomerId]:
    """Ana, Ben and Cy, with cases of 100, 900 and 500."""
    found = {}
    for number, (name, sender, weight) in enumerate((("ana", ANA, 100), ("ben", BEN, 900), ("cy", CY, 500)), start=1):
        found[name] = await meet(db, sender)
        await accept(db, said("x", sender))
        await take_turn(db, T0, changing(cases=(case(number, priority=weight),)))
    return found


def line(words: str, number: int, channel: str = "telegram") -> Outgoing:
    """Something for a case's thread."""
    return say(words, side=Side.DESK, case=CaseId(number), channel=channel)


async def test_of_the_desk_the_most_urgent_threads_go_first_with_all_that_waits_for_them(db: Database) -> None:
    await three(db)
    await post(db, line("a1", 1), line("a2", 1))
    await post(db, line("b1", 2), line("b2", 2), say("to ben"), sender=BEN)
    await post(db, line("c1", 3), sender=CY)
    assert texts(await db.claim("telegram", 9, T0, desk=False)) == ["to ben"]
    assert texts(await db.claim("telegram", 2, T0, desk=True)) == ["b1", "b2", "c1"]
    assert texts(await db.claim("telegram", 2, T0, desk=True)) == ["a1", "a2"]
    assert await db.claim("telegram", 2, T0, desk=True) == []


async def test_who_waits_long_at_the_desk_goes_before_who_weighs_more(db: Database) -> None:
    await three(db)
    await post(db, line("a1", 1))
    await post(db, line("c1", 3), sender=CY, now=T0 + MINUTE * 24 * 60)
    assert texts(await db.claim("telegram", 1, T0 + MINUTE * 24 * 60, desk=True)) == ["a1"]


async def test_the_next_send_and_the_cases_that_wait_are_told_for_the_desk_alone(db: Database) -> None:
    people = await three(db)
    await post(db, say("to ana"))
    assert await db.next_send("telegram", desk=True) is None
    assert await db.next_send("telegram", desk=False) == T0
    assert await db.waiting_cases("telegram") == []
    await post(db, line("a1", 1), line("a2", 1), line("s1", 1, "slack"))
    assert await db.next_send("telegram", desk=True) == T0
    ((customer, number, row),) = await db.waiting_cases("telegram")
    assert (customer, number) == (people["ana"], 1)
    parcels = await db.claim("telegram", 9, T0, desk=True)
    assert row == parcels[0].id
    await db.mark([sent(parcel) for parcel in parcels], T0)
    assert await db.waiting_cases("telegram") == []


async def test_a_desk_that_is_lost_keeps_its_lines(db: Database) -> None:
    await three(db)
    await post(db, line("a1", 1))
    (parcel,) = await db.claim("telegram", 9, T0, desk=True)
    await db.mark([Mark(parcel, Delivery(Outcome.DESK_LOST, why="kicked"), T0)], T0)
    assert texts(await db.claim("telegram", 9, T0, desk=True)) == ["a1"]
    assert await db.dead_letters() == []


def in_thread(thread: str, desk: str = "telegram", otherwise: ByCase | ByCustomer | None = None) -> Incoming:
    """Kim says something in a thread."""
    return incoming(AgentSaid(KIM, desk, "hello"), ByThread(desk, "-100", thread, otherwise))


async def said_in(db: Database) -> list[tuple[int, str]]:
    """Who was spoken of, and in which thread beside the right one."""
    events = await turn_all(db, T0 + MINUTE)
    return [(event.customer, event.payload.astray) for event in events if isinstance(event.payload, AgentSaid)]


async def test_a_thread_that_nobody_kept_becomes_the_customers_own(db: Database) -> None:
    ana = (await three(db))["ana"]
    await accept(
        db,
        in_thread("7"),
        in_thread("8", otherwise=ByCustomer(ana)),
        in_thread("9", otherwise=ByCustomer(CustomerId(999))),
    )
    assert sorted(await said_in(db)) == [(0, ""), (0, ""), (ana, "")]
    assert await db.thread_known("telegram", "-100", "8")
    assert not await db.thread_known("telegram", "-100", "7")
    await post(db, line("a1", 1))
    (parcel,) = await db.claim("telegram", 9, T0, desk=True)
    assert parcel.thread == Thread("telegram", "-100", "8")


async def test_beside_the_thread_that_is_used_another_one_leads_to_the_case_and_is_known_as_astray(
    db: Database,
) -> None:
    ana = (await three(db))["ana"]
    await post(db, line("a1", 1))
    (parcel,) = await db.claim("telegram", 9, T0, desk=True)
    used = Thread("telegram", "-100", "5")
    await db.mark([Mark(parcel, Delivery(Outcome.SENT, thread=used))], T0)
    await accept(db, in_thread("4", otherwise=ByCustomer(ana)))
    assert await said_in(db) == [(ana, "4")]
    await accept(db, in_thread("4"), in_thread("5"))
    assert sorted(await said_in(db)) == [(ana, ""), (ana, "4")]
    await post(db, line("a2", 1))
    assert [p.thread for p in await db.claim("telegram", 9, T0, desk=True)] == [used]


async def test_a_thread_of_a_case_is_found_by_the_case_and_forgotten_when_it_is_gone(db: Database) -> None:
    ben = (await three(db))["ben"]
    await accept(db, in_thread("1.5", "slack", ByCase(CaseId(2))))
    assert await said_in(db) == [(ben, "")]
    await post(db, line("b1", 2, "slack"), sender=BEN)
    (parcel,) = await db.claim("slack", 9, T0, desk=True)
    assert parcel.thread == Thread("slack", "-100", "1.5")
    await db.mark([Mark(parcel, Delivery(Outcome.WAIT), T0)], T0)
    await db.thread_gone("slack", "-100", "1.5")
    (parcel,) = await db.claim("slack", 9, T0, desk=True)
    assert parcel.thread is None


async def test_the_history_in_brief_ends_before_what_happens_now(db: Database) -> None:
    ana = await meet(db, ANA)

    def rules(story: Story, event: Event, house: House) -> Decision:
        spoken = Interaction(T0, "telegram", Direction.IN, Author.CUSTOMER, "message", f"line {event.id}")
        return Decision(story, interactions=(spoken,), notes=(Note(T0, CaseId(1), "Kim", f"note {event.id}"),))

    for _ in range(3):
        await db.accept([said("x", ANA)], T0)
        await take_turn(db, T0, rules)
    lines = await db.conversation(ana, 99, inside=True)
    numbers = sorted({int(each.text.split()[1]) for each in lines if each.text.startswith("line")})
    told = await db.brief(ana, EventId(numbers[-1]), 99)
    assert [each.text for each in told if not each.inside] == [f"line {number}" for number in numbers[:-1]]
    assert [each.text for each in told if each.inside] == [f"note {number}" for number in numbers[:-1]]
    assert len(await db.brief(ana, EventId(numbers[-1]), 1)) == 1


async def test_files_that_stayed_inside_are_kept(db: Database) -> None:
    photo = Attachment(Media.PHOTO, "telegram", "f1", size=3)
    ana = await meet(db, ANA)
    await accept(db, said("x", ANA))
    await turn_all(db, T0, deciding(notes=(Note(T0, CaseId(1), "Kim", "look", "talk", (photo,)),)))
    (line_,) = [each for each in await db.conversation(ana, 9, inside=True) if each.inside]
    assert (line_.text, line_.attachments) == ("look", (photo,))


async def test_the_house_names_every_desk(db: Database) -> None:
    db.desk, db.mirrors = "slack", ("telegram",)
    assert (await db.house()).desks == ("slack", "telegram")
