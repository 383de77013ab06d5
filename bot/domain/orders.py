"""What a shop's order report changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.ask import AskState
from bot.domain.asking import end_ask, plan_ask
from bot.domain.draft import Draft
from bot.domain.event import OrderReported
from bot.domain.ids import PurchaseId
from bot.domain.message import Kind
from bot.domain.money import Money
from bot.domain.preference import learn_consents
from bot.domain.purchase import Purchase
from bot.program import known_countries


def on_order(draft: Draft, order: OrderReported) -> None:
    """Record the purchase; plan, move or cancel its ask."""
    _learn_customer(draft, order)
    learn_consents(draft, order)
    known = _find(draft, order)
    purchase = known or Purchase(
        PurchaseId(draft.event.id), order.shop, order.order_id, opted_out=draft.customer.opted_out_at is not None
    )
    purchase = _reported(purchase, order)
    draft.put_purchase(purchase)
    if order.type in {"paid", "delivered"}:
        plan_ask(draft, purchase)
        _look_up(draft)
    else:
        _called_off(draft, purchase, order.type)


def _find(draft: Draft, order: OrderReported) -> Purchase | None:
    for purchase in draft.story.purchases:
        if (purchase.shop, purchase.order_id) == (order.shop, order.order_id):
            return purchase
    return None


def _reported(purchase: Purchase, order: OrderReported) -> Purchase:
    """The first report of each kind counts; reports may come in any order."""
    at = order.occurred_at
    total = Money(order.total, order.currency) if order.total is not None and order.currency else None
    purchase = replace(purchase, total=purchase.total or total, items=purchase.items or order.items)
    match order.type:
        case "paid":
            return replace(purchase, paid_at=purchase.paid_at or at)
        case "delivered":
            return replace(purchase, delivered_at=purchase.delivered_at or at)
        case "refunded":
            return replace(purchase, refunded_at=purchase.refunded_at or at)
        case _:
            return replace(purchase, cancelled_at=purchase.cancelled_at or at)


def _learn_customer(draft: Draft, order: OrderReported) -> None:
    """Blanks are filled from what the shop knows; what the customer told us stays."""
    told, known = order.customer, draft.customer
    news = {
        name: getattr(told, name)
        for name in ("name", "email", "phone", "locale", "timezone")
        if getattr(told, name) and not getattr(known, name)
    }
    if told.name and told.name != known.name and not any(i.channel == "shop" for i in draft.story.identities):
        news["name"] = told.name
    country = country_in(order.extra)
    if country and not known.country:
        news["country"] = country
    if news:
        draft.change_customer(**news)


def country_in(extra: Mapping[str, Any]) -> str:
    """Where the order goes: `country` of the order or of its customer, ISO 3166; "" when it says none."""
    person = extra.get("customer")
    for given in (extra.get("country"), person.get("country") if isinstance(person, dict) else None):
        code = given.strip().upper() if isinstance(given, str) else ""
        if code in known_countries():
            return code
    return ""


def _look_up(draft: Draft) -> None:
    """Slack knows people by e-mail; ask once an order while nothing is known."""
    known = any(identity.channel == "slack" for identity in draft.story.identities)
    if draft.customer.email and "slack" in draft.house.channels and not known:
        draft.look_up("slack", draft.customer.email)


def _called_off(draft: Draft, purchase: Purchase, why: str) -> None:
    ask = draft.ask(purchase.id)
    if ask and (ask.state is AskState.PLANNED or ask.waiting):
        end_ask(draft, ask, AskState.CANCELLED, "refunded" if why == "refunded" else "order cancelled")
        draft.silence(Kind.REMINDER)
