"""What is the same for every customer: staff, and the shops that report deliveries. Small, kept in memory."""

from __future__ import annotations

import time

from bot.domain.ids import StaffId
from bot.domain.staff import Role, Staff
from bot.domain.story import House
from storage.session import Session
from storage.statements import Query

FRESH_S = 1.0
STAFF = Query(
    "SELECT s.id, s.channel, s.external, s.name, r.role FROM staff s JOIN staff_role r ON r.staff_id = s.id "
    "ORDER BY s.id"
)
SHOPS = Query("SELECT name FROM shop WHERE reports_delivery_since IS NOT NULL")


class HouseMemory:
    """`channels` and `desk` are told by the wiring; the rest is read again every second, and when it changed."""

    def __init__(self) -> None:
        self.channels: frozenset[str] = frozenset()
        self.desk = "console"
        self._staff: dict[tuple[str, str], Staff] = {}
        self._shops: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    def forget(self) -> None:
        """Something changed."""
        self._read_at = float("-inf")

    async def current(self, session: Session) -> House:
        """A house with fresh places for a batch's tokens and owners."""
        if time.monotonic() - self._read_at > FRESH_S:
            self._read_at = time.monotonic()
            self._staff = {(one.channel, one.external): one for one in await read_staff(session)}
            self._shops = frozenset(row[0] for row in await session.rows(SHOPS))
        return House(self.channels, self.desk, self._staff, self._shops, {}, {})


async def read_staff(session: Session) -> list[Staff]:
    """Everybody who has a role."""
    found: dict[int, Staff] = {}
    for number, channel, external, name, role in await session.rows(STAFF):
        roles = found[number].roles if number in found else frozenset()
        found[number] = Staff(StaffId(number), channel, external, name, roles | {Role(role)})
    return list(found.values())
