"""What agents see and learn, at the wire: the card in place, facts with consent, corrections in one tap, openers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.correcting import corrections, measured
from sentiment import named_scorer
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_slack import DESK, MANIFEST, on_stage
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Topic

WORDS = "the parcel came late and the zipper is broken"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram", follow_up="2s"), **settings) as shop:
            yield Stage(server, desk, shop, *people(server))
        server.assert_clean()


async def shows(topic: Topic, words: str) -> None:
    """The card, which is the first message and changes in place, says so."""

    async def it_does() -> bool:
        return words in topic.messages[0].text

    await until(it_does, f"“{words}” on the card; it says: {topic.messages[0].text}", 10)


async def unhappy_words(stage: Stage) -> Topic:
    await stage.asked()
    await stage.ana.say(WORDS)
    await stage.ana.wait_for("I am getting a person")
    topic = await stage.desk.wait_for_topic()
    await topic.wait_for("unhappy")
    await stage.kim.tap_in(topic, "Claim")
    await topic.wait_for("Kim has this case")
    return topic


async def test_on_telegram_a_fact_waits_for_the_customers_yes_and_then_stands_on_the_card(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    await stage.kim.say_in(topic, "/remember size 41")
    await topic.wait_for("Held back: “size 41”")
    question = await stage.ana.wait_for("May we remember small things")
    assert [button.text for button in question.buttons[:2]] == ["Yes, remember it", "No, thank you"]
    assert "Remembered" not in topic.messages[0].text
    await stage.ana.say("/mydata")
    await stage.ana.wait_for("Waiting for your yes: size 41")
    await stage.ana.tap("Yes, remember it", question)
    await stage.ana.wait_for("We keep it in mind")
    await topic.wait_for("The customer agrees")
    await shows(topic, "Remembered: size 41")
    assert topic.messages[0].pinned
    await stage.ana.say("/mydata")
    await stage.ana.wait_for("Remembered with your consent: size 41")
    export = await stage.shop.export("telegram:700")
    assert [(each["words"], each["state"], each["agent"]) for each in export["facts"]] == [("size 41", "kept", "Kim")]
    assert any(each["kind"] == "memory" and each["granted"] for each in export["consents"])
    await stage.ana.say("/privacy")
    await stage.ana.tap("Remember nothing more", await stage.ana.wait_for("small things worth remembering"))
    await stage.ana.wait_for("nothing of the kind is remembered")
    await topic.wait_for("doesn't want to be remembered")
    assert (await stage.shop.export("telegram:700"))["facts"] == []


async def test_on_telegram_one_tap_corrects_the_mood_and_two_the_topic_and_it_can_be_measured(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    database = stage.shop.running.house.database
    seen = len(stage.ana.sees)
    await stage.kim.tap_in(topic, "😊 Not unhappy")
    await topic.wait_for("means fine")
    await shows(topic, "Mood: 😐 fine")
    await stage.kim.tap_in(topic, "🏷 Topic…")

    async def listed() -> bool:
        return any(button.text.endswith("taste") for button in topic.messages[0].buttons)

    await until(listed, "the topics below the card")
    assert "Written down" in await stage.kim.tap_in(topic, "taste")
    await stage.kim.tap_in(topic, "Done")
    await until(_buttons(topic, "🙁 Unhappy after all"), "the usual buttons")
    (kept,) = await corrections(database)
    assert (kept.text, kept.label, kept.author) == (WORDS, "neutral", "Kim")
    assert set(kept.topics or ()) == {*kept.scored_topics, "taste"}
    line = next(each for each in (await stage.shop.export("telegram:700"))["interactions"] if each["text"] == WORDS)
    assert line["verdict"]["corrected"] == "neutral"
    assert "taste" in line["verdict"]["corrected_topics"]
    rows = {(row.group, row.name): row for row in await measured(database, named_scorer("rules"))}
    assert (rows["kind", "false alarm"].wrong, rows["kind", "false alarm"].n) == (1, 1)
    assert rows["topic", "taste, not seen"].wrong == 1
    await stage.server.settle()
    assert len(stage.ana.sees) == seen


def _buttons(topic: Topic, label: str) -> Any:
    async def there() -> bool:
        return any(button.text == label for button in topic.messages[0].buttons)

    return there


async def test_on_telegram_openers_can_be_copied_and_never_go_out_by_themselves(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    shown = await topic.wait_for("You could begin like this")
    copies = [e for e in shown.content["entities"] if e["type"] == "code"]
    assert 2 <= len(copies) <= 3
    assert "Hello Ana, Kim here. I have read what you wrote about “Boots”." in shown.text
    await stage.boris.say_in(topic, "/open")
    await topic.wait_for("You could begin like this", after=shown)
    await stage.server.settle()
    assert "You could begin" not in stage.seen()
    assert "Kim here" not in stage.seen()


async def test_on_telegram_a_deleted_account_shows_on_the_card_in_the_middle_of_a_case(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    await stage.ana.delete_account()
    await stage.kim.say_in(topic, "New ones are on their way.")
    await topic.wait_for("The customer can't be reached: deleted the account")
    await shows(topic, "Can't be reached: deleted the account")
    await stage.kim.tap_in(topic, "Resolve")
    await shows(topic, "resolved by Kim")


async def test_on_telegram_a_claimer_whose_role_is_taken_away_is_off_the_card(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    await shows(topic, "Kim has it")
    assert await stage.shop.running.house.database.unseat("telegram", "1")
    await shows(topic, "open, nobody has it yet")
    await stage.kim.tap_in(topic, "Claim")
    await topic.wait_for("agents add telegram:1")
    await stage.boris.tap_in(topic, "Claim")
    await shows(topic, "Boris has it")


async def test_on_telegram_the_help_can_be_rated_after_the_follow_up(stage: Stage) -> None:
    topic = await unhappy_words(stage)
    await stage.kim.say_in(topic, "New ones are on their way.")
    await stage.ana.wait_for("New ones are on their way.")
    await stage.kim.tap_in(topic, "Resolve")
    await stage.ana.say("thanks")
    await stage.ana.tap("Yes, all well", await stage.ana.wait_for("Is all well again?", timeout=10))
    await stage.ana.tap("👎 Not good", await stage.ana.wait_for("how was the help from Kim"))
    sorry = await stage.ana.wait_for("a person is one tap away")
    assert sorry.buttons[-1].text == "Talk to a person"
    (case,) = (await stage.shop.export("telegram:700"))["cases"]
    assert (case["state"], case["recovered"], case["help"]) == ("resolved", True, "poor")


# ---- Slack


async def test_on_slack_the_card_is_pinned_while_the_case_is_open_and_does_the_same(tmp_path: Path) -> None:
    async with on_stage(tmp_path, "socket") as stage:
        thread = await stage.claimed()
        (card,) = [message for message in stage.desk.messages if message.ts == thread]

        async def pinned() -> bool:
            return card.pinned

        await until(pinned, "the pin")
        shown = await stage.desk.wait_for("You could begin like this", thread=thread)
        assert "> Hello" in str(shown.blocks)
        await stage.ana.dm(WORDS)
        await stage.desk.wait_for("zipper is broken", thread=thread)

        async def row() -> bool:
            return "😊 Not unhappy" in card.buttons

        await until(row, "the correction's buttons")
        await stage.kim.tap("😊 Not unhappy", channel=DESK)
        await stage.desk.wait_for("means fine", thread=thread)
        await stage.kim.say(DESK, "!topic delivery", thread=thread)
        await stage.desk.wait_for("is about: delivery", thread=thread)
        (kept,) = await corrections(stage.shop.running.house.database)
        assert (kept.text, kept.label, kept.topics) == (WORDS, "neutral", ("delivery",))
        await stage.kim.say(DESK, "!remember size 41", thread=thread)
        await stage.ana.wait_for("May we remember small things")
        await stage.ana.tap("Yes, remember it")

        async def remembered() -> bool:
            return "*Remembered:* size 41" in card.shown

        await until(remembered, "the fact on the card", 10)
        assert "there" in card.shown  # the customer's clock, from their profile
        await stage.kim.tap("Resolve", channel=DESK)

        async def unpinned() -> bool:
            return not card.pinned

        await until(unpinned, "the pin taken off", 10)
        assert "means fine" not in stage.seen()


async def test_on_slack_a_card_that_may_not_be_pinned_is_still_a_card(tmp_path: Path) -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert "pins:write" in scopes
    scopes.remove("pins:write")
    try:
        async with on_stage(tmp_path, "socket") as stage:
            thread = await stage.claimed()
            (card,) = [message for message in stage.desk.messages if message.ts == thread]
            assert not card.pinned
            assert "Kim has it" in card.shown
    finally:
        scopes.append("pins:write")
