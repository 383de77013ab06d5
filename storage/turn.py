"""A turn: lanes locked, stories loaded, decisions collected. `storage.saving` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.correcting import corrects, moment_named
from bot.domain.correction import Correction
from bot.domain.customer import Customer, Identity
from bot.domain.event import AgentSaid, AgentTapped, Event, IdentityFound, OrderReported, Payload, Sender, Started
from bot.domain.ids import CustomerId, EventId
from bot.domain.interaction import Consent, Feedback, Interaction, Note
from bot.domain.message import Kind, Side
from bot.domain.outreach_budget import longest_span
from bot.domain.partner_event import PartnerEvent
from bot.domain.spike import Spike
from bot.domain.staff import StaffChange
from bot.domain.story import Decision, House, Outgoing, Story, Timer, Token
from bot.domain.why import Why
from bot.errors import LeaseLost
from bot.ports import Batch
from bot.program import Program
from storage.campaigns import with_campaigns
from storage.codec import micros, plain
from storage.corrections import last_words, words_of
from storage.gestures import fill_shelf
from storage.house import HouseMemory, note_cases, note_change
from storage.journal import ORDER_OWNERS, Address, owners_of, wake_lanes
from storage.outreach import outreach_for
from storage.replies import replied_to
from storage.session import Session
from storage.statements import Query, update
from storage.stories import View, load_stories
from storage.utterances import utterances_for

LOCK_LEASED = Query(
    "SELECT customer_id FROM lane WHERE customer_id = ANY($1) AND (lease = $2 OR lease = '') ORDER BY customer_id "
    "FOR UPDATE"
)
STILL_NEW = Query("SELECT id, customer_id FROM event WHERE id = ANY($1) AND state = 'new'")
TOKENS = Query("SELECT token, customer_id, expires_at, used_at, used_by FROM link_token WHERE token = ANY($1)")
MOVE_EVENTS = update("event", "id", "customer_id")
SPOKEN = frozenset({Kind.RELAY, Kind.AMENDMENT})
SENDER_FIELDS = ("name", "email", "locale", "timezone")


@dataclass(slots=True)
class Sheet:
    """Everything that the decisions of one turn ask to be written, in order."""

    done: list[Event] = field(default_factory=list)
    failed: list[tuple[Event, str]] = field(default_factory=list)
    requeued: list[tuple[Event, Sender]] = field(default_factory=list)
    outgoing: list[tuple[Event, Outgoing]] = field(default_factory=list)
    silenced: list[tuple[CustomerId, frozenset[str]]] = field(default_factory=list)
    recalled: list[tuple[CustomerId, frozenset[EventId]]] = field(default_factory=list)
    timers: list[tuple[Event, Timer]] = field(default_factory=list)
    interactions: list[tuple[Event, Interaction]] = field(default_factory=list)
    notes: list[tuple[Event, Note]] = field(default_factory=list)
    feedback: list[tuple[Event, Feedback]] = field(default_factory=list)
    corrections: list[tuple[Event, Correction]] = field(default_factory=list)
    consents: list[tuple[Event, Consent]] = field(default_factory=list)
    partner_events: list[tuple[CustomerId, PartnerEvent]] = field(default_factory=list)
    adopted: dict[Address, tuple[CustomerId, Identity]] = field(default_factory=dict)
    absorbed: dict[CustomerId, CustomerId] = field(default_factory=dict)
    """Who moves → to whom."""
    spent: list[tuple[str, str]] = field(default_factory=list)
    erased: set[CustomerId] = field(default_factory=set)
    staff: list[StaffChange] = field(default_factory=list)
    whys: list[tuple[Event, Why]] = field(default_factory=list)
    spikes: list[Spike] = field(default_factory=list)
    campaigns: list[Mapping[str, Any]] = field(default_factory=list)


class OpenTurn:
    """What the rules see of a turn, and what they leave behind. Fulfils `bot.ports.Turn`."""

    def __init__(
        self, events: tuple[Event, ...], lanes: list[int], stories: dict[CustomerId, Story], program: Program
    ) -> None:
        self.events = events
        self.lanes = lanes
        self.house = House()
        self.program = program
        self.loaded = stories
        self.newest = dict(stories)
        self.sheet = Sheet()
        self.erased: set[int] = set()
        """Customers who were erased before: nothing about them is kept any more."""
        self.pooled: frozenset[str] = frozenset()
        """Codes of the pool that this turn may give."""

    def story(self, customer: CustomerId) -> Story:
        """The story of a lane of this turn, with everything decided so far."""
        return self.newest[customer]

    def decided(self, event: Event, decision: Decision) -> None:
        """Keep what was decided; written at the end with set-based statements."""
        sheet, who = self.sheet, event.customer
        if who in sheet.absorbed or who in sheet.erased:
            return  # moved to the one who absorbed them, or erased with the rest
        if decision.requeue is not None:
            sheet.requeued.append((event, decision.requeue))
            return
        sheet.done.append(event)
        self._give(self.newest[who], decision.story)
        self.newest[who] = decision.story
        if decision.silence:
            self._silence(who, decision.silence)
        if decision.recall:
            self._recall(who, decision.recall)
        sheet.outgoing += [(event, outgoing) for outgoing in decision.outgoing]
        sheet.timers += [(event, timer) for timer in decision.timers]
        sheet.interactions += [(event, line) for line in decision.interactions]
        sheet.notes += [(event, note) for note in decision.notes]
        sheet.feedback += [(event, feedback) for feedback in decision.feedback]
        sheet.corrections += [(event, correction) for correction in decision.corrections]
        sheet.consents += [(event, consent) for consent in decision.consents]
        sheet.whys += [(event, why) for why in decision.whys]
        sheet.partner_events += [(who, told) for told in decision.partner_events]
        self._link(event, decision)
        for change in decision.staff:
            sheet.staff.append(change)
            note_change(self.house.staff, change)
        note_cases(self.house.cases, decision.story.cases)
        sheet.campaigns += decision.campaigns
        sheet.spikes += decision.spikes
        if decision.spikes:
            seen = {spike.id: spike for spike in decision.spikes}
            self.house = replace(self.house, spikes={**self.house.spikes, **seen})
        if decision.erase:
            sheet.erased.add(who)

    def failed(self, event: Event, error: str) -> None:
        """The rules raised: the event becomes a dead letter, its lane goes on."""
        self.sheet.failed.append((event, plain(error)))

    def _give(self, before: Story, after: Story) -> None:
        """What one event gave is not on the shelf for the next."""
        if after.gestures is before.gestures:
            return
        known = {gesture.id for gesture in before.gestures}
        for gesture in after.gestures:
            if gesture.id not in known:
                self.house = replace(self.house, shelf=self.house.shelf.after(gesture))

    def _silence(self, who: CustomerId, kinds: frozenset[str]) -> None:
        self.sheet.silenced.append((who, kinds))
        self.sheet.outgoing = [
            (event, out)
            for event, out in self.sheet.outgoing
            if event.customer != who or out.side is not Side.CUSTOMER or out.message.kind.value not in kinds
        ]

    def _recall(self, who: CustomerId, events: frozenset[EventId]) -> None:
        self.sheet.recalled.append((who, events))
        self.sheet.outgoing = [
            (event, out)
            for event, out in self.sheet.outgoing
            if event.id not in events or out.side is not Side.CUSTOMER or out.message.kind not in SPOKEN
        ]

    def _link(self, event: Event, decision: Decision) -> None:
        """Identities and people that come together; later events of the batch already see it."""
        who = event.customer
        for identity in decision.adopt:
            address = (identity.channel, identity.external)
            self.sheet.adopted[address] = (who, identity)
            self.house.owners[address] = who
        for other in decision.absorb:
            if other != who:
                self.sheet.absorbed[other] = who
        if decision.spend:
            sender = sender_of(event.payload)
            used_by = f"{sender.channel}:{sender.external}" if sender else ""
            self.sheet.spent.append((decision.spend, used_by))
            self.house.tokens[decision.spend] = Token(decision.spend, "spent", who, used_by)


def sender_of(payload: Payload) -> Sender | None:
    """Who of the customers' side did it."""
    if isinstance(payload, AgentSaid | AgentTapped):
        return None
    return getattr(payload, "sender", None)


async def begin(session: Session, batch: Batch, view: View, memory: HouseMemory) -> OpenTurn:
    """Lock the lanes, keep what is still due, load the stories and the house."""
    lanes = await _locked(session, batch)
    events = await _still_due(session, batch, set(lanes))
    orders = [event.payload.order_id for event in events if isinstance(event.payload, OrderReported)]
    if orders:
        events = await _in_their_own_lanes(session, events, orders, view.now)
    stories, erased = await load_stories(session, (event.customer for event in events), view, orders)
    corrected = {event.customer for event in events if corrects(event.payload)}
    for number, line in (await last_words(session, corrected)).items():
        stories[number] = replace(stories[number], last_words=line)
    named = {(event.customer, at) for event in events if (at := moment_named(event.payload)) is not None}
    for number, lines in (await words_of(session, named)).items():
        stories[number] = replace(stories[number], reread=lines)
    for number, spoken in (await utterances_for(session, events)).items():
        stories[number] = replace(stories[number], utterances=spoken)
    for number, replied in (await replied_to(session, events)).items():
        stories[number] = replace(stories[number], replied=replied)
    by_staff = any(isinstance(event.payload, AgentSaid | AgentTapped) for event in events)
    general = with_campaigns(await memory.current(session, certain=by_staff), view.program)
    if general.campaigns:
        since = view.now - longest_span(view.program)
        for who, pieces in (await outreach_for(session, stories, since)).items():
            stories[CustomerId(who)] = replace(stories[CustomerId(who)], outreach=pieces)
    turn = OpenTurn(tuple(events), lanes, stories, view.program)
    turn.erased = erased
    for event in events:
        if event.customer not in erased and event.customer != 0:
            turn.newest[event.customer] = _with_blanks_filled(turn.newest[event.customer], event.payload)
    turn.house = replace(
        general,
        tokens=await _tokens(session, events, view.now),
        owners=await _owners(session, events, stories.values()),
        shelf=await fill_shelf(session, events, general.staff, view.program, view.now),
    )
    turn.pooled = frozenset(c.code for c in turn.house.shelf.coupons) if turn.house.shelf.pooled else frozenset()
    return turn


async def _locked(session: Session, batch: Batch) -> list[int]:
    lanes: list[int] = sorted(batch.lanes)
    if not session.postgres or not lanes:
        return lanes
    mine = [row[0] for row in await session.rows(LOCK_LEASED, lanes, batch.lease)]
    if not mine:
        raise LeaseLost
    return mine


async def _still_due(session: Session, batch: Batch, lanes: set[int]) -> list[Event]:
    rows = await session.rows(STILL_NEW, [event.id for event in batch.events])
    here = {row[0]: row[1] for row in rows}
    return [event for event in batch.events if event.customer in lanes and here.get(event.id) == event.customer]


async def _in_their_own_lanes(session: Session, events: list[Event], orders: list[str], now: datetime) -> list[Event]:
    """A report about a purchase of somebody else (two processes met the order at once) goes to that one's lane."""
    rows = await session.rows(ORDER_OWNERS, sorted(set(orders)))
    owners = {(row[0], row[1]): row[2] for row in rows}
    strays = {
        event.id: owner
        for event in events
        if isinstance(event.payload, OrderReported)
        and (owner := owners.get((event.payload.shop, event.payload.order_id), event.customer)) != event.customer
    }
    if strays:
        await session.put(MOVE_EVENTS, [(owner, number) for number, owner in strays.items()])
        await wake_lanes(session, [(owner, micros(now)) for owner in strays.values()])
    return [event for event in events if event.id not in strays]


async def _tokens(session: Session, events: Sequence[Event], now: datetime) -> dict[str, Token]:
    """The link tokens that the batch presents."""
    wanted = sorted({e.payload.token for e in events if isinstance(e.payload, Started) and e.payload.token})
    if not wanted:
        return {}
    tokens = {token: Token(token, "unknown") for token in wanted}
    at = micros(now)
    for token, customer, expires_at, used_at, used_by in await session.rows(TOKENS, wanted):
        state = "spent" if used_at is not None else "valid" if expires_at > at else "expired"
        tokens[token] = Token(token, state, CustomerId(customer), used_by)
    return tokens


async def _owners(session: Session, events: Sequence[Event], stories: Iterable[Story]) -> dict[Address, CustomerId]:
    """Who has the identities that occur in the batch; most are known from the stories already."""
    owners = {
        (identity.channel, identity.external): story.customer.id for story in stories for identity in story.identities
    }
    wanted = set()
    for event in events:
        sender = sender_of(event.payload)
        if sender is not None:
            wanted.add((sender.channel, sender.external))
        elif isinstance(event.payload, IdentityFound) and event.payload.external:
            wanted.add((event.payload.channel, event.payload.external))
    strangers = wanted - owners.keys()
    if strangers:
        owners |= {address: CustomerId(number) for address, number in (await owners_of(session, strangers)).items()}
    return owners


# ---------------------------------------------------------------- what platforms tell about people


def _with_blanks_filled(story: Story, payload: Payload) -> Story:
    """Name, language, time zone and email as the sender's platform tells them, where nothing is known yet."""
    sender = sender_of(payload)
    if sender is None:
        return story
    for place, identity in enumerate(story.identities):
        if (identity.channel, identity.external) == (sender.channel, sender.external):
            identities = (*story.identities[:place], _renamed(identity, sender), *story.identities[place + 1 :])
            customer = _completed(story.customer, sender)
            if customer is story.customer and identities[place] is identity:
                return story
            return replace(story, customer=customer, identities=identities)
    return story


def _renamed(identity: Identity, sender: Sender) -> Identity:
    name, handle = sender.name or identity.name, sender.handle or identity.handle
    return (
        identity if (name, handle) == (identity.name, identity.handle) else replace(identity, name=name, handle=handle)
    )


def _completed(customer: Customer, sender: Sender) -> Customer:
    news = {
        part: getattr(sender, part) for part in SENDER_FIELDS if getattr(sender, part) and not getattr(customer, part)
    }
    return replace(customer, **news) if news else customer
