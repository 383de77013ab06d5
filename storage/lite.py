"""SQLite: one writing connection in a thread of its own, a few reading ones beside it. One hop per transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import aiosqlite
import orjson

from bot.errors import Refused
from storage.session import Row, Session, Work
from storage.statements import Query, Write

P = ParamSpec("P")
T = TypeVar("T")
READERS = 3
ROWS_AT_ONCE = 64
BUSY_MS = 15_000
LOOK_AROUND_S = 0.5
OLDEST = (3, 35, 0)
PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
    "PRAGMA wal_autocheckpoint = 4000",
)


Begun = Callable[[], Coroutine[Any, Any, T]]
"""Work that is begun in the thread that does it: what is cancelled before never was a coroutine."""


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("a transaction waited for something else than its own database")


class LiteSession:
    """A transaction in the thread of its connection. The methods return at once."""

    postgres = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.topics: set[str] = set()

    async def rows(self, query: Query, *values: object) -> Sequence[Row]:
        """All rows of a query."""
        return self._connection.execute(query.lite, _bound(query, values)).fetchall()

    async def run(self, query: Query, *values: object) -> int:
        """Change something; returns how many rows."""
        return self._connection.execute(query.lite, _bound(query, values)).rowcount

    async def put(self, write: Write, rows: Sequence[Row]) -> None:
        """Write many rows with one statement."""
        if rows:
            self._connection.executemany(write.lite, rows)

    async def add(self, write: Write, rows: Sequence[Row]) -> dict[Any, int]:
        """Insert many rows; the numbers of those that were new, by their unique column."""
        if not rows:
            return {}
        last = self._connection.execute(write.last).fetchone()[0] or 0
        self._connection.executemany(write.lite, rows)
        keys = orjson.dumps([row[write.unique] for row in rows]).decode()
        found = self._connection.execute(write.found, (keys,)).fetchall()
        return {unique: number for unique, number in found if number > last}

    async def append(self, write: Write, rows: Sequence[Row]) -> list[int]:
        """Insert many rows that nothing can stand against; their numbers, in order."""
        if not rows:
            return []
        self._connection.executemany(write.lite, rows)
        last: int = self._connection.execute(write.last).fetchone()[0]
        return list(range(last - len(rows) + 1, last + 1))

    async def numbers(self, table: str, count: int) -> list[int]:
        """Fresh numbers for rows of a table, which must be inserted in this same transaction."""
        found = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        last = found[0] if found else 0
        return list(range(last + 1, last + 1 + count))


def _bound(query: Query, values: Sequence[object]) -> Sequence[Any]:
    """Lists travel as one JSON parameter."""
    if query.order:
        values = [values[place] for place in query.order]
    return [orjson.dumps(value).decode() if type(value) is list else value for value in values]


def _drive_there(work: Begun[T]) -> T:
    return drive(work())


class LiteConnection(aiosqlite.Connection):
    """aiosqlite's connection and its thread, with a whole transaction as one job of that thread instead of many."""

    @property
    def raw(self) -> sqlite3.Connection:
        """What jobs work on, in the connection's thread."""
        return self._conn

    async def job(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something in the thread, after everything that was handed in before."""
        result: T = await self._execute(step, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite's own way
        return result


class LiteTransaction:
    """Two hops: open and first part, last part and commit."""

    def __init__(self, engine: LiteEngine) -> None:
        self._engine = engine
        self._session: LiteSession | None = None
        self.open = False

    async def begin(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Open it and do the first part."""
        self.open = True
        return await self._engine.hop(self._begin, partial(work, self._made(), *args, **kwargs))

    async def commit(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the last part and commit."""
        session = self._made()
        result = await self._engine.hop(self._commit, partial(work, session, *args, **kwargs))
        self.open = False
        self._engine.tell(session.topics)
        return result

    def rollback(self) -> None:
        """In the connection's thread: take everything back, if it ever began."""
        if self._engine.connection.in_transaction:
            self._engine.connection.execute("ROLLBACK")

    def _made(self) -> LiteSession:
        if self._session is None:
            self._session = LiteSession(self._engine.connection)
        return self._session

    def _begin(self, work: Begun[T]) -> T:
        self._engine.connection.execute("BEGIN IMMEDIATE")
        return drive(work())

    def _commit(self, work: Begun[T]) -> T:
        result = drive(work())
        self._engine.connection.execute("COMMIT")
        return result


class LiteEngine:
    """The embedded default: everything in one process over one file."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection: sqlite3.Connection
        self._lock = asyncio.Lock()
        self._owners: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._callbacks: list[Callable[[str], None]] = []
        self._opened: list[sqlite3.Connection] = []
        self._writer: LiteConnection | None = None
        self._idle: asyncio.Queue[LiteConnection] = asyncio.Queue()
        self._reads_beside = False
        self._watch: asyncio.Task[None] | None = None

    @property
    def in_memory(self) -> bool:
        """Only the one connection can see it."""
        return self.path in {"", ":memory:"}

    async def open(self) -> None:
        """Connect."""
        if sqlite3.sqlite_version_info < OLDEST:
            problem = f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed."
            raise Refused(problem, "Use a newer Python, or PostgreSQL (DATABASE_URL).")
        self._writer = await self._opened_by(self._connect)
        self.connection = self._writer.raw
        if not self.in_memory:
            for _ in range(READERS):
                self._idle.put_nowait(await self._opened_by(self._connect_reader))
            self._reads_beside = True
            self._peephole = self._reading(await self.hop(self._connect))
            self._peephole.execute("PRAGMA busy_timeout = 1000")  # a look in the loop's own thread must not stall it

    async def close(self) -> None:
        """Let go of every connection."""
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        async with self._lock:
            if self._writer:
                await self._writer.close()
                self._writer = None
            for _ in range(READERS if self._reads_beside else 0):
                await (await self._idle.get()).close()
            self._reads_beside = False
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self.path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._opened.append(connection)
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error as error:
            problem = f"{Path(self.path).resolve()} can't be opened: {error}"
            raise Refused(problem, "Check DATABASE_URL, and that its folder exists and may be written.") from None
        return connection

    @staticmethod
    async def _opened_by(connect: Callable[[], sqlite3.Connection]) -> LiteConnection:
        made = LiteConnection(connect, ROWS_AT_ONCE)
        _ = await made
        return made

    def _connect_reader(self) -> sqlite3.Connection:
        return self._reading(self._connect())

    @staticmethod
    def _reading(connection: sqlite3.Connection) -> sqlite3.Connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -8000")
        return connection

    # ---- work

    async def hop(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something in the writing connection's thread; what is handed in first is done first."""
        if self._writer is None:
            raise RuntimeError("the database is not open")
        return await self._writer.job(step, *args, **kwargs)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One writing transaction."""
        session = LiteSession(self.connection)
        async with self._lock:
            result = await self.hop(self._write, partial(work, session, *args, **kwargs))
        self.tell(session.topics)
        return result

    def _write(self, work: Begun[T]) -> T:
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = drive(work())
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    async def peek(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A short look at what was committed last, here and now: a hop would cost more than it takes."""
        if not self.in_memory:
            return drive(work(LiteSession(self._peephole), *args, **kwargs))
        async with self._lock:
            return await self.hop(_drive_there, partial(work, LiteSession(self.connection), *args, **kwargs))

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One consistent look, beside the writers."""
        if not self._reads_beside:
            return await self.peek(work, *args, **kwargs)
        reader = await self._idle.get()
        try:
            return await asyncio.shield(reader.job(self._read, reader.raw, lambda s: work(s, *args, **kwargs)))
        finally:
            self._idle.put_nowait(reader)

    def _read(self, connection: sqlite3.Connection, look: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        connection.execute("BEGIN")
        try:
            return drive(look(LiteSession(connection)))
        finally:
            connection.execute("COMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[LiteTransaction]:
        """A writing transaction in two steps; others wait for its end."""
        async with self._lock:
            transaction = LiteTransaction(self)
            try:
                yield transaction
            finally:
                if transaction.open:
                    # Even when this task is cancelled: the thread does it before anything that is handed in later.
                    await asyncio.shield(self.hop(transaction.rollback))

    # ---- who else is there

    def tell(self, topics: set[str]) -> None:
        """Wake whoever listens in this process."""
        for topic in topics:
            for callback in self._callbacks:
                callback(topic)

    def listen(self, callback: Callable[[str], None], *, elsewhere: bool = True) -> None:
        """Hear the topics of this process's transactions; those of commands in other processes once it watches."""
        _ = elsewhere
        self._callbacks.append(callback)

    @property
    def hears_others(self) -> bool:
        """Whether it watches the file."""
        return self._watch is not None

    def own(self, name: str) -> AbstractAsyncContextManager[None]:
        """One process alone runs on this file; so only its own tasks can ask for the same name."""
        return self._owners[name]

    def watch(self, topics: Callable[[], set[str]]) -> None:
        """Notice within half a second what commands in other processes write."""
        self._watch = asyncio.create_task(self._look_around(topics), name="sqlite-watch")

    async def _look_around(self, topics: Callable[[], set[str]]) -> None:
        last = -1
        while True:
            await asyncio.sleep(LOOK_AROUND_S)
            with suppress(sqlite3.OperationalError):
                version = await self.hop(self._data_version)
                if last not in {-1, version}:
                    self.tell(topics())
                last = version

    def _data_version(self) -> int:
        """Changes when another connection commits."""
        found: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return found
