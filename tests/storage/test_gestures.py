"""Gestures: a code is given once and a budget is kept, whoever gives at the same moment; sums outlive the person."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.case import CaseState
from bot.domain.decide import decide
from bot.domain.event import AgentSaid, ByCase, ByCustomer, Event, Sender
from bot.domain.gesture import Gesture, GestureKind, GestureState
from bot.domain.ids import CaseId, CustomerId, GestureId, StaffId
from bot.domain.message import Kind, Ref
from bot.domain.money import Money
from bot.domain.partner_event import PartnerEvent
from bot.domain.staff import Role
from bot.domain.story import Decision, House, Story, Timer
from bot.errors import LaneBusy, LeaseLost
from bot.ports import Imported, PoolRow
from bot.program import Program, parse_program
from storage.database import Database
from storage.gestures import new_code
from storage.migrating import MIGRATIONS, migrate, schema_state
from storage.saving import save
from storage.session import Session
from storage.statements import Query
from storage.turn import OpenTurn, begin
from tests.storage.conftest import Opener
from tests.storage.steps import (
    AGENT,
    ANA,
    BEN,
    DAY,
    MINUTE,
    SECRET,
    T0,
    Rules,
    accept,
    case,
    changing,
    incoming,
    order,
    said,
    story_of,
    turn_all,
)

TWENTY = Money(Decimal("20.00"), "EUR")
POOL = ["A-1", "A-2", "A-3"]
FOREVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def rules_of(program: Program, now: datetime = T0) -> Rules:
    def rules(story: Story, event: Event, house: House) -> Decision:
        return decide(story, event, None, house, program, now)

    return rules


async def claimed(db: Database, sender: Sender = ANA) -> CustomerId:
    """A sender's customer, whose case Zoe holds. The case carries the number of its customer."""
    staff = await db.seat(AGENT.channel, AGENT.external, Role.AGENT, "Zoe")
    accepted = await accept(db, said("hi", sender))
    number = accepted[0].customer
    await turn_all(db, rules=changing(cases=(case(number, CaseState.CLAIMED, staff.id, owner_name="Zoe"),)))
    return number


def asking(customer: CustomerId, words: str = "/gift 20 sorry", key: str = "", ref: str = "") -> Any:
    place = Ref("telegram", "-100", ref) if ref else None
    return incoming(AgentSaid(AGENT, "telegram", words, place, case=CaseId(customer)), ByCase(CaseId(customer)), key)


async def stock(db: Database, *codes: str, worth: Money = TWENTY, until: datetime | None = None) -> Imported:
    return await db.import_codes(codes or POOL, worth, until, T0)


async def give(db: Database, customer: CustomerId, words: str = "/gift 20 sorry", now: datetime = T0) -> None:
    await accept(db, asking(customer, words))
    await turn_all(db, now, rules_of(db._program, now))


async def given(db: Database) -> list[Gesture]:
    return await db.gestures(*FOREVER)


async def codes(db: Database) -> list[str]:
    return [gesture.code for gesture in await given(db)]


def gesture(customer: CustomerId, number: int = 900, **more: Any) -> Gesture:
    made = Gesture(
        GestureId(number), GestureKind.COUPON, customer, CaseId(1), StaffId(4), "Zoe", T0, GestureState.GRANTED,
        "sorry", TWENTY, f"CODE-{number}", T0 + 90 * DAY, None, Ref("telegram", "-100", "5"),
    )  # fmt: skip
    return replace(made, **more)


async def keep(db: Database, customer: CustomerId, *gestures: Gesture, **more: Any) -> None:
    """Into the ledger as they are."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(replace(story, gestures=(*story.gestures, *gestures)), **more)

    await accept(db, incoming(AgentSaid(AGENT, "telegram", "x"), ByCustomer(customer)))
    await turn_all(db, rules=rules)


# ---------------------------------------------------------------- the ledger


async def test_a_line_of_the_ledger_is_kept_as_it_was_made(opened: Opener) -> None:
    db, other = await opened(), await opened()
    ana = await claimed(db)
    task = gesture(ana, 901, kind=GestureKind.CARD, state=GestureState.OPEN, worth=None, code="", expires_at=None)
    made = [gesture(ana), task, gesture(ana, 902, worth=Money(Decimal("0.0001"), "KWD"), ref=None, words="♥ \n")]
    await keep(db, ana, *made)
    assert await given(other) == made
    assert list((await story_of(other, ana)).gestures) == made
    assert await other.gesture_tasks() == [task]


async def test_what_became_of_it_changes_and_nothing_else_does(db: Database) -> None:
    ana = await claimed(db)
    await keep(db, ana, gesture(ana))
    failed = replace(gesture(ana), state=GestureState.FAILED)
    changed = replace(failed, words="other", code="OTHER", author="Boris")
    await accept(db, incoming(AgentSaid(AGENT, "telegram", "x"), ByCustomer(ana)))
    await turn_all(db, rules=changing(gestures=(changed,)))
    assert await given(db) == [failed]


async def test_a_story_has_the_latest_twenty(db: Database) -> None:
    ana, ben = await claimed(db), await claimed(db, BEN)
    made = [gesture(ana, number) for number in range(900, 925)]
    await keep(db, ana, *made)
    assert list((await story_of(db, ana)).gestures) == made[-20:]
    assert (await story_of(db, ben)).gestures == ()


async def test_an_export_shows_what_was_given(db: Database) -> None:
    ana = await claimed(db)
    await keep(db, ana, gesture(ana))
    export = await db.export(ana)
    assert export is not None
    assert export["gestures"] == [
        {
            "gesture": 900,
            "at": T0.isoformat(),
            "kind": "coupon",
            "state": "granted",
            "amount": "20.00",
            "currency": "EUR",
            "code": "CODE-900",
            "expires_at": (T0 + 90 * DAY).isoformat(),
            "words": "sorry",
            "agent": "Zoe",
            "case": 1,
            "done_at": None,
            "reward": None,
            "redeemed_at": None,
        }
    ]


async def test_a_task_is_done_once(db: Database) -> None:
    ana = await claimed(db)
    await give(db, ana, "/card get well soon")
    (task,) = await db.gesture_tasks()
    assert (task.kind, task.words, task.customer) == (GestureKind.CARD, "get well soon", ana)
    assert await db.finish_task(task.id, T0 + MINUTE)
    assert not await db.finish_task(task.id, T0 + DAY)
    assert not await db.finish_task(12345, T0)
    assert await db.gesture_tasks() == []
    assert await given(db) == [replace(task, state=GestureState.DONE, done_at=T0 + MINUTE)]


# ---------------------------------------------------------------- codes


async def test_codes_are_brought_once(db: Database) -> None:
    assert await stock(db, "A", "B", "A") == Imported(2, 0)
    assert await stock(db, "A", "B", "C") == Imported(1, 2)
    assert await stock(db, "A", "D", worth=Money(Decimal(50), "EUR")) == Imported(1, 0, ("A",))
    assert await stock(db, "B", worth=Money(Decimal(20), "USD")) == Imported(0, 0, ("B",))
    assert await db.pool(T0) == [PoolRow(TWENTY, 3, 0), PoolRow(Money(Decimal("50.00"), "EUR"), 1, 0)]


async def test_two_who_bring_the_same_codes_bring_them_once(opened: Opener) -> None:
    one, other = await opened(), await opened()
    many = [f"C-{n}" for n in range(200)]
    done = await asyncio.gather(stock(one, *many), stock(other, *reversed(many)))
    assert sum(each.new for each in done) == 200
    assert await one.pool(T0) == [PoolRow(TWENTY, 200, 0)]


async def test_a_gift_takes_a_code_from_the_pool_and_tells_the_shop(db: Database) -> None:
    ana = await claimed(db)
    await accept(db, order())
    await stock(db)
    await give(db, ana)
    (one,) = await given(db)
    assert (one.code, one.worth, one.words, one.author) == ("A-1", TWENTY, "sorry", "Zoe")
    assert await db.pool(T0) == [PoolRow(TWENTY, 2, 1)]
    (told,) = await db.partner_events()
    assert (told.type, told.key, told.at) == ("gesture.granted", f"gesture:{one.id}:{one.id}", T0)
    assert (told.body["code"], told.body["amount"], told.body["currency"]) == ("A-1", "20.00", "EUR")
    (parcel,) = [each for each in await db.claim("telegram", 9, T0) if each.message.kind is Kind.GIFT]
    assert "A-1" in parcel.message.text


async def test_the_same_message_three_times_gives_once(db: Database) -> None:
    ana = await claimed(db)
    await stock(db)
    for _ in range(3):
        await accept(db, asking(ana, key="update:7", ref="5"))
        await turn_all(db, rules=rules_of(db._program))
    assert await codes(db) == ["A-1"]
    await accept(db, asking(ana, key="another key", ref="5"))
    await turn_all(db, rules=rules_of(db._program))
    assert await codes(db) == ["A-1"]
    assert len(await db.partner_events()) == 1


async def test_gifts_of_one_batch_take_different_codes_and_one_budget(db: Database) -> None:
    people = [await claimed(db, Sender("telegram", str(number), "P")) for number in range(600, 608)]
    await stock(db, *(f"C-{n}" for n in range(9)))
    await accept(db, *(asking(who) for who in people))
    await turn_all(db, rules=rules_of(db._program))
    assert sorted(await codes(db)) == [f"C-{n}" for n in range(5)]
    assert sum(one.spent for one in await given(db)) == 100


async def test_a_pool_that_runs_dry_in_a_batch_gives_what_it_has(db: Database) -> None:
    people = [await claimed(db, Sender("telegram", str(number), "P")) for number in range(600, 605)]
    await stock(db)
    await accept(db, *(asking(who) for who in people))
    await turn_all(db, rules=rules_of(db._program))
    assert sorted(await codes(db)) == POOL


async def test_a_turn_that_breaks_leaves_the_code_in_the_pool(db: Database) -> None:
    ana = await claimed(db)
    await stock(db)
    await accept(db, asking(ana))
    unknown = Timer("k", T0, object())  # type: ignore[arg-type] # found out only when the gift is written already

    def rules(story: Story, event: Event, house: House) -> Decision:
        return replace(rules_of(db._program)(story, event, house), timers=(unknown,))

    with pytest.raises(KeyError):
        await turn_all(db, rules=rules)
    assert await codes(db) == []
    assert await db.pool(T0) == [PoolRow(TWENTY, 3, 0)]
    assert await db.partner_events() == []
    await turn_all(db, rules=rules_of(db._program))
    assert await codes(db) == ["A-1"]


async def work(db: Database, pause: float = 0.0) -> None:
    """A worker among others: turns until nothing is due; who finds another one giving tries again."""
    while True:
        try:
            batch = await db.due(4, T0, "worker")
            if not batch.events:
                return
            async with db.turn(batch, T0) as turn:
                for event in turn.events:
                    turn.decided(event, rules_of(db._program)(turn.story(event.customer), event, turn.house))
                await asyncio.sleep(pause)
        except (LaneBusy, LeaseLost):
            await asyncio.sleep(0.005)


async def test_workers_at_the_same_time_never_give_a_code_twice_nor_more_than_the_budget(opened: Opener) -> None:
    workers = [await opened() for _ in range(4)]
    db = workers[0]
    people = [await claimed(db, Sender("telegram", str(number), "P")) for number in range(600, 624)]
    await stock(db, *(f"C-{n}" for n in range(24)))
    await accept(db, *(asking(who, "/gift 20 a") for who in people))
    await asyncio.gather(*(work(each, pause=0.002) for each in workers))
    found = await codes(db)
    assert len(found) == len(set(found)) == 5
    assert await db.pool(T0) == [PoolRow(TWENTY, 19, 5)]


async def test_workers_at_the_same_time_share_one_budget_when_no_code_keeps_them_apart(opened: Opener) -> None:
    made_anew = parse_program('[gifts]\nrule = "random"')
    workers = [await opened(made_anew) for _ in range(4)]
    db = workers[0]
    people = [await claimed(db, Sender("telegram", str(number), "P")) for number in range(600, 616)]
    await accept(db, *(asking(who, "/gift 20 a") for who in people))
    await asyncio.gather(*(work(each, pause=0.02) for each in workers))
    assert sum(one.spent for one in await given(db)) == 100


async def test_workers_at_the_same_time_share_the_last_codes(opened: Opener) -> None:
    rich = parse_program('[gifts]\nmonthly_budget = "9999"')
    workers = [await opened(rich) for _ in range(4)]
    db = workers[0]
    people = [await claimed(db, Sender("telegram", str(number), "P")) for number in range(600, 616)]
    await stock(db, *(f"C-{n}" for n in range(10)))
    await accept(db, *(asking(who, "/gift 20 a") for who in people))
    await asyncio.gather(*(work(each, pause=0.002) for each in workers))
    assert sorted(await codes(db)) == [f"C-{n}" for n in range(10)]


async def test_while_one_worker_gives_another_comes_back_later(shared: Opener) -> None:
    one, other = await shared(), await shared()
    ana, ben = await claimed(one), await claimed(one, BEN)
    await stock(one)
    await accept(one, asking(ana))
    first = await one.due(4, T0, "one")
    await accept(one, asking(ben))
    second = await other.due(4, T0, "other")
    assert [event.customer for event in (*first.events, *second.events)] == [ana, ben]
    async with one.turn(first, T0):
        with pytest.raises(LaneBusy):
            async with other.turn(second, T0):
                pass
    await work(other)
    assert await codes(one) == ["A-1", "A-2"]


async def test_a_code_that_vanished_meanwhile_is_not_given(db: Database) -> None:
    ana = await claimed(db)
    await stock(db)
    await accept(db, asking(ana))
    batch = await db.due(4, T0, "w")
    async with db._engine.transaction() as transaction:
        turn = await transaction.begin(begin, batch, await db._view(T0), db._house)
        (event,) = turn.events
        turn.decided(event, rules_of(db._program)(turn.story(ana), event, turn.house))
        with pytest.raises(LaneBusy):
            await transaction.commit(_lost, turn, db)
    assert await codes(db) == []
    assert await db.pool(T0) == [PoolRow(TWENTY, 3, 0)]


async def _lost(session: Session, turn: OpenTurn, db: Database) -> None:
    """The code is deleted before the turn is written."""
    await session.run(Query("DELETE FROM gift_code WHERE code = 'A-1'"))
    await save(session, turn, T0, db._policy)


async def test_codes_that_are_over_or_of_another_currency_stay(db: Database) -> None:
    ana = await claimed(db)
    await stock(db, "OVER", until=T0)
    await stock(db, "USD", worth=Money(Decimal(20), "USD"))
    await give(db, ana)
    assert await codes(db) == []
    await stock(db, "SOON", until=T0 + DAY)
    await give(db, ana)
    (one,) = await given(db)
    assert (one.code, one.expires_at) == ("SOON", T0 + DAY)
    assert [(row.worth.currency, row.free) for row in await db.pool(T0)] == [("EUR", 0), ("USD", 1)]


async def test_a_random_code_is_made_for_each_gift(opened: Opener) -> None:
    db = await opened(parse_program('[gifts]\nrule = "random"\nprefix = "BOOTS"'))
    ana, ben = await claimed(db), await claimed(db, BEN)
    await accept(db, asking(ana, "/gift 12.34 a"), asking(ben, "/gift 20 b"), asking(ben, "/gift nothing"))
    await turn_all(db, rules=rules_of(db._program))
    found = await codes(db)
    assert len(set(found)) == 2
    assert all(re.fullmatch(r"BOOTS(-[2-9A-HJKMNP-Z]{4}){4}", code) for code in found)
    assert sorted(told.body["amount"] for told in await db.partner_events()) == ["12.34", "20.00"]
    assert await db.pool(T0) == []


def test_a_code_may_have_no_prefix() -> None:
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", new_code(""))
    assert len({new_code("X") for _ in range(1000)}) == 1000


# ---------------------------------------------------------------- the budget


async def test_a_budget_is_of_one_agent_and_one_month_of_the_shop(opened: Opener) -> None:
    program = parse_program(
        '[shop]\nname = "B"\ntimezone = "America/New_York"\n[gifts]\nmonthly_budget = "30"\nvalid = "999d"'
    )
    db = await opened(program)
    ana = await claimed(db)
    await stock(db, *(f"C-{n}" for n in range(9)))
    last = datetime(2026, 12, 1, 4, 59, tzinfo=UTC)  # still November in New York
    await give(db, ana, now=T0)
    await give(db, ana, now=last)
    assert len(await codes(db)) == 1
    await give(db, ana, now=last + MINUTE)
    assert len(await codes(db)) == 2
    await give(db, ana, now=last + 2 * MINUTE)
    assert len(await codes(db)) == 2
    boris = await db.seat("telegram", "901", Role.AGENT, "Boris")
    await accept(db, incoming(AgentSaid(AGENT, "telegram", "x"), ByCustomer(ana)))
    await turn_all(db, rules=changing(cases=(case(ana, CaseState.CLAIMED, boris.id),)))
    words = AgentSaid(Sender("telegram", "901", "Boris"), "telegram", "/gift 20", case=CaseId(ana))
    await accept(db, incoming(words, ByCase(CaseId(ana))))
    await turn_all(db, last + 3 * MINUTE, rules_of(program, last + 3 * MINUTE))
    assert [one.author for one in await given(db)] == ["Zoe", "Zoe", "Boris"]


async def test_what_failed_and_what_was_in_another_currency_does_not_count(db: Database) -> None:
    ana = await claimed(db)
    staff = (await db.staff())[0].id
    await stock(db)
    others = [
        gesture(ana, 900, staff=staff, worth=Money(Decimal(90), "EUR"), state=GestureState.FAILED),
        gesture(ana, 901, staff=staff, worth=Money(Decimal(90), "USD")),
        gesture(ana, 902, staff=staff, kind=GestureKind.CARD, worth=None, code="", state=GestureState.OPEN),
        gesture(ana, 903, staff=StaffId(staff + 1), worth=Money(Decimal(90), "EUR")),
        gesture(ana, 904, staff=staff, worth=Money(Decimal(80), "EUR")),
    ]
    await keep(db, ana, *others)
    await give(db, ana)
    assert "A-1" in await codes(db)
    await give(db, ana, "/gift 0.01")
    assert len(await given(db)) == 6


# ---------------------------------------------------------------- the person


async def test_sums_outlive_the_person(db: Database) -> None:
    ana, ben = await claimed(db), await claimed(db, BEN)
    await stock(db)
    for who in (ana, ben):
        await give(db, who)
    await give(db, ana, "/card for the newborn")
    mine, other, card = await given(db)
    await db.forget(ana, T0 + DAY, SECRET)
    blank: dict[str, Any] = {"words": "", "code": "", "ref": None}
    assert await given(db) == [replace(mine, **blank), other, replace(card, **blank, state=GestureState.CANCELLED)]
    assert sum(one.spent for one in await given(db)) == 40
    assert await db.gesture_tasks() == []
    assert await db.pool(T0) == [PoolRow(TWENTY, 1, 2)]
    assert await stock(db, mine.code) == Imported(0, 1)
    told = {each.body["gesture"]: each.body for each in await db.partner_events()}
    assert not {"customer", "case", "words"} & told[mine.id].keys()
    assert (told[mine.id]["code"], told[mine.id]["amount"]) == (mine.code, "20.00")
    assert not {"customer", "case", "words"} & told[card.id].keys()
    assert told[other.id]["words"] == "sorry"

    async def mine_still(session: Session) -> Sequence[Any]:
        return await session.rows(Query("SELECT id FROM partner_event WHERE customer_id = $1"), ana)

    assert list(await db._engine.read(mine_still)) == []


async def test_erasing_in_the_same_turn_leaves_no_words(db: Database) -> None:
    ana = await claimed(db)
    told = PartnerEvent("k", "gesture.granted", T0, {"gesture": 900, "words": "sorry", "customer": {"id": ana}})
    await keep(db, ana, gesture(ana), partner_events=(told,), erase=True)
    (one,) = await given(db)
    assert (one.words, one.code, one.worth) == ("", "", TWENTY)
    assert [each.body for each in await db.partner_events()] == [{"gesture": 900}]


async def test_nothing_is_kept_about_somebody_erased_meanwhile(db: Database) -> None:
    ana = await claimed(db)
    await db.forget(ana, T0, SECRET)
    told = PartnerEvent("k", "gesture.granted", T0, {"words": "sorry"})
    await keep(db, ana, gesture(ana), partner_events=(told,))
    assert await given(db) == []
    assert await db.partner_events() == []


async def test_gestures_move_with_a_merge_and_come_back(db: Database) -> None:
    ana, ben = await claimed(db), await claimed(db, BEN)
    await stock(db)
    await give(db, ben)
    await db.merge(ana, ben, T0)
    assert [one.code for one in (await story_of(db, ana)).gestures] == ["A-1"]
    await db.unmerge(ana, T0)
    assert (await story_of(db, ana)).gestures == ()
    assert [one.customer for one in (await story_of(db, ben)).gestures] == [ben]
    await db.forget(ben, T0, SECRET)
    assert [each.body.get("words") for each in await db.partner_events()] == [None]


async def test_partners_are_told_each_key_once(db: Database) -> None:
    ana = await claimed(db)
    told = [PartnerEvent(key, "gesture.granted", T0, {"n": number}) for number, key in enumerate("aab")]
    await keep(db, ana, partner_events=tuple(told))
    await keep(db, ana, partner_events=tuple(told))
    assert [(each.key, each.body["n"]) for each in await db.partner_events()] == [("a", 0), ("b", 2)]
    assert len(await db.partner_events(1)) == 1


async def test_a_batch_without_gifts_asks_for_no_shelf(db: Database) -> None:
    ana = await claimed(db)
    await stock(db)
    seen: list[House] = []

    def rules(story: Story, event: Event, house: House) -> Decision:
        seen.append(house)
        return Decision(story)

    await accept(db, incoming(AgentSaid(AGENT, "telegram", "/note 20"), ByCustomer(ana)))
    await turn_all(db, rules=rules)
    await accept(db, asking(ana))
    await turn_all(db, rules=rules)
    assert [len(house.shelf.coupons) for house in seen] == [0, 1]


# ---------------------------------------------------------------- the schema


async def test_a_database_of_the_second_schema_keeps_what_it_has(url: str, opened: Opener) -> None:
    db = await opened()
    ana = await claimed(db)
    await db.stop()

    def run(connection: sa.Connection) -> Iterable[str]:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        return sa.inspect(connection).get_table_names()

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        names = await connection.run_sync(run)
    assert not {"gesture", "gift_code", "partner_event"} & set(names)
    assert (await schema_state(url)).current == "0002"
    await migrate(url)
    again = await opened()
    await stock(again)
    await give(again, ana)
    assert await codes(again) == ["A-1"]
