"""A shop in memory behind the ports: what is accepted is applied at once, and Slack's look-up comes a moment later."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, cast

import httpx
from standardwebhooks import Webhook
from starlette.applications import Starlette

from bot.domain.customer import Customer, Identity
from bot.domain.event import Accepted, ByCustomer, ByShopCustomer, Incoming, OrderReported
from bot.domain.ids import CustomerId, EventId, PurchaseId
from bot.domain.message import Attachment
from bot.domain.money import Money
from bot.domain.purchase import Purchase
from bot.domain.story import Story
from bot.ports import File, Records, Store, Surroundings
from bot.program import Program
from bot.settings import Settings
from handlers.shops.edge import Shops
from handlers.shops.links import MOST_WAITING, SLACK_PATIENCE_S, Answers

SECRET = "whsec_" + base64.b64encode(b"the generic shop's own secret").decode()
OTHER = "whsec_" + base64.b64encode(b"somebody else's secret").decode()
SHOPIFY, WOO, STRIPE = "shopify-secret", "woo-secret", "whsec_stripe"
ALL_SET = {
    "orders_webhook_secret": SECRET,
    "shopify_webhook_secret": SHOPIFY,
    "woocommerce_webhook_secret": WOO,
    "stripe_webhook_secret": STRIPE,
}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"
Json = dict[str, Any]


class Gone(Enum):
    """Instead of a value: the field is taken away."""

    GONE = "gone"


GONE = Gone.GONE


def sample(name: str) -> Json:
    found: Json = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def paid(**changes: object) -> Json:
    """The event of the outer interface."""
    return {
        "type": "order.paid",
        "shop": "main",
        "order_id": "1001",
        "occurred_at": "2026-11-20T10:00:00Z",
        "customer": {
            "id": "c-17",
            "name": "Ana",
            "email": "ana@example.com",
            "phone": "+33612345678",
            "locale": "en",
            "timezone": "Europe/Paris",
        },
        "total": "129.00",
        "currency": "EUR",
        "items": [{"sku": "B1", "name": "Boots", "quantity": 1, "price": "129.00"}],
        **changes,
    }


class Clock:
    def now(self) -> datetime:
        return NOW

    def seconds_until(self, moment: datetime) -> float:
        return (moment - NOW).total_seconds()


class World:
    """Intake and Records in one. `on_slack`: email → how many seconds the look-up takes."""

    def __init__(self, **settings: object) -> None:
        self.settings = Settings(_env_file=None, **settings)  # type: ignore[arg-type]
        self.taken: list[Incoming] = []
        self.stories: dict[CustomerId, Story] = {}
        self.on_slack: dict[str, float] = {}
        self.patience_s = SLACK_PATIENCE_S
        self.most_waiting = MOST_WAITING
        self.slack_link = ""
        self._purchases: dict[CustomerId, dict[tuple[str, str], Purchase]] = {}
        self.reads = 0
        self._accepted: dict[str, Accepted] = {}
        self._by_shop: dict[tuple[str, str], CustomerId] = {}
        self._tokens: dict[tuple[str, str], str] = {}

    # ---- Intake

    async def accept(self, incoming: Incoming) -> Accepted:
        known = self._accepted.get(incoming.key)
        if known:
            return replace(known, fresh=False)
        customer, order = self._lane(incoming), incoming.payload
        assert isinstance(order, OrderReported)
        token = self._tokens.setdefault((order.shop, order.order_id), f"token-{len(self._tokens) + 1}")
        self._accepted[incoming.key] = Accepted(True, customer, EventId(len(self.taken) + 1), token)
        self.taken.append(incoming)
        self._apply(customer, order)
        if order.customer.email in self.on_slack:
            wait = self.on_slack[order.customer.email]
            asyncio.get_running_loop().call_later(wait, self.found_on_slack, customer)
        return self._accepted[incoming.key]

    async def accept_many(self, batch: Sequence[Incoming]) -> list[Accepted]:
        return [await self.accept(incoming) for incoming in batch]

    def _lane(self, incoming: Incoming) -> CustomerId:
        """As in storage: a known order stays with whoever made it."""
        lane, order = incoming.lane, incoming.payload
        assert isinstance(order, OrderReported)
        owners = [n for n, theirs in self._purchases.items() if (order.shop, order.order_id) in theirs]
        if owners:
            return owners[0]
        if isinstance(lane, ByCustomer):
            return lane.customer
        assert isinstance(lane, ByShopCustomer)
        return self._by_shop.setdefault((lane.shop, lane.customer.id), CustomerId(len(self._by_shop) + 17))

    def _apply(self, number: CustomerId, order: OrderReported) -> None:
        self.stories.setdefault(number, Story(Customer(number, order.customer.name, order.customer.email)))
        theirs = self._purchases.setdefault(number, {})
        new = Purchase(PurchaseId(len(self.taken)), order.shop, order.order_id)
        old = theirs.get((order.shop, order.order_id), new)
        total = Money(order.total, order.currency) if order.total is not None and order.currency else None
        theirs[order.shop, order.order_id] = replace(old, total=old.total or total)

    def found_on_slack(self, number: CustomerId) -> None:
        story = self.stories[number]
        self.stories[number] = replace(story, identities=(*story.identities, Identity("slack", f"U{number}")))

    # ---- Records

    async def story(self, customer: CustomerId, now: datetime) -> Story | None:
        self.reads += 1
        story = self.stories.get(customer)
        return replace(story, purchases=tuple(self._purchases[customer].values())) if story else None

    async def search_customers(self, words: str, limit: int) -> list[tuple[CustomerId, str, str]]:
        found = [n for n, theirs in self._purchases.items() if any(words in "/".join(key) for key in theirs)]
        return [(number, "", "") for number in found[:limit]]

    # ---- what the edge is built with

    def links(self, token: str) -> dict[str, str]:
        slack = {"slack": self.slack_link} if self.slack_link else {}
        return {"telegram": f"https://t.me/boots_bot?start={token}", **slack}

    async def fetch(self, attachment: Attachment) -> File:
        raise NotImplementedError

    def edge(self) -> Shops:
        around = Surroundings(
            settings=self.settings,
            program=Program(),
            clock=Clock(),
            intake=self,
            store=cast("Store", None),
            records=cast("Records", self),
            secret=b"",
            links=self.links,
            fetch=self.fetch,
            woken=lambda _: None,
        )
        return Shops(around, Answers(around, self.patience_s, self.most_waiting))

    @property
    def orders(self) -> list[OrderReported]:
        return [incoming.payload for incoming in self.taken if isinstance(incoming.payload, OrderReported)]

    async def post(
        self, path: str, body: bytes | AsyncIterator[bytes], headers: dict[str, str] | None = None, method: str = "POST"
    ) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=list(self.edge().routes())))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            return await client.request(method, path, content=body, headers=headers)

    async def report(self, event: object) -> httpx.Response:
        """A generic event, well signed."""
        body = raw(event)
        return await self.post("/hooks/orders", body, signed(body))

    async def shopify(self, topic: str, event: object, shop: str = "boots.myshopify.com") -> httpx.Response:
        body = raw(event)
        headers = {"X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": shop}
        return await self.post("/hooks/shopify", body, {**headers, "X-Shopify-Hmac-Sha256": hmac64(SHOPIFY, body)})

    async def woo(self, event: object, topic: str = "order.updated") -> httpx.Response:
        body = raw(event)
        headers = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Source": "https://boots.example/"}
        return await self.post("/hooks/woocommerce", body, {**headers, "X-WC-Webhook-Signature": hmac64(WOO, body)})

    async def stripe(self, event: object) -> httpx.Response:
        body = raw(event)
        return await self.post("/hooks/stripe", body, {"Stripe-Signature": stripe_signature(STRIPE, body)})


def raw(event: object) -> bytes:
    return event if isinstance(event, bytes) else json.dumps(event).encode()


def signed(body: bytes, secret: str = SECRET, ago: float = 0) -> dict[str, str]:
    at = datetime.fromtimestamp(time.time() - ago, UTC)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode("utf-8", "replace")),
    }


def hmac64(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def stripe_signature(secret: str, body: bytes, at: float | None = None) -> str:
    sent = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{sent}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent},v1={digest},v0=0123"
