"""Who gets a case and what is promised, as agents and customers see it on Telegram and on Slack."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cli import queue_entry
from bot.domain.staff import Role
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_slack import DESK, on_stage
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram

QUICK = 'first_reply = "5s"\n[routing]\nto_all_after = "4s"\nto_manager_after = "5s"\n'


@asynccontextmanager
async def telegram(folder: Path, more: str = "") -> AsyncIterator[Stage]:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        async with open_shop(folder, program_text("telegram", more=more), **settings) as shop:
            for person in await shop.running.house.database.staff():
                name = {"1": "Kim", "2": "Boris", "9": "Mona"}.get(person.external)
                if name:
                    role = Role.MANAGER if person.is_manager else Role.AGENT
                    await shop.running.house.database.seat("telegram", person.external, role, name, "settings")
            yield Stage(server, desk, shop, *people(server))
        server.assert_clean()


async def test_on_telegram_an_unanswered_case_climbs_warns_and_is_written_down(tmp_path: Path) -> None:
    async with telegram(tmp_path, QUICK) as stage:
        topic = await stage.unhappy()
        card = await topic.wait_for("offered to Kim: is next")
        assert "tg://user?id=1" in [entity.get("url") for entity in card.content["entities"]]  # rings Kim's phone
        assert "answer promised by" in card.text
        await topic.wait_for("It is for everybody now", timeout=8)
        await topic.wait_for("Mona, still nobody has claimed this.", timeout=8)
        await topic.wait_for("for the first answer, promised by", timeout=8)
        await topic.wait_for("The first answer was promised by", timeout=8)
        await stage.ana.wait_for("This takes longer than I said", timeout=8)
        row = await stage.shop.case()
        entry = json.loads(json.dumps(queue_entry(row, stage.shop.running.house.clock.now())))
        assert (entry["breaches"], entry["late"], entry["promise"]) == (["first_reply"], True, "first_reply")
        assert entry["why"].startswith("angry, ")
        await stage.kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        await stage.kim.say_in(topic, "Here I am, Ana.")
        await stage.ana.wait_for("Here I am, Ana.")
        await stage.boris.say_in(topic, "/who")
        who = await topic.wait_for("Who is here")
        assert "Kim: here, one open case" in who.text
        await stage.mona.start()
        await stage.mona.say("/queue")
        await stage.mona.wait_for("has an answer")


async def test_on_telegram_away_moves_the_offer_and_leaving_frees_the_case(tmp_path: Path) -> None:
    async with telegram(tmp_path) as stage:
        topic = await stage.unhappy()
        await topic.wait_for("offered to Kim: is next")
        await stage.kim.start()
        await stage.kim.say("/away")
        await stage.kim.wait_for("Kim is away until /back")
        await topic.wait_for("Boris, this case is offered to you")
        await stage.kim.say("/back")
        await stage.kim.wait_for("Kim is back.")
        await stage.boris.tap_in(topic, "Claim")
        await topic.wait_for("Boris has this case")
        await stage.boris.say_in(topic, "I am on it.")
        await stage.ana.wait_for("I am on it.")
        seen = len(stage.ana.sees)
        assert await stage.shop.running.house.database.unseat("telegram", "2")
        await topic.wait_for("Boris is not on the team any more")
        await topic.wait_for("Kim, this case is offered to you")
        await stage.boris.say_in(topic, "one more thing SECRET")
        await stage.kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        await stage.kim.say_in(topic, "I take over from Boris.")
        await stage.ana.wait_for("I take over from Boris.")
        assert len(stage.ana.sees) == seen + 1
        assert "SECRET" not in stage.seen()


async def test_on_slack_the_same_with_mentions_that_ring(tmp_path: Path) -> None:
    async with on_stage(tmp_path, "socket") as stage:
        thread = await stage.unhappy()
        card = await stage.desk.wait_for("is next")
        assert "offered to <@U0KIM>: is next" in str(card.blocks)
        await stage.kim.command("/afterword", "away until 14:00")
        await stage.kim.wait_for("Kim is away until")
        offered = await stage.desk.wait_for("this case is offered to you", thread=thread)
        assert "<@U0BORIS>, this case" in str(offered.blocks)
        await stage.kim.say(DESK, "!back", thread=thread)
        await stage.desk.wait_for("Kim is back.", thread=thread)
        await stage.kim.tap("Claim", channel=DESK)
        await stage.desk.wait_for("Kim has this case", thread=thread)
        assert await stage.shop.running.house.database.unseat("slack", "U0KIM")
        await stage.desk.wait_for("Kim is not on the team any more", thread=thread)

        async def free() -> bool:
            return (await stage.shop.case()).owner is None

        await until(free, "the case in the queue again")
        assert "team" not in stage.seen()
