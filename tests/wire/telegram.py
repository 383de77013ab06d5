"""A fake Telegram Bot API server, good enough that aiogram runs unmodified but for its base URL.

    async with FakeTelegram() as tg:
        bot = Bot(tg.token, session=AiohttpSession(api=TelegramAPIServer.from_base(tg.url)))
        ana = tg.user(1001, name="Ana")
        await ana.start("token-from-the-shop")
        await ana.wait_for("How was it?")
        await ana.tap("5")
        tg.assert_clean()

The world is in ``telegram_world``, the methods in ``telegram_answers``, updates in ``telegram_updates``,
the rules for calls in ``telegram_spec``, rate limits and faults in ``telegram_faults``.
"""

import asyncio
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

import orjson
from aiohttp import BodyPartReader, web

from tests.wire.telegram_answers import MOST_UPLOAD, Answers
from tests.wire.telegram_faults import Fault, FaultKind, Faults, Flood, Limits
from tests.wire.telegram_groups import DESK_RIGHTS, Forum, Group, Topic
from tests.wire.telegram_people import Person, PrivateChat
from tests.wire.telegram_spec import Problem, Upload, load_spec
from tests.wire.telegram_updates import UPDATE_KINDS, ApiError, Mailbox, Webhook
from tests.wire.telegram_world import Button, Json, Message, StoredFile, World

__all__ = [
    "DESK_RIGHTS",
    "Button",
    "Call",
    "FakeTelegram",
    "FaultKind",
    "Forum",
    "Group",
    "Limits",
    "Message",
    "Person",
    "PrivateChat",
    "StoredFile",
    "Topic",
    "Violation",
]

TOKEN: Final = "42424242:AAFakeTokenForTheWireFake_0123456789abc"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Call:
    """One call of the bot: its typed parameters, when, and the status it was answered with (None: never)."""

    method: str
    params: Json
    at: float = field(default_factory=time.monotonic)
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A call that breaks the Bot API's rules: which parameter, and how."""

    method: str
    params: Mapping[str, Any]
    problem: str


class FakeTelegram:
    """The server with its world. ``validate=False, record=False`` makes it fast and forgetful, for benchmarks.

    ``limits``: True for Telegram's documented rate limits, or your own ``Limits``. ``can_read_all``: privacy mode
    off. ``webhook_backoff``: seconds of the unit in which failed webhook deliveries wait (1.0 on the real server).
    """

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "afterword_bot",
        *,
        limits: Limits | bool = False,
        validate: bool = True,
        record: bool = True,
        can_read_all: bool = False,
        webhook_backoff: float = 0.05,
    ) -> None:
        self.token = token
        self.username = username
        self.validate = validate
        self.record = record
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.count: Counter[str] = Counter()
        self.on_call: Callable[[str, Json], None] | None = None
        self.faults = Faults()
        self.flood = Flood((Limits() if limits is True else limits) or None)
        self.mailbox = Mailbox(webhook_backoff)
        self.mailbox.keep = record
        self.mailbox.reply = self._answer_in_webhook
        me = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Afterword",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": can_read_all,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.world = World(me, self._emit)
        self.answers = Answers(self.world)
        self.spec = load_spec()
        self.url = ""
        self.crashes: list[str] = []
        self._ids = 0
        self._port = 0
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self._own: dict[str, Callable[[Json], Any]] = {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    # ── life ──

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, also what hangs on purpose."""
        await self.close()

    async def open(self) -> Self:
        """Listen on a free port of 127.0.0.1; after ``close`` on the same one, with the same world."""
        self._closing.clear()
        server = web.Server(self._serve, request_factory=self._request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.mailbox.resume()
        return self

    async def close(self) -> None:
        """Stop listening; the world stays and can be opened again, like an outage."""
        self._closing.set()
        await self.mailbox.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ── for tests ──

    def user(
        self,
        user_id: int,
        name: str | None = None,
        language: str = "en",
        *,
        username: str | None = None,
        is_bot: bool = False,
    ) -> Person:
        """Return the person with this id, made when new; ``is_bot`` for another bot."""
        known = self.world.people.get(user_id)
        return known or Person(self.world, user_id, name or f"User{user_id}", language, username, is_bot=is_bot)

    def group(self, chat_id: int, title: str = "Group", members: Iterable[Person] = ()) -> Group:
        """Return a new basic group (negative id) with the bot as administrator; the first member owns it."""
        group = self.world.chats[chat_id] = Group(self.world, chat_id, title, members)
        return group

    def forum(
        self,
        chat_id: int,
        title: str = "Desk",
        members: Iterable[Person] = (),
        *,
        bot: str = "administrator",
        rights: Iterable[str] = DESK_RIGHTS,
        topics: bool = True,
    ) -> Forum:
        """Return a new supergroup with topics; ``bot``: administrator, member or left; the first member owns it."""
        forum = Forum(self.world, chat_id, title, members, topics=topics)
        forum.bot_status, forum.rights = bot, frozenset(rights)
        self.world.chats[chat_id] = forum
        return forum

    def calls_of(self, *methods: str) -> list[Call]:
        """Return the recorded calls of these methods, in order."""
        return [call for call in self.calls if call.method in methods]

    def assert_clean(self) -> None:
        """Fail when the bot ever broke a rule of the Bot API or called before a wait had passed."""
        broken = "\n  ".join(f"{each.method}: {each.problem} {each.params}" for each in self.violations)
        assert not self.violations, f"{len(self.violations)} calls break the Bot API's rules:\n  {broken}"
        assert not self.crashes, "the fake itself failed:\n" + "\n".join(self.crashes)
        assert not self.flood.early, f"calls before retry_after had passed: {self.flood.early}"

    async def settle(self, *, quiet: float = 0.1, timeout: float = 5.0) -> None:
        """Wait until the bot has confirmed every update and done nothing for ``quiet`` seconds."""
        end = time.monotonic() + timeout
        while True:
            calls = self._effects()
            await asyncio.sleep(quiet)
            if self.mailbox.idle() and calls == self._effects():
                return
            assert time.monotonic() < end, f"not quiet within {timeout} s; pending {list(self.mailbox.pending)}"

    def _effects(self) -> int:
        return sum(number for method, number in self.count.items() if not method.startswith("get"))

    def inject(self, user_id: int, text: str) -> int | None:
        """Push a private text message with no world behind it, for load: nothing but the update is made."""
        self._ids += 1
        user = {"id": user_id, "is_bot": False, "first_name": f"User{user_id}", "language_code": "en"}
        chat = {"id": user_id, "type": "private", "first_name": f"User{user_id}"}
        body = {"message_id": self._ids, "from": user, "chat": chat, "date": int(time.time()), "text": text}
        return self.mailbox.push("message", body, user_id)

    def push(self, update: Mapping[str, Any]) -> int | None:
        """Push any update by hand: ``{"message": {...}}`` or another kind."""
        ((kind, body),) = update.items()
        return self.mailbox.push(kind, body, kind)

    def expire_callbacks(self) -> None:
        """Make every tap too old to answer."""
        self.world.queries.clear()

    # ── the wire ──

    def _request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        """Let bodies be as big as Telegram's uploads."""
        loop, size = asyncio.get_running_loop(), 2 * MOST_UPLOAD
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=size)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        match = re.fullmatch(r"/(file/)?bot([^/]+)/(.+)", request.path)
        if match is None:
            return _json(404, ApiError(404, "Not Found").body())
        if match[2] != self.token:
            return _json(401, ApiError(401, "Unauthorized").body())
        if match[1]:
            return self._file(match[3])
        return await self._call(request, match[3])

    def _file(self, path: str) -> web.Response:
        kept = next((kept for kept in self.world.files.values() if kept.path == path), None)
        return web.Response(status=404) if kept is None else web.Response(body=kept.data)

    async def _call(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        """Take one call: read it, perhaps let it fail, answer it."""
        method = self.spec.by_lower.get(name.lower(), name)
        self.count[method] += 1
        try:
            given, uploads = await read_body(request)
        except ValueError as error:
            return _json(400, ApiError(400, f"Bad Request: {error}").body())
        fault = self.faults.pick(method)
        if fault is None:
            return _json(*await self._answer(method, given, uploads))
        return await self._faulty(fault, request, method, given, uploads)

    async def _faulty(
        self, fault: Fault, request: web.BaseRequest, method: str, given: Json, uploads: Mapping[str, Upload]
    ) -> web.StreamResponse:
        """Let a call go wrong as the fault says."""
        if fault.kind not in {FaultKind.SLOW, FaultKind.LOST_ANSWER, FaultKind.HUNG_ANSWER}:
            given, _ = self.spec.check(method, given, uploads) if method in self.spec.methods else (given, [])
        match fault.kind:
            case FaultKind.ERROR:
                return self._refuse(method, given, ApiError(500, "Internal Server Error"))
            case FaultKind.BAD_GATEWAY:
                self._record(method, given).status = 502
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            case FaultKind.FLOOD:
                seconds = int(fault.seconds)
                self.flood.hold(_chat_id(given), seconds)
                return self._refuse(method, given, _too_many(seconds))
            case FaultKind.LOST_CALL:
                self._record(method, given)
                return _hang_up(request)
            case FaultKind.SLOW:
                await self._sleep(fault.seconds)
                return _json(*await self._answer(method, given, uploads))
            case _:
                await self._answer(method, given, uploads, unanswered=True)
                if fault.kind is FaultKind.HUNG_ANSWER:
                    await self._sleep(fault.seconds)
                return _hang_up(request)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    def _record(self, method: str, params: Json) -> Call:
        call = Call(method, params)
        if self.record:
            self.calls.append(call)
        return call

    def _refuse(self, method: str, params: Json, error: ApiError) -> web.Response:
        call = self._record(method, params)
        call.status, call.error = error.code, error.description
        return _json(error.code, error.body())

    async def _answer(
        self, method: str, given: Json, uploads: Mapping[str, Upload], *, unanswered: bool = False
    ) -> tuple[int, Json]:
        """Carry a call out; return the status and the JSON body."""
        if not self.record and method.startswith(("send", "copy", "forward", "edit", "answer", "setMessage")):
            return 200, {"ok": True, "result": self._forgetful(method, given)}
        call = self._record(method, given)
        try:
            result = await self._carry_out(call, uploads)
        except ApiError as error:
            call.status, call.error = error.code, error.description
            return error.code, error.body()
        except Exception:  # noqa: BLE001 - a mistake of the fake must not look like one of Telegram
            self.crashes.append(f"{method} {given}\n{traceback.format_exc()}")
            return 500, ApiError(500, "Internal Server Error: the fake failed").body()
        call.status = None if unanswered else 200
        return 200, {"ok": True, "result": result}

    async def _carry_out(self, call: Call, uploads: Mapping[str, Upload]) -> Any:
        method = call.method
        if method not in self.spec.methods:
            self.violations.append(Violation(method, call.params, "no such method"))
            raise ApiError(404, "Not Found: method not found")
        raw = call.params
        call.params, problems = self.spec.check(method, raw, uploads)
        plain, more = self.spec.plain(method, call.params)
        self._enforce(call, [*problems, *more])
        if self.on_call is not None:
            self.on_call(method, plain)
        cost = (
            len(plain.get("media") or plain.get("message_ids") or [0]) if method.endswith(("Group", "Messages")) else 1
        )
        if seconds := self.flood.wait(method, _chat_id(plain), cost):
            raise _too_many(seconds)
        if own := self._own.get(method):
            return await own(plain)
        answer = self.answers.methods.get(method)
        if answer is None:
            self.violations.append(Violation(method, call.params, "the fake doesn't know this method yet"))
            raise ApiError(404, "Not Found: the fake doesn't know this method")
        result = answer({**plain, "@uploads": uploads} if uploads else plain)
        self.world.changed()
        return result

    def _enforce(self, call: Call, problems: Iterable[Problem]) -> None:
        """Note what breaks the rules; refuse the call when the real server would."""
        if not self.validate:
            return
        refusal = None
        for problem in problems:
            self.violations.append(Violation(call.method, call.params, f"{problem.path}: {problem.text}"))
            refusal = refusal or problem.answer
        if refusal is not None:
            raise ApiError(400, f"Bad Request: {refusal}")

    def _forgetful(self, method: str, given: Json) -> Any:
        """Answer without any world: a message number is all that is new."""
        if self.on_call is not None:
            self.on_call(method, given)
        if method.startswith(("answer", "sendChatAction", "setMessage")):
            return True
        self._ids += 1
        if method.startswith(("copyM", "forwardMessages")):
            return {"message_id": self._ids}
        chat = {"id": int(given["chat_id"]), "type": "private", "first_name": "User"}
        bot = {"id": self.world.bot["id"], "is_bot": True, "first_name": "Afterword"}
        body = {"message_id": self._ids, "date": int(time.time()), "chat": chat, "from": bot}
        return {**body, "text": given.get("text", "")}

    async def _answer_in_webhook(self, method: str, given: Mapping[str, Any]) -> None:
        """Carry out a call that came as the answer to a webhook; its result is nobody's."""
        method = self.spec.by_lower.get(method.lower(), method)
        self.count[method] += 1
        await self._answer(method, dict(given), {})

    # ── updates ──

    def _emit(self, kind: str, body: Json, lane: Any) -> None:
        self.mailbox.push(kind, body, lane)

    def _known_kinds(self, method: str, p: Json) -> None:
        if unknown := set(p.get("allowed_updates") or ()) - UPDATE_KINDS:
            self.violations.append(Violation(method, p, f"allowed_updates: unknown kinds {sorted(unknown)}"))

    async def _get_updates(self, p: Json) -> list[Json]:
        self._known_kinds("getUpdates", p)
        return await self.mailbox.poll(
            p.get("offset", 0), p.get("limit", 100), p.get("timeout", 0), p.get("allowed_updates")
        )

    async def _set_webhook(self, p: Json) -> bool:
        self._known_kinds("setWebhook", p)
        url = p.get("url", "")
        hook = Webhook(url, p.get("secret_token"), p.get("max_connections", 40)) if url else None
        if hook and not re.match(r"https://", url) and urlsplit(url).hostname not in LOOPBACK:
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        await self.mailbox.set_webhook(hook, p.get("allowed_updates"), drop=p.get("drop_pending_updates", False))
        return True

    async def _delete_webhook(self, p: Json) -> bool:
        await self.mailbox.set_webhook(None, None, drop=p.get("drop_pending_updates", False))
        return True

    async def _get_webhook_info(self, _: Json) -> Json:
        return self.mailbox.info()


async def read_body(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """Return the parameters and files of a call: query, JSON, form or multipart."""
    given: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        more, uploads = await _read_parts(request)
        return {**given, **more}, uploads
    body = await request.read()
    if not body:
        return given, {}
    if kind == "application/json":
        try:
            more = orjson.loads(body)
        except ValueError:
            raise ValueError("can't parse JSON object") from None
        return {**given, **more}, {}
    given.update(parse_qsl(body.decode(), keep_blank_values=True))
    return given, {}


async def _read_parts(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    given: Json = {}
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read(decode=True))
        name = part.name or ""
        if part.filename is None:
            given[name] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            uploads[name] = Upload(part.filename, data, mime)
    return given, uploads


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def _hang_up(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def _chat_id(p: Mapping[str, Any]) -> int:
    given = p.get("chat_id", 0)
    return int(given) if re.fullmatch(r"-?\d+", str(given)) else 0
