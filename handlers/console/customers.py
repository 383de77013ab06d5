"""The customers: everybody, and one person's whole story."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.ids import CustomerId
from bot.domain.staff import Staff
from bot.ports import Found, History
from handlers.console.edge import Console
from handlers.console.frame import NOBODY, PARTS, STYLE, bar, clock_view
from handlers.console.story_page import StoryPage
from handlers.console.timeline import timeline_view
from handlers.console.view import Reading
from handlers.pages import EDGE, WHO, dress, guarded, text_of

FOUND: Final = 60
EACH: Final = 20
"""How many people, orders, words and notes a search shows of each."""


class CustomersBox(Element, component="afterword_customers.js", esm=PARTS):
    """The customers, drawn in the browser from plain values."""


class CustomersPage(StoryPage):
    """The customers, one of them in full."""

    def __init__(self, element: CustomersBox, edge: Console, session: str, staff: Staff) -> None:
        super().__init__(element, edge, session, staff)
        self.history = History()

    async def found(self, words: str) -> list[dict[str, Any]]:
        """What matches: people, orders, words; without words the latest customers."""
        records = self.edge.around.records
        if words:
            return [found_view(each, self.edge.around.clock.now()) for each in await records.search(words, EACH)]
        return [
            found_view(Found(number, name, known), self.edge.around.clock.now())
            for number, name, known in await records.search_customers("", FOUND)
        ]

    async def read(self) -> Reading | None:
        """The conversation, and everything that happened beside it."""
        reading = await super().read()
        if reading is not None:
            self.history = await self.edge.around.records.history(reading.story.customer.id)
        return reading

    def events_of(self, reading: Reading) -> dict[str, Any]:
        """Every step of everything."""
        return timeline_view(self.history, reading)

    async def search(self, given: dict[str, Any]) -> None:
        """Words were typed into the search."""
        number = given.get("number")
        if await self.still_in():
            found = await self.found(text_of(given, "words", 200))
            self.tell("found_now", number if isinstance(number, int) else 0, found)

    async def open(self, given: dict[str, Any]) -> None:
        """Somebody was picked."""
        number = given.get("customer")
        if isinstance(number, int):
            self.show(number, CustomerId(number), None)
            self.edge.live.watch(self, number)
            await self.refresh_now()


def found_view(found: Found, now: datetime) -> dict[str, Any]:
    """A line of the list."""
    at = found.at
    return {
        "customer": found.customer,
        "name": found.name or f"Customer {found.customer}",
        "known": found.known,
        "kind": found.kind,
        "words": found.words,
        "at": at.isoformat() if at else "",
        "author": found.author,
        "year": bool(at and at.year != now.year),
    }


async def _page(request: Request) -> None:
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    dress(STYLE, title=f"Customers · {edge.around.program.shop.name}")
    await bar(edge, session, staff, "/customers", sum(row.state != "claimed" for row in await edge.rows()))
    box = CustomersBox()
    page = CustomersPage(box, edge, session, staff)
    words = request.query_params.get("q", "").strip()[:200]
    box.props["initial"] = {"found": await page.found(words), "words": words, "clock": clock_view(edge)}
    for name, handler in (("search", page.search), ("open", page.open), ("earlier", page.earlier)):
        box.on(name, guarded(handler))
    edge.live.open(page)
    edge.live.watch(page, NOBODY)


@ui.page("/customers", response_timeout=10)
async def customers(request: Request) -> None:
    """Everybody."""
    await _page(request)


@ui.page("/customers/{number}", response_timeout=10)
async def customer(request: Request, number: int) -> None:  # noqa: ARG001 - the browser reads it from the address
    """One person's whole story."""
    await _page(request)
