"""Shopify's webhooks (https://shopify.dev/docs/api/webhooks).

Subscribe to orders/paid, orders/cancelled, orders/updated (a refund in several steps is known by its
`financial_status` only), refunds/create, and fulfillment_events/create or fulfillments/update for deliveries.
“Fulfilled” means handed to the carrier, not delivered: orders/fulfilled changes nothing. The number that identifies
an order is `id`; `name` (“#1001”) is what people call it and is kept beside it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from bot.domain.money import Money
from handlers.shops.fields import AMOUNT
from handlers.shops.reading import (
    Ignored,
    Json,
    Reading,
    Report,
    amount_of,
    an_object,
    email_of,
    items_of,
    listed,
    number_or_string,
    part,
    without_blanks,
    words,
)

PRIVACY_TOPICS: Final = frozenset({"customers/data_request", "customers/redact", "shop/redact"})
ORDER_TOPICS: Final = frozenset({"orders/paid", "orders/create", "orders/updated", "orders/cancelled"})
OF_STATUS: Final = {"paid": "order.paid", "refunded": "order.refunded"}
NAMES: Final = {
    "shop": "X-Shopify-Shop-Domain",
    "order_id": "id",
    "occurred_at": "created_at",
    "total": "total_price",
    "items": "line_items",
}
OF_A_FULFILLMENT: Final = {**NAMES, "order_id": "order_id", "occurred_at": "happened_at"}
OF_A_REFUND: Final = {**NAMES, "order_id": "order_id"}


def read_shopify(topic: str, shop: str, data: object) -> Reading:
    """What a webhook of this topic and shop says. Raises `Unreadable`."""
    body = an_object(data, "body")
    if topic in PRIVACY_TOPICS:
        return _privacy(topic, shop, body)
    if topic in ORDER_TOPICS:
        return _order(topic, shop, body)
    if topic == "refunds/create":
        return _refund(shop, body)
    if topic == "fulfillment_events/create":
        return _delivery(shop, body, body.get("status"), body.get("happened_at") or body.get("created_at"))
    if topic == "fulfillments/update":
        return _delivery(shop, body, body.get("shipment_status"), body.get("updated_at") or body.get("created_at"))
    return Ignored(f"nothing to do for {topic or 'a webhook without X-Shopify-Topic'}")


def _privacy(topic: str, shop: str, body: Json) -> Reading:
    """To be done within 30 days, by a person: with `afterword customer export` and `afterword customer forget`."""
    customer = words(number_or_string(part(body, "customer").get("id")))
    notice = {"topic": topic, "shop": words(shop), "shop_customer": customer}
    return Ignored("a person of the shop has been told", notice)


def _order(topic: str, shop: str, order: Json) -> Reading:
    kind = _kind(topic, order)
    if kind is None:
        return Ignored(f"{topic} with financial_status {words(order.get('financial_status')) or 'unknown'}")
    created = order.get("processed_at") or order.get("created_at")
    moments = {
        "order.paid": created,
        "order.cancelled": order.get("cancelled_at") or order.get("updated_at") or created,
    }
    event: Json = {
        "type": kind,
        "shop": shop,
        "order_id": number_or_string(order.get("id")),
        "occurred_at": moments.get(kind, order.get("updated_at") or created),
        "customer": _customer(order),
        "total": amount_of(order.get("total_price")),
        "currency": order.get("currency"),
        "items": items_of(listed(order, "line_items"), _item_name, "price"),
        "order_name": words(order.get("name")),
    }
    codes = [words(one.get("code")) for one in listed(order, "discount_codes")]
    place = words(part(order, "shipping_address").get("country_code"))
    event |= {name: found for name, found in (("codes", codes), ("country", place)) if found}
    return Report(event, NAMES)


def _kind(topic: str, order: Json) -> str | None:
    if topic == "orders/paid":
        return "order.paid"
    if topic == "orders/cancelled" or (topic == "orders/updated" and order.get("cancelled_at")):
        return "order.cancelled"
    status = order.get("financial_status")
    return OF_STATUS.get(status) if isinstance(status, str) else None


def _customer(order: Json) -> Json:
    """Guests have no customer: their email, else the order itself, stands for the id."""
    customer, billing, shipping = (
        part(order, "customer"),
        part(order, "billing_address"),
        part(order, "shipping_address"),
    )
    email = email_of(order.get("email"), order.get("contact_email"), customer.get("email"))
    known_as = number_or_string(customer.get("id"))
    both = " ".join(filter(None, (words(customer.get("first_name")), words(customer.get("last_name")))))
    return without_blanks(
        {
            "id": known_as or email or f"order-{order.get('id')}"[:100],
            "name": words(both, billing.get("name"), shipping.get("name")),
            "email": email,
            "phone": words(order.get("phone"), customer.get("phone"), billing.get("phone"), shipping.get("phone")),
            "locale": words(order.get("customer_locale")),
        }
    )


def _item_name(line: Json) -> str:
    return words(line.get("name"), line.get("title"))


def _delivery(shop: str, body: Json, status: object, at: object) -> Reading:
    if status != "delivered":
        return Ignored(f"a shipment that is {words(status) or 'under way'}")
    return Report(_about(shop, body, "order.delivered", at), OF_A_FULFILLMENT, anonymous=True)


def _refund(shop: str, refund: Json) -> Reading:
    """Only what it gives back is in it: whether that is everything, the purchase says."""
    event = _about(shop, refund, "order.refunded", refund.get("processed_at") or refund.get("created_at"))
    given = [entry for entry in listed(refund, "transactions") if _went_back(entry)]
    currencies = {words(entry.get("currency")) for entry in given}
    amounts = [amount_of(entry.get("amount")) for entry in given]
    if len(currencies) != 1 or not all(isinstance(amount, str) and AMOUNT.fullmatch(amount) for amount in amounts):
        return Ignored("a refund that gives no money back")
    amount = sum(map(Decimal, amounts), Decimal(0))
    return Report(event, OF_A_REFUND, refunded=Money(amount, currencies.pop()), anonymous=True)


def _went_back(transaction: Json) -> bool:
    return transaction.get("kind") == "refund" and transaction.get("status") == "success"


def _about(shop: str, body: Json, kind: str, at: object) -> Json:
    return {
        "type": kind,
        "shop": shop,
        "order_id": number_or_string(body.get("order_id")),
        "occurred_at": at,
        "customer": {"id": "nobody"},
    }
