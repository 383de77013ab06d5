"""What every page of the console has: its style, the bar on top, the program's clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from nicegui.element import Element

from bot.domain.presence import Absence, absence, parse_until, presence_words
from bot.domain.staff import Staff
from bot.program import Program
from handlers.console.edge import Console
from handlers.pages import LivePage, guarded, text_of

STYLE: Final = Path(__file__).with_name("console.css")
PARTS: Final = {"afterword-console": "parts"}
AN_HOUR: Final = timedelta(hours=1)
NOBODY: Final = -1
"""What a page watches that no customer's news concern."""


class Bar(Element, component="afterword_bar.js"):
    """The bar on top."""


def clock_view(edge: Console) -> dict[str, Any]:
    """Where the program's clock stands, and how fast it runs (a demo's runs faster)."""
    now = edge.around.clock.now()
    real_s = edge.around.clock.seconds_until(now + AN_HOUR)
    return {"now": now.isoformat(), "speed": round(AN_HOUR.total_seconds() / real_s, 3) if real_s > 0 else 1}


class BarPage(LivePage):
    """The bar of one page: who of the team is here, and the switch of whoever looks."""

    every_s = 20.0
    least_s = 0.5

    def __init__(self, element: Bar, edge: Console, session: str) -> None:
        super().__init__(element, session)
        self.edge = edge
        self.team: list[dict[str, Any]] = []

    async def look(self) -> list[dict[str, Any]]:
        """Everybody of the shop, as they are now."""
        self.team = team_view(
            await self.edge.team(), self.edge.board.held(), self.edge.around.program, self.edge.around.clock.now()
        )
        return self.team

    async def refresh(self) -> None:
        """Only what changed is sent."""
        before = self.team
        if await self.look() != before:
            self.tell("team_is", self.team)

    def staff_changed(self) -> None:
        """Somebody went away, came back, joined or left."""
        self.due.set()

    async def presence(self, given: dict[str, Any]) -> None:
        """Away until a time (or until further notice), or back."""
        staff = await self.edge.staff_of(self.owner)
        if staff is None:
            return
        around = self.edge.around
        try:
            until = parse_until(text_of(given, "until", 20), around.program.shop.zone, around.clock.now())
        except ValueError:
            return
        await self.edge.presence(staff, back=given.get("back") is True, until=until)
        self.due.set()


async def bar(edge: Console, session: str, staff: Staff, here: str, waiting: int | None) -> None:
    """The bar of one page."""
    managed = [("Insights", "/insights"), ("Program", "/program")] if staff.is_manager else []
    names = [("Inbox", "/"), ("Customers", "/customers"), *managed]
    element = Bar()
    page = BarPage(element, edge, session)
    element.props["initial"] = {
        "shop": edge.around.program.shop.name,
        "me": name_of(staff),
        "my_id": staff.id,
        "pages": [{"name": name, "path": path, "on": path == here} for name, path in names],
        "waiting": waiting,
        "team": await page.look(),
    }
    element.on("presence", guarded(page.presence))
    edge.live.open(page)
    edge.live.watch(page, NOBODY)


def team_view(team: Iterable[Staff], held: Mapping[int, int], program: Program, now: datetime) -> list[dict[str, Any]]:
    """Who is here; the seat of whoever opens the console with the printed link shows only while it is used."""
    return [
        {
            "id": each.id,
            "name": name_of(each),
            "here": not absence(each, program, now),
            "away": absence(each, program, now) is Absence.AWAY,
            "state": presence_words(each, program, now),
            "held": held.get(each.id, 0),
            "known": True,
        }
        for each in team
    ]


def name_of(staff: Staff) -> str:
    """How a person of the shop is called."""
    return staff.name or staff.external
