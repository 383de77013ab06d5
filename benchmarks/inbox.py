"""How soon twenty open inboxes show what happened, with two hundred open cases, and what that costs the server.

The whole program in a process of its own, a pretend Telegram, and twenty agents whose pages speak the browsers' own
protocol over WebSockets, each with a case open. A customer writes; the clock stops on each page when the change has
come. `make bench`, or `python -m benchmarks.inbox --events 200`.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import socketio

from benchmarks.speed import Wire, bot, cpu_seconds, telegram
from bot.domain.staff import Role
from bot.program import Program
from bot.runtime.clock import SystemClock
from storage.database import Database

CASES, PAGES = 200, 20  # no more pages: the way in lets twenty a minute pass
QUIET_P95_MS, BUSY_P95_MS, CPU_MS = 250.0, 750.0, 60.0
BUSY_EVERY_S = 0.05
PATIENCE_S = 120.0
SECRET = "a secret of the benchmark, thirty-two and more"  # noqa: S105 - of a database that is gone in a minute
MARK = re.compile(r"mark (\d+) of")


@dataclass(slots=True)
class Page:
    """One agent's open inbox: when each mark came."""

    seen: dict[int, float] = field(default_factory=dict)
    frames: int = 0
    size: int = 0

    def hear(self, code: str) -> None:
        """What the server has the page do."""
        now = time.perf_counter()
        self.frames += 1
        self.size += len(code)
        if '"rows_changed"' in code:
            for number in MARK.findall(code):
                self.seen.setdefault(int(number), now)


@dataclass(frozen=True, slots=True)
class Phase:
    """What one stretch of events showed."""

    waits_ms: Sequence[float]
    cpu_ms: float
    bytes_a_page: float

    @property
    def p50(self) -> float:
        """The median wait."""
        return statistics.median(self.waits_ms)

    @property
    def p95(self) -> float:
        """What 95 of 100 waits stay below."""
        return statistics.quantiles(self.waits_ms, n=20)[-1]


async def until(what: str, done: Callable[[], Awaitable[bool]], every_s: float = 0.05) -> None:
    """Wait for it."""
    end = time.monotonic() + PATIENCE_S
    while not await done():
        if time.monotonic() > end:
            raise RuntimeError(f"waited in vain for {what}")
        await asyncio.sleep(every_s)


async def fill(wire: Wire, database: Database) -> None:
    """Two hundred people ask for a person."""
    for number in range(CASES):
        await wire.inject(number, "can I talk to a person please?")

    async def there() -> bool:
        return len(await database.queue(datetime.now(UTC))) >= CASES

    await until("the cases", there)


@asynccontextmanager
async def inbox(url: str, login: str, case: int) -> AsyncIterator[Page]:
    """An agent logs in, the page loads, connects, and opens a case."""
    page = Page()
    async with httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=60) as client:
        answer = await client.post("/login", data={"token": login}, headers={"origin": url})
        answer.raise_for_status()
    client_id, element, listener = read_page(answer.text)
    wires = socketio.AsyncClient(reconnection=False)
    wires.on("run_javascript", lambda message: page.hear(message["code"]))
    query = f"client_id={client_id}&document_id={uuid4()}&tab_id={uuid4()}&next_message_id=0&implicit_handshake=true"
    await wires.connect(f"{url}?{query}", socketio_path="/_nicegui_ws/socket.io", transports=["websocket"])
    opened = {"id": element, "client_id": client_id, "listener_id": listener, "args": [json.dumps({"case": case})]}
    await wires.emit("event", opened)
    try:
        yield page
    finally:
        await wires.disconnect()


def read_page(text: str) -> tuple[str, int, str]:
    """(client, the inbox's element, what hears that a case is opened) out of the page's own description."""
    client = re.search(r"""client_id["']?:\s*["']([0-9a-f-]+)["']""", html.unescape(text))
    described = re.search(r"String\.raw`(.*?)`", text, re.DOTALL)
    if client is None or described is None:
        raise RuntimeError("the page looks different than expected")
    words = described[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#36;", "$").replace("&#96;", "`")
    for number, element in json.loads(words.replace("&amp;", "&")).items():
        for event in element.get("events", []):
            if event["type"] == "open":
                return client[1], int(number), event["listener_id"]
    raise RuntimeError("the page has no inbox")


async def stretch(wire: Wire, process: int, pages: Sequence[Page], numbers: range, every_s: float) -> Phase:
    """People write one after the other; without `every_s` the next when all pages show the last."""
    began, sent = cpu_seconds(process), {}
    sizes = sum(page.size for page in pages)
    for number in numbers:
        sent[number] = time.perf_counter()
        await wire.inject(number % CASES, f"mark {number} of many")
        if every_s or not pages:
            await asyncio.sleep(every_s or 0.02)
        else:
            await shown(pages, number)
    await shown(pages, *numbers)
    if not pages:
        await asyncio.sleep(1)
    used = cpu_seconds(process) - began
    waits = [(page.seen[number] - sent[number]) * 1000 for page in pages for number in numbers]
    size = (sum(page.size for page in pages) - sizes) / max(1, len(pages)) / len(numbers)
    return Phase(waits or [0.0, 0.0], used * 1000 / len(numbers), size)


async def shown(pages: Sequence[Page], *numbers: int) -> None:
    """All pages have these marks."""

    async def all_there() -> bool:
        return all(number in page.seen for page in pages for number in numbers)

    await until("a change on every page", all_there, 0.002)


async def measure(events: int) -> dict[str, Phase]:
    """Without pages, with pages one by one, with pages in a rush."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        wire = await stack.enter_async_context(telegram())
        ports: list[int] = []

        async def aim_at(port: int) -> None:
            ports.append(port)
            await wire.aim_at(port)

        aimed = replace(wire, environment={**wire.environment, "SECRET_KEY": SECRET}, aim_at=aim_at)
        process = await stack.enter_async_context(bot([sys.executable, "-m", "bot", "run"], aimed, folder))
        database = Database(f"sqlite+aiosqlite:///{folder}/bench.db", Program(), SystemClock(), SECRET.encode())
        await database.start()
        stack.push_async_callback(database.stop)
        await fill(wire, database)
        alone = await stretch(wire, process, [], range(events), 0)
        pages = await open_pages(stack, database, f"http://127.0.0.1:{ports[0]}")
        await stretch(wire, process, pages, range(events, events + 20), 0)  # warm
        quiet = await stretch(wire, process, pages, range(1000, 1000 + events), 0)
        busy = await stretch(wire, process, pages, range(5000, 5000 + events), BUSY_EVERY_S)
    return {"alone": alone, "quiet": quiet, "busy": busy}


async def open_pages(stack: AsyncExitStack, database: Database, url: str) -> list[Page]:
    """Twenty agents at their places, each at another case."""
    cases = [row.case for row in await database.queue(datetime.now(UTC))]
    pages = []
    for number in range(PAGES):
        await database.seat("console", f"agent{number}", Role.AGENT, f"Agent {number}", "bench")
        login = await database.issue_login(f"console:agent{number}", datetime.now(UTC) + timedelta(hours=1))
        pages.append(await stack.enter_async_context(inbox(url, login, cases[number * 3])))
    await asyncio.sleep(2)
    return pages


def judge(found: dict[str, Phase]) -> list[str]:
    """Print the table; returns what is not good enough."""
    print(f"{'':<34}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms an event':>18}{'bytes a page':>14}")
    for name, words in (
        ("alone", "no page open"),
        ("quiet", f"{PAGES} pages, one event at a time"),
        ("busy", f"{PAGES} pages, {1 / BUSY_EVERY_S:.0f} events a second"),
    ):
        phase = found[name]
        waits = f"{phase.p50:>9.0f}{phase.p95:>9.0f}" if name != "alone" else f"{'–':>9}{'–':>9}"
        print(f"{words:<34}{waits}{phase.cpu_ms:>18.1f}{phase.bytes_a_page:>14.0f}")
    problems = []
    for name, most in (("quiet", QUIET_P95_MS), ("busy", BUSY_P95_MS)):
        if found[name].p95 > most:
            problems.append(f"{name}: p95 {found[name].p95:.0f} ms, at most {most:.0f}")
    if found["quiet"].cpu_ms > CPU_MS:
        problems.append(f"an event costs {found['quiet'].cpu_ms:.1f} ms of a CPU, at most {CPU_MS:.0f}")
    return problems


def main() -> None:
    """Measure, print, and end with 0 only when every floor holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100)
    options = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}\n"
        f"{PAGES} open inboxes, {CASES} open cases, {options.events} events, SQLite\n"
    )
    problems = judge(asyncio.run(measure(options.events)))
    for problem in problems:
        print(f"✗ {problem}")
    print("" if problems else "\nAll floors of the inbox hold.")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
