"""Figures for whoever shows them: the console, chat reports, digests, exports. The one door to the truth in figures.

    figures = Figures(records, program, clock)
    board = await figures.board("7d")                       # everything of a period, in one go
    page = await figures.behind("unhappy_share", board.period, board.cut)

`DEFINITIONS[key]` (bot.domain.figures.definitions) has each figure's title, meaning, unit and what its n counts.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.figures.board import (
    Asked,
    BehindPage,
    Board,
    Choices,
    Counted,
    Counts,
    Quote,
    Row,
    Theme,
    build_board,
    summed,
    table_rows,
    topics_of,
)
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.figure import Figure
from bot.domain.figures.money import Cohort, Money, cohorts_of, converted, repeat_rate
from bot.domain.figures.period import Period, chosen_period, month_of, named_period
from bot.domain.figures.series import Stretch, cause_of, without
from bot.domain.figures.themes import rising, three_voices
from bot.ports import Clock, FigureRecords
from bot.program import Program


class Figures:
    """Everything is made when it is asked for; nothing is kept."""

    def __init__(self, records: FigureRecords, program: Program, clock: Clock) -> None:
        self._records = records
        self._program = program
        self._clock = clock

    def period(self, name: str, zone: ZoneInfo | None = None) -> Period | None:
        """today, 7d, 30d or 90d up to now, in somebody's own days (the shop's unless told); None for another name."""
        return named_period(name, self._clock.now(), zone or self._program.shop.zone)

    async def choices(self) -> Choices:
        """What can be filtered by."""
        return await self._records.figure_choices()

    async def board(self, period: Period, cut: Cut = EVERY) -> Board:
        """Everything of a period, with the time before beside it."""
        brief = await self.brief(period, cut)
        people = await self._records.counted_by_people(period, cut)
        products = await self._records.counted_by_product(period, cut)
        money, repeat, cohorts = await self.money()
        return replace(
            brief,
            products=table_rows({name: counts for name, counts in products.items() if name}),
            channels=_by("channel", people),
            tiers=_by("tier", people),
            levels=_by("level", people),
            campaigns=_by("campaign", people),
            money=money,
            repeat=repeat,
            cohorts=cohorts,
        )

    async def brief(self, period: Period, cut: Cut = EVERY) -> Board:
        """The figures, days and topics of a period, without tables and money: what a message needs."""
        return (await self.told(period, cut))[0]

    async def told(self, period: Period, cut: Cut = EVERY) -> tuple[Board, Counted]:
        """The same with the bare counts beside it."""
        asked = Asked(period, cut)
        now = await self._records.counted(asked)
        before = await self._records.counted(replace(asked, period=period.before(), parts=asked.parts - {"days"}))
        load, open_now = await self._records.load(period)
        return replace(build_board(asked, now, before), open_now=open_now, load=load), now

    async def days(self, period: Period, cut: Cut = EVERY) -> Mapping[date, Counts]:
        """What was counted on each local day, for what is drawn over time."""
        return (await self._records.counted(Asked(period, cut, frozenset({"days"})))).days

    async def cause(self, low: Stretch, around: Period, cut: Cut = EVERY) -> str:
        """What the low mood of some days came from, against the other days around it; "" if nothing stands out."""
        days = chosen_period(low.first, low.last, around.zone)
        here = await self._records.sayings(days, cut)
        there = [
            saying
            for part in (replace(around, until=days.since), replace(around, since=days.until))
            if part.since < part.until
            for saying in await self._records.sayings(part, cut)
        ]
        themes = await asyncio.to_thread(rising, here, there)
        parts = frozenset({"topics"})
        now = await self._records.counted(Asked(days, cut, parts))
        whole = await self._records.counted(Asked(around, cut, parts))
        return cause_of(themes, topics_of(now, without(whole, now)))

    async def themes(self, period: Period, cut: Cut = EVERY) -> tuple[Theme, ...]:
        """Words that rose against the time before, each with quotes; personal data is masked."""
        now = await self._records.sayings(period, cut)
        before = await self._records.sayings(period.before(), cut)
        return await asyncio.to_thread(rising, now, before)

    async def voices(self, period: Period, cut: Cut = EVERY) -> tuple[Quote, ...]:
        """Three quotes of a period; personal data is masked."""
        return await asyncio.to_thread(three_voices, await self._records.sayings(period, cut, 300))

    async def money(self) -> tuple[tuple[Money, ...], Figure, tuple[Cohort, ...]]:
        """What customers are worth so far, per currency, and in the program's own where it has rates."""
        found, everybody, months = await self._records.money()
        policy = self._program.value
        together = converted(found, policy.currency, policy.rates)
        now = month_of(self._clock.now(), self._program.shop.zone)
        per_currency = (*found, together) if together else tuple(found)
        return per_currency, repeat_rate(everybody), cohorts_of(months, now)

    async def behind(
        self, key: str, period: Period, cut: Cut = EVERY, after: str = "", limit: int = 50, *, counting: bool = False
    ) -> BehindPage:
        """What lies behind a figure (or behind `topic:delivery`), newest first. `counting`: its upper part alone.

        Raises KeyError for a figure that doesn't open.
        """
        return await self._records.behind(key, period, cut, after, limit, counting=counting)


def _by(dimension: str, people: Mapping[Cut, Counts]) -> tuple[Row, ...]:
    found: defaultdict[str, list[Counts]] = defaultdict(list)
    for cut, counts in people.items():
        if name := getattr(cut, dimension):
            found[name].append(counts)
    return table_rows({name: summed(parts) for name, parts in found.items()})
