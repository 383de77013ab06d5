"""People of the shop, known by their chat identities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import StaffId


class Role(StrEnum):
    """An agent takes cases; a manager reads summaries and may do all that an agent may."""

    AGENT = "agent"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the shop on one channel."""

    id: StaffId
    channel: str
    external: str
    name: str
    roles: frozenset[Role]

    @property
    def may_take_cases(self) -> bool:
        """Agents and managers may."""
        return bool(self.roles)

    @property
    def is_manager(self) -> bool:
        """May read summaries."""
        return Role.MANAGER in self.roles


def public_name(name: str) -> str:
    """The name that customers read: the first one. "" for a person who is known by an identity alone."""
    first = next(iter(name.split()), "")
    return "" if ":" in first else first
