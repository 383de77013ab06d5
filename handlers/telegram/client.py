"""aiogram's client made lean: its session, servers and errors, without a model for every call and answer.

A call by its Bot API name with plain values costs a third of aiogram's typed call (`tests/telegram/measure.py`
measures it): a model for the method, one for its form, one for the answer are left out. Calls that are
made once at the start go through `bot`, aiogram's own typed way.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

import aiogram.methods
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramServerError
from aiogram.methods import TelegramMethod
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector

from bot.ports import File

CALL = ClientTimeout(total=30, sock_connect=10)
UPLOAD = ClientTimeout(total=180, sock_connect=10)
JSON = {"Content-Type": "application/json"}


class LeanSession(AiohttpSession):
    """aiogram's session over a plainer aiohttp one: no cookies, nothing unpacked that was never packed."""

    async def create_session(self) -> ClientSession:
        """One session for everything, made on first use."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=TCPConnector(**self._connector_init),
                cookie_jar=DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding"),
            )
        return self._session

    async def close(self) -> None:
        """As aiogram's, whose pause lets TLS connections end well; without TLS there is nothing to wait for."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None:
            await self._session.close()


class Client:
    """Calls to one bot's API. Raises aiogram's errors, and nothing else, for whatever goes wrong."""

    def __init__(self, token: str, server: str | None = None) -> None:
        """`server` is the base of another Bot API server. Raises `TokenValidationError` for what is no token."""
        self._api = TelegramAPIServer.from_base(server) if server else PRODUCTION
        self.session = LeanSession(api=self._api)
        self.bot = Bot(token, session=self.session)
        self._urls: dict[str, str] = {}

    async def call(self, name: str, params: Mapping[str, Any], timeout: ClientTimeout = CALL) -> Any:  # noqa: ANN401, ASYNC109 - an answer of any shape; aiohttp keeps the time
        """Call a method by its Bot API name; returns the `result` as it came. None values count as not given."""
        body = orjson.dumps({key: value for key, value in params.items() if value is not None})
        return await self._post(name, params, body, timeout)

    async def upload(self, name: str, params: Mapping[str, Any], files: Mapping[str, File]) -> Any:  # noqa: ANN401 - as above
        """The same with files, whose names in `params` are `attach://<key>`."""
        form = FormData(quote_fields=False)
        for key, value in params.items():
            if value is not None:
                form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
        for key, file in files.items():
            form.add_field(key, BytesIO(file.data), filename=file.name or key, content_type=file.mime or None)
        return await self._post(name, params, form, UPLOAD)

    async def download(self, path: str) -> bytes:
        """A file by the path that getFile told."""
        session = await self.session.create_session()
        method = _method("getFile", {"file_id": path})
        try:
            async with session.get(self._api.file_url(self.bot.token, path), timeout=UPLOAD) as answer:
                if answer.status != HTTPStatus.OK:
                    raise TelegramNetworkError(method=method, message=f"the file server answered {answer.status}")
                return await answer.read()
        except (ClientError, TimeoutError) as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Let go of every connection."""
        await self.session.close()

    async def _post(self, name: str, params: Mapping[str, Any], body: bytes | FormData, timeout: ClientTimeout) -> Any:  # noqa: ANN401, ASYNC109 - as above
        session = await self.session.create_session()
        headers = JSON if isinstance(body, bytes) else None
        try:
            async with session.post(self._url(name), data=body, headers=headers, timeout=timeout) as answer:
                content = await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            words = f"{type(error).__name__}: {error}"
            raise TelegramNetworkError(method=_method(name, params), message=words) from error
        if answer.status == HTTPStatus.OK and (answered := _read(content)) is not None and answered.get("ok") is True:
            return answered["result"]
        self._refuse(_method(name, params), answer.status, content)
        return None

    def _refuse(self, method: TelegramMethod[Any], status: int, content: bytes) -> None:
        """Raise the error of aiogram that fits; a gateway's page instead of an answer is the server's failure."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and _read(content) is None:
            raise TelegramServerError(method=method, message=f"the server answered {status} without a reason")
        self.session.check_response(self.bot, method, status, content.decode(errors="replace"))
        raise TelegramServerError(method=method, message=f"the server answered {status} with ok")

    def _url(self, name: str) -> str:
        url = self._urls.get(name)
        if url is None:
            url = self._urls[name] = self._api.api_url(self.bot.token, name)
        return url


def _read(content: bytes) -> dict[str, Any] | None:
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return read if isinstance(read, dict) else None


def _method(name: str, params: Mapping[str, Any]) -> TelegramMethod[Any]:
    """What aiogram's errors carry: the method, made only when something went wrong."""
    made: TelegramMethod[Any] = getattr(aiogram.methods, name[0].upper() + name[1:]).model_construct(**params)
    return made
