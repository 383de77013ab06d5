"""The conversation after the purchase on Telegram, at the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Forum, Topic
from tests.wire.telegram_people import Person

DESK = -1001
PERSON = "Talk to a person"


@dataclass
class Stage:
    """The platform, its people, and the shop."""

    server: FakeTelegram
    desk: Forum
    shop: Shop
    ana: Person
    kim: Person
    boris: Person
    mona: Person

    async def linked(self, order: str = "1001") -> None:
        """Ana bought something and opened her link."""
        answer = await self.shop.order(order)
        await self.ana.start(answer["links"]["telegram"].partition("start=")[2])

    async def asked(self) -> None:
        """Ana has her question."""
        await self.linked()
        await self.ana.wait_for("getting on with")

    async def unhappy(self) -> Topic:
        """Ana is unhappy; the desk has a topic with a card."""
        await self.asked()
        await self.ana.tap("😡 1")
        await self.ana.wait_for("I am getting a person")
        topic = await self.desk.wait_for_topic()
        await topic.wait_for("unhappy")
        return topic

    async def claimed(self) -> Topic:
        """Kim has the case."""
        topic = await self.unhappy()
        await self.kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        return topic

    def seen(self) -> str:
        """Everything that Ana sees of the bot, in one text."""
        return "\n".join(message.text for message in self.ana.sees if message.from_bot)


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    """The Bot API; at the end no call may have broken its rules."""
    async with FakeTelegram() as running:
        yield running
        running.assert_clean()


def set_up(server: FakeTelegram) -> tuple[Forum, dict[str, Any]]:
    """A desk with Kim and Boris as agents and Mona as a manager, and the settings for it."""
    people = [server.user(1, name="Kim"), server.user(2, name="Boris"), server.user(9, name="Mona")]
    desk = server.forum(DESK, "Desk", members=people)
    settings: dict[str, Any] = {
        "telegram_bot_token": server.token,
        "telegram_api_url": server.url,
        "telegram_desk_chat": DESK,
        "agents": "telegram:1,telegram:2",
        "managers": "telegram:9",
    }
    return desk, settings


def people(server: FakeTelegram) -> tuple[Person, Person, Person, Person]:
    """Ana, Kim, Boris, Mona."""
    return server.user(700, name="Ana"), server.user(1), server.user(2), server.user(9)


@pytest.fixture
async def stage(tmp_path: Path, server: FakeTelegram) -> AsyncIterator[Stage]:
    """By long polling."""
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
        yield Stage(server, desk, shop, *people(server))


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_order_ask_reply_case_agent_resolution_summary(tmp_path: Path, server: FakeTelegram, mode: str) -> None:
    desk, settings = set_up(server)
    program = program_text("telegram", follow_up="2s")
    async with open_shop(tmp_path, program, **settings, telegram_mode=mode) as shop:
        stage = Stage(server, desk, shop, *people(server))
        await stage.asked()
        ask = stage.ana.sees[-1]
        labels = [button.text for button in ask.buttons]
        assert labels[-1] == PERSON
        assert len(labels) == 6
        await stage.ana.tap("😡 1", ask)
        await stage.ana.wait_for("I am getting a person")
        await stage.ana.say("great, another broken zipper, I want a refund")
        topic = await desk.wait_for_topic()
        card = await topic.wait_for("unhappy")
        assert "Ana" in card.text
        assert "1001" in card.text
        await topic.wait_for("another broken zipper")
        await stage.kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        answer = await stage.kim.say_in(topic, "New boots leave today, Ana.")
        await stage.ana.wait_for("New boots leave today, Ana.")
        await until_async(lambda: bool(answer.reactions), "a mark on Kim's message")
        await stage.ana.say("oh, thank you")
        await topic.wait_for("oh, thank you")
        await stage.kim.tap_in(topic, "Resolve")
        await stage.ana.wait_for("Kim says thank you")
        await stage.ana.wait_for("Is all well again?", timeout=8)
        await stage.ana.tap("Yes, all well")
        await stage.ana.wait_for("Good to hear")
        await stage.mona.start()
        await stage.mona.say("/summary 7d")
        await stage.mona.wait_for("too few to tell")
        lines = (await shop.export("telegram:700"))["interactions"]
        assert [line["direction"] for line in lines if line["author"] == "agent"] == ["out"]
        assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


async def until_async(wanted: object, what: str) -> None:
    """`until` for something that need not be awaited."""

    async def check() -> bool:
        return bool(wanted())  # type: ignore[operator]

    await until(check, what)


async def test_only_the_claimer_reaches_the_customer(stage: Stage) -> None:
    topic = await stage.unhappy()
    await stage.kim.say_in(topic, "not claimed yet SECRET")
    await topic.wait_for("until you claim")
    await stage.kim.tap_in(topic, "Claim")
    await topic.wait_for("Kim has this case")
    await stage.boris.say_in(topic, "second zipper SECRET")
    note = await stage.kim.say_in(topic, "/note walks the Camino SECRET")
    await stage.kim.edit(note, "/note SECRET two")
    await stage.kim.say_in(topic, "/frobnicate SECRET")
    await topic.wait_for("/frobnicate")
    said = await stage.kim.say_in(topic, "I am on it.")
    await stage.ana.wait_for("I am on it.")
    await stage.kim.edit(said, "I am on it. SECRET")
    await stage.desk.rename_topic(topic, "Renamed SECRET")
    await stage.desk.pin(said)
    await stage.kim.say_in(topic, "Last words.")
    await stage.ana.wait_for("Last words.")
    assert "SECRET" not in stage.seen()


async def test_two_agents_claim_at_once_and_one_is_told_who_won(stage: Stage) -> None:
    topic = await stage.claimed()
    card = next(message for message in topic.messages if "Claim" in str(message.versions) or message.buttons)
    toast = await stage.boris.tap_forged(card, f"claim:{(await stage.shop.case()).case}")
    assert "Kim" in toast
    assert (await stage.shop.case()).owner == "Kim"


async def test_photos_voice_documents_stickers_and_albums_travel_both_ways(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.ana.send_photo()
    await stage.ana.send_voice()
    await stage.ana.send_document()
    await stage.ana.send_sticker()
    await stage.ana.send_album(["photo", "photo"])
    wanted = ["photo", "voice", "document", "sticker", "photo", "photo"]

    async def all_there() -> bool:
        kinds = [m.kind for m in topic.messages if m.from_bot and m.kind != "text"]
        return sorted(kinds) == sorted(wanted)

    await until(all_there, "all media on the desk", 8)
    await stage.kim.send_photo(to=topic)
    await stage.kim.send_voice(to=topic)

    async def back() -> bool:
        return [m.kind for m in stage.ana.sees if m.from_bot and m.kind != "text"] == ["photo", "voice"]

    await until(back, "the agent's photo and voice", 8)
    kept = [a for line in (await stage.shop.export("telegram:700"))["interactions"] for a in line["attachments"]]
    assert len(kept) >= 8


async def test_a_deleted_topic_is_made_again_and_nothing_is_lost(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.desk.delete_topic(topic)
    await stage.ana.say("are you still there?")

    async def again() -> bool:
        return any("still there" in text for new in stage.desk.topics for text in new.texts)

    await until(again, "the words in a new topic", 8)


async def test_one_topic_a_customer_also_for_later_cases(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.kim.tap_in(topic, "Resolve")
    await stage.ana.wait_for("letting us put this right")
    await stage.ana.tap(PERSON)
    await stage.ana.wait_for("Of course. I am getting a person")

    async def second_card() -> bool:
        return sum("Ana" in text and "asked for a person" in text for text in topic.texts) >= 1

    await until(second_card, "the case on the same topic")
    assert len(stage.desk.topics) == 1


async def test_spent_unknown_and_stranger_links_get_a_friendly_answer(stage: Stage) -> None:
    answer = await stage.shop.order()
    token = answer["links"]["telegram"].partition("start=")[2]
    await stage.ana.start(token)
    await stage.ana.wait_for("good to see you")
    eve = stage.server.user(800, name="Eve")
    await eve.start(token)
    await eve.wait_for("used already")
    await eve.start("no-such-token")
    await eve.wait_for("don't know that link")
    joe = stage.server.user(801, name="Joe")
    await joe.start()
    await joe.wait_for("I am the bot of Boots & Co")
    assert (await stage.shop.export("telegram:800"))["purchases"] == []


async def test_blocking_is_noticed_and_told_to_the_agent(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.ana.block()
    await topic.wait_for("can't be reached")
    await stage.kim.say_in(topic, "Hello?")
    await stage.ana.unblock()
    await topic.wait_for("can be reached again")
    await stage.kim.say_in(topic, "There you are.")
    await stage.ana.wait_for("There you are.")


async def test_an_edit_is_logged_and_never_scored_as_new(stage: Stage) -> None:
    await stage.asked()
    said = await stage.ana.say("love them")
    await stage.ana.wait_for("Thank you")
    before = len(stage.ana.sees)
    await stage.ana.edit(said, "they broke, I want a refund")
    await stage.server.settle()

    async def logged() -> bool:
        lines = (await stage.shop.export("telegram:700"))["interactions"]
        return any(line["kind"] == "edit" for line in lines)

    await until(logged, "the edit in the log")
    assert len(stage.ana.sees) == before
    assert await stage.shop.queue() == []


async def test_stop_resume_mydata_privacy_help_forget(stage: Stage) -> None:
    await stage.asked()
    for word, answer in (
        ("/privacy", "keeps your name"),
        ("/mydata", "Orders: one"),
        ("/help", "/human gets a person"),
        ("/stop", "won't ask you"),
        ("stop", "don't ask you any more"),
        ("/resume", "Welcome back"),
    ):
        await stage.ana.say(word)
        await stage.ana.wait_for(answer)
    consents = (await stage.shop.export("telegram:700"))["consents"]
    assert [consent["granted"] for consent in consents] == [True, False, True]
    await stage.ana.say("/forget")
    await stage.ana.wait_for("can't be undone")
    await stage.ana.tap("Yes, erase everything")
    await stage.ana.wait_for("Everything is erased")

    async def gone() -> bool:
        return await stage.shop.running.house.database.find_customer("telegram:700") is None

    await until(gone, "the erasure")
    taken = await stage.shop.order("2002")
    assert taken["customer"]
    assert not any("getting on with" in m.text for m in stage.ana.sees[-1:])


@pytest.mark.parametrize(
    "words",
    [
        "x" * 4096,
        "<b>bold</b> & *stars* _under_ `code` [link](http://x.example)",
        "\u200b\u200c\u200d",
        "مرحبا، وصل الطلب متأخرا",
        "😡😡😡",
        "\x00\x07 control",
        "/unknowncommand",
        "🙂" * 500,
    ],
)
async def test_odd_words_get_an_answer_and_break_nothing(stage: Stage, words: str) -> None:
    await stage.asked()
    last = stage.ana.sees[-1]
    await stage.ana.say(words)
    await stage.ana.wait_for(lambda message: message.from_bot, after=last)
    assert "rephrase" not in stage.seen()


async def test_unknown_buttons_get_a_clear_answer(stage: Stage) -> None:
    await stage.asked()
    ask = stage.ana.sees[-1]
    await stage.ana.tap_forged(ask, "rate:999999:3")
    await stage.ana.wait_for("earlier conversation")


async def test_every_update_three_times_is_handled_once(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram"), **settings, telegram_mode="webhook") as shop:
        stage = Stage(server, desk, shop, *people(server))
        await stage.asked()
        server.mailbox.repeat = 3
        await stage.ana.say("I got the wrong size, very disappointed")
        await stage.ana.wait_for("I am getting a person")
        await server.settle()
        lines = (await shop.export("telegram:700"))["interactions"]
        assert sum("wrong size" in line["text"] for line in lines) == 1
        assert len(await shop.queue()) == 1
