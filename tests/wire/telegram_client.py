"""aiogram pointed at the fake Telegram: what the tests of the fake, and tests of our own edge, start from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.wire.telegram import FakeTelegram


class QuickSession(AiohttpSession):
    """aiogram's session without its quarter of a second of waiting for TLS that isn't there."""

    async def close(self) -> None:
        """Close at once."""
        if isinstance(self._session, aiohttp.ClientSession):
            await self._session.close()


@asynccontextmanager
async def bot_on(tg: FakeTelegram, *, timeout: float = 60.0) -> AsyncIterator[Bot]:
    """Give an aiogram Bot that talks to the fake."""
    session = QuickSession(api=TelegramAPIServer.from_base(tg.url), timeout=timeout)
    bot = Bot(tg.token, session=session)
    try:
        yield bot
    finally:
        await session.close()


@asynccontextmanager
async def polling(tg: FakeTelegram, dispatcher: Dispatcher) -> AsyncIterator[Bot]:
    """Run a dispatcher by long polling against the fake."""
    async with bot_on(tg) as bot:
        kinds = dispatcher.resolve_used_update_types()
        run = dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, allowed_updates=kinds)
        task = asyncio.create_task(run)
        try:
            yield bot
        finally:
            tg.mailbox.stop_poller("closed")
            await dispatcher.stop_polling()
            await task
