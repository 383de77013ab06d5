"""kill -9 at any instant: what was acknowledged is handled, once, after the next start."""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from tests.journeys.shop import SECRET, program_text, until
from tests.wire.telegram import FakeTelegram


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, server: FakeTelegram, database: str = "") -> dict[str, str]:
    (folder / "program.toml").write_text(program_text("console"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM", "SLACK"))}
    return {
        **kept,
        "DATABASE_URL": database or f"sqlite+aiosqlite:///{folder}/shop.db",
        "PROGRAM_FILE": str(folder / "program.toml"),
        "SECRET_KEY": "a secret of the tests, long enough",
        "HTTP_PORT": str(port),
        "ORDERS_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.url,
    }


@asynccontextmanager
async def program(
    folder: Path, port: int, variables: dict[str, str], *options: str, ahead: float | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real program in a process of its own, ready; `ahead`: by so many seconds its clock leaps."""
    words = ["bot", "run", *options] if ahead is None else ["tests.journeys.leaping", str(ahead)]
    with (folder / "out.txt").open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, env=variables, cwd=Path(__file__).parents[2],
            stdout=out, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
    try:

        async def ready() -> bool:
            if process.returncode is not None:
                raise AssertionError((folder / "out.txt").read_text())
            async with httpx.AsyncClient() as client:
                try:
                    return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

        await until(ready, "the program", 90)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def post_order(port: int, order: str) -> dict[str, Any]:
    body = {
        "type": "order.paid", "shop": "main", "order_id": order, "occurred_at": datetime.now(UTC).isoformat(),
        "customer": {"id": f"c-{order}", "name": "Ana Duarte"}, "total": "129.00", "currency": "EUR",
        "items": [{"name": "Boots", "quantity": 1}],
    }  # fmt: skip
    raw, number, at = json.dumps(body), f"msg_{secrets.token_hex(8)}", datetime.now(UTC)
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(number, at, raw),
    }
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{port}/hooks/orders", content=raw, headers=headers)
    assert answer.status_code in {200, 202}, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.timeout(300)
async def test_killed_in_a_burst_no_words_are_lost_and_none_handled_twice(tmp_path: Path) -> None:
    dice = random.Random(7)
    async with FakeTelegram() as server:
        port = free_port()
        variables = environment(tmp_path, port, server)
        people = [server.user(700 + number, name=f"P{number}") for number in range(12)]
        async with program(tmp_path, port, variables) as process:
            for person in people:
                await person.start()
                await person.say("hello, one")
            await asyncio.sleep(dice.random() * 0.3)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        for person in people:
            await person.say("hello, two")
        for _ in range(2):
            async with program(tmp_path, port, variables) as process:
                await asyncio.sleep(dice.random() * 0.5)
                process.send_signal(signal.SIGKILL)
                await process.wait()
        async with program(tmp_path, port, variables):

            async def everything() -> bool:
                said = await heard(variables)
                return all(len(said.get(str(person.id), [])) >= 2 for person in people)

            await until(everything, "all words in the log", 60)
            await server.settle(quiet=1.0, timeout=60)
        said = await heard(variables)
        for person in people:
            assert sorted(said[str(person.id)]) == ["hello, one", "hello, two"]


async def heard(variables: dict[str, str]) -> dict[str, list[str]]:
    """Telegram id → the customer's own words."""
    return {
        who: [line["text"] for line in lines if line["kind"] == "message"]
        for who, lines in (await exported(variables)).items()
    }


async def exported(variables: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Telegram id → interactions, through the command that people use."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "customer", "export", "--all", env=variables,
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    found = {}
    for line in out.decode().splitlines():
        data = json.loads(line)
        for identity in data["identities"]:
            if identity["channel"] == "telegram":
                found[identity["external"]] = data["interactions"]
    return found


@pytest.mark.timeout(240)
async def test_an_acknowledged_order_survives_and_is_asked_about_once(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        port = free_port()
        variables = environment(tmp_path, port, server)
        ana = server.user(700, name="Ana")
        async with program(tmp_path, port, variables) as process:
            answer = await post_order(port, "1001")
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await ana.start(answer["links"]["telegram"].partition("start=")[2])
        async with program(tmp_path, port, variables):
            await ana.wait_for("getting on with", timeout=20)
            again = await post_order(port, "1001")
            assert again == answer
            await server.settle(quiet=0.5, timeout=20)
        assert sum("getting on with" in message.text for message in ana.sees) == 1


@pytest.mark.timeout(180)
async def test_a_second_start_on_the_same_database_is_refused_with_advice(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        port = free_port()
        variables = environment(tmp_path, port, server)
        async with program(tmp_path, port, variables):
            second = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env={**variables, "HTTP_PORT": str(free_port())},
                cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            _, errors = await second.communicate()
        assert second.returncode == 1
        assert b"already" in errors
        assert b"Traceback" not in errors
