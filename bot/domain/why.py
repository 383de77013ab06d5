"""Why a customer got something, or did not: one line for each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Why:
    """`about` is the thing (`ask main/1001`, `campaign boots-care`), `did` the step, `reason` the words for it."""

    at: datetime
    about: str
    did: str
    reason: str = ""


def why_entry(why: Why) -> dict[str, str | None]:
    """As an export and the commands write it."""
    return {"at": why.at.isoformat(), "about": why.about, "did": why.did, "reason": why.reason or None}
