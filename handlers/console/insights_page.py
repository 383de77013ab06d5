"""The page of the figures. What it shows follows from its address; what the figures mean, `insights` says in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from nicegui.events import EChartPointClickEventArguments
from starlette.requests import Request

from bot.domain.figures.board import Choices
from bot.domain.figures.definitions import DEFINITIONS
from bot.domain.figures.period import DAYS
from handlers.console.edge import Console
from handlers.console.frame import STYLE, bar
from handlers.console.insights import (
    COUNTED,
    PERIOD_WORDS,
    TABLE,
    bars_view,
    figure_view,
    headline,
    load_view,
    name_words,
    needs_view,
    rows_view,
    themes_view,
    tiles_view,
    times_view,
    topic_words,
    topics_view,
)
from handlers.console.insights_behind import behind_view
from handlers.console.insights_charts import STEPS, mood_chart, mood_rows, pareto_chart
from handlers.console.insights_export import formats
from handlers.console.insights_money import alone, cohort_words, cohorts_view, converted_words, money_view, sales_view
from handlers.console.insights_reading import Reading, Why
from handlers.console.insights_wish import CUTS, TABLES, Wish, narrowed, read_wish
from handlers.pages import EDGE, WHO, LivePage, dress, guarded, text_of

LOOK: Final = STYLE.with_name("insights.css")
PARTS: Final = {"afterword-insights": "insights_parts"}
DEFINED: Final = ("topics", "themes", "sentiment", "load", "retention", "revenue")
"""Headings whose definition shows at them."""
ASKED: Final = (*CUTS, "period", "from", "to", "compare", "by")
MOST_CURRENCIES: Final = 4
"""How many currencies' curves are drawn; a shop with more has them as tables."""


class InsightsBox(Element, component="afterword_insights.js", esm=PARTS):
    """The figures, drawn in the browser from plain values; the charts are ECharts in its slots."""


class InsightsPage(LivePage):
    """The figures of one wish, kept current. Only what changed is sent."""

    every_s = 20.0
    least_s = 5.0

    def __init__(self, box: InsightsBox, edge: Console, session: str, query: Mapping[str, str]) -> None:
        super().__init__(box, session)
        self.edge = edge
        self.query = query
        self.shown: dict[str, Any] = {}
        self.choice = 0
        """The number of the latest choice; a browser may send an earlier one after it."""
        self.why: Why | None = None
        """What the figures came from; None = it is not known yet."""
        with box.add_slot("mood"):
            self.mood = ui.echart({}, renderer="svg").classes("chart").on_point_click(self._point)
            self.mood.props('aria-hidden="true"')
        self.curves = [self._curve(box, place) for place in range(MOST_CURRENCIES)]

    @staticmethod
    def _curve(box: InsightsBox, place: int) -> ui.echart:
        with box.add_slot(f"curve{place}"):
            return ui.echart({}, renderer="svg").classes("chart").props('aria-hidden="true"')

    def now(self) -> Wish:
        """The wish as of now: the last seven days are others tomorrow."""
        around = self.edge.around
        return read_wish(self.query, around.clock.now(), around.program.shop.zone)

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.edge.around.clock.now().astimezone(self.edge.around.program.shop.zone).date()

    async def _may(self) -> bool:
        staff = await self.edge.staff_of(self.owner, fresh=False)
        if staff is not None and staff.is_manager:
            return True
        self.element.client.open("/")
        return False

    async def refresh(self) -> None:
        """New figures into the same places; what they came from follows."""
        if not await self._may():
            return
        query, wish = self.query, self.now()
        reading = await self.edge.readings.board(wish)
        if query is self.query:
            self.send(wish, reading)
            self.edge.later(self._tell_why(query, wish, reading))

    async def _tell_why(self, query: Mapping[str, str], wish: Wish, reading: Reading) -> None:
        """Words take longer than figures; somebody may have chosen something else meanwhile."""
        why = await self.edge.readings.why(wish, reading)
        if query is self.query:
            self.why = why
            self.send(wish, reading)

    async def first(self) -> dict[str, Any]:
        """What the page begins with."""
        wish = self.now()
        reading = await self.edge.readings.board(wish)
        self.shown = self.view(wish, reading)
        self._draw(reading)
        return self.shown

    def send(self, wish: Wish, reading: Reading) -> None:
        """Only the parts that changed."""
        view = self.view(wish, reading)
        changed = {part: value for part, value in view.items() if self.shown.get(part) != value}
        if changed:
            self.shown = view
            self.tell("figures_are", changed)
        self._draw(reading)

    def view(self, wish: Wish, reading: Reading) -> dict[str, Any]:
        """Every part of the page as plain values."""
        board, compare, own = reading.board, wish.compare, self.edge.around.program.value.currency
        today, why = self.today, self.why
        return {
            "wish": wish.query,
            "problems": list(wish.problems),
            "choices": choices_view(reading.choices, wish),
            "days": [str(board.period.first), str(board.period.last)],
            "headline": headline(board, today, compare=compare),
            "recovery": figure_view("recovery", board.figures["recovery"], compare=compare),
            "needs": needs_view(board),
            "tiles": tiles_view(board.figures, compare=compare),
            "mood": {"rows": mood_rows(reading.parts, reading.step, today), "step": STEPS[reading.step],
                     "cause": why.cause if why else "", "longer": reading.longer},
            "topics": topics_view(board.topics, compare=compare),
            "themes": themes_view(why.themes) if why else None,
            "stars": bars_view((f"{n} ★", count, f"rated:{n}") for n, count in enumerate(board.ratings, 1))[::-1],
            "reasons": bars_view((kind, count, f"reason:{kind}") for kind, count in board.reasons),
            "counts": [figure_view(key, board.figures[key], compare=compare) for key in COUNTED],
            "table": {"by": wish.by, "rows": rows_view(getattr(board, f"{wish.by}s"), wish.by)},
            "tables": [by for by in TABLES if getattr(board, f"{by}s")],
            "times": times_view(board.figures, compare=compare),
            "load": load_view(board.load),
            "sales": sales_view(board.sales, own, compare=compare),
            "repeat": figure_view("repeat_rate", alone(board.repeat), compare=False),
            "money": money_view(board.money, own),
            "converted": converted_words(board.money),
            "cohorts": cohorts_view(board.cohorts),
        }  # fmt: skip

    def _draw(self, reading: Reading) -> None:
        own, cause = self.edge.around.program.value.currency, self.why.cause if self.why else ""
        redraw(self.mood, mood_chart(reading.parts, reading.step, self.today, reading.low, cause))
        curves = {one.currency: one.curve for one in reading.board.money if not one.converted}
        order = sorted(curves, key=lambda name: (name != own, name))
        for chart, name in zip(self.curves, order, strict=False):
            redraw(chart, pareto_chart(curves[name]))

    # ---------------------------------------------------------------- what managers do

    async def choose(self, given: dict[str, Any]) -> None:
        """Another time, filter or table: the address says which. A choice that a later one has overtaken is over."""
        number = given.get("number")
        if not isinstance(number, int) or number <= self.choice:
            return
        self.choice = number
        self.query, self.why = {name: text_of(given, name, 200) for name in ASKED}, None
        await self.refresh_now()
        self.tell("chosen", number)

    async def behind(self, given: dict[str, Any]) -> None:
        """What lies behind a figure, page by page; `in` is a line of a table, `days` a stretch of the chart."""
        if not await self._may():
            return
        key, after = text_of(given, "key", 120), text_of(given, "after", 60)
        zone = self.edge.around.program.shop.zone
        wish = narrowed(self.now(), text_of(given, "in", 300), text_of(given, "days", 30), zone)
        only = given.get("only") is True
        try:
            page = await self.edge.readings.figures.behind(key, wish.period, wish.cut, after, counting=only)
        except (KeyError, ValueError):
            self.tell("behind_is", given.get("number"), {"missing": True, "rows": [], "after": ""})
            return
        now = self.edge.around.clock.now()
        rows = [behind_view(row, zone, now) for row in page.rows]
        self.tell("behind_is", given.get("number"), titled(key) | {"rows": rows, "after": page.after})

    def _point(self, event: EChartPointClickEventArguments) -> None:
        point: Any = event.data
        days = point.get("days") if isinstance(point, dict) else None
        if isinstance(days, str):
            self.tell("open_days", days)


def titled(key: str) -> dict[str, Any]:
    """What a list is called, and what its upper part is; `named` = "" where every row counts alike."""
    name, _, part = key.partition(":")
    definition = DEFINITIONS[OF_PARTS.get(name, name)]
    titles = {
        "topic": f"About {topic_words(part).lower()}",
        "rated": f"Rated with {part} ★",
        "reason": f"Why a person was needed: {part}",
        "load": "Cases taken",
        "retention": cohort_words(part) if name == "retention" else "",
    }
    title = titles.get(name) or (f"{definition.title} · {part}" if part else definition.title)
    return {"title": title, "means": definition.means, "named": ONLY.get(name, ""), "missing": False}


OF_PARTS: Final = {"topic": "topics", "rated": "average_rating", "reason": "cases_opened"}
"""Which definition a part of a figure has."""
ONLY: Final = {
    "recovery": "won back",
    "recovered_of_told": "said yes",
    "csat": "4 or 5 stars",
    "nps": "9 or 10",
    "response_rate": "answered",
    "unhappy_share": "unhappy",
    "topic": "unhappy about it",
    "load": "resolved",
    "top_fifth": "the top 20 %",
    "engaged_spend": "who answer",
    "five_more": "came back",
    "repeat_rate": "came back",
    "retention": "came back",
}
"""What the upper part of a share is called."""


def redraw(chart: ui.echart, options: dict[str, Any]) -> None:
    """Draw again, but only what differs."""
    if chart.options != options:
        chart.options.clear()
        chart.options.update(options)
        chart.update()


def choices_view(choices: Choices, wish: Wish) -> list[dict[str, Any]]:
    """A list for each filter that has something to choose; what the address asks for is in it, whatever there is."""
    found = []
    for name in ("channel", "product", "tier", "level", "campaign"):
        chosen = getattr(wish.cut, name)
        options: tuple[str, ...] = getattr(choices, f"{name}s")
        options = options if chosen in {"", *options} else (*options, chosen)
        if options:
            shown = [[option, name_words(name, option)] for option in options]
            found.append({"name": name, "chosen": chosen, "options": shown})
    return found


@ui.page("/insights", response_timeout=20)
async def insights(request: Request) -> None:
    """What happened, in a sentence, five figures and one chart; then everything behind them."""
    edge: Console = request.scope[EDGE]
    session, staff = request.scope[WHO]
    around = edge.around
    dress(STYLE, LOOK, title=f"Insights · {around.program.shop.name}")
    await bar(edge, session, staff, "/insights", sum(row.state != "claimed" for row in await edge.rows()))
    box = InsightsBox()
    page = InsightsPage(box, edge, session, dict(request.query_params))
    box.props["initial"] = {
        "shown": await page.first(),
        "periods": [[name, PERIOD_WORDS[name]] for name in DAYS],
        "columns": [[key, DEFINITIONS[key].title, DEFINITIONS[key].means] for key in TABLE],
        "means": {key: DEFINITIONS[key].means for key in DEFINED},
        "formats": formats(),
        "shop": around.program.shop.name,
        "zone": around.program.shop.timezone,
    }
    for name, handler in (("choose", page.choose), ("behind", page.behind)):
        box.on(name, guarded(handler))
    edge.live.open(page)
    edge.live.watch(page, None)
    page.due.set()  # what the figures came from follows at once
