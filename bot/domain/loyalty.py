"""What customers are given for an answer, a purchase or a year: single-use codes from the shelf that agents give from.

An answer is rewarded whatever it says (FTC, 16 CFR 465.4): the rules here never look at a rating or a verdict. Nobody
is given twice for one occasion: its name is unique in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b

from bot.domain.ask import AskState
from bot.domain.asking import ANGER, customer_zone
from bot.domain.campaign import in_year
from bot.domain.draft import Draft, money_text
from bot.domain.event import DeliveryReported, RewardDue, RewardEnds
from bot.domain.gesture import Gesture, GestureKind, GestureState, end_of_day, month_of
from bot.domain.giving import date_text, tell_shop
from bot.domain.hours import quiet_until
from bot.domain.ids import HOUSE_STAFF, NO_CASE, GestureId
from bot.domain.interaction import Author, Direction
from bot.domain.level import ACCOUNTABLE
from bot.domain.message import Kind, Message, Ref, Side
from bot.domain.money import Money
from bot.domain.preference import GIFTS, wants
from bot.domain.purchase import Purchase
from bot.domain.shelf import Coupon
from bot.domain.story import Outgoing, Story
from bot.program import Reward

A_DAY = timedelta(days=1)
PATIENCE = timedelta(days=120)
"""What could not be given within this time after it was earned is not given any more."""
GRANTED, FAILED = "gesture.granted", "gesture.failed"
PROGRAM = "program"
NO_CHANNEL, OPEN_CASE = "no channel", "open case"
LASTING = frozenset({NO_CHANNEL, OPEN_CASE})
"""What may last is looked at each day at first, and the longer it lasts the less often."""


# ---------------------------------------------------------------- what is earned


def earn(draft: Draft, before: Story) -> None:
    """Plan the rewards for what just happened. A key is one occasion: repeats plan nothing."""
    for reward, occasion, moment in _earned(draft, before):
        due = RewardDue(reward.name, occasion, moment)
        draft.timer(f"reward:{reward.name}:{occasion}", moment + reward.after, due)


def _earned(draft: Draft, before: Story) -> Iterator[tuple[Reward, str, datetime]]:
    rewards = draft.program.reward
    if not rewards:
        return
    answered = newly_answered(before, draft.story)
    paid = newly_paid(before, draft.story)
    for reward in rewards:
        match reward.on.of:
            case "answer":
                yield from ((reward, str(number), draft.now) for number in answered)
            case "purchase":
                if paid and _standing(draft.story) == reward.on.number:
                    yield reward, str(paid[-1].id), draft.now
            case "surprise":
                lucky = (one for one in paid if draft.story.standing.top and _is_drawn(one, reward))
                yield from ((reward, str(one.id), draft.now) for one in lucky)
            case _:
                first = _first_paid(draft.story)
                if paid and first is not None and len(draft.story.purchases) == len(paid):
                    yield reward, "1", _years_after(first, 1)


def _is_drawn(purchase: Purchase, reward: Reward) -> bool:
    """By lot, from the order's own name: what somebody felt or rated plays no part, and nobody can ask for it."""
    digest = blake2b(f"{reward.name}:{purchase.reference}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % reward.on.number == 0


def newly_answered(before: Story, after: Story) -> list[int]:
    """The asks that were answered just now, for the first time."""
    if before.asks is after.asks:
        return []
    known = {ask.id for ask in before.asks if ask.state is AskState.ANSWERED}
    return [ask.id for ask in after.asks if ask.state is AskState.ANSWERED and ask.id not in known]


def newly_paid(before: Story, after: Story) -> list[Purchase]:
    """The purchases whose payment was reported just now."""
    if before.purchases is after.purchases:
        return []
    known = {purchase.id for purchase in before.purchases if purchase.paid_at}
    return [one for one in after.purchases if one.paid_at and one.stands and one.id not in known]


def _standing(story: Story) -> int:
    return sum(1 for purchase in story.purchases if purchase.stands and purchase.paid_at)


def _first_paid(story: Story) -> datetime | None:
    return min((one.paid_at for one in story.purchases if one.paid_at), default=None)


def _years_after(moment: datetime, years: int) -> datetime:
    return in_year(moment, moment.year + years)


# ---------------------------------------------------------------- giving


def on_reward_due(draft: Draft, due: RewardDue) -> None:
    """Give, move, or leave it, with the reason."""
    reward = next((one for one in draft.program.reward if one.name == due.reward), None)
    reason = f"{due.reward}:{draft.customer.id}:{due.occasion}"
    if any(gesture.reason == reason for gesture in draft.story.gestures):
        return
    why = _never_because(draft, reward, due)
    if why or reward is None:
        draft.because(f"reward {due.reward}", "not given", why)
    else:
        _give_or_move(draft, reward, due, reason)
    if reward and reward.on.of == "anniversary" and due.occasion.isdecimal():
        _plan_next_year(draft, reward, due)


def _never_because(draft: Draft, reward: Reward | None, due: RewardDue) -> str:
    if reward is None:
        return "the program has no such reward any more"
    level = draft.level
    against = {
        "opted out": draft.customer.opted_out_at is not None,
        "wants no gifts": not wants(draft.customer, GIFTS),
        f"level {level.level} ({level.why})": not level.allows(ACCOUNTABLE),
        "refunded or cancelled": reward.on.of == "purchase" and _standing(draft.story) < reward.on.number,
        "too late": draft.now > due.earned_at + reward.after + PATIENCE,
    }
    return next((why for why, true in against.items() if true), "")


def _give_or_move(draft: Draft, reward: Reward, due: RewardDue, reason: str) -> None:
    if reward.on.of == "surprise":
        _surprise(draft, reward, due, reason)
        return
    later = _later_because(draft, reward)
    coupon = draft.house.shelf.coupon_of(reward.amount)
    if later is None and coupon is not None:
        _grant(draft, reward, coupon, reason)
        return
    moment, why = later or (draft.now + A_DAY, "no code in the pool")
    if why in LASTING:
        moment = draft.now + max(A_DAY, (draft.now - due.earned_at) / 2)
    draft.because(f"reward {reward.name}", "moved", why)
    key = f"reward:{due.reward}:{due.occasion}:{moment.isoformat()}"
    draft.timer(key, moment, due)


def _later_because(draft: Draft, reward: Reward) -> tuple[datetime, str] | None:
    """A promised thank-you comes at once, also in a case; everything comes later to somebody in mourning."""
    care = draft.customer.care_until
    if care and draft.left_alone not in {"", ANGER}:
        return care, draft.left_alone
    if not draft.channel():
        return draft.now + A_DAY, NO_CHANNEL
    if reward.on.of != "answer":
        if draft.case:
            return draft.now + A_DAY, OPEN_CASE
        quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
        if quiet:
            return quiet, "quiet hours"
    if reward.amount > budget_left(draft):
        _, ends = month_of(draft.now, draft.program.shop.zone)
        return ends, "the month's budget is spent"
    return None


def budget_left(draft: Draft) -> Decimal:
    """What the program may still give this month."""
    return draft.program.rewards.monthly_budget - draft.house.shelf.spent.get(HOUSE_STAFF, Decimal(0))


def _plan_next_year(draft: Draft, reward: Reward, due: RewardDue) -> None:
    first, year = _first_paid(draft.story), int(due.occasion)
    if first is not None:
        moment = _years_after(first, year + 1)
        following = RewardDue(reward.name, str(year + 1), moment)
        draft.timer(f"reward:{reward.name}:{year + 1}", moment + reward.after, following)


def _surprise(draft: Draft, reward: Reward, due: RewardDue, reason: str) -> None:
    """A task for the back office; the customer reads nothing of it. Over the budget it falls away."""
    about = f"reward {reward.name}"
    if reward.amount > budget_left(draft):
        draft.because(about, "not given", "the month's budget is spent")
        return
    purchase = next((one for one in draft.story.purchases if str(one.id) == due.occasion and one.stands), None)
    if purchase is None:
        draft.because(about, "not given", "refunded or cancelled")
        return
    gesture = Gesture(
        id=GestureId(draft.event.id), kind=GestureKind.UPGRADE, customer=draft.customer.id, case=NO_CASE,
        staff=HOUSE_STAFF, author=draft.program.shop.name, at=draft.now, state=GestureState.OPEN,
        words=f"{reward.task} (order {purchase.order_id})",
        worth=Money(reward.amount, draft.program.value.currency), reason=reason,
    )  # fmt: skip
    draft.put_gesture(gesture)
    tell_shop(draft, gesture, GRANTED)


def _grant(draft: Draft, reward: Reward, coupon: Coupon, reason: str) -> None:
    zone = draft.program.shop.zone
    end = end_of_day(draft.now + reward.valid, zone)
    gesture = Gesture(
        id=GestureId(draft.event.id), kind=GestureKind.COUPON, customer=draft.customer.id, case=NO_CASE,
        staff=HOUSE_STAFF, author=draft.program.shop.name, at=draft.now, state=GestureState.GRANTED,
        worth=Money(reward.amount, draft.program.value.currency), code=coupon.code,
        expires_at=min(end, coupon.expires_at or end), reason=reason,
        ref=Ref(PROGRAM, "reward", str(draft.event.id)),
    )  # fmt: skip
    draft.put_gesture(gesture)
    _send(draft, gesture, f"{reward_words(draft, reward)}\n{gesture.code}\n{_until(draft, gesture)}", "reward")
    tell_shop(draft, gesture, GRANTED)
    _plan_reminder(draft, gesture)


def reward_words(draft: Draft, reward: Reward) -> str:
    """What it is for, and what it is worth."""
    money = money_text(reward.amount, draft.program.value.currency, draft.language)
    values = {"name": draft.first_name, "shop": draft.program.shop.name, "money": money}
    return draft.words(f"reward-{reward.on.of}", number=reward.on.number, **values)


def _until(draft: Draft, gesture: Gesture) -> str:
    return draft.words("gift-free", date=_last_day(draft, gesture))


def _last_day(draft: Draft, gesture: Gesture) -> str:
    end = gesture.expires_at or draft.now
    return date_text(end - timedelta(microseconds=1), draft, draft.language)


def _send(draft: Draft, gesture: Gesture, text: str, log: str) -> None:
    message = Message(Kind.REWARD, draft.signed(text), draft.with_person())
    place = draft.channel()
    draft.post(Outgoing(Side.CUSTOMER, place, message, receipt=True, agent_ref=gesture.ref))
    draft.log(Direction.OUT, Author.BOT, log, message.text, channel=place)


def _plan_reminder(draft: Draft, gesture: Gesture) -> None:
    before = draft.program.rewards.remind_before
    if gesture.expires_at and before and gesture.expires_at - before > draft.now:
        draft.timer(f"reward-ends:{gesture.id}", gesture.expires_at - before, RewardEnds(gesture.id))


# ---------------------------------------------------------------- afterwards


def on_reward_ends(draft: Draft, due: RewardEnds) -> None:
    """Once, before a code ends that was not used; never at night, never in a case."""
    gesture = next((one for one in draft.story.gestures if one.id == due.gesture), None)
    if gesture is None or gesture.redeemed_at or gesture.state is not GestureState.GRANTED or not gesture.code:
        return
    about = f"reward {gesture.reason.partition(':')[0]}"
    meant = wants(draft.customer, GIFTS) and draft.level.allows(ACCOUNTABLE)
    if draft.case or not meant or not draft.channel() or draft.left_alone:
        draft.because(about, "not reminded", "open case, left alone, or no way to them")
        return
    quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
    if quiet and gesture.expires_at and quiet < gesture.expires_at:
        draft.timer(f"reward-ends:{gesture.id}:{quiet.isoformat()}", quiet, due)
        return
    worth = gesture.worth or Money(Decimal(0), draft.program.value.currency)
    money = money_text(worth.amount, worth.currency, draft.language)
    words = draft.words("reward-ends", name=draft.first_name, money=money, date=_last_day(draft, gesture))
    _send(draft, gesture, f"{words}\n{gesture.code}", "reward_reminder")
    draft.because(about, "reminded", "ends soon")


def on_reward_report(draft: Draft, report: DeliveryReported) -> None:
    """What certainly never arrived is taken back, like an agent's gift."""
    found = [one for one in draft.story.gestures if one.ref == report.agent_ref and one.code]
    if not found or report.outcome == "waits":
        return
    arrived = report.outcome == "delivered" or report.uncertain
    state = GestureState.GRANTED if arrived else GestureState.FAILED
    if found[-1].state is not state:
        settled = replace(found[-1], state=state)
        draft.put_gesture(settled)
        tell_shop(draft, settled, GRANTED if arrived else FAILED)
