"""What one row adds to which tally. A tally is nothing but the sum over all rows: so it can be proved right.

Moments are microseconds since 1970 UTC here, as they lie in the rows: millions of them are counted in a repair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from math import exp, floor, log
from zoneinfo import ZoneInfo

from bot.domain.figures.cuts import BY_DAY, cut_from
from bot.domain.figures.period import QUARTER_S, midnight, month_of, quarter_of

COUNTS = tuple(
    "asks asks_answered asks_reminded rated_1 rated_2 rated_3 rated_4 rated_5 promoters passives detractors "
    "answers unhappy scored score_sum score_squares happy neutral mixed sad unread "
    "cases_opened about_unhappy about_unclear about_value about_asked about_alarm cases_resolved recovered asked_again "
    "helped won_back late_first_reply late_next_reply late_resolution".split()
)
"""What is counted per quarter of an hour."""
SCORE_UNITS = 10_000
CORRECTED_SCORES = {"negative": -0.5, "neutral": 0.0, "positive": 0.5}
"""Words that an agent corrected count with these instead of what the scorer said."""
MOODS = {"positive": "happy", "neutral": "neutral", "mixed": "mixed", "negative": "sad"}
REASONS = {
    "unhappy": "about_unhappy",
    "unclear": "about_unclear",
    "high value": "about_value",
    "asked for a person": "about_asked",
    "alarm word": "about_alarm",
}
FIRST_HUMAN, FIRST_RESOLUTION, RESOLUTION = "first_human", "first_resolution", "resolution"
ASKED, ANSWERED = "asked", "answered"
QUARTER_US = QUARTER_S * 1_000_000
BY_QUARTER = 2
"""How many of the sums of a row are kept by the quarter of an hour; those after them by the day."""
BIN = log(1.01)
PARTS = 100
"""Into how many parts a class of amounts is cut."""
LARGEST = 2**62
ANY_CURRENCY = ""
GOOD, BAD = 7, 9

Key = tuple[str | int, ...]

COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tally": (("cut", "quarter"), COUNTS),
    "tally_topic": (("cut", "quarter", "topic"), ("happy", "neutral", "sad")),
    "tally_time": (("cut", "quarter", "kind", "seconds"), ("cases",)),
    "tally_pace": (("cut", "quarter", "kind", "pace"), ("cases",)),
    "tally_span": (("kind", "low", "high"), ("customers",)),
    "tally_money": (("cut", "quarter", "currency"), ("orders", "spent")),
    "tally_value": (("currency", "engaged", "again", "bin"), ("customers", "orders", "spent")),
    "tally_part": (("currency", "bin", "part"), ("customers", "spent")),
    "tally_cohort": (("month", "later"), ("customers", "again")),
    "tally_load": (("staff_id", "quarter"), ("claimed", "resolved")),
    "purse": (("customer_id", "currency"), ("orders", "spent")),
}
"""Each tally's key and counts; in the tables a count's column ends in `_n`."""


_PLACES = {table: {name: place for place, name in enumerate(counts)} for table, (_, counts) in COLUMNS.items()}


BY_DAY_ALONE = frozenset({"tally_pace"})
"""Tallies that are kept by the shop's days alone."""
SPREAD = tuple(table for table, (keys, _) in COLUMNS.items() if keys[0] == "cut")
"""Tallies that are kept by several sums at once."""


class Tally:
    """Cells that are added up: table → key → counts, in the order of `COLUMNS`.

    What belongs to several sums is first added up `loose`, under its own cut; `Counter.spread` adds it to each of them.
    """

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, list[int]]] = {table: {} for table in COLUMNS}
        self.loose: dict[str, dict[Key, list[int]]] = {table: {} for table in SPREAD}

    def add(self, table: str, key: Key, sign: int, counts: Mapping[str, int]) -> None:
        """Add to one cell."""
        cells, places = (self.loose if table in self.loose else self.tables)[table], _PLACES[table]
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = [0] * len(places)
        for name, count in counts.items():
            cell[places[name]] += sign * count

    def rows(self, table: str) -> list[tuple[int | str, ...]]:
        """The cells of a table that are not nothing, in order, as rows of its columns."""
        return sorted((*key, *cell) for key, cell in self.tables[table].items() if any(cell))


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that the turns keep otherwise than the rows say."""

    table: str
    key: Key
    name: str
    kept: int
    right: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a check found: how many cells there are, how many are wrong, the first of those, how to put them right.

    `serial` is that of the last correction before it: a second one from the same look would correct twice.
    """

    cells: int
    wrong: int
    differences: tuple[Difference, ...]
    correction: Tally
    serial: int = 0


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask that reached its customer."""

    id: int
    cut: str
    channel: str
    delivered_at: int
    answered_at: int | None = None
    reminded_at: int | None = None


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """What a customer said once. `corrected`: what an agent called it. `likelihood`: 0…10, when said so."""

    id: int
    cut: str
    purchase: int | None
    at: int
    rating: int | None
    worded: bool
    label: str
    score: float
    counts_unhappy: bool
    corrected: str = ""
    likelihood: int | None = None
    topics: str = ""

    @property
    def unhappy(self) -> bool:
        """As it counts: an agent's word goes before the scorer's."""
        if not self.corrected or self.rating is not None:
            return self.counts_unhappy
        return self.corrected == "negative"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case."""

    id: int
    cut: str
    state: str
    opened_at: int
    reasons: frozenset[str] = frozenset()
    owner: int | None = None
    claimed_at: int | None = None
    first_human_at: int | None = None
    resolved_at: int | None = None
    first_resolved_at: int | None = None
    recovered: bool | None = None
    breaches: tuple[tuple[str, int], ...] = ()
    """(promise, until when it was given)."""


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase that was paid. `amount` in ten-thousandths."""

    id: int
    cut: str
    currency: str
    amount: int
    paid_at: int
    stands: bool = True


def quarter(at: int) -> int:
    """The quarter of an hour of a moment in microseconds."""
    return at // QUARTER_US


class Counter:
    """Adds rows to a tally. `zone` is the shop's: products and cohorts are kept by its days and months."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[int, int] = {}
        self._sums: dict[str, tuple[str, ...]] = {}

    def spread(self, tally: Tally) -> None:
        """Add what is loose to every sum that it belongs to."""
        for table, cells in tally.loose.items():
            sums = tally.tables[table]
            for (cut, here, *rest), cell in cells.items():
                counts = [(place, count) for place, count in enumerate(cell) if count]
                places = self._places(str(cut), int(here)) if counts else ()
                for name_and_time in places[BY_QUARTER:] if table in BY_DAY_ALONE else places:
                    key = (*name_and_time, *rest)
                    found = sums.get(key)
                    if found is None:
                        found = sums[key] = [0] * len(cell)
                    for place, count in counts:
                        found[place] += count
            cells.clear()

    def _places(self, cut: str, here: int) -> tuple[tuple[str, int], ...]:
        """(sum, quarter) of everything that something in this quarter belongs to; sums by product only by days."""
        names = self._sums.get(cut)
        if names is None:
            everything, people, goods, product = cut_from(cut).sums
            names = self._sums[cut] = everything, people, f"{BY_DAY}{everything}", f"{BY_DAY}{people}", goods, product
        day = self._day(here)
        everything, people, *by_day = names
        return ((everything, here), (people, here), *((name, day) for name in by_day))

    def _day(self, here: int) -> int:
        """The quarter that the shop's day begins with."""
        found = self._days.get(here)
        if found is None:
            day = datetime.fromtimestamp(here * QUARTER_S, UTC).astimezone(self._zone).date()
            found = self._days[here] = quarter_of(midnight(day, self._zone))
        return found

    # ---- asks

    def ask(self, tally: Tally, row: AskRow, sign: int = 1) -> None:
        """An ask that was delivered, on the day of its delivery."""
        answered, reminded = int(row.answered_at is not None), int(row.reminded_at is not None)
        counts = {"asks": 1, "asks_answered": answered, "asks_reminded": reminded}
        tally.add("tally", (cut_from(row.cut).on(row.channel).text, quarter(row.delivered_at)), sign, counts)

    def spans(self, tally: Tally, asks: Iterable[AskRow], sign: int = 1) -> None:
        """One customer's asks, so that customers can be counted once in any time.

        Between S and U, that many customers have something that begins at S or later and ends before U as the sum of
        the cells with S ≤ low and high < U: each thing counts +1, and −1 together with the customer's next one. It is
        kept by the quarter of an hour, and by the shop's days, where any time has few cells.
        """
        rows = list(asks)
        self._steps(tally, ASKED, sorted({(quarter(row.delivered_at),) * 2 for row in rows}), sign)
        done = sorted(
            (quarter(row.answered_at), quarter(row.delivered_at)) for row in rows if row.answered_at is not None
        )
        steps: list[tuple[int, int]] = []
        for high, low in done:  # only what has nothing shorter within it
            if not steps or low > steps[-1][0]:
                steps = [step for step in steps if step[1] < high]
                steps.append((low, high))
        self._steps(tally, ANSWERED, steps, sign)

    def _steps(self, tally: Tally, kind: str, steps: Sequence[tuple[int, int]], sign: int) -> None:
        both = [(step[0], after[1]) for step, after in pairwise(steps)]
        for cells, count in ((steps, sign), (both, -sign)):
            for low, high in cells:
                tally.add("tally_span", (kind, low, high), count, {"customers": 1})
                tally.add("tally_span", (f"{BY_DAY}{kind}", self._day(low), self._day(high)), count, {"customers": 1})

    # ---- what was said

    def words(self, tally: Tally, row: FeedbackRow, sign: int = 1) -> None:
        """Words by themselves: their mood, how strong it is, and what they are about."""
        if not row.worded:
            return
        place, label = (row.cut, quarter(row.at)), row.corrected or row.label
        if label not in MOODS:
            tally.add("tally", place, sign, {"unread": 1})
            return
        score = round(CORRECTED_SCORES.get(row.corrected, row.score) * SCORE_UNITS)
        counts = {MOODS[label]: 1, "scored": 1, "score_sum": score, "score_squares": score * score}
        tally.add("tally", place, sign, counts)
        for topic, mood in topics_from(row.topics):
            kind = "happy" if mood > 0 else "sad" if mood < 0 else "neutral"
            tally.add("tally_topic", (*place, topic), sign, {kind: 1})

    def answers(self, tally: Tally, rows: Iterable[FeedbackRow], sign: int = 1) -> None:
        """One customer's feedback: per purchase the latest rating, and whether what was said last is unhappy."""
        by_purchase: defaultdict[int, list[FeedbackRow]] = defaultdict(list)
        for row in rows:
            by_purchase[row.purchase or 0].append(row)
        for said in by_purchase.values():
            self._answer(tally, sorted(said, key=lambda row: (row.at, row.id)), sign)

    def _answer(self, tally: Tally, said: Sequence[FeedbackRow], sign: int) -> None:
        ratings = [row for row in said if row.rating is not None]
        words = [row for row in said if row.rating is None]
        unhappy = any(latest[-1].unhappy for latest in (ratings, words) if latest)
        tally.add("tally", (said[-1].cut, quarter(said[-1].at)), sign, {"answers": 1, "unhappy": int(unhappy)})
        if ratings:
            latest = ratings[-1]
            tally.add("tally", (latest.cut, quarter(latest.at)), sign, {f"rated_{latest.rating}": 1})
        likely = next((row for row in reversed(said) if row.likelihood is not None), None)
        if likely is not None and likely.likelihood is not None:
            place = likely.likelihood
            name = "promoters" if place >= BAD else "passives" if place >= GOOD else "detractors"
            tally.add("tally", (likely.cut, quarter(likely.at)), sign, {name: 1})

    # ---- cases

    def case(self, tally: Tally, row: CaseRow, sign: int = 1) -> None:
        """A case: opened, answered by a person, resolved, recovered, late, each on its own day."""
        about = {REASONS[reason]: 1 for reason in row.reasons if reason in REASONS}
        tally.add("tally", (row.cut, quarter(row.opened_at)), sign, {"cases_opened": 1, **about})
        if row.first_human_at is not None:
            self._time(tally, row, FIRST_HUMAN, row.first_human_at, sign)
            if row.first_resolved_at is not None:
                self._time(tally, row, FIRST_RESOLUTION, row.first_resolved_at, sign)
        if row.state == "resolved" and row.resolved_at is not None:
            self._resolved(tally, row, row.resolved_at, sign)
        for promise, due_at in row.breaches:
            tally.add("tally", (row.cut, quarter(due_at)), sign, {f"late_{promise}": 1})
        if row.owner is not None and row.claimed_at is not None:
            tally.add("tally_load", (row.owner, quarter(row.claimed_at)), sign, {"claimed": 1})

    def _resolved(self, tally: Tally, row: CaseRow, at: int, sign: int) -> None:
        told, well = int(row.recovered is not None), int(row.recovered is True)
        helped = int(row.first_human_at is not None and bool({"unhappy", "alarm word"} & row.reasons))
        counts = {"cases_resolved": 1, "recovered": well, "asked_again": told, "helped": helped}
        tally.add("tally", (row.cut, quarter(at)), sign, {**counts, "won_back": helped * well})
        if row.first_human_at is not None:
            self._time(tally, row, RESOLUTION, at, sign)
        if row.owner is not None:
            tally.add("tally_load", (row.owner, quarter(at)), sign, {"resolved": 1})

    def _time(self, tally: Tally, row: CaseRow, kind: str, at: int, sign: int) -> None:
        place, seconds = (row.cut, quarter(at), kind), kept_seconds(at - row.opened_at)
        tally.add("tally_time", (*place, seconds), sign, {"cases": 1})
        tally.add("tally_pace", (*place, pace_of(seconds)), sign, {"cases": 1})

    # ---- money

    def order(self, tally: Tally, row: PurchaseRow, sign: int = 1) -> None:
        """An order that stands, on the day it was paid: a late refund takes it out of that day."""
        if row.stands:
            key = (row.cut, quarter(row.paid_at), row.currency)
            tally.add("tally_money", key, sign, {"orders": 1, "spent": row.amount})

    def purse(self, tally: Tally, customer: int, rows: Iterable[PurchaseRow], *, engaged: bool, sign: int = 1) -> None:
        """What one customer has spent so far, by currency, and in which of the shop's months."""
        standing = [row for row in rows if row.stands]
        spent: defaultdict[str, list[int]] = defaultdict(list)
        for row in standing:
            spent[row.currency].append(row.amount)
        if standing:
            spent[ANY_CURRENCY] = [0] * len(standing)
        for currency, amounts in spent.items():
            orders, total = len(amounts), sum(amounts)
            key = (currency, int(engaged), int(orders > 1), bin_of(total))
            tally.add("tally_value", key, sign, {"customers": 1, "orders": orders, "spent": total})
            tally.add("purse", (customer, currency), sign, {"orders": orders, "spent": total})
            if currency != ANY_CURRENCY:
                part = (currency, bin_of(total), part_of(total))
                tally.add("tally_part", part, sign, {"customers": 1, "spent": total})
        months = {self._month(row.paid_at) for row in standing}
        for month in months:
            again = int(len(standing) > 1) if month == min(months) else 0
            tally.add("tally_cohort", (min(months), month - min(months)), sign, {"customers": 1, "again": again})

    def _month(self, at: int) -> int:
        return month_of(datetime.fromtimestamp(at // 1_000_000, UTC), self._zone)


@dataclass(slots=True)
class History:
    """Everything of one customer that figures are made of."""

    customer: int
    asks: Sequence[AskRow] = ()
    feedback: Sequence[FeedbackRow] = ()
    cases: Sequence[CaseRow] = ()
    purchases: Sequence[PurchaseRow] = ()


def count_history(counter: Counter, tally: Tally, history: History, sign: int = 1) -> None:
    """Everything that one customer adds."""
    for ask in history.asks:
        counter.ask(tally, ask, sign)
    counter.spans(tally, history.asks, sign)
    for said in history.feedback:
        counter.words(tally, said, sign)
    counter.answers(tally, history.feedback, sign)
    for case in history.cases:
        counter.case(tally, case, sign)
    for purchase in history.purchases:
        counter.order(tally, purchase, sign)
    engaged = any(ask.answered_at is not None for ask in history.asks)
    counter.purse(tally, history.customer, history.purchases, engaged=engaged, sign=sign)


def kept_seconds(micros: int) -> int:
    """A time as it is kept: whole seconds, from a thousand on three digits of them (1 h 23 min 25 s → 1 h 23 min)."""
    seconds = max(0, round(micros / 1_000_000))
    step = 1
    while seconds >= 1000 * step:
        step *= 10
    return round(seconds / step) * step


def bin_of(amount: int) -> int:
    """The class of an amount, each a hundredth wider than the one below; 0 for nothing."""
    return 1 + floor(log(amount) / BIN) if amount > 0 else 0


def part_of(amount: int) -> int:
    """The part of its class that an amount lies in, 0 … 99, all of a class equally wide."""
    if amount <= 0:
        return 0
    low, high = bounds(bin_of(amount))
    return (amount - low) * PARTS // (high + 1 - low)


def bounds_of_part(place: int, part: int) -> tuple[int, int]:
    """The least and the largest amount of a part of a class."""
    low, high = bounds(place)
    if place <= 0:
        return low, high
    wide = high + 1 - low
    return low - (-part * wide // PARTS), low - (-(part + 1) * wide // PARTS) - 1


@lru_cache(maxsize=4096)
def bounds(place: int) -> tuple[int, int]:
    """The least and the largest amount of a class."""
    return _least(place), _least(place + 1) - 1


def _least(place: int) -> int:
    if place <= 0:
        return -LARGEST
    guess = max(1, int(exp((place - 1) * BIN)) - 2)
    while bin_of(guess) < place:
        guess += 1
    return guess


def pace_of(seconds: int) -> int:
    """The class of a time: four for each doubling, so that the longest times have classes in the eighties."""
    size = max(0, seconds.bit_length() - 3)
    return 4 * size + (seconds >> size)


def bounds_of_pace(pace: int) -> tuple[int, int]:
    """The least and the largest number of seconds of a class of times."""
    size = max(0, pace // 4 - 1)
    low = (pace - 4 * size) << size
    return low, low + (1 << size) - 1


def topics_text(topics: Iterable[tuple[str, float]]) -> str:
    """Topics and their moods as they lie in a column: `delivery:-0.8 price:0.2`."""
    return " ".join(f"{topic}:{mood:.2g}" for topic, mood in topics)


def topics_from(text: str) -> list[tuple[str, float]]:
    """What `topics_text` gave, each topic once."""
    found = {}
    for part in text.split():
        topic, _, mood = part.rpartition(":")
        found[topic] = float(mood)
    return list(found.items())
