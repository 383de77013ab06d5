"""The generic order event.

The body of `POST /hooks/orders`, a line of an import, and what every shop's own format is turned into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.event import ByShopCustomer, Incoming, OrderReported, ShopCustomer
from bot.domain.purchase import Item
from bot.errors import AfterwordError
from bot.program import valid_timezone
from handlers.shops.fields import (
    kept,
    kind_of,
    optional,
    read_amount,
    read_currency,
    read_email,
    read_id,
    read_item_name,
    read_locale,
    read_moment,
    read_phone,
    read_quantity,
    read_string,
    read_text,
    tidy,
)

TYPES: Final = ("order.paid", "order.delivered", "order.refunded", "order.cancelled")
NEEDED_WHEN_PAID: Final = ("total", "currency", "items")
MOST_ITEMS: Final = 1000
MOST_PROBLEMS: Final = 50
"""Nobody reads more; the answer stays small whatever was sent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words. `field` is its path: `customer.id`, `items.0.price`."""

    field: str
    problem: str


class Unreadable(AfterwordError):
    """The event has wrong or missing fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{found.field} {found.problem}" for found in problems))
        self.problems = problems


def _read_type(value: object) -> str:
    if read_string(value) not in TYPES:
        raise ValueError(f"must be one of {', '.join(TYPES)}")
    return str(value)


Id = Annotated[str, BeforeValidator(read_id)]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else read_text(value))]
Loose = Annotated[str, BeforeValidator(lambda value: "" if value is None else read_string(value))]
Email = Annotated[str, BeforeValidator(lambda value: "" if value is None else read_email(value))]
Amount = Annotated[Decimal | None, BeforeValidator(optional(read_amount))]
Currency = Annotated[str | None, BeforeValidator(optional(read_currency))]
Moment = Annotated[datetime, BeforeValidator(read_moment)]
EventType = Annotated[
    Literal["order.paid", "order.delivered", "order.refunded", "order.cancelled"], BeforeValidator(_read_type)
]


class Part(BaseModel):
    """Unknown fields are kept beside the known ones."""

    model_config = ConfigDict(extra="allow", frozen=True)


class BuyerPart(Part):
    """The customer as the shop knows them."""

    id: Id
    name: Text = ""
    email: Email = ""
    phone: Loose = ""
    locale: Loose = ""
    timezone: Loose = ""


class ItemPart(Part):
    """A line of the order; `price` is for one piece."""

    name: Annotated[str, BeforeValidator(read_item_name)]
    sku: Text = ""
    quantity: Annotated[int, BeforeValidator(lambda value: 1 if value is None else read_quantity(value))] = 1
    price: Amount = None


class OrderEvent(Part):
    """What a shop tells about an order."""

    type: EventType
    shop: Id
    order_id: Id
    occurred_at: Moment
    customer: BuyerPart
    total: Amount = None
    currency: Currency = None
    items: Annotated[tuple[ItemPart, ...], Field(max_length=MOST_ITEMS)] | None = None


# ---------------------------------------------------------------- reading


def read_event(data: object) -> OrderEvent:
    """The event in parsed JSON; raises `Unreadable` naming every wrong field."""
    if not isinstance(data, dict):
        raise Unreadable((Problem("body", f"must be an object, not {kind_of(data)}"),))
    missing = _missing_when_paid(data)
    try:
        event = OrderEvent.model_validate(data)
    except ValidationError as error:
        found = tuple(_in_words(detail) for detail in error.errors(include_url=False, include_context=False))
        raise Unreadable((*found, *missing)[:MOST_PROBLEMS]) from None
    if missing:
        raise Unreadable(missing)
    return event


def _missing_when_paid(data: Mapping[Any, Any]) -> tuple[Problem, ...]:
    if data.get("type") != "order.paid":
        return ()
    return tuple(
        Problem(name, "is missing: order.paid needs it") for name in NEEDED_WHEN_PAID if data.get(name) is None
    )


def _in_words(detail: Any) -> Problem:  # noqa: ANN401 - pydantic's ErrorDetails
    field = tidy(".".join(str(part) for part in detail["loc"]))
    given = kind_of(detail["input"])
    match detail["type"]:
        case "missing":
            words = "is missing"
        case "model_type" | "model_attributes_type" | "dict_type":
            words = f"must be an object, not {given}"
        case "tuple_type":
            words = f"must be a list, not {given}"
        case "too_long":
            words = f"must have at most {MOST_ITEMS} entries"
        case _:
            words = detail["msg"].removeprefix("Value error, ")
    return Problem(field, words)


# ---------------------------------------------------------------- into the journal


def order_key(shop: str, order_id: str, kind: str) -> str:
    """`order:main:1001:paid`: one per order and kind of report. A colon inside an id is written %3A."""
    return f"order:{_escaped(shop)}:{_escaped(order_id)}:{kind}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(":", "%3A")


def to_incoming(event: OrderEvent, now: datetime) -> Incoming:
    """The event as the journal takes it. `at` is when it happened, but never later than `now`."""
    kind = event.type.removeprefix("order.")
    dropped: dict[str, Any] = {}
    customer = ShopCustomer(
        event.customer.id,
        event.customer.name,
        event.customer.email,
        _or_drop("phone", event.customer.phone, read_phone(event.customer.phone), dropped),
        _or_drop("locale", event.customer.locale, read_locale(event.customer.locale), dropped),
        _or_drop("timezone", event.customer.timezone, valid_timezone(event.customer.timezone.strip()), dropped),
    )
    payload = OrderReported(
        kind,
        event.shop,
        event.order_id,
        event.occurred_at,
        customer,
        event.total,
        event.currency,
        tuple(Item(item.name, item.quantity, item.sku, item.price) for item in event.items or ()),
        _extra(event, dropped),
    )
    key = order_key(event.shop, event.order_id, kind)
    return Incoming(key, ByShopCustomer(event.shop, customer), payload, min(event.occurred_at, now))


def _or_drop(name: str, given: str, read: str | None, dropped: dict[str, Any]) -> str:
    """A phone, locale or time zone that can't be read must not cost the order: it is put aside."""
    if given.strip() and read is None:
        dropped[f"customer.{name}"] = tidy(given)[:300]
    return read or ""


def _extra(event: OrderEvent, dropped: dict[str, Any]) -> dict[str, Any]:
    """Unknown fields; those of the customer under `customer`, of items under `items` by number."""
    extra: dict[str, Any] = {name: kept(value) for name, value in (event.model_extra or {}).items()}
    if event.customer.model_extra:
        extra["customer"] = kept(event.customer.model_extra)
    items = {str(n): kept(item.model_extra) for n, item in enumerate(event.items or ()) if item.model_extra}
    if items:
        extra["items"] = items
    if dropped:
        extra["not_understood"] = dropped
    return {tidy(name): value for name, value in extra.items()}
