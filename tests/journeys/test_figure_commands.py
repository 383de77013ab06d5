"""`afterword figures` and `afterword summary`: meanings, proofs, times of one's own, rows to take away."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time

import duckdb
import pytest

from bot.commands.figuring import page
from bot.domain.figures.definitions import DEFINITIONS
from tests.journeys.test_commands import ROOT, Place, paid

TIME = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three customers whose orders were imported."""
    place = Place.made(tmp_path_factory.mktemp("figures"), HTTP_PORT="0")
    place.said("migrate")
    lines = [paid("1001", "ana", "129.00"), paid("1002", "bo", "18.00"), paid("1003", "chidi", "420.00")]
    (place.folder / "orders.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    place.said("import-orders", "orders.jsonl")
    return place


def worked(shop: Place) -> Place:
    """The imported orders are through their turns."""
    process = shop.start("run")
    assert process.stdout is not None
    try:
        for _ in range(400):
            with sqlite3.connect(f"file:{shop.folder}/shop.db?mode=ro", uri=True) as database:
                if database.execute("SELECT count(*) FROM purchase").fetchone()[0] == 3:
                    return shop
            if process.poll() is not None:
                raise AssertionError(process.communicate())
            time.sleep(0.05)
    finally:
        process.terminate()
        process.communicate()
    raise AssertionError


def test_the_page_of_figures_is_current() -> None:
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == page()


def test_every_figure_is_explained(shop: Place) -> None:
    said = shop.said("figures", "list")
    assert [one.key for one in DEFINITIONS.values() if f"\n{one.key}\n" not in f"\n{said}"] == []


def test_rows_can_be_taken_away_as_csv_and_as_parquet(shop: Place) -> None:
    worked(shop)
    rows = list(csv.DictReader(io.StringIO(shop.said("figures", "export", "revenue", *TIME))))
    assert sorted(row["money"] for row in rows) == ["129.00", "18.00", "420.00"]
    assert {row["currency"] for row in rows} == {"EUR"}
    said = shop.said("figures", "export", "revenue", *TIME, "--format", "parquet", "--out", "rows.parquet")
    assert said == "3 rows are in rows.parquet.\n"
    file = shop.folder / "rows.parquet"
    found = duckdb.connect().execute(f"SELECT sum(money), count(text), min(\"at\") FROM '{file}'").fetchone()  # noqa: S608 - our own
    assert found is not None
    assert (str(found[0]), found[1], found[2].year) == ("567.0000", 3, 2026)
    shop.said("figures", "export", "revenue", *TIME, "--out", "rows.csv")
    assert len((shop.folder / "rows.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["export", "nonsense"], "no figure with rows behind it"),
        (["export", "retention"], "no figure with rows behind it"),
        (["export", "top_fifth"], "top_fifth:CURRENCY"),
        (["export", "load:Kim"], "load:AGENT"),
        (["export", "csat", "--format", "xlsx"], "Allowed: csv, parquet"),
        (["export", "csat", "--format", "parquet"], "--out"),
        (["export", "csat", "--out", "no/such/folder.csv"], "can't be written"),
        (["export", "csat", "--period", "8d"], "Allowed: today, 7d, 30d, 90d"),
        (["export", "csat", "--from", "2026-11-01"], "both --from and --to"),
        (["export", "csat", "--from", "2026-11-31", "--to", "2026-12-01"], "not a day"),
        (["export", "csat", "--from", "2026-11-30", "--to", "2026-11-01"], "earlier day first"),
    ],
)
def test_what_can_not_be_done_is_told(shop: Place, words: list[str], reason: str) -> None:
    assert reason in shop.refused("figures", *words)


def test_a_time_of_ones_own_and_tables(shop: Place) -> None:
    summary = json.loads(shop.said("summary", "--json", *TIME))
    assert (summary["since"][:10], summary["until"][:10]) == ("2026-11-01", "2026-12-01")
    assert "Nov" in shop.said("summary", *TIME).splitlines()[0]
    assert "Nothing is known by product" in shop.said("summary", "--by", "channel", *TIME).replace("channel", "product")
    assert "Allowed: product" in shop.refused("summary", "--by", "mood")


def test_a_check_finds_what_is_wrong_and_a_repair_mends_it(shop: Place) -> None:
    worked(shop)
    assert "what the rows say" in shop.said("figures", "repair", "--check")
    with sqlite3.connect(shop.folder / "shop.db") as database:
        database.execute("UPDATE tally_money SET orders_n = orders_n + 1 WHERE cut = '*'")
    done = shop.command("figures", "repair", "--check")
    assert done.returncode == 1
    assert "`afterword figures repair` puts them right." in done.stdout
    assert "tally_money" in done.stdout
    assert "They are put right." in shop.said("figures", "repair")
    assert "what the rows say" in shop.said("figures", "repair", "--check")


def test_a_spreadsheet_takes_no_words_for_a_formula() -> None:
    from bot.runtime.exporting import COLUMNS, csv_lines  # noqa: PLC0415 - one test's own

    row = dict.fromkeys(COLUMNS) | {"text": "=HYPERLINK(1)", "mood": -0.5}
    line = csv_lines([row], head=False)
    assert "'=HYPERLINK(1)" in line
    assert ",-0.5," in line
