"""How Slack reaches us: Bolt's dispatcher, over Socket Mode or signed HTTP. Persisted first, acknowledged after."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

import aiohttp
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.slack.send import Web

PATH: Final = "/hooks/slack"
BODY_LIMIT: Final = 1024 * 1024
PING_S: Final = 5.0
GRACE_S: Final = 2.0
"""How long requests that are being written down may go on when we stop."""

Take = Callable[[Any], Awaitable[None]]
Authorize = Callable[..., Awaitable[AuthorizeResult]]

log = logging.getLogger(__name__)


class Journalled(AsyncMiddleware):
    """Ends Bolt's dispatch: what Slack sends is in the journal, or Slack gets no OK and sends it again.

    It stands before Bolt's authorization, which asks Slack who we are and would lose an event when that fails.
    """

    def __init__(self, take: Take) -> None:
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt gives it
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Hand in what the request brings; an error becomes a 500."""
        body = req.body or _form(req.raw_body)
        if body.get("type") == "url_verification":
            return await next()
        await self._take(body)
        return BoltResponse(status=200, body="")


def _form(raw: str) -> dict[str, Any]:
    """A command with the word “payload” in it: Bolt takes it for something else and finds nothing."""
    return dict(parse_qsl(raw, keep_blank_values=True))


def bolt_app(web: Web, signing_secret: str | None, authorize: Authorize, take: Take) -> AsyncApp:
    """Bolt with the least in front of the journal: the signature (HTTP only), nothing else."""
    quiet = logging.getLogger(f"{__name__}.bolt")
    quiet.setLevel(logging.ERROR)  # it warns of requests without a listener, and we have none
    return AsyncApp(
        logger=quiet,
        name="afterword",
        client=web,
        signing_secret=signing_secret or "",
        authorize=authorize,
        before_authorize=Journalled(take),
        process_before_response=True,
        request_verification_enabled=signing_secret is not None,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )


# ---------------------------------------------------------------- Socket Mode


class Socket(AsyncBaseSocketModeHandler):
    """Bolt's Socket Mode handler on a client that never knocks twice with the same ticket. Make it inside a loop."""

    def __init__(self, app: AsyncApp, app_token: str, web: Web) -> None:
        self.app = self._bolt = app
        quiet = logging.getLogger(f"{__name__}.socket")
        quiet.setLevel(logging.WARNING)
        self.client: SocketModeClient = SocketModeClient(
            app_token=app_token, logger=quiet, web_client=web, ping_interval=PING_S
        )
        self._spare_session = self.client.aiohttp_client_session
        self.client.aiohttp_client_session = aiohttp.ClientSession(trace_configs=[self._single_use()])
        self.client.socket_mode_request_listeners.append(self.handle)
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def _single_use(self) -> aiohttp.TraceConfig:
        """The SDK would try a spent or expired address for ever: forget it as soon as it is used."""

        async def forget(*_: object) -> None:
            self.client.wss_uri = None

        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(forget)
        return trace

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """One envelope: acknowledged only when Bolt's answer is OK."""
        self._busy += 1
        self._idle.clear()
        try:
            response = await run_async_bolt_app(self._bolt, req)
            await send_async_response(client, req, response, time.time())
        except (ConnectionError, aiohttp.ClientError) as error:
            log.info("Slack hung up before the acknowledgement and will send it again: %s", error)
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    @property
    def connected(self) -> bool:
        """A connection is open."""
        session = self.client.current_session
        return session is not None and not session.closed and not self.client.stale

    async def listen(self) -> None:
        """Connect and stay connected until cancelled."""
        await self.client.connect()  # type: ignore[no-untyped-call] # the SDK leaves it untyped
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Let what is being written down finish, then hang up."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GRACE_S)
        tasks = (self.client.message_processor, self.client.current_session_monitor, self.client.message_receiver)
        await self.client.close()  # type: ignore[no-untyped-call] # the SDK leaves it untyped
        await self._spare_session.close()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


# ---------------------------------------------------------------- HTTP


def hook(app: Callable[[], AsyncApp | None], signing_secret: str) -> Route:
    """The route of events, buttons and commands."""
    verifier = SignatureVerifier(signing_secret)

    async def answer(request: Request) -> Response:
        bolt = app()
        if bolt is None:
            return JSONResponse({"detail": "Not started yet."}, 503)
        body = await _whole(request)
        if body is None:
            return JSONResponse({"detail": "Too long: this address takes up to 1 MB."}, 413)
        try:
            bolt_request = to_async_bolt_request(request, body)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return _unreadable(verifier, body, request)
        return to_starlette_response(await bolt.async_dispatch(bolt_request))

    return Route(PATH, answer, methods=["POST"])


async def _whole(request: Request) -> bytes | None:
    """The body; None when it is too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > BODY_LIMIT:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


def _unreadable(verifier: SignatureVerifier, body: bytes, request: Request) -> Response:
    """Neither JSON nor a form. Only who proves to be Slack is told so."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        genuine = verifier.is_valid_request(body, headers)
    except (ValueError, TypeError):
        genuine = False
    return JSONResponse({"error": "unreadable body" if genuine else "invalid request"}, 400 if genuine else 401)
