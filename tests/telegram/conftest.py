from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.telegram.stage import Stage, stage
from tests.wire.telegram import FakeTelegram


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def on(tg: FakeTelegram) -> AsyncIterator[Stage]:
    """The edge, started for sending; nothing is received."""
    made: Any = stage(tg)
    tg.forum(-1_001_234, members=[tg.user(500, "Kim Lee"), tg.user(501, "Lou")])
    await made.edge.start()
    yield made
    await made.edge.stop()
    tg.assert_clean()
