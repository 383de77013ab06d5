"""Threads that vanish, desks that shut us out, crashes at the worst moment: the case goes on, and says where."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.mirrored import Mirrored, mirrored, soon
from tests.journeys.shop import program_text
from tests.journeys.test_slack import DESK as CHANNEL
from tests.journeys.test_telegram import server
from tests.wire.telegram import FakeTelegram

__all__ = ["server"]

FORGET = "DELETE FROM desk_thread WHERE desk = ?"


@pytest.fixture
async def stage(tmp_path: Path, server: FakeTelegram) -> AsyncIterator[Mirrored]:
    """Both desks; Telegram is the main one."""
    async with mirrored(tmp_path, server) as running:
        yield running


async def inside(stage: Mirrored) -> str:
    """What stays inside of the open case, as the console shows it."""
    database = stage.shop.running.house.database
    lines = await database.conversation((await stage.shop.case()).customer, 100, inside=True)
    return "\n".join(line.text for line in lines if line.inside)


async def no_dead_letters(stage: Mirrored) -> bool:
    """Nothing was given up."""
    return await stage.shop.running.house.database.dead_letters() == []


async def test_a_deleted_topic_comes_back_with_its_card_and_history_and_slack_is_told(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await stage.kim.tap_in(topic, "Claim")
    await stage.kim.say_in(topic, "We look into it.")
    await stage.ana.wait_for("We look into it.")
    await stage.boris.say_in(topic, "a cheap batch")
    await stage.channel.wait_for("inside: a cheap batch", thread=thread)
    await stage.desk.delete_topic(topic)
    await stage.ana.say("are you there?")
    fresh = await stage.desk.wait_for_topic("Ana")
    await fresh.wait_for(lambda m: m.text == "Ana Duarte: are you there?", timeout=8)
    card, history, words = fresh.texts
    assert "case" in card
    assert "Kim has it" in card
    assert words == "Ana Duarte: are you there?"
    assert "Kim: We look into it." in history
    assert "🔒" in next(line for line in history.splitlines() if "a cheap batch" in line)
    assert "🔒" not in next(line for line in history.splitlines() if "We look into it." in line)
    assert "are you there?" not in history
    await stage.channel.wait_for("This case has a new thread on Telegram.", thread=thread)
    assert "This case has a new thread on Telegram." in await inside(stage)
    await stage.kim.say_in(fresh, "I am.")
    await stage.ana.wait_for("Kim: I am.")
    await stage.kim.tap_in(fresh, "Resolve")
    await stage.ana.wait_for("Kim says thank you")
    assert len(stage.desk.topics) == 1


@pytest.mark.parametrize("replies", [True, False])
async def test_a_deleted_parent_on_slack_costs_no_words(stage: Mirrored, replies: bool) -> None:
    topic, thread = await stage.ana_is_unhappy()
    root = next(message for message in stage.channel.all if message.ts == thread)
    if replies:
        await stage.lea.say(CHANNEL, "who takes this?", thread=thread)
        await topic.wait_for("who takes this?")
        await stage.channel.wait_for("until you claim", thread=thread)
    stage.slack.world.delete(root)
    await stage.slack.settled()
    await stage.ana.say("are you there?")
    await stage.channel.wait_for("Ana Duarte: are you there?", timeout=8)
    await topic.wait_for("are you there?")
    await stage.kim.tap_in(topic, "Claim")
    await stage.channel.wait_for(lambda m: "*Kim has it*" in m.shown, timeout=8)
    await stage.kim.tap_in(topic, "Resolve")
    await stage.channel.wait_for("Kim resolved this case.", timeout=8)
    assert await no_dead_letters(stage)


async def test_a_kicked_bot_leaves_the_case_on_slack_and_comes_back_by_itself(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await stage.lea.tap("Claim", channel=CHANNEL)
    await topic.wait_for("Lea Roth has this case")
    await stage.desk.kick_bot()
    for word in ("one", "two", "three"):
        await stage.ana.say(f"word {word}")
    await stage.channel.wait_for("Telegram can't be used now", thread=thread, timeout=8)
    told = "\n".join(stage.on_slack(thread))
    assert "This case goes on here: Slack, console." in told
    assert "Manage topics" in told, "it says what to do"
    await stage.channel.wait_for("word three", thread=thread)
    await stage.lea.say(CHANNEL, "I read you.", thread=thread)
    await stage.ana.wait_for("Lea: I read you.")
    assert "Telegram can't be used now" in await inside(stage)
    assert not any("word one" in text for text in topic.texts)
    channel = next(edge for edge in stage.shop.running.house.edges if edge.name == "telegram")
    assert any("let the bot into the group" in problem for problem in await channel.problems())
    await stage.desk.add_bot()
    await topic.wait_for("I read you.", timeout=8)
    await stage.channel.wait_for("Telegram can be used again", thread=thread, timeout=8)
    shown = "\n".join(topic.texts)
    assert [word for word in ("word one", "word two", "word three") if word in shown] == [
        "word one", "word two", "word three",
    ]  # fmt: skip
    assert sum("Telegram can't be used" in text for text in stage.on_slack(thread)) == 1
    assert await no_dead_letters(stage)


async def test_an_archived_channel_leaves_the_case_on_telegram_and_comes_back_by_itself(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await stage.channel.archive()
    await stage.kim.tap_in(topic, "Claim")
    await stage.kim.say_in(topic, "We look into it.")
    await stage.ana.wait_for("We look into it.")
    await topic.wait_for("Slack can't be used now: the desk channel is archived", timeout=8)
    await stage.ana.say("thank you")
    await topic.wait_for("Ana Duarte: thank you")
    assert await no_dead_letters(stage)
    await stage.channel.unarchive()
    await stage.channel.wait_for("Ana Duarte: thank you", thread=thread, timeout=10)
    await topic.wait_for("Slack can be used again", timeout=8)
    assert sum("can't be used" in text for text in topic.texts) == 1
    assert await no_dead_letters(stage)


async def test_a_case_from_before_a_second_desk_shows_there_when_something_happens(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with mirrored(tmp_path, server, slack_desk_channel=None) as stage:
        topic = await stage.on_telegram_alone()
        await stage.kim.tap_in(topic, "Claim")
        await stage.kim.say_in(topic, "We look into it.")
        await stage.ana.wait_for("We look into it.")
        await stage.boris.say_in(topic, "a cheap batch")
        await stage.tg.settle()
    async with mirrored(tmp_path, server) as stage:
        await stage.ana.say("any news?")
        words = await stage.channel.wait_for("Ana Duarte: any news?", timeout=8)
        root = next(message for message in stage.channel.all if message.ts == words.thread_ts)
        assert "*Kim has it*" in root.shown
        history = stage.on_slack(str(words.thread_ts))[0]
        assert "Kim: We look into it." in history
        assert "🔒" in next(line for line in history.splitlines() if "a cheap batch" in line)
        await topic.wait_for("This case has a new thread on Slack.")


async def test_a_desk_that_was_turned_off_leaves_its_cases_to_the_other(tmp_path: Path, server: FakeTelegram) -> None:
    async with mirrored(tmp_path, server, program_text("slack", mirror=False)) as stage:
        await stage.ana_rates_badly()
        await stage.channel.wait_for("unhappy", timeout=8)
    async with mirrored(tmp_path, server, program_text(), slack_bot_token=None) as stage:
        await stage.ana.say("any news?")
        topic = await stage.desk.wait_for_topic("Ana")
        await topic.wait_for("Ana Duarte: any news?")
        await topic.wait_for("unhappy")
        await stage.kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        assert (await stage.shop.case()).desk == "telegram"


def forget_threads(folder: Path, desk: str) -> None:
    """As if we had died between making a thread and keeping that it was made."""
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute(FORGET, (desk,))


async def test_a_topic_that_nobody_kept_leads_to_the_case_and_says_where_it_goes_on(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with mirrored(tmp_path, server, slack_desk_channel=None) as stage:
        first = await stage.on_telegram_alone()
        await stage.kim.tap_in(first, "Claim")
        await first.wait_for("Kim has this case")
        await stage.tg.settle()
    forget_threads(tmp_path, "telegram")
    async with mirrored(tmp_path, server, slack_desk_channel=None) as stage:
        await stage.ana.say("any news?")
        await soon(lambda: len(stage.desk.topics) == 2, "a second topic")
        second = stage.desk.topics[-1]
        await second.wait_for("any news?")
        said = await stage.kim.say_in(first, "It left today.")
        await stage.ana.wait_for("Kim: It left today.")
        told = await first.wait_for("This case goes on in another thread.")
        assert told.reply is said
        assert f"/{second.id}" in told.text
        await soon(lambda: said.reaction_of_bot() == "👍", "the mark on the words")
        await stage.boris.say_in(first, "inside SECRET")
        await stage.kim.say_in(second, "Tomorrow it is with you.")
        await stage.ana.wait_for("Tomorrow it is with you.")
        assert "SECRET" not in "\n".join(stage.read_by_ana())


async def test_before_a_second_topic_is_made_the_one_that_nobody_kept_is_as_good(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with mirrored(tmp_path, server, slack_desk_channel=None) as stage:
        topic = await stage.on_telegram_alone()
        await stage.tg.settle()
    forget_threads(tmp_path, "telegram")
    async with mirrored(tmp_path, server, slack_desk_channel=None) as stage:
        await stage.kim.say_in(topic, "/claim")
        await topic.wait_for("Kim has this case")
        await stage.ana.say("any news?")
        await topic.wait_for("any news?")
        assert len(stage.desk.topics) == 1
        assert not any("another thread" in text for text in topic.texts)


async def test_a_thread_on_slack_that_nobody_kept_leads_to_the_case_and_says_where_it_goes_on(
    stage: Mirrored, tmp_path: Path
) -> None:
    topic, first = await stage.ana_is_unhappy()
    await stage.lea.tap("Claim", channel=CHANNEL)
    await topic.wait_for("Lea Roth has this case")
    await stage.slack.settled()
    forget_threads(tmp_path, "slack")
    await stage.ana.say("any news?")
    words = await stage.channel.wait_for("any news?", timeout=8)
    assert words.thread_ts != first
    await stage.lea.say(CHANNEL, "It left today.", thread=first)
    await stage.ana.wait_for("Lea: It left today.")
    told = await stage.channel.wait_for("This case goes on in another thread.", thread=first)
    assert f"/p{str(words.thread_ts).replace('.', '')}" in told.shown
    await stage.tom.say(CHANNEL, "inside SECRET", thread=first)
    await topic.wait_for("Tom Berg (Slack), inside: inside SECRET")
    assert "SECRET" not in "\n".join(stage.read_by_ana())


async def test_a_card_whose_answer_was_lost_is_found_again_and_no_second_thread_is_made(stage: Mirrored) -> None:
    stage.slack.faults.add("chat.postMessage", "drop_after", times=1)
    _, thread = await stage.ana_is_unhappy()
    await stage.ana.say("any news?")
    await stage.channel.wait_for("any news?", thread=thread, timeout=8)
    assert len([message for message in stage.channel.all if not message.is_reply]) == 1


async def test_a_tap_that_slack_sends_three_times_is_one_claim(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    stage.slack.duplicate(3)
    await stage.lea.tap("Claim", channel=CHANNEL)
    await topic.wait_for("Lea Roth has this case")
    stage.slack.duplicate(1)
    await stage.ana.say("hello?")
    await topic.wait_for("hello?")
    await stage.channel.wait_for("hello?", thread=thread)
    await stage.slack.settled()
    assert sum("Lea Roth has this case" in text for text in topic.texts) == 1
    assert sum("Lea Roth has this case" in text for text in stage.on_slack(thread)) == 1


async def test_a_topic_that_was_renamed_by_hand_keeps_its_name_and_its_case(stage: Mirrored) -> None:
    topic, _ = await stage.ana_is_unhappy()
    await stage.desk.rename_topic(topic, "Ana, the zipper lady")
    await stage.kim.tap_in(topic, "Claim")
    await topic.wait_for("Kim has this case")
    await stage.kim.say_in(topic, "Hello Ana.")
    await stage.ana.wait_for("Kim: Hello Ana.")
    await stage.kim.tap_in(topic, "Resolve")
    await topic.wait_for("Kim resolved this case.")
    assert topic.name == "Ana, the zipper lady"
