"""The console as a test opens it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from bot.domain.staff import Staff
from handlers.console.edge import Console, build
from handlers.serving import Listener
from tests.web.world import Person, World, running

WIDE, PHONE = (1280, 800), (390, 844)


@asynccontextmanager
async def console_of(world: World) -> AsyncIterator[tuple[Listener, Console]]:
    console = build(world.surroundings())
    async with running([console]) as server:
        yield server, console


async def log_in(page: Page, server: Listener, console: Console, staff: Staff, path: str = "/") -> None:
    link = await console.login_link(f"{staff.channel}:{staff.external}")
    await page.goto(f"{server.url}/login?{link.partition('?')[2]}")
    await page.get_by_role("button", name="Open the console").click()
    await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    if path != "/":
        await page.goto(f"{server.url}{path}")


async def another(browser: Browser, size: tuple[int, int] = WIDE) -> Page:
    """Somebody else's browser."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    return await context.new_page()


def named(world: World, name: str) -> Person:
    return next(person for person in world.people.values() if person.customer.name == name)


def case_of(person: Person) -> int:
    assert person.case
    return person.case.id
