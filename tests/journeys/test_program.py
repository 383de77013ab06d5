"""The relationship program in the running shop: outreach at the wire, choices, and commands that show and steer it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.programming import foresee, preview_words
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_commands import Place, paid
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram

PROGRAM = """
[levels]
default = "proactive"
[escalate]
high_value = false
[outreach]
plan_every = "1s"
holidays = false
max_per_customer = "9 per 1d"
[gifts]
rule = "random"
[rewards]
monthly_budget = "100"
[[reward]]
name = "thanks"
on = "answer"
amount = "5"
[[campaign]]
name = "care"
moment = "0s after paid"
hold_out = 0.0
[campaign.audience]
items = ["boots"]
[[campaign.variant]]
name = "plain"
words.en = "Hi {name}, a drop of oil keeps your {item} soft."
"""
AGREED = {"outreach": "Yes, send me tips (box at checkout)"}


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running
        running.assert_clean()


async def test_a_campaign_a_thank_you_and_a_choice_on_telegram(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram", more=PROGRAM), **settings) as shop:
        stage = Stage(server, desk, shop, *people(server))
        answer = await shop.order("1001", consents=AGREED, country="FR")
        await stage.ana.start(answer["links"]["telegram"].partition("start=")[2])
        await stage.ana.wait_for("whatever you answer")
        await stage.ana.wait_for("a drop of oil keeps your Boots soft", timeout=15)
        await stage.ana.tap("👍 Good to know")
        await stage.ana.wait_for("Glad to hear")
        await stage.ana.tap("😡 1")
        await stage.ana.wait_for("As promised, whatever you said: a coupon worth €5.00")
        await stage.ana.say("/preferences")
        await stage.ana.wait_for("This is what I write to you about")
        await stage.ana.tap("Tips and news: on. Turn off")
        await stage.ana.wait_for("No more tips and news from me")
        export = await shop.export("telegram:700")
        assert (export["customer"]["country"], export["customer"]["refused"]) == ("FR", ["outreach"])
        given = [
            (one["kind"], one["granted"], one["channel"]) for one in export["consents"] if one["kind"] == "outreach"
        ]
        assert given == [("outreach", True, "shop:main"), ("outreach", False, "telegram")]
        (piece,) = export["outreach"]
        assert (piece["state"], piece["useful"], bool(piece["opted_out_at"])) == ("sent", True, True)
        steps = [(line["about"], line["did"]) for line in export["why"]]
        assert ("campaign care", "sent") in steps
        assert ("reward thanks", "granted") in steps


async def test_a_campaign_made_by_hand_goes_out_within_moments(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    rules = '[levels]\ndefault = "reactive"\n[outreach]\nholidays = false\n'
    async with open_shop(tmp_path, program_text("telegram", more=rules), **settings) as shop:
        stage = Stage(server, desk, shop, *people(server))
        answer = await shop.order("1001")
        await stage.ana.start(answer["links"]["telegram"].partition("start=")[2])
        await stage.ana.wait_for("Tell me any time how it is going")
        house = shop.running.house
        words = {"en": "The parcels are late, and we are sorry."}
        made = {"name": "late", "moment": "now", "service": True, "hold_out": 0.0,
                "variant": [{"name": "plain", "words": words}]}  # fmt: skip
        assert await house.database.add_campaign(made, house.clock.now())
        await stage.ana.wait_for("The parcels are late", timeout=10)


# ---- commands


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three customers with an order; Ana agreed to outreach and has a chat."""
    text = program_text("console", more=PROGRAM).replace('after = "0s"\nfrom', 'after = "90d"\nfrom')
    made = Place.made(tmp_path_factory.mktemp("program"), text)
    made.said("migrate")
    lines = [paid(f"o-{name}", name, "129.00", items=[{"name": "Boots"}], consents=AGREED) for name in ("ana", "ben")]
    lines.append(paid("o-cem", "cem", "20.00", items=[{"name": "Socks"}]))
    file = made.folder / "orders.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    made.said("import-orders", str(file))
    return made


def test_a_level_is_set_by_hand_and_why_tells_it(place: Place) -> None:
    assert place.said("program", "level", "shop:main/ben", "basic") == "Done.\n"
    told = place.said("program", "why", "shop:main/ben")
    assert "level  set: basic" in told
    assert "level  done: command" in told
    last = [json.loads(line) for line in place.said("program", "why", "shop:main/ben", "--json").splitlines()]
    assert [line["about"] for line in last if line["did"] in {"set", "agreed"}] == ["preference outreach", "level"]
    assert "friends is no level" in place.refused("program", "level", "shop:main/ben", "friends").replace("'", "")


def test_segments_and_the_person_in_charge_are_set_by_hand(place: Place) -> None:
    place.said("agents", "add", "telegram:11", "--name", "Kim")
    assert place.said("program", "segments", "shop:main/cem", "business, friends") == "Done.\n"
    assert place.said("program", "charge", "shop:main/cem", "telegram:11") == "Done.\n"
    assert "takes no cases" in place.refused("program", "charge", "shop:main/cem", "telegram:12")
    shown = json.loads(place.said("customer", "export", "shop:main/cem"))["customer"]
    assert shown["segments"] == ["business", "friends"]
    assert shown["in_charge"] is not None


def test_a_preview_names_asks_and_campaigns_and_sends_nothing(place: Place) -> None:
    told = place.said("program", "preview")
    assert "Asks: 0 would be sent" in told
    assert "Campaign care: 0 would be sent" in told
    found = json.loads(place.said("program", "preview", "--json", "--days", "60"))
    assert [(ask["would"], ask["why"]) for ask in found["asks"]] == []
    place.refused("program", "preview", "--days", "99", code=2)


def test_the_best_customers_are_explained(place: Place) -> None:
    assert "fewer than 5, so nobody is called best yet" in place.said("program", "top")
    assert json.loads(place.said("program", "top", "--json"))["least"] is None


def test_campaigns_are_listed_reported_stopped_and_started(place: Place) -> None:
    assert "care: runs\n  0s after paid; bought “boots”" in place.said("campaigns", "list")
    assert "Goal: answer within the window" in place.said("campaigns", "report", "care")
    assert "no campaign 'spam'" in place.refused("campaigns", "report", "spam")
    place.said("campaigns", "stop", "care", "--why", "new pictures first")
    assert "stopped: new pictures first" in place.said("campaigns", "list")
    place.refused("campaigns", "stop", "care")
    assert json.loads(place.said("campaigns", "report", "care", "--json"))["state"] == "stopped"
    place.said("campaigns", "start", "care")
    place.refused("campaigns", "start", "care")


def test_one_well_aimed_message_is_shown_first_and_sent_when_it_is_meant(place: Place) -> None:
    file = place.folder / "late.toml"
    file.write_text('name = "late"\nservice = true\n[[variant]]\nname = "plain"\nwords.en = "Sorry!"\n')
    assert "Nothing was sent. Add --yes to send it." in place.said("campaigns", "send", str(file))
    assert "late" not in place.said("campaigns", "list")
    assert "It is on its way." in place.said("campaigns", "send", str(file), "--yes")
    assert "late: runs" in place.said("campaigns", "list")
    place.refused("campaigns", "send", str(file), "--yes")
    file.write_text('name = "late"\n[[variant]]\nname = "plain"\nwords.en = "Hi {nobody}"\n')
    assert "{nobody} is no place that can be filled" in place.refused("campaigns", "send", str(file))


async def test_a_preview_of_the_running_shop_shows_who_will_be_asked(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    text = program_text("telegram").replace('after = "0s"', 'after = "2d"')
    async with open_shop(tmp_path, text, **settings) as shop:
        stage = Stage(server, desk, shop, *people(server))
        await stage.linked()
        house = shop.running.house

        async def planned() -> bool:
            asks = (await foresee(house.database, house.clock.now(), 7)).asks
            return bool(asks) and not asks[0].why

        await until(planned, "a planned ask")
        words = preview_words(await foresee(house.database, house.clock.now(), 7))
        assert words.startswith("Asks: 1 would be sent")
        assert "ask main/1001" in words
