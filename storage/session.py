"""A transaction as the storage's functions see it, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.errors import AfterwordError
from storage.statements import Query, Write

P = ParamSpec("P")
T = TypeVar("T")
Row = Sequence[Any]


class Raced(AfterwordError):
    """Another process wrote the same thing at the same moment: do the whole transaction again."""


class Session(Protocol):
    """Statements of one transaction. `topics`: who is to be woken once it is committed.

    On SQLite nothing here ever waits: a whole transaction runs in the connection's own thread, in one go.
    """

    postgres: bool
    topics: set[str]

    async def rows(self, query: Query, *values: object) -> Sequence[Row]:
        """All rows of a query."""
        ...

    async def run(self, query: Query, *values: object) -> int:
        """Change something; returns how many rows."""
        ...

    async def put(self, write: Write, rows: Sequence[Row]) -> None:
        """Write many rows with one statement."""
        ...

    async def add(self, write: Write, rows: Sequence[Row]) -> dict[Any, int]:
        """Insert many rows; the numbers of those that were new, by their unique column."""
        ...

    async def append(self, write: Write, rows: Sequence[Row]) -> list[int]:
        """Insert many rows that nothing can stand against; their numbers, in order."""
        ...

    async def numbers(self, table: str, count: int) -> list[int]:
        """Fresh numbers for rows of a table."""
        ...


Work = Callable[Concatenate[Session, P], Coroutine[Any, Any, T]]


class Transaction(Protocol):
    """A transaction in two steps, with other work between them. Left without `commit`, it is rolled back."""

    async def begin(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Open it and do the first part."""
        ...

    async def commit(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the last part and commit."""
        ...


class Engine(Protocol):
    """A database: transactions, sole ownership, and news of what others wrote."""

    dialect: str

    async def open(self) -> None:
        """Connect."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One writing transaction; done again when it raced with another process."""
        ...

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One consistent look, beside the writers."""
        ...

    async def peek(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A short look on the writers' own connection, without a transaction."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A writing transaction in two steps."""
        ...

    def own(self, name: str) -> AbstractAsyncContextManager[None]:
        """Be the only owner of a name; waits for it."""
        ...

    def listen(self, callback: Callable[[str], None], *, elsewhere: bool = True) -> None:
        """Hear the topics of every committed transaction, this process's and (`elsewhere`) others'."""
        ...

    @property
    def hears_others(self) -> bool:
        """Whether what other processes write is heard of."""
        ...
