"""The customers: everybody, and one person's whole story."""

from __future__ import annotations

from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.ids import CustomerId
from handlers.console.edge import Console
from handlers.console.frame import STYLE, bar, clock_view
from handlers.console.story_page import StoryPage
from handlers.pages import EDGE, WHO, dress, guarded, text_of

FOUND: Final = 60


class CustomersBox(Element, component="afterword_customers.js"):
    """The customers, drawn in the browser from plain values."""


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
