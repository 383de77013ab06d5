"""What can be given at this moment: codes at hand, and what each agent has spent this month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.gesture import Gesture
from bot.domain.ids import StaffId


@dataclass(frozen=True, slots=True)
class Coupon:
    """A single-use code that nobody has yet. `amount` None: made anew, good for any amount."""

    code: str
    amount: Decimal | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """As it stands within a turn. While a turn has a filled one, no other turn has: nothing on it is given twice.

    `amounts`: for which amounts the pool holds codes. `pooled`: the codes come from the pool.
    """

    coupons: tuple[Coupon, ...] = ()
    spent: Mapping[StaffId, Decimal] = field(default_factory=dict)
    amounts: tuple[Decimal, ...] = ()
    pooled: bool = True

    def coupon_of(self, amount: Decimal) -> Coupon | None:
        """The next code for an amount."""
        return next((coupon for coupon in self.coupons if coupon.amount in {None, amount}), None)

    def after(self, gesture: Gesture) -> Shelf:
        """What is left once this was given."""
        spent = {**self.spent, gesture.staff: self.spent.get(gesture.staff, Decimal(0)) + gesture.spent}
        coupons = tuple(coupon for coupon in self.coupons if coupon.code != gesture.code)
        return replace(self, coupons=coupons, spent=spent)
