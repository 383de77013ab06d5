"""Long polling that confirms only what is kept. aiogram's own dispatcher moves on before handling has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import ClientTimeout

from handlers.telegram.client import Client
from handlers.telegram.failures import says, told
from handlers.telegram.receive import HEARD

log = structlog.get_logger()

POLL_S = 30
MOST_UPDATES = 100
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
RIVAL = "Another program polls with the same bot token. Stop it, or give this one a token of its own."
WEBHOOK = "A webhook was set for this bot meanwhile. Set TELEGRAM_MODE=webhook, or stop the program that set it."

Updates = Sequence[Mapping[str, Any]]
Take = Callable[[Updates], Awaitable[None]]


class Poller:
    """Asks for updates, hands them over, and confirms them once they are safe."""

    def __init__(self, client: Client, take: Take) -> None:
        """`take` returns when all updates are persisted, and raises when one could not be."""
        self._client = client
        self._take = take
        self.trouble = ""
        """Why nothing comes in at the moment; "" = all is well."""

    async def run(self) -> None:
        """Poll until cancelled. What Telegram has for us already is kept."""
        await self._until_done(self._no_webhook)
        offset: int | None = None
        pause = FIRST_PAUSE
        while True:
            try:
                offset = await self._once(offset)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever broke (network, database): nothing is confirmed, try again
                await asyncio.sleep(self._pause(error, pause))
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                pause, self.trouble = FIRST_PAUSE, ""

    async def _once(self, offset: int | None) -> int | None:
        """One question; returns the offset that confirms what came, after it was kept."""
        params = {"offset": offset, "limit": MOST_UPDATES, "timeout": POLL_S, "allowed_updates": HEARD}
        updates = await self._client.call("getUpdates", params, ClientTimeout(total=POLL_S + 15, sock_connect=10))
        if not updates:
            return offset
        await self._take(updates)
        return max(int(update["update_id"]) for update in updates) + 1

    async def _no_webhook(self) -> None:
        await self._client.bot.delete_webhook(drop_pending_updates=False)

    async def _until_done(self, step: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await step()
            except AiogramError as error:
                await asyncio.sleep(self._pause(error, pause))
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                return

    def _pause(self, error: Exception, pause: float) -> float:
        """How long to wait after an error; says once what it is."""
        words = f"{type(error).__name__}: {told(error)}"
        trouble, wait = f"Telegram can't be asked for updates: {words}", pause
        if isinstance(error, TelegramConflictError):
            trouble = WEBHOOK if says(error, "webhook") else RIVAL
        elif isinstance(error, TelegramRetryAfter):
            wait = float(error.retry_after)
        elif isinstance(error, TelegramUnauthorizedError):
            trouble, wait = "Telegram doesn't take the bot's token any more. Check TELEGRAM_BOT_TOKEN.", LONGEST_PAUSE
        elif not isinstance(error, AiogramError):
            trouble = f"Updates could not be kept: {words}"
        if trouble != self.trouble:
            level = log.info if isinstance(error, TelegramNetworkError) and not self.trouble else log.error
            level("no updates for now", why=trouble)
        self.trouble = trouble
        return wait
