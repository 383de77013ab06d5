"""To whom a case is offered first: who knows the customer, who speaks the language, who can do it, whose turn it is.

Nothing here looks at how fast anybody works: handling time is no ranking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ids import StaffId
from bot.domain.presence import Absence, absence, profile_of
from bot.domain.staff import Role, Staff
from bot.program import Program

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks of a person. `language` "" = not known; `about`: topics and wishes in the customer's words."""

    language: str = ""
    about: frozenset[str] = frozenset()
    knows: StaffId | None = None
    """The agent whom the customer knows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who, and why: knows, language, skill, next. `what`: the language or the skill."""

    staff: Staff
    why: str
    what: str = ""


def works_at(staff: Staff, desks: Collection[str]) -> bool:
    """Whether a card on these desks reaches them. The console is open to everybody."""
    return not staff.is_owner and (staff.channel in desks or "console" in desks)


def choose(
    need: Need,
    people: Iterable[Staff],
    held: Mapping[StaffId, int],
    desks: Collection[str],
    program: Program,
    now: datetime,
    excluding: frozenset[StaffId] = frozenset(),
) -> Choice | None:
    """The one to offer it to; None when nobody is free. `held`: how many open cases each has."""
    reached = [staff for staff in people if works_at(staff, desks) and staff.id not in excluding]
    each = {staff.id: staff for staff in reversed(reached)}  # a person once, by their first identity
    here = [staff for staff in [*each.values()][::-1] if absence(staff, program, now) is Absence.NONE]
    for staff in here:
        if staff.id == need.knows:
            return Choice(staff, "knows")
    free = [staff for staff in here if Role.AGENT in staff.roles and has_room(staff, held, program)]
    speaking = [staff for staff in free if need.language in languages_of(staff, program)] if need.language else []
    told = len(speaking) < len(free)
    pool = speaking or free
    able = [(staff, skill) for staff in pool if (skill := skill_for(staff, need.about, program))]
    chosen = _next([staff for staff, _ in able] or pool)
    if chosen is None:
        return None
    if able:
        return Choice(chosen, "skill", {staff.id: skill for staff, skill in able}[chosen.id])
    return Choice(chosen, "language", need.language) if speaking and told else Choice(chosen, "next")


def _next(pool: Sequence[Staff]) -> Staff | None:
    """Round-robin: who was longest without an offer."""
    return min(pool, key=lambda staff: (staff.offered_at or LONG_AGO, staff.id), default=None)


def has_room(staff: Staff, held: Mapping[StaffId, int], program: Program) -> bool:
    """Fewer open cases than their limit."""
    return held.get(staff.id, 0) < (profile_of(staff, program).capacity or program.routing.capacity)


def languages_of(staff: Staff, program: Program) -> frozenset[str]:
    """What they speak; who says nothing speaks the shop's languages."""
    own = {language.lower() for language in (*staff.languages, *profile_of(staff, program).languages)}
    return frozenset(own or program.shop.languages)


def skill_for(staff: Staff, about: frozenset[str], program: Program) -> str:
    """The first of their skills that the case is about; "" = none. One and many are the same: return, returns."""
    wanted = {_stem(word) for word in about}
    own = (*staff.skills, *profile_of(staff, program).skills)
    return next((skill for skill in own if _stem(skill) in wanted), "")


def _stem(word: str) -> str:
    return word.strip().lower().replace("_", " ").removesuffix("s")
