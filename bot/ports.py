"""What the core needs of the outside, as Protocols. `bot/wiring.py` alone knows who fulfils them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.ask import Ask
from bot.domain.campaign_report import Results
from bot.domain.case import Case
from bot.domain.correction import Correction
from bot.domain.customer import Identity
from bot.domain.event import Accepted, Event, Incoming
from bot.domain.figures.board import Asked, BehindPage, Choices, Counted, Counts, Load
from bot.domain.figures.counting import Proof
from bot.domain.figures.cuts import Cut
from bot.domain.figures.money import Money as Worth
from bot.domain.figures.money import ValueBin
from bot.domain.figures.period import Period
from bot.domain.figures.themes import Saying
from bot.domain.gesture import Gesture
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId, PurchaseId, StaffId
from bot.domain.interaction import Consent, Feedback
from bot.domain.message import Attachment, Button, Kind, Message, Ref, Side
from bot.domain.money import Money
from bot.domain.outreach import Outreach
from bot.domain.partner_event import PartnerEvent
from bot.domain.purchase import Purchase
from bot.domain.reading import Readings
from bot.domain.spike import Spike
from bot.domain.staff import Role, Staff, StaffChange
from bot.domain.standing import Ranking, Rfm
from bot.domain.story import Decision, House, Story
from bot.domain.summary import Tallies
from bot.domain.why import Why
from bot.program import Campaign, Program
from bot.settings import Settings


class Clock(Protocol):
    """Aware UTC. A demo's clock may run fast: wait through it, never beside it."""

    def now(self) -> datetime:
        """The present moment."""
        ...

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until this clock shows `moment`; ≤ 0 when it is past."""
        ...


# ---------------------------------------------------------------- storage


@dataclass(frozen=True, slots=True)
class Batch:
    """Due events of some lanes, per lane in order, as read before scoring. `lease` is the fencing token."""

    events: tuple[Event, ...]
    lease: str = ""

    @property
    def lanes(self) -> tuple[CustomerId, ...]:
        """The customers concerned, each once."""
        return tuple(dict.fromkeys(event.customer for event in self.events))


class Turn(Protocol):
    """One transaction over locked lanes. Leaving the context commits; an exception rolls everything back."""

    events: tuple[Event, ...]
    """Those of the batch that are still due, after locking."""
    house: House

    def story(self, customer: CustomerId) -> Story:
        """The story of a lane of this turn, as loaded."""
        ...

    def decided(self, event: Event, decision: Decision) -> None:
        """Keep what was decided; written at the end with set-based statements."""
        ...

    def failed(self, event: Event, error: str) -> None:
        """The rules raised: the event becomes a dead letter, its lane goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Thread:
    """A place on a desk where one customer's case lives. `card` is the card message there."""

    desk: str
    chat: str
    thread: str
    card: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a customer has of words that are to be changed or taken back: the message as it went out, and where it lies.

    `uncertain`: an attempt got no answer, so there may be one more that nobody can name.
    """

    refs: tuple[Ref, ...]
    message: Message
    sent_at: datetime | None = None
    uncertain: bool = False


NO_EVENT = EventId(0)
OPENING = "opening"
"""The part of a parcel that begins a thread for a case which is under way already."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new thread begins with when its case is under way already: the card, and in brief what was said."""

    card: Message
    history: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """An outbox row claimed for sending, with its address resolved now.

    By `side`: CUSTOMER → `identity` (None = the customer has no address there), DESK → `thread` (None = make one),
    STAFF → `identity`. `uncertain`: an earlier attempt may have arrived.
    """

    id: OutboxId
    customer: CustomerId
    side: Side
    channel: str
    message: Message
    case: CaseId | None
    ask: PurchaseId | None
    receipt: bool
    attempts: int
    created_at: datetime
    agent_ref: Ref | None = None
    identity: Identity | None = None
    thread: Thread | None = None
    customer_name: str = ""
    uncertain: bool = False
    sent: tuple[str, ...] = ()
    """Parts (of a message that must be sent in several calls) that already arrived, by the edge's own names."""
    refs: tuple[Ref, ...] = ()
    """The messages behind those parts."""
    copies: tuple[Copy, ...] = ()
    """For an AMENDMENT or UNSEND: what the customer has, oldest first. Nothing = it never arrived."""
    event: EventId = NO_EVENT
    """What happened that led to it."""
    opening: Opening | None = None
    """What comes first, where a thread must be made for a case that is under way. See `opens`."""

    @property
    def opens(self) -> bool:
        """Whether a thread must be made for a case that is under way, or one was made and not begun to its end."""
        message = self.message
        needs_none = message.kind is Kind.CARD or (message.kind is Kind.MARK and not message.text)
        if self.side is not Side.DESK or self.case is None or needs_none:
            return False
        parts = {part.partition("=")[0] for part in self.sent}
        begun = OPENING in parts and f"{OPENING}:history" not in parts
        return self.thread is None or begun


class Outcome(StrEnum):
    """What became of a parcel."""

    SENT = "sent"
    UNREACHABLE = "unreachable"
    WAIT = "wait"
    THREAD_GONE = "thread_gone"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    RETRY = "retry"
    DESK_LOST = "desk_lost"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The result of one attempt.

    SENT: `refs` are the platform's messages; `why` tells what did not go as wished. UNREACHABLE: `why`. WAIT: not
    before `retry_after` seconds, the whole token when `everywhere`. THREAD_GONE: forget the thread and try again with a
    new one. REJECTED: the platform will never take it → dead letter. UNCERTAIN: no answer came, it may have arrived;
    sent again, marked. RETRY: failed for a passing reason before it took effect. DESK_LOST: nothing can be written on
    the whole desk until somebody puts it right; `why` says what to do. `thread`: a thread that was made, or its
    changed card.
    `sent`: parts that arrived although the parcel as a whole did not. `follow`: an incoming thing that the answer
    itself brings (a lookup's result), written to the journal in the same transaction as the mark.
    """

    outcome: Outcome
    refs: tuple[Ref, ...] = ()
    why: str = ""
    retry_after: float = 0.0
    everywhere: bool = False
    thread: Thread | None = None
    sent: tuple[str, ...] = ()
    follow: Incoming | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A parcel's new state in the outbox. `again_at` None = final. `failed` makes it a dead letter when final."""

    parcel: Parcel
    delivery: Delivery
    again_at: datetime | None = None
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Blob:
    """A file kept by ourselves."""

    name: str
    mime: str
    data: bytes


class Store(Protocol):
    """The only thing that remembers. SQLite and PostgreSQL behind one contract suite."""

    dialect: str

    async def start(self) -> None:
        """Open, check the schema's version."""
        ...

    async def stop(self) -> None:
        """Close every connection."""
        ...

    # journal and turn
    async def accept(self, batch: Sequence[Incoming], now: datetime) -> list[Accepted]:
        """Write into the journal, one transaction; on return it is safe to acknowledge."""
        ...

    async def due(self, limit: int, now: datetime, worker: str) -> Batch:
        """Lease up to `limit` lanes that have due events, read those events (at most a few dozen a lane)."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next event falls due; None = nothing is planned."""
        ...

    def turn(self, batch: Batch, now: datetime) -> AbstractAsyncContextManager[Turn]:
        """Lock the lanes of the batch and load their stories."""
        ...

    # outbox
    async def claim(self, channel: str, limit: int, now: datetime, *, desk: bool | None = None) -> list[Parcel]:
        """Take unsent rows of a channel that are due, in order; per chat only the head of the line and what follows.

        `desk` False: all but the desk's. True: the desk's alone, everything of `limit` threads, most urgent first.
        """
        ...

    async def waiting_cases(self, channel: str) -> list[tuple[CustomerId, CaseId, OutboxId]]:
        """The cases that have something waiting for this desk, each with the first such row."""
        ...

    async def mark(self, marks: Sequence[Mark], now: datetime) -> None:
        """Write results; receipts and failures become events in the same transaction."""
        ...

    async def recover_outbox(self, channel: str) -> int:
        """On taking ownership: rows claimed by a dead owner go back, marked uncertain. Returns how many."""
        ...

    async def next_send(self, channel: str, *, desk: bool | None = None) -> datetime | None:
        """When the earliest unsent row of the channel (`desk` as in `claim`) may go; None = nothing waits."""
        ...

    # threads and files
    async def thread_moved(self, desk: str, old_chat: str, new_chat: str) -> None:
        """A Telegram group became a supergroup: its threads live under the new id."""
        ...

    async def thread_known(self, desk: str, chat: str, thread: str) -> bool:
        """Whether a thread leads to somebody."""
        ...

    async def thread_gone(self, desk: str, chat: str, thread: str) -> None:
        """A thread is gone for good: what comes next makes a new one."""
        ...

    async def put_blob(self, blob: Blob) -> str:
        """Keep a file; returns its number as text."""
        ...

    async def get_blob(self, ref: str) -> Blob | None:
        """A kept file."""
        ...

    # ownership and waking
    def own(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until this process alone owns `name` (a token's delivery, a poller); released at the end."""
        ...

    async def announce(self, topic: str) -> None:
        """Tell every process something of the moment that nobody keeps."""
        ...

    def on_wake(self, callback: Callable[[str], None]) -> None:
        """`callback(topic)` when another process wrote something: topics "turn", "outbox:<channel>", "page"."""
        ...


# ---------------------------------------------------------------- channels


@dataclass(frozen=True, slots=True)
class Pace:
    """A platform's limits, in messages a second. 0 = none. `groups`: per desk chat and minute."""

    overall: float = 0.0
    per_chat: float = 0.0
    per_chat_burst: int = 1
    group_per_minute: int = 0


class Intake(Protocol):
    """Where edges hand in what happened."""

    async def accept(self, incoming: Incoming) -> Accepted:
        """Returns when it is persisted; only then acknowledge the platform."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """A fetched attachment, whole."""

    name: str
    mime: str
    data: bytes


Fetch = Callable[[Attachment], Awaitable[File]]


class Edge(Protocol):
    """One folder of `handlers/`: something that hears or serves.

    Its `edge.py` has `build(Surroundings) -> Edge | None` (None = not configured) and is cheap to import.
    """

    name: str

    async def start(self) -> None:
        """Connect; check rights. Raises `Refused` with advice when the platform says no."""
        ...

    async def receive(self) -> None:
        """Take in until cancelled (polling, Socket Mode); returns at once when it is fed over HTTP."""
        ...

    async def stop(self) -> None:
        """Let go of every connection."""
        ...

    def routes(self) -> Sequence[Any]:
        """Starlette routes that it is fed through; also the place to register its pages."""
        ...

    async def problems(self) -> list[str]:
        """What `doctor` should tell: missing rights, wrong tokens, with advice. Empty = all well."""
        ...

    @property
    def ready(self) -> bool:
        """Connected and able to work, for /readyz."""
        ...


class Channel(Edge, Protocol):
    """An edge that also delivers parcels: to customers, to a desk, to staff."""

    pace: Pace
    serves_customers: bool
    serves_desk: bool

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt. Never raises for what a platform answers; every answer has its outcome."""
        ...

    async def fetch(self, attachment: Attachment) -> File:
        """The content of an attachment that lies on this channel; raises `FileUnavailable`."""
        ...

    def chat_key(self, parcel: Parcel) -> str:
        """Which chat's pace and order a parcel falls under."""
        ...

    def link(self, token: str) -> str | None:
        """The deep link that opens this channel with the token; None when it has none."""
        ...


# ---------------------------------------------------------------- what is read


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An open case as the queue shows it. `desk` is where it lives; `waiting_since` the oldest unanswered words."""

    case: CaseId
    customer: CustomerId
    name: str
    state: str
    owner: str | None
    owner_id: int | None
    reasons: tuple[str, ...]
    priority: int
    waiting_since: datetime
    desk: str
    channel: str
    preview: str
    top: bool
    score: float | None
    mood: str = ""
    """One word: alarm, angry, unhappy, asked, unclear, calm."""
    waits: bool = True
    """An answer is owed at this moment."""
    before: int = 0
    """How many others who wait are less urgent."""
    promise: str = ""
    """What is promised next: first_reply, next_reply, resolution; "" = nothing."""
    due_at: datetime | None = None
    breaches: tuple[str, ...] = ()
    offer: str = ""
    offered_to: int | None = None
    topics: tuple[str, ...] = ()
    """What the customer's last words are about."""
    heard_at: datetime | None = None
    """When the customer last said something."""
    help: str = ""
    """How the customer found the help last time, when the case was opened again: good, fair or poor."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a search found: `kind` is customer, order, said or note. `words` are those that matched."""

    customer: CustomerId
    name: str
    known: str
    kind: str = "customer"
    words: str = ""
    at: datetime | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened with a customer beside what was said, oldest first. `asks` by purchase."""

    purchases: tuple[Purchase, ...] = ()
    asks: tuple[Ask, ...] = ()
    cases: tuple[Case, ...] = ()
    gestures: tuple[Gesture, ...] = ()
    consents: tuple[Consent, ...] = ()
    corrections: tuple[Correction, ...] = ()
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation as pages show it. `delivery`: "" (nothing to say), waiting, sent, failed, unreachable.

    `inside` lines (notes, talk) are never shown to a customer. `buttons` are those of a bot message. `why` belongs to
    the delivery. An agent's words have `utterance`, `staff` and `ref`, the agent's own message; `amended` are changed
    words that were not sent yet; `unsent`: "", asked or done. `quote`: what the words reply to.
    """

    id: int
    at: datetime
    author: str
    name: str
    kind: str
    text: str
    channel: str
    attachments: tuple[Attachment, ...] = ()
    verdict: dict[str, Any] | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    delivery: str = ""
    inside: bool = False
    why: str = ""
    quote: str = ""
    utterance: int = 0
    staff: int = 0
    ref: Ref | None = None
    amended: str = ""
    unsent: str = ""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that could not be done: an event whose rules raised, or a message that a platform refused."""

    id: str
    kind: str
    customer: CustomerId
    at: datetime
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of codes that were brought: new, known already, and `differing`: known as worth something else."""

    new: int
    known: int
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolRow:
    """Codes of one worth: still to be given, and given."""

    worth: Money
    free: int
    granted: int


class FigureRecords(Protocol):
    """What figures are made of. Pages don't ask here: `bot.runtime.figures` makes the figures."""

    async def counted(self, asked: Asked) -> Counted:
        """What the tallies say of a period, through a filter."""
        ...

    async def counted_by_people(self, period: Period, cut: Cut) -> dict[Cut, Counts]:
        """Counts by channel, tier, level and campaign."""
        ...

    async def counted_by_product(self, period: Period, cut: Cut) -> dict[str, Counts]:
        """Counts by product, by the shop's own days."""
        ...

    async def figure_choices(self) -> Choices:
        """What can be filtered by."""
        ...

    async def load(self, period: Period) -> tuple[tuple[Load, ...], int]:
        """What lies on each agent, by name; and how many cases are open at this moment."""
        ...

    async def money(self) -> tuple[list[Worth], list[ValueBin], list[tuple[int, int, int, int]]]:
        """Per currency; everybody whatever the currency; cohorts (month, months later, customers, of them again)."""
        ...

    async def behind(
        self, key: str, period: Period, cut: Cut, after: str = "", limit: int = 50, *, counting: bool = False
    ) -> BehindPage:
        """A page of what was counted. Raises KeyError for a figure that doesn't open."""
        ...

    async def sayings(self, period: Period, cut: Cut, limit: int = 2000) -> list[Saying]:
        """What customers said in words, newest first, with the names that may stand in it."""
        ...

    async def told_since(self, keys: Sequence[str], since: datetime) -> set[str]:
        """Which of these keys the journal has got since then."""
        ...

    async def repair_figures(self, *, correct: bool) -> Proof:
        """Count everything again from the rows and compare with what the turns kept."""
        ...


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as lists show it. `stopped` None = it runs; else why not. `by_hand`: not from the program file."""

    campaign: Campaign
    results: Results
    stopped: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """What is about to happen to one customer. `why` = "": it would be sent; else why not, or why later."""

    at: datetime
    customer: CustomerId
    name: str
    about: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class CampaignPreview:
    """What one campaign would do. `refused`: in the audience, but for a reason; how many for each."""

    campaign: str
    lines: tuple[PreviewLine, ...]
    refused: dict[str, int]
    outside: int = 0
    waiting: int = 0


class Campaigns(Protocol):
    """Outreach for many: planned, judged, shown; and why each customer got what they got."""

    async def campaigns(self) -> list[CampaignRow]:
        """All of them, the program's first, with what came of each."""
        ...

    async def plan_campaigns(self, now: datetime, until: datetime) -> int:
        """Plan whatever comes due until then; safe to repeat. Returns how many pieces are new."""
        ...

    async def stop_harmful(self, now: datetime) -> list[tuple[str, str]]:
        """Stop campaigns that do worse than their hold-out beyond doubt; (name, why) of each."""
        ...

    async def add_campaign(self, campaign: Mapping[str, Any], now: datetime) -> bool:
        """One well-aimed message, made by hand, in the program file's words. False when the name is taken."""
        ...

    async def stop_campaign(self, name: str, why: str, by: str, now: datetime) -> bool:
        """Nothing more of it goes out. False when it was stopped already."""
        ...

    async def start_campaign(self, name: str, now: datetime) -> bool:
        """Again. False when it was not stopped."""
        ...

    async def preview_campaign(self, campaign: Campaign, now: datetime, until: datetime) -> CampaignPreview:
        """Who would get it by then and who would not, with the reasons; nothing is planned."""
        ...

    async def preview_asks(self, now: datetime, until: datetime, limit: int = 1000) -> list[PreviewLine]:
        """Asks that fall due by then."""
        ...

    async def rfm(self, customer: CustomerId, now: datetime) -> Rfm | None:
        """How lately, how often and for how much they bought; None for one who bought nothing in the window."""
        ...

    async def spikes(self) -> list[Spike]:
        """The latest alerts that a message can answer, newest first."""
        ...

    async def ranking(self, now: datetime) -> Ranking:
        """The values of everybody, of which the top tier is the Pareto share."""
        ...

    async def why(self, customer: CustomerId, limit: int | None = 100) -> list[Why]:
        """Why this customer got something or did not, oldest first."""
        ...

    async def outreach_of(self, customer: CustomerId) -> list[Outreach]:
        """Every piece of outreach that was planned for them."""
        ...


class Records(FigureRecords, Campaigns, Protocol):
    """The reading side, and the few writes that people of the shop make directly."""

    @property
    def desks(self) -> tuple[str, ...]:
        """Every desk that shows cases, the main one first."""
        ...

    async def find_customer(self, name: str) -> CustomerId | None:
        """By number, `shop:<shop>/<id>`, `<channel>:<user id>` or email; a merged one leads to who absorbed it."""
        ...

    async def story(self, customer: CustomerId, now: datetime) -> Story | None:
        """The same story that the rules see; None when unknown or erased."""
        ...

    async def export(self, customer: CustomerId) -> dict[str, Any] | None:
        """Everything about a customer in the form of the outer interface."""
        ...

    async def customers(self) -> list[CustomerId]:
        """Every customer who is not erased or merged, by number."""
        ...

    async def search_customers(self, words: str, limit: int) -> list[tuple[CustomerId, str, str]]:
        """(number, name, how they are known) of customers whose name, email or order matches; latest first."""
        ...

    async def search(self, words: str, limit: int) -> list[Found]:
        """Customers, orders and words said (of the latest messages) that match, nearest first; notes too."""
        ...

    async def history(self, customer: CustomerId) -> History:
        """What happened with a customer beside what was said."""
        ...

    async def doubles(self, customer: CustomerId) -> list[Found]:
        """Others who may be the same person: the same e-mail address or phone number."""
        ...

    async def spent(self, staff: StaffId, now: datetime) -> Decimal:
        """What an agent has given this month, in the program's currency."""
        ...

    async def keep_presence(self, change: StaffChange) -> None:
        """Somebody goes away, or is back; what was offered to them is offered to others."""
        ...

    async def queue(self, now: datetime, limit: int = 500) -> list[QueueRow]:
        """Open cases, most urgent first."""
        ...

    async def conversation(self, customer: CustomerId, limit: int, *, inside: bool) -> list[Line]:
        """The last lines, oldest first; notes among them only when `inside`."""
        ...

    async def brief(self, customer: CustomerId, before: EventId, limit: int) -> list[Line]:
        """The last lines before something happened, oldest first, with what stays inside."""
        ...

    async def house(self) -> House:
        """What is the same for every customer, as it is now."""
        ...

    async def tallies(self, since: datetime, until: datetime) -> Tallies:
        """What happened in a period, counted."""
        ...

    async def corrections(self) -> list[Correction]:
        """What agents said of words that were read wrongly, oldest first."""
        ...

    async def readings(self) -> Readings:
        """Every message of customers that was read, counted by what the reader said of it."""
        ...

    async def gestures(self, since: datetime, until: datetime) -> list[Gesture]:
        """What agents gave in a time, oldest first."""
        ...

    async def gesture_tasks(self) -> list[Gesture]:
        """Cards and upgrades that wait for the back office, oldest first."""
        ...

    async def finish_task(self, number: int, now: datetime) -> bool:
        """The back office did it. False when there is no such task that is open."""
        ...

    async def import_codes(
        self, codes: Sequence[str], worth: Money, expires_at: datetime | None, now: datetime
    ) -> Imported:
        """Single-use codes into the pool; safe to repeat."""
        ...

    async def pool(self, now: datetime) -> list[PoolRow]:
        """How many codes there are, by what they are worth."""
        ...

    async def partner_events(self, limit: int = 200) -> list[PartnerEvent]:
        """What the shop's own systems have not been told yet, oldest first."""
        ...

    async def forget(self, customer: CustomerId, now: datetime, secret: bytes) -> bool:
        """Erase a person; keyed hashes of their addresses stay on the suppression list."""
        ...

    async def merge(self, kept: CustomerId, merged: CustomerId, now: datetime) -> None:
        """`merged`'s story moves to `kept`, in a way that `unmerge` can take back."""
        ...

    async def unmerge(self, customer: CustomerId, now: datetime) -> CustomerId:
        """Take the last merge into or of this customer back; returns the one that came out again."""
        ...

    async def staff(self) -> list[Staff]:
        """Everybody of the shop."""
        ...

    async def seat(self, channel: str, external: str, role: Role, name: str = "", source: str = "command") -> Staff:
        """Give a chat identity a role."""
        ...

    async def unseat(self, channel: str, external: str, role: Role | None = None, source: str | None = None) -> bool:
        """Take a role (or all) away."""
        ...

    async def link_token(self, customer: CustomerId, now: datetime, expires_at: datetime) -> str:
        """A fresh single-use token that links whoever presents it to this customer."""
        ...

    async def issue_login(self, staff: str, expires_at: datetime) -> str:
        """A single-use console login for `channel:external`."""
        ...

    async def redeem_login(self, token: str, now: datetime) -> str | None:
        """Who it was for, once; None for a spent, expired or unknown one."""
        ...

    async def dead_letters(self, limit: int = 200) -> list[DeadLetter]:
        """Newest first."""
        ...

    async def retry_dead_letter(self, letter: str | None) -> int:
        """Put one (or all) back; returns how many."""
        ...

    async def drop_dead_letter(self, letter: str | None) -> int:
        """Give one (or all) up; returns how many."""
        ...

    async def counts(self) -> dict[str, float]:
        """Depths and ages for /metrics: events waiting, oldest due in seconds, outbox by state, open cases."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an edge is built with. `secret` signs cookies. `links(token)` is every running channel's deep link.

    `Store.on_wake`.
    """

    settings: Settings
    program: Program
    clock: Clock
    intake: Intake
    store: Store
    records: Records
    secret: bytes
    links: Callable[[str], dict[str, str]]
    fetch: Fetch
    woken: Callable[[Callable[[str], None]], None]
