"""Shopify, WooCommerce and Stripe: their own payloads through their own signatures."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import structlog

from bot.domain.event import ByCustomer, ByShopCustomer
from bot.domain.ids import CustomerId
from bot.domain.purchase import Item
from bot.program import known_currencies
from handlers.shops.reading import amount_of
from handlers.shops.stripe import DIGITS, major
from tests.shops.world import ALL_SET, GONE, WOO, Json, World, hmac64, sample

SHOP = "boots.myshopify.com"
NUMBER = "820982911946154508"


@pytest.fixture
def world() -> World:
    return World(**ALL_SET)


def with_(name: str, path: str, value: object) -> Json:
    event = copy.deepcopy(sample(name))
    *way, last = path.split(".")
    place: Any = event
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return event


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("199.90", "199.90"),
        ("10.000000", "10.0000"),
        (6200.333333, "6200.3333"),
        (25.0, "25.0"),
        ("1e5", "100000"),
        (" 7 ", "7"),
        ("-3.00", "-3.00"),
        ("1e999999", "1e999999"),
        ("NaN", "NaN"),
        ("much", "much"),
        (None, None),
        (True, True),
    ],
)
def test_a_shops_amount_gets_at_most_four_decimals_and_what_is_none_stays_what_it_was(
    given: object, read: object
) -> None:
    assert amount_of(given) == read


# ---------------------------------------------------------------- Shopify


async def test_shopify_a_paid_order(world: World) -> None:
    answer = await world.shopify("orders/paid", sample("shopify_order"))
    assert answer.status_code == 202
    assert answer.json()["purchase"] == f"{SHOP}/{NUMBER}"
    assert answer.json()["links"] == {"telegram": "https://t.me/boots_bot?start=token-1"}
    [order] = world.orders
    assert (order.type, order.total, order.currency) == ("paid", Decimal("199.9"), "EUR")
    assert order.occurred_at == datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)
    assert order.items == (
        Item("Walking boots - 42", 1, "WB-42", Decimal("149.9")),
        Item("Wool socks", 2, "", Decimal(25)),
    )
    told = order.customer
    assert (told.id, told.name, told.email) == ("115310627314723954", "Jon Durand", "jon@example.com")
    assert (told.phone, told.locale) == ("+33612345678", "fr-FR")
    assert str(order.items[0].price) == "149.90"
    assert order.extra == {"order_name": "#9999"}


async def test_shopify_the_same_order_under_three_topics_is_one(world: World) -> None:
    answers = [
        await world.shopify(topic, sample("shopify_order"))
        for topic in ("orders/create", "orders/paid", "orders/updated")
    ]
    assert [answer.status_code for answer in answers] == [202, 200, 200]
    assert answers[0].json() == answers[2].json()
    assert len(world.taken) == 1


@pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid", "partially_refunded", None, 3])
async def test_shopify_a_created_order_counts_only_when_it_is_paid(world: World, status: object) -> None:
    answer = await world.shopify("orders/create", with_("shopify_order", "financial_status", status))
    assert (answer.status_code, "ignored" in answer.json()) == (200, True)
    assert world.taken == []


@pytest.mark.parametrize(
    "topic", ["orders/fulfilled", "orders/partially_fulfilled", "products/update", "app/uninstalled", ""]
)
async def test_shopify_other_topics_are_taken_note_of(world: World, topic: str) -> None:
    answer = await world.shopify(topic, sample("shopify_order"))
    assert (answer.status_code, "ignored" in answer.json()) == (200, True)
    assert world.taken == []


async def test_shopify_a_delivery_finds_its_customer_by_the_order(world: World) -> None:
    await world.shopify("orders/paid", sample("shopify_order"))
    answer = await world.shopify("fulfillment_events/create", sample("shopify_fulfillment_event"))
    assert (answer.status_code, answer.json()["purchase"]) == (202, f"{SHOP}/{NUMBER}")
    assert world.taken[1].lane == ByCustomer(CustomerId(17))
    assert (world.orders[1].type, world.orders[1].customer.id) == ("delivered", "")
    assert world.orders[1].occurred_at == datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    again = {
        "id": 1,
        "order_id": int(NUMBER),
        "shipment_status": "delivered",
        "updated_at": "2026-11-23T10:00:00+01:00",
    }
    assert (await world.shopify("fulfillments/update", again)).status_code == 200


@pytest.mark.parametrize("status", ["in_transit", "out_for_delivery", "attempted_delivery", "failure", None])
async def test_shopify_a_parcel_under_way_is_not_delivered(world: World, status: object) -> None:
    await world.shopify("orders/paid", sample("shopify_order"))
    event = with_("shopify_fulfillment_event", "status", status)
    assert (await world.shopify("fulfillment_events/create", event)).status_code == 200
    assert len(world.taken) == 1


async def test_shopify_a_delivery_is_not_taken_for_that_of_a_longer_number(world: World) -> None:
    longer = {**sample("shopify_order"), "id": f"{NUMBER}1", "customer": {"id": 5}}
    await world.shopify("orders/paid", longer)
    await world.shopify("orders/paid", sample("shopify_order"))
    await world.shopify("fulfillment_events/create", sample("shopify_fulfillment_event"))
    assert world.taken[2].lane == ByCustomer(CustomerId(18))


async def test_shopify_a_delivery_of_an_order_that_is_not_known_makes_nobody_up(world: World) -> None:
    await world.shopify("orders/paid", sample("shopify_order"), shop="another.myshopify.com")
    answer = await world.shopify("fulfillment_events/create", sample("shopify_fulfillment_event"))
    assert (answer.status_code, "ignored" in answer.json()) == (200, True)
    assert len(world.taken) == 1


async def test_shopify_a_full_refund_counts(world: World) -> None:
    await world.shopify("orders/paid", sample("shopify_order"))
    answer = await world.shopify("refunds/create", sample("shopify_refund"))
    assert answer.status_code == 202
    assert (world.orders[1].type, world.taken[1].key) == ("refunded", f"order:{SHOP}:{NUMBER}:refunded")
    assert (await world.shopify("refunds/create", sample("shopify_refund"))).status_code == 200


@pytest.mark.parametrize(
    "transactions",
    [
        [],
        None,
        [{"kind": "refund", "status": "success", "amount": "199.89", "currency": "EUR"}],
        [{"kind": "refund", "status": "success", "amount": "199.90", "currency": "USD"}],
        [{"kind": "refund", "status": "success", "amount": "NaN", "currency": "EUR"}],
        [{"kind": "refund", "status": "success", "amount": "199.90", "currency": ["EUR"]}],
        [{"kind": "void", "status": "success", "amount": "199.90", "currency": "EUR"}],
        [{"kind": "refund", "status": "pending", "amount": "199.90", "currency": "EUR"}],
    ],
    ids=str,
)
async def test_shopify_a_refund_of_a_part_or_in_other_money_leaves_the_order(
    world: World, transactions: object
) -> None:
    await world.shopify("orders/paid", sample("shopify_order"))
    answer = await world.shopify("refunds/create", with_("shopify_refund", "transactions", transactions))
    assert (answer.status_code, "ignored" in answer.json()) == (200, True)
    assert len(world.taken) == 1


async def test_shopify_refunds_in_two_steps_are_known_by_the_orders_status(world: World) -> None:
    await world.shopify("orders/paid", sample("shopify_order"))
    answer = await world.shopify("orders/updated", with_("shopify_order", "financial_status", "refunded"))
    assert (answer.status_code, world.orders[1].type) == (202, "refunded")
    assert answer.json()["customer"] == 17


async def test_shopify_a_cancelled_order(world: World) -> None:
    event = with_("shopify_order", "cancelled_at", "2026-11-21T08:00:00+01:00")
    assert (await world.shopify("orders/cancelled", event)).status_code == 202
    assert (world.orders[0].type, world.orders[0].occurred_at) == ("cancelled", datetime(2026, 11, 21, 7, tzinfo=UTC))
    assert (await world.shopify("orders/updated", event)).status_code == 200


@pytest.mark.parametrize(
    ("customer", "email", "known_as"),
    [(None, "Jon@Example.com", "jon@example.com"), ({}, "", f"order-{NUMBER}"), (None, "broken", f"order-{NUMBER}")],
)
async def test_shopify_a_guest_is_known_by_email_or_by_the_order(
    world: World, customer: object, email: str, known_as: str
) -> None:
    event = {**sample("shopify_order"), "customer": customer, "email": email, "contact_email": None}
    assert (await world.shopify("orders/paid", event)).status_code == 202
    assert world.orders[0].customer.id == known_as


async def test_shopify_a_very_long_title_costs_no_order(world: World) -> None:
    event = sample("shopify_order")
    event["line_items"][0]["name"] = "Boots " * 200
    assert (await world.shopify("orders/paid", event)).status_code == 202
    assert len(world.orders[0].items[0].name) == 300


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("id", None, "id"),
        ("id", GONE, "id"),
        ("id", {"a": 1}, "id"),
        ("processed_at", "soon", "created_at"),
        ("total_price", GONE, "total_price"),
        ("total_price", "-3.00", "total_price"),
        ("total_price", "lots", "total_price"),
        ("total_price", True, "total_price"),
        ("total_price", 1e30, "total_price"),
        ("currency", "ABC", "currency"),
        ("currency", None, "currency"),
        ("customer.id", [1], "customer.id"),
    ],
)
async def test_shopify_what_can_not_be_read_is_named_as_shopify_names_it(
    world: World, path: str, value: object, field: str
) -> None:
    answer = await world.shopify("orders/paid", with_("shopify_order", path, value))
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["detail"]] == [field]


async def test_shopify_without_its_shop_is_named_too(world: World) -> None:
    answer = await world.shopify("orders/paid", sample("shopify_order"), shop="")
    assert answer.json()["detail"][0]["field"] == "X-Shopify-Shop-Domain"


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
async def test_shopify_privacy_requests_reach_a_person(world: World, topic: str) -> None:
    event = {"shop_id": 954889, "shop_domain": SHOP, "customer": {"id": 191167, "email": "john@example.com"}}
    with structlog.testing.capture_logs() as logs:
        answer = await world.shopify(topic, event)
    assert answer.status_code == 200
    [line] = [line for line in logs if line["log_level"] == "warning"]
    assert (line["topic"], line["shop_customer"]) == (topic, "191167")
    assert "john@example.com" not in str(line)
    body = b"{}"
    forged = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": hmac64("wrong", body)}
    assert (await world.post("/hooks/shopify", body, forged)).status_code == 401


# ---------------------------------------------------------------- WooCommerce


async def test_woocommerce_a_paid_order(world: World) -> None:
    answer = await world.woo(sample("woocommerce_order"), "order.created")
    assert (answer.status_code, answer.json()["purchase"]) == (202, "boots.example/727")
    [order] = world.orders
    assert (order.type, order.total, order.currency) == ("paid", Decimal(12900), "JPY")
    assert order.occurred_at == datetime(2026, 11, 20, 10, 1, tzinfo=UTC)
    assert order.items == (Item("Walking boots", 2, "WB", Decimal("6200.3333")),)
    assert (order.customer.id, order.customer.name) == ("26", "Yuki Tanaka")
    assert (order.customer.email, order.customer.phone) == ("yuki@example.jp", "+819012345678")
    assert order.extra["number"] == "2026-727"


@pytest.mark.parametrize(
    ("status", "kind"),
    [("processing", "paid"), ("completed", "paid"), ("refunded", "refunded"), ("cancelled", "cancelled")],
)
async def test_woocommerce_the_status_tells(world: World, status: str, kind: str) -> None:
    assert (await world.woo(with_("woocommerce_order", "status", status))).status_code == 202
    assert world.orders[0].type == kind


@pytest.mark.parametrize("status", ["pending", "on-hold", "failed", "trash", "checkout-draft", "", None, []])
async def test_woocommerce_other_statuses_are_taken_note_of(world: World, status: object) -> None:
    answer = await world.woo(with_("woocommerce_order", "status", status))
    assert (answer.status_code, "ignored" in answer.json()) == (200, True)
    assert world.taken == []


async def test_woocommerce_completed_after_processing_is_a_repeat(world: World) -> None:
    first = await world.woo(sample("woocommerce_order"))
    done = await world.woo(with_("woocommerce_order", "status", "completed"))
    assert (first.status_code, done.status_code) == (202, 200)
    assert done.json() == first.json()


async def test_woocommerce_a_guest_who_got_an_account_in_between_is_found_by_the_order(world: World) -> None:
    await world.woo(with_("woocommerce_order", "customer_id", 0))
    assert world.orders[0].customer.id == "yuki@example.jp"
    refunded = await world.woo(with_("woocommerce_order", "status", "refunded"))
    assert (refunded.status_code, refunded.json()["customer"], world.orders[1].customer.id) == (202, 17, "26")


async def test_woocommerce_a_refund_before_its_payment_is_kept(world: World) -> None:
    assert (await world.woo(with_("woocommerce_order", "status", "refunded"))).status_code == 202
    assert isinstance(world.taken[0].lane, ByShopCustomer)


async def test_woocommerce_a_deleted_order_is_taken_note_of(world: World) -> None:
    assert (await world.woo({"id": 727}, "order.deleted")).status_code == 200


async def test_woocommerce_the_unsigned_ping_gets_its_200(world: World) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert (await world.post("/hooks/woocommerce", b"webhook_id=42", headers)).status_code == 200
    for forged in (b"webhook_id=42&status=refunded", b"webhook_id=", b"webhook_id=x"):
        assert (await world.post("/hooks/woocommerce", forged, headers)).status_code == 401
    assert world.taken == []


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("id", GONE, "id"),
        ("total", "-1", "total"),
        ("total", GONE, "total"),
        ("currency", "BTC", "currency"),
        ("date_paid_gmt", "0000-00-00T00:00:00", "date_created_gmt"),
        ("customer_id", {"id": 1}, "customer_id"),
    ],
)
async def test_woocommerce_what_can_not_be_read_is_named_as_they_name_it(
    world: World, path: str, value: object, field: str
) -> None:
    answer = await world.woo(with_("woocommerce_order", path, value))
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["detail"]] == [field]


@pytest.mark.parametrize("source", ["", "https://[broken"])
async def test_woocommerce_without_a_readable_source_is_named(world: World, source: str) -> None:
    body = b'{"status": "processing"}'
    headers = {
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Signature": hmac64(WOO, body),
        "X-WC-Webhook-Source": source,
    }
    answer = await world.post("/hooks/woocommerce", body, headers)
    assert "X-WC-Webhook-Source" in [problem["field"] for problem in answer.json()["detail"]]


# ---------------------------------------------------------------- Stripe


async def test_stripe_a_paid_checkout(world: World) -> None:
    answer = await world.stripe(sample("stripe_session"))
    assert (answer.status_code, answer.json()["purchase"]) == (202, "stripe/pi_3QLmnoLkdIwHu7ix")
    [order] = world.orders
    assert (order.type, order.total, order.currency, order.items) == ("paid", Decimal("129.00"), "EUR", ())
    assert order.occurred_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    told = order.customer
    assert (told.id, told.name, told.email) == ("cus_9s6XKzkNRiz8i3", "Ana Souza", "ana@example.com")
    assert (told.phone, told.locale) == ("+351912345678", "pt")
    assert order.extra["client_reference_id"] == "cart-77"
    assert order.extra["metadata"] == {"cart": "77"}


async def test_stripe_duplicates_and_late_payments_are_one_order(world: World) -> None:
    waiting = with_("stripe_session", "data.object.payment_status", "unpaid")
    assert (await world.stripe(waiting)).status_code == 200
    assert world.taken == []
    late = {**sample("stripe_session"), "type": "checkout.session.async_payment_succeeded"}
    answers = [await world.stripe(late), await world.stripe(late), await world.stripe(sample("stripe_session"))]
    assert [answer.status_code for answer in answers] == [202, 200, 200]


async def test_stripe_nothing_to_pay_is_an_order_too(world: World) -> None:
    event = with_("stripe_session", "data.object.payment_status", "no_payment_required")
    event["data"]["object"] |= {"amount_total": 0, "payment_intent": None}
    answer = await world.stripe(event)
    assert (answer.status_code, world.orders[0].total) == (202, Decimal(0))
    assert world.orders[0].order_id == event["data"]["object"]["id"]


async def test_stripe_a_full_refund_finds_the_purchase_whoever_paid(world: World) -> None:
    await world.stripe(sample("stripe_session"))
    refunded = await world.stripe(sample("stripe_charge"))
    assert (refunded.status_code, refunded.json()["customer"]) == (202, 17)
    assert (world.orders[1].type, world.orders[1].order_id) == ("refunded", world.orders[0].order_id)


async def test_stripe_a_refund_that_comes_before_its_payment_is_kept(world: World) -> None:
    assert (await world.stripe(sample("stripe_charge"))).status_code == 202
    assert isinstance(world.taken[0].lane, ByShopCustomer)


async def test_stripe_a_refund_of_a_part_is_taken_note_of(world: World) -> None:
    await world.stripe(sample("stripe_session"))
    assert (await world.stripe(with_("stripe_charge", "data.object.refunded", False))).status_code == 200
    assert len(world.taken) == 1


@pytest.mark.parametrize(
    "kind",
    ["payment_intent.succeeded", "checkout.session.expired", "checkout.session.async_payment_failed", "", None, []],
)
async def test_stripe_other_events_are_taken_note_of(world: World, kind: object) -> None:
    assert (await world.stripe({**sample("stripe_session"), "type": kind})).status_code == 200
    assert world.taken == []


async def test_stripe_saving_a_card_is_no_order(world: World) -> None:
    assert (await world.stripe(with_("stripe_session", "data.object.mode", "setup"))).status_code == 200
    assert world.taken == []


async def test_stripe_items_are_read_where_they_were_sent_along(world: World) -> None:
    line = {"description": "Boots", "quantity": 2, "price": {"unit_amount": 6450}}
    event = with_("stripe_session", "data.object.line_items", {"object": "list", "data": [line, {}]})
    await world.stripe(event)
    assert world.orders[0].items == (Item("Boots", 2, "", Decimal("64.50")),)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("data.object", GONE, "data.object"),
        ("data.object", "cs_1", "data.object"),
        ("data", None, "data.object"),
        ("created", GONE, "created"),
        ("created", "today", "created"),
        ("created", 10**15, "created"),
        ("data.object.amount_total", None, "data.object.amount_total"),
        ("data.object.amount_total", -5, "data.object.amount_total"),
        ("data.object.amount_total", 12.5, "data.object.amount_total"),
        ("data.object.amount_total", "129.00", "data.object.amount_total"),
        ("data.object.amount_total", True, "data.object.amount_total"),
        ("data.object.currency", "xyz", "data.object.currency"),
        ("data.object.currency", None, "data.object.currency"),
        ("data.object.customer", {"id": 5}, "data.object.customer"),
    ],
)
async def test_stripe_what_can_not_be_read_is_named_as_stripe_names_it(
    world: World, path: str, value: object, field: str
) -> None:
    answer = await world.stripe(with_("stripe_session", path, value))
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["detail"]] == [field]


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (12900, "EUR", "129.00"),
        (5, "USD", "0.05"),
        (0, "EUR", "0.00"),
        *((500, code, "500") for code in "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()),
        *((5120, code, "5.120") for code in "BHD JOD KWD OMR TND".split()),
        (500, "UGX", "5.00"),
        (500, "ISK", "5.00"),
    ],
)
def test_stripes_minor_units_become_amounts_of_the_currency(minor: int, currency: str, amount: str) -> None:
    assert major(minor, currency) == amount


def test_every_currency_with_its_own_minor_units_exists() -> None:
    assert DIGITS.keys() <= known_currencies()
