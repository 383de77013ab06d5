"""A spike, a manager, one message to those concerned: at the wire of Telegram and Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.event import AlertRaised, ByCustomer, Incoming
from bot.domain.ids import HOUSE
from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_slack import BUYER
from tests.journeys.test_slack import on_stage as on_slack
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram

COUNTS = {"hits": "9", "of": "20", "share": "45 %", "usual": "10 %"}
RULES = (
    '[levels]\ndefault = "reactive"\ntop = "reactive"\n[outreach]\nholidays = false\n[escalate]\nhigh_value = false\n'
)


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running
        running.assert_clean()


async def alarm(shop: Shop, subject: str = "delivery") -> None:
    """What the watch hands in when a topic spikes."""
    house = shop.running.house
    raised, now = AlertRaised("topic", subject, COUNTS), house.clock.now()
    await house.intake.accept(Incoming(f"alert:topic:{subject}", ByCustomer(HOUSE), raised, now))


async def seized(shop: Shop) -> list[Any]:
    return [row for row in await shop.running.house.database.campaigns() if row.by_hand]


async def test_a_manager_answers_an_alert_on_telegram(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram", more=RULES), **settings) as shop:
        stage = Stage(server, desk, shop, *people(server))
        ben, cem = server.user(701, name="Ben"), server.user(702, name="Cem")
        for number, (person, customer) in enumerate(((stage.ana, "ana"), (ben, "ben"), (cem, "cem"))):
            answer = await shop.order(f"o-{number}", customer=customer)
            await person.start(answer["links"]["telegram"].partition("start=")[2])
            await person.wait_for("Tell me any time")
        await ben.say("/stop")
        await cem.tap("Talk to a person")
        await cem.wait_for("person")
        await stage.mona.start()
        await alarm(shop)
        await stage.mona.wait_for("more complaints about delivery than usual")
        await stage.mona.tap("Write to those concerned")
        await stage.mona.wait_for("One message, to all who bought in the last seven days")
        await stage.mona.say("Hi {name}, parcels are late. Your {item} are on their way.")
        preview = await stage.mona.wait_for("At once: 1.")
        assert "“Hi {name}, parcels are late. Your {item} are on their way.”" in preview.text
        assert "Later: 1 (1 × a person is with them now)" in preview.text
        assert not [message for message in stage.ana.sees if "parcels are late" in message.text]
        for _ in range(2):
            await stage.mona.tap("Send it", preview, wait=False)
        await stage.ana.wait_for("Hi Ana, parcels are late. Your Boots are on their way.", timeout=10)
        got = next(message for message in stage.ana.sees if "parcels are late" in message.text)
        assert "No more of these" in [button.text for button in got.buttons]
        await stage.mona.wait_for("answered this one already")
        (row,) = await seized(shop)
        assert sum(one.out for one in row.results.values()) == 1
        for person in (ben, cem):
            assert not [message for message in person.sees if "parcels are late" in message.text]
        export = await shop.export("telegram:700")
        assert ("campaign " + row.campaign.name, "sent") in [(one["about"], one["did"]) for one in export["why"]]


async def test_a_manager_answers_an_alert_on_slack(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "socket") as stage:
        await stage.shop.order(person=BUYER)
        await stage.ana.wait_for("getting on with", timeout=8)
        await alarm(stage.shop)
        await stage.mona.wait_for("more complaints about delivery than usual")
        await stage.mona.tap("Write to those concerned")
        await stage.mona.wait_for("One message, to all who bought")
        await stage.mona.tap("Take words that are ready")
        await stage.mona.wait_for("At once: 1.")
        await stage.mona.tap("It offers something, too")
        await stage.mona.wait_for("never agreed to tips and news")
        await stage.mona.tap("It only helps")

        async def helps() -> bool:
            return "needs no consent" in stage.mona.last.shown

        await until(helps, "the preview without an offer")
        await stage.mona.tap("Send it")
        await stage.ana.wait_for("Hello Ana, several people have told us about trouble with delivery", timeout=10)
        await stage.mona.wait_for("It is on its way")
        assert len(await seized(stage.shop)) == 1


async def test_at_night_it_waits_for_the_morning(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    night = RULES + '[quiet]\nenabled = true\nfrom = "00:00"\nuntil = "23:59"\n'
    text = program_text("telegram", more=night).replace("[quiet]\nenabled = false\n", "", 1)
    async with open_shop(tmp_path, text, **settings) as shop:
        stage = Stage(server, desk, shop, *people(server))
        answer = await shop.order("1001")
        await stage.ana.start(answer["links"]["telegram"].partition("start=")[2])
        await stage.ana.wait_for("Tell me any time")
        await stage.mona.start()
        await alarm(shop)
        await stage.mona.wait_for("more complaints")
        await stage.mona.tap("Write to those concerned")
        await stage.mona.wait_for("One message")
        await stage.mona.say("Sorry!")
        preview = await stage.mona.wait_for("Later: 1 (1 × night where they are)")
        assert "At once: 0." in preview.text
        await stage.mona.tap("Send it")
        await stage.mona.wait_for("It is on its way")

        async def moved() -> bool:
            lines = (await shop.export("telegram:700"))["why"]
            return ("moved", "quiet hours") in [(line["did"], line["reason"]) for line in lines]

        await until(moved, "the message to be moved")
        assert not [message for message in stage.ana.sees if "Sorry!" in message.text]
