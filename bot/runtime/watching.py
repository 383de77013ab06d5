"""Looks at the tallies every few minutes and hands in what managers should know at once, as an event with a key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.alerts import Count, found
from bot.domain.event import AlertRaised, ByCustomer, Incoming
from bot.domain.figures.board import PROMISES, Asked, Counted
from bot.domain.figures.cuts import EVERY
from bot.domain.figures.period import Period, chosen_period, moment_of, quarter_of
from bot.domain.ids import HOUSE
from bot.ports import Clock, FigureRecords, Intake
from bot.program import Program

log = structlog.get_logger()
DAY = timedelta(days=1)
HISTORY = timedelta(days=28)


class Watch:
    """One per shop: whoever owns "watch" looks."""

    def __init__(self, records: FigureRecords, intake: Intake, program: Program, clock: Clock) -> None:
        self._records = records
        self._intake = intake
        self._program = program
        self._clock = clock

    async def run(self) -> None:
        """Look for ever, while the program wants it."""
        while self._program.alerts.enabled:
            await self.once()
            wake = self._clock.now() + self._program.alerts.every
            await asyncio.sleep(max(0.05, self._clock.seconds_until(wake)))

    async def once(self) -> int:
        """Look once; returns how many alerts were handed in."""
        now = self._clock.now()
        until = moment_of(quarter_of(now) + 1)
        today = Asked(Period("", until - DAY, until, self._program.shop.zone), parts=frozenset({"topics"}))
        history = replace(today, period=replace(today.period, since=until - DAY - HISTORY, until=until - DAY))
        here, there = await self._records.counted(today), await self._records.counted(history)
        alerts = found(_unhappy(here, there), _topics(here, there), await self._products(now), _late(here))
        told = await self._told(alerts)
        for alert in alerts:
            if _name(alert) not in told:
                await self._hand_in(alert)
        return len(alerts) - len(told)

    async def _products(self, now: datetime) -> dict[str, Count]:
        """By product there are whole days of the shop alone: today and yesterday, and the four weeks before."""
        zone = self._program.shop.zone
        today = now.astimezone(zone).date()
        first = chosen_period(today - DAY - HISTORY, today - 2 * DAY, zone)
        here = await self._records.counted_by_product(chosen_period(today - DAY, today, zone), EVERY)
        there = await self._records.counted_by_product(first, EVERY)
        return {
            name: Count(counts["unhappy"], counts["answers"], before["unhappy"], before["answers"])
            for name, counts in here.items()
            if name and (before := there.get(name))
        }

    async def _hand_in(self, alert: AlertRaised) -> None:
        now = self._clock.now()
        await self._intake.accept(Incoming(f"{_name(alert)}:{now:%Y-%m-%d}", ByCustomer(HOUSE), alert, now))
        log.info("managers are told", alert=alert.kind, about=alert.subject)

    async def _told(self, alerts: list[AlertRaised]) -> set[str]:
        """Which were told in the last 24 hours: today's or yesterday's key is in the journal since then."""
        now = self._clock.now()
        keys = {f"{_name(alert)}:{day:%Y-%m-%d}": _name(alert) for alert in alerts for day in (now, now - DAY)}
        return {keys[key] for key in await self._records.told_since(list(keys), now - DAY)} if keys else set()


def _name(alert: AlertRaised) -> str:
    return f"alert:{alert.kind}:{alert.subject}"


def _unhappy(now: Counted, before: Counted) -> Count:
    return Count(now.counts["unhappy"], now.counts["answers"], before.counts["unhappy"], before.counts["answers"])


def _topics(now: Counted, before: Counted) -> dict[str, Count]:
    """Messages that complain about a topic, of all that could be read."""
    usual = {topic.topic: topic.sad for topic in before.topics}
    return {
        topic.topic: Count(topic.sad, now.counts["scored"], usual.get(topic.topic, 0), before.counts["scored"])
        for topic in now.topics
    }


def _late(now: Counted) -> int:
    return sum(now.counts[f"late_{promise}"] for promise in PROMISES)
