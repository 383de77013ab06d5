"""Claims that meet, people who leave, who is there: the rules themselves over a real database, on both engines."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.case import CaseState, Rung
from bot.domain.decide import decide
from bot.domain.event import AgentSaid, AgentTapped, ByCase, BySender, Incoming, Said, Sender
from bot.domain.ids import CaseId, CustomerId
from bot.domain.message import Kind, Ref, Side
from bot.domain.staff import Role
from bot.errors import LaneBusy, LeaseLost
from bot.program import parse_program
from sentiment import Scorer, named_scorer
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import ANA, MINUTE, T0, accept, incoming, said, sent, story_of

PROGRAM = parse_program('[sla]\nhours = "Mon-Sun 00:00-00:00"\n[ask]\nafter = "0s"\n')
KIM, BORIS = Sender("telegram", "1", "Kim"), Sender("telegram", "2", "Boris")
SCORER: Scorer = named_scorer("rules")


async def decide_due(db: Database, now: datetime = T0) -> list[str] | None:
    """One turn with the real rules: the events it handled; None when nothing was due."""
    batch = await db.due(64, now, "test")
    if not batch.events:
        return None
    handled = []
    try:
        async with db.turn(batch, now) as turn:
            for event in turn.events:
                words = event.payload.words if isinstance(event.payload, Said) else ""
                verdict = SCORER.score([words])[0] if words and not words.startswith("/") else None
                story = turn.story(event.customer)
                turn.decided(event, decide(story, event, verdict, turn.house, PROGRAM, now))
                handled.append(type(event.payload).__name__)
    except (LaneBusy, LeaseLost):
        return []
    return handled


async def settle(db: Database, now: datetime = T0) -> list[str]:
    """Turn until nothing is due."""
    done: list[str] = []
    while (handled := await decide_due(db, now)) is not None:
        done += handled
    return done


async def unhappy(db: Database) -> tuple[CustomerId, CaseId]:
    """A desk of two, and Ana's case."""
    for who in (KIM, BORIS):
        await db.seat(who.channel, who.external, Role.AGENT, who.name)
    accepted = await accept(db, said("it broke after two days, I want a refund", ANA))
    await settle(db)
    case = (await story_of(db, accepted[0].customer)).cases[-1]
    assert case.state is CaseState.OPEN
    return accepted[0].customer, case.id


def claim(case: CaseId, who: Sender) -> Incoming:
    return incoming(
        AgentTapped(who, "telegram", "claim", case, Ref("telegram", "-1", "9"), f"tap-{who.name}"), ByCase(case)
    )


async def toasts(db: Database, now: datetime = T0) -> dict[str, str]:
    """What each who tapped was answered."""
    found: dict[str, str] = {}
    while parcels := await db.claim("telegram", 50, now):
        found |= {p.message.tap: p.message.text for p in parcels if p.message.kind is Kind.TAP_ANSWER}
        await db.mark([sent(parcel) for parcel in parcels], now)
    return found


@pytest.mark.parametrize("times", range(5))
async def test_of_two_claims_at_once_exactly_one_wins_and_the_other_is_told_who(opened: Opener, times: int) -> None:
    one = await opened(PROGRAM)
    two = await opened(PROGRAM) if one.dialect == "postgresql" else one
    customer, case = await unhappy(one)
    await toasts(one)
    order = (KIM, BORIS) if times % 2 else (BORIS, KIM)
    await asyncio.gather(*(accept(db, claim(case, who)) for db, who in zip((one, two), order, strict=True)))
    await asyncio.gather(settle(one), settle(two), settle(one), settle(two))
    await settle(one)
    held = (await story_of(one, customer)).cases[-1]
    assert held.state is CaseState.CLAIMED
    winner = held.owner_name
    loser = {"Kim": "Boris", "Boris": "Kim"}[winner]
    answers = await toasts(one)
    assert answers == {f"tap-{winner}": "", f"tap-{loser}": f"{winner} has this case already."}


async def test_the_promise_and_the_offer_are_events_with_a_due_time(db: Database) -> None:
    _, case = await unhappy(db)
    moments = (T0 + 4 * MINUTE, T0 + 6 * MINUTE, T0 + 12 * MINUTE, T0 + 16 * MINUTE, T0 + timedelta(days=2))
    kinds = [await settle(db, at) for at in moments]
    assert kinds[:3] == [[], ["LadderDue"], ["PromiseDue"]]
    assert sorted(kinds[3]) == ["LadderDue", "PromiseDue"]
    assert kinds[4] == ["PromiseDue", "PromiseDue"]  # the resolution: the warning, then the breach
    row = (await db.queue(T0 + timedelta(days=2)))[0]
    assert (row.case, row.breaches) == (case, ("first_reply", "resolution"))


async def test_who_loses_the_role_gives_open_cases_back_at_once(db: Database) -> None:
    customer, case = await unhappy(db)
    await accept(db, claim(case, KIM))
    await settle(db)
    assert (await story_of(db, customer)).cases[-1].owner_name == "Kim"
    await toasts(db)
    assert await db.unseat("telegram", "1")
    await settle(db)
    free = (await story_of(db, customer)).cases[-1]
    assert (free.state, free.owner, free.offer) == (CaseState.OPEN, None, "offered to Boris: is next")
    parcels = await db.claim("telegram", 50, T0)
    assert any("Kim is not on the team any more" in p.message.text for p in parcels)
    assert not any(p.side is Side.CUSTOMER for p in parcels)
    assert await db.free_abandoned() == 0


async def test_who_keeps_a_role_from_elsewhere_keeps_the_cases(db: Database) -> None:
    customer, case = await unhappy(db)
    await db.seat("telegram", "1", Role.AGENT, source="settings")
    await accept(db, claim(case, KIM))
    await settle(db)
    await db.unseat("telegram", "1", Role.AGENT, source="settings")
    await settle(db)
    assert (await story_of(db, customer)).cases[-1].owner_name == "Kim"


async def test_a_claim_after_the_role_is_gone_does_not_count(opened: Opener) -> None:
    running = await opened(PROGRAM)
    command = await opened(PROGRAM) if running.dialect == "postgresql" else running
    customer, case = await unhappy(running)
    await accept(running, claim(case, KIM))
    await command.unseat("telegram", "1")  # by a command, in another process: between the tap and its turn
    await settle(running)
    assert (await story_of(running, customer)).cases[-1].owner is None


async def test_away_moves_offers_on_and_is_kept(db: Database) -> None:
    customer, case = await unhappy(db)
    offered = (await story_of(db, customer)).cases[-1]
    assert offered.rung is Rung.AGENT
    who = KIM if offered.offer.startswith("offered to Kim") else BORIS
    other = "Boris" if who is KIM else "Kim"
    await accept(db, incoming(Said(who, "/away until 14:00"), BySender(who)))
    await settle(db)
    await settle(db)
    assert (await story_of(db, customer)).cases[-1].offer == f"offered to {other}: is next"
    person = next(one for one in await db.staff() if one.name == who.name)
    assert (person.away_since, person.away_until) == (T0, T0.replace(hour=14, minute=0, second=0, microsecond=0))
    assert person.seen_at == T0
    await accept(db, incoming(AgentSaid(who, "telegram", "/back", case=case), ByCase(case)))
    await settle(db, T0 + MINUTE)
    person = next(one for one in await db.staff() if one.name == who.name)
    assert (person.away_since, person.away_until) == (None, None)


async def test_offers_go_round_and_are_remembered(db: Database) -> None:
    await unhappy(db)
    names = []
    for number in range(3):
        person = Sender("telegram", f"60{number}", f"C{number}")
        accepted = await accept(db, said("it broke, I want a refund", person, at=T0), now=T0 + number * MINUTE)
        await settle(db, T0 + (number + 1) * MINUTE)
        names.append(
            (await story_of(db, accepted[0].customer)).cases[-1].offer.split(":")[0].removeprefix("offered to ")
        )
    assert names in (["Boris", "Kim", "Boris"], ["Kim", "Boris", "Kim"])


async def test_what_somebody_speaks_and_knows_is_kept(db: Database) -> None:
    await db.seat("telegram", "1", Role.AGENT, "Kim")
    await db.describe("telegram", "1", "de, fr", "returns")
    await db.describe("telegram", "1", None, "delivery")
    (kim,) = await db.staff()
    assert (kim.languages, kim.skills) == (("de", "fr"), ("delivery",))


async def test_an_event_of_leaving_is_written_once(db: Database) -> None:
    _, case = await unhappy(db)
    await accept(db, claim(case, KIM))
    await settle(db)
    await db.unseat("telegram", "1")
    assert await db.free_abandoned() == 0
    assert await settle(db) == ["StaffLeft"]
