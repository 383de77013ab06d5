"""CPU time of taking in and of sending, beside aiogram's own ways: `python -m tests.telegram.measure`.

Not a test. The server it sends to is a process of its own that answers without reading, so that only the client counts.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.domain.event import Accepted, Incoming
from bot.domain.ids import CustomerId, EventId
from bot.domain.message import Button
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.edge import build
from handlers.telegram.receive import Here, translate
from tests.telegram.stage import ListIntake, MovedStore, parcel, surroundings, words

TOKEN = "42424242:AAFakeTokenForTheWireFake_0123456789abc"
TEXT = "Thanks for your words, we read every one of them."
PERSON = {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "en"}
CHAT = {"id": 1001, "type": "private", "first_name": "Ana"}
UPDATE = orjson.dumps(
    {"update_id": 7, "message": {"message_id": 5, "from": PERSON, "chat": CHAT, "date": 1_760_000_000, "text": TEXT}}
)
RESULT = {
    "message_id": 77,
    "from": {"id": 42, "is_bot": True, "first_name": "Shop", "username": "shop_bot"},
    "chat": CHAT,
    "date": 1_760_000_000,
    "text": TEXT,
}
ROWS = ((Button("Talk to a person", "human"),),)


class Server(asyncio.Protocol):
    """Answers every request with the same message."""

    body = orjson.dumps({"ok": True, "result": RESULT})
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            lines = self.rest[:end].lower().split(b"\r\n")
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
            if len(self.rest) < end + 4 + length:
                return
            self.rest = self.rest[end + 4 + length :]
            self.transport.write(self.answer)


async def serve() -> None:
    """Listen; the first line of the output is the port."""
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def cpu(name: str, step: Callable[[], Awaitable[Any]], number: int, at_once: int) -> None:
    """CPU microseconds for one step."""
    await step()
    left = iter(range(number))

    async def work() -> None:
        for _ in left:
            await step()

    before = time.process_time()
    await asyncio.gather(*(work() for _ in range(at_once)))
    spent = (time.process_time() - before) / number * 1e6
    sys.stdout.write(f"{name:58} {spent:8.1f} µs CPU   {1e6 / spent:9.0f} a CPU second\n")


class NoIntake(ListIntake):
    """Keeps nothing."""

    async def accept(self, incoming: Incoming) -> Accepted:
        return Accepted(fresh=True, customer=CustomerId(1), event=EventId(1))


async def taking_in(edge: TelegramChannel) -> None:
    """One text message of a customer."""
    here, now = Here(42, -100), datetime.now(UTC)

    async def ours() -> None:
        translate(orjson.loads(UPDATE), here, now)

    async def model() -> None:
        Update.model_validate_json(UPDATE)

    (route,) = edge.routes()
    scope = {"headers": [(b"x-telegram-bot-api-secret-token", edge._secret.encode())]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": UPDATE}

    async def send(_: Any) -> None:
        return

    await cpu("update → event (ours)", ours, 50_000, 1)
    await cpu("update → model (aiogram)", model, 5_000, 1)
    await cpu("webhook endpoint, secret to 200, nothing stored", lambda: route.app(scope, receive, send), 30_000, 1)


async def sending(edge: TelegramChannel, url: str, at_once: int) -> None:
    """One answer with a button."""
    letter = parcel(words(TEXT, buttons=ROWS))
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Talk to a person", callback_data="human")]]
    )
    await cpu(f"deliver(parcel), {at_once} at once", lambda: edge.deliver(letter, cast("Any", None)), 4000, at_once)
    await cpu(
        f"aiogram send_message, {at_once} at once",
        lambda: bot.send_message(1001, TEXT, reply_markup=markup),
        4000,
        at_once,
    )
    await bot.session.close()


async def measure(port: int) -> None:
    """Everything, in one table."""
    url = f"http://127.0.0.1:{port}"
    options = {"telegram_mode": "webhook", "public_url": url, "telegram_api_url": url, "telegram_bot_token": TOKEN}
    edge = build(surroundings(NoIntake(), MovedStore(), **options))
    assert edge is not None
    await taking_in(edge)
    for at_once in (1, 50):
        await sending(edge, url, at_once)
    await edge.stop()


def main() -> None:
    """Start the server, measure, stop it."""
    command = [sys.executable, "-m", "tests.telegram.measure", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            uvloop.run(measure(int(server.stdout.readline())))
        finally:
            server.kill()


if __name__ == "__main__":
    uvloop.run(serve()) if "serve" in sys.argv else main()
