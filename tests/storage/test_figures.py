"""Figures against answers that somebody else counted (DuckDB, from the same rows), on both databases."""
# ruff: noqa: E501, S608 - the other one's SQL, put together from our own names

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from random import Random
from statistics import stdev
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from bot.domain.figures.board import Asked, Behind, Board
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.definitions import DEFINITIONS
from bot.domain.figures.period import Period, chosen_period
from bot.program import parse_program
from bot.runtime.exporting import rows_behind
from bot.runtime.figures import Figures
from bot.runtime.reports import Reports
from storage.codec import micros
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.oracle import LEAST, STANDING, Oracle, share
from tests.storage.seeded import Shop
from tests.storage.steps import HandClock

PARIS, KATHMANDU, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")
PROGRAM = parse_program('[shop]\ntimezone = "Europe/Paris"\n[value]\ncurrency = "EUR"\n[value.rates]\nUSD = "0.5"\n')
CUTS = {
    "everything": EVERY,
    "a channel": Cut(channel="slack"),
    "a tier": Cut(tier="top"),
    "a campaign": Cut(campaign="spring"),
    "a product": Cut(product="Laces & more"),
    "all at once": Cut("telegram", "standard", "accountable", "spring", "Boots"),
    "nobody": Cut(channel="pigeon"),
}
PERIODS = {
    "a month over the end of summer time": chosen_period(date(2026, 10, 10), date(2026, 11, 9), PARIS),
    "a quarter of a year in Nepal": chosen_period(date(2026, 8, 1), date(2026, 10, 31), KATHMANDU),
    "a week in New York": chosen_period(date(2026, 10, 30), date(2026, 11, 5), NEW_YORK),
}


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop(7)


@pytest.fixture(scope="session")
def oracle(shop: Shop) -> duckdb.DuckDBPyConnection:
    return shop.asked()


@pytest.fixture
async def filled(opened: Opener, shop: Shop) -> Database:
    database = await opened(PROGRAM)
    await shop.put(database)
    return database


async def test_every_figure_is_what_somebody_else_counts(filled: Database, oracle: Any, clock: HandClock) -> None:
    figures = Figures(filled, PROGRAM, clock)
    hidden = shown = 0
    for period in PERIODS.values():
        for cut in CUTS.values():
            board = await figures.board(period, cut)
            seen = _as_kept(period, cut)
            _compare(board, Oracle(oracle, seen, cut))
            shown += sum(change.now.value is not None for change in board.figures.values())
            hidden += sum(change.now.value is None for change in board.figures.values())
            before = Oracle(oracle, _as_kept(board.before, cut), cut)
            for key, (part, whole) in before.shares().items():
                assert board.figures[key].before == share(part, whole), key
    assert shown > 150
    assert hidden > 50


def _as_kept(period: Period, cut: Cut) -> Period:
    """What is cut by product is told by the shop's own days."""
    return chosen_period(period.first, period.last, PARIS) if cut.product else period


def _compare(board: Board, oracle: Oracle) -> None:
    for key, figure in oracle.figures().items():
        assert board.figures[key].now == figure, key
    for key, (value, n) in oracle.told().items():
        now = board.figures[key].now
        assert now.n == n, key
        assert now.value == (pytest.approx(value, abs=1e-12) if key in MEANS else value), key
    _compare_intervals(board, oracle)
    assert tuple(board.ratings) == tuple(oracle.stars().count(star) for star in (1, 2, 3, 4, 5))
    assert dict(board.reasons) == oracle.reasons()
    assert {topic.topic: (topic.happy, topic.neutral, topic.sad) for topic in board.topics} == oracle.topics()
    sales = {name: (change.now.n, change.now.value) for name, change in board.sales.items() if change.now.n}
    assert sales == oracle.sales()


MEANS = {"average_rating", "sentiment"}


def _compare_intervals(board: Board, oracle: Oracle) -> None:
    for key, values, least, most in (
        ("average_rating", oracle.stars(), 0.0, 6.0),
        ("sentiment", oracle.moods(), -1.0, 1.0),
    ):
        if len(values) >= LEAST:
            now, mean, half = board.figures[key].now, sum(values) / len(values), stdev(values) / len(values) ** 0.5
            assert now.low == pytest.approx(max(least, mean - 1.959964 * half))
            assert now.high == pytest.approx(min(most, mean + 1.959964 * half))


async def test_every_row_of_every_table_is_what_somebody_else_counts(
    filled: Database, oracle: Any, clock: HandClock
) -> None:
    board = await Figures(filled, PROGRAM, clock).board(PERIODS["a month over the end of summer time"])
    seen = 0
    for by in ("product", "channel", "tier", "level", "campaign"):
        for row in getattr(board, f"{by}s"):
            told = Oracle(oracle, board.period, Cut(**{by: row.name})).told()
            for key, figure in row.figures.items():
                value, n = told[key]
                assert figure.n == n, (row.name, key)
                assert figure.value == (pytest.approx(value, abs=1e-12) if key in MEANS else value), (row.name, key)
                seen += figure.value is not None
    assert seen > 50


async def test_days_add_up_to_their_period(filled: Database, oracle: Any, clock: HandClock) -> None:
    for period in PERIODS.values():
        board = await Figures(filled, PROGRAM, clock).board(period)
        assert len(board.days) == period.days
        assert sum(day["answers"].n for day in board.days.values()) == board.figures["answers"].now.n
        for day, figures in board.days.items():
            alone = Oracle(oracle, chosen_period(day, day, period.zone), EVERY)
            assert figures["asks_sent"].n == alone.one("count(*)", "ask", "delivered_at")[0], day
            assert figures["csat"] == share(*alone.shares()["csat"]), day


async def test_parts_add_up_to_the_whole(filled: Database, clock: HandClock) -> None:
    period = PERIODS["a month over the end of summer time"]
    board = await Figures(filled, PROGRAM, clock).board(period)
    whole = board.figures["answers"].now.n
    for rows in (board.channels, board.tiers, board.levels):
        assert sum(row.figures["answers"].n for row in rows) == whole
    strangers = (await Figures(filled, PROGRAM, clock).board(period, Cut(channel="web"))).figures["answers"].now.n
    assert sum(row.figures["answers"].n for row in board.products) + strangers == whole
    assert {row.name for row in board.products} == {"Boots", "Sandals", "Socks", "Laces & more"}


async def test_customers_are_counted_once_in_any_time(filled: Database, oracle: Any) -> None:
    chance = Random(11)
    for hours in (3, 9, 20, 30, 50, 75, 400, 1500, 2200):
        for _ in range(8):
            since = PERIODS["a quarter of a year in Nepal"].since + timedelta(minutes=15 * chance.randrange(9000))
            part = Period("", since, since + timedelta(hours=hours), UTC_ZONE)
            found = await filled.counted(Asked(part, parts=frozenset({"people"})))
            asked = Oracle(oracle, part, EVERY).one(
                f"count(DISTINCT customer_id), count(DISTINCT customer_id) FILTER (answered_at < {_end(part)})",
                "ask", "delivered_at",
            )  # fmt: skip
            assert (found.asked, found.answered) == asked, part


UTC_ZONE = ZoneInfo("UTC")


def _end(period: Period) -> int:
    return round(period.until.timestamp() * 1_000_000)


OPENING = [key for key, one in DEFINITIONS.items() if one.opens and one.cuts and key not in {"topics", "themes"}]


async def test_a_figure_opens_to_exactly_what_was_counted(filled: Database, clock: HandClock) -> None:
    figures = Figures(filled, PROGRAM, clock)
    period = PERIODS["a quarter of a year in Nepal"]
    for cut in (EVERY, CUTS["a channel"], CUTS["a product"]):
        board = await figures.board(period, cut)
        for key in OPENING:
            await _opens(figures, board, key)


async def _opens(figures: Figures, board: Board, key: str) -> None:
    rows: list[Behind] = []
    after = "more"
    while after:
        page = await figures.behind(key, board.period, board.cut, after.removeprefix("more"), 17)
        rows += page.rows
        after = page.after
    assert len({(row.id, row.text) for row in rows}) == len(rows)
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    seen = _as_kept(board.period, board.cut)
    assert all(seen.since <= row.at < seen.until for row in rows)
    if key == "revenue":
        assert len(rows) == sum(change.now.n for change in board.sales.values())
        return
    now = board.figures[key].now
    assert len(rows) == now.n, key
    if now.value is not None and DEFINITIONS[key].unit == "share":
        assert sum(row.counts for row in rows) == round(now.value * now.n)
        upper = await figures.behind(key, board.period, board.cut, "", 500, counting=True)
        assert len(upper.rows) == round(now.value * now.n)


async def test_customers_asked_and_answering_open_each_once_whatever_the_filter(
    filled: Database, clock: HandClock
) -> None:
    figures = Figures(filled, PROGRAM, clock)
    for period in PERIODS.values():
        board = await figures.board(period, CUTS["a tier"])
        for key in ("asked", "answered"):
            rows = (await figures.behind(key, board.period, board.cut, limit=2000)).rows
            assert len({row.customer for row in rows}) == len(rows) == board.figures[key].now.n


async def test_a_topic_opens_to_the_messages_that_mention_it(filled: Database, clock: HandClock) -> None:
    figures, period = Figures(filled, PROGRAM, clock), PERIODS["a quarter of a year in Nepal"]
    for topic in (await figures.board(period)).topics:
        page = await figures.behind(f"topic:{topic.topic}", period, limit=1000)
        assert len(page.rows) == topic.happy + topic.neutral + topic.sad
        assert sum(row.counts for row in page.rows) == topic.sad


async def test_stars_reasons_and_what_somebody_took_open_to_what_was_counted(
    filled: Database, clock: HandClock, shop: Shop
) -> None:
    figures, period = Figures(filled, PROGRAM, clock), PERIODS["a quarter of a year in Nepal"]
    board = await figures.board(period)
    for stars, count in enumerate(board.ratings, start=1):
        rows = (await figures.behind(f"rated:{stars}", period, limit=1000)).rows
        assert [row.rating for row in rows] == [stars] * count
    for kind, count in board.reasons:
        rows = (await figures.behind(f"reason:{kind}", period, limit=1000)).rows
        assert len(rows) == count
        assert all(kind in row.text for row in rows)
    owners = {case["id"]: case["owner"] for case in shop.tables["case"]}
    for load in board.load:
        rows = (await figures.behind(f"load:{load.staff}", period, limit=1000)).rows
        assert len(rows) == load.claimed > 0
        assert {owners[row.id] for row in rows} == {load.staff}


@pytest.mark.parametrize(
    "key", ["retention", "retention:2026-13+1", "top_fifth", "repeat_rate:EUR", "weather", "rated", "load:Kim"]
)
async def test_a_figure_that_does_not_open_says_so(filled: Database, clock: HandClock, key: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        await Figures(filled, PROGRAM, clock).behind(key, PERIODS["a week in New York"])


async def test_an_export_has_every_row_and_names_nobody(filled: Database) -> None:
    period = PERIODS["a quarter of a year in Nepal"]
    rows = [row async for row in rows_behind(filled, "answers", period)]
    counted = await filled.counted(Asked(period))
    assert len(rows) == counted.counts["answers"] > 50
    assert not any("Family" in str(value) for row in rows for value in row.values())


# ---------------------------------------------------------------- money


async def test_money_is_what_somebody_else_counts(filled: Database, oracle: Any, clock: HandClock) -> None:
    money, repeat, _ = await Figures(filled, PROGRAM, clock).money()
    per_customer = oracle.execute(
        f"SELECT customer_id, currency, sum(amount) / 10000, count(*), "
        f"customer_id IN (SELECT customer_id FROM ask WHERE answered_at IS NOT NULL AND delivered_at IS NOT NULL) "
        f"FROM purchase WHERE {STANDING} GROUP BY ALL"
    ).fetchall()
    for one in money[:2]:
        rows = [row for row in per_customer if row[1] == one.currency]
        amounts = sorted((row[2] for row in rows), reverse=True)
        assert one.customers == len(rows)
        assert float(one.spent) == pytest.approx(sum(amounts))
        assert one.value_per_customer.value == pytest.approx(sum(amounts) / len(rows))
        for fifth, part in one.curve:
            number = ceil(fifth * len(rows) - 1e-9)
            assert part == pytest.approx(sum(amounts[:number]) / sum(amounts)), fifth
        assert one.top_fifth.value == pytest.approx(dict(one.curve)[0.2])
        rich, plain = ([row[2] for row in rows if row[4] is engaged] for engaged in (True, False))
        if min(len(rich), len(plain)) >= 10:
            assert one.engaged.value == pytest.approx(sum(rich) / len(rich))
            assert one.engaged_premium.value == pytest.approx(sum(rich) / len(rich) / (sum(plain) / len(plain)) - 1)
        again, once = ([row[2] for row in rows if (row[3] > 1) is more] for more in (True, False))
        if min(len(again), len(once)) >= 10:
            worth = 0.05 * len(rows) * (sum(again) / len(again) - sum(once) / len(once))
            assert one.five_more.value == pytest.approx(worth)
    assert [one.currency for one in money] == ["EUR", "USD", "EUR"]
    assert float(money[2].spent) == pytest.approx(float(money[0].spent) + float(money[1].spent) / 2)
    assert [(name, str(rate)) for name, rate in money[2].converted] == [("USD", "0.5")]
    orders = oracle.execute(f"SELECT count(*) FROM purchase WHERE {STANDING} GROUP BY customer_id").fetchall()
    assert repeat == share(sum(row[0] > 1 for row in orders), len(orders))


async def test_money_opens_to_the_customers_who_spent_it(filled: Database, oracle: Any, clock: HandClock) -> None:
    figures = Figures(filled, PROGRAM, clock)
    money, repeat, _ = await figures.money()
    names = ("value_per_customer", "top_fifth", "five_more", "engaged_spend")
    for one in money[:2]:
        rows = {name: await _all_behind(figures, f"{name}:{one.currency}") for name in names}
        spent = oracle.execute(
            f"SELECT customer_id, sum(amount), count(*), max(paid_at) FROM purchase WHERE {STANDING} "
            f"AND currency = '{one.currency}' GROUP BY customer_id ORDER BY 2 DESC, 1 DESC"
        ).fetchall()
        for found in rows.values():
            told = [(row.customer, (row.money or 0) * 10_000, row.orders, micros(row.at)) for row in found]
            assert told == spent
        top = [row for row in rows["top_fifth"] if row.counts]
        assert len(top) == ceil(0.2 * one.customers)
        assert sum(float(row.money or 0) for row in top) / float(one.spent) == pytest.approx(one.top_fifth.value)
        engaged = [float(row.money or 0) for row in rows["engaged_spend"] if row.counts]
        assert len(engaged) == one.engaged.n
        assert sum(engaged) / len(engaged) == pytest.approx(one.engaged.value)
        assert [row.counts for row in rows["five_more"]] == [(row.orders or 0) > 1 for row in rows["five_more"]]
    everybody = await _all_behind(figures, "repeat_rate")
    assert len(everybody) == repeat.n
    assert sum(row.counts for row in everybody) == round((repeat.value or 0) * repeat.n)
    assert len(await _all_behind(figures, "repeat_rate", counting=True)) == sum(row.counts for row in everybody)


async def _all_behind(figures: Figures, key: str, *, counting: bool = False) -> list[Behind]:
    rows: list[Behind] = []
    after = "more"
    while after:
        page = await figures.behind(
            key, PERIODS["a week in New York"], EVERY, after.removeprefix("more"), 17, counting=counting
        )
        rows += page.rows
        after = page.after
    return rows


async def test_cohorts_are_what_somebody_else_counts(filled: Database, oracle: Any, clock: HandClock) -> None:
    figures = Figures(filled, PROGRAM, clock)
    _, _, cohorts = await figures.money()
    rows = oracle.execute(
        "SET TimeZone = 'Europe/Paris'; SELECT DISTINCT customer_id, strftime(make_timestamptz(paid_at), '%Y-%m') FROM purchase "
        "WHERE amount IS NOT NULL AND refunded_at IS NULL AND cancelled_at IS NULL"
    ).fetchall()
    months: dict[int, set[str]] = {}
    for customer, month in rows:
        months.setdefault(customer, set()).add(month)
    assert len(cohorts) >= 6
    for cohort in cohorts:
        members = [of for of in months.values() if min(of) == cohort.month]
        assert cohort.customers == len(members)
        ever = await _all_behind(figures, f"retention:{cohort.month}+0")
        assert {row.customer for row in ever} == {who for who, of in months.items() if min(of) == cohort.month}
        assert (
            sum(row.counts for row in ever) == round((cohort.repeat.value or 0) * len(members))
            or cohort.repeat.value is None
        )
        for ahead, figure in enumerate(cohort.later, start=1):
            back = await _all_behind(figures, f"retention:{cohort.month}+{ahead}", counting=True)
            year, month = map(int, cohort.month.split("-"))
            wanted = f"{year + (month - 1 + ahead) // 12}-{(month - 1 + ahead) % 12 + 1:02}"
            assert figure == share(sum(wanted in of for of in members), len(members))
            assert {row.customer for row in back} == {
                who for who, of in months.items() if min(of) == cohort.month and wanted in of
            }


# ---------------------------------------------------------------- surfaces


async def test_a_summary_says_the_same_as_the_board(filled: Database, clock: HandClock) -> None:
    reports = Reports(filled, PROGRAM, clock, str)
    for name in ("today", "7d", "30d", "90d"):
        period = reports.figures.period(name)
        assert period is not None
        told, board = await reports.summary(name), await reports.figures.board(period)
        assert told is not None
        made = told.as_json()
        for key, change in board.figures.items():
            assert made[key] == change.now.value or made[key] == pytest.approx(change.now.value), key
        exact = await filled.tallies(period.since, clock.now())
        assert (made["asks_sent"], made["asked"], made["cases_opened"]) == (
            exact.asks_sent, exact.asked, exact.cases_opened,
        )  # fmt: skip


async def test_agents_load_is_told_by_name_and_never_by_speed(filled: Database, clock: HandClock, shop: Shop) -> None:
    period = PERIODS["a quarter of a year in Nepal"]
    board = await Figures(filled, PROGRAM, clock).board(period)
    assert [load.name for load in board.load] == ["Kim", "Zoe"]
    since, until = (round(each.timestamp() * 1_000_000) for each in (period.since, period.until))
    cases = shop.tables["case"]
    for load in board.load:
        mine = [case for case in cases if case["owner"] == load.staff]
        assert load.claimed == sum(since <= case["claimed_at"] < until for case in mine)
        assert load.resolved == sum(
            case["state"] == "resolved" and since <= case["resolved_at"] < until for case in mine
        )
        assert load.holds == sum(case["state"] in {"claimed", "reopened"} for case in mine)
