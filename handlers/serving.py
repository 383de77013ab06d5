"""The web side of the program: one application of all edges' routes, its limits, and a server inside our own loop.

Nothing here imports NiceGUI or FastAPI unless an edge has pages: a worker serves its health and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Refused
from bot.ports import Edge

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

BODY_LIMIT: Final = 256 * 1024
"""Bytes that a request may bring, unless its edge allows more for that address (`body_limits`)."""
PATIENCE_S: Final = 3.0
"""How long the database may take to answer /readyz."""
GRACE_S: Final = 3
"""How long open requests may go on when the server stops."""

Health = Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
Figures = Callable[[], Awaitable[str | bytes]]

SECURITY_HEADERS: Final = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
    # NiceGUI builds its pages in the browser: it needs inline scripts and the template compiler. Nothing from outside.
    b"content-security-policy": (
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; "
        b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


# ---------------------------------------------------------------- the application


def build_app(edges: Sequence[Edge], health: Health, metrics: Figures) -> Starlette:
    """The application of these edges: their routes, /healthz, /readyz, /metrics, and NiceGUI when one has pages.

    `health()` says (all is well, what was looked at); `metrics()` gives Prometheus text. An edge may have
    `has_pages = True`, and `body_limits = {path: bytes}` for addresses that take files.
    """
    routes: list[Any] = [
        Route("/healthz", _alive),
        Route("/readyz", _ready(health)),
        Route("/metrics", _figures(metrics)),
    ]
    limits: dict[str, int] = {}
    for edge in edges:
        routes.extend(edge.routes())
        limits.update(getattr(edge, "body_limits", {}))
    parts: dict[str, Any] = {
        "routes": routes,
        "middleware": [Middleware(_SecurityHeaders), Middleware(_BodyLimit, limits=limits)],
        "exception_handlers": {HTTPException: _told, Exception: _broken},
        "lifespan": _lifespan(edges),
    }
    if not any(getattr(edge, "has_pages", False) for edge in edges):
        return Starlette(**parts)
    from fastapi import FastAPI  # noqa: PLC0415 - takes half a second that a worker needn't pay

    from handlers.pages import mount_pages  # noqa: PLC0415 - brings NiceGUI: two seconds

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, **parts)
    mount_pages(app)
    return app


def _lifespan(edges: Sequence[Edge]) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:  # noqa: ANN401 - a generator that yields nothing
        yield
        for edge in edges:
            leave = getattr(edge, "leave_pages", None)
            if leave is not None:
                await leave()

    return lifespan


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n", headers={"cache-control": "no-store"})


def _ready(health: Health) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE_S):
                well, details = await health()
        except Exception:
            log.warning("health can't be told", exc_info=True)
            well, details = False, {"database": False}
        return JSONResponse({"ready": well, **details}, 200 if well else 503, headers={"cache-control": "no-store"})

    return ready


def _figures(metrics: Figures) -> Callable[[Request], Awaitable[Response]]:
    async def figures(_: Request) -> Response:
        return Response(await metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return figures


# ---------------------------------------------------------------- errors and limits


async def _told(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    detail = getattr(error, "detail", "") or "Something went wrong."
    return JSONResponse({"detail": detail}, status, headers=getattr(error, "headers", None))


async def _broken(_: Request, __: Exception) -> Response:
    """The server logs what it was. This answer is made outside every middleware, so it brings its own headers."""
    headers = {name.decode(): value.decode() for name, value in SECURITY_HEADERS.items()}
    return JSONResponse({"detail": "Something went wrong here. It has been written down."}, 500, headers)


class _SecurityHeaders:
    """Puts the headers on every answer; what a route set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                headers += [pair for pair in SECURITY_HEADERS.items() if pair[0] not in present]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, with_headers)


class _BodyLimit:
    """Answers 413 to a body that is too long, by its announced length or, without one, by what really comes."""

    def __init__(self, app: ASGIApp, limits: Mapping[str, int]) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limits.get(scope["path"], BODY_LIMIT)
        if _announced(scope) > limit:
            await _too_long(limit)(scope, receive, send)
            return
        started = False
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLong(limit)
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except BodyTooLong:
            if started:
                raise
            await _too_long(limit)(scope, receive, send)


class BodyTooLong(HTTPException):
    """More bytes than the address takes. An HTTPException, so that no framework takes it for a broken body."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, _words(limit), {"connection": "close"})


def _words(limit: int) -> str:
    size = f"{limit // 1048576} MB" if limit >= 1048576 else f"{limit // 1024} KiB"  # noqa: PLR2004 - a mebibyte
    return f"Too long: this address takes up to {size}."


def _too_long(limit: int) -> Response:
    return JSONResponse({"detail": _words(limit)}, 413, headers={"connection": "close"})


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


# ---------------------------------------------------------------- the server


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket: `port` is the real one, also when any free port was asked for (0)."""

    socket: socket.socket
    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read
        return f"http://[{host}]:{self.port}" if ":" in host and "[" not in host else f"http://{host}:{self.port}"

    def close(self) -> None:
        """Give the port back."""
        self.socket.close()


def bind(host: str, port: int) -> Listener:
    """Take the port now; raises `Refused` with advice when it can't be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise Refused(f"HTTP_HOST “{host}” is not an address of this machine.", "Set HTTP_HOST to 127.0.0.1.") from None
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(2048)
        taken.setblocking(False)
    except OSError as error:
        taken.close()
        raise _refusal(error, host, port) from None
    return Listener(taken, host, taken.getsockname()[1])


def _refusal(error: OSError, host: str, port: int) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Refused(f"Port {port} is in use: set HTTP_PORT to another one, or stop the program that has it.")
    if error.errno == errno.EACCES:
        return Refused(f"Port {port} may not be used by this user: set HTTP_PORT to 1024 or higher.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Refused(f"HTTP_HOST “{host}” is not an address of this machine.", "Set HTTP_HOST to 127.0.0.1.")
    return Refused(f"Can't listen on {host}:{port}: {error.strerror or error}.")


async def serve(app: Starlette, listener: Listener, started: asyncio.Event | None = None) -> None:
    """Serve in the running loop until cancelled; then open requests get `GRACE_S` seconds to end.

    Signals stay with whoever has them. `started` is set when the first request can be taken.
    """
    server = _server(app)
    running = asyncio.create_task(_run(server, listener), name="uvicorn")
    try:
        if started is not None:
            while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            started.set()
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await running
        raise
    finally:
        listener.close()


async def _run(server: uvicorn.Server, listener: Listener) -> None:
    try:
        await server.serve(sockets=[listener.socket])
    except SystemExit:  # uvicorn's way to say that the application's own start failed; it has been logged
        raise RuntimeError("the web side could not start") from None


def _server(app: Starlette) -> uvicorn.Server:
    import uvicorn  # noqa: PLC0415 - a command that serves nothing needn't pay

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield  # The runtime stops us; Ctrl-C is its business.

    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="warning",
        http="httptools",
        ws="websockets-sansio",  # the other one still builds on a part of websockets that is going away
        loop="none",
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config)
