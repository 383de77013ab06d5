"""What would happen to somebody at a moment to come, by the very rules that decide then. Nothing is done."""

from __future__ import annotations

from datetime import datetime

from bot.domain.asking import later_because, reason_against
from bot.domain.campaign import Candidate
from bot.domain.draft import Draft
from bot.domain.event import AskDue, Event, OutreachDue, Payload
from bot.domain.ids import EventId, PurchaseId
from bot.domain.outreach import Outreach, OutreachState
from bot.domain.outreach_rules import never_because, not_now_because
from bot.domain.story import House, Story
from bot.program import Campaign, Program


def _draft(story: Story, payload: Payload, house: House, program: Program, now: datetime) -> Draft:
    event = Event(EventId(0), "preview", story.customer.id, now, payload)
    return Draft(story, event, None, house, program, now)


def foreseen(story: Story, one: Candidate, campaign: Campaign, house: House, program: Program, now: datetime) -> str:
    """Why a campaign would not speak to them, or would later; "" = it would."""
    at = max(one.due_at, now)
    draft = _draft(story, OutreachDue(campaign.name, one.occasion), house, program, at)
    piece = Outreach(
        EventId(0), campaign.name, one.occasion, "", OutreachState.PLANNED, now, one.due_at, one.item
    )  # fmt: skip
    return never_because(draft, piece, campaign) or _later(not_now_because(draft))


def foreseen_ask(story: Story, ask: PurchaseId, house: House, program: Program, now: datetime) -> str:
    """The same for an ask."""
    draft = _draft(story, AskDue(ask, 0), house, program, now)
    return reason_against(draft, draft.purchase(ask)) or _later(later_because(draft))


def _later(later: tuple[datetime | None, str] | None) -> str:
    if later is None:
        return ""
    moment, why = later
    return f"later: {why}" + (f" (until {moment:%Y-%m-%d %H:%M} UTC)" if moment else "")
