"""A time that figures are about: whole local days of a shop or a manager, cut into quarters of an hour.

Tallies are kept by the quarter of an hour in UTC: every time zone in use today begins its days on one, so the same
tallies give right days in Paris, Kathmandu and New York, on the 23- and the 25-hour day too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER_S = 900
QUARTER = timedelta(seconds=QUARTER_S)
DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
"""How many local days a period has, today's among them."""


def quarter_of(moment: datetime) -> int:
    """The number of the quarter of an hour that a moment lies in, since 1970 UTC."""
    return int(moment.timestamp() // QUARTER_S)


def moment_of(quarter: int) -> datetime:
    """When a quarter of an hour begins."""
    return datetime.fromtimestamp(quarter * QUARTER_S, UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to before `until`; the last one is cut short when it is today's.

    `since` and `until` are moments at which a quarter of an hour begins. `name` is today, 7d, 30d, 90d, or "" for days
    that were chosen.
    """

    name: str
    since: datetime
    until: datetime
    zone: ZoneInfo

    @property
    def quarters(self) -> tuple[int, int]:
        """From the first quarter to before the last one."""
        return quarter_of(self.since), quarter_of(self.until)

    @property
    def first(self) -> date:
        """The first local day."""
        return self.since.astimezone(self.zone).date()

    @property
    def last(self) -> date:
        """The last local day."""
        return (self.until - QUARTER).astimezone(self.zone).date()

    @property
    def days(self) -> int:
        """How many local days it touches."""
        return (self.last - self.first).days + 1

    def each_day(self) -> Iterator[tuple[date, int, int]]:
        """Every local day with the quarters that it begins and ends with."""
        since, until = self.quarters
        day = self.first
        while day <= self.last:
            ends = quarter_of(midnight(day + timedelta(days=1), self.zone))
            yield day, max(since, quarter_of(midnight(day, self.zone))), min(until, ends)
            day += timedelta(days=1)

    def before(self) -> Period:
        """As many days just before it, up to the same time of day: so that half a Monday is held against half one."""
        back = timedelta(days=self.days)
        return Period(
            self.name, _shifted(self.since, back, self.zone), _shifted(self.until, back, self.zone), self.zone
        )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins. Where the clocks skip it (Santiago, Beirut), with its first moment."""
    return _on_a_quarter(datetime.combine(day, time(), zone))


def _shifted(moment: datetime, back: timedelta, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return _on_a_quarter(datetime.combine(local.date() - back, local.time(), zone))


def _on_a_quarter(local: datetime) -> datetime:
    """The same moment in UTC, on the quarter it lies in."""
    return moment_of(quarter_of(local))


def named_period(name: str, now: datetime, zone: ZoneInfo) -> Period | None:
    """`today` or the last `7d`, `30d`, `90d` (today's day included) of somebody's own days; None for another name."""
    days = DAYS.get(name)
    if days is None:
        return None
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return Period(name, midnight(first, zone), moment_of(quarter_of(now) + 1), zone)


def chosen_period(first: date, last: date, zone: ZoneInfo) -> Period:
    """Whole local days from `first` to `last`, both included."""
    return Period("", midnight(first, zone), midnight(last + timedelta(days=1), zone), zone)


def month_of(moment: datetime, zone: ZoneInfo) -> int:
    """A local month as a number that counts on: year × 12 + month − 1."""
    local = moment.astimezone(zone)
    return local.year * 12 + local.month - 1
