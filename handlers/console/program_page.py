"""The page of the relationship program: campaigns and what came of them, the ladder, and why somebody got something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.why import Why
from bot.ports import CampaignRow
from handlers.console.edge import Console
from handlers.console.frame import STYLE, bar
from handlers.console.program_view import Bar, Card, card, headline, ladder, limits, why_rows
from handlers.pages import EDGE, WHO, LivePage, dress

LOOK: Final = STYLE.with_name("program.css")
SHOWN: Final = 200
EMPTY: Final = "Write a [[campaign]] into the program file, or send one message with `afterword campaigns send FILE`."
BY_HAND: Final = "by hand, in the console"


class ProgramPage(LivePage):
    """Campaigns, kept current. Drawn anew only when something changed."""

    every_s = 20.0
    least_s = 5.0

    def __init__(self, element: Element, edge: Console, session: str, who: str) -> None:
        super().__init__(element, session)
        self.edge = edge
        self.who = who
        self.shown: tuple[object, ...] = ()
        with element:
            self.first = ui.label().props('role="heading" aria-level="1"').classes("i-first")
            with ui.element("div").classes("two"):
                self.cards = ui.element("div").classes("campaigns")
                with ui.element("div").classes("program-side"):
                    self._ladder()
                    self.reasons = ui.element("div").classes("a-card")

    def _ladder(self) -> None:
        program = self.edge.around.program
        with ui.element("div").classes("a-card"):
            ui.label("How far with whom").props('role="heading" aria-level="2"').classes("a-h")
            for who, level in ladder(program):
                with ui.element("div").classes("r-top"):
                    ui.label(who).classes("a-soft")
                    ui.label(level)
            for line in limits(program):
                ui.label(line).classes("a-soft a-small")

    async def refresh(self) -> None:
        """What is true now; nobody but managers looks at it."""
        staff = await self.edge.staff_of(self.owner, fresh=False)
        if staff is None or not staff.is_manager:
            self.element.client.open("/")
            return
        rows, known, lines = await self.read()
        cards = [card(row) for row in rows]
        seen = (headline(rows), tuple(cards), known, tuple(lines))
        if seen != self.shown:
            self.shown = seen
            with self.element:
                self.first.set_text(headline(rows))
                self._put_cards(cards)
                self._put_reasons(known, lines)

    async def read(self) -> tuple[list[CampaignRow], str, list[Why]]:
        """The campaigns; of the customer who is asked about, their name and every reason."""
        records = self.edge.around.records
        rows = await records.campaigns()
        number = await records.find_customer(self.who) if self.who else None
        story = await records.story(number, self.edge.around.clock.now()) if number is not None else None
        if number is None or story is None:
            return rows, "", []
        return rows, story.customer.name or f"Customer {number}", await records.why(number, SHOWN)

    # ---- campaigns

    def _put_cards(self, cards: list[Card]) -> None:
        self.cards.clear()
        with self.cards:
            if not cards:
                with ui.element("div").classes("a-card"):
                    ui.label(EMPTY).classes("a-soft")
            for one in cards:
                self._put_card(one)

    def _put_card(self, one: Card) -> None:
        with ui.element("section").classes("a-card").props(f'aria-label="{one.name}"'):
            with ui.element("div").classes("r-top"):
                with ui.element("div"):
                    ui.label(one.name).props('role="heading" aria-level="2"').classes("a-h")
                    ui.label(one.state).classes(f"a-small a-{one.tone}")
                if one.can_turn:
                    label = "Stop" if one.runs else "Start again"
                    self._button(label, f"{label}: {one.name}", self._stop_or_start(one))
            ui.label(one.whom).classes("a-soft a-small")
            ui.label(one.says).classes("campaign-says")
            for each in one.bars:
                _put_bar(each)
            ui.label(one.counts).classes("a-soft a-small")

    @staticmethod
    def _button(label: str, named: str, pressed: Callable[[], Awaitable[None]]) -> None:
        button = ui.element("button").classes("a-btn").props(f'type="button" aria-label="{named}"')
        button.on("click", pressed)
        with button:
            ui.label(label)

    def _stop_or_start(self, one: Card) -> Callable[[], Awaitable[None]]:
        async def turn() -> None:
            staff = await self.edge.staff_of(self.owner)
            if staff is None or not staff.is_manager:
                return
            records, now = self.edge.around.records, self.edge.around.clock.now()
            if one.runs:
                await records.stop_campaign(one.name, BY_HAND, staff.identity, now)
            else:
                await records.start_campaign(one.name, now)
            await self.refresh()

        return turn

    # ---- why

    def _put_reasons(self, known: str, lines: list[Why]) -> None:
        self.reasons.clear()
        with self.reasons:
            ui.label("Why did somebody get this?").props('role="heading" aria-level="2"').classes("a-h")
            with ui.element("form").classes("why-form").props('action="/program" method="get" role="search"'):
                field = ui.element("input").classes("find").props('type="search" name="customer" autocomplete="off"')
                field.props["aria-label"] = "Customer"
                field.props["placeholder"] = "number, e-mail or shop:main/c-17"
                field.props["value"] = self.who
                with ui.element("button").classes("a-btn").props('type="submit"'):
                    ui.label("Show")
            if known:
                ui.label(known).classes("strong")
            elif self.who:
                ui.label("Nobody answers to that.").classes("a-soft")
            if known and not lines:
                ui.label("Nothing has happened yet.").classes("a-soft")
            with ui.element("ul").classes("why-list"):
                for at, about, did, reason in why_rows(lines, self.edge.around.program):
                    with ui.element("li"):
                        ui.label(at).classes("a-soft a-small")
                        ui.label(f"{about}: {did}")
                        if reason:
                            ui.label(reason).classes("a-soft a-small")


def _put_bar(one: Bar) -> None:
    with ui.element("div").classes("wording"):
        with ui.element("div").classes("r-top"):
            ui.label(one.name).classes("a-soft" if one.held else "")
            ui.label(one.note).classes("a-small a-soft")
        with ui.element("div").classes("meter span").props('aria-hidden="true"'):
            if one.share is not None:
                held = " held" if one.held else ""
                ui.element("div").classes(f"range{held}").style(
                    f"left:{one.low:.1%};width:{max(0.004, one.high - one.low):.1%}"
                )
                ui.element("div").classes(f"point{held}").style(f"left:{one.share:.1%}")


@ui.page("/program", response_timeout=10)
async def program(request: Request) -> None:
    """Campaigns, levels, and the reasons."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    dress(STYLE, LOOK, title=f"Program · {edge.around.program.shop.name}")
    await bar(edge, session, staff, "/program", sum(row.state != "claimed" for row in await edge.rows()))
    box = ui.element("main").classes("insights program")
    page = ProgramPage(box, edge, session, request.query_params.get("customer", "").strip()[:200])
    await page.refresh()
    edge.live.open(page)
