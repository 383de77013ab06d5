"""What is remembered of people: kept beside the person, gone with the consent, the time or the person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.domain.fact import Fact, FactState
from bot.domain.ids import CaseId, CustomerId, EventId, StaffId
from bot.domain.story import Story
from storage.codec import micros, moment
from storage.session import Row, Session
from storage.statements import Query, upsert

COLUMNS = "customer_id, id, words, at, expires_at, state, staff_id, author, case_id"
FACTS = Query(f"SELECT {COLUMNS} FROM fact WHERE customer_id = ANY($1) ORDER BY customer_id, id")  # noqa: S608
KEEP = upsert("fact", "id", "words at expires_at state staff_id author case_id", fixed="customer_id")
DROP = Query("DELETE FROM fact WHERE id = ANY($1)")
DROP_COPIES = Query(
    "DELETE FROM outbox WHERE customer_id = ANY($1) AND side = 'desk' AND kind IN ('card', 'card_change', 'notice') "
    "AND state IN ('sent', 'cancelled')"
)


async def facts_of(session: Session, customers: Collection[int]) -> Mapping[int, Sequence[Fact]]:
    """Everything remembered of these people, oldest first. A fact needs a case: most batches ask for none."""
    found: defaultdict[int, list[Fact]] = defaultdict(list)
    for row in await session.rows(FACTS, sorted(customers)) if customers else ():
        found[row[0]].append(fact(row))
    return found


def fact(row: Row) -> Fact:
    """A row of COLUMNS."""
    _, number, words, at, expires_at, state, staff, author, case = row
    return Fact(
        EventId(number), words, moment(at), moment(expires_at), FactState(state), StaffId(staff), author, CaseId(case)
    )


async def keep_facts(session: Session, pairs: Iterable[tuple[Story, Story]]) -> None:
    """What is new or changed is written; what the newer story has no more is deleted, with the cards that showed it."""
    changed: list[tuple[CustomerId, Fact]] = []
    dropped: dict[int, CustomerId] = {}
    for old, new in pairs:
        if new.facts is not old.facts:
            left = {fact.id for fact in new.facts}
            changed += [(new.customer.id, fact) for fact in new.facts if fact not in old.facts]
            dropped |= {fact.id: new.customer.id for fact in old.facts if fact.id not in left}
    await session.put(KEEP, [_row(who, one) for who, one in changed])
    if dropped:
        await session.run(DROP, sorted(dropped))
        await session.run(DROP_COPIES, sorted(set(dropped.values())))


def _row(who: CustomerId, one: Fact) -> Row:
    at, expires_at = micros(one.at), micros(one.expires_at)
    return (one.id, one.words, at, expires_at, one.state.value, one.staff, one.author, one.case, who)
