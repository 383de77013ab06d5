"""Into the journal: which lane an incoming thing belongs to, who is new, and the events themselves. One transaction."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.domain.event import (
    KIND_OF,
    Accepted,
    AgentSaid,
    ByCase,
    ByCustomer,
    BySender,
    ByShopCustomer,
    ByThread,
    ByToken,
    Incoming,
    Lane,
    OrderReported,
    Payload,
    Sender,
    ShopCustomer,
)
from bot.domain.ids import HOUSE, CustomerId, EventId
from storage import codec
from storage.codec import micros, plain
from storage.session import Raced, Row, Session
from storage.statements import Query, insert

Address = tuple[str, str]

OWNERS = Query("SELECT channel, external, customer_id FROM identity WHERE external = ANY($1)")
TOKEN_OWNERS = Query(
    "SELECT token, customer_id FROM link_token WHERE token = ANY($1) AND used_at IS NULL AND expires_at > $2"
)
THREAD_OWNERS = Query("SELECT desk, chat, thread, customer_id, spare FROM desk_thread WHERE thread = ANY($1)")
CURRENT = Query(
    "SELECT 1 FROM desk_thread WHERE customer_id = $1 AND desk = $2 AND case_id = $3 AND spare = FALSE LIMIT 1"
)
FOUND_THREAD = insert("desk_thread", "thread chat desk customer_id case_id card spare", conflict="DO NOTHING")
THREAD_PER_CASE = frozenset({"slack"})
"""Desks that open a thread for every case; the others keep one for every customer, or none."""
CASE_OWNERS = Query('SELECT id, customer_id FROM "case" WHERE id = ANY($1)')
ORDER_OWNERS = Query("SELECT shop, order_id, customer_id FROM purchase WHERE order_id = ANY($1)")
KNOWN = Query("SELECT id, merged_into FROM customer WHERE id = ANY($1)")
EVENTS_BY_KEY = Query("SELECT key, id, customer_id FROM event WHERE key = ANY($1)")
SUPPRESSED = Query("SELECT hash FROM suppression WHERE hash = ANY($1)")
TOKENS_OF_ORDERS = Query("SELECT purchase, token FROM link_token WHERE purchase = ANY($1)")

NEW_CUSTOMERS = insert("customer", "id name email phone locale timezone created_at opted_out_at")
NEW_IDENTITIES = insert("identity", "channel external customer_id name handle linked_at proof", conflict="DO NOTHING")
NEW_EVENTS = insert(
    "event", "key customer_id kind payload at due_at received_at state", conflict="(key) DO NOTHING", unique="key"
)
READY = insert(
    "lane",
    "customer_id ready_at",
    conflict="(customer_id) DO UPDATE SET ready_at = CASE WHEN lane.ready_at <= excluded.ready_at "
    "THEN lane.ready_at ELSE excluded.ready_at END",
)
NEW_TOKENS = insert("link_token", "token customer_id purchase created_at expires_at", conflict="DO NOTHING")


UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the journal needs to know of the shop. `secret` keys the hashes of the suppression list."""

    secret: bytes
    link_expires_after: timedelta
    zone: ZoneInfo = UTC_ZONE
    """The shop's: figures are kept by its days."""


@dataclass(slots=True)
class Newcomer:
    """Somebody nobody knew before, with every address that shall lead to them."""

    addresses: dict[Address, str]
    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""
    timezone: str = ""
    handle: str = ""
    number: int = 0

    @classmethod
    def from_sender(cls, sender: Sender) -> Newcomer:
        """Somebody who wrote."""
        address = address_of(BySender(sender))
        return cls(
            {address: "sender"},
            name=plain(sender.name),
            email=plain(sender.email),
            locale=plain(sender.locale),
            timezone=plain(sender.timezone),
            handle=plain(sender.handle),
        )

    @classmethod
    def from_shop(cls, shop: str, customer: ShopCustomer) -> Newcomer:
        """Somebody who bought."""
        address = address_of(ByShopCustomer(shop, customer))
        return cls(
            {address: "shop"},
            name=plain(customer.name),
            email=plain(customer.email),
            phone=plain(customer.phone),
            locale=plain(customer.locale),
            timezone=plain(customer.timezone),
        )

    def marks(self) -> list[str]:
        """What the suppression list may know them by."""
        return suppression_marks(self.addresses, self.email, self.phone)


@dataclass(slots=True)
class Lanes:
    """Who is known among those that a batch names."""

    owners: dict[Address, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    threads: dict[tuple[str, str, str], int] = field(default_factory=dict)
    spare: set[tuple[str, str, str]] = field(default_factory=set)
    """Threads beside the right one."""
    cases: dict[int, int] = field(default_factory=dict)
    orders: dict[Address, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def find(self, incoming: Incoming) -> int | None:
        """The lane; None when it must be made."""
        order = incoming.payload
        if isinstance(order, OrderReported):
            known = self.orders.get((plain(order.shop), plain(order.order_id)))
            if known is not None:
                return known
        lane = incoming.lane
        if isinstance(lane, ByToken) and lane.token in self.tokens:
            return self.tokens[lane.token]
        if isinstance(lane, ByThread):
            return self.find_thread(lane)
        if isinstance(lane, ByCase):
            return self.cases.get(lane.case, HOUSE)
        if isinstance(lane, ByCustomer):
            return self.numbers.get(lane.customer, HOUSE)
        return self.owners.get(address_of(lane))

    def find_thread(self, lane: ByThread) -> int:
        """Whose it is: as we know it, else by what stands in it."""
        known, other = self.threads.get((lane.desk, lane.chat, lane.thread)), lane.otherwise
        if known is not None:
            return known
        if isinstance(other, ByCase):
            return self.cases.get(other.case, HOUSE)
        return self.numbers.get(other.customer, HOUSE) if other else HOUSE


def address_of(lane: BySender | ByToken | ByShopCustomer) -> Address:
    """The identity that names a lane."""
    if isinstance(lane, ByShopCustomer):
        return ("shop", plain(f"{lane.shop}/{lane.customer.id}"))
    return (lane.sender.channel, plain(lane.sender.external))


def order_reference(order: OrderReported) -> str:
    """`main/1001`."""
    return plain(f"{order.shop}/{order.order_id}")


def suppression_marks(addresses: Iterable[Address], email: str, phone: str) -> list[str]:
    """Everything that somebody may be recognised by, in the form that is hashed."""
    marks = {f"{channel}:{external.lower()}" for channel, external in addresses}
    if email:
        marks.add(f"email:{email.strip().lower()}")
    if phone:
        marks.add(f"phone:{''.join(c for c in phone if c.isdigit())}")
    return sorted(marks)


def keyed_hash(secret: bytes, mark: str) -> str:
    """What stays on the suppression list of somebody who is gone."""
    return hmac.new(secret, mark.encode(), sha256).hexdigest()


async def accept(session: Session, batch: Sequence[Incoming], now: datetime, policy: Policy) -> list[Accepted]:
    """Write a batch; every thing gets its lane, its event and, for an order, its link token."""
    lanes = await find_lanes(session, batch, now)
    repeats = await _make_newcomers(session, batch, lanes, now, policy)
    await _keep_found_threads(session, batch, lanes)
    placed = [(plain(incoming.key), incoming, lanes.find(incoming)) for incoming in batch]
    at = micros(now)
    rows: dict[str, Row] = {}
    for key, incoming, lane in placed:
        if lane is not None and key not in rows and key not in repeats:
            kind = KIND_OF[type(incoming.payload)]
            due = at if incoming.due_at is None else micros(incoming.due_at)
            rows[key] = (
                key,
                lane,
                kind,
                codec.payload_json(_with_thread(incoming, lanes)),
                micros(incoming.at),
                due,
                at,
                "new",
            )
    fresh = await session.add(NEW_EVENTS, [*rows.values()])
    await wake_lanes(session, [(rows[key][1], rows[key][5]) for key in fresh])
    known = repeats | await _repeated(session, [key for key in rows if key not in fresh])
    known |= {key: (number, rows[key][1]) for key, number in fresh.items()}
    tokens = await _order_tokens(session, [(i.payload, known[key][1]) for key, i, _ in placed], now, policy)
    return _answers([(key, incoming) for key, incoming, _ in placed], set(fresh), known, tokens)


async def _keep_found_threads(session: Session, batch: Sequence[Incoming], lanes: Lanes) -> None:
    """Threads that we made and didn't live to keep: one is as good as any, unless there is another by now."""
    for lane in {incoming.lane for incoming in batch if isinstance(incoming.lane, ByThread)}:
        place, owner = (lane.desk, lane.chat, lane.thread), lanes.find_thread(lane)
        if place in lanes.threads or owner == HOUSE:
            continue
        case = lane.otherwise.case if isinstance(lane.otherwise, ByCase) and lane.desk in THREAD_PER_CASE else 0
        spare = bool(await session.rows(CURRENT, owner, lane.desk, case))
        await session.put(FOUND_THREAD, [(lane.thread, lane.chat, lane.desk, owner, case, "", spare)])
        lanes.threads[place] = owner
        if spare:
            lanes.spare.add(place)


def _with_thread(incoming: Incoming, lanes: Lanes) -> Payload:
    """What was said in a thread beside the right one says so."""
    lane, said = incoming.lane, incoming.payload
    if (
        isinstance(lane, ByThread)
        and isinstance(said, AgentSaid)
        and (lane.desk, lane.chat, lane.thread) in lanes.spare
    ):
        return replace(said, astray=lane.thread)
    return said


def _answers(
    batch: Sequence[tuple[str, Incoming]], fresh: set[str], known: dict[str, tuple[int, int]], tokens: dict[str, str]
) -> list[Accepted]:
    """In the order of the batch; a key that occurs twice is fresh once."""
    answers = []
    for key, incoming in batch:
        payload, (number, lane) = incoming.payload, known[key]
        token = tokens.get(order_reference(payload), "") if isinstance(payload, OrderReported) else ""
        answers.append(Accepted(key in fresh, CustomerId(lane), EventId(number), token))
        fresh.discard(key)
    return answers


async def wake_lanes(session: Session, due: Iterable[tuple[int, int]]) -> None:
    """(customer, due) of new events: their lanes are ready no later than that. Locks lanes in order of number."""
    earliest: dict[int, int] = {}
    for lane, moment in due:
        earliest[lane] = min(moment, earliest.get(lane, moment))
    if earliest:
        await session.put(READY, [(lane, earliest[lane]) for lane in sorted(earliest)])
        session.topics.add("turn")


async def _repeated(session: Session, keys: list[str]) -> dict[str, tuple[int, int]]:
    """Key → (event, customer) of what the journal has already; a merged customer leads to who absorbed them."""
    if not keys:
        return {}
    found: dict[str, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in await session.rows(EVENTS_BY_KEY, keys)}
    leads = await follow_merges(session, [lane for _, lane in found.values()])
    return {key: (number, leads.get(lane, lane)) for key, (number, lane) in found.items()}


async def follow_merges(session: Session, customers: Iterable[int]) -> dict[int, int]:
    """Customer → who they are now; unknown ones are left out."""
    leads: dict[int, int] = {}
    wanted = {number: number for number in set(customers) if number != HOUSE}
    if HOUSE in set(customers):
        leads[HOUSE] = HOUSE
    while wanted:
        into = {row[0]: row[1] for row in await session.rows(KNOWN, sorted(set(wanted.values())))}
        further = {}
        for asked, number in wanted.items():
            if number in into:
                leads[asked] = number
                if into[number] is not None:
                    further[asked] = into[number]
        wanted = further
    return leads


# ---------------------------------------------------------------- lanes


async def find_lanes(session: Session, batch: Sequence[Incoming], now: datetime) -> Lanes:
    """Look up whatever the batch names, one statement per kind that occurs."""
    lanes = Lanes()
    kinds = {type(incoming.lane) for incoming in batch}
    given: list[Lane] = [incoming.lane for incoming in batch]
    if kinds & {BySender, ByToken, ByShopCustomer}:
        named = [address_of(lane) for lane in given if isinstance(lane, BySender | ByToken | ByShopCustomer)]
        lanes.owners = await owners_of(session, named)
    if ByToken in kinds:
        names = [lane.token for lane in given if isinstance(lane, ByToken) and lane.token]
        lanes.tokens = await _token_owners(session, names, now)
    if ByThread in kinds:
        threads = sorted({lane.thread for lane in given if isinstance(lane, ByThread)})
        rows = await session.rows(THREAD_OWNERS, threads)
        lanes.threads = {(row[0], row[1], row[2]): row[3] for row in rows}
        lanes.spare = {(row[0], row[1], row[2]) for row in rows if row[4]}
        given += [lane.otherwise for lane in given if isinstance(lane, ByThread) and lane.otherwise]
        kinds |= {type(lane) for lane in given}
    if ByCase in kinds:
        numbers = sorted({lane.case for lane in given if isinstance(lane, ByCase)})
        lanes.cases = {row[0]: row[1] for row in await session.rows(CASE_OWNERS, numbers)}
    if ByCustomer in kinds:
        lanes.numbers = await follow_merges(session, [lane.customer for lane in given if isinstance(lane, ByCustomer)])
    orders = sorted({plain(i.payload.order_id) for i in batch if isinstance(i.payload, OrderReported)})
    if orders:
        lanes.orders = {(row[0], row[1]): row[2] for row in await session.rows(ORDER_OWNERS, orders)}
    return lanes


async def owners_of(session: Session, addresses: Iterable[Address]) -> dict[Address, int]:
    """Which customer has which identity."""
    wanted = sorted({external for _, external in addresses})
    if not wanted:
        return {}
    return {(row[0], row[1]): row[2] for row in await session.rows(OWNERS, wanted)}


async def _token_owners(session: Session, tokens: list[str], now: datetime) -> dict[str, int]:
    if not tokens:
        return {}
    found = {row[0]: row[1] for row in await session.rows(TOKEN_OWNERS, tokens, micros(now))}
    leads = await follow_merges(session, found.values()) if found else {}
    return {token: leads[owner] for token, owner in found.items() if owner in leads}


# ---------------------------------------------------------------- newcomers


async def _make_newcomers(
    session: Session, batch: Sequence[Incoming], lanes: Lanes, now: datetime, policy: Policy
) -> dict[str, tuple[int, int]]:
    """Customers for the senders and shop customers nobody knew. Returns what turned out to be a repeat after all."""
    strangers = [incoming for incoming in batch if lanes.find(incoming) is None]
    if not strangers:
        return {}
    repeats = await _repeated(session, [plain(incoming.key) for incoming in strangers])
    people: dict[Address, Newcomer] = {}
    for incoming in strangers:
        lane = incoming.lane
        if plain(incoming.key) in repeats or not isinstance(lane, BySender | ByToken | ByShopCustomer):
            continue
        people.setdefault(address_of(lane), _newcomer(lane))
    await make_customers(session, list(people.values()), now, policy)
    for address, newcomer in people.items():
        lanes.owners[address] = newcomer.number
    return repeats


def _newcomer(lane: BySender | ByToken | ByShopCustomer) -> Newcomer:
    if isinstance(lane, ByShopCustomer):
        return Newcomer.from_shop(lane.shop, lane.customer)
    return Newcomer.from_sender(lane.sender)


async def make_customers(session: Session, people: list[Newcomer], now: datetime, policy: Policy) -> None:
    """Give each a number and their identities; who is on the suppression list begins opted out."""
    if not people:
        return
    await _add_free_emails(session, people)
    refused = await _suppressed(session, people, policy)
    at = micros(now)
    for person, number in zip(people, await session.numbers("customer", len(people)), strict=True):
        person.number = number
    await session.put(
        NEW_CUSTOMERS,
        [
            (p.number, p.name, p.email, p.phone, p.locale, p.timezone, at, at if place in refused else None)
            for place, p in enumerate(people)
        ],
    )
    rows = {
        address: (
            *address,
            p.number,
            p.name if proof == "sender" else "",
            p.handle if proof == "sender" else "",
            at,
            proof,
        )
        for p in people
        for address, proof in p.addresses.items()
    }
    await session.put(NEW_IDENTITIES, [rows[address] for address in sorted(rows)])
    owners = await owners_of(session, rows)
    if any(owners.get(address) != row[2] for address, row in rows.items()):
        raise Raced("somebody else met the same person at the same moment")


async def _add_free_emails(session: Session, people: list[Newcomer]) -> None:
    """An email leads to the first customer who has it."""
    wanted: dict[Address, Newcomer] = {}
    for person in people:
        if person.email:
            wanted.setdefault(("email", person.email.strip().lower()), person)
    taken = await owners_of(session, wanted)
    for address, person in wanted.items():
        if address not in taken:
            person.addresses[address] = "shop" if "shop" in person.addresses.values() else "platform"


async def _suppressed(session: Session, people: list[Newcomer], policy: Policy) -> set[int]:
    """Places of those who left or were erased before."""
    marks = [[keyed_hash(policy.secret, mark) for mark in person.marks()] for person in people]
    found = {row[0] for row in await session.rows(SUPPRESSED, sorted({mark for own in marks for mark in own}))}
    return {place for place, own in enumerate(marks) if found.intersection(own)}


# ---------------------------------------------------------------- tokens of orders


async def _order_tokens(
    session: Session, batch: Sequence[tuple[Payload, int]], now: datetime, policy: Policy
) -> dict[str, str]:
    """Reference → link token of every order in the batch, made once per purchase."""
    owners: dict[str, int] = {}
    for payload, owner in batch:
        if isinstance(payload, OrderReported):
            owners.setdefault(order_reference(payload), owner)
    if not owners:
        return {}
    tokens = await _tokens_of(session, owners)
    missing = sorted(reference for reference in owners if reference not in tokens)
    if missing:
        at, end = micros(now), micros(now + policy.link_expires_after)
        await session.put(NEW_TOKENS, [(new_token(), owners[reference], reference, at, end) for reference in missing])
        tokens = await _tokens_of(session, owners)
    return tokens


async def _tokens_of(session: Session, references: Iterable[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in await session.rows(TOKENS_OF_ORDERS, sorted(references))}


def new_token() -> str:
    """Opaque; fits Telegram's 64 characters of `A-Z a-z 0-9 _ -`."""
    return secrets.token_urlsafe(24)
