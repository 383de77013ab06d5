"""How Slack brings events, clicks and commands to the app: Socket Mode or signed HTTP.

Both transports do one thing: try once and give an `Ack` or the reason why not.
The `Courier` around them repeats, duplicates and withholds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import secrets
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp
import orjson
from aiohttp import web

from .slack_poster import Answer, Poster

Json = dict[str, Any]
Kind = Literal["events_api", "interactive", "slash_commands"]

MAX_CONNECTIONS = 10
TICKET_LIFE = 30.0


@dataclass(frozen=True, slots=True)
class Ack:
    """The app took it; `payload` is what it said in the same breath (a text, errors)."""

    payload: Json | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The app didn't take it; `final` when it asked for no retries."""

    reason: str
    final: bool = False


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing on its way to the app, with what became of it; `took` seconds until the ack."""

    kind: Kind
    payload: Json = field(repr=False)
    attempts: list[Ack | Missed] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)
    took: float | None = None
    ack: Ack | None = None
    on_ack: Callable[[Ack], None] | None = field(default=None, repr=False)
    taken: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future(), repr=False)

    @property
    def acked(self) -> bool:
        """Tell whether the app has acknowledged it."""
        return self.ack is not None

    @property
    def event_id(self) -> str:
        """The event's id, empty for clicks and commands."""
        return str(self.payload.get("event_id", ""))


class Transport(Protocol):
    """One way to the app."""

    async def attempt(self, delivery: Delivery, number: int, reason: str) -> Ack | Missed:
        """Try to deliver once; `number` > 0 is a retry because of `reason`."""


class SocketMode:
    """The websocket side: tickets, connections, envelopes and their acks."""

    def __init__(self, app_id: str, ack_timeout: float, seed: int) -> None:
        """Start with no connection."""
        self.app_id = app_id
        self.ack_timeout = ack_timeout
        self.connections: list[web.WebSocketResponse] = []
        self.opened = 0
        self._random = random.Random(seed)
        self._tickets: dict[str, float] = {}
        self._pending: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Json | None]]] = {}
        self._changed = asyncio.Event()

    def ticket(self) -> str:
        """Issue a ticket for one connection, good for 30 s."""
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = time.monotonic() + TICKET_LIFE
        return ticket

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Hold one connection: hello first, then acks until it closes."""
        good_until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if good_until < time.monotonic():
            return web.Response(status=404, text="invalid ticket")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if len(self.connections) >= MAX_CONNECTIONS:
            await socket.send_str(orjson.dumps(_disconnect("too_many_websockets")).decode())
            await socket.close()
            return socket
        self.connections.append(socket)
        self.opened += 1
        await socket.send_str(orjson.dumps(self._hello()).decode())
        self._changed.set()
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acked(message.data)
        finally:
            self._closed(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": _debug_info(),
            "connection_info": {"app_id": self.app_id},
        }

    def _acked(self, data: str) -> None:
        answer = orjson.loads(data)
        _, waiting = self._pending.pop(answer.get("envelope_id", ""), (None, None))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _closed(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        for owner, waiting in list(self._pending.values()):
            if owner is socket and not waiting.done():
                waiting.set_exception(ConnectionResetError("socket closed before the ack"))

    async def connected(self, count: int, timeout: float) -> None:
        """Return when `count` connections are open."""
        async with asyncio.timeout(timeout):
            while len(self.connections) < count:
                self._changed.clear()
                await self._changed.wait()

    async def attempt(self, delivery: Delivery, number: int, reason: str) -> Ack | Missed:
        """Send an envelope to a connection at random and wait for its ack."""
        open_ones = [socket for socket in self.connections if not socket.closed]
        if not open_ones:
            return Missed("no_connection")
        socket = self._random.choice(open_ones)
        envelope = _envelope(delivery, number, reason)
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._pending[envelope["envelope_id"]] = (socket, waiting)
        try:
            await socket.send_str(orjson.dumps(envelope).decode())
            async with asyncio.timeout(self.ack_timeout):
                return Ack(await waiting)
        except TimeoutError:
            return Missed("timeout")
        except ConnectionError:
            return Missed("socket_closed")
        finally:
            self._pending.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str, after: float) -> None:
        """Ask every connection to come again (`refresh_requested`), then close it."""
        leaving = list(self.connections)
        for socket in leaving:
            await socket.send_str(orjson.dumps(_disconnect(reason)).decode())
        await asyncio.sleep(after)
        for socket in leaving:
            await socket.close()

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self.connections):
            await socket.close()


def _debug_info() -> Json:
    return {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": _debug_info()}


def _envelope(delivery: Delivery, number: int, reason: str) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": number, "retry_reason": reason}
    return envelope


def signed(secret: str, body: bytes, at: int) -> dict[str, str]:
    """Give the two headers that prove a request is Slack's (v0 of the scheme)."""
    base = b"v0:%d:" % at + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def http_body(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """Give the body and content type of an HTTP delivery."""
    if kind == "events_api":
        return orjson.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": orjson.dumps(payload).decode()}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class HttpEvents:
    """The HTTP side: posts signed requests to the app's request URL."""

    def __init__(self, url: str, secret: str, ack_timeout: float, connections: int) -> None:
        """Post to `url`, at most `connections` at a time."""
        self.secret = secret
        self.ack_timeout = ack_timeout
        self._poster = Poster(url, connections)

    async def verify(self) -> None:
        """Play url_verification, as the settings page does when a URL is entered."""
        challenge = secrets.token_hex(20)
        body = orjson.dumps({"token": "fake", "challenge": challenge, "type": "url_verification"})
        answer = await self._post(body, "application/json", {})
        if answer.status != 200 or challenge.encode() not in answer.body:
            message = f"url_verification failed: {answer.status} {answer.body[:200]!r}"
            raise AssertionError(message)

    async def _post(self, body: bytes, kind: str, more: dict[str, str]) -> Answer:
        headers = signed(self.secret, body, int(time.time()))
        headers |= {"Content-Type": kind, "User-Agent": "Slackbot 1.0", "Accept": "*/*", **more}
        async with asyncio.timeout(self.ack_timeout):
            return await self._poster.post(body, headers)

    async def attempt(self, delivery: Delivery, number: int, reason: str) -> Ack | Missed:
        """Post once; anything but 2xx within the time is a miss."""
        body, kind = http_body(delivery.kind, delivery.payload)
        more = {}
        if number:
            more = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            answer = await self._post(body, kind, more)
        except TimeoutError:
            return Missed("http_timeout")
        except OSError:
            return Missed("connection_failed")
        if 200 <= answer.status < 300:
            return Ack(_spoken(answer.body, answer.content_type))
        return Missed("http_error", final=answer.headers.get("x-slack-no-retry") == "1")

    async def close(self) -> None:
        """Close the connections."""
        await self._poster.close()


def _spoken(answer: bytes, content_type: str) -> Json | None:
    if not answer.strip():
        return None
    if content_type == "application/json":
        parsed = orjson.loads(answer)
        return parsed if isinstance(parsed, dict) else None
    return {"text": answer.decode()}


class Courier:
    """Delivers with retries, and with trouble on demand."""

    def __init__(self, retry_delays: Sequence[float], *, record: bool) -> None:
        """Retry events after each of `retry_delays`; clicks and commands never."""
        self.transport: Transport | None = None
        self.retry_delays = tuple(retry_delays)
        self.copies = 1
        self.withheld = 0
        self.record = record
        self.sent: list[Delivery] = []
        self.lost: list[Delivery] = []
        self.count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, kind: Kind, payload: Json) -> Delivery:
        """Start to deliver; with duplicates, give the first copy."""
        copies = [Delivery(kind, payload) for _ in range(self.copies)]
        for delivery in copies:
            self.count += 1
            if self.record:
                self.sent.append(delivery)
            self.start(self._carry(delivery))
        return copies[0]

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background until it is done or the fake closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery) -> None:
        delays = self.retry_delays if delivery.kind == "events_api" else ()
        reason = ""
        for number, delay in enumerate((0.0, *delays)):
            if delay:
                await asyncio.sleep(delay)
            outcome = await self._attempt(delivery, number, reason)
            delivery.attempts.append(outcome)
            if isinstance(outcome, Ack):
                delivery.ack, delivery.took = outcome, time.perf_counter() - delivery.begun
                if delivery.on_ack is not None:
                    delivery.on_ack(outcome)
            if not delivery.taken.done():
                delivery.taken.set_result(None)
            if isinstance(outcome, Ack):
                return
            reason = outcome.reason
            if outcome.final:
                break
        self.lost.append(delivery)

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Ack | Missed:
        if self.transport is None:
            return Missed("no_connection")
        outcome = await self.transport.attempt(delivery, number, reason)
        if isinstance(outcome, Ack) and self.withheld:
            self.withheld -= 1
            return Missed("http_timeout")
        return outcome

    async def settled(self, timeout: float) -> None:
        """Return when nothing is on its way any more, retries included."""
        async with asyncio.timeout(timeout):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Stop whatever is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
