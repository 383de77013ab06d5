"""The visitor's page. Importing this brings NiceGUI; it happens when the routes are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from bot.domain.ids import CustomerId
from handlers.pages import EDGE, LONGEST_WORDS, UPLOAD_LIMIT, WHO, LivePage, changes, dress, guarded, key_of, text_of
from handlers.webchat.edge import TOKEN, WebChat
from handlers.webchat.view import chat_view, language_of, words_in

STYLE: Final = Path(__file__).with_name("chat.css")
NOBODY: Final = -1
"""Watched by a page whose visitor is no customer yet."""


class ChatBox(Element, component="afterword_chat.js"):
    """The whole page, drawn in the browser from plain values: Vue escapes every word."""


class ChatPage(LivePage):
    """One visitor's open page."""

    every_s = 15.0

    def __init__(self, element: ChatBox, edge: WebChat, visitor: str, token: str, locale: str) -> None:
        super().__init__(element, visitor)
        self.edge = edge
        self.visitor = visitor
        self.token = token
        self.locale = locale
        self.timezone = ""
        self.sent: dict[str, Any] = {}

    async def look(self) -> dict[str, Any]:
        """The conversation as it is now; from here on this customer's wake-ups are ours."""
        customer, lines = await self.edge.lines_of(self.visitor)
        self._watch(customer)
        asides = self.edge.asides_of(self.visitor, lines)
        contact = self.edge.around.program.shop.contact
        return chat_view(sorted([*lines, *asides], key=lambda line: line.at) if asides else lines, contact)

    def typing(self) -> None:
        """The agent writes: three dots for a few seconds."""
        self.tell("typing_shown")

    async def refresh(self) -> None:
        """Send new and changed lines."""
        now = await self.look()
        changed, gone = changes(self.sent, now)
        if changed or gone:
            self.sent = now
            self.tell("lines_changed", changed, gone)

    async def ready(self, given: dict[str, Any]) -> None:
        """A real browser shows the page: now a link's token may be used up."""
        self.timezone = text_of(given, "zone", 64)
        if self.token:
            token, self.token = self.token, ""
            self._watch(await self.edge.begin(self.visitor, token, self._sender()))
            self.edge.live.look_soon(self.visitor)
        self.due.set()

    async def act(self, given: dict[str, Any]) -> None:
        """Words or a tap, with the key that the browser made for it."""
        key = key_of(given)
        if not key:
            return
        words, action = text_of(given, "words"), text_of(given, "action", 64)
        if not words and not action:
            self.tell("refused", key, "")
            return
        if not self.edge.actions.allows(self.visitor):
            self.tell("refused", key, "slow_down")
            return
        customer = await self._hand_in(key, words, action)
        self.tell("accepted", key)
        if customer is not None:
            self._watch(customer)
            self.edge.live.look_soon(self.visitor)

    async def _hand_in(self, key: str, words: str, action: str) -> CustomerId | None:
        if action:
            return await self.edge.tap(self.visitor, key, action, self._sender())
        return await self.edge.say(self.visitor, key, words, self._sender())

    def _sender(self) -> Any:  # noqa: ANN401 - a Sender
        return self.edge.sender(self.visitor, self.timezone, self.locale)

    def _watch(self, customer: CustomerId | None) -> None:
        self.edge.live.watch(self, NOBODY if customer is None else customer)


@ui.page("/chat", response_timeout=10)
async def chat(request: Request) -> None:
    """The chat of the edge that the door named, for the visitor that the door let in."""
    edge: WebChat = request.scope[EDGE]
    shop = edge.around.program.shop
    accepted = request.headers.get("accept-language", "")
    token = request.query_params.get("token", "")
    dress(STYLE, title=shop.name)
    box = ChatBox()
    locale = accepted.partition(",")[0].partition(";")[0].strip()[:20]
    page = ChatPage(box, edge, request.scope[WHO], token if TOKEN.fullmatch(token) else "", locale)
    edge.live.open(page)
    page.sent = await page.look()
    box.props["initial"] = {
        "shop": shop.name,
        "contact": shop.contact,
        "words": words_in(language_of(accepted, shop.languages)),
        "lines": page.sent,
        "file_limit": UPLOAD_LIMIT,
        "words_limit": LONGEST_WORDS,
    }
    box.on("ready", guarded(page.ready))
    box.on("act", guarded(page.act))
