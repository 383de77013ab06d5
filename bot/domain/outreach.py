"""Outreach: one piece of a campaign for one customer, from its planning to what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.ids import EventId
from bot.program import HOLD_OUT


class OutreachState(StrEnum):
    """planned → sent (or held: the hold-out, to compare with) → closed; skipped ends it with nothing sent."""

    PLANNED = "planned"
    SENT = "sent"
    HELD = "held"
    CLOSED = "closed"
    SKIPPED = "skipped"


WATCHED = frozenset({OutreachState.SENT, OutreachState.HELD})
"""What the customer does now is noted beside it."""


@dataclass(frozen=True, slots=True)
class Outreach:
    """Known by the number of the event that planned it. `occasion`: what it is for, once per campaign and customer.

    `item` names the purchase it is about. `round` counts re-plannings. `sent_at` is also when a held one would have
    been sent; `closes_at` ends its window. `liked`: what they tapped below it. `unhappy_before/after`: their mood when
    it was sent, and in the window.
    """

    id: EventId
    campaign: str
    occasion: str
    variant: str
    state: OutreachState
    planned_at: datetime
    due_at: datetime
    item: str = ""
    round: int = 0
    sent_at: datetime | None = None
    closes_at: datetime | None = None
    channel: str = ""
    answered_at: datetime | None = None
    liked: bool | None = None
    unhappy_before: bool = False
    unhappy_after: bool = False
    opted_out_at: datetime | None = None
    bought_at: datetime | None = None
    why: str = ""

    @property
    def is_held(self) -> bool:
        """It belongs to the hold-out: nothing is ever sent."""
        return self.variant == HOLD_OUT

    def succeeded(self, goal: str) -> bool:
        """By the campaign's goal; never when the customer left, or found it unwelcome."""
        if self.opted_out_at or self.liked is False:
            return False
        if goal == "purchase":
            return self.bought_at is not None
        return self.answered_at is not None and not self.unhappy_after


def outreach_entry(one: Outreach) -> dict[str, Any]:
    """As an export writes it: plain JSON."""
    moments = ("planned_at", "due_at", "sent_at", "closes_at", "answered_at", "opted_out_at", "bought_at")
    told = {name: moment.isoformat() if (moment := getattr(one, name)) else None for name in moments}
    about = {"campaign": one.campaign, "occasion": one.occasion, "variant": one.variant, "state": one.state.value}
    return {**about, **told, "useful": one.liked, "channel": one.channel, "why": one.why}
