"""Ids of Slack ↔ our own addresses: journal keys, message refs, who talks where, who is who."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from bot.domain.event import Sender
from bot.domain.message import Ref
from bot.program import valid_timezone
from handlers.slack.words import clean

Json = dict[str, Any]
Kept = TypeVar("Kept")

CHANNEL: Final = "slack"
NO_ONE: Final = "USLACKBOT"
OLDEST: Final = timedelta(days=30)
"""A time further back than this is a mistake, not a late delivery."""
PROFILE_LIFE_S: Final = 6 * 3600.0
REMEMBERED: Final = 20_000
AHEAD: Final = 200
"""Profiles waiting to be looked up; more is a flood, and who writes again is looked up then."""
BREATH_S: Final = 0.65
"""Between two look-ups: users.info allows 100 a minute."""

log = logging.getLogger(__name__)


def key(*parts: str) -> str:
    """A journal key: `slack:<team>:…`."""
    return ":".join((CHANNEL, *parts))


def ref_of(channel: str, ts: str) -> Ref:
    """A message on Slack."""
    return Ref(CHANNEL, channel, ts)


def moment(ts: str, now: datetime) -> datetime:
    """`1700000000.000100` → when that was; `now` when it is no time, ahead of us or absurdly long ago."""
    try:
        then = datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return then if now - OLDEST < then < now else now


def is_direct(channel: str) -> bool:
    """A direct message with one person."""
    return channel.startswith("D")


class Remembered(Generic[Kept]):
    """The latest few thousand of something; the longest unused goes first."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._most = most

    def get(self, name: str) -> Kept | None:
        """What is kept under this name."""
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
        return found

    def put(self, name: str, kept: Kept) -> None:
        """Keep it, and let the longest unused go."""
        self._kept[name] = kept
        self._kept.move_to_end(name)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, name: str) -> None:
        """Let it go."""
        self._kept.pop(name, None)


class Rooms:
    """Which direct message belongs to whom: learnt from what people write, opened when they never wrote."""

    def __init__(self, open_room: Callable[[str], Awaitable[str]]) -> None:
        self._open = open_room
        self._known: Remembered[str] = Remembered()

    def learn(self, user: str, channel: str) -> None:
        """Somebody wrote to us there."""
        if is_direct(channel):
            self._known.put(user, channel)

    def forget(self, user: str) -> bool:
        """The room doesn't answer any more; True when it was known at all."""
        known = self._known.get(user) is not None
        self._known.forget(user)
        return known

    async def of(self, user: str) -> str:
        """The direct message with this person."""
        known = self._known.get(user)
        if known is None:
            known = await self._open(user)
            self._known.put(user, known)
        return known


def sender_from(user: Json) -> Sender:
    """The person that a user object of the Web API describes."""
    found = user.get("profile")
    profile: Json = found if isinstance(found, dict) else {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return Sender(
        channel=CHANNEL,
        external=_text(user.get("id")),
        name=next(filter(None, (_text(name).strip() for name in names)), ""),
        handle=_text(user.get("name")),
        locale=_text(user.get("locale")),
        timezone=valid_timezone(_text(user.get("tz"))) or "",
        email=_text(profile.get("email")),
        is_bot=bool(user.get("is_bot")),
        picture=_picture(profile),
    )


def _picture(profile: Json) -> str:
    """The address of their picture, in a size that fits beside words."""
    address = _text(profile.get("image_192")) or _text(profile.get("image_72"))
    return address if address.startswith("https://") else ""


def _text(value: object) -> str:
    return clean(value)[:200] if isinstance(value, str) else ""


class People:
    """Who is who, as far as we have looked. Look-ups run behind, for the next time: nothing else waits for them."""

    def __init__(self, look_up: Callable[[str], Awaitable[Json]]) -> None:
        self._look_up = look_up
        self._known: Remembered[tuple[float, Sender]] = Remembered()
        self._wanted: asyncio.Queue[str] = asyncio.Queue(AHEAD)
        self._queued: set[str] = set()

    def known(self, user: str) -> Sender:
        """What we know of a person: at least the id."""
        found = self._known.get(user)
        return found[1] if found else Sender(CHANNEL, user)

    def named(self, user: str) -> str:
        """How others know a person; "" when we don't know yet."""
        sender = self.known(user)
        return sender.handle or sender.name

    def met(self, sender: Sender) -> Sender:
        """The sender with what we know besides; look them up when it is little or old."""
        found = self._known.get(sender.external)
        if found is None or found[0] < time.monotonic():
            self.want(sender.external)
        if found is None:
            return sender
        return replace(found[1], handle=found[1].handle or sender.handle)

    def learn(self, user: Json) -> Sender:
        """Keep a user object that Slack gave us."""
        sender = sender_from(user)
        self._known.put(sender.external, (time.monotonic() + PROFILE_LIFE_S, sender))
        return sender

    def want(self, user: str) -> None:
        """Have this person looked up when there is a moment."""
        if user and user not in self._queued and not self._wanted.full():
            self._queued.add(user)
            self._wanted.put_nowait(user)

    async def found(self, user: str) -> Sender:
        """Ask Slack who this is, now."""
        return self.learn(await self._look_up(user))

    async def look_up_wanted(self) -> None:
        """Look people up one after another, slowly, until cancelled."""
        while True:
            user = await self._wanted.get()
            try:
                await self.found(user)
            except Exception as error:  # noqa: BLE001 - a name is nice to have; nothing may hang on it
                log.info("Slack does not tell who %s is: %s", user, error)
                await asyncio.sleep(float(getattr(error, "retry_after", 0.0)))
            finally:
                self._queued.discard(user)
            await asyncio.sleep(BREATH_S)
