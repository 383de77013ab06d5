"""How fast: the thinnest echo bots beside Afterword's whole path, on the same pretend platforms, limits off.

Persisted before the platform is acknowledged, scored, decided, logged, answered: messages per CPU second of the bot's
process, and how long a lone message waits. `make bench`; ARGS="--messages 6000 --only telegram" to look closer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.wire.slack import Call, FakeSlack
from tests.wire.telegram import FakeTelegram

FLOOR, AIM = 0.6, 1.0
LONE_MS, IDLE_SHARE, HELP_S = 25.0, 0.01, 0.5
PEOPLE = 400
WARM_UP = 400
LONE = 60
PATIENCE = 180.0
WORDS = ("love them, thank you", "great boots", "very happy with these", "they fit well, nice", "good quality")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Result:
    """`per_cpu_s`: messages a CPU second. `lone_ms`: median wait of a lone message. `idle`: share of one CPU."""

    per_cpu_s: float
    lone_ms: float
    idle: float


@dataclass(slots=True)
class Wire:
    """A pretend platform: `inject(person, words)` says something, `answers()` counts what the bot said."""

    inject: Callable[[int, str], Awaitable[None]]
    answers: Callable[[], int]
    environment: dict[str, str]
    aim_at: Callable[[int], Awaitable[None]]


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class CountingSlack(FakeSlack):
    """Counts what the bot says; remembers nothing of it."""

    said = 0

    def _answer(self, call: Call, *, as_json: bool) -> dict[str, Any]:
        self.said += call.method == "chat.postMessage"
        return super()._answer(call, as_json=as_json)


@asynccontextmanager
async def telegram() -> AsyncIterator[Wire]:
    """The Bot API by webhook."""
    async with FakeTelegram(validate=False, record=False) as server:

        async def inject(person: int, words: str) -> None:
            server.inject(10_000 + person, words)

        async def aim_at(_port: int) -> None:
            while server.mailbox.webhook is None:
                await asyncio.sleep(0.02)

        environment = {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_MODE": "webhook",
        }
        yield Wire(inject, lambda: server.count["sendMessage"], environment, aim_at)


@asynccontextmanager
async def slack() -> AsyncIterator[Wire]:
    """A workspace by HTTP events."""
    async with CountingSlack(validate=False, record=False, echo=False) as server:
        people = [server.user(f"U{number:06d}", name=f"user{number}") for number in range(PEOPLE)]
        server.patience = 0

        async def inject(person: int, words: str) -> None:
            await people[person % PEOPLE].dm(words)

        async def aim_at(port: int) -> None:
            await server.deliver_to(f"http://127.0.0.1:{port}/hooks/slack")

        environment = {
            "SLACK_BOT_TOKEN": server.bot_token,
            "SLACK_SIGNING_SECRET": server.signing_secret,
            "SLACK_API_URL": server.api_url,
        }
        yield Wire(inject, lambda: server.said, environment, aim_at)


WIRES = {"telegram": telegram, "slack": slack}


@asynccontextmanager
async def bot(command: list[str], wire: Wire, folder: str) -> AsyncIterator[int]:
    """Start a bot in a process of its own; yields its number once it listens."""
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TELEGRAM_", "SLACK_"))}
    environment = {
        **kept,
        **wire.environment,
        "HTTP_PORT": str(port),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bench.db",
        "PROGRAM_FILE": f"{folder}/program.toml",
        "SENDING_LIMITS": "off",
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: ASYNC220 - ours
    try:
        await _listening(port, process)
        await wire.aim_at(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


async def _listening(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            async with httpx.AsyncClient() as client:
                await client.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
        else:
            return
    message = "the bot does not listen"
    raise RuntimeError(message)


async def say(wire: Wire, count: int, at_once: int) -> None:
    """`count` messages of many people, about `at_once` under way, until every one is answered."""
    before, sent = wire.answers(), 0
    end = time.monotonic() + PATIENCE
    while wire.answers() - before < count:
        while sent < count and sent - (wire.answers() - before) < at_once:
            await wire.inject(sent % PEOPLE, WORDS[sent % len(WORDS)])
            sent += 1
        await asyncio.sleep(0.001)
        if time.monotonic() > end:
            message = f"{wire.answers() - before} answers to {count} messages in {PATIENCE} s"
            raise RuntimeError(message)


async def measure(command: list[str], wire: Wire, messages: int, idle_s: float) -> Result:
    """One bot on one wire."""
    with tempfile.TemporaryDirectory() as folder:
        async with bot(command, wire, folder) as process:
            await say(wire, WARM_UP, 32)
            began = cpu_seconds(process)
            await say(wire, messages, 128)
            used = cpu_seconds(process) - began
            lone = []
            for number in range(LONE):
                start = time.perf_counter()
                await say(wire, 1, 1)
                lone.append((time.perf_counter() - start) * 1000)
                await asyncio.sleep(0.01 * (number % 3))
            await asyncio.sleep(2)
            began = cpu_seconds(process)
            await asyncio.sleep(idle_s)
            idle = (cpu_seconds(process) - began) / idle_s
    return Result(messages / used, statistics.median(lone), idle)


def help_seconds() -> float:
    """How long `afterword --help` takes, best of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def judge(name: str, echo: Result, ours: Result) -> list[str]:
    """Print a line; returns what is not good enough."""
    ratio, more = ours.per_cpu_s / echo.per_cpu_s, ours.lone_ms - echo.lone_ms
    print(
        f"{name:<10}{echo.per_cpu_s:>12.0f}{ours.per_cpu_s:>12.0f}{ratio:>9.2f}"
        f"{echo.lone_ms:>12.1f}{ours.lone_ms:>12.1f}{more:>+9.1f}{ours.idle * 100:>9.2f}"
    )
    problems = []
    if ratio < FLOOR:
        problems.append(f"{name}: {ratio:.2f} of the echo, floor {FLOOR}")
    if more > LONE_MS:
        problems.append(f"{name}: a lone message waits {more:.1f} ms longer, at most {LONE_MS}")
    if ours.idle > IDLE_SHARE:
        problems.append(f"{name}: idle at {ours.idle * 100:.2f} %, at most {IDLE_SHARE * 100:.0f} %")
    return problems


async def run(only: list[str], messages: int, rounds: int, idle_s: float) -> list[str]:
    """All wires; echo and Afterword take turns, the median counts."""
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
    print(f"{messages} messages of {PEOPLE} people, {rounds} rounds, limits off, SQLite\n")
    print(f"{'':<10}{'messages a CPU second':>24}{'':>9}{'lone message, ms (p50)':>24}{'':>9}{'idle':>9}")
    print(f"{'':<10}{'echo':>12}{'Afterword':>12}{'ratio':>9}{'echo':>12}{'Afterword':>12}{'more':>9}{'% CPU':>9}")
    problems = []
    for name in only:
        echoes, ours = [], []
        for _ in range(rounds):
            async with WIRES[name]() as wire:
                echoes.append(await measure([sys.executable, "-m", f"benchmarks.echo_{name}"], wire, messages, 1))
            async with WIRES[name]() as wire:
                ours.append(await measure([sys.executable, "-m", "bot", "run"], wire, messages, idle_s))
        problems += judge(name, middle(echoes), middle(ours))
    return problems


def middle(results: list[Result]) -> Result:
    """The median of each figure."""
    return Result(*(statistics.median(getattr(r, f) for r in results) for f in ("per_cpu_s", "lone_ms", "idle")))


def main() -> None:
    """Measure, print, and end with 0 only when every floor holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of watching it do nothing")
    parser.add_argument("--only", choices=sorted(WIRES), action="append")
    options = parser.parse_args()
    took = help_seconds()
    problems = asyncio.run(run(options.only or ["telegram", "slack"], options.messages, options.rounds, options.idle))
    print(f"\nafterword --help: {took:.2f} s (at most {HELP_S} s)")
    if took > HELP_S:
        problems.append(f"--help takes {took:.2f} s, at most {HELP_S}")
    for problem in problems:
        print(f"✗ {problem}")
    print("" if problems else "All floors hold.")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
