"""Bad weather between us and the platforms: crowds, limits, failures, lost answers, repeats, outages."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_slack import on_stage
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.slack import FakeSlack
from tests.wire.slack_people import Person as SlackPerson
from tests.wire.telegram import FakeTelegram, FaultKind
from tests.wire.telegram_people import Person
from tests.wire.telegram_updates import ApiError

SENDS = ("sendMessage", "copyMessage", "createForumTopic", "setMessageReaction", "editMessageText")
THREE = ("hello there", "I bought the boots", "they came on Monday")


def crowd_of(server: FakeTelegram, number: int) -> list[Person]:
    return [server.user(5000 + each, name=f"P{each}") for each in range(number)]


async def all_say(crowd: Sequence[Person], words: Sequence[str]) -> None:
    for word in words:
        await asyncio.gather(*(person.say(word) for person in crowd))


async def said_by(shop: Shop, name: str) -> list[str]:
    lines = (await shop.export(name))["interactions"]
    return [line["text"] for line in lines if line["author"] == "customer" and line["kind"] == "message"]


async def everything_sent(shop: Shop, timeout: float) -> None:
    """Every event handled and every outbox row ended."""

    async def done() -> bool:
        counts = await shop.running.house.database.counts()
        return not (counts["events_waiting"] or counts["outbox_new"] or counts["outbox_sending"])

    await until(done, "an empty journal and outbox", timeout)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_hundred_strangers_write_three_times_at_once_and_none_is_lost(
    tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDING_LIMITS", "off")
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        program = program_text("telegram")
        async with open_shop(tmp_path, program, **settings, telegram_mode=mode) as shop:
            crowd = crowd_of(server, 100)
            await all_say(crowd, THREE)

            async def heard() -> bool:
                return all(person.hears for person in crowd) and server.mailbox.idle()

            await until(heard, "an answer for everybody", 20)
            await everything_sent(shop, 20)
            for person in crowd:
                assert await said_by(shop, f"telegram:{person.id}") == list(THREE)
            assert desk.topics == []
        server.assert_clean()


async def test_the_whole_tokens_limit_is_kept_by_ourselves(tmp_path: Path) -> None:
    async with FakeTelegram(limits=True) as server:
        _, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            crowd = crowd_of(server, 60)
            await all_say(crowd, THREE[:2])

            async def heard() -> bool:
                return all(len(person.hears) == 2 for person in crowd)

            await until(heard, "two answers for everybody", 25)
            await everything_sent(shop, 5)
        server.assert_clean()
        assert server.flood.refused <= 6, "the wire may squeeze a few together, but the pace is ours"


async def test_a_hundred_unhappy_strangers_get_one_topic_each_with_all_their_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDING_LIMITS", "off")
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            crowd = crowd_of(server, 100)
            await all_say(crowd, ("the boots are broken, I want a refund", "word two", "word three"))
            await until(no_pending(server), "every update taken", 10)
            await everything_sent(shop, 25)
            assert len(desk.topics) == len(crowd)
            assert len(await shop.queue()) == len(crowd)
            for topic in desk.topics:
                shown = "\n".join(topic.texts)
                assert all(word in shown for word in ("broken", "word two", "word three")), topic.texts
        server.assert_clean()


def no_pending(server: FakeTelegram) -> Callable[[], Awaitable[bool]]:
    async def idle() -> bool:
        return server.mailbox.idle()

    return idle


def storm(server: FakeTelegram) -> None:
    """10 % 500, 5 % 429, 5 % lost answers on everything that is sent."""
    server.faults.share(FaultKind.ERROR, 0.10, SENDS, seed=11)
    server.faults.share(FaultKind.FLOOD, 0.05, ("sendMessage", "copyMessage"), seconds=1, seed=12)
    server.faults.share(FaultKind.LOST_ANSWER, 0.05, SENDS, seed=13)


async def test_in_a_storm_every_word_reaches_the_desk_and_every_answer_the_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDING_LIMITS", "off")
    words = [f"order number 481{number:02}" for number in range(25)]
    answers = [f"answer {number:02}" for number in range(25)]
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            stage = Stage(server, desk, shop, *people(server))
            topic = await stage.claimed()
            storm(server)
            for word, answer in zip(words, answers, strict=True):
                await stage.ana.say(word)
                await stage.kim.say_in(topic, answer)
            await until(no_pending(server), "every update taken", 5)
            await everything_sent(shop, 30)
            lost = sum(rule.fired for rule in server.faults.rules if rule.kind is FaultKind.LOST_ANSWER)
            struck = sum(rule.fired for rule in server.faults.rules)
            at_the_desk = [text for text in topic.texts if "order number" in text]
            at_anas = [m.text for m in stage.ana.sees if m.from_bot and "answer" in m.text]
            assert struck > 5, "the weather was too good to prove anything"
            assert_arrived(words, at_the_desk, lost)
            assert_arrived(answers, at_anas, lost)
            said = [message for message in topic.history if message.person is stage.kim and "answer" in message.text]
            assert all(message.reactions for message in said), "each that arrived is marked as delivered"
            assert not any("not delivered" in text for text in topic.texts)
            assert await shop.running.house.database.dead_letters() == []
        server.assert_clean()


def assert_arrived(wanted: Sequence[str], seen: Sequence[str], most_double: int) -> None:
    """All of it, first arrivals in order, and not more doubles than answers were lost."""
    found = [word for text in seen for word in wanted if word in text]
    assert list(dict.fromkeys(found)) == list(wanted)
    assert sum(Counter(found).values()) - len(wanted) <= most_double


async def test_every_update_three_times_from_a_crowd_is_handled_once(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings, telegram_mode="webhook") as shop:
            server.mailbox.repeat = 3
            crowd = crowd_of(server, 20)
            await all_say(crowd, ("the boots are broken, I want a refund",))
            await until(no_pending(server), "every update taken", 10)
            await server.settle(quiet=0.5, timeout=9)
            for person in crowd:
                assert len(await said_by(shop, f"telegram:{person.id}")) == 1
            assert len(await shop.queue()) == len(crowd)
            assert len(desk.topics) <= len(crowd)
        server.assert_clean()


async def test_a_deleted_topic_is_replaced_and_the_words_arrive_there(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            stage = Stage(server, desk, shop, *people(server))
            topic = await stage.claimed()
            await desk.delete_topic(topic)
            for word in ("are you there?", "still waiting"):
                await stage.ana.say(word)
            fresh = await desk.wait_for_topic()
            assert fresh.id != topic.id
            await fresh.wait_for("still waiting")
            await fresh.wait_for("are you there?")
            await stage.kim.say_in(fresh, "I am, sorry.")
            await stage.ana.wait_for("I am, sorry.")
            assert len(desk.topics) == 1
        server.assert_clean()


async def test_after_an_outage_everything_is_delivered_in_order(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            stage = Stage(server, desk, shop, *people(server))
            topic = await stage.claimed()
            await server.settle()
            await server.close()
            for word in ("4811", "4812", "4813"):
                await stage.ana.say(f"meanwhile, order number {word}")
            await stage.kim.say_in(topic, "while it was dark")
            await asyncio.sleep(1)
            await server.open()
            await topic.wait_for("meanwhile, order number 4813", timeout=8)
            await stage.ana.wait_for("while it was dark", timeout=8)
            shown = [line for text in topic.texts for line in text.splitlines() if "meanwhile" in line]
            assert [text.rsplit(maxsplit=1)[-1] for text in shown] == ["4811", "4812", "4813"]
        server.assert_clean()


async def test_what_was_decided_during_an_outage_is_sent_afterwards(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            stage = Stage(server, desk, shop, *people(server))
            await stage.linked()
            await stage.ana.wait_for("getting on with")
            await server.settle()
            await server.close()
            await shop.order("1002")
            await asyncio.sleep(1)
            await server.open()

            async def asked_twice() -> bool:
                return sum("getting on with" in message.text for message in stage.ana.hears) == 2

            await until(asked_twice, "the second ask", 8)
        server.assert_clean()


async def test_what_telegram_refuses_for_good_is_a_dead_letter_that_a_retry_brings_back(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            stage = Stage(server, desk, shop, *people(server))
            topic = await stage.claimed()
            await server.settle()
            database = shop.running.house.database
            refusing = server.answers.methods["sendMessage"]

            def refuse(params: Mapping[str, Any]) -> Any:
                if "the refused words" in str(params["text"]):
                    raise ApiError(400, "Bad Request: message is somehow wrong")
                return refusing(params)

            server.answers.methods["sendMessage"] = refuse
            await stage.kim.say_in(topic, "the refused words")
            await topic.wait_for("⚠️")

            async def listed() -> bool:
                return bool(await database.dead_letters())

            await until(listed, "a dead letter")
            (letter,) = await database.dead_letters()
            assert "somehow wrong" in letter.why
            assert "the refused words" in letter.text
            await stage.kim.say_in(topic, "what comes after goes")
            await stage.ana.wait_for("what comes after goes")
            server.answers.methods["sendMessage"] = refusing
            assert await database.retry_dead_letter(letter.id) == 1
            await stage.ana.wait_for("the refused words")
            assert await database.dead_letters() == []


# --- Slack


def slack_crowd(slack: FakeSlack, number: int) -> list[SlackPerson]:
    return [slack.user(f"U0P{each:03}", f"p{each}") for each in range(number)]


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_fifty_people_at_once_on_slack_are_all_heard_once_and_answered(tmp_path: Path, transport: str) -> None:
    async with on_stage(tmp_path, transport) as stage:
        stage.slack.duplicate(2)
        stage.slack.withhold_ack(10)
        crowd = slack_crowd(stage.slack, 50)
        await asyncio.gather(*(person.dm("hello there") for person in crowd))
        await stage.slack.settled(20)

        async def heard() -> bool:
            return all(person.heard for person in crowd)

        await until(heard, "an answer for everybody", 15)
        for person in crowd:
            assert await said_by(stage.shop, f"slack:{person.id}") == ["hello there"]
        assert stage.slack.lost == []


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_in_a_storm_on_slack_every_word_arrives_both_ways(
    tmp_path: Path, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDING_LIMITS", "off")
    words = [f"order number 481{number:02}" for number in range(12)]
    answers = [f"answer {number:02}" for number in range(12)]
    async with on_stage(tmp_path, transport) as stage:
        thread = await stage.claimed()
        faults = stage.slack.faults
        faults.add("chat.postMessage", "http_500", share=0.10, seed=1)
        faults.add("chat.postMessage", "ratelimited", share=0.05, seed=2)
        lost = faults.add("chat.postMessage", "drop_after", share=0.05, seed=7)
        for word, answer in zip(words, answers, strict=True):
            await stage.ana.dm(word)
            await stage.kim.say("C0DESK", answer, thread=thread)
        await stage.slack.settled(10)
        await everything_sent(stage.shop, 30)
        assert faults.struck["chat.postMessage"], "the weather was too good to prove anything"
        desk = [m.shown for m in stage.desk.all if m.by_bot and m.thread_ts == thread and "order number" in m.shown]
        anas = [m.shown for m in stage.ana.sees if m.by_bot and "answer" in m.shown]
        assert_arrived(words, desk, lost.struck)
        assert_arrived(answers, anas, lost.struck)


async def test_dropped_and_refreshed_sockets_lose_no_word(tmp_path: Path) -> None:
    async with on_stage(tmp_path, "socket") as stage:
        await stage.asked()
        await stage.ana.dm("before")
        await stage.slack.drop_sockets()
        await stage.ana.dm("in the dark")
        await stage.slack.connected(timeout=8)
        await stage.slack.refresh_sockets()
        await stage.ana.dm("afterwards")
        await stage.slack.connected(timeout=8)
        await stage.slack.settled(10)
        await everything_sent(stage.shop, 8)
        assert sorted(await said_by(stage.shop, "slack:U0ANA")) == ["afterwards", "before", "in the dark"]
