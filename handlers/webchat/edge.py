"""The web chat as a channel: words are in the log already, so delivering them means waking the visitor's page."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.attachments import describe
from bot.domain.event import BySender, ByToken, Incoming, Said, Sender, Started, Tapped
from bot.domain.ids import CustomerId
from bot.domain.message import Attachment, Kind, Ref, Side
from bot.errors import FileUnavailable
from bot.ports import Delivery, Fetch, File, Line, Outcome, Pace, Parcel, Surroundings
from bot.program import valid_timezone
from handlers.pages import (
    UPLOAD_LIMIT,
    Admitted,
    Door,
    Flood,
    Live,
    SignedCookie,
    UploadRefused,
    attachment_of,
    blob_file,
    file_answer,
    keep_upload,
    key_of,
    same_origin,
    short_page,
)
from handlers.webchat.view import language_of, offered_actions, words_in

LINES: Final = 200
YEAR_S: Final = 365 * 24 * 3600
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNLOGGED: Final = frozenset({Kind.REPORT, Kind.FAREWELL})
ASIDE_IDS: Final = 1 << 50
MOST_ASIDES: Final = 5
MOST_ASIDE_VISITORS: Final = 1000
ACTIONS_A_MINUTE: Final = 30
NEW_VISITORS_A_MINUTE: Final = 30


def build(surroundings: Surroundings) -> WebChat:
    """Always there: the chat needs no account anywhere."""
    return WebChat(surroundings)


class WebChat:
    """Channel "web". A visitor is a random number in a signed cookie, and sees their own conversation only."""

    name = "web"
    serves_customers = True
    serves_desk = False
    has_pages = True
    pace = Pace()
    ready = True

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self.live = Live()
        self.cookie = SignedCookie("afterword_visitor", surroundings.secret, YEAR_S, surroundings.settings.public_url)
        self.actions = Flood(ACTIONS_A_MINUTE, 60)
        self.newcomers = Flood(NEW_VISITORS_A_MINUTE, 60)
        self._asides: OrderedDict[str, list[Line]] = OrderedDict()
        self.body_limits = {"/chat/files": UPLOAD_LIMIT}
        surroundings.woken(self.live.wake)

    # ---------------------------------------------------------------- as an edge

    async def start(self) -> None:
        """Nothing to connect to."""

    async def receive(self) -> None:
        """It is fed over HTTP."""

    async def stop(self) -> None:
        """Let the open pages go."""
        await self.live.stop()

    leave_pages = stop

    async def problems(self) -> list[str]:
        """Nothing can be missing."""
        return []

    def routes(self) -> Sequence[Any]:
        """The page behind its door, and the way for files in both directions."""
        import_module("handlers.webchat.page")  # registers the page; brings NiceGUI, so not before it is needed
        return [
            Route("/chat", Door(self, self._admit)),
            Route("/chat/files", self._take_file, methods=["POST"]),
            Route("/chat/files/{line:int}/{index:int}", self._give_file),
        ]

    # ---------------------------------------------------------------- as a channel

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """Wake the visitor's page. What they have is what the log says: corrected words and those taken back, too."""
        if parcel.side is not Side.CUSTOMER:
            return Delivery(Outcome.REJECTED, why="the web chat reaches customers only")
        if parcel.identity is None:
            return Delivery(Outcome.UNREACHABLE, why="never opened the web chat")
        if parcel.message.kind is Kind.TYPING:
            self.live.show_typing(parcel.customer)
            return Delivery(Outcome.SENT)
        why = await _missing(parcel, fetch)
        if parcel.message.kind in UNLOGGED and parcel.message.text:
            self._keep_aside(parcel.identity.external, parcel)
        self.live.wake(f"page:{parcel.customer}")
        self.live.wake_whose(parcel.identity.external)
        return Delivery(Outcome.SENT, refs=(Ref(self.name, parcel.identity.external, str(parcel.id)),), why=why)

    def _keep_aside(self, visitor: str, parcel: Parcel) -> None:
        """What the log doesn't hold (a report made at sending, the farewell after an erasure): for open pages only."""
        message = parcel.message
        line = Line(
            ASIDE_IDS + parcel.id, self.around.clock.now(), "bot", "", message.kind.value, message.text, self.name,
            buttons=message.buttons,
        )  # fmt: skip
        kept = [each for each in self._asides.pop(visitor, []) if each.id != line.id]
        self._asides[visitor] = [*kept, line][-MOST_ASIDES:]
        while len(self._asides) > MOST_ASIDE_VISITORS:
            self._asides.popitem(last=False)

    def asides_of(self, visitor: str, lines: Sequence[Line]) -> list[Line]:
        """What was said to this visitor beside the log, unless the log has it too."""
        said = {line.text for line in lines}
        return [line for line in self._asides.get(visitor, []) if line.text not in said]

    async def fetch(self, attachment: Attachment) -> File:
        """A file that a visitor brought."""
        return await blob_file(self.around.store, attachment)

    def chat_key(self, parcel: Parcel) -> str:
        """One chat a visitor."""
        return parcel.identity.external if parcel.identity else str(parcel.customer)

    def link(self, token: str) -> str | None:
        """The address that opens the chat as the customer of this token."""
        return f"{self.around.settings.base_url}/chat?token={token}"

    # ---------------------------------------------------------------- visitors

    async def _admit(self, request: Request) -> Admitted | Response:
        visitor = self.cookie.read(request)
        if visitor is None:
            if not self.newcomers.allows(request.client.host if request.client else ""):
                return self._busy(request)
            visitor = secrets.token_hex(16)
        return Admitted(visitor, self.cookie.header(visitor, request))

    def _busy(self, request: Request) -> Response:
        shop = self.around.program.shop
        words = words_in(language_of(request.headers.get("accept-language", ""), shop.languages))
        body = f"<p>{words['busy']}</p>"
        if shop.contact:
            body += f"<p>{_escaped(words['busy_contact'].format(contact=shop.contact))}</p>"
        return short_page(shop.name, body, 429, {"retry-after": "60"})

    async def customer_of(self, visitor: str) -> CustomerId | None:
        """Whose conversation this visitor sees; None until they have said something."""
        return await self.around.records.find_customer(f"{self.name}:{visitor}")

    async def lines_of(self, visitor: str) -> tuple[CustomerId | None, list[Line]]:
        """The visitor's own conversation; never what is inside."""
        customer = await self.customer_of(visitor)
        if customer is None:
            return None, []
        lines = await self.around.records.conversation(customer, LINES, inside=False)
        return customer, [line for line in lines if not line.inside]

    # ---------------------------------------------------------------- what visitors do

    async def begin(self, visitor: str, token: str, sender: Sender) -> CustomerId:
        """The link with `token` was opened in a real browser."""
        payload = Started(sender, token)
        return await self._accept(f"web:{visitor}:start:{token}", ByToken(token, sender), payload)

    async def say(self, visitor: str, key: str, words: str, sender: Sender) -> CustomerId:
        """Free words."""
        payload = Said(sender, words, Ref(self.name, visitor, key))
        return await self._accept(f"web:{visitor}:{key}", BySender(sender), payload)

    async def tap(self, visitor: str, key: str, action: str, sender: Sender) -> CustomerId | None:
        """A button; None for one that was never offered to this visitor."""
        _, lines = await self.lines_of(visitor)
        if action not in offered_actions(lines):
            return None
        payload = Tapped(sender, action, Ref(self.name, visitor, key))
        return await self._accept(f"web:{visitor}:{key}", BySender(sender), payload)

    async def _accept(self, key: str, lane: BySender | ByToken, payload: Said | Tapped | Started) -> CustomerId:
        accepted = await self.around.intake.accept(Incoming(key, lane, payload, self.around.clock.now()))
        return accepted.customer

    def sender(self, visitor: str, timezone: str, locale: str) -> Sender:
        """Who a visitor is, as far as a browser tells."""
        return Sender(self.name, visitor, locale=locale, timezone=valid_timezone(timezone) or "")

    # ---------------------------------------------------------------- files

    async def _take_file(self, request: Request) -> Response:
        visitor = self.cookie.read(request)
        key = key_of({"key": request.query_params.get("key")})
        if visitor is None or not key or not same_origin(request):
            return JSONResponse({"detail": "Open the chat first."}, 403)
        if not self.actions.allows(visitor):
            return JSONResponse({"detail": "slow_down"}, 429)
        try:
            attachment = await keep_upload(request, self.around.store, self.name)
        except UploadRefused as refused:
            return JSONResponse({"detail": str(refused)}, 422)
        sender = self.sender(visitor, request.query_params.get("zone", ""), _locale(request))
        payload = Said(sender, "", Ref(self.name, visitor, key), (attachment,))
        await self._accept(f"web:{visitor}:{key}", BySender(sender), payload)
        self.live.look_soon(visitor)
        return JSONResponse({"kept": True}, 202)

    async def _give_file(self, request: Request) -> Response:
        visitor = self.cookie.read(request)
        _, lines = await self.lines_of(visitor) if visitor else (None, [])
        attachment = attachment_of(lines, request.path_params["line"], request.path_params["index"])
        if attachment is None:
            return JSONResponse({"detail": "There is nothing here."}, 404)
        try:
            fetched = self.fetch if attachment.channel == self.name else self.around.fetch
            async with asyncio.timeout(30):
                return file_answer(await fetched(attachment))
        except (FileUnavailable, TimeoutError):
            return JSONResponse({"detail": "The file is not there any more."}, 404)


async def _missing(parcel: Parcel, fetch: Fetch) -> str:
    """Which of the files the page won't be able to show: those that are too large to be got from where they lie."""
    missing = []
    for attachment in parcel.message.attachments:
        if attachment.size > UPLOAD_LIMIT:
            try:
                await fetch(attachment)
            except FileUnavailable as error:
                missing.append(f"{describe(attachment)}: {error.why}")
    return "; ".join(missing)


def _locale(request: Request) -> str:
    return request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()[:20]


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
