"""The real program in a process of its own whose clock is ahead: `python -m tests.journeys.leaping SECONDS`.

Everything else is as with `afterword run`, so it can be killed like that.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.commands.running import started
from bot.program import load_program
from bot.settings import load_settings


class ClockAhead:
    """The machine's clock, so many seconds further."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()


async def run(seconds: float) -> None:
    settings, stop = load_settings(), asyncio.Event()
    async with started(settings, load_program(settings.program_file), "all", stop, clock=ClockAhead(seconds)):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(run(float(sys.argv[1])))
