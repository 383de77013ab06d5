"""The webhook: secret first, then persist, then 200. Whatever else happens, Telegram sends the update again."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import structlog

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

log = structlog.get_logger()

PATH = "/hooks/telegram"
HEADER = b"x-telegram-bot-api-secret-token"
BODY_LIMIT = 1024 * 1024
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

Take = Callable[[Mapping[str, Any]], Awaitable[None]]


def webhook_secret(chosen: str | None, key: bytes, bot: int) -> str:
    """The secret that Telegram sends along: the shop's own, or one derived from the program's key."""
    return chosen or hmac.new(key, b"telegram-webhook:%d" % bot, sha256).hexdigest()


class Hook:
    """An ASGI endpoint of its own: a request object and a response object would cost as much as all the rest."""

    def __init__(self, secret: str, take: Take) -> None:
        """`take` returns when the update is persisted, and raises when it could not be."""
        self._secret = secret.encode()
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery."""
        status = await self._status(scope, receive)
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: Scope, receive: Receive) -> int:
        given = next((value for name, value in scope["headers"] if name == HEADER), None)
        if given is None:
            return 401
        if not hmac.compare_digest(given, self._secret):
            return 403
        body = await _body(receive)
        if body is None:
            return 413
        update = _update(body)
        if update is None:
            return 400
        try:
            await self._take(update)
        except Exception:
            log.exception("an update could not be kept; Telegram will send it again", update=update["update_id"])
            return 500
        return 200


async def _body(receive: Receive) -> bytes | None:
    """The whole body, as long as it is no longer than any update can be."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_LIMIT:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _update(body: bytes) -> Mapping[str, Any] | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None
