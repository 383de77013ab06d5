"""When a person is needed, why, and what the desk and the customer are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.card import build_card
from bot.domain.case import Case, CaseState, Reason, ReasonKind
from bot.domain.correcting import correction_row
from bot.domain.customer import Holder
from bot.domain.draft import Draft, Rows
from bot.domain.hours import add_working, calendar_of, is_open, zone_of
from bot.domain.ids import CaseId
from bot.domain.level import PARTNERSHIP
from bot.domain.message import Button, Kind, Message
from bot.domain.mood import DISSATISFIED, counts_as_unhappy
from bot.domain.offering import offer
from bot.domain.priority import standing_priority
from bot.domain.staff import public_name
from bot.domain.waiting import to_be_resolved, waits
from bot.program import Escalate
from sentiment import Intent, Label, Verdict, find_words

BUSINESS = "business"
DAYS = ("today", "tomorrow")
A_WEEK = 7
DATES = {"de": "EEEE, d. MMMM", "es": "EEEE d 'de' MMMM"}
REOPEN_WITHIN = timedelta(days=3)
"""Unhappy words this soon after a resolution belong to the same case and the same agent."""


def is_unhappy(verdict: Verdict, rules: Escalate) -> bool:
    """As the escalation sees it: a rating of 1 or 2, or words under the program's thresholds."""
    return counts_as_unhappy(verdict.label.value, verdict.score, verdict.unhappy, verdict.rating, rules)


def counts_unhappy(verdict: Verdict, rules: Escalate) -> bool:
    """As the summary counts: rating 1–2, or a negative verdict with unhappy at the threshold."""
    if verdict.rating is not None and verdict.rating <= DISSATISFIED:
        return True
    return verdict.label is Label.NEGATIVE and verdict.unhappy >= rules.unhappy_from


def is_unsure(verdict: Verdict, rules: Escalate) -> bool:
    """Nothing could be read out of it, or not surely enough."""
    return verdict.label is Label.UNKNOWN or verdict.confidence < rules.unsure_below


def evidence_words(verdict: Verdict) -> str:
    """The words that decided it, quoted; the rating if that did."""
    spans = [verdict.text[e.start : e.end].strip() for e in verdict.evidence if e.weight < 0]
    against = [words for words in spans if set(words) - {"★", "☆"}]
    parts = [f"rating {verdict.rating}"] if verdict.rating else []
    parts += [f"“{words}”" for words in dict.fromkeys(against) if words]
    return " · ".join(parts[:4]) or f"“{_short(verdict.text)}”"


def _short(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def reasons_in(draft: Draft, verdict: Verdict, words: str) -> list[Reason]:
    """Every reason that one message gives, by itself."""
    rules, now = draft.program.escalate, draft.now
    found = []
    alarms = [words[e.start : e.end] for e in find_words(words, rules.words)]
    if alarms or Intent.SAFETY in verdict.intents:
        said = ", ".join(f"“{word}”" for word in dict.fromkeys(alarms)) or f"“{_short(words)}”"
        found.append(Reason(ReasonKind.ALARM, said, now))
    if is_unhappy(verdict, rules):
        found.append(Reason(ReasonKind.UNHAPPY, evidence_words(verdict), now))
    if Intent.PERSON in verdict.intents:
        found.append(Reason(ReasonKind.ASKED, f"“{_short(words)}”", now))
    return found


def high_value(draft: Draft) -> list[Reason]:
    """A customer of the top tier speaks: a person hears it. Not again right after a case of theirs was resolved."""
    standing, last = draft.story.standing, draft.last_case
    line = has_standing_line(draft)
    if not line and not (draft.program.escalate.high_value and standing.top):
        return []
    if last and last.resolved_at and draft.now - last.resolved_at < REOPEN_WITHIN:
        return []
    evidence = "standing line" if line else f"number {standing.rank} of {standing.of}"
    return [Reason(ReasonKind.HIGH_VALUE, evidence, draft.now)]


def has_standing_line(draft: Draft) -> bool:
    """Business customers at the partnership level reach a person with every message."""
    return BUSINESS in draft.customer.segments and draft.level.level == PARTNERSHIP


def escalate(draft: Draft, reasons: list[Reason]) -> None:
    """Open a case, join the open one, or open a fresh one again."""
    if not reasons:
        return
    case, last = draft.case, draft.last_case
    if case:
        _join(draft, case, reasons)
    elif last and last.resolved_at and draft.now - last.resolved_at < REOPEN_WITHIN and last.owner:
        reopen(draft, last, reasons)
    else:
        _open(draft, reasons)


def _open(draft: Draft, reasons: list[Reason]) -> None:
    everything = (*reasons, *(extra for extra in high_value(draft) if extra.kind not in {r.kind for r in reasons}))
    only_valuable = {reason.kind for reason in reasons} == {ReasonKind.HIGH_VALUE}
    mourning = _alarm_words(draft.verdict) == "case-bereavement"  # no word of minutes to somebody in mourning
    told = not (only_valuable or mourning)
    case = Case(CaseId(draft.event.id), CaseState.OPEN, draft.now, (), draft.house.desk, told=told)
    case = to_be_resolved(draft, waits(draft, with_reasons(draft, case, everything)))
    case = offer(draft, case)
    draft.put_case(case)
    draft.change_conversation(holder=Holder.QUEUE, staff=None, question="")
    draft.to_desk(case, Message(Kind.CARD, buttons=card_buttons(draft, case), card=build_card(draft, case)))
    words = _honest_words(draft, reasons)
    draft.say(f"{words} {promise(draft)}".rstrip() if told else words, case=case.id)


def _join(draft: Draft, case: Case, reasons: list[Reason]) -> None:
    """More words of the same customer join the open case, never a second one."""
    known = {(reason.kind, reason.evidence) for reason in case.reasons}
    fresh = [reason for reason in reasons if (reason.kind, reason.evidence) not in known]
    if not fresh:
        return
    everything = (*case.reasons, *fresh)
    draft.put_case(waits(draft, with_reasons(draft, case, everything)))
    change_card(draft, case.id)


def reopen(draft: Draft, case: Case, reasons: list[Reason]) -> None:
    """Not well yet: the same case, the same agent, who may speak at once; anybody may claim it."""
    here = any(staff.id == case.owner for staff in draft.house.staff.values())
    again = replace(
        case,
        state=CaseState.REOPENED,
        owner=case.owner if here else None,
        owner_name=case.owner_name if here else "",
        resolved_at=None,
        recovered=False,
        hinted=False,
        told=True,
        waiting_since=None,
    )
    again = with_reasons(draft, again, (*case.reasons, *reasons))
    again = offer(draft, to_be_resolved(draft, waits(draft, again)))
    draft.put_case(again)
    holder = Holder.AGENT if again.owner else Holder.QUEUE
    draft.change_conversation(holder=holder, staff=again.owner, question="")
    draft.to_desk(again, Message(Kind.CARD, buttons=card_buttons(draft, again), card=build_card(draft, again)))
    draft.notice(again, "desk-reopened", agent=again.owner_name)
    sorry = {ReasonKind.UNHAPPY, ReasonKind.UNCLEAR} & {reason.kind for reason in reasons}
    words = draft.words("well-sorry", agent=public_name(again.owner_name)) if sorry else _honest_words(draft, reasons)
    draft.say(f"{words} {promise(draft)}".rstrip(), case=again.id)


def with_reasons(draft: Draft, case: Case, reasons: tuple[Reason, ...]) -> Case:
    """The case with all its reasons, as unhappy as its unhappiest words, and weighed anew."""
    verdict = draft.verdict
    read = verdict.unhappy if verdict and verdict.label is not Label.UNKNOWN else 0.0
    unhappy = max(case.unhappy, read)
    kinds = {reason.kind for reason in reasons}
    weight = standing_priority(kinds, unhappy, draft.story.standing)
    return replace(case, reasons=reasons, unhappy=unhappy, priority=weight)


def card_buttons(draft: Draft, case: Case) -> Rows:
    """Claim while nobody has it; Resolve and Hand back while somebody has; below them how the words were read."""
    claim = Button(draft.desk_words("desk-claim"), f"claim:{case.id}", "primary")
    resolve = Button(draft.desk_words("desk-resolve"), f"resolve:{case.id}")
    hand_back = Button(draft.desk_words("desk-handback"), f"handback:{case.id}")
    if case.state is CaseState.CLAIMED:
        return ((resolve, hand_back), *correction_row(draft, case))
    if case.state is CaseState.RESOLVED:
        return ()
    return ((claim, resolve, hand_back), *correction_row(draft, case))


def change_card(draft: Draft, number: CaseId, instead: Rows = ()) -> None:
    """The card shows what is true now. `instead`: other buttons, until the card changes again."""
    case = draft.case_by_number(number)
    if case:
        if case.desk != draft.house.desk:  # the settings name another main desk since
            case = replace(case, desk=draft.house.desk)
            draft.put_case(case)
        buttons = instead or card_buttons(draft, case)
        draft.to_desk(case, Message(Kind.CARD_CHANGE, buttons=buttons, card=build_card(draft, case)))


def _honest_words(draft: Draft, reasons: list[Reason]) -> str:
    kinds = {reason.kind for reason in reasons}
    for kind, key in (
        (ReasonKind.ALARM, _alarm_words(draft.verdict)),
        (ReasonKind.UNHAPPY, "case-unhappy"),
        (ReasonKind.ASKED, "case-asked"),
        (ReasonKind.UNCLEAR, "case-unclear"),
    ):
        if kind in kinds:
            return draft.words(key)
    return draft.words("case-high-value", name=draft.first_name)


def _alarm_words(verdict: Verdict | None) -> str:
    """What is said first when something grave was written: help, plain respect, or condolence."""
    intents = verdict.intents if verdict else ()
    for intent, key in (
        (Intent.DANGER, "case-alarm"),
        (Intent.BEREAVEMENT, "case-bereavement"),
        (Intent.LEGAL, "case-legal"),
    ):
        if intent in intents:
            return key
    return "case-alarm"


def promise(draft: Draft) -> str:
    """When a person answers, honestly: within the promised time, or when the shop opens, in the customer's own time.

    "" when the shop is open and promises no time.
    """
    sla, calendar = draft.program.sla, calendar_of(draft.program)
    due_at = add_working(calendar, draft.now, sla.first_reply)
    if is_open(calendar, draft.now) and due_at - draft.now == sla.first_reply:
        if not sla.first_reply:
            return ""
        minutes = max(1, round(sla.first_reply.total_seconds() / 60))
        if minutes % 60 == 0:
            return draft.words("promise-hours", hours=minutes // 60)
        return draft.words("promise-minutes", minutes=minutes)
    opening = max(start for start, _ in takewhile(lambda shift: shift[0] <= due_at, calendar.shifts(draft.now)))
    zone = zone_of(draft.customer.timezone, draft.program.shop.timezone)
    local = opening.astimezone(zone)
    ahead = (local.date() - draft.now.astimezone(zone).date()).days
    return draft.words("promise-later", day=_day(draft, local, ahead), time=f"{local:%H:%M}")


def _day(draft: Draft, local: datetime, ahead: int) -> str:
    """`tomorrow`, `on Monday`, and from a week on `on Monday, January 4`."""
    if ahead < len(DAYS):
        return draft.words(DAYS[ahead])
    if ahead < A_WEEK:
        return draft.words(f"day-{local.weekday()}")
    from babel.dates import format_date  # noqa: PLC0415 - 80 ms that most turns don't need

    form = DATES.get(draft.language, "EEEE d MMMM")
    return draft.words("day-far", date=format_date(local, form, locale=draft.language))
