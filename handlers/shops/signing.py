"""Whether a webhook comes from whom it says. All over the raw body, never over JSON that was written again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from standardwebhooks import Webhook, WebhookVerificationError

from bot.errors import SettingsInvalid

TOLERANCE_S: Final = 300
LONGEST_HEADER: Final = 8192


def standard_webhook(secret: str) -> Webhook:
    """The checker of ORDERS_WEBHOOK_SECRET; raises `SettingsInvalid` when that is no such secret."""
    try:
        return Webhook(secret)
    except Exception as error:  # noqa: BLE001 - among them the library's EmptyWebhookSecretError, not exported
        problem = f"ORDERS_WEBHOOK_SECRET can't be used: {error}"
    advice = 'Write it as whsec_ and base64, for example the output of: echo "whsec_$(openssl rand -base64 32)"'
    raise SettingsInvalid(problem, advice)


def is_standard(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    """Standard Webhooks: one of the signatures matches and the timestamp is within five minutes.

    https://www.standardwebhooks.com. The library trips over a signature that isn't base64; one that can't match must
    not hide one that does, so only those that have the form are handed on.
    """
    signatures = headers.get("webhook-signature", "")
    if len(signatures) > LONGEST_HEADER:
        return False
    given = {
        "webhook-id": headers.get("webhook-id", ""),
        "webhook-timestamp": headers.get("webhook-timestamp", ""),
        "webhook-signature": " ".join(part for part in signatures.split() if _has_form(part)),
    }
    try:
        webhook.verify(body, given, json_parse=False)
    except (WebhookVerificationError, ValueError, OverflowError):
        return False
    return True


def _has_form(signature: str) -> bool:
    version, _, encoded = signature.partition(",")
    try:
        return version == "v1" and len(base64.b64decode(encoded, validate=True)) == hashlib.sha256().digest_size
    except ValueError:
        return False


def is_base64_hmac(secret: str, signature: str, body: bytes) -> bool:
    """Shopify (`X-Shopify-Hmac-Sha256`) and WooCommerce (`X-WC-Webhook-Signature`)."""
    expected = base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.strip().encode())


def is_stripe(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Stripe's scheme v1: `t=1700000000,v1=<hex>,v1=<hex>`, hex HMAC-SHA256 of `<t>.<body>`, at most 300 s old.

    https://docs.stripe.com/webhooks#verify-manually. Their library loads all of Stripe for these lines.
    """
    if len(header) > LONGEST_HEADER:
        return False
    pairs = [part.strip().partition("=") for part in header.split(",")]
    sent = next((value for name, _, value in pairs if name == "t"), "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 13):  # noqa: PLR2004 - seconds, not anything longer
        return False
    if abs(now.timestamp() - int(sent)) > TOLERANCE_S:
        return False
    expected = hmac.new(secret.encode(), f"{sent}.".encode() + body, "sha256").hexdigest().encode()
    return any(hmac.compare_digest(expected, value.encode()) for name, _, value in pairs if name == "v1")
