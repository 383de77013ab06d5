"""The conversation after the purchase on Slack, at the wire, over both transports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.wire.slack import FakeSlack
from tests.wire.slack_people import Channel, Person

DESK = "C0DESK"
MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "docs/slack-manifest.yaml").read_text())
BUYER = {"id": "c-17", "name": "Ana Duarte", "email": "ana@example.com", "locale": "en"}


@dataclass
class Stage:
    """The workspace, its people, and the shop."""

    slack: FakeSlack
    desk: Channel
    shop: Shop
    ana: Person
    kim: Person
    boris: Person
    mona: Person

    async def asked(self) -> None:
        """Ana bought something, is found by her e-mail, and asked."""
        await self.shop.order(person=BUYER)
        await self.ana.wait_for("getting on with", timeout=8)

    async def unhappy(self) -> str:
        """Ana is unhappy; returns the thread of the card."""
        await self.asked()
        await self.ana.tap("😡 1")
        await self.ana.wait_for("I am getting a person")
        card = await self.desk.wait_for("unhappy")
        return str(card.ts)

    async def claimed(self) -> str:
        """Kim has the case."""
        thread = await self.unhappy()
        await self.kim.tap("Claim", channel=DESK)
        await self.desk.wait_for("Kim has this case", thread=thread)
        return thread

    def seen(self) -> str:
        """Everything that Ana sees of the bot."""
        return "\n".join(message.shown for message in self.ana.sees if message.by_bot)


@asynccontextmanager
async def on_stage(folder: Path, transport: str, follow_up: str = "1d", **more: Any) -> AsyncIterator[Stage]:
    """A workspace with a desk, and the shop in it."""
    async with FakeSlack(manifest=MANIFEST) as slack:
        ana = slack.user("U0ANA", "ana", email="ana@example.com", tz="Europe/Paris")
        kim, boris = slack.user("U0KIM", "Kim"), slack.user("U0BORIS", "Boris")
        mona = slack.user("U0MONA", "Mona")
        desk = slack.channel(DESK, "desk", members=[kim, boris, mona])
        settings: dict[str, Any] = {
            "slack_bot_token": slack.bot_token,
            "slack_api_url": slack.api_url,
            "slack_desk_channel": DESK,
            "agents": "slack:U0KIM,slack:U0BORIS",
            "managers": "slack:U0MONA",
            **({"slack_app_token": slack.app_token} if transport == "socket" else {}),
            **({"slack_signing_secret": slack.signing_secret} if transport == "http" else {}),
            **more,
        }
        async with open_shop(folder, program_text("slack", follow_up=follow_up), **settings) as shop:
            if transport == "http":
                await slack.deliver_to(f"{shop.running.url}/hooks/slack", verify=True)
            else:
                await slack.connected()
            yield Stage(slack, desk, shop, ana, kim, boris, mona)
        slack.assert_clean()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """By Socket Mode."""
    async with on_stage(tmp_path, "socket") as running:
        yield running


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_order_ask_reply_case_agent_resolution_summary(tmp_path: Path, transport: str) -> None:
    async with on_stage(tmp_path, transport, follow_up="2s") as stage:
        thread = await stage.unhappy()
        await stage.ana.dm("great, another broken zipper, I want a refund")
        await stage.desk.wait_for("another broken zipper", thread=thread)
        await stage.kim.tap("Claim", channel=DESK)
        await stage.desk.wait_for("Kim has this case", thread=thread)
        answer = await stage.kim.say(DESK, "New boots leave today, Ana.", thread=thread)
        await stage.ana.wait_for("New boots leave today, Ana.")

        async def marked() -> bool:
            return bool(answer.reactions)

        await until(marked, "a mark on Kim's message")
        await stage.kim.tap("Resolve", channel=DESK)
        await stage.ana.wait_for("Kim says thank you")
        await stage.ana.wait_for("Is all well again?", timeout=8)
        await stage.ana.tap("Yes, all well")
        await stage.ana.wait_for("Good to hear")
        await stage.mona.command("/afterword", "summary 7d")
        await stage.mona.wait_for("too few to tell")
        lines = (await stage.shop.export("slack:U0ANA"))["interactions"]
        assert sum(line["author"] == "agent" for line in lines) == 1


async def test_only_the_claimer_reaches_the_customer(stage: Stage) -> None:
    thread = await stage.unhappy()
    await stage.kim.say(DESK, "not claimed yet SECRET", thread=thread)
    await stage.desk.wait_for("until you claim", thread=thread)
    await stage.kim.tap("Claim", channel=DESK)
    await stage.desk.wait_for("Kim has this case", thread=thread)
    await stage.boris.say(DESK, "second zipper SECRET", thread=thread)
    await stage.kim.say(DESK, "!note SECRET", thread=thread)
    await stage.kim.say(DESK, "!frobnicate SECRET", thread=thread)
    await stage.slack.bot("B0ZAP").say(DESK, "deploy done SECRET", thread=thread)
    await stage.kim.say(DESK, "outside the thread SECRET")
    said = await stage.kim.say(DESK, "I am on it.", thread=thread)
    await stage.ana.wait_for("I am on it.")
    await stage.kim.edit(said, "I am on it. SECRET")
    await stage.kim.say(DESK, "Last words.", thread=thread)
    await stage.ana.wait_for("Last words.")
    assert "SECRET" not in stage.seen()


async def test_duplicates_and_retries_are_handled_once(stage: Stage) -> None:
    await stage.asked()
    stage.slack.duplicate(3)
    await stage.ana.dm("I got the wrong size, very disappointed")
    await stage.ana.wait_for("I am getting a person")
    await stage.slack.settled()
    lines = (await stage.shop.export("slack:U0ANA"))["interactions"]
    assert sum("wrong size" in line["text"] for line in lines) == 1
    assert len(await stage.shop.queue()) == 1


async def test_commands_in_slacks_way(stage: Stage) -> None:
    await stage.asked()
    for word, answer in (
        ("privacy", "keeps your name"),
        ("stop", "won't ask you"),
        ("resume", "Welcome back"),
        ("", "/human gets a person"),
    ):
        await stage.ana.command("/afterword", word)
        await stage.ana.wait_for(answer)


@pytest.mark.parametrize("words", ["<!channel> & <b>", "x" * 5000, "*bold* _it_ `code`", "مرحبا", "😡😡😡", "\u200b"])
async def test_odd_words_get_an_answer_and_break_nothing(stage: Stage, words: str) -> None:
    await stage.asked()
    last = stage.slack.mark()
    await stage.ana.dm(words)
    await stage.ana.wait_for(lambda message: message.by_bot, after=last)
    assert not any(message.pings for message in stage.desk.all)


async def test_somebody_whom_no_order_names_is_served_too(stage: Stage) -> None:
    joe = stage.slack.user("U0JOE", "joe")
    await joe.dm("hello there")
    await joe.wait_for("I am the bot of Boots & Co")
    await joe.tap("Talk to a person")
    await stage.desk.wait_for("asked for a person")


async def test_the_order_tells_the_customers_place_on_slack(stage: Stage) -> None:
    answer = await stage.shop.order(person=BUYER)
    assert "slack" in answer["links"], answer


async def test_a_code_from_the_order_page_connects_somebody_whom_no_email_finds(stage: Stage) -> None:
    answer = await stage.shop.order("3003", customer="c-99")
    joe = stage.slack.user("U0JOE", "joe", email="other@example.com")
    await joe.dm(f"start {answer['code']}")
    await joe.wait_for("good to see you")
    await joe.wait_for("getting on with")
    assert (await stage.shop.export("slack:U0JOE"))["customer"]["id"] == answer["customer"]
