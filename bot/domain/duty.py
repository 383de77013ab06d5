"""What happens when nobody answers in time, when nobody claims, and when somebody leaves."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import offering
from bot.domain.case import Breach, Case, CaseState, Promise, Rung
from bot.domain.customer import Holder
from bot.domain.draft import Draft
from bot.domain.escalating import change_card
from bot.domain.event import LadderDue, PromiseDue, StaffLeft
from bot.domain.hours import quiet_until, zone_of
from bot.domain.message import Mention
from bot.domain.presence import clock_words
from bot.domain.staff import Staff, public_name
from bot.domain.waiting import waits
from bot.phrases import time_words


def on_promise_due(draft: Draft, due: PromiseDue) -> None:
    """Warn the desk, or write the breach down. A promise that was kept meanwhile says nothing."""
    case = draft.case_by_number(due.case)
    if case is None or not case.is_open:
        return
    running = case.resolve_due_at if due.promise is Promise.RESOLUTION else case.reply_due_at
    if running != due.due_at:
        return
    if due.warning:
        change_card(draft, case.id)
        _tell_desk(draft, case, due, "desk-warning")
        return
    broken = replace(case, breaches=(*case.breaches, Breach(due.promise, due.due_at)))
    draft.put_case(broken)
    change_card(draft, case.id)
    _tell_desk(draft, broken, due, "desk-breach")
    _tell_customer(draft, broken, due)


def _tell_desk(draft: Draft, case: Case, due: PromiseDue, key: str) -> None:
    """Who is waiting, and since when."""
    since = case.opened_at if due.promise is Promise.RESOLUTION else case.waiting_since or case.opened_at
    zone, language = draft.program.shop.zone, draft.program.shop.languages[0]
    holder = _holder(draft, case)
    mentions = (Mention(holder.external, holder.name, holder.channel),) if holder and holder.name else ()
    draft.ring(
        case,
        f"{key}-{due.promise.value.replace('_', '-')}",
        mentions,
        agent=holder.name if holder else "",
        name=draft.name,
        since=clock_words(since, zone, draft.now),
        wait=time_words((draft.now - since).total_seconds(), language),
        time=clock_words(due.due_at, zone, draft.now),
    )


def _holder(draft: Draft, case: Case) -> Staff | None:
    """Who should know first: the one who has it, else the one it is offered to; only who can be rung at this desk."""
    wanted = case.owner or case.offered_to
    own = (one for one in draft.house.identities() if one.id == wanted and one.channel in draft.house.desks)
    return next(own, None)


def _tell_customer(draft: Draft, case: Case, due: PromiseDue) -> None:
    """Who was told a time is told, once, that it did not hold. Nobody is woken for it."""
    if not case.told or due.promise is Promise.RESOLUTION or draft.conversation.holder is not Holder.QUEUE:
        return
    draft.put_case(replace(case, told=False))
    zone = zone_of(draft.customer.timezone, draft.program.shop.timezone)
    if quiet_until(draft.program.quiet, zone, draft.now) is None:
        draft.say(draft.words("promise-broken"), case=case.id, log="promise")


def on_ladder_due(draft: Draft, due: LadderDue) -> None:
    """Nobody has claimed it: the next rung."""
    case = draft.case_by_number(due.case)
    if case is None or not case.is_open or case.is_claimed or case.offer_round != due.round:
        return
    if due.rung is Rung.AGENT:
        offer_again(draft, case)
    elif due.rung is Rung.ALL and case.rung is Rung.AGENT:
        draft.put_case(offering.for_all(draft, case))
        change_card(draft, case.id)
        draft.notice(case, "desk-offer-all")
    elif due.rung is Rung.MANAGER and case.rung in {Rung.AGENT, Rung.ALL}:
        _to_manager(draft, case)


def _to_manager(draft: Draft, case: Case) -> None:
    managers = offering.managers_at(draft)
    names = ", ".join(map(offering.name_of, managers))
    words = draft.desk_words("offer-manager", agent=names)
    draft.put_case(replace(case, rung=Rung.MANAGER, offered_to=None, offer=words))
    change_card(draft, case.id)
    mentions = tuple(Mention(one.external, offering.name_of(one), one.channel) for one in managers)
    since = case.waiting_since or case.opened_at
    wait = time_words((draft.now - since).total_seconds(), draft.program.shop.languages[0])
    draft.ring(case, "desk-offer-manager", mentions, agent=names, name=draft.name, wait=wait)


def offer_again(draft: Draft, case: Case, *, without: bool = False) -> None:
    """Begin the ladder anew; `without` the person it was offered to. A changed card rings nobody, so a line does."""
    excluding = frozenset({case.offered_to} if without and case.offered_to is not None else ())
    offered = offering.offer(draft, case, excluding)
    draft.put_case(offered)
    change_card(draft, case.id)
    ring(draft, offered)


def ring(draft: Draft, case: Case) -> None:
    """Tell the person whom a case is offered to."""
    mention = offering.mention_of(draft, case)
    if mention:
        draft.ring(case, "desk-offer", (mention,), agent=mention.name)


def back_to_queue(draft: Draft, case: Case) -> Case:
    """Nobody has it any more: it is offered again at once, to somebody else, and an answer is owed."""
    excluding = frozenset({case.owner} if case.owner is not None else ())
    free = replace(case, state=CaseState.OPEN, owner=None, owner_name="", claimed_at=None, hinted=False)
    free = offering.offer(draft, waits(draft, free), excluding)
    draft.put_case(free)
    draft.change_conversation(holder=Holder.QUEUE, staff=None)
    change_card(draft, case.id)
    return free


def on_staff_left(draft: Draft, left: StaffLeft) -> None:
    """Their cases are free at once. The customer hears of it only when a person was promised by name."""
    case = draft.case_by_number(left.case)
    if case is None or not case.is_open:
        return
    held = case.owner == left.staff and case.state in {CaseState.CLAIMED, CaseState.REOPENED}
    if held and not left.away:
        name, promised = case.owner_name, case.state is CaseState.REOPENED
        free = back_to_queue(draft, case)
        draft.notice(free, "desk-left-team", agent=name)
        draft.note(case.id, name, draft.desk_words("desk-left-team", agent=name), "notice")
        ring(draft, free)
        if promised and public_name(name):
            draft.say(draft.words("handed-back", agent=public_name(name)), case=case.id, log="handed_back")
    elif case.offered_to == left.staff and not case.is_claimed:
        offer_again(draft, case, without=True)
