"""The planner: whose moment has come is planned, campaigns that do harm are stopped. One owner at a time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog

from bot.ports import Campaigns, Clock, Store

log = structlog.get_logger()
LONGEST = 3600.0


class PlannerLoop:
    """Plans every `every` by the shop's clock. Without campaigns it looks, finds nothing, and sleeps."""

    def __init__(self, store: Store, campaigns: Campaigns, clock: Clock, every: timedelta) -> None:
        self._store = store
        self._campaigns = campaigns
        self._clock = clock
        self._every = every
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A campaign was made, stopped or started."""
        self._woken.set()

    async def run(self) -> None:
        """Plan for ever, as the only one who does."""
        async with self._store.own("outreach"):
            while True:
                self._woken.clear()
                await self.once()
                pause = self._clock.seconds_until(self._clock.now() + self._every)
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.01, min(LONGEST, pause))):
                        await self._woken.wait()

    async def once(self) -> int:
        """Judge every campaign, then plan what is due until the next look; returns how many pieces were planned."""
        now = self._clock.now()
        for name, why in await self._campaigns.stop_harmful(now):
            log.warning("a campaign stopped itself", campaign=name, why=why)
        planned = await self._campaigns.plan_campaigns(now, now + self._every)
        if planned:
            log.info("outreach planned", pieces=planned)
        return planned
