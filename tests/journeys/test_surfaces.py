"""The same numbers wherever a manager reads them, each counted again by somebody else (DuckDB) from the same rows."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from bot.commands.figuring import cell_words
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.definitions import DEFINITIONS
from bot.domain.figures.figure import Figure
from bot.domain.figures.period import Period, chosen_period, named_period
from bot.domain.ids import HOUSE, OutboxId
from bot.domain.message import Kind, Message, Side
from bot.phrases import time_words
from bot.ports import Parcel
from bot.program import parse_program
from bot.runtime.charts import Chart
from bot.runtime.exporting import csv_lines, parquet, rows_behind
from bot.runtime.reports import Reports, day_words
from storage.database import Database
from storage.migrating import migrate
from tests.journeys.shop import program_text
from tests.journeys.test_commands import Place
from tests.storage.oracle import Oracle, Told, share
from tests.storage.seeded import PRODUCTS, UNTIL, Shop
from tests.storage.steps import SECRET, HandClock
from tests.web.insights_shop import BootShop

PARIS, KATHMANDU = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu")
PROGRAM = program_text("console").replace("[ask]", 'timezone = "Europe/Paris"\n[ask]', 1)
SINCE, LAST = date(2026, 10, 10), date(2026, 11, 9)
MONTH = chosen_period(SINCE, LAST, PARIS)
DAYS = ("--from", str(SINCE), "--to", str(LAST))
MEANS = {"average_rating", "sentiment"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with the seeded shop in its database."""
    made = Place.made(tmp_path_factory.mktemp("surfaces"), PROGRAM)
    asyncio.run(_fill(made.folder))
    return made


def _database(folder: Path) -> Database:
    clock = HandClock()
    clock.shown = UNTIL
    return Database(f"sqlite+aiosqlite:///{folder}/shop.db", parse_program(PROGRAM), clock, SECRET)


async def _fill(folder: Path) -> None:
    await migrate(f"sqlite+aiosqlite:///{folder}/shop.db")
    database = _database(folder)
    await database.start()
    await Shop(7).put(database)
    await database.stop()


@pytest.fixture(scope="module")
def counted() -> duckdb.DuckDBPyConnection:
    return Shop(7).asked()


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    opened = _database(place.folder)
    await opened.start()
    yield opened
    await opened.stop()


# ---------------------------------------------------------------- what is told, in words of our own


def told_words(told: Told, before: Told, form: Any) -> str:
    value, n = told
    if value is None:
        return f"too few to tell (n = {n})"
    return f"{form(value)} (n = {n})" if before[0] is None else f"{form(value)} (n = {n}; before {form(before[0])})"


def percent(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")


def lines_of(counted: duckdb.DuckDBPyConnection, period: Period, name: str) -> str:
    """The words of a summary, from what somebody else counts."""
    here, there = Oracle(counted, period, EVERY), Oracle(counted, period.before(), EVERY)
    now, before, people = here.told(), there.told(), here.people()
    opened = counted.execute("SELECT count(*) FROM \"case\" WHERE state <> 'resolved'").fetchone()

    def say(key: str, form: Any) -> str:
        return told_words(now[key], before[key], form)

    def signed(value: float) -> str:
        return f"{value:.2f}".replace("-", "−")

    asks = f"Asks that arrived: {now['asks_sent'][1]}, answered: {say('response_rate', percent)}."
    unhappy = f"Unhappy: {here.shares()['unhappy_share'][0]}, {say('unhappy_share', percent)}."
    cases = (
        f"Cases: {now['cases_opened'][1]} opened, {now['cases_resolved'][1]} resolved, {(opened or (0,))[0]} open now."
    )
    first = say("first_human_response_median_s", lambda seconds: time_words(seconds, "en"))
    lines = (
        f"Boots & Co, {name}",
        f"Unhappy customers won back by a person: {say('recovery', percent)}.",
        f"{asks} Customers who answered: {people['answered']} of {people['asked']}.",
        f"Average rating: {say('average_rating', '{:.1f}'.format)}. Satisfied (4 or 5): {say('csat', percent)}.",
        f"{unhappy} Mood from −1 to 1: {say('sentiment', signed)}.",
        f"{cases} First answer by a person, median: {first}.",
    )
    return "\n".join(lines)


def changes_of(counted: duckdb.DuckDBPyConnection, period: Period) -> str:
    """What clearly changed, in words of our own: the two intervals don't touch."""
    here, there = Oracle(counted, period, EVERY), Oracle(counted, period.before(), EVERY)
    now, before = here.figures(), there.figures()
    named = [(words, now[key], before[key]) for key, words in NAMED.items()]
    old = there.topics()
    for topic, moods in here.topics().items():
        earlier = old.get(topic, (0, 0, 0))
        figures = share(moods[2], sum(moods)), share(earlier[2], sum(earlier))
        named.append((f"Unhappy messages about {topic}", *figures))
    lines = [
        f"{words}: {percent(new.value)} (before {percent(was.value)})"
        for words, new, was in named
        if new.value is not None and was.value is not None and _apart(new, was)
    ]
    return "\n".join(["What clearly changed:", *lines]) if lines else "Nothing clearly changed."


def _apart(one: Figure, other: Figure) -> bool:
    return (one.low or 0) > (other.high or 0) or (one.high or 0) < (other.low or 0)


NAMED = {"recovery": "Won back", "csat": "Satisfied", "unhappy_share": "Unhappy", "response_rate": "Answer rate"}


# ---------------------------------------------------------------- commands


def test_the_summary_as_json_is_what_somebody_else_counts(place: Place, counted: Any) -> None:
    made = json.loads(place.said("summary", "--json", *DAYS))
    here, there = Oracle(counted, MONTH, EVERY), Oracle(counted, MONTH.before(), EVERY)
    before = there.told()
    for key, (value, n) in here.told().items():
        assert made[key] == (pytest.approx(value, abs=1e-12) if key in MEANS else value), key
        assert made[f"{key}_n"] == n, key
        earlier = before[key][0]
        assert made[f"{key}_before"] == (pytest.approx(earlier, abs=1e-12) if key in MEANS else earlier), key
    for key, figure in here.figures().items():
        assert (made.get(f"{key}_low"), made.get(f"{key}_high")) == (figure.low, figure.high), key
    assert made["unhappy"] == here.shares()["unhappy_share"][0]
    assert {"asked": made["asked"], "answered": made["answered"]} == here.people()
    assert made["ratings"] == [here.stars().count(star) for star in (1, 2, 3, 4, 5)]
    assert made["reasons"] == here.reasons()
    assert made["topics"] == {
        topic: {"happy": happy, "neutral": neutral, "sad": sad}
        for topic, (happy, neutral, sad) in here.topics().items()
    }
    assert made["sales"] == {currency: money for currency, (_, money) in here.sales().items()}
    assert sum(made["late_promises"].values()) == made["late"]


def test_the_summary_in_a_terminal_says_the_same(place: Place, counted: Any) -> None:
    assert place.said("summary", *DAYS) == lines_of(counted, MONTH, "Oct 10 to Nov 9") + "\n"


def test_a_table_in_a_terminal_says_the_same(place: Place, counted: Any) -> None:
    head, *lines = [re.split(r"  +", line) for line in place.said("summary", "--by", "product", *DAYS).splitlines()]
    assert head == ["product", "Asks delivered", "Response rate", "Answers", "Satisfied", "Unhappy"]
    assert {line[0] for line in lines} == set(PRODUCTS)
    for name, *cells in lines:
        told = Oracle(counted, MONTH, Cut(product=name)).told()
        keys = ("asks_sent", "response_rate", "answers", "csat", "unhappy_share")
        assert cells == [_cell(*told[key], whole=key in {"asks_sent", "answers"}) for key in keys], name


def _cell(value: float | None, n: int, *, whole: bool) -> str:
    return f"– (n = {n})" if value is None else f"{value:.0f}" if whole else percent(value)


def test_a_million_is_written_in_full() -> None:
    assert cell_words(Figure(1_234_567.0, 1_234_567), DEFINITIONS["asks_sent"]) == "1234567"


def test_rows_taken_away_by_a_command_are_those_that_somebody_else_finds(place: Place, counted: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(place.said("figures", "export", "revenue", *DAYS))))
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["currency"]] += round(float(row["money"]) * 10_000)
    sales = Oracle(counted, MONTH, EVERY).sales()
    assert {name: cents / 10_000 for name, cents in totals.items()} == {
        name: money for name, (_, money) in sales.items()
    }


# ---------------------------------------------------------------- chats


class Drawn:
    """Keeps the chart that would be drawn."""

    def __init__(self) -> None:
        self.charts: list[Chart] = []

    async def __call__(self, chart: Chart) -> bytes:
        self.charts.append(chart)
        return b"picture"


async def said(database: Database, report: str, now: datetime = UNTIL, **arguments: str) -> tuple[str, Chart]:
    """What a manager reads on Telegram, and the chart with it."""
    clock = HandClock()
    clock.shown = now
    reports = Reports(database, parse_program(PROGRAM), clock, str)
    reports.draw = drawn = Drawn()
    message = Message(Kind.REPORT, "", report=report, arguments={"to": "9", **arguments})
    shown = await reports.render(
        Parcel(OutboxId(1), HOUSE, Side.STAFF, "telegram", message, None, None, False, 0, UNTIL)
    )
    return shown.text, drawn.charts[0]


def _bars(chart: Chart) -> tuple[int, int]:
    return sum(bar.whole for bar in chart.bars), sum(bar.part for bar in chart.bars)


@pytest.mark.parametrize(
    ("name", "words"), [("7d", "the last 7 days"), ("30d", "the last 30 days"), ("90d", "the last 90 days")]
)
async def test_a_summary_in_a_chat_says_the_same(database: Database, counted: Any, name: str, words: str) -> None:
    text, chart = await said(database, "summary", period=name)
    period = named_period(name, UNTIL, PARIS)
    assert period is not None
    assert text == lines_of(counted, period, words)
    sad, answers = Oracle(counted, period, EVERY).shares()["unhappy_share"]
    assert _bars(chart) == (answers, sad)
    assert chart.subtitle == f"Answers: {answers}. Unhappy: {sad}."


async def test_todays_picture_shows_todays_ratings(database: Database, counted: Any) -> None:
    now = datetime(2026, 11, 5, 22, tzinfo=UTC)
    text, chart = await said(database, "summary", now, period="today")
    period = named_period("today", now, PARIS)
    assert period is not None
    assert text == lines_of(counted, period, "today")
    stars = Oracle(counted, period, EVERY).stars()
    assert stars
    assert [bar.whole for bar in chart.bars] == [stars.count(star) for star in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("every", "first", "last", "words"),
    [("daily", date(2026, 11, 3), date(2026, 11, 3), "Nov 3"), ("weekly", date(2026, 10, 28), date(2026, 11, 3), "")],
)
async def test_a_digest_says_the_same_in_its_managers_own_days(
    database: Database, counted: Any, every: str, first: date, last: date, words: str
) -> None:
    text, chart = await said(database, "digest", period=every, zone="Asia/Kathmandu", day="2026-11-04")
    period = chosen_period(first, last, KATHMANDU)
    assert text.startswith(lines_of(counted, period, words or "Oct 28 to Nov 3") + "\n\n")
    week = chosen_period(last - timedelta(days=6), last, KATHMANDU)
    sad, answers = Oracle(counted, week, EVERY).shares()["unhappy_share"]
    assert _bars(chart) == (answers, sad)
    for day in (week.first, week.last):
        alone = Oracle(counted, chosen_period(day, day, KATHMANDU), EVERY).shares()["unhappy_share"]
        bar = next(bar for bar in chart.bars if bar.label == day_words(day, "en"))
        assert (bar.part, bar.whole) == alone
    opened, late = (
        counted.execute("SELECT count(*) FROM \"case\" WHERE state <> 'resolved' AND owner IS NULL").fetchone(),
        Oracle(counted, period, EVERY).counts()["late"],
    )
    assert changes_of(counted, period) in text
    needs = f"cases that nobody has claimed: {(opened or (0,))[0]}. Promises not kept: {late}."
    assert needs in text


async def test_a_digest_tells_what_surely_changed_of_shares_and_topics(tmp_path: Path) -> None:
    """The week of the broken zippers against the one before it."""
    boots = BootShop()
    await migrate(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    database = _database(tmp_path)
    await database.start()
    await boots.put(database)
    text, _ = await said(database, "digest", period="weekly", zone="Europe/Paris", day="2026-11-16")
    await database.stop()
    changed = changes_of(boots.asked(), chosen_period(date(2026, 11, 9), date(2026, 11, 15), PARIS))
    assert [line.partition(":")[0] for line in changed.splitlines()[1:]] == [
        "Satisfied", "Unhappy", "Unhappy messages about quality",
    ]  # fmt: skip
    assert f"\n\n{changed}\n\n" in text
    assert "zipper" in text.partition("Customers talk more about:")[2]


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize("cut", [EVERY, Cut(channel="slack")], ids=["everything", "a channel"])
async def test_files_of_rows_hold_what_somebody_else_counts(
    database: Database, counted: Any, cut: Cut, tmp_path: Path
) -> None:
    here = Oracle(counted, MONTH, cut)
    told, shares, sales = here.told(), here.shares(), here.sales()
    opening = [key for key, one in DEFINITIONS.items() if one.opens and one.cuts and key not in {"topics", "themes"}]
    assert len(opening) > 12
    for key in (*opening, *(f"topic:{topic}" for topic in here.topics())):
        found = [row async for row in rows_behind(database, key, MONTH, cut)]
        n = sum(orders for orders, _ in sales.values()) if key == "revenue" else (
            sum(here.topics()[key[6:]]) if key.startswith("topic:") else told[key][1]
        )  # fmt: skip
        lines = list(csv.DictReader(io.StringIO(csv_lines(found))))
        file = tmp_path / f"{key.replace(':', '-')}.parquet"
        parquet(found, file)
        counts = duckdb.connect().execute(f"SELECT count(*), count(*) FILTER (counts) FROM '{file}'").fetchone()  # noqa: S608
        upper = sum(line["counts"] == "True" for line in lines)
        assert (len(lines), counts) == (n, (n, upper)), key
        if key in shares:
            assert upper == shares[key][0], key
        if key.startswith("topic:"):
            assert upper == here.topics()[key[6:]][2], key
    stars = duckdb.connect().execute(f"SELECT rating FROM '{tmp_path}/csat.parquet'").fetchall()  # noqa: S608
    assert Counter(row[0] for row in stars) == Counter(here.stars())
    money = (
        duckdb.connect()
        .execute(
            f"SELECT currency, count(*), sum(money) FROM '{tmp_path}/revenue.parquet' GROUP BY currency"  # noqa: S608
        )
        .fetchall()
    )
    assert {currency: (orders, round(float(total), 2)) for currency, orders, total in money} == sales


def test_a_moment_is_a_moment(place: Place) -> None:
    """The periods that are compared here are those of the commands: whole days of Paris."""
    made = json.loads(place.said("summary", "--json", *DAYS))
    assert datetime.fromisoformat(made["since"]).astimezone(UTC) == MONTH.since
    assert datetime.fromisoformat(made["until"]).astimezone(UTC) == MONTH.until
