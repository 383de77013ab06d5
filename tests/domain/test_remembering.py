"""What is remembered of a person: with their consent alone, for a time, and gone when they say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.customer import Memory
from bot.domain.event import AgentTapped, FactExpires
from bot.domain.fact import FactState
from bot.domain.ids import EventId
from bot.domain.message import Card, Kind
from bot.domain.remembered import held, listed, remembered
from tests.domain.world import BORIS, KIM, STRANGER, World, program

CONSENT_ACTIONS = ["memory:yes", "memory:no"]


def world_with_case(text: str = "") -> World:
    world = World(program=program(text))
    world.order()
    world.run()
    world.says("it broke after two days")
    world.presses(KIM, "claim")
    return world


def told(world: World) -> str:
    """The latest line in the thread that is no card."""
    return next(message.text for message in reversed(world.to_desk) if message.kind is Kind.NOTICE)


def card(world: World) -> Card:
    return next(message.card for message in reversed(world.to_desk) if message.card is not None)


def words(world: World) -> list[str]:
    return [fact.words for fact in remembered(world.story, world.now)]


def asked(world: World) -> int:
    return sum(any(b.action == "memory:yes" for row in m.buttons for b in row) for m in world.to_customer)


def agreed(text: str = "") -> World:
    world = world_with_case(text)
    world.agent(KIM, "/remember size 41")
    world.taps("memory:yes")
    return world


# ---- consent


def test_the_first_fact_is_held_back_and_the_customer_is_asked_once_with_two_buttons() -> None:
    world = world_with_case()
    world.agent(KIM, "/remember size 41")
    assert world.last.startswith("May we remember small things that you tell us")
    assert "41" not in world.last  # what agents write stays inside
    assert [b.action for b in world.to_customer[-1].buttons[0]] == CONSENT_ACTIONS
    assert told(world).startswith("Held back: “size 41”")
    assert words(world) == []
    world.agent(BORIS, "/remember allergic to wool")
    assert asked(world) == 1
    assert [fact.words for fact in held(world.story)] == ["size 41", "allergic to wool"]
    assert card(world).facts == ()


def test_a_yes_keeps_what_was_held_back_proves_the_consent_and_shows_it_on_the_card() -> None:
    world = agreed()
    assert words(world) == ["size 41"]
    (consent,) = world.consents
    assert (consent.kind, consent.granted, consent.channel) == ("memory", True, "telegram")
    asking = next(message for message in world.to_customer if message.text.startswith("May we remember"))
    wording, _, answer = consent.words.partition(" → ")
    assert asking.text.startswith(wording)
    assert answer == "Yes, remember it"
    assert card(world).facts == ("size 41",)
    assert told(world) == "The customer agrees: what was held back is kept now."
    world.agent(KIM, "/remember likes red")
    assert (words(world), asked(world)) == (["size 41", "likes red"], 1)
    assert card(world).facts == ("size 41", "likes red")


def test_a_no_drops_everything_and_nothing_more_is_kept() -> None:
    world = world_with_case()
    world.agent(KIM, "/remember size 41")
    world.taps("memory:no")
    assert (world.story.facts, world.consents[-1].granted) == ((), False)
    assert "doesn't want to be remembered" in told(world)
    world.agent(KIM, "/remember likes red")
    assert told(world) == "Nothing was kept: the customer doesn't want things to be remembered."
    assert (world.story.facts, asked(world)) == ((), 1)


def test_who_agreed_before_isnt_asked() -> None:
    world = world_with_case()
    world.says("/privacy")
    world.taps("memory:yes")
    world.agent(KIM, "/remember size 41")
    assert (words(world), asked(world)) == (["size 41"], 1)  # the one button below /privacy


def test_leaving_is_one_tap_below_privacy_at_any_time() -> None:
    world = agreed()
    world.says("/privacy")
    assert "small things worth remembering" in world.last
    world.taps("memory:no")
    assert world.story.facts == ()
    assert world.story.customer.memory is Memory.NO
    assert card(world).facts == ()
    world.says("/privacy")
    assert world.to_customer[-1].buttons[0][0].action == "memory:yes"


def test_who_cant_be_asked_has_nothing_kept() -> None:
    world = world_with_case()
    world.story = replace(world.story, identities=())
    world.agent(KIM, "/remember size 41")
    assert "can't be reached" in told(world)
    assert (world.story.facts, world.story.customer.memory) == ((), Memory.UNASKED)


def test_what_nobody_agreed_to_is_dropped_after_two_weeks() -> None:
    world = world_with_case()
    world.agent(KIM, "/remember size 41")
    world.wait(days=13, hours=23)
    assert [fact.state for fact in world.story.facts] == [FactState.HELD]
    world.wait(hours=2)
    assert world.story.facts == ()
    assert any("never answered, so “size 41” was dropped" in message.text for message in world.to_desk)


# ---- time


def test_a_fact_is_gone_when_its_time_is_over() -> None:
    world = agreed('[memory]\nkeep = "30d"')
    world.wait(days=29)
    assert words(world) == ["size 41"]
    world.wait(days=3)
    assert world.story.facts == ()


def test_an_agent_may_say_until_when() -> None:
    world = agreed()
    world.agent(KIM, "/remember until 2026-12-24 the gift is for Mia")
    assert told(world) == "Kim keeps in mind: “the gift is for Mia”, until December 24, 2026."
    world.now += timedelta(days=31)  # 24 December, noon: all day long
    world.run()
    assert "the gift is for Mia" in words(world)
    world.wait(days=1)
    assert words(world) == ["size 41"]


def test_remembering_the_same_again_renews_it() -> None:
    world = agreed('[memory]\nkeep = "30d"')
    world.wait(days=20)
    world.agent(KIM, "/remember Size 41")
    world.wait(days=15)
    assert words(world) == ["Size 41"]
    world.wait(days=20)
    assert world.story.facts == ()


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/remember until 2020-01-01 size 41", "Write a day to come"),
        ("/remember until 2026-13-01 size 41", "Write a day to come"),
        ("/remember until 9999-12-31 size 41", "Write a day to come"),
        ("/remember until 2027-03-01", "Write a day to come"),
        ("/remember " + "long " * 60, "at most 200 characters"),
        ("/unremember", "Write the number after the command"),
        ("/unremember 7", "Write the number after the command"),
        ("/unremember ²", "Write the number after the command"),
    ],
)
def test_what_cant_be_read_is_answered_and_changes_nothing(command: str, answer: str) -> None:
    world = agreed()
    world.agent(KIM, command)
    assert answer in told(world)
    assert words(world) == ["size 41"]


def test_a_shop_may_remember_nothing() -> None:
    world = world_with_case('[memory]\nkeep = "0s"')
    world.agent(KIM, "/remember size 41")
    assert "turned off" in told(world)
    assert (world.story.facts, asked(world)) == ((), 0)


def test_only_so_much_is_remembered() -> None:
    world = agreed()
    for number in range(29):
        world.agent(KIM, f"/remember fact {number}")
    world.agent(KIM, "/remember one too many")
    assert "30 things are remembered already" in told(world)
    assert len(world.story.facts) == 30


# ---- listing, taking away, who may


def test_the_list_is_numbered_and_a_number_takes_one_away() -> None:
    world = agreed()
    world.agent(KIM, "/remember until 2027-03-01 likes red")
    world.agent(KIM, "/remember")
    assert told(world).splitlines() == [
        "Remembered of Ana Duarte:",
        "1. size 41 (Kim, until November 23, 2027)",
        "2. likes red (Kim, until March 1, 2027)",
    ]
    world.agent(BORIS, "/unremember 1")
    assert told(world) == "Boris took away: “size 41”. It isn't remembered any more."
    assert (words(world), card(world).facts) == (["likes red"], ("likes red",))


def test_the_console_takes_one_away_by_its_number() -> None:
    world = agreed()
    (fact,) = listed(world.story, world.now)
    tap = AgentTapped(KIM, "console", "unremember", world.case.id, about=fact.id)
    world.happens(tap)
    assert world.story.facts == ()
    world.happens(tap)
    assert "isn't remembered any more" in told(world)


def test_only_people_of_the_shop_remember_and_nothing_of_it_reaches_the_customer() -> None:
    world = agreed()
    heard = len(world.to_customer)
    world.agent(STRANGER, "/remember likes blue")
    world.happens(AgentTapped(STRANGER, "telegram", "unremember", world.case.id, about=world.story.facts[0].id))
    assert words(world) == ["size 41"]
    world.agent(KIM, "/remember likes red")
    assert len(world.to_customer) == heard


def test_a_timer_of_a_fact_that_is_gone_does_nothing() -> None:
    world = agreed()
    before = world.story
    world.happens(FactExpires(EventId(5)))
    assert world.story.facts == before.facts


@pytest.mark.parametrize("memory", [Memory.UNASKED, Memory.ASKED, Memory.NO])
def test_kept_facts_that_a_merge_brought_are_unreadable_without_a_yes(memory: Memory) -> None:
    world = agreed()
    world.story = replace(world.story, customer=replace(world.story.customer, memory=memory))
    assert words(world) == []
    assert listed(world.story, world.now) == ()


def test_a_late_timer_shows_nothing_that_has_had_its_time() -> None:
    world = agreed('[memory]\nkeep = "30d"')
    world.now += timedelta(days=32)
    assert world.story.facts
    assert words(world) == []
