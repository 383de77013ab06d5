"""Killed again and again under load, on both databases: every word that was taken is handled once, in order."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.journeys.shop import until
from tests.journeys.test_kill import environment, free_port, heard, program
from tests.wire.telegram import FakeTelegram

ROUNDS = 12
PEOPLE = 10


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty PostgreSQL database; "" = SQLite. Made before the test's event loop runs."""
    return str(request.getfixturevalue("own_postgres")) if request.param == "postgres" else ""


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_killed_again_and_again(tmp_path: Path, database: str) -> None:
    dice = random.Random(11)
    async with FakeTelegram() as server:
        port = free_port()
        variables = environment(tmp_path, port, server, database)
        people = [server.user(700 + number, name=f"P{number}") for number in range(PEOPLE)]
        for person in people:
            await person.start()
        for number in range(ROUNDS):
            async with program(tmp_path, port, variables) as process:
                for person in people:
                    await person.say(f"thank you, great boots {number}")
                await asyncio.sleep(dice.random() * 1.5)
                process.kill()
                await process.wait()
        wanted = [f"thank you, great boots {number}" for number in range(ROUNDS)]
        async with program(tmp_path, port, variables):

            async def everything() -> bool:
                said = await heard(variables)
                return all(len(said.get(str(person.id), [])) >= ROUNDS for person in people)

            await until(everything, "all words in the log", 120)
            await server.settle(quiet=2.0, timeout=60)
        said = await heard(variables)
        assert [said[str(person.id)] for person in people] == [wanted] * PEOPLE
        for person in people:
            answers = [message for message in person.sees if message.from_bot]
            assert len(answers) >= ROUNDS
