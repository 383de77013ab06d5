"""A fresh database per test on each engine: a copy of a migrated file, or one emptied PostgreSQL database a worker."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from bot.program import Program
from storage.database import Database
from storage.migrating import migrate, schema_state
from storage.tables import metadata
from tests.storage.steps import SECRET, HandClock

Opener = Callable[..., Awaitable[Database]]


async def _admin(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[str]:
    server = make_url(postgres_url).set(drivername="postgresql")
    plain = server.render_as_string(hide_password=False)
    name = f"afterword_storage_{secrets.token_hex(4)}"
    asyncio.run(_admin(plain, f"CREATE DATABASE {name}"))
    url = server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    asyncio.run(migrate(url))
    yield url
    asyncio.run(_admin(plain, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def fresh_postgres(postgres_database: str) -> str:
    tables = ", ".join(f'"{table.name}"' for table in metadata.tables.values())
    plain = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    await _admin(plain, f"TRUNCATE {tables} RESTART IDENTITY")
    return postgres_database


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    name = "fresh_postgres" if request.param == "postgresql" else "fresh_sqlite"
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def _tallies_are_right(url: str, clock: HandClock) -> None:
    """Whatever a test did: the figures follow from the rows."""
    database = Database(url, Program(), clock, SECRET)
    await database.start()
    proof = await database.repair_figures(correct=False)
    await database.stop()
    assert proof.differences == ()


async def _opening(url: str, clock: HandClock) -> AsyncIterator[Opener]:
    databases: list[Database] = []

    async def open_one(program: Program | None = None) -> Database:
        database = Database(url, program or Program(), clock, SECRET)
        database.channels = frozenset({"telegram", "slack", "web"})
        database.desk = "telegram"
        await database.start()
        databases.append(database)
        return database

    yield open_one
    for database in databases:
        await database.stop()
    if databases and (await schema_state(url)).fits:
        await _tallies_are_right(url, clock)


@pytest.fixture
async def opened(url: str, clock: HandClock) -> AsyncIterator[Opener]:
    """Opens any number of databases over the same data, as other processes would."""
    async for opener in _opening(url, clock):
        yield opener


@pytest.fixture
async def shared(fresh_postgres: str, clock: HandClock) -> AsyncIterator[Opener]:
    """The same for what only several running processes can show."""
    async for opener in _opening(fresh_postgres, clock):
        yield opener


@pytest.fixture
async def db(opened: Opener) -> Database:
    return await opened()
