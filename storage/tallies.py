"""What happened in a period, counted. The figures made from it are `bot.domain.summary`'s."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.domain.case import Reason
from bot.domain.summary import Tallies
from storage import codec
from storage.codec import micros
from storage.session import Session
from storage.statements import Query

ASKS = Query(
    "SELECT count(*), COALESCE(sum(CASE WHEN answered_at IS NOT NULL AND answered_at < $2 THEN 1 ELSE 0 END), 0), "
    "count(DISTINCT customer_id), "
    "count(DISTINCT CASE WHEN answered_at IS NOT NULL AND answered_at < $2 THEN customer_id END) "
    "FROM ask WHERE delivered_at >= $1 AND delivered_at < $2"
)
ANSWERS = Query(
    "SELECT max(CASE WHEN rated = 1 THEN rating END), "
    "max(CASE WHEN rated = 1 AND counts_unhappy THEN 1 WHEN worded_last = 1 AND counts_unhappy THEN 1 ELSE 0 END) "
    "FROM (SELECT f.*, "
    "CASE WHEN rating IS NULL THEN NULL ELSE row_number() OVER (PARTITION BY customer_id, COALESCE(purchase_id, 0), "
    "CASE WHEN rating IS NULL THEN 0 ELSE 1 END ORDER BY at DESC, id DESC) END AS rated, "
    "CASE WHEN rating IS NULL THEN row_number() OVER (PARTITION BY customer_id, COALESCE(purchase_id, 0), "
    "CASE WHEN rating IS NULL THEN 0 ELSE 1 END ORDER BY at DESC, id DESC) END AS worded_last "
    "FROM feedback f WHERE at >= $1 AND at < $2) f GROUP BY customer_id, COALESCE(purchase_id, 0)"
)
SCORES = Query(
    "SELECT COALESCE(sum(score), 0), count(*) FROM feedback "
    "WHERE at >= $1 AND at < $2 AND worded AND label NOT IN ('', 'unknown')"
)
OPENED = Query('SELECT reasons FROM "case" WHERE opened_at >= $1 AND opened_at < $2')
RESOLVED = Query(
    "SELECT count(*), COALESCE(sum(CASE WHEN recovered THEN 1 ELSE 0 END), 0), "
    "COALESCE(sum(CASE WHEN recovered IS NULL THEN 0 ELSE 1 END), 0) "
    "FROM \"case\" WHERE state = 'resolved' AND resolved_at >= $1 AND resolved_at < $2"
)
OPEN_NOW = Query("SELECT count(*) FROM \"case\" WHERE state <> 'resolved'")
FIRST_HUMAN = Query('SELECT first_human_at - opened_at FROM "case" WHERE first_human_at >= $1 AND first_human_at < $2')


async def tallies(session: Session, since: datetime, until: datetime) -> Tallies:
    """An answer is what one customer said about one purchase: its last rating and its last words.

    It counts as unhappy when either does. `asked_again` are the cases whose customer told whether all is well again.
    """
    period = (micros(since), micros(until))
    asks_sent, asks_answered, asked, answered = (await session.rows(ASKS, *period))[0]
    answers = await session.rows(ANSWERS, *period)
    ratings = Counter(row[0] for row in answers)
    score_sum, scored = (await session.rows(SCORES, *period))[0]
    resolved, recovered, told = (await session.rows(RESOLVED, *period))[0]
    opened = await session.rows(OPENED, *period)
    return Tallies(
        asks_sent=asks_sent,
        asks_answered=int(asks_answered),
        asked=asked,
        answered=answered,
        ratings=(ratings[1], ratings[2], ratings[3], ratings[4], ratings[5]),
        answers=len(answers),
        unhappy=sum(int(row[1]) for row in answers),
        score_sum=float(score_sum),
        scored=scored,
        cases_opened=len(opened),
        cases_resolved=resolved,
        cases_open_now=(await session.rows(OPEN_NOW))[0][0],
        first_human_s=tuple(row[0] / 1_000_000 for row in await session.rows(FIRST_HUMAN, *period)),
        reasons=dict(Counter(kind for row in opened for kind in _kinds(row[0]))),
        recovered=int(recovered),
        asked_again=int(told),
    )


def _kinds(text: str) -> set[str]:
    reasons: tuple[Reason, ...] = codec.decoder(tuple[Reason, ...]).decode(text) if text else ()
    return {reason.kind.value for reason in reasons}
