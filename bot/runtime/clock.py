"""Clocks. The database's own clock lives in storage."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, aware UTC."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until `moment`."""
        return (moment - self.now()).total_seconds()


class FastClock:
    """A clock that runs `speed` times as fast from `start` on, for the demo."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.speed = speed
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """What this clock shows."""
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until this clock shows `moment`."""
        return (moment - self.now()).total_seconds() / self.speed
