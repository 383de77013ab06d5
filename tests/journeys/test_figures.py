"""What managers read in their chats: a summary with a picture, digests that come by themselves, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.runtime.charts import Bar, Chart, by_weeks, draw_now
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_slack import on_stage as on_slack
from tests.journeys.test_telegram import people, set_up, until_async
from tests.wire.telegram import FakeTelegram

PARIS = ZoneInfo("Europe/Paris")
IN_PARIS = program_text("telegram").replace("[ask]", 'timezone = "Europe/Paris"\n[ask]', 1)


class LeapClock:
    """The machine's clock, moved by hand."""

    def __init__(self, shown: datetime) -> None:
        self._ahead = shown - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()

    def leap_to(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running
        running.assert_clean()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


async def rated(shop: Any, ana: Any, stars: str = "🙂 4") -> None:
    links = (await shop.order())["links"]
    await ana.start(links["telegram"].partition("start=")[2])
    await ana.wait_for("getting on with")
    await ana.tap(stars)
    await ana.wait_for("hank you")


async def test_a_summary_on_telegram_is_one_picture_with_words(tmp_path: Path, server: FakeTelegram) -> None:
    _, settings = set_up(server)
    async with open_shop(tmp_path, IN_PARIS, **settings) as shop:
        ana, _, _, mona = people(server)
        await rated(shop, ana)
        await mona.start()
        for period in ("7d", "today", "90d"):
            await mona.say(f"/summary {period}")
            await until_async_photo(mona, period)
        words = mona.hears[-1].text
        assert "Boots & Co" in words
        assert "(n = 1)" in words
        assert words.count("\n") == 5
        await mona.say("/summary 8d")
        await mona.wait_for("I know these periods")


async def until_async_photo(mona: Any, what: str) -> None:
    def pictures() -> int:
        return len([message for message in mona.hears if message.kind == "photo"])

    before = pictures()

    async def there() -> bool:
        return pictures() > before

    await until(there, f"a picture of {what}", 15)


async def test_an_empty_shop_gets_words_and_no_picture_of_nothing(tmp_path: Path, server: FakeTelegram) -> None:
    _, settings = set_up(server)
    async with open_shop(tmp_path, IN_PARIS, **settings):
        mona = people(server)[3]
        await mona.start()
        await mona.say("/summary 7d")
        await mona.wait_for("too few to tell")
        assert [message.kind for message in mona.hears if "Boots" in message.text][-1:] == ["text"]


async def test_words_go_without_a_picture_that_can_not_be_drawn(tmp_path: Path, server: FakeTelegram) -> None:
    _, settings = set_up(server)
    async with open_shop(tmp_path, IN_PARIS, **settings) as shop:
        ana, _, _, mona = people(server)
        await rated(shop, ana)
        shop.running.house.reports.draw = broken
        await mona.start()
        await mona.say("/summary 7d")
        await mona.wait_for("too few to tell")
        assert [message.kind for message in mona.hears if "too few" in message.text] == ["text"]


async def broken(chart: Chart) -> bytes:
    raise RuntimeError(chart.title)


async def test_a_summary_on_slack_brings_its_picture_as_a_file(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "socket") as stage:
        thread = await stage.unhappy()
        assert thread
        await stage.mona.command("/afterword", "summary 7d")
        await stage.mona.wait_for("too few to tell")
        name = "summary.png"

        async def uploaded() -> bool:
            return any(file.name == name for file in stage.slack.world.files.values())

        await until(uploaded, "the picture", 15)
        file = next(file for file in stage.slack.world.files.values() if file.name == name)
        assert Image.open(BytesIO(file.content or b"")).format == "PNG"


async def test_a_digest_comes_once_at_its_local_hour_over_a_clock_change_and_a_restart(
    tmp_path: Path, server: FakeTelegram
) -> None:
    _, settings = set_up(server)
    clock = LeapClock(local("2026-10-24T19:00"))
    mona = people(server)[3]

    def digests() -> list[str]:
        return [message.text for message in mona.hears if "Nothing needs you" in message.text]

    async with open_shop(tmp_path, IN_PARIS, clock=clock, **settings):
        await mona.start()
        await mona.say("/digest daily 8:00")
        await mona.wait_for("every day at 08:00")
        clock.leap_to(local("2026-10-25T07:58"))  # the night was an hour longer
        await mona.say("/digest")
        await until_async(lambda: len([m for m in mona.hears if "every day" in m.text]) == 2, "an answer")
        assert digests() == []
    clock.leap_to(local("2026-10-25T08:00:01"))
    async with open_shop(tmp_path, IN_PARIS, clock=clock, **settings):
        await until_async(digests, "a digest")
    async with open_shop(tmp_path, IN_PARIS, clock=clock, **settings):
        await mona.say("/digest")
        await until_async(lambda: len([m for m in mona.hears if "every day" in m.text]) == 3, "an answer")
        assert len(digests()) == 1
        assert "24 Oct" in digests()[0] or "Oct 24" in digests()[0]
        clock.leap_to(local("2026-10-26T08:00:01"))
        await until_async(lambda: len(digests()) == 2, "the next digest")


async def test_a_broken_promise_is_told_to_the_manager_once_a_day(tmp_path: Path, server: FakeTelegram) -> None:
    desk, settings = set_up(server)
    program = IN_PARIS + '\nfirst_reply = "1s"\n[alerts]\nevery = "1s"\n'
    async with open_shop(tmp_path, program, **settings) as shop:
        ana, _, _, mona = people(server)
        await mona.start()
        links = (await shop.order())["links"]
        await ana.start(links["telegram"].partition("start=")[2])
        await ana.wait_for("getting on with")
        await ana.tap("😡 1")
        await desk.wait_for_topic()
        await mona.wait_for("promises not kept", timeout=15)
        await mona.say("/queue")
        await until_async(lambda: len([m for m in mona.hears if "queue" not in m.text]) > 1, "the queue")
        assert len([m for m in mona.hears if "promises not kept" in m.text]) == 1


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("bars", [1, 7, 30, 90])
def test_a_picture_fits_a_phone_and_has_its_own_paper(bars: int) -> None:
    drawn = draw_now(
        Chart("A shop with a rather long name, the last 90 days", "Answers: 12. Unhappy: 3.",
              by_weeks([Bar(f"{n} Nov", n, n // 3) for n in range(1, bars + 1)]), "unhappy", "the others")
    )  # fmt: skip
    image = Image.open(BytesIO(drawn)).convert("RGB")
    assert image.width > image.height >= 600
    assert len(drawn) < 200_000
    assert image.getpixel((3, 3)) == (255, 255, 255)
    darkest = min(sum(image.getpixel((x, y))) for x in range(0, image.width, 2) for y in range(0, 120, 2))  # type: ignore[arg-type]
    assert darkest < 200, "the title is not readable"


def test_days_are_put_together_into_whole_weeks() -> None:
    weeks = by_weeks([Bar(str(n), 1, 0) for n in range(90)])
    assert [week.whole for week in weeks] == [6, *[7] * 12]
    assert timedelta(weeks=len(weeks)) > timedelta(days=90)


def test_nothing_heavy_is_imported_before_a_picture_is_drawn() -> None:
    import subprocess  # noqa: PLC0415 - a fresh interpreter tells
    import sys  # noqa: PLC0415

    code = (
        "import sys, bot.wiring; sys.exit(any(name.split('.')[0] in {'matplotlib', 'duckdb'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
