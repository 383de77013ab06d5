"""Quiet hours of a customer and opening hours of the shop, in their own time zones, right across DST changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.program import OpeningHours, Quiet, valid_timezone


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


def is_open(hours: OpeningHours, zone: ZoneInfo, now: datetime) -> bool:
    """Whether people of the shop are there now."""
    local = now.astimezone(zone)
    return local.weekday() in hours.days and hours.opens <= local.time() < hours.closes


def opens_next(hours: OpeningHours, zone: ZoneInfo, now: datetime) -> datetime:
    """When people of the shop are there next; `now` when they are."""
    if is_open(hours, zone, now):
        return now
    day = now.astimezone(zone).date()
    for ahead in range(8):
        candidate = day + timedelta(days=ahead)
        opening = _moment(candidate, hours.opens, zone)
        if candidate.weekday() in hours.days and opening >= now:
            return opening
    return now


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins."""
    return _moment(day, time(0), zone)
