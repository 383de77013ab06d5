"""A person speaks with a customer: what became of it, corrections, taking back, limits, each platform's own ways."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_slack import DESK as CHANNEL
from tests.journeys.test_slack import MANIFEST, on_stage
from tests.journeys.test_slack import Stage as SlackStage
from tests.journeys.test_telegram import Stage, people, server, set_up, stage
from tests.wire.slack import FakeSlack
from tests.wire.slack_people import Channel
from tests.wire.slack_people import Person as Member
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_people import Person

__all__ = ["server", "stage"]

HOURS_49 = 49 * 3600
LONG = " ".join(f"word{n}" for n in range(1500))[:10_000]
"""What an agent may paste."""


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackStage]:
    """Slack alone."""
    async with on_stage(tmp_path, "socket") as running:
        yield running


async def soon(wanted: Callable[[], object], what: str) -> None:
    """Wait until it is true."""

    async def true() -> bool:
        return bool(wanted())

    await until(true, what, 8)


def texts(person: Person) -> list[str]:
    """What a Telegram customer reads of the bot now."""
    return [message.text for message in person.sees if message.from_bot]


# ---------------------------------------------------------------- what became of it


async def test_telegram_shows_on_the_agents_message_what_became_of_it(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.say_in(topic, "New boots leave today.")
    await soon(lambda: said.reaction_of_bot() == "👍", "the mark")
    await stage.ana.block()
    await topic.wait_for("can't be reached: blocked")
    lost = await stage.kim.say_in(topic, "Hello?")
    await topic.wait_for(lambda m: m.reply is lost and "they have blocked us" in m.text)
    await soon(lambda: lost.reaction_of_bot() == "😢", "the mark of words that reached nobody")
    customer = (await stage.shop.case()).customer
    lines = await stage.shop.running.house.database.conversation(customer, 50, inside=True)
    assert any(line.kind == "unheard" and line.text == "Hello?" for line in lines), "the words are kept"


async def test_telegram_shows_words_that_went_out_before_the_block_was_known(stage: Stage) -> None:
    topic = await stage.claimed()
    stage.ana.blocked = True  # Telegram refuses from now on; its update is still on the way
    lost = await stage.kim.say_in(topic, "Hello?")
    await topic.wait_for(lambda m: m.reply is lost and "they have blocked us" in m.text)
    await soon(lambda: lost.reaction_of_bot() == "😢", "the mark of words that reached nobody")


async def test_telegram_tells_words_that_wait_and_when_they_have_arrived(stage: Stage) -> None:
    topic = await stage.claimed()
    stage.server.faults.flood("sendChatAction", retry_after=6)
    said = await stage.kim.say_in(topic, "New boots leave today.")
    await topic.wait_for(lambda m: m.reply is said and "This waits" in m.text)
    await soon(lambda: said.reaction_of_bot() == "👀", "the mark of waiting")
    await stage.ana.wait_for("New boots leave today.", timeout=10)
    await soon(lambda: said.reaction_of_bot() == "👍", "the mark of arrival")


async def test_slack_shows_on_the_agents_message_what_became_of_it(slack: SlackStage) -> None:
    thread = await slack.claimed()
    slack.slack.faults.add("chat.postMessage", "ratelimited", times=1, retry_after=6)
    said = await slack.kim.say(CHANNEL, "New boots leave today.", thread=thread)
    await slack.desk.wait_for("This waits", thread=thread, timeout=8)
    assert "hourglass_flowing_sand" in said.reactions
    await slack.ana.wait_for("New boots leave today.", timeout=10)
    await soon(lambda: list(said.reactions) == ["white_check_mark"], "the tick alone")
    await slack.ana.deactivate()
    lost = await slack.kim.say(CHANNEL, "Hello?", thread=thread)
    await slack.desk.wait_for("Not delivered. The customer can't be reached", thread=thread, timeout=8)
    assert list(lost.reactions) == ["no_entry"]


# ---------------------------------------------------------------- corrections


async def test_telegram_an_edit_stays_inside_until_the_one_tap(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.say_in(topic, "We refund 100 euros.")
    await stage.ana.wait_for("We refund 100 euros.")
    await stage.kim.edit(said, "We refund 110 euros.")
    offer = await topic.wait_for("Your change stays inside")
    assert offer.reply is said
    await stage.kim.edit(said, "We refund 120 euros.")
    assert (
        await stage.boris.tap_in(topic, "Send the correction", offer)
        == "Only Kim can send this, while the case is theirs."
    )
    await stage.server.settle()
    assert texts(stage.ana)[-1] == "Kim: We refund 100 euros."
    before = len(texts(stage.ana))
    assert await stage.kim.tap_in(topic, "Send the correction", offer) == "On its way."
    await stage.ana.wait_for("We refund 120 euros.")
    assert "nothing left to send" in await stage.kim.tap_in(topic, "Send the correction", offer)
    await topic.wait_for("The customer reads your corrected words now.")
    await stage.server.settle()
    assert len(texts(stage.ana)) == before, "the customer's own copy was changed"
    kinds = [line["kind"] for line in (await stage.shop.export("telegram:700"))["interactions"]]
    assert kinds.count("amendment") == 1


async def test_telegram_where_the_copy_cant_be_changed_a_new_message_says_that_it_corrects(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.say_in(topic, "We refund 100 euros.")
    copy = await stage.ana.wait_for("We refund 100 euros.")
    await stage.ana.delete(copy)
    await stage.kim.edit(said, "We refund 120 euros.")
    await topic.wait_for("Your change stays inside")
    await stage.kim.tap_in(topic, "Send the correction")
    new = await stage.ana.wait_for("We refund 120 euros.")
    assert new.text == "Kim: A correction of what I wrote: We refund 120 euros."
    await topic.wait_for("Sent as a new message that says it is a correction")


async def test_telegram_a_caption_is_corrected_in_place(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.send_photo(to=topic, caption="the blue ones")
    copy = await stage.ana.wait_for("the blue ones")
    await stage.kim.edit(said, "the green ones")
    await topic.wait_for("Your change stays inside")
    await stage.kim.tap_in(topic, "Send the correction")
    changed = await stage.ana.wait_for("the green ones")
    assert (changed.id, changed.kind) == (copy.id, "photo")


async def test_slack_an_edit_stays_inside_until_the_one_tap(slack: SlackStage) -> None:
    thread = await slack.claimed()
    said = await slack.kim.say(CHANNEL, "We refund *100* euros.", thread=thread)
    copy = await slack.ana.wait_for("We refund *100* euros.")
    await slack.kim.edit(said, "We refund *120* euros.")
    await slack.desk.wait_for("Your change stays inside", thread=thread)
    assert copy.shown == "We refund *100* euros."
    await slack.boris.tap("Send the correction", channel=CHANNEL)
    await soon(lambda: any("Only Kim" in m.shown for m in slack.boris.sees_in(CHANNEL)), "Boris is told")
    await slack.kim.tap("Send the correction", channel=CHANNEL)
    await soon(lambda: copy.shown == "We refund *120* euros.", "the customer's copy changes")
    assert copy.username == "Kim"
    count = len(slack.ana.heard)
    await slack.kim.tap("Send the correction", channel=CHANNEL)
    await soon(lambda: any("nothing left to send" in m.shown for m in slack.kim.sees_in(CHANNEL)), "Kim is told")
    assert len(slack.ana.heard) == count


# ---------------------------------------------------------------- taking back


async def test_telegram_a_reply_takes_the_customers_copy_back(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.say_in(topic, "You fool")
    await stage.ana.wait_for("You fool")
    await stage.boris.say_in(topic, "/unsend", reply_to=said)
    await topic.wait_for("Only Kim or a manager can take this back.")
    await stage.kim.say_in(topic, "/unsend")
    await topic.wait_for("Answer your own message with /unsend")
    await stage.kim.say_in(topic, "/unsend", reply_to=said)
    await topic.wait_for("Taken back: the customer doesn't have “You fool” any more.")
    assert "You fool" not in "\n".join(texts(stage.ana))
    await stage.kim.say_in(topic, "/unsend", reply_to=said)
    await topic.wait_for("That has been taken back already.")
    lines = (await stage.shop.export("telegram:700"))["interactions"]
    assert [line["text"] for line in lines if line["kind"] in {"relay", "unsend"}] == ["You fool", "You fool"]


async def test_telegram_after_48_hours_the_thread_says_that_it_cant_be(stage: Stage) -> None:
    topic = await stage.claimed()
    said = await stage.kim.say_in(topic, "You fool")
    copy = await stage.ana.wait_for("You fool")
    copy.date -= HOURS_49
    await stage.kim.say_in(topic, "/unsend", reply_to=said)
    await topic.wait_for(
        "“You fool” could not be taken back: Telegram lets a bot take back what it wrote for 48 hours only."
    )
    assert "You fool" in "\n".join(texts(stage.ana))


async def test_telegram_words_of_many_pieces_and_corrections_go_as_a_whole(stage: Stage) -> None:
    topic = await stage.claimed()
    photos = await stage.kim.send_album(["photo", "photo"], to=topic, caption="both")
    await soon(lambda: sum(m.kind == "photo" for m in stage.ana.sees) == 2, "the album")
    await stage.kim.say_in(topic, "/unsend", reply_to=photos[1])
    await topic.wait_for("Taken back")
    assert not any(message.kind == "photo" for message in stage.ana.sees)


async def test_slack_unsend_takes_the_newest_own_words_back(slack: SlackStage) -> None:
    thread = await slack.claimed()
    await slack.kim.say(CHANNEL, "This stays.", thread=thread)
    await slack.kim.say(CHANNEL, "You fool", [("a.txt", b"secret")], thread=thread)
    await slack.ana.wait_for("You fool")
    await soon(lambda: any(message.files for message in slack.ana.sees), "the file")
    await slack.boris.say(CHANNEL, "!unsend", thread=thread)
    await slack.desk.wait_for("Answer your own message", thread=thread)
    await slack.kim.say(CHANNEL, "!unsend", thread=thread)
    await slack.desk.wait_for("Taken back: the customer doesn't have “You fool” any more.", thread=thread)
    assert "You fool" not in slack.seen()
    assert "This stays." in slack.seen()
    assert not any(message.files for message in slack.ana.sees)


async def test_slack_says_when_the_workspace_keeps_messages(slack: SlackStage) -> None:
    thread = await slack.claimed()
    await slack.kim.say(CHANNEL, "You fool", thread=thread)
    await slack.ana.wait_for("You fool")
    slack.slack.faults.fail("chat.delete", error="compliance_exports_prevent_deletion")
    await slack.kim.say(CHANNEL, "!unsend", thread=thread)
    await slack.desk.wait_for(
        "could not be taken back: this Slack workspace doesn't let the app delete it", thread=thread
    )


# ---------------------------------------------------------------- limits


async def test_telegram_ten_thousand_characters_arrive_whole_and_in_order(stage: Stage) -> None:
    topic = await stage.claimed()
    before = len(texts(stage.ana))
    for start in (0, 4000, 8000):  # a client cuts what is pasted by itself
        await stage.kim.say_in(topic, LONG[start : start + 4000])
    await soon(lambda: LONG[-20:].strip() in texts(stage.ana)[-1], "the last piece")
    pieces = [text.removeprefix("Kim: ") for text in texts(stage.ana)[before:]]
    assert "".join("".join(pieces).split()) == "".join(LONG.split())


async def test_slack_ten_thousand_characters_arrive_whole_and_in_order(slack: SlackStage) -> None:
    thread = await slack.claimed()
    before = len(slack.ana.heard)
    await slack.kim.say(CHANNEL, LONG, thread=thread)
    await slack.ana.wait_for(LONG[-20:].strip(), timeout=10)
    pieces = [message.shown for message in slack.ana.heard[before:]]
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join(LONG.split())


# ---------------------------------------------------------------- across platforms


@dataclass
class Both:
    """Telegram and Slack beside each other."""

    tg: FakeTelegram
    slack: FakeSlack
    shop: Shop
    channel: Channel
    kim: Member
    ana: Person
    bea: Member
    topic: Any = None

    async def telegram_customer_on_slack(self) -> str:
        """Ana on Telegram is unhappy; Kim claims on Slack; returns the thread."""
        answer = await self.shop.order(customer="c-1", person={"id": "c-1", "name": "Ana Duarte", "locale": "en"})
        await self.ana.start(answer["links"]["telegram"].partition("start=")[2])
        await self.ana.tap("😡 1", await self.ana.wait_for("getting on with"))
        card = await self.channel.wait_for("unhappy", timeout=8)
        await self.kim.tap("Claim", channel=CHANNEL)
        await self.channel.wait_for("Kim Larsen has this case", thread=str(card.ts))
        return str(card.ts)


@asynccontextmanager
async def both(folder: Path, server: FakeTelegram, desk: str) -> AsyncIterator[Both]:
    """A shop with customers on both platforms and its desk on one."""
    async with FakeSlack(manifest=MANIFEST) as slack:
        kim = slack.user("U0KIM", "kim", real_name="Kim Larsen")
        bea = slack.user("U0BEA", "bea", email="bea@example.com", real_name="Bea Costa")
        channel = slack.channel(CHANNEL, "desk", members=[kim])
        _, settings = set_up(server)
        settings |= {
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
            "slack_desk_channel": CHANNEL,
            "agents": "telegram:1,telegram:2,slack:U0KIM",
        }
        async with open_shop(folder, program_text(desk, mirror=False), **settings) as shop:
            await slack.connected()
            yield Both(server, slack, shop, channel, kim, people(server)[0], bea)
        slack.assert_clean()


async def test_telegram_customer_and_slack_desk_get_the_nearest_equivalent(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with both(tmp_path, server, "slack") as stage:
        thread = await stage.telegram_customer_on_slack()
        answer = await stage.kim.say(CHANNEL, "When did it break?", thread=thread)
        asked = await stage.ana.wait_for("When did it break?")
        assert asked.text == "Kim: When did it break?", "the first name alone"
        await stage.ana.say("on Monday", reply_to=asked)
        await stage.ana.send_voice()
        await stage.ana.send_sticker("😢")
        await stage.ana.send_media("video_note")
        await stage.ana.send_location(48.85, 2.35)
        await stage.ana.send_contact("+33612345678")
        for part in (
            "↩ “Kim: When did it break?”\nAna Duarte: on Monday",
            "[voice message]", "[sticker 😢]", "[video message]", "[location 48.85, 2.35] https://www.openstreetmap.org/",
            "[contact “Ana” +33612345678]",
        ):  # fmt: skip
            await stage.channel.wait_for(part, thread=thread, timeout=8)
        files = [file for message in stage.channel.thread(thread) for file in message.files]
        assert len(files) == 3
        await stage.kim.say(CHANNEL, "see here", [("manual.pdf", b"%PDF")], thread=thread)
        await soon(lambda: any(m.kind == "document" for m in stage.ana.sees), "the file")
        await soon(lambda: "white_check_mark" in answer.reactions, "the mark")
        await stage.ana.send_document(name="film.mp4", size=30 * 1024 * 1024)
        await stage.channel.wait_for(
            "film.mp4 (the file has 31 MB, and Telegram gives bots 20 MB at most)", thread=thread
        )


async def test_slack_customer_and_telegram_desk_get_the_nearest_equivalent(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with both(tmp_path, server, "telegram") as stage:
        kim, desk = server.user(1), server.world.chats[-1001]
        person = {"id": "c-2", "name": "Bea Costa", "email": "bea@example.com", "locale": "en"}
        await stage.shop.order(customer="c-2", person=person)
        await stage.bea.wait_for("getting on with", timeout=8)
        await stage.bea.tap("😡 1")
        topic = await desk.wait_for_topic()  # type: ignore[attr-defined]
        await topic.wait_for("unhappy")
        await kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        await stage.bea.dm("look", [("clip.mp4", b"video"), ("a.pdf", b"%PDF")])
        shown = await topic.wait_for("Bea Costa: look")
        await soon(
            lambda: [m.kind for m in topic.messages if m.kind in {"video", "document"}] == ["video", "document"],
            "files",
        )
        await kim.say_in(topic, "I see it", reply_to=shown)
        heard = await stage.bea.wait_for("I see it")
        assert (heard.username, heard.shown) == ("Kim", "↩ “look”\nI see it")
        await kim.send_voice(to=topic)
        await stage.bea.wait_for("[voice message]")
        await kim.send_sticker("🎉", to=topic)
        await stage.bea.wait_for("[sticker 🎉]")
        big = await kim.send_document(name="film.mp4", size=30 * 1024 * 1024, to=topic)
        await topic.wait_for(lambda m: m.reply is big and "film.mp4" in m.text and "20 MB" in m.text)
        partly = await kim.send_document(name="film2.mp4", size=30 * 1024 * 1024, to=topic, caption="the manual, too")
        await stage.bea.wait_for("the manual, too")
        await topic.wait_for(lambda m: m.reply is partly and "Delivered, but not all of it" in m.text)
        await soon(lambda: partly.reaction_of_bot() == "👍", "the mark of the words")


async def test_replies_are_replies_where_both_sides_have_them(stage: Stage) -> None:
    topic = await stage.claimed()
    first = await stage.ana.say("the zipper broke")
    await stage.ana.say("and the box was wet")
    shown = await topic.wait_for("the zipper broke")
    await topic.wait_for("the box was wet")
    answer = await stage.kim.say_in(topic, "That is covered.", reply_to=shown)
    heard = await stage.ana.wait_for("That is covered.")
    assert heard.reply is first
    await stage.ana.say("wonderful", reply_to=heard)
    back = await topic.wait_for("wonderful")
    assert back.reply is answer
    note = await stage.boris.say_in(topic, "a cheap batch SECRET")
    await stage.kim.say_in(topic, "I look into it.", reply_to=note)
    inside = await stage.ana.wait_for("I look into it.")
    assert (inside.text, inside.reply) == ("Kim: I look into it.", None)


async def test_the_customer_sees_a_first_name_a_picture_and_signs_of_life(tmp_path: Path, server: FakeTelegram) -> None:
    async with both(tmp_path, server, "slack") as stage:
        person = {"id": "c-2", "name": "Bea Costa", "email": "bea@example.com", "locale": "en"}
        await stage.shop.order(customer="c-2", person=person)
        await stage.bea.wait_for("getting on with", timeout=8)
        await stage.bea.tap("😡 1")
        card = await stage.channel.wait_for("unhappy")
        await stage.kim.tap("Claim", channel=CHANNEL)
        await stage.kim.say(CHANNEL, "Hello Bea", thread=card.ts)
        heard = await stage.bea.wait_for("Hello Bea")
        assert (heard.username, heard.extra["icons"]["image_48"]) == ("Kim", "https://avatars.invalid/U0KIM/192.png")


async def test_a_person_is_seen_typing_and_the_bot_never_is(stage: Stage) -> None:
    topic = await stage.claimed()
    assert not stage.server.calls_of("sendChatAction")
    await stage.kim.say_in(topic, "On it.")
    await stage.ana.wait_for("On it.")
    await stage.kim.send_photo(to=topic)
    await soon(lambda: any(m.kind == "photo" for m in stage.ana.sees), "the photo")
    assert [call.params["action"] for call in stage.server.calls_of("sendChatAction")] == ["typing", "upload_photo"]


def test_the_long_words_are_long() -> None:
    assert len(LONG) == 10_000
    assert not re.search(r"\s{2}", LONG)
