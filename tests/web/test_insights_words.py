"""How figures are put into words, what an address means, and that what is shown adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures.board import Asked, Board, Change, Counted, Load, Quote, Theme, TopicCount, build_board
from bot.domain.figures.counting import COUNTS
from bot.domain.figures.cuts import Cut
from bot.domain.figures.definitions import DEFINITIONS, Unit
from bot.domain.figures.figure import Figure, share_of
from bot.domain.figures.money import Money, cohorts_of
from bot.domain.figures.period import Period, chosen_period, named_period
from bot.domain.figures.series import Step, stretches
from handlers.console.insights import (
    amount_words,
    change_words,
    days_words,
    figure_view,
    headline,
    load_view,
    needs_view,
    range_words,
    themes_view,
    topics_view,
    value_words,
)
from handlers.console.insights_charts import mood_chart, mood_rows, pareto_chart, ticks
from handlers.console.insights_money import cohorts_view, converted_words, money_view
from handlers.console.insights_wish import TABLES, Wish, narrowed, read_wish

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
TODAY = date(2026, 11, 30)
MONTH = "last 30 days (1–30 Nov)"


def counts(**known: int) -> dict[str, int]:
    return dict.fromkeys(COUNTS, 0) | known


def board(before: dict[str, int] | None = None, **now: int) -> Board:
    period = named_period("30d", NOW, PARIS)
    assert period
    return build_board(Asked(period), Counted(counts(**now)), Counted(before or counts()))


def share(part: int, whole: int, part_before: int, whole_before: int) -> Change:
    return Change(share_of(part, whole), share_of(part_before, whole_before))


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.637, Unit.SHARE, "64 %"),
        (1204.0, Unit.COUNT, "1,204"),
        (4.26, Unit.STARS, "4.3"),
        (-0.118, Unit.MOOD, "−0.12"),
        (-0.05, Unit.NPS, "−5"),
        (7320.0, Unit.SECONDS, "2 h 2 min"),
        (None, Unit.SHARE, "–"),
    ],
)
def test_a_value_is_written_in_its_unit(value: float | None, unit: Unit, words: str) -> None:
    assert value_words(value, unit) == words


def test_amounts_have_cents_only_while_they_are_small() -> None:
    assert [amount_words(value, "EUR") for value in (1290.4, 99.5, 100.0, -41382.2)] == [
        "€1,290", "€99.50", "€100", "−€41,382",
    ]  # fmt: skip


def test_an_interval_is_written_in_the_unit_and_left_out_where_there_is_none() -> None:
    assert range_words(share_of(58, 91), Unit.SHARE) == "53–73 %"
    assert range_words(Figure(0.2, 40, -0.1, 0.5), Unit.MOOD) == "−0.10 to +0.50"
    assert range_words(Figure(360.0, 40), Unit.SECONDS) == ""
    assert range_words(share_of(5, 9), Unit.SHARE) == ""


@given(st.integers(10, 400), st.integers(10, 400), st.data())
def test_what_is_shown_adds_up_to_what_is_shown_as_its_change(n: int, m: int, data: st.DataObject) -> None:
    change = share(data.draw(st.integers(0, n)), n, data.draw(st.integers(0, m)), m)
    by = change_words(change, Unit.SHARE).split()[0].replace("−", "-").replace("±", "")
    shown = [int(value_words(each.value, Unit.SHARE).split()[0]) for each in (change.now, change.before)]
    assert shown[1] + int(by) == shown[0]


def test_a_change_is_coloured_only_when_it_is_surely_one_and_says_so_in_words() -> None:
    surely = figure_view("unhappy_share", share(90, 300, 30, 300), compare=True)
    assert (surely["by"], surely["tone"], surely["sure"]) == ("+20 points", "bad", "worse")
    maybe = figure_view("unhappy_share", share(32, 300, 30, 300), compare=True)
    assert (maybe["by"], maybe["tone"], maybe["sure"]) == ("+1 point", "soft", "may be chance")
    better = figure_view("csat", share(280, 300, 200, 300), compare=True)
    assert (better["tone"], better["sure"]) == ("good", "better")
    alone = figure_view("csat", share(280, 300, 200, 300), compare=False)
    assert (alone["by"], alone["tone"], alone["sure"]) == ("", "soft", "")


def test_a_figure_of_nine_is_hidden_and_says_why() -> None:
    hidden = figure_view("csat", share(7, 9, 30, 40), compare=True)
    assert (hidden["value"], hidden["few"], hidden["range"], hidden["by"]) == ("–", "too few to tell (n = 9)", "", "")
    assert figure_view("csat", share(7, 10, 30, 40), compare=True)["few"] == ""
    assert figure_view("cases_opened", Change(Figure(3, 3), Figure(1, 1)), compare=True)["value"] == "3"


def test_every_definition_can_be_shown() -> None:
    for key, definition in DEFINITIONS.items():
        view = figure_view(key, Change(Figure(0.5, 20), Figure(0.25, 20)), compare=True, currency="EUR")
        assert view["means"] == definition.means
        assert view["value"]


# ---------------------------------------------------------------- the first lines


def test_the_first_line_is_the_recovery_rate_and_else_the_next_best_that_can_be_told() -> None:
    won = headline(board(counts(helped=80, won_back=41), helped=91, won_back=58), TODAY, compare=True)
    assert won == (
        "Won back 64 % of unhappy customers",
        f"{MONTH} · 58 of 91 unhappy cases that a person answered · likely 53–73 % · before: 51 % (may be chance)",
    )
    assert headline(board(helped=9, won_back=9, rated_5=9, rated_1=1), TODAY, compare=True)[0] == (
        "90 % of rated purchases satisfied"
    )
    assert headline(board(asks=20, asks_answered=5), TODAY, compare=True)[0] == "25 % of asks were answered"
    few = headline(board(asks=4, answers=2), TODAY, compare=True)
    assert few == (
        "Too few answers to tell",
        f"{MONTH} · 4 asks delivered, 2 answers; shares start at 10",
    )
    assert headline(board(), TODAY, compare=True)[0] == "Nothing has happened yet"
    assert "before" not in headline(board(counts(helped=80), helped=91, won_back=58), TODAY, compare=False)[1]


def test_what_needs_somebody_leads_there() -> None:
    found = needs_view(replace(board(late_first_reply=2, late_resolution=1), open_now=1))
    assert [(one["words"], one["to"], one["open"]) for one in found] == [
        ("1 case is open now", "/", ""),
        ("3 promises were broken (first reply 2, resolution 1)", "", "late"),
    ]
    assert needs_view(board()) == []


def test_days_are_written_as_short_as_they_can_be() -> None:
    assert days_words(date(2026, 11, 1), date(2026, 11, 30), TODAY) == "1–30 Nov"
    assert days_words(date(2026, 10, 28), date(2026, 11, 3), TODAY) == "28 Oct – 3 Nov"
    assert days_words(date(2025, 12, 30), date(2026, 1, 2), TODAY) == "30 Dec 2025 – 2 Jan"
    assert days_words(date(2025, 5, 3), date(2025, 5, 3), TODAY) == "3 May 2025"


def test_agents_stand_by_name_whatever_they_did() -> None:
    load = [Load(3, "zoe", 9, 9, 9), Load(1, "Kim", 1), Load(2, "aya", 5, 50, 50)]
    assert [one["name"] for one in load_view(load)] == ["aya", "Kim", "zoe"]


def test_nobody_is_quoted_twice_with_the_same_words() -> None:
    quotes = (Quote("the zipper broke", NOW, -0.7, customer=1), Quote("zipper again", NOW, -0.5, customer=2))
    view = themes_view([Theme("zipper", 9, 0, 4.0, quotes), Theme("broke", 8, 0, 4.0, quotes[:1])])
    assert [[quote["text"] for quote in one["quotes"]] for one in view] == [["the zipper broke", "zipper again"], []]


def test_a_topic_of_few_messages_hides_its_share_but_not_its_count() -> None:
    asked = Asked(chosen_period(TODAY, TODAY, PARIS))
    topics = (TopicCount("late_reply", 6, 2, 2), TopicCount("size", 3, 0, 4))
    late, size = topics_view(
        build_board(asked, Counted(counts(scored=30), topics=topics), Counted(counts())).topics, compare=True
    )
    assert (late["name"], late["n"], late["share"], late["few"]) == ("Late reply", 10, "20 % unhappy", "")
    assert late["moods"] == [0.2, 0.2, 0.6]
    assert (size["n"], size["share"], size["few"]) == (7, "", "too few to tell (n = 7)")
    assert size["counts"] == "4 unhappy, 0 neutral, 3 happy"


# ---------------------------------------------------------------- charts


@given(st.floats(-1, 1), st.floats(0, 2))
def test_an_axis_holds_its_band_with_whole_steps(low: float, width: float) -> None:
    high = min(1.0, low + width)
    least, most, step = ticks(low, high)
    assert least <= low + 1e-6
    assert most >= high - 1e-6
    assert (most - least) / step <= 7
    assert abs((most - least) / step - round((most - least) / step)) < 1e-6


def test_the_chart_and_the_table_behind_it_say_the_same() -> None:
    days = {
        date(2026, 11, 2 + place): counts(scored=n, score_sum=n * 5000, score_squares=n * (26 * 10**6))
        for place, n in enumerate((12, 9, 40))
    }
    parts = stretches(days, Step.DAY)
    rows = mood_rows(parts, Step.DAY, TODAY)
    line = mood_chart(parts, Step.DAY, TODAY, None, "")["series"][-1]
    assert [row["n"] for row in rows] == [12, 9, 40]
    assert [point["value"] for point in line["data"]] == [0.5, None, 0.5]
    assert rows[1]["few"] == "too few to tell (n = 9)"
    assert "too few to tell (n = 9)" in line["data"][1]["tip"]
    assert line["markPoint"]["data"] == []
    marked = mood_chart(parts, Step.DAY, TODAY, parts[2], "zipper broke")["series"][-1]["markPoint"]
    assert marked["label"]["formatter"] == "▼ zipper broke"
    assert marked["data"] == [{"coord": ["4 Nov", 0.5]}]


def test_the_curve_marks_the_real_share_of_the_top_fifth() -> None:
    chart = pareto_chart([(0.1, 0.31), (0.2, 0.57), (1.0, 1.0)])
    mark = chart["series"][0]["markPoint"]
    assert mark["label"]["formatter"] == "top 20 %: 57 %"
    assert mark["data"] == [{"coord": [20.0, pytest.approx(57.0)]}]
    assert pareto_chart([])["series"][0]["markPoint"]["data"] == []


# ---------------------------------------------------------------- money


def worth(currency: str, **known: object) -> Money:
    figure = Figure(186.0, 40)
    made = Money(
        currency, 40, 60, Decimal(7440), figure, Figure(0.57, 40), ((0.2, 0.57), (1.0, 1.0)), Figure(236.0, 20),
        Figure(136.0, 20), Figure(0.735, 20), Figure(412.0, 40),
    )  # fmt: skip
    return replace(made, **known)  # type: ignore[arg-type]


def test_currencies_stand_apart_and_what_is_converted_says_by_which_rates() -> None:
    everything = [worth("CHF"), worth("EUR"), worth("EUR", converted=(("CHF", Decimal("1.05")),), spent=Decimal(15252))]
    view = money_view(everything, "EUR")
    assert [one["currency"] for one in view] == ["EUR", "CHF"]
    assert view[0]["engaged"]["value"] == "74 % more"
    assert view[0]["engaged"]["against"] == "€236 against €136 each"
    assert view[0]["engaged"]["literature"] == "23 %"
    assert converted_words(everything) == (
        "All together €15,252 from 60 orders, by the rates of your program (1 CHF = 1.05 EUR)."
    )
    assert converted_words(everything[:2]) == ""
    less = money_view([worth("EUR", engaged_premium=Figure(-0.2, 20))], "EUR")[0]["engaged"]
    assert less["value"] == "20 % less"
    few = money_view([worth("EUR", engaged_premium=Figure(None, 4))], "EUR")[0]["engaged"]
    assert (few["value"], few["hidden"]) == ("too few to tell (n = 4)", True)


def test_cohorts_are_a_staircase_and_small_ones_keep_their_shares() -> None:
    months = [(2026 * 12 + 8, 0, 40, 9), (2026 * 12 + 8, 1, 8, 8), (2026 * 12 + 9, 0, 7, 1)]
    view = cohorts_view(cohorts_of(months, 2026 * 12 + 10))
    assert view["ahead"] == [1, 2]
    assert [row["month"] for row in view["rows"]] == ["Sep 2026", "Oct 2026"]
    assert [cell["value"] for cell in view["rows"][0]["later"]] == ["20 %", "0 %"]
    assert [cell["value"] for cell in view["rows"][1]["later"]] == ["·"]
    assert view["rows"][1]["later"][0]["tip"] == "too few to tell (n = 7)"


# ---------------------------------------------------------------- the address

WISHES = st.builds(
    Wish,
    st.one_of(
        st.sampled_from(["today", "7d", "30d", "90d"]).map(lambda name: named_period(name, NOW, PARIS)),
        st.tuples(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 400)).map(
            lambda pair: chosen_period(pair[0], date.fromordinal(pair[0].toordinal() + pair[1]), PARIS)
        ),
    ),
    st.builds(Cut, *[st.text("abc &=é%+", max_size=6).map(lambda text: " ".join(text.split()))] * 5),
    st.booleans(),
    st.sampled_from(TABLES),
)


@given(WISHES)
def test_an_address_brings_back_what_it_was_made_from(wish: Wish) -> None:
    assert read_wish(wish.query, NOW, PARIS) == wish


@given(st.dictionaries(st.sampled_from(["period", "from", "to", "by", "channel", "compare"]), st.text(max_size=12)))
def test_no_address_breaks_the_page(query: dict[str, str]) -> None:
    wish = read_wish(query, NOW, PARIS)
    assert isinstance(wish.period, Period)
    assert wish.by in TABLES


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"period": "soon"}, "“soon” is not a time"),
        ({"from": "2026-02-30"}, "Days are written like"),
        ({"from": "2026-11-05", "to": "2026-11-01"}, "2026-11-01 lies before 2026-11-05"),
        ({"from": "2020-01-01", "to": "2026-11-01"}, "up to three years"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "too far away"),
        ({"by": "weather"}, "no table by “weather”"),
    ],
)
def test_what_can_not_be_shown_is_said_and_the_usual_shown(query: dict[str, str], problem: str) -> None:
    wish = read_wish(query, NOW, PARIS)
    assert problem in wish.problems[0]
    assert wish.period.name == "30d"


def test_a_cell_narrows_to_its_line_and_a_point_to_its_days() -> None:
    wish = read_wish({"channel": "slack"}, NOW, PARIS)
    there = narrowed(wish, "product:City boots", "2026-11-09..2026-11-15", PARIS)
    assert there.cut == Cut(channel="slack", product="City boots")
    assert (there.period.first, there.period.last) == (date(2026, 11, 9), date(2026, 11, 15))
    assert narrowed(wish, "weather:rain", "yesterday", PARIS) == wish
