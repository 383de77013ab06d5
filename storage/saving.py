"""What a turn decided, written with a few set-based statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from bot.domain.ask import Ask
from bot.domain.case import Case
from bot.domain.customer import Conversation, Customer, Identity
from bot.domain.event import KIND_OF, BySender, Event, OrderReported
from bot.domain.figures.counting import topics_text
from bot.domain.figures.cuts import cut_of
from bot.domain.ids import HOUSE, CustomerId, PurchaseId
from bot.domain.interaction import Feedback, Interaction, Note
from bot.domain.message import Side
from bot.domain.purchase import Purchase, codes_in
from bot.domain.story import Outgoing, Story
from bot.errors import CustomerUnknown
from storage import codec, figures
from storage.codec import micros, units
from storage.corrections import keep_corrections
from storage.due import release
from storage.erasure import SUPPRESS, forget, unsuppress
from storage.facts import keep_facts
from storage.gestures import keep_gestures, redeem, tell_partners
from storage.journal import (
    NEW_IDENTITIES,
    Address,
    Newcomer,
    Policy,
    address_of,
    keyed_hash,
    make_customers,
    owners_of,
    suppression_marks,
    wake_lanes,
)
from storage.merging import absorb
from storage.outreach import log_whys, save_outreach
from storage.presence import keep_presence
from storage.session import Row, Session
from storage.statements import Query, insert, update, upsert
from storage.turn import MOVE_EVENTS, OpenTurn
from storage.utterances import save_utterances

T = TypeVar("T")
Pair = tuple[Story, Story]

SAVE_CUSTOMERS = update(
    "customer",
    "id",
    "name email phone locale timezone language opted_out_at country level segments agreed refused care_until "
    "care_why in_charge_id invited memory",
)
SAVE_CONVERSATIONS = upsert("conversation", "customer_id", "holder staff_id channel question introduced")
SAVE_IDENTITIES = update("identity", "external channel customer_id", "name handle unreachable linked_at proof")
ADOPT = upsert("identity", "external channel", "customer_id name handle unreachable linked_at proof")
PURCHASE = "shop order_id amount currency items paid_at delivered_at refunded_at cancelled_at opted_out"
NEW_PURCHASES = insert("purchase", f"id customer_id {PURCHASE} cut", conflict="DO NOTHING")
SAVE_PURCHASES = update("purchase", "id", PURCHASE)
SAVE_ASKS = upsert(
    "ask",
    "id",
    "state planned_at due_at round sent_at delivered_at reminded_at answered_at ended_at channel why rating",
    fixed="customer_id cut",
)
SAVE_CASES = upsert(
    "case",
    "id",
    "state opened_at reasons desk priority owner owner_name claimed_at first_human_at resolved_at first_resolved_at "
    "recovered follow_ups hinted unhappy waiting_since reply_due_at resolve_due_at told breaches rung offered_to offer "
    "offer_round help",
    fixed="customer_id cut",
)
LOG_INTERACTIONS = insert(
    "interaction", "customer_id event_id case_id at channel direction author kind line", unique="event_id"
)
LOG_NOTES = insert("note", "customer_id event_id case_id at author text kind files")
FEEDBACK = (
    "customer_id event_id at purchase_id rating text worded label score unhappy counts_unhappy cut topics likelihood"
)
FEEDBACK_COLUMNS = FEEDBACK.split()
LOG_FEEDBACK = insert("feedback", FEEDBACK)
LOG_CONSENTS = insert("consent", "customer_id event_id at kind granted channel words details")
POST = insert(
    "outbox",
    "customer_id event_id side channel recipient kind message case_id ask_id receipt agent_ref state due_at created_at",
)
SILENCE = Query(
    "UPDATE outbox SET state = 'cancelled' WHERE customer_id = $1 AND side = 'customer' AND state = 'new' "
    "AND kind = ANY($2)"
)
RECALL = Query(
    "UPDATE outbox SET state = 'cancelled' WHERE customer_id = $1 AND event_id = ANY($2) AND side = 'customer' "
    "AND kind IN ('relay', 'amendment') AND state = 'new'"
)
NEW_TIMERS = insert("event", "key customer_id kind payload at due_at received_at state", conflict="(key) DO NOTHING")
SPEND = Query("UPDATE link_token SET used_at = $1, used_by = $2 WHERE token = $3 AND used_at IS NULL")
DONE = Query("UPDATE event SET state = 'done', payload = '' WHERE id = ANY($1)")
FAILED = update("event", "id", "state error")
NEW_SPIKES = insert("spike", "id kind subject raised_at seized_at seized_by", conflict="(id) DO NOTHING")
SEIZE = Query("UPDATE spike SET seized_at = $2, seized_by = $3 WHERE id = $1 AND seized_at IS NULL")
NEW_CAMPAIGNS = insert("campaign", "name definition created_at", conflict="(name) DO NOTHING")
DELIVERS = insert("shop", "name reports_delivery_since", conflict="(name) DO NOTHING")
KEEP_EXTRA = Query("UPDATE purchase SET extra = extra || $1 WHERE order_id = $2 AND shop = $3")


async def save(session: Session, turn: OpenTurn, now: datetime, policy: Policy) -> dict[int, Interaction]:
    """Everything, in the order in which one thing needs another; the lanes are free afterwards. Returns new lines."""
    changed = [(turn.loaded[who], story) for who, story in turn.newest.items() if story is not turn.loaded[who]]
    known = [(old, new) for old, new in changed if new.customer.id != HOUSE and new.customer.id not in turn.erased]
    speakers = {event.customer for event, _ in turn.sheet.feedback}
    before = await figures.look(session, policy.zone, _counted(turn, changed), speakers)
    await _save_people(session, turn, known, now, policy)
    await _save_rows(session, turn, changed)
    await _save_gestures(session, turn, changed, now)
    lines = await _log(session, turn, before)
    await _post(session, turn, now)
    await _note_shops(session, turn, now)
    await keep_presence(session, turn.sheet.staff)
    await _keep_spikes(session, turn, now)
    tally = await figures.difference(session, before)
    await _link(session, turn, now, policy)
    await _requeue(session, turn, now, policy)
    sheet = turn.sheet
    if sheet.done:
        await session.run(DONE, [event.id for event in sheet.done])
    await session.put(FAILED, [("failed", error, event.id) for event, error in sheet.failed])
    for customer in sorted(sheet.erased):
        await forget(session, customer, now, policy.secret, policy.zone)
    await figures.write_tally(session, tally)
    await release(session, sorted({*turn.lanes, *sheet.absorbed}), locked=True)
    _tell(session, turn)
    return {} if sheet.erased else lines


def _tell(session: Session, turn: OpenTurn) -> None:
    sheet = turn.sheet
    session.topics.update(f"outbox:{outgoing.channel}" for _, outgoing in sheet.outgoing)
    session.topics.update(f"page:{event.customer}" for event in sheet.done)
    session.topics.update(f"page:{other}" for other in sheet.absorbed)
    if sheet.timers:
        session.topics.add("turn")


def _counted(turn: OpenTurn, pairs: Iterable[Pair]) -> dict[str, set[int]]:
    """Whose rows that figures are made of are about to change, by kind of row."""
    found: dict[str, set[int]] = {part: set() for part in figures.PARTS}
    for old, new in pairs:
        for part, rows, were in (
            (figures.ASKS, new.asks, old.asks),
            (figures.CASES, new.cases, old.cases),
            (figures.PURCHASES, new.purchases, old.purchases),
        ):
            if rows is not were and rows != were:
                found[part].add(new.customer.id)
    found[figures.FEEDBACK] = {event.customer for event, _ in turn.sheet.corrections}
    return {part: customers for part, customers in found.items() if customers}


def _changed(pairs: Iterable[Pair], part: Callable[[Story], tuple[T, ...]]) -> list[tuple[CustomerId, T]]:
    """(customer, row) of what is not as it was loaded."""
    return [
        (new.customer.id, row)
        for old, new in pairs
        if part(new) is not part(old)
        for row in part(new)
        if row not in part(old)
    ]


# ---------------------------------------------------------------- people


async def _save_people(session: Session, turn: OpenTurn, pairs: list[Pair], now: datetime, policy: Policy) -> None:
    people = [(old.customer, new.customer) for old, new in pairs if new.customer != old.customer]
    await session.put(SAVE_CUSTOMERS, [_customer(new) for _, new in people])
    talks = [(new.customer.id, new.conversation) for old, new in pairs if new.conversation != old.conversation]
    await session.put(SAVE_CONVERSATIONS, [_conversation(number, talk) for number, talk in talks])
    renamed = []
    for old, new in pairs:
        known = {(i.channel, i.external): i for i in old.identities}
        for identity in new.identities:
            address = (identity.channel, identity.external)
            if address not in known:
                turn.sheet.adopted.setdefault(address, (new.customer.id, identity))
            elif identity != known[address]:
                renamed.append((*_identity(identity), identity.external, identity.channel, new.customer.id))
    await session.put(SAVE_IDENTITIES, renamed)
    emails = sorted((new.email.strip().lower(), new.id) for old, new in people if new.email != old.email and new.email)
    at = micros(now)
    await session.put(NEW_IDENTITIES, [("email", email, who, "", "", at, "shop") for email, who in emails])
    stories = {new.customer.id: new for _, new in pairs}
    for before, after in people:
        if (before.opted_out_at is None) != (after.opted_out_at is None):
            await _suppress(session, stories[after.id], now, policy)


async def _suppress(session: Session, story: Story, now: datetime, policy: Policy) -> None:
    """Who leaves is remembered by what they may be recognised by, also under another number; who returns is not."""
    addresses = [(identity.channel, identity.external) for identity in story.identities]
    marks = suppression_marks(addresses, story.customer.email, story.customer.phone)
    hashes = [keyed_hash(policy.secret, mark) for mark in marks]
    if story.customer.opted_out_at is None:
        await unsuppress(session, hashes)
    else:
        await session.put(SUPPRESS, [(number, micros(now), "opted out") for number in sorted(hashes)])


def _customer(customer: Customer) -> Row:
    c = customer
    words = (",".join(c.segments), ",".join(c.agreed), ",".join(c.refused))
    choices = (c.country, c.level, *words, micros(c.care_until), c.care_why, c.in_charge, c.invited, c.memory.value)
    return (c.name, c.email, c.phone, c.locale, c.timezone, c.language, micros(c.opted_out_at), *choices, c.id)


def _conversation(number: int, talk: Conversation) -> Row:
    return (number, talk.holder.value, talk.staff, talk.channel, talk.question, talk.introduced)


def _identity(identity: Identity) -> Row:
    return (identity.name, identity.handle, identity.unreachable, micros(identity.linked_at), identity.proof)


# ---------------------------------------------------------------- purchases, asks, cases


async def _save_rows(session: Session, turn: OpenTurn, pairs: list[Pair]) -> None:
    known = {purchase.id for old, _ in pairs for purchase in old.purchases}
    purchases = _changed(pairs, lambda story: story.purchases)
    new = [(p.id, who, *_purchase(p), _cut(turn, who, purchase=p.id)) for who, p in purchases if p.id not in known]
    await session.put(NEW_PURCHASES, new)
    await session.put(SAVE_PURCHASES, [(*_purchase(p), p.id) for _, p in purchases if p.id in known])
    if purchases:
        session.topics.add("purchase")
    asks = _changed(pairs, lambda story: story.asks)
    await session.put(SAVE_ASKS, [_ask(who, ask, _cut(turn, who, ask.channel, ask.id)) for who, ask in asks])
    cases = _changed(pairs, lambda story: story.cases)
    await session.put(SAVE_CASES, [_case(who, case, _case_cut(turn, who)) for who, case in cases])
    await save_utterances(session, _changed(pairs, lambda story: story.utterances))


def _cut(turn: OpenTurn, who: CustomerId, channel: str = "", purchase: PurchaseId | None = None) -> str:
    """How figures can cut what is written now."""
    return cut_of(turn.newest[who], turn.program, channel, purchase).text


def _case_cut(turn: OpenTurn, who: CustomerId) -> str:
    """A case is about what was bought last."""
    story = turn.newest[who]
    bought = story.purchases[-1].id if story.purchases else None
    return _cut(turn, who, story.conversation.channel, bought)


async def _save_gestures(session: Session, turn: OpenTurn, pairs: list[Pair], now: datetime) -> None:
    """Nothing new is kept about somebody who was erased."""
    living = [(old, new) for old, new in pairs if new.customer.id not in turn.erased]
    gestures = _changed(living, lambda story: story.gestures)
    await keep_gestures(session, gestures, turn.pooled, micros(now))
    await save_outreach(session, _changed(living, lambda story: story.outreach))
    await keep_facts(session, living)
    await tell_partners(session, [(who, told) for who, told in turn.sheet.partner_events if who not in turn.erased])


def _purchase(purchase: Purchase) -> Row:
    total = purchase.total
    return (
        purchase.shop,
        purchase.order_id,
        units(total.amount) if total else None,
        total.currency if total else "",
        codec.to_json(purchase.items) if purchase.items else "",
        micros(purchase.paid_at),
        micros(purchase.delivered_at),
        micros(purchase.refunded_at),
        micros(purchase.cancelled_at),
        purchase.opted_out,
    )


def _ask(who: CustomerId, ask: Ask, cut: str) -> Row:
    return (
        ask.id,
        ask.state.value,
        micros(ask.planned_at),
        micros(ask.due_at),
        ask.round,
        micros(ask.sent_at),
        micros(ask.delivered_at),
        micros(ask.reminded_at),
        micros(ask.answered_at),
        micros(ask.ended_at),
        ask.channel,
        ask.why,
        ask.rating,
        who,
        cut,
    )


def _case(who: CustomerId, case: Case, cut: str) -> Row:
    return (
        case.id,
        case.state.value,
        micros(case.opened_at),
        codec.to_json(case.reasons),
        case.desk,
        case.priority,
        case.owner,
        case.owner_name,
        micros(case.claimed_at),
        micros(case.first_human_at),
        micros(case.resolved_at),
        micros(case.first_resolved_at),
        case.recovered,
        case.follow_ups,
        case.hinted,
        case.unhappy,
        micros(case.waiting_since),
        micros(case.reply_due_at),
        micros(case.resolve_due_at),
        case.told,
        codec.to_json(case.breaches) if case.breaches else "",
        case.rung.value,
        case.offered_to,
        case.offer,
        case.offer_round,
        case.help,
        who,
        cut,
    )


# ---------------------------------------------------------------- what is kept, what goes out


async def _log(session: Session, turn: OpenTurn, counted: figures.Look) -> dict[int, Interaction]:
    """Nothing new is kept about somebody who was erased. Returns the new lines by their numbers."""
    sheet, gone = turn.sheet, turn.erased
    lines = [(event, line) for event, line in sheet.interactions if event.customer not in gone]
    numbers = await session.append(LOG_INTERACTIONS, [_line(event, line) for event, line in lines])
    await session.put(
        LOG_NOTES,
        [
            (e.customer, e.id, n.case, micros(n.at), n.author, n.text, n.kind, _files(n))
            for e, n in sheet.notes
            if e.customer not in gone
        ],
    )
    said = [_feedback(turn, e, f) for e, f in sheet.feedback if e.customer not in gone]
    await session.put(LOG_FEEDBACK, said)
    for row in said:
        counted.heard(dict(zip(FEEDBACK_COLUMNS, row, strict=True)))
    await session.put(
        LOG_CONSENTS,
        [
            (e.customer, e.id, micros(c.at), c.kind, c.granted, c.channel, c.words, codec.to_json(c.details))
            for e, c in sheet.consents
            if e.customer not in gone
        ],
    )
    await keep_corrections(session, [(e, c) for e, c in sheet.corrections if e.customer not in gone])
    await log_whys(session, [(e, w) for e, w in sheet.whys if e.customer not in gone])
    return dict(zip(numbers, (line for _, line in lines), strict=True))


def _files(note: Note) -> str:
    return codec.to_json(note.attachments) if note.attachments else ""


def _line(event: Event, line: Interaction) -> Row:
    return (
        event.customer,
        event.id,
        line.case,
        micros(line.at),
        line.channel,
        line.direction.value,
        line.author.value,
        line.kind,
        codec.to_json(line),
    )


def _feedback(turn: OpenTurn, event: Event, feedback: Feedback) -> Row:
    f = feedback
    return (
        event.customer,
        event.id,
        micros(f.at),
        f.purchase,
        f.rating,
        f.text,
        bool(f.text),
        f.label,
        f.score,
        f.unhappy,
        f.counts_unhappy,
        _cut(turn, event.customer, f.channel, f.purchase),
        topics_text(f.topics),
        f.likelihood,
    )


async def _post(session: Session, turn: OpenTurn, now: datetime) -> None:
    """The outbox and the timers. Silence first: it is about what was posted before."""
    at = micros(now)
    for who, kinds in turn.sheet.silenced:
        await session.run(SILENCE, who, sorted(kinds))
    for who, events in turn.sheet.recalled:
        await session.run(RECALL, who, sorted(events))
    await session.put(POST, [_outgoing(event, out, at) for event, out in turn.sheet.outgoing])
    await session.put(
        NEW_TIMERS,
        [
            (t.key, e.customer, KIND_OF[type(t.payload)], codec.to_json(t.payload), due, due, at, "new")
            for e, t in turn.sheet.timers
            for due in (micros(t.due_at),)
        ],
    )


def _outgoing(event: Event, out: Outgoing, at: int) -> Row:
    message = out.message
    return (
        event.customer,
        event.id,
        out.side.value,
        out.channel,
        message.arguments.get("to", "") if out.side is Side.STAFF else "",
        message.kind.value,
        codec.to_json(message),
        out.case,
        out.ask,
        out.receipt,
        codec.ref_json(out.agent_ref),
        "new",
        at,
        at,
    )


async def _keep_spikes(session: Session, turn: OpenTurn, now: datetime) -> None:
    """Raised once, seized once: who comes second, in another process, changes nothing."""
    spikes, made = turn.sheet.spikes, turn.sheet.campaigns
    if not spikes and not made:
        return
    raised = [one for one in spikes if one.seized_at is None]
    rows = [(one.id, one.kind, one.subject, micros(one.raised_at), None, "") for one in raised]
    await session.put(NEW_SPIKES, rows)
    for one in spikes:
        if one.seized_at is not None:
            await session.run(SEIZE, one.id, micros(one.seized_at), one.seized_by)
    await session.put(NEW_CAMPAIGNS, [(one["name"], codec.to_json(dict(one)), micros(now)) for one in made])
    session.topics |= {"staff", "campaign", "turn"}


async def _note_shops(session: Session, turn: OpenTurn, now: datetime) -> None:
    """Shops that report deliveries, and the fields of an order that we don't know but keep."""
    orders = [event.payload for event in turn.sheet.done if isinstance(event.payload, OrderReported)]
    reporting = {order.shop for order in orders if order.type == "delivered"} - turn.house.reporting_shops
    if reporting:
        await session.put(DELIVERS, [(shop, micros(now)) for shop in sorted(reporting)])
        session.topics.add("staff")
    for order in orders:
        if order.extra:
            text = codec.to_json({order.type: order.extra}) + "\n"
            await session.run(KEEP_EXTRA, text, order.order_id, order.shop)
    await redeem(session, [(codes_in(order.extra), order.occurred_at) for order in orders if order.extra])


# ---------------------------------------------------------------- identities and people that come together


async def _link(session: Session, turn: OpenTurn, now: datetime, policy: Policy) -> None:
    """Absorb first, so that taking it back also gives back the identities that are adopted here."""
    sheet = turn.sheet
    for other, kept in sorted(sheet.absorbed.items()):
        with suppress(CustomerUnknown):  # gone meanwhile: then there is nothing to take over
            await absorb(session, kept, other, now, policy.zone)
            session.topics.add("purchase")
    rows = [
        (address[1], address[0], who, *_identity(identity))
        for address, (who, identity) in sorted(sheet.adopted.items())
    ]
    await session.put(ADOPT, rows)
    for token, used_by in sheet.spent:
        await session.run(SPEND, micros(now), used_by, token)


async def _requeue(session: Session, turn: OpenTurn, now: datetime, policy: Policy) -> None:
    """Events that belong to their sender's own lane; the sender's customer is made when there is none."""
    requeued = turn.sheet.requeued
    if not requeued:
        return
    addresses = [address_of(BySender(sender)) for _, sender in requeued]
    owners = await owners_of(session, addresses)
    people: dict[Address, Newcomer] = {}
    for address, (_, sender) in zip(addresses, requeued, strict=True):
        if address not in owners:
            people.setdefault(address, Newcomer.from_sender(sender))
    await make_customers(session, list(people.values()), now, policy)
    owners |= {address: person.number for address, person in people.items()}
    moved = [(owners[address], event.id) for address, (event, _) in zip(addresses, requeued, strict=True)]
    await session.put(MOVE_EVENTS, moved)
    await wake_lanes(session, [(lane, micros(now)) for lane, _ in moved])
