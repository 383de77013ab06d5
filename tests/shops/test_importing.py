from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.event import ByShopCustomer, Incoming, OrderReported
from bot.domain.purchase import Item
from bot.errors import Refused
from handlers.shops.generic import read_event, to_incoming
from handlers.shops.importing import BATCH, MOST_KEPT, Row, Skipped, Totals, Wrong, import_orders, read_orders
from tests.shops.world import ALL_SET, NOW, World, paid, sample

HEADINGS = "type,shop,order_id,occurred_at,customer_id,name,email,phone,locale,timezone,total,currency,items"
ROW = "order.paid,main,1001,2026-11-20T10:00:00Z,c-17,Ana,ana@example.com,+33612345678,en,Europe/Paris,129.00,EUR,Boots"


def file(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(folder: Path, content: str | bytes, name: str = "orders.csv", shop: str = "main") -> list[Row]:
    return list(read_orders(file(folder, content, name), shop, NOW))


def orders(found: Sequence[Row]) -> list[OrderReported]:
    assert all(isinstance(row, Incoming) for row in found), found
    return [row.payload for row in found if isinstance(row, Incoming) and isinstance(row.payload, OrderReported)]


def wrong(found: Sequence[Row]) -> list[tuple[int, str]]:
    return [(row.line, row.field) for row in found if isinstance(row, Wrong)]


def as_csv(*lines: Sequence[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue()


# ---------------------------------------------------------------- JSON lines


def test_a_json_line_is_the_event_of_the_webhook(tmp_path: Path) -> None:
    assert rows(tmp_path, json.dumps(paid()) + "\n") == [to_incoming(read_event(paid()), NOW)]


def test_bad_json_lines_are_told_by_number_and_stop_nothing(tmp_path: Path) -> None:
    lines = [
        b"\xef\xbb\xbf" + json.dumps(paid()).encode(),
        b"",
        b"{broken",
        json.dumps(paid(order_id="2", total=5, customer={})).encode(),
        b'{"name": "caf\xe9"}',
        b"[1]",
        json.dumps(paid(order_id="3", note="x" * 300_000)).encode(),
        json.dumps(paid(order_id="3", note="x" * 3_000_000)).encode(),
        json.dumps(paid(order_id="4")).encode(),
    ]
    found = rows(tmp_path, b"\n".join(lines))
    assert [row.key for row in found if isinstance(row, Incoming)] == ["order:main:1001:paid", "order:main:4:paid"]
    assert wrong(found) == [(3, ""), (4, "customer.id"), (4, "total"), (5, ""), (6, ""), (7, ""), (8, "")]
    assert "UTF-8" in next(row.problem for row in found if isinstance(row, Wrong) and row.line == 5)


def test_the_shop_is_the_commands_where_a_line_names_none(tmp_path: Path) -> None:
    event = paid()
    del event["shop"]
    text = f"{json.dumps(event)}\n{json.dumps(paid(shop='outlet'))}"
    assert [order.shop for order in orders(rows(tmp_path, text, shop="boots"))] == ["boots", "outlet"]


def test_a_first_line_that_is_broken_does_not_make_json_lines_a_csv(tmp_path: Path) -> None:
    found = rows(tmp_path, "oops\n" + json.dumps(paid()), name="orders.jsonl")
    assert (wrong(found), len(found)) == ([(1, "")], 2)


# ---------------------------------------------------------------- CSV


def test_a_row_of_all_columns_is_the_event_of_the_webhook(tmp_path: Path) -> None:
    [order] = orders(rows(tmp_path, f"{HEADINGS}\n{ROW}\n"))
    [same] = orders([to_incoming(read_event(paid(items=[{"name": "Boots"}])), NOW)])
    assert order == same


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\r\n\n"])
def test_other_headings_dividers_and_beginnings_are_understood(tmp_path: Path, delimiter: str, start: str) -> None:
    text = as_csv(
        ["Order Number", "Date", "customer.id", "E-Mail", "Amount", "Currency code", "Product", "Colour", "Event"],
        ["1001", "2026-11-20T10:00:00Z", "c-17", "Ana@Example.com", "129.00", "eur", 'Boots, "brown"', "brown", "paid"],
        delimiter=delimiter,
    )
    [order] = orders(rows(tmp_path, start + text, shop="outlet"))
    assert (order.type, order.shop, order.order_id, order.customer.id) == ("paid", "outlet", "1001", "c-17")
    assert (order.customer.email, order.total, order.currency) == ("ana@example.com", Decimal("129.00"), "EUR")
    assert (order.items, order.extra) == ((Item('Boots, "brown"'),), {"Colour": "brown"})


def test_items_may_be_json(tmp_path: Path) -> None:
    items = [{"name": "Boots", "quantity": 2, "price": "64.50"}, {"name": "Socks"}]
    head = ["order_id", "occurred_at", "customer_id", "total", "currency", "items"]
    line = ["1", "2026-11-20T10:00:00Z", "c", "129.00", "EUR"]
    text = as_csv(head, [*line, json.dumps(items)], [*line, json.dumps(items[1])], [*line, ""], [*line, "[oops"])
    found = rows(tmp_path, text)
    assert [order.items for order in orders(found[:3])] == [
        (Item("Boots", 2, "", Decimal("64.50")), Item("Socks")),
        (Item("Socks"),),
        (),
    ]
    assert wrong(found) == [(5, "items")]


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("type", "shipped", "type"),
        ("order_id", "", "order_id"),
        ("occurred_at", "20.11.2026", "occurred_at"),
        ("occurred_at", "2026-11-20 10:00", "occurred_at"),
        ("customer_id", "", "customer_id"),
        ("email", "ana", "email"),
        ("total", "129,00", "total"),
        ("total", "-1", "total"),
        ("total", "", "total"),
        ("currency", "EURO", "currency"),
        ("currency", "", "currency"),
    ],
)
def test_a_wrong_cell_is_told_by_line_and_column(tmp_path: Path, column: str, value: str, field: str) -> None:
    cells = dict(zip(HEADINGS.split(","), ROW.split(","), strict=True)) | {column: value}
    found = rows(tmp_path, as_csv(HEADINGS.split(","), ROW.split(","), list(cells.values()), ROW.split(",")))
    assert wrong(found) == [(3, field)]
    assert len(found) == 3


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = f'\n{HEADINGS},note\n{ROW},"two\nlines"\n\n{ROW},\n{ROW.replace("EUR", "EURO")},x\n'
    assert wrong(rows(tmp_path, text)) == [(7, "currency")]


def test_a_row_with_too_many_values_is_told_and_a_short_one_is_blank_at_its_end(tmp_path: Path) -> None:
    found = rows(tmp_path, f"{HEADINGS}\n{ROW},one more\n{ROW.rpartition(',')[0]}\n{ROW},,\n")
    assert wrong(found) == [(2, "")]
    assert [order.items for order in orders(found[1:])] == [(), (Item("Boots"),)]


def test_a_stray_quotation_mark_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = rows(tmp_path, f'{HEADINGS}\n"Ana" x,{ROW}\n{ROW}\n')
    assert (wrong(found), len(found)) == ([(2, "")], 2)


def test_an_unclosed_quotation_mark_is_told(tmp_path: Path) -> None:
    found = rows(tmp_path, f'{HEADINGS}\n{ROW}\n"{ROW}\n{ROW}\n')
    assert (wrong(found), len(found)) == ([(3, "")], 2)


def test_a_line_in_another_encoding_is_told(tmp_path: Path) -> None:
    found = rows(tmp_path, f"{HEADINGS}\n{ROW}\n{ROW.replace('Ana,', 'Zoë,')}\n".encode("latin-1"))
    assert wrong(found) == [(3, "")]
    assert next(row.problem for row in found if isinstance(row, Wrong)).startswith("is not UTF-8")


def test_a_heading_that_is_meant_does_not_take_the_place_of_the_one_that_says_so(tmp_path: Path) -> None:
    text = as_csv(
        ["created_at", "order", "order_id", "customer_id", "occurred_at", "total", "currency"],
        ["2020-01-01", "#7", "1001", "c", "2026-11-20T10:00:00Z", "1", "EUR"],
    )
    [order] = orders(rows(tmp_path, text))
    assert order.order_id == "1001"
    assert order.extra == {"created_at": "2020-01-01", "order": "#7"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"hello",
        b"order_id,total\n1,2\n",
        b'[{"type": "order.paid"}]',
        "order_id,occurred_at".encode("utf-16"),
        b"PK\x03\x04\x00\x00",
        b'"order_id,occurred_at',
    ],
    ids=repr,
)
def test_a_file_that_is_none_of_ours_is_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        rows(tmp_path, content)
    assert caught.value.advice


# ---------------------------------------------------------------- Shopify's export

EXPORT = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,"
    "Billing Phone,Cancelled at,Phone,Id,Tags"
).split(",")


def exported(**cells: str) -> list[str]:
    return [cells.get(heading.lower().replace(" ", "_"), "") for heading in EXPORT]


def first(**cells: str) -> list[str]:
    usual = {
        "name": "#1001",
        "email": "Ana@Example.com",
        "financial_status": "paid",
        "paid_at": "2026-11-20 11:00:00 +0100",
        "fulfillment_status": "fulfilled",
        "currency": "EUR",
        "total": "129.00",
        "created_at": "2026-11-20 10:59:00 +0100",
        "lineitem_quantity": "1",
        "lineitem_name": "Boots - 42",
        "lineitem_price": "119.00",
        "lineitem_sku": "B42",
        "billing_name": "Ana Souza",
        "billing_phone": "'+33612345678",
        "id": "5600000000001",
    }
    return exported(**usual | cells)


def further(name: str = "#1001", item: str = "Socks") -> list[str]:
    return exported(
        name=name, email="Ana@Example.com", lineitem_quantity="2", lineitem_name=item, lineitem_price="5.00"
    )


def test_shopifys_lines_of_one_order_are_put_together(tmp_path: Path) -> None:
    text = as_csv(EXPORT, first(), further(), first(name="#1002", id="5600000000002"))
    order, other = orders(rows(tmp_path, text, shop="boots.myshopify.com"))
    assert (order.shop, order.order_id, order.type) == ("boots.myshopify.com", "5600000000001", "paid")
    assert order.items == (Item("Boots - 42", 1, "B42", Decimal(119)), Item("Socks", 2, "", Decimal(5)))
    assert (order.total, order.currency) == (Decimal(129), "EUR")
    assert order.occurred_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    told = order.customer
    assert (told.id, told.name, told.email, told.phone) == (
        "ana@example.com", "Ana Souza", "ana@example.com", "+33612345678"
    )  # fmt: skip
    assert order.extra == {"order_name": "#1001", "fulfillment_status": "fulfilled"}
    assert other.order_id == "5600000000002"


async def test_an_export_of_what_came_over_the_webhook_changes_nothing(tmp_path: Path) -> None:
    world = World(**ALL_SET)
    await world.shopify("orders/paid", sample("shopify_order"))
    path = file(tmp_path, as_csv(EXPORT, first(name="#9999", id="820982911946154508")))
    totals = await import_orders(path, "boots.myshopify.com", world.accept_many)
    assert (totals.new, totals.repeats) == (0, 1)


@pytest.mark.parametrize(
    ("status", "cancelled", "kinds"),
    [
        ("paid", "", ["paid"]),
        ("partially_refunded", "", ["paid"]),
        ("refunded", "", ["paid", "refunded"]),
        ("voided", "", ["cancelled"]),
        ("paid", "2026-11-21 10:00:00 UTC", ["paid", "cancelled"]),
        ("refunded", "2026-11-21 10:00:00 +0000", ["paid", "refunded", "cancelled"]),
        ("pending", "2026-11-21 10:00:00 +0000", ["cancelled"]),
    ],
)
def test_shopifys_status_tells_what_happened(tmp_path: Path, status: str, cancelled: str, kinds: list[str]) -> None:
    found = orders(rows(tmp_path, as_csv(EXPORT, first(financial_status=status, cancelled_at=cancelled))))
    assert [order.type for order in found] == kinds
    if cancelled:
        assert found[-1].occurred_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid", "expired"])
def test_an_order_that_is_not_paid_is_left_out_and_said_so(tmp_path: Path, status: str) -> None:
    [row] = rows(tmp_path, as_csv(EXPORT, first(financial_status=status, paid_at="")))
    assert isinstance(row, Skipped)
    assert (row.line, status in row.why) == (2, True)


@pytest.mark.parametrize(
    ("cells", "known_as"),
    [
        ({"email": ""}, "+33612345678"),
        ({"email": "", "billing_phone": ""}, "order-5600000000001"),
        ({"email": "", "billing_phone": "", "id": ""}, "order-1001"),
        ({"email": "n/a", "billing_phone": "none"}, "order-5600000000001"),
    ],
)
def test_a_customer_without_email_is_known_by_phone_or_order(
    tmp_path: Path, cells: dict[str, str], known_as: str
) -> None:
    [order] = orders(rows(tmp_path, as_csv(EXPORT, first(**cells))))
    assert order.customer.id == known_as


def test_a_file_without_ids_goes_by_the_names(tmp_path: Path) -> None:
    assert orders(rows(tmp_path, as_csv(EXPORT, first(id=""))))[0].order_id == "1001"


def test_bad_lines_of_an_export_are_told_as_shopify_names_them(tmp_path: Path) -> None:
    text = as_csv(
        EXPORT,
        further("#1000"),
        first(),
        first(name="#1002", total="", id="2"),
        first(name="#1003", currency="", id="3"),
        first(name="#1004", paid_at="yesterday", id="4"),
        first(name="", id="5"),
        first(name="#1006", id="6"),
        further("#1006"),
    )
    found = rows(tmp_path, text)
    assert wrong(found) == [(2, ""), (4, "Total"), (5, "Currency"), (7, ""), (6, "Paid at")]
    good = [row for row in found if isinstance(row, Incoming)]
    assert [len(order.items) for order in orders(good)] == [1, 2]


# ---------------------------------------------------------------- all of it


async def test_an_import_counts_and_is_safe_to_repeat(tmp_path: Path) -> None:
    world = World()
    lines = [
        ROW,
        ROW.replace("1001", "1002"),
        ROW,
        ROW.replace("EUR", "EURO").replace("129.00", "x"),
        ROW.replace("paid", "delivered"),
    ]
    path = file(tmp_path, "\n".join([HEADINGS, *lines]))
    told: list[float] = []
    totals = await import_orders(path, "main", world.accept_many, lambda share, _: told.append(share), NOW)
    assert (totals.new, totals.repeats, totals.skipped, totals.wrong_lines) == (3, 1, 0, 1)
    assert [(one.line, one.field) for one in totals.wrong] == [(5, "total"), (5, "currency")]
    assert told == [1.0]
    again = await import_orders(path, "main", world.accept_many, now=NOW)
    assert (again.new, again.repeats, again.wrong_lines) == (0, 4, 1)
    assert len(world.taken) == 3


async def test_an_import_goes_on_in_batches_and_tells_how_far_it_is(tmp_path: Path) -> None:
    world, sizes, told = World(), list[int](), list[float]()

    async def accept(batch: Sequence[Incoming]) -> Sequence[Any]:
        sizes.append(len(batch))
        return await world.accept_many(batch)

    path = file(tmp_path, "\n".join([HEADINGS, *(ROW.replace("1001", f"{n:05}") for n in range(BATCH * 2 + 1))]))
    totals = await import_orders(path, "main", accept, lambda share, _: told.append(round(share, 2)), NOW)
    assert totals.new == BATCH * 2 + 1
    assert sizes == [BATCH, BATCH, 1]
    assert told == [0.5, 1.0, 1.0]


async def test_a_file_full_of_mistakes_is_counted_whole_and_told_in_part(tmp_path: Path) -> None:
    path = file(tmp_path, "\n".join(["{"] * (MOST_KEPT + 500)), "orders.jsonl")
    totals = await import_orders(path, "main", World().accept_many)
    assert (len(totals.wrong), totals.wrong_lines) == (MOST_KEPT, MOST_KEPT + 500)


def test_a_long_file_is_never_in_memory_whole(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    note = "x" * 5000
    with path.open("w") as out:
        out.write(f"{HEADINGS},note\n")
        out.writelines(f"{ROW.replace('1001', str(n))},{note}\n" for n in range(1000))
    lines = iter(read_orders(path, "main", NOW))
    next(lines)  # phonenumbers loads its tables
    tracemalloc.start()
    try:
        assert sum(1 for _ in lines) == 999
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 5_000_000


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_what_is_written_as_csv_is_read_as_it_was(
    tmp_path: Path, people: list[tuple[str, str, str, str]], delimiter: str
) -> None:
    head = ["order_id", "customer_id", "name", "note", "occurred_at", "total", "currency"]
    text = as_csv(head, *([*who, "2026-11-20T10:00:00Z", "1.00", "EUR"] for who in people), delimiter=delimiter)
    found = orders(rows(tmp_path, text))
    assert [(o.order_id, o.customer.id, o.customer.name, o.extra["note"]) for o in found] == people


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([b"", HEADINGS.encode() + b"\n", as_csv(EXPORT).encode(), b"{"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_told_as_wrong(tmp_path: Path, start: bytes, rest: bytes) -> None:
    try:
        found = rows(tmp_path, start + rest)
    except Refused:
        return
    assert all(isinstance(row, Wrong | Skipped | Incoming) for row in found)


def test_each_customer_of_a_file_has_their_own_lane(tmp_path: Path) -> None:
    text = "\n".join([HEADINGS, ROW, ROW.replace("c-17", "c-18").replace("1001", "1002")])
    lanes = [row.lane for row in rows(tmp_path, text) if isinstance(row, Incoming)]
    assert [(lane.shop, lane.customer.id) for lane in lanes if isinstance(lane, ByShopCustomer)] == [
        ("main", "c-17"),
        ("main", "c-18"),
    ]


def test_totals_begin_at_nothing() -> None:
    assert Totals() == Totals(0, 0, 0, [], 0)
