"""The inbox: who waits and why, the conversation, why this person matters."""

from __future__ import annotations

import logging
from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.commands import parse_command
from bot.domain.ids import CaseId, CustomerId
from bot.domain.staff import Staff
from handlers.console.edge import Console
from handlers.console.frame import PARTS, STYLE, Bar, bar, clock_view, name_of
from handlers.console.story_page import StoryPage
from handlers.console.view import queue_view
from handlers.pages import EDGE, LONGEST_WORDS, UPLOAD_LIMIT, WHO, changes, dress, guarded, key_of, text_of

log = logging.getLogger(__name__)

TAPS: Final = frozenset({"claim", "resolve", "handback"})
WORDS: Final = frozenset({"reply", "note", "claim_reply"})
ABOUT: Final = frozenset({"amend", "unsend", "change"})
TYPING: Final = "typing"


class InboxBox(Element, component="afterword_inbox.js", esm=PARTS):
    """The inbox, drawn in the browser from plain values: Vue escapes every word."""


class InboxPage(StoryPage):
    """One agent's open inbox."""

    def __init__(self, element: InboxBox, top: Bar, edge: Console, session: str, staff: Staff) -> None:
        super().__init__(element, edge, session, staff)
        self.top = top
        self.rows: dict[str, Any] = {}
        self.order: list[str] = []
        self.waiting = -1

    async def first(self) -> dict[str, Any]:
        """What the page begins with."""
        self.rows = await self._rows()
        self.order = list(self.rows)
        return {
            "rows": self.rows,
            "order": self.order,
            "me": name_of(self.staff),
            "my_id": self.staff.id,
            "manager": self.staff.is_manager,
            "clock": clock_view(self.edge),
            "words_limit": LONGEST_WORDS,
            "file_limit": UPLOAD_LIMIT,
        }

    async def _rows(self) -> dict[str, Any]:
        return queue_view(await self.edge.rows(), self.staff.id, self.edge.around.program)

    async def refresh(self) -> None:
        """The queue's changes, then the conversation's."""
        if not await self.still_in():
            return
        rows = await self._rows()
        changed, gone = changes(self.rows, rows)
        order = list(rows)
        if changed or gone or order != self.order:
            self.tell("rows_changed", changed, gone, order if order != self.order else None, clock_view(self.edge))
        else:
            self.tell("clock_set", clock_view(self.edge))
        self.rows, self.order = rows, order
        waiting = sum(not row["claimed"] for row in rows.values())
        if waiting != self.waiting:
            self.waiting = waiting
            _ = self.top.run_method("counts", {"waiting": waiting})
        await self.refresh_thread()

    async def open(self, given: dict[str, Any]) -> None:
        """A case was picked."""
        number = given.get("case")
        if not isinstance(number, int):
            return
        row = self.rows.get(str(number)) or (await self._rows()).get(str(number))
        if row is None:
            self.tell("missing", number)
            return
        self.show(number, CustomerId(row["customer"]), CaseId(number))
        await self.refresh_now()

    async def act(self, given: dict[str, Any]) -> None:
        """A button or words, with the key that the browser made; everything goes through the intake."""
        key, kind, case, words = key_of(given), given.get("kind"), given.get("case"), text_of(given, "words")
        about = given.get("about")
        if not key or kind not in TAPS | WORDS | ABOUT | {TYPING} or not isinstance(case, int):
            return
        if (kind in WORDS and not words) or (kind in ABOUT and about not in self.said):
            return
        staff = await self.edge.staff_of(self.session)
        if staff is None:
            self.tell("refused", key, words, "Your session has ended.")
            self.tell("session_ended")
            return
        try:
            if isinstance(about, int) and kind in ABOUT:
                await self._hand_in_about(staff, key, str(kind), case, (about, words))
            else:
                await self._hand_in(staff, key, str(kind), case, words)
        except Exception:
            log.exception("an agent's action could not be kept")
            self.tell("refused", key, words, "That could not be saved. Please try again.")
            return
        self.tell("accepted", key)
        self.edge.live.look_soon(self.session)

    async def _hand_in(self, staff: Staff, key: str, kind: str, case: int, words: str) -> None:
        if kind in TAPS or kind == TYPING:
            await self.edge.tap(staff, key, kind, case)
            return
        command = parse_command(words) is not None  # never goes out, and is no note: whoever types it means it
        if kind == "claim_reply" and not command:
            await self.edge.tap(staff, key, "claim", case)
        await self.edge.say(staff, key, f"/note {words}" if kind == "note" and not command else words, case)

    async def _hand_in_about(self, staff: Staff, key: str, kind: str, case: int, what: tuple[int, str]) -> None:
        about, words = what
        ref = self.said[about]
        if kind != "change":
            await self.edge.tap_about(staff, key, kind, case, about)
        elif words and ref is not None:
            await self.edge.change(staff, key, words, case, ref)


@ui.page("/", response_timeout=10)
async def inbox(request: Request) -> None:
    """Who waits and why; the conversation; the person."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    dress(STYLE, title=f"Inbox · {edge.around.program.shop.name}")
    top = bar(edge, staff, "/", None)
    box = InboxBox()
    page = InboxPage(box, top, edge, session, staff)
    box.props["initial"] = await page.first()
    box.on("open", guarded(page.open))
    box.on("act", guarded(page.act))
    edge.live.open(page)
    page.due.set()
