"""How often one person is spoken to without having spoken first: asks and outreach together, over all channels."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.ask import AskState
from bot.domain.draft import Draft
from bot.program import Cap, Program

EASE_FROM = 2
"""So many asks in a row without an answer, and the next one waits longer."""
MOST_EASING = 4


def longest_span(program: Program) -> timedelta:
    """How far back the rules look for asks that were sent."""
    spans = [program.ask.max_per_customer.span * 2**MOST_EASING if program.ask.ease_off else timedelta(0)]
    return max(*spans, program.ask.max_per_customer.span, program.outreach.max_per_customer.span)


def free_again(cap: Cap, moments: list[datetime], now: datetime) -> datetime | None:
    """When the cap lets the next one through; None = at once."""
    recent = sorted(at for at in moments if at > now - cap.span)
    if len(recent) < cap.number:
        return None
    return recent[len(recent) - cap.number] + cap.span


def reached_out(draft: Draft) -> list[datetime]:
    """When outreach was sent, as far back as its cap looks."""
    return [one.sent_at for one in draft.story.outreach if one.sent_at and not one.is_held and one.channel]


def outreach_free_at(draft: Draft) -> datetime | None:
    """When outreach may be sent under the common cap."""
    return free_again(draft.program.outreach.max_per_customer, [*draft.story.asked, *reached_out(draft)], draft.now)


def ask_free_at(draft: Draft) -> tuple[datetime, str] | None:
    """When an ask may be sent, and which limit keeps it; None = at once. Who rarely answers is asked less."""
    cap = draft.program.ask.max_per_customer
    unanswered = _unanswered_in_a_row(draft)
    eased = unanswered >= EASE_FROM and draft.program.ask.ease_off
    if eased:
        cap = Cap(cap.number, cap.span * 2 ** min(unanswered - 1, MOST_EASING))
    moment = free_again(cap, list(draft.story.asked), draft.now)
    if moment:
        plain = free_again(draft.program.ask.max_per_customer, list(draft.story.asked), draft.now)
        return moment, ("asked recently" if plain else "rarely answers")
    if reached_out(draft) and (moment := outreach_free_at(draft)):
        return moment, "contacted recently"
    return None


def _unanswered_in_a_row(draft: Draft) -> int:
    """The latest asks that ended without an answer."""
    number = 0
    for ask in reversed(draft.story.asks):
        if ask.state is AskState.EXPIRED:
            number += 1
        elif ask.state is AskState.ANSWERED:
            break
    return number
