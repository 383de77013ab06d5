"""What the console's pages show, as plain values. The browser draws them as text, so that no word can become code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_currency

from bot.domain.case import Case, CaseState, Promise, ReasonKind
from bot.domain.correcting import BEGINNING, topics_of
from bot.domain.correction import Correction
from bot.domain.customer import Customer, Memory
from bot.domain.fact import Fact, FactState
from bot.domain.gesture import Gesture, GestureState
from bot.domain.money import Money
from bot.domain.opening import suggest_openers
from bot.domain.purchase import Purchase
from bot.domain.remembered import listed
from bot.domain.staff import Staff
from bot.domain.story import Story
from bot.phrases import phrase
from bot.ports import Found, Line, PoolRow, QueueRow
from bot.program import Program, valid_timezone
from handlers.pages import file_view, in_order, signed_apart

CHANNELS: Final = {"telegram": "Telegram", "slack": "Slack", "web": "Web chat", "console": "Console", "email": "E-mail"}
HURTS: Final = frozenset({ReasonKind.UNHAPPY.value, ReasonKind.ALARM.value})
QUIET_KINDS: Final = frozenset({"reach", "lookup"})
TELLING_INTENTS: Final = ("refund", "return", "cancel", "where_is_order", "bug", "safety", "person", "stop")
MINUS: Final = "\N{MINUS SIGN}"
FELT_UNHAPPY: Final = 0.5
FELT_HAPPY: Final = 0.25
LATEST_ORDERS: Final = 4
UNHAPPY_LABELS: Final = frozenset({"negative", "mixed"})
CORRECTED_MOODS: Final = {"negative": "unhappy after all", "neutral": "not unhappy", "positive": "happy"}
HELP_WORDS: Final = {"good": "found the help good", "fair": "found the help fair", "poor": "found the help poor"}
MEMORY_WORDS: Final = {
    Memory.UNASKED: "They are asked for their consent when the first thing is to be remembered.",
    Memory.ASKED: "They were asked for their consent, and have not answered yet.",
    Memory.YES: "They agreed that we remember this.",
    Memory.NO: "They don't want anything remembered.",
}


def signed_number(value: float, digits: int = 1) -> str:
    """`−0.8`, `+0.6`."""
    rounded = round(value, digits)
    return f"{MINUS if rounded < 0 else '+' if rounded > 0 else ''}{abs(rounded):.{digits}f}"


CODE_BEFORE: Final = re.compile(r"([A-Z]{3})(?=\d)")
"""A currency without a sign of its own stands apart from its number."""


def money_words(money: Money, locale: str = "en") -> str:
    """`€1,290`, `CHF 1,290`; cents only where there are some."""
    whole = money.amount == money.amount.to_integral_value()
    if whole:
        words = format_currency(money.amount, money.currency, "¤#,##0", locale=locale, currency_digits=False)
    else:
        words = format_currency(money.amount, money.currency, locale=locale)
    return CODE_BEFORE.sub("\\1\N{NO-BREAK SPACE}", words)


def day_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`18 Nov`, with the year when it is another one."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b}" + ("" if local.year == now.astimezone(zone).year else f" {local.year}")


# ---------------------------------------------------------------- the queue


class QueueView:
    """Open cases by number, most urgent first; the same for whoever looks: the browser knows what is theirs.

    A case that did not change since the last look is not drawn again.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._drawn: dict[int, tuple[QueueRow, dict[str, Any]]] = {}

    def of(self, rows: Iterable[QueueRow]) -> dict[str, Any]:
        """The rows as values; nothing in them changes by the mere passing of time."""
        self._drawn = {row.case: self._draw(row) for row in rows}
        return {str(case): view for case, (_, view) in self._drawn.items()}

    def _draw(self, row: QueueRow) -> tuple[QueueRow, dict[str, Any]]:
        timeless = replace(row, priority=0, before=0)
        known = self._drawn.get(row.case)
        return known if known and known[0] == timeless else (timeless, row_view(row, self._program))


def row_view(row: QueueRow, program: Program) -> dict[str, Any]:
    """One case in the list, with all that it can be filtered by."""
    claimed = row.state == CaseState.CLAIMED.value
    return {
        "case": row.case,
        "customer": row.customer,
        "name": row.name or f"Customer {row.customer}",
        "preview": " ".join(row.preview.split())[:140],
        "since": row.waiting_since.isoformat(),
        "waits": row.waits,
        "heard": row.heard_at.isoformat() if row.heard_at else "",
        "late_at": row.due_at.isoformat() if row.due_at else "",
        "warn_at": _warned_at(row, program),
        "broken": bool(row.breaches),
        "why": _why(row),
        "claimed": claimed,
        "owner": row.owner or "" if claimed else "",
        "owner_id": row.owner_id if row.state != CaseState.OPEN.value else None,
        "offer": row.offer,
        "offered_to": row.offered_to,
        "reopened": row.state == CaseState.REOPENED.value,
        "top": row.top,
        "channel": CHANNELS.get(row.channel, row.channel) or "no chat",
        "reasons": list(dict.fromkeys(row.reasons)),
        "topics": [topic.replace("_", " ") for topic in row.topics],
        "chips": _chips(row, program),
    }


def _warned_at(row: QueueRow, program: Program) -> str:
    """From when on the promise is about to be broken: when the program's share of its time is used."""
    spans = {
        Promise.FIRST_REPLY.value: program.sla.first_reply,
        Promise.NEXT_REPLY.value: program.sla.next_reply,
        Promise.RESOLUTION.value: program.sla.resolution,
    }
    span = spans.get(row.promise)
    if row.due_at is None or not span:
        return row.due_at.isoformat() if row.due_at else ""
    return (row.due_at - span * (1 - program.sla.warn_from)).isoformat()


def _why(row: QueueRow) -> str:
    """Mood and value; the browser counts the waiting time and who waits behind."""
    return _mood_words(row.mood or "calm", top=row.top)


@cache
def _mood_words(mood: str, *, top: bool) -> str:
    words = phrase("en", f"urgency-{mood}")
    return f"{words}, {phrase('en', 'urgency-top')}" if top else words


def _chips(row: QueueRow, program: Program) -> list[dict[str, str]]:
    said = dict.fromkeys(row.reasons)
    chips = [{"text": _reason_words(reason, row, program), "tone": _tone(reason)} for reason in said]
    if row.top and ReasonKind.HIGH_VALUE.value not in said:
        chips.append({"text": top_words(program), "tone": "gold"})
    if row.breaches:
        chips.append({"text": "promise broken", "tone": "bad"})
    if row.help in HELP_WORDS:
        chips.append({"text": HELP_WORDS[row.help], "tone": "bad" if row.help == "poor" else ""})
    return chips


def _reason_words(reason: str, row: QueueRow, program: Program) -> str:
    if reason == ReasonKind.UNHAPPY.value and row.score is not None and row.score < 0:
        return f"{reason} {signed_number(row.score)}"
    if reason == ReasonKind.HIGH_VALUE.value and row.top:
        return f"{reason} · {top_words(program)}"
    return reason


def _tone(reason: str) -> str:
    if reason in HURTS:
        return "bad"
    return "gold" if reason == ReasonKind.HIGH_VALUE.value else ""


def top_words(program: Program) -> str:
    """`top 20 %`, by the program's share."""
    return f"top {program.value.top_share * 100:g} %"


# ---------------------------------------------------------------- the conversation


def lines_view(
    lines: Iterable[Line], customer: int, contact: str, corrections: Iterable[Correction] = ()
) -> dict[str, Any]:
    """Every line by its key: `i…` was said, `n…` stays inside. Corrected words say by whom, and how they count now."""
    shown = (line for line in lines if line.kind not in QUIET_KINDS and (line.text or line.attachments))
    made = {(each.said_at, each.text): each for each in corrections}
    return {
        line_key(line): _line(line, customer, contact)
        | _judged(line, made.get((line.at, line.text)))
        | {"order": order}
        for line, order in in_order(shown)
    }


def _judged(line: Line, made: Correction | None) -> dict[str, Any]:
    """How the customer's words count now, for whoever may correct it; `words_at` names them."""
    if line.author != "customer" or line.kind != "message" or not line.verdict:
        return {"words_at": 0}
    label = (made.label if made else "") or str(line.verdict.get("label", ""))
    topics = topics_of(line.verdict) if made is None or made.topics is None else made.topics
    unhappy = label in UNHAPPY_LABELS if made and made.label else _reads_unhappy(line.verdict)
    said = [CORRECTED_MOODS[made.label]] if made and made.label else []
    said += [", ".join(topics).replace("_", " ") or "about nothing"] if made and made.topics is not None else []
    return {
        "words_at": (line.at - BEGINNING) // timedelta(microseconds=1),
        "unhappy": unhappy,
        "topics": list(topics),
        "corrected": f"{' · '.join(said)}, says {made.author}" if made and said else "",
    }


def _reads_unhappy(verdict: dict[str, Any]) -> bool:
    return verdict.get("label") in UNHAPPY_LABELS or (verdict.get("unhappy") or 0.0) >= FELT_UNHAPPY


def line_key(line: Line) -> str:
    """Notes and interactions are numbered apart."""
    return f"{'n' if line.inside else 'i'}{line.id}"


def _line(line: Line, customer: int, contact: str) -> dict[str, Any]:
    customers = line.author == "customer"
    weighed = customers and line.kind != "rating"  # stars speak for themselves
    text, signature = (line.text, "") if customers else signed_apart(line.text, contact)
    key = line_key(line)
    return {
        "key": key,
        "group": "notes" if line.inside else "said",
        "number": abs(line.id),
        "at": line.at.isoformat(),
        "who": "note" if line.inside else line.author,
        "name": line.name,
        "kind": line.kind,
        "parts": marked_parts(text, line.verdict) if weighed else [[text, ""]],
        "signature": signature,
        "meta": verdict_words(line.verdict) if weighed else "",
        "channel": CHANNELS.get(line.channel, line.channel),
        "delivery": delivery_of(line),
        "why": "" if line.kind == "amendment" and line.delivery == "sent" else line.why,
        "quote": line.quote,
        "utterance": line.utterance,
        "staff": line.staff,
        "amended": line.amended,
        "unsent": line.unsent,
        "files": [file_view(each, f"/console/files/{customer}/{key}/{i}") for i, each in enumerate(line.attachments)],
    }


def delivery_of(line: Line) -> str:
    """As the log has it; `held` waits for a reason, `partly` arrived without something of it."""
    if not line.why or line.kind == "amendment":
        return line.delivery
    return {"waiting": "held", "sent": "partly"}.get(line.delivery, line.delivery)


def marked_parts(text: str, verdict: dict[str, Any] | None) -> list[list[str]]:
    """The text in pieces: [words, "" | "bad" | "good"], by the verdict's evidence (spans of code points)."""
    spans = _spans(text, verdict or {})
    parts: list[list[str]] = []
    done = 0
    for start, end, tone in spans:
        if start < done:
            continue
        parts += [[text[done:start], ""], [text[start:end], tone]]
        done = end
    parts.append([text[done:], ""])
    return [part for part in parts if part[0]]


def _spans(text: str, verdict: dict[str, Any]) -> list[tuple[int, int, str]]:
    if verdict.get("text", text) != text:
        return []
    found = []
    for each in verdict.get("evidence") or ():
        start, end, weight = each.get("start"), each.get("end"), each.get("weight")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text) and weight:
            found.append((start, end, "bad" if weight < 0 else "good"))
    return sorted(found)


def verdict_words(verdict: dict[str, Any] | None) -> str:
    """`unhappy 0.94 · quality, refund`."""
    if not verdict:
        return ""
    unhappy, label = verdict.get("unhappy") or 0.0, verdict.get("label")
    mood = "not clear" if label == "unknown" else ""
    if label in {"negative", "mixed"} or unhappy >= FELT_UNHAPPY:
        mood = mood or f"unhappy {unhappy:.2f}"
    elif label == "positive":
        mood = "happy"
    about = [topic["topic"] for topic in verdict.get("topics") or ()]
    about += [intent for intent in verdict.get("intents") or () if intent in TELLING_INTENTS and intent not in about]
    return " · ".join(filter(None, (mood, ", ".join(about).replace("_", " "))))


# ---------------------------------------------------------------- who and why


@dataclass(frozen=True, slots=True)
class Reading:
    """What a thread is made from, read at one moment."""

    story: Story
    lines: Sequence[Line]
    program: Program
    me: Staff
    now: datetime
    case_number: int | None = None
    doubles: Sequence[Found] = ()
    desks: Sequence[str] = ()

    @property
    def case(self) -> Case | None:
        """The case that is looked at; without a number the open one."""
        if self.case_number is not None:
            return next((case for case in self.story.cases if case.id == self.case_number), None)
        return next((case for case in reversed(self.story.cases) if case.is_open), None)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's own."""
        return self.program.shop.zone


def head_view(reading: Reading) -> dict[str, Any]:
    """Who writes, who holds it, what I may do."""
    customer, case = reading.story.customer, reading.case
    return {
        "case": case.id if case else None,
        "customer": customer.id,
        "name": customer.name or f"Customer {customer.id}",
        "first": (customer.name.split() or ["the customer"])[0],
        "channel": CHANNELS.get(reading.story.conversation.channel, reading.story.conversation.channel),
        "zone": valid_timezone(customer.timezone) or "",
        "state": case.state.value if case else "",
        "owner": case.owner_name if case else "",
        "promise_at": _promise(case),
        "openers": _openers(reading, case),
        "desk": _elsewhere(reading.desks) if case else "",
        **_rights(case, reading.me),
    }


def _elsewhere(desks: Sequence[str]) -> str:
    """Where colleagues see the case too: "also in Telegram and Slack"."""
    names = [CHANNELS.get(desk, desk) for desk in desks if desk != "console"]
    return f"also in {' and '.join(names)}" if names else ""


def _openers(reading: Reading, case: Case | None) -> list[str]:
    """First sentences for whoever may begin; none once it is said that the desk doesn't want them."""
    if case is None or not case.is_open or not reading.program.desk.openers:
        return []
    if case.speaker not in {None, reading.me.id}:
        return []
    return list(suggest_openers(reading.story, case, reading.program, reading.now))


def _promise(case: Case | None) -> str:
    """Until when the answer that is owed is promised."""
    if case is None or not case.is_open or case.reply_due_at is None:
        return ""
    return case.reply_due_at.isoformat()


def _rights(case: Case | None, me: Staff) -> dict[str, bool]:
    """As the rules have it: the claimer speaks, anybody may close an unclaimed case, a manager any."""
    if case is None or not case.is_open:
        return {"speak": False, "claim": False, "resolve": False, "hand_back": False}
    mine = case.speaker == me.id
    return {
        "speak": mine,
        "claim": not case.is_claimed and not mine,
        "resolve": mine or me.is_manager or not case.is_claimed,
        "hand_back": mine or (case.is_claimed and me.is_manager),
    }


def side_view(reading: Reading) -> dict[str, Any]:
    """Why this person matters, why now, what they bought, how they felt."""
    story = reading.story
    scores = [line.verdict["score"] for line in reading.lines if _is_scored(line) and line.verdict]
    return {
        "customer": story.customer.id,
        "name": story.customer.name or f"Customer {story.customer.id}",
        "zone": valid_timezone(story.customer.timezone) or "",
        "consent": consent_words(reading),
        "worth": worth_words(reading),
        "doubles": doubles_view(reading.doubles),
        "known": _known(story.customer, reading),
        "places": [_place(story, channel) for channel in dict.fromkeys(i.channel for i in story.identities)],
        "value": value_words(story),
        "top": top_words(reading.program) if story.standing.top else "",
        "usual": _usual(scores),
        "reasons": _reasons(reading.case),
        "orders": [order_view(each, reading) for each in reversed(story.purchases[-LATEST_ORDERS:])],
        "more_orders": max(0, len(story.purchases) - LATEST_ORDERS),
        "mood": [round(score, 2) for score in scores[-24:]],
        "facts": [_fact(each, reading) for each in listed(story, reading.now)],
        "memory": MEMORY_WORDS[story.customer.memory] if reading.program.memory.keep else "",
        "help": HELP_WORDS.get(reading.case.help, "") if reading.case else "",
        "gestures": [gesture_words(each, reading) for each in reversed(story.gestures)],
        "earlier": [_earlier(case, reading) for case in reversed(story.cases) if case != reading.case],
        "opted_out": bool(story.customer.opted_out_at),
    }


def _fact(fact: Fact, reading: Reading) -> dict[str, Any]:
    last = fact.expires_at - timedelta(seconds=1)
    until = f"until {day_words(last, reading.zone, reading.now)} · {fact.author}"
    return {"id": fact.id, "words": fact.words, "until": until, "held": fact.state is FactState.HELD}


def _is_scored(line: Line) -> bool:
    verdict = line.verdict or {}
    return line.author == "customer" and verdict.get("score") is not None and verdict.get("label") != "unknown"


def _known(customer: Customer, reading: Reading) -> str:
    parts = []
    if customer.created_at:
        parts.append(f"customer since {customer.created_at.astimezone(reading.zone):%B %Y}")
    language = (customer.language or customer.locale).replace("_", "-").partition("-")[0].lower()
    if language:
        parts.append(_language_name(language))
    return " · ".join(parts)


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_language_name("en") or code
    except (ValueError, LookupError):  # a code that nobody knows
        return code


def _place(story: Story, channel: str) -> dict[str, str]:
    known = [identity for identity in story.identities if identity.channel == channel]
    name = CHANNELS.get(channel, channel)
    if channel in {"shop", "email", "phone"}:
        name = known[0].external
    return {"text": name, "trouble": next((i.unreachable for i in known if i.unreachable), "")}


def value_words(story: Story) -> str:
    """`#12 of 240 · €1,290 in 5 orders`."""
    standing = story.standing
    if not standing.orders:
        return "No purchases that we know of"
    orders = "1 order" if standing.orders == 1 else f"{standing.orders} orders"
    money = money_words(Money(standing.value, standing.currency or "EUR"))
    rank = f"#{standing.rank} of {standing.of} · " if standing.rank else ""
    return f"{rank}{money} in {orders}"


def worth_words(reading: Reading) -> str:
    """How the value came about."""
    if not reading.story.standing.orders:
        return ""
    days = round(reading.program.value.window.total_seconds() / 86400)
    return f"counted: orders of the last {days} days that stand"


def consent_words(reading: Reading) -> list[dict[str, str]]:
    """Whether they may be asked, and since when."""
    story = reading.story
    if story.customer.opted_out_at:
        since = day_words(story.customer.opted_out_at, reading.zone, reading.now)
        return [{"text": f"wants no questions since {since}; answers stay welcome", "tone": "warn"}]
    linked = [each.linked_at for each in story.identities if each.is_chat and each.linked_at]
    if linked:
        return [{"text": f"may be asked: linked {day_words(min(linked), reading.zone, reading.now)}", "tone": ""}]
    if not any(each.is_chat for each in story.identities):
        return [{"text": "can't be asked: no chat is linked yet", "tone": ""}]
    return []


def doubles_view(doubles: Iterable[Found]) -> list[dict[str, Any]]:
    """Who may be the same person."""
    return [
        {"customer": each.customer, "name": each.name or f"Customer {each.customer}", "known": each.known}
        for each in doubles
    ]


def purse_view(program: Program, spent: Decimal, pool: Sequence[PoolRow] | None) -> dict[str, Any]:
    """What an agent may still give; `amounts` are those that the pool has codes for, none = any amount."""
    rules, currency = program.gifts, program.value.currency
    left = max(Decimal(0), rules.monthly_budget - spent)
    words = (
        f"{money_words(Money(left, currency))} of {money_words(Money(rules.monthly_budget, currency))} left this month"
    )
    if not rules.monthly_budget:
        words = "Coupons are turned off: [gifts] in the program."
    elif pool is not None and not pool:
        words = f"{words}. There are no codes yet: afterword gifts import"
    else:
        words = f"{words}, up to {money_words(Money(rules.largest, currency))} at once"
    amounts = [
        {"amount": f"{row.worth.amount:f}", "words": money_words(row.worth), "free": row.free}
        for row in pool or ()
        if row.worth.currency == currency and row.worth.amount <= min(left, rules.largest)
    ]
    return {"currency": currency, "words": words, "spent_out": not left, "amounts": amounts}


def _usual(scores: Sequence[float]) -> str:
    earlier = scores[:-1]
    if not earlier:
        return ""
    mean = sum(earlier) / len(earlier)
    mood = "usually happy" if mean > FELT_HAPPY else "usually unhappy" if mean < -FELT_HAPPY else "mixed so far"
    return f"{mood} ({signed_number(mean)})"


def _reasons(case: Case | None) -> list[dict[str, str]]:
    if case is None:
        return []
    found: dict[str, dict[str, None]] = {}
    for reason in case.reasons:
        found.setdefault(reason.kind.value, {})[reason.evidence] = None
    return [
        {"reason": kind, "evidence": " · ".join(filter(None, said)), "tone": _tone(kind)}
        for kind, said in found.items()
    ]


def order_view(purchase: Purchase, reading: Reading) -> dict[str, str]:
    """One order: what, how much, what became of it."""
    things = ", ".join(f"{i.quantity} × {i.name}" if i.quantity != 1 else i.name for i in purchase.items[:4])
    more = f" and {len(purchase.items) - 4} more" if len(purchase.items) > 4 else ""  # noqa: PLR2004 - four fit
    total = money_words(purchase.total) if purchase.total else ""
    what, moment = next((step for step in steps_of(purchase) if step[1]), ("", None))
    when = day_words(moment, reading.zone, reading.now) if moment else ""
    return {
        "number": purchase.order_id,
        "things": f"{things}{more}" or "no items",
        "total": total,
        "state": f"{what} {when}".strip(),
        "tone": "warn" if not purchase.stands else "",
    }


def steps_of(purchase: Purchase) -> tuple[tuple[str, datetime | None], ...]:
    """What can become of an order, last first."""
    return (
        ("refunded", purchase.refunded_at),
        ("cancelled", purchase.cancelled_at),
        ("delivered", purchase.delivered_at),
        ("paid", purchase.paid_at),
    )


def gesture_words(gesture: Gesture, reading: Reading) -> str:
    """`€20 coupon from Kim, 22 Nov: sorry about the zipper`."""
    what = f"{money_words(gesture.worth)} coupon" if gesture.worth else gesture.kind.value
    became = {GestureState.FAILED: ", not delivered", GestureState.OPEN: ", to do", GestureState.DONE: ", done"}
    when = day_words(gesture.at, reading.zone, reading.now)
    said = f": {gesture.words}" if gesture.words else ""
    return f"{what} from {gesture.author}, {when}{became.get(gesture.state, '')}{said}"


def _earlier(case: Case, reading: Reading) -> str:
    reasons = ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))
    if case.is_open:
        return f"{day_words(case.opened_at, reading.zone, reading.now)}: {reasons}, open"
    ended = day_words(case.resolved_at or case.opened_at, reading.zone, reading.now)
    by = f" by {case.owner_name}" if case.owner_name else ""
    well = (
        {True: ", all well after", False: ", not well after"}.get(case.recovered, "")
        if case.recovered is not None
        else ""
    )
    help_ = f", {HELP_WORDS[case.help]}" if case.help else ""
    return f"{ended}: {reasons}, resolved{by}{well}{help_}"


def events_view(reading: Reading) -> dict[str, Any]:
    """Orders and cases as lines between the words: of an order its latest step."""
    events: dict[str, Any] = {}
    for purchase in reading.story.purchases:
        order = order_view(purchase, reading)
        words = " · ".join(filter(None, (f"Order {order['number']}", order["things"], order["total"])))
        steps = [(what, moment) for what, moment in steps_of(purchase) if moment]
        for what, moment in steps[:1]:
            key = f"p{purchase.id}{what}"
            events[key] = event_line(key, moment, f"{words} · {what}")
    for case in reading.story.cases:
        reasons = ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))
        events[f"c{case.id}"] = event_line(f"c{case.id}", case.opened_at, f"Case opened: {reasons}")
    return events


def event_line(key: str, at: datetime, words: str) -> dict[str, Any]:
    """Something that happened, among the lines that were said."""
    blank = dict.fromkeys(("name", "signature", "meta", "channel", "delivery", "why", "quote", "amended", "unsent"), "")
    moment = {"at": at.isoformat(), "order": at.isoformat(), "number": 0, "utterance": 0, "staff": 0}
    return {**blank, **moment, "key": key, "who": "event", "kind": "event", "parts": [[words, ""]], "files": []}
