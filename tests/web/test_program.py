"""The program's page in a real browser: campaigns and what came of them, the ladder, and why somebody got something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from bot.domain.campaign_report import Result
from bot.domain.event import SpikeSeized, StepAsked
from bot.domain.ids import CustomerId, EventId, StaffId
from bot.domain.spike import Spike
from bot.domain.staff import Role, Staff
from bot.domain.standing import Rfm
from bot.domain.why import Why
from bot.ports import CampaignPreview, CampaignRow, PreviewLine
from bot.program import HOLD_OUT, parse_program
from handlers.console.program_page import wish_of
from handlers.console.program_view import answered_words, card, headline, ladder, limits, rfm_words, spike_words
from tests.web.desk import PHONE, console_of, log_in, named
from tests.web.story import boots
from tests.web.world import World, now

PROGRAM = """
[levels]
segments = { business = "partnership" }
countries = { DE = "reactive" }
[[campaign]]
name = "boots-care"
moment = "14d after delivered"
[campaign.audience]
items = ["boots"]
[[campaign.variant]]
name = "plain"
words.en = "Oil."
[[campaign.variant]]
name = "warm"
words.en = "Oil, dear {name}."
[[campaign]]
name = "come-back"
moment = "lapse 70%"
goal = "purchase"
[[campaign.variant]]
name = "plain"
words.en = "Hi."
"""
CARE = {
    "plain": Result("plain", planned=60, out=57, skipped=3, closed=57, won=5, left=1),
    "warm": Result("warm", planned=480, out=457, skipped=23, closed=449, won=96, left=2, bought=6),
    HOLD_OUT: Result(HOLD_OUT, planned=104, out=104, closed=103, won=2),
}


def rows() -> list[CampaignRow]:
    care, back = parse_program(PROGRAM).campaign
    return [CampaignRow(care, CARE), CampaignRow(back, {}, "more people ask for no more: 17 of 125")]


def lived(world: World) -> int:
    boots(world)
    world.campaign_rows = rows()
    ana = named(world, "Ana Duarte").customer.id
    at = now() - timedelta(days=3)
    world.whys[ana] = [
        Why(at, "ask main/1001", "planned", "due 2026-11-27 10:00 UTC"),
        Why(at + timedelta(days=1), "campaign boots-care", "skipped", "did not agree to outreach"),
    ]
    return ana


def test_the_first_line_says_what_runs_and_what_stopped() -> None:
    assert headline([]) == "No campaign yet: the bot asks, thanks and answers, and begins nothing else."
    assert headline(rows()) == "1 campaign runs, 514 messages sent. 1 campaign stopped."


def test_a_card_compares_with_those_left_alone_and_shows_its_doubt() -> None:
    first, second = (card(row) for row in rows())
    assert first.whom == "14d after delivered · bought “boots”"
    assert first.says.startswith("18.0 points more answered and found it welcome than of those left alone (+12.")
    assert [one.name for one in first.bars] == ["plain", "warm", "left alone, to compare"]
    assert first.bars[1].note == "21.4% of 449 · best with 99% · 2 wanted no more"
    assert second.says.startswith("Too early to compare")
    assert (second.tone, second.runs) == ("bad", False)


def test_the_ladder_and_the_limits_are_those_of_the_program() -> None:
    program = parse_program(PROGRAM)
    assert ladder(program)[-2:] == [("segment business", "partnership"), ("in DE", "reactive")]
    assert "asks and outreach: 2 in 30 days" in limits(program)


@pytest.mark.browser
async def test_a_manager_sees_campaigns_and_stops_one(world: World, page: Page) -> None:
    lived(world)
    mona = world.agent("Mona", Role.AGENT, Role.MANAGER)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, mona, "/program")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "1 campaign runs, 514 messages sent. 1 campaign stopped."
        )
        await expect(page.get_by_role("region", name="boots-care")).to_contain_text("21.4% of 449")
        await expect(page.get_by_role("region", name="come-back")).to_contain_text("stopped: more people")
        await page.get_by_role("button", name="Stop: boots-care").click()
        await expect(page.get_by_role("region", name="boots-care")).to_contain_text("stopped: by hand, in the console")
        await page.get_by_role("button", name="Start again: boots-care").click()
        await expect(page.get_by_role("region", name="boots-care")).to_contain_text("runs")
        assert [what for what, _ in world.turned] == ["stop boots-care", "start boots-care"]


@pytest.mark.browser
async def test_why_is_found_by_the_customers_number(world: World, page: Page) -> None:
    ana = lived(world)
    mona = world.agent("Mona", Role.AGENT, Role.MANAGER)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, mona, "/program")
        await page.get_by_role("searchbox", name="Customer").fill(str(ana))
        await page.keyboard.press("Enter")
        first = page.locator(".why-list li").first
        await expect(first).to_contain_text("campaign boots-care: skipped")
        await expect(first).to_contain_text("did not agree to outreach")
        await page.goto(f"{server.url}/program?customer=4711")
        await expect(page.get_by_text("Nobody answers to that.")).to_be_visible()


@pytest.mark.browser
async def test_an_agent_who_is_no_manager_is_led_to_the_inbox(world: World, page: Page) -> None:
    lived(world)
    lou = world.agent("Lou", Role.AGENT)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, lou)
        await expect(page.get_by_role("link", name="Program")).to_have_count(0)
        await page.goto(f"{server.url}/program")
        await expect(page.get_by_role("region", name="boots-care")).to_have_count(0)
        await expect(page.get_by_role("link", name="Inbox")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), PHONE])
async def test_it_fits_wide_and_narrow(world: World, page: Page, size: tuple[int, int], tmp_path: Path) -> None:
    ana = lived(world)
    mona = world.agent("Mona", Role.AGENT, Role.MANAGER)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    async with console_of(world) as (server, console):
        await log_in(page, server, console, mona, f"/program?customer={ana}")
        await expect(page.get_by_role("region", name="boots-care")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        await page.screenshot(path=tmp_path / "program.png", full_page=True)
        assert wide <= size[0]
        cut_off = await page.evaluate("(bar => bar.scrollWidth - bar.clientWidth)(document.querySelector('.bar nav'))")
        assert cut_off <= 0


def test_what_an_alert_says_and_who_answered_it() -> None:
    raised = Spike(EventId(3), "topic", "delivery", datetime(2026, 11, 30, 9, 5, tzinfo=UTC))
    zone = ZoneInfo("Europe/Paris")
    assert spike_words(raised, zone) == "More complaints than usual about delivery · 30 Nov, 10:05"
    assert answered_words(raised, [], zone) == ""
    done = replace(raised, seized_at=raised.raised_at, seized_by="telegram:9")
    mona = Staff(StaffId(9), "telegram", "9", "Mona", frozenset({Role.MANAGER}))
    assert answered_words(done, [mona], zone) == "Mona wrote to those concerned at 10:05 · campaign moment-3"
    assert answered_words(done, [], zone).startswith("telegram:9 wrote")


def test_how_somebody_buys_is_told_in_a_line() -> None:
    at = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    found = Rfm(5, 4, 3, at - timedelta(days=3), 4, Decimal(430))
    words = "RFM 5-4-3: bought 3 days ago, 4 orders, €430.00 in 365 days"
    assert rfm_words(found, parse_program(""), at) == words
    assert rfm_words(None, parse_program(""), at) == "nothing bought in 365 days"


@pytest.mark.parametrize(
    ("query", "spike", "aim"),
    [
        ({"spike": "3", "whom": "told", "offers": "yes"}, 3, "told+"),
        ({"spike": "-3", "whom": "everybody"}, 0, "bought"),
        ({"spike": "9" * 40}, 0, "bought"),
        ({}, 0, "bought"),
    ],
)
def test_an_address_that_makes_no_sense_asks_for_nothing(query: dict[str, str], spike: int, aim: str) -> None:
    wish = wish_of(query)
    assert (wish.spike, wish.aim.text) == (spike, aim)


@pytest.mark.browser
async def test_a_manager_answers_an_alert_with_one_message(world: World, page: Page) -> None:
    lived(world)
    world.raised = [Spike(EventId(3), "topic", "delivery", now() - timedelta(hours=1))]
    line = PreviewLine(now(), CustomerId(1), "Ana", "campaign moment-3")
    asleep = replace(line, why="later: quiet hours (until 2026-12-01 07:00 UTC)")
    world.reached = CampaignPreview("moment-3", (line, asleep), {"opted out": 2}, 9, 0)
    mona = world.agent("Mona", Role.AGENT, Role.MANAGER)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, mona, "/program")
        alert = page.get_by_role("region", name="Alert")
        await expect(alert).to_contain_text("More complaints than usual about delivery")
        await expect(alert.get_by_role("button", name="Send it")).to_have_count(0)
        await alert.get_by_role("textbox", name="Message").fill("Parcels are late, {name}. Sorry!")
        await alert.get_by_role("combobox", name="To whom").select_option("told")
        await alert.get_by_role("button", name="Whom does it reach?").click()
        await expect(alert).to_contain_text("“Parcels are late, {name}. Sorry!”")
        await expect(alert).to_contain_text("At once: 1.")
        await expect(alert).to_contain_text("Later: 1 (1 × night where they are).")
        await expect(alert).to_contain_text("Not: 2 (2 × want no messages).")
        assert not [one for one in world.taken if isinstance(one.payload, SpikeSeized)]
        await alert.get_by_role("button", name="Send it").dblclick()
        await expect(alert).to_contain_text("Mona wrote to those concerned")
        (sent,) = [one.payload for one in world.taken if isinstance(one.payload, SpikeSeized)]
        assert (sent.aim, sent.words, sent.by) == ("told", "Parcels are late, {name}. Sorry!", mona.identity)


@pytest.mark.browser
async def test_a_level_is_set_for_one_customer(world: World, page: Page) -> None:
    ana = lived(world)
    world.bought[ana] = Rfm(5, 4, 3, now() - timedelta(days=3), 4, Decimal(430))
    mona = world.agent("Mona", Role.AGENT, Role.MANAGER)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, mona, f"/program?customer={ana}")
        levels = page.get_by_role("group", name="Level of this customer")
        await expect(page.get_by_text("RFM 5-4-3")).to_be_visible()
        await expect(levels.get_by_role("button", name="as the program says")).to_have_attribute("aria-pressed", "true")
        await levels.get_by_role("button", name="basic").click()
        await expect(levels.get_by_role("button", name="basic")).to_have_attribute("aria-pressed", "true")
        await expect(page.get_by_text("level basic (set for this customer)")).to_be_visible()
        (asked,) = [one.payload for one in world.taken if isinstance(one.payload, StepAsked)]
        assert (asked.by, asked.step, asked.arguments) == (mona.identity, "level", {"level": "basic"})
