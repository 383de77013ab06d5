"""Everything that can happen, as values. An event has a key; a timer is an event that is due in the future."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.case import Promise, Rung
from bot.domain.ids import CaseId, CustomerId, EventId, GestureId, OutboxId, PurchaseId, StaffId
from bot.domain.message import Attachment, Ref
from bot.domain.purchase import Item


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as their platform tells it. `external` is the platform's lasting id of the person."""

    channel: str
    external: str
    name: str = ""
    handle: str = ""
    locale: str = ""
    timezone: str = ""
    email: str = ""
    is_bot: bool = False
    picture: str = ""
    """The address of a picture of them that anybody may load."""


# What customers do


@dataclass(frozen=True, slots=True)
class Said:
    """Free words and/or attachments, or a command (`/stop`) typed as words. `group` joins the parts of an album."""

    sender: Sender
    words: str
    ref: Ref | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: Ref | None = None
    group: str = ""
    more_refs: tuple[Ref, ...] = ()
    """The further messages of an album, once its parts are joined."""
    quote: str = ""
    """The beginning of what `reply_to` says, where the platform tells it."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button. `tap` is the platform's id to answer the tap with, "" when it needs none."""

    sender: Sender
    action: str
    ref: Ref | None = None
    tap: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """Earlier words were changed: logged, never scored as new."""

    sender: Sender
    words: str
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The bot was opened with a link token ("" = without one)."""

    sender: Sender
    token: str
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class ReachChanged:
    """The customer blocked or unblocked the bot, or deleted the account."""

    sender: Sender
    reachable: bool
    why: str = ""


# What shops report


@dataclass(frozen=True, slots=True)
class ShopCustomer:
    """The customer as the shop knows them."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class OrderReported:
    """`type`: paid, delivered, refunded, cancelled. `extra` keeps fields that we don't know."""

    type: str
    shop: str
    order_id: str
    occurred_at: datetime
    customer: ShopCustomer
    total: Decimal | None = None
    currency: str | None = None
    items: tuple[Item, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdentityFound:
    """A lookup found the customer on a channel (Slack by email), or found nobody (`external` = "")."""

    channel: str
    external: str
    email: str
    name: str = ""
    timezone: str = ""
    handle: str = ""


# What people of the shop do


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """Words in a case's thread (or typed into the console). `edited`: a changed earlier message."""

    sender: Sender
    desk: str
    words: str
    ref: Ref | None = None
    attachments: tuple[Attachment, ...] = ()
    group: str = ""
    edited: bool = False
    case: CaseId | None = None
    more_refs: tuple[Ref, ...] = ()
    reply_to: Ref | None = None
    astray: str = ""
    """The thread where it was said, when the conversation goes on in another one."""


@dataclass(frozen=True, slots=True)
class AgentTapped:
    """A button of the desk (`action`: claim, resolve, handback, amend, unsend, typing). `case` None = the open one.

    `about` is the utterance that an amend or unsend is about, or the fact of an unremember. `value` is what a mood,
    topic or topics says: `neutral`, `delivery`, `open`; behind a colon the moment of the customer's words, in
    microseconds since 1970, else their latest words are meant.
    """

    sender: Sender
    desk: str
    action: str
    case: CaseId | None = None
    ref: Ref | None = None
    tap: str = ""
    about: EventId | None = None
    value: str = ""


# What our own delivery reports


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """What became of an outbox message that wanted a receipt, or failed.

    `outcome`: delivered, failed, unreachable, or (of an agent's words, once) waits. A `why` beside "delivered" tells
    what of it did not go as wished. `about` is the utterance that was amended or taken back.
    """

    outbox: OutboxId
    kind: str
    side: str
    channel: str
    outcome: str
    why: str = ""
    ask: PurchaseId | None = None
    case: CaseId | None = None
    agent_ref: Ref | None = None
    uncertain: bool = False
    about: EventId | None = None


@dataclass(frozen=True, slots=True)
class DeskReported:
    """What became of a case's place on a desk.

    `what`: opened (a new thread, begun with the card and what was said so far), lost (the desk can't be used; `why`),
    back (it can be used again).
    """

    desk: str
    case: CaseId
    what: str
    why: str = ""


# Timers


@dataclass(frozen=True, slots=True)
class AskDue:
    """Time to ask. `round` must match the ask's, else it is stale."""

    ask: PurchaseId
    round: int


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """Time to remind once."""

    ask: PurchaseId
    round: int


@dataclass(frozen=True, slots=True)
class AskExpires:
    """The ask's window closes."""

    ask: PurchaseId


@dataclass(frozen=True, slots=True)
class FollowUpDue:
    """A day after the resolution: is all well again? `number` is the case's count of follow-ups."""

    case: CaseId
    number: int


@dataclass(frozen=True, slots=True)
class PromiseDue:
    """A promise is about to be broken (`warning`), or is. `due_at` must match the case's, else it was kept."""

    case: CaseId
    promise: Promise
    due_at: datetime
    warning: bool


@dataclass(frozen=True, slots=True)
class LadderDue:
    """Nobody has claimed a case: the next rung. `round` must match the case's, else it is stale."""

    case: CaseId
    round: int
    rung: Rung


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """A person who holds this case, or is offered it, has no role any more, or is away (`away`)."""

    case: CaseId
    staff: StaffId
    away: bool = False


@dataclass(frozen=True, slots=True)
class OutreachDue:
    """A campaign's moment with this customer. `round` must match the outreach's, else it is stale."""

    campaign: str
    occasion: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class OutreachCloses:
    """The window for an answer to it is over."""

    campaign: str
    occasion: str


@dataclass(frozen=True, slots=True)
class RewardDue:
    """A reward of the program was earned. `occasion` is what for, once per customer and reward."""

    reward: str
    occasion: str
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class RewardEnds:
    """A reward's code ends soon."""

    gesture: GestureId


@dataclass(frozen=True, slots=True)
class CampaignStopped:
    """A campaign was stopped, by itself or by hand (`by`). In the lane of the house: managers are told."""

    campaign: str
    why: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class SpikeSeized:
    """A manager (`by`) answers a spike from the console. `aim`: `Aim.text`; `words` "" = the ready ones."""

    spike: EventId
    aim: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A partner, the console or a command (`by`) asks for one of the program's steps (`bot.domain.partnership`)."""

    by: str
    step: str
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactExpires:
    """A remembered fact may have had its time, or waited long enough for the customer's consent."""

    fact: EventId


@dataclass(frozen=True, slots=True)
class EraseDue:
    """The customer confirmed the erasure; the farewell has had its time."""

    asked_at: datetime


@dataclass(frozen=True, slots=True)
class DigestDue:
    """A manager's digest of a local day. `setting` must be theirs still, else it is stale."""

    channel: str
    external: str
    setting: str
    day: str


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """Something that managers should know at once. `kind`: unhappy, topic, product, late; `subject` which one."""

    kind: str
    subject: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What the journal holds can't be read by this version: the rules refuse it, so that an operator sees it."""

    kind: str
    problem: str


Payload = (
    Said
    | Tapped
    | Edited
    | Started
    | ReachChanged
    | OrderReported
    | IdentityFound
    | AgentSaid
    | AgentTapped
    | DeliveryReported
    | DeskReported
    | AskDue
    | ReminderDue
    | AskExpires
    | FollowUpDue
    | PromiseDue
    | LadderDue
    | StaffLeft
    | EraseDue
    | DigestDue
    | AlertRaised
    | OutreachDue
    | OutreachCloses
    | RewardDue
    | RewardEnds
    | CampaignStopped
    | SpikeSeized
    | StepAsked
    | FactExpires
    | Unreadable
)

PAYLOADS: dict[str, type[Payload]] = {
    "said": Said,
    "tapped": Tapped,
    "edited": Edited,
    "started": Started,
    "reach": ReachChanged,
    "order": OrderReported,
    "identity": IdentityFound,
    "agent_said": AgentSaid,
    "agent_tapped": AgentTapped,
    "delivery": DeliveryReported,
    "desk": DeskReported,
    "ask_due": AskDue,
    "reminder_due": ReminderDue,
    "ask_expires": AskExpires,
    "follow_up_due": FollowUpDue,
    "erase_due": EraseDue,
    "promise_due": PromiseDue,
    "ladder_due": LadderDue,
    "staff_left": StaffLeft,
    "digest_due": DigestDue,
    "alert": AlertRaised,
    "outreach_due": OutreachDue,
    "outreach_closes": OutreachCloses,
    "reward_due": RewardDue,
    "reward_ends": RewardEnds,
    "campaign_stopped": CampaignStopped,
    "spike_seized": SpikeSeized,
    "step_asked": StepAsked,
    "fact_expires": FactExpires,
}
KIND_OF: dict[type[Payload], str] = {payload: kind for kind, payload in PAYLOADS.items()}


@dataclass(frozen=True, slots=True)
class Event:
    """An event of one lane, as the journal holds it. `at` is when it happened or fell due."""

    id: EventId
    key: str
    customer: CustomerId
    at: datetime
    payload: Payload


# Which lane an incoming thing belongs to


@dataclass(frozen=True, slots=True)
class BySender:
    """The customer who has this identity; a new one when nobody has."""

    sender: Sender


@dataclass(frozen=True, slots=True)
class ByToken:
    """The customer whom the link token names while it is valid; else the sender's own lane."""

    token: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class ByThread:
    """The customer whose desk thread this is. An unknown thread goes to the house.

    `otherwise`: whose it is by what stands in it, if nobody kept that it was made (we died at that moment).
    """

    desk: str
    chat: str
    thread: str
    otherwise: ByCase | ByCustomer | None = None


@dataclass(frozen=True, slots=True)
class ByCase:
    """The customer of this case."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class ByShopCustomer:
    """The customer whom the shop calls by this id; a new one when the shop never named them."""

    shop: str
    customer: ShopCustomer


@dataclass(frozen=True, slots=True)
class ByCustomer:
    """This customer."""

    customer: CustomerId


Lane = BySender | ByToken | ByThread | ByCase | ByShopCustomer | ByCustomer


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an edge hands in. `key` is unique for good: a repeat changes nothing.

    `due_at` None = at once. Parts of an album are due a moment later, so that one turn sees them together.
    """

    key: str
    lane: Lane
    payload: Payload
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is in the journal. `fresh` is False for a repeat. `token` is the order's link token."""

    fresh: bool
    customer: CustomerId
    event: EventId
    token: str = ""
