"""`run` and `doctor`: the whole program, started and stopped in order; and what is wrong with it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import AfterwordError, Refused
from bot.ports import Clock, Edge
from bot.program import Program
from bot.runtime import logs
from bot.runtime.collecting import collect_seldom
from bot.runtime.service import Service
from bot.settings import Settings
from bot.wiring import (
    House,
    RunRole,
    build_house,
    build_service,
    health,
    metrics_text,
    open_database,
    seat_everybody,
)
from handlers.serving import bind, build_app, serve
from sentiment import Scorer, model_problem

LOGIN_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Running:
    """What a start brought up."""

    house: House
    service: Service
    url: str
    login: str


async def run_program(settings: Settings, program: Program, role: RunRole) -> None:
    """Run until SIGINT or SIGTERM."""
    logs.configure(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with started(settings, program, role, stop) as running:
        collect_seldom()
        sys.stdout.write(welcome(running, role))
        sys.stdout.flush()
        await stop.wait()


@contextlib.asynccontextmanager
async def started(
    settings: Settings,
    program: Program,
    role: RunRole,
    stop: asyncio.Event,
    clock: Clock | None = None,
    scorer: Scorer | None = None,
) -> AsyncIterator[Running]:
    """Everything up; on leaving, everything down again in order."""
    listener = bind(settings.http_host, settings.http_port)
    try:
        settings = settings.model_copy(update={"http_port": listener.port})
        async with open_database(settings, program, clock, exclusive=True) as (database, used_clock):
            await seat_everybody(database, settings)
            house = build_house(settings, program, database, used_clock, pages=role != "worker")
            web = house.edges if role != "worker" else []

            web_app = build_app(web, lambda: health(house), lambda: metrics_text(house))
            service = build_service(house, role, lambda: serve(web_app, listener), scorer)
            main = asyncio.create_task(service.run(stop), name="service")
            await _until_ready(service, main)
            token = await database.issue_login("console:owner", used_clock.now() + LOGIN_LASTS)
            login = f"{settings.base_url}/login?token={token}"
            try:
                yield Running(house, service, listener.url, login)
            finally:
                stop.set()
                await main
    finally:
        listener.close()


async def _until_ready(service: Service, main: asyncio.Task[None]) -> None:
    waiter = asyncio.create_task(service.ready.wait())
    await asyncio.wait({waiter, main}, return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()
    if main.done():
        await main


def welcome(running: Running, role: RunRole) -> str:
    """What the person who started it reads."""
    house, url = running.house, running.house.settings.base_url
    lines = ["", f"Afterword runs for {house.program.shop.name}."]
    if role == "worker":
        return "\n".join([*lines, "This worker decides and delivers; pages are with the edge.", ""])
    on = [name for name in ("telegram", "slack") if name in house.channels]
    if on:
        lines.append(f"Channels: {', '.join(on)} and the web chat. Cases go to the {house.desk} desk.")
    else:
        lines.append("No Telegram or Slack token is set, so it runs with the web chat and the console alone.")
    lines += [f"Web chat:  {url}/chat", f"Console:   {running.login}", "           (opens once, within an hour)"]
    return "\n".join([*lines, "", "Ctrl-C stops it.", ""]) + "\n"


async def examine(settings: Settings, program: Program, say: Callable[[str], None]) -> list[str]:
    """Look at everything that can be wrong; returns the problems, each with advice."""
    logs.configure("ERROR", settings.log_format)
    say(f"✓ settings; program of {program.shop.name}")
    problems: list[str] = []
    try:
        async with open_database(settings, program) as (database, clock):
            say(f"✓ database ({database.dialect})")
            house = build_house(settings, program, database, clock, pages=False)
            for edge in house.edges:
                found = await _edge_problems(edge)
                problems += found
                if not found:
                    say(f"✓ {edge.name}")
            problems += _advice(settings, program, house)
            problems += understanding(settings, say)
    except Refused as error:
        problems.append(str(error))
    return problems


def understanding(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """What is wrong with the model that reads replies, when it is wanted."""
    if settings.scorer != "reader":
        say(f"✓ replies are read by {settings.scorer}, as SCORER says")
        return []
    problem = model_problem()
    if problem:
        return [f"Replies are read by rules and TextBlob only: {problem}. Install Afterword again to mend it."]
    say("✓ model that reads replies")
    return []


async def _edge_problems(edge: Edge) -> list[str]:
    try:
        return [f"{edge.name}: {problem}" for problem in await edge.problems()]
    except AfterwordError as error:
        return [f"{edge.name}: {error}"]
    finally:
        with contextlib.suppress(Exception):
            await edge.stop()


def _advice(settings: Settings, program: Program, house: House) -> list[str]:
    problems = []
    wished = program.desk.channel
    if wished and wished != house.desk:
        name = {"telegram": "TELEGRAM_DESK_CHAT", "slack": "SLACK_DESK_CHANNEL"}[wished]
        problems.append(f"The program wants the {wished} desk, but {name} is not set: set it, or change [desk].")
    if house.desk != "console" and not (settings.agents or settings.managers):
        problems.append("Nobody may take cases yet: name people in AGENTS, or use `afterword agents add`.")
    return problems


async def links_for(settings: Settings, program: Program, token: str) -> dict[str, str]:
    """Every configured channel's deep link with this token."""
    async with open_database(settings, program) as (database, clock):
        house = build_house(settings, program, database, clock, pages=False)
        found: dict[str, str] = {}
        for name, channel in house.channels.items():
            identify = getattr(channel, "identify", None)
            if identify is not None:
                await identify()
            link = channel.link(token)
            if link:
                found[name] = link
            with contextlib.suppress(Exception):
                await channel.stop()
        return found
