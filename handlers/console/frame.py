"""What every page of the console has: its style, the bar on top, the program's clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from nicegui.element import Element

from bot.domain.staff import Staff
from handlers.console.edge import Console

STYLE: Final = Path(__file__).with_name("console.css")
PARTS: Final = {"afterword-console": "parts"}
AN_HOUR: Final = timedelta(hours=1)


class Bar(Element, component="afterword_bar.js"):
    """The bar on top."""


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
