"""From an alert to one message: only managers, shown before it is sent, once, in whatever order buttons are tapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.event import AlertRaised, Said, Sender, SpikeSeized, Tapped
from bot.domain.ids import EventId, StaffId
from bot.domain.message import Button, Message, Side
from bot.domain.spike import Aim, Spike, Waiting, aim_from, audience_of, definition_of, waiting_from
from bot.domain.staff import Role, Staff
from bot.program import Program, parse_campaign
from tests.domain.world import CHAT, KIM, MONDAY_NOON, World, program

MONA = Sender("telegram", "9", "Mona")
NORA = Staff(StaffId(10), "telegram", "10", "Nora", frozenset({Role.MANAGER}))
COUNTS = {"hits": "9", "of": "20", "share": "45 %", "usual": "10 %"}


def alarmed(kind: str = "topic", subject: str = "delivery", text: str = "") -> World:
    world = World(program=program(text))
    world.house.staff["telegram", "10"] = NORA
    world.happens(AlertRaised(kind, subject, COUNTS))
    return world


def heard(world: World, who: str = "9") -> list[Message]:
    found = [one.message for one in world.sent if one.side is Side.STAFF]
    return [message for message in found if message.arguments.get("to") == who]


def buttons(world: World, who: str = "9") -> list[Button]:
    return [button for row in heard(world, who)[-1].buttons for button in row]


def tap(world: World, label: str, sender: Sender = MONA) -> str:
    """The latest button with this label that this person sees; returns its action."""
    for message in reversed(heard(world, sender.external)):
        for button in (button for row in message.buttons for button in row):
            if label in button.label:
                world.happens(Tapped(sender, button.action))
                return button.action
    raise AssertionError(label)


def made(world: World) -> list[dict[str, Any]]:
    return [dict(one) for decision in world.decisions for one in decision.campaigns]


def test_an_alert_about_customers_can_be_answered_and_one_about_ourselves_can_not() -> None:
    world = alarmed()
    assert [button.label for button in buttons(world)] == ["Write to those concerned"]
    assert [button.label for button in buttons(world, "10")] == ["Write to those concerned"]
    late = World(program=program())
    late.happens(AlertRaised("late", "", {"hits": "3"}))
    assert buttons(late) == []
    assert late.decisions[-1].spikes == ()


def test_a_manager_writes_sees_and_sends_it_once() -> None:
    world = alarmed()
    tap(world, "Write to those")
    assert "all who bought in the last seven days" in heard(world)[-1].text
    assert "{name}" in heard(world)[-1].text
    world.happens(Said(MONA, "Parcels are late, {name}. Sorry!"))
    shown = heard(world)[-1]
    assert shown.report == "seize"
    assert shown.arguments["words"] == "Parcels are late, {name}. Sorry!"
    assert made(world) == []
    action = tap(world, "Send it")
    (one,) = made(world)
    campaign = parse_campaign(one, Program(), "test")
    assert (campaign.moment.of, campaign.service, campaign.hold_out) == ("now", True, 0.0)
    assert campaign.variant[0].words["en"] == "Parcels are late, {name}. Sorry!"
    assert "on its way" in heard(world)[-1].text
    assert (
        "Mona sends one message to all who bought in the last seven days: “Parcels are late"
        in heard(world, "10")[-1].text
    )
    assert not any("Mona sends one message" in message.text for message in heard(world))
    for _ in range(2):
        world.happens(Tapped(MONA, action))
        assert "answered this one already" in heard(world)[-1].text
    assert len(made(world)) == 1
    assert world.told(f"campaign {one['name']}") == [("made", "by telegram:9, to bought")]


def test_two_managers_send_one_message() -> None:
    world = alarmed()
    nora = Sender("telegram", "10", "Nora")
    tap(world, "Write to those")
    world.happens(Said(MONA, "Sorry!"))
    tap(world, "Send it")
    tap(world, "Write to those", nora)
    assert "Mona has answered this one already" in heard(world, "10")[-1].text
    assert len(made(world)) == 1


@pytest.mark.parametrize("sender", [KIM, CHAT])
def test_nobody_but_managers_may(sender: Sender) -> None:
    world = alarmed()
    number = next(iter(world.house.spikes))
    for what in ("write", "ready", "send", "drop"):
        world.happens(Tapped(sender, f"seize:{what}:{number}:1:bought"))
        assert world.story.conversation.question == ""
    assert made(world) == []
    assert heard(world, sender.external) == []
    assert "seize" not in str([message.report for message in world.to_customer])


def test_only_what_was_shown_last_is_sent() -> None:
    world = alarmed()
    tap(world, "Write to those")
    world.happens(Said(MONA, "First words."))
    first = next(button.action for button in buttons(world) if button.label == "Send it")
    world.happens(Said(MONA, "Better words."))
    world.happens(Tapped(MONA, first))
    assert "something newer" in heard(world)[-1].text
    to_all = next(button.action for row in heard(world)[-2].buttons for button in row if button.label == "Send it")
    tap(world, "To those who told us")
    world.happens(Tapped(MONA, to_all))
    assert "something newer" in heard(world)[-1].text
    assert made(world) == []
    world.happens(Tapped(MONA, to_all.replace(":send:", ":show:").replace("bought", "told")))
    assert heard(world)[-1].arguments == {**heard(world)[-1].arguments, "aim": "told", "words": "Better words."}
    tap(world, "It offers something")
    tap(world, "Send it")
    (one,) = made(world)
    assert one["audience"] == {"topics": ["delivery"], "told_within": "2d"}
    assert one["service"] is False


def test_what_is_left_is_not_sent_by_a_button_of_before() -> None:
    world = alarmed()
    tap(world, "Write to those")
    world.happens(Said(MONA, "Words."))
    send = next(button.action for button in buttons(world) if button.label == "Send it")
    tap(world, "Leave it")
    assert "Nothing goes out" in heard(world)[-1].text
    world.happens(Tapped(MONA, send))
    assert made(world) == []
    world.happens(Said(MONA, "Hello bot"))
    assert heard(world)[-1].report == ""


def test_ready_words_are_there_in_every_language_of_the_shop() -> None:
    world = alarmed("product", "Boots", '[shop]\nname = "Boots & Co"\nlanguages = ["de", "en"]\n')
    tap(world, "Den Betroffenen schreiben")
    tap(world, "Fertige Worte nehmen")
    tap(world, "Senden")
    (one,) = made(world)
    words = one["variant"][0]["words"]
    assert sorted(words) == ["de", "en"]
    assert words["en"].startswith("Hello {name}, several people have told us about trouble with Boots")
    assert one["audience"] == {"items": ["Boots"], "bought_within": "30d"}
    parse_campaign(one, world.program, "test")


@pytest.mark.parametrize("words", ["{order} is late", "x" * 1501])
def test_words_that_no_campaign_takes_are_asked_for_anew(words: str) -> None:
    world = alarmed()
    tap(world, "Write to those")
    world.happens(Said(MONA, words))
    assert "That can't go out as it is" in heard(world)[-1].text
    world.happens(Said(MONA, "Sorry, {name}."))
    tap(world, "Send it")
    assert made(world)[0]["variant"][0]["words"] == {"en": "Sorry, {name}."}


def test_the_moment_passes_after_a_day() -> None:
    world = alarmed()
    tap(world, "Write to those")
    world.wait(hours=25)
    world.happens(Said(MONA, "Sorry!"))
    assert "the moment has passed" in heard(world)[-1].text
    tap(world, "Write to those")
    assert "the moment has passed" in heard(world)[-1].text
    assert made(world) == []


def test_commands_work_while_words_are_waited_for() -> None:
    world = alarmed()
    tap(world, "Write to those")
    world.happens(Said(MONA, "/queue"))
    assert heard(world)[-1].report == "queue"
    world.happens(Said(MONA, "Sorry!"))
    assert heard(world)[-1].report == "seize"


def test_the_console_seizes_it_once_and_by_a_manager_alone() -> None:
    world = alarmed("unhappy", "")
    number = next(iter(world.house.spikes))
    world.house.staff["console", "mira"] = Staff(StaffId(20), "console", "mira", "Mira", frozenset({Role.MANAGER}))
    world.happens(SpikeSeized(number, "bought", "Sorry!", "telegram:1"))
    world.happens(SpikeSeized(number, "everybody", "Sorry!", "console:mira"))
    world.happens(SpikeSeized(EventId(4711), "bought", "Sorry!", "console:mira"))
    world.happens(SpikeSeized(number, "bought", "{order}", "console:mira"))
    assert made(world) == []
    world.happens(SpikeSeized(number, "bought", "Sorry!", "console:mira"))
    world.happens(SpikeSeized(number, "told", "Other words", "console:mira"))
    assert [one["variant"][0]["words"]["en"] for one in made(world)] == ["Sorry!"]
    assert heard(world)[-1].text.startswith("Mira sends one message")
    tap(world, "Write to those")
    assert "Mira has answered this one already" in heard(world)[-1].text


def test_what_waits_survives_its_column() -> None:
    waiting = Waiting(EventId(17), Aim("told", offers=True), 4, "Words: with colons\nand lines")
    assert waiting_from(waiting.text) == waiting
    assert waiting_from("well:17") is None
    assert aim_from("nobody") is None


@pytest.mark.parametrize(
    ("kind", "told", "bought"),
    [
        ("unhappy", {"unhappy": True, "told_within": "2d"}, {"bought_within": "7d"}),
        ("topic", {"topics": ["Socks"], "told_within": "2d"}, {"bought_within": "7d"}),
        (
            "product",
            {"items": ["Socks"], "unhappy": True, "told_within": "2d"},
            {"items": ["Socks"], "bought_within": "30d"},
        ),
    ],
)
def test_whom_each_alert_concerns(kind: str, told: dict[str, Any], bought: dict[str, Any]) -> None:
    spike = Spike(EventId(3), kind, "Socks", MONDAY_NOON)
    assert audience_of(spike, Aim("told")) == told
    assert audience_of(spike, Aim("bought")) == bought
    for aim in (Aim("told"), Aim("bought", offers=True)):
        parse_campaign(definition_of(spike, aim, {"en": "Sorry."}), Program(), "test")
    assert replace(spike, seized_at=MONDAY_NOON).campaign == "moment-3"
