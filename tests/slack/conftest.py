from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.slack.harness import Shop, open_shop


@pytest.fixture(params=["socket", "http"])
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    """A shop that hears Slack, both ways. Nothing it does may break Slack's rules."""
    async with open_shop(request.param) as opened:
        yield opened
        opened.slack.assert_clean(warnings=True)


@pytest.fixture
async def office() -> AsyncIterator[Shop]:
    """A shop that only speaks."""
    async with open_shop("none") as opened:
        yield opened
        opened.slack.assert_clean(warnings=True)
