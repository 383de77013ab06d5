"""The page of the figures; what they say is in `insights`."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.summary import PERIODS, Summary, build_summary, period_start
from handlers.console.edge import Console
from handlers.console.frame import STYLE, bar
from handlers.console.insights import PERIOD_WORDS, headline, ratings_chart, reasons_view, tiles
from handlers.pages import EDGE, WHO, LivePage, dress


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
    await bar(edge, session, staff, "/insights", sum(row.state != "claimed" for row in await edge.rows()))
    box = ui.element("main").classes("insights")
    page = InsightsPage(box, edge, session, wish if wish in PERIODS else "30d")
    await page.refresh()
    edge.live.open(page)
