"""Where things are posted when a case shows on several desks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.desks import history_words
from bot.domain.event import AgentSaid, AgentTapped, DeskReported, Sender
from bot.domain.ids import StaffId
from bot.domain.message import Kind, Ref, Side
from bot.domain.staff import Role, Staff, joined
from bot.domain.story import Outgoing
from bot.ports import Line
from tests.domain.world import KIM, World

LEA = Sender("slack", "U0LEA", "Lea Roth")
ON_SLACK = Staff(StaffId(11), "slack", "U0LEA", "Lea Roth", frozenset({Role.AGENT}))
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def mirrored(**more: object) -> World:
    """An open case of Ana on Telegram and Slack; Lea works on Slack."""
    world = World()
    staff = {**world.house.staff, ("slack", "U0LEA"): ON_SLACK}
    world.house = replace(world.house, mirrors=("slack",), staff=staff, **more)  # type: ignore[arg-type]
    world.order()
    world.rates(1)
    return world


def posted(world: World, since: int) -> list[tuple[str, str]]:
    """(desk, what it shows) of what was posted since."""
    out = [each for each in world.sent[since:] if each.side is Side.DESK]
    return [(each.channel, each.message.text or each.message.kind.value) for each in out]


def at_slack(world: World, words: str, number: int = 1) -> None:
    """Lea writes in the thread."""
    world.happens(AgentSaid(LEA, "slack", words, Ref("slack", "C0", f"1.{number}"), case=world.case.id))


def test_a_card_and_every_change_of_it_is_for_each_desk() -> None:
    world = mirrored()
    cards = [each.channel for each in world.sent if each.message.kind is Kind.CARD]
    assert cards == ["telegram", "slack"]
    since = len(world.sent)
    world.happens(AgentTapped(LEA, "slack", "claim", world.case.id, tap="t"))
    told, openers = posted(world, since)[2][1], posted(world, since)[-1]
    assert posted(world, since) == [
        ("telegram", "card_change"), ("slack", "card_change"), ("telegram", told), ("slack", told), openers,
    ]  # fmt: skip
    assert openers[0] == "slack", "first sentences are for the one who claimed"


def test_each_desk_rings_only_whom_it_can() -> None:
    world = mirrored()
    cards = {each.channel: each.message.card for each in world.sent if each.message.kind is Kind.CARD}
    rung = {desk: card.mention.external if card and card.mention else "" for desk, card in cards.items()}
    assert sorted(rung.values()) == ["", "1"], "Kim is offered it, on Telegram"


def test_a_person_with_two_identities_is_rung_on_both_desks() -> None:
    people = joined([*World().house.staff.values(), ON_SLACK], {"telegram:1": ("slack:U0LEA",)})
    world = World()
    staff = {(one.channel, one.external): one for one in people}
    world.house = replace(world.house, mirrors=("slack",), staff=staff)
    world.order()
    world.rates(1)
    cards = {each.channel: each.message.card for each in world.sent if each.message.kind is Kind.CARD}
    rung = {desk: card.mention.external for desk, card in cards.items() if card and card.mention}
    assert rung == {"telegram": "1", "slack": "U0LEA"}
    world.presses(KIM, "claim")
    at_slack(world, "I am on the train.")
    assert world.last.startswith("Kim: I am on the train.")
    assert len(world.house.people()) == 3


def test_what_concerns_one_agent_is_answered_only_where_they_wrote() -> None:
    world = mirrored()
    world.happens(AgentTapped(LEA, "slack", "claim", world.case.id, tap="t"))
    for words in ("/frobnicate", "/who", "/note", "/unsend", "/mood sad", "/away", "/gift"):
        since = len(world.sent)
        at_slack(world, words)
        assert {desk for desk, _ in posted(world, since)} == {"slack"}, words


def test_a_desk_that_takes_no_part_any_more_still_gets_its_answers_and_the_others_what_was_said() -> None:
    world = World()
    world.house = replace(world.house, staff={**world.house.staff, ("slack", "U0LEA"): ON_SLACK})
    world.order()
    world.rates(1)
    since = len(world.sent)
    at_slack(world, "is this mine?")
    assert ("telegram", "Lea Roth (Slack), inside: is this mine?") in posted(world, since)
    assert [desk for desk, text in posted(world, since) if "until you claim" in text] == ["slack"]


def test_a_lost_desk_is_told_on_the_others_and_inside_while_the_case_is_open() -> None:
    world = mirrored()
    since = len(world.sent)
    world.happens(DeskReported("slack", world.case.id, "lost", "the desk channel is archived"))
    ((desk, text),) = posted(world, since)
    assert (desk, "Slack can't be used now: the desk channel is archived" in text) == ("telegram", True)
    assert "Telegram, console" in text
    assert world.notes[-1].text == text
    world.presses(KIM, "claim")
    world.presses(KIM, "resolve")
    since = len(world.sent)
    world.happens(DeskReported("slack", world.case.id, "back"))
    assert posted(world, since) == []


def test_words_from_a_spare_thread_count_and_are_led_back() -> None:
    world = mirrored()
    world.happens(AgentTapped(LEA, "slack", "claim", world.case.id, tap="t"))
    ref = Ref("slack", "C0", "9.2")
    world.happens(AgentSaid(LEA, "slack", "Hello Ana", ref, case=world.case.id, astray="9.1"))
    assert world.last.startswith("Lea: Hello Ana")
    (led,) = [each for each in world.sent if each.message.arguments.get("thread")]
    assert isinstance(led, Outgoing)
    assert (led.channel, led.agent_ref, led.message.arguments["thread"]) == ("slack", ref, "9.1")


@given(st.permutations(["telegram:1", "slack:U0LEA", "telegram:2"]))
def test_joined_identities_share_a_number_and_every_role(order: list[str]) -> None:
    people = []
    for number, identity in enumerate(order):
        channel, _, external = identity.partition(":")
        people.append(Staff(StaffId(number), channel, external, identity, frozenset({list(Role)[number % 2]})))
    found = {one.identity: one for one in joined(people, {"telegram:1": ("slack:U0LEA", "slack:U0NEW")})}
    same = [found[name] for name in ("telegram:1", "slack:U0LEA", "slack:U0NEW")]
    assert len({one.id for one in same}) == 1
    own = {role for one in people if one.identity in {"telegram:1", "slack:U0LEA"} for role in one.roles}
    assert all(one.roles == own for one in same)
    assert found["telegram:2"].id != same[0].id


def test_history_marks_what_stayed_inside_and_leaves_out_what_says_nothing() -> None:
    lines = [
        Line(1, NOW, "customer", "Ana", "message", "the zipper\nbroke", "telegram"),
        Line(-1, NOW, "agent", "Boris", "talk", "a cheap batch", "", inside=True),
        Line(2, NOW, "bot", "", "answer", "", "telegram"),
        Line(3, NOW, "agent", "Kim", "relay", "x" * 900, "telegram"),
    ]
    head, first, second, third = history_words(lines, "en", ZoneInfo("Europe/Paris")).splitlines()
    assert "in brief" in head
    assert first == "30 Nov 13:00 Ana: the zipper broke"
    assert second == "🔒 30 Nov 13:00 Boris: a cheap batch"
    assert len(third) < 300
    assert history_words([], "en", ZoneInfo("UTC")) == ""
