"""Whole stories of many customers with a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ask import OVER, Ask, AskState
from bot.domain.case import Breach, Case, CaseState, Reason, Rung
from bot.domain.correction import Correction
from bot.domain.customer import Conversation, Customer, Holder, Identity, Memory
from bot.domain.fact import Fact
from bot.domain.gesture import Gesture
from bot.domain.ids import CaseId, CustomerId, PurchaseId, StaffId
from bot.domain.interaction import Interaction
from bot.domain.money import Money
from bot.domain.outreach_budget import longest_span
from bot.domain.purchase import Item, Purchase
from bot.domain.standing import Ranking
from bot.domain.story import Story
from bot.program import Program
from storage import codec
from storage.codec import amount, micros, moment
from storage.corrections import latest_corrections
from storage.facts import facts_of
from storage.gestures import latest
from storage.house import listed
from storage.lines import LinesMemory
from storage.memory import remembered
from storage.session import Row, Session
from storage.standing import own_values, value_of
from storage.statements import Query

PURCHASES_SHOWN = 20
ASKS_SHOWN = 5
CASES_SHOWN = 3
HOLDERS = {holder.value: holder for holder in Holder}

CUSTOMERS = Query(
    "SELECT c.id, c.name, c.email, c.phone, c.locale, c.timezone, c.created_at, c.opted_out_at, c.language, "
    "c.erased_at, v.holder, v.staff_id, v.channel, v.question, v.introduced, "
    "c.country, c.level, c.segments, c.agreed, c.refused, c.care_until, c.care_why, c.in_charge_id, c.invited, "
    "c.memory "
    "FROM customer c LEFT JOIN conversation v ON v.customer_id = c.id WHERE c.id = ANY($1)"
)
IDENTITIES = Query(
    "SELECT customer_id, channel, external, name, handle, unreachable, linked_at, proof FROM identity "
    "WHERE customer_id = ANY($1) ORDER BY linked_at, channel, external"
)
CASE_COLUMNS = (
    "customer_id, id, state, opened_at, reasons, desk, priority, owner, owner_name, claimed_at, first_human_at, "
    "resolved_at, first_resolved_at, recovered, follow_ups, hinted, unhappy, waiting_since, reply_due_at, "
    "resolve_due_at, told, breaches, rung, offered_to, offer, offer_round, help"
)
CASES = Query(
    f"SELECT {CASE_COLUMNS}, ever FROM (SELECT c.*, count(*) OVER (PARTITION BY customer_id) AS ever, "  # noqa: S608
    'row_number() OVER (PARTITION BY customer_id ORDER BY id DESC) AS place FROM "case" c '
    f"WHERE customer_id = ANY($1)) c WHERE place <= {CASES_SHOWN} OR state <> 'resolved' ORDER BY id"
)
CASE_WIDTH = CASE_COLUMNS.count(",") + 1
PURCHASE_COLUMNS = (
    "p.customer_id, p.id, p.shop, p.order_id, p.amount, p.currency, p.items, p.paid_at, p.delivered_at, p.refunded_at, "
    "p.cancelled_at, p.opted_out"
)
ASK_COLUMNS = (
    "a.id, a.state, a.planned_at, a.due_at, a.round, a.sent_at, a.delivered_at, a.reminded_at, a.answered_at, "
    "a.ended_at, a.channel, a.why, a.rating"
)
PURCHASES = Query(
    f"SELECT {PURCHASE_COLUMNS}, {ASK_COLUMNS}, p.ever FROM (SELECT p.*, "  # noqa: S608
    "row_number() OVER (PARTITION BY customer_id ORDER BY id DESC) AS place, "
    "count(*) OVER (PARTITION BY customer_id) AS ever FROM purchase p WHERE customer_id = ANY($1)) p "
    "LEFT JOIN ask a ON a.id = p.id "
    f"WHERE p.place <= {PURCHASES_SHOWN} OR a.state IN ('planned', 'sent', 'reminded') OR p.order_id = ANY($2) "
    "ORDER BY p.id"
)
ASKED = Query("SELECT customer_id, sent_at FROM ask WHERE customer_id = ANY($1) AND sent_at >= $2 ORDER BY sent_at")


@dataclass(frozen=True, slots=True)
class View:
    """What stories are seen with."""

    program: Program
    ranking: Ranking
    lines: LinesMemory
    now: datetime


@dataclass(slots=True)
class Parts:
    """What was read, by customer."""

    people: dict[int, tuple[Customer, Conversation]] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    identities: defaultdict[int, list[Identity]] = field(default_factory=lambda: defaultdict(list))
    cases: defaultdict[int, list[Case]] = field(default_factory=lambda: defaultdict(list))
    cases_ever: dict[int, int] = field(default_factory=dict)
    purchases: defaultdict[int, list[Purchase]] = field(default_factory=lambda: defaultdict(list))
    purchases_ever: dict[int, int] = field(default_factory=dict)
    asks: defaultdict[int, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    interactions: dict[int, tuple[Interaction, ...]] = field(default_factory=dict)
    gestures: Mapping[int, Sequence[Gesture]] = field(default_factory=dict)
    facts: Mapping[int, Sequence[Fact]] = field(default_factory=dict)
    corrections: Mapping[int, Sequence[Correction]] = field(default_factory=dict)


async def load_stories(
    session: Session, customers: Iterable[int], view: View, orders: Iterable[str] = ()
) -> tuple[dict[CustomerId, Story], set[int]]:
    """The stories, and which of these customers are erased. `orders`: order ids whose purchases must be among them."""
    wanted = sorted(set(customers))
    parts = await _read(session, wanted, view, sorted(set(orders)))
    values = await _values(session, parts, view)
    asked = await _asked(session, parts, view)
    stories = {}
    for number in wanted:
        customer, conversation = parts.people.get(number) or (Customer(CustomerId(number)), Conversation())
        value, count = values.get(number, (0, 0))
        stories[customer.id] = Story(
            customer=customer,
            identities=tuple(parts.identities.get(number, ())),
            conversation=conversation,
            cases=tuple(parts.cases.get(number, ())),
            asks=_shown(parts.asks.get(number, ())),
            purchases=tuple(parts.purchases.get(number, ())),
            interactions=parts.interactions.get(number, ()),
            asked=tuple(asked.get(number, ())),
            standing=view.ranking.standing(amount(value), count),
            cases_ever=parts.cases_ever.get(number, 0),
            gestures=tuple(parts.gestures.get(number, ())),
            facts=tuple(parts.facts.get(number, ())),
            corrections=tuple(parts.corrections.get(number, ())),
        )
    return stories, parts.erased


async def _read(session: Session, wanted: list[int], view: View, orders: list[str]) -> Parts:
    parts = Parts()
    for row in await session.rows(CUSTOMERS, wanted):
        parts.people[row[0]] = known_person(row)
        if row[9] is not None:
            parts.erased.add(row[0])
    for row in await session.rows(IDENTITIES, wanted):
        parts.identities[row[0]].append(identity(row))
    for row in await session.rows(CASES, wanted):
        parts.cases[row[0]].append(case(row))
        parts.cases_ever[row[0]] = row[CASE_WIDTH]
    parts.gestures = await latest(session, wanted if view.program.reward else parts.cases)
    parts.facts = await facts_of(session, parts.cases)
    parts.corrections = await latest_corrections(session, parts.cases)
    for row in await session.rows(PURCHASES, wanted, orders):
        parts.purchases[row[0]].append(purchase(row))
        parts.purchases_ever[row[0]] = row[25]
        if row[12] is not None:
            parts.asks[row[0]].append(ask(row[12:25]))
    parts.interactions = await view.lines.latest(session, wanted)
    return parts


async def _values(session: Session, parts: Parts, view: View) -> dict[int, tuple[int, int]]:
    """(value, orders) in the window; only who bought more than is shown costs a statement."""
    policy = view.program.value
    since = view.now - policy.window
    long = sorted(number for number, ever in parts.purchases_ever.items() if ever > len(parts.purchases[number]))
    found = dict(await own_values(session, long, since, policy)) if long else {}
    for number, purchases in parts.purchases.items():
        if number not in found:
            found[number] = value_of(purchases, since, policy)
    return found


async def _asked(session: Session, parts: Parts, view: View) -> dict[int, list[datetime]]:
    since = view.now - longest_span(view.program)
    found: dict[int, list[datetime]] = {}
    long = sorted(number for number, ever in parts.purchases_ever.items() if ever > len(parts.purchases[number]))
    for customer, at in await session.rows(ASKED, long, micros(since)) if long else ():
        found.setdefault(customer, []).append(moment(at))
    for number, asks in parts.asks.items():
        if number not in found:
            found[number] = sorted(a.sent_at for a in asks if a.sent_at is not None and a.sent_at >= since)
    return found


def _shown(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    latest = {ask.id for ask in asks[-ASKS_SHOWN:]}
    return tuple(ask for ask in asks if ask.id in latest or ask.state not in OVER)


# ---------------------------------------------------------------- rows → values


def person(row: Row) -> tuple[Customer, Conversation]:
    """A row of CUSTOMERS."""
    number, name, email, phone, locale, timezone, created_at, opted_out_at, language, _, holder, *rest = row[:15]
    country, level, segments, agreed, refused, care_until, care_why, in_charge, invited, memory = row[15:]
    customer = Customer(
        CustomerId(number), name, email, phone, locale, timezone, moment(created_at), moment(opted_out_at), language,
        country, level, listed(segments), listed(agreed), listed(refused), moment(care_until), care_why,
        None if in_charge is None else StaffId(in_charge), bool(invited), Memory(memory),
    )  # fmt: skip
    if holder is None:
        return customer, Conversation()
    staff, channel, question, introduced = rest
    who = None if staff is None else StaffId(staff)
    return customer, Conversation(HOLDERS[holder], who, channel, question, bool(introduced))


known_person = remembered(person)
"""Of those who are spoken with; a look at everybody at once would only push them out."""


@remembered
def identity(row: Row) -> Identity:
    """A row of IDENTITIES."""
    _, channel, external, name, handle, unreachable, linked_at, proof = row
    return Identity(channel, external, name, handle, unreachable, moment(linked_at), proof)


@remembered
def case(row: Row) -> Case:
    """A row of CASES."""
    _, number, state, opened_at, reasons, desk, priority, owner, owner_name, *times = row[:16]
    claimed, first_human, resolved, first_resolved, recovered, follow_ups, hinted = times
    unhappy, waiting, reply_due, resolve_due, told, breaches, rung, offered_to, offer, offer_round, help_ = row[
        16:CASE_WIDTH
    ]
    return Case(
        id=CaseId(number),
        state=CaseState(state),
        opened_at=moment(opened_at),
        reasons=codec.decoder(tuple[Reason, ...]).decode(reasons) if reasons else (),
        desk=desk,
        priority=priority,
        owner=None if owner is None else StaffId(owner),
        owner_name=owner_name,
        claimed_at=moment(claimed),
        first_human_at=moment(first_human),
        resolved_at=moment(resolved),
        first_resolved_at=moment(first_resolved),
        recovered=None if recovered is None else bool(recovered),
        follow_ups=follow_ups,
        hinted=bool(hinted),
        unhappy=unhappy,
        waiting_since=moment(waiting),
        reply_due_at=moment(reply_due),
        resolve_due_at=moment(resolve_due),
        told=bool(told),
        breaches=codec.decoder(tuple[Breach, ...]).decode(breaches) if breaches else (),
        rung=Rung(rung),
        offered_to=None if offered_to is None else StaffId(offered_to),
        offer=offer,
        offer_round=offer_round,
        help=help_,
    )


@remembered
def purchase(row: Row) -> Purchase:
    """A row of PURCHASES, its first half."""
    _, number, shop, order_id, total, currency, items, *times, opted_out = row[:12]
    paid_at, delivered_at, refunded_at, cancelled_at = times
    return Purchase(
        id=PurchaseId(number),
        shop=shop,
        order_id=order_id,
        total=None if total is None else Money(amount(total), currency),
        items=codec.decoder(tuple[Item, ...]).decode(items) if items else (),
        paid_at=moment(paid_at),
        delivered_at=moment(delivered_at),
        refunded_at=moment(refunded_at),
        cancelled_at=moment(cancelled_at),
        opted_out=bool(opted_out),
    )


@remembered
def ask(row: Row) -> Ask:
    """A row of PURCHASES, its second half."""
    number, state, planned_at, due_at, round_, *times, channel, why, rating = row
    sent_at, delivered_at, reminded_at, answered_at, ended_at = times
    return Ask(
        id=PurchaseId(number),
        state=AskState(state),
        planned_at=moment(planned_at),
        due_at=moment(due_at),
        round=round_,
        sent_at=moment(sent_at),
        delivered_at=moment(delivered_at),
        reminded_at=moment(reminded_at),
        answered_at=moment(answered_at),
        ended_at=moment(ended_at),
        channel=channel,
        why=why,
        rating=rating,
    )
