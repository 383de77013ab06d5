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


class Promise(StrEnum):
    """What the shop promises within a time."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept: which, until when it was given."""

    promise: Promise
    due_at: datetime


class Rung(StrEnum):
    """Whom an unclaimed case is offered to. It climbs agent → all → manager; "" = to nobody, or it is claimed."""

    NONE = ""
    AGENT = "agent"
    ALL = "all"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Case:
    """`owner` and `owner_name` are the agent who holds it, or who held it last when resolved.

    `priority` is mood × value; the waiting time comes on top when somebody looks. `waiting_since`: the oldest words
    that no person has answered; None = nothing is owed. `offer_round` counts offers: an older timer is stale.
    """

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
    unhappy: float = 0.0
    """The unhappiest words of the case, 0…1."""
    waiting_since: datetime | None = None
    reply_due_at: datetime | None = None
    resolve_due_at: datetime | None = None
    told: bool = False
    """The customer was told by when a person answers, and no person has answered yet."""
    breaches: tuple[Breach, ...] = ()
    rung: Rung = Rung.NONE
    offered_to: StaffId | None = None
    offer: str = ""
    """Whom it is offered to and why, as the card says it."""
    offer_round: int = 0
    help: str = ""
    """How the customer found the help: good, fair or poor. "" = not said. Never shown as a ranking of agents."""

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
