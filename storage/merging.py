"""Two customers turn out to be one person: everything moves to one of them, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CustomerId
from bot.errors import CustomerUnknown, LaneBusy, Refused
from storage import codec, figures
from storage.codec import micros
from storage.due import release
from storage.house import listed
from storage.session import Row, Session
from storage.statements import Query, insert

MOVED = (
    "purchase",
    "ask",
    "feedback",
    "interaction",
    "correction",
    "fact",
    "case",
    "note",
    "utterance",
    "consent",
    "outbox",
    "gesture",
    "outreach",
    "why",
    "partner_event",
)
NAMED = {"identity": ("channel", "external"), "desk_thread": ("desk", "chat", "thread"), "link_token": ("token",)}
BLANKS = ("name", "email", "phone", "locale", "timezone", "language", "memory")

LOCK_NOW = Query("SELECT customer_id FROM lane WHERE customer_id = ANY($1) ORDER BY customer_id FOR UPDATE NOWAIT")
PEOPLE = Query(
    "SELECT id, name, email, phone, locale, timezone, language, memory, opted_out_at, erased_at, "
    "merged_into FROM customer "
    "WHERE id = ANY($1)"
)
FILL = Query(
    "UPDATE customer SET name = $1, email = $2, phone = $3, locale = $4, timezone = $5, language = $6, "
    "memory = $7, opted_out_at = $8 WHERE id = $9"
)
CHOICES = Query(
    "SELECT id, country, level, segments, agreed, refused, care_until, care_why, in_charge_id, invited FROM customer "
    "WHERE id = ANY($1)"
)
CHOOSE = Query(
    "UPDATE customer SET country = $1, level = $2, segments = $3, agreed = $4, refused = $5, care_until = $6, "
    "care_why = $7, in_charge_id = $8, invited = $9 WHERE id = $10"
)
LEAD = Query("UPDATE customer SET merged_into = $1 WHERE id = $2")
OPEN_CASES = Query(
    'SELECT customer_id, id, state, owner, resolved_at, first_resolved_at FROM "case" '
    "WHERE customer_id = ANY($1) AND state <> 'resolved' ORDER BY id"
)
CLOSE_CASE = Query(
    "UPDATE \"case\" SET state = 'resolved', resolved_at = $1, first_resolved_at = COALESCE(first_resolved_at, $1) "
    "WHERE id = $2"
)
REOPEN_CASE = Query(
    'UPDATE "case" SET state = $1, resolved_at = $2, first_resolved_at = $3 WHERE id = $4 AND resolved_at = $5'
)
HOLD = Query("UPDATE conversation SET holder = $1, staff_id = $2 WHERE customer_id = $3")
NEW_TALK = Query(
    "INSERT INTO conversation (customer_id, holder) VALUES ($1, 'bot') ON CONFLICT (customer_id) DO NOTHING"
)
EVENT_IDS = Query(
    "SELECT id FROM event WHERE customer_id = $1 AND state = 'new' "
    "UNION SELECT id FROM event WHERE customer_id = $1 AND state = 'failed'"
)
MOVE_EVENTS = Query("UPDATE event SET customer_id = $1 WHERE id = ANY($2) AND customer_id = $3")
DESKS = Query("SELECT desk, case_id FROM desk_thread WHERE customer_id = $1 AND spare = FALSE")
SPARE = Query("UPDATE desk_thread SET spare = TRUE WHERE customer_id = $1 AND case_id = 0 AND desk = ANY($2)")
UNSPARE = Query("UPDATE desk_thread SET spare = FALSE WHERE customer_id = $1 AND case_id = 0")
NOTE_MERGE = insert("merge", "kept merged at moved")
LAST_MERGE = Query(
    "SELECT id, kept, merged, at, moved FROM merge WHERE (kept = $1 OR merged = $1) AND undone_at IS NULL "
    "AND moved <> '' ORDER BY id DESC LIMIT 1"
)
UNDONE = Query("UPDATE merge SET undone_at = $1 WHERE id = $2")


def _ids(table: str) -> Query:
    return Query(f'SELECT id FROM "{table}" WHERE customer_id = $1')  # noqa: S608 - our own names


def _move(table: str) -> Query:
    return Query(f'UPDATE "{table}" SET customer_id = $1 WHERE id = ANY($2) AND customer_id = $3')  # noqa: S608


def _names(table: str, columns: Iterable[str]) -> Query:
    return Query(f'SELECT {", ".join(columns)} FROM "{table}" WHERE customer_id = $1')  # noqa: S608


def _move_named(table: str, columns: Iterable[str]) -> Query:
    match = " AND ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=3))
    return Query(f'UPDATE "{table}" SET customer_id = $1 WHERE customer_id = $2 AND {match}')  # noqa: S608


IDS = {table: _ids(table) for table in MOVED}
MOVE = {table: _move(table) for table in MOVED}
NAMES = {table: _names(table, columns) for table, columns in NAMED.items()}
MOVE_NAMED = {table: _move_named(table, columns) for table, columns in NAMED.items()}


async def merge(session: Session, kept: CustomerId, merged: CustomerId, now: datetime, zone: ZoneInfo) -> None:
    """By hand: `merged`'s story moves to `kept`."""
    if kept == merged:
        raise Refused(f"{kept} can't be merged with itself.", "Name two different customers.")
    await _lock(session, [kept, merged])
    await absorb(session, kept, merged, now, zone)
    await release(session, sorted([kept, merged]))
    session.topics |= {"turn", "purchase", f"page:{kept}", f"page:{merged}"}


async def _alive(session: Session, *customers: CustomerId) -> dict[int, Row]:
    people = {row[0]: row for row in await session.rows(PEOPLE, list(customers))}
    for number in customers:
        row = people.get(number)
        if row is None or row[9] is not None or row[10] is not None:
            raise CustomerUnknown(f"Customer {number} can't be merged: unknown, erased or merged already.")
    return people


async def absorb(session: Session, kept: CustomerId, other: CustomerId, now: datetime, zone: ZoneInfo) -> None:
    """Move everything of `other` to `kept`, whose lane the caller holds and releases, like that of `other`.

    Raises `LaneBusy` when another worker has `other`, `CustomerUnknown` when one of them is gone.
    """
    await _lock(session, [other])
    people = await _alive(session, kept, other)
    before = await figures.look(session, zone, dict.fromkeys(figures.PARTS, (kept, other)))
    moved: dict[str, Any] = {"filled": await _fill(session, people[kept], people[other])}
    await _choose(session, kept, other)
    moved["closed"] = await _close_second_case(session, kept, other, now)
    await _spare_threads(session, kept, other)
    for table in MOVED:
        moved[table] = [row[0] for row in await session.rows(IDS[table], other)]
        await session.run(MOVE[table], kept, moved[table], other)
    for table in NAMED:
        moved[table] = [list(row) for row in await session.rows(NAMES[table], other)]
        for names in moved[table]:
            await session.run(MOVE_NAMED[table], kept, other, *names)
    moved["event"] = [row[0] for row in await session.rows(EVENT_IDS, other)]
    await session.run(MOVE_EVENTS, kept, moved["event"], other)
    await session.run(LEAD, kept, other)
    await _hold_by_case(session, kept)
    await session.put(NOTE_MERGE, [(kept, other, micros(now), codec.to_json(moved))])
    await figures.settle(session, before)


async def unmerge(session: Session, customer: CustomerId, now: datetime, zone: ZoneInfo) -> CustomerId:
    """Take the last merge into or of this customer back; what came since stays where it came."""
    rows = await session.rows(LAST_MERGE, customer)
    if not rows:
        raise CustomerUnknown(f"Customer {customer} was never merged, or it can't be taken back any more.")
    number, kept, other, at, text = rows[0]
    await _lock(session, [kept, other])
    moved = codec.from_json(text)
    before = await figures.look(session, zone, dict.fromkeys(figures.PARTS, (kept, other)))
    for table in MOVED:
        await session.run(MOVE[table], other, moved.get(table, []), kept)  # an older merge knew fewer tables
    for table in NAMED:
        for names in moved[table]:
            await session.run(MOVE_NAMED[table], other, kept, *names)
    await session.run(MOVE_EVENTS, other, moved["event"], kept)
    for state, resolved_at, first_resolved_at, case in moved["closed"]:
        await session.run(REOPEN_CASE, state, resolved_at, first_resolved_at, case, at)
    await _empty(session, kept, moved["filled"])
    await session.run(LEAD, None, other)
    await session.run(UNSPARE, kept)
    await session.run(UNSPARE, other)
    await _hold_by_case(session, kept)
    await _hold_by_case(session, other)
    await session.run(UNDONE, micros(now), number)
    await figures.settle(session, before)
    await release(session, sorted([kept, other]))
    session.topics |= {"turn", "purchase", f"page:{kept}", f"page:{other}"}
    return CustomerId(other)


async def _lock(session: Session, lanes: list[CustomerId]) -> None:
    """Hold lanes beside those that the transaction holds already; never wait for them."""
    if session.postgres:
        try:
            await session.rows(LOCK_NOW, sorted(lanes))
        except Exception as error:
            if getattr(error, "sqlstate", "") == "55P03":
                raise LaneBusy(f"lane {lanes} is in another worker's hands") from error
            raise


async def _fill(session: Session, kept: Row, other: Row) -> dict[str, Any]:
    """Blanks of the kept one from the other; who left as either has left. Returns what was filled, to be taken back."""
    filled: dict[str, Any] = {
        name: other[place] for place, name in enumerate(BLANKS, start=1) if other[place] and not kept[place]
    }
    if kept[7] == "asked" and other[7]:
        filled["memory"] = other[7]
    if kept[8] is None and other[8] is not None:
        filled["opted_out_at"] = other[8]
    if filled:
        values = [filled.get(name, kept[place]) for place, name in enumerate((*BLANKS, "opted_out_at"), start=1)]
        await session.run(FILL, *values, kept[0])
    return filled


async def _choose(session: Session, kept: CustomerId, other: CustomerId) -> None:
    """What either refused stays refused, also when the merge is taken back: leaving people alone harms nobody."""
    rows = {row[0]: row[1:] for row in await session.rows(CHOICES, [kept, other])}
    mine, theirs = rows[kept], rows[other]
    refused = {*listed(mine[4]), *listed(theirs[4])}
    agreed = {*listed(mine[3]), *listed(theirs[3])} - refused
    segments = {*listed(mine[2]), *listed(theirs[2])}
    cared = max(mine, theirs, key=lambda row: row[5] or 0)
    values = (
        mine[0] or theirs[0],
        mine[1] or theirs[1],
        *(",".join(sorted(words)) for words in (segments, agreed, refused)),
        cared[5],
        cared[6],
        theirs[7] if mine[7] is None else mine[7],
        bool(mine[8] or theirs[8]),
    )
    await session.run(CHOOSE, *values, kept)


async def _empty(session: Session, kept: CustomerId, filled: dict[str, Any]) -> None:
    """Take back what was filled in, unless it changed since."""
    row = (await session.rows(PEOPLE, [kept]))[0]
    names = (*BLANKS, "opted_out_at")
    values = [
        (None if name == "opted_out_at" else "") if name in filled and filled[name] == row[place] else row[place]
        for place, name in enumerate(names, start=1)
    ]
    await session.run(FILL, *values, kept)


async def _close_second_case(session: Session, kept: CustomerId, other: CustomerId, now: datetime) -> list[list[Any]]:
    """Never two open cases: the absorbed one's ends here."""
    rows = await session.rows(OPEN_CASES, [kept, other])
    if not any(row[0] == kept for row in rows):
        return []
    closed = [row for row in rows if row[0] == other]
    for row in closed:
        await session.run(CLOSE_CASE, micros(now), row[1])
    return [[state, resolved, first_resolved, number] for _, number, state, _, resolved, first_resolved in closed]


async def _spare_threads(session: Session, kept: CustomerId, other: CustomerId) -> None:
    """With two threads of one desk, words go to that of the open case; the other one still listens."""
    mine = {desk for desk, case in await session.rows(DESKS, kept) if case == 0}
    theirs = {desk for desk, case in await session.rows(DESKS, other) if case == 0}
    open_cases = {row[0] for row in await session.rows(OPEN_CASES, [kept, other])}
    loser = kept if other in open_cases and kept not in open_cases else other
    if mine & theirs:
        await session.run(SPARE, loser, sorted(mine & theirs))


async def _hold_by_case(session: Session, customer: CustomerId) -> None:
    """Who holds the conversation follows from the open case."""
    rows = await session.rows(OPEN_CASES, [customer])
    if not rows:
        await session.run(HOLD, "bot", None, customer)
        return
    _, _, state, owner, _, _ = rows[-1]
    await session.run(NEW_TALK, customer)
    held = state == "claimed" or (state == "reopened" and owner is not None)
    await session.run(HOLD, "agent" if held else "queue", owner if held else None, customer)
