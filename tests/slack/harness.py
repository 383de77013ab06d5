"""The Slack edge in a pretend shop: a real `Workspace`, a pretend workspace at the wire, a ledger for a journal."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette

from bot.domain.customer import Identity
from bot.domain.event import Accepted, Incoming, Payload
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId
from bot.domain.message import Attachment, Button, Card, CardLine, CardReason, Kind, Message, Side
from bot.errors import FileUnavailable
from bot.ports import Delivery, File, Outcome, Parcel, Surroundings, Thread
from bot.program import Program
from bot.settings import Settings
from handlers.slack.edge import build
from handlers.slack.workspace import Workspace
from tests.wire.slack import ALL_SCOPES, Channel, FakeSlack, Person

DESK = "C0DESK"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "docs" / "slack-manifest.yaml"


class JournalDown(RuntimeError):
    """The database doesn't answer."""


class Clock:
    """The real one."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()


@dataclass
class Ledger:
    """A journal in memory: unique keys. `down` acceptances fail; `pause` seconds each takes."""

    got: list[Incoming] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    asked: int = 0
    down: int = 0
    pause: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, incoming: Incoming) -> Accepted:
        self.asked += 1
        await asyncio.sleep(self.pause)
        if self.down:
            self.down -= 1
            raise JournalDown
        fresh = incoming.key not in self.keys
        self.keys.add(incoming.key)
        if fresh:
            self.got.append(incoming)
            self.changed.set()
        return Accepted(fresh, CustomerId(1), EventId(len(self.got)))

    @property
    def payloads(self) -> list[Payload]:
        return [incoming.payload for incoming in self.got]

    async def first(self, number: int = 1, within: float = 5) -> list[Payload]:
        """The first so many payloads."""
        async with asyncio.timeout(within):
            while len(self.got) < number:
                self.changed.clear()
                await self.changed.wait()
        return self.payloads[:number]


@dataclass
class Shop:
    """Everybody in one place. Stories tell their own parts."""

    slack: FakeSlack
    edge: Workspace
    ledger: Ledger
    ana: Person
    ben: Person
    desk: Channel
    url: str = ""
    files: dict[str, File] = field(default_factory=dict)
    number: int = 0

    async def fetch(self, attachment: Attachment) -> File:
        """As the core does: from the channel where it lies; here `elsewhere` stands for all others."""
        if attachment.channel == "slack":
            return await self.edge.fetch(attachment)
        found = self.files.get(attachment.ref)
        if found is None:
            raise FileUnavailable("it was deleted")
        return found

    async def deliver(self, parcel: Parcel) -> Delivery:
        return await self.edge.deliver(parcel, self.fetch)

    async def sent(self, parcel: Parcel) -> Delivery:
        delivery = await self.deliver(parcel)
        assert delivery.outcome is Outcome.SENT, delivery
        return delivery

    def to_ana(self, message: Message | str, **parts: Any) -> Parcel:
        given: dict[str, Any] = {"side": Side.CUSTOMER, "identity": Identity("slack", self.ana.id)}
        return self.parcel(message, **(given | parts))

    def to_desk(self, message: Message | str, **parts: Any) -> Parcel:
        given: dict[str, Any] = {"side": Side.DESK, "case": CaseId(7), "customer_name": "Ana"}
        return self.parcel(message, **(given | parts))

    def parcel(self, message: Message | str, **parts: Any) -> Parcel:
        self.number += 1
        whole = Message(Kind.ANSWER, message) if isinstance(message, str) else message
        bare = Parcel(
            id=OutboxId(self.number),
            customer=CustomerId(1),
            side=Side.CUSTOMER,
            channel="slack",
            message=whole,
            case=None,
            ask=None,
            receipt=False,
            attempts=0,
            created_at=datetime.now(UTC),
        )
        return replace(bare, **parts)

    async def thread(self) -> Thread:
        """A case's thread with its card."""
        thread = (await self.sent(self.to_desk(card_message()))).thread
        assert thread is not None
        return thread


BUTTONS = (
    (Button("Claim", "claim:7"), Button("Resolve", "resolve:7"), Button("Hand back", "handback:7")),
)  # fmt: skip


def card(**parts: Any) -> Card:
    whole = Card(
        case=CaseId(7),
        customer=1,
        name="Ana <Duarte>",
        channel="slack",
        state="open",
        owner=None,
        reasons=(CardReason("unhappy", "“broke” & “never again”"), CardReason("high value", "#1 of 9")),
        value="#1 of 9, €1,290 in 5 orders, top 20 %",
        order="1001: Boots · €129.00 · delivered 18 Nov",
        last=(CardLine(NOW, "customer", "They broke <!channel> on day one", ((5, 10),)),),
        opened_at=NOW,
        language="en",
        clock="11:00 there when it is 10:00 here",
        earlier_cases=2,
    )
    return replace(whole, **parts)


def card_message(kind: Kind = Kind.CARD, **parts: Any) -> Message:
    return Message(kind, card=card(**parts), buttons=BUTTONS)


def surroundings(slack: FakeSlack, ledger: Ledger, **settings: Any) -> Surroundings:
    given = {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
        "slack_desk_channel": DESK,
    }
    nothing = cast("Any", None)
    return Surroundings(
        settings=Settings(_env_file=None, **(given | settings)),
        program=Program(),
        clock=Clock(),
        intake=ledger,
        store=nothing,
        records=nothing,
        secret=b"",
        links=lambda _token: {},
        fetch=nothing,
        woken=lambda _callback: None,
    )


def make_edge(slack: FakeSlack, ledger: Ledger, **settings: Any) -> Workspace:
    edge = build(surroundings(slack, ledger, **settings))
    assert edge is not None
    return edge


@contextlib.asynccontextmanager
async def started(edge: Workspace) -> AsyncIterator[Workspace]:
    await edge.start()
    try:
        yield edge
    finally:
        await edge.stop()


@contextlib.asynccontextmanager
async def receiving(edge: Workspace) -> AsyncIterator[None]:
    task = asyncio.create_task(edge.receive())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def serving(edge: Workspace) -> AsyncIterator[str]:
    """The edge's routes on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            Starlette(routes=list(edge.routes())), log_config=None, http="httptools", ws="none", lifespan="off"
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/hooks/slack"
        finally:
            server.should_exit = True
            await running


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


def with_secret(slack: FakeSlack) -> dict[str, Any]:
    return {"slack_app_token": None, "slack_signing_secret": slack.signing_secret}


@contextlib.asynccontextmanager
async def open_shop(
    transport: str = "socket", *, scopes: Any = ALL_SCOPES, limits: bool = False, **settings: Any
) -> AsyncIterator[Shop]:
    """A running edge that hears Slack by `transport`: socket, http, or none."""
    async with FakeSlack(scopes=scopes, limits=limits) as slack, contextlib.AsyncExitStack() as stack:
        ana = slack.user("U0ANA", "ana", email="ana@example.com", real_name="Ana Duarte", tz="Europe/Lisbon")
        ben = slack.user("U0BEN", "ben", email="ben@example.com")
        desk = slack.channel(DESK, "desk", [ben])
        ledger = Ledger()
        url = ""
        extra = with_secret(slack) if transport == "http" else {}
        edge = make_edge(slack, ledger, **(extra | settings))
        await stack.enter_async_context(started(edge))
        if transport == "http":
            url = await stack.enter_async_context(serving(edge))
            await slack.deliver_to(url, verify=True)
        elif transport == "socket":
            await stack.enter_async_context(receiving(edge))
            await slack.connected()
        yield Shop(slack, edge, ledger, ana, ben, desk, url)


async def until(true: Callable[[], object], within: float = 5) -> None:
    """Return when it is true."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)
