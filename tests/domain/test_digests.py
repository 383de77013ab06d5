"""Digests come once a day at the right local hour; alerts reach every manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest import Setting, moment_of, next_day, setting_from
from bot.domain.event import AlertRaised, CampaignStopped, DigestDue, Said, Sender
from bot.domain.ids import StaffId
from bot.domain.message import Side
from bot.domain.staff import Role
from tests.domain.world import BORIS, KIM, World, program

MONA = Sender("telegram", "9", "Mona")
PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "UTC")


def asked(words: str, *, now: datetime | None = None, sender: Sender = MONA, zone: str = "Europe/Paris") -> World:
    world = World(program=program(f'[shop]\nname = "Boots & Co"\ntimezone = "{zone}"'))
    if now is not None:
        world.now = now
    world.happens(Said(sender, words))
    return world


def digests(world: World) -> list[dict[str, Any]]:
    return [one.message.arguments for one in world.sent if one.message.report == "digest"]


def told(world: World) -> str:
    return world.sent[-1].message.text


class Watched(World):
    """Notes when each digest was sent."""

    moments: list[datetime]

    def _apply(self, payload: Any) -> Any:
        before = len(digests(self))
        decision = super()._apply(payload)
        if len(digests(self)) > before:
            self.moments.append(self.now)
        return decision


def watched(words: str, now: datetime, sender: Sender = MONA) -> Watched:
    world = Watched(program=program('[shop]\nname = "Boots & Co"\ntimezone = "Europe/Paris"'), now=now)
    world.moments = []
    world.happens(Said(sender, words))
    return world


@pytest.mark.parametrize("begins", [datetime(2026, 3, 26, 12, tzinfo=UTC), datetime(2026, 10, 22, 12, tzinfo=UTC)])
def test_a_daily_digest_comes_once_a_day_at_its_hour_though_the_clocks_change(begins: datetime) -> None:
    world = watched("/digest daily 8:00", begins)
    world.wait(days=7)
    assert [moment.astimezone(PARIS).time() for moment in world.moments] == [time(8)] * 7
    days = [moment.astimezone(PARIS).date() for moment in world.moments]
    assert days == [begins.date() + timedelta(days=n) for n in range(1, 8)]
    assert [given["day"] for given in digests(world)] == [day.isoformat() for day in days]


def test_an_hour_that_the_clocks_skip_and_one_that_they_repeat_come_once() -> None:
    world = watched("/digest daily 2:30", datetime(2026, 3, 27, 12, tzinfo=UTC))
    world.wait(days=3)
    assert [moment.astimezone(PARIS).strftime("%d %H:%M") for moment in world.moments] == [
        "28 02:30", "29 03:30", "30 02:30",
    ]  # fmt: skip
    world = watched("/digest daily 2:30", datetime(2026, 10, 24, 12, tzinfo=UTC))
    world.wait(days=2)
    assert [moment.astimezone(PARIS).strftime("%d %H:%M") for moment in world.moments] == ["25 02:30", "26 02:30"]


def test_a_weekly_digest_comes_on_the_programs_day() -> None:
    world = watched("/digest weekly", datetime(2026, 10, 22, 12, tzinfo=UTC))
    world.wait(days=21)
    assert [moment.astimezone(PARIS).strftime("%a %d %H:%M") for moment in world.moments] == [
        "Mon 26 08:00", "Mon 02 08:00", "Mon 09 08:00",
    ]  # fmt: skip
    assert {given["period"] for given in digests(world)} == {"weekly"}


def test_after_a_long_standstill_only_the_latest_comes() -> None:
    world = watched("/digest daily 8:00", datetime(2026, 11, 2, 12, tzinfo=UTC))
    world.now += timedelta(days=5)
    world.run()
    assert len(world.moments) == 1
    world.wait(days=1)
    assert len(world.moments) == 2


@pytest.mark.parametrize(
    ("sender", "words", "zone", "clock"),
    [
        (MONA, "/digest daily", "Europe/Paris", "08:00"),
        (MONA, "/digest daily 7", "Europe/Paris", "07:00"),
        (MONA, "/digest DAILY 7h30 America/New_York", "America/New_York", "07:30"),
        (replace(MONA, timezone="Asia/Kolkata"), "/digest daily 18:00", "Asia/Kolkata", "18:00"),
        (replace(MONA, timezone="Mars/Base"), "/digest daily", "Europe/Paris", "08:00"),
    ],
)
def test_the_zone_is_the_one_named_else_the_managers_own_else_the_shops(
    sender: Sender, words: str, zone: str, clock: str
) -> None:
    world = asked(words, sender=sender)
    assert zone in told(world)
    assert clock in told(world)
    setting = setting_from(world.house.staff["telegram", "9"].digest)
    assert setting is not None
    assert (setting.zone, f"{setting.at:%H:%M}") == (zone, clock)


@pytest.mark.parametrize("words", ["hourly", "daily 25:00", "daily 8:00 Mars/Base", "daily 8:77", "off now please"])
def test_what_is_not_understood_is_told_and_changes_nothing(words: str) -> None:
    world = asked("/digest daily 9:00")
    kept = world.house.staff["telegram", "9"].digest
    world.happens(Said(MONA, f"/digest {words}"))
    assert "/digest daily" in told(world)
    assert world.house.staff["telegram", "9"].digest == kept


def test_off_ends_it_and_another_setting_takes_its_place() -> None:
    world = watched("/digest daily 8:00", datetime(2026, 11, 2, 12, tzinfo=UTC))
    world.happens(Said(MONA, "/digest daily 9:00"))
    world.wait(days=2)
    assert [moment.astimezone(PARIS).hour for moment in world.moments] == [9, 9]
    world.happens(Said(MONA, "/digest"))
    assert "09:00" in told(world)
    world.happens(Said(MONA, "/digest off"))
    world.wait(days=3)
    assert len(world.moments) == 2
    world.happens(Said(MONA, "/digest"))
    assert "no digest" in told(world)
    world.happens(Said(MONA, "/digest daily 9:00"))
    world.wait(days=1)
    assert len(world.moments) == 3


def test_who_is_no_manager_gets_none_and_loses_what_they_had() -> None:
    world = asked("/digest daily", sender=KIM)
    assert digests(world) == []
    assert world.timers == []
    world = watched("/digest daily 8:00", datetime(2026, 11, 2, 12, tzinfo=UTC))
    mona = world.house.staff["telegram", "9"]
    world.house.staff["telegram", "9"] = replace(mona, roles=frozenset({Role.AGENT}))
    world.wait(days=2)
    assert world.moments == []


def test_a_repeated_timer_sends_nothing_twice() -> None:
    world = watched("/digest daily 8:00", datetime(2026, 11, 2, 12, tzinfo=UTC))
    world.wait(days=1)
    planned = list(world.timers)
    assert len(planned) == 1
    stale = DigestDue("telegram", "9", "daily 08:00 Europe/Paris 1", "2026-11-03")
    world.happens(stale)
    assert len(world.moments) == 1
    assert world.timers == planned


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1_600_000_000, 1_900_000_000),
    st.sampled_from(["daily", "weekly"]),
    st.integers(0, 6),
)
def test_the_next_digest_lies_ahead_and_none_is_left_out(
    zone: str, at: time, seconds: int, every: str, weekday: int
) -> None:
    setting, now = Setting(every, at, zone, 1), datetime.fromtimestamp(seconds, UTC)
    day = next_day(setting, now, weekday)
    assert moment_of(setting, day) > now
    before = day - timedelta(days=7 if every == "weekly" else 1)
    assert moment_of(setting, before) <= now
    assert every == "daily" or day.weekday() == weekday
    assert setting_from(setting.text) == setting
    assert isinstance(day, date)


# ---------------------------------------------------------------- alerts


def test_every_manager_hears_an_alert_and_no_agent_does() -> None:
    world = World(program=program())
    world.happens(AlertRaised("unhappy", "", {"hits": "9", "of": "20", "share": "45 %", "usual": "10 %"}))
    assert [(one.side, one.message.arguments["to"]) for one in world.sent] == [(Side.STAFF, "9")]
    assert "9 of 20" in told(world)
    assert BORIS.external != "9"


@pytest.mark.parametrize("news", [AlertRaised("late", "", {"hits": "3"}), CampaignStopped("care", "3 of 20")])
def test_a_manager_hears_it_once_in_the_first_chat_that_runs(news: AlertRaised | CampaignStopped) -> None:
    world = World(program=program())
    mona = replace(world.house.staff["telegram", "9"], person="telegram:9")
    people = [
        mona,
        replace(mona, channel="slack", external="U9"),
        replace(mona, id=StaffId(77), channel="console", external="otto", person="console:otto"),
        replace(mona, id=StaffId(77), channel="slack", external="U7", person="console:otto"),
        replace(mona, id=StaffId(78), channel="console", external="nora"),
    ]
    world.house = replace(world.house, staff={(one.channel, one.external): one for one in people})
    world.happens(news)
    told = [(one.channel, one.message.arguments["to"]) for one in world.sent if one.side is Side.STAFF]
    assert sorted(told) == [("slack", "U7"), ("telegram", "9")]
    world.sent.clear()
    world.house = replace(world.house, channels=frozenset({"slack"}))
    world.happens(news)
    assert sorted(one.message.arguments["to"] for one in world.sent if one.side is Side.STAFF) == ["U7", "U9"]


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (AlertRaised("topic", "delivery", {"hits": "9", "of": "20", "share": "45 %", "usual": "1 %"}), "delivery"),
        (AlertRaised("topic", "smell", {"hits": "9", "of": "20", "share": "45 %", "usual": "1 %"}), "smell"),
        (AlertRaised("late", "", {"hits": "3"}), "promises not kept"),
    ],
)
def test_an_alert_says_what_happened(alert: AlertRaised, words: str) -> None:
    world = World(program=program())
    world.happens(alert)
    assert words in told(world)
