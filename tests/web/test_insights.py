"""The figures in a real browser, over a real database: what is shown is what the port says, and all of it opens."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Locator, Page, expect

from bot.domain.figures.board import Board, Change
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.definitions import DEFINITIONS
from bot.domain.figures.figure import Figure
from bot.domain.figures.period import Period, chosen_period
from bot.domain.staff import Role
from handlers.console.insights import COUNTED, TABLE, TILES, TIMES, value_words
from storage.migrating import migrate
from storage.session import Session
from storage.statements import Query
from tests.storage.oracle import Oracle
from tests.web.desk import PHONE
from tests.web.insights_shop import LOT, PRODUCTS, SHOP_TIME, BootShop
from tests.web.insights_stage import Stage, fill_shop, staged
from tests.web.test_inbox import RULES, until

WITH_CHANGE = re.compile("[▲▼±]")
SHARES = ("response_rate", "csat", "unhappy_share")


@pytest.fixture(scope="session")
def filled_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("insights") / "shop.db"
    asyncio.run(fill_shop(path))
    return path


@pytest.fixture(scope="session")
def counted() -> duckdb.DuckDBPyConnection:
    return BootShop().asked()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(filled_shop: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    path = tmp_path / "shop.db"
    shutil.copy(filled_shop, path)
    async with staged(path) as found:
        yield found


async def board_of(stage: Stage, period: str = "30d", cut: Cut | None = None) -> Board:
    found = stage.figures.period(period)
    assert found
    return await stage.figures.board(found, cut or Cut())


def figure(page: Page, key: str) -> Locator:
    return page.locator(f'.tile[data-figure="{key}"]').first


def percent(change: Change) -> str:
    return percent_of(change.now)


def percent_of(told: Figure) -> str:
    assert told.value is not None
    return f"{round(told.value * 100)} %"


async def agrees(page: Page, board: Board) -> None:
    """The page says what the board says."""
    for key in SHARES:
        change = board.figures[key]
        await expect(figure(page, key).locator(".key")).to_have_text(percent(change))
        await expect(figure(page, key)).to_contain_text(f"of {change.now.n:,} ")


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


async def accessible(page: Page) -> None:
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, found.generate_report()


# ---------------------------------------------------------------- what is shown


async def test_every_figure_is_what_the_port_says(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    recovery = board.figures["recovery"]
    await stage.log_in(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        f"Won back {percent(recovery)} of unhappy customers"
    )
    await expect(page.locator(".basis")).to_contain_text(f"of {recovery.now.n} unhappy cases")
    assert recovery.before.value is not None
    await expect(page.locator(".basis")).to_contain_text(f"before: {round(recovery.before.value * 100)} %")
    await agrees(page, board)
    change = board.figures["unhappy_share"]
    assert change.before.value is not None
    points = round((change.now.value or 0) * 100) - round(change.before.value * 100)
    await expect(figure(page, "unhappy_share")).to_contain_text(f"+{points} points, worse")
    numbers = page.get_by_label("In numbers")
    for key, name in (("asks_sent", "Asks delivered"), ("answers", "Answers"), ("late", "Promises broken")):
        row = numbers.get_by_role("row").filter(has=page.get_by_role("button", name=name, exact=True))
        await expect(row).to_contain_text(f"{board.figures[key].now.n:,}")
    for topic in board.topics:
        row = page.locator(".topic").filter(has_text=topic.topic.capitalize())
        await expect(row).to_contain_text(f"{topic.happy + topic.neutral + topic.sad:,}")
    for line in board.load:
        row = page.get_by_label("Agents’ load").get_by_role("row", name=line.name)
        await expect(row.get_by_role("cell")).to_have_text([str(line.holds), str(line.claimed), str(line.resolved)])


async def test_every_number_on_the_page_is_what_somebody_else_counts(
    stage: Stage, page: Page, counted: duckdb.DuckDBPyConnection
) -> None:
    """Tiles, numbers, times, stars, reasons, topics, each row of a table, and the mood over time."""
    period = chosen_period(date(2026, 11, 1), date(2026, 11, 30), SHOP_TIME)
    oracle = Oracle(counted, period, EVERY)
    told = {key: value_words(value, DEFINITIONS[key].unit) for key, (value, _) in oracle.told().items()}
    await stage.log_in(page)
    for key in TILES:
        await expect(figure(page, key).locator(".key")).to_have_text(told[key])
    for label, keys in (("In numbers", COUNTED), ("How long it takes", [one for _, *pair in TIMES for one in pair])):
        cells = page.get_by_role("region", name=label).locator("td .cell")
        assert [WITH_CHANGE.split(words)[0].strip() for words in await cells.all_text_contents()] == [
            told[key] for key in keys
        ]
    stars = oracle.stars()
    for label, counts in (
        ("What they rated", {f"{star} ★": stars.count(star) for star in (5, 4, 3, 2, 1)}),
        ("Why a person was needed", oracle.reasons()),
    ):
        bars = page.get_by_role("region", name=label).get_by_role("listitem")
        names = await bars.locator(".b-name").all_text_contents()
        shown = await bars.locator(".b-n").all_text_contents()
        assert dict(zip(names, (int(n.replace(",", "")) for n in shown), strict=True)) == counts
    for topic, (happy, neutral, sad) in oracle.topics().items():
        row = page.locator(".topic").filter(has_text=topic.capitalize())
        await expect(row).to_have_attribute("data-tip", f"{sad:,} unhappy, {neutral:,} neutral, {happy:,} happy")
    await _rows_agree(page, counted, period)


async def _rows_agree(page: Page, counted: duckdb.DuckDBPyConnection, period: Period) -> None:
    rows = (await page.get_by_role("region", name="Figures by product").get_by_role("row").all())[1:]
    assert len(rows) == len(PRODUCTS)
    for row in rows:
        name = await row.locator("th").inner_text()
        told = Oracle(counted, period, Cut(product=name)).told()
        wanted = [
            f"n = {n}" if value is None else value_words(value, DEFINITIONS[key].unit)
            for key in TABLE
            for value, n in (told[key],)
        ]
        assert await row.locator("td").all_inner_texts() == wanted, name


async def test_each_table_is_the_ports_and_its_names_filter_the_page(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    await stage.log_in(page)
    for by, rows in (("product", board.products), ("channel", board.channels), ("tier", board.tiers)):
        await page.get_by_role("group", name="Table by").get_by_role("button", name=by.capitalize()).click()
        table = page.get_by_role("region", name=f"Figures by {by}").get_by_role("row")
        await expect(table).to_have_count(len(rows) + 1)
        for place, row in enumerate(rows, start=1):
            share = row.figures["response_rate"]
            shown = "n = " if share.value is None else f"{round(share.value * 100)} %"
            await expect(table.nth(place)).to_contain_text(shown)
            await expect(table.nth(place)).to_contain_text(f"{row.figures['asks_sent'].n:,}")
    await page.get_by_role("group", name="Table by").get_by_role("button", name="Product").click()
    await page.get_by_role("row", name="Sandals").get_by_role("button", name="Sandals").click()
    await agrees(page, await board_of(stage, cut=Cut(product="Sandals")))
    await until(lambda: asked(page) == {"product": "Sandals"})


async def test_money_is_told_by_currency_with_its_caveat(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    euro = next(one for one in board.money if one.currency == "EUR")
    await stage.log_in(page)
    part = page.locator(".money").first
    await expect(part.locator("summary").first).to_contain_text(f"EUR {euro.customers:,} customers")
    await expect(part.locator('[data-figure="top_fifth"] .key')).to_have_text(percent_of(euro.top_fifth))
    assert euro.engaged_premium.value is not None
    engaged = part.get_by_role("group", name="Spend of those who answer")
    await expect(engaged.locator(".key")).to_have_text(f"{round(euro.engaged_premium.value * 100)} % more")
    await expect(engaged).to_contain_text("23 % more")
    await expect(engaged).to_contain_text("it doesn't show that one brings the other")
    assert euro.five_more.value is not None
    await expect(part.locator('[data-figure="five_more"] .key')).to_have_text(f"€{euro.five_more.value:,.0f}")
    await part.get_by_text("As a table").click()
    behind = part.locator(".as-table tbody tr")
    await expect(behind).to_have_text([f"top {share:.0%}{money:.0%}".replace("%", " %") for share, money in euro.curve])
    await expect(page.locator(".money > summary")).to_have_count(2)  # francs stay francs
    assert board.repeat.value is not None
    await expect(page.locator(".repeat")).to_contain_text(f"{round(board.repeat.value * 100)} %")
    rows = page.get_by_role("region", name="Customers who came back, by month").get_by_role("row")
    await expect(rows).to_have_count(len(board.cohorts) + 1)
    oldest = board.cohorts[0]
    await expect(rows.nth(1).locator(".shade")).to_have_text(
        ["·" if one.value is None else f"{round(one.value * 100)} %" for one in oldest.later]
    )


async def test_the_chart_names_what_the_lowest_mood_came_from(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    chart = page.locator(".chart svg").first
    await expect(chart).to_contain_text("zipper broke")
    card = page.locator("section").filter(has=page.get_by_role("heading", name="How customers feel"))
    await expect(card).to_contain_text("The lowest point: zipper broke.")
    await expect(page.get_by_label("Words that rose")).to_contain_text("“zipper broke”")
    await card.get_by_text("As a table").click()
    week = card.get_by_role("row", name=f"{LOT[0].day}–15 Nov")
    await expect(week).to_contain_text("−0.11")
    await week.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("2026-11-09 to 2026-11-15")
    await expect(dialog.locator("li").first).to_contain_text("15 Nov")


async def test_figures_of_fewer_than_ten_are_not_shown(stage: Stage, page: Page) -> None:
    board = await board_of(stage, "today", Cut(channel="slack"))
    csat = board.figures["csat"].now
    assert csat.value is None
    assert csat.n > 0
    await stage.log_in(page, "/insights?period=today&channel=slack")
    await expect(figure(page, "csat")).to_contain_text(f"too few to tell (n = {csat.n})")
    await expect(figure(page, "csat").locator(".key")).to_have_text("–")
    await expect(page.get_by_text("Too few messages to tell a mood")).to_be_visible()
    await expect(page.locator(".chart").first).to_be_hidden()


async def test_an_empty_shop_says_what_comes_next(tmp_path: Path, page: Page) -> None:
    path = tmp_path / "empty.db"
    await migrate(f"sqlite+aiosqlite:///{path}")
    async with staged(path) as stage:
        await stage.log_in(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has happened yet")
        for words in ("topics come from what customers write", "With the first paid order", "No ratings in this time"):
            await expect(page.get_by_text(words).first).to_be_visible()
        await accessible(page)


# ---------------------------------------------------------------- filters and the address


async def test_filters_change_the_figures_and_the_address(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    await agrees(page, await board_of(stage))
    await page.get_by_role("button", name="last 90 days").click()
    await agrees(page, await board_of(stage, "90d"))
    await page.get_by_label("Channel", exact=True).select_option("slack")
    await agrees(page, await board_of(stage, "90d", Cut(channel="slack")))
    await page.get_by_label("Tier", exact=True).select_option("top")
    await agrees(page, await board_of(stage, "90d", Cut(channel="slack", tier="top")))
    await until(lambda: asked(page) == {"period": "90d", "channel": "slack", "tier": "top"})
    await page.get_by_label("compare with the time before").uncheck()
    await expect(figure(page, "csat").locator(".change")).to_have_count(0)
    await page.get_by_role("button", name="Clear filters").click()
    await agrees(page, await board_of(stage, "90d"))
    await page.go_back()
    await agrees(page, await board_of(stage, "90d", Cut(channel="slack", tier="top")))
    await expect(page.get_by_label("Channel", exact=True)).to_have_value("slack")


async def test_who_chooses_in_a_hurry_gets_what_they_chose_last(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    hurry = ("last 90 days", "today", "last 30 days", "last 90 days", "last 7 days")
    await page.evaluate(
        "names => names.forEach((name) => [...document.querySelectorAll('.periods button')]"
        ".find((one) => one.textContent === name).click())",
        list(hurry),
    )
    await agrees(page, await board_of(stage, "7d"))
    await expect(page.locator(".insights")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_label("Words that rose")).not_to_contain_text("Reading")
    await agrees(page, await board_of(stage, "7d"))
    await expect(page.locator(".cause")).to_have_count(0)  # the zippers broke before these days
    await until(lambda: asked(page) == {"period": "7d"})


async def test_a_choice_that_comes_after_a_later_one_is_over(stage: Stage, page: Page) -> None:
    """What is chosen before the connection stands waits in the browser, and a later choice goes by it."""
    await stage.log_in(page)
    await expect(page.locator(".cause")).to_be_visible()  # the connection stands
    await page.evaluate(
        "names => { const click = (name) => [...document.querySelectorAll('.periods button')]"
        ".find((one) => one.textContent === name).click();"
        "window.did_handshake = false; click(names[0]); window.did_handshake = true; click(names[1]); }",
        ["today", "last 90 days"],
    )
    await expect(page.locator(".insights")).to_have_attribute("aria-busy", "false")
    await page.wait_for_timeout(100)
    await agrees(page, await board_of(stage, "90d"))
    assert asked(page) == {"period": "90d"}


async def test_a_link_shows_the_same_again(stage: Stage, page: Page) -> None:
    await stage.log_in(page, "/insights?period=90d&channel=web&compare=off&by=channel")
    await agrees(page, await board_of(stage, "90d", Cut(channel="web")))
    await expect(page.get_by_role("button", name="last 90 days")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_label("Channel", exact=True)).to_have_value("web")
    await expect(page.get_by_label("compare with the time before")).not_to_be_checked()
    await expect(page.get_by_role("region", name="Figures by channel")).to_be_visible()


async def test_days_of_ones_own_are_whole_days_of_the_shop(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    await page.get_by_role("button", name="own days").click()
    await page.get_by_label("from", exact=True).fill("2026-11-09")
    await page.get_by_label("to", exact=True).fill("2026-11-15")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator(".basis")).to_contain_text("9–15 Nov")
    await until(lambda: asked(page) == {"from": "2026-11-09", "to": "2026-11-15"})
    unhappy = figure(page, "unhappy_share")
    await expect(unhappy).to_contain_text("worse")
    await unhappy.click()
    await expect(page.get_by_role("dialog").locator("li").first).to_contain_text("15 Nov")


async def test_an_address_that_makes_no_sense_is_told_and_the_usual_shown(stage: Stage, page: Page) -> None:
    await stage.log_in(page, "/insights?period=soon&by=weather&channel=pigeon")
    for words in ("“soon” is not a time", "There is no table by “weather”"):
        await expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    await expect(page.get_by_label("Channel", exact=True)).to_have_value("pigeon")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has happened yet")


# ---------------------------------------------------------------- what lies behind


async def test_a_figure_opens_to_its_conversations(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    behind = await stage.figures.behind("csat", board.period, limit=120)
    await stage.log_in(page)
    await figure(page, "csat").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Satisfied")
    rows = dialog.locator("li")
    await expect(rows).to_have_count(50)
    await expect(rows.nth(0)).to_contain_text(behind.rows[0].name)
    await dialog.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(100)
    await expect(rows.nth(99)).to_contain_text(behind.rows[99].name)
    await dialog.get_by_role("button", name="4 or 5 stars").click()
    await expect(rows).to_have_count(50)
    await until(lambda: asked(page) == {"open": "csat", "only": "yes"})
    assert set(await dialog.get_by_role("img").all_inner_texts()) <= {"★★★★☆", "★★★★★"}
    happy = next(row for row in behind.rows if row.counts)
    await expect(rows.nth(0).get_by_role("link").first).to_have_attribute("href", f"/customers/{happy.customer}")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await until(lambda: asked(page) == {})
    await expect(figure(page, "csat")).to_be_focused()


async def test_money_opens_to_its_customers_and_bars_to_their_rows(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    await stage.log_in(page)
    dialog = page.get_by_role("dialog")
    await page.locator(".money").first.locator('[data-figure="top_fifth"]').click()
    await expect(dialog).to_contain_text("Share of the top 20 % · EUR")
    rows = dialog.locator("li")
    await expect(rows).to_have_count(50)
    behind = (await stage.figures.behind("top_fifth:EUR", board.period)).rows
    await expect(rows.nth(0)).to_contain_text(f"€{behind[0].money:,.0f} from {behind[0].orders} orders")
    await expect(rows.nth(0)).to_contain_text("last order")
    await until(lambda: asked(page) == {"open": "top_fifth:EUR"})
    await page.keyboard.press("Escape")
    for label, name, n, title in (
        ("What they rated", "1 ★", board.ratings[0], "Rated with 1 ★"),
        ("Why a person was needed", "unclear", dict(board.reasons)["unclear"], "Why a person was needed: unclear"),
        ("Agents’ load", "Cases that Kim took", board.load[-1].claimed, "Cases taken · Kim"),
    ):
        await page.get_by_role("region", name=label).get_by_role("button", name=name).click()
        await expect(dialog).to_contain_text(title)
        await expect(rows).to_have_count(n)
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Repeat rate").click()
    await expect(dialog.get_by_role("button", name="came back")).to_be_visible()
    await expect(rows.nth(0)).to_contain_text("order")
    await page.keyboard.press("Escape")
    cohort = board.cohorts[0]
    month = f"{date.fromisoformat(f'{cohort.month}-01'):%b %Y}"
    await page.get_by_role("button", name=f"{month}, 2 months later").click()
    await expect(dialog).to_contain_text(f"First order in {month}, 2 months later")
    await expect(rows).to_have_count(min(cohort.customers, 50))
    await dialog.get_by_role("button", name="came back").click()
    await expect(rows).to_have_count(round((cohort.later[1].value or 0) * cohort.customers))


async def test_a_cell_and_a_link_open_to_their_own_rows(stage: Stage, page: Page) -> None:
    board = await board_of(stage)
    await stage.log_in(page)
    row = page.get_by_role("row", name="Sandals")
    await row.get_by_role("button").nth(4).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Satisfied · Sandals")
    await until(lambda: asked(page) == {"open": "csat", "in": "product:Sandals"})
    await page.reload()
    await expect(dialog).to_contain_text("Satisfied · Sandals")
    behind = await stage.figures.behind("csat", board.period, Cut(product="Sandals"), limit=50)
    await expect(dialog.locator("li")).to_have_count(len(behind.rows))
    await page.goto(f"{stage.server.url}/insights?open=topic:quality&only=yes")
    await expect(dialog).to_contain_text("About quality")
    await expect(dialog.locator("li").first).to_contain_text("mood −")
    await page.goto(f"{stage.server.url}/insights?open=nonsense")
    await expect(dialog).to_contain_text("No rows lie behind this.")


async def test_a_case_behind_a_figure_leads_to_its_desk(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    await page.get_by_role("heading", level=1).get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="Recovered")
    case = await dialog.locator("li").first.get_by_role("link", name="case").get_attribute("href")
    assert case
    assert case.startswith("/?case=")
    await expect(dialog.locator("li").first).to_contain_text("after ")


async def test_rows_are_taken_along_as_csv_and_parquet_and_name_nobody(
    stage: Stage, page: Page, tmp_path: Path
) -> None:
    board = await board_of(stage, cut=Cut(channel="slack"))
    names = [row.name for row in (await stage.figures.behind("csat", board.period, board.cut)).rows]
    await stage.log_in(page, "/insights?channel=slack&open=csat")
    dialog = page.get_by_role("dialog", name="Satisfied")
    async with page.expect_download() as coming:
        await dialog.get_by_role("link", name="CSV").click()
    download = await coming.value
    await download.save_as(tmp_path / "rows.csv")
    text = await asyncio.to_thread((tmp_path / "rows.csv").read_text)
    rows = list(csv.DictReader(io.StringIO(text)))
    n = board.figures["csat"].now.n
    assert len(rows) == n
    assert {row["channel"] for row in rows} == {"slack"}
    assert not any(name in text for name in names)
    assert download.suggested_filename == "csat-2026-11-01-2026-11-30.csv"
    async with page.expect_download() as coming:
        await dialog.get_by_role("link", name="Parquet").click()
    await (await coming.value).save_as(tmp_path / "rows.parquet")
    counted = (
        duckdb.connect()
        .read_parquet(str(tmp_path / "rows.parquet"))
        .aggregate("count(*), avg(rating)")
        .limit(1)
        .fetchall()[0]
    )
    assert counted[0] == n
    assert round(counted[1], 9) == round(board.figures["average_rating"].now.value or 0, 9)


async def test_rows_are_for_managers_and_bad_wishes_are_told(stage: Stage, page: Page) -> None:
    address = f"{stage.server.url}/console/figures/csat.csv"
    assert (await page.request.get(address)).status == 403
    await stage.log_in(page, "/", "boris", Role.AGENT)
    assert (await page.request.get(address)).status == 403
    await stage.log_in(page)
    board = await board_of(stage)
    about = next(one for one in board.topics if one.topic == "quality")
    mentions = about.happy + about.neutral + about.sad
    for key, n in (
        ("late", board.figures["late"].now.n),
        ("topic:quality", mentions),
        ("nps", board.figures["nps"].now.n),
    ):
        answer = await page.request.get(f"{stage.server.url}/console/figures/{key}.csv")
        assert answer.status == 200
        assert len(list(csv.DictReader(io.StringIO(await answer.text())))) == n
    for path, status in (("csat.xls", 404), ("weather.csv", 404), ("csat.csv?from=2026-02-30", 422)):
        assert (await page.request.get(f"{stage.server.url}/console/figures/{path}")).status == status


# ---------------------------------------------------------------- for everybody, on everything

COLUMNS = "customer_id, state, opened_at, reasons, desk, owner, owner_name, claimed_at, first_human_at, cut, unhappy"
ONE_MORE = Query(
    f'INSERT INTO "case" (id, {COLUMNS}) SELECT max(id) + 1, {COLUMNS} FROM "case" WHERE id = (SELECT max(id) FROM "case")'  # noqa: S608, E501
)


async def one_more_case(session: Session) -> None:
    await session.rows(ONE_MORE)


async def test_each_figure_says_what_it_means_on_hover_and_on_focus(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    tip = page.locator(".tip")
    await figure(page, "response_rate").hover()
    await expect(tip).to_contain_text("asks that were never delivered are left out")
    await page.keyboard.press("Escape")
    await expect(tip).to_be_hidden()
    await figure(page, "csat").focus()
    await expect(tip).to_contain_text("only a customer's latest rating")
    await expect(figure(page, "csat")).to_have_accessible_description(DEFINITIONS["csat"].means)


async def test_news_come_into_the_same_places(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    before = (await board_of(stage)).figures["cases_opened"].now.n
    numbers = page.get_by_label("In numbers")
    row = numbers.get_by_role("row").filter(has_text="Cases opened")
    await expect(row).to_contain_text(str(before))
    await page.wait_for_timeout(500)
    await page.evaluate("document.querySelectorAll('.tile, .chart svg').forEach((one) => { one.kept = true; })")
    await stage.database._engine.write(one_more_case)
    await stage.database.repair_figures(correct=True)
    stage.world.wake()
    await expect(row).to_contain_text(str(before + 1))
    kept = await page.evaluate("[...document.querySelectorAll('.tile, .chart svg')].every((one) => one.kept)")
    assert kept


async def test_it_fits_a_phone_and_paper(stage: Stage, page: Page) -> None:
    await stage.log_in(page)
    await expect(page.locator(".chart svg").first).to_contain_text("zipper broke")
    await _drawn_without_a_gap(page, 1280)
    pdf = await page.pdf(prefer_css_page_size=True)
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") <= 2
    await page.emulate_media(media="print")
    for control in (".bar", ".i-filters", ".print", ".as-table"):
        await expect(page.locator(control).first).to_be_hidden()
    await expect(page.locator(".on-paper")).to_be_visible()
    await page.emulate_media(media="screen")
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    await _drawn_without_a_gap(page, PHONE[0])


async def _drawn_without_a_gap(page: Page, width: int) -> None:
    """A picture of the whole page: in no stretch as high as a screen of its width is there nothing to see."""
    picture = Image.open(io.BytesIO(await page.screenshot(full_page=True, animations="disabled"))).convert("L")
    assert picture.width == width
    for top in range(0, picture.height - 400, 400):
        darkest, brightest = picture.crop((0, top, width, top + 400)).getextrema()
        assert (darkest, brightest) < (160, 256), f"nothing is drawn at {top}"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing(stage: Stage, page: Page, dark: bool) -> None:
    await page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    await stage.log_in(page)
    await expect(page.locator(".chart svg").first).to_contain_text("zipper broke")
    await page.get_by_text("As a table").first.click()
    await page.get_by_role("button", name="own days").click()
    await accessible(page)
    await figure(page, "csat").click()
    await expect(page.get_by_role("dialog").locator("li")).to_have_count(50)
    await accessible(page)
    await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await accessible(page)
