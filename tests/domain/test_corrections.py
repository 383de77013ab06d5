"""An agent says that words were read wrongly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.correcting import corrects
from bot.domain.event import AgentSaid, Payload, Said
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.message import Kind
from sentiment import Label, unknown
from tests.domain.world import BORIS, CHAT, KIM, MONDAY_NOON, STRANGER, World


def unhappy(words: str = "it broke after two days") -> World:
    world = World()
    world.order()
    world.says(words)
    assert world.story.cases
    return world


def last_notice(world: World) -> str:
    message = next(each for each in reversed(world.to_desk) if each.kind is not Kind.CARD_CHANGE)
    assert message.kind is Kind.NOTICE
    return message.text


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("unhappy", "negative"),
        ("fine", "neutral"),
        ("happy", "positive"),
        ("negative", "negative"),
        ("neutral", "neutral"),
        ("positive", "positive"),
        ("  FiNe ", "neutral"),
    ],
)
def test_an_agent_corrects_how_the_latest_words_were_read(word: str, label: str) -> None:
    world = unhappy()
    verdict = world.log[-2].verdict if world.log[-1].verdict is None else world.log[-1].verdict
    said_at = world.now
    world.wait(minutes=5)
    world.agent(KIM, f"/mood {word}")
    (correction,) = world.corrections
    assert (correction.text, correction.label) == ("it broke after two days", label)
    assert (correction.said_at, correction.at) == (said_at, world.now)
    assert (correction.staff, correction.author) == (1, "Kim")
    assert verdict is not None
    assert [correction.scored, correction.unhappy, correction.scorer] == [
        verdict[name] for name in ("label", "unhappy", "scorer")
    ]
    assert "Thank you, Kim" in last_notice(world)
    assert "“it broke after two days”" in last_notice(world)
    assert last_notice(world) in [note.text for note in world.notes]


def test_nothing_of_a_correction_reaches_the_customer_or_changes_the_case() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    seen, before = len(world.to_customer), (world.story.conversation, world.story.cases, len(world.feedback))
    for words in ("/mood fine", "/MOOD Happy", "/mood", "/mood furious", "/mood@afterword_bot unhappy"):
        world.agent(KIM, words)
    assert len(world.to_customer) == seen
    assert (world.story.conversation, world.story.cases, len(world.feedback)) == before
    assert [each.label for each in world.corrections] == ["neutral", "positive", "negative"]


@pytest.mark.parametrize("words", ["/mood", "/mood furious", "/mood fine really"])
def test_another_word_is_answered_with_what_is_allowed(words: str) -> None:
    world = unhappy()
    world.agent(KIM, words)
    assert all(word in last_notice(world) for word in ("unhappy", "fine", "happy"))
    assert world.corrections == []


def test_a_bare_tap_is_never_corrected() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.agent(KIM, "/mood fine")
    assert world.corrections == []
    assert "not written any words" in last_notice(world)
    world.says("the zipper")
    world.rates(2)
    world.agent(KIM, "/mood fine")
    assert [each.text for each in world.corrections] == ["the zipper"]


def test_edits_commands_and_agents_words_are_not_what_is_corrected() -> None:
    world = unhappy("first it broke")
    world.says("/help")
    world.presses(KIM, "claim")
    world.agent(KIM, "I am sorry, that is terrible")
    world.agent(KIM, "/mood unhappy")
    assert [each.text for each in world.corrections] == ["first it broke"]
    world.says("second thing broke too")
    world.agent(KIM, "/mood unhappy")
    assert world.corrections[-1].text == "second thing broke too"


def test_words_said_long_ago_are_still_found_in_a_long_conversation() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    for number in range(13):
        world.agent(KIM, f"news {number}")
    world.agent(KIM, "/mood fine")
    assert world.corrections == []  # the twelve lines hold only the agent's
    old = Interaction(
        MONDAY_NOON,
        "telegram",
        Direction.IN,
        Author.CUSTOMER,
        "message",
        "long ago",
        verdict=unknown("", "x").as_json(),
    )
    world.story = replace(world.story, last_words=old)
    world.agent(KIM, "/mood fine")
    assert [(each.text, each.scored) for each in world.corrections] == [("long ago", Label.UNKNOWN.value)]
    world.says("and now?")
    world.agent(KIM, "/mood fine")
    assert world.corrections[-1].text == "and now?"


def test_long_words_are_quoted_in_short_and_kept_whole() -> None:
    words = "it broke\nafter two days " + "and again " * 20
    world = unhappy(words)
    world.agent(KIM, "/mood unhappy")
    quoted = last_notice(world).partition("“")[2].partition("”")[0]
    assert quoted.startswith("it broke after two days")
    assert quoted.endswith("…")
    assert len(quoted) <= 60
    assert world.corrections[0].text == words


def test_any_agent_may_correct_and_a_stranger_may_not() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(STRANGER, "/mood happy")
    assert world.corrections == []
    assert "afterword agents add telegram:3" in last_notice(world)
    world.agent(BORIS, "/mood happy")
    assert [each.author for each in world.corrections] == ["Boris"]


def test_an_edited_message_corrects_nothing() -> None:
    world = unhappy()
    world.agent(KIM, "/mood happy", edited=True)
    assert world.corrections == []


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (AgentSaid(KIM, "telegram", "/mood fine"), True),
        (AgentSaid(KIM, "telegram", "/Mood"), True),
        (AgentSaid(KIM, "telegram", "/mood fine", edited=True), False),
        (AgentSaid(KIM, "telegram", "/note mood"), False),
        (AgentSaid(KIM, "telegram", "in a good mood"), False),
        (Said(CHAT, "/mood fine"), False),
    ],
)
def test_old_words_are_only_wanted_when_somebody_corrects(payload: Payload, expected: bool) -> None:
    assert corrects(payload) is expected
