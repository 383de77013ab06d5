"""The customers' page: one search over everything, one line of time for each person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from playwright.async_api import Page, expect

from bot.domain.ask import Ask, AskState
from bot.domain.correction import Correction
from bot.domain.gesture import Gesture, GestureKind, GestureState
from bot.domain.ids import CaseId, GestureId
from bot.domain.interaction import Consent, Feedback
from bot.domain.money import Money
from bot.ports import History
from tests.web.desk import console_of, log_in, named
from tests.web.story import ANGRY, boots
from tests.web.world import Person, World, now

DAY = timedelta(days=1)


def lived(world: World) -> Person:
    """Ana, with one of everything."""
    kim = boots(world)
    ana = named(world, "Ana Duarte")
    order = ana.purchases[-1].id
    ana.history = History(
        asks=(Ask(order, AskState.ANSWERED, now() - 2 * DAY, sent_at=now() - DAY, answered_at=now(), channel="telegram",
                  rating=2),),
        gestures=(Gesture(GestureId(3), GestureKind.COUPON, ana.customer.id, CaseId(1), kim.id, "Kim", now() - DAY,
                          GestureState.GRANTED, "sorry", Money(Decimal(20), "EUR"), "GIFT-1"),),
        consents=(Consent(now() - 40 * DAY, "ask", granted=False, channel="telegram", words="/stop"),),
        corrections=(Correction(now(), now(), "it is fine", "neutral", "negative", 0.7, "t", kim.id, "Kim"),),
        feedback=(Feedback(now(), order, 2, "the zipper broke", "negative", -0.6, 0.9, counts_unhappy=True),),
    )  # fmt: skip
    return ana


async def test_one_line_of_time_holds_everything_and_can_be_filtered(world: World, page: Page) -> None:
    ana = lived(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, world.team[0], f"/customers/{ana.customer.id}")
        log = page.get_by_role("log", name="Conversation")
        for words in (
            "Order 1001 · Boots, size 39 · €129 · paid", "Order 1001 · Boots, size 39 · €129 · delivered",
            "€20 coupon from Kim",
            "Said no: ask on Telegram", "“/stop”", "Kim reads it as neutral, not negative", "Case resolved by Boris",
            ANGRY, "second zipper from lot 4417",
        ):  # fmt: skip
            await expect(log).to_contain_text(words)
        for words in ("Feedback about order", "Asked about order"):  # the conversation shows it already
            await expect(log).not_to_contain_text(words)
        kinds = page.get_by_role("group", name="What to show")
        await kinds.get_by_role("button", name="Gifts 1").click()
        await expect(log).to_contain_text("GIFT-1")
        await expect(log).not_to_contain_text(ANGRY)
        await kinds.get_by_role("button", name="Asks 2").click()
        await expect(log).to_contain_text("Asked about order 1001 on Telegram")
        await expect(log).to_contain_text("Answered about order 1001: ★★☆☆☆")
        await kinds.get_by_role("button", name="Feedback 1").click()
        await expect(log).to_contain_text("Feedback about order 1001 ★★☆☆☆ · negative")
        assert page.url.endswith(f"/customers/{ana.customer.id}?kind=feedback")
        await page.reload()
        await expect(log).to_contain_text("the zipper broke")
        await expect(log).not_to_contain_text(ANGRY)


async def test_the_side_says_who_they_are_and_who_may_be_the_same(world: World, page: Page) -> None:
    ana = lived(world)
    other = world.person("A. Duarte", "web", email="ana@example.com")
    async with console_of(world) as (server, console):
        await log_in(page, server, console, world.team[0], f"/customers/{ana.customer.id}")
        side = page.get_by_label("About the customer")
        for words in (
            "#12 of 240 · €1,290 in 5 orders", "counted: orders of the last 365 days", "in Lisbon", "Portuguese",
            f"afterword customer merge {ana.customer.id} {other.customer.id}",
        ):  # fmt: skip
            await expect(side).to_contain_text(words)
        await side.get_by_role("link", name="A. Duarte").click()
        await expect(page.get_by_role("heading", name="A. Duarte").first).to_be_visible()
        assert page.url.endswith(f"/customers/{other.customer.id}")


async def test_search_finds_people_and_words_and_marks_them(world: World, page: Page) -> None:
    ana = lived(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, world.team[0], "/customers")
        await page.get_by_role("searchbox").fill("zipper")
        found = page.get_by_role("option")
        await expect(found).to_have_count(2)
        await expect(page.locator(".found-head")).to_have_text(["Said"])
        await expect(found.locator("mark").first).to_have_text("zipper")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Ana Duarte").first).to_be_visible()
        assert page.url.endswith(f"/customers/{ana.customer.id}?q=zipper")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await expect(found.nth(1)).to_have_attribute("aria-selected", "true")


async def test_nobody_behind_a_number_is_said_so(world: World, page: Page) -> None:
    boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, world.team[0], "/customers/4711")
        await expect(page.get_by_text("Nobody has this number")).to_be_visible()


async def test_a_customers_page_stays_current(world: World, page: Page) -> None:
    ana = lived(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, world.team[0], f"/customers/{ana.customer.id}")
        log = page.get_by_role("log", name="Conversation")
        await expect(log).to_contain_text(ANGRY)
        world.purchase(ana, "1077", "Laces", "9", days=0)
        world.wake(ana)
        await expect(log).to_contain_text("Order 1077 · Laces · €9 · delivered")
