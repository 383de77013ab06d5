"""The figures' page over a real database: the boot shop at one moment, seen through the console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from playwright.async_api import Page, expect

from bot.domain.staff import Role
from bot.ports import Records
from bot.program import parse_program
from bot.runtime.figures import Figures
from handlers.console.edge import Console, build
from handlers.serving import Listener
from storage.database import Database
from storage.migrating import migrate
from tests.storage.steps import HandClock
from tests.web.insights_shop import NOW, BootShop
from tests.web.world import PROGRAM, SECRET, World, running


def still_clock() -> HandClock:
    """Stands at the shop's own moment until it is set."""
    clock = HandClock()
    clock.shown = NOW
    return clock


async def fill_shop(path: Path, shop: BootShop | None = None) -> None:
    """A SQLite database with the boot shop in it."""
    url, clock = f"sqlite+aiosqlite:///{path}", still_clock()
    await migrate(url)
    database = Database(url, parse_program(PROGRAM), clock, SECRET)
    await database.start()
    await (shop or BootShop()).put(database)
    await database.stop()


@dataclass(frozen=True)
class Stage:
    """A running console; `figures` is the port that its page must agree with."""

    world: World
    database: Database
    clock: HandClock
    figures: Figures
    server: Listener
    console: Console

    async def log_in(self, page: Page, path: str = "/insights", name: str = "kim", role: Role = Role.MANAGER) -> None:
        await self.database.seat("telegram", name, role, name.capitalize())
        link = await self.console.login_link(f"telegram:{name}")
        await page.goto(f"{self.server.url}/login?{link.partition('?')[2]}")
        await page.get_by_role("button", name="Open the console").click()
        await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
        await page.goto(f"{self.server.url}{path}")


@asynccontextmanager
async def staged(path: Path, program: str = PROGRAM) -> AsyncIterator[Stage]:
    """A console over the SQLite database at `path`."""
    world, clock, policy = World(), still_clock(), parse_program(program)
    database = Database(f"sqlite+aiosqlite:///{path}", policy, clock, SECRET)
    await database.start()
    around = world.surroundings(policy)
    console = build(replace(around, clock=clock, records=cast("Records", database), store=database))
    try:
        async with running([console]) as server:
            yield Stage(world, database, clock, Figures(database, policy, clock), server, console)
    finally:
        await database.stop()
