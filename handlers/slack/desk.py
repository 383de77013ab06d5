"""The desk on Slack: one channel, one thread a case, its card on top."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.card_words import CardFact, card_facts, case_words, state_words
from bot.domain.message import Card, CardLine, CardReason, Kind, MarkState, Mention, Message, Ref
from bot.ports import Delivery, Fetch, Outcome, Parcel, Thread
from handlers.slack.address import CHANNEL, Json, Remembered, ref_of
from handlers.slack.send import CallFailed, Part, Place, Writer, button_rows, plain, ref_named, send_parts, thread_gone
from handlers.slack.words import PIECE, escape, shorten

log = logging.getLogger(__name__)

HEADER: Final = 150
CONTEXT: Final = 10
LINE: Final = 600
FACT: Final = 400
"""Six facts of this length still fit into one section."""
USER: Final = re.compile(r"[UW][A-Z0-9]+")
ROOT: Final = "root"
SIGNS: Final = {
    MarkState.DELIVERED: "white_check_mark",
    MarkState.WAITS: "hourglass_flowing_sand",
    MarkState.FAILED: "x",
    MarkState.UNREACHABLE: "no_entry",
}
"""What became of an agent's message; a later sign takes the place of an earlier one."""
LINES: Final = {
    MarkState.DELIVERED: "✓ Delivered",
    MarkState.WAITS: "⏳ This waits.",
    MarkState.FAILED: "⚠️ Not delivered.",
}
SIGNED_ALREADY: Final = frozenset({"already_reacted", "message_not_found", "too_many_reactions", "no_reaction"})
REACT: Final = "reactions:write"
PIN: Final = "pins:write"
PINNED_ALREADY: Final = frozenset({"already_pinned", "no_pin", "not_pinned"})
GONE_CARD: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
LIGHTS: Final = {"open": "🔴", "reopened": "🟠", "claimed": "🟡", "resolved": "🟢"}


class Desk:
    """Delivers to the desk's channel."""

    def __init__(self, writer: Writer, channel: str) -> None:
        self._writer = writer
        self.channel = channel
        self._vanished: Remembered[bool] = Remembered()
        self._pinned: Remembered[bool] = Remembered()
        self._signed: Remembered[tuple[MarkState, ...]] = Remembered()

    def vanished(self, ts: str) -> None:
        """A message of the channel was deleted for good; if it was a thread's root, the thread is gone."""
        self._vanished.put(ts, True)

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt; raises `CallFailed`. A bot that was only never invited lets itself in where it may."""
        try:
            return await self._delivered(parcel, fetch)
        except CallFailed as failure:
            if failure.error != "not_in_channel" or failure.parts or not await self.join():
                raise
        return await self._delivered(parcel, fetch)

    async def join(self) -> bool:
        """Enter the channel if it is public and we may."""
        if not self._writer.web.may("channels:join"):
            return False
        try:
            await self._writer.web.api_call("conversations.join", json={"channel": self.channel})
        except CallFailed:
            return False
        return True

    async def _delivered(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        kind, thread = parcel.message.kind, parcel.thread
        if kind is Kind.MARK:
            return await self._mark(parcel)
        if thread is not None and self._vanished.get(thread.thread):
            return thread_gone(parcel.sent)
        if kind in {Kind.CARD, Kind.CARD_CHANGE} and thread is not None:
            return await self._change_card(parcel, thread)
        if thread is None:
            return await self._open_thread(parcel, fetch)
        return await send_parts(parcel, await self._parts(parcel.message, Place(thread.chat, thread.thread), fetch))

    async def _parts(self, message: Message, place: Place, fetch: Fetch) -> Sequence[Part]:
        if message.mentions:
            return [Part("text0", lambda: self._ring(message, place))]
        if message.quotes:
            return [Part("text0", lambda: self._quote(message, place))]
        return await self._writer.parts(message, place, fetch)

    async def _ring(self, message: Message, place: Place) -> Ref:
        """A line that names people: Slack tells them."""
        blocks = [_marked(ringing(message.text, message.mentions))]
        return await self._writer.post(place, message.text, blocks)

    async def _quote(self, message: Message, place: Place) -> Ref:
        """A line with words below it that are there to be copied."""
        quoted = (f"> {escape(shorten(' '.join(each.split()), LINE))}" for each in message.quotes)
        blocks = [_marked("\n\n".join((escape(message.text), *quoted)))]
        return await self._writer.post(place, "\n".join((message.text, *message.quotes)), blocks)

    # ---------------------------------------------------------------- threads and cards

    async def _open_thread(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """The card as a message of the channel; what isn't a card follows in the thread under it."""
        root: Delivery = await send_parts(parcel, [Part(ROOT, lambda: self._post_root(parcel))])
        ref = ref_named(root.sent, ROOT)
        if ref is None:
            return Delivery(Outcome.REJECTED, why="Slack did not say where the message went")
        thread = Thread(CHANNEL, ref.chat, ref.message, ref.message)
        if parcel.message.kind in {Kind.CARD, Kind.CARD_CHANGE}:
            await self._pin(parcel.message.card, ref)
            return replace(root, thread=thread)
        parts = await self._writer.parts(parcel.message, Place(ref.chat, ref.message), fetch)
        try:
            delivery = await send_parts(replace(parcel, sent=root.sent), parts)
        except CallFailed as failure:
            failure.thread = thread
            raise
        return replace(delivery, thread=thread)

    async def _post_root(self, parcel: Parcel) -> Ref:
        message = parcel.message
        if message.card is not None:
            blocks = card_blocks(message.card, message)
            return await self._writer.post(Place(self.channel), card_text(message.card), blocks)
        return await self._writer.post(Place(self.channel), parcel.customer_name or "Customer")

    async def _change_card(self, parcel: Parcel, thread: Thread) -> Delivery:
        message, ts = parcel.message, thread.card or thread.thread
        if message.card is None:
            return Delivery(Outcome.SENT)
        given = {
            "channel": thread.chat,
            "ts": ts,
            "text": escape(card_text(message.card)),
            "blocks": card_blocks(message.card, message),
        }
        try:
            await self._writer.web.api_call("chat.update", json=given)
        except CallFailed as failure:
            if failure.error not in GONE_CARD:
                raise
            return await self._replace_card(parcel, thread)
        await self._pin(message.card, ref_of(thread.chat, ts))
        return Delivery(Outcome.SENT, (ref_of(thread.chat, ts),))

    async def _pin(self, card: Card | None, ref: Ref) -> None:
        """Open cases are pinned to the channel, resolved ones no more. Where that isn't allowed, a card is a card."""
        wanted = card is not None and card.state != "resolved"
        if self._pinned.get(ref.message) is wanted or not self._writer.web.may(PIN):
            return
        call = "pins.add" if wanted else "pins.remove"
        try:
            await self._writer.web.api_call(call, json={"channel": ref.chat, "timestamp": ref.message})
        except CallFailed as failure:
            if failure.error not in PINNED_ALREADY:
                log.debug("a card could not be pinned: %s", failure.error)
        self._pinned.put(ref.message, wanted)

    async def _replace_card(self, parcel: Parcel, thread: Thread) -> Delivery:
        """The card was deleted: a new one, in the old thread as long as that lives on."""
        card = parcel.message.card
        if card is None:
            return Delivery(Outcome.SENT)
        alive = {"channel": thread.chat, "ts": thread.thread, "limit": 1}
        await self._writer.web.api_call("conversations.replies", params=alive)  # fails when the thread is gone
        place = Place(thread.chat, thread.thread)
        ref = await self._writer.post(place, card_text(card), card_blocks(card, parcel.message))
        return Delivery(Outcome.SENT, (ref,), thread=replace(thread, card=ref.message))

    # ---------------------------------------------------------------- marks

    async def _mark(self, parcel: Parcel) -> Delivery:
        """What became of an agent's message, shown on it: a tick, or words below it."""
        about = parcel.agent_ref or parcel.message.reply_to
        if about is None or about.channel != CHANNEL:
            return Delivery(Outcome.SENT)
        state = parcel.message.mark or MarkState.FAILED
        signed = await self._sign(about, state)
        if signed and state is MarkState.DELIVERED and not parcel.message.text:
            return Delivery(Outcome.SENT)
        return await self._tell(parcel, about, parcel.message.text or LINES.get(state, "⚠️ Not delivered."))

    async def _sign(self, about: Ref, state: MarkState) -> bool:
        """The sign on the message itself, without those that no longer hold. False when we may not."""
        if not self._writer.web.may(REACT):
            return False
        try:
            await self._react("add", about, SIGNS[state])
            for other in (SIGNS[earlier] for earlier in self._signed.get(about.message) or () if earlier is not state):
                await self._react("remove", about, other)
        except CallFailed as failure:
            if failure.error == "missing_scope":
                return False
            raise
        self._signed.put(about.message, () if state is MarkState.DELIVERED else (state,))
        return True

    async def _react(self, what: str, about: Ref, name: str) -> None:
        given = {"channel": about.chat, "timestamp": about.message, "name": name}
        try:
            await self._writer.web.api_call(f"reactions.{what}", json=given)
        except CallFailed as failure:
            if failure.error not in SIGNED_ALREADY:
                raise

    async def _tell(self, parcel: Parcel, about: Ref, text: str) -> Delivery:
        thread = parcel.thread.thread if parcel.thread else about.message
        place = Place(about.chat, thread)
        return await send_parts(parcel, [Part("mark", lambda: self._writer.post(place, text))])


# ---------------------------------------------------------------- the card


def card_text(card: Card) -> str:
    """The card in one line, for notifications."""
    reasons = ", ".join(dict.fromkeys(reason.reason for reason in card.reasons))
    return shorten(f"{LIGHTS.get(card.state, '⚪')} {card.name} · {reasons} · {state_words(card)}", 900)


def card_blocks(card: Card, message: Message) -> list[Json]:
    """Who, why now, why they matter, what was said, and the buttons."""
    title = f"{LIGHTS.get(card.state, '⚪')} {card.name} · {case_words(card)}"
    blocks: list[Json] = [
        {"type": "header", "text": plain(shorten(title, HEADER))},
        _marked("\n".join(map(_reason, card.reasons)) or "—"),
        _marked("\n".join(_facts(card))),
    ]
    if card.last:
        lines = [{"type": "mrkdwn", "text": _said(line)} for line in card.last[-CONTEXT:]]
        blocks.append({"type": "context", "elements": lines})
    extra = message.text.strip()
    if extra:
        blocks.append({"type": "section", "text": plain(shorten(extra, PIECE))})
    return [*blocks, *button_rows(message.buttons)]


def _marked(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:PIECE]}}


def _reason(reason: CardReason) -> str:
    evidence = f": {_safe(reason.evidence, 300)}" if reason.evidence else ""
    return f"• *{_safe(reason.reason, 60)}*{evidence}"


def _facts(card: Card) -> list[str]:
    """The facts, each on its line; what isn't known is left out."""
    opened = f"<!date^{int(card.opened_at.timestamp())}^{{date_short_pretty}} {{time}}|{card.opened_at:%d %b %H:%M}>"
    lines = (
        f"*{_safe(state_words(card), 100)}* · {opened}",
        " · ".join(filter(None, (_safe(card.urgency, 300), _safe(card.promise, 200)))),
        ringing(card.offer, (card.mention,) if card.mention else ()),
        *(_fact(fact) for fact in card_facts(card)),
    )
    return [line for line in lines if line]


def _fact(fact: CardFact) -> str:
    words = _safe(fact.words, FACT)
    return f"*{_safe(fact.label, 60)}:* {words}" if fact.label else words


def ringing(text: str, people: tuple[Mention, ...]) -> str:
    """The text with each person's name as a mention; `<@U…>` is how Slack rings somebody."""
    rest, marked = escape(text), ""
    for person in people:
        name = escape(person.name)
        before, found, after = rest.partition(name) if name and USER.fullmatch(person.external) else ("", "", "")
        if found:
            marked, rest = f"{marked}{before}<@{person.external}>", after
    return marked + rest


def _safe(text: str, most: int) -> str:
    return escape(shorten(text, most))


def _said(line: CardLine) -> str:
    at = f"<!date^{int(line.at.timestamp())}^{{time}}|{line.at:%H:%M}>"
    return f"{at} *{_safe(line.author, 80)}:* {_highlighted(line)}"[:PIECE]


def _highlighted(line: CardLine) -> str:
    """The words with the evidence in bold."""
    text, at, out = line.text[:LINE].replace("\n", " "), 0, ""
    for start, end in sorted(line.marks):
        if at <= start < end <= len(text) and text[start:end].strip():
            out += f"{escape(text[at:start])}*{escape(text[start:end].strip())}*"
            at = end
    whole = out + escape(text[at:])
    return whole + ("…" if len(line.text) > len(text) else "")
