"""Dead letters, and the depths and ages that /metrics shows."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import CustomerId
from bot.ports import DeadLetter
from storage import codec
from storage.codec import micros, moment
from storage.journal import wake_lanes
from storage.session import Session
from storage.statements import Query

PREVIEW = 200
EVENTS = Query(
    "SELECT id, kind, customer_id, received_at, error, payload FROM event WHERE state = 'failed' "
    "ORDER BY id DESC LIMIT $1"
)
MESSAGES = Query(
    "SELECT id, kind, customer_id, created_at, error, message FROM outbox WHERE state = 'failed' "
    "ORDER BY id DESC LIMIT $1"
)
FAILED_EVENTS = Query("SELECT id, customer_id FROM event WHERE state = 'failed' AND ($1::bigint IS NULL OR id = $1)")
FAILED_MESSAGES = Query("SELECT id, channel FROM outbox WHERE state = 'failed' AND ($1::bigint IS NULL OR id = $1)")
RETRY_EVENTS = Query("UPDATE event SET state = 'new', error = '' WHERE id = ANY($1)")
RETRY_MESSAGES = Query(
    "UPDATE outbox SET state = 'new', error = '', attempts = 0, due_at = $2 WHERE id = ANY($1) AND state = 'failed'"
)
DROP_EVENTS = Query("UPDATE event SET state = 'dropped', payload = '' WHERE id = ANY($1)")
DROP_MESSAGES = Query("UPDATE outbox SET state = 'cancelled' WHERE id = ANY($1)")

EVENT_DEPTH = Query("SELECT count(*), min(due_at) FROM event WHERE state = 'new' AND due_at <= $1")
PLANNED = Query("SELECT count(*) FROM event WHERE state = 'new' AND due_at > $1")
DEAD_EVENTS = Query("SELECT count(*) FROM event WHERE state = 'failed'")
UNSENT = Query("SELECT state, count(*) FROM outbox WHERE state IN ('new', 'sending') GROUP BY state")
DEAD_MESSAGES = Query("SELECT count(*) FROM outbox WHERE state = 'failed'")
OPEN_CASES = Query("SELECT count(*) FROM \"case\" WHERE state <> 'resolved'")


async def dead_letters(session: Session, limit: int) -> list[DeadLetter]:
    """Events whose rules raised and messages that a platform refused, newest first."""
    letters = [
        DeadLetter(f"event:{number}", kind, CustomerId(customer), moment(at), error, payload[:PREVIEW])
        for number, kind, customer, at, error, payload in await session.rows(EVENTS, limit)
    ]
    letters += [
        DeadLetter(
            f"outbox:{number}", kind, CustomerId(customer), moment(at), error, codec.message(text).text[:PREVIEW]
        )
        for number, kind, customer, at, error, text in await session.rows(MESSAGES, limit)
    ]
    return sorted(letters, key=lambda letter: letter.at, reverse=True)[:limit]


def _wanted(letter: str | None, kind: str) -> tuple[bool, int | None]:
    """(whether letters of this kind are meant, which one; None = all)."""
    if letter is None:
        return True, None
    name, _, number = letter.partition(":")
    return name == kind and number.isascii() and number.isdigit(), int(number) if number.isdigit() else None


async def retry(session: Session, letter: str | None, now: datetime) -> int:
    """Put one (or all) back; returns how many."""
    done = 0
    meant, number = _wanted(letter, "event")
    events = await session.rows(FAILED_EVENTS, number) if meant else ()
    if events:
        await session.run(RETRY_EVENTS, [row[0] for row in events])
        await wake_lanes(session, [(row[1], micros(now)) for row in events])
        done += len(events)
    meant, number = _wanted(letter, "outbox")
    messages = await session.rows(FAILED_MESSAGES, number) if meant else ()
    if messages:
        await session.run(RETRY_MESSAGES, [row[0] for row in messages], micros(now))
        session.topics.update(f"outbox:{row[1]}" for row in messages)
        done += len(messages)
    return done


async def drop(session: Session, letter: str | None) -> int:
    """Give one (or all) up; returns how many."""
    done = 0
    for kind, find, give_up in (("event", FAILED_EVENTS, DROP_EVENTS), ("outbox", FAILED_MESSAGES, DROP_MESSAGES)):
        meant, number = _wanted(letter, kind)
        rows = await session.rows(find, number) if meant else ()
        if rows:
            done += await session.run(give_up, [row[0] for row in rows])
    return done


async def counts(session: Session, now: datetime) -> dict[str, float]:
    """Depths and ages."""
    at = micros(now)
    waiting, oldest = (await session.rows(EVENT_DEPTH, at))[0]
    unsent = {row[0]: row[1] for row in await session.rows(UNSENT)}
    return {
        "events_waiting": waiting,
        "events_oldest_due_s": 0.0 if oldest is None else max(0.0, (at - oldest) / 1_000_000),
        "events_planned": (await session.rows(PLANNED, at))[0][0],
        "events_dead": (await session.rows(DEAD_EVENTS))[0][0],
        "outbox_new": unsent.get("new", 0),
        "outbox_sending": unsent.get("sending", 0),
        "outbox_failed": (await session.rows(DEAD_MESSAGES))[0][0],
        "cases_open": (await session.rows(OPEN_CASES))[0][0],
    }
