"""A page that shows one person's conversation; the inbox and the customers are such pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nicegui.element import Element

from bot.domain.ids import CaseId, CustomerId
from bot.domain.message import Ref
from bot.domain.staff import Staff
from handlers.console.edge import LINES, Console
from handlers.console.view import Reading, events_view, head_view, lines_view, side_view
from handlers.pages import LivePage, changes


class StoryPage(LivePage):
    """A page that shows one person's conversation, and what it has sent of it."""

    every_s = 2.5
    least_s = 0.25

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
        self.said: dict[int, Ref | None] = {}
        """What agents said, by its number: their own messages."""
        self.notices: list[str] = []

    async def still_in(self) -> bool:
        """Whether the person still has a role and a session; else the page is told, once a refresh."""
        staff = await self.edge.staff_of(self.session, fresh=False)
        if staff is None:
            self.tell("session_ended")
            return False
        self.staff = staff
        return True

    def notice(self, customer: int, text: str) -> None:
        """A line that a desk would show in the case's thread; said after the next look, unless the records have it."""
        if customer == self.customer:
            self.notices.append(text)
            self.due.set()

    def show(self, shown: int, customer: CustomerId | None, case: CaseId | None) -> None:
        """From now on this conversation; nothing of it is in the browser yet."""
        self.shown, self.customer, self.case = shown, customer, case
        self.head, self.side, self.lines = {}, {}, {}

    async def refresh_thread(self) -> None:
        """Send what changed in the conversation that is shown."""
        shown = self.shown
        if shown is None:
            return
        reading = await self._read()
        if reading is None:
            self.tell("missing", shown)
            self.shown = None
            return
        head, side = head_view(reading), side_view(reading)
        lines = self._lines_of(reading)
        whole = not self.head
        changed, gone = changes(self.lines, lines)
        news = [head if head != self.head else None, side if side != self.side else None]
        if whole or any(news) or changed or gone:
            self.tell("thread", shown, *news, changed, gone, whole)
        self.head, self.side, self.lines = head, side, lines
        self._say_notices()

    def _say_notices(self) -> None:
        shown = {part for line in self.lines.values() for part, _ in line["parts"]}
        notices, self.notices = self.notices, []
        for text in notices:
            if text not in shown:
                self.tell("notice_said", text)

    def _lines_of(self, reading: Reading) -> dict[str, Any]:
        contact = reading.program.shop.contact
        self.said = {line.utterance: line.ref for line in reading.lines if line.utterance}
        lines = lines_view(reading.lines, reading.story.customer.id, contact)
        earliest = min((line.at for line in reading.lines), default=None) if len(reading.lines) >= LINES else None
        events = events_view(reading, whole=self.case is None)
        if earliest is not None:
            events = {key: event for key, event in events.items() if datetime.fromisoformat(event["at"]) >= earliest}
        return lines | events

    async def _read(self) -> Reading | None:
        if self.customer is None:
            return None
        around = self.edge.around
        story = await around.records.story(self.customer, around.clock.now())
        if story is None:
            return None
        lines = await around.records.conversation(self.customer, LINES, inside=True)
        return Reading(story, lines, around.program, self.staff, around.clock.now(), self.case)
