"""Money as a Decimal with its currency. Never a float, never across currencies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount ≥ 0 in one ISO 4217 currency."""

    amount: Decimal
    currency: str
