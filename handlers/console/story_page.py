"""A page that shows one person's conversation; the inbox and the customers are such pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from nicegui.element import Element

from bot.domain.correction import Correction
from bot.domain.ids import CaseId, CustomerId
from bot.domain.message import Ref
from bot.domain.staff import Staff
from bot.ports import Found, Line
from handlers.console.edge import LINES, Console
from handlers.console.view import Reading, events_view, head_view, lines_view, side_view
from handlers.pages import LivePage, changes

EARLIER: Final = 200
"""How many lines each look further back brings."""


class StoryPage(LivePage):
    """A page that shows one person's conversation, and what it has sent of it.

    The latest `LINES` are kept current. What is older was sent when somebody asked for it, and stays as it was then.
    """

    every_s = 5.0
    least_s = 0.1

    def __init__(self, element: Element, edge: Console, session: str, staff: Staff) -> None:
        super().__init__(element, session)
        self.edge = edge
        self.session = session
        self.staff = staff
        self.shown: int | None = None
        """What the browser calls it: a case in the inbox, a customer among the customers."""
        self.customer: CustomerId | None = None
        self.case: CaseId | None = None
        self.head: dict[str, Any] = {}
        self.side: dict[str, Any] = {}
        self.lines: dict[str, Any] = {}
        self.reach = LINES
        """How many lines its browser has, counted from the end."""
        self.begins: datetime | None = None
        """Where what its browser has begins; None = with the first word."""
        self.corrections: tuple[Correction, ...] = ()
        self.said: dict[int, Ref | None] = {}
        """What agents said, by its number: their own messages."""
        self.notices: list[str] = []
        self.doubles: Sequence[Found] | None = None
        """Who may be the same person: asked once for each customer who is shown."""

    async def still_in(self) -> bool:
        """Whether the person still has a role and a session; else the page is told, once a refresh."""
        staff = await self.edge.staff_of(self.session, fresh=False)
        if staff is None:
            self.tell("session_ended")
            return False
        self.staff = staff
        return True

    def woken(self, customer: int | None) -> None:
        """Others' conversations are not on this page."""
        if customer is None or customer == self.customer:
            self.due.set()

    def notice(self, customer: int, text: str) -> None:
        """A line that a desk would show in the case's thread; said after the next look, unless the records have it."""
        if customer == self.customer:
            self.notices.append(text)
            self.due.set()

    def show(self, shown: int | None, customer: CustomerId | None, case: CaseId | None) -> None:
        """From now on this conversation; nothing of it is in the browser yet."""
        self.shown, self.customer, self.case = shown, customer, case
        self.head, self.side, self.lines, self.said = {}, {}, {}, {}
        self.reach, self.begins, self.doubles = LINES, None, None

    async def refresh(self) -> None:
        """The conversation's changes."""
        if await self.still_in():
            await self.refresh_thread()

    async def refresh_thread(self) -> None:
        """Send what changed in the conversation that is shown."""
        shown = self.shown
        if shown is None:
            return
        reading = await self.read()
        if shown != self.shown:  # somebody else was picked meanwhile
            return
        if reading is None:
            self.tell("missing", shown)
            self.shown = None
            return
        self.doubles = reading.doubles
        head, side = self.head_of(reading), side_view(reading)
        lines = self._lines_of(reading)
        whole = not self.head
        changed, gone = changes(self.lines, lines)
        gone = [key for key in gone if not self._slid_out(key, lines)]
        news = [head if head != self.head else None, side if side != self.side else None]
        if whole or any(news) or changed or gone:
            self.tell("thread", shown, *news, changed, gone, whole)
        if whole:
            self.tell("earlier_there", shown, {}, len(reading.lines) >= LINES)
        self.head, self.side, self.lines = head, side, lines
        self._say_notices()

    def head_of(self, reading: Reading) -> dict[str, Any]:
        """Who writes, who holds it, what I may do."""
        return head_view(reading)

    def events_of(self, reading: Reading) -> dict[str, Any]:
        """What stands between the words."""
        return events_view(reading)

    async def earlier(self, given: dict[str, Any]) -> None:
        """Somebody looks further back."""
        shown, customer = self.shown, self.customer
        if customer is None or given.get("shown") != shown:
            return
        had = self.reach
        self.reach += EARLIER
        lines = await self.edge.around.records.conversation(customer, self.reach, inside=True)
        older = lines[: max(0, len(lines) - had)]
        if shown != self.shown or shown is None:
            return
        more = len(lines) >= self.reach
        self.begins = older[0].at if more and older else None
        self._remember(older)
        contact = self.edge.around.program.shop.contact
        self.tell("earlier_there", shown, lines_view(older, customer, contact, self.corrections), more)
        await self.refresh_now()  # what stands between these lines

    def _say_notices(self) -> None:
        shown = {part for line in self.lines.values() for part, _ in line["parts"]}
        notices, self.notices = self.notices, []
        for text in notices:
            if text not in shown:
                self.tell("notice_said", text)

    def _lines_of(self, reading: Reading) -> dict[str, Any]:
        if self.reach == LINES:
            full = len(reading.lines) >= LINES
            self.begins = min(line.at for line in reading.lines) if full else None
        self._remember(reading.lines)
        story = reading.story
        self.corrections = story.corrections
        lines = lines_view(reading.lines, story.customer.id, reading.program.shop.contact, story.corrections)
        return lines | _since(self.begins, self.events_of(reading))

    def _remember(self, lines: Iterable[Line]) -> None:
        self.said |= {line.utterance: line.ref for line in lines if line.utterance}

    def _slid_out(self, key: str, lines: dict[str, Any]) -> bool:
        """A line that is only too old by now to be kept current, and stays in the browser."""
        oldest = min((line["order"] for line in lines.values() if line["who"] != "event"), default="")
        line = self.lines[key]
        return bool(line["who"] != "event" and line["order"] < oldest)

    async def read(self) -> Reading | None:
        """Everything at one moment; None for somebody who is gone. Changes nothing of the page."""
        if self.customer is None:
            return None
        around, doubles = self.edge.around, self.doubles
        case, story = self.case, await around.records.story(self.customer, around.clock.now())
        if story is None:
            return None
        lines = await around.records.conversation(story.customer.id, LINES, inside=True)
        if doubles is None:
            doubles = await around.records.doubles(story.customer.id)
        return Reading(
            story, lines, around.program, self.staff, around.clock.now(), case, doubles, around.records.desks
        )


def _since(earliest: datetime | None, events: dict[str, Any]) -> dict[str, Any]:
    if earliest is None:
        return events
    return {key: event for key, event in events.items() if datetime.fromisoformat(event["at"]) >= earliest}
