"""Calls of Slack's Web API, what their failures mean, and words on their way out."""

from __future__ import annotations

import io
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.attachments import NAMES, TELLING, describe, place_link
from bot.domain.message import Attachment, Button, Message, Ref, Side
from bot.errors import AfterwordError, FileUnavailable
from bot.ports import Delivery, Fetch, File, Outcome, Parcel, Thread
from handlers.slack.address import Json, ref_of
from handlers.slack.words import PIECE, clean, escape, pieces, shorten

OK: Final = 200
TOO_MANY: Final = 429
BROKEN: Final = 500
MOST_ROWS: Final = 40
MOST_BUTTONS: Final = 25
LABEL: Final = 75
NAME: Final = 80
STYLES: Final = frozenset({"primary", "danger"})
ANEW: Final = "anew="
POST: Final = "chat.postMessage"
UPLOAD: Final = "files.getUploadURLExternal"
UPLOAD_S: Final = 60.0
CUSTOMIZE: Final = "chat:write.customize"

REPEATABLE: Final = frozenset(
    {
        "auth.test",
        "chat.delete",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.join",
        "conversations.open",
        "conversations.replies",
        "files.delete",
        "files.getUploadURLExternal",
        "files.info",
        "reactions.add",
        "reactions.remove",
        "users.info",
        "users.lookupByEmail",
    }
)
"""Doing these twice does no harm: without an answer they are simply tried again."""

TOKEN_TROUBLE: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
PASSING: Final = frozenset(
    {"accesslimited", "fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
GONE_PEOPLE: Final = {
    "account_inactive": "their Slack account is deactivated",
    "cannot_dm_bot": "that Slack account is a bot",
    "channel_not_found": "they have no direct message with us on Slack any more",
    "is_archived": "their direct message on Slack is closed",
    "is_inactive": "their Slack account is deactivated",
    "user_disabled": "their Slack account is deactivated",
    "user_not_found": "they are not in the Slack workspace",
    "user_not_visible": "Slack does not let us see them",
    "users_not_found": "they are not in the Slack workspace",
}
GONE_THREADS: Final = frozenset({"invalid_thread_ts", "message_not_found", "thread_not_found"})
LOST_DESK: Final = {
    "channel_not_found": "the desk channel does not exist, or the bot is not in it: /invite the bot there",
    "is_archived": "the desk channel is archived: bring it back, or set another SLACK_DESK_CHANNEL",
    "not_in_channel": "the bot is not in the desk channel: /invite it there",
}


SHUT_DESK: Final = frozenset(
    {"missing_scope", "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_locked"}
)
"""The app may write nothing there at all: what is refused now is only waiting for its rights."""


class CallFailed(AfterwordError):
    """A call that Slack refused, or that had no answer (`error` ""; `maybe`: it may have taken effect all the same).

    `parts` are the parts of the message that had arrived before, `thread` the thread made for them.
    """

    def __init__(
        self,
        method: str,
        error: str = "",
        *,
        status: int = 0,
        retry_after: float = 0.0,
        maybe: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(f"{method}: {error or 'no answer'}{f' ({detail})' if detail else ''}")
        self.method = method
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.maybe = maybe and method not in REPEATABLE
        self.detail = detail
        self.parts: tuple[str, ...] = ()
        self.thread: Thread | None = None


# ---------------------------------------------------------------- the calls


class Web(AsyncWebClient):
    """The SDK's client on one shared session. JSON calls skip its retry bookkeeping, which costs as much as the call.

    Fails with `CallFailed` alone. Keeps to every Retry-After: until then it refuses by itself.
    """

    def __init__(self, token: str, base_url: str | None, session: aiohttp.ClientSession) -> None:
        base = (base_url or self.BASE_URL).rstrip("/") + "/"
        super().__init__(token=token, base_url=base, session=session)
        self.shared = session
        self.scopes: frozenset[str] | None = None
        """What the token may do; None while unknown."""
        self.on_token_trouble: Callable[[], None] = lambda: None
        self._until: dict[str, float] = {}
        self._json_headers = {
            **self.headers,
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json; charset=utf-8",
        }

    def may(self, *scopes: str) -> bool:
        """The token has one of the scopes, as far as we know."""
        return self.scopes is None or not self.scopes.isdisjoint(scopes)

    async def api_call(
        self,
        api_method: str,
        *,
        json: Json | None = None,
        **options: Any,  # noqa: ANN401 - the SDK's own, passed on as they come
    ) -> AsyncSlackResponse:
        """One call. JSON when `json` is given."""
        line = f"{api_method} {(json or {}).get('channel', '')}" if api_method == POST else api_method
        self._wait_over(api_method, line)
        try:
            if json is None:
                return await super().api_call(api_method, **options)
            return await self._post_json(api_method, json)
        except SlackApiError as error:
            failure = _refused(api_method, error)
        except aiohttp.ClientConnectorError as error:
            failure = CallFailed(api_method, detail=str(error))
        except aiohttp.ConnectionTimeoutError as error:
            failure = CallFailed(api_method, detail=str(error) or "no connection in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = CallFailed(api_method, maybe=True, detail=str(error) or type(error).__name__)
        if failure.retry_after:
            self._until[line] = time.monotonic() + failure.retry_after
        if failure.error in TOKEN_TROUBLE:
            self.on_token_trouble()
        raise failure

    def _wait_over(self, method: str, line: str) -> None:
        until = self._until.get(line)
        if until is None:
            return
        left = until - time.monotonic()
        if left > 0:
            raise CallFailed(method, "ratelimited", status=TOO_MANY, retry_after=left)
        del self._until[line]

    async def _post_json(self, method: str, given: Json) -> AsyncSlackResponse:
        url = self.base_url + method
        body = {name: value for name, value in given.items() if value is not None}
        async with self.shared.post(url, data=_encoded(body), headers=self._json_headers) as answer:
            data = _decoded(await answer.read())
            response = AsyncSlackResponse(
                client=self,
                http_verb="POST",
                api_url=url,
                req_args={},
                data=data,
                headers=dict(answer.headers),
                status_code=answer.status,
            )
        return response.validate()  # type: ignore[no-untyped-call, no-any-return] # the SDK leaves it untyped

    def is_own(self, address: str) -> bool:
        """An address that may see our token: Slack's own, never another service's."""
        try:
            there, ours = urlsplit(address), urlsplit(self.base_url)
        except ValueError:
            return False
        if there.netloc == ours.netloc:
            return there.scheme == ours.scheme
        host = there.hostname or ""
        return there.scheme == "https" and host.endswith((".slack.com", ".slack-files.com", ".slack-edge.com"))


def _encoded(body: Json) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:  # a lone half of a character somewhere inside
        return orjson.dumps(_cleaned(body))


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list) else value


def _decoded(body: bytes) -> Json:
    try:
        data = orjson.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _refused(method: str, error: SlackApiError) -> CallFailed:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    data = data if isinstance(data, dict) else {}
    name = str(data.get("error") or "")
    wait = 0.0
    if status == TOO_MANY or name in {"ratelimited", "rate_limited"}:
        name, wait = "ratelimited", _seconds(dict(getattr(response, "headers", {})))
    messages = data.get("response_metadata", {}).get("messages") or data.get("errors") or data.get("needed") or ""
    return CallFailed(method, name, status=status, retry_after=wait, detail=shorten(str(messages), 500))


def _seconds(headers: Json) -> float:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return max(1.0, float(value))
    except ValueError:
        return 1.0


# ---------------------------------------------------------------- what a failure means


def judge(failure: CallFailed, side: Side) -> Delivery:
    """The outcome of a failed attempt, with what had arrived before it failed."""
    delivery = _outcome(failure, side)
    if delivery.outcome is Outcome.THREAD_GONE:
        return thread_gone(failure.parts)
    if not failure.parts:
        return delivery
    return replace(delivery, sent=failure.parts, refs=refs_of(failure.parts), thread=failure.thread)


def thread_gone(parts: tuple[str, ...]) -> Delivery:
    """What had arrived went with the thread: in the new one all of it comes again."""
    return Delivery(Outcome.THREAD_GONE, why="the thread on Slack was deleted", sent=(ANEW,) if parts else ())


def _outcome(failure: CallFailed, side: Side) -> Delivery:
    error = failure.error
    if failure.retry_after:
        return Delivery(Outcome.WAIT, why="Slack asks us to slow down", retry_after=failure.retry_after)
    if error in TOKEN_TROUBLE:
        outcome = Outcome.DESK_LOST if side is Side.DESK else Outcome.RETRY
        return Delivery(outcome, why=f"Slack refuses our token ({error}): set SLACK_BOT_TOKEN anew")
    if failure.status >= BROKEN or error in PASSING:
        return Delivery(Outcome.RETRY, why=f"Slack has trouble ({error or failure.status})")
    if not error and not failure.status:
        outcome = Outcome.UNCERTAIN if failure.maybe else Outcome.RETRY
        return Delivery(outcome, why=f"no answer from Slack: {failure.detail}")
    return _final(failure, side)


def _final(failure: CallFailed, side: Side) -> Delivery:
    """Slack's last word: it will not take this, whenever it is tried."""
    error = failure.error
    if side is Side.DESK and error in GONE_THREADS:
        return thread_gone(())
    if side is Side.DESK and error in LOST_DESK:
        return Delivery(Outcome.DESK_LOST, why=LOST_DESK[error])
    if side is Side.DESK and error in SHUT_DESK and failure.method == POST:
        return Delivery(Outcome.DESK_LOST, why=_refusal(failure))
    if side is not Side.DESK and error in GONE_PEOPLE:
        return Delivery(Outcome.UNREACHABLE, why=GONE_PEOPLE[error])
    return Delivery(Outcome.REJECTED, why=_refusal(failure))


def _refusal(failure: CallFailed) -> str:
    if failure.error == "missing_scope":
        return f"the Slack app lacks the right {failure.detail or 'for ' + failure.method}: add it and reinstall"
    detail = f": {failure.detail}" if failure.detail else ""
    return f"Slack refused it ({failure.error or failure.status}){detail}"


# ---------------------------------------------------------------- a message in parts


@dataclass(frozen=True, slots=True)
class Part:
    """One call of several that make up a message. `name` tells it from the others of the parcel."""

    name: str
    send: Callable[[], Awaitable[Ref | None]]


class Parts(list[Part]):
    """The calls of a message. `lost` tells what can't be sent with them, and why."""

    lost: str = ""


async def send_parts(parcel: Parcel, parts: Iterable[Part]) -> Delivery:
    """Send what hasn't arrived yet, in order. What has arrived is `name=channel/ts`, so that its ref is known later."""
    sent = list(parcel.sent)
    lost = parts.lost if isinstance(parts, Parts) else ""
    if lost and not parts and not sent:
        return Delivery(Outcome.REJECTED, why=lost)
    there = {done.partition("=")[0] for done in sent}
    for part in parts:
        if part.name in there:
            continue
        try:
            ref = await part.send()
        except CallFailed as failure:
            failure.parts = tuple(sent)
            raise
        sent.append(f"{part.name}={ref.chat}/{ref.message}" if ref else f"{part.name}=")
    return Delivery(Outcome.SENT, refs_of(sent), why=lost, sent=tuple(sent))


FILES: Final = "files"


def files_ref(files: Iterable[str]) -> Ref:
    """Files that were shared: known by their own ids, since Slack doesn't tell the message."""
    return ref_of(FILES, ",".join(files))


def ref_named(sent: Iterable[str], name: str) -> Ref | None:
    """The message behind one part."""
    return next(iter(refs_of(done for done in sent if done.startswith(f"{name}="))), None)


def refs_of(sent: Iterable[str]) -> tuple[Ref, ...]:
    """The messages behind the parts that arrived."""
    places = (done.partition("=")[2].partition("/") for done in sent)
    return tuple(ref_of(channel, ts) for channel, _, ts in places if ts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where words go: a conversation, and a thread in it ("" = none)."""

    channel: str
    thread: str = ""


class Writer:
    """Puts messages into places."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self._named = True

    @property
    def can_sign(self) -> bool:
        """A message may carry a person's name instead of the bot's."""
        return self._named and self.web.may(CUSTOMIZE)

    async def post(
        self, place: Place, text: str, blocks: Sequence[Json] = (), author: str = "", picture: str = ""
    ) -> Ref:
        """One message. Without `blocks` the words stand as they are: no formatting, no mentions."""
        given: Json = {
            "channel": place.channel,
            "text": escape(text),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if blocks:
            given["blocks"] = list(blocks)
        else:
            given["mrkdwn"] = False
        if place.thread:
            given["thread_ts"] = place.thread
        return await self._signed(given, author, picture)

    async def _signed(self, given: Json, author: str, picture: str) -> Ref:
        if author and self.can_sign:
            try:
                return await self._send({**given, "username": shorten(author, NAME), "icon_url": picture or None})
            except CallFailed as failure:
                if failure.error != "missing_scope":
                    raise
                self._named = False
        if author and "blocks" in given:
            given["blocks"] = [{"type": "context", "elements": [plain(shorten(author, NAME))]}, *given["blocks"]]
        elif author:
            given["text"] = f"{escape(author)}: {given['text']}"
        return await self._send(given)

    async def _send(self, given: Json) -> Ref:
        response = await self.web.api_call(POST, json=given)
        return ref_of(str(response["channel"] or given["channel"]), str(response["ts"]))

    async def upload(self, place: Place, files: Sequence[File], author: str = "") -> Ref | None:
        """Files as one message. Slack tells its ts only later: the ref names the files themselves."""
        uploaded: list[dict[str, str | None]] = [
            {"id": await self._uploaded(file), "title": file.name} for file in files
        ]
        await self.web.files_completeUploadExternal(
            files=uploaded,
            channel_id=place.channel,
            thread_ts=place.thread or None,
            initial_comment=f"{escape(author)}:" if author else None,
        )
        return files_ref(str(file["id"]) for file in uploaded)

    async def _uploaded(self, file: File) -> str:
        """Bring the bytes; nobody sees them before the upload is completed."""
        response = await self.web.files_getUploadURLExternal(filename=file.name, length=len(file.data))
        patience = aiohttp.ClientTimeout(total=UPLOAD_S)
        try:
            address, data = str(response["upload_url"]), io.BytesIO(file.data)
            async with self.web.shared.post(address, data=data, timeout=patience) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError) as error:
            raise CallFailed(UPLOAD, detail=str(error) or type(error).__name__) from error
        if status != OK:
            raise CallFailed(UPLOAD, "" if status >= BROKEN else "upload_refused", status=status)
        return str(response["file_id"])

    async def parts(self, message: Message, place: Place, fetch: Fetch, author: str = "") -> Parts:
        """A message as the calls that it takes: its words in pieces, buttons under the last, files after them.

        With an `author` it goes to a customer: of a file that can't be had the author is told (`lost`), not they.
        """
        text = unsigned(message.text, author) if author else message.text
        found = await gather_files(message.attachments, fetch)
        quote = f"↩ “{message.quote}”" if message.quote else ""
        lost = [f"📎 {line}" for line in found.lost] if not author else []
        texts = list(pieces("\n".join(filter(None, (quote, text, *found.lines, *lost)))))
        if message.buttons and not texts:
            texts = ["…"]
        signed = (author, message.picture)
        parts = Parts(self._words(f"text{n}", place, words, signed) for n, words in enumerate(texts[:-1]))
        if texts:
            parts.append(self._words(f"text{len(texts) - 1}", place, texts[-1], signed, message.buttons))
        if found.files:
            unnamed = "" if texts else author
            parts.append(Part("files", lambda: self.upload(place, found.files, unnamed)))
        parts.lost = "; ".join(found.lost) if author else ""
        return parts

    def _words(
        self,
        name: str,
        place: Place,
        text: str,
        signed: tuple[str, str],
        buttons: tuple[tuple[Button, ...], ...] = (),
    ) -> Part:
        blocks = [section(text), *button_rows(buttons)] if buttons else []
        return Part(name, lambda: self.post(place, text, blocks, *signed))


def unsigned(text: str, author: str) -> str:
    """The words alone: Slack shows the author above them."""
    return text.removeprefix(f"{author}: ")


@dataclass(slots=True)
class Gathered:
    """The contents of attachments; a line for each that has none, and for each that can't be had with the reason."""

    files: list[File] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


async def gather_files(attachments: Iterable[Attachment], fetch: Fetch) -> Gathered:
    """Fetch what can be fetched; say of everything else what it is."""
    found = Gathered()
    for attachment in attachments:
        label = attachment.name or NAMES[attachment.media]
        if not attachment.ref:
            found.lines.append(" ".join(filter(None, ("📎", describe(attachment), place_link(attachment)))))
            continue
        try:
            file = await fetch(attachment)
        except FileUnavailable as missing:
            found.lost.append(f"{attachment.note or label} ({missing.why})")
            continue
        if not file.data:
            found.lost.append(f"{label} (empty)")
            continue
        found.files.append(replace(file, name=shorten(clean(file.name) or label, 200)))
        if attachment.media in TELLING:
            found.lines.append(describe(attachment))
    return found


# ---------------------------------------------------------------- blocks


def section(text: str) -> Json:
    """Words as a block: exact, or with links that can be followed when there are any."""
    if "://" in text:
        return {"type": "section", "text": {"type": "mrkdwn", "text": escape(text)}}
    return {"type": "section", "text": plain(text[:PIECE])}


def plain(text: str) -> Json:
    """Words that stand as they are."""
    return {"type": "plain_text", "text": text}


def button_rows(rows: tuple[tuple[Button, ...], ...]) -> list[Json]:
    """Rows of buttons. Each carries its action as value; its action_id is its place, since that must be unique."""
    flat = [row[start : start + MOST_BUTTONS] for row in rows for start in range(0, len(row), MOST_BUTTONS)]
    return [
        {"type": "actions", "elements": [_button(button, f"{y}.{x}") for x, button in enumerate(row)]}
        for y, row in enumerate(flat[:MOST_ROWS])
    ]


def _button(button: Button, place: str) -> Json:
    label = {"type": "plain_text", "text": shorten(button.label, LABEL) or "·", "emoji": True}
    whole: Json = {"type": "button", "action_id": place, "text": label, "value": button.action[:2000]}
    style = button.style or ("primary" if button.action.startswith("claim:") else "")
    return whole | {"style": style} if style in STYLES else whole
