"""A desk that can't be used: nothing is tried for a while, and every case that has something waiting there is told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bot.domain.desks import BACK, LOST
from bot.domain.event import ByCustomer, DeskReported, Incoming
from bot.domain.ids import CaseId, CustomerId, OutboxId
from bot.ports import Clock, Store

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 300.0
Told = tuple[CustomerId, CaseId, OutboxId]


@dataclass(slots=True)
class Outage:
    """What is known of one desk. `why` "" = it works, as far as we know."""

    desk: str
    store: Store
    clock: Clock
    first: float = FIRST_PAUSE
    why: str = ""
    _until: float = 0.0
    _pause: float = 0.0
    _told: dict[CaseId, Told] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """Seconds until it is worth another try; 0 = now."""
        return max(0.0, self._until - time.monotonic()) if self.why else 0.0

    async def began(self, why: str) -> None:
        """A try failed: leave it alone, longer every time."""
        self.why = why
        self._pause = min(LONGEST_PAUSE, self._pause * 2) if self._pause else self.first
        self._until = time.monotonic() + self._pause
        await self.tell()

    async def tell(self) -> None:
        """Every case that has something waiting there hears of it, once an outage: by the first row that waits."""
        waiting = await self.store.waiting_cases(self.desk)
        fresh = [one for one in waiting if one[1] not in self._told]
        await self._report(fresh, LOST)
        self._told |= {one[1]: one for one in fresh}

    async def ended(self) -> None:
        """Something arrived there."""
        told, self._told = list(self._told.values()), {}
        self.why, self._pause = "", 0.0
        await self._report(told, BACK)

    def try_again(self) -> None:
        """Somebody put something right: there is no need to wait."""
        self._until = 0.0

    async def _report(self, cases: list[Told], what: str) -> None:
        now, why = self.clock.now(), self.why
        await self.store.accept(
            [
                Incoming(
                    f"desk:{self.desk}:{what}:{row}",
                    ByCustomer(customer),
                    DeskReported(self.desk, case, what, why),
                    now,
                )
                for customer, case, row in cases
            ],
            now,
        )
