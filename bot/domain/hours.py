"""Quiet hours of a customer and opening hours of the shop, in their own time zones, right across DST changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.program import OpeningHours, Program, Quiet, valid_timezone

LOOK_AHEAD = 400


def zone_of(*names: str) -> ZoneInfo:
    """The first of the names that is a time zone, else UTC."""
    for name in names:
        if valid_timezone(name):
            return ZoneInfo(name)
    return ZoneInfo("UTC")


def quiet_until(quiet: Quiet, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the customer's quiet hours end, or None when it is not quiet now."""
    if not quiet.enabled or quiet.from_ == quiet.until:
        return None
    local = now.astimezone(zone)
    over_midnight = quiet.from_ > quiet.until
    clock = local.time()
    after, before = clock >= quiet.from_, clock < quiet.until
    is_quiet = (after or before) if over_midnight else (after and before)
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= quiet.from_ else local.date()
    return _moment(day, quiet.until, zone)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people are there: hours of the week in a time zone, but for closed days."""

    hours: OpeningHours
    zone: ZoneInfo
    closed: Callable[[date], bool]

    def shift(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when somebody is there on a day. Hours over midnight belong to the day they begin on."""
        hours = self.hours
        if day.weekday() not in hours.days or self.closed(day):
            return None
        last = day if hours.opens < hours.closes else day + timedelta(days=1)
        return _moment(day, hours.opens, self.zone), _moment(last, hours.closes, self.zone)

    def shifts(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of this shift, and the ones after it, for over a year. In UTC: an hour is always an hour."""
        since = since.astimezone(UTC)
        yesterday = since.astimezone(self.zone).date() - timedelta(days=1)
        for ahead in range(LOOK_AHEAD):
            shift = self.shift(yesterday + timedelta(days=ahead))
            if shift and shift[1] > since:
                yield max(shift[0], since), shift[1]


def calendar_of(program: Program) -> Calendar:
    """The shop's own."""
    return Calendar(program.sla.hours, program.shop.zone, program.sla.is_closed)


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Whether people are there now."""
    return next((start == now for start, _ in calendar.shifts(now)), False)


def opens_next(calendar: Calendar, now: datetime) -> datetime:
    """When people are there next; `now` when they are, or never are."""
    return next((start for start, _ in calendar.shifts(now)), now)


def add_working(calendar: Calendar, since: datetime, span: timedelta) -> datetime:
    """The moment when people will have been there for `span` since then; plain time if they never are."""
    left = span
    for start, end in calendar.shifts(since):
        if end - start >= left:
            return start + left
        left -= end - start
    return since + span


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins."""
    return _moment(day, time(0), zone)
