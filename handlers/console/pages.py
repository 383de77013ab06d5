"""The console's pages. Importing this brings NiceGUI; it happens when the routes are asked for."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.commands import parse_command
from bot.domain.ids import CaseId, CustomerId
from bot.domain.message import Ref
from bot.domain.staff import Staff
from bot.domain.summary import PERIODS, Summary, build_summary, period_start
from handlers.console.edge import LINES, Console
from handlers.console.insights import PERIOD_WORDS, headline, ratings_chart, reasons_view, tiles
from handlers.console.view import Reading, events_view, head_view, lines_view, queue_view, side_view
from handlers.pages import (
    EDGE,
    LONGEST_WORDS,
    UPLOAD_LIMIT,
    WHO,
    LivePage,
    changes,
    dress,
    guarded,
    key_of,
    text_of,
)

log = logging.getLogger(__name__)

STYLE: Final = Path(__file__).with_name("console.css")
PARTS: Final = {"afterword-console": "parts"}
TAPS: Final = frozenset({"claim", "resolve", "handback"})
WORDS: Final = frozenset({"reply", "note", "claim_reply"})
ABOUT: Final = frozenset({"amend", "unsend", "change"})
TYPING: Final = "typing"
FOUND: Final = 60
AN_HOUR: Final = timedelta(hours=1)


class Bar(Element, component="afterword_bar.js"):
    """The bar on top."""


class InboxBox(Element, component="afterword_inbox.js", esm=PARTS):
    """The inbox, drawn in the browser from plain values: Vue escapes every word."""


class CustomersBox(Element, component="afterword_customers.js"):
    """The customers, drawn likewise."""


def clock_view(edge: Console) -> dict[str, Any]:
    """Where the program's clock stands, and how fast it runs (a demo's runs faster)."""
    now = edge.around.clock.now()
    real_s = edge.around.clock.seconds_until(now + AN_HOUR)
    return {"now": now.isoformat(), "speed": round(AN_HOUR.total_seconds() / real_s, 3) if real_s > 0 else 1}


def bar(edge: Console, staff: Staff, here: str, waiting: int | None) -> Bar:
    """The bar of one page."""
    names = [("Inbox", "/"), ("Customers", "/customers"), *([("Insights", "/insights")] if staff.is_manager else [])]
    element = Bar()
    element.props["initial"] = {
        "shop": edge.around.program.shop.name,
        "me": name_of(staff),
        "pages": [{"name": name, "path": path, "on": path == here} for name, path in names],
        "waiting": waiting,
    }
    return element


def name_of(staff: Staff) -> str:
    """How a person of the shop is called."""
    return staff.name or staff.external


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


class CustomersPage(StoryPage):
    """The customers, one of them in full."""

    async def found(self, words: str) -> list[dict[str, Any]]:
        """Customers who match, latest first."""
        rows = await self.edge.around.records.search_customers(words, FOUND)
        return [
            {"customer": number, "name": name or f"Customer {number}", "known": known} for number, name, known in rows
        ]

    async def refresh(self) -> None:
        """The story's changes."""
        if await self.still_in():
            await self.refresh_thread()

    async def search(self, given: dict[str, Any]) -> None:
        """Words were typed into the search."""
        number = given.get("number")
        if await self.still_in():
            self.tell(
                "found_now", number if isinstance(number, int) else 0, await self.found(text_of(given, "words", 200))
            )

    async def open(self, given: dict[str, Any]) -> None:
        """Somebody was picked."""
        number = given.get("customer")
        if isinstance(number, int):
            self.show(number, CustomerId(number), None)
            self.edge.live.watch(self, number)
            await self.refresh_now()


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


@ui.page("/customers", response_timeout=10)
async def customers(request: Request) -> None:
    """Everybody, and one person's whole story."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    dress(STYLE, title=f"Customers · {edge.around.program.shop.name}")
    bar(edge, staff, "/customers", sum(row.state != "claimed" for row in await edge.rows()))
    box = CustomersBox()
    page = CustomersPage(box, edge, session, staff)
    box.props["initial"] = {"found": await page.found(""), "clock": clock_view(edge)}
    box.on("search", guarded(page.search))
    box.on("open", guarded(page.open))
    edge.live.open(page)
    edge.live.watch(page, -1)


class InsightsPage(LivePage):
    """The figures of one period, kept current. Only what changed is sent."""

    every_s = 20.0
    least_s = 5.0

    def __init__(self, element: Element, edge: Console, session: str, period: str) -> None:
        super().__init__(element, session)
        self.edge = edge
        self.period = period
        self.told: tuple[tuple[str, int, float], ...] | None = None
        with element:
            with ui.element("div").classes("first"):
                with ui.element("div"):
                    self.first = ui.label().props('role="heading" aria-level="1"').classes("i-first")
                    self.basis = ui.label().classes("a-soft")
                self._periods()
            with ui.element("div").classes("tiles"):
                self.tiles = [self._tile() for _ in range(5)]
            with ui.element("div").classes("two"):
                with ui.element("div").classes("a-card"):
                    ui.label("What they answered").classes("a-h")
                    ui.label("answers by rating").classes("a-soft a-small")
                    self.chart = ui.echart({}, renderer="svg").classes("chart")
                with ui.element("div").classes("a-card"):
                    ui.label("Why people were needed").classes("a-h")
                    self.cases = ui.label().classes("a-soft a-small")
                    self.reasons = ui.element("div")

    def _periods(self) -> None:
        with ui.element("nav").classes("periods").props('aria-label="Period"'):
            for name, words in PERIOD_WORDS.items():
                chosen = " on" if name == self.period else ""
                ui.link(words, f"/insights?period={name}").classes(f"filter{chosen}")

    def _tile(self) -> tuple[ui.label, ui.label, ui.label]:
        with ui.element("div").classes("a-card tile"):
            return ui.label().classes("a-soft a-small"), ui.label().classes("key"), ui.label()

    async def read(self) -> tuple[Summary, Summary]:
        """This period and the one before it."""
        around = self.edge.around
        now = around.clock.now()
        midnight = now.astimezone(around.program.shop.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        since = period_start(self.period, now, midnight) or now
        before = since - (PERIODS[self.period] or timedelta(days=1))
        records = around.records
        return (
            build_summary(await records.tallies(since, now), self.period, since, now),
            build_summary(await records.tallies(before, since), self.period, before, since),
        )

    async def refresh(self) -> None:
        """New figures into the same places."""
        staff = await self.edge.staff_of(self.owner, fresh=False)
        if staff is None or not staff.is_manager:
            self.element.client.open("/")
            return
        now, before = await self.read()
        with self.element:
            self._put(now, before)

    def _put(self, now: Summary, before: Summary) -> None:
        for label, text in zip((self.first, self.basis), headline(now, before), strict=True):
            label.set_text(text)
        for labels, tile in zip(self.tiles, tiles(now, before), strict=True):
            for label, text in zip(labels, (tile.title, tile.value, tile.note), strict=True):
                label.set_text(text)
            labels[2].classes(replace=f"a-small a-{tile.tone}")
        self.cases.set_text(
            f"{now.cases_opened} opened · {now.cases_resolved} resolved · {now.cases_open_now} open now"
        )
        chart = ratings_chart(now)
        if self.chart.options != chart:
            self.chart.options.clear()
            self.chart.options.update(chart)
            self.chart.update()
        self._put_reasons(tuple(reasons_view(now)))

    def _put_reasons(self, reasons: tuple[tuple[str, int, float], ...]) -> None:
        if reasons == self.told:
            return
        self.told = reasons
        self.reasons.clear()
        with self.reasons:
            if not reasons:
                ui.label("Nobody needed a person in this time.").classes("a-soft reason")
            for name, count, share in reasons:
                with ui.element("div").classes("reason"):
                    with ui.element("div").classes("r-top"):
                        ui.label(name)
                        ui.label(str(count)).classes("a-small")
                    with ui.element("div").classes("meter"):
                        ui.element("div").style(f"width:{share:.0%}")


@ui.page("/insights", response_timeout=10)
async def insights(request: Request) -> None:
    """What happened, in a sentence, five figures and one chart."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    wish = request.query_params.get("period", "30d")
    dress(STYLE, title=f"Insights · {edge.around.program.shop.name}")
    bar(edge, staff, "/insights", sum(row.state != "claimed" for row in await edge.rows()))
    box = ui.element("main").classes("insights")
    page = InsightsPage(box, edge, session, wish if wish in PERIODS else "30d")
    await page.refresh()
    edge.live.open(page)
