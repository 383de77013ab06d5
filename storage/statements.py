"""SQL as it is sent: written once in PostgreSQL's words, put into SQLite's where the two differ.

The texts never change with the size of a batch (a list is one parameter), so both drivers prepare each of them once.
SQLAlchemy's own execution costs 4 times (sync) to 25 times (async) as much CPU per statement on SQLite, and 2.5 times
on PostgreSQL; here it describes the tables and migrates them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIFFERENCES = (
    (re.compile(r"<> ALL\((\$\d+)\)"), r"NOT IN (SELECT value FROM json_each(\1))"),
    (re.compile(r"= ANY\((\$\d+)\)"), r"IN (SELECT value FROM json_each(\1))"),
    (re.compile(r"::\w+(?:\[\])?"), ""),
    (re.compile(r"\bLEAST\("), "MIN("),
    (re.compile(r"\bGREATEST\("), "MAX("),
    (re.compile(r"\s+FOR UPDATE[\w ]*"), ""),
)

_PARAMETER = re.compile(r"\$(\d+)")

_NUMBERS = frozenset(
    {"id", "at", "kept", "merged", "owner", "merged_into", "amount", "round", "rating", "priority", "follow_ups"}
    | {"attempts", "leased_until", "reports_delivery_since", "waiting_since", "away_since", "away_until"}
    | {"offered_to", "offer_round"}
    | {"quarter", "seconds", "low", "high", "pace", "part", "engaged", "again", "bin", "month", "later", "likelihood"}
    | {"care_until"}
)
_FLAGS = frozenset(
    {
        "hinted",
        "introduced",
        "granted",
        "opted_out",
        "worded",
        "counts_unhappy",
        "recovered",
        "spare",
        "receipt",
        "uncertain",
        "told",
        "invited",
        "liked",
        "unhappy_before",
        "unhappy_after",
    }
)
_FLOATS = frozenset({"score", "unhappy"})
_TEXTS = frozenset({"order_id"})


def kind_of(column: str) -> str:
    """PostgreSQL's type of a column, from its name; a test holds this against the tables."""
    if column in _TEXTS:
        return "text"
    if column in _NUMBERS or column.endswith(("_at", "_id", "_n")):
        return "bigint"
    if column in _FLAGS:
        return "boolean"
    return "double precision" if column in _FLOATS else "text"


def to_lite(text: str) -> tuple[str, tuple[int, ...]]:
    """The same statement in SQLite's words, and which parameter (from 0) each of its `?` takes."""
    for pattern, replacement in _DIFFERENCES:
        text = pattern.sub(replacement, text)
    places = tuple(int(number) - 1 for number in _PARAMETER.findall(text))
    return _PARAMETER.sub("?", text), places


class Query:
    """One statement. Parameters are `$1`, `$2`…; `= ANY($1)` takes a list. `lite` where SQLite needs other words."""

    __slots__ = ("lite", "order", "postgres")

    def __init__(self, postgres: str, lite: str | None = None) -> None:
        self.postgres = postgres
        self.lite, places = to_lite(lite or postgres)
        self.order = () if places == tuple(range(len(places))) else places
        """On SQLite: which parameter each `?` takes, where they are not simply taken in turn."""


class Write:
    """A statement for many rows at once: `executemany` on SQLite, `unnest` of one array per column on PostgreSQL."""

    __slots__ = ("found", "last", "lite", "postgres", "unique")

    def __init__(self, postgres: str, lite: str) -> None:
        self.postgres = postgres
        self.lite = lite
        self.unique = -1
        self.last = self.found = ""

    def answering(self, table: str, unique: int, column: str) -> Write:
        """On SQLite: how to learn the numbers of new rows. Only one transaction writes at a time."""
        self.unique = unique
        self.last = f'SELECT max(id) FROM "{table}"'  # noqa: S608 - our own names
        self.found = f'SELECT {column}, id FROM "{table}" WHERE {column} IN (SELECT value FROM json_each(?))'  # noqa: S608
        return self


def _arrays(columns: Sequence[str]) -> str:
    return ", ".join(f"${place}::{kind_of(column)}[]" for place, column in enumerate(columns, start=1))


def insert(table: str, columns: str, *, conflict: str = "", unique: str = "") -> Write:
    """New rows. `conflict` says what to do about known ones; `unique`: the column by which `Session.add` answers."""
    names = columns.split()
    listed = ", ".join(names)
    ending = f" ON CONFLICT {conflict}" if conflict else ""
    head = f'INSERT INTO "{table}" ({listed})'
    returning = f" RETURNING id, {unique}" if unique else ""
    postgres = f"{head} SELECT * FROM unnest({_arrays(names)}){ending}{returning}"  # noqa: S608 - our own names
    lite = f"{head} VALUES ({', '.join('?' * len(names))}){ending}"
    made = Write(postgres, lite)
    return made.answering(table, names.index(unique), unique) if unique else made


def upsert(table: str, key: str, columns: str, *, fixed: str = "") -> Write:
    """New rows, or new values for known ones. `fixed` columns are written only when the row is new."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns.split())
    return insert(table, f"{key} {columns} {fixed}", conflict=f"({', '.join(key.split())}) DO UPDATE SET {changes}")


def update(table: str, key: str, columns: str, *, where: str = "") -> Write:
    """New values for rows known by `key`. `where` holds further conditions on the table's own columns."""
    keys, names = key.split(), columns.split()
    every = [*names, *keys]
    more = f" AND {where}" if where else ""
    changes = ", ".join(f"{name} = v.{name}" for name in names)
    match = " AND ".join(f"t.{name} = v.{name}" for name in keys)
    source = f"unnest({_arrays(every)}) AS v({', '.join(every)})"
    postgres = f'UPDATE "{table}" AS t SET {changes} FROM {source} WHERE {match}{more}'  # noqa: S608 - our own names
    lite_changes = ", ".join(f"{name} = ?" for name in names)
    lite_match = " AND ".join(f"{name} = ?" for name in keys)
    lite = f'UPDATE "{table}" AS t SET {lite_changes} WHERE {lite_match}{more}'  # noqa: S608 - our own names
    return Write(postgres, lite)
