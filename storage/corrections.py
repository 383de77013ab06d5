"""What agents said of words that were read wrongly: kept beside the line, read to be learned from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.correction import Correction
from bot.domain.event import Event
from bot.domain.ids import CustomerId, StaffId
from bot.domain.interaction import Interaction
from storage import codec
from storage.codec import micros, moment
from storage.session import Session
from storage.statements import Query, update, upsert

IS_READ = """author = 'customer' AND kind = 'message' AND line LIKE '%"verdict":{%'"""

LAST_WORDS = Query(
    "SELECT customer_id, line FROM interaction WHERE id IN (SELECT max(id) FROM interaction "  # noqa: S608
    f"WHERE customer_id = ANY($1) AND {IS_READ} GROUP BY customer_id)"
)
CORRECTED_LINES = Query(
    "SELECT id, customer_id, at, line, event_id FROM interaction "  # noqa: S608
    "WHERE customer_id = ANY($1) AND at = ANY($2) "
    f"AND {IS_READ} ORDER BY id"
)
KEEP = upsert(
    "correction", "id", "event_id at label scored unhappy scorer staff_id author", fixed="customer_id said_at text"
)
COUNTS_AS = update("feedback", "customer_id event_id", "corrected", where="worded")
CORRECTIONS = Query(
    "SELECT at, said_at, text, label, scored, unhappy, scorer, staff_id, author FROM correction ORDER BY at, event_id"
)
CORRECTED = Query("SELECT id, label FROM correction WHERE customer_id = $1")


async def last_words(session: Session, customers: set[CustomerId]) -> dict[CustomerId, Interaction]:
    """The latest message with a verdict of each of these customers."""
    rows = await session.rows(LAST_WORDS, sorted(customers)) if customers else ()
    lines = codec.interactions(row[1] for row in rows)
    return {CustomerId(row[0]): line for row, line in zip(rows, lines, strict=True)}


async def keep_corrections(session: Session, corrections: Sequence[tuple[Event, Correction]]) -> None:
    """A later correction of the same words replaces the earlier one. The words themselves are written already."""
    if not corrections:
        return
    customers = sorted({event.customer for event, _ in corrections})
    rows = await session.rows(CORRECTED_LINES, customers, sorted({micros(c.said_at) for _, c in corrections}))
    lines = codec.interactions(row[3] for row in rows)
    numbers = {(row[1], row[2], line.text): row[0] for row, line in zip(rows, lines, strict=True)}
    latest = {numbers[event.customer, micros(c.said_at), c.text]: (event, c) for event, c in corrections}
    await session.put(
        KEEP,
        [
            (number, e.id, micros(c.at), c.label, c.scored, c.unhappy, c.scorer, c.staff, c.author,
             e.customer, micros(c.said_at), c.text)
            for number, (e, c) in sorted(latest.items())
        ],
    )  # fmt: skip
    brought_by = {row[0]: row[4] for row in rows}
    await session.put(
        COUNTS_AS,
        [(c.label, event.customer, brought_by[number]) for number, (event, c) in sorted(latest.items())],
    )


async def corrections(session: Session) -> list[Correction]:
    """All of them, oldest first."""
    return [
        Correction(moment(at), moment(said_at), text, label, scored, unhappy, scorer, StaffId(staff), author)
        for at, said_at, text, label, scored, unhappy, scorer, staff, author in await session.rows(CORRECTIONS)
    ]


async def corrected_labels(session: Session, customer: CustomerId) -> dict[int, str]:
    """Interaction → what an agent called it."""
    return {row[0]: row[1] for row in await session.rows(CORRECTED, customer)}
