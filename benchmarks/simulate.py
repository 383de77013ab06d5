"""A seeded year of a shop through the real rules and the real storage, with a clock that leaps. `make simulate`.

Customers of different habits buy, answer, complain, leave and come back; an agent works off their cases; campaigns run,
one of them harmful; things are delivered twice, turns break in the middle, a sender dies between sending and noting it.
At the end it is checked that the ladder of levels and every limit held for everybody on every day, that nobody was
spoken to in a case or soon after, that the better wording was found, that the harmful campaign stopped itself, and that
nothing was granted twice. Ends with 0 only if all of that is so. The same seed gives the same year to the last letter:
the fingerprint is that of everything that is kept of everybody.

ARGS="--customers 2000 --days 120 --seed 3" for a smaller world; ARGS="--database postgresql+asyncpg://…" for another.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import heapq
import logging
import os
import platform
import random
import sqlite3
import sys
import tempfile
import time as clocks
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog

from bot.commands.programming import report_words
from bot.domain.campaign_report import report_lines, treated
from bot.domain.event import (
    AgentTapped,
    ByCase,
    ByCustomer,
    BySender,
    ByShopCustomer,
    ByToken,
    Event,
    Incoming,
    OrderReported,
    Said,
    Sender,
    ShopCustomer,
    Started,
    StepAsked,
    Tapped,
)
from bot.domain.ids import CaseId, CustomerId
from bot.domain.level import LADDER
from bot.domain.message import Kind, Ref, Side
from bot.domain.money import Money
from bot.domain.purchase import Item
from bot.domain.staff import Role
from bot.domain.story import Decision, Story
from bot.ports import Batch, Delivery, Mark, Outcome, Parcel, Turn
from bot.program import HOLD_OUT, Program, parse_program, public_holidays
from bot.runtime.collecting import collect_seldom
from bot.runtime.outreach import PlannerLoop
from bot.runtime.turning import TurnLoop
from sentiment import Scorer, Verdict, named_scorer
from storage.database import Database
from storage.migrating import migrate

BEGIN = datetime(2025, 11, 1, 6, 0, tzinfo=UTC)
STEP = timedelta(hours=8)
SECONDS = 120.0
"""Of CPU, so that a busy neighbour fails nothing; on idle cores hardly more of the clock."""
STRIDE_S = 0.11
"""What `stride` takes on the machine that this limit was set on; one that is slower gets as much more."""
LANES = 512
A_DAY = 86_400.0
CALM = timedelta(days=3)
"""As long after a case as after a delivery nobody is asked."""
ENOUGH = 150
"""A campaign is expected to have learned, or to have stopped, once so many were spoken to."""
TWICE, LATE_AGAIN, BREAKS, DIES = 0.03, 0.01, 0.004, 0.01
PROGRAM = """
[shop]
name = "Boots & Co"
contact = "+33 1 23 45 67 89"
languages = ["en", "de", "es", "fr"]
[ask]
after = "3d"
[levels]
default = "accountable"
top = "proactive"
segments = { business = "partnership", friends = "proactive" }
countries = { ES = "reactive", AT = "basic" }
[routing]
enabled = false
[sla]
first_reply = "0s"
next_reply = "0s"
resolution = "0s"
[desk]
channel = "console"
[gifts]
rule = "pool"
[rewards]
monthly_budget = "6000"
[outreach]
max_per_customer = "2 per 30d"
[[reward]]
name = "thanks"
on = "answer"
amount = "2"
[[reward]]
name = "second"
on = "purchase 2"
amount = "5"
[[reward]]
name = "fifth"
on = "purchase 5"
amount = "5"
after = "1d"
[[campaign]]
name = "care"
moment = "14d after delivered"
hold_out = 0.15
per_day = 100
[[campaign.variant]]
name = "plain"
words.en = "Hi {name}, a care tip for your {item}."
[[campaign.variant]]
name = "warm"
words.en = "Hi {name}, your {item} will thank you for a drop of oil before the first frost."
words.de = "Hallo {name}, ein Tropfen Öl vor dem ersten Frost tut Ihren {item} gut."
[[campaign]]
name = "refill"
moment = "5d before next purchase"
goal = "purchase"
window = "14d"
per_day = 100
audience = { least_orders = 3 }
[[campaign.variant]]
name = "plain"
words.en = "Hi {name}, do you need new {item} soon?"
[[campaign]]
name = "comeback"
moment = "lapse 70%"
goal = "purchase"
hold_out = 0.3
window = "14d"
per_day = 100
[[campaign.variant]]
name = "plain"
words.en = "Hi {name}, we have not seen you for a while."
[[campaign]]
name = "pushy"
moment = "2d after delivered"
service = true
hold_out = 0.25
per_day = 60
[[campaign.variant]]
name = "loud"
words.en = "{name}! Buy more now!"
"""
PLACES = (
    ("FR", "fr", "Europe/Paris"),
    ("DE", "de", "Europe/Berlin"),
    ("US", "en", "America/New_York"),
    ("GB", "en", "Europe/London"),
    ("ES", "es", "Europe/Madrid"),
    ("AT", "de", "Europe/Vienna"),
    ("JP", "en", "Asia/Tokyo"),
)
GOODS = (("B1", "boots", "129.00"), ("S1", "socks", "12.00"), ("O1", "oil", "9.50"), ("J1", "jacket", "240.00"))
GLAD = ("love them, thank you", "great, they fit well", "very happy with it", "good quality, thanks")
CROSS = ("the zipper broke after a day", "arrived damaged, very disappointed", "this is terrible, I want a refund")
LIKES = {"plain": 0.08, "warm": 0.20, "loud": 0.02}
LEAVES = {"care": 0.003, "refill": 0.003, "comeback": 0.004, "pushy": 0.13}
BUYS = {"refill": 0.10, "comeback": 0.05}


class LeapingClock:
    """Shows what it was set to."""

    def __init__(self, shown: datetime) -> None:
        self.shown = shown

    def now(self) -> datetime:
        """The present moment of the simulation."""
        return self.shown

    def seconds_until(self, moment: datetime) -> float:
        """It leaps, so nobody ever waits."""
        return (moment - self.shown).total_seconds()

    def seconds(self) -> float:
        """For what must know how old something is: the same in every run."""
        return self.shown.timestamp()


class RememberingScorer:
    """The real rules; each text is read once."""

    name = "rules"

    def __init__(self) -> None:
        self._real: Scorer = named_scorer("rules")
        self._known: dict[str, Verdict] = {}

    def warm(self) -> None:
        """Nothing to load."""

    def score(self, texts: list[str]) -> list[Verdict]:
        """From memory, or by the real one."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, self._real.score(new), strict=True)) if new else {}
        return [self._known[text] for text in texts]


@dataclass(slots=True)
class Person:
    """A customer with habits of their own. `level`: what was set for them alone."""

    index: int
    country: str
    language: str
    timezone: str
    gap: float
    regular: bool
    answers: float
    unhappy: float
    agrees: bool
    business: bool
    level: str = ""
    number: int = 0
    orders: int = 0
    gone: bool = False
    stopped: bool = False

    @property
    def sender(self) -> Sender:
        """Their chat."""
        return Sender("telegram", str(100_000 + self.index), f"Person {self.index}", locale=self.language)

    @property
    def buyer(self) -> ShopCustomer:
        """As the shop knows them."""
        locale = f"{self.language}-{self.country}"
        return ShopCustomer(f"c-{self.index}", f"Person {self.index}", locale=locale, timezone=self.timezone)

    def next_gap(self, rng: random.Random) -> float:
        """Days until the next purchase: like clockwork, or at random."""
        return max(1.0, rng.gauss(self.gap, self.gap * 0.12) if self.regular else rng.expovariate(1 / self.gap))


def make_people(count: int, rng: random.Random) -> list[Person]:
    """Some come every month, most seldom, a few give a lot."""
    people = []
    for index in range(count):
        country, language, timezone = rng.choice(PLACES)
        regular = rng.random() < 0.08
        gap = rng.uniform(30, 80) if regular else rng.lognormvariate(5.5, 0.6)
        person = Person(
            index, country, language, timezone, gap, regular, rng.betavariate(1.2, 2.2), rng.betavariate(1, 9),
            rng.random() < 0.6, rng.random() < 0.04,
        )  # fmt: skip
        if rng.random() < 0.04:
            person.level = rng.choice(LADDER)
        people.append(person)
    return people


# ---------------------------------------------------------------- faults, and the watch over every decision


class Crash(Exception):
    """The process died before it could write."""


class ShakyStore:
    """The real database; sometimes a turn breaks before it is written. Every decision is looked at on its way."""

    def __init__(self, real: Database, watch: Watch, rng: random.Random) -> None:
        self._real = real
        self._watch = watch
        self._rng = rng
        self.broken = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._real, name)

    @asynccontextmanager
    async def turn(self, batch: Batch, now: datetime) -> AsyncIterator[Turn]:
        """As the store's own."""
        breaks = self._rng.random() < BREAKS
        seen: list[tuple[Event, Story, Decision]] = []
        async with self._real.turn(batch, now) as turn:
            decided = turn.decided

            def looked_at(event: Event, decision: Decision) -> None:
                seen.append((event, turn.story(event.customer), decision))
                decided(event, decision)

            turn.decided = looked_at  # type: ignore[method-assign]
            yield turn
            if breaks:
                self.broken += 1
                raise Crash
        for event, story, decision in seen:
            self._watch.look(event, story, decision)


NEEDED = {Kind.ASK: "accountable", Kind.REMINDER: "accountable", Kind.REWARD: "accountable", Kind.OUTREACH: "proactive"}
"""What the ladder allows from which level on; written down here a second time, on purpose."""


@dataclass(slots=True)
class Watch:
    """Holds every decision against the ladder, in its own words."""

    clock: LeapingClock
    calm: dict[Kind, timedelta] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    looked: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    opened: list[tuple[int, CaseId]] = field(default_factory=list)
    """(customer, case) that nobody has looked after yet."""

    def look(self, event: Event, story: Story, decision: Decision) -> None:
        """A message that their level doesn't allow is a broken rule."""
        self.looked += 1
        person = self.people.get(event.customer)
        known = {case.id for case in story.cases if case.is_open}
        fresh = (case.id for case in decision.story.cases if case.is_open and case.id not in known)
        self.opened += [(event.customer, number) for number in fresh]
        for out in decision.outgoing:
            if out.side is not Side.CUSTOMER:
                continue
            self.kinds[out.message.kind.value] += 1
            needed = NEEDED.get(out.message.kind)
            if needed and person and LADDER.index(level_of(person, top=story.standing.top)) < LADDER.index(needed):
                self.broken.append(
                    f"{out.message.kind.value} to {event.customer} at level {level_of(person, top=False)}"
                )
            if why := self._disturbed(out.message.kind, story):
                self.broken.append(f"{out.message.kind.value} to {event.customer} {why}")

    def _disturbed(self, kind: Kind, story: Story) -> str:
        """Nothing is begun with somebody who is in a case, or was just now."""
        if kind not in self.calm:
            return ""
        if any(case.is_open for case in story.cases):
            return "in an open case"
        ended = max((case.resolved_at for case in story.cases if case.resolved_at), default=None)
        return "soon after a case" if ended and self.clock.shown < ended + self.calm[kind] else ""


def level_of(person: Person, *, top: bool) -> str:
    """As PROGRAM says it, in other words than the program's code."""
    if person.level:
        return person.level
    if person.business:
        return "partnership"
    by_country = {"ES": "reactive", "AT": "basic"}
    if person.country in by_country:
        return by_country[person.country]
    return "proactive" if top else "accountable"


# ---------------------------------------------------------------- the year


class World:
    """The shop, its customers, and what lies ahead of them."""

    def __init__(self, database: Database, program: Program, clock: LeapingClock, options: argparse.Namespace) -> None:
        self.rng = random.Random(options.seed)
        self.people = make_people(options.customers, self.rng)
        self.by_chat = {person.sender.external: person for person in self.people}
        self.database = database
        self.program = program
        self.clock = clock
        self.end = BEGIN + timedelta(days=options.days)
        self.watch = Watch(
            clock, calm=dict.fromkeys((Kind.ASK, Kind.REMINDER), CALM) | {Kind.OUTREACH: program.outreach.cool_down}
        )
        self.store = ShakyStore(database, self.watch, random.Random(options.seed + 1))
        self.turns = TurnLoop(self.store, RememberingScorer(), program, clock, "year", lanes=LANES)  # type: ignore[arg-type]
        self.planner = PlannerLoop(database, database, clock, timedelta(days=2))
        self.ahead: list[tuple[datetime, int, Any]] = []
        self.places = 0
        self.events = self.messages = self.died = 0
        self.stopped_on: dict[str, datetime] = {}

    def later(self, at: datetime, what: Any) -> None:  # noqa: ANN401 - (verb, person, …)
        """Something that happens at a moment."""
        self.places += 1
        if at < self.end:
            heapq.heappush(self.ahead, (at, self.places, what))

    async def live(self) -> None:
        """Step by step to the end."""
        self._arrivals()
        await self._codes()
        await self.database.seat("console", KIM.external, Role.AGENT, KIM.name)
        day = 0
        while self.clock.shown < self.end:
            await self._happen()
            await self._settle()
            if self.clock.shown >= BEGIN + timedelta(days=day):
                await self.planner.once()
                await self._note_stops()
                await self._settle()
                day += 2
            self.clock.shown += STEP

    def _arrivals(self) -> None:
        """Half of them are there in the first two months."""
        span = (self.end - BEGIN).total_seconds()
        for person in self.people:
            share = self.rng.random() * (0.16 if self.rng.random() < 0.5 else 0.85)
            self.later(BEGIN + timedelta(seconds=span * share), ("buys", person))

    async def _codes(self) -> None:
        for worth in ("2", "5"):
            codes = [f"C{worth}-{number}" for number in range(10_000)]
            await self.database.import_codes(codes, Money(Decimal(worth), "EUR"), None, self.clock.shown)

    async def _happen(self) -> None:
        """Everything up to now, into the journal; some of it twice."""
        batch: list[Incoming] = []
        while self.ahead and self.ahead[0][0] <= self.clock.shown:
            at, _, what = heapq.heappop(self.ahead)
            batch += self._incoming(at, what)
        for start in range(0, len(batch), 2000):
            part = batch[start : start + 2000]
            again = [one for one in part if self.rng.random() < TWICE]
            accepted = await self.database.accept([*part, *again], self.clock.shown)
            self.events += sum(one.fresh for one in accepted)
            for incoming, one in zip(part, accepted, strict=False):
                self._met(incoming, one.customer, one.token)
                if self.rng.random() < LATE_AGAIN:
                    self.later(self.clock.shown + timedelta(days=self.rng.uniform(0, 3)), ("again", incoming))

    def _incoming(self, at: datetime, what: Any) -> list[Incoming]:  # noqa: ANN401, PLR0911 - as `later` took it; a case each
        verb, subject, *rest = what
        if verb == "again":
            return [subject]
        if verb == "buys":
            return self._buys(at, subject)
        key = f"{verb}:{subject.index}:{self.places}:{at.timestamp()}"
        if verb == "delivered":
            return [Incoming(f"{rest[0]}:delivered", *self._order(subject, rest[0], "delivered", at), at)]
        if verb == "starts":
            return [Incoming(key, ByToken(rest[0], subject.sender), Started(subject.sender, rest[0]), at)]
        if verb == "step":
            return [Incoming(key, ByCustomer(CustomerId(subject.number)), StepAsked("owner", rest[0], rest[1]), at)]
        if verb == "resolves":
            taps = ((step, AgentTapped(KIM, "console", step, rest[0])) for step in ("claim", "resolve"))
            return [Incoming(f"{key}:{step}", ByCase(rest[0]), tapped, at) for step, tapped in taps]
        if verb == "says":
            subject.stopped = subject.stopped or rest[0] == "/stop"
            return [Incoming(key, BySender(subject.sender), Said(subject.sender, rest[0]), at)]
        return [Incoming(key, BySender(subject.sender), Tapped(subject.sender, rest[0]), at)]

    def _order(self, person: Person, order: str, kind: str, at: datetime) -> tuple[ByShopCustomer, OrderReported]:
        sku, name, price = GOODS[hash_of(order) % len(GOODS)]
        extra: dict[str, Any] = {"country": person.country}
        if person.agrees and kind == "paid":
            extra["consents"] = {"outreach": "Yes, send me care tips and news"}
        items = (Item(name, 1, sku, Decimal(price)),)
        reported = OrderReported(kind, "main", order, at, person.buyer, Decimal(price), "EUR", items, extra)
        return ByShopCustomer("main", person.buyer), reported

    def _buys(self, at: datetime, person: Person) -> list[Incoming]:
        if person.gone:
            return []
        person.orders += 1
        order = f"{person.index}-{person.orders}"
        self.later(at + timedelta(days=self.rng.uniform(1, 4)), ("delivered", person, order))
        person.gone = self.rng.random() < (0.05 if person.regular else 0.3)
        self.later(at + timedelta(days=person.next_gap(self.rng)), ("buys", person))
        return [Incoming(f"{order}:paid", *self._order(person, order, "paid", at), at)]

    def _met(self, incoming: Incoming, customer: int, token: str) -> None:
        """The first order makes them known: most open the link, some are given a level or a segment."""
        if not isinstance(incoming.payload, OrderReported) or incoming.payload.type != "paid":
            return
        person = self.people[int(incoming.payload.customer.id.removeprefix("c-"))]
        if person.number:
            return
        person.number = customer
        self.watch.people[customer] = person
        soon = self.clock.shown + timedelta(minutes=self.rng.uniform(1, 60))
        if person.level:
            self.later(self.clock.shown, ("step", person, "level", {"level": person.level}))
        if person.business:
            self.later(self.clock.shown, ("step", person, "segments", {"segments": "business"}))
        if token and self.rng.random() < 0.85:
            self.later(soon, ("starts", person, token))

    # ---- turns and deliveries

    async def _settle(self) -> None:
        """Turn and deliver until nothing is due."""
        while True:
            handled = 0
            while done := await self.turns.once():
                handled += done
            self.events += handled
            self._desk_works()
            if not await self._deliver() and not handled:
                return

    def _desk_works(self) -> None:
        """Every case is resolved after some hours, a few after days."""
        for customer, case in self.watch.opened:
            if person := self.watch.people.get(customer):
                hours = self.rng.lognormvariate(2.0, 1.0)
                self.later(self.clock.shown + timedelta(hours=hours), ("resolves", person, case))
        self.watch.opened.clear()

    async def _deliver(self) -> int:
        sent = 0
        while parcels := await self.database.claim("telegram", 500, self.clock.shown):
            if self.rng.random() < DIES:
                self.died += 1  # everything was sent, nothing noted: the next owner sends it once more
                await self.database.recover_outbox("telegram")
                continue
            marks = [Mark(one, Delivery(Outcome.SENT, (Ref("telegram", "1", str(one.id)),))) for one in parcels]
            await self.database.mark(marks, self.clock.shown)
            for parcel in parcels:
                self._read(parcel)
            sent += len(parcels)
        self.messages += sent
        return sent

    def _read(self, parcel: Parcel) -> None:
        """What a person makes of a message."""
        person = self.by_chat.get(parcel.identity.external) if parcel.identity else None
        if person is None or person.stopped:
            return
        at = self.clock.shown + timedelta(hours=min(100.0, self.rng.expovariate(1 / 9)))
        kind = parcel.message.kind
        if kind is Kind.ASK and self.rng.random() < person.answers:
            unhappy = self.rng.random() < person.unhappy
            stars = self.rng.choice((1, 2)) if unhappy else self.rng.choice((4, 5))
            self.later(at, ("taps", person, f"rate:{parcel.ask}:{stars}"))
            if self.rng.random() < 0.4:
                words = self.rng.choice(CROSS if unhappy else GLAD)
                self.later(at + timedelta(minutes=3), ("says", person, words))
        elif kind is Kind.OUTREACH:
            self._answers_outreach(parcel, person, at)
        elif any(button.action == "prefer:outreach:yes" for row in parcel.message.buttons for button in row):
            answer = "yes" if person.agrees else "no"
            if self.rng.random() < 0.5:
                self.later(at, ("taps", person, f"prefer:outreach:{answer}"))
        elif well := next((b.action for row in parcel.message.buttons for b in row if b.action.endswith(":yes")
                           and b.action.startswith("well:")), ""):  # fmt: skip
            if self.rng.random() < 0.6:
                self.later(at, ("taps", person, well))
        elif kind is Kind.ASK and self.rng.random() < 0.002:
            self.later(at, ("says", person, "/stop"))

    def _answers_outreach(self, parcel: Parcel, person: Person, at: datetime) -> None:
        text, useful = parcel.message.text, parcel.message.buttons[0][0].action
        campaign = next(name for name, words in SIGNS if words in text)
        wording = {"pushy": "loud"}.get(campaign, "warm" if "Fro" in text or "frost" in text else "plain")
        luck = self.rng.random()
        if luck < LEAVES[campaign]:
            self.later(at, ("taps", person, "prefer:outreach:no"))
        elif self.rng.random() < LIKES[wording]:
            self.later(at, ("taps", person, useful))
        if self.rng.random() < BUYS.get(campaign, 0.0):
            person.gone = False
            self.later(at + timedelta(days=1), ("buys", person))

    async def _note_stops(self) -> None:
        for row in await self.database.campaigns():
            if row.stopped is not None:
                self.stopped_on.setdefault(row.campaign.name, self.clock.shown)


KIM = Sender("console", "kim", "Kim")
SIGNS = (
    ("pushy", "Buy more now"),
    ("refill", "soon?"),
    ("comeback", "not seen you"),
    ("care", "care tip"),
    ("care", "frost"),
    ("care", "Frost"),
)


def hash_of(text: str) -> int:
    """The same number for the same text in every run."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


# ---------------------------------------------------------------- checks


@dataclass(slots=True)
class Contacts:
    """When somebody was spoken to."""

    asks: list[datetime] = field(default_factory=list)
    outreach: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """What is kept of everybody, and its fingerprint."""

    exports: dict[int, dict[str, Any]] = field(default_factory=dict)
    print: str = ""


async def kept_of(world: World) -> Kept:
    """From the database, of everybody, once."""
    kept, mark = Kept(), hashlib.sha256()
    for person in world.people:
        export = await world.database.export(CustomerId(person.number)) if person.number else None
        if export is not None:
            kept.exports[person.number] = export
            mark.update(orjson.dumps(export, option=orjson.OPT_SORT_KEYS, default=str))
    kept.print = mark.hexdigest()[:16]
    return kept


def contacts_of(kept: Kept) -> dict[int, Contacts]:
    """When each was spoken to."""
    found: defaultdict[int, Contacts] = defaultdict(Contacts)
    for number, export in kept.exports.items():
        mine = found[number]
        mine.asks = sorted(moment(ask["sent_at"]) for ask in export["asks"] if ask["sent_at"])
        pieces = [one for one in export["outreach"] if one["sent_at"] and one["channel"]]
        mine.outreach = sorted(moment(one["sent_at"]) for one in pieces)
    return found


def moment(text: str) -> datetime:
    """As an export writes it."""
    return datetime.fromisoformat(text)


def within(moments: list[datetime], end: datetime, span: timedelta) -> int:
    """How many lie in the span that ends with (and includes) a moment."""
    return bisect_right(moments, end) - bisect_right(moments, end - span)


def check_limits(world: World, contacts: dict[int, Contacts]) -> Iterator[str]:
    """Caps, quiet hours, holidays: of every customer, at every contact."""
    asks, both = world.program.ask.max_per_customer, world.program.outreach.max_per_customer
    for number, mine in contacts.items():
        person = world.watch.people[number]
        every = sorted([*mine.asks, *mine.outreach])
        for at in mine.asks:
            if within(mine.asks, at, asks.span) > asks.number:
                yield f"{number}: more than {asks.number} asks in {asks.span.days} days at {at}"
            if within(mine.outreach, at, both.span) and within(every, at, both.span) > both.number:
                yield f"{number}: an ask over the common limit at {at}"
        for at in mine.outreach:
            if within(every, at, both.span) > both.number:
                yield f"{number}: outreach over the common limit at {at}"
            if at.astimezone(ZoneInfo(person.timezone)).date() in public_holidays(person.country):
                yield f"{number}: outreach on a holiday at {at}"
        for at in every:
            local = at.astimezone(ZoneInfo(person.timezone)).time()
            if not time(8) <= local < time(21):
                yield f"{number}: spoken to at night, {at}"


async def check_rewards(world: World) -> Iterator[str]:
    """Nothing granted twice; the budget of each month held; promised thanks reached the glad and the cross alike."""
    gestures = await world.database.gestures(BEGIN - timedelta(days=1), world.end + timedelta(days=1))
    codes, reasons = Counter(one.code for one in gestures), Counter(one.reason for one in gestures)
    problems = [f"code {code} was given {count} times" for code, count in codes.items() if count > 1]
    problems += [f"{reason} was rewarded {count} times" for reason, count in reasons.items() if count > 1]
    months: Counter[str] = Counter()
    for one in gestures:
        months[f"{one.at:%Y-%m}"] += int(one.spent)
    budget = world.program.rewards.monthly_budget
    problems += [f"{month}: {spent} of {budget} given" for month, spent in months.items() if spent > budget]
    print(f"rewards given {len(gestures):,}, the most in a month {max(months.values(), default=0):,} of {budget:,}")
    return iter(problems)


async def check_thanks(world: World, kept: Kept) -> Iterator[str]:
    """The same for every sentiment: the share of answers that was thanked."""
    gestures = await world.database.gestures(BEGIN - timedelta(days=1), world.end + timedelta(days=1))
    thanked = {one.reason.rsplit(":", 1)[-1] for one in gestures if one.reason.startswith("thanks")}
    asked: Counter[str] = Counter()
    given: Counter[str] = Counter()
    settled = world.end - timedelta(days=2)
    for export in kept.exports.values():
        purchases = {f"{one['shop']}/{one['order_id']}": str(one["id"]) for one in export["purchases"]}
        for ask in export["asks"]:
            if ask["rating"] and ask["answered_at"] and moment(ask["answered_at"]) < settled:
                mood = "unhappy" if ask["rating"] <= 2 else "happy"
                asked[mood] += 1
                given[mood] += purchases[ask["purchase"]] in thanked
    shares = {mood: given[mood] / count for mood, count in asked.items()}
    print("answers thanked: " + ", ".join(f"{mood} {given[mood]:,} of {asked[mood]:,}" for mood in sorted(asked)))
    return iter(
        [f"thanked differently: {shares}"] if shares and max(shares.values()) - min(shares.values()) > 0.03 else []
    )


async def check_campaigns(world: World) -> Iterator[str]:
    """The better wording was found; the harmful campaign stopped itself, the others run."""
    problems = []
    for row in await world.database.campaigns():
        name, results = row.campaign.name, row.results
        told = ", ".join(
            f"{variant} {one.won / one.closed:.1%} of {one.closed:,}"
            for variant, one in sorted(results.items())
            if one.closed
        )
        state = f"stopped on day {(world.stopped_on[name] - BEGIN).days} ({row.stopped})" if row.stopped else "runs"
        print(f"  {name:<9} {state}; {told}")
        spoken = treated(results).out
        must_stop, stopped = name == "pushy" and spoken >= 2 * ENOUGH, row.stopped is not None
        if (stopped and name != "pushy") or (must_stop and not stopped):
            problems.append(f"campaign {name} {state}")
        if name == "care":
            print(f"\n{report_words(row)}\n")
            sent = {variant: results[variant].out for variant in ("plain", "warm") if variant in results}
            best = {line.variant: line.best or 0.0 for line in report_lines(row.campaign, results)}
            if spoken >= ENOUGH and (best["warm"] < 0.95 or sent.get("warm", 0) < 1.5 * sent.get("plain", 1)):
                problems.append(f"the better wording was not preferred: {sent}")
        held = results.get(HOLD_OUT)
        if spoken >= ENOUGH and (held is None or not held.out):
            problems.append(f"campaign {name} has no hold-out to compare with")
    return iter(problems)


async def run(options: argparse.Namespace) -> list[str]:
    """A year, then what was wrong with it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    cores, python = os.cpu_count(), platform.python_version()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.machine()}, Python {python}", flush=True)
    program, clock = parse_program(PROGRAM), LeapingClock(BEGIN)
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite+aiosqlite:///{folder}/year.db"
        await migrate(url)
        secret = b"a secret of the simulation, long enough"
        luck = random.Random(options.seed + 2)
        database = Database(url, program, clock, secret, luck, clock.seconds, A_DAY)
        database.channels, database.desk = frozenset({"telegram"}), "console"
        await database.start()
        try:
            return await live_and_judge(database, program, clock, options)
        finally:
            await database.stop()


async def live_and_judge(
    database: Database, program: Program, clock: LeapingClock, options: argparse.Namespace
) -> list[str]:
    """The year itself is timed; the checks are not part of it."""
    world = World(database, program, clock, options)
    collect_seldom()
    began, used = clocks.monotonic(), clocks.process_time()
    await world.live()
    took, cpu = clocks.monotonic() - began, clocks.process_time() - used
    await world.turns.close()
    counts = await database.counts()
    orders = sum(person.orders for person in world.people)
    print(
        f"{options.customers:,} customers, {options.days} days, {orders:,} orders, {world.events:,} events, "
        f"{world.messages:,} messages in {took:.0f} s ({cpu:.0f} s of CPU); {world.store.broken} turns broken, "
        f"{world.died} senders died"
    )
    print("sent: " + ", ".join(f"{kind} {count:,}" for kind, count in world.watch.kinds.most_common()))
    problems = [f"ladder: {one}" for one in world.watch.broken]
    kept = await kept_of(world)
    problems += check_limits(world, contacts_of(kept))
    problems += await check_rewards(world)
    problems += await check_thanks(world, kept)
    problems += await check_campaigns(world)
    letters = await database.dead_letters()
    problems += [f"dead letter: {one.kind} {one.why}" for one in letters]
    print(f"{world.watch.looked:,} decisions held against the ladder; {len(letters)} dead letters; {counts}")
    print(f"fingerprint {kept.print}; {clocks.monotonic() - began:.0f} s with the checks")
    slower = max(1.0, stride() / STRIDE_S)
    if options.customers <= 5000 and cpu > SECONDS * slower:
        problems.append(f"it took {cpu:.0f} s of CPU, at most {SECONDS * slower:.0f} on this machine")
    return problems


def stride() -> float:
    """Seconds of CPU for a fixed piece of plain Python and SQLite, the best of three: how fast this machine is."""
    found = []
    for _ in range(3):
        began = clocks.process_time()
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE TABLE step (id INTEGER PRIMARY KEY, at INTEGER, words TEXT)")
            for start in range(0, 60_000, 200):
                rows = [(n, n * 7919 % 100_003, f"step {n}") for n in range(start, start + 200)]
                database.executemany("INSERT INTO step VALUES (?, ?, ?)", rows)
            seen: dict[int, list[str]] = {}
            for number, at, words in database.execute("SELECT id, at, words FROM step ORDER BY at"):
                seen.setdefault(at % 97, []).append(f"{words} of {number}")
            sum(len(words) for group in seen.values() for words in sorted(group, key=len))
        found.append(clocks.process_time() - began)
    return min(found)


def main() -> None:
    """Ends with 0 only if every check holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", default="", help="else SQLite in a temporary folder")
    options = parser.parse_args()
    problems = asyncio.run(run(options))
    for problem in problems[:40]:
        print(f"✗ {problem}")
    print(f"{len(problems)} checks failed." if problems else "Every check holds.")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
