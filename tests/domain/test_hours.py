"""Deadlines in the shop's hours: nights, weekends, holidays and the two days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.domain.hours import Calendar, add_working, calendar_of, is_open, opens_next
from bot.errors import ProgramInvalid
from bot.program import parse_hours, parse_program

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
DAYS = st.dates(date(2026, 3, 1), date(2026, 11, 30))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def calendar(hours: str = "Mon-Fri 09:00-18:00", *closed: str, zone: ZoneInfo = PARIS) -> Calendar:
    days = {date.fromisoformat(day) for day in closed}
    return Calendar(parse_hours(hours), zone, days.__contains__)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:15"),  # a Friday, open
        ("2026-11-20 17:45", "2026-11-20 18:00"),  # done just when the shop closes
        ("2026-11-20 17:50", "2026-11-23 09:05"),  # ten minutes before the weekend: five are left for Monday
        ("2026-11-21 12:00", "2026-11-23 09:15"),  # a Saturday
        ("2026-11-20 05:00", "2026-11-20 09:15"),
        ("2026-12-23 17:50", "2026-12-28 09:05"),  # closed on the 24th, Christmas, a weekend
        ("2026-12-31 17:50", "2027-01-04 09:05"),  # New Year's Day is a holiday of every year
    ],
)
def test_a_promise_counts_opening_hours_only(since: str, until: str) -> None:
    program = parse_program('[shop]\ntimezone = "Europe/Paris"\n[sla]\nholidays = "FR"\nclosed = ["2026-12-24"]\n')
    assert add_working(calendar_of(program), paris(since), 15 * MINUTE) == paris(until)


def test_holidays_are_those_of_the_place() -> None:
    epiphany = date(2027, 1, 6)  # a Wednesday; a holiday in Bavaria, not in all of Germany
    for place, closed in (("DE-BY", True), ("DE", False), ("de-by", True), ("", False)):
        assert parse_program(f'[sla]\nholidays = "{place}"').sla.is_closed(epiphany) is closed


@pytest.mark.parametrize("line", ['holidays = "Atlantis"', 'holidays = "DE-XX"', "holidays = 7", 'closed = ["24.12."]'])
def test_a_place_or_day_that_does_not_exist_stops_the_start(line: str) -> None:
    with pytest.raises(ProgramInvalid, match="allowed"):
        parse_program(f"[sla]\n{line}")


def test_an_unknown_key_of_an_agent_is_named_with_what_is_allowed() -> None:
    with pytest.raises(ProgramInvalid, match="allowed here: languages, skills, hours, capacity"):
        parse_program('[agents."telegram:1"]\nlanguage = "de"')


@pytest.mark.parametrize("hours", ["Mon-Sun 00:00-00:00", "Mon-Sun 00:00-23:59"])
def test_an_hour_is_an_hour_on_the_days_when_clocks_change(hours: str) -> None:
    for night in ("2026-03-29 01:30", "2026-10-25 01:30"):
        since = paris(night)
        assert add_working(calendar(hours), since, timedelta(hours=2)) == since.astimezone(UTC) + timedelta(hours=2)


def test_a_day_of_work_ends_at_the_same_clock_after_the_change() -> None:
    friday = paris("2026-03-27 12:00")
    assert add_working(calendar(), friday, timedelta(hours=9)) == paris("2026-03-30 12:00")
    assert opens_next(calendar(), paris("2026-10-24 12:00")) == paris("2026-10-26 09:00")


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    nights = calendar("Fri 22:00-06:00")
    assert is_open(nights, paris("2026-11-21 05:59"))
    assert not is_open(nights, paris("2026-11-21 06:00"))
    assert not is_open(nights, paris("2026-11-20 05:00"))
    assert add_working(nights, paris("2026-11-21 05:50"), 15 * MINUTE) == paris("2026-11-27 22:05")


def test_a_shop_that_never_opens_promises_plain_time_and_nothing_hangs() -> None:
    never = Calendar(parse_hours("Mon-Fri 09:00-18:00"), PARIS, lambda _day: True)
    since = paris("2026-11-20 10:00")
    assert add_working(never, since, MINUTE) == since + MINUTE
    assert opens_next(never, since) == since
    assert not is_open(never, since)


@given(
    day=DAYS,
    minute=st.integers(0, 1439),
    span=st.integers(1, 2000),
    closed=st.lists(DAYS, max_size=5),
    hours=st.sampled_from(["Mon-Fri 09:00-18:00", "Mon-Sun 00:00-23:59", "Sat,Sun 01:00-04:00", "Wed 20:00-02:30"]),
)
def test_exactly_the_promised_minutes_are_open_until_the_deadline(
    day: date, minute: int, span: int, closed: list[date], hours: str
) -> None:
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE
    shop = calendar(hours, *(each.isoformat() for each in closed))
    until = add_working(shop, since, span * MINUTE)
    worked = sum((min(end, until) - start for start, end in shop.shifts(since) if start < until), start=timedelta(0))
    assert worked == span * MINUTE
    assert is_open(shop, until - MINUTE)
    assert add_working(shop, since, (span + 1) * MINUTE) > until
    assert add_working(shop, since + MINUTE, span * MINUTE) >= until


@given(day=DAYS, minute=st.integers(0, 1439))
def test_the_next_opening_is_open_and_nothing_before_it_is(day: date, minute: int) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE
    shop = calendar("Mon-Fri 09:00-18:00", "2026-05-01")
    opening = opens_next(shop, now)
    assert is_open(shop, opening)
    assert is_open(shop, now) == (opening == now)
    assert opening == now or not is_open(shop, opening - MINUTE)
