"""Somebody else who counts: DuckDB, from the same rows, in another way. What every surface must agree with."""
# ruff: noqa: E501, S608 - SQL put together from our own names

from __future__ import annotations

from collections import Counter
from math import ceil
from statistics import median
from typing import Any

import duckdb

from bot.domain.figures.cuts import Cut
from bot.domain.figures.figure import Figure
from bot.domain.figures.period import Period
from bot.domain.interval import wilson

LEAST = 10
STANDING = "amount IS NOT NULL AND refunded_at IS NULL AND cancelled_at IS NULL"
SCORE = "CASE corrected WHEN 'negative' THEN -0.5 WHEN 'neutral' THEN 0 WHEN 'positive' THEN 0.5 ELSE score END"
LATE = "(SELECT cut, epoch_us(unnest(from_json(breaches, '[{\"due_at\":\"TIMESTAMPTZ\"}]')).due_at) AS moment FROM \"case\" WHERE breaches NOT IN ('', '[]'))"
Told = tuple[float | None, int]


class Oracle:
    """Counts by itself, in another way, on another engine."""

    def __init__(self, database: duckdb.DuckDBPyConnection, period: Period, cut: Cut) -> None:
        self._database = database
        self.since, self.until = (round(each.timestamp() * 1_000_000) for each in (period.since, period.until))
        self._cut = cut

    def rows(self, select: str, table: str, at: str, where: str = "TRUE") -> list[tuple[Any, ...]]:
        parts = ("channel", "tier", "level", "campaign", "product")
        fits = [
            f"string_split(cut, chr(9))[{place}] = '{wanted}'"
            for place, name in enumerate(parts, start=1)
            if (wanted := getattr(self._cut, name))
        ]
        text = f"SELECT {select} FROM {table} WHERE {at} >= {self.since} AND {at} < {self.until} AND ({where})"
        return self._database.execute(" AND ".join([text, *fits])).fetchall()

    def one(self, select: str, table: str, at: str, where: str = "TRUE") -> tuple[Any, ...]:
        return self.rows(select, table, at, where)[0]

    LATEST_RATING = "(SELECT *, row_number() OVER (PARTITION BY customer_id, coalesce(purchase_id, 0) ORDER BY moment DESC, id DESC) AS k FROM feedback WHERE rating IS NOT NULL)"
    LATEST_TEN = "(SELECT *, row_number() OVER (PARTITION BY customer_id, coalesce(purchase_id, 0) ORDER BY moment DESC, id DESC) AS k FROM feedback WHERE likelihood IS NOT NULL)"
    ANSWERS = (
        "(SELECT customer_id, coalesce(purchase_id, 0), max(moment) AS moment, arg_max(cut, (moment, id)) AS cut, "
        "coalesce(arg_max(counts_unhappy, (moment, id)) FILTER (WHERE rating IS NOT NULL), FALSE) OR "
        "coalesce(arg_max(CASE corrected WHEN '' THEN counts_unhappy ELSE corrected = 'negative' END, (moment, id)) "
        "FILTER (WHERE rating IS NULL), FALSE) AS sad FROM feedback GROUP BY ALL)"
    )
    MOOD = "CASE corrected WHEN '' THEN label ELSE corrected END"

    def shares(self) -> dict[str, tuple[int, int]]:
        helped = (
            "state = 'resolved' AND first_human_at IS NOT NULL AND list_has_any(from_json(reasons, '[{\"kind\":\"VARCHAR\"}]')"
            ".list_transform(lambda r: r.kind), ['unhappy', 'alarm word'])"
        )
        return {
            "recovery": self.one("count(*) FILTER (recovered), count(*)", '"case"', "resolved_at", helped),
            "recovered_of_told": self.one(
                "count(*) FILTER (recovered), count(*)", '"case"', "resolved_at",
                "state = 'resolved' AND recovered IS NOT NULL",
            ),
            "csat": self.one("count(*) FILTER (rating >= 4), count(*)", self.LATEST_RATING, "moment", "k = 1"),
            "response_rate": self.one("count(answered_at), count(*)", "ask", "delivered_at"),
            "unhappy_share": self.one("count(*) FILTER (sad), count(*)", self.ANSWERS, "moment"),
        }  # fmt: skip

    def times(self) -> dict[str, list[int]]:
        found = {}
        for name, at, where in (
            ("first_human_response", "first_human_at", "TRUE"),
            ("first_resolution", "first_resolved_at", "first_human_at IS NOT NULL"),
            ("resolution", "resolved_at", "first_human_at IS NOT NULL AND state = 'resolved'"),
        ):
            rows = self.rows(f"({at} - opened_at) / 1e6", '"case"', at, where)
            found[name] = sorted(_three(round(row[0])) for row in rows)
        return found

    def stars(self) -> list[int]:
        return [row[0] for row in self.rows("rating", self.LATEST_RATING, "moment", "k = 1")]

    def moods(self) -> list[float]:
        return [row[0] for row in self.rows(SCORE, "feedback", "moment", f"worded AND {self.MOOD} <> 'unknown'")]

    def nps(self) -> Told:
        likely = [row[0] for row in self.rows("likelihood", self.LATEST_TEN, "moment", "k = 1")]
        value = (sum(n >= 9 for n in likely) - sum(n <= 6 for n in likely)) / max(1, len(likely))
        return (value if len(likely) >= LEAST else None), len(likely)

    def counts(self) -> dict[str, int]:
        shares = self.shares()
        return {
            "asks_sent": shares["response_rate"][1],
            "answers": shares["unhappy_share"][1],
            "cases_opened": self.one("count(*)", '"case"', "opened_at")[0],
            "cases_resolved": self.one("count(*)", '"case"', "resolved_at", "state = 'resolved'")[0],
            "late": self.one("count(*)", LATE, "moment")[0],
        }

    def people(self) -> dict[str, int]:
        """Customers who were asked, and who answered before the end; each once."""
        asked, answered = self.one(
            f"count(DISTINCT customer_id), count(DISTINCT customer_id) FILTER (answered_at < {self.until})",
            "ask", "delivered_at",
        )  # fmt: skip
        return {"asked": asked, "answered": answered}

    def told(self) -> dict[str, Told]:
        """Each figure of a time: its value (None = too few) and its n."""
        found: dict[str, Told] = {key: (figure.value, figure.n) for key, figure in self.figures().items()}
        for name, times in self.times().items():
            enough = len(times) >= LEAST
            found[f"{name}_median_s"] = (median(times) if enough else None), len(times)
            found[f"{name}_p90_s"] = (slowest_tenth(times) if enough else None), len(times)
        for key, values in (("average_rating", self.stars()), ("sentiment", self.moods())):
            found[key] = (sum(values) / len(values) if len(values) >= LEAST else None), len(values)
        found["nps"] = self.nps()
        found |= {key: (float(count), count) for key, count in self.counts().items()}
        return found

    def figures(self) -> dict[str, Figure]:
        """The shares, each with its interval."""
        return {key: share(part, whole) for key, (part, whole) in self.shares().items()}

    def topics(self) -> dict[str, tuple[int, int, int]]:
        """Topic → happy, neutral and unhappy messages."""
        mentions: dict[str, list[float]] = {}
        for (topics,) in self.rows("topics", "feedback", "moment", f"worded AND {self.MOOD} <> 'unknown'"):
            for each in topics.split():
                mentions.setdefault(each.partition(":")[0], []).append(float(each.partition(":")[2]))
        return {
            topic: (sum(m > 0 for m in of), sum(m == 0 for m in of), sum(m < 0 for m in of))
            for topic, of in mentions.items()
        }

    def reasons(self) -> dict[str, int]:
        kinds = self.rows(
            'from_json(reasons, \'[{"kind":"VARCHAR"}]\').list_transform(lambda r: r.kind)', '"case"', "opened_at"
        )
        return dict(Counter(kind for (each,) in kinds for kind in dict.fromkeys(each)))

    def sales(self) -> dict[str, tuple[int, float]]:
        """Currency → orders that stand, and their money."""
        found: dict[str, tuple[int, float]] = {}
        for currency, amount in self.rows("currency, amount", "purchase", "paid_at", STANDING):
            orders, total = found.get(currency, (0, 0.0))
            found[currency] = (orders + 1, round(total + amount / 10_000, 2))
        return found


def _three(whole: int) -> int:
    """As times are kept: three digits of it."""
    step = 10 ** max(0, len(str(whole)) - 3)
    return int(round(whole / step) * step)


def slowest_tenth(times: list[int]) -> float:
    place = 0.9 * len(times)
    first = ceil(place)
    return (times[first - 1] + times[first]) / 2 if first == place else times[first - 1]


def share(part: int, whole: int) -> Figure:
    return Figure(part / whole, whole, *wilson(part / whole, whole)) if whole >= 10 else Figure(None, whole)
