from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.event import ByShopCustomer, Incoming, OrderReported
from bot.domain.purchase import Item
from handlers.shops.generic import MOST_ITEMS, MOST_PROBLEMS, Unreadable, order_key, read_event, to_incoming
from tests.shops.world import GONE, NOW, Json, paid

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def changed(path: str, value: object) -> Json:
    event = copy.deepcopy(paid())
    *way, last = path.split(".")
    place: Any = event
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is GONE:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return event


def problems(event: object) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as caught:
        read_event(event)
    return [(found.field, found.problem) for found in caught.value.problems]


def order(event: Json) -> OrderReported:
    payload = to_incoming(read_event(event), NOW).payload
    assert isinstance(payload, OrderReported)
    return payload


def test_the_event_of_the_interface_becomes_an_order_in_its_customers_lane() -> None:
    incoming = to_incoming(read_event(paid()), NOW)
    payload = incoming.payload
    assert isinstance(payload, OrderReported)
    assert incoming == Incoming(
        "order:main:1001:paid",
        ByShopCustomer("main", payload.customer),
        payload,
        datetime(2026, 11, 20, 10, tzinfo=UTC),
    )
    assert (payload.type, payload.total, payload.currency, payload.extra) == ("paid", Decimal("129.00"), "EUR", {})
    assert payload.items == (Item("Boots", 1, "B1", Decimal("129.00")),)
    told = payload.customer
    assert (told.id, told.name, told.email, told.phone) == ("c-17", "Ana", "ana@example.com", "+33612345678")
    assert (told.locale, told.timezone) == ("en", "Europe/Paris")


@pytest.mark.parametrize("kind", ["delivered", "refunded", "cancelled"])
def test_other_reports_need_neither_money_nor_items(kind: str) -> None:
    event = {"type": f"order.{kind}", "shop": "main", "order_id": "1", "occurred_at": "2026-11-20T10:00:00+01:00"}
    read = order({**event, "customer": {"id": "c"}})
    assert (read.type, read.total, read.items) == (kind, None, ())
    assert read.occurred_at == datetime(2026, 11, 20, 9, tzinfo=UTC)


BAD = [
    ("type", GONE, "missing"),
    ("type", "order.shipped", "order.delivered"),
    ("type", "paid", "order.paid"),
    ("type", 7, "string"),
    ("type", None, "string"),
    ("shop", GONE, "missing"),
    ("shop", "", "empty"),
    ("shop", "   ", "empty"),
    ("shop", ["main"], "a list"),
    ("shop", "x" * 101, "at most 100"),
    ("order_id", GONE, "missing"),
    ("order_id", 1001, "a number"),
    ("order_id", None, "null"),
    ("order_id", True, "true or false"),
    ("order_id", "10\x0001", "control"),
    ("order_id", "10\n01", "control"),
    ("order_id", "1" * 101, "at most 100"),
    ("occurred_at", GONE, "missing"),
    ("occurred_at", "2026-11-20T10:00:00", "time zone"),
    ("occurred_at", "2026-11-20", "time zone"),
    ("occurred_at", "yesterday", "ISO 8601"),
    ("occurred_at", "2026-13-20T10:00:00Z", "ISO 8601"),
    ("occurred_at", 1763632800, "a number"),
    ("occurred_at", "9999-12-31T23:59:59-12:00", "between"),
    ("occurred_at", "0001-01-01T00:00:00+12:00", "between"),
    ("customer", GONE, "missing"),
    ("customer", "c-17", "object"),
    ("customer", None, "object"),
    ("customer", [], "object"),
    ("customer.id", GONE, "missing"),
    ("customer.id", 17, "a number"),
    ("customer.id", "", "empty"),
    ("customer.id", "a\x7fb", "control"),
    ("customer.name", 5, "a number"),
    ("customer.name", "x" * 301, "at most 300"),
    ("customer.email", "not an address", "email"),
    ("customer.email", "a@b@c", "email"),
    ("customer.email", "a\x00b@example.com", "email"),
    ("customer.email", "a" * 250 + "@example.com", "email"),
    ("customer.email", {}, "object"),
    ("customer.phone", 336, "a number"),
    ("customer.locale", 1, "a number"),
    ("customer.timezone", [], "list"),
    ("total", GONE, "missing"),
    ("total", None, "missing"),
    ("total", 129, "not a number"),
    ("total", 129.0, "not a number"),
    ("total", True, "true or false"),
    ("total", "-1.00", "negative"),
    ("total", "-0.01", "negative"),
    ("total", "1e3", "decimal"),
    ("total", "NaN", "decimal"),
    ("total", "Infinity", "decimal"),
    ("total", "129,00", "decimal"),
    ("total", "129.", "decimal"),
    ("total", "1_000", "decimal"),
    ("total", "١٢٩", "decimal"),
    ("total", "129.00001", "4 decimals"),
    ("total", "1000000000000", "10^12"),
    ("total", "9" * 4000, "decimal"),
    ("total", "", "decimal"),
    ("currency", GONE, "missing"),
    ("currency", "ABC", "ISO 4217"),
    ("currency", "XXX", "ISO 4217"),
    ("currency", "XTS", "ISO 4217"),
    ("currency", "eur", "ISO 4217"),
    ("currency", "€", "ISO 4217"),
    ("currency", 978, "a number"),
    ("items", GONE, "missing"),
    ("items", "Boots", "a list"),
    ("items", {}, "a list"),
    ("items", [{"name": "Sock"}] * (MOST_ITEMS + 1), "at most 1000"),
    ("items.0", "Boots", "object"),
    ("items.0.name", GONE, "missing"),
    ("items.0.name", " ", "empty"),
    ("items.0.name", "x" * 301, "at most 300"),
    ("items.0.sku", 1, "a number"),
    ("items.0.quantity", "1", "whole number"),
    ("items.0.quantity", 0, "between"),
    ("items.0.quantity", -1, "between"),
    ("items.0.quantity", 1.0, "whole number"),
    ("items.0.quantity", True, "whole number"),
    ("items.0.quantity", 10**18, "between"),
    ("items.0.price", 129, "not a number"),
    ("items.0.price", "-5", "negative"),
    ("items.0.price", "free", "decimal"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD, ids=[f"{field}={value!r:.30}" for field, value, _ in BAD])
def test_a_wrong_field_is_named_with_what_is_allowed(field: str, value: object, words: str) -> None:
    found = problems(changed(field, value))
    assert [name for name, _ in found] == [field]
    assert words in found[0][1]


def test_every_wrong_field_is_named_at_once() -> None:
    found = problems({"type": "order.paid", "customer": {"email": "x"}, "items": [{}, 3]})
    named = "shop order_id occurred_at customer.id customer.email items.0.name items.1 total currency"
    assert [name for name, _ in found] == named.split()


def test_thousands_of_wrong_fields_get_a_short_answer() -> None:
    assert len(problems(changed("items", [{}] * MOST_ITEMS))) == MOST_PROBLEMS


@pytest.mark.parametrize("body", [[], "x", 3, None, True], ids=repr)
def test_a_body_that_is_no_object_is_named_as_such(body: object) -> None:
    assert problems(body)[0][0] == "body"


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("total", "0", Decimal(0)),
        ("total", "0.00", Decimal("0.00")),
        ("total", "-0.00", Decimal("0.00")),
        ("total", "999999999999.9999", Decimal("999999999999.9999")),
        ("total", " 12.5 ", Decimal("12.5")),
        ("items", [], ()),
        ("customer.name", "  Ana\tMaria\x00 ", "Ana Maria"),
        ("customer.name", None, ""),
        ("customer.email", " Ana@Example.COM ", "ana@example.com"),
        ("customer.email", "", ""),
        ("customer.email", None, ""),
        ("customer.phone", "0033 6 12 34 56 78", "+33612345678"),
        ("customer.phone", "+33 (0)6-12-34-56-78", "+33612345678"),
        ("customer.locale", "pt_BR", "pt-BR"),
    ],
    ids=repr,
)
def test_values_are_put_into_one_form(path: str, value: object, read: object) -> None:
    found = order(changed(path, value))
    assert getattr(found.customer if path.startswith("customer.") else found, path.rsplit(".", maxsplit=1)[-1]) == read
    assert found.extra == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "06 12 34 56 78"),  # no country: anybody's
        ("phone", "call me"),
        ("phone", "+33 1"),
        ("timezone", "Mars/Olympus"),
        ("locale", "the English one"),
    ],
)
def test_a_phone_zone_or_locale_that_says_nothing_costs_no_order_but_is_kept_aside(field: str, value: str) -> None:
    found = order(changed(f"customer.{field}", value))
    assert getattr(found.customer, field) == ""
    assert found.extra == {"not_understood": {f"customer.{field}": value}}


def test_unknown_fields_are_kept_where_they_were() -> None:
    event = changed("customer.vip", True)
    event["items"].append({"name": "Socks", "colour": "red\x00"})
    event["note"] = {"gift": ["yes", 1.5, None]}
    assert order(event).extra == {
        "note": {"gift": ["yes", 1.5, None]},
        "customer": {"vip": True},
        "items": {"1": {"colour": "red"}},
    }


def test_an_endlessly_nested_unknown_field_is_cut_so_that_it_can_be_stored() -> None:
    nest: Any = "deep"
    for _ in range(900):
        nest = [nest]
    assert len(json.dumps(order(changed("nest", nest)).extra)) < 100


def test_an_event_of_the_future_is_taken_as_of_now_and_keeps_its_own_moment() -> None:
    later = NOW + timedelta(days=2)
    incoming = to_incoming(read_event(paid(occurred_at=later.isoformat())), NOW)
    assert incoming.at == NOW
    assert isinstance(incoming.payload, OrderReported)
    assert incoming.payload.occurred_at == later


def test_odd_ids_never_share_a_key() -> None:
    keys = {
        order_key(shop, number, "paid")
        for shop, number in [("a:b", "c"), ("a", "b:c"), ("a%3Ab", "c"), ("a", "b%3Ac"), ("a", "b/c"), ("a/b", "c")]
    }
    assert len(keys) == 6


@given(*[st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=100)] * 4)
def test_keys_are_equal_only_for_equal_ids(shop: str, number: str, other_shop: str, other_number: str) -> None:
    same = (shop, number) == (other_shop, other_number)
    assert (order_key(shop, number, "paid") == order_key(other_shop, other_number, "paid")) is same


@given(ANY_JSON)
def test_any_json_is_read_or_refused_by_name(body: object) -> None:
    for found in problems(body):
        assert found[1]


@given(st.sampled_from([field for field, _, _ in BAD]), ANY_JSON)
def test_any_json_in_any_field_is_read_into_something_storable_or_refused(field: str, value: object) -> None:
    try:
        incoming = to_incoming(read_event(changed(field, value)), NOW)
    except Unreadable as unreadable:
        named = [found.field for found in unreadable.problems]
        # Another type of event can make total, currency and items wrong no more, and nothing else right.
        assert all(name == field or name.startswith(f"{field}.") for name in named)
    else:
        text = msgspec.json.encode(incoming.payload)
        assert b"\\u0000" not in text
        assert msgspec.json.decode(text, type=OrderReported) == incoming.payload


@given(ANY_JSON)
def test_any_unknown_field_can_be_stored_and_read_again(value: object) -> None:
    payload = order({**paid(), "more": value})
    assert b"\\u0000" not in msgspec.json.encode(payload)
    assert msgspec.json.decode(msgspec.json.encode(payload), type=OrderReported).extra.keys() == {"more"}
