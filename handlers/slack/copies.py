"""What a customer has already: changed in place, or taken back, as far as Slack allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.message import Ref
from bot.ports import Delivery, Fetch, Outcome, Parcel
from handlers.slack.address import CHANNEL, Json
from handlers.slack.send import FILES, CallFailed, Place, Writer, section, send_parts, unsigned
from handlers.slack.words import PIECE, escape, pieces

FIXED: Final = frozenset({"cant_update_message", "edit_window_closed", "message_not_found", "is_archived"})
DELETED: Final = frozenset({"message_not_found", "file_not_found", "file_deleted"})
KEPT: Final = frozenset({"cant_delete_message", "cant_delete_file", "compliance_exports_prevent_deletion"})
NAMELESS: Final = "an attempt to send it got no answer, so there may be a copy that can't be found"
ELSEWHERE: Final = "a copy went to another place, where it can't be taken back now"
REFUSED: Final = "this Slack workspace doesn't let the app delete it"
MANY: Final = "it went out in several messages"
CHANGED: Final = "the customer's copy can't be changed any more"


class Copies:
    """Changes and takes back what the app wrote into direct messages."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def amend(self, parcel: Parcel, room: str, fetch: Fetch) -> Delivery:
        """The corrected words in the place of the old ones; where that can't be, a new message that says what it is."""
        ref = None if parcel.sent else _changeable(parcel)
        if ref is None:
            return await self._anew(parcel, room, fetch, MANY if parcel.copies else "")
        try:
            await self._writer.web.api_call("chat.update", json=self._update(parcel, ref))
        except CallFailed as failure:
            if failure.error not in FIXED:
                raise
            return await self._anew(parcel, room, fetch, CHANGED)
        return Delivery(Outcome.SENT, (ref,))

    def _update(self, parcel: Parcel, ref: Ref) -> Json:
        """Signed messages keep their name above; in the others it stands before the words."""
        message = parcel.message
        text = unsigned(message.text, message.author) if self._writer.can_sign else message.text
        return {"channel": ref.chat, "ts": ref.message, "text": escape(text), "blocks": [section(text)]}

    async def _anew(self, parcel: Parcel, room: str, fetch: Fetch, why: str) -> Delivery:
        words = parcel.message.anew if parcel.copies else parcel.message.text
        message = replace(parcel.message, text=words)
        parts = await self._writer.parts(message, Place(room), fetch, message.author)
        delivery = await send_parts(replace(parcel, message=message), parts)
        return replace(delivery, why=why) if delivery.outcome is Outcome.SENT else delivery

    async def take_back(self, parcel: Parcel) -> Delivery:
        """Delete every message of it. SENT with a reason when something of it stays."""
        stays = [NAMELESS] if any(copy.uncertain for copy in parcel.copies) else []
        for ref in dict.fromkeys(ref for copy in parcel.copies for ref in copy.refs):
            if ref.channel != CHANNEL:
                stays.append(ELSEWHERE)
                continue
            try:
                await self._delete(ref)
            except CallFailed as failure:
                if failure.error not in KEPT:
                    raise
                stays.append(REFUSED)
        return Delivery(Outcome.SENT, why="; ".join(dict.fromkeys(stays)))

    async def _delete(self, ref: Ref) -> None:
        calls: list[tuple[str, Json]] = [("chat.delete", {"channel": ref.chat, "ts": ref.message})]
        if ref.chat == FILES:
            calls = [("files.delete", {"file": file}) for file in ref.message.split(",")]
        for method, given in calls:
            try:
                await self._writer.web.api_call(method, json=given)
            except CallFailed as failure:
                if failure.error not in DELETED:
                    raise


def _changeable(parcel: Parcel) -> Ref | None:
    """The newest copy, when its words are one message and the new ones fit into it."""
    newest = next((copy for copy in reversed(parcel.copies) if copy.refs), None)
    if newest is None or newest.uncertain or len(list(pieces(parcel.message.text, PIECE))) != 1:
        return None
    worded = [ref for ref in newest.refs if ref.channel == CHANNEL and ref.chat != FILES]
    return worded[0] if len(worded) == 1 else None
