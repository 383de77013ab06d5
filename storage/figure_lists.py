"""What lies behind a figure: the rows that were counted, newest first, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.case import Breach, Reason
from bot.domain.figures.board import Asked, Behind, BehindPage
from bot.domain.figures.counting import CORRECTED_SCORES
from bot.domain.figures.cuts import EVERY, Cut
from bot.domain.figures.period import Period
from bot.domain.figures.themes import Saying
from storage import codec, figure_purses
from storage.codec import amount, micros, moment
from storage.figure_reads import in_shops_days
from storage.session import Row, Session
from storage.statements import Query

LATEST = (
    "NOT EXISTS (SELECT 1 FROM feedback l WHERE l.customer_id = r.customer_id "
    "AND COALESCE(l.purchase_id, 0) = COALESCE(r.purchase_id, 0) AND {which} "
    "AND (l.at > r.at OR (l.at = r.at AND l.id > r.id)))"
)
UNHAPPY = (
    "CASE WHEN {row}.rating IS NULL AND {row}.corrected <> '' THEN {row}.corrected = 'negative' "
    "ELSE {row}.counts_unhappy END"
)
READ = "r.worded AND COALESCE(NULLIF(r.corrected, ''), r.label) IN ('positive', 'neutral', 'mixed', 'negative')"
HELPED = (
    "r.state = 'resolved' AND r.first_human_at IS NOT NULL "
    """AND (r.reasons LIKE '%"kind":"unhappy"%' OR r.reasons LIKE '%"kind":"alarm word"%')"""
)
STILL_UNHAPPY = (
    "EXISTS (SELECT 1 FROM feedback u WHERE u.customer_id = r.customer_id "  # noqa: S608 - our own names
    "AND COALESCE(u.purchase_id, 0) = COALESCE(r.purchase_id, 0) AND " + UNHAPPY.format(row="u") + " "
    "AND NOT EXISTS (SELECT 1 FROM feedback l WHERE l.customer_id = u.customer_id "
    "AND COALESCE(l.purchase_id, 0) = COALESCE(u.purchase_id, 0) "
    "AND (l.rating IS NULL) = (u.rating IS NULL) AND (l.at > u.at OR (l.at = u.at AND l.id > u.id))))"
)
FEEDBACK = "r.text, r.rating, r.score, r.purchase_id, NULL, NULL, ''"
CASE = "r.reasons, NULL, r.unhappy, NULL, r.id, {time} - r.opened_at, ''"
SHOWN_TEXT = 500


@dataclass(frozen=True, slots=True)
class List:
    """How rows behind a figure are found: table, the time that counts, which rows, which of them are in the share."""

    table: str
    time: str
    where: str = "TRUE"
    counts: str = "TRUE"

    @property
    def columns(self) -> str:
        """What is shown of a row."""
        if self.table == "feedback":
            return FEEDBACK
        if self.table == "case":
            return CASE.format(time=f"r.{self.time}")
        if self.table == "ask":
            return "'', r.rating, NULL, r.id, NULL, r.answered_at - r.delivered_at, r.channel"
        return "'', NULL, NULL, r.id, NULL, r.amount, r.currency"


_CASES_FIRST = List("case", "first_human_at", "r.first_human_at IS NOT NULL")
_CASES_FIRST_RESOLVED = List("case", "first_resolved_at", "r.first_human_at IS NOT NULL")
_CASES_RESOLVED = List("case", "resolved_at", "r.state = 'resolved' AND r.first_human_at IS NOT NULL")
_RATED = List("feedback", "at", "r.rating IS NOT NULL AND " + LATEST.format(which="l.rating IS NOT NULL"))
_ANSWERS = List("feedback", "at", LATEST.format(which="TRUE"), STILL_UNHAPPY)
_ONCE = (
    "r.delivered_at IS NOT NULL AND {own} AND NOT EXISTS (SELECT 1 FROM ask l WHERE l.customer_id = r.customer_id "
    "AND l.delivered_at < $2 AND {later} "
    "AND (l.delivered_at > r.delivered_at OR (l.delivered_at = r.delivered_at AND l.id > r.id)))"
)
_ASKS = List("ask", "delivered_at", "r.delivered_at IS NOT NULL", "r.answered_at IS NOT NULL")

LISTS = {
    "recovery": List("case", "resolved_at", HELPED, "COALESCE(r.recovered, FALSE)"),
    "recovered_of_told": List("case", "resolved_at", "r.state = 'resolved' AND r.recovered IS NOT NULL", "r.recovered"),
    "csat": List(_RATED.table, _RATED.time, _RATED.where, "r.rating >= 4"),
    "average_rating": _RATED,
    "nps": List(
        "feedback", "at", "r.likelihood IS NOT NULL AND " + LATEST.format(which="l.likelihood IS NOT NULL"),
        "r.likelihood >= 9",
    ),
    "response_rate": _ASKS,
    "asked": List("ask", "delivered_at", _ONCE.format(own="TRUE", later="TRUE")),
    "answered": List("ask", "delivered_at", _ONCE.format(own="r.answered_at < $2", later="l.answered_at < $2")),
    "asks_sent": List(_ASKS.table, _ASKS.time, _ASKS.where),
    "answers": List(_ANSWERS.table, _ANSWERS.time, _ANSWERS.where),
    "unhappy_share": _ANSWERS,
    "sentiment": List("feedback", "at", READ),
    "cases_opened": List("case", "opened_at"),
    "cases_resolved": List("case", "resolved_at", "r.state = 'resolved'"),
    "first_human_response_median_s": _CASES_FIRST,
    "first_human_response_p90_s": _CASES_FIRST,
    "first_resolution_median_s": _CASES_FIRST_RESOLVED,
    "first_resolution_p90_s": _CASES_FIRST_RESOLVED,
    "resolution_median_s": _CASES_RESOLVED,
    "resolution_p90_s": _CASES_RESOLVED,
    "revenue": List("purchase", "paid_at", "r.amount IS NOT NULL AND r.refunded_at IS NULL AND r.cancelled_at IS NULL"),
    "topic": List("feedback", "at", READ + " AND (' ' || r.topics) LIKE $9", "(' ' || r.topics) LIKE $10"),
    "rated": List(_RATED.table, _RATED.time, _RATED.where + " AND r.rating = $9"),
    "reason": List("case", "opened_at", "r.reasons LIKE $9"),
    "load": List("case", "claimed_at", "r.owner = $9", "r.state = 'resolved'"),
}  # fmt: skip
"""By the keys of the definitions; these are asked for with a part: `topic:delivery`, `rated:5`, `reason:unclear`, and
`load:2` for the cases that somebody took."""
PARTS: Mapping[str, Callable[[str], tuple[Any, ...]]] = {
    "topic": lambda topic: (f"% {_plain(topic)}:%", f"% {_plain(topic)}:-%"),
    "rated": lambda stars: (int(stars),),
    "reason": lambda kind: (f'%"kind":"{_plain(kind)}"%',),
    "load": lambda staff: (int(staff),),
}
LATE = "late"
OF_EVERYBODY = frozenset({"asked", "answered"})
"""Customers each once, whatever the filter; their latest ask stands for them."""


def query_of(found: List) -> Query:
    """Rows before a place, newest first; $5 chooses those that are in the share alone."""
    at = f"r.{found.time}"
    text = (
        f"SELECT r.id, r.customer_id, c.name, {at}, r.cut, ({found.counts}) AS counts, {found.columns} "  # noqa: S608
        f'FROM "{found.table}" r JOIN customer c ON c.id = r.customer_id '
        f"WHERE {at} >= $1 AND {at} < $2 AND ({at} < $3 OR ({at} = $3 AND r.id < $4)) AND ({found.where}) "
        f"AND (NOT $5::boolean OR ({found.counts})) AND r.cut LIKE $6 AND ($7 = '' OR {_channel(found)} = $7) "
        f"ORDER BY {at} DESC, r.id DESC LIMIT $8"
    )
    return Query(text)


def _channel(found: List) -> str:
    return "r.channel" if found.table == "ask" else "$7"


QUERIES = {key: query_of(found) for key, found in LISTS.items()}
LATE_CASES = Query(
    "SELECT r.id, r.customer_id, c.name, r.opened_at, r.cut, TRUE, r.breaches, NULL, r.unhappy, NULL, r.id, NULL, '' "
    "FROM \"case\" r JOIN customer c ON c.id = r.customer_id WHERE r.breaches <> '' AND r.opened_at < $1 "
    "AND r.cut LIKE $2 ORDER BY r.id DESC"
)
END = 2**62


async def behind(
    session: Session, key: str, asked: Asked, after: str, limit: int, zone: ZoneInfo, *, counting: bool
) -> BehindPage:
    """A page of the rows behind a figure. Raises KeyError for a figure that doesn't open."""
    name, _, part = key.partition(":")
    wanted = EVERY if name in OF_EVERYBODY else asked.cut
    period = in_shops_days(asked.period, zone) if wanted.product else asked.period
    if figure_purses.opens(name, part):
        return await figure_purses.behind(session, name, part, after, limit, counting=counting)
    if name == "retention":
        return await figure_purses.behind_cohort(session, part, after, limit, zone, counting=counting)
    since, until = (micros(each) for each in (period.since, period.until))
    if name == LATE:
        return await _late(session, since, until, wanted, after, limit)
    at, number = map(int, after.split("-")) if after else (END, END)
    pattern = pattern_of(wanted, channel=LISTS[name].table != "ask")
    more = PARTS[name](part) if name in PARTS else ()
    bounds: tuple[Any, ...] = (since, until, at, number, counting, pattern)
    channel = wanted.channel if LISTS[name].table == "ask" else ""
    rows = await session.rows(QUERIES[name], *bounds, channel, limit + 1, *more)
    shown = tuple(behind_row(LISTS[name].table, row) for row in rows[:limit])
    return BehindPage(shown, f"{rows[limit - 1][3]}-{rows[limit - 1][0]}" if len(rows) > limit else "")


def pattern_of(wanted: Cut, *, channel: bool = True) -> str:
    """A pattern for the column that a row's cut lies in. Its parts hold no tabs, so `%` can't reach over one."""
    parts = (wanted.channel if channel else "", wanted.tier, wanted.level, wanted.campaign, wanted.product)
    return "%" if not any(parts) else "\t".join(_plain(part) or "%" for part in parts)


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _late(session: Session, since: int, until: int, wanted: Cut, after: str, limit: int) -> BehindPage:
    """Promises that ran out: they lie inside their cases, so the few late cases are gone through."""
    found = []
    for row in await session.rows(LATE_CASES, until, pattern_of(wanted)):
        late: tuple[Breach, ...] = codec.decoder(tuple[Breach, ...]).decode(row[6])
        found += [
            Behind(row[0], row[1], row[2], one.due_at, "late", _cut(row[4]).channel, one.promise.value, case=row[0])
            for one in late
            if since <= micros(one.due_at) < until
        ]
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    start = int(after) if after else 0
    rest = len(found) > start + limit
    return BehindPage(tuple(found[start : start + limit]), str(start + limit) if rest else "")


def _cut(text: str) -> Cut:
    return Cut(*text.split("\t")) if text else Cut()


def behind_row(table: str, row: Row) -> Behind:
    """A row as it is shown."""
    number, customer, name, at, cut, counts, text, rating, mood, purchase, case, extra, more = row
    where = _cut(cut)
    if table == "case":
        reasons: tuple[Reason, ...] = codec.decoder(tuple[Reason, ...]).decode(text) if text else ()
        text = ", ".join(dict.fromkeys(f"{one.kind.value} {one.evidence}".strip() for one in reasons))
    money = amount(int(extra)) if table == "purchase" else None
    return Behind(
        id=number,
        customer=customer,
        name=name,
        at=moment(at),
        kind={"feedback": "answer", "purchase": "order"}.get(table, table),
        channel=more if table == "ask" else where.channel,
        text=text[:SHOWN_TEXT],
        rating=rating,
        mood=mood,
        case=case,
        purchase=purchase,
        seconds=None if extra is None or money is not None else round(int(extra) / 1_000_000),
        money=money,
        currency=more if table == "purchase" else "",
        counts=bool(counts),
        tier=where.tier,
        level=where.level,
        campaign=where.campaign,
        product=where.product,
    )


SAYINGS = Query(
    "SELECT r.customer_id, r.at, r.text, r.score, r.corrected, c.name, k.id FROM feedback r "
    "JOIN customer c ON c.id = r.customer_id "
    'LEFT JOIN "case" k ON k.customer_id = r.customer_id AND k.id = r.event_id '
    "WHERE r.at >= $1 AND r.at < $2 AND r.worded AND r.text <> '' AND r.cut LIKE $3 "
    "ORDER BY r.at DESC, r.id DESC LIMIT $4"
)
NAMES = Query("SELECT customer_id, name, handle FROM identity WHERE customer_id = ANY($1) AND channel <> 'email'")
STAFF_NAMES = Query("SELECT name FROM staff WHERE name <> ''")
TOLD = Query("SELECT key FROM event WHERE key = ANY($1) AND at >= $2")


async def sayings(session: Session, period: Period, wanted: Cut, limit: int) -> list[Saying]:
    """Words of customers, newest first, with every name that may stand in them."""
    asked = (micros(period.since), micros(period.until), pattern_of(wanted), limit)
    rows = await session.rows(SAYINGS, *asked)
    names: defaultdict[int, set[str]] = defaultdict(set)
    for customer, name, handle in await session.rows(NAMES, sorted({row[0] for row in rows})):
        names[customer] |= {name, handle}
    team = {row[0] for row in await session.rows(STAFF_NAMES)}
    return [
        Saying(customer, moment(at), text, CORRECTED_SCORES.get(corrected, float(score)),
               tuple(sorted({name, *names[customer], *team} - {""})), case)
        for customer, at, text, score, corrected, name, case in rows
    ]  # fmt: skip


async def told_since(session: Session, keys: Sequence[str], since: datetime) -> set[str]:
    """Which events came since then."""
    return {row[0] for row in await session.rows(TOLD, sorted(keys), micros(since))}
