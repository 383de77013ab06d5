"""The file that Shopify's admin exports under Orders.

One line for each product: the first line of an order has everything, further ones repeat `Name` and leave most columns
blank. `Id` is the order's number as webhooks have it; `Name` (“#1001”) is what people call it, and stands in where a
file has no `Id`. There is no customer id: the email, else the phone, else the order stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from handlers.shops.fields import read_phone
from handlers.shops.reading import Ignored, Json, Reading, Report, amount_of, email_of, words

MARKS: Final = frozenset({"Name", "Financial Status", "Lineitem name"})
PAID: Final = frozenset({"paid", "partially_refunded", "refunded"})
MOST_LINES: Final = 1000
NAMES: Final = {
    "order_id": "Name",
    "occurred_at": "Paid at",
    "total": "Total",
    "currency": "Currency",
    "customer.email": "Email",
    "customer.name": "Billing Name",
}
ZONE = re.compile(r"\s*([+-]\d\d):?(\d\d)$")

Order = list[dict[str, str]]
"""The lines of one order, by heading."""


def is_export(headings: Sequence[str]) -> bool:
    """Whether these are the headings of such a file."""
    return set(headings) >= MARKS


def orders(headings: Sequence[str], rows: Iterable[tuple[int, list[str] | str]]) -> Iterator[tuple[int, Order | str]]:
    """The lines put together: (the first line's number, the order); a text instead of an order is a problem."""
    begun, order = 0, Order()
    for line, cells in rows:
        if isinstance(cells, str):
            yield line, cells
            continue
        row = dict(zip(headings, (cell.strip() for cell in cells), strict=False))
        if order and row.get("Name") and row.get("Name") == order[0].get("Name"):
            order += [row] if len(order) < MOST_LINES else []
            continue
        if not (row.get("Name") and row.get("Financial Status")):
            yield line, "begins no order (Name or Financial Status is blank) and continues none"
            continue
        if order:
            yield begun, order
        begun, order = line, [row]
    if order:
        yield begun, order


def read_order(order: Order, shop: str) -> Iterator[Reading]:
    """What an order's lines report: paid, and refunded or cancelled besides. Nothing for an order that isn't paid."""
    first = order[0]
    status = first.get("Financial Status", "").lower().replace(" ", "_")
    paid_at = _moment(first.get("Paid at") or first.get("Created at", ""))
    cancelled_at = _moment(first.get("Cancelled at", ""))
    if status in PAID:
        yield Report(_event(order, shop, "order.paid", paid_at), NAMES)
    if status == "refunded":
        yield Report(_event(order, shop, "order.refunded", cancelled_at or paid_at), NAMES)
    if cancelled_at or status == "voided":
        names = {**NAMES, "occurred_at": "Cancelled at"}
        yield Report(_event(order, shop, "order.cancelled", cancelled_at or paid_at), names)
    elif status not in PAID:
        yield Ignored(f"an order that is {words(status)}")


def _event(order: Order, shop: str, kind: str, at: str) -> Json:
    first = order[0]
    named = first.get("Name", "").lstrip("#")
    return {
        "type": kind,
        "shop": shop,
        "order_id": first.get("Id") or named,
        "occurred_at": at,
        "customer": _customer(first, named),
        "total": amount_of(first.get("Total", "")),
        "currency": first.get("Currency", "").upper(),
        "items": [item for row in order if (item := _item(row))],
        "order_name": words(first.get("Name")),
        "fulfillment_status": words(first.get("Fulfillment Status")),
    }


def _customer(first: dict[str, str], named: str) -> Json:
    email = email_of(first.get("Email"))
    phone = words(first.get("Phone"), first.get("Billing Phone"), first.get("Shipping Phone")).lstrip("'")
    return {
        "id": email or read_phone(phone) or f"order-{first.get('Id') or named}"[:100],
        "name": words(first.get("Billing Name"), first.get("Shipping Name")),
        "email": email,
        "phone": phone,
    }


def _item(row: dict[str, str]) -> Json:
    name = words(row.get("Lineitem name"))
    if not name:
        return {}
    quantity, price = row.get("Lineitem quantity", ""), amount_of(row.get("Lineitem price", ""))
    item: Json = {"name": name, "sku": words(row.get("Lineitem sku")), "quantity": 1}
    if quantity.isascii() and quantity.isdigit():
        item["quantity"] = min(max(int(quantity[:7]), 1), 1_000_000)
    if price and not str(price).startswith("-"):
        item["price"] = price
    return item


def _moment(text: str) -> str:
    """`2026-11-20 10:00:00 +0100` → `2026-11-20 10:00:00+01:00`."""
    return ZONE.sub(r"\1:\2", text.strip().removesuffix(" UTC") + ("+00:00" if text.strip().endswith(" UTC") else ""))
