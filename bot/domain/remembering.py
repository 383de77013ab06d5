"""Facts worth remembering of a person: an agent writes one down, the customer agrees once, time takes it away."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.case import Case
from bot.domain.commands import Command
from bot.domain.customer import Memory
from bot.domain.draft import Draft, Rows
from bot.domain.escalating import change_card
from bot.domain.event import FactExpires, Tapped
from bot.domain.fact import Fact, FactState
from bot.domain.gesture import end_of_day
from bot.domain.giving import date_text
from bot.domain.ids import EventId
from bot.domain.interaction import Author, Direction
from bot.domain.message import Button, Kind, Message
from bot.domain.remembered import held, listed
from bot.domain.speaking import short
from bot.domain.staff import Staff

REMEMBER, UNREMEMBER = "remember", "unremember"
REMEMBERING = frozenset({REMEMBER, UNREMEMBER})
CONSENT = "memory"
"""The kind of consent: apart from the one to be asked about purchases."""
HELD_FOR = timedelta(days=14)
"""So long a fact waits for the customer's answer; then it is dropped."""
MOST_FACTS = 30
MOST_WORDS = 200
UNTIL = re.compile(r"until\s+([0-9]\S*?)[:,]?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be remembered, until when; or `problem`, the phrase that says why it can't be read."""

    words: str = ""
    expires_at: datetime | None = None
    problem: str = ""


# ---------------------------------------------------------------- what agents do


def on_remembering(draft: Draft, case: Case, command: Command, staff: Staff, name: str) -> None:
    """`/remember`, `/remember size 41`, `/unremember 2`. The thread says what became of it."""
    if command.name == UNREMEMBER:
        told = _unremember_by_place(draft, case, command.words, name)
    elif command.words:
        told = _remember(draft, case, command.words, staff, name)
    else:
        told = list_words(draft)
    draft.to_desk(case, Message(Kind.NOTICE, told))


def list_words(draft: Draft) -> str:
    """What is remembered, numbered."""
    facts = listed(draft.story, draft.now)
    if not facts:
        return draft.desk_words("memory-none")
    lines = [_line(draft, place, fact) for place, fact in enumerate(facts, start=1)]
    return "\n".join([draft.desk_words("memory-head", name=draft.name), *lines])


def _line(draft: Draft, place: int, fact: Fact) -> str:
    key = "memory-line-held" if fact.state is FactState.HELD else "memory-line"
    return draft.desk_words(
        key, place=str(place), words=fact.words, agent=fact.author, date=until_text(draft, fact.expires_at)
    )


def until_text(draft: Draft, expires_at: datetime) -> str:
    """The last day on which it is remembered, in the shop's language."""
    return date_text(expires_at - timedelta(seconds=1), draft, draft.program.shop.languages[0])


def read_note(words: str, draft: Draft) -> Note:
    """`size 41`, or `until 2027-03-01 size 41`."""
    keep, zone = draft.program.memory.keep, draft.program.shop.zone
    if not keep:
        return Note(problem="memory-off")
    expires_at, found = end_of_day(draft.now + keep, zone), UNTIL.fullmatch(words)
    if found:
        try:
            day = date.fromisoformat(found[1])
            expires_at = end_of_day(datetime(day.year, day.month, day.day, 12, tzinfo=zone), zone)
        except (ValueError, OverflowError):
            return Note(problem="memory-when")
        words = found[2] or ""
    if expires_at <= draft.now or not words:
        return Note(problem="memory-when")
    words = " ".join(words.split())
    return Note(words, expires_at) if len(words) <= MOST_WORDS else Note(problem="memory-long")


def _remember(draft: Draft, case: Case, words: str, staff: Staff, name: str) -> str:
    note = read_note(words, draft)
    if note.problem or note.expires_at is None:
        return draft.desk_words(note.problem, most=str(MOST_WORDS))
    if draft.customer.memory is Memory.NO:
        return draft.desk_words("memory-refused")
    same = next((fact for fact in draft.story.facts if fact.words.casefold() == note.words.casefold()), None)
    if same is None and len(draft.story.facts) >= MOST_FACTS:
        return draft.desk_words("memory-full", most=str(MOST_FACTS))
    if draft.customer.memory is Memory.UNASKED and not _ask(draft, case):
        return draft.desk_words("memory-unreachable")
    agreed = draft.customer.memory is Memory.YES
    state = FactState.KEPT if agreed else FactState.HELD
    fact = Fact(
        same.id if same else EventId(draft.event.id), note.words, draft.now, note.expires_at, state, staff.id, name,
        case.id,
    )  # fmt: skip
    _put(draft, fact)
    if not agreed:
        return draft.desk_words("memory-held", words=fact.words)
    change_card(draft, case.id)
    return draft.desk_words("memory-kept", agent=name, words=fact.words, date=until_text(draft, fact.expires_at))


def _put(draft: Draft, fact: Fact) -> None:
    """With a timer for the moment at which it may have to go."""
    draft.put_fact(fact)
    due = fact.expires_at if fact.state is FactState.KEPT else min(fact.expires_at, fact.at + HELD_FOR)
    draft.timer(f"fact:{fact.id}:{due.isoformat()}", due, FactExpires(fact.id))


def _ask(draft: Draft, case: Case) -> bool:
    """Once, in plain words, with two buttons; an agent's own words stay inside. False when there is no way to ask."""
    asked = draft.say(question(draft), rows=consent_rows(draft), log="memory", case=case.id)
    if asked:
        draft.change_customer(memory=Memory.ASKED)
    return asked


def question(draft: Draft) -> str:
    """What the customer agrees to; the wording is kept with their answer."""
    return draft.words("memory-ask", shop=draft.program.shop.name)


def consent_rows(draft: Draft) -> Rows:
    """Yes and no, alike in weight."""
    return ((Button(draft.words("memory-yes"), "memory:yes"), Button(draft.words("memory-no"), "memory:no")),)


def _unremember_by_place(draft: Draft, case: Case, words: str, name: str) -> str:
    facts = listed(draft.story, draft.now)
    place = int(words) if words.isascii() and words.isdigit() else 0
    if not 0 < place <= len(facts):
        return f"{draft.desk_words('memory-which')}\n{list_words(draft)}"
    return unremember(draft, case, facts[place - 1].id, name)


def unremember(draft: Draft, case: Case, number: EventId | None, name: str) -> str:
    """Take one away for good. Returns words for the thread, or for the one who tapped when there was nothing."""
    fact = next((fact for fact in draft.story.facts if fact.id == number), None)
    if fact is None:
        return draft.desk_words("memory-gone")
    draft.drop_facts(fact.id)
    change_card(draft, case.id)
    return draft.desk_words("memory-dropped", agent=name, words=short(fact.words))


# ---------------------------------------------------------------- what customers say to it


def on_memory_tap(draft: Draft, tapped: Tapped, answer: str) -> bool:
    """Yes or no to being remembered: below the question, or at any time below /privacy."""
    if answer not in {"yes", "no"}:
        return False
    agreed, channel = answer == "yes", tapped.sender.channel
    label = draft.words(f"memory-{answer}")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", label, channel=channel, name=draft.customer.name)
    words = f"{question(draft)} → {label}"
    draft.consent(CONSENT, granted=agreed, channel=channel, words=words)
    concerned = draft.story.facts
    draft.change_customer(memory=Memory.YES if agreed else Memory.NO)
    if agreed:
        for fact in held(draft.story):
            _put(draft, replace(fact, state=FactState.KEPT))
    else:
        draft.drop_facts(*(fact.id for fact in concerned))
    draft.say(draft.words(f"memory-{answer}-thanks"), log="memory")
    case = draft.case or draft.last_case
    if case and concerned:
        draft.notice(case, f"memory-agreed-{answer}")
        change_card(draft, case.id)
    return True


def privacy_rows(draft: Draft) -> Rows:
    """Leaving is as easy as joining: what is remembered can be turned on and off below /privacy."""
    if not draft.program.memory.keep and not draft.story.facts:
        return ()
    answer = "no" if draft.customer.memory is Memory.YES else "yes"
    key = "memory-stop" if answer == "no" else "memory-start"
    return ((Button(draft.words(key), f"memory:{answer}"),),)


# ---------------------------------------------------------------- time passes


def on_fact_expires(draft: Draft, due: FactExpires) -> None:
    """It has had its time, or nobody answered. A fact that was renewed meanwhile stays."""
    fact = next((fact for fact in draft.story.facts if fact.id == due.fact), None)
    if fact is None:
        return
    unanswered = fact.state is FactState.HELD and draft.now >= fact.at + HELD_FOR
    if not unanswered and draft.now < fact.expires_at:
        return
    draft.drop_facts(fact.id)
    case = draft.case or draft.last_case
    if case and unanswered:
        draft.notice(case, "memory-unanswered", words=short(fact.words))
    if case and case.is_open:
        change_card(draft, case.id)
