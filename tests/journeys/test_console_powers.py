"""What an agent at the console may do besides speaking, on the whole program: give, correct, remember, be away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.domain.ids import CustomerId
from bot.domain.staff import Role
from handlers.console.customers import CustomersPage
from handlers.console.edge import Console
from handlers.console.frame import BarPage
from handlers.console.inbox import InboxPage
from handlers.webchat.edge import WebChat
from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_console_speaking import Browser, Owner

GIFTS = '\n[gifts]\nrule = "random"\nmonthly_budget = "100"\nlargest = "50"\n'


async def unhappy(shop: Shop, words: str = "the zipper is broken, I am very disappointed") -> Owner:
    """A visitor complains, and the owner has the case open."""
    chat = next(edge for edge in shop.running.house.edges if isinstance(edge, WebChat))
    await chat.say("visitor-1", str(uuid4()), words, chat.sender("visitor-1", "", "en"))
    owner = Owner(shop)
    await owner.opens(int((await shop.case()).case))
    return owner


def told(page: Any, name: str) -> list[Any]:
    return [arguments[0] for method, arguments in page.element.told if method == name]


async def test_a_gift_lessens_what_is_left(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console") + GIFTS) as shop:
        owner = await unhappy(shop)
        await owner.does("claim")
        await owner.page.purse({})
        await owner.page.act(
            {
                "key": str(uuid4()),
                "kind": "give",
                "case": owner.case,
                "what": "gift",
                "amount": "20.50",
                "words": "sorry",
            }
        )
        given = await owner.line(kind="gift")
        assert "sorry" in given["parts"][0][0]

        async def less() -> bool:
            await owner.page.purse({})
            return bool(told(owner.page, "purse_is")[-1]["words"].startswith("€79.50 of €100"))

        await until(less, "the purse to be lighter")
        assert told(owner.page, "purse_is")[0]["words"] == "€100 of €100 left this month, up to €50 at once"
        before = len(
            await shop.running.house.database.gestures(
                shop.running.house.clock.now() - timedelta(days=1), shop.running.house.clock.now()
            )
        )
        for amount in ("-5", "5; drop", "", "1e9"):
            await owner.page.act(
                {"key": str(uuid4()), "kind": "give", "case": owner.case, "what": "gift", "amount": amount, "words": ""}
            )
        after = len(
            await shop.running.house.database.gestures(
                shop.running.house.clock.now() - timedelta(days=1), shop.running.house.clock.now()
            )
        )
        assert before == after == 1


async def test_a_correction_and_a_fact_reach_the_records_and_the_page(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        owner = await unhappy(shop)
        line = next(each for each in owner.page.lines.values() if each.get("words_at"))
        assert line["unhappy"]
        await owner.does("mood", f"neutral:{line['words_at']}")
        await owner.line(unhappy=False)
        await owner.does("topic", f"delivery:{line['words_at']}")

        async def about_delivery() -> bool:
            await owner.page.refresh_now()
            return "delivery" in owner.page.lines[line["key"]]["topics"]

        await until(about_delivery, "the topic")
        await owner.does("mood", "neutral")  # names no words
        await owner.does("remember", "size 41")

        async def held() -> bool:
            await owner.page.refresh_now()
            return [(fact["words"], fact["held"]) for fact in owner.page.side["facts"]] == [("size 41", True)]

        await until(held, "the fact")
        await owner.does("unremember", about=owner.page.side["facts"][0]["id"])

        async def gone() -> bool:
            await owner.page.refresh_now()
            return not owner.page.side["facts"]

        await until(gone, "the fact to go")
        corrections = await shop.running.house.database.corrections()
        assert [(one.label, "delivery" in (one.topics or ())) for one in corrections] == [("neutral", True)]


async def test_who_goes_away_is_offered_nothing_and_the_bar_says_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        database = shop.running.house.database
        kim = await database.seat("console", "kim", Role.AGENT, "Kim")
        console = next(edge for edge in shop.running.house.edges if isinstance(edge, Console))
        session = str(console.cookie._signer.dumps("console:kim"))
        box: Any = Browser()
        bar = BarPage(box, console, session)
        await bar.presence({"until": "23:59"})
        row = next(one for one in await bar.look() if one["id"] == kim.id)
        assert row["away"]
        assert row["state"].startswith("away until")
        await unhappy(shop)
        assert (await database.queue(shop.running.house.clock.now()))[0].offered_to != kim.id
        await bar.presence({"until": "nonsense"})
        await bar.presence({"back": True})
        assert not next(one for one in await bar.look() if one["id"] == kim.id)["away"]


async def test_the_customers_page_finds_what_was_said_and_shows_it_whole(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        owner = await unhappy(shop)
        console = owner.console
        staff = owner.page.staff
        box: Any = Browser()
        page = CustomersPage(box, console, owner.page.session, staff)
        found = await page.found("zipper is")
        assert [one["kind"] for one in found] == ["said"]
        number = CustomerId(found[0]["customer"])
        await page.open({"customer": number})
        groups = {line["group"] for line in page.lines.values()}
        assert {"said", "cases"} <= groups


async def test_colleagues_are_seen_from_another_page(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        owner = await unhappy(shop)
        await shop.running.house.database.seat("console", "kim", Role.AGENT, "Kim")
        session = str(owner.console.cookie._signer.dumps("console:kim"))
        staff = await owner.console.staff_of(session)
        assert staff
        box: Any = Browser()
        kims = InboxPage(box, owner.console, session, staff)
        await kims.open({"case": owner.case})
        await owner.page.refresh_now()
        assert owner.page.onlookers == [{"name": "Kim", "writes": False}]
        await kims.look({"case": owner.case, "state": "writes"})
        await owner.page.refresh_now()
        assert owner.page.onlookers == [{"name": "Kim", "writes": True}]
        await kims.look({"case": owner.case, "state": "gone"})
        await owner.page.refresh_now()
        assert owner.page.onlookers == []
