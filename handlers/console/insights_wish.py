"""What somebody wants to see of the figures. All of it stands in the page's address: a link shows the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.period import DAYS, Period, chosen_period, named_period

USUAL: Final = "30d"
TABLES: Final = ("product", "channel", "tier", "level", "campaign")
CUTS: Final = tuple(field.name for field in fields(Cut))
LONGEST_DAYS: Final = 1100
"""Three years of days, one by one, are as many as a page can do something with."""
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """A time, a filter, whether the time before stands beside it, and by what the table is split.

    `problems`: what the address asked for and can't be shown, in words.
    """

    period: Period
    cut: Cut = EVERY
    compare: bool = True
    by: str = TABLES[0]
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """As it stands in the address; what is usual is left out."""
        period = self.period
        found = {"period": period.name} if period.name else {"from": str(period.first), "to": str(period.last)}
        found |= {name: getattr(self.cut, name) for name in CUTS}
        found |= {"compare": "" if self.compare else "off", "by": "" if self.by == TABLES[0] else self.by}
        return {name: value for name, value in found.items() if value}

    @property
    def address(self) -> str:
        """The query as text."""
        return urlencode(self.query)


def read_wish(query: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Wish:
    """What an address asks for. What can't be understood is said, and the usual is shown instead."""
    problems: list[str] = []
    period = _period(query, now, zone, problems)
    by = query.get("by") or TABLES[0]
    if by not in TABLES:
        problems.append(f"There is no table by “{by[:LONGEST]}”: by {TABLES[0]} is shown.")
    cut = Cut(**{name: " ".join(query.get(name, "").split())[:LONGEST] for name in CUTS})
    return Wish(period, cut, query.get("compare") != "off", by if by in TABLES else TABLES[0], tuple(problems))


def _period(query: Mapping[str, str], now: datetime, zone: ZoneInfo, problems: list[str]) -> Period:
    usual = named_period(USUAL, now, zone)
    assert usual is not None  # noqa: S101 - USUAL is one of DAYS
    if query.get("from") or query.get("to"):
        found = _chosen(query.get("from", ""), query.get("to", ""), zone)
        if isinstance(found, Period):
            return found
        problems.append(f"{found} The last 30 days are shown.")
        return usual
    name = query.get("period") or USUAL
    found_by_name = named_period(name, now, zone)
    if found_by_name is None:
        problems.append(f"“{name[:LONGEST]}” is not a time: {', '.join(DAYS)} are. The last 30 days are shown.")
    return found_by_name or usual


def _chosen(since: str, until: str, zone: ZoneInfo) -> Period | str:
    """The days from `since` to `until`, both included; words when they are not days."""
    try:
        first, last = date.fromisoformat(since or until), date.fromisoformat(until or since)
    except ValueError:
        return "Days are written like 2026-11-30."
    if last < first:
        return f"{last} lies before {first}."
    if (last - first).days >= LONGEST_DAYS:
        return f"From {first} to {last} is too long: up to three years can be shown."
    if not date(2000, 1, 1) <= first <= last <= date(2199, 12, 31):
        return f"From {first} to {last} lies too far away."
    return chosen_period(first, last, zone)


def narrowed(wish: Wish, place: str, days: str, zone: ZoneInfo) -> Wish:
    """The same for one line of a table (`product:Boots`) or one stretch of a chart (`2026-11-02..2026-11-08`)."""
    name, _, value = place.partition(":")
    if name in CUTS and value:
        wish = replace(wish, cut=replace(wish.cut, **{name: value[:LONGEST]}))
    first, _, last = days.partition("..")
    found = _chosen(first, last, zone) if first else ""
    return replace(wish, period=found) if isinstance(found, Period) else wish
