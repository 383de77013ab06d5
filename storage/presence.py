"""Who of the staff is there, and whose cases are free because they left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.event import KIND_OF, StaffLeft
from bot.domain.ids import CaseId, StaffId
from bot.domain.staff import StaffChange
from storage import codec
from storage.codec import micros, plain
from storage.journal import NEW_EVENTS, wake_lanes
from storage.session import Row, Session
from storage.statements import Query, insert, upsert

SEEN = insert(
    "presence",
    "staff_id seen_at",
    conflict="(staff_id) DO UPDATE SET seen_at = CASE WHEN presence.seen_at >= excluded.seen_at "
    "THEN presence.seen_at ELSE excluded.seen_at END",
)
OFFERED = upsert("presence", "staff_id", "offered_at")
AWAY = upsert("presence", "staff_id", "away_since away_until")
DIGEST = upsert("presence", "staff_id", "digest")
DESCRIBE = Query(
    "UPDATE staff SET languages = COALESCE($1, languages), skills = COALESCE($2, skills) "
    "WHERE channel = $3 AND external = $4"
)
NAME = Query("UPDATE staff SET name = $1 WHERE id = $2 AND name = ''")
OFFERS_OF = Query(
    "SELECT id, customer_id, offered_to, offer_round, 'offer' FROM \"case\" "
    "WHERE state <> 'resolved' AND state <> 'claimed' AND offered_to = ANY($1)"
)
ABANDONED = Query(
    "SELECT id, customer_id, owner, claimed_at, 'claim' FROM \"case\" WHERE state IN ('claimed', 'reopened') "
    "AND owner IS NOT NULL AND owner NOT IN (SELECT staff_id FROM staff_role) UNION ALL "
    "SELECT id, customer_id, offered_to, offer_round, 'offer' FROM \"case\" WHERE state IN ('open', 'reopened') "
    "AND offered_to IS NOT NULL AND offered_to NOT IN (SELECT staff_id FROM staff_role)"
)


async def keep_presence(session: Session, changes: Sequence[StaffChange]) -> None:
    """Write what turns learned. Each kind by itself, in order of number: turns that meet wait, and never for ever."""
    if not changes:
        return
    for write, name in ((SEEN, "seen_at"), (OFFERED, "offered_at")):
        latest = {c.staff: micros(at) for c in changes if (at := getattr(c, name)) is not None}
        await session.put(write, sorted(latest.items()))
    for name, who in sorted({(c.name, c.staff) for c in changes if c.name}, key=lambda pair: pair[1]):
        await session.run(NAME, plain(name), who)
    away = {c.staff: (c.away_since, c.away_until) for c in changes if c.back or c.away_since is not None}
    await session.put(AWAY, [(who, micros(since), micros(until)) for who, (since, until) in sorted(away.items())])
    gone = sorted(who for who, (since, _) in away.items() if since is not None)
    if gone:
        moments = {c.staff: c.away_since for c in changes if c.away_since is not None}
        await _free(session, await session.rows(OFFERS_OF, gone), max(filter(None, moments.values())), away=True)
    digests = {c.staff: c.digest for c in changes if c.digest is not None}
    await session.put(DIGEST, sorted(digests.items()))
    if away or digests:
        session.topics.add("staff")


async def free_abandoned(session: Session, now: datetime) -> int:
    """An event for each open case whose agent has no role any more. Done again it changes nothing."""
    return await _free(session, await session.rows(ABANDONED), now, away=False)


async def _free(session: Session, rows: Iterable[Row], now: datetime, *, away: bool) -> int:
    at = micros(now)
    events = []
    for number, customer, staff, mark, what in rows:
        payload = codec.payload_json(StaffLeft(CaseId(number), StaffId(staff), away))
        key = f"left:{number}:{staff}:{what}:{mark}"
        events.append((key, customer, KIND_OF[StaffLeft], payload, at, at, at, "new"))
    fresh = await session.add(NEW_EVENTS, events) if events else {}
    await wake_lanes(session, [(event[1], at) for event in events if event[0] in fresh])
    return len(fresh)


async def describe(session: Session, channel: str, external: str, languages: str | None, skills: str | None) -> None:
    """What somebody speaks and knows about; None leaves it as it is."""
    await session.run(DESCRIBE, languages, skills, channel, external)
    session.topics.add("staff")
