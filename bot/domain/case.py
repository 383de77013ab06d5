"""A case: an escalation with its reasons, one owner, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId, StaffId


class CaseState(StrEnum):
    """open → claimed → resolved; a resolved one may be reopened (open again, same agent first)."""

    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class ReasonKind(StrEnum):
    """The fixed words that a card shows."""

    UNHAPPY = "unhappy"
    UNCLEAR = "unclear"
    HIGH_VALUE = "high value"
    ASKED = "asked for a person"
    ALARM = "alarm word"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is needed, with the words or figures that say so."""

    kind: ReasonKind
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """`owner` and `owner_name` are the agent who holds it, or who held it last when resolved."""

    id: CaseId
    state: CaseState
    opened_at: datetime
    reasons: tuple[Reason, ...]
    desk: str
    priority: int = 0
    owner: StaffId | None = None
    owner_name: str = ""
    claimed_at: datetime | None = None
    first_human_at: datetime | None = None
    resolved_at: datetime | None = None
    first_resolved_at: datetime | None = None
    recovered: bool | None = None
    """What the customer said when asked, after the resolution, whether all is well. None = not answered."""
    follow_ups: int = 0
    hinted: bool = False
    """An agent has been told that words stay inside until somebody claims."""

    @property
    def is_open(self) -> bool:
        """Somebody of the shop still owes something."""
        return self.state is not CaseState.RESOLVED

    @property
    def speaker(self) -> StaffId | None:
        """Whose words go to the customer: the claimer's, or after a reopening those of the agent who had it."""
        return self.owner if self.state in {CaseState.CLAIMED, CaseState.REOPENED} else None

    @property
    def is_claimed(self) -> bool:
        """An agent holds it."""
        return self.state is CaseState.CLAIMED
