"""Everything on PostgreSQL, and several processes over one database."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_kill import environment, exported, free_port, program
from tests.journeys.test_telegram import Stage, people, set_up
from tests.wire.telegram import FakeTelegram

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_whole_journey_on_postgres(tmp_path: Path, own_postgres: str, mode: str) -> None:
    async with FakeTelegram() as server:
        desk, settings = set_up(server)
        story = program_text("telegram", follow_up="1s")
        async with open_shop(tmp_path, story, **settings, telegram_mode=mode, database_url=own_postgres) as shop:
            stage = Stage(server, desk, shop, *people(server))
            topic = await stage.unhappy()
            await stage.ana.say("great, another broken zipper, I want a refund")
            await topic.wait_for("another broken zipper")
            await stage.kim.tap_in(topic, "Claim")
            await topic.wait_for("Kim has this case")
            await stage.kim.say_in(topic, "New boots leave today, Ana.")
            await stage.ana.wait_for("New boots leave today, Ana.")
            await stage.kim.tap_in(topic, "Resolve")
            await stage.ana.wait_for("Is all well again?", timeout=8)
            await stage.ana.tap("Yes, all well")
            await stage.ana.wait_for("Good to hear")
            lines = (await shop.export("telegram:700"))["interactions"]
            assert [line["direction"] for line in lines if line["author"] == "agent"] == ["out"]
            assert await shop.queue() == []
        server.assert_clean()


async def test_a_database_that_nobody_migrated_is_refused_with_advice(tmp_path: Path, empty_postgres: str) -> None:
    async with FakeTelegram() as server:
        variables = environment(tmp_path, free_port(), server, empty_postgres)
        code, words = await command(variables, "run")
        assert code == 1
        assert "afterword migrate" in words
        assert "Traceback" not in words
        assert (await command(variables, "migrate"))[0] == 0
        async with program(tmp_path, int(variables["HTTP_PORT"]), variables):
            pass


async def command(variables: dict[str, str], *words: str) -> tuple[int, str]:
    """A command's exit code, and everything that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=variables, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode()


@asynccontextmanager
async def role(folder: Path, variables: dict[str, str], name: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """One more process over the same database, with a port of its own, ready."""
    port = free_port()
    own = {**variables, "HTTP_PORT": str(port), "TELEGRAM_MODE": "webhook"}
    with (folder / f"{name}-{port}.txt").open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--role", name, env=own, cwd=ROOT,
            stdout=out, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
    try:

        async def ready() -> bool:
            if process.returncode is not None:
                raise AssertionError((folder / f"{name}-{port}.txt").read_text())
            async with httpx.AsyncClient() as client:
                try:
                    return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

        await until(ready, name, 60)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.timeout(180)
async def test_three_processes_keep_every_customers_order_and_survive_the_death_of_the_sender(
    tmp_path: Path, own_postgres: str
) -> None:
    """The edge hears, two workers decide and take turns at delivering; the one that delivers is killed."""
    async with FakeTelegram() as server, AsyncExitStack() as stack:
        variables = {**environment(tmp_path, 0, server, own_postgres), "SENDING_LIMITS": "off"}
        first = await stack.enter_async_context(role(tmp_path, variables, "worker"))
        await stack.enter_async_context(role(tmp_path, variables, "edge"))
        await stack.enter_async_context(role(tmp_path, variables, "all"))
        crowd = [server.user(7000 + number, name=f"P{number}") for number in range(12)]
        words = [f"word {number}" for number in range(8)]
        for word in words[:4]:
            for person in crowd:
                await person.say(word)

        async def all_answered() -> bool:
            return all(person.hears for person in crowd)

        await until(all_answered, "an answer for everybody", 30)
        first.send_signal(signal.SIGKILL)
        await first.wait()
        heard = {person.id: len(person.hears) for person in crowd}
        for word in words[4:]:
            for person in crowd:
                await person.say(word)

        async def answered_again() -> bool:
            return all(len(person.hears) > heard[person.id] for person in crowd)

        await until(answered_again, "answers of the other process", 20)
        said = await exported_in_full(variables, len(crowd) * len(words))
        await server.settle(quiet=1.0, timeout=20)
        for person in crowd:
            lines = said[str(person.id)]
            assert [line["text"] for line in lines if line["author"] == "customer"] == words
            assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
            answers = [line["text"] for line in lines if line["author"] == "bot"]
            seen = [message.text for message in person.hears]
            assert len(seen) - len(answers) in {0, 1}, "at most what was on the wire comes twice"
        server.assert_clean()


async def exported_in_full(variables: dict[str, str], wanted: int) -> dict[str, list[dict[str, Any]]]:
    """Every customer's log, once it holds so many words of customers: a dead worker's lanes wait for their lease."""
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in range(6):
        found = await exported(variables)
        if sum(line["author"] == "customer" for lines in found.values() for line in lines) >= wanted:
            break
        await asyncio.sleep(2)
    return found
