from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsInvalid
from handlers.shops.signing import is_base64_hmac, is_standard, is_stripe, standard_webhook
from tests.shops.world import OTHER, SECRET, SHOPIFY, STRIPE, hmac64, signed, stripe_signature

BODY = b'{"type": "order.paid"}'
HOOK = standard_webhook(SECRET)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_standard_signature_is_good() -> None:
    assert is_standard(HOOK, signed(BODY), BODY)


def test_a_secret_without_its_prefix_is_the_same_secret() -> None:
    assert is_standard(standard_webhook(SECRET.removeprefix("whsec_")), signed(BODY), BODY)


@pytest.mark.parametrize("order", [1, -1])
def test_while_a_secret_is_rotated_one_good_signature_of_several_is_enough(order: int) -> None:
    good, other = signed(BODY), signed(BODY, OTHER)
    both = " ".join([other["webhook-signature"], good["webhook-signature"]][::order])
    assert is_standard(HOOK, {**good, "webhook-signature": both}, BODY)


@pytest.mark.parametrize("noise", ["v1a,abc", "v2,AAAA", "v1,not base64!", "v1", "nonsense", "v1,a,b", ","])
def test_a_signature_of_another_kind_hides_no_good_one(noise: str) -> None:
    good = signed(BODY)
    assert is_standard(HOOK, {**good, "webhook-signature": f"{noise} {good['webhook-signature']}"}, BODY)
    assert not is_standard(HOOK, {**good, "webhook-signature": noise}, BODY)


@pytest.mark.parametrize("ago", [301, 86400, -310])
def test_a_stale_or_early_timestamp_is_refused(ago: float) -> None:
    assert not is_standard(HOOK, signed(BODY, ago=ago), BODY)


@pytest.mark.parametrize("ago", [290, -290])
def test_a_clock_that_is_a_little_off_is_fine(ago: float) -> None:
    assert is_standard(HOOK, signed(BODY, ago=ago), BODY)


def test_what_was_signed_can_not_be_changed() -> None:
    good = signed(BODY)
    assert not is_standard(HOOK, good, BODY + b" ")
    assert not is_standard(HOOK, {**good, "webhook-id": "msg_2"}, BODY)
    assert not is_standard(HOOK, {**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) - 1)}, BODY)
    assert not is_standard(HOOK, signed(BODY, OTHER), BODY)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", ["", "\xff\xfe", "nan", "1e999", "x" * 100_000])
def test_a_missing_or_mad_header_is_refused(header: str, value: str) -> None:
    assert not is_standard(HOOK, {**signed(BODY), header: value}, BODY)
    assert not is_standard(HOOK, {name: v for name, v in signed(BODY).items() if name != header}, BODY)


def test_a_body_that_is_no_text_is_refused() -> None:
    assert not is_standard(HOOK, signed(b"\xff"), b"\xff")


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!!!!", "whsec_é"])
def test_a_secret_that_can_not_be_one_is_told_with_advice(secret: str) -> None:
    with pytest.raises(SettingsInvalid, match="ORDERS_WEBHOOK_SECRET") as caught:
        standard_webhook(secret)
    assert "whsec_" in caught.value.advice


def test_a_base64_hmac_is_over_the_raw_body() -> None:
    signature = hmac64(SHOPIFY, BODY)
    assert is_base64_hmac(SHOPIFY, signature, BODY)
    assert not is_base64_hmac(SHOPIFY, signature, b'{"type":"order.paid"}')
    assert not is_base64_hmac("another", signature, BODY)
    assert not is_base64_hmac(SHOPIFY, "", BODY)
    assert not is_base64_hmac(SHOPIFY, "é", BODY)


def test_a_known_answer_of_shopifys_scheme() -> None:
    # printf hello | openssl dgst -sha256 -hmac key -binary | base64
    assert is_base64_hmac("key", "kwezuRXvtRcf8U2MtV+8x5jGwO8UVtZt7RpqpyOli3s=", b"hello")


def test_stripes_signature_holds_for_five_minutes() -> None:
    header = stripe_signature(STRIPE, BODY, AT.timestamp())
    assert is_stripe(STRIPE, header, BODY, AT)
    assert is_stripe(STRIPE, header, BODY, AT + timedelta(seconds=300))
    assert not is_stripe(STRIPE, header, BODY, AT + timedelta(seconds=301))
    assert not is_stripe(STRIPE, header, BODY, AT - timedelta(seconds=301))


def test_stripes_signature_is_of_time_and_body() -> None:
    header = stripe_signature(STRIPE, BODY, AT.timestamp())
    moved = header.replace(f"t={int(AT.timestamp())}", f"t={int(AT.timestamp()) + 1}")
    assert not is_stripe(STRIPE, moved, BODY, AT)
    assert not is_stripe(STRIPE, header, BODY + b" ", AT)
    assert not is_stripe("whsec_other", header, BODY, AT)


def test_stripes_rotation_sends_several_signatures() -> None:
    header = stripe_signature(STRIPE, BODY, AT.timestamp())
    assert is_stripe(STRIPE, header.replace(",v1=", ",v1=00ff,v1="), BODY, AT)


def test_stripes_old_scheme_proves_nothing() -> None:
    header = stripe_signature(STRIPE, BODY, AT.timestamp()).split(",v0")[0].replace("v1=", "v0=")
    assert not is_stripe(STRIPE, header, BODY, AT)


@given(st.text())
def test_no_header_trips_the_checks(header: str) -> None:
    assert not is_stripe(STRIPE, header, BODY, AT)
    assert not is_base64_hmac(SHOPIFY, header.encode("utf-8", "replace").decode(), BODY)
    assert not is_standard(HOOK, {**signed(BODY), "webhook-signature": header}, BODY)
    assert not is_standard(HOOK, {**signed(BODY), "webhook-timestamp": header}, BODY)


@pytest.mark.parametrize(
    "header", ["t=²,v1=00", "t=,v1=00", "v1=00", "t=99999999999999999999,v1=00", ",,=,", "t=1" * 9000]
)
def test_a_mad_stripe_header_is_refused(header: str) -> None:
    assert not is_stripe(STRIPE, header, BODY, AT)
