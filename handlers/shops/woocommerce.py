"""WooCommerce's webhooks “Order created” and “Order updated”.

There is no topic for a payment or a delivery: `status` tells. Processing means paid, completed means that the shop is
done with it, and neither means that the parcel has arrived, so a WooCommerce shop never reports a delivery by itself:
asks count from the payment (`ask.delivery_guess`). Order ids are `id`, not `number`, which plugins change.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

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

TOPICS: Final = frozenset({"order.created", "order.updated", "order.restored"})
OF_STATUS: Final = {
    "processing": "order.paid",
    "completed": "order.paid",
    "refunded": "order.refunded",
    "cancelled": "order.cancelled",
}
MOMENTS: Final = {"order.paid": ("date_paid_gmt", "date_completed_gmt", "date_created_gmt")}
CHANGED: Final = ("date_modified_gmt", "date_created_gmt")
NAMES: Final = {
    "shop": "X-WC-Webhook-Source",
    "order_id": "id",
    "occurred_at": "date_created_gmt",
    "items": "line_items",
    "customer.id": "customer_id",
}


def shop_of(source: str) -> str:
    """`https://boots.example/shop/` → `boots.example/shop`: one host may hold several shops."""
    try:
        address = urlsplit(source.strip()) if "//" in source else urlsplit(f"//{source.strip()}")
    except ValueError:
        return ""
    return f"{address.netloc}{address.path}".rstrip("/").lower()


def read_woocommerce(topic: str, source: str, data: object) -> Reading:
    """What a webhook says. Raises `Unreadable`."""
    order = an_object(data, "body")
    if topic not in TOPICS:
        return Ignored(f"nothing to do for {topic or 'a webhook without X-WC-Webhook-Topic'}")
    status = order.get("status")
    kind = OF_STATUS.get(status) if isinstance(status, str) else None
    if kind is None:
        return Ignored(f"an order that is {words(status) or 'without a status'}")
    event: Json = {
        "type": kind,
        "shop": shop_of(source),
        "order_id": number_or_string(order.get("id")),
        "occurred_at": _moment(order, MOMENTS.get(kind, CHANGED)),
        "customer": _customer(order),
        "total": amount_of(order.get("total")),
        "currency": order.get("currency"),
        "items": items_of(listed(order, "line_items"), _item_name, "price"),
        "number": words(number_or_string(order.get("number"))),
        "status": words(status),
    }
    return Report(event, NAMES)


def _moment(order: Json, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - refused later if it is no moment
    """GMT without saying so: `2026-11-20T10:00:00`."""
    value = next((order[name] for name in names if order.get(name)), None)
    return f"{value}+00:00" if isinstance(value, str) and "+" not in value and not value.endswith("Z") else value


def _customer(order: Json) -> Json:
    """Guests have the number 0: their email, else the order itself, stands for the id."""
    billing = part(order, "billing")
    email = email_of(billing.get("email"))
    known_as = number_or_string(order.get("customer_id") or None)
    both = " ".join(filter(None, (words(billing.get("first_name")), words(billing.get("last_name")))))
    return without_blanks(
        {
            "id": known_as or email or f"order-{order.get('id')}"[:100],
            "name": words(both, billing.get("company")),
            "email": email,
            "phone": words(billing.get("phone")),
        }
    )


def _item_name(line: Json) -> str:
    return words(line.get("name"))
