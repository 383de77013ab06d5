"""A quick HTTP client for one URL: posts bytes over kept-alive connections.

The benchmark has the fake post thousands of events a second; a full client would cost
more than the bot it measures.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools


@dataclass(slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


class _Connection(asyncio.Protocol):
    """One connection: a request at a time."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._answer = Answer()
        self._parts: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    async def post(self, request: bytes) -> Answer:
        """Send a request; give its answer or raise ConnectionError."""
        if self.transport is None or self.transport.is_closing():
            raise ConnectionResetError
        self._waiting = asyncio.get_running_loop().create_future()
        self._answer, self._parts = Answer(), []
        self.transport.write(request)
        try:
            return await self._waiting
        finally:
            self._waiting = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(str(error)))

    def connection_lost(self, exc: Exception | None) -> None:
        self.poster.forget(self)
        self._fail(ConnectionResetError(str(exc or "closed without an answer")))

    def _fail(self, error: ConnectionError) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    # -- called by the parser ---------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        self._answer.body = b"".join(self._parts)
        if not self._parser.should_keep_alive():
            self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(self._answer)


class Poster:
    """Posts to one http:// address, over at most `connections` connections."""

    def __init__(self, url: str, connections: int) -> None:
        """Connect at the first post."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        self._idle: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._places = asyncio.Semaphore(connections)

    async def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Post and give the answer; ConnectionError or OSError when there is none."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{self._head}{lines}Content-Length: {len(body)}\r\n\r\n".encode()
        async with self._places:
            connection = self._idle.pop() if self._idle else await self._connect()
            try:
                answer = await connection.post(head + body)
            except BaseException:
                connection.close()
                raise
            if connection in self._all:
                self._idle.append(connection)
            return answer

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: _Connection(self), self._host, self._port)
        self._all.add(connection)
        return connection

    def forget(self, connection: _Connection) -> None:
        """Drop a connection that has closed."""
        self._all.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self._all):
            connection.close()
        await asyncio.sleep(0)
