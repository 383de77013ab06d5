"""What a page, a chat message or an export shows of a period: every figure with its n, its interval and its change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.figures.counting import COUNTS, FIRST_HUMAN, FIRST_RESOLUTION, RESOLUTION, SCORE_UNITS
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.figure import (
    TIME_SHARES,
    Figure,
    figure,
    mean_of,
    net_promoters,
    ranks_of,
    share_of,
    time_of,
)
from bot.domain.figures.money import Cohort, Money
from bot.domain.figures.period import Period

STARS = (1, 2, 3, 4, 5)
PROMISES = ("first_reply", "next_reply", "resolution")
Counts = Mapping[str, int]
Times = Mapping[str, Mapping[int, int]]
NOTHING: Counts = dict.fromkeys(COUNTS, 0)


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How often a topic was mentioned, by the mood of its clause."""

    topic: str
    happy: int = 0
    neutral: int = 0
    sad: int = 0

    @property
    def mentions(self) -> int:
        """All of them."""
        return self.happy + self.neutral + self.sad


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on one agent: held now; taken and resolved in the period."""

    staff: int
    name: str
    holds: int = 0
    claimed: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What the tallies say of one period. `times`: seconds → cases, by kind. `sales`: currency → (orders, amount)."""

    counts: Counts = field(default_factory=lambda: NOTHING)
    days: Mapping[date, Counts] = field(default_factory=dict)
    times: Times = field(default_factory=dict)
    topics: tuple[TopicCount, ...] = ()
    sales: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    """Customers, each once; of everything, whatever the filter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the tallies. `parts` leaves out what is not needed: days, times, topics, sales, people."""

    period: Period
    cut: Cut = EVERY
    parts: frozenset[str] = frozenset({"days", "times", "topics", "sales", "people"})


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by, each in order."""

    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A figure and the same one of the time before. `clear`: the two intervals don't touch, so it is no accident."""

    now: Figure
    before: Figure

    @property
    def by(self) -> float | None:
        """The difference; None when one of them is hidden."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

    @property
    def clear(self) -> bool:
        """Surely more than chance."""
        now, before = self.now, self.before
        if now.low is None or now.high is None or before.low is None or before.high is None:
            return False
        return now.low > before.high or now.high < before.low


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its moods, and how its share of the messages changed."""

    topic: str
    happy: int
    neutral: int
    sad: int
    share: Change
    sad_share: Change


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table by product, channel, tier, level or campaign."""

    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a customer, with everything that could name them masked."""

    text: str
    at: datetime
    mood: float
    case: int | None = None
    customer: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """Words that rose against the time before. `now` and `before` count customers; `z`: how far beyond chance."""

    words: str
    now: int
    before: int
    z: float
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of a period. `figures` by the keys of the definitions; `days` the same per local day."""

    period: Period
    before: Period
    cut: Cut
    figures: Mapping[str, Change]
    days: Mapping[date, Mapping[str, Figure]]
    ratings: tuple[int, ...]
    reasons: tuple[tuple[str, int], ...]
    late: Mapping[str, int]
    topics: tuple[Topic, ...]
    sales: Mapping[str, Change]
    unhappy_days: Mapping[date, int] = field(default_factory=dict)
    """How many answers of each day are unhappy: counts are never hidden, shares are."""
    open_now: int = 0
    load: tuple[Load, ...] = ()
    products: tuple[Row, ...] = ()
    channels: tuple[Row, ...] = ()
    tiers: tuple[Row, ...] = ()
    levels: tuple[Row, ...] = ()
    campaigns: tuple[Row, ...] = ()
    money: tuple[Money, ...] = ()
    repeat: Figure = Figure(None, 0)
    cohorts: tuple[Cohort, ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """One answer, ask, case, order or customer behind a figure. `text` is shown to people of the shop alone.

    `kind`: answer, ask, case, order, late, customer (then `money` and `orders` are all of theirs). `counts`: it is in
    the upper part of a share (satisfied, recovered …). `customer` opens the whole conversation. `seconds`: how long it
    took.
    """

    id: int
    customer: int
    name: str
    at: datetime
    kind: str
    channel: str = ""
    text: str = ""
    rating: int | None = None
    mood: float | None = None
    case: int | None = None
    purchase: int | None = None
    seconds: int | None = None
    money: Decimal | None = None
    currency: str = ""
    counts: bool = True
    tier: str = ""
    level: str = ""
    campaign: str = ""
    product: str = ""
    orders: int | None = None


@dataclass(frozen=True, slots=True)
class BehindPage:
    """A page of what lies behind a figure, newest first. `after` asks for the next page; "" = there is none."""

    rows: tuple[Behind, ...]
    after: str = ""


def counted_figures(counts: Counts) -> dict[str, Figure]:
    """The figures that are made of counts alone: of a period, a day, or a line of a table."""
    rated = sum(counts[f"rated_{stars}"] for stars in STARS)
    total = sum(stars * counts[f"rated_{stars}"] for stars in STARS)
    squares = sum(stars * stars * counts[f"rated_{stars}"] for stars in STARS)
    likely = counts["promoters"] + counts["passives"] + counts["detractors"]
    late = sum(counts[f"late_{promise}"] for promise in PROMISES)
    mood = mean_of(counts["score_sum"], counts["score_squares"], counts["scored"])
    return {
        "recovery": share_of(counts["won_back"], counts["helped"]),
        "recovered_of_told": share_of(counts["recovered"], counts["asked_again"]),
        "csat": share_of(counts["rated_4"] + counts["rated_5"], rated),
        "average_rating": mean_of(total, squares, rated),
        "nps": net_promoters(counts["promoters"], counts["detractors"], likely),
        "response_rate": share_of(counts["asks_answered"], counts["asks"]),
        "asks_sent": figure(counts["asks"], counts["asks"], 0),
        "answers": figure(counts["answers"], counts["answers"], 0),
        "unhappy_share": share_of(counts["unhappy"], counts["answers"]),
        "sentiment": _scaled(mood),
        "cases_opened": figure(counts["cases_opened"], counts["cases_opened"], 0),
        "cases_resolved": figure(counts["cases_resolved"], counts["cases_resolved"], 0),
        "late": figure(late, late, 0),
    }


def _scaled(mood: Figure) -> Figure:
    """From whole ten-thousandths to −1…1."""
    value, low, high = (None if each is None else each / SCORE_UNITS for each in (mood.value, mood.low, mood.high))
    return Figure(value, mood.n, None if low is None else max(-1.0, low), None if high is None else min(1.0, high))


def decisive_paces(paces: Mapping[int, int]) -> frozenset[int]:
    """Of times counted by class: the classes that a figure's times lie in, all that need to be known to the second."""
    ranks = {rank for share in TIME_SHARES for rank in ranks_of(sum(paces.values()), share)}
    found, seen = set(), 0
    for pace in sorted(paces):
        if any(seen < rank <= seen + paces[pace] for rank in ranks):
            found.add(pace)
        seen += paces[pace]
    return frozenset(found)


def time_figures(times: Times) -> dict[str, Figure]:
    """Medians and slowest tenths."""
    named = {"first_human_response": FIRST_HUMAN, "first_resolution": FIRST_RESOLUTION, "resolution": RESOLUTION}
    return {
        f"{name}_{suffix}_s": time_of(times.get(kind, {}), share)
        for name, kind in named.items()
        for suffix, share in zip(("median", "p90"), TIME_SHARES, strict=True)
    }


def period_figures(counted: Counted) -> dict[str, Figure]:
    """Every figure of a period but those of money."""
    people = {name: figure(number, number, 0) for name, number in
              (("asked", counted.asked), ("answered", counted.answered))}  # fmt: skip
    return counted_figures(counted.counts) | time_figures(counted.times) | people


def build_board(asked: Asked, now: Counted, before: Counted) -> Board:
    """The one place where a page's figures are made."""
    here, there = period_figures(now), period_figures(before)
    counts = now.counts
    return Board(
        period=asked.period,
        before=asked.period.before(),
        cut=asked.cut,
        figures={key: Change(here[key], there[key]) for key in here},
        days={day: counted_figures(of_day) for day, of_day in now.days.items()},
        unhappy_days={day: of_day["unhappy"] for day, of_day in now.days.items()},
        ratings=tuple(counts[f"rated_{stars}"] for stars in STARS),
        reasons=reasons_of(counts),
        late={promise: counts[f"late_{promise}"] for promise in PROMISES},
        topics=topics_of(now, before),
        sales={currency: _sales(currency, now, before) for currency in sorted({*now.sales, *before.sales})},
    )


def reasons_of(counts: Counts) -> tuple[tuple[str, int], ...]:
    """Why cases were opened, most frequent first."""
    names = {"unhappy": "unhappy", "unclear": "unclear", "value": "high value", "asked": "asked for a person",
             "alarm": "alarm word"}  # fmt: skip
    found = [(words, counts[f"about_{key}"]) for key, words in names.items() if counts[f"about_{key}"]]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def topics_of(now: Counted, before: Counted) -> tuple[Topic, ...]:
    """What people talk about, most frequent first."""
    earlier = {topic.topic: topic for topic in before.topics}
    found = []
    for topic in now.topics:
        was = earlier.get(topic.topic, TopicCount(topic.topic))
        share = Change(share_of(topic.mentions, now.counts["scored"]), share_of(was.mentions, before.counts["scored"]))
        sad = Change(share_of(topic.sad, topic.mentions), share_of(was.sad, was.mentions))
        found.append(Topic(topic.topic, topic.happy, topic.neutral, topic.sad, share, sad))
    return tuple(sorted(found, key=lambda one: (-one.happy - one.neutral - one.sad, one.topic)))


def _sales(currency: str, now: Counted, before: Counted) -> Change:
    found = [counted.sales.get(currency, (0, Decimal(0))) for counted in (now, before)]
    here, there = (figure(float(amount), orders, 0) for orders, amount in found)
    return Change(here, there)


def table_rows(found: Mapping[str, Counts], most: int = 50) -> tuple[Row, ...]:
    """Lines of a table, those with most asks and answers first."""
    lines = sorted(found.items(), key=lambda line: (-line[1]["asks"] - line[1]["answers"], line[0]))
    return tuple(Row(name, counted_figures(counts)) for name, counts in lines[:most])


def summed(parts: Iterable[Counts]) -> Counts:
    """The counts of several parts together."""
    total = dict(NOTHING)
    for part in parts:
        for name, count in part.items():
            total[name] += count
    return total
