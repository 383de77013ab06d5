"""Digests: a manager hears by themselves what changed, daily or weekly, at an hour of their own day.

A digest is a timer in the manager's own lane. Its key holds the local day, so it comes once a day whatever crashes; the
moment is worked out anew each time in local time, so that the clocks may change in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.commands import parse_command
from bot.domain.draft import Draft
from bot.domain.event import DigestDue, Sender
from bot.domain.hours import zone_of
from bot.domain.message import Side
from bot.domain.staff import Staff, StaffChange
from bot.program import DAYS, Digest, parse_clock, valid_timezone

OFF, DAILY, WEEKLY = "off", "daily", "weekly"
WORDS = re.compile(
    r"(?P<every>daily|weekly|off)(?:\s+(?P<clock>\d{1,2}(?:[:h]\d\d)?))?(?:\s+(?P<zone>[\w+/-]+))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Setting:
    """When somebody wants their digest. `serial` tells two settings in the same words apart."""

    every: str
    at: time
    zone: str
    serial: int

    @property
    def text(self) -> str:
        """As it lies in a column: `daily 08:00 Europe/Paris 17`."""
        return f"{self.every} {self.at:%H:%M} {self.zone} {self.serial}"


def setting_from(text: str) -> Setting | None:
    """What `Setting.text` gave; None for no digest."""
    if not text:
        return None
    every, at, zone, serial = text.split()
    return Setting(every, parse_clock(at), zone, int(serial))


def next_day(setting: Setting, after: datetime, weekday: int) -> date:
    """The next local day with a digest whose moment lies after `after`."""
    day = after.astimezone(ZoneInfo(setting.zone)).date()
    while moment_of(setting, day) <= after or (setting.every == WEEKLY and day.weekday() != weekday):
        day += timedelta(days=1)
    return day


def moment_of(setting: Setting, day: date) -> datetime:
    """When the digest of a day comes. An hour that the clocks skip is the one after it; a repeated one counts once."""
    return datetime.combine(day, setting.at, ZoneInfo(setting.zone)).astimezone(UTC)


def sets_digest(words: str) -> bool:
    """Whether these words say when a digest shall come: then it matters where its reader lives."""
    command = parse_command(words)
    return command is not None and command.name == "digest" and bool(command.words)


def on_digest_words(draft: Draft, sender: Sender, staff: Staff, words: str) -> None:
    """`/digest daily|weekly|off [8:00] [Europe/Paris]`; alone it tells what is set."""
    if not words.strip():
        draft.tell_staff(sender, _now_set(draft, staff))
        return
    found = WORDS.fullmatch(" ".join(words.split()))
    zone = (found["zone"] or "") if found else ""
    if not found or (zone and not valid_timezone(zone)):
        draft.tell_staff(sender, draft.desk_words("digest-how"))
        return
    if found["every"].lower() == OFF:
        draft.staff_changed(StaffChange(staff.id, digest=""))
        draft.tell_staff(sender, draft.desk_words("digest-off"))
        return
    try:
        at = _clock(found["clock"], draft.program.digest)
    except ValueError:
        draft.tell_staff(sender, draft.desk_words("digest-how"))
        return
    local = zone_of(zone, sender.timezone, draft.customer.timezone, draft.program.shop.timezone).key
    setting = Setting(found["every"].lower(), at, local, int(draft.event.id))
    draft.staff_changed(StaffChange(staff.id, digest=setting.text))
    plan(draft, staff, setting, draft.now)
    draft.tell_staff(sender, words_for(draft, setting))


def _clock(words: str | None, policy: Digest) -> time:
    if not words:
        return policy.at
    hours, _, minutes = words.replace("h", ":").partition(":")
    return parse_clock(f"{hours}:{minutes or '00'}")


def _now_set(draft: Draft, staff: Staff) -> str:
    setting = setting_from(staff.digest)
    return words_for(draft, setting) if setting else draft.desk_words("digest-none")


def words_for(draft: Draft, setting: Setting) -> str:
    """When the digest comes, in words."""
    day = draft.desk_words(f"day-{weekday_of(draft.program.digest)}")
    return draft.desk_words(f"digest-{setting.every}", time=f"{setting.at:%H:%M}", zone=setting.zone, day=day)


def weekday_of(policy: Digest) -> int:
    """The day of weekly digests, 0 = Monday."""
    return DAYS.index(policy.weekly_on)


def plan(draft: Draft, staff: Staff, setting: Setting, after: datetime) -> None:
    """The timer of the next digest."""
    day = next_day(setting, after, weekday_of(draft.program.digest))
    due = DigestDue(staff.channel, staff.external, setting.text, day.isoformat())
    draft.timer(f"digest:{setting.serial}:{day.isoformat()}", moment_of(setting, day), due)


def on_digest_due(draft: Draft, due: DigestDue) -> None:
    """Send it, and plan the next one. Who is no manager any more, or wants it otherwise now, gets none.

    After a long standstill only the latest one comes: nobody wants last week's mornings all at once.
    """
    staff = draft.house.staff.get((due.channel, due.external))
    setting = setting_from(due.setting)
    if staff is None or setting is None or not staff.is_manager or staff.digest != due.setting:
        return
    arguments = {"period": setting.every, "zone": setting.zone, "day": due.day, "to": due.external}
    draft.report(Side.STAFF, due.channel, "digest", arguments)
    plan(draft, staff, setting, max(draft.now, moment_of(setting, date.fromisoformat(due.day))))
