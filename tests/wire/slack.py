"""A pretend Slack workspace at the wire: slack_bolt and slack_sdk run unmodified on it.

Only the base URL differs::

    async with FakeSlack() as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        ana = slack.user("U0ANA", name="ana", email="ana@example.com")
        desk = slack.channel("C0DESK", name="desk", members=[ana])
        ...                               # start the app
        await slack.connected()           # or: await slack.deliver_to(url)
        await ana.dm("hello")
        await ana.wait_for("Thank you")
        slack.assert_clean()

Every call is checked against what Slack allows. What no correct app ever sends is kept
in `slack.violations`; what the state of the world refuses (a channel that is archived)
is kept in `slack.refusals` only.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from . import slack_text
from .slack_api import ALL_SCOPES, DEFAULT_SCOPES, HANDLERS, SCOPES, WebApi, respond
from .slack_delivery import Courier, Delivery, HttpEvents, Kind, SocketMode
from .slack_faults import Faults, Limits, Rule
from .slack_people import Channel, NotSeen, OtherBot, Person, Reply, Wanted
from .slack_spec import METHODS
from .slack_world import Conversation, Message, Refused, Upload, User, World

__all__ = [
    "ALL_SCOPES",
    "DEFAULT_SCOPES",
    "Call",
    "Channel",
    "FakeSlack",
    "Limits",
    "Message",
    "NotSeen",
    "OtherBot",
    "Person",
    "Reply",
    "Upload",
    "Violation",
]

Json = dict[str, Any]

#: Stands in the arguments of a call whose body could not be read.
LOOK_AGAIN = 0.25
"""Seconds after which a waiting test looks again by itself."""
UNREADABLE = "_x_unreadable"
#: Refusals that no correct app ever causes, whatever the state of the workspace.
WRONG = frozenset(
    {
        "bad_timestamp",
        "fake_lacks_group_dm",
        "fake_lacks_method",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_cursor",
        "invalid_form_data",
        "invalid_json",
        "invalid_metadata_format",
        "invalid_name",
        "invalid_thread_ts",
        "invalid_trigger_id",
        "json_not_object",
        "missing_scope",
        "msg_too_long",
        "no_item_specified",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "push_limit_reached",
        "too_many_attachments",
        "unknown_method",
        "users_list_not_supplied",
    }
)
#: Event → the scopes of which the bot needs one, as the Events API documents.
EVENT_SCOPES = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
#: Events that reach the bot also where it is no member.
EVERYWHERE = frozenset({"member_joined_channel", "user_change"})


@dataclass(slots=True)
class Call:
    """One call of the Web API, as it came and as it went."""

    method: str
    params: Json
    at: float
    token: str = ""
    answer: Json = field(default_factory=dict)
    fault: str = ""

    @property
    def error(self) -> str:
        """The error Slack answered with, empty if it was fine."""
        return str(self.answer.get("error", ""))


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that Slack forbids or that can't be meant."""

    method: str
    error: str
    detail: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.method}: {self.error}: {self.detail}"


@dataclass(kw_only=True, eq=False, repr=False)
class FakeSlack:
    """The workspace, its Web API, Socket Mode and the Events API, on 127.0.0.1.

    `manifest` (the parsed app manifest) sets scopes, events, commands and the Messages
    tab as the real one would. `limits` keeps Slack's rate limits. `echo` tells the app of
    its own messages too, as Slack does. `patience` is how long people wait for the app to
    take their words before they go on. `validate=False, record=False` is for benchmarks.
    """

    bot_token: str = "xoxb-fake-bot"
    app_token: str = "xapp-fake-app"
    signing_secret: str = "fake-signing-secret"
    scopes: Iterable[str] = DEFAULT_SCOPES
    events: Iterable[str] = frozenset(EVENT_SCOPES)
    manifest: Json | None = None
    limits: bool | Limits = False
    validate: bool = True
    record: bool = True
    echo: bool = True
    ack_timeout: float = 3.0
    retry_delays: Sequence[float] = (0.05, 1.0, 5.0)
    patience: float = 0.5
    http_connections: int = 100
    port: int = 0
    seed: int = 1

    commands: frozenset[str] | None = field(init=False, default=None)
    faults: Faults = field(init=False, default_factory=Faults)
    calls: list[Call] = field(init=False, default_factory=list)
    violations: list[Violation] = field(init=False, default_factory=list)
    counts: Counter[str] = field(init=False, default_factory=Counter)
    refusals: list[Call] = field(init=False, default_factory=list)
    inactive: bool = field(init=False, default=False)
    _told: list[Delivery] | None = field(init=False, default=None)
    _replies: dict[str, Reply] = field(init=False, default_factory=dict)
    _names: tuple[int, dict[str, str], dict[str, str]] = field(init=False, default=(-1, {}, {}))
    _numbers: Iterator[int] = field(init=False, default_factory=lambda: itertools.count(1))
    _http: HttpEvents | None = field(init=False, default=None)
    _runner: web.ServerRunner | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Furnish the workspace; the server starts with `async with`."""
        self.world = World(
            team="T0SHOP",
            app_id="A0AFTERWORD",
            bot=User("U0BOT", "afterword", "Afterword", is_bot=True),
            bot_id="B0AFTERWORD",
        )
        self.world.tell = self._tell
        self.sockets = SocketMode(self.world.app_id, self.ack_timeout, self.seed)
        self.courier = Courier(self.retry_delays, record=self.record)
        self.courier.transport = self.sockets
        self.events = frozenset(self.events)
        self.api = WebApi(self.world, frozenset(self.scopes), self.validate, self._socket_url)
        self._limits = self.limits if isinstance(self.limits, Limits) else Limits() if self.limits else None
        if self.manifest is not None:
            self._install(self.manifest)

    def _install(self, manifest: Json) -> None:
        granted = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        self.api.scopes = frozenset(granted)
        settings = manifest.get("settings", {}).get("event_subscriptions", {})
        self.events = frozenset(settings.get("bot_events", []))
        features = manifest.get("features", {})
        self.commands = frozenset(item["command"] for item in features.get("slash_commands", []))
        home = features.get("app_home", {})
        self.api.messages_tab = bool(home.get("messages_tab_enabled")) and not home.get(
            "messages_tab_read_only_enabled", True
        )

    # -- life -----------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Start the server on a free port."""
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop whatever is on its way, then the server."""
        await self.courier.close()
        await self.sockets.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The server's address without a slash at the end."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """The base of the Web API: give it to AsyncWebClient(base_url=…)."""
        return f"{self.world.base_url}/api/"

    def _socket_url(self) -> str:
        base = self.world.base_url.replace("http", "ws", 1)
        return f"{base}/link/?ticket={self.sockets.ticket()}&app_id={self.world.app_id}"

    # -- who and what is there --------------------------------------------------------

    def user(
        self,
        user_id: str,
        name: str = "",
        *,
        email: str | None = None,
        tz: str = "Europe/Amsterdam",
        real_name: str = "",
        is_bot: bool = False,
        deleted: bool = False,
        locale: str = "en-US",
    ) -> Person:
        """Give a person; made at the first mention, found by id later."""
        known = self.world.users.get(user_id)
        if known is None:
            handle = name or user_id.lower()
            known = User(user_id, handle, real_name or handle.title(), email, tz)
            known.is_bot, known.deleted, known.locale = is_bot, deleted, locale
            known.tz_offset = _offset(tz)
            self.world.users[user_id] = known
        return Person(self, known)

    def channel(
        self,
        channel_id: str,
        name: str = "",
        members: Iterable[Person | str] = (),
        *,
        private: bool = False,
        bot: bool = True,
    ) -> Channel:
        """Give a channel; made at the first mention, found by id later."""
        known = self.world.conversations.get(channel_id)
        if known is None:
            ids = [person if isinstance(person, str) else person.id for person in members]
            if bot:
                ids.append(self.world.bot.id)
            kind = "group" if private else "channel"
            known = Conversation(channel_id, name or channel_id.lower(), kind, ids)
            self.world.conversations[channel_id] = known
        return Channel(self, known)

    def bot(self, bot_id: str = "B0ZAP", name: str = "Zapier") -> OtherBot:
        """Give some other app's bot."""
        return OtherBot(self, bot_id, name)

    def place(self, channel: Channel | Conversation | str) -> Conversation:
        """Give the stored conversation of whatever names it."""
        if isinstance(channel, Channel):
            return channel.where
        if isinstance(channel, Conversation):
            return channel
        return self.world.conversations[channel]

    def typed(self, text: str, *, plain_names: bool = False) -> str:
        """Give what the wire carries when a person types `text`."""
        sizes = len(self.world.users) + len(self.world.conversations)
        if self._names[0] != sizes:
            users = {user.name: user.id for user in self.world.users.values()}
            rooms = {c.name: c.id for c in self.world.conversations.values() if c.kind != "im"}
            self._names = (sizes, users, rooms)
        if plain_names:
            return slack_text.typed(text, {}, {})
        return slack_text.typed(text, self._names[1], self._names[2])

    # -- telling the app ----------------------------------------------------------------

    def _tell(self, event: Json, where: Conversation | None) -> Delivery | None:
        kind = event["type"]
        name = kind
        if kind == "message" and where is not None:
            name = {"im": "message.im", "channel": "message.channels"}.get(where.kind, "message.groups")
        if (not self.echo and self._own(event)) or not self._hears(name, where):
            return None
        delivery = self._send_event(event)
        if kind == "message" and self._mentions(event, where):
            self._send_event(_mention(event))
        return delivery

    def _own(self, event: Json) -> bool:
        inner = event.get("message") or event.get("previous_message") or event
        return inner.get("bot_id") == self.world.bot_id or event.get("user") == self.world.bot.id

    def _hears(self, name: str, where: Conversation | None) -> bool:
        if name not in self.events:
            return False
        scopes = EVENT_SCOPES.get(name, ())
        if scopes and not self.api.scopes.intersection(scopes):
            return False
        if where is None or where.kind == "im" or name in EVERYWHERE:
            return True
        return self.world.bot.id in where.members

    def _mentions(self, event: Json, where: Conversation | None) -> bool:
        text = str(event.get("text", ""))
        there = where is not None and where.kind != "im" and not event.get("subtype")
        return there and f"<@{self.world.bot.id}>" in text and self._hears("app_mention", where)

    def _send_event(self, event: Json) -> Delivery:
        world = self.world
        number = next(self._numbers)
        authorization = {
            "enterprise_id": None,
            "team_id": world.team,
            "user_id": world.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        payload: Json = {
            "token": "fake-verification-token",
            "team_id": world.team,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev0{number:08d}",
            "event_time": int(time.time()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-fake-{number}",
        }
        return self.send("events_api", payload)

    def send(self, kind: Kind, payload: Json) -> Delivery:
        """Start to deliver a whole payload, whatever it is."""
        delivery = self.courier.send(kind, payload)
        if self._told is not None:
            self._told.append(delivery)
        return delivery

    async def emit(self, event: Json) -> Delivery | None:
        """Tell the app of any event, if it has subscribed to it."""
        where = self.world.conversations.get(str(event.get("channel")))
        event.setdefault("event_ts", self.world.new_ts())
        delivery = self._tell(event, where)
        if delivery is not None:
            await self.patient([delivery])
        return delivery

    @contextlib.contextmanager
    def telling(self) -> Iterator[list[Delivery]]:
        """Collect what is sent to the app meanwhile."""
        before, self._told = self._told, []
        try:
            yield self._told
        finally:
            self._told = before

    async def patient(self, told: list[Delivery]) -> None:
        """Wait until the app has taken these, but no longer than people do."""
        if told and self.patience:
            waiting = [delivery.taken for delivery in told]
            await asyncio.wait(waiting, timeout=self.patience)

    async def unfurl(self, message: Message) -> None:
        """Add a link preview to a message: message_changed with no word changed."""
        with self.telling() as told:
            self.world.unfurl(message)
        await self.patient(told)

    # -- transports ---------------------------------------------------------------------

    async def deliver_to(self, url: str, *, verify: bool = False) -> None:
        """From now on post everything to `url` instead of Socket Mode."""
        if self._http is not None:
            await self._http.close()
        self._http = HttpEvents(url, self.signing_secret, self.ack_timeout, self.http_connections)
        self.courier.transport = self._http
        if verify:
            await self._http.verify()

    async def connected(self, count: int = 1, timeout: float = 10) -> None:
        """Wait until the app has `count` Socket Mode connections."""
        await self.sockets.connected(count, timeout)

    async def refresh_sockets(self, reason: str = "refresh_requested", after: float = 0.3) -> None:
        """Ask all connections to come again, then close them, as Slack does daily."""
        await self.sockets.disconnect(reason, after)

    async def drop_sockets(self) -> None:
        """Cut all connections without a word."""
        await self.sockets.close()

    def duplicate(self, copies: int) -> None:
        """Deliver everything `copies` times from now on (1 is normal)."""
        self.courier.copies = copies

    def withhold_ack(self, times: int = 1) -> None:
        """Lose the next `times` acks on their way to Slack: the app is told again."""
        self.courier.withheld += times

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything sent to the app, with its attempts."""
        return self.courier.sent

    @property
    def lost(self) -> list[Delivery]:
        """What the app never took, after all retries."""
        return self.courier.lost

    async def settled(self, timeout: float = 10) -> None:
        """Wait until nothing is on its way to the app any more."""
        await self.courier.settled(timeout)

    # -- looking ------------------------------------------------------------------------

    def mark(self) -> int:
        """Give a mark for `wait_for(…, after=mark)`."""
        return self.world.seq

    async def wait(
        self,
        look: Callable[[], list[Message]],
        wanted: Wanted,
        timeout: float,
        after: Message | int = 0,
    ) -> Message:
        """Wait until `look` shows a matching message; give the newest."""
        mark = after.seq if isinstance(after, Message) else after
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            seen = look()
            for message in reversed(seen):
                if message.seq > mark and message.matches(wanted):
                    return message
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self.world.changed(), max(min(left, LOOK_AGAIN), 0))
            except TimeoutError:
                if left > 0:  # a change may come between looking and listening
                    continue
                raise NotSeen(_in_vain(wanted, timeout, seen)) from None

    def calls_of(self, method: str) -> list[Call]:
        """Give the calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def warnings(self) -> list[str]:
        """What Slack advises against but allows."""
        return self.api.warnings

    @property
    def statuses(self) -> list[Json]:
        """The assistant.threads.setStatus calls: signs of life."""
        return self.api.statuses

    def assert_clean(self, *, warnings: bool = False) -> None:
        """Fail if any call broke Slack's rules."""
        found = [str(violation) for violation in self.violations]
        if warnings:
            found += self.api.warnings
        if found:
            raise AssertionError("Slack's rules were broken:\n" + "\n".join(found))

    def violate(self, method: str, error: str, detail: str) -> None:
        """Note a breach of the rules."""
        self.violations.append(Violation(method, error, detail))

    def checked(self, method: str, params: Json, do: Callable[[], Json]) -> Json | None:
        """Do something that may be refused outside of the Web API; None if it was."""
        try:
            return do()
        except Refused as refused:
            self._note_refusal(Call(method, params, time.time()), refused)
            return None

    def follow(self, response_url: str, reply: Reply) -> None:
        """Let `reply` collect what is sent to its response_url."""
        if response_url:
            self._replies[response_url.rpartition("/")[2]] = reply

    # -- the server ---------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/api/"):
            return await self._web_api(request, path[5:])
        if path.startswith("/link"):
            return await self._link(request)
        if path.startswith("/response/"):
            return await self._guarded(request, "response_url", self._response_url)
        if path.startswith("/upload/v1/"):
            return await self._guarded(request, "upload", self._upload)
        if path.startswith("/files-pri/"):
            return await self._guarded(request, "download", self._download)
        return web.Response(status=404, text="no such page")

    async def _link(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._fault("socket") is not None:
            return web.Response(status=500)
        return await self.sockets.serve(request)

    def _fault(self, method: str) -> Rule | None:
        return self.faults.pick(method) if self.faults.rules else None

    async def _guarded(
        self,
        request: web.BaseRequest,
        name: str,
        handler: Callable[[web.BaseRequest, bytes], web.Response],
    ) -> web.StreamResponse:
        rule = self._fault(name)
        body = await request.read()
        return await self._faulty(request, rule, lambda: handler(request, body))

    async def _faulty(
        self, request: web.BaseRequest, rule: Rule | None, do: Callable[[], web.Response]
    ) -> web.StreamResponse:
        if rule is None:
            return do()
        if rule.kind == "slow":
            await asyncio.sleep(rule.delay)
            return do()
        if rule.kind == "drop_after":
            do()
        if rule.kind in ("drop_after", "drop_before"):
            return _cut_off(request)
        if rule.kind == "ratelimited":
            return _limited(rule.retry_after)
        if rule.kind == "error":
            return web.json_response({"ok": False, "error": rule.error})
        page = "<html>upstream error</html>"
        return web.Response(status=int(rule.kind[5:]), text=page, content_type="text/html")

    async def _web_api(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        params, as_json = await _params(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = str(params.pop("token", "")) or token
        call = Call(method, params, time.time(), token)
        self.counts[method] += 1
        if self.record:
            self.calls.append(call)
        rule = self._fault(method)
        call.fault = rule.kind if rule else ""
        return await self._faulty(request, rule, lambda: self._respond(call, as_json=as_json))

    def _respond(self, call: Call, *, as_json: bool) -> web.Response:
        try:
            seconds = self._rate(call)
            if seconds:
                call.answer = {"ok": False, "error": "ratelimited"}
                return _limited(seconds)
            call.answer = {"ok": True, **self._answer(call, as_json=as_json)}
        except Refused as refused:
            call.answer = {"ok": False, "error": refused.error, **refused.more}
            self._note_refusal(call, refused)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.api.scopes))}
        body = orjson.dumps(call.answer)
        return web.Response(body=body, content_type="application/json", headers=headers)

    def _note_refusal(self, call: Call, refused: Refused) -> None:
        self.refusals.append(call)
        if refused.error in WRONG and not self.inactive:
            more = refused.more
            detail = more.get("response_metadata") or more.get("needed") or _brief(call.params)
            self.violate(call.method, refused.error, str(detail))

    def _rate(self, call: Call) -> int:
        if self._limits is None or call.method not in METHODS:
            return 0
        seconds, ignored = self._limits.wait(call.method, str(call.params.get("channel", "")))
        if ignored:
            self.violate(call.method, "ratelimited", "called again before Retry-After had passed")
        return seconds

    def _answer(self, call: Call, *, as_json: bool) -> Json:
        handler, known = HANDLERS.get(call.method), METHODS.get(call.method)
        if known is None:
            raise Refused("unknown_method", req_method=call.method)
        self._authorize(call)
        if handler is None:
            raise Refused("fake_lacks_method")
        if UNREADABLE in call.params:
            raise Refused(call.params[UNREADABLE])
        if self.validate:
            problems = known.problems(call.params, as_json=as_json)
            if problems:
                raise Refused("invalid_arguments", response_metadata={"messages": problems})
            for name in known.unknown(call.params):
                self.violate(call.method, "unknown_parameter", name)
        return handler(self.api, call.params)

    def _authorize(self, call: Call) -> None:
        needed = SCOPES.get(call.method, ())
        if not call.token:
            raise Refused("not_authed")
        if self.inactive:
            raise Refused("account_inactive")
        if call.token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        app_level = "connections:write" in needed
        if app_level is not (call.token == self.app_token):
            raise Refused("not_allowed_token_type")
        if needed and not app_level:
            self.api.need(*needed)

    def _response_url(self, request: web.BaseRequest, body: bytes) -> web.Response:
        name = request.path.rpartition("/")[2]
        given = orjson.loads(body)
        call = Call("response_url", given, time.time())
        if self.record:
            self.calls.append(call)
        try:
            message = respond(self.api, name, given)
        except Refused as refused:
            call.answer = {"ok": False, "error": refused.error, **refused.more}
            self._note_refusal(call, refused)
            return web.json_response(call.answer, status=404 if "url" in refused.error else 400)
        call.answer = {"ok": True}
        reply = self._replies.get(name)
        if reply is not None and message is not None:
            reply.said.append(message)
        return web.json_response({"ok": True})

    def _upload(self, request: web.BaseRequest, body: bytes) -> web.Response:
        file = self.world.files.get(request.path.rpartition("/")[2])
        if file is None or file.content is not None:
            return web.Response(status=404, text="no such upload")
        if request.content_type.startswith("multipart/"):
            body = _first_part(body)
        if len(body) != file.length:
            self.violate("upload", "length", f"said {file.length}, sent {len(body)} bytes")
            return web.Response(status=400, text="length mismatch")
        file.content = body
        return web.Response(text=f"OK - {len(body)}")

    def _download(self, request: web.BaseRequest, _body: bytes) -> web.Response:
        file_id = request.path.split("/")[2].partition("-")[2]
        file = self.world.files.get(file_id)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != self.bot_token or "files:read" not in self.api.scopes or self.inactive:
            page = "<!DOCTYPE html><html><title>Sign in to Slack</title></html>"
            return web.Response(text=page, content_type="text/html")
        if file is None or file.content is None:
            return web.Response(status=404, text="file_not_found")
        return web.Response(body=file.content, content_type=file.mimetype)


def _mention(event: Json) -> Json:
    kept = {name: value for name, value in event.items() if name != "channel_type"}
    return kept | {"type": "app_mention"}


def _offset(tz: str) -> int:
    from datetime import datetime  # noqa: PLC0415 only for the offset
    from zoneinfo import ZoneInfo  # noqa: PLC0415 only for the offset

    offset = datetime.now(ZoneInfo(tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _in_vain(wanted: Wanted, timeout: float, seen: list[Message]) -> str:
    lines = "\n".join(f"  {message.user or message.bot_id}: {message.shown}" for message in seen)
    return f"waited {timeout} s for {wanted!r}; seen:\n{lines or '  (nothing)'}"


def _brief(params: Json) -> str:
    return json.dumps(params, default=str)[:300]


def _limited(seconds: int) -> web.Response:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


def _cut_off(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _first_part(body: bytes) -> bytes:
    head, _, rest = body.partition(b"\r\n\r\n")
    boundary = head.split(b"\r\n", 1)[0]
    return rest.partition(b"\r\n" + boundary)[0]


async def _params(request: web.BaseRequest) -> tuple[Json, bool]:
    """Read the arguments of a call wherever slack_sdk puts them; tell if JSON was used."""
    params: Json = dict(request.query) if request.query_string else {}
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("multipart/"):
        return params | {key: _plain(value) for key, value in (await request.post()).items()}, False
    body = await request.read()
    if not body:
        return params, False
    if kind.startswith("application/json"):
        try:
            parsed = orjson.loads(body)
        except ValueError:
            return {UNREADABLE: "invalid_json"}, True
        return (params | parsed if isinstance(parsed, dict) else {UNREADABLE: "json_not_object"}), True
    params.update(parse_qsl(body.decode(), keep_blank_values=True))
    return params, False


def _plain(value: str | bytes | bytearray | web.FileField) -> str | bytes:
    if isinstance(value, web.FileField):
        return value.file.read()
    return value if isinstance(value, str) else bytes(value)
