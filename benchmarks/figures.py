"""How long a manager waits for a page of 90 days, beside the same figures counted from the rows.

Makes a year of a shop with plain statements (ten interactions a customer), fills the tallies by a repair, and asks for
the whole dashboard. `make bench-figures ARGS="--interactions 10000000 --engine sqlite"`. Ends with 0 only if every
page comes within 200 ms and the tallies are what the rows say.
"""
# ruff: noqa: S608, ISC004 - statements put together from our own names and numbers; a table for the terminal

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy.engine import make_url

from bot.domain.figures.cuts import EVERY, Cut
from bot.program import Program
from bot.runtime.clock import SystemClock
from bot.runtime.figures import Figures
from storage.database import Database
from storage.migrating import migrate
from storage.session import Session
from storage.statements import Query
from tests.databases import on_server

LIMIT_MS = 200.0
TIMES = 7
DAYS = 365
DAY_US = 86_400_000_000
PRODUCTS = 40
SECRET = b"a secret of the benchmark, long enough"
REASON = '[{{"kind":"{}","evidence":"","at":"2026-01-01T00:00:00Z"}}]'


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine needed."""

    engine: str
    interactions: int
    making_s: float
    counting_s: float
    differences: int
    pages_ms: dict[str, float]
    rows_ms: float


def statements(customers: int, now: int) -> list[tuple[str, str]]:
    """(what, statement) that fill the tables; `n.i` counts up, and everything else follows from it."""
    first = now - DAYS * DAY_US
    channel = "CASE WHEN n.i % 3 = 0 THEN 'slack' ELSE 'telegram' END"
    tier = "CASE WHEN n.i % 5 = 0 THEN 'top\tproactive' ELSE 'standard\taccountable' END"
    product = f"'Product ' || (n.i * 7919 % {PRODUCTS})"
    cut = f"{channel} || '\t' || {tier} || '\t\t' || {product}"
    at = f"{first} + (n.i * 2654435761 % {DAYS * 86_400}) * 1000000"
    later = "(n.i * 40503 % 40000) * 1000000"
    who = f"1 + (n.i % {customers})"
    unhappy, alarm = REASON.format("unhappy"), REASON.format("alarm word")
    return [
        (f"{customers} customers", "INSERT INTO customer (id, name) SELECT n.i, 'Customer ' || n.i FROM n"),
        (
            f"{2 * customers} purchases",
            "INSERT INTO purchase (id, customer_id, shop, order_id, amount, currency, paid_at, cut) SELECT n.i, "
            f"{who}, 'main', CAST(n.i AS TEXT), 100000 + (n.i * 48271 % 5000000), "
            f"CASE WHEN n.i % 7 = 0 THEN 'USD' ELSE 'EUR' END, {at} - 300000000000, {cut} FROM n",
        ),
        (
            f"{2 * customers} asks",
            "INSERT INTO ask (id, customer_id, state, planned_at, delivered_at, answered_at, channel, cut) SELECT "
            f"n.i, {who}, 'sent', {at}, CASE WHEN n.i % 10 = 0 THEN NULL ELSE {at} END, "
            f"CASE WHEN n.i % 10 = 0 OR n.i % 5 < 2 THEN NULL ELSE {at} + {later} END, {channel}, {cut} FROM n",
        ),
        (
            f"{customers * 6 // 5} answers",
            "INSERT INTO feedback (customer_id, event_id, at, purchase_id, rating, text, worded, label, score, "
            f"unhappy, counts_unhappy, topics, cut) SELECT {who}, n.i, {at} + {later}, n.i, "
            "CASE WHEN n.i % 4 = 0 THEN NULL ELSE 1 + n.i % 5 END, 'the zipper', n.i % 2 = 0, "
            "CASE WHEN n.i % 3 = 0 THEN 'negative' ELSE 'positive' END, (n.i % 200) / 100.0 - 1, 0.5, n.i % 5 = 0, "
            f"CASE WHEN n.i % 2 = 0 THEN 'delivery:-0.5 price:0.3' ELSE '' END, {cut} FROM n",
        ),
        (
            f"{customers // 6} cases",
            'INSERT INTO "case" (id, customer_id, state, opened_at, reasons, desk, priority, owner, claimed_at, '
            "first_human_at, first_resolved_at, resolved_at, recovered, unhappy, cut) SELECT n.i, "
            f"{who}, CASE WHEN n.i % 200 = 0 THEN 'claimed' ELSE 'resolved' END, {at}, "
            f"CASE WHEN n.i % 2 = 0 THEN '{unhappy}' ELSE '{alarm}' END, 'telegram', 1, 1 + n.i % 8, "
            f"{at} + {later}, {at} + {later}, {at} + 2 * {later}, CASE WHEN n.i % 200 = 0 THEN NULL ELSE "
            f"{at} + 2 * {later} END, n.i % 3 = 0, 0.5, {cut} FROM n",
        ),
        (
            f"{10 * customers} interactions",
            "INSERT INTO interaction (customer_id, event_id, at, channel, direction, author, kind, line) SELECT "
            f"{who}, n.i, {at}, 'telegram', 'in', 'customer', 'message', '{{}}' FROM n",
        ),
    ]


def numbered(statement: str, most: int) -> Query:
    """With the numbers from 1 to `most` as `n`."""
    lite = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) "
    head, _, rest = statement.partition(" SELECT ")
    plain = f"{head} WITH n(i) AS (SELECT generate_series(1::bigint, {most}::bigint)) SELECT {rest}"
    return Query(plain, f"{head} {lite}SELECT {rest}")


async def fill(database: Database, customers: int, now: datetime) -> None:
    """The year."""
    for what, statement in statements(customers, round(now.timestamp() * 1_000_000)):
        began = time.perf_counter()
        await database._engine.write(_run, numbered(statement, int(what.split()[0])))  # noqa: SLF001 - no turn makes so many
        print(f"  {what} in {time.perf_counter() - began:.1f} s", flush=True)


async def _run(session: Session, query: Query) -> None:
    await session.run(query)


async def _is_filled(session: Session) -> bool:
    return bool(await session.rows(Query("SELECT 1 FROM tally_cut LIMIT 1")))


def _memory() -> int:
    """The most that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def measured(database: Database, customers: int) -> Row:
    """Fill and count unless that is there already, then ask."""
    clock = SystemClock()
    began = made = counted = time.perf_counter()
    if not await database._engine.peek(_is_filled):  # noqa: SLF001 - as below
        await fill(database, customers, clock.now() - timedelta(hours=12))
        made = time.perf_counter()
        await database.repair_figures(correct=True)
        counted = time.perf_counter()
        print(f"  tallies counted in {counted - made:.1f} s, {_memory()} MB in all", flush=True)
        if database.dialect == "postgresql":
            await database._engine.peek(_run, Query("ANALYZE"))  # noqa: SLF001 - as autovacuum does in time
    differences = 0
    if customers <= 20_000:
        differences = (await database.repair_figures(correct=False)).wrong
    figures = Figures(database, Program(), clock)
    period, afar = figures.period("90d"), figures.period("90d", ZoneInfo("Asia/Kathmandu"))
    assert period is not None
    assert afar is not None
    pages = {
        "whole dashboard": await _ms(lambda: figures.board(period)),
        "in another time zone": await _ms(lambda: figures.board(afar)),
        "one channel": await _ms(lambda: figures.board(period, Cut(channel="slack"))),
        "one product": await _ms(lambda: figures.board(period, Cut(product="Product 7"))),
        "summary in a chat": await _ms(lambda: figures.brief(period, EVERY)),
        "rows behind a figure": await _ms(lambda: figures.behind("csat", period)),
    }
    rows = await _ms(lambda: database.tallies(period.since, period.until), 2)
    return Row(database.dialect, 10 * customers, made - began, counted - made, differences, pages, rows)


async def _ms(work: Callable[[], Awaitable[Any]], times: int = TIMES) -> float:
    await work()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


async def on_sqlite(customers: int, keep: str) -> Row:
    """In a file of its own."""
    with tempfile.TemporaryDirectory() as passing:
        url = f"sqlite+aiosqlite:///{keep or passing}/figures_{customers}.db"
        await migrate(url)
        return await _opened(url, customers)


async def on_postgres(customers: int, keep: str) -> Row:
    """In a database of its own."""
    server = make_url(os.environ.get("AFTERWORD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"))
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"afterword_bench_{customers if keep else f'of_{os.getpid()}'}"
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await on_server(plain, f"CREATE DATABASE {name}")
    try:
        url = server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
        await migrate(url)
        return await _opened(url, customers)
    finally:
        if not keep:
            await on_server(plain, f"DROP DATABASE {name} WITH (FORCE)")


async def _opened(url: str, customers: int) -> Row:
    database = Database(url, Program(), SystemClock(), SECRET)
    await database.start()
    try:
        return await measured(database, customers)
    finally:
        await database.stop()


def told(row: Row) -> str:
    """The table of one engine."""
    lines = [
        f"{row.engine}, {row.interactions:,} interactions, {row.interactions // 10:,} customers "
        f"(made in {row.making_s:.0f} s, tallies counted in {row.counting_s:.0f} s)"
    ]
    lines += [f"  {name:<24}{value:9.1f} ms" for name, value in row.pages_ms.items()]
    lines.append(f"  {'a few of them from rows':<24}{row.rows_ms:9.1f} ms   plain SQL, for comparison")
    return "\n".join(lines)


async def run(options: argparse.Namespace) -> bool:
    """Measure each engine; True when all is as it must be."""
    well = True
    engines = {"sqlite": on_sqlite, "postgresql": on_postgres}
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    for name in options.engine.split(","):
        row = await engines[name](options.interactions // 10, options.keep)
        print(told(row), flush=True)
        slow = [page for page, value in row.pages_ms.items() if value > options.limit_ms]
        well = well and not slow and not row.differences
        if slow or row.differences:
            print(f"  not well: {', '.join(slow)} over {options.limit_ms:.0f} ms, {row.differences} wrong cells")
    return well


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interactions", type=int, default=200_000)
    parser.add_argument("--engine", default="sqlite,postgresql", help="sqlite, postgresql or both with a comma")
    parser.add_argument(
        "--keep", default="", help="a folder: what was made stays there (and on the server) for next time"
    )
    parser.add_argument("--limit-ms", type=float, default=LIMIT_MS)
    sys.exit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
