"""PostgreSQL: a pool of connections, NOTIFY to wake other processes, advisory locks for sole ownership."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, ParamSpec, TypeVar

import asyncpg

from bot.errors import LaneBusy, Refused
from storage.session import Raced, Row, Work
from storage.statements import Query, Write

P = ParamSpec("P")
T = TypeVar("T")
NOTICES = "afterword"
MOST_CONNECTIONS = 12
RACES = 8
HEARTBEAT_S = 5.0
RECONNECT_S = 0.5
RACED = (Raced, asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)
NOTIFY = Query("SELECT pg_notify($1, $2 || ' ' || topic) FROM unnest($3::text[]) AS topic")
LOST = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, TimeoutError)


class OwnershipLost(ConnectionError):
    """The connection that held a lock is gone: another process may own the name by now."""


class PlainConnection(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    """Returned to the pool as it is: nothing here changes a session's state, and a reset is one more round trip."""

    def get_reset_query(self) -> str:
        """Nothing to undo."""
        return ""


class PostgresSession:
    """Statements of one transaction."""

    postgres = True

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self._connection = connection
        self.topics: set[str] = set()

    async def rows(self, query: Query, *values: object) -> Sequence[Row]:
        """All rows of a query."""
        found: Sequence[Row] = await self._connection.fetch(query.postgres, *values)
        return found

    async def run(self, query: Query, *values: object) -> int:
        """Change something; returns how many rows."""
        status: str = await self._connection.execute(query.postgres, *values)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def put(self, write: Write, rows: Sequence[Row]) -> None:
        """Write many rows with one statement."""
        if rows:
            await self._connection.fetch(write.postgres, *zip(*rows, strict=True))

    async def add(self, write: Write, rows: Sequence[Row]) -> dict[Any, int]:
        """Insert many rows; the numbers of those that were new, by their unique column."""
        if not rows:
            return {}
        found = await self._connection.fetch(write.postgres, *zip(*rows, strict=True))
        return {unique: number for number, unique in found}

    async def append(self, write: Write, rows: Sequence[Row]) -> list[int]:
        """Insert many rows that nothing can stand against; their numbers, in order."""
        if not rows:
            return []
        found = await self._connection.fetch(write.postgres, *zip(*rows, strict=True))
        return sorted(row[0] for row in found)  # numbers are given in the order of the rows

    async def numbers(self, table: str, count: int) -> list[int]:
        """Fresh numbers for rows of a table."""
        query = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)"
        return [row[0] for row in await self._connection.fetch(query, table, count)]


class PostgresTransaction:
    """Two steps on one connection."""

    def __init__(self, engine: PostgresEngine, connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self._engine = engine
        self._connection = connection
        self._session = PostgresSession(connection)
        self.open = False

    async def begin(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Open it and do the first part."""
        self.open = True
        await self._connection.execute("BEGIN")
        return await work(self._session, *args, **kwargs)

    async def commit(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the last part and commit."""
        result = await work(self._session, *args, **kwargs)
        await self._engine.announce(self._session)
        await self._connection.execute("COMMIT")
        self.open = False
        self._engine.tell(self._session.topics)
        return result


class PostgresEngine:
    """The shared engine: any number of processes on any number of machines over one database."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._callbacks: list[Callable[[str], None]] = []
        self._listener: asyncio.Task[None] | None = None
        self._elsewhere = False
        self._pool: Any = None

    async def open(self) -> None:
        """Connect."""
        try:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=MOST_CONNECTIONS,
                connection_class=PlainConnection,
                statement_cache_size=300,
                max_cached_statement_lifetime=0,
                server_settings={"application_name": "afterword", "jit": "off"},
            )
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            problem = f"PostgreSQL can't be reached: {str(error) or type(error).__name__}"
            raise Refused(problem, "Check DATABASE_URL, and that the server runs and lets this user in.") from None
        self._start_listening()

    async def close(self) -> None:
        """Let go of every connection."""
        if self._listener:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
            self._listener = None
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), 10)
            except TimeoutError:
                pool.terminate()

    # ---- work

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One writing transaction; done again when it raced with another process."""
        for left in reversed(range(RACES)):
            try:
                async with self.transaction() as transaction:
                    await transaction.begin(_nothing)
                    return await transaction.commit(work, *args, **kwargs)
            except (LaneBusy, asyncpg.UniqueViolationError):
                if not left:
                    raise
                await asyncio.sleep(0.01 * (RACES - left))
        raise AssertionError

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One consistent look."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await work(PostgresSession(connection), *args, **kwargs)

    async def peek(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A short look, without a transaction."""
        async with self._pool.acquire() as connection:
            return await work(PostgresSession(connection), *args, **kwargs)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """A writing transaction in two steps. A race with another process becomes `LaneBusy`."""
        async with self._pool.acquire() as connection:
            transaction = PostgresTransaction(self, connection)
            try:
                yield transaction
            except RACED as error:
                raise LaneBusy("another process wrote the same thing at the same moment") from error
            finally:
                if transaction.open:
                    await _roll_back(connection)

    async def announce(self, session: PostgresSession) -> None:
        """Tell the other processes, as part of the transaction."""
        if session.topics:
            await session.rows(NOTIFY, NOTICES, self._name, sorted(session.topics))

    # ---- news

    def tell(self, topics: set[str]) -> None:
        """Wake whoever listens in this process."""
        for topic in topics:
            for callback in self._callbacks:
                callback(topic)

    def listen(self, callback: Callable[[str], None], *, elsewhere: bool = True) -> None:
        """Hear the topics of every committed transaction; of other processes' by a connection of its own."""
        self._callbacks.append(callback)
        self._elsewhere = self._elsewhere or elsewhere
        self._start_listening()

    @property
    def hears_others(self) -> bool:
        """Whether it listens."""
        return self._listener is not None

    def _start_listening(self) -> None:
        if self._elsewhere and self._pool is not None and self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="postgres-listen")

    async def _listen(self) -> None:
        """Stay connected for good; whenever it begins to listen, anything may have been written before."""
        while True:
            with suppress(*LOST, asyncpg.PostgresError):
                async with self._alone() as connection:
                    await connection.add_listener(NOTICES, self._heard)
                    self.tell({"turn", "purchase", "staff", "erased"})
                    await _until_dead(connection)
            await asyncio.sleep(RECONNECT_S)

    def _heard(self, _connection: object, _pid: int, _channel: str, words: object) -> None:
        sender, _, topic = str(words).partition(" ")
        if sender != self._name:
            self.tell({topic})

    # ---- ownership

    @asynccontextmanager
    async def own(self, name: str) -> AsyncIterator[None]:
        """Be the only owner of a name; waits for it. Raises `OwnershipLost` inside when its connection dies."""
        number = int.from_bytes(hashlib.sha256(f"afterword:{name}".encode()).digest()[:8], "big", signed=True)
        async with self._alone() as connection:
            await connection.execute("SELECT pg_advisory_lock($1)", number)
            owner = asyncio.current_task()
            lost = asyncio.Event()

            def let_go(_done: object) -> None:
                if not lost.is_set() and owner is not None:
                    lost.set()
                    owner.cancel()

            heart = asyncio.create_task(_until_dead(connection), name=f"own:{name}")
            heart.add_done_callback(let_go)
            try:
                yield
            except asyncio.CancelledError:
                if lost.is_set() and owner is not None and owner.uncancel() == 0:
                    raise OwnershipLost(name) from None
                raise
            finally:
                heart.remove_done_callback(let_go)
                heart.cancel()
                await asyncio.gather(heart, return_exceptions=True)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Any]:
        """A connection outside the pool, for one long purpose."""
        connection = await asyncpg.connect(self.url, server_settings={"application_name": "afterword"})
        try:
            yield connection
        finally:
            with suppress(*LOST):
                await connection.close(timeout=2)


async def _nothing(_session: object) -> None:
    """A transaction may begin with nothing."""


async def _until_dead(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Returns or raises when the connection is dead, also when the network just went silent."""
    dead = asyncio.Event()
    connection.add_termination_listener(lambda _: dead.set())
    while not (dead.is_set() or connection.is_closed()):
        with suppress(TimeoutError):
            await asyncio.wait_for(dead.wait(), HEARTBEAT_S)
        if not dead.is_set():
            await connection.fetchval("SELECT 1", timeout=HEARTBEAT_S)


async def _roll_back(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    try:
        await asyncio.shield(connection.execute("ROLLBACK", timeout=5))
    except (asyncpg.PostgresError, *LOST):
        connection.terminate()
