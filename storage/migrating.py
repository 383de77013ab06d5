"""Which schema a database has, which one this program needs, and the way from one to the other."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import Refused, SchemaTooNew, SchemaTooOld
from storage.lite import LiteEngine
from storage.session import Engine, Session
from storage.statements import Query

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0012", "0013", "0014")
"""Every revision, oldest first: known here so that a start needs no Alembic."""
NEEDED = REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"
HAS_VERSION = Query(
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1",
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
)
VERSION = Query("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class SchemaState:
    """`current` is "" for an empty database, and may be a name that this program doesn't know."""

    current: str
    needed: str = NEEDED

    @property
    def empty(self) -> bool:
        """Nothing was ever made there."""
        return not self.current

    @property
    def fits(self) -> bool:
        """The program can work with it."""
        return self.current == self.needed

    def check(self) -> None:
        """Raises what is wrong, with advice."""
        if self.fits:
            return
        if self.empty or self.current in REVISIONS:
            problem = f"The database has schema {self.current or 'none'}; this program needs {self.needed}."
            raise SchemaTooOld(problem, "Run: afterword migrate")
        problem = f"The database has schema {self.current}, made by a newer Afterword; this one knows {self.needed}."
        raise SchemaTooNew(problem, "Start the newer version again, or restore the backup made before its migration.")


def is_sqlite(url: str) -> bool:
    """Whether a DATABASE_URL means SQLite. Raises `Refused` for what is neither that nor PostgreSQL."""
    scheme = url.partition(":")[0]
    if scheme.startswith("sqlite"):
        return True
    if scheme.partition("+")[0] in {"postgresql", "postgres"}:
        return False
    problem = f"DATABASE_URL begins with “{scheme}”, which is neither SQLite nor PostgreSQL."
    raise Refused(problem, "Write sqlite+aiosqlite:///afterword.db or postgresql+asyncpg://user:password@host/database")


def sqlite_path(url: str) -> str:
    """The file of `sqlite+aiosqlite:///relative.db`, `sqlite:////absolute.db`; ":memory:" when there is none."""
    return unquote(urlsplit(url).path.removeprefix("/")) or ":memory:"


def postgres_url(url: str) -> str:
    """The address as asyncpg reads it."""
    return f"postgresql://{url.partition('://')[2]}"


async def current_revision(session: Session) -> SchemaState:
    """By plain SQL: a start shall not import Alembic."""
    if not (await session.rows(HAS_VERSION, "alembic_version"))[0][0]:
        return SchemaState("")
    rows = await session.rows(VERSION)
    return SchemaState(rows[0][0] if rows else "")


async def schema_state(url: str) -> SchemaState:
    """What a database has, without opening it for work. Raises `Refused` when it can't be reached."""
    if not is_sqlite(url):
        from storage.postgres import PostgresEngine  # noqa: PLC0415 - asyncpg isn't needed on SQLite

        engine: Engine = PostgresEngine(postgres_url(url))
    elif not await asyncio.to_thread(Path(sqlite_path(url)).exists):
        return SchemaState("")
    else:
        engine = LiteEngine(sqlite_path(url))
    try:
        await engine.open()
        return await engine.peek(current_revision)
    finally:
        await engine.close()


async def migrate(url: str) -> SchemaState:
    """Bring a database to the schema that this program needs; refuses a newer one."""
    return await (asyncio.to_thread(_migrate_sqlite, sqlite_path(url)) if is_sqlite(url) else _migrate_postgres(url))


def migrate_connection(connection: sqlite3.Connection) -> None:
    """Bring an open SQLite database to the needed schema, in its own thread (one in memory has no other way)."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - a second that only a migration needs
    from sqlalchemy.pool import StaticPool  # noqa: PLC0415

    level = connection.isolation_level
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as opened:
        _upgrade(opened)
        opened.commit()
    connection.isolation_level = level


def _migrate_sqlite(path: str) -> SchemaState:
    from sqlalchemy import URL, create_engine  # noqa: PLC0415 - a second that only a migration needs
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    engine = create_engine(URL.create("sqlite", database=path), poolclass=NullPool, connect_args={"timeout": 30})
    try:
        with engine.begin() as connection:
            return _upgrade(connection)
    except OperationalError as error:
        problem = f"{Path(path).resolve()} can't be migrated: {error.orig}"
        raise Refused(problem, "Check DATABASE_URL; stop a running Afterword first.") from None


async def _migrate_postgres(url: str) -> SchemaState:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - a second that only a migration needs
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    engine = create_async_engine(f"postgresql+asyncpg://{url.partition('://')[2]}", poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade)
    except OSError as error:
        raise Refused(f"PostgreSQL can't be reached: {error}", "Check DATABASE_URL.") from None


def _upgrade(connection: Any) -> SchemaState:  # noqa: ANN401 - SQLAlchemy's connection, imported only here
    from alembic import command  # noqa: PLC0415 - a second that only a migration needs
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('afterword:migrate'))")
    found = SchemaState(MigrationContext.configure(connection).get_current_revision() or "")
    if not found.empty and found.current not in REVISIONS:
        found.check()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, NEEDED)
    return SchemaState(NEEDED)
