"""The edge on a stage: a fake Telegram on one side, a list for an intake on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from bot.domain.customer import Identity
from bot.domain.event import Accepted, Incoming, Payload
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId
from bot.domain.message import Attachment, Card, CardLine, CardReason, Kind, Media, Message, Side
from bot.errors import FileUnavailable
from bot.ports import Delivery, File, Parcel, Surroundings, Thread
from bot.program import parse_program
from bot.settings import Settings
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.edge import build
from tests.wire.telegram import FakeTelegram, Forum

DESK = -1_001_234
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()


@dataclass
class ListIntake:
    """Keeps what comes in a list, once a key; `broken` times it can't."""

    kept: list[Incoming] = field(default_factory=list)
    broken: int = 0
    slow: float = 0.0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, incoming: Incoming) -> Accepted:
        await asyncio.sleep(self.slow)
        if self.broken > 0:
            self.broken -= 1
            message = "the disk is full"
            raise OSError(message)
        fresh = all(incoming.key != known.key for known in self.kept)
        if fresh:
            self.kept.append(incoming)
        self.heard.set()
        return Accepted(fresh, CustomerId(1), EventId(len(self.kept)))

    @property
    def payloads(self) -> list[Payload]:
        return [incoming.payload for incoming in self.kept]

    async def until(self, number: int, timeout: float = 5.0) -> list[Payload]:
        """Wait until so many came."""
        async with asyncio.timeout(timeout):
            while len(self.kept) < number:
                self.heard.clear()
                await self.heard.wait()
        return self.payloads


@dataclass
class MovedStore:
    """The one thing of the store that the edge calls."""

    moves: list[tuple[str, str, str]] = field(default_factory=list)

    async def thread_moved(self, desk: str, old_chat: str, new_chat: str) -> None:
        self.moves.append((desk, old_chat, new_chat))


@dataclass
class Stage:
    """Everything a story needs."""

    tg: FakeTelegram
    edge: TelegramChannel
    intake: ListIntake
    store: MovedStore
    files: dict[str, File] = field(default_factory=dict)

    async def fetch(self, attachment: Attachment) -> File:
        if attachment.channel == "telegram":
            return await self.edge.fetch(attachment)
        if attachment.ref not in self.files:
            message = "it was deleted"
            raise FileUnavailable(message)
        return self.files[attachment.ref]

    async def deliver(self, parcel: Parcel) -> Delivery:
        return await self.edge.deliver(parcel, self.fetch)

    def desk(self, *people: Any, **more: Any) -> Forum:
        return self.tg.forum(DESK, members=people, **more)


def surroundings(intake: ListIntake, store: MovedStore, **settings: Any) -> Surroundings:
    return Surroundings(
        settings=Settings(_env_file=None, **settings),
        program=parse_program('[shop]\nname = "Boots & Co"\nlanguages = ["en", "de"]\ntimezone = "Europe/Paris"'),
        clock=WallClock(),
        intake=intake,
        store=cast("Any", store),
        records=cast("Any", None),
        secret=b"k" * 32,
        links=lambda _: {},
        fetch=cast("Any", None),
        woken=lambda _: None,
    )


def stage(tg: FakeTelegram, **settings: Any) -> Stage:
    """The edge, built and not started; the desk is set unless told otherwise."""
    intake, store = ListIntake(), MovedStore()
    options = {"telegram_bot_token": tg.token, "telegram_api_url": tg.url, "telegram_desk_chat": DESK, **settings}
    edge = build(surroundings(intake, store, **options))
    assert edge is not None
    return Stage(tg, edge, intake, store)


@asynccontextmanager
async def hearing(stage: Stage) -> Any:
    """The edge started and polling."""
    await stage.edge.start()
    task = asyncio.create_task(stage.edge.receive())
    try:
        yield stage
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stage.edge.stop()


def parcel(message: Message, side: Side = Side.CUSTOMER, external: str = "1001", **more: Any) -> Parcel:
    """A parcel for customer 17, whose Telegram id is 1001."""
    identity = None if side is Side.DESK or not external else Identity("telegram", external, "Ana Duarte")
    made = Parcel(
        id=OutboxId(1),
        customer=CustomerId(17),
        side=side,
        channel="telegram",
        message=message,
        case=CaseId(7) if side is Side.DESK else None,
        ask=None,
        receipt=False,
        attempts=0,
        created_at=NOW,
        identity=identity,
        customer_name="Ana Duarte",
    )
    return replace(made, **more)


def words(text: str = "How was it?", kind: Kind = Kind.ANSWER, **more: Any) -> Message:
    return Message(kind, text, **more)


def a_card(**more: Any) -> Card:
    made = Card(
        case=CaseId(7),
        customer=17,
        name="Ana <Duarte> & Co",
        channel="telegram",
        state="open",
        owner=None,
        reasons=(CardReason("unhappy", "the zipper <broke>"), CardReason("high value", "number 2 of 40")),
        value="Top 20 %: number 2 of 40, €1,290.00 in 5 orders.",
        order="1001: Boots, 2 × Socks · €129.00",
        last=(
            CardLine(NOW, "customer", "I hate it. The zipper <broke> & nobody cares", ((2, 9), (15, 29))),
            CardLine(NOW, "bot", "I am sorry."),
        ),
        opened_at=NOW,
        language="en",
        clock="13:00 there when it is 12:00 here",
        earlier_cases=1,
    )
    return replace(made, **more)


def thread(topic: int, card: str = "", chat: int = DESK) -> Thread:
    return Thread("telegram", str(chat), str(topic), card)


def elsewhere(media: Media = Media.PHOTO, ref: str = "f1", **more: Any) -> Attachment:
    """A file that lies on Slack."""
    return Attachment(media, "slack", ref, **more)


Build = Callable[..., Stage]
