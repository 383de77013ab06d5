"""Outreach as the turns see it: what is planned, watched or lately sent; and the “why” log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.event import Event
from bot.domain.ids import HOUSE, CustomerId, EventId
from bot.domain.outreach import Outreach, OutreachState
from bot.domain.why import Why
from storage.codec import micros, moment
from storage.memory import remembered
from storage.session import Row, Session
from storage.statements import Query, insert, upsert

STATE = (
    "variant state round sent_at closes_at channel answered_at liked unhappy_before unhappy_after opted_out_at "
    "bought_at why"
)
COLUMNS = (
    "customer_id, id, campaign, occasion, variant, state, planned_at, due_at, item, round, sent_at, closes_at, "
    "channel, answered_at, liked, unhappy_before, unhappy_after, opted_out_at, bought_at, why"
)
OPEN = Query(
    f"SELECT {COLUMNS} FROM outreach WHERE customer_id = ANY($1) "  # noqa: S608 - our own names
    "AND (state IN ('planned', 'sent', 'held') OR sent_at >= $2) ORDER BY id"
)
OF_CUSTOMER = Query(f"SELECT {COLUMNS} FROM outreach WHERE customer_id = $1 ORDER BY id")  # noqa: S608
SAVE = upsert("outreach", "id", STATE, fixed="customer_id campaign occasion planned_at due_at item")
LOG = insert("why", "customer_id event_id at about did reason")
WHY = Query("SELECT at, about, did, reason FROM why WHERE customer_id = $1 ORDER BY id DESC LIMIT $2")
WHY_ALL = Query("SELECT at, about, did, reason FROM why WHERE customer_id = $1 ORDER BY id")


@remembered
def outreach(row: Row) -> Outreach:
    """A row of COLUMNS."""
    _, number, campaign, occasion, variant, state, planned_at, due_at, item, round_, *rest = row
    sent_at, closes_at, channel, answered_at, liked, before, after, opted_out_at, bought_at, why = rest
    return Outreach(
        id=EventId(number),
        campaign=campaign,
        occasion=occasion,
        variant=variant,
        state=OutreachState(state),
        planned_at=moment(planned_at),
        due_at=moment(due_at),
        item=item,
        round=round_,
        sent_at=moment(sent_at),
        closes_at=moment(closes_at),
        channel=channel,
        answered_at=moment(answered_at),
        liked=None if liked is None else bool(liked),
        unhappy_before=bool(before),
        unhappy_after=bool(after),
        opted_out_at=moment(opted_out_at),
        bought_at=moment(bought_at),
        why=why,
    )


def row_of(who: int, one: Outreach) -> Row:
    """As SAVE takes it."""
    return (
        one.id,
        one.variant,
        one.state.value,
        one.round,
        micros(one.sent_at),
        micros(one.closes_at),
        one.channel,
        micros(one.answered_at),
        one.liked,
        one.unhappy_before,
        one.unhappy_after,
        micros(one.opted_out_at),
        micros(one.bought_at),
        one.why,
        who,
        one.campaign,
        one.occasion,
        micros(one.planned_at),
        micros(one.due_at),
        one.item,
    )


async def outreach_for(
    session: Session, customers: Collection[int], since: datetime
) -> Mapping[int, tuple[Outreach, ...]]:
    """What these customers' rules must know: open pieces, and those that went out since then."""
    found: defaultdict[int, list[Outreach]] = defaultdict(list)
    theirs = sorted(number for number in customers if number != HOUSE)
    for row in await session.rows(OPEN, theirs, micros(since)) if theirs else ():
        found[row[0]].append(outreach(row))
    return {number: tuple(pieces) for number, pieces in found.items()}


async def save_outreach(session: Session, changed: Sequence[tuple[CustomerId, Outreach]]) -> None:
    """What a turn decided."""
    await session.put(SAVE, [row_of(who, one) for who, one in changed])


async def log_whys(session: Session, whys: Sequence[tuple[Event, Why]]) -> None:
    """One line for each step."""
    await session.put(LOG, [(e.customer, e.id, micros(w.at), w.about, w.did, w.reason) for e, w in whys])


async def why(session: Session, customer: CustomerId, limit: int | None) -> list[Why]:
    """The latest lines, oldest first; all of them without a limit."""
    rows = await (session.rows(WHY_ALL, customer) if limit is None else session.rows(WHY, customer, limit))
    found = [Why(moment(at), about, did, reason) for at, about, did, reason in rows]
    return found if limit is None else found[::-1]


async def of_customer(session: Session, customer: CustomerId) -> list[Outreach]:
    """All outreach that was ever planned for somebody."""
    return [outreach(row) for row in await session.rows(OF_CUSTOMER, customer)]
