"""A digest comes once, at the hour of whoever reads it: over a change of the clocks and over kill -9."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.staff import Role
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_chaos import database as database  # noqa: PLC0414 - both engines, as there
from tests.journeys.test_figures import IN_PARIS, LeapClock, local
from tests.journeys.test_kill import environment, free_port, program
from tests.journeys.test_slack import MANIFEST
from tests.journeys.test_telegram import until_async
from tests.wire.slack import FakeSlack, Person
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram import Person as TelegramPerson

HEAD = "Boots & Co, "
DAY = timedelta(days=1)


# ---------------------------------------------------------------- in their own time zone


def digests_on_slack(person: Person) -> list[str]:
    return [message.shown for message in person.sees if message.by_bot and "Nothing needs you" in message.shown]


async def test_managers_on_slack_get_it_at_their_own_hour_though_their_clocks_change(tmp_path: Path) -> None:
    """The shop is in Paris. In New York the clocks go back in the night before the first of November."""
    clock = LeapClock(datetime(2026, 10, 31, 20, tzinfo=UTC))
    async with FakeSlack(manifest=MANIFEST) as slack:
        nora = slack.user("U0NORA", "Nora", tz="America/New_York")
        arun = slack.user("U0ARUN", "Arun", tz="Asia/Kolkata")
        settings: dict[str, Any] = {
            "slack_bot_token": slack.bot_token,
            "slack_api_url": slack.api_url,
            "slack_app_token": slack.app_token,
            "managers": "slack:U0NORA",
        }
        async with open_shop(tmp_path, IN_PARIS.replace("telegram", "console"), clock=clock, **settings) as shop:
            await slack.connected()
            await shop.running.house.database.seat("slack", "U0ARUN", Role.MANAGER, "Arun")  # unknown until he writes
            for person, zone in ((arun, "Asia/Kolkata"), (nora, "America/New_York")):
                await person.command("/afterword", "digest daily 8:00")
                await person.wait_for(f"every day at 08:00 ({zone})")
            clock.leap_to(datetime(2026, 11, 1, 2, 30, 1, tzinfo=UTC))  # eight in Kolkata
            await until_async(lambda: digests_on_slack(arun), "Arun's digest")
            assert "31 Oct" in digests_on_slack(arun)[0] or "Oct 31" in digests_on_slack(arun)[0]
            clock.leap_to(datetime(2026, 11, 1, 12, 0, 1, tzinfo=UTC))  # seven in New York; yesterday it was eight
            await nora.command("/afterword", "digest")
            await until_async(lambda: sum("every day" in m.shown for m in nora.sees) == 2, "an answer")
            assert digests_on_slack(nora) == []
            clock.leap_to(datetime(2026, 11, 1, 13, 0, 1, tzinfo=UTC))
            await until_async(lambda: digests_on_slack(nora), "Nora's digest")
            await slack.settled()
            assert (len(digests_on_slack(nora)), len(digests_on_slack(arun))) == (1, 1)
        slack.assert_clean()


# ---------------------------------------------------------------- killed


class Morning:
    """The real program around one moment of a shown time, and when it is killed."""

    def __init__(self, folder: Path, server: FakeTelegram, database: str = "") -> None:
        self._folder = folder
        self._port = free_port()
        self._variables = environment(folder, self._port, server, database) | {"MANAGERS": "telegram:9"}
        (folder / "program.toml").write_text(
            program_text("console").replace("[ask]", 'timezone = "Europe/Paris"\n[ask]', 1)
        )

    def runs_at(self, shown: datetime) -> Any:
        """From the start of its process the clock shows `shown`."""
        return program(self._folder, self._port, self._variables, ahead=(shown - datetime.now(UTC)).total_seconds())

    async def killed_at(self, moment: datetime, starts: datetime) -> None:
        """Started when the clock shows `starts`, killed when it shows `moment`."""
        end = asyncio.get_running_loop().time() + (moment - starts).total_seconds()
        async with self.runs_at(starts) as process:
            await asyncio.sleep(max(0.0, end - asyncio.get_running_loop().time()))
            process.kill()
            await process.wait()


def days_told(mona: TelegramPerson) -> Counter[str]:
    """How often each day's digest came, by the day that it tells of."""
    heads = [message.text.splitlines()[0] for message in mona.hears if "Nothing needs you" in message.text]
    return Counter(head.removeprefix(HEAD).rstrip(":.") for head in heads)


async def set_digest(morning: Morning, mona: TelegramPerson, at: datetime) -> None:
    """Mona asks for it, and the program is killed as soon as she has read the answer."""
    async with morning.runs_at(at) as process:
        await mona.start()
        await mona.say("/digest daily 8:00")
        await mona.wait_for("every day at 08:00", timeout=20)
        process.kill()
        await process.wait()


@pytest.mark.timeout(120)
async def test_killed_as_soon_as_it_came_it_does_not_come_again(tmp_path: Path) -> None:
    """Over the night in which the clocks go back, too."""
    async with FakeTelegram() as server:
        morning, mona = Morning(tmp_path, server), server.user(9, name="Mona")
        settings: dict[str, Any] = {
            "telegram_bot_token": server.token,
            "telegram_api_url": server.url,
            "managers": "telegram:9",
        }
        paris = program_text("console").replace("[ask]", 'timezone = "Europe/Paris"\n[ask]', 1)
        async with open_shop(tmp_path, paris, clock=LeapClock(local("2026-10-24T20:00")), **settings):
            await mona.start()
            await mona.say("/digest daily 8:00")
            await mona.wait_for("every day at 08:00")
        async with morning.runs_at(local("2026-10-25T07:59:58")) as process:
            await mona.wait_for("Nothing needs you", timeout=30)
            await server.settle(quiet=0.5)
            process.kill()
            await process.wait()
        async with open_shop(tmp_path, paris, clock=LeapClock(local("2026-10-25T08:03")), **settings):
            await mona.say("/digest")
            await mona.wait_for("every day at", new=True)
        assert list(days_told(mona).values()) == [1]


ROUNDS = 10


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_killed_in_the_very_moment_it_comes_at_least_once_and_hardly_ever_twice(
    tmp_path: Path, database: str
) -> None:
    """Twice only when the kill falls between Telegram's taking it and our noting it: nobody can tell those apart."""
    dice, before = random.Random(5), 0
    async with FakeTelegram() as server:
        morning, mona = Morning(tmp_path, server, database), server.user(9, name="Mona")
        await set_digest(morning, mona, local("2026-10-19T20:00"))
        for number in range(ROUNDS):
            day = datetime(2026, 10, 20, 8, tzinfo=ZoneInfo("Europe/Paris")) + number * DAY
            due = day.astimezone(UTC)
            await morning.killed_at(due + timedelta(seconds=dice.uniform(-0.2, 1.2)), due - timedelta(seconds=15))
            came = len(days_told(mona))
            async with morning.runs_at(due + timedelta(minutes=2)):

                async def there(wanted: int = number + 1) -> bool:
                    return len(days_told(mona)) == wanted

                await until(there, f"the digest of {day}", 30)
                await server.settle(quiet=1.0, timeout=20)
            before += came == number + 1
        found = days_told(mona)
        assert len(found) == ROUNDS
        twice = sum(count > 1 for count in found.values())
        assert max(found.values()) <= 2
        assert twice <= ROUNDS // 5
        assert 0 < before < ROUNDS, "the kills were not spread around the moment"
