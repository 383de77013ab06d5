"""An agent gives a coupon in the middle of a conversation: on Telegram, on Slack, from the console, and by the book."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.giving import ledger_json, ledger_words, read_ledger
from bot.commands.showing import show_customer
from bot.domain.money import Money
from bot.program import parse_amount, parse_program
from handlers.console.edge import Console
from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_commands import Place
from tests.journeys.test_slack import DESK as CHANNEL
from tests.journeys.test_slack import on_stage
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram

FREE = "nothing is expected in return"


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running
        running.assert_clean()


@pytest.fixture
async def stage(tmp_path: Path, server: FakeTelegram) -> AsyncIterator[Stage]:
    """By webhook; three codes of €20 in the pool."""
    desk, settings = set_up(server)
    program = program_text("telegram", more='[gifts]\nmonthly_budget = "50"\n')
    async with open_shop(tmp_path, program, **settings, telegram_mode="webhook") as shop:
        await stock(shop, "ZIP-1", "ZIP-2", "ZIP-3")
        yield Stage(server, desk, shop, *people(server))


async def stock(shop: Shop, *codes: str) -> None:
    house = shop.running.house
    await house.database.import_codes(codes, Money(parse_amount("20"), "EUR"), None, house.clock.now())


async def ledger(shop: Shop) -> dict[str, Any]:
    house = shop.running.house
    return ledger_json(await read_ledger(house.database, house.program, house.clock.now()))


async def spent(shop: Shop, name: str = "Kim") -> str:
    return next(str(one["spent"]) for one in (await ledger(shop))["agents"] if one["name"] == name)


async def test_a_coupon_reaches_the_customer_at_once_and_once(stage: Stage) -> None:
    topic = await stage.claimed()
    stage.server.mailbox.repeat = 3
    said = await stage.kim.say_in(topic, "/gift 20 sorry about the zipper")
    gift = await stage.ana.wait_for("sorry about the zipper")
    await topic.wait_for("Kim gave €20.00: code ZIP-1")
    await topic.wait_for("You have €30.00 of €50.00 left this month.")
    assert gift.text.startswith("Kim: sorry about the zipper")
    assert "\nZIP-1\n" in gift.text
    assert FREE in gift.text
    assert gift.buttons == []

    async def marked() -> bool:
        return bool(said.reactions)

    await until(marked, "a mark on Kim's message")
    await stage.server.settle()
    assert stage.seen().count("ZIP-") == 1
    assert await spent(stage.shop) == "20.00"
    card = next(message for message in topic.messages if "Given: " in message.text)
    assert "€20.00 coupon" in card.text
    assert len(await stage.shop.running.house.database.partner_events()) == 1
    (line,) = (await stage.shop.export("telegram:700"))["gestures"]
    assert (line["amount"], line["code"], line["words"], line["agent"]) == (
        "20.00", "ZIP-1", "sorry about the zipper", "Kim",
    )  # fmt: skip
    told = next(one for one in (await stage.shop.export("telegram:700"))["interactions"] if one["kind"] == "gift")
    assert (told["author"], told["direction"]) == ("agent", "out")


async def test_what_can_not_be_given_stays_inside_and_says_why(stage: Stage) -> None:
    topic = await stage.unhappy()
    seen = len(stage.ana.sees)
    await stage.kim.say_in(topic, "/gift 20 SECRET")
    await topic.wait_for("Claim it first")
    await stage.boris.tap_in(topic, "Claim")
    await topic.wait_for("Boris has this case")
    await stage.kim.say_in(topic, "/gift 20 SECRET")
    await topic.wait_for("only Boris gives here")
    await stage.boris.say_in(topic, "/gift 30 SECRET")
    await topic.wait_for("the pool has no code for €30.00. It has codes for: €20.00.")
    await stage.boris.say_in(topic, "/gift 60 SECRET")
    await topic.wait_for("€60.00 is more than one gift may be")
    await stage.boris.say_in(topic, "/gift 20 USD SECRET")
    await topic.wait_for("gifts are in EUR, not in USD")
    await stage.boris.say_in(topic, "/gift20 SECRET")
    await topic.wait_for("/gift20")
    await stage.boris.say_in(topic, "/gift SECRET")
    await topic.wait_for("You have €50.00 of €50.00 left this month.")
    wrong = await stage.boris.say_in(topic, "/note nothing")
    await stage.boris.edit(wrong, "/gift 20 SECRET")
    await stage.server.settle()
    assert len(stage.ana.sees) == seen
    assert (await ledger(stage.shop))["gestures"] == []


async def test_over_budget_nothing_is_given_and_the_next_budget_is_named(stage: Stage) -> None:
    topic = await stage.claimed()
    for number in (1, 2):
        await stage.kim.say_in(topic, f"/gift 20 number {number}")
        await stage.ana.wait_for(f"number {number}")
    await stage.kim.say_in(topic, "/gift 20 SECRET")
    await topic.wait_for("€20.00 is more than you have left. Your next budget begins on ")
    await stage.server.settle()
    assert await spent(stage.shop) == "40.00"
    assert stage.seen().count("ZIP-") == 2
    assert "SECRET" not in stage.seen()


async def test_where_no_case_is_nothing_is_given_and_the_topic_says_so(stage: Stage) -> None:
    await stage.claimed()
    talk = await stage.desk.create_topic("Among us")
    await stage.kim.say_in(talk, "/gift 20 sorry")
    await talk.wait_for("there is no case here")
    assert len(stage.desk.topics) == 2
    assert (await ledger(stage.shop))["gestures"] == []


async def test_a_gift_that_could_not_be_delivered_is_taken_back(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.ana.delete_account()
    await stage.kim.say_in(topic, "/gift 20 sorry")
    await topic.wait_for("The gift of €20.00 did not arrive")
    assert await spent(stage.shop) == "0.00"
    await stage.kim.say_in(topic, "/gift 20 sorry again")
    await topic.wait_for("Nothing was given: the customer can't be reached")
    types = [told.type for told in await stage.shop.running.house.database.partner_events()]
    assert types == ["gesture.granted", "gesture.failed"]


async def test_from_the_console_it_is_the_same_gift(stage: Stage) -> None:
    topic = await stage.claimed()
    case = (await stage.shop.case()).case
    house = stage.shop.running.house
    console = next(edge for edge in house.edges if isinstance(edge, Console))
    kim = next(one for one in await house.database.staff() if one.external == "1")
    for _ in range(3):
        await console.say(kim, "key-1", "/gift 20 from the console", case)
    await stage.ana.wait_for("from the console")
    await topic.wait_for("Kim gave €20.00")
    await console.say(kim, "key-2", "/card get well soon", case)
    await topic.wait_for("Kim asked the back office for a card: “get well soon”")
    await stage.server.settle()
    assert stage.seen().count("ZIP-") == 1
    assert "get well" not in stage.seen()
    lines = await house.database.conversation((await stage.shop.case()).customer, 50, inside=True)
    assert any(line.inside and "Kim gave €20.00" in line.text for line in lines)


async def test_forgetting_keeps_the_sums_and_nothing_else(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.kim.say_in(topic, "/gift 20 sorry about the zipper")
    await stage.ana.wait_for("ZIP-1")
    await stage.kim.say_in(topic, "/upgrade express for Ana")
    await topic.wait_for("asked the back office for an upgrade")
    await stage.ana.say("/forget")
    await stage.ana.tap("Yes, erase everything", await stage.ana.wait_for("can't be undone"))

    async def gone() -> bool:
        return await stage.shop.running.house.database.find_customer("telegram:700") is None

    await until(gone, "the erasure")
    found = await ledger(stage.shop)
    assert [(one["amount"], one["words"], one["code"], one["state"]) for one in found["gestures"]] == [
        ("20.00", "", None, "granted"), (None, "", None, "cancelled"),
    ]  # fmt: skip
    assert await spent(stage.shop) == "20.00"
    assert "zipper" not in json.dumps([told.body for told in await stage.shop.running.house.database.partner_events()])


async def test_on_slack_the_same_words_begin_with_an_exclamation_mark(tmp_path: Path) -> None:
    async with on_stage(tmp_path, "http") as slack:
        thread = await slack.claimed()
        await slack.kim.say(CHANNEL, "!gift 20 sorry", thread=thread)
        await slack.desk.wait_for("the pool has no code for €20.00. It is empty.", thread=thread)
        await stock(slack.shop, "ZIP-1", "ZIP-2")
        await slack.boris.say(CHANNEL, "!gift 20 SECRET", thread=thread)
        await slack.desk.wait_for("only Kim gives here", thread=thread)
        slack.slack.duplicate(3)
        said = await slack.kim.say(CHANNEL, "!gift €20 sorry about the zipper", thread=thread)
        await slack.ana.wait_for("sorry about the zipper")
        await slack.desk.wait_for("Kim gave €20.00: code ZIP-1", thread=thread)

        async def marked() -> bool:
            return bool(said.reactions)

        await until(marked, "a mark on Kim's message")
        await slack.kim.say(CHANNEL, "!upgrade express for the new boots", thread=thread)
        await slack.desk.wait_for("Kim asked the back office for an upgrade", thread=thread)
        await slack.slack.settled()
        assert slack.seen().count("ZIP-") == 1
        assert FREE in slack.seen()
        assert "SECRET" not in slack.seen()
        assert "express" not in slack.seen()
        assert await spent(slack.shop) == "20.00"
        (task,) = await slack.shop.running.house.database.gesture_tasks()
        assert task.words == "express for the new boots"
        other = await slack.kim.say(CHANNEL, "a thread of our own")
        await slack.kim.say(CHANNEL, "!gift 20 sorry", thread=str(other.ts))
        await slack.desk.wait_for("there is no case here", thread=str(other.ts))


# ---------------------------------------------------------------- at the command line


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A shop with three codes of €20."""
    made = Place.made(tmp_path_factory.mktemp("gifts"))
    made.said("migrate")
    (made.folder / "codes.txt").write_text("# from the shop\nONE\n\nTWO\nTHREE\n")
    said = made.said("gifts", "import", "codes.txt", "--amount", "20")
    assert said == "3 new codes of €20.00, 0 known already. The pool has 3 to give.\n"
    return made


def pool_of(place: Place) -> dict[str, int]:
    found = json.loads(place.said("gifts", "list", "--json"))
    return {f"{row['amount']} {row['currency']}": row["free"] for row in found["pool"]}


def test_codes_are_imported_from_lines_and_from_tables_and_safe_to_repeat(place: Place) -> None:
    (place.folder / "more.csv").write_text("Name;Code;Used\nx;FOUR;no\ny;ONE;no\n")
    options = ("--amount", "20.00", "--currency", "EUR", "--expires", "2099-12-31")
    said = place.said("gifts", "import", "more.csv", *options)
    assert said == "1 new codes of €20.00, 1 known already. The pool has 4 to give.\n"
    refused = place.refused("gifts", "import", "codes.txt", "--amount", "10")
    assert "Known as worth something else, and left so: ONE, THREE, TWO" in refused
    assert pool_of(place)["20.00 EUR"] == 4


def test_codes_that_nobody_may_give_are_told_so(place: Place) -> None:
    (place.folder / "big.txt").write_text("BIG\n")
    assert "not given while gifts.largest is 50" in place.said("gifts", "import", "big.txt", "--amount", "80")
    (place.folder / "usd.txt").write_text("USD\n")
    said = place.said("gifts", "import", "usd.txt", "--amount", "20", "--currency", "USD")
    assert "not given while value.currency is EUR" in said


def test_the_ledger_of_a_month_for_people_and_programs(place: Place) -> None:
    found = json.loads(place.said("gifts", "list", "--json"))
    assert (found["currency"], found["budget"], found["gestures"]) == ("EUR", "100.00", [])
    assert re.fullmatch(r"\d{4}-\d\d", found["month"])
    words = place.said("gifts", "list", "--month", "2026-11")
    assert words.startswith("Gestures in 2026-11; each agent may give €100.00 a month")
    assert place.said("gifts", "tasks", "--json") == ""


def test_what_can_not_be_is_refused_with_the_reason(place: Place) -> None:
    before = pool_of(place)
    (place.folder / "wrong.txt").write_text("FINE\nnot a code\n")
    (place.folder / "empty.txt").write_text("# nothing\n")
    codes = ("import", "codes.txt", "--amount")
    for words, why in (
        (("import", "nowhere.txt", "--amount", "20"), "can't be read"),
        (("import", "wrong.txt", "--amount", "20"), "line 2: 'not a code'"),
        (("import", "empty.txt", "--amount", "20"), "has no codes"),
        ((*codes, "20,5"), "is not an amount"),
        ((*codes, "0"), "worth something"),
        ((*codes, "20", "--currency", "EURO"), "is not a currency"),
        ((*codes, "20", "--expires", "soon"), "is not a day"),
        ((*codes, "20", "--expires", "2020-01-01"), "is past"),
        (("list", "--month", "November"), "is not a month"),
        (("done", "7"), "no open task 7"),
    ):
        assert why in place.refused("gifts", *words)
    assert pool_of(place) == before


async def test_the_back_office_sees_its_tasks_and_the_manager_the_spending(stage: Stage) -> None:
    topic = await stage.claimed()
    await stage.kim.say_in(topic, "/gift 20 sorry about the zipper")
    await topic.wait_for("Kim gave €20.00")
    await stage.kim.say_in(topic, "/card enjoy the boots")
    notice = await topic.wait_for("It is task")
    number = int(re.search(r"task (\d+)", notice.text)[1])  # type: ignore[index]
    house = stage.shop.running.house
    program = parse_program('[gifts]\nmonthly_budget = "50"')
    words = ledger_words(await read_ledger(house.database, program, house.clock.now()))
    assert "Kim: €20.00 spent, €30.00 left" in words
    assert "telegram:2: €0.00 spent, €50.00 left" in words
    assert "€20.00 coupon, granted “sorry about the zipper”" in words
    assert "pool: 2 codes of €20.00 to give, 1 given" in words
    person = (await stage.shop.case()).customer
    story = await house.database.story(person, house.clock.now())
    assert story is not None
    shown = show_customer(await stage.shop.export("telegram:700"), story, house.program)
    assert f"Kim → customer {person}: €20.00 coupon, granted “sorry about the zipper”" in shown
    assert f"Kim → customer {person}: card, open “enjoy the boots”" in shown
    assert [task.id for task in await house.database.gesture_tasks()] == [number]
    assert await house.database.finish_task(number, house.clock.now())
    states = {one["kind"]: one["state"] for one in (await ledger(stage.shop))["gestures"]}
    assert states == {"coupon": "granted", "card": "done"}
    earlier = await read_ledger(house.database, program, house.clock.now(), "2020-01")
    assert (earlier.gestures, earlier.month) == ((), "2020-01")
