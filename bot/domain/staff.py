"""People of the shop, known by their chat identities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    away_since: datetime | None = None
    away_until: datetime | None = None
    seen_at: datetime | None = None
    offered_at: datetime | None = None
    """When a case was last offered to them: the next one goes to somebody else first."""
    person: str = ""
    """The identity by which the program knows them, when it says that this one is the same person."""
    digest: str = ""
    """When a manager wants their digest (`bot.domain.digest.Setting`); "" = never."""

    @property
    def may_take_cases(self) -> bool:
        """Agents and managers may."""
        return bool(self.roles)

    @property
    def is_manager(self) -> bool:
        """May read summaries."""
        return Role.MANAGER in self.roles

    @property
    def identity(self) -> str:
        """`telegram:12345`."""
        return f"{self.channel}:{self.external}"

    @property
    def is_owner(self) -> bool:
        """The seat of whoever opens the console with the printed link: a way in, no person."""
        return self.identity == "console:owner"


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What is new about a person's presence. Only the fields that are set change; `back` ends being away."""

    staff: StaffId
    seen_at: datetime | None = None
    offered_at: datetime | None = None
    away_since: datetime | None = None
    away_until: datetime | None = None
    back: bool = False
    name: str = ""
    """As their platform tells it; kept when nobody named them."""
    digest: str | None = None
    """When they want their digest from now on; "" = never, None = as it was."""


def joined(people: Iterable[Staff], same: Mapping[str, Sequence[str]]) -> list[Staff]:
    """Identities that belong to one person have one number, one name and one presence, and the roles of all of them.

    `same`: identity → its further identities. One that has no role of its own gets it by the other.
    """
    known = {staff.identity: staff for staff in people}
    for main, others in same.items():
        own = [known[identity] for identity in (main, *others) if identity in known]
        if own:
            roles = frozenset(role for staff in own for role in staff.roles)
            name = next((staff.name for staff in own if staff.name), "")
            for identity in (main, *others):
                channel, _, external = identity.partition(":")
                known[identity] = replace(
                    own[0], channel=channel, external=external, roles=roles, name=name, person=main
                )
    return list(known.values())


def public_name(name: str) -> str:
    """The name that customers read: the first one. "" for a person who is known by an identity alone."""
    first = next(iter(name.split()), "")
    return "" if ":" in first else first
