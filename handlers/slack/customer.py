"""Words to customers, and finding them by e-mail."""

from __future__ import annotations

from bot.domain.event import ByCustomer, IdentityFound, Incoming, Sender
from bot.domain.message import Kind
from bot.ports import Clock, Delivery, Fetch, Outcome, Parcel
from handlers.slack.address import CHANNEL, People, Rooms, key
from handlers.slack.copies import Copies
from handlers.slack.send import CallFailed, Place, Writer, send_parts

NOBODY = frozenset({"users_not_found", "user_not_found"})
ROOM_GONE = frozenset({"channel_not_found", "is_archived"})


class Customers:
    """Delivers to the customer's own direct message."""

    def __init__(self, writer: Writer, rooms: Rooms, people: People, clock: Clock) -> None:
        self._writer = writer
        self._rooms = rooms
        self._people = people
        self._clock = clock
        self._copies = Copies(writer)

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt; raises `CallFailed`."""
        if parcel.message.kind is Kind.LOOKUP:
            return await self._look_up(parcel)
        if parcel.message.kind is Kind.TYPING:
            return Delivery(Outcome.SENT)  # Slack has no way for an app to show that somebody types
        if parcel.identity is None or not parcel.identity.external:
            return Delivery(Outcome.UNREACHABLE, why="no Slack account is known")
        user = parcel.identity.external
        try:
            return await self._write(parcel, user, fetch)
        except CallFailed as failure:
            if failure.error not in ROOM_GONE or failure.parts or not self._rooms.forget(user):
                raise
        return await self._write(parcel, user, fetch)

    async def _write(self, parcel: Parcel, user: str, fetch: Fetch) -> Delivery:
        message = parcel.message
        if message.kind is Kind.UNSEND:
            return await self._copies.take_back(parcel)
        place = Place(await self._rooms.of(user))
        if message.kind is Kind.AMENDMENT:
            return await self._copies.amend(parcel, place.channel, fetch)
        return await send_parts(parcel, await self._writer.parts(message, place, fetch, message.author))

    async def _look_up(self, parcel: Parcel) -> Delivery:
        """Who has this e-mail in the workspace? The answer goes into the journal, “nobody” too."""
        email = parcel.message.email
        found = Sender(CHANNEL, "")
        try:
            if email:
                response = await self._writer.web.users_lookupByEmail(email=email)
                found = self._people.learn(response["user"] or {})
        except CallFailed as failure:
            if failure.error not in NOBODY:
                raise
        external = "" if found.is_bot else found.external
        payload = IdentityFound(CHANNEL, external, email, found.name, found.timezone, found.handle)
        follow = Incoming(key("lookup", str(parcel.id)), ByCustomer(parcel.customer), payload, self._clock.now())
        return Delivery(Outcome.SENT, follow=follow)
