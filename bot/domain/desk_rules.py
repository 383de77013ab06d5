"""The desk: who owns a case, whose words go out, what stays inside."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.asking import OPEN_CASE, customer_zone, wake_asks
from bot.domain.attachments import describe_all
from bot.domain.card import value_words
from bot.domain.case import Case, CaseState
from bot.domain.commands import Command, parse_command
from bot.domain.correcting import CORRECTING, CORRECTIONS, OPEN, correct, moment_named, on_correction_tapped, topic_rows
from bot.domain.customer import Holder
from bot.domain.draft import Draft
from bot.domain.duty import back_to_queue, ring
from bot.domain.escalating import change_card
from bot.domain.event import AgentSaid, AgentTapped, FollowUpDue, Sender
from bot.domain.giving import GIVING, Giver, give
from bot.domain.hours import quiet_until
from bot.domain.ids import CaseId
from bot.domain.message import Button, Kind, Message
from bot.domain.offering import withdrawn
from bot.domain.opening import suggest_openers
from bot.domain.presence import PRESENCE_COMMANDS, on_presence, seen, who_is_here
from bot.domain.remembering import REMEMBERING, UNREMEMBER, on_remembering, unremember
from bot.domain.speaking import TYPING, agent_name, on_changed, on_typing, on_unsend, on_utterance_tapped, speak
from bot.domain.staff import Staff, public_name
from bot.domain.utterance import UNSEND
from bot.domain.waiting import settled, to_be_resolved

NOTES = frozenset({"note"})
ACTIONS = frozenset({"claim", "resolve", "handback"})
OPENERS = "open"


def on_agent_tapped(draft: Draft, tapped: AgentTapped) -> None:
    """Claim, Resolve, Hand back, and what is done with words that were said: at once, no question asked."""
    seen(draft, tapped.sender)
    case = draft.case_by_number(tapped.case) if tapped.case is not None else draft.case or draft.last_case
    draft.answer_tap(tapped.sender.channel, tapped.tap, _tapped(draft, case, tapped))


def _tapped(draft: Draft, case: Case | None, tapped: AgentTapped) -> str:
    if case is None:
        return draft.desk_words("desk-no-case")
    if tapped.action == TYPING:
        staff = draft.staff(tapped.sender)
        if staff:
            on_typing(draft, case, staff)
        return ""
    if tapped.action in CORRECTIONS or tapped.action == UNREMEMBER:
        return _by_agent(draft, case, tapped)
    if tapped.about is not None:
        return on_utterance_tapped(draft, case, tapped)
    return act(draft, case, tapped.action, tapped.sender)


def _by_agent(draft: Draft, case: Case, tapped: AgentTapped) -> str:
    """What only people of the shop may do, whoever holds the case."""
    staff = draft.staff(tapped.sender)
    if staff is None or not staff.may_take_cases:
        return _unlisted(draft, case, tapped.sender)
    name = agent_name(staff, tapped.sender)
    if tapped.action == UNREMEMBER:
        told = unremember(draft, case, tapped.about, name)
        draft.to_desk(case, Message(Kind.NOTICE, told))
        return told
    told = on_correction_tapped(draft, case, tapped, (staff, name))
    shut = tapped.action == "mood" or (tapped.action == "topics" and not tapped.value.startswith(OPEN))
    change_card(draft, case.id, () if shut else topic_rows(draft, case, moment_named(tapped)))
    return told


def act(draft: Draft, case: Case, action: str, sender: Sender) -> str:
    """Do it, or say why not. Returns words for the one who tapped, "" when the thread shows it."""
    staff = draft.staff(sender)
    if staff is None or not staff.may_take_cases:
        return _unlisted(draft, case, sender)
    match action:
        case "claim":
            return _claim(draft, case, staff, sender)
        case "resolve":
            return _resolve(draft, case, staff, sender)
        case "handback":
            return _hand_back(draft, case, staff, sender)
        case _:
            return draft.desk_words("desk-unknown", command=action)


def _unlisted(draft: Draft, case: Case, sender: Sender) -> str:
    """Somebody whom the shop doesn't know as an agent: the thread says how to change that."""
    identity = f"{sender.channel}:{sender.external}"
    text = draft.desk_words("desk-unlisted", who=sender.name or sender.handle or identity, identity=identity)
    draft.to_desk(case, Message(Kind.NOTICE, text))
    return text


def _claim(draft: Draft, case: Case, staff: Staff, sender: Sender) -> str:
    if case.is_claimed:
        key = "desk-yours" if case.owner == staff.id else "desk-taken"
        text = draft.desk_words(key, agent=case.owner_name)
        if case.owner != staff.id:
            draft.to_desk(case, Message(Kind.NOTICE, text))
        return text
    if not case.is_open and draft.case and draft.case.id != case.id:
        return draft.desk_words("desk-other-open")
    name = agent_name(staff, sender)
    claimed = replace(
        withdrawn(case), state=CaseState.CLAIMED, owner=staff.id, owner_name=name, claimed_at=draft.now,
        resolved_at=None,
    )  # fmt: skip
    draft.put_case(claimed if case.is_open else to_be_resolved(draft, claimed))
    draft.change_conversation(holder=Holder.AGENT, staff=staff.id, question="")
    change_card(draft, case.id)
    draft.notice(claimed, "desk-claimed", agent=name)
    draft.note(case.id, name, draft.desk_words("desk-claimed", agent=name), "notice")
    if draft.program.desk.openers:
        offer_openers(draft, case.id)
    return ""


def offer_openers(draft: Draft, number: CaseId) -> None:
    """First sentences to copy, in the customer's language. The console shows them in its box by itself."""
    case = draft.case_by_number(number)
    if case and case.desk != "console":
        openers = suggest_openers(draft.story, case, draft.program, draft.now)
        draft.to_desk(case, Message(Kind.NOTICE, draft.desk_words("desk-openers"), quotes=openers))


def _may_end(case: Case, staff: Staff) -> bool:
    return case.owner is None or case.owner == staff.id or staff.is_manager or not case.is_claimed


def _resolve(draft: Draft, case: Case, staff: Staff, sender: Sender) -> str:
    if not case.is_open:
        return draft.desk_words("desk-closed")
    if not _may_end(case, staff):
        return draft.desk_words("desk-not-yours", agent=case.owner_name)
    name = agent_name(staff, sender)
    owner, owner_name = (case.owner, case.owner_name) if case.owner else (staff.id, name)
    resolved = replace(
        withdrawn(settled(case)),
        state=CaseState.RESOLVED,
        owner=owner,
        owner_name=owner_name,
        resolved_at=draft.now,
        first_resolved_at=case.first_resolved_at or draft.now,
        follow_ups=case.follow_ups + 1,
        recovered=None,
    )
    draft.put_case(resolved)
    draft.change_conversation(holder=Holder.BOT, staff=None, question="")
    change_card(draft, case.id)
    draft.notice(resolved, "desk-resolved", agent=name)
    draft.note(case.id, name, draft.desk_words("desk-resolved", agent=name), "notice")
    spoke = public_name(owner_name) if case.first_human_at else ""
    draft.say(draft.words("resolved", agent=spoke), case=case.id, log="resolved")
    due = draft.now + draft.program.desk.follow_up_after
    draft.timer(f"follow:{case.id}:{resolved.follow_ups}", due, FollowUpDue(case.id, resolved.follow_ups))
    wake_asks(draft, OPEN_CASE, after=draft.program.desk.follow_up_after)
    return ""


def _hand_back(draft: Draft, case: Case, staff: Staff, sender: Sender) -> str:
    if not case.is_open:
        return draft.desk_words("desk-closed")
    if not _may_end(case, staff):
        return draft.desk_words("desk-not-yours", agent=case.owner_name)
    if case.owner is None:
        return ""
    name = agent_name(staff, sender)
    left = case.owner_name
    free = back_to_queue(draft, case)
    draft.notice(case, "desk-handed-back", agent=name)
    ring(draft, free)
    draft.note(case.id, name, draft.desk_words("desk-handed-back", agent=name), "notice")
    if case.first_human_at:
        who = public_name(left) or draft.program.shop.name
        draft.say(draft.words("handed-back", agent=who), case=case.id, log="handed_back")
    return ""


def on_agent_said(draft: Draft, said: AgentSaid) -> None:
    """Only the claimer's own new words go out; everything else stays inside."""
    if said.sender.is_bot:
        return
    case = draft.case_by_number(said.case) if said.case is not None else draft.case or draft.last_case
    staff = draft.staff(said.sender)
    seen(draft, said.sender)
    if case is None:
        _no_case(draft, said)
        return
    name = agent_name(staff, said.sender) if staff else said.sender.name or said.sender.handle
    if said.edited:
        on_changed(draft, case, said, staff, name)
        return
    command = _desk_command(said.words)
    if command:
        _on_desk_command(draft, case, said, command, (staff, name))
    elif staff and case.is_open and case.speaker == staff.id and staff.may_take_cases:
        speak(draft, case, said, staff, name)
    else:
        _inside(draft, case, said, staff, name)


def _no_case(draft: Draft, said: AgentSaid) -> None:
    """A place of the desk where no customer is: only what would have given something is answered."""
    command = parse_command(said.words)
    if not said.edited and said.ref and command and command.name in GIVING and draft.staff(said.sender):
        draft.answer_agent(said, draft.desk_words("desk-gift-no-case"))


def _desk_command(words: str) -> Command | None:
    """Whatever begins with a slash is meant for the bot, also when it is misspelt: `/Note: zipper` stays inside."""
    stripped = words.strip()
    first, _, rest = stripped.partition(" ")
    return parse_command(words) or (Command(first[1:], rest) if stripped.startswith("/") else None)


def _inside(draft: Draft, case: Case, said: AgentSaid, staff: Staff | None, name: str) -> None:
    draft.note(case.id, name, said.words or describe_all(said.attachments), "talk")
    if staff and not case.is_claimed and not case.hinted:
        key = "desk-claim-first" if case.is_open else "desk-closed"
        draft.put_case(replace(case, hinted=True))
        draft.notice(case, key)


def _on_desk_command(
    draft: Draft, case: Case, said: AgentSaid, command: Command, who_said: tuple[Staff | None, str]
) -> None:
    staff, name = who_said
    if command.name in ACTIONS:
        toast = act(draft, case, command.name, said.sender)
        taken = toast and not any(o.message.text == toast for o in draft.decision().outgoing)
        if taken:
            draft.to_desk(case, Message(Kind.NOTICE, toast))
    elif command.name == "note":
        draft.note(case.id, name, command.words)
        draft.notice(case, "desk-noted" if command.words else "desk-note-empty")
    elif command.name == "who":
        draft.to_desk(case, Message(Kind.NOTICE, "\n".join(filter(None, (who(draft), who_is_here(draft))))))
    elif command.name in PRESENCE_COMMANDS:
        _on_presence(draft, case, said)
    elif command.name == UNSEND:
        on_unsend(draft, case, said, staff, name)
    elif command.name in CORRECTING | REMEMBERING | {OPENERS}:
        _on_agents_command(draft, case, said.sender, command)
    elif command.name in GIVING:
        _on_giving(draft, case, said, command)
    else:
        draft.note(case.id, name, said.words, "command")
        draft.notice(case, "desk-unknown", command=f"/{command.name}")


def _on_agents_command(draft: Draft, case: Case, sender: Sender, command: Command) -> None:
    """Later readings are made from corrections, and facts are personal: only people of the shop may add to either."""
    staff = draft.staff(sender)
    if staff is None or not staff.may_take_cases:
        _unlisted(draft, case, sender)
    elif command.name in CORRECTING:
        if correct(draft, case, command, staff, agent_name(staff, sender)):
            change_card(draft, case.id)
    elif command.name in REMEMBERING:
        on_remembering(draft, case, command, staff, agent_name(staff, sender))
    else:
        offer_openers(draft, case.id)


def _on_presence(draft: Draft, case: Case, said: AgentSaid) -> None:
    staff = draft.staff(said.sender)
    if staff is None or not staff.may_take_cases:
        _unlisted(draft, case, said.sender)
    else:
        answer = on_presence(draft, staff, agent_name(staff, said.sender), said.words)
        draft.to_desk(case, Message(Kind.NOTICE, answer))


def _on_giving(draft: Draft, case: Case, said: AgentSaid, command: Command) -> None:
    staff = draft.staff(said.sender)
    if staff is None or not staff.may_take_cases:
        _unlisted(draft, case, said.sender)
    else:
        known = case.owner_name if case.owner == staff.id else ""  # the console may know a number alone
        give(draft, Giver(staff, known or agent_name(staff, said.sender), case, said), command)


def who(draft: Draft) -> str:
    """Who the customer is, in two lines."""
    places = ", ".join(
        f"{i.channel}:{i.external}" + (f" ({i.unreachable})" if i.unreachable else "") for i in draft.story.identities
    )
    values = {"name": draft.name, "customer": str(draft.customer.id), "value": value_words(draft), "places": places}
    text = draft.desk_words("desk-who", **values)
    return f"{text}\n{draft.desk_words('desk-who-stopped')}" if draft.customer.opted_out_at else text


def on_follow_up_due(draft: Draft, due: FollowUpDue) -> None:
    """A day later: is all well again? Not to somebody who left, and not while a case is open."""
    case = draft.case_by_number(CaseId(due.case))
    if case is None or case.is_open or case.follow_ups != due.number or draft.case:
        return
    if draft.customer.opted_out_at or case.recovered is not None:
        return
    quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
    if quiet:
        draft.timer(f"follow:{case.id}:{due.number}:{quiet.isoformat()}", quiet, due)
        return
    spoke = public_name(case.owner_name) if case.first_human_at else ""
    rows = (
        (
            Button(draft.words("well-yes"), f"well:{case.id}:yes"),
            Button(draft.words("well-no"), f"well:{case.id}:no"),
        ),
    )
    text = draft.words("follow-up", name=draft.first_name, agent=spoke)
    if draft.say(text, rows=rows, kind=Kind.FOLLOW_UP, log="follow_up", case=case.id):
        draft.change_conversation(question=f"well:{case.id}")
