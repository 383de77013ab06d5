"""The inbox: who waits and why, the conversation, why this person matters."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Final
from uuid import uuid4

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.commands import parse_command
from bot.domain.giving import GIFT, TASKS
from bot.domain.ids import CaseId, CustomerId
from bot.domain.remembering import REMEMBER
from bot.domain.staff import Staff
from bot.phrases import phrase
from handlers.console.board import Delta, Sheet
from handlers.console.edge import Console
from handlers.console.frame import PARTS, STYLE, bar, clock_view, name_of
from handlers.console.onlookers import GONE, HERE, SAID_AGAIN_S, WRITES, Look, onlookers_view
from handlers.console.story_page import StoryPage
from handlers.console.view import purse_view
from handlers.pages import EDGE, LONGEST_WORDS, UPLOAD_LIMIT, WHO, dress, guarded, key_of, text_of
from sentiment.labelled import TOPICS

log = logging.getLogger(__name__)

TAPS: Final = frozenset({"claim", "resolve", "handback"})
WORDS: Final = frozenset({"reply", "note", "claim_reply"})
ABOUT: Final = frozenset({"amend", "unsend", "change"})
TYPING: Final = "typing"
GIVE: Final = "give"
READ: Final = frozenset({"mood", "topic"})
SAYS: Final = re.compile(r"[a-z_]{1,20}:\d{1,18}")
FORGET: Final = "unremember"
KINDS: Final = TAPS | WORDS | ABOUT | READ | {TYPING, FORGET}
AMOUNT: Final = re.compile(r"\d{1,7}(\.\d{1,2})?")


class InboxBox(Element, component="afterword_inbox.js", esm=PARTS):
    """The inbox, drawn in the browser from plain values: Vue escapes every word."""


class InboxPage(StoryPage):
    """One agent's open inbox. The queue comes from the board; the conversation is its own."""

    def __init__(self, element: InboxBox, edge: Console, session: str, staff: Staff) -> None:
        super().__init__(element, edge, session, staff)
        self.sheet = Sheet({}, [])
        self.name = uuid4().hex
        self.looked: float = 0.0
        """When it last said that somebody looks."""
        self.onlookers: list[dict[str, Any]] = []
        self.wanted = 0
        """The case that was picked last."""

    async def first(self) -> dict[str, Any]:
        """What the page begins with."""
        self.sheet = await self.edge.board.fresh()
        return {
            "rows": self.sheet.rows,
            "order": self.sheet.order,
            "shop": self.edge.around.program.shop.name,
            "me": name_of(self.staff),
            "my_id": self.staff.id,
            "manager": self.staff.is_manager,
            "topics": [[topic, phrase("en", f"topic-{topic}")] for topic in TOPICS],
            "clock": clock_view(self.edge),
            "words_limit": LONGEST_WORDS,
            "file_limit": UPLOAD_LIMIT,
        }

    async def board_changed(self, news: Delta, sheet: Sheet) -> None:
        """The queue's changes; the program's clock goes along."""
        if sheet is not self.sheet and await self.still_in():
            self.tell("rows_changed", news.changed, news.gone, news.order, clock_view(self.edge))
            self.sheet = sheet

    async def refresh(self) -> None:
        """The conversation's changes, and who else looks."""
        if not await self.still_in():
            return
        self.tell("clock_set", clock_view(self.edge))
        await self.refresh_thread()
        if self.case is not None and self.looked and time.monotonic() - self.looked > SAID_AGAIN_S:
            await self._say(HERE)
        await self._show_onlookers()

    def woken(self, customer: int | None) -> None:
        """After an own action the queue is looked at, too."""
        super().woken(customer)
        if customer is None:
            self.edge.board.wake()

    def looked_at(self, case: int) -> None:
        """A colleague came to this case, left it or writes there."""
        if case == self.case:
            self.due.set()

    def left(self) -> None:
        """The browser went: nobody looks from here any more."""
        self.edge.board.leave(self)
        if self.case is not None and self.looked:
            self.edge.later(self._say(GONE))

    async def _say(self, state: str) -> None:
        if self.case is not None:
            self.looked = 0.0 if state == GONE else time.monotonic()
            await self.edge.look(Look(self.case, self.staff.id, self.name, state))

    async def _show_onlookers(self) -> None:
        if self.case is None:
            return
        names = {each.id: name_of(each) for each in await self.edge.team()}
        found = onlookers_view(self.edge.onlookers.others(self.case, self.staff.id), names)
        if found != self.onlookers:
            self.onlookers = found
            self.tell("onlookers_are", self.case, found)

    async def open(self, given: dict[str, Any]) -> None:
        """A case was picked; whatever was picked last counts, however long the others take."""
        number = given.get("case")
        if not isinstance(number, int):
            return
        self.wanted = number
        await self._say(GONE)
        row = self.sheet.rows.get(str(number)) or (await self.edge.board.fresh()).rows.get(str(number))
        if self.wanted != number:
            return
        if row is None:
            self.show(None, None, None)
            self.tell("missing", number)
            return
        self.show(number, CustomerId(row["customer"]), CaseId(number))
        self.onlookers = []
        await self._say(HERE)
        await self.refresh_now()

    async def look(self, given: dict[str, Any]) -> None:
        """The tab came to the front or went behind, or its agent writes in the open case."""
        state = given.get("state")
        if state in {HERE, WRITES, GONE} and given.get("case") == self.case:
            await self._say(str(state))

    async def purse(self, given: dict[str, Any]) -> None:  # noqa: ARG002 - nothing is asked but the question
        """What may still be given."""
        around = self.edge.around
        now = around.clock.now()
        spent = await around.records.spent(self.staff.id, now)
        pool = await around.records.pool(now) if around.program.gifts.rule == "pool" else None
        self.tell("purse_is", purse_view(around.program, spent, pool))

    async def act(self, given: dict[str, Any]) -> None:
        """A button or words, with the key that the browser made; everything goes through the intake."""
        key, case, about = key_of(given), given.get("case"), given.get("about")
        kind, words = meant(given)
        if not key or kind not in KINDS or not isinstance(case, int):
            return
        if (kind in WORDS and not words) or (kind in ABOUT and about not in self.said):
            return
        if (kind in READ and not SAYS.fullmatch(words)) or (kind == FORGET and not isinstance(about, int)):
            return
        staff = await self.edge.staff_of(self.session)
        if staff is None:
            self.tell("refused", key, words, "Your session has ended.")
            self.tell("session_ended")
            return
        try:
            if isinstance(about, int) and kind in ABOUT | {FORGET}:
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
        if kind in TAPS | READ or kind == TYPING:
            await self.edge.tap(staff, key, kind, case, words if kind in READ else "")
            return
        command = parse_command(words) is not None  # never goes out, and is no note: whoever types it means it
        if kind == "claim_reply" and not command:
            await self.edge.tap(staff, key, "claim", case)
        await self.edge.say(staff, key, f"/note {words}" if kind == "note" and not command else words, case)

    async def _hand_in_about(self, staff: Staff, key: str, kind: str, case: int, what: tuple[int, str]) -> None:
        about, words = what
        ref = self.said.get(about)
        if kind != "change":
            await self.edge.tap_about(staff, key, kind, case, about)
        elif words and ref is not None:
            await self.edge.change(staff, key, words, case, ref)


def meant(given: dict[str, Any]) -> tuple[Any, str]:
    """(kind, words) of what a browser sent: what has a command is said as one."""
    kind, words = given.get("kind"), text_of(given, "words")
    if kind == GIVE:
        return "reply", gift_command(text_of(given, "what", 20), text_of(given, "amount", 20), words)
    if kind == REMEMBER:
        return "reply", f"/{REMEMBER} {words}" if words else ""
    return kind, words


def gift_command(what: str, amount: str, words: str) -> str:
    """What an agent would type for it; "" for something that can't be given."""
    if what in TASKS:
        return f"/{what} {words}" if words else ""
    return f"/{GIFT} {amount} {words}".strip() if what == GIFT and AMOUNT.fullmatch(amount) else ""


@ui.page("/", response_timeout=10)
async def inbox(request: Request) -> None:
    """Who waits and why; the conversation; the person."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    dress(STYLE, title=f"Inbox · {edge.around.program.shop.name}")
    await bar(edge, session, staff, "/", None)
    box = InboxBox()
    page = InboxPage(box, edge, session, staff)
    box.props["initial"] = await page.first()
    for name, handler in (("open", page.open), ("act", page.act), ("look", page.look)):
        box.on(name, guarded(handler))
    box.on("earlier", guarded(page.earlier))
    box.on("purse", guarded(page.purse))
    edge.live.open(page)
    edge.board.join(page)
