"""What the rules may know of a customer, and what they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.ask import Ask
from bot.domain.case import Case
from bot.domain.correction import Correction
from bot.domain.customer import Conversation, Customer, Identity
from bot.domain.event import Payload, Sender
from bot.domain.fact import Fact
from bot.domain.gesture import Gesture
from bot.domain.ids import CaseId, CustomerId, EventId, PurchaseId, StaffId
from bot.domain.interaction import Consent, Feedback, Interaction, Note
from bot.domain.message import Message, Ref, Side
from bot.domain.outreach import Outreach
from bot.domain.partner_event import PartnerEvent
from bot.domain.purchase import Purchase
from bot.domain.shelf import Shelf
from bot.domain.spike import Spike
from bot.domain.staff import Staff, StaffChange
from bot.domain.standing import Standing
from bot.domain.utterance import Utterance
from bot.domain.why import Why
from bot.program import Campaign


@dataclass(frozen=True, slots=True)
class Token:
    """A link token as the journal knows it. `state`: valid, spent, expired, unknown."""

    token: str
    state: str
    customer: CustomerId | None = None
    used_by: str = ""


@dataclass(frozen=True, slots=True)
class Replied:
    """What a message replies to, of the words between customer and claimer: others are never found here.

    `ref` is the message as the writer sees it, `other` the same words on the other side (None = they aren't there).
    `utterance`: what an agent said, where `ref` only shows it on another desk.
    """

    ref: Ref
    other: Ref | None
    text: str
    utterance: EventId | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One customer, whole: person, identities, conversation, cases, asks, purchases, last interactions, standing.

    `cases`: the open one and the latest few, newest last. `purchases`: every one with an unfinished ask and the
    latest twenty, oldest first. `interactions`: the last twelve, oldest first. `asked`: when asks were sent to
    this customer, as far back as any limit looks, on every channel. `staff`: the people of the shop who occur in
    the batch, by (channel, external id). `channels`: the channels that run. `thread` is True when the desk has a
    thread already.
    `last_words`: the customer's latest message with a verdict, however old; loaded only when an agent corrects it.
    `gestures`: the latest twenty, oldest first.
    `utterances`: what agents said lately, oldest first; loaded only when one of them is changed or taken back.
    `replied`: what the messages in the batch reply to.
    `facts`: what is remembered of the person, oldest first; some may have had their time. `corrections`: the latest
    fifty, oldest first. `reread`: the lines that corrections of the batch name by their moment.
    """

    customer: Customer
    identities: tuple[Identity, ...] = ()
    conversation: Conversation = Conversation()
    cases: tuple[Case, ...] = ()
    asks: tuple[Ask, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    asked: tuple[datetime, ...] = ()
    standing: Standing = field(default_factory=Standing)
    cases_ever: int = 0
    last_words: Interaction | None = None
    gestures: tuple[Gesture, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    replied: tuple[Replied, ...] = ()
    outreach: tuple[Outreach, ...] = ()
    """What is planned, what is watched, and what was sent within the cap's time; oldest first."""
    facts: tuple[Fact, ...] = ()
    corrections: tuple[Correction, ...] = ()
    reread: tuple[Interaction, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case of anybody, as the queue needs it."""

    priority: int
    waiting_since: datetime | None
    owner: StaffId | None = None
    offered_to: StaffId | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every customer of a batch."""

    channels: frozenset[str] = frozenset()
    """Channels that run and can speak to customers."""
    desk: str = "console"
    """The main desk."""
    staff: dict[tuple[str, str], Staff] = field(default_factory=dict)
    reporting_shops: frozenset[str] = frozenset()
    """Shops that have ever reported a delivery."""
    tokens: dict[str, Token] = field(default_factory=dict)
    owners: dict[tuple[str, str], CustomerId] = field(default_factory=dict)
    """Which customer has which identity, for the senders in the batch."""
    shelf: Shelf = field(default_factory=Shelf)
    """What agents can give; filled only when one of the batch gives."""
    cases: dict[CaseId, OpenCase] = field(default_factory=dict)
    """The open cases of everybody (the most urgent ones when there are very many)."""
    mirrors: tuple[str, ...] = ()
    """The other desks where every case shows, too."""

    @property
    def desks(self) -> tuple[str, ...]:
        """Where every case shows, the main desk first. The console reads the records, so it need not be named."""
        return (self.desk, *self.mirrors)

    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    """Those of the program and those made by hand, by name."""
    stopped: Mapping[str, str] = field(default_factory=dict)
    """Campaigns that were stopped, and why."""
    spikes: Mapping[EventId, Spike] = field(default_factory=dict)
    """The latest ones, seized or not."""

    def people(self) -> tuple[Staff, ...]:
        """Everybody of the shop, each once, in a lasting order."""
        return tuple({one.id: one for one in reversed(self.identities())}.values())[::-1]

    def identities(self) -> tuple[Staff, ...]:
        """Everybody of the shop, once for each of their chat identities, in a lasting order."""
        return tuple(sorted(self.staff.values(), key=lambda one: (one.id, one.identity != one.person, one.identity)))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for the outbox: (conversation, side, message), never a raw address."""

    side: Side
    channel: str
    message: Message
    case: CaseId | None = None
    ask: PurchaseId | None = None
    receipt: bool = False
    agent_ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """An event of the same customer, due later. The key makes it unique."""

    key: str
    due_at: datetime
    payload: Payload


@dataclass(frozen=True, slots=True)
class Decision:
    """The changed story and everything that follows from one event.

    `adopt`: an identity that becomes this customer's. `absorb`: a customer whose whole story moves here.
    `requeue`: the event belongs to the sender's own lane; nothing else was decided. `silence`: kinds of unsent
    messages to the customer that must not go out any more. `recall`: events whose unsent messages must not either.
    """

    story: Story
    outgoing: tuple[Outgoing, ...] = ()
    timers: tuple[Timer, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    notes: tuple[Note, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    consents: tuple[Consent, ...] = ()
    adopt: tuple[Identity, ...] = ()
    absorb: tuple[CustomerId, ...] = ()
    spend: str = ""
    requeue: Sender | None = None
    silence: frozenset[str] = frozenset()
    erase: bool = False
    corrections: tuple[Correction, ...] = ()
    partner_events: tuple[PartnerEvent, ...] = ()
    recall: frozenset[EventId] = frozenset()
    staff: tuple[StaffChange, ...] = ()
    whys: tuple[Why, ...] = ()
    spikes: tuple[Spike, ...] = ()
    campaigns: tuple[Mapping[str, Any], ...] = ()
    """Made at once, as a program file would have them; a name that is taken stays as it is."""
