"""The console as a desk: agents speak through the intake like everywhere; delivering to it means waking its pages."""

from __future__ import annotations

import asyncio
import html
import time
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.domain.event import AgentSaid, AgentTapped, ByCase, Incoming, Sender
from bot.domain.ids import CaseId, CustomerId, EventId
from bot.domain.message import Attachment, Kind, Ref, Side
from bot.domain.staff import Staff, StaffChange
from bot.errors import FileUnavailable
from bot.ports import Delivery, Fetch, File, Line, Outcome, Pace, Parcel, QueueRow, Surroundings, Thread
from handlers.console.board import Board
from handlers.console.insights_export import give_rows
from handlers.console.insights_reading import Readings
from handlers.console.onlookers import Look, Onlookers, read_look
from handlers.console.view import QueueView, line_key
from handlers.pages import (
    UPLOAD_LIMIT,
    Admitted,
    Door,
    Flood,
    Live,
    SignedCookie,
    UploadRefused,
    blob_file,
    file_answer,
    keep_upload,
    key_of,
    same_origin,
    short_page,
)

SESSION_S: Final = 12 * 3600
LOGIN_LASTS: Final = timedelta(minutes=30)
LOGINS_A_MINUTE: Final = 20
QUEUE_FRESH_S: Final = 0.25
"""All open pages share one reading of the queue that is no older than this."""
STAFF_FRESH_S: Final = 2.0
LINES: Final = 80
"""Lines of a conversation that are kept current; earlier ones are fetched when somebody asks for them."""
LINES_EVER: Final = 100_000
"""A file is found however far back its line is."""
PAGES: Final = ("/", "/customers", "/customers/{customer:int}", "/insights", "/program")
HOW_IN = (
    "<p>Afterword prints a login link when it starts. Open that link in this browser.</p>"
    "<p>Agents: send <code>/login</code> to the bot, and it sends you one.</p>"
)


def build(surroundings: Surroundings) -> Console:
    """Always there; it opens only with a login link."""
    return Console(surroundings)


class Console:
    """Desk "console", and the pages of the shop's people."""

    name = "console"
    serves_customers = False
    serves_desk = True
    has_pages = True
    pace = Pace()
    ready = True

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self.live = Live()
        self.cookie = SignedCookie(
            "afterword_console", surroundings.secret, SESSION_S, surroundings.settings.public_url
        )
        self.logins = Flood(LOGINS_A_MINUTE, 60)
        self.body_limits = {"/console/files": UPLOAD_LIMIT}
        self._queue: tuple[float, list[QueueRow]] = (float("-inf"), [])
        self._staff: tuple[float, dict[str, Staff]] = (float("-inf"), {})
        self._reading = asyncio.Lock()
        self._drawing = QueueView(surroundings.program)
        self.board = Board(self._queue_rows)
        self.onlookers = Onlookers()
        self.readings = Readings(surroundings)
        self._tasks: set[asyncio.Task[None]] = set()
        surroundings.woken(self._woken)

    def _woken(self, topic: str) -> None:
        if topic.partition(":")[0] == "page":
            self._happened(topic)
        elif topic == "staff":
            self._staff = (float("-inf"), self._staff[1])
            for page in self.live:
                page.staff_changed()
        elif (look := read_look(topic)) is not None:
            self.onlookers.hear(look)
            for page in self.live:
                page.looked_at(look.case)

    def _happened(self, topic: str) -> None:
        self._queue = (float("-inf"), self._queue[1])
        self.board.wake()
        self.live.wake(topic)

    # ---------------------------------------------------------------- as an edge

    async def start(self) -> None:
        """Nothing to connect to."""

    async def receive(self) -> None:
        """It is fed over HTTP."""

    async def stop(self) -> None:
        """Let the open pages go."""
        await self.board.stop()
        await self.live.stop()

    leave_pages = stop

    async def problems(self) -> list[str]:
        """Nothing can be missing."""
        return []

    def routes(self) -> Sequence[Any]:
        """The pages behind their doors, the way in and out, and files in both directions."""
        import_module("handlers.console.pages")  # registers the pages; brings NiceGUI, so not before it is needed
        return [
            *(Route(path, Door(self, self._admit)) for path in PAGES),
            Route("/login", self._show_login, methods=["GET"]),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
            Route("/console/files", self._take_file, methods=["POST"]),
            Route("/console/files/{customer:int}/{line}/{index:int}", self._give_file),
            Route("/console/figures/{name}", self._give_rows),
        ]

    # ---------------------------------------------------------------- as a desk

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:  # noqa: ARG002 - pages fetch when they show
        """What a case's thread shows is in the records already: the pages look again, and show notices for a moment."""
        self._happened(f"page:{parcel.customer}")
        if parcel.side is not Side.DESK:
            return Delivery(Outcome.SENT)
        if parcel.message.kind in {Kind.NOTICE, Kind.MARK} and parcel.message.text:
            for page in self.live:
                page.notice(parcel.customer, parcel.message.text)
        chat = f"case:{parcel.case}"
        thread = None if parcel.thread else Thread(self.name, self.name, chat)
        return Delivery(Outcome.SENT, (Ref(self.name, chat, str(parcel.id)),), thread=thread)

    async def fetch(self, attachment: Attachment) -> File:
        """A file that an agent brought."""
        return await blob_file(self.around.store, attachment)

    def chat_key(self, parcel: Parcel) -> str:
        """One thread a customer."""
        return str(parcel.customer)

    def link(self, token: str) -> str | None:  # noqa: ARG002 - no customer ever comes here
        """Customers have no address here."""
        return None

    # ---------------------------------------------------------------- who comes in

    async def login_link(self, staff: str, lasts: timedelta = LOGIN_LASTS) -> str:
        """A link that lets `channel:external` in, once, within `lasts`."""
        token = await self.around.records.issue_login(staff, self.around.clock.now() + lasts)
        return f"{self.around.settings.base_url}/login?token={token}"

    async def staff_of(self, session: str, *, fresh: bool = True) -> Staff | None:
        """The person behind a session cookie, while the cookie is young and the person has a role."""
        who = self.cookie.unsign(session)
        if who is None:
            return None
        if fresh:
            self._staff = (float("-inf"), self._staff[1])
        await self.team()
        staff = self._staff[1].get(who)
        return staff if staff is not None and staff.may_take_cases else None

    async def _admit(self, request: Request) -> Admitted | Response:
        session = request.cookies.get(self.cookie.name, "")
        staff = await self.staff_of(session)
        if staff is None:
            return short_page("The console opens with a link", HOW_IN, 401)
        if request.url.path == "/insights" and not staff.is_manager:
            body = '<p>The figures are for managers.</p><p><a href="/">Back to the inbox</a></p>'
            return short_page("Not for agents", body, 403)
        return Admitted((session, staff))

    async def _show_login(self, request: Request) -> Response:
        """One button: looking at the link (a preview, a prefetch) doesn't spend it."""
        token = html.escape(request.query_params.get("token", "")[:200], quote=True)
        shop = html.escape(self.around.program.shop.name)
        body = (
            f"<p>This link works once, for you, in this browser.</p>"
            f'<form method="post" action="/login"><input type="hidden" name="token" value="{token}">'
            f'<button class="a-btn main" type="submit" autofocus>Open the console</button></form>'
        )
        return short_page(f"Welcome to {html.unescape(shop)}", body)

    async def _log_in(self, request: Request) -> Response:
        if not same_origin(request):
            return short_page("Not from here", HOW_IN, 403)
        if not self.logins.allows(request.client.host if request.client else ""):
            return short_page("One moment", "<p>Too many tries. Wait a minute, then try again.</p>", 429)
        body = (await request.body()).decode("utf-8", "replace")
        token = parse_qs(body).get("token", [""])[0]
        who = await self.around.records.redeem_login(token, self.around.clock.now()) if token else None
        if who is None:
            words = "<p>It works once and not for long. Get a fresh one:</p>"
            return short_page("That link is spent or too old", words + HOW_IN, 403)
        headers = {"set-cookie": self.cookie.header(who, request), "cache-control": "no-store"}
        return RedirectResponse("/", 303, headers)

    async def _log_out(self, request: Request) -> Response:
        if not same_origin(request):
            return short_page("Not from here", HOW_IN, 403)
        return RedirectResponse("/", 303, {"set-cookie": self.cookie.header("", request)})

    # ---------------------------------------------------------------- what pages read

    async def rows(self) -> list[QueueRow]:
        """The queue, read once for all open pages."""
        async with self._reading:
            read_at, rows = self._queue
            if time.monotonic() - read_at > QUEUE_FRESH_S:
                rows = await self.around.records.queue(self.around.clock.now())
                self._queue = (time.monotonic(), rows)
            return rows

    async def _queue_rows(self) -> dict[str, Any]:
        return self._drawing.of(await self.rows())

    async def team(self) -> list[Staff]:
        """Everybody of the shop, not older than a moment."""
        if time.monotonic() - self._staff[0] > STAFF_FRESH_S:
            everybody = await self.around.records.staff()
            self._staff = (time.monotonic(), {f"{each.channel}:{each.external}": each for each in everybody})
        return list(self._staff[1].values())

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something soon; nobody waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def look(self, look: Look) -> None:
        """Somebody looks at a case, or writes there: colleagues see it, in whichever process they are."""
        await self.around.store.announce(look.topic)

    # ---------------------------------------------------------------- what agents do

    async def presence(self, staff: Staff, *, back: bool, until: datetime | None = None) -> None:
        """Away (until then), or back."""
        now = self.around.clock.now()
        gone = None if back else now
        change = StaffChange(staff.id, seen_at=now, away_since=gone, away_until=until, back=back)
        await self.around.records.keep_presence(change)
        self._staff = (float("-inf"), self._staff[1])

    async def tap(self, staff: Staff, key: str, action: str, case: int, value: str = "") -> None:
        """Claim, resolve, handback; or mood and topic, of which `value` says what."""
        payload = AgentTapped(sender_of(staff), self.name, action, CaseId(case), value=value)
        await self._accept(f"console:{staff.channel}:{staff.external}:{key}:{action}", case, payload)

    async def tap_about(self, staff: Staff, key: str, action: str, case: int, about: int) -> None:
        """“Send the correction”, “Take back”, or a fact that is not to be remembered any more."""
        payload = AgentTapped(sender_of(staff), self.name, action, CaseId(case), about=EventId(about))
        await self._accept(f"console:{staff.channel}:{staff.external}:{key}:{action}", case, payload)

    async def change(self, staff: Staff, key: str, words: str, case: int, ref: Ref) -> None:
        """Words that were said are changed; inside, until the correction is sent."""
        payload = AgentSaid(sender_of(staff), self.name, words, ref, edited=True, case=CaseId(case))
        await self._accept(f"console:{staff.channel}:{staff.external}:{key}:changed", case, payload)

    async def say(self, staff: Staff, key: str, words: str, case: int, files: tuple[Attachment, ...] = ()) -> None:
        """Words as an agent types them in a thread; `/note …` stays inside."""
        ref = Ref(self.name, f"case:{case}", key)
        payload = AgentSaid(sender_of(staff), self.name, words, ref, files, case=CaseId(case))
        await self._accept(f"console:{staff.channel}:{staff.external}:{key}:said", case, payload)

    async def _accept(self, key: str, case: int, payload: AgentTapped | AgentSaid) -> None:
        await self.around.intake.accept(Incoming(key, ByCase(CaseId(case)), payload, self.around.clock.now()))

    # ---------------------------------------------------------------- files

    async def _take_file(self, request: Request) -> Response:
        staff = await self.staff_of(request.cookies.get(self.cookie.name, ""))
        key = key_of({"key": request.query_params.get("key")})
        case = request.query_params.get("case", "")
        if staff is None or not same_origin(request):
            return JSONResponse({"detail": "Log in first."}, 403)
        if not key or not case.isdigit():
            return JSONResponse({"detail": "Which case?"}, 422)
        try:
            attachment = await keep_upload(request, self.around.store, self.name)
        except UploadRefused as refused:
            return JSONResponse({"detail": str(refused)}, 422)
        await self.say(staff, key, "", int(case), (attachment,))
        self.live.look_soon(request.cookies[self.cookie.name])
        return JSONResponse({"kept": True}, 202)

    async def _give_rows(self, request: Request) -> Response:
        staff = await self.staff_of(request.cookies.get(self.cookie.name, ""))
        if staff is None or not staff.is_manager:
            return JSONResponse({"detail": "Figures are for managers." if staff else "Log in first."}, 403)
        return await give_rows(self.around, request)

    async def _line(self, customer: CustomerId, key: str) -> Line | None:
        """Mostly one of the latest."""
        for limit in (LINES, LINES_EVER):
            found = _with_key(await self.around.records.conversation(customer, limit, inside=True), key)
            if found is not None:
                return found
        return None

    async def _give_file(self, request: Request) -> Response:
        if await self.staff_of(request.cookies.get(self.cookie.name, "")) is None:
            return JSONResponse({"detail": "Log in first."}, 403)
        asked = request.path_params
        line = await self._line(CustomerId(asked["customer"]), asked["line"])
        if line is None or asked["index"] >= len(line.attachments):
            return JSONResponse({"detail": "There is nothing here."}, 404)
        attachment = line.attachments[asked["index"]]
        try:
            fetched = self.fetch if attachment.channel == self.name else self.around.fetch
            async with asyncio.timeout(30):
                return file_answer(await fetched(attachment))
        except (FileUnavailable, TimeoutError):
            return JSONResponse({"detail": "The file is not there any more."}, 404)


def _with_key(lines: Sequence[Line], key: str) -> Line | None:
    return next((line for line in lines if line_key(line) == key), None)


def sender_of(staff: Staff) -> Sender:
    """A person of the shop as the intake knows them: by the identity that has the role."""
    return Sender(staff.channel, staff.external, staff.name)
