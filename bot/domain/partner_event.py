"""What the shop's own systems are to learn from us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PartnerEvent:
    """Written once per `key`, with the turn that decided it. `body` is plain JSON; amounts in it are text."""

    key: str
    type: str
    at: datetime
    body: dict[str, Any]
