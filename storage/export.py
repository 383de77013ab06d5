"""Everything about a customer in the form of the outer interface. Staff's notes stay inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.fact import fact_entry
from bot.domain.gesture import gesture_entry
from bot.domain.ids import CustomerId
from bot.domain.outreach import outreach_entry
from bot.domain.why import why_entry
from storage import codec
from storage.codec import amount, moment
from storage.corrections import corrected
from storage.facts import facts_of
from storage.gestures import of_customer
from storage.house import listed
from storage.outreach import of_customer as outreach_of
from storage.outreach import why
from storage.people import find_customer
from storage.session import Row, Session
from storage.statements import Query

COARSEST_US = 2_000_000

CUSTOMER = Query(
    "SELECT id, name, email, phone, locale, timezone, language, created_at, opted_out_at, country, level, segments, "
    "agreed, refused, care_until, care_why, in_charge_id, memory FROM customer WHERE id = $1"
)
IDENTITIES = Query(
    "SELECT channel, external, name, handle, unreachable, linked_at, proof FROM identity WHERE customer_id = $1 "
    "ORDER BY linked_at, channel, external"
)
CONSENTS = Query(
    "SELECT at, kind, granted, channel, words, details FROM consent WHERE customer_id = $1 ORDER BY at, id"
)
PURCHASES = Query(
    "SELECT id, shop, order_id, amount, currency, items, extra, paid_at, delivered_at, refunded_at, cancelled_at, "
    "opted_out FROM purchase WHERE customer_id = $1 ORDER BY id"
)
ASKS = Query(
    "SELECT p.shop, p.order_id, a.state, a.planned_at, a.due_at, a.sent_at, a.delivered_at, a.reminded_at, "
    "a.answered_at, a.ended_at, a.channel, a.why, a.rating FROM ask a LEFT JOIN purchase p ON p.id = a.id "
    "WHERE a.customer_id = $1 ORDER BY a.id"
)
FEEDBACK = Query(
    "SELECT f.at, p.shop, p.order_id, f.rating, f.text, f.label, f.score, f.unhappy FROM feedback f "
    "LEFT JOIN purchase p ON p.id = f.purchase_id WHERE f.customer_id = $1 ORDER BY f.at, f.id"
)
INTERACTIONS = Query("SELECT at, line, id FROM interaction WHERE customer_id = $1 ORDER BY id")
CASES = Query(
    "SELECT id, state, opened_at, reasons, desk, owner_name, claimed_at, first_human_at, resolved_at, recovered, help "
    'FROM "case" WHERE customer_id = $1 ORDER BY id'
)


async def export(session: Session, customer: CustomerId) -> dict[str, Any] | None:
    """None for somebody unknown or erased."""
    found = await find_customer(session, str(customer))
    if found is None:
        return None
    return {
        "customer": await _customer(session, found),
        "identities": await _identities(session, found),
        "consents": await _consents(session, found),
        "purchases": await _purchases(session, found),
        "asks": await _asks(session, found),
        "feedback": await _feedback(session, found),
        "interactions": await _interactions(session, found),
        "cases": await _cases(session, found),
        "gestures": await _gestures(session, found),
        "facts": [fact_entry(fact) for fact in (await facts_of(session, [found])).get(found, ())],
        "outreach": [outreach_entry(one) for one in await outreach_of(session, found)],
        "why": [why_entry(one) for one in await why(session, found, None)],
    }


def iso(number: int | None) -> str | None:
    """A moment as text."""
    at: datetime | None = moment(number)
    return at.isoformat() if at else None


def _order(shop: str | None, order_id: str | None) -> str | None:
    return f"{shop}/{order_id}" if shop is not None else None


async def _customer(session: Session, customer: CustomerId) -> dict[str, Any]:
    row = (await session.rows(CUSTOMER, customer))[0]
    number, name, email, phone, locale, timezone, language, created_at, opted_out_at, *more = row
    country, level, segments, agreed, refused, care_until, care_why, in_charge, memory = more
    return {
        "id": number,
        "name": name,
        "email": email,
        "phone": phone,
        "locale": locale,
        "timezone": timezone,
        "language": language,
        "created_at": iso(created_at),
        "opted_out_at": iso(opted_out_at),
        "country": country,
        "level": level or None,
        "segments": list(listed(segments)),
        "agreed": list(listed(agreed)),
        "refused": list(listed(refused)),
        "left_alone_until": iso(care_until),
        "left_alone_because": care_why or None,
        "in_charge": in_charge,
        "memory": memory or None,
    }


async def _identities(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    return [
        {
            "channel": channel,
            "external": external,
            "name": name,
            "handle": handle,
            "unreachable": unreachable or None,
            "linked_at": iso(linked_at),
            "proof": proof,
        }
        for channel, external, name, handle, unreachable, linked_at, proof in await session.rows(IDENTITIES, customer)
    ]


async def _consents(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    return [
        {
            "at": iso(at),
            "kind": kind,
            "granted": bool(granted),
            "channel": channel,
            "words": words,
            "details": codec.from_json(details) if details else {},
        }
        for at, kind, granted, channel, words, details in await session.rows(CONSENTS, customer)
    ]


async def _purchases(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    found = []
    for row in await session.rows(PURCHASES, customer):
        number, shop, order_id, total, currency, items, extra, *times, opted_out = row
        paid_at, delivered_at, refunded_at, cancelled_at = times
        found.append(
            {
                "id": number,
                "shop": shop,
                "order_id": order_id,
                "total": None if total is None else str(amount(total)),
                "currency": currency or None,
                "items": codec.from_json(items) if items else [],
                "extra": [codec.from_json(line) for line in extra.splitlines()],
                "paid_at": iso(paid_at),
                "delivered_at": iso(delivered_at),
                "refunded_at": iso(refunded_at),
                "cancelled_at": iso(cancelled_at),
                "opted_out": bool(opted_out),
            }
        )
    return found


async def _asks(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    names = ("planned_at", "due_at", "sent_at", "delivered_at", "reminded_at", "answered_at", "ended_at")
    found = []
    for shop, order_id, state, *rest in await session.rows(ASKS, customer):
        *times, channel, why, rating = rest
        moments = {name: iso(number) for name, number in zip(names, times, strict=True)}
        about = {"purchase": _order(shop, order_id), "state": state, **moments}
        found.append({**about, "channel": channel, "why": why, "rating": rating})
    return found


async def _feedback(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    return [
        {
            "at": iso(at),
            "purchase": _order(shop, order_id),
            "rating": rating,
            "text": text,
            "label": label,
            "score": score,
            "unhappy": unhappy,
        }
        for at, shop, order_id, rating, text, label, score, unhappy in await session.rows(FEEDBACK, customer)
    ]


async def _interactions(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    rows = await session.rows(INTERACTIONS, customer)
    names = ("channel", "direction", "author", "kind", "text", "attachments", "verdict")
    lines = [codec.from_json(row[1]) for row in rows]
    meant = await corrected(session, customer)
    for row, line in zip(rows, lines, strict=True):
        if row[2] in meant:
            line["verdict"].update(meant[row[2]])
    return [
        {"at": iso(at), **{name: line[name] for name in names}} for at, line in zip(_settled(rows), lines, strict=True)
    ]


def _settled(rows: Sequence[Row]) -> list[int]:
    """Platforms tell whole seconds: a line said after another is not dated before it."""
    found, latest = [], 0
    for row in rows:
        latest = latest if row[0] < latest < row[0] + COARSEST_US else row[0]
        found.append(latest)
    return found


async def _cases(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    found = []
    for row in await session.rows(CASES, customer):
        number, state, opened_at, reasons, desk, owner, claimed_at, first_human_at, resolved_at, recovered, help_ = row
        found.append(
            {
                "case": number,
                "state": state,
                "opened_at": iso(opened_at),
                "reasons": codec.from_json(reasons) if reasons else [],
                "desk": desk,
                "owner": owner or None,
                "claimed_at": iso(claimed_at),
                "first_human_at": iso(first_human_at),
                "resolved_at": iso(resolved_at),
                "recovered": None if recovered is None else bool(recovered),
                "help": help_ or None,
            }
        )
    return found


async def _gestures(session: Session, customer: CustomerId) -> list[dict[str, Any]]:
    return [gesture_entry(gesture) for gesture in await of_customer(session, customer)]
