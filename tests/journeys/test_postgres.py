"""The journey on PostgreSQL, and a database that nobody migrated."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_kill import environment, free_port, heard, program
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


@pytest.mark.timeout(300)
async def test_workers_die_and_others_take_over_in_order_and_once(tmp_path: Path, own_postgres: str) -> None:
    async with FakeTelegram() as server:
        ports = [free_port(), free_port(), free_port()]
        settings = [environment(tmp_path, port, server, own_postgres) for port in ports]
        strangers = [server.user(700 + number, name=f"P{number}") for number in range(8)]
        async with program(tmp_path, ports[0], settings[0], "--role", "edge"):
            async with program(tmp_path, ports[1], settings[1], "--role", "worker") as doomed:
                for stranger in strangers:
                    await stranger.start()
                for number in range(3):
                    for stranger in strangers:
                        await stranger.say(f"thank you, great boots {number}")
                doomed.kill()
                await doomed.wait()
            for stranger in strangers:
                await stranger.say("thank you, great boots 3")
            async with program(tmp_path, ports[2], settings[2], "--role", "worker"):
                wanted = [f"thank you, great boots {number}" for number in range(4)]

                async def everything() -> bool:
                    said = await heard(settings[0])
                    return all(len(said.get(str(stranger.id), [])) >= len(wanted) for stranger in strangers)

                await until(everything, "all words in the log", 90)
                await server.settle(quiet=2.0, timeout=60)
        said = await heard(settings[0])
        assert [said[str(stranger.id)] for stranger in strangers] == [wanted] * len(strangers)
        for stranger in strangers:
            assert sum("Thank you for telling us" in message.text for message in stranger.sees) >= len(wanted)


async def command(variables: dict[str, str], *words: str) -> tuple[int, str]:
    """A command's exit code, and everything that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=variables, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode()
