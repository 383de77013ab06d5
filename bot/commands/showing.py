"""A customer in short, for a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.commands.giving import gesture_words
from bot.domain.level import country_of, level_of
from bot.domain.presence import absence, presence_words, profile_of
from bot.domain.staff import Staff
from bot.domain.standing import Rfm
from bot.domain.story import Story
from bot.program import Program


def show_customer(data: dict[str, Any], story: Story, program: Program, rfm: Rfm | None = None) -> str:
    """Who they are, how to reach them, what they bought, what is open."""
    person = story.customer
    lines = [f"Customer {person.id}  {person.name or '(no name known)'}", *_person_lines(story, program)]
    for identity in story.identities:
        state = f"  unreachable: {identity.unreachable}" if identity.unreachable else ""
        lines.append(f"  known as {identity.channel}:{identity.external}{state}")
    asked = f"opted out {person.opted_out_at:%Y-%m-%d %H:%M} UTC" if person.opted_out_at else "may be asked"
    lines.append(f"  {asked}; conversation held by {story.conversation.holder.value}")
    standing = story.standing
    if standing.orders:
        top = ", top tier" if standing.top else ""
        lines.append(
            f"  {standing.orders} orders, {standing.value} {standing.currency}, "
            f"number {standing.rank} of {standing.of}{top}"
        )
    if rfm is not None:
        lines.append(
            f"  RFM {rfm.code}: fifths of all who bought, by how lately, how often and for how much (5 is best)"
        )
    titles = {purchase.id: purchase.reference for purchase in story.purchases}
    for ask in story.asks:
        why = f" ({ask.why})" if ask.why else ""
        due = f", due {ask.due_at:%Y-%m-%d %H:%M} UTC" if ask.due_at and ask.state.value == "planned" else ""
        lines.append(f"  ask about {titles.get(ask.id, ask.id)}: {ask.state.value}{due}{why}")
    for case in story.cases:
        reasons = ", ".join(dict.fromkeys(reason.kind.value for reason in case.reasons))
        owner = f", {case.owner_name}" if case.owner_name else ""
        lines.append(f"  case {case.id}: {case.state.value}{owner} ({reasons})")
    lines += [f"  {gesture_words(gesture)}" for gesture in story.gestures]
    lines.append(f"  {len(data.get('interactions', []))} lines in the log")
    return "\n".join(lines)


def _person_lines(story: Story, program: Program) -> list[str]:
    """What is known of the person, a line each."""
    person = story.customer
    level = level_of(person, story.standing, program.levels)
    known = (
        ("e-mail", person.email),
        ("phone", person.phone),
        ("language", person.language or person.locale),
        ("time zone", person.timezone),
        ("country", country_of(person)),
        ("segments", ", ".join(person.segments)),
        ("level", f"{level.level} ({level.why})"),
        ("agreed to", ", ".join(person.agreed)),
        ("wants none of", ", ".join(person.refused)),
        ("left alone", f"until {person.care_until:%Y-%m-%d}: {person.care_why}" if person.care_until else ""),
    )
    return [f"  {label}: {value}" for label, value in known if value]


def agent_entry(staff: Staff, program: Program, now: datetime) -> dict[str, Any]:
    """A person of the shop, for other programs."""
    profile = profile_of(staff, program)
    return {
        "identity": staff.identity,
        "name": staff.name,
        "roles": sorted(role.value for role in staff.roles),
        "languages": [*dict.fromkeys((*staff.languages, *profile.languages))],
        "skills": [*dict.fromkeys((*staff.skills, *profile.skills))],
        "present": not absence(staff, program, now),
        "presence": presence_words(staff, program, now),
        "away_until": staff.away_until.isoformat() if staff.away_since and staff.away_until else None,
    }


def agent_line(staff: Staff, program: Program, now: datetime) -> str:
    """The same in one line, its parts between tabs."""
    entry = agent_entry(staff, program, now)
    knows = "; ".join(filter(None, (", ".join(entry["languages"]), ", ".join(entry["skills"]))))
    parts = (entry["identity"], ", ".join(entry["roles"]), staff.name, entry["presence"], knows)
    return "\t".join(parts).rstrip("\t")
