from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import SettingsInvalid
from handlers import edge_names
from handlers.shops.edge import build
from handlers.shops.links import SLACK_PATIENCE_S
from tests.shops.test_generic import ANY_JSON, BAD, changed
from tests.shops.world import (
    ALL_SET,
    OTHER,
    SECRET,
    SHOPIFY,
    STRIPE,
    WOO,
    World,
    hmac64,
    paid,
    raw,
    sample,
    signed,
    stripe_signature,
)

PATHS = ("/hooks/orders", "/hooks/shopify", "/hooks/woocommerce", "/hooks/stripe")
SIGNED: dict[str, Callable[[bytes], dict[str, str]]] = {
    "/hooks/orders": signed,
    "/hooks/shopify": lambda body: {
        "X-Shopify-Hmac-Sha256": hmac64(SHOPIFY, body),
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": "boots.myshopify.com",
    },
    "/hooks/woocommerce": lambda body: {
        "X-WC-Webhook-Signature": hmac64(WOO, body),
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Source": "https://boots.example",
    },
    "/hooks/stripe": lambda body: {"Stripe-Signature": stripe_signature(STRIPE, body)},
}


@pytest.fixture
def world() -> World:
    return World(**ALL_SET)


def test_the_edge_is_found_by_its_folder(world: World) -> None:
    assert "shops" in edge_names()
    assert world.edge().name == "shops"
    assert build(world.edge().around).name == "shops"


# ---------------------------------------------------------------- the generic address


async def test_an_order_is_in_the_journal_when_it_is_answered_with_its_links(world: World) -> None:
    answer = await world.report(paid())
    assert answer.status_code == 202
    assert answer.json() == {
        "purchase": "main/1001",
        "customer": 17,
        "links": {"telegram": "https://t.me/boots_bot?start=token-1"},
        "code": "token-1",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert [incoming.key for incoming in world.taken] == ["order:main:1001:paid"]


@pytest.mark.parametrize("other", [{}, {"total": "1.00"}, {"customer": {"id": "somebody else"}}])
async def test_a_repeat_changes_nothing_and_is_answered_like_the_first(world: World, other: dict[str, Any]) -> None:
    first = await world.report(paid())
    again = await world.report(paid(**other))
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert len(world.taken) == 1
    assert str(world.orders[0].total) == "129.00"


async def test_another_report_of_the_same_order_is_no_repeat(world: World) -> None:
    first = await world.report(paid())
    delivered = await world.report(paid(type="order.delivered"))
    assert delivered.status_code == 202
    assert delivered.json() == first.json()
    assert [found.type for found in world.orders] == ["paid", "delivered"]


async def test_the_same_order_number_of_another_shop_is_another_order(world: World) -> None:
    await world.report(paid())
    other = await world.report(paid(shop="outlet"))
    assert (other.status_code, other.json()["purchase"]) == (202, "outlet/1001")


@pytest.mark.parametrize(("field", "value", "words"), BAD[::6], ids=[f"{field}={v!r:.30}" for field, v, _ in BAD[::6]])
async def test_a_wrong_field_is_a_422_that_names_it(world: World, field: str, value: object, words: str) -> None:
    answer = await world.report(changed(field, value))
    assert answer.status_code == 422
    [problem] = answer.json()["detail"]
    assert (problem.keys(), problem["field"]) == ({"field", "problem"}, field)
    assert words in problem["problem"]
    assert world.taken == []


MALFORMED = [
    b"",
    b"{",
    b"nonsense",
    b"{'type': 1}",
    b'{"a": NaN}',
    b"\xef\xbb\xbf{}",
    b'{"a": 1} x',
    b'"\\ud800"',
    b"[" * 2000,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:12]))
async def test_what_is_no_json_is_a_400(world: World, path: str, body: bytes) -> None:
    answer = await world.post(path, body, SIGNED[path](body))
    assert answer.status_code == 400
    assert "not JSON" in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"[]", b"null", b"3", b'"x"'])
async def test_json_that_is_no_object_is_a_422(world: World, path: str, body: bytes) -> None:
    answer = await world.post(path, body, SIGNED[path](body))
    assert (answer.status_code, answer.json()["detail"][0]["field"]) == (422, "body")


# ---------------------------------------------------------------- every address: who may, how much


@pytest.mark.parametrize("path", PATHS)
async def test_an_unsigned_wrongly_signed_or_tampered_body_is_a_401_and_changes_nothing(
    world: World, path: str
) -> None:
    body = raw(paid())
    wrong = {name: value[::-1] for name, value in SIGNED[path](body).items()}
    for headers, sent in (({}, body), (wrong, body), (SIGNED[path](body), body + b" ")):
        answer = await world.post(path, sent, headers)
        assert answer.status_code == 401
        assert "signature" in answer.json()["detail"]
    assert world.taken == []


async def test_a_stale_signature_is_a_401(world: World) -> None:
    body = raw(paid())
    assert (await world.post("/hooks/orders", body, signed(body, ago=600))).status_code == 401
    assert (await world.post("/hooks/orders", body, signed(body, OTHER))).status_code == 401
    stale = {"Stripe-Signature": stripe_signature(STRIPE, body, time.time() - 600)}
    assert (await world.post("/hooks/stripe", body, stale)).status_code == 401


async def test_rotation_two_signatures_of_which_one_is_ours(world: World) -> None:
    body = raw(paid())
    ours, theirs = signed(body), signed(body, OTHER)
    both = {**ours, "webhook-signature": f"{theirs['webhook-signature']} {ours['webhook-signature']}"}
    assert (await world.post("/hooks/orders", body, both)).status_code == 202


@pytest.mark.parametrize("path", PATHS)
async def test_an_address_without_its_secret_is_a_404_that_says_which(path: str) -> None:
    name = {"/hooks/orders": "ORDERS"}.get(path, path.rpartition("/")[2].upper()) + "_WEBHOOK_SECRET"
    world = World(**{key: value for key, value in ALL_SET.items() if key != name.lower()})
    body = raw(paid())
    answer = await world.post(path, body, SIGNED[path](body))
    assert answer.status_code == 404
    assert name in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_is_allowed(world: World, path: str, method: str) -> None:
    assert (await world.post(path, b"", method=method)).status_code == 405


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_that_announces_too_much_is_a_413(world: World, path: str) -> None:
    body = b" " * (256 * 1024 + 1)
    assert (await world.post(path, body, SIGNED[path](body))).status_code == 413


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_in_pieces_is_read_no_further_than_the_limit(world: World, path: str) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 64 * 1024
            yield b"x" * 64 * 1024

    answer = await world.post(path, pieces(), {})
    assert answer.status_code == 413
    assert "256 KiB" in answer.json()["detail"]
    assert sent <= 10 * 64 * 1024


async def test_a_body_of_just_the_limit_is_read(world: World) -> None:
    body = raw(paid())
    body += b" " * (256 * 1024 - len(body))
    assert (await world.post("/hooks/orders", body, signed(body))).status_code == 202


async def test_a_body_in_pieces_is_put_together(world: World) -> None:
    body = raw(paid())

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    assert (await world.post("/hooks/orders", pieces(), signed(body))).status_code == 202


async def test_a_lying_content_length_is_no_way_around_the_limit(world: World) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 64 * 1024

    assert (await world.post("/hooks/orders", pieces(), {"content-length": "10"})).status_code == 413


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), ANY_JSON)
def test_any_signed_json_is_answered_in_words(path: str, value: object) -> None:
    body = json.dumps(value).encode()
    answer = asyncio.run(World(**ALL_SET).post(path, body, SIGNED[path](body)))
    ignorable = {200} if path != "/hooks/orders" and isinstance(value, dict) else set[int]()
    assert answer.status_code in {400, 422} | ignorable


@settings(max_examples=60)
@given(st.sampled_from(PATHS), st.binary(max_size=200))
def test_any_signed_bytes_are_answered_in_words(path: str, body: bytes) -> None:
    answer = asyncio.run(World(**ALL_SET).post(path, body, SIGNED[path](body)))
    assert answer.status_code in {400, 401, 422}


WHOLE = {
    "/hooks/shopify": sample("shopify_order"),
    "/hooks/woocommerce": sample("woocommerce_order"),
    "/hooks/stripe": sample("stripe_session"),
}


def _replaced(event: object, way: list[int], value: object) -> object:
    """`event` with one value anywhere inside replaced."""
    if not way or not isinstance(event, dict | list) or not event:
        return value
    keys: list[Any] = list(event) if isinstance(event, dict) else list(range(len(event)))
    key, changed_event = keys[way[0] % len(keys)], event.copy()
    changed_event[key] = _replaced(event[key], way[1:], value)
    return changed_event


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(WHOLE)), st.lists(st.integers(0, 40), min_size=1, max_size=5), ANY_JSON)
def test_a_shops_order_with_anything_in_any_place_is_answered_in_words(
    path: str, way: list[int], value: object
) -> None:
    body = json.dumps(_replaced(WHOLE[path], way, value)).encode()
    answer = asyncio.run(World(**ALL_SET).post(path, body, SIGNED[path](body)))
    assert answer.status_code in {200, 202, 400, 422}


# ---------------------------------------------------------------- Slack's link


def on_slack(seconds: float | None, **more: str) -> World:
    """`seconds`: how long the look-up of Ana's email takes; None = she isn't there."""
    world = World(**ALL_SET, slack_bot_token="xoxb-1", **more)
    world.on_slack = {} if seconds is None else {"ana@example.com": seconds}
    world.patience_s = 0.2 if seconds is None else 30
    return world


async def test_the_answer_waits_for_the_look_up_by_email() -> None:
    world = on_slack(0.2, slack_app_token="xapp-1-A0123ABCD-4567-89ef")
    first = await world.report(paid())
    assert first.json()["links"] == {
        "telegram": "https://t.me/boots_bot?start=token-1",
        "slack": "https://slack.com/app_redirect?app=A0123ABCD",
    }
    again = await world.report(paid())
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_link_that_the_channel_itself_offers_comes_first() -> None:
    world = on_slack(0.01, slack_app_token="xapp-1-A0123ABCD-4567-89ef")
    world.slack_link = "https://slack.com/app_redirect?app=A1&team=T1"
    assert (await world.report(paid())).json()["links"]["slack"] == world.slack_link


async def test_without_the_apps_id_the_link_leads_to_the_customers_slack() -> None:
    assert (await on_slack(0.01).report(paid())).json()["links"]["slack"] == "https://app.slack.com/client"


async def test_who_is_not_on_slack_gets_no_link_to_it() -> None:
    world = on_slack(None)
    world.slack_link = "https://slack.com/app_redirect?app=A1&team=T1"
    assert list((await world.report(paid())).json()["links"]) == ["telegram"]
    assert world.reads > 1


async def test_the_wait_ends_after_a_second_and_a_half() -> None:
    world = on_slack(60)
    world.patience_s = SLACK_PATIENCE_S
    begun = time.monotonic()
    assert "slack" not in (await world.report(paid())).json()["links"]
    assert time.monotonic() - begun >= 1.4
    assert SLACK_PATIENCE_S <= 1.5


@pytest.mark.parametrize(
    "event",
    [paid(customer={"id": "c-1"}), paid(type="order.refunded"), paid(type="order.cancelled")],
    ids=["no email", "refunded", "cancelled"],
)
async def test_nothing_is_waited_for_where_nobody_is_looked_up(event: dict[str, Any]) -> None:
    world = on_slack(None)
    assert (await world.report(event)).status_code == 202
    assert world.reads == 1


async def test_a_repeat_is_not_held_up_again() -> None:
    world = on_slack(None)
    await world.report(paid())
    world.reads = 0
    assert (await world.report(paid())).status_code == 200
    assert world.reads == 1


async def test_without_slack_nobody_is_looked_up() -> None:
    world = World(**ALL_SET)
    assert (await world.report(paid())).status_code == 202
    assert world.reads == 0


async def test_in_a_rush_answers_come_without_waiting() -> None:
    world = on_slack(60)
    world.most_waiting = 0
    assert list((await world.report(paid())).json()["links"]) == ["telegram"]
    assert world.reads == 1


# ---------------------------------------------------------------- as an edge


async def test_a_secret_that_can_not_be_one_stops_the_start_with_advice() -> None:
    edge = World(orders_webhook_secret="whsec_").edge()
    assert ["ORDERS_WEBHOOK_SECRET" in problem for problem in await edge.problems()] == [True]
    with pytest.raises(SettingsInvalid, match="ORDERS_WEBHOOK_SECRET"):
        await edge.start()


@pytest.mark.parametrize("secrets", [{}, {"orders_webhook_secret": SECRET}])
async def test_with_no_or_good_secrets_all_is_well(secrets: dict[str, str]) -> None:
    edge = World(**secrets).edge()
    await edge.start()
    await edge.receive()
    assert await edge.problems() == []
    assert edge.ready
    await edge.stop()
