"""What is due: lanes are leased, their events are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.domain.event import Event, Payload, Unreadable
from bot.domain.ids import CustomerId, EventId
from bot.ports import Batch
from storage import codec
from storage.codec import micros, moment
from storage.session import Row, Session
from storage.statements import Query

LEASE = timedelta(seconds=10)
MOST_PER_LANE = 32
PER_LANE_IN_ALL = 4

LANES = Query("SELECT customer_id FROM lane WHERE ready_at IS NOT NULL AND ready_at <= $1 ORDER BY ready_at LIMIT $2")
EVENTS = Query(
    "",
    "SELECT e.customer_id, e.id, e.key, e.at, e.due_at, e.kind, e.payload FROM json_each($1) c "
    "JOIN event e ON e.id IN (SELECT id FROM event WHERE customer_id = c.value AND state = 'new' AND due_at <= $2 "
    "ORDER BY due_at, id LIMIT $3)",
)
LEASED = Query(
    """
    WITH picked AS MATERIALIZED (
        SELECT customer_id FROM lane
        WHERE ready_at IS NOT NULL AND ready_at <= $1 AND (leased_until IS NULL OR leased_until < $1)
        ORDER BY ready_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ), leased AS (
        UPDATE lane SET lease = $3, leased_until = $4 FROM picked
        WHERE lane.customer_id = picked.customer_id RETURNING lane.customer_id
    )
    SELECT l.customer_id, e.id, e.key, e.at, e.due_at, e.kind, e.payload
    FROM leased l LEFT JOIN LATERAL (
        SELECT * FROM event n WHERE n.customer_id = l.customer_id AND n.state = 'new' AND n.due_at <= $1
        ORDER BY n.due_at, n.id
        LIMIT (SELECT GREATEST(1, LEAST($5::bigint, $2::bigint * $6::bigint / GREATEST(count(*), 1))) FROM leased)
    ) e ON TRUE
    """
)
LOCK = Query("SELECT customer_id FROM lane WHERE customer_id = ANY($1) ORDER BY customer_id FOR UPDATE")
RELEASE = Query(
    "UPDATE lane SET lease = '', leased_until = NULL, ready_at = (SELECT min(e.due_at) FROM event e "
    "WHERE e.customer_id = lane.customer_id AND e.state = 'new') WHERE customer_id = ANY($1)"
)
GIVE_BACK = Query("UPDATE lane SET lease = '', leased_until = NULL WHERE customer_id = ANY($1) AND lease = $2")
NEXT = Query(
    "SELECT (SELECT ready_at FROM lane WHERE ready_at IS NOT NULL AND leased_until IS NULL ORDER BY ready_at LIMIT 1), "
    "(SELECT min(leased_until) FROM lane WHERE leased_until IS NOT NULL AND ready_at IS NOT NULL)"
)


async def read_due(session: Session, limit: int, now: datetime) -> tuple[Batch, list[int]]:
    """SQLite: the one process just reads. Also the lanes that looked ready and were not."""
    at = micros(now)
    lanes = [row[0] for row in await session.rows(LANES, at, limit)]
    if not lanes:
        return Batch(()), []
    rows = await session.rows(EVENTS, lanes, at, max(1, min(MOST_PER_LANE, PER_LANE_IN_ALL * limit // len(lanes))))
    busy = {row[0] for row in rows}
    return Batch(_events(rows)), [lane for lane in lanes if lane not in busy]


async def lease_due(session: Session, limit: int, now: datetime, lease: str) -> tuple[Batch, list[int]]:
    """PostgreSQL: lanes are leased and read with one statement. Also the lanes that looked ready and were not."""
    end = micros(now + LEASE)
    rows = await session.rows(LEASED, micros(now), limit, lease, end, MOST_PER_LANE, PER_LANE_IN_ALL)
    return Batch(_events([row for row in rows if row[1] is not None]), lease), [
        row[0] for row in rows if row[1] is None
    ]


async def release(session: Session, lanes: list[int], *, locked: bool = False) -> None:
    """Give lanes free, ready when their next event is due. Locked first, then read: nothing that came is lost."""
    if not lanes:
        return
    if session.postgres and not locked:
        await session.rows(LOCK, lanes)
    await session.run(RELEASE, lanes)


async def give_back(session: Session, lanes: list[int], lease: str) -> None:
    """Let a lease go without a turn."""
    await session.run(GIVE_BACK, lanes, lease)


async def next_due(session: Session) -> datetime | None:
    """When the next lane is ready, or the next lease ends."""
    ready, leased = (await session.rows(NEXT))[0]
    return moment(min((number for number in (ready, leased) if number is not None), default=None))


def _events(rows: Sequence[Row]) -> tuple[Event, ...]:
    ordered = sorted(rows, key=lambda row: (row[0], row[4], row[1]))
    return tuple(
        Event(EventId(number), key, CustomerId(lane), moment(at), _payload(kind, text))
        for lane, number, key, at, _, kind, text in ordered
    )


def _payload(kind: str, text: str) -> Payload:
    """One that can't be read must not keep everybody else's from their turn."""
    try:
        return codec.payload(kind, text)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        return Unreadable(kind, str(error))
