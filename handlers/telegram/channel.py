"""Telegram as a channel: connects, takes in, delivers, tells what is wrong. Puts the other rooms together."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import structlog
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.utils.token import TokenValidationError

from bot.domain.event import ByCustomer, ByThread, Incoming
from bot.domain.message import Attachment, Kind, MarkState, Message, Side
from bot.errors import FileUnavailable, Refused
from bot.ports import Delivery, Fetch, File, Outcome, Pace, Parcel, Surroundings
from handlers.telegram.address import CHANNEL, private_chat
from handlers.telegram.client import Client
from handlers.telegram.customer import Customers
from handlers.telegram.desk import Desk
from handlers.telegram.failures import TOO_BIG, Floods, says, told
from handlers.telegram.manager import Managers
from handlers.telegram.polling import Poller
from handlers.telegram.receive import HEARD, Elsewhere, Heard, Here, Moved, RightsChanged, TopicBorn, translate
from handlers.telegram.send import Post
from handlers.telegram.webhook import BODY_LIMIT, PATH, Hook, webhook_secret

log = structlog.get_logger()

MOST_DOWNLOAD = 20 * 1024 * 1024
CONNECTIONS = 100
DOWNLOAD_TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STRANGERS = 1000
TOKEN_ADVICE = "Copy the bot's token from @BotFather (/mybots, API Token) into TELEGRAM_BOT_TOKEN."  # noqa: S105 - advice, no token


class TelegramChannel:
    """Customers in private chats, a desk in a group with topics, staff in private."""

    name = CHANNEL
    pace = Pace(overall=30, per_chat=1, per_chat_burst=3, group_per_minute=20)
    """https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
    serves_customers = True
    body_limits: Mapping[str, int] = {PATH: BODY_LIMIT}

    def __init__(self, surroundings: Surroundings, token: str) -> None:
        settings = surroundings.settings
        self._around = surroundings
        try:
            self._client = Client(token, settings.telegram_api_url)
        except TokenValidationError:
            problem = "TELEGRAM_BOT_TOKEN is no token: it looks like 123456789:AAF…"
            raise Refused(problem, TOKEN_ADVICE) from None
        self._post = Post(self._client)
        self._customers = Customers(self._client, self._post)
        self._managers = Managers(self._post)
        self._desk = _desk(surroundings, self._client, self._post)
        self._poller = Poller(self._client, self._take_all)
        self._floods = Floods()
        self._by_webhook = settings.telegram_mode == "webhook"
        self._secret = webhook_secret(settings.telegram_webhook_secret, surroundings.secret, self._client.bot.id)
        self._connected = asyncio.Event()
        self._username = ""
        self._trouble = ""
        self._strangers: set[int] = set()
        self._looking = asyncio.Lock()
        self.on_desk_back: Callable[[], None] = lambda: None
        """Called when our rights in the desk's group changed."""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def serves_desk(self) -> bool:
        """Whether a group is named for it."""
        return self._desk is not None

    # --- life

    async def start(self) -> None:
        """Connect and look at the desk. Raises `Refused` for a wrong token; an outage is no reason not to start."""
        try:
            await self._connect()
        except AiogramError as error:
            self._trouble = f"Telegram can't be reached: {told(error)}"
            log.warning("Telegram can't be reached yet", why=told(error))
            self._soon(self._connect_later())
        else:
            await self._look_at_desk()

    async def _connect_later(self) -> None:
        try:
            await self._until_done(self._connect)
        except Refused as error:
            self._trouble = f"{error.problem}. {error.advice}"
            log.error("Telegram can't be used", why=error.problem, advice=error.advice)  # noqa: TRY400 - a wrong setting
        else:
            await self._look_at_desk()

    async def _connect(self) -> None:
        """Learn our own name, put the commands into the menus."""
        username = await self._own_name()
        await self._customers.introduce(self._around.program.shop.languages)
        self._username = username
        self._trouble = ""
        self._connected.set()
        log.info("Telegram is connected", bot=f"@{self._username}")

    async def _own_name(self) -> str:
        try:
            return (await self._client.bot.get_me()).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound):
            problem = "Telegram doesn't know the token in TELEGRAM_BOT_TOKEN"
            raise Refused(problem, TOKEN_ADVICE) from None

    async def identify(self) -> None:
        """Learn our own name without starting, for `link`. Raises `Refused` when Telegram can't tell it."""
        try:
            self._username = await self._own_name()
        except AiogramError as error:
            problem = f"Telegram can't be reached: {told(error)}"
            raise Refused(problem, "Check the network and TELEGRAM_API_URL.") from error

    async def receive(self) -> None:
        """Poll until cancelled; with a webhook, tell Telegram where it is and return."""
        await self._connected.wait()
        if self._by_webhook:
            await self._until_done(self._set_webhook)
        else:
            await self._poller.run()

    async def _set_webhook(self) -> None:
        url = f"{self._around.settings.base_url}{PATH}"
        await self._client.bot.set_webhook(
            url, secret_token=self._secret, allowed_updates=list(HEARD), max_connections=CONNECTIONS
        )
        self._trouble = ""
        log.info("Telegram sends what it has to the webhook", url=url)

    async def _until_done(self, step: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await step()
            except AiogramError as error:
                self._trouble = f"Telegram answers: {told(error)}"
                log.warning("Telegram isn't ready for us", why=told(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                return

    async def stop(self) -> None:
        """Let go of every connection. A webhook stays set: Telegram keeps what comes meanwhile."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    def routes(self) -> Sequence[Any]:
        """The webhook's address; none while we poll."""
        if not self._by_webhook:
            return ()
        from starlette.routing import Route  # noqa: PLC0415 - a poller serves nothing

        return (Route(PATH, Hook(self._secret, self._take_one), methods=["POST"]),)

    @property
    def ready(self) -> bool:
        """Connected, and nothing keeps updates from coming in."""
        return bool(self._username) and not self._trouble and not self._poller.trouble

    # --- what is wrong

    async def problems(self) -> list[str]:
        """Token, mode and desk, as Telegram sees them now; every line with advice."""
        if not self._username:
            try:
                await self._connect()
            except Refused as error:
                return [f"{error.problem}. {error.advice}"]
            except AiogramError as error:
                return [f"Telegram can't be reached: {told(error)}. Check the network and TELEGRAM_API_URL."]
        live = [each for each in (self._trouble, self._poller.trouble) if each]
        return [*live, *await self._desk_problems(), *await self._webhook_problems()]

    async def _desk_problems(self) -> list[str]:
        if self._desk is None:
            return []
        try:
            return await self._desk.check()
        except AiogramError as error:
            return [f"The desk group can't be looked at: {told(error)}"]

    async def _look_at_desk(self) -> None:
        if self._desk is not None:
            await self._desk.introduce()
        for problem in await self._desk_problems():
            log.error("the desk isn't ready", why=problem)

    async def _webhook_problems(self) -> list[str]:
        try:
            info = await self._client.call("getWebhookInfo", {})
        except AiogramError as error:
            return [f"The webhook can't be looked at: {told(error)}"]
        if not self._by_webhook or not info.get("last_error_message"):
            return []
        return [f"Telegram couldn't deliver to {info.get('url')}: {info['last_error_message']}. Check PUBLIC_URL."]

    # --- taking in

    async def _take_all(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Keep all of these; raises when one could not be, after every other one was tried."""
        done = await asyncio.gather(*map(self._take_one, updates), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    async def _take_one(self, update: Mapping[str, Any]) -> None:
        """Keep one update; on return it may be confirmed."""
        heard = self._heard(update)
        if isinstance(heard, Elsewhere):
            heard = await self._from_elsewhere(update, heard)
        if isinstance(heard, Incoming):
            await self._around.intake.accept(self._with_lane(heard))
        elif heard is not None:
            await self._about_desk(heard)

    def _with_lane(self, heard: Incoming) -> Incoming:
        lane = heard.lane
        if isinstance(lane, ByThread) and self._desk and (customer := self._desk.customer_of(lane.chat, lane.thread)):
            return replace(heard, lane=ByCustomer(customer))
        return heard

    def _heard(self, update: Mapping[str, Any]) -> Heard:
        here = Here(self._client.bot.id, self._desk.chat if self._desk else None)
        return translate(update, here, self._around.clock.now())

    async def _about_desk(self, heard: Moved | TopicBorn | RightsChanged | Elsewhere) -> None:
        if self._desk is None:
            return
        if isinstance(heard, Moved):
            await self._desk.moved(heard.old, heard.new)
        elif isinstance(heard, TopicBorn):
            self._desk.topic_born(heard)
        elif isinstance(heard, RightsChanged):
            self.on_desk_back()
            self._soon(self._look_at_desk())

    async def _from_elsewhere(self, update: Mapping[str, Any], heard: Elsewhere) -> Heard:
        """A group that isn't the desk; unless the desk moved there and another process was told."""
        if heard.joined:
            advice = f"to make it the desk set TELEGRAM_DESK_CHAT={heard.chat}"
            log.info("the bot was let into a group", group=heard.chat, title=heard.title, advice=advice)
        if self._desk is None or not await self._desk_moved_to(heard.chat, self._desk):
            return None
        return self._heard(update)

    async def _desk_moved_to(self, chat: int, desk: Desk) -> bool:
        """Look once for each strange group. One after the other: what comes meanwhile needs the same answer."""
        async with self._looking:
            if chat in self._strangers or chat == desk.chat:
                return chat == desk.chat
            with suppress(TelegramBadRequest, TelegramForbiddenError):
                await desk.check()
            if len(self._strangers) < STRANGERS:
                self._strangers.add(chat)
            return chat == desk.chat

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="telegram")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- delivering

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt. Never raises for what Telegram answers."""
        if parcel.message.kind is Kind.TAP_ANSWER:
            return await self._post.answer_tap(parcel.message)
        if parcel.side is Side.DESK:
            if self._desk is None:
                return Delivery(Outcome.REJECTED, why="no desk on Telegram: TELEGRAM_DESK_CHAT is not set")
            return await self._desk.deliver(parcel, fetch)
        room = self._customers if parcel.side is Side.CUSTOMER else self._managers
        delivery = await room.deliver(parcel, fetch)
        if delivery.outcome is Outcome.WAIT and not delivery.everywhere:
            everywhere = self._floods.everywhere(self.chat_key(parcel), delivery.retry_after)
            return replace(delivery, everywhere=everywhere)
        return delivery

    def chat_key(self, parcel: Parcel) -> str:
        """The chat; taps and reactions are no messages, so they keep a pace of their own."""
        message = parcel.message
        if message.kind is Kind.TAP_ANSWER:
            return f"tap:{message.tap}"
        if parcel.side is Side.DESK:
            chat = self._desk.chat if self._desk else 0
            return f"{chat}:marks" if _is_reaction(message) else str(chat)
        person = str(private_chat(parcel) or f"nobody:{parcel.customer}")
        return f"{person}:typing" if message.kind is Kind.TYPING else person

    def link(self, token: str) -> str | None:
        """https://core.telegram.org/bots/features#deep-linking; None until we know our own name."""
        return f"https://t.me/{self._username}?start={token}" if self._username else None

    # --- files

    async def fetch(self, attachment: Attachment) -> File:
        """Download a file that lies on Telegram; bots get at most 20 MB."""
        if not attachment.ref:
            raise FileUnavailable("there is no file in it")
        if attachment.size > MOST_DOWNLOAD:
            raise FileUnavailable(f"the file has {attachment.size / 1e6:.0f} MB, and Telegram gives bots 20 MB at most")
        for attempt in range(1, DOWNLOAD_TRIES + 1):
            try:
                return await self._download(attachment)
            except TelegramNetworkError as error:
                if attempt == DOWNLOAD_TRIES:
                    raise FileUnavailable(f"Telegram didn't give the file: {told(error)}") from error
                await asyncio.sleep(FIRST_PAUSE * attempt)
            except AiogramError as error:
                raise FileUnavailable(_no_file(error)) from error
        raise AssertionError

    async def _download(self, attachment: Attachment) -> File:
        found = await self._client.call("getFile", {"file_id": attachment.ref})
        path = str(found["file_path"])
        data = await self._client.download(path)
        name = attachment.name or PurePosixPath(path).name
        mime = attachment.mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return File(name, mime, data)


def _desk(surroundings: Surroundings, client: Client, post: Post) -> Desk | None:
    chat = surroundings.settings.telegram_desk_chat
    if chat is None:
        return None
    return Desk(client, post, surroundings.store, chat, surroundings.program.shop.zone)


def _is_reaction(message: Message) -> bool:
    return message.kind is Kind.MARK and message.mark is MarkState.DELIVERED and not message.text


def _no_file(error: AiogramError) -> str:
    if isinstance(error, TelegramBadRequest) and says(error, TOO_BIG):
        return "the file is over 20 MB, which is the most that Telegram gives bots"
    return f"Telegram doesn't have the file any more: {told(error)}"
