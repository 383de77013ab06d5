"""A gesture: what an agent gave a customer, or asked the back office to do for them. Carries its event's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.hours import midnight
from bot.domain.ids import CaseId, CustomerId, GestureId, StaffId
from bot.domain.message import Ref
from bot.domain.money import Money


class GestureKind(StrEnum):
    """A coupon goes to the customer at once; a card and an upgrade are tasks for the back office."""

    COUPON = "coupon"
    CARD = "card"
    UPGRADE = "upgrade"


class GestureState(StrEnum):
    """A coupon: granted, or failed when it never arrived. A task: open → done; cancelled when its person is erased."""

    GRANTED = "granted"
    FAILED = "failed"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Gesture:
    """One line of the ledger. `worth` and `code` are a coupon's; `ref` is the agent's own message that gave it.

    `expires_at` is the end of the last day on which the code can be used, in the shop's time zone.
    """

    id: GestureId
    kind: GestureKind
    customer: CustomerId
    case: CaseId
    staff: StaffId
    author: str
    at: datetime
    state: GestureState
    words: str = ""
    worth: Money | None = None
    code: str = ""
    expires_at: datetime | None = None
    done_at: datetime | None = None
    ref: Ref | None = None
    reason: str = ""
    """`second:17:4711`: the program's reward, customer and occasion, given once; "" = an agent gave it."""
    redeemed_at: datetime | None = None

    @property
    def spent(self) -> Decimal:
        """What it takes out of the agent's budget."""
        return self.worth.amount if self.worth and self.state is not GestureState.FAILED else Decimal(0)


def gesture_entry(gesture: Gesture) -> dict[str, Any]:
    """As an export and the ledger write it: plain JSON, the amount as text."""
    worth = gesture.worth
    return {
        "gesture": gesture.id,
        "at": gesture.at.isoformat(),
        "kind": gesture.kind.value,
        "state": gesture.state.value,
        "amount": str(worth.amount) if worth else None,
        "currency": worth.currency if worth else None,
        "code": gesture.code or None,
        "expires_at": gesture.expires_at.isoformat() if gesture.expires_at else None,
        "words": gesture.words,
        "agent": gesture.author,
        "case": gesture.case,
        "done_at": gesture.done_at.isoformat() if gesture.done_at else None,
        "reward": gesture.reason.partition(":")[0] or None,
        "redeemed_at": gesture.redeemed_at.isoformat() if gesture.redeemed_at else None,
    }


def month_of(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Where the calendar month of `moment` begins and ends, on the shop's own clock."""
    first = moment.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return midnight(first, zone), midnight(following, zone)


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the day of `moment` ends on the shop's own clock: what is good until a day is good all day."""
    return midnight(moment.astimezone(zone).date() + timedelta(days=1), zone)
