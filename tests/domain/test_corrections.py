"""An agent says that words were read wrongly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.correcting import corrects
from bot.domain.event import AgentSaid, AgentTapped, Payload, Said, Sender
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


# ---- one tap


def taps(world: World, action: str, value: str, who: Sender = KIM) -> None:
    world.happens(AgentTapped(who, "telegram", action, world.case.id, tap="t", value=value))


def row(world: World) -> dict[str, str]:
    """The buttons of the latest card that correct something: label → action."""
    card = next(message for message in reversed(world.to_desk) if message.card is not None)
    buttons = (button for row in card.buttons for button in row)
    return {button.label: button.action for button in buttons if button.action.startswith(("mood", "topic"))}


def value_of(action: str) -> str:
    return action.split(":", 2)[2]


def toast(world: World) -> str:
    return next(o.message.text for o in reversed(world.sent) if o.message.kind is Kind.TAP_ANSWER)


def test_the_card_offers_the_other_mood_and_turns_round_when_it_is_tapped() -> None:
    world = unhappy()
    assert list(row(world)) == ["😊 Not unhappy", "🏷 Topic…"]
    taps(world, "mood", value_of(row(world)["😊 Not unhappy"]))
    assert [(each.label, each.text) for each in world.corrections] == [("neutral", "it broke after two days")]
    assert list(row(world)) == ["🙁 Unhappy after all", "🏷 Topic…"]
    assert "means fine" in last_notice(world)
    taps(world, "mood", value_of(row(world)["🙁 Unhappy after all"]))
    assert [each.label for each in world.story.corrections] == ["negative"]


def test_a_second_tap_of_the_same_mood_changes_nothing_and_says_so() -> None:
    world = unhappy()
    taps(world, "mood", "neutral")
    taps(world, "mood", "neutral", BORIS)
    assert len(world.corrections) == 1
    assert toast(world) == "That is written down already: fine."


def test_a_tap_is_about_the_words_that_the_card_showed_not_about_what_came_meanwhile() -> None:
    world = unhappy()
    old = value_of(row(world)["😊 Not unhappy"])
    world.wait(seconds=1)
    world.says("thank you for the quick answer")
    taps(world, "mood", old)
    assert [each.text for each in world.corrections] == ["it broke after two days"]


def test_topics_are_tapped_on_and_off() -> None:
    world = unhappy()
    taps(world, "topics", value_of(row(world)["🏷 Topic…"]))
    shown = row(world)
    before = {label.removeprefix("✓ ") for label in shown if label.startswith("✓")}
    taps(world, "topic", value_of(next(a for label, a in shown.items() if label.endswith("delivery"))))
    after = {label.removeprefix("✓ ") for label in row(world) if label.startswith("✓")}
    assert after == before ^ {"delivery"}
    assert set(world.story.corrections[-1].topics or ()) == after
    assert toast(world).startswith("Written down: ")
    taps(world, "topics", "done")
    assert list(row(world)) == ["😊 Not unhappy", "🏷 Topic…"]


def test_mood_and_topics_of_the_same_words_are_one_correction() -> None:
    world = unhappy()
    world.agent(KIM, "/topic delivery quality")
    world.agent(KIM, "/mood fine")
    (one,) = world.story.corrections
    assert (one.label, one.topics) == ("neutral", ("delivery", "quality"))
    assert world.corrections[0].label == ""


@pytest.mark.parametrize(
    ("command", "topics"),
    [
        ("/topic delivery", ("delivery",)),
        ("/topic Lieferung, qualité", ("delivery", "quality")),
        ("/topic -", ()),
        ("/topic none", ()),
    ],
)
def test_topics_may_be_written_in_any_of_our_languages(command: str, topics: tuple[str, ...]) -> None:
    world = unhappy()
    world.agent(KIM, command)
    assert world.corrections[-1].topics == topics


@pytest.mark.parametrize("command", ["/topic", "/topic weather", "/topic delivery weather"])
def test_an_unknown_topic_is_answered_with_those_that_are_known(command: str) -> None:
    world = unhappy()
    world.agent(KIM, command)
    assert world.corrections == []
    assert "I know: delivery, quality, size" in last_notice(world)


@pytest.mark.parametrize("value", ["", "weather", "neutral:x", "neutral:999999999999999999"])
@pytest.mark.parametrize("action", ["mood", "topic", "topics"])
def test_a_tap_that_makes_no_sense_harms_nobody(action: str, value: str) -> None:
    world = unhappy()
    taps(world, action, value)
    assert [each.label for each in world.corrections] in ([], ["neutral"])


def test_a_stranger_taps_in_vain() -> None:
    world = unhappy()
    taps(world, "mood", "neutral", STRANGER)
    assert world.corrections == []
    assert "not on the list of agents" in last_notice(world)
