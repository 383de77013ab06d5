"""Stripe's webhooks: Checkout sessions that are paid, charges that are given back.

Events come in any order and more than once. The order's id is the payment intent, which both kinds of events carry;
a session without one (a subscription, nothing to pay) goes by its own id. Stripe knows nothing of deliveries.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeGuard

from handlers.shops.generic import Problem, Unreadable
from handlers.shops.reading import (
    Ignored,
    Json,
    Reading,
    Report,
    an_object,
    email_of,
    listed,
    part,
    pieces,
    without_blanks,
    words,
)

SESSION_TYPES: Final = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
DIGITS: Final = {
    **dict.fromkeys("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD JOD KWD OMR TND".split(), 3),
}
"""https://docs.stripe.com/currencies: where Stripe's minor units aren't the plain two decimals.

ISK and UGX are whole units in life and hundredths here: “to charge 5 UGX, provide an amount value of 500”.
"""
SESSION_NAMES: Final = {
    "shop": "account",
    "order_id": "data.object.payment_intent",
    "occurred_at": "created",
    "customer.id": "data.object.customer",
    "total": "data.object.amount_total",
    "currency": "data.object.currency",
    "items": "data.object.line_items",
}
CHARGE_NAMES: Final = {**SESSION_NAMES, "total": "data.object.amount"}


def read_stripe(data: object) -> Reading:
    """What a webhook says. Raises `Unreadable`."""
    event = an_object(data, "body")
    kind = words(event.get("type"))
    if kind not in SESSION_TYPES and kind != "charge.refunded":
        return Ignored(f"nothing to do for {kind or 'an event without a type'}")
    thing = an_object(part(event, "data").get("object"), "data.object")
    return _charge(event, thing) if kind == "charge.refunded" else _session(event, thing)


def _session(event: Json, session: Json) -> Reading:
    if session.get("mode") == "setup":
        return Ignored("a session without a payment")
    if session.get("payment_status") == "unpaid":
        return Ignored("a session that isn't paid yet")
    order_id = session.get("payment_intent") or session.get("id")
    currency = _currency(session.get("currency"))
    report: Json = {
        **_common(event, "order.paid", order_id),
        "customer": _customer(session, part(session, "customer_details"), order_id),
        "total": _total(session, "amount_total", currency),
        "currency": currency,
        "items": _items(session, currency),
        "checkout_session": words(session.get("id")),
        "client_reference_id": words(session.get("client_reference_id")),
        "metadata": part(session, "metadata"),
    }
    return Report(report, SESSION_NAMES)


def _charge(event: Json, charge: Json) -> Reading:
    if charge.get("refunded") is not True:
        return Ignored("a charge of which only a part was refunded")
    order_id = charge.get("payment_intent") or charge.get("id")
    currency = _currency(charge.get("currency"))
    report: Json = {
        **_common(event, "order.refunded", order_id),
        "customer": _customer(charge, part(charge, "billing_details"), order_id),
        "total": _total(charge, "amount", currency),
        "currency": currency,
        "metadata": part(charge, "metadata"),
    }
    return Report(report, CHARGE_NAMES)


def _common(event: Json, kind: str, order_id: object) -> Json:
    return {
        "type": kind,
        "shop": event.get("account") or "stripe",
        "order_id": _expanded(order_id),
        "occurred_at": _moment(event.get("created")),
    }


def _expanded(value: object) -> Any:  # noqa: ANN401 - refused later if it is no id
    """An id, also where Stripe was asked to put the whole object in its place."""
    return value.get("id") if isinstance(value, dict) else value


def _customer(thing: Json, details: Json, order_id: object) -> Json:
    """Guests have no customer: their email, else the payment itself, stands for the id."""
    email = email_of(details.get("email"), thing.get("customer_email"), thing.get("receipt_email"))
    return without_blanks(
        {
            "id": _expanded(thing.get("customer")) or email or f"order-{_expanded(order_id)}"[:100],
            "name": words(details.get("name")),
            "email": email,
            "phone": words(details.get("phone")),
            "locale": words(thing.get("locale")) if thing.get("locale") != "auto" else "",
        }
    )


def _items(session: Json, currency: object) -> list[Json]:
    """Only there when the session was expanded on the way."""
    found = []
    for line in listed(part(session, "line_items"), "data"):
        item = {"name": words(line.get("description")), "quantity": pieces(line.get("quantity"))}
        price = part(line, "price").get("unit_amount")
        if is_whole(price) and price >= 0:
            item["price"] = major(price, currency)
        if item["name"]:
            found.append(item)
    return found


def _currency(value: object) -> Any:  # noqa: ANN401 - refused later if it is none
    return value.upper() if isinstance(value, str) else value


def _moment(value: object) -> Any:  # noqa: ANN401 - refused later if it is no moment
    """Seconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None if value is None else str(value)
    try:
        return datetime.fromtimestamp(value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return str(value)


def _total(thing: Json, name: str, currency: object) -> str:
    """Never guessed: an amount that isn't in minor units would be a hundred times too much or too little."""
    minor = thing.get(name)
    if not is_whole(minor):
        problem = "is missing" if minor is None else f"must be a whole number of minor units, not {minor!r:.20}"
        raise Unreadable((Problem(f"data.object.{name}", problem),))
    return major(minor, currency)


def is_whole(value: object) -> TypeGuard[int]:
    """A JSON integer."""
    return isinstance(value, int) and not isinstance(value, bool)


def major(minor: int, currency: object) -> str:
    """Minor units → a decimal string: 12900 EUR → 129.00, 500 JPY → 500, 5120 KWD → 5.120."""
    digits = DIGITS.get(currency, 2) if isinstance(currency, str) else 2
    return format(Decimal(minor).scaleb(-digits), "f")
