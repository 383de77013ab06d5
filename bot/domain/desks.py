"""One case on several desks: a thread that is made anew, a desk that can't be used, a thread beside the right one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.attachments import describe_all
from bot.domain.card import build_card
from bot.domain.case import Case
from bot.domain.draft import Draft
from bot.domain.escalating import card_buttons
from bot.domain.event import AgentSaid, DeskReported, Event
from bot.domain.ids import CaseId, EventId
from bot.domain.message import Attachment, Kind, MarkState, Message, Side
from bot.domain.speaking import short
from bot.domain.story import House, Outgoing, Story
from bot.phrases import phrase
from bot.program import Program

LINE = 240
INSIDE = "🔒"
OPENED, LOST, BACK = "opened", "lost", "back"
"""What becomes of a case's place on a desk."""
ASTRAY = "thread"
"""The argument of an answer that belongs into a thread beside the right one."""


class HistoryLine(Protocol):
    """A line of a conversation, as history tells it."""

    @property
    def at(self) -> datetime:
        """When it was said."""
        ...

    @property
    def author(self) -> str:
        """Whether customer, agent or bot."""
        ...

    @property
    def name(self) -> str:
        """The person's."""
        ...

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files."""
        ...

    @property
    def inside(self) -> bool:
        """The customer never saw it."""
        ...


def on_desk_reported(draft: Draft, report: DeskReported) -> None:
    """The case's log and the desks that work tell what became of a place, and where the case goes on."""
    case = draft.case_by_number(report.case)
    if case is None or not case.is_open:
        return
    desk = draft.desk_name(report.desk)
    others = [draft.desk_name(other) for other in (*draft.house.desks, "console") if other != report.desk]
    values = {"places": ", ".join(dict.fromkeys(others)), "why": report.why} if report.what == LOST else {}
    text = draft.desk_words(f"desk-{report.what}", desk=desk, **values)
    draft.note(case.id, desk, text, "notice")
    draft.elsewhere(case, Message(Kind.NOTICE, text))


def lead_back(draft: Draft, case: Case, said: AgentSaid) -> None:
    """Said in a thread beside the right one: it counts, and an answer there says where the case goes on."""
    if said.astray and not said.edited:
        message = Message(
            Kind.MARK, draft.desk_words("desk-astray"), mark=MarkState.WAITS, reply_to=said.ref,
            arguments={ASTRAY: said.astray},
        )  # fmt: skip
        draft.post(Outgoing(Side.DESK, said.desk, message, case.id, agent_ref=said.ref))


def card_now(story: Story, number: CaseId, house: House, program: Program, now: datetime) -> Message | None:
    """The card of a case as it is at this moment, with its buttons; None when there is no such case."""
    event = Event(EventId(0), "", story.customer.id, now, DeskReported("", number, OPENED))
    draft = Draft(story, event, None, house, program, now)
    case = draft.case_by_number(number)
    if case is None:
        return None
    return Message(Kind.CARD, buttons=card_buttons(draft, case), card=build_card(draft, case))


def history_words(lines: Sequence[HistoryLine], language: str, zone: ZoneInfo) -> str:
    """What was said so far, a line each, oldest first; what stayed inside is marked. "" when nothing was."""
    told = [_line(line, zone) for line in lines if line.text or line.attachments]
    return "\n".join([phrase(language, "desk-history"), *told]) if told else ""


def _line(line: HistoryLine, zone: ZoneInfo) -> str:
    who = line.name or line.author
    words = short(" ".join(filter(None, (line.text, describe_all(line.attachments)))), LINE)
    lock = f"{INSIDE} " if line.inside else ""
    return f"{lock}{line.at.astimezone(zone):%d %b %H:%M} {who}: {words}"
