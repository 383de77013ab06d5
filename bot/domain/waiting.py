"""A customer waits for a person: since when, until when the answer is promised, and the timers that watch over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseState, Promise
from bot.domain.draft import Draft
from bot.domain.event import PromiseDue
from bot.domain.hours import add_working, calendar_of
from bot.domain.priority import standing_priority
from sentiment import Intent, Label, Verdict

MANNERS = frozenset({Intent.THANKS, Intent.GREETING, Intent.ACKNOWLEDGE, Intent.PRAISE})


def reply_promise(case: Case) -> Promise:
    """Which answer is owed: the first since the case was opened (again), or the next."""
    fresh = case.first_human_at is None or case.state is CaseState.REOPENED
    return Promise.FIRST_REPLY if fresh else Promise.NEXT_REPLY


def span_of(draft: Draft, promise: Promise) -> timedelta:
    """How much time the program gives a promise; 0 = there is no such promise."""
    sla = draft.program.sla
    spans = {
        Promise.FIRST_REPLY: sla.first_reply,
        Promise.NEXT_REPLY: sla.next_reply,
        Promise.RESOLUTION: sla.resolution,
    }
    return spans[promise]


def waits(draft: Draft, case: Case) -> Case:
    """From now on an answer is owed, unless one is already."""
    if case.waiting_since is not None:
        return case
    due_at = _watch(draft, case, reply_promise(case))
    return replace(case, waiting_since=draft.now, reply_due_at=due_at)


def to_be_resolved(draft: Draft, case: Case) -> Case:
    """The time for the resolution begins."""
    return replace(case, resolve_due_at=_watch(draft, case, Promise.RESOLUTION))


def _watch(draft: Draft, case: Case, promise: Promise) -> datetime | None:
    """The deadline in the shop's hours, with a timer for it and one for the warning before it."""
    span = span_of(draft, promise)
    if not span:
        return None
    calendar = calendar_of(draft.program)
    due_at = add_working(calendar, draft.now, span)
    warn_at = add_working(calendar, draft.now, span * draft.program.sla.warn_from)
    for at, warning in ((warn_at, True), (due_at, False)):
        what = "warn" if warning else "break"
        key = f"promise:{case.id}:{promise.value}:{due_at.isoformat()}:{what}"
        draft.timer(key, at, PromiseDue(case.id, promise, due_at, warning))
    return due_at


def answered(case: Case) -> Case:
    """A person spoke: nothing is owed until the customer's next words."""
    return replace(case, waiting_since=None, reply_due_at=None, told=False)


def settled(case: Case) -> Case:
    """Resolved: no promise is left."""
    return replace(answered(case), resolve_due_at=None)


def heard(draft: Draft, case: Case, verdict: Verdict | None) -> None:
    """More words in an open case: an answer is owed unless they are mere manners; the mood can only get worse."""
    told = verdict is not None and verdict.label is not Label.UNKNOWN
    unhappy = max(case.unhappy, verdict.unhappy) if verdict and told else case.unhappy
    if not (verdict and verdict.intents and set(verdict.intents) <= MANNERS and not unhappy_now(verdict)):
        case = waits(draft, case)
    kinds = {reason.kind for reason in case.reasons}
    draft.put_case(replace(case, unhappy=unhappy, priority=standing_priority(kinds, unhappy, draft.story.standing)))


def unhappy_now(verdict: Verdict) -> bool:
    """Polite words that complain all the same."""
    return verdict.label in {Label.NEGATIVE, Label.MIXED}
