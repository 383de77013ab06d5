"""A real database for the loops."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.program import Program
from bot.runtime.clock import SystemClock
from storage.database import Database
from tests.databases import empty_postgres, own_postgres
from tests.storage.steps import SECRET

__all__ = ["empty_postgres", "own_postgres"]


@pytest.fixture
async def db() -> AsyncIterator[Database]:
    """SQLite in memory."""
    database = Database("sqlite+aiosqlite:///:memory:", Program(), SystemClock(), SECRET)
    database.channels = frozenset({"telegram"})
    database.desk = "telegram"
    await database.start()
    yield database
    await database.stop()
