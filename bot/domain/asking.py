"""When customers are asked, and when not. Everything is checked again at the moment of asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ask import OVER, Ask, AskState
from bot.domain.draft import Draft, Rows, money_text
from bot.domain.event import AskDue, AskExpires, ReminderDue
from bot.domain.hours import quiet_until, zone_of
from bot.domain.ids import PurchaseId
from bot.domain.message import Button, Kind
from bot.domain.outreach_budget import ask_free_at
from bot.domain.purchase import Purchase

NO_CHANNEL = "no channel yet"
OPEN_CASE, AFTER_CASE = "open case", "soon after a case"
MOURNING, ANGER = "words of mourning", "angry words"
"""Why somebody is left alone for a while."""
ASKING_LEVELS = frozenset({"accountable", "proactive", "partnership"})


def plan_ask(draft: Draft, purchase: Purchase) -> None:
    """Plan (or move) the ask for a purchase, from delivery or payment as the program says."""
    known = draft.ask(purchase.id)
    if (known and known.state is not AskState.PLANNED) or not purchase.stands:
        return
    if purchase.opted_out:
        end_ask(draft, known or _new(draft, purchase), AskState.CANCELLED, "opted out")
        return
    start = counts_from(draft, purchase)
    ask = known or _new(draft, purchase)
    if start is None:
        draft.put_ask(replace(ask, due_at=None, why="waits for delivery"))
        return
    schedule(draft, ask, start + draft.program.ask.after, "")


def counts_from(draft: Draft, purchase: Purchase) -> datetime | None:
    """The moment an ask's delay counts from; None while the delivery is still to be reported."""
    rules = draft.program.ask
    if rules.from_ == "paid":
        return purchase.paid_at or purchase.delivered_at
    if purchase.delivered_at:
        return purchase.delivered_at
    if purchase.shop in draft.house.reporting_shops or purchase.paid_at is None:
        return None
    return purchase.paid_at + rules.delivery_guess


def _new(draft: Draft, purchase: Purchase) -> Ask:
    return Ask(purchase.id, AskState.PLANNED, draft.now)


def schedule(draft: Draft, ask: Ask, due_at: datetime, why: str) -> None:
    """Plan the ask for `due_at`; timers of earlier rounds become stale."""
    moved = replace(ask, due_at=due_at, why=why, round=ask.round + 1)
    draft.put_ask(moved)
    draft.timer(f"ask:{ask.id}:{moved.round}", due_at, AskDue(ask.id, moved.round))


def end_ask(draft: Draft, ask: Ask, state: AskState, why: str) -> None:
    """Close an ask for good, with the reason written down."""
    draft.put_ask(replace(ask, state=state, why=why, ended_at=draft.now))


def on_ask_due(draft: Draft, due: AskDue) -> None:
    """Ask, move or cancel."""
    ask = draft.ask(due.ask)
    if not ask or ask.state is not AskState.PLANNED or ask.round != due.round:
        return
    purchase = draft.purchase(ask.id)
    why = reason_against(draft, purchase)
    if why:
        end_ask(draft, ask, AskState.CANCELLED, why)
        return
    if purchase:
        _ask_or_move(draft, ask, purchase)


def reason_against(draft: Draft, purchase: Purchase | None) -> str:
    """Why this purchase must never be asked about; "" = nothing stands against it."""
    if purchase is None:
        return "no such purchase"
    level = draft.level.level
    start = counts_from(draft, purchase) or purchase.paid_at or draft.now
    latest = start + draft.program.ask.after + draft.program.ask.expires_after
    against = {
        "refunded": purchase.refunded_at is not None,
        "order cancelled": purchase.cancelled_at is not None,
        "opted out": draft.customer.opted_out_at is not None or purchase.opted_out,
        "wants no questions": "questions" in draft.customer.refused,
        f"level {level}": level not in ASKING_LEVELS,
        MOURNING: draft.left_alone == MOURNING,
        "too late": draft.now > latest,
    }
    return next((why for why, true in against.items() if true), "")


def _ask_or_move(draft: Draft, ask: Ask, purchase: Purchase) -> None:
    later = later_because(draft)
    if later:
        moment, why = later
        if moment is None:
            draft.put_ask(replace(ask, why=why))
        else:
            schedule(draft, ask, moment, why)
        return
    send_ask(draft, ask, purchase)


def later_because(draft: Draft) -> tuple[datetime | None, str] | None:
    """When to try again, and why; (None, why) = when something else wakes it; None = now is right."""
    if draft.case:
        return None, OPEN_CASE
    if not draft.channel():
        return None, NO_CHANNEL
    calm = calm_until(draft, draft.program.ask.calm)
    if calm:
        return calm, AFTER_CASE
    quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
    if quiet:
        return quiet, "quiet hours"
    return ask_free_at(draft)


def calm_until(draft: Draft, cool_down: timedelta) -> datetime | None:
    """When so much time will have passed since their last case was resolved; None = it has, or there was none."""
    case = draft.last_case
    until = case.resolved_at + cool_down if case and case.resolved_at else None
    return until if until and until > draft.now else None


def customer_zone(draft: Draft) -> ZoneInfo:
    """The customer's own time zone, else the shop's."""
    return zone_of(draft.customer.timezone, draft.program.shop.timezone)


def send_ask(draft: Draft, ask: Ask, purchase: Purchase) -> None:
    """The question, five buttons, a person within reach."""
    key, values = _about(draft, purchase, "ask")
    place = draft.channel()
    sent = replace(ask, state=AskState.SENT, sent_at=draft.now, channel=place, why="")
    draft.put_ask(sent)
    draft.story = replace(draft.story, asked=(*draft.story.asked, draft.now))
    text = f"{draft.words(key, **values)}{promised_reward(draft)}"
    draft.say(text, rows=rating_rows(draft, ask.id), kind=Kind.ASK, log="ask", ask=ask.id, receipt=True)
    rules = draft.program.ask
    if rules.reminder and rules.reminder_after < rules.expires_after:
        due = draft.now + rules.reminder_after
        draft.timer(f"reminder:{ask.id}:{sent.round}", due, ReminderDue(ask.id, sent.round))
    draft.timer(f"expires:{ask.id}", draft.now + rules.expires_after, AskExpires(ask.id))


def promised_reward(draft: Draft) -> str:
    """What an answer is thanked with, whatever it says: said beforehand, or nothing is given."""
    reward = next((one for one in draft.program.reward if one.on.of == "answer"), None)
    if reward is None or not draft.program.rewards.monthly_budget or "gifts" in draft.customer.refused:
        return ""
    money = money_text(reward.amount, draft.program.value.currency, draft.language)
    return f" {draft.words('ask-thanks', money=money)}"


def _about(draft: Draft, purchase: Purchase, key: str) -> tuple[str, dict[str, str | float]]:
    if purchase.title:
        return key, {"name": draft.first_name, "item": purchase.title}
    return f"{key}-order", {"name": draft.first_name, "order": purchase.order_id}


def rating_rows(draft: Draft, ask: PurchaseId) -> Rows:
    """One row of five."""
    return (tuple(Button(draft.words(f"rate-{n}"), f"rate:{ask}:{n}") for n in range(1, 6)),)


def on_reminder_due(draft: Draft, due: ReminderDue) -> None:
    """Remind once, under the same conditions as the ask; if now is wrong it moves or falls away."""
    ask = draft.ask(due.ask)
    if not ask or ask.state is not AskState.SENT or ask.round != due.round:
        return
    purchase = draft.purchase(ask.id)
    if purchase is None or not purchase.stands or draft.customer.opted_out_at or draft.case or not draft.channel():
        return
    if calm_until(draft, draft.program.ask.calm):
        return
    if draft.level.level not in ASKING_LEVELS or "questions" in draft.customer.refused or draft.left_alone == MOURNING:
        return
    quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
    if quiet:
        moved = replace(ask, round=ask.round + 1)
        draft.put_ask(moved)
        draft.timer(f"reminder:{ask.id}:{moved.round}", quiet, ReminderDue(ask.id, moved.round))
        return
    draft.put_ask(replace(ask, state=AskState.REMINDED, reminded_at=draft.now))
    key, values = _about(draft, purchase, "reminder")
    text = draft.words(key, **values)
    draft.say(text, rows=rating_rows(draft, ask.id), kind=Kind.REMINDER, log="reminder", ask=ask.id)


def on_ask_expires(draft: Draft, due: AskExpires) -> None:
    """Nobody answered in time."""
    ask = draft.ask(due.ask)
    if ask and ask.waiting:
        end_ask(draft, ask, AskState.EXPIRED, "no answer")


def wake_asks(draft: Draft, *reasons: str, after: timedelta = timedelta(0)) -> None:
    """Plan the asks again that waited for one of these reasons."""
    for ask in draft.story.asks:
        if ask.state is AskState.PLANNED and ask.why in reasons:
            schedule(draft, ask, draft.now + after, "")


def cancel_asks(draft: Draft, why: str) -> None:
    """End every ask that is not over; an unanswered one that was sent is left to expire quietly as cancelled."""
    for ask in draft.story.asks:
        if ask.state not in OVER:
            end_ask(draft, ask, AskState.CANCELLED, why)
