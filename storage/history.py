"""Everything that happened with one customer beside what was said: what the customer's page shows."""

from __future__ import annotations

from bot.domain.ids import CustomerId, PurchaseId
from bot.domain.interaction import Consent, Feedback
from bot.ports import History
from storage import codec, corrections, gestures, stories
from storage.codec import moment
from storage.export import CONSENTS
from storage.session import Session
from storage.statements import Query

PURCHASES = Query(
    f"SELECT {stories.PURCHASE_COLUMNS}, {stories.ASK_COLUMNS} FROM purchase p LEFT JOIN ask a ON a.id = p.id "  # noqa: S608
    "WHERE p.customer_id = $1 ORDER BY p.id"
)
CASES = Query(f'SELECT {stories.CASE_COLUMNS} FROM "case" WHERE customer_id = $1 ORDER BY id')  # noqa: S608
CORRECTIONS = Query(
    f"SELECT {corrections.COLUMNS} FROM correction WHERE customer_id = $1 ORDER BY at, event_id"  # noqa: S608
)
FEEDBACK = Query(
    "SELECT at, purchase_id, rating, text, label, score, unhappy, counts_unhappy FROM feedback "
    "WHERE customer_id = $1 ORDER BY at, id"
)


async def history(session: Session, customer: CustomerId) -> History:
    """Oldest first; nothing of anybody else."""
    bought = await session.rows(PURCHASES, customer)
    return History(
        purchases=tuple(stories.purchase(row) for row in bought),
        asks=tuple(stories.ask(row[12:25]) for row in bought if row[12] is not None),
        cases=tuple(stories.case(row) for row in await session.rows(CASES, customer)),
        gestures=tuple(await gestures.of_customer(session, customer)),
        consents=await _consents(session, customer),
        corrections=tuple(corrections.correction(row) for row in await session.rows(CORRECTIONS, customer)),
        feedback=await _feedback(session, customer),
    )


async def _consents(session: Session, customer: CustomerId) -> tuple[Consent, ...]:
    return tuple(
        Consent(moment(at), kind, bool(granted), channel, words, codec.from_json(details) if details else {})
        for at, kind, granted, channel, words, details in await session.rows(CONSENTS, customer)
    )


async def _feedback(session: Session, customer: CustomerId) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(
            moment(at),
            None if bought is None else PurchaseId(bought),
            rating,
            text,
            label,
            score,
            unhappy,
            bool(counts),
        )
        for at, bought, rating, text, label, score, unhappy, counts in await session.rows(FEEDBACK, customer)
    )
