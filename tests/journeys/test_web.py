"""The conversation after the purchase in a real browser: the whole program on SQLite, nothing faked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.journeys.shop import Shop, open_shop, program_text, until

PATIENCE_MS = 15_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NOTE = "second zipper from lot 4417"
WORDS = "great, another broken zipper, I want a refund"
HERE = {"127.0.0.1", "localhost"}
OWN_SCHEMES = {"data", "blob", "about"}


class Visitors:
    """People with a browser each. What their pages ask for and what breaks on them is kept."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.pages: dict[str, Page] = {}

    async def come(self, name: str, **parts: object) -> Page:
        """Somebody new, with cookies of their own."""
        context: BrowserContext = await self.browser.new_context(locale="en-GB", timezone_id="Europe/Paris", **parts)  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.pages[name] = page
        return page

    @property
    def strays(self) -> list[str]:
        """Requests that left the machine."""
        parts = [urlsplit(url) for url in self.asked]
        return [each.geturl() for each in parts if each.scheme not in OWN_SCHEMES and each.hostname not in HERE]


@pytest.fixture
async def visitors(chromium: Path, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Visitors]:
    expect.set_options(timeout=PATIENCE_MS)
    before = request.session.testsfailed
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        come = Visitors(browser)
        yield come
        if request.session.testsfailed > before:
            for name, page in come.pages.items():
                await page.screenshot(path=tmp_path / f"{name}.png")
        await browser.close()


@asynccontextmanager
async def shop_with_owner(folder: Path, come: Visitors, follow_up: str = "1d") -> AsyncIterator[tuple[Shop, Page]]:
    """The program, and the owner who opened the login link that it printed."""
    async with open_shop(folder, program_text("console", follow_up=follow_up)) as shop:
        owner = await come.come("owner", viewport={"width": 1280, "height": 800})
        await owner.goto(shop.running.login)
        await owner.get_by_role("button", name="Open the console").click()
        await expect(owner.get_by_role("navigation", name="Pages")).to_be_visible()
        yield shop, owner


async def customer_of(shop: Shop, come: Visitors, name: str = "ana") -> Page:
    """A customer opens the link of the thank-you page and is asked."""
    answer = await shop.order()
    page = await come.come(name, viewport={"width": 390, "height": 844})
    await page.goto(answer["links"]["web"])
    await expect(page.get_by_text("how are you getting on with “Boots”")).to_be_visible()
    return page


async def write(page: Page, words: str) -> None:
    await page.get_by_role("textbox", name="Write a message").fill(words)
    await page.keyboard.press("Enter")


async def test_order_ask_reply_case_agent_resolution_follow_up(tmp_path: Path, visitors: Visitors) -> None:
    async with shop_with_owner(tmp_path, visitors, follow_up="2s") as (shop, owner):
        await expect(owner.get_by_text("All quiet")).to_be_visible()
        ana = await customer_of(shop, visitors)
        await expect(ana.get_by_role("link", name="+33 1 23 45 67 89")).to_be_visible()
        await ana.get_by_role("button", name="1 of 5").click()
        await expect(ana.get_by_text("I am getting a person to put it right")).to_be_visible()
        await write(ana, WORDS)

        row = owner.locator(".row-item", has_text="Ana Duarte")
        await expect(row).to_contain_text("unhappy")
        await expect(row).to_contain_text("another broken zipper")
        await row.click()
        await expect(owner.locator("mark.bad", has_text="want a refund")).to_be_visible()
        await owner.get_by_role("textbox", name="Reply to Ana").fill("New boots leave today, Ana.")
        await owner.get_by_role("button", name="Claim & send").click()
        answer = ana.locator(".a-bubble", has_text="New boots leave today, Ana.")
        await expect(answer).to_be_visible()
        await expect(answer.locator(".chat-name")).to_have_text("Owner")
        await expect(owner.locator(".a-bubble", has_text="New boots leave today")).to_contain_text("delivered")

        await write(ana, "oh! that is kind, thank you")
        await expect(owner.locator(".a-bubble", has_text="that is kind")).to_be_visible()
        await owner.get_by_role("button", name="Resolve").click()
        await expect(ana.get_by_text("Owner says thank you")).to_be_visible()
        await ana.get_by_role("button", name="Yes, all well").click()
        await expect(ana.get_by_text("Good to hear")).to_be_visible()
        await expect(owner.get_by_text("All quiet")).to_be_visible()
        lines = (await shop.export("shop:main/c-17"))["interactions"]
        assert [line["text"] for line in lines if line["author"] == "agent"] == ["New boots leave today, Ana."]
    assert visitors.broken == []
    assert visitors.asked
    assert visitors.strays == []


async def test_a_note_and_another_ones_story_stay_where_they_belong(tmp_path: Path, visitors: Visitors) -> None:
    async with shop_with_owner(tmp_path, visitors) as (shop, owner):
        ana = await customer_of(shop, visitors)
        await ana.get_by_role("button", name="1 of 5").click()
        await owner.locator(".row-item", has_text="Ana Duarte").click()
        await owner.get_by_role("button", name="Note").click()
        await owner.get_by_role("textbox", name="A note for your colleagues").fill(NOTE)
        await owner.get_by_role("button", name="Save note").click()
        await expect(owner.locator(".a-bubble.note", has_text=NOTE)).to_be_visible()
        await owner.get_by_role("button", name="Claim").click()
        await owner.get_by_role("textbox", name="Reply to Ana as Owner").fill("I am on it.")
        await owner.keyboard.press("Enter")
        await expect(ana.get_by_text("I am on it.")).to_be_visible()

        eve = await visitors.come("eve")
        await eve.goto(f"{shop.running.url}/chat")
        await write(eve, "hello there")
        await expect(eve.get_by_text("I am the bot of Boots & Co")).to_be_visible()
        await expect(eve.locator(".a-bubble")).to_have_count(2)
        for page, secrets in ((eve, ("Ana", "I am on it.", "Boots”", NOTE)), (ana, (NOTE, "hello there"))):
            await page.reload()
            await expect(page.locator(".a-bubble").first).to_be_visible()
            seen = await page.content()
            assert [words for words in secrets if words in seen] == []
        for path in ("/", "/customers", "/insights"):
            answer = await eve.goto(f"{shop.running.url}{path}")
            assert answer is not None
            assert answer.status == 401
            assert "Ana" not in await eve.content()
    assert visitors.strays == []


async def test_a_link_connects_one_browser_only(tmp_path: Path, visitors: Visitors) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        ana = await customer_of(shop, visitors)
        link = (await shop.order())["links"]["web"]
        eve = await visitors.come("eve")
        await eve.goto(link)
        await expect(eve.get_by_text("That link has been used already")).to_be_visible()
        assert "Ana" not in await eve.content()
        await ana.reload()
        await expect(ana.get_by_text("how are you getting on with “Boots”")).to_be_visible()

        async def one_ask() -> bool:
            asks = (await shop.export("shop:main/c-17"))["asks"]
            return [ask["state"] for ask in asks] == ["sent"]

        await until(one_ask, "one ask, sent")
