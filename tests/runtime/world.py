"""A channel whose weather the test makes, and outbox rows to deliver through it on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from bot.domain.event import Event, Sender
from bot.domain.ids import CustomerId
from bot.domain.message import Attachment, Kind, Message, Ref, Side
from bot.domain.story import Decision, House, Outgoing, Story
from bot.ports import Clock, Delivery, Fetch, File, Outcome, Pace, Parcel
from bot.runtime.clock import SystemClock
from bot.runtime.delivery import DeliveryLoop, RetryStrategy
from storage.database import Database
from tests.storage.steps import ANA, said, take_turn

UNLIMITED = Pace()
QUICK = RetryStrategy(first=0.02, longest=0.05, attempts=3)
Weather = Callable[[Parcel], Awaitable[Delivery]]


async def sunshine(parcel: Parcel) -> Delivery:
    return Delivery(Outcome.SENT, (Ref("telegram", str(parcel.customer), str(parcel.id)),))


class Wire:
    """Fulfils `Channel`. `tried` and `arrived` are (customer, words) in the order of the attempts."""

    name = "telegram"
    serves_customers = serves_desk = ready = True

    def __init__(self, weather: Weather = sunshine, pace: Pace = UNLIMITED) -> None:
        self.weather = weather
        self.pace = pace
        self.tried: list[tuple[int, str]] = []
        self.arrived: list[tuple[int, str]] = []
        self.uncertain: list[bool] = []

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        self.tried.append((parcel.customer, parcel.message.text))
        self.uncertain.append(parcel.uncertain)
        delivery = await self.weather(parcel)
        if delivery.outcome in {Outcome.SENT, Outcome.UNCERTAIN}:
            self.arrived.append((parcel.customer, parcel.message.text))
        return delivery

    def chat_key(self, parcel: Parcel) -> str:
        return f"{parcel.side}:{parcel.customer if parcel.side is Side.CUSTOMER else 'desk'}"

    def words(self, customer: CustomerId) -> list[str]:
        return [text for who, text in self.arrived if who == customer]

    async def fetch(self, attachment: Attachment) -> File:
        return File("", "", b"")

    def link(self, token: str) -> str | None:
        return None

    async def start(self) -> None: ...

    async def receive(self) -> None: ...

    async def stop(self) -> None: ...

    def routes(self) -> Sequence[object]:
        return ()

    async def problems(self) -> list[str]:
        return []


async def render(parcel: Parcel) -> Message:
    return parcel.message


def now() -> datetime:
    return datetime.now(UTC)


async def write(
    db: Database,
    words: Sequence[str],
    sender: Sender = ANA,
    side: Side = Side.CUSTOMER,
    kind: Kind = Kind.ANSWER,
) -> CustomerId:
    """The bot decides to say these words in one conversation, in this order."""
    accepted = await db.accept([said("hi", sender)], now())
    customer = accepted[0].customer

    def rules(story: Story, event: Event, house: House) -> Decision:
        lines = tuple(Outgoing(side, "telegram", Message(kind, text)) for text in words)
        return Decision(story, outgoing=lines)

    await take_turn(db, now(), rules)
    return customer


def loop_over(db: Database, wire: Wire, retry: RetryStrategy = QUICK, clock: Clock | None = None) -> DeliveryLoop:
    return DeliveryLoop(wire, db, clock or SystemClock(), wire.fetch, render, retry=retry)


@asynccontextmanager
async def delivering(
    db: Database, wire: Wire, retry: RetryStrategy = QUICK, clock: Clock | None = None
) -> AsyncIterator[DeliveryLoop]:
    """The loop runs; on leaving it is stopped as the program stops it."""
    loop = loop_over(db, wire, retry, clock)
    db.on_wake(lambda topic: loop.wake() if topic == "outbox:telegram" else None)
    task = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def waiting(db: Database) -> tuple[float, float]:
    """Rows of the outbox that (may be claimed later, are in somebody's hand)."""
    counts = await db.counts()
    return counts["outbox_new"], counts["outbox_sending"]
