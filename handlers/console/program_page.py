"""The page of the relationship program: campaigns and what came of them, the ladder, and why somebody got something."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.event import ByCustomer, Incoming, SpikeSeized, StepAsked
from bot.domain.ids import HOUSE, CustomerId
from bot.domain.level import level_of
from bot.domain.seizing import can_go_out, whom_words
from bot.domain.spike import BOUGHT, TOLD, Aim, Spike
from bot.domain.staff import Staff
from bot.domain.why import Why
from bot.ports import CampaignRow
from bot.runtime.foreseeing import Reach, reach_of, reach_words
from handlers.console.edge import Console
from handlers.console.frame import STYLE, bar
from handlers.console.program_view import (
    LADDER_WORDS,
    Bar,
    Card,
    answered_words,
    card,
    headline,
    ladder,
    limits,
    rfm_words,
    spike_words,
    why_rows,
)
from handlers.pages import EDGE, WHO, LivePage, dress

LOOK: Final = STYLE.with_name("program.css")
SHOWN: Final = 200
EMPTY: Final = "Write a [[campaign]] into the program file, or send one message with `afterword campaigns send FILE`."
BY_HAND: Final = "by hand, in the console"
MOST_WORDS: Final = 1500


TO_ALL: Final = Aim(BOUGHT)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for: somebody's reasons; whom a message about a spike would reach."""

    who: str = ""
    spike: int = 0
    aim: Aim = TO_ALL
    words: str = ""


def wish_of(query: Mapping[str, str]) -> Wish:
    """From an address; what makes no sense asks for nothing."""
    number, whom = query.get("spike", ""), query.get("whom", "")
    aim = Aim(whom if whom in {TOLD, BOUGHT} else BOUGHT, query.get("offers") == "yes")
    spike = int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0
    return Wish(query.get("customer", "").strip()[:200], spike, aim, query.get("words", "").strip()[:MOST_WORDS])


LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class Known:
    """One customer of whom the page tells. `level` is what was set for them alone; "" = the program's."""

    number: CustomerId
    name: str
    level: str
    reached: str
    rfm: str


class ProgramPage(LivePage):
    """Campaigns, kept current. Drawn anew only when something changed."""

    every_s = 20.0
    least_s = 5.0

    def __init__(self, element: Element, edge: Console, session: str, wish: Wish) -> None:
        super().__init__(element, session)
        self.edge = edge
        self.wish = wish
        self.shown: tuple[object, ...] = ()
        self.shown_now: object = None
        with element:
            self.first = ui.label().props('role="heading" aria-level="1"').classes("i-first")
            with ui.element("div").classes("two"):
                with ui.element("div").classes("campaigns"):
                    self.moments = ui.element("div").classes("campaigns")
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
        await self._refresh_moments()
        rows, known, lines = await self.read()
        cards = [card(row) for row in rows]
        seen = (headline(rows), tuple(cards), known, tuple(lines))
        if seen != self.shown:
            self.shown = seen
            with self.element:
                self.first.set_text(headline(rows))
                self._put_cards(cards)
                self._put_reasons(known, lines)

    async def read(self) -> tuple[list[CampaignRow], Known | None, list[Why]]:
        """The campaigns; of the customer who is asked about, who they are and every reason."""
        records, now = self.edge.around.records, self.edge.around.clock.now()
        rows = await records.campaigns()
        number = await records.find_customer(self.wish.who) if self.wish.who else None
        story = await records.story(number, now) if number is not None else None
        if number is None or story is None:
            return rows, None, []
        program, person = self.edge.around.program, story.customer
        level = level_of(person, story.standing, program.levels)
        rfm = rfm_words(await records.rfm(number, now), program, now)
        name = person.name or f"Customer {number}"
        known = Known(number, name, person.level, f"level {level.level} ({level.why})", rfm)
        return rows, known, await records.why(number, SHOWN)

    # ---- seizing the moment

    async def _refresh_moments(self) -> None:
        """Alerts of the last day; drawn anew only when one comes or is answered, so that nobody's typing is lost."""
        around = self.edge.around
        now, spikes = around.clock.now(), await around.records.spikes()
        lately = tuple(one for one in spikes if not one.is_over(now))
        reached = None
        asked = next((one for one in lately if one.id == self.wish.spike and one.seized_at is None), None)
        if asked and (not self.wish.words or can_go_out(around.program, asked, self.wish.words)):
            reached = await reach_of(around.records, around.program, asked, self.wish.aim, self.wish.words, now)
        if (lately, reached) != self.shown_now:
            self.shown_now = (lately, reached)
            people = await around.records.staff()
            self.moments.clear()
            with self.element, self.moments:
                for one in lately:
                    self._put_spike(one, people, reached if one is asked else None)

    def _put_spike(self, spike: Spike, people: Sequence[Staff], reached: Reach | None) -> None:
        zone, program = self.edge.around.program.shop.zone, self.edge.around.program
        with ui.element("section").classes("a-card").props('aria-label="Alert"'):
            ui.label(spike_words(spike, zone)).props('role="heading" aria-level="2"').classes("a-h")
            if answered := answered_words(spike, people, zone):
                ui.label(answered).classes("a-soft a-small")
                return
            self._put_form(spike, mine=reached is not None or self.wish.spike == spike.id)
            if reached is not None:
                for line in reach_words(reached, spike, self.wish.aim, program).split("\n"):
                    if line:
                        ui.label(line).classes("a-small reach")
                if reached.now or reached.later:
                    self._button("Send it", f"Send it: {spike.subject or spike.kind}", self._send(spike))
            elif self.wish.spike == spike.id:
                ui.label("These words can't go out: places are {name}, {item} and {shop} alone.").classes(
                    "a-bad a-small"
                )

    def _put_form(self, spike: Spike, *, mine: bool) -> None:
        """An address with a preview: nothing is sent by it."""
        wish = self.wish if mine else Wish()
        with ui.element("form").classes("moment-form").props('action="/program" method="get"'):
            ui.element("input").props(f'type="hidden" name="spike" value="{spike.id}"')
            area = ui.element("textarea").props('name="words" rows="3" maxlength="1500" aria-label="Message"')
            area.classes("find").props["placeholder"] = (
                "Your words; {name} and {item} are filled in. Empty: words that are ready, in every language."
            )
            area.props["value"] = wish.words
            with ui.element("div").classes("moment-aim"):
                with ui.element("select").props('name="whom" aria-label="To whom"').classes("find"):
                    for whom in (BOUGHT, TOLD):
                        option = ui.element("option").props(f'value="{whom}"')
                        if whom == wish.aim.whom:
                            option.props("selected")
                        with option:
                            ui.label(whom_words(self.edge.around.program, spike, Aim(whom)))
                with ui.element("label").classes("a-small"):
                    box = ui.element("input").props('type="checkbox" name="offers" value="yes"')
                    if wish.aim.offers:
                        box.props("checked")
                    ui.label("it offers something, too")
                with ui.element("button").classes("a-btn").props('type="submit"'):
                    ui.label("Whom does it reach?")

    def _send(self, spike: Spike) -> Callable[[], Awaitable[None]]:
        async def send() -> None:
            staff = await self.edge.staff_of(self.owner)
            if staff is None or not staff.is_manager:
                return
            now = self.edge.around.clock.now()
            seized = SpikeSeized(spike.id, self.wish.aim.text, self.wish.words, staff.identity)
            await self.edge.around.intake.accept(Incoming(f"seize:{spike.id}", ByCustomer(HOUSE), seized, now))
            await self._until(lambda: self._is_seized(spike))

        return send

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

    def _put_reasons(self, known: Known | None, lines: list[Why]) -> None:
        self.reasons.clear()
        with self.reasons:
            ui.label("Why did somebody get this?").props('role="heading" aria-level="2"').classes("a-h")
            self._put_search()
            if known is None:
                if self.wish.who:
                    ui.label("Nobody answers to that.").classes("a-soft")
                return
            self._put_person(known)
            if not lines:
                ui.label("Nothing has happened yet.").classes("a-soft")
            with ui.element("ul").classes("why-list"):
                for at, about, did, reason in why_rows(lines, self.edge.around.program):
                    with ui.element("li"):
                        ui.label(at).classes("a-soft a-small")
                        ui.label(f"{about}: {did}")
                        if reason:
                            ui.label(reason).classes("a-soft a-small")

    def _put_search(self) -> None:
        with ui.element("form").classes("why-form").props('action="/program" method="get" role="search"'):
            field = ui.element("input").classes("find").props('type="search" name="customer" autocomplete="off"')
            field.props["aria-label"] = "Customer"
            field.props["placeholder"] = "number, e-mail or shop:main/c-17"
            field.props["value"] = self.wish.who
            with ui.element("button").classes("a-btn").props('type="submit"'):
                ui.label("Show")

    def _put_person(self, known: Known) -> None:
        """Who it is, how they buy, and how far the bot goes with them: one tap sets it for them alone."""
        ui.label(known.name).classes("strong")
        ui.label(known.rfm).classes("a-soft a-small")
        ui.label(known.reached).classes("a-soft a-small")
        with ui.element("div").classes("levels").props('role="group" aria-label="Level of this customer"'):
            for level, words in LADDER_WORDS:
                pressed = str(level == known.level).lower()
                button = ui.element("button").classes("a-btn").props(f'type="button" aria-pressed="{pressed}"')
                button.on("click", self._set_level(known, level))
                with button:
                    ui.label(words)

    def _set_level(self, known: Known, level: str) -> Callable[[], Awaitable[None]]:
        async def set_it() -> None:
            staff = await self.edge.staff_of(self.owner)
            if staff is None or not staff.is_manager:
                return
            now = self.edge.around.clock.now()
            asked = StepAsked(staff.identity, "level", {"level": level})
            key = f"step:{secrets.token_hex(8)}"
            await self.edge.around.intake.accept(Incoming(key, ByCustomer(known.number), asked, now))
            await self._until(lambda: self._has_level(known.number, level))

        return set_it

    async def _has_level(self, number: CustomerId, level: str) -> bool:
        story = await self.edge.around.records.story(number, self.edge.around.clock.now())
        return story is None or story.customer.level == level

    async def _is_seized(self, spike: Spike) -> bool:
        return any(one.id == spike.id and one.seized_at for one in await self.edge.around.records.spikes())

    async def _until(self, done: Callable[[], Awaitable[bool]]) -> None:
        """The turn comes in a moment; a slow one shows with the next look."""
        for _ in range(20):
            if await done():
                break
            await asyncio.sleep(0.1)
        await self.refresh()


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
    page = ProgramPage(box, edge, session, wish_of(request.query_params))
    await page.refresh()
    edge.live.open(page)
