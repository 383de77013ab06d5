"""What agents said to customers: kept beside the log, so that it can be corrected and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.event import Event
from bot.domain.ids import CaseId, CustomerId, EventId, StaffId
from bot.domain.message import Ref
from bot.domain.utterance import Unsent, Utterance, about, concerns_utterances
from storage import codec
from storage.codec import micros, moment
from storage.session import Row, Session
from storage.statements import Query, upsert

REMEMBERED = 200
"""An agent may change or take back this many of the latest words; older ones are known by their number alone."""

COLUMNS = "customer_id, id, case_id, staff_id, author, channel, text, at, refs, copies, amended, unsent"
UTTERANCES = Query(
    f"SELECT {COLUMNS} FROM (SELECT u.*, row_number() OVER (PARTITION BY customer_id ORDER BY id DESC) AS place "  # noqa: S608
    f"FROM utterance u WHERE customer_id = ANY($1)) u WHERE place <= {REMEMBERED} OR id = ANY($2) ORDER BY id"
)
SPOKEN = Query(f"SELECT {COLUMNS} FROM utterance WHERE customer_id = $1 AND id = ANY($2)")  # noqa: S608
SAVE = upsert(
    "utterance", "id", "case_id staff_id author channel text at refs copies amended unsent", fixed="customer_id"
)


async def utterances_for(session: Session, events: Iterable[Event]) -> dict[CustomerId, tuple[Utterance, ...]]:
    """What agents said to the customers of those events that are about it."""
    concerned = [event for event in events if concerns_utterances(event.payload)]
    if not concerned:
        return {}
    named = sorted({number for event in concerned if (number := about(event.payload)) is not None})
    found: dict[CustomerId, tuple[Utterance, ...]] = {}
    for row in await session.rows(UTTERANCES, sorted({event.customer for event in concerned}), named):
        customer = CustomerId(row[0])
        found[customer] = (*found.get(customer, ()), utterance(row))
    return found


async def spoken(session: Session, customer: CustomerId, events: Iterable[int]) -> dict[int, Utterance]:
    """What these events brought, by their number."""
    numbers = sorted(set(events))
    rows = await session.rows(SPOKEN, customer, numbers) if numbers else ()
    return {row[1]: utterance(row) for row in rows}


def utterance(row: Row) -> Utterance:
    """A row of UTTERANCES."""
    _, number, case, staff, author, channel, text, at, refs, copies, amended, unsent = row
    return Utterance(
        id=EventId(number),
        case=CaseId(case),
        staff=StaffId(staff),
        author=author,
        channel=channel,
        text=text,
        at=moment(at),
        refs=tuple(Ref(*ref) for ref in codec.from_json(refs)) if refs else (),
        copies=tuple(codec.from_json(copies)) if copies else (),
        amended=amended,
        unsent=Unsent(unsent),
    )


async def save_utterances(session: Session, changed: Iterable[tuple[CustomerId, Utterance]]) -> None:
    """New ones and new states of known ones."""
    await session.put(SAVE, [_row(who, each) for who, each in changed])


def _row(who: CustomerId, one: Utterance) -> Row:
    refs = [(ref.channel, ref.chat, ref.message) for ref in one.refs]
    return (
        one.id,
        one.case,
        one.staff,
        one.author,
        one.channel,
        one.text,
        micros(one.at),
        codec.to_json(refs) if refs else "",
        codec.to_json(one.copies) if one.copies else "",
        one.amended,
        one.unsent.value,
        who,
    )
