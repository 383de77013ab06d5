"""Half a year of a shop, made from a seed: bare rows, put into the tables as they are. Answers come from DuckDB."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import duckdb

from storage.codec import micros, to_json
from storage.database import Database
from storage.session import Session
from storage.statements import insert

Rows = list[dict[str, Any]]
UNTIL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAYS = 200
PRODUCTS = ("Boots", "Sandals", "Socks", "Laces & more")
TOPICS = ("delivery", "price", "size", "quality")
LABELS = ("positive", "neutral", "negative", "mixed", "unknown")
REASONS = ("unhappy", "alarm word", "asked for a person", "unclear", "high value")
FLAGS = frozenset({"worded", "counts_unhappy", "recovered"})


async def put_rows(database: Database, tables: Mapping[str, Rows]) -> None:
    """Rows of each table as they are, and the tallies made from them."""

    async def write(session: Session) -> None:
        for table, rows in tables.items():
            columns = list(rows[0])
            await session.put(insert(table, " ".join(columns)), [tuple(row[c] for c in columns) for row in rows])

    await database._engine.write(write)
    await database.repair_figures(correct=True)


class Seeded:
    """The rows of a made shop, by table. What a customer did, `_customer` says; the same seed says the same."""

    NUMBERED_FROM: ClassVar[int] = 1000
    STAFF: ClassVar[tuple[tuple[str, str], ...]] = (("Zoe", "901"), ("Kim", "902"))

    def __init__(self, seed: int, customers: int) -> None:
        self.seed = seed
        self.tables: dict[str, Rows] = {
            name: [] for name in ("customer", "staff", "purchase", "ask", "feedback", "case")
        }
        self._random = random.Random(seed)
        self._number = self.NUMBERED_FROM
        for number, (name, external) in enumerate(self.STAFF, start=1):
            self._add("staff", id=number, channel="telegram", external=external, name=name)
        for customer in range(1, customers + 1):
            self._customer(customer)

    def _customer(self, customer: int) -> None:
        raise NotImplementedError

    def _add(self, table: str, **row: Any) -> None:
        self.tables[table].append(row)

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def put(self, database: Database) -> None:
        """Into the tables; the tallies are made from them."""
        await put_rows(database, self.tables)

    def asked(self) -> duckdb.DuckDBPyConnection:
        """The same rows for somebody else to count; `at` is a word of DuckDB's own, so it is `moment` there."""
        database = duckdb.connect()
        for table, rows in self.tables.items():
            kinds = {name: _kind(table, name) for name in rows[0]}
            columns = ", ".join(f'"{"moment" if name == "at" else name}" {kind}' for name, kind in kinds.items())
            database.execute(f'CREATE TABLE "{table}" ({columns})')
            values = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.values())
            database.execute(
                f'INSERT INTO "{table}" SELECT {values}',
                [[row[name] for row in rows] for name in kinds],
            )
        return database


class Shop(Seeded):
    """Half a year of a shop."""

    def __init__(self, seed: int, customers: int = 150) -> None:
        super().__init__(seed, customers)

    def _customer(self, customer: int) -> None:
        self._add("customer", id=customer, name=f"Name{customer} Family{customer}")
        for _ in range(self._random.choice((1, 1, 1, 2, 3, 6))):
            self._purchase(customer)
        if self._random.random() < 0.2:
            self._said(customer, None, self._moment(), self._cut("web", ""))

    def _moment(self, since: datetime | None = None, hours: float = 24 * DAYS) -> datetime:
        begins = since or UNTIL - timedelta(days=DAYS)
        return begins + timedelta(seconds=self._random.randrange(1, int(hours * 3600)))

    def _cut(self, channel: str, product: str) -> str:
        tier = self._random.choice(("top", "standard", "standard", "standard"))
        level = {"top": "proactive", "standard": "accountable"}[tier]
        return "\t".join((channel, tier, level, self._random.choice(("", "spring")), product))

    def _purchase(self, customer: int) -> None:
        pick, number, paid = self._random, self._next(), self._moment()
        product, channel = pick.choice(PRODUCTS), pick.choice(("telegram", "slack"))
        self._add(
            "purchase",
            id=number,
            customer_id=customer,
            shop="main",
            order_id=str(number),
            amount=pick.choice((None, *(pick.randrange(1, 900_000) * 100 for _ in range(20)))),
            currency=pick.choice(("EUR", "EUR", "EUR", "USD")),
            items="",
            extra="",
            paid_at=micros(paid),
            refunded_at=micros(self._moment(paid, 900)) if pick.random() < 0.1 else None,
            cancelled_at=micros(paid) if pick.random() < 0.05 else None,
            cut=self._cut("", product),
        )
        if pick.random() < 0.9:
            self._ask(customer, number, paid, self._cut(channel, product), channel)

    def _ask(self, customer: int, number: int, paid: datetime, cut: str, channel: str) -> None:
        pick, delivered = self._random, self._moment(paid, 100)
        unsent = pick.random() < 0.1
        answered = None if unsent or pick.random() < 0.4 else self._moment(delivered, pick.choice((1, 400)))
        self._add(
            "ask",
            id=number,
            customer_id=customer,
            state="answered" if answered else "sent",
            planned_at=micros(paid),
            delivered_at=None if unsent else micros(delivered),
            answered_at=micros(answered) if answered else None,
            reminded_at=micros(delivered) if pick.random() < 0.2 else None,
            channel=channel,
            why="",
            cut=cut,
        )
        for _ in range(pick.choice((1, 1, 2, 3)) if answered else 0):
            self._said(customer, number, answered or delivered, cut)
            answered = self._moment(answered, 300)

    def _said(self, customer: int, purchase: int | None, at: datetime, cut: str) -> None:
        pick = self._random
        rating = pick.choice((None, 1, 2, 3, 4, 5, 5, 5)) if purchase else None
        label = pick.choice(LABELS)
        worded = rating is None or pick.random() < 0.3
        number = self._next()
        self._add(
            "feedback",
            id=number,
            customer_id=customer,
            event_id=number,
            at=micros(at),
            purchase_id=purchase,
            rating=rating,
            text="the zipper broke" if worded else "",
            worded=worded,
            label=label,
            score=0.0 if label == "unknown" else round(pick.uniform(-1, 1), 4),
            unhappy=0.5,
            counts_unhappy=rating in {1, 2} if rating else label == "negative",
            corrected=pick.choice(("", "", "", "", "negative", "positive")) if worded else "",
            likelihood=pick.choice((None, None, None, 0, 6, 7, 8, 9, 10)) if worded else None,
            topics=" ".join(f"{t}:{pick.choice((-0.8, 0, 0.5))}" for t in pick.sample(TOPICS, pick.randrange(3)))
            if worded
            else "",
            cut=cut,
        )
        if label == "negative" or pick.random() < 0.2:
            self._case(customer, number, at, cut)

    def _case(self, customer: int, number: int, at: datetime, cut: str) -> None:
        pick = self._random
        human = self._moment(at, pick.choice((1, 60))) if pick.random() < 0.8 else None
        first = self._moment(human or at, 50) if pick.random() < 0.7 else None
        state = pick.choice(("resolved", "resolved", "resolved", "reopened")) if first else "claimed"
        resolved = self._moment(first, 40) if first and pick.random() < 0.4 else first
        kinds = pick.sample(REASONS, pick.choice((1, 2)))
        late = [{"promise": p, "due_at": self._moment(at, 30).isoformat()} for p in ("first_reply", "resolution")]
        self._add(
            "case",
            id=number,
            customer_id=customer,
            state=state,
            opened_at=micros(at),
            reasons=to_json([{"kind": kind, "evidence": "", "at": at.isoformat()} for kind in kinds]),
            desk="telegram",
            owner=pick.choice((1, 2)) if human else None,
            owner_name="",
            claimed_at=micros(human) if human else None,
            first_human_at=micros(human) if human else None,
            first_resolved_at=micros(first) if first else None,
            resolved_at=micros(resolved) if resolved and state == "resolved" else None,
            recovered=pick.choice((None, True, True, False)) if first else None,
            unhappy=0.5,
            breaches=to_json(late[: pick.choice((0, 0, 0, 1, 2))]),
            cut=cut,
        )


def _kind(table: str, name: str) -> str:
    if name in FLAGS:
        return "BOOLEAN"
    if name in {"score", "unhappy"}:
        return "DOUBLE"
    numbers = {"id", "at", "amount", "rating", "likelihood", "owner"}
    return "BIGINT" if name in numbers or (name.endswith(("_at", "_id")) and name != "order_id") else "VARCHAR"
