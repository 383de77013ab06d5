"""What one decision did, told from what changed in the story: the lines of the “why” log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.ask import Ask, AskState
from bot.domain.case import Case
from bot.domain.gesture import Gesture
from bot.domain.outreach import Outreach
from bot.domain.story import Story
from bot.domain.why import Why


def steps(before: Story, after: Story, now: datetime) -> list[Why]:
    """What one decision did, line by line."""
    if before is after:
        return []
    return [Why(now, *found) for found in _changes(before, after)]


Step = tuple[str, str, str]


def _changes(before: Story, after: Story) -> Iterator[Step]:
    for old, ask in _changed(before.asks, after.asks):
        if step := _ask_step(old, ask):
            yield f"ask {_order(after, ask)}", *step
    for old, outreach in _changed(before.outreach, after.outreach):
        if step := _outreach_step(old, outreach):
            yield f"campaign {outreach.campaign}", *step
    for old, gesture in _changed(before.gestures, after.gestures):
        if step := _gesture_step(old, gesture):
            yield _gift(gesture), *step
    for old, case in _changed(before.cases, after.cases):
        if old is None or old.state is not case.state:
            yield f"case {case.id}", case.state.value, _reasons(case)
    yield from _person_steps(before, after)


def purchase_steps(before: Story, after: Story, now: datetime) -> list[Why]:
    """What became of purchases: partners are told of it; the customer's own log has it with the purchase itself."""
    return [
        Why(now, f"purchase {purchase.reference}", name, "")
        for old, purchase in _changed(before.purchases, after.purchases)
        for name in ("paid", "delivered", "refunded", "cancelled")
        if getattr(purchase, f"{name}_at") and not (old and getattr(old, f"{name}_at"))
    ]


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    if before is after:
        return
    known = {row.id: row for row in before}
    for row in after:
        old = known.get(row.id)
        if old != row:
            yield old, row


def _order(story: Story, ask: Ask) -> str:
    return next((purchase.reference for purchase in story.purchases if purchase.id == ask.id), str(ask.id))


def _ask_step(old: Ask | None, ask: Ask) -> tuple[str, str] | None:
    """A planned ask that is planned anew was moved."""
    if old is None or old.state is not ask.state:
        due = f"due {ask.due_at:%Y-%m-%d %H:%M} UTC" if ask.due_at and ask.state is AskState.PLANNED else ""
        return ask.state.value, ask.why or due
    if ask.state is AskState.PLANNED and (old.due_at, old.why) != (ask.due_at, ask.why):
        return ("moved" if ask.due_at else "waits"), ask.why
    return None


def _outreach_step(old: Outreach | None, outreach: Outreach) -> tuple[str, str] | None:
    if old is None or old.state is not outreach.state:
        return outreach.state.value, outreach.why
    if old.round != outreach.round:
        return "moved", outreach.why
    marks = ("answered_at", "bought_at", "opted_out_at")
    news = [name.removesuffix("_at") for name in marks if getattr(old, name) is None and getattr(outreach, name)]
    return (news[0].replace("opted_out", "opted out"), "within the window") if news else None


def _gift(gesture: Gesture) -> str:
    return f"reward {gesture.reason.partition(':')[0]}" if gesture.reason else gesture.kind.value


def _gesture_step(old: Gesture | None, gesture: Gesture) -> tuple[str, str] | None:
    if old is None or old.state is not gesture.state:
        worth = f"{gesture.worth.amount} {gesture.worth.currency}" if gesture.worth else ""
        return gesture.state.value, worth
    return None


def _reasons(case: Case) -> str:
    return ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))


def _person_steps(before: Story, after: Story) -> Iterator[Step]:
    """What they chose, and what was set for them."""
    old, new = before.customer, after.customer
    if old is new:
        return
    if old.level != new.level:
        yield "level", "set", new.level or "by the program"
    if old.segments != new.segments:
        yield "segments", "set", ", ".join(new.segments) or "none"
    if old.care_until != new.care_until and new.care_until:
        yield "outreach", "paused", f"{new.care_why}, until {new.care_until:%Y-%m-%d}"
    for kind in sorted({*old.agreed, *new.agreed, *old.refused, *new.refused}):
        was, now = (kind in old.agreed, kind in old.refused), (kind in new.agreed, kind in new.refused)
        if was != now:
            yield f"preference {kind}", ("agreed" if now[0] else "refused" if now[1] else "withdrawn"), ""
    if (old.opted_out_at is None) != (new.opted_out_at is None):
        yield "everything", ("stopped" if new.opted_out_at else "resumed"), ""
