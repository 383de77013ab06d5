"""An ask: one request for feedback about one purchase. It carries the number of its purchase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import PurchaseId


class AskState(StrEnum):
    """planned → sent → reminded → answered; expired or cancelled end it without an answer."""

    PLANNED = "planned"
    SENT = "sent"
    REMINDED = "reminded"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


WAITING = frozenset({AskState.SENT, AskState.REMINDED})
"""The customer has the question and may answer."""

OVER = frozenset({AskState.ANSWERED, AskState.EXPIRED, AskState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Ask:
    """`due_at` is None while it waits for a delivery report or a channel; `why` says why it ended or moved.

    `round` counts re-plannings: a timer of an earlier round is stale and does nothing.
    """

    id: PurchaseId
    state: AskState
    planned_at: datetime
    due_at: datetime | None = None
    round: int = 0
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    channel: str = ""
    why: str = ""
    rating: int | None = None

    @property
    def waiting(self) -> bool:
        """Sent and not answered yet."""
        return self.state in WAITING
