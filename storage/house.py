"""What is the same for every customer: staff, open cases, shops that report deliveries. Small, kept in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.case import Case
from bot.domain.ids import CaseId, EventId, StaffId
from bot.domain.spike import Spike
from bot.domain.staff import Role, Staff, StaffChange, joined
from bot.domain.story import House, OpenCase
from bot.program import Campaign
from storage import codec
from storage.codec import moment
from storage.session import Session
from storage.statements import Query

FRESH_S = 1.0
MOST_CASES = 500
MOST_SPIKES = 100
STAFF_LINES = (
    "SELECT s.id, s.channel, s.external, s.name, s.languages, s.skills, p.away_since, p.away_until, p.seen_at, "
    "p.offered_at, COALESCE(p.digest, ''), r.role FROM staff s JOIN staff_role r ON r.staff_id = s.id "
    "LEFT JOIN presence p ON p.staff_id = s.id ORDER BY s.id"
)
STAFF = Query(STAFF_LINES)
STAFF_FOR_CERTAIN = Query(f"{STAFF_LINES} FOR SHARE OF r", STAFF_LINES)
"""Nobody's role is taken away until this transaction ends: who claims in it keeps the role until then."""
SHOPS = Query("SELECT name FROM shop WHERE reports_delivery_since IS NOT NULL")
CAMPAIGNS = Query("SELECT name, definition, stopped_at, why FROM campaign")
SPIKES = Query("SELECT id, kind, subject, raised_at, seized_at, seized_by FROM spike ORDER BY id DESC LIMIT $1")
CASES = Query(
    "SELECT id, priority, waiting_since, CASE WHEN state = 'open' THEN NULL ELSE owner END, offered_to FROM \"case\" "
    "WHERE state <> 'resolved' ORDER BY priority DESC, id LIMIT $1"
)


class HouseMemory:
    """`channels`, `desk` and `mirrors` are told by the wiring; the rest is read again often, and when it changed."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self.channels: frozenset[str] = frozenset()
        self.desk = "console"
        self.mirrors: tuple[str, ...] = ()
        self.same: Mapping[str, Sequence[str]] = {}
        self._staff: dict[tuple[str, str], Staff] = {}
        self._shops: frozenset[str] = frozenset()
        self._cases: dict[CaseId, OpenCase] = {}
        self._campaigns: dict[str, Campaign] = {}
        self._stopped: dict[str, str] = {}
        self._spikes: dict[EventId, Spike] = {}
        self._read_at = float("-inf")

    def forget(self) -> None:
        """Something changed."""
        self._read_at = float("-inf")

    async def current(self, session: Session, *, certain: bool = False) -> House:
        """A house with fresh places for a batch's tokens and owners. `certain`: roles as they are, and stay so."""
        if certain or self._seconds() - self._read_at > FRESH_S:
            people = joined(await read_staff(session, certain=certain), self.same)
            self._staff = {(one.channel, one.external): one for one in people}
        if self._seconds() - self._read_at > FRESH_S:
            self._read_at = self._seconds()
            self._shops = frozenset(row[0] for row in await session.rows(SHOPS))
            self._cases = {
                CaseId(number): OpenCase(priority, moment(waiting), _who(owner), _who(offered))
                for number, priority, waiting, owner, offered in await session.rows(CASES, MOST_CASES)
            }
            await self._read_campaigns(session)
            self._spikes = {one.id: one for one in await read_spikes(session)}
        return House(
            self.channels, self.desk, self._staff, self._shops, {}, {}, cases=self._cases, mirrors=self.mirrors,
            campaigns=self._campaigns, stopped=self._stopped, spikes=self._spikes,
        )  # fmt: skip

    async def _read_campaigns(self, session: Session) -> None:
        rows = await session.rows(CAMPAIGNS)
        self._campaigns = {row[0]: Campaign.model_validate(codec.from_json(row[1])) for row in rows if row[1]}
        self._stopped = {row[0]: row[3] for row in rows if row[2] is not None}


async def read_spikes(session: Session) -> list[Spike]:
    """The latest, newest first."""
    return [
        Spike(EventId(number), kind, subject, moment(raised), moment(seized), by)
        for number, kind, subject, raised, seized, by in await session.rows(SPIKES, MOST_SPIKES)
    ]


def _who(number: int | None) -> StaffId | None:
    return None if number is None else StaffId(number)


async def read_staff(session: Session, *, certain: bool = False) -> list[Staff]:
    """Everybody who has a role."""
    found: dict[int, Staff] = {}
    for number, channel, external, name, languages, skills, *times, digest, role in await session.rows(
        STAFF_FOR_CERTAIN if certain else STAFF
    ):
        roles = found[number].roles if number in found else frozenset()
        away_since, away_until, seen_at, offered_at = map(moment, times)
        found[number] = Staff(
            id=StaffId(number),
            channel=channel,
            external=external,
            name=name,
            roles=roles | {Role(role)},
            languages=listed(languages),
            skills=listed(skills),
            away_since=away_since,
            away_until=away_until,
            seen_at=seen_at,
            offered_at=offered_at,
            digest=digest,
        )
    return list(found.values())


def listed(words: str) -> tuple[str, ...]:
    """`de, fr` → its parts."""
    if not words:
        return ()
    return tuple(word for part in words.split(",") if (word := part.strip()))


def note_change(people: dict[tuple[str, str], Staff], change: StaffChange) -> None:
    """What a turn decided about somebody's presence holds for the rest of it, and until the next reading."""
    for address, staff in people.items():
        if staff.id == change.staff:
            given: dict[str, Any] = {
                name: value
                for name in ("seen_at", "offered_at", "away_since", "away_until", "digest")
                if (value := getattr(change, name)) is not None
            }
            if change.name and not staff.name:
                given["name"] = change.name
            if change.back or change.away_since is not None:
                given = {"away_since": None, "away_until": None} | given
            people[address] = replace(staff, **given)


def note_cases(known: dict[CaseId, OpenCase], cases: Iterable[Case]) -> None:
    """The same for cases: two that come together are not offered to the same person."""
    for case in cases:
        if case.is_open:
            known[case.id] = OpenCase(case.priority, case.waiting_since, case.speaker, case.offered_to)
        else:
            known.pop(case.id, None)
