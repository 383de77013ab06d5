"""A PostgreSQL database for one test alone, migrated, and dropped afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from storage.migrating import migrate


async def on_server(url: str, statement: str) -> None:
    """One statement that belongs into no transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    """One that nobody has migrated yet."""
    server = make_url(postgres_url).set(drivername="postgresql")
    plain = server.render_as_string(hide_password=False)
    name = f"afterword_own_{secrets.token_hex(4)}"
    asyncio.run(on_server(plain, f"CREATE DATABASE {name}"))
    yield server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    asyncio.run(on_server(plain, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def own_postgres(empty_postgres: str) -> str:
    """One with the newest schema."""
    asyncio.run(migrate(empty_postgres))
    return empty_postgres
