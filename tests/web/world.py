"""A shop in memory behind the ports, small enough to read: what it is told it keeps, and it wakes the pages."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from bot.domain.case import Case, CaseState, Reason, ReasonKind
from bot.domain.correction import Correction
from bot.domain.customer import Conversation, Customer, Holder, Identity
from bot.domain.event import (
    Accepted,
    AgentSaid,
    AgentTapped,
    ByCase,
    ByCustomer,
    BySender,
    ByToken,
    Incoming,
    Said,
    SpikeSeized,
    Started,
    StepAsked,
    Tapped,
)
from bot.domain.fact import Fact
from bot.domain.figures.board import Asked, Choices, Counted, Counts, Load
from bot.domain.figures.cuts import Cut
from bot.domain.figures.money import Money as Worth
from bot.domain.figures.money import ValueBin
from bot.domain.figures.period import Period
from bot.domain.figures.themes import Saying
from bot.domain.ids import CaseId, CustomerId, EventId, PurchaseId, StaffId
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.message import Attachment, Button
from bot.domain.money import Money
from bot.domain.purchase import Item, Purchase
from bot.domain.spike import Spike
from bot.domain.staff import Role, Staff, StaffChange
from bot.domain.standing import Rfm, Standing
from bot.domain.story import Story
from bot.domain.why import Why
from bot.ports import (
    Blob,
    CampaignPreview,
    CampaignRow,
    Edge,
    File,
    Found,
    History,
    Line,
    PoolRow,
    QueueRow,
    Records,
    Store,
    Surroundings,
)
from bot.program import Campaign, Program, parse_program
from bot.settings import Settings
from handlers.serving import Listener, bind, build_app, serve

SECRET = b"a secret of thirty-two characters."
PROGRAM = '[shop]\nname = "Boots & Co"\ncontact = "+33 1 23 45 67 89"\ntimezone = "Europe/Paris"\n'
PROGRAM += '[sla]\nhours = "Mon-Sun 00:00-23:59"\n'
FACES = tuple((Button(f"{'😡🙁😐🙂😍'[n - 1]} {n}", f"rate:7:{n}"),) for n in range(1, 6))
ASK = ((*(row[0] for row in FACES),), (Button("Talk to a person", "human"),))


def now() -> datetime:
    return datetime.now(UTC)


class RealClock:
    def now(self) -> datetime:
        return now()

    def seconds_until(self, moment: datetime) -> float:
        return (moment - now()).total_seconds()


@dataclass
class Person:
    customer: Customer
    lines: list[Line] = field(default_factory=list)
    case: Case | None = None
    identities: list[Identity] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    earlier: list[Case] = field(default_factory=list)
    channel: str = "telegram"
    history: History = field(default_factory=History)
    facts: list[Fact] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)


class World:
    """Records, Store and Intake in one. `quick = False` stops it from waking pages, as a lost wake-up would."""

    dialect = "memory"
    desks = ("console",)

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.team: list[Staff] = []
        self.tokens: dict[str, int] = {}
        self.logins: dict[str, str] = {}
        self.blobs: dict[str, Blob] = {}
        self.foreign: dict[str, File] = {}
        self.keys: set[str] = set()
        self.taken: list[Incoming] = []
        self.callbacks: list[Callable[[str], None]] = []
        self.quick = True
        self.given = Decimal(0)
        self.codes: list[PoolRow] = []
        self.campaign_rows: list[CampaignRow] = []
        self.whys: dict[int, list[Why]] = {}
        self.turned: list[tuple[str, str]] = []
        self.raised: list[Spike] = []
        self.reached = CampaignPreview("moment", (), {}, 0, 0)
        self.bought: dict[int, Rfm] = {}
        self._numbers = itertools.count(1)

    # ------------------------------------------------------------ making a story

    def person(self, name: str, channel: str = "telegram", external: str = "", **known: Any) -> Person:
        number = CustomerId(next(self._numbers))
        customer = Customer(number, name, created_at=known.pop("since", now() - timedelta(days=600)), **known)
        identity = Identity(channel, external or f"{channel}-{number}", name)
        self.people[number] = Person(customer, identities=[identity], channel=channel)
        return self.people[number]

    def line(self, person: Person, author: str, text: str, ago: timedelta = timedelta(0), **more: Any) -> Line:
        given = {"kind": "message", "name": "", "channel": person.channel, **more}
        line = Line(next(self._numbers), now() - ago, author, text=text, **given)
        person.lines.append(line)
        self.wake(person)
        return line

    def open_case(
        self, person: Person, *reasons: tuple[ReasonKind, str], ago: timedelta = timedelta(minutes=9)
    ) -> Case:
        at = now() - ago
        said = tuple(Reason(kind, evidence, at) for kind, evidence in reasons)
        person.case = Case(CaseId(next(self._numbers)), CaseState.OPEN, at, said, "console", priority=len(reasons))
        self.wake(person)
        return person.case

    def purchase(self, person: Person, order: str, item: str, total: str, days: int = 3) -> Purchase:
        bought = Purchase(
            PurchaseId(next(self._numbers)),
            "main",
            order,
            Money(Decimal(total), "EUR"),
            (Item(item, 1, price=Decimal(total)),),
            now() - timedelta(days=days + 4),
            now() - timedelta(days=days),
        )
        person.purchases.append(bought)
        return bought

    def agent(self, name: str, *roles: Role, external: str = "") -> Staff:
        staff = Staff(
            StaffId(next(self._numbers)), "telegram", external or name.lower(), name, frozenset(roles or {Role.AGENT})
        )
        self.team.append(staff)
        return staff

    def wake(self, person: Person | None = None) -> None:
        if self.quick:
            for callback in self.callbacks:
                callback(f"page:{person.customer.id}" if person else "page")

    def by_case(self, case: int) -> Person:
        return next(p for p in self.people.values() if p.case and p.case.id == case)

    # ------------------------------------------------------------ the intake: rules for a child

    async def accept(self, incoming: Incoming) -> Accepted:
        person = self._lane(incoming)
        fresh = incoming.key not in self.keys
        if fresh:
            self.keys.add(incoming.key)
            self.taken.append(incoming)
            asyncio.get_running_loop().call_soon(self._decide, incoming, person)
        return Accepted(fresh, person.customer.id, EventId(len(self.keys)))

    def _lane(self, incoming: Incoming) -> Person:
        lane = incoming.lane
        if isinstance(lane, ByCase):
            return self.by_case(lane.case)
        if isinstance(lane, ByCustomer):
            return self.people.get(lane.customer) or next(iter(self.people.values()))
        assert isinstance(lane, BySender | ByToken)
        if isinstance(lane, ByToken) and lane.token in self.tokens:
            person = self.people[self.tokens.pop(lane.token)]
            person.identities.append(Identity("web", lane.sender.external))
            return person
        found = self._owner(lane.sender.channel, lane.sender.external)
        return found or self.person("", "web", lane.sender.external)

    def _owner(self, channel: str, external: str) -> Person | None:
        known = (channel, external)
        return next((p for p in self.people.values() if known in {(i.channel, i.external) for i in p.identities}), None)

    def _decide(self, incoming: Incoming, person: Person) -> None:
        happened = incoming.payload
        if isinstance(happened, SpikeSeized):
            self.raised = [
                replace(one, seized_at=now(), seized_by=happened.by) if one.id == happened.spike else one
                for one in self.raised
            ]
            return
        if isinstance(happened, StepAsked):
            person.customer = replace(person.customer, level=happened.arguments["level"])
            return
        happened = incoming.payload
        if isinstance(happened, Said):
            self.line(person, "customer", happened.words, channel="web", attachments=happened.attachments)
            if not (person.case and person.case.is_open):
                self.line(person, "bot", "Thank you.", channel="web", buttons=((Button("Talk to a person", "human"),),))
        elif isinstance(happened, Tapped):
            self._tapped(happened.action, person)
        elif isinstance(happened, Started):
            self.line(person, "bot", f"Hi {person.customer.name}, good to see you.", channel="web")
        elif isinstance(happened, AgentTapped):
            self._moved(happened, person)
        elif isinstance(happened, AgentSaid):
            self._agent_said(happened, person)
        self.wake(person)

    def _tapped(self, action: str, person: Person) -> None:
        if action.startswith("rate:"):
            self.line(person, "customer", action[-1], kind="rating", channel="web")
            self.line(person, "bot", "Thank you for your tap.", channel="web")
        else:
            self.line(person, "customer", "Talk to a person", kind="tap", channel="web")
            self.line(person, "bot", "Of course. I am getting a person for you.", channel="web")
            self.open_case(person, (ReasonKind.ASKED, ""), ago=timedelta(0))

    def _moved(self, happened: AgentTapped, person: Person) -> None:
        staff = next(
            s for s in self.team if (s.channel, s.external) == (happened.sender.channel, happened.sender.external)
        )
        case = person.case
        if case is None:
            return
        if happened.action == "claim" and case.owner is None:
            person.case = replace(case, state=CaseState.CLAIMED, owner=staff.id, owner_name=staff.name)
        elif case.owner == staff.id and happened.action == "resolve":
            person.case = replace(case, state=CaseState.RESOLVED, resolved_at=now())
        elif case.owner == staff.id and happened.action == "handback":
            person.case = replace(case, state=CaseState.OPEN, owner=None, owner_name="")

    def _agent_said(self, happened: AgentSaid, person: Person) -> None:
        name, case = happened.sender.name, person.case
        mine = case is not None and case.is_claimed and case.owner_name == name
        if happened.words.startswith("/note ") or not mine:
            words = happened.words.removeprefix("/note ")
            self.line(person, "agent", words, name=name, kind="note", inside=True)
        else:
            files = happened.attachments
            self.line(person, "agent", happened.words, name=name, kind="relay", delivery="sent", attachments=files)

    # ------------------------------------------------------------ Records

    async def find_customer(self, name: str) -> CustomerId | None:
        if name.isdecimal():
            return CustomerId(int(name)) if int(name) in self.people else None
        channel, _, external = name.partition(":")
        found = self._owner(channel, external)
        return found.customer.id if found else None

    async def story(self, customer: CustomerId, now: datetime) -> Story | None:
        person = self.people.get(customer)
        if person is None:
            return None
        cases = (*person.earlier, *([person.case] if person.case else []))
        spoken = tuple(
            Interaction(
                line.at, line.channel, Direction.IN, Author(line.author), line.kind, line.text, verdict=line.verdict
            )
            for line in person.lines
            if not line.inside
        )
        holder = Holder.AGENT if person.case and person.case.is_claimed else Holder.BOT
        return Story(
            person.customer,
            tuple(person.identities),
            Conversation(holder, channel=person.channel),
            cases,
            (),
            tuple(person.purchases),
            spoken[-12:],
            standing=person.standing,
            cases_ever=len(cases),
            facts=tuple(person.facts),
            corrections=tuple(person.corrections),
        )

    async def customers(self) -> list[CustomerId]:
        return [CustomerId(number) for number in self.people]

    async def search_customers(self, words: str, limit: int) -> list[tuple[CustomerId, str, str]]:
        found = [p for p in self.people.values() if words.lower() in f"{p.customer.name} {p.customer.email}".lower()]
        return [(p.customer.id, p.customer.name, p.customer.email or p.channel) for p in found[::-1][:limit]]

    async def search(self, words: str, limit: int) -> list[Found]:
        people = [Found(n, name, known) for n, name, known in await self.search_customers(words, limit)]
        said = [
            Found(person.customer.id, person.customer.name, "", "said", line.text, line.at, line.author)
            for person in self.people.values()
            for line in person.lines
            if words.lower() in line.text.lower() and line.author != "bot"
        ]
        return people + said[:limit]

    async def history(self, customer: CustomerId) -> History:
        person = self.people[customer]
        cases = (*person.earlier, *([person.case] if person.case else []))
        return replace(person.history, purchases=tuple(person.purchases), cases=cases)

    async def doubles(self, customer: CustomerId) -> list[Found]:
        mail = self.people[customer].customer.email
        others = [p.customer for p in self.people.values() if mail and p.customer.email == mail]
        return [Found(other.id, other.name, mail, "double") for other in others if other.id != customer]

    async def campaigns(self) -> list[CampaignRow]:
        return self.campaign_rows

    async def spikes(self) -> list[Spike]:
        return self.raised

    async def rfm(self, customer: CustomerId, at: datetime) -> Rfm | None:
        return self.bought.get(customer)

    async def preview_campaign(self, campaign: Campaign, at: datetime, until: datetime) -> CampaignPreview:
        return self.reached

    async def why(self, customer: CustomerId, limit: int | None = 100) -> list[Why]:
        return self.whys.get(customer, [])

    async def stop_campaign(self, name: str, why: str, by: str, now: datetime) -> bool:
        self.turned.append((f"stop {name}", by))
        self.campaign_rows = [replace(r, stopped=why) if r.campaign.name == name else r for r in self.campaign_rows]
        return True

    async def start_campaign(self, name: str, now: datetime) -> bool:
        self.turned.append((f"start {name}", ""))
        self.campaign_rows = [replace(r, stopped=None) if r.campaign.name == name else r for r in self.campaign_rows]
        return True

    async def spent(self, staff: StaffId, now: datetime) -> Decimal:
        return self.given

    async def pool(self, now: datetime) -> list[PoolRow]:
        return self.codes

    async def keep_presence(self, change: StaffChange) -> None:
        self.team = [
            replace(one, away_since=change.away_since, away_until=change.away_until) if one.id == change.staff else one
            for one in self.team
        ]
        for callback in self.callbacks:
            callback("staff")

    async def announce(self, topic: str) -> None:
        for callback in self.callbacks:
            callback(topic)

    async def queue(self, now: datetime, limit: int = 500) -> list[QueueRow]:
        open_cases = [p for p in self.people.values() if p.case and p.case.is_open]
        rows = [self._row(person) for person in open_cases]
        return sorted(rows, key=lambda row: -row.priority)[:limit]

    def _row(self, person: Person) -> QueueRow:
        case = cast("Case", person.case)
        said = [line for line in person.lines if line.author == "customer"]
        scores = [line.verdict["score"] for line in said if line.verdict]
        return QueueRow(
            case.id,
            person.customer.id,
            person.customer.name,
            case.state.value,
            case.owner_name or None,
            case.owner,
            tuple(reason.kind.value for reason in case.reasons),
            case.priority,
            case.opened_at,
            case.desk,
            person.channel,
            said[-1].text if said else "",
            person.standing.top,
            scores[-1] if scores else None,
            promise="first_reply",
            due_at=case.opened_at + timedelta(minutes=15),
            offered_to=case.offered_to,
            offer=case.offer,
            topics=tuple(each["topic"] for each in (said[-1].verdict or {}).get("topics", ())) if said else (),
            heard_at=said[-1].at if said else None,
        )

    async def conversation(self, customer: CustomerId, limit: int, *, inside: bool) -> list[Line]:
        lines = self.people[customer].lines if customer in self.people else []
        return [line for line in lines if inside or not line.inside][-limit:]

    async def counted(self, asked: Asked) -> Counted:
        return Counted()

    async def counted_by_people(self, period: Period, cut: Cut) -> dict[Cut, Counts]:
        return {}

    async def counted_by_product(self, period: Period, cut: Cut) -> dict[str, Counts]:
        return {}

    async def figure_choices(self) -> Choices:
        return Choices()

    async def load(self, period: Period) -> tuple[tuple[Load, ...], int]:
        return (), 0

    async def money(self) -> tuple[list[Worth], list[ValueBin], list[tuple[int, int, int, int]]]:
        return [], [], []

    async def sayings(self, period: Period, cut: Cut, limit: int = 2000) -> list[Saying]:
        return []

    async def staff(self) -> list[Staff]:
        return list(self.team)

    async def issue_login(self, staff: str, expires_at: datetime) -> str:
        token = f"login-{len(self.logins)}-{len(self.taken)}"
        self.logins[token] = staff
        return token

    async def redeem_login(self, token: str, now: datetime) -> str | None:
        return self.logins.pop(token, None)

    # ------------------------------------------------------------ Store

    async def put_blob(self, blob: Blob) -> str:
        number = str(len(self.blobs) + 1)
        self.blobs[number] = blob
        return number

    async def get_blob(self, ref: str) -> Blob | None:
        return self.blobs.get(ref)

    async def fetch(self, attachment: Attachment) -> File:
        if attachment.channel == "web":
            blob = self.blobs[attachment.ref]
            return File(blob.name, blob.mime, blob.data)
        return self.foreign[attachment.ref]

    # ------------------------------------------------------------ the surroundings and a running server

    def surroundings(self, program: Program | None = None, **settings: Any) -> Surroundings:
        return Surroundings(
            settings=Settings(_env_file=None, **settings),
            program=program or parse_program(PROGRAM),
            clock=RealClock(),
            intake=self,
            store=cast("Store", self),
            records=cast("Records", self),
            secret=SECRET,
            links=lambda token: {"web": f"/chat?token={token}"},
            fetch=self.fetch,
            woken=self.callbacks.append,
        )


async def healthy() -> tuple[bool, dict[str, object]]:
    return True, {"database": True, "channels": {"web": True}}


async def figures() -> bytes:
    return b"afterword_open_cases 3\n"


@asynccontextmanager
async def running(edges: Sequence[Edge]) -> AsyncIterator[Listener]:
    listener = bind("127.0.0.1", 0)
    app = build_app(edges, healthy, figures)
    started = asyncio.Event()
    task = asyncio.create_task(serve(app, listener, started))
    await started.wait()
    try:
        yield listener
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
