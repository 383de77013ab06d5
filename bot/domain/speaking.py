"""A person speaks to the customer: what goes out, what became of it, what is changed or taken back afterwards."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.attachments import describe_all
from bot.domain.case import Case, CaseState
from bot.domain.draft import Draft
from bot.domain.event import AgentSaid, AgentTapped, DeliveryReported, Sender
from bot.domain.gesture import GestureState
from bot.domain.interaction import Author, Direction
from bot.domain.message import Button, Kind, MarkState, Message, Ref, Side
from bot.domain.offering import withdrawn
from bot.domain.staff import Staff, public_name
from bot.domain.story import Outgoing
from bot.domain.utterance import Unsent, Utterance
from bot.domain.waiting import answered

QUOTED = 60
BLOCKED = "blocked"
TYPING = "typing"


def short(words: str, most: int = QUOTED) -> str:
    """The beginning of some words, on one line."""
    flat = " ".join(words.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


# ---------------------------------------------------------------- words to the customer


def speak(draft: Draft, case: Case, said: AgentSaid, staff: Staff, name: str) -> None:
    """The claimer's words and things go to the customer, with a receipt."""
    if not said.words and not said.attachments:
        return
    spoken = answered_by_person(draft, case)
    if spoken != case:
        draft.put_case(spoken)
    if not _relay(draft, spoken, said, staff, name):
        _reached_nobody(draft, case, said, name)
    elif said.desk != case.desk:
        draft.notice(case, "desk-said", agent=name, words=said.words or describe_all(said.attachments))


def answered_by_person(draft: Draft, case: Case) -> Case:
    """A person has answered: nothing is owed after it, and the case is theirs."""
    taken = case if case.is_claimed else withdrawn(case)
    first, claimed = case.first_human_at or draft.now, case.claimed_at or draft.now
    return replace(answered(taken), state=CaseState.CLAIMED, first_human_at=first, claimed_at=claimed)


def _relay(draft: Draft, case: Case, said: AgentSaid, staff: Staff, name: str) -> bool:
    place = draft.channel()
    if not place:
        return False
    author = public_name(name)
    sources = (said.ref, *said.more_refs) if said.ref and said.attachments else ()
    replied = draft.replied(said.reply_to)  # an answer to words that stayed inside says nothing of them
    message = Message(
        Kind.RELAY, signed(author, said.words), attachments=said.attachments, author=author, sources=sources,
        picture=said.sender.picture, reply_to=replied.other if replied else None,
        quote=short(replied.text) if replied else "",
    )  # fmt: skip
    draft.post(Outgoing(Side.CUSTOMER, place, message, case.id, receipt=True, agent_ref=said.ref))
    number = draft.event.id
    refs = (said.ref, *said.more_refs) if said.ref else ()
    draft.put_utterance(
        Utterance(number, case.id, staff.id, author, place, said.words, draft.now, refs, copies=(number,))
    )
    draft.log(
        Direction.OUT, Author.AGENT, "relay", said.words, said.attachments,
        channel=place, name=name, case=case.id, quote=message.quote,
    )  # fmt: skip
    return True


def signed(author: str, words: str) -> str:
    """With the name in front."""
    return f"{author}: {words}" if words and author else words


def _reached_nobody(draft: Draft, case: Case, said: AgentSaid, name: str) -> None:
    """There is no way to the customer now: the agent's own message says so, and the words are kept inside."""
    why = why_unreached(draft)
    draft.mark(case, said.ref, MarkState.UNREACHABLE, _unreached(draft, why))
    draft.note(case.id, name, said.words or describe_all(said.attachments), "unheard")


def why_unreached(draft: Draft) -> str:
    """Why there is no way to the customer."""
    return next((one.unreachable for one in draft.story.identities if one.unreachable), "no chat is known")


def _unreached(draft: Draft, why: str) -> str:
    return draft.desk_words("desk-blocked") if BLOCKED in why else draft.desk_words("desk-unreached", why=why)


def on_typing(draft: Draft, case: Case, staff: Staff) -> None:
    """The claimer is writing: a sign of life for the customer. Nobody else's typing is shown."""
    place = draft.channel()
    if place and case.is_open and case.speaker == staff.id:
        draft.post(Outgoing(Side.CUSTOMER, place, Message(Kind.TYPING), case.id))


# ---------------------------------------------------------------- what was said is changed


def on_changed(draft: Draft, case: Case, said: AgentSaid, staff: Staff | None, name: str) -> None:
    """An edit stays inside. Of words that went out it offers one tap to send the correction."""
    draft.note(case.id, name, said.words, "edit")
    spoken = utterance_of(draft, said.ref)
    if spoken is None or staff is None or spoken.staff != staff.id or spoken.unsent is not Unsent.NO:
        return
    if not said.words or said.words.startswith("/") or said.words == (spoken.amended or spoken.text):
        return
    offered = bool(spoken.amended)
    draft.put_utterance(replace(spoken, amended="" if said.words == spoken.text else said.words))
    if not offered and case.is_open and case.speaker == staff.id:
        send = Button(draft.desk_words("desk-amend"), f"amend:{case.id}:{spoken.id}", "primary")
        text = draft.desk_words("desk-amend-offer")
        draft.to_desk(case, Message(Kind.NOTICE, text, ((send,),), reply_to=said.ref))


def utterance_of(draft: Draft, ref: Ref | None) -> Utterance | None:
    """What was said by a message of an agent's."""
    return next((each for each in reversed(draft.story.utterances) if ref in each.refs), None) if ref else None


def on_utterance_tapped(draft: Draft, case: Case, tapped: AgentTapped) -> str:
    """“Send the correction” or “Take back”; returns words for the one who tapped."""
    staff, spoken = draft.staff(tapped.sender), draft.utterance(tapped.about)
    if staff is None or not staff.may_take_cases or spoken is None or spoken.case != case.id:
        return draft.desk_words("desk-unsend-unknown")
    if tapped.action == "amend":
        return amend(draft, case, spoken, staff)
    return take_back(draft, case, spoken, staff, agent_name(staff, tapped.sender))


def agent_name(staff: Staff, sender: Sender) -> str:
    """The name that customers and colleagues read."""
    return staff.name or sender.name or sender.handle or f"{sender.channel}:{sender.external}"


def amend(draft: Draft, case: Case, spoken: Utterance, staff: Staff) -> str:
    """The changed words replace those that the customer has. Once: a second tap finds nothing left to send."""
    if spoken.staff != staff.id or case.speaker != staff.id or not case.is_open:
        return draft.desk_words("desk-amend-other", agent=spoken.author or draft.desk_words("desk-somebody"))
    if spoken.unsent is not Unsent.NO:
        return draft.desk_words("desk-unsend-again")
    if not spoken.amended:
        return draft.desk_words("desk-amend-again")
    place = spoken.channel if _reaches(draft, spoken.channel) else draft.channel()
    if not place:
        return draft.desk_words("desk-blocked")
    anew = signed(spoken.author, draft.words("amended", words=spoken.amended))
    message = Message(
        Kind.AMENDMENT, signed(spoken.author, spoken.amended), author=spoken.author, about=spoken.copies, anew=anew
    )
    ref = spoken.refs[0] if spoken.refs else None
    draft.post(Outgoing(Side.CUSTOMER, place, message, case.id, receipt=True, agent_ref=ref))
    draft.log(Direction.OUT, Author.AGENT, "amendment", spoken.amended, channel=place, name=spoken.author, case=case.id)
    copies = (*spoken.copies, draft.event.id)
    draft.put_utterance(replace(spoken, channel=place, text=spoken.amended, amended="", copies=copies))
    return draft.desk_words("desk-amend-sent")


def _reaches(draft: Draft, channel: str) -> bool:
    able = (i for i in draft.story.identities if i.is_chat and not i.unreachable and i.channel in draft.house.channels)
    return any(identity.channel == channel for identity in able)


# ---------------------------------------------------------------- what was said is taken back


def on_unsend(draft: Draft, case: Case, said: AgentSaid, staff: Staff | None, name: str) -> None:
    """`/unsend` in reply to an own message; where a thread has no replies, of the newest one."""
    if staff is None or not staff.may_take_cases:
        draft.notice(case, "desk-unsend-unknown")
        return
    spoken = utterance_of(draft, said.reply_to) if said.reply_to else _newest(draft, case, said, staff)
    if _means_a_gift(draft, case, said, spoken, staff):
        draft.notice(case, "desk-unsend-gift")
        return
    if spoken is None:
        draft.notice(case, "desk-unsend-unknown" if said.reply_to else "desk-unsend-reply")
        return
    told = take_back(draft, case, spoken, staff, name)
    if draft.utterance(spoken.id) == spoken:
        draft.to_desk(case, Message(Kind.NOTICE, told, reply_to=said.ref))


def _newest(draft: Draft, case: Case, said: AgentSaid, staff: Staff) -> Utterance | None:
    """Slack's threads and the console know no replies, so the newest own words are meant there."""
    if said.desk == "telegram":
        return None
    own = (each for each in reversed(draft.story.utterances) if each.case == case.id and each.staff == staff.id)
    return next(own, None)


def _means_a_gift(draft: Draft, case: Case, said: AgentSaid, spoken: Utterance | None, staff: Staff) -> bool:
    """Whether the message that is replied to gave something, or the newest thing said without a reply did."""
    gifts = [one for one in draft.story.gestures if one.code and one.state is GestureState.GRANTED]
    if said.reply_to:
        return spoken is None and any(one.ref == said.reply_to for one in gifts)
    own = [one.id for one in gifts if one.case == case.id and one.staff == staff.id]
    return said.desk != "telegram" and bool(own) and (spoken is None or own[-1] > spoken.id)


def take_back(draft: Draft, case: Case, spoken: Utterance, staff: Staff, name: str) -> str:
    """The customer's copy goes as far as the platform allows; the log keeps that it was there."""
    if spoken.staff != staff.id and not staff.is_manager:
        return draft.desk_words("desk-unsend-other", agent=spoken.author or draft.desk_words("desk-somebody"))
    if spoken.unsent is not Unsent.NO:
        return draft.desk_words("desk-unsend-again")
    message = Message(Kind.UNSEND, about=spoken.copies)
    ref = spoken.refs[0] if spoken.refs else None
    draft.recall(*spoken.copies)
    draft.post(Outgoing(Side.CUSTOMER, spoken.channel, message, case.id, receipt=True, agent_ref=ref))
    draft.put_utterance(replace(spoken, unsent=Unsent.ASKED))
    draft.note(case.id, name, draft.desk_words("desk-unsending", agent=name, words=short(spoken.text)), "notice")
    return draft.desk_words("desk-unsend-sent")


# ---------------------------------------------------------------- what became of it


def on_told(draft: Draft, report: DeliveryReported) -> None:
    """Delivery tells: agents see it on their own words, and hear what there is to say."""
    case = draft.case_by_number(report.case) if report.case is not None else None
    if case and report.kind in {Kind.RELAY.value, Kind.AMENDMENT.value}:
        state = MarkState(report.outcome)
        draft.mark(case, report.agent_ref, state, _told(draft, report, state))
    elif report.kind == Kind.UNSEND.value and report.outcome != MarkState.WAITS.value:
        _taken_back(draft, case, report)


def _told(draft: Draft, report: DeliveryReported, state: MarkState) -> str:
    why = report.why
    if state is MarkState.UNREACHABLE:
        return _unreached(draft, why)
    if state is MarkState.FAILED:
        return draft.desk_words("desk-failed", why=why)
    if state is MarkState.WAITS:
        return draft.desk_words("desk-waits", why=why)
    if report.kind == Kind.AMENDMENT.value:
        return draft.desk_words("desk-amended-anew", why=why) if why else draft.desk_words("desk-amended")
    return draft.desk_words("desk-partly", why=why) if why else ""


def _taken_back(draft: Draft, case: Case | None, report: DeliveryReported) -> None:
    spoken = draft.utterance(report.about)
    if spoken is None:
        return
    done = report.outcome == MarkState.DELIVERED.value and not report.why
    draft.put_utterance(replace(spoken, unsent=Unsent.DONE if done else Unsent.NO))
    if done:
        draft.log(
            Direction.OUT, Author.AGENT, "unsend", spoken.text, channel=report.channel, name=spoken.author,
            case=spoken.case,
        )  # fmt: skip
    if case:
        words = short(spoken.text) or draft.desk_words("desk-unsend-thing")
        key = "desk-unsent" if done else "desk-unsend-failed"
        text = draft.desk_words(key, words=words, **({} if done else {"why": report.why}))
        draft.to_desk(case, Message(Kind.NOTICE, text, reply_to=report.agent_ref))
