"""The only file that knows concrete classes: it puts the rooms together."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from bot.domain.staff import Role
from bot.errors import Refused
from bot.ports import Channel, Clock, Edge, Pace, Surroundings
from bot.program import Program
from bot.runtime import metrics
from bot.runtime.clock import SystemClock
from bot.runtime.delivery import DeliveryLoop
from bot.runtime.intake import BatchingIntake
from bot.runtime.openings import Openings
from bot.runtime.outreach import PlannerLoop
from bot.runtime.pacing import Pacer
from bot.runtime.reports import PICTURE, Reports
from bot.runtime.service import Service, Waker, fetch_from
from bot.runtime.turning import TurnLoop
from bot.runtime.watching import Watch
from bot.settings import Settings
from handlers import build_edges, edge_names
from sentiment import Scorer, named_scorer
from storage.clock import DatabaseClock
from storage.database import Database
from storage.migrating import is_sqlite, migrate, sqlite_path

log = structlog.get_logger()
RunRole = Literal["all", "edge", "worker"]
WORKER_EDGES = ("telegram", "slack", "webchat", "console")


def secret_of(settings: Settings) -> bytes:
    """SECRET_KEY, or one that is made once and kept beside the SQLite database."""
    if settings.secret_key:
        return settings.secret_key.encode()
    if not is_sqlite(settings.database_url):
        raise Refused("SECRET_KEY is not set.", "Set it to any string of 32 characters or more, the same everywhere.")
    path = sqlite_path(settings.database_url)
    file = Path(f"{path}.key").resolve() if path != ":memory:" else None
    if file is None:
        return secrets.token_bytes(32)
    if not file.exists():
        log.warning("SECRET_KEY is not set: one was made and is kept beside the database", file=str(file))
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text().strip().encode()


@dataclass(slots=True)
class House:
    """Everything built, nothing started but the database."""

    settings: Settings
    program: Program
    clock: Clock
    database: Database
    waker: Waker
    edges: list[Edge]
    channels: dict[str, Channel]
    intake: BatchingIntake
    reports: Reports

    @property
    def desk(self) -> str:
        """Where new cases go: the program's desk when it runs, else the first configured one, else the console."""
        return self.database.desk

    @property
    def desks(self) -> tuple[str, ...]:
        """Every desk that shows cases, the main one first."""
        return self.database.desks


def desk_of(settings: Settings, program: Program, channels: dict[str, Channel]) -> str:
    """The desk that the program names, if it can work; else the first that can."""
    able = _able_desks(settings, channels)
    wished = program.desk.channel
    if wished in able:
        return str(wished)
    if wished in {"telegram", "slack"}:
        log.warning("the program's desk is not set up, so cases go elsewhere", desk=wished)
    return "console" if wished == "console" or not able else able[0]


def mirrors_of(settings: Settings, program: Program, channels: dict[str, Channel]) -> tuple[str, ...]:
    """The further desks where every case shows: all that are set up, unless the program wants one alone."""
    main = desk_of(settings, program, channels)
    return tuple(name for name in _able_desks(settings, channels) if name != main) if program.desk.mirror else ()


def _able_desks(settings: Settings, channels: dict[str, Channel]) -> list[str]:
    named = {"telegram": settings.telegram_desk_chat is not None, "slack": bool(settings.slack_desk_channel)}
    return [name for name, configured in named.items() if configured and name in channels]


@asynccontextmanager
async def open_database(
    settings: Settings, program: Program, clock: Clock | None = None, *, exclusive: bool = False
) -> AsyncIterator[tuple[Database, Clock]]:
    """A database that is ready to use; SQLite is brought to the newest schema by the running program."""
    lite = is_sqlite(settings.database_url)
    if lite and exclusive:
        await migrate(settings.database_url)
    chosen = clock or (SystemClock() if lite else DatabaseClock(settings.database_url))
    database = Database(settings.database_url, program, chosen, secret_of(settings))
    await database.start(exclusive=exclusive)
    try:
        if isinstance(chosen, DatabaseClock):
            await chosen.start()
        yield database, chosen
    finally:
        if isinstance(chosen, DatabaseClock):
            await chosen.stop()
        await database.stop()


def configured_channels(settings: Settings) -> frozenset[str]:
    """The channels to customers that these settings turn on, without building any."""
    return frozenset(
        name
        for name, on in (
            ("telegram", settings.telegram_bot_token),
            ("slack", settings.slack_bot_token),
            ("web", True),
        )
        if on
    )


async def seat_everybody(database: Database, settings: Settings) -> None:
    """AGENTS and MANAGERS hold their roles from the start; who was taken off the list loses the role."""
    wanted = [(*who, Role.AGENT) for who in settings.agent_identities]
    wanted += [(*who, Role.MANAGER) for who in settings.manager_identities]
    for channel, external, role in wanted:
        await database.seat(channel, external, role, source="settings")
    for person in await database.staff():
        for role in person.roles:
            if (person.channel, person.external, role) not in wanted:
                await database.unseat(person.channel, person.external, role, source="settings")
    for role in (Role.AGENT, Role.MANAGER):
        await database.seat("console", "owner", role, "Owner", "console")
    await database.free_abandoned()


def build_house(settings: Settings, program: Program, database: Database, clock: Clock, *, pages: bool = True) -> House:
    """Build every edge that is configured."""
    waker = Waker()
    channels: dict[str, Channel] = {}
    intake = BatchingIntake(database, clock, lambda: waker("turn"))

    def links(token: str) -> dict[str, str]:
        found = {name: channel.link(token) for name, channel in channels.items()}
        return {name: link for name, link in found.items() if link}

    reports = Reports(database, program, clock, lambda token: f"{settings.base_url}/login?token={token}")
    surroundings = Surroundings(
        settings=settings,
        program=program,
        clock=clock,
        intake=intake,
        store=database,
        records=database,
        secret=secret_of(settings),
        links=links,
        fetch=fetch_from(channels, {PICTURE: reports.fetch}),
        woken=waker.listen,
    )
    edges = build_edges(surroundings, edge_names() if pages else WORKER_EDGES)
    channels.update({edge.name: edge for edge in edges if hasattr(edge, "deliver")})  # type: ignore[misc]
    database.channels = frozenset(name for name, channel in channels.items() if channel.serves_customers)
    database.desk = desk_of(settings, program, channels)
    database.mirrors = mirrors_of(settings, program, channels)
    database.on_wake(waker)
    return House(settings, program, clock, database, waker, edges, channels, intake, reports)


def build_service(
    house: House, role: RunRole, serve: Callable[[], Awaitable[None]] | None, scorer: Scorer | None = None
) -> Service:
    """The loops that a role runs."""
    unlimited = house.settings.sending_limits == "off"
    openings = Openings(house.database, house.program, house.clock)
    deliveries = {
        name: DeliveryLoop(
            channel,
            house.database,
            house.clock,
            fetch_from(house.channels, {PICTURE: house.reports.fetch}),
            house.reports.render,
            Pacer(Pace()) if unlimited else None,
            opening=openings,
        )
        for name, channel in house.channels.items()
    }
    for name, channel in house.channels.items():
        if hasattr(channel, "on_desk_back"):
            channel.on_desk_back = deliveries[name].try_desk
    worker = f"{socket.gethostname()}:{os.getpid()}"
    turns = TurnLoop(house.database, scorer or named_scorer(house.settings.scorer), house.program, house.clock, worker)
    works = role in {"all", "worker"}
    return Service(
        store=house.database,
        edges=house.edges,
        turns=turns if works else None,
        deliveries=deliveries if works else {},
        watch=Watch(house.database, house.intake, house.program, house.clock) if works else None,
        waker=house.waker,
        serve=serve,
        receive=role in {"all", "edge"},
        planner=PlannerLoop(house.database, house.database, house.clock, house.program.outreach.plan_every)
        if works
        else None,
    )


async def health(house: House) -> tuple[bool, dict[str, object]]:
    """What /readyz says: the database answers, each channel works."""
    try:
        await house.database.counts()
        database = True
    except Exception:  # noqa: BLE001 - whatever it is, the database is not ready
        database = False
    channels = {edge.name: edge.ready for edge in house.edges}
    return database and all(channels.values()), {"database": database, "channels": channels}


async def metrics_text(house: House) -> bytes:
    """What /metrics says."""
    return metrics.text(await house.database.counts())


__all__ = [
    "Database",
    "House",
    "RunRole",
    "build_house",
    "build_service",
    "configured_channels",
    "health",
    "metrics_text",
    "migrate",
    "open_database",
    "seat_everybody",
]
