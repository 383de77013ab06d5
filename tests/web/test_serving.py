"""The application around the edges: health, limits, errors, the port."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Refused
from handlers.serving import BODY_LIMIT, bind, build_app, serve
from tests.web.world import figures, healthy, running

ROOT = Path(__file__).parents[2]


class Hooks:
    """An edge that is fed over HTTP."""

    name = "hooks"
    ready = True
    body_limits: ClassVar = {"/big": 1024 * 1024}

    async def start(self) -> None: ...
    async def receive(self) -> None: ...
    async def stop(self) -> None: ...
    async def problems(self) -> list[str]:
        return []

    def routes(self) -> Sequence[Any]:
        return [Route(path, self.take, methods=["POST"]) for path in ("/hook", "/big")] + [
            Route("/broken", self.breaks)
        ]

    async def take(self, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def breaks(self, request: Request) -> Response:
        raise RuntimeError("secret detail")


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024):
        yield b"x" * 1024


async def test_it_is_alive_and_tells_its_figures() -> None:
    async with running([Hooks()]) as server, aiohttp.ClientSession(server.url) as http:
        async with http.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "alive\n")
        async with http.get("/readyz") as answer:
            assert answer.status == 200
            assert await answer.json() == {"ready": True, "database": True, "channels": {"web": True}}
        async with http.get("/metrics") as answer:
            assert answer.content_type == "text/plain"
            assert "afterword_open_cases 3" in await answer.text()


@pytest.mark.parametrize("how", ["not well", "raises"])
async def test_not_ready_is_a_503_that_says_what_is_wrong(how: str) -> None:
    async def unwell() -> tuple[bool, dict[str, object]]:
        if how == "raises":
            raise ConnectionError
        return False, {"database": False}

    listener = bind("127.0.0.1", 0)
    started = asyncio.Event()
    task = asyncio.create_task(serve(build_app([], unwell, figures), listener, started))
    await started.wait()
    async with aiohttp.ClientSession(listener.url) as http, http.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "database": False}
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_body_over_the_limit_is_told_so_announced_or_not() -> None:
    async with running([Hooks()]) as server, aiohttp.ClientSession(server.url) as http:
        async with http.post("/hook", data=b"x" * BODY_LIMIT) as answer:
            assert (answer.status, await answer.text()) == (200, str(BODY_LIMIT))
        async with http.post("/hook", data=b"x" * (BODY_LIMIT + 1)) as answer:
            assert answer.status == 413
            assert (await answer.json())["detail"] == "Too long: this address takes up to 256 KiB."
        async with http.post("/hook", data=chunks(BODY_LIMIT * 2)) as answer:
            assert answer.status == 413
        async with http.post("/big", data=chunks(BODY_LIMIT * 2)) as answer:
            assert (answer.status, await answer.text()) == (200, str(BODY_LIMIT * 2))


async def test_errors_are_short_json_and_give_nothing_away() -> None:
    async with running([Hooks()]) as server, aiohttp.ClientSession(server.url) as http:
        async with http.get("/nowhere") as answer:
            assert (answer.status, answer.content_type) == (404, "application/json")
        async with http.get("/hook") as answer:
            assert (answer.status, answer.content_type) == (405, "application/json")
        async with http.get("/broken") as answer:
            assert answer.status == 500
            assert "secret" not in await answer.text()


async def test_every_answer_has_the_security_headers() -> None:
    async with running([Hooks()]) as server, aiohttp.ClientSession(server.url) as http:
        for path in ("/healthz", "/nowhere", "/broken"):
            async with http.get(path) as answer:
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
                assert "server" not in answer.headers


async def test_a_taken_port_is_refused_with_advice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} is in use: set HTTP_PORT"):
            bind("127.0.0.1", port)


async def test_any_free_port_can_be_had_and_is_told() -> None:
    async with running([]) as server:
        assert server.port > 0
        assert server.url == f"http://127.0.0.1:{server.port}"


async def test_signals_stay_with_the_runtime_and_a_cancelled_server_frees_its_port() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with running([]) as server:
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
        port = server.port
    bind("127.0.0.1", port).close()


async def test_a_failing_start_is_an_error_and_not_an_exit() -> None:
    app = build_app([], healthy, figures)

    def broken(_: object) -> Any:
        raise ValueError("no")

    app.router.lifespan_context = broken
    with pytest.raises(RuntimeError, match="could not start"):
        await serve(app, bind("127.0.0.1", 0))


def test_a_worker_that_serves_its_health_only_brings_no_page_framework() -> None:
    code = (
        "import sys; from handlers.serving import build_app; import handlers.webchat.edge, handlers.console.edge\n"
        "build_app([], None, None); print([m for m in ('nicegui', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
