"""A real browser without a screen, and a shop in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.web.world import World

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as play:
        started = await play.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page that fails the test when a script on it breaks."""
    opened = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened.set_default_timeout(PATIENCE_MS)
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    await opened.close()
    assert broken == []
