"""Who of the shop's people is there: by their own word, by their hours, and by what was heard of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.draft import Draft
from bot.domain.event import Sender
from bot.domain.hours import Calendar, calendar_of, is_open
from bot.domain.staff import Staff, StaffChange
from bot.phrases import phrase, time_words
from bot.program import Agent, Program, parse_clock, parse_duration

PRESENCE_COMMANDS = frozenset({"away", "back"})
SEEN_EVERY = timedelta(minutes=1)
UNTIL = re.compile(r"(?:until\s+)?(\d{1,2})[:h](\d\d)", re.IGNORECASE)
FOR = re.compile(r"(?:for\s+)?(\d{1,4}\s*[mhd])", re.IGNORECASE)


class Absence(StrEnum):
    """Why somebody is not there; "" = they are."""

    NONE = ""
    AWAY = "away"
    SILENT = "silent"
    HOURS = "hours"


def profile_of(staff: Staff, program: Program) -> Agent:
    """What the program says of a person."""
    return program.agents.get(staff.person or staff.identity) or Agent()


def calendar_for(staff: Staff, program: Program) -> Calendar:
    """Their own hours, else the shop's; the shop's closed days hold for everybody."""
    shop, own = calendar_of(program), profile_of(staff, program).hours
    return replace(shop, hours=own) if own else shop


def absence(staff: Staff, program: Program, now: datetime) -> Absence:
    """Whether and why a person is not there now."""
    if staff.away_since is not None and (staff.away_until is None or now < staff.away_until):
        return Absence.AWAY
    silence = program.routing.away_after
    if silence and staff.seen_at is not None and now - staff.seen_at > silence:
        return Absence.SILENT
    return Absence.NONE if is_open(calendar_for(staff, program), now) else Absence.HOURS


def presence_words(staff: Staff, program: Program, now: datetime) -> str:
    """`here`, `away until 14:00`, `not heard of for 3 h`, `outside their hours`."""
    language = program.shop.languages[0]
    why = absence(staff, program, now)
    if why is Absence.AWAY:
        until = clock_words(staff.away_until, program.shop.zone, now) if staff.away_until else ""
        return phrase(language, "presence-away", time=until)
    if why is Absence.SILENT and staff.seen_at is not None:
        return phrase(language, "presence-silent", wait=time_words((now - staff.seen_at).total_seconds(), language))
    return phrase(language, "presence-hours" if why else "presence-here")


def clock_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`14:00`, with the day when it is another one."""
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%d %b %H:%M}"


def parse_until(words: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """`until 14:00` (the next time the clock shows it), `90m`, `2h`; None for nothing. Raises ValueError for others."""
    if not words.strip():
        return None
    if found := FOR.fullmatch(words.strip()):
        return now + parse_duration(found[1].lower())
    if not (found := UNTIL.fullmatch(words.strip())):
        raise ValueError(words)
    clock, local = parse_clock(f"{found[1]}:{found[2]}"), now.astimezone(zone)
    day = local.date() if clock > local.time() else local.date() + timedelta(days=1)
    return datetime.combine(day, clock, tzinfo=zone).astimezone(now.tzinfo)


def on_presence(draft: Draft, staff: Staff, name: str, words: str) -> str:
    """`/away …` and `/back`, wherever they are said. Returns the answer."""
    verb, _, rest = words.removeprefix("/").partition(" ")
    if verb.partition("@")[0].lower() == "back":
        draft.staff_changed(StaffChange(staff.id, seen_at=draft.now, back=True))
        return draft.desk_words("presence-back", agent=name)
    zone = draft.program.shop.zone
    try:
        until = parse_until(rest, zone, draft.now)
    except ValueError:
        return draft.desk_words("presence-how")
    draft.staff_changed(StaffChange(staff.id, seen_at=draft.now, away_since=draft.now, away_until=until))
    time = clock_words(until, zone, draft.now) if until else ""
    return draft.desk_words("presence-gone", agent=name, time=time)


def seen(draft: Draft, sender: Sender) -> None:
    """Somebody of the shop did something: they are there. Kept once a minute; a name that nobody gave is learned."""
    staff = draft.staff(sender)
    if staff is None:
        return
    name = "" if staff.name else sender.name or sender.handle
    if name or staff.seen_at is None or draft.now - staff.seen_at >= SEEN_EVERY:
        draft.staff_changed(StaffChange(staff.id, seen_at=draft.now, name=name))


def who_is_here(draft: Draft) -> str:
    """Everybody of the shop, with how many cases they hold."""
    lines = []
    for staff in draft.house.people():
        held = sum(case.owner == staff.id for case in draft.house.cases.values())
        here = presence_words(staff, draft.program, draft.now)
        lines.append(draft.desk_words("presence-line", name=staff.name or staff.identity, state=here, held=held))
    return "\n".join([draft.desk_words("presence-head"), *lines]) if lines else ""
