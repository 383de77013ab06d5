"""What the tests may count on: PostgreSQL and Chromium where there are any, and no network but this machine's own."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from hypothesis import settings
from sqlalchemy.engine import make_url

from bot.runtime import logs

LOCAL_POSTGRES = "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What this machine has. An empty `…_missing` means that it is there."""

    postgres: str
    postgres_missing: str
    chromium: str
    chromium_missing: str

    @property
    def missing(self) -> dict[str, str]:
        """Marker → why its tests are left out."""
        reasons = {"postgres": self.postgres_missing, "browser": self.chromium_missing}
        return {marker: reason for marker, reason in reasons.items() if reason}


FOUND = pytest.StashKey[Surroundings]()
LEFT_OUT = pytest.StashKey[dict[str, int]]()


@pytest.fixture(autouse=True)
def own_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test sets up for its logs (a command that only tells errors) ends with it."""
    monkeypatch.setattr(logs, "KEEPS_LOGGERS", False)
    yield
    structlog.reset_defaults()


# --- looking around --------------------------------------------------------------------------------------------------


async def why_no_postgres(url: str) -> str:
    """Empty when databases can be created on the server at `url`."""
    try:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain, timeout=5)
        try:
            may = await connection.fetchval("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        finally:
            await connection.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no server to use, and it is said which
        return f"no PostgreSQL answers at {shown(url)}: {str(error) or type(error).__name__}"
    return "" if may else f"the role in {shown(url)} may not create databases"


def shown(url: str) -> str:
    """`url` without its password."""
    return make_url(url).render_as_string()


def find_chromium() -> str:
    """Path of the first browser found, or empty."""
    named = os.environ.get("CHROMIUM")
    candidates = (named,) if named else BROWSERS
    return next((path for path in map(shutil.which, candidates) if path), "")


def look_around() -> Surroundings:
    """See what this machine has; what was named on purpose and isn't there is a mistake."""
    named = os.environ.get("AFTERWORD_TEST_POSTGRES")
    url = named or LOCAL_POSTGRES
    postgres_missing = asyncio.run(why_no_postgres(url))
    if postgres_missing and named:
        message = f"AFTERWORD_TEST_POSTGRES is set, but {postgres_missing}"
        raise pytest.UsageError(message)
    chromium = find_chromium()
    if not chromium and os.environ.get("CHROMIUM"):
        message = f"CHROMIUM is set, but {os.environ['CHROMIUM']} is not a program"
        raise pytest.UsageError(message)
    return Surroundings(
        postgres="" if postgres_missing else url,
        postgres_missing=postgres_missing and f"{postgres_missing} (set AFTERWORD_TEST_POSTGRES to use another)",
        chromium=chromium,
        chromium_missing="" if chromium else f"none of {', '.join(BROWSERS)} is installed (CHROMIUM may name one)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look around once, in the first process; its helpers are told."""
    told = getattr(config, "workerinput", {}).get("surroundings")
    found = Surroundings(**told) if told else look_around()
    if found.missing and os.environ.get("AFTERWORD_REQUIRE_ALL") == "1":
        message = "AFTERWORD_REQUIRE_ALL=1, but " + "; ".join(found.missing.values())
        raise pytest.UsageError(message)
    config.stash[FOUND] = found
    close_the_outside(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a helping process what the first one found."""
    node.workerinput["surroundings"] = asdict(node.config.stash[FOUND])


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Before the tests: what is there and what will be left out."""
    found = config.stash[FOUND]
    return [
        f"PostgreSQL: {shown(found.postgres) if found.postgres else 'tests left out: ' + found.postgres_missing}",
        f"Chromium: {found.chromium or 'tests left out: ' + found.chromium_missing}",
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL or Chromium by the fixtures it uses, and leave out what can't be had."""
    needs = {"postgres_url": "postgres", "chromium": "browser"}
    missing = config.stash[FOUND].missing
    for item in items:
        for fixture in needs.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(needs[fixture])
        for marker in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=missing[marker]))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """After the tests: what was left out, and why."""
    skipped = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if report.longrepr]
    for reason in config.stash[FOUND].missing.values():
        count = sum(reason in words for words in skipped)
        terminalreporter.write_line(f"Left out: {count} tests: {reason}", yellow=True)


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> str:
    """A PostgreSQL server, as a role that may create databases there: make one of your own, and drop it."""
    found = pytestconfig.stash[FOUND]
    if found.postgres_missing:
        pytest.skip(found.postgres_missing)
    return found.postgres


@pytest.fixture(scope="session")
def chromium(pytestconfig: pytest.Config) -> Path:
    """A Chromium to start without a screen."""
    found = pytestconfig.stash[FOUND]
    if found.chromium_missing:
        pytest.skip(found.chromium_missing)
    return Path(found.chromium)


# --- no network but this machine's own -------------------------------------------------------------------------------


class OutsideClosed(RuntimeError):
    """A test tried to reach another machine. Not an OSError: nothing shall take it for a passing trouble and retry."""


def is_here(host: object) -> bool:
    """Whether `host`, a name or an address, is this machine."""
    if host is None or host in {"", "localhost", b"localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def close_the_outside(config: pytest.Config) -> None:
    """Let sockets connect to this machine only, and names be looked up for this machine only."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)

    def guard(original: Any) -> Any:
        def guarded(self: socket.socket, address: Any, *rest: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(address[0]):
                message = f"tests may not reach {address[0]}"
                raise OutsideClosed(message)
            return original(self, address, *rest)

        return guarded

    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, guard(getattr(socket.socket, name)))

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if not is_here(host):
            message = f"tests may not look up {host}"
            raise OutsideClosed(message)
        return look_up(host, *rest, **options)

    patch.setattr(socket, "getaddrinfo", guarded_look_up)


# --- Hypothesis ------------------------------------------------------------------------------------------------------

# No deadline: on a busy machine the first example of a slow import says nothing about the code.
settings.register_profile("afterword", deadline=None)
settings.load_profile("afterword")
