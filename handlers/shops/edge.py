"""The shops' webhooks: check the signature, read, write into the journal, only then answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog
from standardwebhooks import Webhook
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.event import ByCustomer, Incoming, OrderReported, ShopCustomer
from bot.domain.ids import CustomerId
from bot.domain.purchase import Purchase
from bot.errors import SettingsInvalid
from bot.ports import Surroundings
from handlers.shops.generic import OrderEvent, Unreadable, read_event, to_incoming
from handlers.shops.links import Answers
from handlers.shops.reading import Ignored, Reading, Report, an_object, told, translated
from handlers.shops.shopify import read_shopify
from handlers.shops.signing import is_base64_hmac, is_standard, is_stripe, standard_webhook
from handlers.shops.stripe import read_stripe
from handlers.shops.woocommerce import read_woocommerce

LIMIT: Final = 256 * 1024
NO_STORE: Final = {"cache-control": "no-store"}
PING = re.compile(rb"webhook_id=[0-9]{1,20}")
MOST_NAMESAKES: Final = 20
"""Customers looked through for an order that doesn't name its own."""

log = structlog.get_logger()

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hook:
    """One address. `genuine` None = its secret is not set. `greets`: an unsigned body that only wants a 200."""

    path: str
    secret: str
    genuine: Callable[[Headers, bytes], bool] | None
    read: Callable[[Headers, object], Reading]
    greets: Callable[[bytes], bool] = lambda _: False
    own_format: bool = True
    """Not the generic one: what its software leaves blank counts as missing."""


class Refusal(Exception):
    """Told to the shop as it is."""

    def __init__(self, status: int, detail: object) -> None:
        super().__init__(str(detail))
        self.answer = JSONResponse({"detail": detail}, status, headers=NO_STORE)


def build(surroundings: Surroundings) -> Shops:
    """Always there; an address whose secret is not set answers 404."""
    return Shops(surroundings)


class Shops:
    """Edge "shops": four addresses. Fed over HTTP only."""

    name = "shops"
    ready = True

    def __init__(self, surroundings: Surroundings, answers: Answers | None = None) -> None:
        self.around = surroundings
        self.answers = answers or Answers(surroundings)
        self._mistake: SettingsInvalid | None = None
        self.hooks = self._all_hooks()

    async def start(self) -> None:
        """Refuses a secret that can't be one."""
        if self._mistake:
            raise self._mistake

    async def receive(self) -> None:
        """It is fed over HTTP."""

    async def stop(self) -> None:
        """Nothing is held."""

    async def problems(self) -> list[str]:
        """A secret that can't be one."""
        return [str(self._mistake)] if self._mistake else []

    def routes(self) -> Sequence[Route]:
        """`POST /hooks/…`; anything but POST is a 405."""
        return [Route(hook.path, self._endpoint(hook), methods=["POST"]) for hook in self.hooks]

    # ---------------------------------------------------------------- the addresses

    def _all_hooks(self) -> tuple[Hook, ...]:
        settings = self.around.settings
        return (
            Hook("/hooks/orders", "ORDERS_WEBHOOK_SECRET", self._standard(), _generic, own_format=False),
            Hook(
                "/hooks/shopify",
                "SHOPIFY_WEBHOOK_SECRET",
                _base64_hmac(settings.shopify_webhook_secret, "x-shopify-hmac-sha256"),
                lambda headers, data: read_shopify(
                    headers.get("x-shopify-topic", ""), headers.get("x-shopify-shop-domain", ""), data
                ),
            ),
            Hook(
                "/hooks/woocommerce",
                "WOOCOMMERCE_WEBHOOK_SECRET",
                _base64_hmac(settings.woocommerce_webhook_secret, "x-wc-webhook-signature"),
                lambda headers, data: read_woocommerce(
                    headers.get("x-wc-webhook-topic", ""), headers.get("x-wc-webhook-source", ""), data
                ),
                greets=lambda body: bool(PING.fullmatch(body.strip())),
            ),
            Hook(
                "/hooks/stripe",
                "STRIPE_WEBHOOK_SECRET",
                _stripe(settings.stripe_webhook_secret),
                lambda _, data: read_stripe(data),
            ),
        )

    def _standard(self) -> Callable[[Headers, bytes], bool] | None:
        secret = self.around.settings.orders_webhook_secret
        if not secret:
            return None
        try:
            webhook: Webhook = standard_webhook(secret)
        except SettingsInvalid as mistake:
            self._mistake = mistake
            return None
        return lambda headers, body: is_standard(webhook, headers, body)

    def _endpoint(self, hook: Hook) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await self._hear(hook, request)
            except Refusal as refusal:
                return refusal.answer

        return endpoint

    # ---------------------------------------------------------------- one request

    async def _hear(self, hook: Hook, request: Request) -> Response:
        if hook.genuine is None:
            raise Refusal(404, f"{hook.path} is not set up here: {hook.secret} is not set.")
        body = await read_body(request)
        if hook.greets(body):
            return JSONResponse({"ignored": "hello"}, headers=NO_STORE)
        if not hook.genuine(request.headers, body):
            raise Refusal(401, "The signature is missing, wrong or too old.")
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Refusal(400, f"The body is not JSON: {error}") from None
        try:
            return await self._take(hook, hook.read(request.headers, data))
        except Unreadable as found:
            detail = [{"field": problem.field, "problem": problem.problem} for problem in found.problems]
            raise Refusal(422, detail) from None

    async def _take(self, hook: Hook, reading: Reading) -> Response:
        if isinstance(reading, Ignored):
            if reading.notice:
                log.warning("the shop asks for something that a person must do", **reading.notice)
            return ignored(reading.why)
        try:
            event = read_event(told(reading.event) if hook.own_format else reading.event)
        except Unreadable as found:
            raise translated(found, reading.names) from None
        incoming = to_incoming(event, self.around.clock.now())
        if reading.anonymous:
            placed = await self._placed(reading, event, incoming)
            if isinstance(placed, Ignored):
                return ignored(placed.why)
            incoming = placed
        accepted = await self.around.intake.accept(incoming)
        body = await self.answers.body(event, accepted)
        return JSONResponse(body, 202 if accepted.fresh else 200, headers=NO_STORE)

    async def _placed(self, report: Report, event: OrderEvent, incoming: Incoming) -> Incoming | Ignored:
        """A report that doesn't say whose the order is, in the lane of whoever made the purchase."""
        owner = await self._owner(event)
        if owner is None:
            return Ignored("an order that isn't known here")
        customer, purchase = owner
        if report.refunded is not None and not _gives_all_back(report, purchase):
            return Ignored("a refund of a part")
        payload = incoming.payload
        if isinstance(payload, OrderReported):
            payload = replace(payload, customer=ShopCustomer(""))
        return replace(incoming, lane=ByCustomer(customer), payload=payload)

    async def _owner(self, event: OrderEvent) -> tuple[CustomerId, Purchase] | None:
        now, reference = self.around.clock.now(), f"{event.shop}/{event.order_id}"
        for number, _, _ in await self.around.records.search_customers(reference, MOST_NAMESAKES):
            story = await self.around.records.story(number, now)
            for purchase in story.purchases if story else ():
                if purchase.reference == reference:
                    return number, purchase
        return None


def _gives_all_back(report: Report, purchase: Purchase) -> bool:
    """Never compared across currencies; what can't be compared is not everything."""
    total, back = purchase.total, report.refunded
    return bool(total and back and back.currency == total.currency and back.amount >= total.amount)


def _generic(_: Headers, data: object) -> Reading:
    return Report(an_object(data, "body"))


def _base64_hmac(secret: str | None, header: str) -> Callable[[Headers, bytes], bool] | None:
    return (lambda headers, body: is_base64_hmac(secret, headers.get(header, ""), body)) if secret else None


def _stripe(secret: str | None) -> Callable[[Headers, bytes], bool] | None:
    """By the real clock: Stripe's timestamps are of this world, also while a demo's time runs fast."""
    if not secret:
        return None
    return lambda headers, body: is_stripe(secret, headers.get("stripe-signature", ""), body, datetime.now(UTC))


def ignored(why: str) -> Response:
    """Taken note of, nothing changed; a 200, so that the shop doesn't send it again."""
    return JSONResponse({"ignored": why}, headers=NO_STORE)


async def read_body(request: Request) -> bytes:
    """The raw body. Stops at the limit, whatever was announced."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LIMIT:
        raise Refusal(413, _too_long())
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LIMIT:
                raise Refusal(413, _too_long())
            parts.append(part)
    except ClientDisconnect:
        raise Refusal(400, "The body ended early.") from None
    return b"".join(parts)


def _too_long() -> str:
    return f"Too long: this address takes up to {LIMIT // 1024} KiB."
