"""The Slack workspace as a channel: connects, hears, delivers, and says what is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import Route

from bot.domain.digest import sets_digest
from bot.domain.event import ByCase, ByThread, Incoming, Said, Tapped
from bot.domain.message import Attachment, Kind, Side
from bot.errors import FileUnavailable, Refused
from bot.ports import Delivery, Fetch, File, Outcome, Pace, Parcel, Surroundings
from handlers.slack.address import CHANNEL, Json, People, Remembered, Rooms
from handlers.slack.customer import Customers
from handlers.slack.desk import Desk
from handlers.slack.listen import BODY_LIMIT, PATH, Socket, bolt_app, hook
from handlers.slack.manager import Staffroom
from handlers.slack.receive import Here, deleted_message, desk_change, translate
from handlers.slack.send import LOST_DESK, TOKEN_TROUBLE, CallFailed, Web, Writer, judge

CALL_S: Final = 10.0
CONNECT_S: Final = 5.0
DOWNLOAD_S: Final = 60.0
MOST_BYTES: Final = 50 * 1024 * 1024
TRIES: Final = 3
LOOK_S: Final = 1.5
"""Slack wants its answer within three seconds."""
TICKET_S: Final = 20.0
"""A Socket Mode address is good for 30 seconds."""
RETRY_AUTH_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

NEEDED: Final = {
    "chat:write": "write messages",
    "im:write": "open direct messages",
    "im:history": "read what customers write",
    "users:read": "see names and time zones",
    "users:read.email": "find customers by e-mail",
    "commands": "have /afterword",
    "files:read": "read what people attach",
    "files:write": "pass attachments on",
}
NEEDED_BY_DESK: Final = {"reactions:write": "tick delivered messages"}
PUBLIC_DESK: Final = {"channels:history": "read what agents write", "channels:read": "see the desk channel"}
PRIVATE_DESK: Final = {"groups:history": "read what agents write", "groups:read": "see the desk channel"}

log = logging.getLogger(__name__)


class Workspace:
    """One workspace, one bot token. Implements `bot.ports.Channel`."""

    name = CHANNEL
    pace = Pace(per_chat=1.0, per_chat_burst=3)
    serves_customers = True
    body_limits: Final = {PATH: BODY_LIMIT}

    def __init__(self, surroundings: Surroundings) -> None:
        settings = surroundings.settings
        self._around = surroundings
        self._token = settings.slack_bot_token or ""
        self._app_token = settings.slack_app_token
        self._secret = None if settings.slack_app_token else settings.slack_signing_secret
        self._desk_id = settings.slack_desk_channel or ""
        self.serves_desk = bool(self._desk_id)
        self._parts: _Parts | None = None
        self._authorized: AuthorizeResult | None = None
        self._desk_problem = ""
        self._ticket: tuple[float, str] = (0.0, "")
        self._tasks: set[asyncio.Task[None]] = set()
        self._auth_wanted = asyncio.Event()
        self.on_desk_back: Callable[[], None] = lambda: None
        """Called when somebody let us into the desk's channel again."""

    # ---------------------------------------------------------------- life

    async def start(self) -> None:
        """Ask Slack who we are, look at the desk. Raises `Refused` for a token that Slack doesn't take."""
        if not self._app_token and not self._secret:
            raise Refused(
                "Slack has a bot token, but no way to reach Afterword.",
                "Set SLACK_APP_TOKEN (xapp-…, Socket Mode) or SLACK_SIGNING_SECRET (HTTP).",
            )
        parts = self._opened()
        try:
            await self._introduce(parts)
            await self._fetch_ticket(parts)
            self._desk_problem = await self._look_at_desk(parts)
        except CallFailed as failure:
            if failure.error in TOKEN_TROUBLE:
                await self.stop()
                raise _refused(failure) from None
            log.warning("Slack can't be asked now, trying on: %s", failure)
            self._auth_wanted.set()
        for channel, external in (*self._around.settings.agent_identities, *self._around.settings.manager_identities):
            if channel == CHANNEL:
                parts.people.want(external)  # their names stand before the words that customers read
        self._run(parts.people.look_up_wanted(), "slack-people")
        self._run(self._keep_authorized(parts), "slack-auth")

    async def stop(self) -> None:
        """Let go of every connection."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        parts, self._parts = self._parts, None
        if parts is not None:
            if parts.socket is not None:
                await parts.socket.close()
            await parts.session.close()

    async def receive(self) -> None:
        """Hold the Socket Mode connection until cancelled; over HTTP there is nothing to do."""
        if not self._app_token:
            return
        parts = self._opened()
        parts.socket = Socket(parts.app, self._app_token, parts.web)
        fetched, address = self._ticket
        if address and time.monotonic() - fetched < TICKET_S:
            parts.socket.client.wss_uri = address
        try:
            await parts.socket.listen()
        finally:
            socket, parts.socket = parts.socket, None
            await socket.close()

    def routes(self) -> Sequence[Any]:
        """The hook, unless Slack reaches us by Socket Mode."""
        routes: list[Route] = []
        if self._secret:
            routes.append(hook(lambda: self._parts.app if self._parts else None, self._secret))
        return routes

    @property
    def ready(self) -> bool:
        """Slack knows us, and the socket is open where there is one."""
        if self._parts is None or self._authorized is None:
            return False
        return self._parts.socket is None or self._parts.socket.connected

    def _opened(self) -> _Parts:
        if self._parts is None:
            self._parts = _Parts(self)
        return self._parts

    def _run(self, work: Any, name: str) -> None:  # noqa: ANN401 - any coroutine
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---------------------------------------------------------------- who we are

    async def _introduce(self, parts: _Parts) -> None:
        response = await parts.web.auth_test()
        granted = response.headers.get("X-OAuth-Scopes") or response.headers.get("x-oauth-scopes")
        if granted:
            parts.web.scopes = frozenset(scope.strip() for scope in granted.split(","))
        self._authorized = AuthorizeResult(
            enterprise_id=response.get("enterprise_id"),
            team_id=response["team_id"],
            bot_id=response.get("bot_id"),
            bot_user_id=response["user_id"],
            bot_token=self._token,
        )

    async def _keep_authorized(self, parts: _Parts) -> None:
        """Ask again, ever more slowly, after a failure or when a call found the token refused."""
        while True:
            await self._auth_wanted.wait()
            self._auth_wanted.clear()
            for pause in (0.0, *RETRY_AUTH_S):
                await asyncio.sleep(pause)
                try:
                    await self._introduce(parts)
                except CallFailed as failure:
                    if failure.error in TOKEN_TROUBLE:
                        self._authorized = None
                    log.warning("Slack does not take our token now: %s", failure)
                    await asyncio.sleep(failure.retry_after)
                else:
                    break
            else:
                self._auth_wanted.set()

    async def authorize(self, **_: Any) -> AuthorizeResult:  # noqa: ANN401 - Bolt's facts of the request
        """What Bolt's listeners act as: always ourselves, without asking Slack."""
        unasked = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=self._token)
        return self._authorized or unasked

    async def _fetch_ticket(self, parts: _Parts) -> None:
        """Prove the app token with the call that Socket Mode begins with."""
        if self._app_token:
            response = await parts.web.apps_connections_open(app_token=self._app_token)
            self._ticket = (time.monotonic(), str(response["url"]))

    def _here(self, parts: _Parts) -> Here:
        known = self._authorized
        team = (known.team_id if known else "") or ""
        bot = (known.bot_user_id if known else "") or ""
        return Here(team, bot, self._desk_id, parts.people.met, parts.people.named)

    # ---------------------------------------------------------------- hearing

    async def take(self, body: object) -> None:
        """Into the journal with what a request brings; returns when it is safe to acknowledge."""
        parts = self._opened()
        here = self._here(parts)
        for incoming in translate(body, here, self._around.clock.now()):
            placed = await self._placed(parts, incoming)
            await self._around.intake.accept(await self._in_their_time(parts, placed))
            _learn_room(parts.rooms, incoming)
        await self._notice(parts, body, here)

    async def _placed(self, parts: _Parts, incoming: Incoming) -> Incoming:
        """With the case whose card is on top of a thread that nobody kept: we may have died when we made it."""
        lane = incoming.lane
        if not isinstance(lane, ByThread) or parts.threads.get(lane.thread) is not None:
            return incoming
        if await self._around.store.thread_known(lane.desk, lane.chat, lane.thread):
            parts.threads.put(lane.thread, True)
            return incoming
        try:
            async with asyncio.timeout(LOOK_S):
                case = await parts.desk.case_in(lane.thread)
        except (CallFailed, TimeoutError) as failure:
            log.info("Slack does not tell whose thread %s is: %s", lane.thread, failure)
            return incoming
        if case is None:
            parts.threads.put(lane.thread, False)  # people among themselves
            return incoming
        return replace(incoming, lane=replace(lane, otherwise=ByCase(case)))

    async def _in_their_time(self, parts: _Parts, incoming: Incoming) -> Incoming:
        """With the time zone of whoever says when their digest shall come, though they were not looked up yet."""
        said = incoming.payload
        if not isinstance(said, Said) or said.sender.timezone or not sets_digest(said.words):
            return incoming
        try:
            async with asyncio.timeout(LOOK_S):
                known = await parts.people.found(said.sender.external)
        except (CallFailed, TimeoutError) as failure:
            log.info("Slack does not tell in which time zone %s lives: %s", said.sender.external, failure)
            return incoming
        return replace(incoming, payload=replace(said, sender=replace(said.sender, timezone=known.timezone)))

    async def _notice(self, parts: _Parts, body: object, here: Here) -> None:
        change = desk_change(body, here)
        if change == "revoked":
            self._auth_wanted.set()
        elif change:
            self._desk_problem = {"archived": LOST_DESK["is_archived"], "left": LOST_DESK["not_in_channel"]}.get(
                change, ""
            )
            if change == "back":
                self.on_desk_back()
        vanished = deleted_message(body, here)
        if vanished:
            parts.desk.vanished(vanished)
            parts.threads.forget(vanished)
            await self._around.store.thread_gone(CHANNEL, self._desk_id, vanished)

    # ---------------------------------------------------------------- delivering

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt; every answer of Slack has its outcome."""
        parts = self._opened()
        try:
            return await parts.for_side(parcel).deliver(parcel, fetch)
        except CallFailed as failure:
            log.info("Slack: %s", failure)
            delivery = judge(failure, parcel.side)
            if failure.error == "account_inactive" and parcel.side is not Side.DESK:
                return await self._whose_account(parts, delivery)
            if delivery.outcome is Outcome.DESK_LOST:
                self._desk_problem = delivery.why
            return delivery

    async def _whose_account(self, parts: _Parts, delivery: Delivery) -> Delivery:
        """Slack says “inactive” of a customer's account and of our own alike: if we are well, it is theirs."""
        try:
            await self._introduce(parts)
        except CallFailed:
            return delivery
        return Delivery(Outcome.UNREACHABLE, delivery.refs, "their Slack account is deactivated", sent=delivery.sent)

    def chat_key(self, parcel: Parcel) -> str:
        """The desk is one chat, each person is one; look-ups and ticks have limits of their own."""
        if parcel.message.kind is Kind.LOOKUP:
            return "lookup"
        if parcel.side is Side.DESK:
            chat = parcel.thread.chat if parcel.thread else self._desk_id
            return f"{chat}/marks" if parcel.message.kind is Kind.MARK else chat
        if parcel.message.kind is Kind.TAP_ANSWER:
            return f"tap/{parcel.message.tap}"
        return parcel.identity.external if parcel.identity else parcel.message.arguments.get("to", "")

    def link(self, token: str) -> str | None:  # noqa: ARG002 - Slack has no link that carries a token
        """None: on Slack customers are found by e-mail, or write first."""
        return None

    # ---------------------------------------------------------------- files

    async def fetch(self, attachment: Attachment) -> File:
        """A file's content, up to 50 MB."""
        parts = self._opened()
        try:
            response = await parts.web.files_info(file=attachment.ref)
        except CallFailed as failure:
            raise FileUnavailable(_missing(failure)) from failure
        file: Json = response["file"] or {}
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if file.get("is_external") or not parts.web.is_own(address):
            raise FileUnavailable("it lies outside of Slack")
        if int(file.get("size") or 0) > MOST_BYTES:
            raise FileUnavailable("larger than 50 MB")
        mime = str(file.get("mimetype") or attachment.mime or "application/octet-stream")
        data = await self._downloaded(parts, address, mime)
        return File(str(file.get("name") or attachment.name or attachment.ref), mime, data)

    async def _downloaded(self, parts: _Parts, address: str, mime: str) -> bytes:
        for attempt in range(TRIES):
            try:
                return await self._download(parts, address, mime)
            except (aiohttp.ClientError, OSError):
                if attempt == TRIES - 1:
                    raise FileUnavailable("Slack does not answer") from None
                await asyncio.sleep(0.5 * (attempt + 1))
        raise FileUnavailable("Slack does not answer")

    async def _download(self, parts: _Parts, address: str, mime: str) -> bytes:
        async with _reading(parts.session, address, self._token) as answer:
            if answer.status >= 500:  # noqa: PLR2004 - Slack's trouble, not the file's
                answer.raise_for_status()
            if answer.status != 200:  # noqa: PLR2004 - OK
                raise FileUnavailable("it was deleted")
            if answer.content_type == "text/html" and mime != "text/html":
                raise FileUnavailable("the Slack app lacks the right files:read")
            data = bytearray()
            async for part in answer.content.iter_chunked(65536):
                data += part
                if len(data) > MOST_BYTES:
                    raise FileUnavailable("larger than 50 MB")
            return bytes(data)

    # ---------------------------------------------------------------- what is wrong

    async def problems(self) -> list[str]:
        """Wrong tokens, missing rights, the desk. Works before `start` too; leaves nothing open then."""
        if not self._app_token and not self._secret:
            return ["Slack can't reach Afterword: set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."]
        closed = self._parts is None
        parts = self._opened()
        try:
            return await self._examined(parts)
        finally:
            if closed:
                await self.stop()

    async def _examined(self, parts: _Parts) -> list[str]:
        try:
            await self._introduce(parts)
            if parts.socket is None:
                await self._fetch_ticket(parts)
            self._desk_problem = await self._look_at_desk(parts)
        except CallFailed as failure:
            if failure.error in TOKEN_TROUBLE:
                return [str(_refused(failure)).replace("\n", " ")]
            return [f"Slack can't be asked: {failure}. Try again, or set SLACK_API_URL right."]
        found = [
            f"The Slack app may not {what}: add the scope {scope} and reinstall." for scope, what in self._lacks(parts)
        ]
        if self._desk_problem:
            found.append(f"SLACK_DESK_CHANNEL {self._desk_id}: {self._desk_problem}.")
        return found

    def _lacks(self, parts: _Parts) -> list[tuple[str, str]]:
        needed = dict(NEEDED)
        if self._desk_id:
            needed |= NEEDED_BY_DESK | (PRIVATE_DESK if parts.desk_is_private else PUBLIC_DESK)
        return [(scope, what) for scope, what in needed.items() if not parts.web.may(scope)]

    async def _look_at_desk(self, parts: _Parts) -> str:
        """What is wrong with the desk's channel; "" = nothing. Joins a public one."""
        if not self._desk_id or not parts.web.may("channels:read", "groups:read"):
            return ""
        try:
            response = await parts.web.conversations_info(channel=self._desk_id)
        except CallFailed as failure:
            if failure.error in TOKEN_TROUBLE or not failure.error:
                raise
            return LOST_DESK.get(failure.error, f"Slack says {failure.error}")
        channel: Json = response["channel"] or {}
        parts.desk_is_private = bool(channel.get("is_private"))
        if channel.get("is_archived"):
            return LOST_DESK["is_archived"]
        if not channel.get("is_member") and not await parts.desk.join():
            return LOST_DESK["not_in_channel"]
        return ""


class _Parts:
    """Everything that needs a running loop."""

    def __init__(self, workspace: Workspace) -> None:
        settings = workspace._around.settings  # noqa: SLF001 - the workspace's own other half
        patience = aiohttp.ClientTimeout(total=CALL_S, sock_connect=CONNECT_S)
        self.session = aiohttp.ClientSession(timeout=patience, cookie_jar=aiohttp.DummyCookieJar())
        self.web = Web(settings.slack_bot_token or "", settings.slack_api_url, self.session)
        self.web.on_token_trouble = workspace._auth_wanted.set  # noqa: SLF001
        self.writer = Writer(self.web)
        self.rooms = Rooms(self._open_room)
        self.people = People(self._user)
        self.customers = Customers(self.writer, self.rooms, self.people, workspace._around.clock)  # noqa: SLF001
        self.staffroom = Staffroom(self.writer, self.rooms)
        self.desk = Desk(self.writer, settings.slack_desk_channel or "")
        self.desk_is_private = False
        self.threads: Remembered[bool] = Remembered()
        """Threads of the desk that were looked at: whether they lead to somebody."""
        self.app = bolt_app(self.web, workspace._secret, workspace.authorize, workspace.take)  # noqa: SLF001
        self.socket: Socket | None = None

    def for_side(self, parcel: Parcel) -> Customers | Desk | Staffroom:
        """Who delivers this parcel."""
        if parcel.side is Side.STAFF or parcel.message.kind is Kind.TAP_ANSWER:
            return self.staffroom
        return self.desk if parcel.side is Side.DESK else self.customers

    async def _open_room(self, user: str) -> str:
        response = await self.web.api_call("conversations.open", json={"users": user})
        return str((response["channel"] or {}).get("id", ""))

    async def _user(self, user: str) -> Json:
        response = await self.web.users_info(user=user, include_locale=True)
        found = response["user"]
        return found if isinstance(found, dict) else {}


def _learn_room(rooms: Rooms, incoming: Incoming) -> None:
    payload = incoming.payload
    if isinstance(payload, Said | Tapped) and payload.ref is not None:
        rooms.learn(payload.sender.external, payload.ref.chat)


@contextlib.asynccontextmanager
async def _reading(session: aiohttp.ClientSession, address: str, token: str) -> AsyncIterator[aiohttp.ClientResponse]:
    patience = aiohttp.ClientTimeout(total=DOWNLOAD_S)
    async with session.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=patience) as answer:
        yield answer


def _missing(failure: CallFailed) -> str:
    gone = {"file_not_found": "it was deleted", "file_deleted": "it was deleted"}
    return gone.get(failure.error, "Slack does not give it out" if failure.error else "Slack does not answer")


def _refused(failure: CallFailed) -> Refused:
    if failure.method == "apps.connections.open":
        return Refused(
            f"Slack does not take SLACK_APP_TOKEN ({failure.error}).",
            "Copy the app-level token (xapp-…, scope connections:write) from the app's Basic Information page.",
        )
    return Refused(
        f"Slack does not take SLACK_BOT_TOKEN ({failure.error}).",
        "Copy the Bot User OAuth Token (xoxb-…) from the app's Install page; reinstall the app if it was revoked.",
    )
