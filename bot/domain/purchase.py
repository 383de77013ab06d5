"""A purchase: an order of a shop, unique by (shop, order id)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.ids import PurchaseId
from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order. `price` is for one piece, in the order's currency."""

    name: str
    quantity: int = 1
    sku: str = ""
    price: Decimal | None = None


def codes_in(extra: Mapping[str, Any]) -> frozenset[str]:
    """The coupon codes that an order says it used: `codes` or `discount_codes`, as texts or as objects with `code`."""
    found: set[str] = set()
    for name in ("codes", "discount_codes"):
        given = extra.get(name)
        for each in given if isinstance(given, list) else [given]:
            code = each.get("code") if isinstance(each, dict) else each
            if isinstance(code, str) and code.strip():
                found.add(code.strip())
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought and what became of it. `total` is None until the payment is reported."""

    id: PurchaseId
    shop: str
    order_id: str
    total: Money | None = None
    items: tuple[Item, ...] = ()
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    refunded_at: datetime | None = None
    cancelled_at: datetime | None = None
    opted_out: bool = False
    """The customer had opted out when it was reported: recorded, never asked about."""

    @property
    def reference(self) -> str:
        """`main/1001`."""
        return f"{self.shop}/{self.order_id}"

    @property
    def stands(self) -> bool:
        """Neither refunded nor cancelled."""
        return self.refunded_at is None and self.cancelled_at is None

    @property
    def title(self) -> str:
        """The first item's name, or nothing."""
        return self.items[0].name if self.items else ""
