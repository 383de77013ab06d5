"""A reply is read wrongly, an agent says so, and the correction can be learned from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.correcting import as_labelled, corrections
from bot.domain.correction import Correction
from bot.domain.ids import StaffId
from bot.program import Program
from sentiment.labelled import MOODS, read_labelled
from storage.database import Database
from tests.domain.world import MONDAY_NOON
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_commands import Place
from tests.journeys.test_slack import DESK, on_stage
from tests.journeys.test_telegram import Stage, people, set_up
from tests.storage.steps import BEN, MINUTE, SECRET, T0, HandClock, line
from tests.storage.test_corrections import correct, speak, words
from tests.wire.telegram import FakeTelegram

WORDS = "great, another broken zipper, I want a refund"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Telegram, with a passer-by in the desk group whom the shop doesn't know."""
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        desk.members[3] = server.user(3, name="Passer-by")
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            yield Stage(server, desk, shop, *people(server))
        server.assert_clean()


async def test_an_agents_correction_stays_inside_and_is_kept(stage: Stage) -> None:
    ana, kim, passer_by, shop = stage.ana, stage.kim, stage.server.user(3), stage.shop
    database = shop.running.house.database
    await stage.asked()
    await ana.say(WORDS)
    await ana.wait_for("I am getting a person")
    topic = await stage.desk.wait_for_topic()
    await topic.wait_for("unhappy")
    seen = len(ana.sees)

    await passer_by.say_in(topic, "/mood happy")
    await topic.wait_for("agents add telegram:3")
    await kim.say_in(topic, "/mood lukewarm")
    await topic.wait_for("unhappy, fine or happy")
    assert await corrections(database) == []
    await kim.say_in(topic, "/mood fine")
    await topic.wait_for("Thank you, Kim")
    assert WORDS in topic.texts[-1]

    (kept,) = await corrections(database)
    assert (kept.text, kept.label, kept.author) == (WORDS, "neutral", "Kim")
    assert kept.scored in {"negative", "mixed", "unknown", "neutral", "positive"}
    line = next(each for each in (await shop.export("telegram:700"))["interactions"] if each["text"] == WORDS)
    assert (line["verdict"]["corrected"], line["verdict"]["label"]) == ("neutral", kept.scored)
    assert (kept.unhappy, kept.scorer) == (line["verdict"]["unhappy"], line["verdict"]["scorer"])

    await kim.say_in(topic, "/mood unhappy")
    await topic.wait_for("means unhappy")
    assert [each.label for each in await corrections(database)] == ["negative"]
    await stage.server.settle()
    assert len(ana.sees) == seen

    await ana.say("/forget")
    await ana.tap("Yes, erase everything", await ana.wait_for("can't be undone"))

    async def gone() -> bool:
        return await corrections(database) == []

    await until(gone, "the erasure")


async def test_on_slack_the_same_word_begins_with_an_exclamation_mark(tmp_path: Path) -> None:
    async with on_stage(tmp_path, "socket") as slack:
        thread = await slack.claimed()
        await slack.kim.say(DESK, "!mood fine", thread=thread)
        await slack.desk.wait_for("not written any words", thread=thread)
        await slack.ana.dm(WORDS)
        await slack.desk.wait_for("another broken zipper", thread=thread)
        await slack.kim.say(DESK, "!mood happy", thread=thread)
        await slack.desk.wait_for("Thank you, Kim", thread=thread)
        (kept,) = await corrections(slack.shop.running.house.database)
        assert (kept.text, kept.label, kept.author) == (WORDS, "positive", "Kim")
        assert "mood" not in slack.seen()
        assert "Thank you, Kim" not in slack.seen()


async def test_the_command_tells_how_often_the_reader_was_wrong(tmp_path: Path) -> None:
    place = Place.made(tmp_path / "place")
    await asyncio.to_thread(place.said, "migrate")
    database = Database(place.variables["DATABASE_URL"], Program(), HandClock(), SECRET)
    await database.start()
    verdict = {"label": "negative", "score": -0.8, "unhappy": 0.9, "scorer": "old@1", "evidence": [], "topics": []}
    ana = await speak(database, *(words(f"thanks, all good {n}", at=T0 + n * MINUTE) for n in range(12)))
    await speak(database, line("hm", verdict=verdict), sender=BEN)
    made = [corrected(f"thanks, all good {n}", "positive") for n in range(11)]
    where = [replace(one, said_at=T0 + n * MINUTE, topics=("delivery",)) for n, one in enumerate(made)]
    await correct(database, ana, *where)
    await database.stop()

    told = await asyncio.to_thread(place.said, "score", "corrections", "--measure", "--json", "--scorer", "rules")
    rows = {(row["group"], row["name"]): row for row in map(json.loads, told.splitlines())}
    alarms = rows["kind", "false alarm"]
    assert (alarms["wrong"], alarms["n"], alarms["now_wrong"], alarms["now_n"]) == (11, 13, 0, 11)
    assert alarms["share"] == round(11 / 13, 4)
    assert alarms["interval"][0] < alarms["share"] < alarms["interval"][1]
    assert rows["topic", "delivery, not seen"]["wrong"] == 11
    table = await asyncio.to_thread(place.said, "score", "corrections", "--measure", "--scorer", "rules")
    assert "false alarm" in table
    assert "the least that was wrong" in table
    plain = await asyncio.to_thread(place.said, "score", "corrections")
    assert plain.splitlines()[:2] == ["text\tlabel\ttopics", "thanks, all good 0\tpositive\tdelivery"]
    assert "--measure" in await asyncio.to_thread(place.refused, "score", "hello", "--measure", code=2)


def corrected(text: str, label: str, minute: int = 0) -> Correction:
    at = MONDAY_NOON + timedelta(minutes=minute)
    return Correction(at, MONDAY_NOON, text, label, "negative", 0.9, "model@1", StaffId(1), "Kim")


def test_corrections_become_a_labelled_file_that_can_be_read(tmp_path: Path) -> None:
    made = [
        corrected("not\tbad\r\nat all", "neutral"),
        corrected('"quite" fine\u2028really', "positive", 1),
        corrected("not bad at all", "positive", 2),
    ]
    text = as_labelled(made)
    assert text == 'text\tlabel\nnot bad at all\tpositive\n"quite" fine really\tpositive\n'
    file = tmp_path / "corrections.tsv"
    file.write_text(text, encoding="utf-8")
    assert [(reply.text, MOODS[reply.mood]) for reply in read_labelled(file)] == [
        ("not bad at all", "positive"),
        ('"quite" fine really', "positive"),
    ]
    assert as_labelled([]) == "text\tlabel\n"
    assert as_labelled([replace(made[0], label="negative")]).endswith("\tnegative\n")
