"""A whole shop in this process: the real program on a real database, its platforms faked at the wire."""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook

from bot.commands.running import Running, started
from bot.program import parse_program
from bot.settings import Settings
from bot.wiring import RunRole
from storage.migrating import migrate

SECRET = "whsec_" + b64encode(b"orders of the tests, 32 bytes ok").decode()
PROGRAM = """
[shop]
name = "Boots & Co"
contact = "+33 1 23 45 67 89"
[ask]
after = "0s"
from = "paid"
max_per_customer = "99 per 1d"
[quiet]
enabled = false
[desk]
{desk}
follow_up_after = "{follow_up}"
[sla]
hours = "Mon-Sun 00:00-23:59"
"""


def program_text(desk: str = "", follow_up: str = "1d", more: str = "", *, mirror: bool = True) -> str:
    """A program without waiting; `desk` names the main desk's channel, `mirror` whether the others show cases, too."""
    lines = [f'channel = "{desk}"'] * bool(desk) + ["mirror = false"] * (not mirror)
    return PROGRAM.format(desk="\n".join(lines), follow_up=follow_up) + more


@dataclass
class Shop:
    """The running program, seen from outside."""

    running: Running
    http: httpx.AsyncClient

    async def post_order(
        self, order_id: str = "1001", kind: str = "paid", customer: str = "c-17", **changes: Any
    ) -> httpx.Response:
        """The shop reports an order, signed."""
        body = {
            "type": f"order.{kind}",
            "shop": "main",
            "order_id": order_id,
            "occurred_at": datetime.now(UTC).isoformat(),
            "customer": {"id": customer, "name": "Ana Duarte", "email": f"{customer}@example.com", "locale": "en"},
            "total": "129.00",
            "currency": "EUR",
            "items": [{"sku": "B1", "name": "Boots", "quantity": 1, "price": "129.00"}],
        }
        if "person" in changes:
            body["customer"] = changes.pop("person")
        return await self.post_signed(json.dumps({**body, **changes}))

    async def post_signed(self, raw: str) -> httpx.Response:
        """A body with a right signature."""
        number, at = f"msg_{secrets.token_hex(8)}", datetime.now(UTC)
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(number, at, raw),
            "content-type": "application/json",
        }
        return await self.http.post("/hooks/orders", content=raw, headers=headers)

    async def order(self, order_id: str = "1001", **more: Any) -> dict[str, Any]:
        """A paid order that must be taken; its answer."""
        answer = await self.post_order(order_id, **more)
        assert answer.status_code in {200, 202}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def export(self, name: str) -> dict[str, Any]:
        """Everything about a customer."""
        database = self.running.house.database
        number = await database.find_customer(name)
        assert number is not None, name
        found = await database.export(number)
        assert found is not None
        return found

    async def queue(self) -> Sequence[Any]:
        """Open cases."""
        return await self.running.house.database.queue(self.running.house.clock.now())

    async def case(self, timeout: float = 5.0) -> Any:
        """The first open case, once there is one."""

        async def there() -> bool:
            return bool(await self.queue())

        await until(there, "a case", timeout)
        return (await self.queue())[0]


async def until(wanted: Callable[[], Awaitable[bool]], what: str, timeout: float = 5.0) -> None:
    """Wait until it is so; a test fails with what it waited for."""
    end = asyncio.get_running_loop().time() + timeout
    while not await wanted():
        if asyncio.get_running_loop().time() > end:
            message = f"waited {timeout} s in vain for {what}"
            raise AssertionError(message)
        await asyncio.sleep(0.02)


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings that see nothing of this machine's environment."""
    parts: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{folder}/shop.db",
        "program_file": str(folder / "program.toml"),
        "secret_key": "a secret of the tests, long enough",
        "http_port": 0,
        "orders_webhook_secret": SECRET,
        "telegram_bot_token": None,
        "slack_bot_token": None,
        "public_url": None,
    }
    return Settings(_env_file=None, **{**parts, **changes})


@asynccontextmanager
async def open_shop(
    folder: Path, program: str = "", *, role: RunRole = "all", clock: Any = None, **settings: Any
) -> AsyncIterator[Shop]:
    """Start the program and stop it again."""
    chosen = settings_for(folder, **settings)
    if chosen.database_url.startswith("postgresql"):
        await migrate(chosen.database_url)
    ending = asyncio.Event()
    parsed = parse_program(program or program_text())
    async with (
        started(chosen, parsed, role, ending, clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=10) as http,
    ):
        yield Shop(running, http)
