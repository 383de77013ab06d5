"""One event, one decision. Pure: the same story, event and moment give the same decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.domain import event as happened
from bot.domain.alerts import on_alert
from bot.domain.asking import on_ask_due, on_ask_expires, on_reminder_due
from bot.domain.desk_rules import on_agent_said, on_agent_tapped, on_follow_up_due
from bot.domain.desks import on_desk_reported
from bot.domain.digest import on_digest_due
from bot.domain.draft import Draft
from bot.domain.duty import on_ladder_due, on_promise_due, on_staff_left
from bot.domain.event import Edited, Event, Payload, ReachChanged, Said, Sender, Tapped
from bot.domain.linking import on_delivery, on_identity_found, on_reach_changed, on_started
from bot.domain.loyalty import earn, on_reward_due, on_reward_ends
from bot.domain.orders import on_order
from bot.domain.outreach_rules import (
    after_answer,
    observe,
    on_campaign_stopped,
    on_outreach_closes,
    on_outreach_due,
)
from bot.domain.own_data import on_erase_due
from bot.domain.partnership import on_step_asked
from bot.domain.remembering import on_fact_expires
from bot.domain.replying import on_edited, on_said, on_tapped
from bot.domain.seizing import on_spike_seized
from bot.domain.story import Decision, House, Story
from bot.errors import EventUnreadable
from bot.program import Program
from sentiment import Verdict

SURELY = 3
"""Fewer words hardly tell a language."""
Rule = Callable[[Draft, Any], None]

RULES: dict[type[Payload], Rule] = {
    happened.Said: on_said,
    happened.Tapped: on_tapped,
    happened.Edited: on_edited,
    happened.Started: on_started,
    happened.ReachChanged: on_reach_changed,
    happened.OrderReported: on_order,
    happened.IdentityFound: on_identity_found,
    happened.AgentSaid: on_agent_said,
    happened.AgentTapped: on_agent_tapped,
    happened.DeliveryReported: on_delivery,
    happened.DeskReported: on_desk_reported,
    happened.AskDue: on_ask_due,
    happened.ReminderDue: on_reminder_due,
    happened.AskExpires: on_ask_expires,
    happened.FollowUpDue: on_follow_up_due,
    happened.PromiseDue: on_promise_due,
    happened.LadderDue: on_ladder_due,
    happened.StaffLeft: on_staff_left,
    happened.EraseDue: on_erase_due,
    happened.DigestDue: on_digest_due,
    happened.AlertRaised: on_alert,
    happened.OutreachDue: on_outreach_due,
    happened.OutreachCloses: on_outreach_closes,
    happened.RewardDue: on_reward_due,
    happened.RewardEnds: on_reward_ends,
    happened.CampaignStopped: on_campaign_stopped,
    happened.SpikeSeized: on_spike_seized,
    happened.StepAsked: on_step_asked,
    happened.FactExpires: on_fact_expires,
}


def on_unreadable(_draft: Draft, event: happened.Unreadable) -> None:
    """Nothing can be decided; the turn makes a dead letter of it."""
    raise EventUnreadable(f"{event.kind}: {event.problem}")


RULES[happened.Unreadable] = on_unreadable


def decide(
    story: Story, event: Event, verdict: Verdict | None, house: House, program: Program, now: datetime
) -> Decision:
    """What follows from `event` for this customer. `verdict` reads the event's words, when it has any."""
    draft = Draft(story, event, verdict, house, program, now)
    sender = customer_sender(event.payload)
    if sender and house.owners.get((sender.channel, sender.external), story.customer.id) != story.customer.id:
        draft.requeue = sender
        return draft.decision()
    learn_language(draft, event.payload)
    RULES[type(event.payload)](draft, event.payload)
    follow(draft, story, event.payload)
    return draft.decision()


def learn_language(draft: Draft, payload: Payload) -> None:
    """What they write in decides the words they get, where neither they nor their channel have said it."""
    wrote = draft.verdict.language if draft.verdict and isinstance(payload, Said) else None
    if not wrote or len(payload.words.split()) < SURELY:  # type: ignore[union-attr]
        return
    person, offered = draft.customer, draft.program.shop.languages
    told = {wish.replace("_", "-").split("-")[0].lower() for wish in (person.language, person.locale)}
    if wrote in offered and not told & set(offered):
        draft.change_customer(language=wrote)


def follow(draft: Draft, before: Story, payload: Payload) -> None:
    """What holds beside every rule: outreach sees what came of it, and what was earned is given."""
    if draft.requeue is not None or draft.erase:
        return
    observe(draft, before, payload)
    earn(draft, before)
    after_answer(draft, before)


def customer_sender(payload: Payload) -> Sender | None:
    """Who must own the lane that this event is in."""
    return payload.sender if isinstance(payload, (Said, Tapped, Edited, ReachChanged)) else None


def text_to_score(payload: Payload) -> str | None:
    """The words that the scorer should read, None when there are none to read."""
    if isinstance(payload, Said):
        words = payload.words.strip()
        return words if words and not words.startswith("/") else None
    if isinstance(payload, Tapped) and payload.action.startswith("rate:"):
        stars = payload.action.rsplit(":", 1)[-1]
        return "★" * int(stars) + "☆" * (5 - int(stars)) if stars in {"1", "2", "3", "4", "5"} else None
    return None
