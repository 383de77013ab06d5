"""Erasing a person: what could name them goes; what only counts stays, and so do hashes that keep them left alone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.case import Reason
from storage import codec, figures
from storage.codec import micros
from storage.due import release
from storage.gestures import blank_gestures
from storage.journal import keyed_hash, suppression_marks
from storage.session import Session
from storage.statements import Query, insert, update

SUPPRESS = insert("suppression", "hash at why", conflict="(hash) DO UPDATE SET at = excluded.at, why = excluded.why")
LARGEST_NUMBER = 2**63 - 1

UNSUPPRESS = Query("DELETE FROM suppression WHERE hash = ANY($1)")

PEOPLE = Query(
    "WITH RECURSIVE one(id) AS (SELECT id FROM customer WHERE id = $1 AND erased_at IS NULL AND merged_into IS NULL "
    "UNION SELECT c.id FROM customer c JOIN one ON c.merged_into = one.id) "
    "SELECT c.id, c.email, c.phone FROM customer c JOIN one ON one.id = c.id"
)
ADDRESSES = Query("SELECT channel, external FROM identity WHERE customer_id = ANY($1)")
LINES = Query("SELECT line FROM interaction WHERE customer_id = ANY($1)")
DROP_FILES = Query("DELETE FROM blob WHERE id = ANY($1)")
CASES = Query('SELECT id, reasons FROM "case" WHERE customer_id = ANY($1)')
BLANK_CASES = update("case", "id", "reasons")
BLANKING = tuple(
    Query(text)
    for text in (
        "DELETE FROM identity WHERE customer_id = ANY($1)",
        "DELETE FROM interaction WHERE customer_id = ANY($1)",
        "DELETE FROM fact WHERE customer_id = ANY($1)",
        "DELETE FROM correction WHERE customer_id = ANY($1)",
        "DELETE FROM note WHERE customer_id = ANY($1)",
        "DELETE FROM utterance WHERE customer_id = ANY($1)",
        "DELETE FROM consent WHERE customer_id = ANY($1)",
        "DELETE FROM conversation WHERE customer_id = ANY($1)",
        "DELETE FROM link_token WHERE customer_id = ANY($1)",
        "DELETE FROM outbox WHERE customer_id = ANY($1) AND NOT (side = 'desk' AND kind = 'notice' AND state = 'new')",
        "UPDATE feedback SET text = '' WHERE customer_id = ANY($1)",
        "UPDATE purchase SET items = '', extra = '' WHERE customer_id = ANY($1)",
        "UPDATE event SET state = 'dropped', payload = '', error = '' WHERE customer_id = ANY($1) AND state = 'new'",
        "UPDATE event SET state = 'dropped', payload = '', error = '' WHERE customer_id = ANY($1) AND state = 'failed'",
        "DELETE FROM why WHERE customer_id = ANY($1)",
        "DELETE FROM arm WHERE customer_id = ANY($1)",
        "UPDATE outreach SET state = 'skipped' WHERE customer_id = ANY($1) AND state = 'planned'",
        "UPDATE outreach SET state = 'closed' WHERE customer_id = ANY($1) AND state IN ('sent', 'held')",
        "UPDATE outreach SET item = '', occasion = '', why = '', customer_id = 0 WHERE customer_id = ANY($1)",
        "UPDATE merge SET moved = '' WHERE kept = ANY($1) OR merged = ANY($1)",
    )
)
END_ASKS = Query(
    "UPDATE ask SET state = 'cancelled', why = 'erased', due_at = NULL, ended_at = $2 "
    "WHERE customer_id = ANY($1) AND state IN ('planned', 'sent', 'reminded')"
)
END_CASES = Query(
    "UPDATE \"case\" SET state = 'resolved', resolved_at = $2, first_resolved_at = COALESCE(first_resolved_at, $2) "
    "WHERE customer_id = ANY($1) AND state <> 'resolved'"
)
BLANK_PEOPLE = Query(
    "UPDATE customer SET name = '', email = '', phone = '', locale = '', timezone = '', language = '', "
    "country = '', level = '', segments = '', agreed = '', refused = '', care_until = NULL, care_why = '', "
    "in_charge_id = NULL, memory = '', "
    "erased_at = $2, opted_out_at = COALESCE(opted_out_at, $2) WHERE id = ANY($1)"
)


async def forget(session: Session, customer: int, now: datetime, secret: bytes, zone: ZoneInfo) -> bool:
    """Erase a person and whoever was merged into them. The caller holds the lane or is the only writer."""
    people = await session.rows(PEOPLE, customer)
    if not people:
        return False
    numbers = sorted(row[0] for row in people)
    before = await figures.look(session, zone, dict.fromkeys(figures.PARTS, numbers))
    addresses = [(row[0], row[1]) for row in await session.rows(ADDRESSES, numbers)]
    marks = {mark for _, email, phone in people for mark in suppression_marks(addresses, email, phone)}
    hashes = sorted(keyed_hash(secret, mark) for mark in marks)
    await session.put(SUPPRESS, [(number, micros(now), "erased") for number in hashes])
    await _drop_files(session, numbers)
    for row in await session.rows(CASES, numbers):
        reasons: tuple[Reason, ...] = codec.decoder(tuple[Reason, ...]).decode(row[1]) if row[1] else ()
        kept = codec.to_json(tuple(Reason(reason.kind, "", reason.at) for reason in reasons))
        await session.put(BLANK_CASES, [(kept, row[0])])
    for statement in BLANKING:
        await session.run(statement, numbers)
    await blank_gestures(session, numbers)
    for statement in (END_ASKS, END_CASES, BLANK_PEOPLE):
        await session.run(statement, numbers, micros(now))
    await figures.settle(session, before)
    session.topics |= {"erased", "purchase", f"page:{customer}"}
    return True


async def forget_by_hand(session: Session, customer: int, now: datetime, secret: bytes, zone: ZoneInfo) -> bool:
    """From outside a turn: waits for the lane."""
    await release(session, [customer])
    done = await forget(session, customer, now, secret, zone)
    await release(session, [customer])
    return done


async def unsuppress(session: Session, hashes: list[str]) -> None:
    """Who comes back may be written to again."""
    await session.run(UNSUPPRESS, hashes)


async def _drop_files(session: Session, numbers: list[int]) -> None:
    """Files that lie here; those on a platform are the platform's."""
    refs = {
        attachment.ref
        for line in codec.interactions(row[0] for row in await session.rows(LINES, numbers))
        for attachment in line.attachments
        if attachment.ref.isascii() and attachment.ref.isdigit()
    }
    await session.run(DROP_FILES, sorted(number for number in map(int, refs) if number <= LARGEST_NUMBER))
