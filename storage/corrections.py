"""What agents said of words that were read wrongly: kept beside the line, read to be learned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.correcting import topics_of
from bot.domain.correction import Correction
from bot.domain.event import Event
from bot.domain.ids import CustomerId, StaffId
from bot.domain.interaction import Interaction
from bot.domain.reading import Readings
from storage import codec
from storage.codec import micros, moment
from storage.session import Row, Session
from storage.statements import Query, upsert

IS_READ = """author = 'customer' AND kind = 'message' AND line LIKE '%"verdict":{%'"""

LAST_WORDS = Query(
    "SELECT customer_id, line FROM interaction WHERE id IN (SELECT max(id) FROM interaction "  # noqa: S608
    f"WHERE customer_id = ANY($1) AND {IS_READ} GROUP BY customer_id)"
)
CORRECTED_LINES = Query(
    "SELECT id, customer_id, at, line FROM interaction WHERE customer_id = ANY($1) AND at = ANY($2) "  # noqa: S608
    f"AND {IS_READ} ORDER BY id"
)
KEEP = upsert(
    "correction",
    "id",
    "event_id at label scored unhappy scorer staff_id author topics scored_topics",
    fixed="customer_id said_at text",
)
SHOWN = 50
PAGE = 2000
READ = Query(f"SELECT id, line FROM interaction WHERE id > $1 AND {IS_READ} ORDER BY id LIMIT $2")  # noqa: S608
COLUMNS = "at, said_at, text, label, scored, unhappy, scorer, staff_id, author, topics, scored_topics"
CORRECTIONS = Query(f"SELECT {COLUMNS} FROM correction ORDER BY at, event_id")  # noqa: S608
LATEST = Query(
    f"SELECT {COLUMNS}, customer_id FROM (SELECT c.*, row_number() OVER (PARTITION BY customer_id "  # noqa: S608
    f"ORDER BY event_id DESC) AS place FROM correction c WHERE customer_id = ANY($1)) c WHERE place <= {SHOWN} "
    "ORDER BY event_id"
)
CORRECTED = Query("SELECT id, label, topics FROM correction WHERE customer_id = $1")


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
             _joined(c.topics), ",".join(c.scored_topics), e.customer, micros(c.said_at), c.text)
            for number, (e, c) in sorted(latest.items())
        ],
    )  # fmt: skip


async def corrections(session: Session) -> list[Correction]:
    """All of them, oldest first."""
    return [correction(row) for row in await session.rows(CORRECTIONS)]


def correction(row: Row) -> Correction:
    """A row of COLUMNS."""
    at, said_at, text, label, scored, unhappy, scorer, staff, author, topics, scored_topics = row[:11]
    return Correction(
        moment(at), moment(said_at), text, label, scored, unhappy, scorer, StaffId(staff), author,
        None if topics is None else _parted(topics), _parted(scored_topics),
    )  # fmt: skip


def _joined(topics: Sequence[str] | None) -> str | None:
    return None if topics is None else ",".join(topics)


def _parted(topics: str) -> tuple[str, ...]:
    return tuple(topics.split(",")) if topics else ()


async def latest_corrections(session: Session, customers: Collection[int]) -> Mapping[int, Sequence[Correction]]:
    """What agents said of the words of these customers, oldest first. Only in a case do they say anything."""
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    for row in await session.rows(LATEST, sorted(customers)) if customers else ():
        found[row[11]].append(correction(row))
    return found


async def words_of(
    session: Session, wanted: Collection[tuple[CustomerId, datetime]]
) -> dict[CustomerId, tuple[Interaction, ...]]:
    """The lines that these customers wrote at these moments."""
    found: dict[CustomerId, tuple[Interaction, ...]] = {}
    if not wanted:
        return found
    moments = {(who, micros(at)) for who, at in wanted}
    rows = await session.rows(CORRECTED_LINES, sorted({who for who, _ in moments}), sorted({at for _, at in moments}))
    for row, line in zip(rows, codec.interactions(row[3] for row in rows), strict=True):
        if (row[1], row[2]) in moments:
            found[CustomerId(row[1])] = (*found.get(CustomerId(row[1]), ()), line)
    return found


async def readings(session: Session) -> Readings:
    """What was said of every message that was read, page by page: there may be very many."""
    found, after = Readings(), 0
    while rows := await session.rows(READ, after, PAGE):
        for line in codec.interactions(row[1] for row in rows):
            verdict = line.verdict or {}
            found.count(verdict.get("label", ""), topics_of(verdict))
        after = rows[-1][0]
    return found


async def corrected(session: Session, customer: CustomerId) -> dict[int, dict[str, object]]:
    """Interaction → what an agent says it means, as an export's verdict has it."""
    found: dict[int, dict[str, object]] = {}
    for number, label, topics in await session.rows(CORRECTED, customer):
        found[number] = {"corrected": label} if label else {}
        if topics is not None:
            found[number]["corrected_topics"] = list(_parted(topics))
    return found
