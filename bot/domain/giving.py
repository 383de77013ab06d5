"""`/gift`, `/card`, `/upgrade`: who holds a case gives, without asking. The ledger tells afterwards.

What the customer felt, wrote or rated plays no part in it, and nothing is asked in return: an incentive that hangs on
the sentiment of a review is forbidden (FTC, 16 CFR 465.4), and that something is a gift is said with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.case import Case
from bot.domain.commands import Command, parse_command
from bot.domain.draft import Draft, money_text
from bot.domain.escalating import change_card
from bot.domain.event import AgentSaid, DeliveryReported, Payload
from bot.domain.gesture import Gesture, GestureKind, GestureState, end_of_day, month_of
from bot.domain.ids import GestureId
from bot.domain.interaction import Author, Direction
from bot.domain.message import Kind, MarkState, Message, Side
from bot.domain.money import Money
from bot.domain.offer import Offer, read_offer
from bot.domain.shelf import Coupon
from bot.domain.speaking import answered_by_person, signed, why_unreached
from bot.domain.staff import Staff, public_name
from bot.domain.story import Outgoing

GIFT = "gift"
TASKS = {"card": GestureKind.CARD, "upgrade": GestureKind.UPGRADE}
GIVING = frozenset({GIFT, *TASKS})
GRANTED, FAILED = "gesture.granted", "gesture.failed"
ENDED = frozenset({MarkState.DELIVERED.value, MarkState.FAILED.value, MarkState.UNREACHABLE.value})


def offer_in(payload: Payload, currency: str) -> Offer | None:
    """What an agent offers with this event; None when they offer nothing: then the rules need no shelf."""
    if not isinstance(payload, AgentSaid) or payload.edited or payload.sender.is_bot:
        return None
    command = parse_command(payload.words)
    return read_offer(command.words, currency) if command and command.name == GIFT else None


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives in which case, and with which message of theirs. `name` is what customers and colleagues read."""

    staff: Staff
    name: str
    case: Case
    said: AgentSaid


def give(draft: Draft, giver: Giver, command: Command) -> None:
    """Give it, or say in the thread why not. One message of an agent gives once, however often it is delivered."""
    ref = giver.said.ref
    if ref and any(gesture.ref == ref for gesture in draft.story.gestures):
        return
    if command.name in TASKS:
        _ask_back_office(draft, giver, TASKS[command.name], command.words)
    else:
        _offer(draft, giver, read_offer(command.words, draft.program.value.currency))


def _offer(draft: Draft, giver: Giver, offer: Offer) -> None:
    why_not = _not_the_holder(draft, giver) or _why_not(draft, giver.staff, offer)
    coupon = draft.house.shelf.coupon_of(offer.amount) if offer.amount else None
    if why_not or coupon is None or offer.amount is None:
        budget = draft.program.gifts.monthly_budget
        left = _left_words(draft, left_of(draft, giver.staff)) if budget else ""
        _refuse(draft, giver, f"{why_not} {left}".strip())
    else:
        _grant(draft, giver, Money(offer.amount, draft.program.value.currency), coupon, offer.words)


# ---------------------------------------------------------------- why not


def _not_the_holder(draft: Draft, giver: Giver) -> str:
    case = giver.case
    if case.is_open and case.speaker == giver.staff.id:
        return ""
    if not case.is_open:
        return draft.desk_words("desk-gift-closed")
    if case.is_claimed:
        return draft.desk_words("desk-gift-not-yours", agent=case.owner_name)
    return draft.desk_words("desk-gift-claim")


def _why_not(draft: Draft, staff: Staff, offer: Offer) -> str:
    if not draft.program.gifts.monthly_budget:
        return draft.desk_words("desk-gift-off")
    if offer.foreign:
        return draft.desk_words("desk-gift-currency", currency=draft.program.value.currency, other=offer.foreign)
    if offer.amount is None:
        return draft.desk_words("desk-gift-how", money=_money(draft, draft.program.gifts.largest))
    return _too_much(draft, staff, offer.amount) or _out_of_reach(draft) or _no_code(draft, offer.amount)


def _too_much(draft: Draft, staff: Staff, amount: Decimal) -> str:
    rules = draft.program.gifts
    if amount > rules.largest:
        return draft.desk_words("desk-gift-largest", money=_money(draft, amount), largest=_money(draft, rules.largest))
    if amount > left_of(draft, staff):
        _, ends = month_of(draft.now, draft.program.shop.zone)
        date = date_text(ends, draft, draft.program.shop.languages[0])
        return draft.desk_words("desk-gift-over", money=_money(draft, amount), date=date)
    return ""


def _out_of_reach(draft: Draft) -> str:
    if draft.channel():
        return ""
    return draft.desk_words("desk-gift-unreachable", why=why_unreached(draft))


def _no_code(draft: Draft, amount: Decimal) -> str:
    shelf = draft.house.shelf
    if shelf.coupon_of(amount):
        return ""
    others = ", ".join(_money(draft, other) for other in shelf.amounts if other != amount)
    command = f"afterword gifts import FILE --amount {amount} --currency {draft.program.value.currency}"
    return draft.desk_words("desk-gift-empty", money=_money(draft, amount), amounts=others, command=command)


def left_of(draft: Draft, staff: Staff) -> Decimal:
    """What an agent may still give this month."""
    spent = draft.house.shelf.spent.get(staff.id, Decimal(0))
    return max(Decimal(0), draft.program.gifts.monthly_budget - spent)


def _left_words(draft: Draft, left: Decimal) -> str:
    budget = _money(draft, draft.program.gifts.monthly_budget)
    return draft.desk_words("desk-gift-left", left=_money(draft, left), budget=budget)


def _refuse(draft: Draft, giver: Giver, words: str) -> None:
    draft.note(giver.case.id, giver.name, giver.said.words, "command")
    _tell(draft, giver, words)


def _tell(draft: Draft, giver: Giver, words: str, others: str = "") -> None:
    """Where it was written, and in the records for whoever sits at the console; what `others` read, on other desks."""
    draft.answer_with(giver.case, Message(Kind.NOTICE, words))
    if others:
        draft.elsewhere(giver.case, Message(Kind.NOTICE, others))
    draft.note(giver.case.id, giver.name, words, "notice")


# ---------------------------------------------------------------- giving


def _new(draft: Draft, giver: Giver, kind: GestureKind, state: GestureState, words: str) -> Gesture:
    return Gesture(
        id=GestureId(draft.event.id),
        kind=kind,
        customer=draft.customer.id,
        case=giver.case.id,
        staff=giver.staff.id,
        author=giver.name,
        at=draft.now,
        state=state,
        words=words,
        ref=giver.said.ref,
    )


def _grant(draft: Draft, giver: Giver, worth: Money, coupon: Coupon, words: str) -> None:
    plain = _new(draft, giver, GestureKind.COUPON, GestureState.GRANTED, words)
    gesture = replace(plain, worth=worth, code=coupon.code, expires_at=_expiry(draft, coupon))
    draft.put_gesture(gesture)
    draft.put_case(answered_by_person(draft, giver.case))
    _present(draft, giver, words, gift_words(draft, gesture))
    tell_shop(draft, gesture, GRANTED)
    change_card(draft, giver.case.id)
    told = draft.desk_words(
        "desk-gift",
        agent=giver.name,
        money=_money(draft, worth.amount),
        code=gesture.code,
        date=_last_day(draft, gesture, draft.program.shop.languages[0]),
    )
    _tell(draft, giver, f"{told} {_left_words(draft, left_of(draft, giver.staff) - worth.amount)}", told)


def _present(draft: Draft, giver: Giver, words: str, gift: str) -> None:
    """To the customer, with a receipt. Whoever calls knows that there is a way."""
    text = "\n\n".join(filter(None, (words, gift)))
    place, author, said = draft.channel(), public_name(giver.name), giver.said
    spoken = signed(author, text) if words else text
    message = Message(Kind.GIFT, spoken, author=author, picture=said.sender.picture)
    draft.post(Outgoing(Side.CUSTOMER, place, message, giver.case.id, receipt=True, agent_ref=said.ref))
    draft.log(Direction.OUT, Author.AGENT, "gift", text, channel=place, name=giver.name, case=giver.case.id)


def _expiry(draft: Draft, coupon: Coupon) -> datetime:
    """The end of the day that the program names; earlier when the shop's own code ends earlier."""
    end = end_of_day(draft.now + draft.program.gifts.valid, draft.program.shop.zone)
    return min(end, coupon.expires_at or end)


def gift_words(draft: Draft, gesture: Gesture) -> str:
    """What the customer reads below the agent's words: a code on a line of its own, and that nothing is expected."""
    worth = gesture.worth or Money(Decimal(0), "")
    money = money_text(worth.amount, worth.currency, draft.language)
    gift = draft.words("gift", agent=public_name(gesture.author), shop=draft.program.shop.name, money=money)
    free = draft.words("gift-free", date=_last_day(draft, gesture, draft.language))
    return f"{gift}\n{gesture.code}\n{free}"


def _ask_back_office(draft: Draft, giver: Giver, kind: GestureKind, words: str) -> None:
    why_not = _not_the_holder(draft, giver)
    if not draft.story.identities:  # erased: there is nobody left to do something for
        why_not = why_not or _out_of_reach(draft)
    if why_not or not words:
        _refuse(draft, giver, why_not or draft.desk_words(f"desk-{kind.value}-how"))
        return
    gesture = _new(draft, giver, kind, GestureState.OPEN, words)
    draft.put_gesture(gesture)
    tell_shop(draft, gesture, GRANTED)
    change_card(draft, giver.case.id)
    told = draft.desk_words(f"desk-{kind.value}", agent=giver.name, words=words, number=str(gesture.id))
    _tell(draft, giver, told, told)


def tell_shop(draft: Draft, gesture: Gesture, type_: str) -> None:
    """`customer` and `words` are about the person: erasing takes them out."""
    worth, expires_at = gesture.worth, gesture.expires_at
    shop = [one.external for one in draft.story.identities if one.channel == "shop"]
    body = {
        "gesture": gesture.id,
        "kind": gesture.kind.value,
        "state": gesture.state.value,
        "at": draft.now.isoformat(),
        "agent": gesture.author,
        "case": gesture.case,
        "customer": {"id": draft.customer.id, "shop": shop},
        "words": gesture.words,
        "code": gesture.code or None,
        "amount": str(worth.amount) if worth else None,
        "currency": worth.currency if worth else None,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    draft.tell_partners(f"gesture:{gesture.id}:{draft.event.id}", type_, body)


# ---------------------------------------------------------------- what became of it


def on_gift_report(draft: Draft, case: Case, report: DeliveryReported) -> None:
    """Marked on the agent's own message. What certainly never arrived is taken back; its code is used for nobody."""
    if report.outcome not in ENDED:
        return
    mark, ref = MarkState(report.outcome), report.agent_ref
    gesture = next((one for one in draft.story.gestures if ref and one.ref == ref and one.code), None)
    text = ""
    if gesture and mark is not MarkState.DELIVERED:
        text = _not_delivered(draft, case, gesture, report)
    draft.mark(case, ref, mark, text)
    if gesture:
        _settle(draft, case, gesture, arrived=mark is MarkState.DELIVERED or report.uncertain)


def _not_delivered(draft: Draft, case: Case, gesture: Gesture, report: DeliveryReported) -> str:
    money = _money(draft, gesture.worth.amount) if gesture.worth else ""
    key = "desk-gift-unsure" if report.uncertain else "desk-gift-failed"
    text = draft.desk_words(key, money=money, why=report.why)
    draft.note(case.id, gesture.author, text, "notice")
    return text


def _settle(draft: Draft, case: Case, gesture: Gesture, *, arrived: bool) -> None:
    """An operator may send again what failed: then it is granted after all."""
    state = GestureState.GRANTED if arrived else GestureState.FAILED
    if gesture.state is state:
        return
    settled = replace(gesture, state=state)
    draft.put_gesture(settled)
    tell_shop(draft, settled, GRANTED if arrived else FAILED)
    change_card(draft, case.id)


# ---------------------------------------------------------------- words


def _money(draft: Draft, amount: Decimal) -> str:
    return money_text(amount, draft.program.value.currency, draft.program.shop.languages[0])


def _last_day(draft: Draft, gesture: Gesture, language: str) -> str:
    end = gesture.expires_at or draft.now
    return date_text(end - timedelta(microseconds=1), draft, language)


def date_text(moment: datetime, draft: Draft, language: str) -> str:
    """A day of the shop's calendar, as the reader's language writes it."""
    from babel.dates import format_date  # noqa: PLC0415 - as for amounts

    return str(format_date(moment.astimezone(draft.program.shop.zone).date(), "long", locale=language))
