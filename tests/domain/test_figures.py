"""Figures as rules: intervals, times, periods over clock changes, counting people once, what an alert needs."""

from __future__ import annotations

from collections import Counter as Numbers
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil, comb
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts import Count, is_spike
from bot.domain.figures.board import counted_figures, decisive_paces
from bot.domain.figures.counting import (
    ANSWERED,
    ASKED,
    COUNTS,
    PARTS,
    QUARTER_US,
    AskRow,
    Counter,
    FeedbackRow,
    History,
    Tally,
    bin_of,
    bounds_of_pace,
    bounds_of_part,
    count_history,
    kept_seconds,
    pace_of,
    part_of,
    quarter,
    topics_from,
    topics_text,
)
from bot.domain.figures.cuts import BY_DAY, EVERYTHING, Cut, cut_from
from bot.domain.figures.definitions import DEFINITIONS
from bot.domain.figures.figure import TIME_SHARES, Figure, chance, quantile, share_of
from bot.domain.figures.period import Period, chosen_period, midnight, moment_of, named_period, quarter_of
from bot.domain.interval import wilson

UTC_ZONE, PARIS = ZoneInfo("UTC"), ZoneInfo("Europe/Paris")
ZONES = [ZoneInfo(name) for name in (
    "UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Santiago", "Pacific/Chatham", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia",
)]  # fmt: skip
MOMENTS = st.integers(1_610_000_000, 1_890_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NOW = datetime(2026, 11, 30, 15, 37, tzinfo=UTC)


# ---------------------------------------------------------------- values


@given(st.integers(0, 500), st.integers(10, 500))
def test_an_interval_holds_its_share_and_narrows(part: int, whole: int) -> None:
    part = min(part, whole)
    low, high = wilson(part / whole, whole)
    assert 0 <= low <= part / whole <= high <= 1
    wide, narrow = wilson(0.5, whole), wilson(0.5, 4 * whole)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_below_ten_cases_nothing_is_shown_but_how_many_there_are() -> None:
    assert share_of(9, 9) == Figure(None, 9)
    assert share_of(9, 10).value == 0.9


@given(st.lists(st.integers(0, 50), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_that_of_the_sorted_values(values: list[int], share: float) -> None:
    counted = {value: values.count(value) for value in values}
    ordered, place = sorted(values), share * len(values)
    first = max(1, ceil(place))
    exact = (ordered[first - 1] + ordered[first]) / 2 if first == place < len(values) else ordered[first - 1]
    assert quantile(counted, share) == exact


@given(st.integers(0, 10**13))
def test_a_time_is_kept_to_half_a_percent(micros: int) -> None:
    kept = kept_seconds(micros)
    assert abs(kept - micros / 1e6) <= max(0.5, 0.00501 * micros / 1e6)
    assert kept_seconds(kept * 1_000_000) == kept


@given(st.integers(-10, 10**12))
def test_classes_of_amounts_are_in_order(amount: int) -> None:
    assert bin_of(amount) <= bin_of(amount + 1)


@given(st.dictionaries(st.sampled_from(["delivery", "price"]), st.sampled_from([-0.8, 0.0, 0.5])))
def test_topics_come_back_as_they_were_written(topics: dict[str, float]) -> None:
    assert dict(topics_from(topics_text(topics.items()))) == topics


# ---------------------------------------------------------------- periods


@given(st.sampled_from(ZONES), st.dates(date(2020, 1, 3), date(2030, 1, 1)), st.integers(0, 120))
def test_days_of_a_period_follow_each_other_without_a_gap(zone: ZoneInfo, first: date, more: int) -> None:
    period = chosen_period(first, first + timedelta(days=more), zone)
    days = list(period.each_day())
    assert [day for day, _, _ in days] == [first + timedelta(days=n) for n in range(more + 1)]
    assert (days[0][1], days[-1][2]) == period.quarters
    assert all(a[2] == b[1] for a, b in pairwise(days))
    for day, low, high in days:
        assert moment_of(low).astimezone(zone).date() == day or zone.key == "Pacific/Apia"
        assert moment_of(high - 1).astimezone(zone).date() == day or zone.key == "Pacific/Apia"


def test_the_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    hours = {
        day: (high - low) / 4
        for day, low, high in chosen_period(date(2026, 3, 1), date(2026, 10, 31), PARIS).each_day()
    }
    assert (hours.pop(date(2026, 3, 29)), hours.pop(date(2026, 10, 25))) == (23, 25)
    assert set(hours.values()) == {24}


@given(
    st.sampled_from(ZONES),
    MOMENTS,
    st.sampled_from(["today", "7d", "90d"]),
)
def test_a_named_period_ends_now_and_the_one_before_is_as_long(zone: ZoneInfo, moment: datetime, name: str) -> None:
    now = moment
    period = named_period(name, now, zone)
    assert period is not None
    assert period.since <= now < period.until <= now + timedelta(minutes=15)
    assert period.since == midnight(period.first, zone)
    before = period.before()
    assert before.until <= period.since or zone.key == "Pacific/Apia"
    assert (period.first - before.first).days == period.days
    gap = (period.until - period.since) - (before.until - before.since)
    assert abs(gap) <= timedelta(hours=2, minutes=15)


def test_an_unknown_period_is_none() -> None:
    assert named_period("8d", NOW, PARIS) is None


# ---------------------------------------------------------------- counting

asks = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.integers(0, 30)).map(
        lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
    ),
    max_size=8,
)


@given(st.lists(asks, max_size=4), st.integers(0, 40), st.integers(1, 40), st.sampled_from([1, 7, 96]))
def test_a_customer_counts_once_in_any_time(
    customers: list[list[tuple[int, int | None]]], low: int, span: int, step: int
) -> None:
    """`step`: how many quarters of an hour lie between two of the moments; 96 are a day."""
    tally, counter, high = Tally(), Counter(UTC_ZONE), low + span
    for given_asks in customers:
        counter.spans(tally, [_ask(n, at, done, step) for n, (at, done) in enumerate(given_asks)])
    asked = sum(any(low <= at < high for at, _ in one) for one in customers)
    answered = sum(any(low <= at < high and done is not None and done < high for at, done in one) for one in customers)
    assert _once(tally, "", low * step, high * step) == {ASKED: asked, ANSWERED: answered}
    if step == 96:
        assert _once(tally, BY_DAY, low * step, high * step) == {ASKED: asked, ANSWERED: answered}


def _once(tally: Tally, kept: str, since: int, until: int) -> dict[str, int]:
    found = {ASKED: 0, ANSWERED: 0}
    for kind, low, high, count in tally.rows("tally_span"):
        for name in (ASKED, ANSWERED):
            if kind == f"{kept}{name}" and since <= int(low) and int(high) < until:
                found[name] += int(count)
    return found


def _ask(number: int, at: int, done: int | None, step: int = 1) -> AskRow:
    quarters = QUARTER_US * step
    return AskRow(number, "", "telegram", at * quarters, None if done is None else done * quarters)


@given(st.integers(1, 10**14))
def test_an_amount_lies_in_its_part_of_its_class(amount: int) -> None:
    place, part = bin_of(amount), part_of(amount)
    low, high = bounds_of_part(place, part)
    assert 0 <= part < PARTS
    assert low <= amount <= high
    assert (part_of(low), part_of(high), bin_of(low), bin_of(high)) == (part, part, place, place)


@given(st.integers(0, 10**8))
def test_a_time_lies_in_its_class(seconds: int) -> None:
    low, high = bounds_of_pace(pace_of(seconds))
    assert low <= seconds <= high
    assert pace_of(high + 1) == pace_of(seconds) + 1
    assert high - low <= max(0, low // 4)


@given(st.dictionaries(st.integers(0, 100_000), st.integers(1, 9), min_size=1))
def test_times_by_class_tell_the_same_quantiles_when_the_decisive_ones_are_exact(times: dict[int, int]) -> None:
    paces: Numbers[int] = Numbers()
    for seconds, cases in times.items():
        paces[pace_of(seconds)] += cases
    exact = decisive_paces(paces)
    rough: Numbers[int] = Numbers()
    for seconds, cases in times.items():
        pace = pace_of(seconds)
        rough[seconds if pace in exact else bounds_of_pace(pace)[0]] += cases
    assert len(exact) <= 4
    assert [quantile(rough, share) for share in TIME_SHARES] == [quantile(times, share) for share in TIME_SHARES]


words = st.builds(
    FeedbackRow,
    id=st.integers(1, 10**6),
    cut=st.sampled_from(["", Cut("slack", "top", "proactive", "", "Boots").text]),
    purchase=st.sampled_from([None, 1, 2]),
    at=st.integers(0, 10**16),
    rating=st.sampled_from([None, 1, 3, 5]),
    worded=st.booleans(),
    label=st.sampled_from(["positive", "negative", "neutral", "mixed", "unknown"]),
    score=st.floats(-1, 1),
    counts_unhappy=st.booleans(),
    corrected=st.sampled_from(["", "negative", "positive"]),
    likelihood=st.sampled_from([None, 0, 7, 10]),
    topics=st.sampled_from(["", "delivery:-0.8", "delivery:0.5 price:0"]),
)


def _all(tally: Tally) -> dict[str, int]:
    rows = [row for row in tally.rows("tally") if row[0] == EVERYTHING]
    return {name: sum(int(row[2 + place]) for row in rows) for place, name in enumerate(COUNTS)}


@given(st.lists(words, max_size=12, unique_by=lambda row: row.id), words)
def test_whatever_else_is_said_the_parts_stay_the_whole(said: list[FeedbackRow], more: FeedbackRow) -> None:
    for rows in (said, [*said, more]):
        tally = Tally()
        counter = Counter(PARIS)
        count_history(counter, tally, History(1, feedback=rows))
        counter.spread(tally)
        counts = _all(tally)
        assert counts["happy"] + counts["neutral"] + counts["mixed"] + counts["sad"] == counts["scored"]
        assert counts["scored"] + counts["unread"] == sum(row.worded for row in rows)
        assert counts["promoters"] + counts["passives"] + counts["detractors"] == len(
            {row.purchase for row in rows if row.likelihood is not None}
        )
        assert counts["answers"] == len({row.purchase for row in rows})
        assert counts["unhappy"] <= counts["answers"]
        assert sum(counts[f"rated_{n}"] for n in range(1, 6)) == len({r.purchase for r in rows if r.rating})
        _sums_agree(tally)


def _sums_agree(tally: Tally) -> None:
    """Everything, people, goods and products each add up to the same."""
    kinds: dict[str, list[int]] = {}
    for row in tally.rows("tally"):
        kind = str(row[0]).partition("\t")[0]
        known = kinds.setdefault(kind, [0] * len(COUNTS))
        kinds[kind] = [a + int(b) for a, b in zip(known, row[2:], strict=True)]
    assert len({tuple(counts) for counts in kinds.values()}) <= 1


@given(st.lists(words, max_size=10, unique_by=lambda row: row.id))
def test_what_is_taken_out_again_leaves_nothing(said: list[FeedbackRow]) -> None:
    tally, counter = Tally(), Counter(PARIS)
    for sign in (1, -1):
        count_history(counter, tally, History(1, feedback=said), sign)
    counter.spread(tally)
    assert all(tally.rows(table) == [] for table in tally.tables)


def test_an_agents_word_goes_before_the_scorers() -> None:
    row = FeedbackRow(1, "", None, 0, None, worded=True, label="negative", score=-0.9, counts_unhappy=True)
    for corrected, unhappy in (("", True), ("positive", False), ("neutral", False), ("negative", True)):
        said = FeedbackRow(**{name: getattr(row, name) for name in row.__slots__} | {"corrected": corrected})
        assert said.unhappy is unhappy


def test_a_cut_survives_its_column() -> None:
    cut = Cut("slack", "top", "proactive", "spring", "Laces & more")
    assert cut_from(cut.text) == cut
    assert cut.fits(Cut(channel="slack"))
    assert not cut.fits(Cut(channel="slack", tier="standard"))


def test_quarters_are_counted_alike_from_moments_and_numbers() -> None:
    assert quarter(round(NOW.timestamp() * 1_000_000)) == quarter_of(NOW)


# ---------------------------------------------------------------- definitions


def test_every_figure_of_a_board_is_defined_in_a_sentence() -> None:
    made = counted_figures(dict.fromkeys(COUNTS, 0))
    assert made.keys() <= DEFINITIONS.keys()
    for one in DEFINITIONS.values():
        assert one.means.endswith(".")
        assert one.means.count(". ") == 0, one.key
        assert len(one.title) <= 40


# ---------------------------------------------------------------- alerts


@pytest.mark.parametrize(
    ("count", "spike"),
    [
        (Count(12, 40, 40, 400), True),
        (Count(4, 4, 0, 1000), False),  # too few
        (Count(5, 9, 0, 1000), False),  # of too few
        (Count(12, 40, 4, 40), False),  # too little history
        (Count(6, 40, 40, 400), False),  # chance
        (Count(640, 4000, 400, 4000), True),
        (Count(440, 4000, 400, 4000), False),  # no half as many again
        (Count(9, 12, 0, 60), True),
    ],
)
def test_an_alert_needs_more_than_chance_and_history_explain(count: Count, spike: bool) -> None:
    assert is_spike(count) is spike


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_chances_are_those_of_drawing_from_one_urn(hits: int, of: int, before: int, of_before: int) -> None:
    hits, before = min(hits, of), min(before, of_before)
    everything, red = of + of_before, hits + before
    exact = sum(comb(red, k) * comb(everything - red, of - k) for k in range(hits, min(of, red) + 1)) / comb(
        everything, of
    )
    assert chance(hits, of, before, of_before) == pytest.approx(exact, abs=1e-9)


def test_a_period_can_be_of_any_moments() -> None:
    period = Period("", moment_of(4), moment_of(9), UTC_ZONE)
    assert (period.days, period.quarters) == (1, (4, 9))
