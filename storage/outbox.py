"""The way out: claimed in the order of each conversation, marked with what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.customer import Identity
from bot.domain.event import KIND_OF, DeliveryReported, Incoming
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId, PurchaseId
from bot.domain.message import Kind, Ref, Side
from bot.domain.priority import urgency
from bot.ports import Copy, Mark, Outcome, Parcel, Thread
from storage import codec
from storage.codec import micros, moment, plain
from storage.journal import NEW_EVENTS, THREAD_PER_CASE, Policy, accept, wake_lanes
from storage.session import Row, Session
from storage.statements import Query, update, upsert
from storage.stories import IDENTITIES, identity

UNFINISHED_BEFORE = (
    "e.customer_id = o.customer_id AND e.id < o.id AND e.channel = o.channel AND e.side = o.side "
    "AND e.recipient = o.recipient AND e.state IN ('new', 'sending')"
)
ABOUT_EARLIER = "IN ('amendment', 'unsend')"
"""Kinds that need to know what became of everything before them: they go alone, as heads of their line."""
MAY_GO = (
    "o.channel = $1 AND o.state = 'new' AND o.due_at <= $2 AND NOT EXISTS "  # noqa: S608
    f"(SELECT 1 FROM outbox e WHERE {UNFINISHED_BEFORE} AND (e.state = 'sending' OR e.due_at > $2 "
    f"OR o.kind {ABOUT_EARLIER} OR e.kind {ABOUT_EARLIER}))"
)
MOST_OF_THE_DESK = 256
CLAIM = Query(
    "SELECT o.id, o.customer_id, o.side, o.message, o.case_id, o.ask_id, o.receipt, o.attempts, o.created_at, "  # noqa: S608
    "o.agent_ref, o.uncertain, o.parts, o.recipient, c.name, o.refs, o.event_id FROM outbox o "
    "LEFT JOIN customer c ON c.id = o.customer_id "
    f"WHERE {MAY_GO} AND ($4::boolean IS NULL OR (o.side = 'desk') = $4::boolean) "
    "AND ($5::bigint[] IS NULL OR o.customer_id = ANY($5)) "
    "ORDER BY o.id LIMIT $3 FOR UPDATE OF o"
)
DESK_WAITING = Query(
    "SELECT o.customer_id, max(COALESCE(c.priority, 0)), min(o.created_at), min(o.id) FROM outbox o "  # noqa: S608
    f"LEFT JOIN \"case\" c ON c.id = o.case_id WHERE {MAY_GO} AND o.side = 'desk' GROUP BY o.customer_id"
)
WAITING_CASES = Query(
    "SELECT customer_id, case_id, min(id) FROM outbox WHERE channel = $1 AND state = 'new' AND side = 'desk' "
    "AND case_id IS NOT NULL GROUP BY customer_id, case_id"
)
COPIES = Query(
    "SELECT customer_id, event_id, refs, message, sent_at, uncertain, state FROM outbox "
    "WHERE customer_id = ANY($1) AND event_id = ANY($2) AND side = 'customer' AND kind IN ('relay', 'amendment') "
    "ORDER BY id"
)
ANY_DUE = Query("SELECT 1 FROM outbox WHERE channel = $1 AND state = 'new' AND due_at <= $2 LIMIT 1")
SENDING = Query("UPDATE outbox SET state = 'sending' WHERE id = ANY($1)")
THREADS = Query(
    "SELECT customer_id, case_id, desk, chat, thread, card FROM desk_thread "
    "WHERE customer_id = ANY($1) AND desk = $2 AND spare = FALSE ORDER BY customer_id, thread"
)
NEXT_SEND = Query(
    "SELECT min(o.due_at) FROM outbox o WHERE o.channel = $1 AND o.state = 'new' "  # noqa: S608
    f"AND NOT EXISTS (SELECT 1 FROM outbox e WHERE {UNFINISHED_BEFORE}) "
    "AND ($2::boolean IS NULL OR (o.side = 'desk') = $2::boolean)"
)
RECOVER = Query("UPDATE outbox SET state = 'new', uncertain = TRUE WHERE channel = $1 AND state = 'sending'")
MARK = update(
    "outbox",
    "id",
    "state due_at attempts uncertain error refs parts sent_at",
    where="t.state IN ('new', 'sending')",
)
OWNERS = Query("SELECT id, customer_id FROM outbox WHERE id = ANY($1)")
FORGET_THREAD = Query("DELETE FROM desk_thread WHERE thread = $1 AND chat = $2 AND desk = $3")
SPARE_OTHERS = Query(
    "UPDATE desk_thread SET spare = TRUE WHERE customer_id = $1 AND case_id = $2 AND desk = $3 "
    "AND NOT (thread = $4 AND chat = $5)"
)
KEEP_THREAD = upsert("desk_thread", "thread chat desk", "customer_id case_id card spare")
KNOWN_THREAD = Query("SELECT 1 FROM desk_thread WHERE desk = $1 AND chat = $2 AND thread = $3")
MOVE_THREADS = Query("UPDATE desk_thread SET chat = $1 WHERE desk = $2 AND chat = $3")

WAITS_FROM = timedelta(seconds=5)
"""An agent's words that take longer than this are told to wait; once."""
OUTCOMES = {
    "sent": "delivered",
    "failed": "failed",
    "unreachable": "unreachable",
}


async def any_due(session: Session, channel: str, now: datetime) -> bool:
    """Whether a claim may find something; cheaper than a claim that doesn't."""
    return bool(await session.rows(ANY_DUE, channel, micros(now)))


async def claim(session: Session, channel: str, limit: int, now: datetime, *, desk: bool | None = None) -> list[Parcel]:
    """Rows that may go now, in order, with their addresses; of the desk alone, those of the `limit` first threads."""
    lanes = await _most_urgent(session, channel, limit, now) if desk else None
    most = MOST_OF_THE_DESK if desk else limit
    rows = await session.rows(CLAIM, channel, micros(now), most, desk, lanes)
    if not rows:
        return []
    if lanes:
        place = {customer: at for at, customer in enumerate(lanes)}
        rows = sorted(rows, key=lambda row: (place[row[1]], row[0]))
    await session.run(SENDING, [row[0] for row in rows])
    people = sorted({row[1] for row in rows if row[2] == Side.CUSTOMER.value})
    cases = sorted({row[1] for row in rows if row[2] == Side.DESK.value})
    identities = await _identities(session, people, channel) if people else {}
    threads = await _threads(session, cases, channel) if cases else {}
    return await _with_copies(session, [_parcel(row, channel, identities, threads) for row in rows])


async def _most_urgent(session: Session, channel: str, limit: int, now: datetime) -> list[int]:
    """Whose lines go first: mood × value × how long they wait here, then who came first."""
    waiting = await session.rows(DESK_WAITING, channel, micros(now))
    ranked = sorted(waiting, key=lambda row: (-urgency(max(1, row[1]), moment(row[2]), now), row[3]))
    return [row[0] for row in ranked[:limit]]


async def waiting_cases(session: Session, channel: str) -> list[tuple[CustomerId, CaseId, OutboxId]]:
    """The cases that have something waiting for this desk, each with the first such row."""
    rows = await session.rows(WAITING_CASES, channel)
    return [(CustomerId(row[0]), CaseId(row[1]), OutboxId(row[2])) for row in rows]


async def _with_copies(session: Session, parcels: list[Parcel]) -> list[Parcel]:
    """What an amendment or a taking back is about, as it lies with the customer."""
    wanted = [parcel for parcel in parcels if parcel.message.about]
    if not wanted:
        return parcels
    events = sorted({number for parcel in wanted for number in parcel.message.about})
    found: defaultdict[tuple[int, int], list[Copy]] = defaultdict(list)
    for customer, event, refs, message, sent_at, uncertain, state in await session.rows(
        COPIES, sorted({int(parcel.customer) for parcel in wanted}), events
    ):
        if refs or uncertain or state == "sent":
            copy = Copy(_refs(refs), codec.message(message), moment(sent_at), bool(uncertain))
            found[customer, event].append(copy)
    return [
        replace(parcel, copies=tuple(copy for event in parcel.message.about for copy in found[parcel.customer, event]))
        if parcel.message.about
        else parcel
        for parcel in parcels
    ]


def _refs(text: str) -> tuple[Ref, ...]:
    return tuple(Ref(*ref) for ref in codec.from_json(text)) if text else ()


async def _identities(session: Session, customers: list[int], channel: str) -> dict[int, Identity]:
    """Each customer's address on the channel: of several the latest that can be reached."""
    found: dict[int, Identity] = {}
    for row in await session.rows(IDENTITIES, customers):
        one = identity(row)
        known = found.get(row[0])
        if one.channel == channel and (known is None or not one.unreachable or known.unreachable):
            found[row[0]] = one
    return found


async def _threads(session: Session, customers: list[int], desk: str) -> dict[tuple[int, int], Thread]:
    return {(row[0], row[1]): Thread(*row[2:6]) for row in await session.rows(THREADS, customers, desk)}


def _place(desk: str, case: int | None) -> int:
    """Which of a customer's threads on a desk: that of the case, or (0) the one for all cases."""
    return (case or 0) if desk in THREAD_PER_CASE else 0


def _parcel(row: Row, channel: str, identities: dict[int, Identity], threads: dict[tuple[int, int], Thread]) -> Parcel:
    number, customer, side, message, case, ask, receipt, attempts, created_at, agent_ref, uncertain, *rest = row
    parts, to, name, refs, event = rest
    where = Side(side)
    address = identities.get(customer) if where is Side.CUSTOMER else Identity(channel, to) if to else None
    return Parcel(
        id=OutboxId(number),
        customer=CustomerId(customer),
        side=where,
        channel=channel,
        message=codec.message(message),
        case=None if case is None else CaseId(case),
        ask=None if ask is None else PurchaseId(ask),
        receipt=bool(receipt),
        attempts=attempts,
        created_at=moment(created_at),
        agent_ref=codec.ref(agent_ref),
        identity=address,
        thread=threads.get((customer, _place(channel, case))) if where is Side.DESK else None,
        customer_name=name or "",
        uncertain=bool(uncertain),
        sent=tuple(codec.from_json(parts)) if parts else (),
        refs=_refs(refs),
        event=EventId(event),
    )


# ---------------------------------------------------------------- marks


@dataclass(frozen=True, slots=True)
class NewState:
    """What a mark makes of its row."""

    state: str
    due_at: datetime
    uncertain: bool

    @classmethod
    def of(cls, mark: Mark, now: datetime) -> NewState:
        """Final unless it is to be tried again."""
        outcome = mark.delivery.outcome
        if mark.dead:
            return cls("failed", now, uncertain=mark.parcel.uncertain)
        if mark.again_at is not None:
            return cls("new", mark.again_at, uncertain=mark.parcel.uncertain or outcome is Outcome.UNCERTAIN)
        if outcome is Outcome.THREAD_GONE:
            return cls("new", now, uncertain=mark.parcel.uncertain)
        state = {Outcome.SENT: "sent", Outcome.UNREACHABLE: "unreachable"}.get(outcome, "failed")
        return cls(state, now, uncertain=mark.parcel.uncertain)


async def mark(session: Session, marks: Sequence[Mark], now: datetime, policy: Policy) -> None:
    """Write results; what the rules must know of them becomes events in the same transaction.

    Lanes first, rows of the outbox second, as turns do: so the two never wait for each other in a circle.
    """
    states = [NewState.of(one, now) for one in marks]
    await _report(session, list(zip(marks, states, strict=True)), now)
    follow: list[Incoming] = [one.delivery.follow for one in marks if one.delivery.follow]
    if follow:
        await accept(session, follow, now, policy)
    rows = sorted((_row(one, state, now) for one, state in zip(marks, states, strict=True)), key=lambda row: row[-1])
    await session.put(MARK, rows)
    await _threads_changed(session, marks)
    session.topics.update(f"page:{one.parcel.customer}" for one in marks)


def _row(one: Mark, state: NewState, now: datetime) -> Row:
    delivery, parcel = one.delivery, one.parcel
    tried = delivery.outcome is not Outcome.WAIT
    arrived = dict.fromkeys((*parcel.refs, *delivery.refs))
    refs = codec.to_json([(ref.channel, ref.chat, ref.message) for ref in arrived]) if arrived else ""
    parts = delivery.sent or parcel.sent
    return (
        state.state,
        micros(state.due_at),
        parcel.attempts + tried,
        state.uncertain,
        plain(delivery.why),
        refs,
        codec.to_json(parts) if parts else "",
        micros(now) if state.state == "sent" else None,
        parcel.id,
    )


async def _threads_changed(session: Session, marks: Iterable[Mark]) -> None:
    changed = [one for one in marks if one.delivery.thread not in {None, one.parcel.thread}]
    owners = await _owners(session, changed)
    for one in marks:
        gone, made = one.parcel.thread, one.delivery.thread
        if one.delivery.outcome is Outcome.THREAD_GONE and gone is not None:
            await session.run(FORGET_THREAD, gone.thread, gone.chat, gone.desk)
        if made is not None and one.parcel.id in owners:
            owner, place = owners[one.parcel.id], _place(made.desk, one.parcel.case)
            await session.run(SPARE_OTHERS, owner, place, made.desk, made.thread, made.chat)
            await session.put(KEEP_THREAD, [(made.thread, made.chat, made.desk, owner, place, made.card, False)])


async def _owners(session: Session, marks: Iterable[Mark]) -> dict[int, int]:
    """Whose rows these are now: a merge may have moved them while they were on the wire."""
    numbers = sorted({int(one.parcel.id) for one in marks})
    return {row[0]: row[1] for row in await session.rows(OWNERS, numbers)} if numbers else {}


async def _report(session: Session, results: list[tuple[Mark, NewState]], now: datetime) -> None:
    """Receipts that were wanted, and every final failure towards a customer."""
    ended = {one.parcel.id: (one, outcome) for one, state in results if (outcome := _outcome(one, state, now))}
    if not ended:
        return
    at, rows = micros(now), []
    for number, owner in (await _owners(session, [one for one, _ in ended.values()])).items():
        one, outcome = ended[OutboxId(number)]
        text = codec.to_json(_delivery(one, outcome))
        rows.append((f"outbox:{number}:{outcome}", owner, KIND_OF[DeliveryReported], text, at, at, at, "new"))
    fresh = await session.add(NEW_EVENTS, rows)
    await wake_lanes(session, [(row[1], at) for row in rows if row[0] in fresh])


def _outcome(one: Mark, state: NewState, now: datetime) -> str:
    """What the rules must know of a result; "" for what concerns nobody."""
    parcel = one.parcel
    if state.state in OUTCOMES:
        concerns = parcel.receipt or (state.state != "sent" and parcel.side is Side.CUSTOMER)
        return OUTCOMES[state.state] if concerns else ""
    told = parcel.receipt and parcel.message.kind in {Kind.RELAY, Kind.AMENDMENT} and one.delivery.why
    return "waits" if told and max(state.due_at, now) - parcel.created_at >= WAITS_FROM else ""


def _delivery(one: Mark, outcome: str) -> DeliveryReported:
    parcel = one.parcel
    return DeliveryReported(
        outbox=parcel.id,
        kind=parcel.message.kind.value,
        side=parcel.side.value,
        channel=parcel.channel,
        outcome=outcome,
        why=plain(one.delivery.why),
        ask=parcel.ask,
        case=parcel.case,
        agent_ref=parcel.agent_ref,
        uncertain=parcel.uncertain,
        about=parcel.message.about[0] if parcel.message.about else None,
    )


# ---------------------------------------------------------------- the rest


async def recover(session: Session, channel: str) -> int:
    """Rows that a dead owner had in hand go back, marked uncertain."""
    found = await session.run(RECOVER, channel)
    if found:
        session.topics.add(f"outbox:{channel}")
    return found


async def next_send(session: Session, channel: str, *, desk: bool | None = None) -> datetime | None:
    """When the earliest head of a line may go."""
    return moment((await session.rows(NEXT_SEND, channel, desk))[0][0])


async def thread_known(session: Session, desk: str, chat: str, thread: str) -> bool:
    """Whether a thread leads to somebody."""
    return bool(await session.rows(KNOWN_THREAD, desk, chat, thread))


async def forget_thread(session: Session, desk: str, chat: str, thread: str) -> None:
    """A thread is gone for good: what comes next makes a new one."""
    await session.run(FORGET_THREAD, thread, chat, desk)


async def move_threads(session: Session, desk: str, old_chat: str, new_chat: str) -> None:
    """A group got another id."""
    await session.run(MOVE_THREADS, new_chat, desk, old_chat)
