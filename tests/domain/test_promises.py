"""What is promised to a customer who waits, the warning before it is broken, and the breach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import Breach, CaseState, Promise
from bot.domain.message import Kind, Mention
from bot.domain.standing import Standing
from tests.domain.world import KIM, MONDAY_NOON, World, program

SLA = '[sla]\nfirst_reply = "20m"\nnext_reply = "1h"\nresolution = "8h"\nhours = "Mon-Fri 09:00-18:00"\n'
MINUTE = timedelta(minutes=1)


def unhappy(text: str = SLA, now: datetime = MONDAY_NOON, **more: object) -> World:
    world = World(program(text), now=now, **more)  # type: ignore[arg-type]
    world.order()
    world.says("it broke after two days, I want a refund")
    assert world.case.is_open
    return world


def notices(world: World, mark: str) -> list[str]:
    return [m.text for m in world.to_desk if m.kind is Kind.NOTICE and mark in m.text]


def broken(world: World) -> tuple[Breach, ...]:
    return world.case.breaches


def test_the_desk_is_warned_before_the_first_answer_is_late_and_told_when_it_is() -> None:
    world = unhappy()
    assert world.case.reply_due_at == MONDAY_NOON + 20 * MINUTE
    world.wait(minutes=14)
    assert notices(world, "⏳") == []
    world.wait(minutes=2)
    (warning,) = notices(world, "⏳")
    assert "Ana Duarte waits since 12:00 (15 min) for the first answer, promised by 12:20" in warning
    assert broken(world) == ()
    world.wait(minutes=10)
    (breach,) = notices(world, "⚠️")
    assert "The first answer was promised by 12:20" in breach
    assert broken(world) == (Breach(Promise.FIRST_REPLY, MONDAY_NOON + 20 * MINUTE),)
    world.wait(hours=3)
    assert len(notices(world, "⏳")) == len(notices(world, "⚠️")) == 1  # each at most once


def test_a_customer_who_was_told_a_time_is_told_once_that_it_did_not_hold() -> None:
    world = unhappy()
    assert "within 20 minutes" in world.last
    seen = len(world.to_customer)
    world.wait(hours=5)
    assert [m.text.split("\n")[0] for m in world.to_customer[seen:]] == [
        "This takes longer than I said, and I am sorry. You are not forgotten: a person writes to you here."
    ]


def test_nobody_is_woken_for_a_broken_promise() -> None:
    world = unhappy(SLA + '[quiet]\nenabled = true\nfrom = "21:00"\nuntil = "08:00"\n')
    world.story = replace(world.story, customer=replace(world.story.customer, timezone="Asia/Tokyo"))
    seen = len(world.to_customer)
    world.wait(hours=5)
    assert len(world.to_customer) == seen


@pytest.mark.parametrize("words", ["I am so sorry for your loss", "value"])
def test_who_was_promised_no_time_is_told_nothing_of_it(words: str) -> None:
    if words == "value":
        world = World(program(SLA), standing=Standing(orders=5, rank=1, of=10, top=True))
        world.order()
        world.rates(5)
    else:
        world = World(program(SLA))
        world.order()
        world.says("my mother died, the order was for her")
    assert world.case.is_open
    assert not world.case.told
    seen = len(world.to_customer)
    world.wait(minutes=30)
    assert len(world.to_customer) == seen
    assert broken(world)


def test_an_answer_in_time_keeps_the_promise() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.wait(minutes=5)
    world.agent(KIM, "Hello Ana, new ones are on their way.")
    assert (world.case.waiting_since, world.case.reply_due_at) == (None, None)
    world.wait(hours=2)
    assert notices(world, "⏳") == notices(world, "⚠️") == []


def test_claiming_alone_answers_nobody_and_the_agent_is_named() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.wait(minutes=16)
    (warning,) = notices(world, "⏳")
    assert warning.startswith("⏳ Kim, Ana Duarte waits")
    rung = next(m for m in world.to_desk if "⏳" in m.text)
    assert rung.mentions == (Mention("1", "Kim", "telegram"),)


def test_the_next_answer_has_a_time_of_its_own_from_the_oldest_unanswered_words() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "What happened?")
    world.wait(minutes=10)
    asked = world.now
    world.says("the zipper broke")
    world.wait(minutes=5)
    world.says("are you there?")
    assert world.case.waiting_since == asked
    assert world.case.reply_due_at == asked + timedelta(hours=1)
    world.wait(hours=1)
    assert broken(world) == (Breach(Promise.NEXT_REPLY, asked + timedelta(hours=1)),)


def test_mere_thanks_make_nobody_wait() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "New ones are on their way.")
    world.says("thanks!")
    assert world.case.waiting_since is None
    world.says("thanks! but when do they come?")
    assert world.case.waiting_since is not None


def test_the_resolution_is_promised_in_working_hours() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "I am on it.")
    due = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # six hours on Monday, two on Tuesday
    assert world.case.resolve_due_at == due
    world.wait(days=2)
    assert broken(world) == (Breach(Promise.RESOLUTION, due),)
    assert "should have been resolved by" in notices(world, "⚠️")[0]


def test_a_case_that_is_resolved_has_no_promise_left_and_a_reopened_one_new_ones() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "Done.")
    world.presses(KIM, "resolve")
    assert (world.case.reply_due_at, world.case.resolve_due_at) == (None, None)
    world.wait(hours=1)
    world.says("it broke again, terrible")
    assert world.case.state is CaseState.REOPENED
    assert world.case.reply_due_at == world.now + 20 * MINUTE
    assert world.case.resolve_due_at is not None
    world.wait(minutes=30)
    assert [breach.promise for breach in world.case.breaches] == [Promise.FIRST_REPLY]


def test_a_promise_of_no_time_is_no_promise() -> None:
    world = unhappy('[sla]\nfirst_reply = "0s"\nresolution = "0s"\n')
    assert "within" not in world.last
    world.wait(days=30)
    assert notices(world, "⏳") == notices(world, "⚠️") == []


def test_nothing_closes_a_human_conversation_but_a_human() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "Tell me when you are back from your journey.")
    world.wait(days=90)
    assert world.case.state is CaseState.CLAIMED


# ---- outside hours


def told(now: str, timezone: str = "", language: str = "en", more: str = "") -> str:
    text = f'[shop]\nlanguages = ["{language}"]\ntimezone = "Europe/Berlin"\n{SLA}holidays = "DE"\n{more}'
    world = World(program(text), now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    world.story = replace(world.story, customer=replace(world.story.customer, timezone=timezone, locale=language))
    world.says("/human")
    return world.last.split("\n")[0]


@pytest.mark.parametrize(
    ("now", "timezone", "language", "words"),
    [
        ("2026-11-23 19:00", "", "en", "A person answers you here tomorrow from 09:00."),
        ("2026-11-23 05:00", "", "en", "A person answers you here today from 09:00."),
        ("2026-11-20 19:00", "", "en", "A person answers you here on Monday from 09:00."),
        ("2026-11-23 19:00", "Europe/London", "en", "A person answers you here tomorrow from 08:00."),
        ("2026-11-23 19:00", "Asia/Tokyo", "en", "A person answers you here today from 17:00."),
        ("2026-11-22 20:00", "America/Los_Angeles", "en", "A person answers you here tomorrow from 00:00."),
        ("2026-11-23 16:55", "", "en", "A person answers you here tomorrow from 09:00."),  # five minutes are not twenty
        ("2026-12-24 19:00", "", "de", "Ein Mensch antwortet Ihnen hier am Montag ab 09:00 Uhr."),
        ("2026-11-23 19:00", "", "es", "Una persona te responde aquí mañana a partir de las 09:00."),
        ("2026-11-20 19:00", "", "fr", "Une personne vous répond ici lundi à partir de 09:00."),
    ],
)
def test_outside_hours_the_customer_is_told_when_a_person_answers(
    now: str, timezone: str, language: str, words: str
) -> None:
    assert words in told(now, timezone, language)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "on Monday 4 January"),
        ("de", "am Montag, 4. Januar"),
        ("es", "el lunes 4 de enero"),
        ("fr", "lundi 4 janvier"),
    ],
)
def test_over_a_long_holiday_the_date_is_told(language: str, day: str) -> None:
    closed = ", ".join(f'"2026-12-{n}"' for n in range(24, 32))
    assert f" {day} " in told("2026-12-23 19:00", "", language, f"closed = [{closed}]\n")


def test_the_offer_and_the_deadline_wait_for_the_opening_too() -> None:
    world = unhappy(now=datetime(2026, 11, 20, 19, 0, tzinfo=UTC))
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert world.case.reply_due_at == monday + 20 * MINUTE
    assert world.case.offer == "is offered when we open"
    world.now = monday - MINUTE
    world.run()
    assert [case.offered_to for case in world.story.cases] == [None]
    world.wait(minutes=2)
    assert [case.offer for case in world.story.cases] == ["offered to Kim: is next"]
