"""The card: what an agent sees at a glance."""

from __future__ import annotations

from datetime import datetime

from bot.domain.attachments import describe_all
from bot.domain.case import Case, CaseState
from bot.domain.correcting import label_now
from bot.domain.customer import Holder
from bot.domain.draft import Draft, money_text
from bot.domain.gesture import Gesture, GestureState
from bot.domain.hours import zone_of
from bot.domain.interaction import Author, Interaction
from bot.domain.message import Card, CardLine, CardReason
from bot.domain.offering import mention_of
from bot.domain.presence import clock_words
from bot.domain.priority import before_others, mood_word, urgency, urgency_words
from bot.domain.remembered import remembered
from bot.domain.standing import Standing
from bot.program import valid_timezone

LINES = 5
MOODS_SHOWN = 6
FACES = {"positive": "🙂", "neutral": "😐", "mixed": "😕", "negative": "🙁"}
DATES = {"de": "d. MMM"}
GESTURES = 3
UNGIVEN = frozenset({GestureState.FAILED, GestureState.CANCELLED})


def build_card(draft: Draft, case: Case) -> Card:
    """The card of a case, from the story as it is now."""
    claimed = case.state in {CaseState.CLAIMED, CaseState.RESOLVED}
    return Card(
        case=case.id,
        customer=draft.customer.id,
        name=draft.name,
        channel=draft.conversation.channel,
        state=case.state.value,
        owner=case.owner_name if claimed or draft.conversation.holder is Holder.AGENT else None,
        reasons=tuple(CardReason(reason.kind.value, reason.evidence) for reason in case.reasons),
        value=value_words(draft),
        order=_order(draft),
        last=_last(draft, case),
        opened_at=case.opened_at,
        language=draft.language,
        earlier_cases=max(0, draft.story.cases_ever - 1),
        gestures=gesture_lines(draft),
        urgency=_urgency(draft, case) if case.is_open else "",
        promise=_promise(draft, case),
        offer=case.offer if case.is_open and not case.is_claimed else "",
        mention=mention_of(draft, case) if case.is_open and not case.is_claimed else None,
        speaks=draft.program.shop.languages[0],
        clock=_clock(draft),
        mood=mood_line(draft),
        earlier=_earlier(draft, case),
        facts=tuple(fact.words for fact in remembered(draft.story, draft.now)),
        reach=_reach(draft),
    )


def _last(draft: Draft, case: Case) -> tuple[CardLine, ...]:
    """What was said up to the latest reason; what came after it stands in the thread itself, once."""
    until = max([case.opened_at, *(reason.at for reason in case.reasons)])
    return tuple(_line(draft, line) for line in draft.recent() if _shows(line) and line.at <= until)[-LINES:]


def _clock(draft: Draft) -> str:
    """`14:05 there when it is 13:05 here`; "" while nobody knows where they are."""
    if not valid_timezone(draft.customer.timezone):
        return ""
    there = draft.now.astimezone(zone_of(draft.customer.timezone))
    here = draft.now.astimezone(draft.program.shop.zone)
    if there.utcoffset() == here.utcoffset():
        return draft.desk_words("card-clock-same")
    day = "" if there.date() == here.date() else f"{_weekday(draft, there)} "
    return draft.desk_words("card-clock", time=f"{day}{there:%H:%M}", since=f"{here:%H:%M}")


def _weekday(draft: Draft, moment: datetime) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - 80 ms that most turns don't need

    return str(format_date(moment, "EEE", locale=draft.program.shop.languages[0]))


def mood_line(draft: Draft) -> str:
    """`🙂 → 😐 → 🙁 unhappy`: as agents corrected it, else as it was read; never by colour alone."""
    read = [line for line in draft.recent() if line.author is Author.CUSTOMER and line.verdict][-MOODS_SHOWN:]
    if not read:
        return ""
    labels = [label_now(draft.story, line) for line in read]
    return f"{' → '.join(FACES.get(label, '❔') for label in labels)} {draft.desk_words(f'mood-{labels[-1]}')}"


def _earlier(draft: Draft, case: Case) -> tuple[str, ...]:
    """`3 Nov: unhappy, Kim, all well again`."""
    return tuple(_earlier_line(draft, other) for other in draft.story.cases if other.id < case.id)


def _earlier_line(draft: Draft, case: Case) -> str:
    became = {True: "well", False: "not-well", None: "unanswered"}[case.recovered]
    reasons = ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))
    about = ", ".join(filter(None, (reasons, case.owner_name, draft.desk_words(f"card-{became}"))))
    return f"{_short_date(draft, case.opened_at)}: {about}"


def _short_date(draft: Draft, moment: datetime) -> str:
    """`18 Nov`, as the shop's language writes it."""
    from babel.dates import format_date  # noqa: PLC0415 - 80 ms that most turns don't need

    language = draft.program.shop.languages[0]
    local = moment.astimezone(draft.program.shop.zone)
    return str(format_date(local, DATES.get(language, "d MMM"), locale=language))


def _reach(draft: Draft) -> str:
    """Words in the thread would not arrive: said before somebody writes them."""
    if draft.channel():
        return ""
    why = next((identity.unreachable for identity in draft.story.identities if identity.unreachable), "")
    return draft.desk_words("card-unreachable", why=why)


def _urgency(draft: Draft, case: Case) -> str:
    """How urgent it is, in words, among everybody who waits."""
    now, kinds = draft.now, {reason.kind for reason in case.reasons}
    mine = urgency(case.priority, case.waiting_since, now)
    others = (
        urgency(other.priority, other.waiting_since, now)
        for number, other in draft.house.cases.items()
        if number != case.id and other.waiting_since is not None
    )
    waited = now - case.waiting_since if case.waiting_since else None
    return urgency_words(
        draft.program.shop.languages[0],
        mood_word(kinds, case.unhappy),
        top=draft.story.standing.top,
        waited=waited,
        before=before_others(mine, others) if waited is not None else 0,
    )


def _promise(draft: Draft, case: Case) -> str:
    """By when an answer is promised, else by when the resolution; or that it is too late."""
    due_at = case.reply_due_at or case.resolve_due_at
    if not case.is_open or due_at is None:
        return ""
    what = "reply" if case.reply_due_at else "resolution"
    late = "late-" if draft.now >= due_at else ""
    return draft.desk_words(f"card-{late}{what}", time=clock_words(due_at, draft.program.shop.zone, draft.now))


def value_words(draft: Draft) -> str:
    """Tier and why, in one sentence."""
    standing: Standing = draft.story.standing
    if not standing.orders or not standing.rank:
        return draft.desk_words("card-new")
    money = money_text(standing.value, standing.currency, draft.program.shop.languages[0])
    share = f"{draft.program.value.top_share * 100:g}"
    key = "card-top" if standing.top else "card-value"
    values: dict[str, str | float] = {
        "rank": str(standing.rank),
        "of": str(standing.of),
        "money": money,
        "orders": standing.orders,
    }
    return draft.desk_words(key, share=share, **values)


def gesture_lines(draft: Draft) -> tuple[str, ...]:
    """`€20.00 coupon · 22 Nov · Kim`: the latest ones that reached the customer, or will."""
    given = [gesture for gesture in draft.story.gestures if gesture.state not in UNGIVEN]
    return tuple(_gesture(draft, gesture) for gesture in given[-GESTURES:])


def _gesture(draft: Draft, gesture: Gesture) -> str:
    if gesture.worth:
        money = money_text(gesture.worth.amount, gesture.worth.currency, draft.program.shop.languages[0])
        what = draft.desk_words("gesture-coupon", money=money)
    else:
        planned = "-open" if gesture.state is GestureState.OPEN else ""
        what = draft.desk_words(f"gesture-{gesture.kind.value}{planned}")
    return f"{what} · {_short_date(draft, gesture.at)} · {gesture.author}"


def _order(draft: Draft) -> str:
    """`1001: Boots, 2 × Socks · €129.00 · delivered 18 Nov`."""
    if not draft.story.purchases:
        return ""
    asked = {ask.id for ask in draft.story.asks if ask.waiting or ask.answered_at}
    purchase = next((p for p in reversed(draft.story.purchases) if p.id in asked), draft.story.purchases[-1])
    things = ", ".join(f"{i.quantity} × {i.name}" if i.quantity != 1 else i.name for i in purchase.items[:4])
    parts = [f"{purchase.order_id}: {things}" if things else purchase.order_id]
    if purchase.total:
        language = draft.program.shop.languages[0]
        parts.append(money_text(purchase.total.amount, purchase.total.currency, language))
    for word, moment in (
        ("refunded", purchase.refunded_at),
        ("cancelled", purchase.cancelled_at),
        ("delivered", purchase.delivered_at),
        ("paid", purchase.paid_at),
    ):
        if moment:
            parts.append(draft.desk_words(f"card-{word}", date=_short_date(draft, moment)))
            break
    return " · ".join(parts)


def _shows(line: Interaction) -> bool:
    return line.kind != "unsend" and bool(line.text or line.attachments)


def _line(draft: Draft, line: Interaction) -> CardLine:
    marks: tuple[tuple[int, int], ...] = ()
    if line.verdict and line.author is Author.CUSTOMER:
        marks = tuple((e["start"], e["end"]) for e in line.verdict.get("evidence", ()) if e["weight"] < 0)
    text = line.text or describe_all(line.attachments)
    author = line.author_name or draft.desk_words(f"author-{line.author.value}")
    return CardLine(line.at, author, text, marks)
