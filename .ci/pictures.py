"""Makes the pictures of the README: a small shop on a leaping clock, seen with a real browser without a screen.

    PYTHONPATH=. .venv/bin/python .ci/pictures.py [FOLDER]

Without FOLDER those of docs/pictures are made anew; with one, also the phone's and the dark ones, to look at.
Needs Chromium (CHROMIUM may name it). Look at each picture before you commit it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.commands.playing import stage, story
from bot.commands.staging import BORIS, BUYERS, KIM, Buyer, Play
from bot.commands.telling import Teller
from bot.domain.staff import Role

WIDE, PHONE = (1280, 800), (390, 844)
LIMIT = 200_000
DOCS = Path("docs/pictures")
IN_DOCS = {"inbox", "inbox-dark", "inbox-phone", "customer", "chat", "insights"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
ANA, BO, CHIDI, DORA = BUYERS[:4]
EARLIER = (
    Buyer("ana", ANA.name, "934", "Sandals", "89.50", 5, "lovely, and fast"),
    Buyer("ana", ANA.name, "951", "Hiking boots", "149.00", 4, "good, a little tight at first"),
    Buyer("ana", ANA.name, "977", "Laces", "9.00", 5, "perfect fit, thank you"),
)


async def loyal(play: Play) -> None:
    """Ana has bought before, and was happy."""
    for buyer in EARLIER:
        await play.order(buyer, "paid")
        await play.opens_link("ana")
        await play.passes(days=2)
        await play.order(buyer, "delivered")
        await play.passes(days=3, minutes=1)
        await play.taps("ana", f"rate:*:{buyer.stars}", quietly=True)
        await play.settled()
        await play.says("ana", buyer.words, quietly=True)
        await play.passes(days=50)


async def asked(play: Play) -> None:
    """Everybody's latest parcel is three days old."""
    for buyer in BUYERS:
        await play.order(buyer, "paid")
        await play.opens_link(buyer.short)
    await play.passes(days=2)
    for buyer in BUYERS:
        await play.order(buyer, "delivered")
    await play.passes(days=3, minutes=1)


async def busy(play: Play) -> None:
    """Four people wait at the desk, each for another reason."""
    await play.says("dora", "can I speak to somebody?", quietly=True)
    await play.passes(minutes=4)
    await play.taps("chidi", "rate:*:5", quietly=True)
    await play.passes(minutes=3)
    await play.says("bo", "my skin turned red after the first day", quietly=True)
    await play.passes(minutes=1)
    await play.taps("ana", "rate:*:1", quietly=True)
    await play.settled()
    await play.says("ana", "great, another broken zipper, I want a refund", quietly=True)
    await play.settled()
    await play.agent("ana", "says", "/note second zipper from lot 4417 this week", who=BORIS, quietly=True)
    await play.passes(minutes=5)


async def log_in(page: Page, play: Play) -> None:
    """As Kim, who may read figures too."""
    database, clock = play.database, play.clock
    await database.seat("console", KIM.external, Role.MANAGER, KIM.name, "demo")
    token = await database.issue_login("console:kim", clock.now().replace(year=clock.now().year + 1))
    await page.goto(f"{play.running.house.settings.base_url}/login?token={token}")
    await page.get_by_role("button", name="Open the console").click()
    await page.get_by_role("navigation", name="Pages").wait_for()


async def opened(browser: Browser, size: tuple[int, int], *, dark: bool = False) -> Page:
    """A fresh visitor's page."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="en-GB",
        timezone_id="Europe/Paris",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
    )
    return await context.new_page()


async def shoot(page: Page, path: Path) -> None:
    """One picture, once the page has come to rest."""
    if path.parent == DOCS and path.stem not in IN_DOCS:
        return
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(700)
    await page.screenshot(path=path, animations="disabled", caret="hide")
    size = await asyncio.to_thread(os.path.getsize, path)
    print(f"{path.name}: {size // 1000} kB")
    if size > LIMIT:
        message = f"{path} is larger than {LIMIT // 1000} kB"
        raise SystemExit(message)


async def take_inbox(browser: Browser, play: Play, folder: Path) -> None:
    """The desk in light and dark, wide and narrow."""
    for name, size, dark in (
        ("inbox", WIDE, False), ("inbox-dark", WIDE, True),
        ("inbox-phone", PHONE, False), ("talk-phone", PHONE, True), ("side-phone", PHONE, False),
    ):  # fmt: skip
        page = await opened(browser, size, dark=dark)
        await log_in(page, play)
        if size == WIDE or name != "inbox-phone":
            await page.locator(".row-item", has_text="Ana Duarte").click()
            await page.get_by_text("lot 4417").wait_for()
        if name == "side-phone":
            await page.get_by_role("button", name="Details").click()
        await shoot(page, folder / f"{name}.png")
        await page.context.close()


async def take_customer(browser: Browser, play: Play, folder: Path) -> None:
    """Ana's whole story, found by a word that she said."""
    for name, size, dark in (
        ("customer", WIDE, False),
        ("customer-dark", WIDE, True),
        ("customer-phone", PHONE, False),
    ):
        page = await opened(browser, size, dark=dark)
        await log_in(page, play)
        number = play.people["ana"]
        await page.goto(f"{play.running.house.settings.base_url}/customers/{number}?q=ana")
        await page.get_by_text("lot 4417").first.wait_for()
        await shoot(page, folder / f"{name}.png")
        await page.context.close()


async def take_chat(browser: Browser, folder: Path) -> None:
    """The customer's side on a phone, before and after the tap."""
    async with stage(0, Teller(), pace=0, days_ago=5) as play:
        await play.order(ANA, "paid")
        pages = []
        for dark in (False, True):
            page = await opened(browser, PHONE, dark=dark)
            buyer = ANA if not dark else DORA
            await play.order(buyer, "paid")
            await page.goto(f"{play.running.house.settings.base_url}/chat?token={play.tokens[buyer.short]}")
            await page.get_by_text("good to see you here").wait_for()
            pages.append((page, buyer))
        await play.passes(days=2)
        for _, buyer in pages:
            await play.order(buyer, "delivered")
        await play.passes(days=3, minutes=1)
        for (page, _), name in zip(pages, ("chat", "chat-dark"), strict=True):
            await page.get_by_role("button", name="1 of 5").wait_for()
            await shoot(page, folder / f"{name}.png")
        page = pages[0][0]
        await page.get_by_role("button", name="1 of 5").click()
        await page.get_by_text("I am getting a person").wait_for()
        await page.get_by_role("textbox").fill("great, another broken zipper, I want a refund")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_text("I want a refund").wait_for()
        await play.agent("ana", "claim", quietly=True)
        await play.agent("ana", "says", "That should not happen twice, Ana. New boots leave today.", quietly=True)
        await page.get_by_text("New boots leave today").wait_for()
        await shoot(page, folder / "chat-talk.png")


async def take_insights(browser: Browser, folder: Path) -> None:
    """What the manager sees at the end of the demo."""
    async with stage(0, Teller(), pace=0, days_ago=7) as play:
        await story(play)
        for name, size, dark in (("insights", WIDE, False), ("insights-phone", PHONE, True)):
            page = await opened(browser, size, dark=dark)
            await log_in(page, play)
            await page.goto(f"{play.running.house.settings.base_url}/insights?period=30d")
            await page.get_by_role("heading").first.wait_for()
            await shoot(page, folder / f"{name}.png")


async def main(folder: Path) -> None:
    """All of them."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        await take_chat(browser, folder)
        async with stage(0, Teller(), pace=0, days_ago=172) as play:
            await loyal(play)
            await asked(play)
            await busy(play)
            await take_inbox(browser, play, folder)
            await take_customer(browser, play, folder)
        await take_insights(browser, folder)
        await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
