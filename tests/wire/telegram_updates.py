"""How updates reach the bot: one mailbox, read by long polling or pushed to a webhook, never both.

Modelled on the real server's source (tdlib/telegram-bot-api): updates of one chat and kind form a lane; a
lane's next update is pushed only after its first was answered with 2xx; the first failure is retried at once,
later ones after 2, 4, 8 … units; a second poller throws out the first with 409.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import orjson

Json = dict[str, Any]

UPDATE_KINDS: Final = frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll "
    "poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot".split()
)
ON_REQUEST_ONLY: Final = frozenset({"message_reaction", "message_reaction_count", "chat_member"})
DEFAULT_KINDS: Final = UPDATE_KINDS - ON_REQUEST_ONLY
LONGEST_POLL: Final = 50


class ApiError(Exception):
    """An answer that isn't ok, as the real server words it."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON that the client gets."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it waits to be confirmed."""

    id: int
    kind: str
    body: Json
    lane: Hashable

    def api(self) -> Json:
        """The JSON that the bot gets."""
        return {"update_id": self.id, self.kind: self.body}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are pushed."""

    url: str
    secret: str | None
    max_connections: int = 40


@dataclass(slots=True)
class Delivery:
    """What the webhook was asked to take: kept for tests, one for each attempt."""

    update_id: int
    status: int | None
    at: float = field(default_factory=time.monotonic)


class Mailbox:
    """All updates that the bot hasn't confirmed yet."""

    def __init__(self, backoff: float) -> None:
        self.backoff = backoff
        self.pending: dict[int, Update] = {}
        self.sent: list[Update] = []
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.asked_kinds: list[str] | None = None
        self.webhook: Webhook | None = None
        self.deliveries: list[Delivery] = []
        self.repeat = 1
        self.keep = True
        self.last_error: tuple[int, str] | None = None
        self.reply: Callable[[str, Mapping[str, Any]], Awaitable[None]] | None = None
        self._next = 700_000_001
        self._poller: asyncio.Future[str] | None = None
        self._lanes: dict[Hashable, deque[Update]] = {}
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(40)

    def push(self, kind: str, body: Json, lane: Hashable) -> int | None:
        """Put an update in the box, if the bot takes its kind; return its id."""
        if kind not in self.allowed:
            return None
        update = Update(self._next, kind, body, lane)
        self._next += 1
        self.pending[update.id] = update
        if self.keep:
            self.sent.append(update)
        if self.webhook is not None:
            self._enqueue(update)
        elif self._poller is not None and not self._poller.done():
            self._poller.set_result("news")
        return update.id

    def choose_kinds(self, kinds: list[str] | None) -> None:
        """Take the bot's wish; None keeps the last one, an empty list means the default."""
        if kinds is not None:
            self.asked_kinds = kinds
            self.allowed = frozenset(kinds) & UPDATE_KINDS if kinds else DEFAULT_KINDS

    def idle(self) -> bool:
        """Whether the bot has confirmed everything."""
        return not self.pending

    # ── long polling ──

    async def poll(self, offset: int, limit: int, timeout: float, kinds: list[str] | None) -> list[Json]:
        """Answer getUpdates: confirm what is below the offset, wait for news, return at most ``limit``."""
        if self.webhook is not None:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise ApiError(409, f"Conflict: {words}")
        self.choose_kinds(kinds)
        self.stop_poller("conflict")
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        updates = [update.api() for update in list(self.pending.values())[: max(1, min(limit, 100))]]
        return [update for update in updates for _ in range(self.repeat)]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = max(self.pending, default=0) + 1 + offset
        for update_id in [each for each in self.pending if each < offset]:
            del self.pending[update_id]

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            why = await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None
        if why == "conflict":
            words = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise ApiError(409, f"Conflict: {words}")

    def stop_poller(self, why: str) -> None:
        """End the poll that waits now."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(why)
        self._poller = None

    # ── webhook ──

    async def set_webhook(self, webhook: Webhook | None, kinds: list[str] | None, *, drop: bool) -> None:
        """Push from now on to another place, or nowhere; what is pending goes along unless dropped."""
        self.choose_kinds(kinds)
        if drop:
            self.pending.clear()
        if webhook is not None:
            self.stop_poller("conflict")
        if webhook == self.webhook and not drop:
            return
        await self._stop_pushing()
        self.webhook, self.last_error = webhook, None
        if webhook is not None:
            self._places = asyncio.Semaphore(webhook.max_connections)
            for update in self.pending.values():
                self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        self._lanes.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._tasks:
            self._tasks[update.lane] = asyncio.create_task(self._push_lane(update.lane))

    async def _push_lane(self, lane: Hashable) -> None:
        """Push a lane's updates one after the other, each until it is taken."""
        queue = self._lanes[lane]
        while queue:
            for _ in range(self.repeat):
                await self._push_until_taken(queue[0])
            self.pending.pop(queue.popleft().id, None)
        del self._lanes[lane], self._tasks[lane]

    async def _push_until_taken(self, update: Update) -> None:
        fails, delay = 0, 1
        while (retry_after := await self._push_once(update)) is not None:
            if fails > 0:
                delay = min(120, delay * 2)
            await asyncio.sleep(retry_after or (delay * self.backoff if fails else 0))
            fails += 1

    async def _push_once(self, update: Update) -> float | None:
        """Post an update; return None when it was taken, else the seconds the bot asks us to wait (or 0)."""
        async with self._places:
            try:
                return await self._post(update)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                words = "Connection refused" if isinstance(error, aiohttp.ClientConnectorError) else "Connection closed"
                self.last_error = (int(time.time()), words)
                self._note(update, None)
                return 0.0

    def _note(self, update: Update, status: int | None) -> None:
        if self.keep:
            self.deliveries.append(Delivery(update.id, status))

    async def _post(self, update: Update) -> float | None:
        assert self.webhook is not None
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        body = orjson.dumps(update.api())
        async with self._client().post(self.webhook.url, data=body, headers=headers) as answer:
            self._note(update, answer.status)
            if answer.status // 100 == 2:
                await self._take_reply(answer)
                return None
            self.last_error = (
                int(time.time()),
                f"Wrong response from the webhook: {answer.status} {answer.reason}",
            )
            return float(answer.headers.get("Retry-After", 0))

    async def _take_reply(self, answer: aiohttp.ClientResponse) -> None:
        """Carry out the method call that a webhook's answer may hold."""
        if answer.content_type == "multipart/form-data":
            given: Json = {}
            async for part in aiohttp.MultipartReader.from_response(answer):
                if isinstance(part, aiohttp.BodyPartReader) and part.name:
                    given[part.name] = (await part.read(decode=True)).decode(errors="replace")
        else:
            body = await answer.read()
            if not body.startswith(b"{"):
                return
            given = orjson.loads(body)
        method = given.pop("method", None)
        if method and self.reply is not None and not str(method).lower().startswith("get"):
            await self.reply(str(method), given)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=60)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def _stop_pushing(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()

    def resume(self) -> None:
        """Push again what is pending, after an outage."""
        if self.webhook is not None and not self._lanes:
            for update in self.pending.values():
                self._enqueue(update)

    async def close(self) -> None:
        """Stop polling and pushing; nothing pending is forgotten."""
        self.stop_poller("closed")
        await self._stop_pushing()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self) -> Json:
        """Answer getWebhookInfo."""
        hook = self.webhook
        body: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if hook:
            body["max_connections"] = hook.max_connections
        if self.asked_kinds:
            body["allowed_updates"] = self.asked_kinds
        if self.last_error:
            body |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        return body
