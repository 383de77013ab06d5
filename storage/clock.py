"""The database's clock: what "now" means for processes on many machines."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.errors import Refused
from storage.migrating import postgres_url

COMPARE_EVERY_S = 60.0


class DatabaseClock:
    """Aware UTC as the PostgreSQL server shows it; the difference is measured at the start and each minute."""

    def __init__(self, url: str) -> None:
        self._url = postgres_url(url)
        self._difference = timedelta(0)
        self._last = datetime.min.replace(tzinfo=UTC)
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """The present moment; never earlier than it said before."""
        self._last = max(self._last, datetime.now(UTC) + self._difference)
        return self._last

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until this clock shows `moment`."""
        return (moment - self.now()).total_seconds()

    async def start(self) -> None:
        """Compare at once, and again each minute."""
        await self._compare()
        self._task = asyncio.create_task(self._compare_for_ever(), name="database-clock")

    async def stop(self) -> None:
        """Keep the difference that was last measured."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _compare(self) -> None:
        import asyncpg  # noqa: PLC0415 - not needed on SQLite

        try:
            connection = await asyncpg.connect(self._url, timeout=10)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            problem = f"PostgreSQL can't be reached: {str(error) or type(error).__name__}"
            raise Refused(problem, "Check DATABASE_URL, and that the server runs and lets this user in.") from None
        try:
            await connection.fetchval("SELECT clock_timestamp()")  # the first answer takes longer
            asked = datetime.now(UTC)
            shown: datetime = await connection.fetchval("SELECT clock_timestamp()")
            answered = datetime.now(UTC)
        finally:
            await connection.close()
        self._difference = shown - (asked + (answered - asked) / 2)

    async def _compare_for_ever(self) -> None:
        while True:
            await asyncio.sleep(COMPARE_EVERY_S)
            with suppress(Exception):  # the database is away for a moment: the old difference still holds
                await self._compare()
