"""What the two browser edges share: NiceGUI under our application, signed cookies, live pages, files, floods.

NiceGUI is one application per process, whatever we do: its pages are registered once, and each request carries the
edge that it belongs to (`scope["afterword.edge"]`), so that several applications can live in one process (tests).
"""

from __future__ import annotations

import asyncio
import html
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.domain.attachments import describe, place_link
from bot.domain.message import Attachment, Media
from bot.errors import AfterwordError, FileUnavailable
from bot.ports import Blob, File, Line, Store

if TYPE_CHECKING:
    from fastapi import FastAPI
    from nicegui.element import Element
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

UPLOAD_LIMIT: Final = 20 * 1024 * 1024
"""Bytes of one file that a browser may bring: what a Telegram bot can fetch, too."""
LONGEST_WORDS: Final = 10_000
EDGE: Final = "afterword.edge"
WHO: Final = "afterword.who"
RECONNECT_S: Final = 20.0
"""How long a page that lost its connection (a phone in a lift) keeps its place on the server."""
SOON_S: Final = (0.3, 1.0, 3.0)
FAVICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/>'
    '<path d="M8 11h16M8 17h10" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)
LOOK: Final = Path(__file__).with_name("look.css")
THEME: Final = """<script>(() => {
  const wish = () => { try { return localStorage.getItem("afterword-theme"); } catch (_) { return null; } };
  const dusk = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark", wish() ? wish() === "dark" : dusk.matches);
  window.afterwordTheme = (name) => { try { localStorage.setItem("afterword-theme", name); } catch (_) {} apply(); };
  dusk.addEventListener("change", apply);
  apply();
})();</script>"""


# ---------------------------------------------------------------- NiceGUI under our application


def mount_pages(app: FastAPI) -> None:
    """Put NiceGUI behind every other route of `app`. No session storage: who somebody is, our own cookies say."""
    # import_module: names of NiceGUI are untouched until an edge with pages is there.
    core, ui = import_module("nicegui").core, import_module("nicegui").ui
    core.app.middleware_stack = None  # an earlier application of this process (tests) has closed it
    core.app.user_middleware.clear()
    ui.run_with(
        app,
        title="Afterword",
        favicon=FAVICON,
        dark=False,
        language="en-US",
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_S,
        show_welcome_message=False,
        storage_secret=None,
    )
    core.app.exception_handlers[404] = _nothing_here


async def _nothing_here(_: Request, __: Exception) -> Response:
    return JSONResponse({"detail": "There is nothing here."}, 404)


def dress(*styles: Path, title: str) -> None:
    """Give the page that is being built our look, without a flash of the wrong theme."""
    ui = import_module("nicegui").ui
    css = "\n".join(path.read_text(encoding="utf-8") for path in (LOOK, *styles))
    ui.add_head_html(f"{THEME}<style>{css}</style>")
    ui.page_title(title)


class Door:
    """Stands before a page: `admit` says who comes in (and which cookie they get), or what they are told instead.

    Nobody who isn't admitted costs more than a short answer: NiceGUI keeps state for each page that it serves.
    """

    def __init__(self, edge: object, admit: Callable[[Request], Awaitable[Admitted | Response]]) -> None:
        self.edge = edge
        self.admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As an ASGI application."""
        request = Request(scope, receive)
        if request.method not in {"GET", "HEAD"}:
            await JSONResponse({"detail": "Method Not Allowed"}, 405)(scope, receive, send)
            return
        answer = await self.admit(request)
        if isinstance(answer, Response):
            await answer(scope, receive, send)
            return
        if request.method == "HEAD":
            await Response(headers={"cache-control": "no-store"})(scope, receive, send)
            return
        pages: ASGIApp = import_module("nicegui").core.app
        await pages({**scope, EDGE: self.edge, WHO: answer.who}, receive, _with_cookie(send, answer.cookie))


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who may see a page. `cookie` is the header to set, "" = none."""

    who: Any
    cookie: str = ""


def _with_cookie(send: Send, cookie: str) -> Send:
    async def sent(message: Message) -> None:
        if cookie and message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", cookie.encode("latin-1"))]}
        await send(message)

    return sent


# ---------------------------------------------------------------- cookies


class SignedCookie:
    """A cookie that can't be made up: http-only, same site, with an age limit that the server checks."""

    def __init__(self, name: str, secret: bytes, max_age_s: int, public_url: str | None) -> None:
        self.name = name
        self.max_age_s = max_age_s
        self._public = urlsplit(public_url or "")
        self._signer = URLSafeTimedSerializer(secret, salt=f"afterword.{name}")

    def read(self, request: Request) -> str | None:
        """What was signed; None for a missing, forged or old one."""
        return self.unsign(request.cookies.get(self.name, ""))

    def unsign(self, value: str) -> str | None:
        """What was signed, while it is young enough."""
        try:
            content = self._signer.loads(value, max_age=self.max_age_s)
        except BadSignature:
            return None
        return content if isinstance(content, str) else None

    def header(self, content: str, request: Request) -> str:
        """The Set-Cookie header for `content`; "" content takes it away."""
        value, age = (self._signer.dumps(content), self.max_age_s) if content else ("", 0)
        secure = request.url.scheme == "https" or (
            self._public.scheme == "https" and request.url.hostname == self._public.hostname
        )
        words = f"{self.name}={value}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax"
        return f"{words}; Secure" if secure else words


def same_origin(request: Request) -> bool:
    """Whether a browser sent this from a page of ours. What isn't a browser has no cookie that could be abused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


# ---------------------------------------------------------------- live pages


class Live:
    """The open pages of an edge: each is refreshed when something happened to its customer, and now and then anyway."""

    def __init__(self) -> None:
        self._pages: dict[LivePage, int | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[LivePage]:
        return iter(list(self._pages))

    def wake(self, topic: str) -> None:
        """`page:<customer>` wakes the pages of that customer and those that watch everybody; `page` wakes all."""
        word, _, number = topic.partition(":")
        if word != "page":
            return
        customer = int(number) if number.isdigit() else None
        for page, watched in self._pages.items():
            if customer is None or watched is None or watched == customer:
                page.woken(customer)

    def show_typing(self, customer: int) -> None:
        """A person is writing to this customer: their pages show it for a moment."""
        for page, watched in self._pages.items():
            if watched == customer:
                page.typing()

    def wake_whose(self, owner: str) -> None:
        """Wake the pages that belong to one person, whomever they watch."""
        for page in self._pages:
            if page.owner == owner:
                page.woken(None)

    def look_soon(self, owner: str) -> None:
        """After somebody's own action their pages look by themselves, should the wake-up be late or lost."""
        for seconds in SOON_S:
            asyncio.get_running_loop().call_later(seconds, self.wake_whose, owner)

    def watch(self, page: LivePage, customer: int | None) -> None:
        """From now on `page` is woken for this customer (None = for all)."""
        self._pages[page] = customer

    def open(self, page: LivePage) -> None:
        """Keep a page fresh until its browser goes."""
        self.watch(page, None)
        task = asyncio.create_task(page.keep_fresh(), name=f"page of {type(page).__name__}")
        self._tasks.add(task)
        page.element.client.on_delete(lambda: self._close(page, task))

    def _close(self, page: LivePage, task: asyncio.Task[None]) -> None:
        self._pages.pop(page, None)
        self._tasks.discard(task)
        task.cancel()
        page.left()

    async def stop(self) -> None:
        """Let every page go."""
        tasks = list(self._tasks)
        self._tasks.clear()
        self._pages.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class LivePage:
    """One open page: `refresh` sends its browser what changed, never more."""

    every_s: float = 10.0
    """The slow poll: the net under a wake-up that got lost."""
    least_s: float = 0.1
    """Wake-ups closer than this make one refresh."""

    def __init__(self, element: Element, owner: str) -> None:
        self.element = element
        self.owner = owner
        self.due = asyncio.Event()
        self._turn = asyncio.Lock()

    def woken(self, customer: int | None) -> None:  # noqa: ARG002 - for pages that look at one of many
        """Something happened to a customer whom this page watches (None = to anybody)."""
        self.due.set()

    def left(self) -> None:
        """The browser went."""

    def staff_changed(self) -> None:
        """Somebody of the shop went away, came back, joined or left; pages that show nobody leave it."""

    def looked_at(self, case: int) -> None:
        """A colleague came to this case, left it or writes there; pages that show no case leave it."""

    def notice(self, customer: int, text: str) -> None:
        """Something for whoever looks at this customer now; pages that show nobody leave it."""

    def typing(self) -> None:
        """Somebody writes to the customer of this page; pages of the shop's people leave it."""

    async def refresh(self) -> None:
        """Read what there is now and send the difference."""
        raise NotImplementedError

    async def refresh_now(self) -> None:
        """One refresh at a time, so that differences stay differences."""
        async with self._turn:
            await self.refresh()

    async def keep_fresh(self) -> None:
        """Refresh when woken, and every so often anyway."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.every_s):
                    await self.due.wait()
            self.due.clear()
            try:
                await self.refresh_now()
            except Exception:
                log.exception("a page could not be refreshed")
            await asyncio.sleep(self.least_s)

    def tell(self, method: str, *arguments: Any) -> None:  # noqa: ANN401 - anything that JSON can say
        """Call a method of the page's component in the browser."""
        _ = self.element.run_method(method, *arguments)  # sent without waiting for an answer


def changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(what is new or differs, what is gone) between two keyed states."""
    return (
        {key: value for key, value in new.items() if old.get(key) != value},
        [key for key in old if key not in new],
    )


def guarded(handler: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> Callable[[Any], Awaitable[None]]:
    """An event handler that takes a browser's object and survives whatever comes instead of one."""

    async def handle(event: Any) -> None:  # noqa: ANN401 - NiceGUI's event
        if isinstance(event.args, dict):
            await handler(event.args)

    return handle


def text_of(given: dict[str, Any], name: str, longest: int = LONGEST_WORDS) -> str:
    """A text that a browser sent under this name, cut; "" for anything else."""
    value = given.get(name)
    return value[:longest].strip() if isinstance(value, str) else ""


def key_of(given: dict[str, Any]) -> str:
    """The key that the page made for an action, "" when it is not one."""
    key = text_of(given, "key", 64)
    return key if len(key) >= 16 and key.replace("-", "").isalnum() and key.isascii() else ""  # noqa: PLR2004 - UUIDs


# ---------------------------------------------------------------- files


async def keep_upload(request: Request, store: Store, channel: str) -> Attachment:
    """Store the raw body as a file. What it is, its first bytes say and not the browser."""
    data = await request.body()
    if not data:
        raise UploadRefused("The file is empty.")
    if len(data) > UPLOAD_LIMIT:
        raise UploadRefused("The file is too large: up to 20 MB.")
    name = request.query_params.get("name", "")[:200].replace("/", "_").replace("\\", "_") or "file"
    mime = picture_type(data)
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]
    ref = await store.put_blob(Blob(name, mime or given or "application/octet-stream", data))
    media = Media.PHOTO if mime else Media.DOCUMENT
    return Attachment(media, channel, ref, name, mime or given or "application/octet-stream", len(data))


class UploadRefused(AfterwordError):
    """A file that can't be taken, and why."""


def picture_type(data: bytes) -> str:
    """The type of a picture that every browser shows; "" for anything else (SVG can carry scripts)."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


async def blob_file(store: Store, attachment: Attachment) -> File:
    """The content of a file that we keep; raises `FileUnavailable`."""
    blob = await store.get_blob(attachment.ref)
    if blob is None:
        raise FileUnavailable("The file is not there any more.")
    return File(blob.name, blob.mime, blob.data)


def file_answer(file: File) -> Response:
    """Show a picture or a sound; everything else is a download. Nothing in a file can run."""
    mime = picture_type(file.data)
    if not mime and file.mime.startswith(("audio/", "video/")) and file.mime.isascii() and "\n" not in file.mime:
        mime = file.mime
    kind = "inline" if mime else "attachment"
    return Response(
        file.data,
        media_type=mime or "application/octet-stream",
        headers={
            "content-disposition": f"{kind}; filename*=UTF-8''{quote(file.name or 'file', safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, max-age=3600",
        },
    )


def attachment_of(lines: list[Line], line: int, index: int) -> Attachment | None:
    """Attachment `index` of line `line`, when it is one of these."""
    for each in lines:
        if each.id == line and 0 <= index < len(each.attachments):
            return each.attachments[index]
    return None


def file_view(attachment: Attachment, url: str) -> dict[str, Any]:
    """An attachment as a page shows it."""
    return {
        "media": attachment.media.value,
        "name": attachment.name or describe(attachment).strip("[]"),
        "size": attachment.size,
        "note": attachment.note,
        "url": url if attachment.ref else place_link(attachment),
    }


def in_order(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with the moment to sort it by: lines come as they were written, whatever a platform's clock said."""
    latest: datetime | None = None
    for line in lines:
        latest = line.at if latest is None else max(latest, line.at)
        yield line, latest.isoformat()


def signed_apart(text: str, contact: str) -> tuple[str, str]:
    """(words, the line with the shop's contact that every message of the bot ends with)."""
    words, gap, last = text.rpartition("\n\n")
    return (words, last) if gap and contact and contact in last else (text, "")


# ---------------------------------------------------------------- floods


class Flood:
    """At most `number` within `span_s` seconds for each key; the longest silent keys are forgotten."""

    def __init__(self, number: int, span_s: float, most_keys: int = 20_000) -> None:
        self.number = number
        self.span_s = span_s
        self.most_keys = most_keys
        self._seen: OrderedDict[str, list[float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count one more, unless it would be too many."""
        now = time.monotonic()
        recent = [moment for moment in self._seen.pop(key, []) if now - moment < self.span_s]
        allowed = len(recent) < self.number
        if allowed:
            recent.append(now)
        self._seen[key] = recent
        if len(self._seen) > self.most_keys:
            self._seen.popitem(last=False)
        return allowed


# ---------------------------------------------------------------- short pages without NiceGUI


def short_page(title: str, body: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A page of a few words. `title` is escaped here, `body` is HTML of our own."""
    css = LOOK.read_text(encoding="utf-8")
    content = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><meta name="robots" content="noindex"><title>{html.escape(title)}</title>{THEME}'
        f'<style>{css}</style></head><body><main class="short"><h1>{html.escape(title)}</h1>{body}</main></body></html>'
    )
    return HTMLResponse(content, status, headers={"cache-control": "no-store", **(headers or {})})
