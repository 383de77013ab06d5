"""A fact worth remembering of a person. Kept only with their consent, and for a time; carries its event's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.ids import CaseId, EventId, StaffId


class FactState(StrEnum):
    """held: nothing may be remembered until the customer agrees. kept: they agreed."""

    HELD = "held"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Fact:
    """`words` as the agent wrote them. From `expires_at` on it is nobody's to read any more."""

    id: EventId
    words: str
    at: datetime
    expires_at: datetime
    state: FactState
    staff: StaffId
    author: str
    case: CaseId


def fact_entry(fact: Fact) -> dict[str, Any]:
    """As an export writes it."""
    return {
        "fact": fact.id,
        "at": fact.at.isoformat(),
        "words": fact.words,
        "state": fact.state.value,
        "expires_at": fact.expires_at.isoformat(),
        "agent": fact.author,
        "case": fact.case,
    }
