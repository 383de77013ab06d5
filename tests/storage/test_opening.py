"""Opening and closing: schemas, sole ownership, news of other processes, and what a kill leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import textwrap
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from bot.domain.staff import Role
from bot.errors import AlreadyRunning, Refused, SchemaTooNew, SchemaTooOld
from bot.program import Program
from storage import migrating
from storage.clock import DatabaseClock
from storage.database import Database
from storage.lite import LiteEngine
from storage.migrating import MIGRATIONS, NEEDED, REVISIONS, migrate, schema_state
from storage.session import Session
from storage.statements import Query, kind_of, to_lite
from storage.tables import metadata
from tests.storage.conftest import Opener
from tests.storage.steps import SECRET, HandClock, accept, post, said, say, turn_all

# ---------------------------------------------------------------- schemas


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def run_sql(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(make_url(url).database or "")) as file:
            file.execute(statement)
            file.commit()
        return
    connection = await asyncpg.connect(plain(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def versioned(url: str) -> AsyncIterator[str]:
    """A database whose version the test may change."""
    yield url
    await run_sql(url, f"UPDATE alembic_version SET version_num = '{NEEDED}'")  # noqa: S608


def test_the_known_revisions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(REVISIONS) == found[::-1]


async def test_the_migrations_make_the_tables_that_are_described(url: str) -> None:
    def differences(address: str) -> list[object]:
        engine = sa.create_engine(address)
        try:
            with engine.connect() as connection:
                return list(compare_metadata(MigrationContext.configure(connection), metadata))
        finally:
            engine.dispose()

    if url.startswith("sqlite"):
        assert await asyncio.to_thread(differences, url.replace("+aiosqlite", "")) == []
        return
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: list(compare_metadata(MigrationContext.configure(c), metadata)))
    await engine.dispose()
    assert found == []


def test_types_are_told_from_the_names_of_columns() -> None:
    names = {
        sa.Text: "text",
        sa.BigInteger: "bigint",
        sa.Integer: "bigint",
        sa.Boolean: "boolean",
        sa.Float: "double precision",
    }
    wrong = [
        f"{table.name}.{column.name}: {kind_of(column.name)}"
        for table in metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, sa.LargeBinary)
        if kind_of(column.name) != next(word for kind, word in names.items() if isinstance(column.type, kind))
    ]
    assert wrong == []


def test_no_amount_and_no_moment_is_a_float() -> None:
    floats = {c.name for t in metadata.tables.values() for c in t.columns if isinstance(c.type, sa.Float)}
    assert floats == {"score", "unhappy"}


async def test_migrating_twice_changes_nothing(url: str) -> None:
    assert (await schema_state(url)).fits
    assert (await migrate(url)).fits


async def test_a_newer_schema_is_refused_with_advice(versioned: str, clock: HandClock) -> None:
    await run_sql(versioned, "UPDATE alembic_version SET version_num = '9999'")
    database = Database(versioned, Program(), clock, SECRET)
    with pytest.raises(SchemaTooNew, match="newer") as refused:
        await database.start()
    assert refused.value.advice
    with pytest.raises(SchemaTooNew):
        await migrate(versioned)
    assert (await schema_state(versioned)).current == "9999"


async def test_an_older_schema_needs_a_migration(
    versioned: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "REVISIONS", ("0000", *REVISIONS))
    await run_sql(versioned, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaTooOld, match="0000") as refused:
        await Database(versioned, Program(), clock, SECRET).start()
    assert "afterword migrate" in refused.value.advice


async def test_an_empty_postgres_is_migrated_on_demand_only(fresh_postgres: str, clock: HandClock) -> None:
    name = "afterword_empty_" + os.urandom(4).hex()
    await run_sql(fresh_postgres, f"CREATE DATABASE {name}")
    url = make_url(fresh_postgres).set(database=name).render_as_string(hide_password=False)
    try:
        assert (await schema_state(url)).empty
        with pytest.raises(SchemaTooOld):
            await Database(url, Program(), clock, SECRET).start()
        await asyncio.gather(migrate(url), migrate(url))
        assert (await schema_state(url)).fits
    finally:
        await run_sql(fresh_postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_new_sqlite_file_is_made_at_the_start(tmp_path: Path, clock: HandClock) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/a b%20c.db"
    assert (await schema_state(url)).empty
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - asking makes no file
    database = Database(url, Program(), clock, SECRET)
    await database.start()
    await accept(database, said())
    await database.stop()
    assert (await schema_state(url)).fits


async def test_a_database_may_live_in_memory(clock: HandClock) -> None:
    database = Database("sqlite+aiosqlite:///:memory:", Program(), clock, SECRET)
    await database.start(exclusive=True)
    await accept(database, said())
    assert len(await turn_all(database)) == 1
    assert len(await database.customers()) == 1
    await database.stop()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", ""])
def test_other_databases_are_refused(url: str, clock: HandClock) -> None:
    with pytest.raises(Refused, match="DATABASE_URL"):
        Database(url, Program(), clock)


async def test_a_place_that_cannot_be_opened_is_refused_with_advice(tmp_path: Path, clock: HandClock) -> None:
    for url in (f"sqlite+aiosqlite:///{tmp_path}/no/such/folder.db", "postgresql+asyncpg://x@127.0.0.1:1/x"):
        with pytest.raises(Refused) as refused:
            await Database(url, Program(), clock).start()
        assert "DATABASE_URL" in refused.value.advice


# ---------------------------------------------------------------- sole ownership


async def test_one_program_runs_on_a_file_and_commands_beside_it(fresh_sqlite: str, clock: HandClock) -> None:
    one, other, command = (Database(fresh_sqlite, Program(), clock, SECRET) for _ in range(3))
    await one.start(exclusive=True)
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        await other.start(exclusive=True)
    await command.start()
    await command.seat("telegram", "1", Role.AGENT)
    await command.stop()
    await one.stop()
    await other.start(exclusive=True)
    await other.stop()


async def test_a_name_has_one_owner_at_a_time(opened: Opener) -> None:
    one, other = await opened(), await opened()
    if one.dialect == "sqlite":
        other = one
    told: list[str] = []
    owned = asyncio.Event()

    async def take(database: Database, who: str, hold: asyncio.Event) -> None:
        async with database.own("deliver:telegram"):
            told.append(f"{who} has it")
            owned.set()
            await hold.wait()
            told.append(f"{who} lets go")

    holds = [asyncio.Event(), asyncio.Event()]
    first = asyncio.create_task(take(one, "one", holds[0]))
    await asyncio.wait_for(owned.wait(), 10)
    second = asyncio.create_task(take(other, "other", holds[1]))
    async with other.own("another name"):
        pass
    await asyncio.sleep(0.1)
    assert told == ["one has it"]
    holds[0].set()
    holds[1].set()
    await asyncio.gather(first, second)
    assert told == ["one has it", "one lets go", "other has it", "other lets go"]


async def test_who_gives_up_waiting_does_not_own_later(opened: Opener) -> None:
    one, other = await opened(), await opened()
    if one.dialect == "sqlite":
        other = one

    async def wait() -> None:
        async with other.own("x"):
            pytest.fail("nobody waits any more")

    async with one.own("x"):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5), one.own("x"):
        pass


async def test_an_owner_whose_connection_dies_learns_of_it(
    fresh_postgres: str, shared: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgres.HEARTBEAT_S", 0.05)
    one, other = await shared(), await shared()
    entered, lost = asyncio.Event(), []

    async def hold() -> None:
        try:
            async with one.own("deliver:telegram"):
                entered.set()
                await asyncio.sleep(60)
        except ConnectionError as error:
            lost.append(error)

    task = asyncio.create_task(hold())
    await entered.wait()
    await run_sql(
        fresh_postgres,
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    async with asyncio.timeout(10):
        async with other.own("deliver:telegram"):
            pass
        await task
    assert len(lost) == 1


# ---------------------------------------------------------------- news


class Heard(set[str]):
    """The topics that were told, to be waited for."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.more = asyncio.Event()
        database.on_wake(self.hear)

    def hear(self, topic: str) -> None:
        self.add(topic)
        self.more.set()

    async def until(self, *wanted: str) -> None:
        async with asyncio.timeout(10):
            while not set(wanted) <= self:
                self.more.clear()
                await self.more.wait()


async def test_this_process_hears_at_once_what_it_wrote(db: Database) -> None:
    topics = Heard(db)
    customer = await post(db, say(), say(channel="slack"))
    assert {"turn", "outbox:telegram", "outbox:slack", f"page:{customer}"} <= topics


async def test_other_processes_hear_it_too(shared: Opener) -> None:
    one, other = await shared(), await shared()
    topics = Heard(other)
    await topics.until("turn")  # told whenever it begins to listen
    topics.clear()
    customer = await post(one, say())
    await topics.until("turn", "outbox:telegram", f"page:{customer}")


async def test_a_listener_comes_back_after_its_connection_died(fresh_postgres: str, shared: Opener) -> None:
    one, other = await shared(), await shared()
    topics = Heard(other)
    await topics.until("turn", "purchase", "staff")
    topics.clear()
    await run_sql(fresh_postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    await topics.until("turn", "purchase", "staff")
    topics.clear()
    await one.seat("telegram", "1", Role.AGENT)
    await topics.until("staff")


async def test_the_running_program_notices_what_a_command_writes(fresh_sqlite: str, clock: HandClock) -> None:
    running, command = (Database(fresh_sqlite, Program(), clock, SECRET) for _ in range(2))
    running.channels = frozenset({"telegram"})
    await running.start(exclusive=True)
    topics = Heard(running)
    await asyncio.sleep(0.6)
    await accept(running, said())
    await asyncio.sleep(0.6)
    assert topics == {"turn"}  # its own writing is no news
    topics.clear()
    await command.start()
    await accept(command, said())
    await command.stop()
    await topics.until("turn", "outbox:telegram", "purchase", "staff")
    await running.stop()


async def test_the_databases_clock_is_followed(fresh_postgres: str) -> None:
    clock = DatabaseClock(fresh_postgres)
    before = clock.now()
    await clock.start()
    connection = await asyncpg.connect(plain(fresh_postgres))
    shown = await connection.fetchval("SELECT clock_timestamp()")
    await connection.close()
    assert abs(clock.now() - shown) < timedelta(seconds=1)
    assert clock.now() >= before
    assert 59 < clock.seconds_until(clock.now() + timedelta(minutes=1)) <= 60
    await clock.stop()


# ---------------------------------------------------------------- killed


HEARING = """
    import asyncio, sys
    from bot.program import Program
    from storage.database import Database
    from tests.storage.steps import SECRET, T0, HandClock, said

    async def main():
        database = Database(sys.argv[1], Program(), HandClock(), SECRET)
        await database.start()
        number = 0
        while True:
            batch = [said(str(n), key=f"k{n}") for n in range(number, number + 7)]
            number += len(batch)
            await database.accept(batch, T0)
            print(number, flush=True)

    asyncio.run(main())
"""


async def test_a_kill_loses_nothing_that_was_acknowledged(url: str, opened: Opener) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        textwrap.dedent(HEARING),
        url,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    acknowledged = 0
    while acknowledged < 70:
        acknowledged = int(await process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    rest = (await process.stdout.read()).split()
    await process.wait()
    acknowledged = int(rest[-1]) if rest else acknowledged
    db = await opened()
    heard = [int(event.payload.words) for event in await turn_all(db)]  # type: ignore[union-attr]
    assert heard == list(range(len(heard)))
    assert len(heard) >= acknowledged


# ---------------------------------------------------------------- how statements are put


def test_a_statement_is_put_into_sqlites_words() -> None:
    text = "SELECT GREATEST(a, $2::bigint) FROM t WHERE id = ANY($1) AND k <> ALL($3) FOR UPDATE OF t SKIP LOCKED"
    words, places = to_lite(text)
    listed = "(SELECT value FROM json_each(?))"
    assert words == f"SELECT MAX(a, ?) FROM t WHERE id IN {listed} AND k NOT IN {listed}"  # noqa: S608
    assert places == (1, 0, 2)


async def test_work_that_waits_in_a_transaction_on_sqlite_is_a_mistake(fresh_sqlite: str) -> None:
    engine = LiteEngine(make_url(fresh_sqlite).database or "")
    await engine.open()

    async def waits(session: Session) -> None:
        await session.run(Query("INSERT INTO shop (name) VALUES ('x')"))
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited"):
        await engine.write(waits)

    async def look(session: Session) -> int:
        return int((await session.rows(Query("SELECT count(*) FROM shop")))[0][0])

    assert await engine.read(look) == 0
    await engine.close()
