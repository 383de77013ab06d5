"""The desk: a forum supergroup with a topic for each customer. Threads heal; a locked door is told, never a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat

from bot.domain.ids import CustomerId
from bot.domain.message import Card, Kind, MarkState
from bot.ports import Delivery, Fetch, Outcome, Parcel, Store, Thread
from handlers.telegram.address import CHANNEL, desk_thread, message_id, message_ref
from handlers.telegram.card import render, ringing, to_copy, topic_name
from handlers.telegram.client import Client
from handlers.telegram.failures import (
    BAD_TOPIC_NAME,
    CLOSED_TOPIC,
    LOST_MESSAGE,
    LOST_TARGET,
    NOT_MODIFIED,
    Recipient,
    outcome_of,
    says,
    told,
)
from handlers.telegram.receive import TopicBorn
from handlers.telegram.send import Mend, Place, Post, keyboard
from handlers.telegram.text import MOST_TOPIC_NAME, cut

log = structlog.get_logger()

SIGNS = {
    MarkState.DELIVERED: "👍",
    MarkState.WAITS: "👀",
    MarkState.FAILED: "👎",
    MarkState.UNREACHABLE: "😢",
}
"""What became of an agent's message, among the reactions that a bot may give; a later one replaces an earlier one."""
REMEMBERED = 2000
FRESH_S = 60.0
COMMANDS = {
    "claim": "Take this case: what you write goes to the customer",
    "resolve": "The customer is happy again",
    "handback": "Let a colleague take over",
    "note": "Write something down, inside",
    "unsend": "In reply to your own message: take it back from the customer",
    "gift": "Give a coupon: /gift 20 sorry about the zipper",
    "card": "Ask the back office for a card: /card and what it should say",
    "upgrade": "Ask the back office for an upgrade: /upgrade and what",
    "mood": "Correct how the last words were read: unhappy, fine or happy",
    "topic": "Correct what the last words are about: /topic delivery quality",
    "remember": "Keep something in mind of this customer: /remember size 41",
    "unremember": "Take it away again: /unremember 1",
    "open": "First sentences that you could begin with",
    "who": "Who this customer is, and who of us is here",
    "away": "You are away: cases go to somebody else first",
    "back": "You are here again",
}
NOT_DELIVERED = {MarkState.FAILED: "This was not delivered.", MarkState.UNREACHABLE: "The customer can't be reached."}
LINES = {MarkState.DELIVERED: "📝", MarkState.WAITS: "⏳"}
ALARM = "⚠️"
ADVICE_RIGHTS = "Make the bot an administrator of the group, with “Manage topics” (and “Pin messages”)."


class Desk:
    """Delivers to the desk group and keeps its topics."""

    def __init__(self, client: Client, post: Post, store: Store, chat: int, zone: ZoneInfo) -> None:
        self._client = client
        self._post = post
        self._store = store
        self._zone = zone
        self.chat = chat
        self.trouble = ""
        """Why the group refused the last call; "" once it took one."""
        self._former: set[int] = set()
        self._made: dict[CustomerId, Thread] = {}
        self._fresh: dict[tuple[str, str], tuple[CustomerId, float]] = {}
        self._making = asyncio.Lock()
        self._lost_names: set[str] = set()
        self._orphans: dict[str, int] = {}

    # --- the group itself

    async def check(self) -> list[str]:
        """What keeps the group from being a desk, with advice. Follows a group that became a supergroup."""
        problems = []
        try:
            found = await self._group()
            if found.get("type") != "supergroup" or not found.get("is_forum"):
                problems.append(
                    f"The desk group {self.chat} has no topics. Turn on “Topics” in the group's settings in Telegram."
                )
            problems += await self._rights()
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            problems.append(
                f"The bot can't see the desk group {self.chat} ({told(error)}): "
                "check TELEGRAM_DESK_CHAT, and let the bot into the group as an administrator."
            )
        if self._former:
            problems.append(f"The desk group has a new id. Set TELEGRAM_DESK_CHAT={self.chat}")
        return problems

    async def introduce(self) -> None:
        """Put the agents' commands into the group's menu, where they stand instead of the customers'."""
        commands = [{"command": name, "description": about} for name, about in COMMANDS.items()]
        scope = {"type": "chat", "chat_id": self.chat}
        try:
            await self._client.call("setMyCommands", {"commands": commands, "scope": scope})
        except AiogramError as error:
            log.debug("the desk group got no menu", why=told(error))

    async def _group(self) -> Mapping[str, Any]:
        try:
            return await self._ask("getChat", chat_id=self.chat)
        except TelegramMigrateToChat as error:
            await self.moved(self.chat, error.migrate_to_chat_id)
            return await self._ask("getChat", chat_id=self.chat)

    async def _rights(self) -> list[str]:
        member = await self._ask("getChatMember", chat_id=self.chat, user_id=self._client.bot.id)
        if member.get("status") != "administrator":
            what = "it can't make topics, nor read all that agents write"
            return [f"The bot is no administrator of the desk group {self.chat}: {what}. {ADVICE_RIGHTS}"]
        if not member.get("can_manage_topics"):
            return [f"The bot may not manage topics in the desk group {self.chat}. {ADVICE_RIGHTS}"]
        return []

    async def _ask(self, name: str, **params: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._client.call(name, params)
        return found

    async def moved(self, old: int, new: int) -> bool:
        """The group became a supergroup: everything lives under the new id from now on. False when it isn't ours."""
        if old != self.chat:
            return False
        self._former.add(old)
        self.chat = new
        self._made.clear()
        await self._store.thread_moved(CHANNEL, str(old), str(new))
        log.warning("the desk group has a new id", old=old, new=new, advice=f"set TELEGRAM_DESK_CHAT={new}")
        return True

    def topic_born(self, born: TopicBorn) -> None:
        """A topic that the bot made: ours to use when the answer to the call that made it was lost."""
        if born.chat == self.chat and born.name in self._lost_names:
            self._orphans[born.name] = born.thread

    def customer_of(self, chat: str, topic: str) -> CustomerId | None:
        """Whose topic it is, when it was made so lately that the store may not know it yet: agents can be quick."""
        customer, made = self._fresh.get((chat, topic), (None, 0.0))
        return customer if time.monotonic() - made < FRESH_S else None

    # --- delivering

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt at something for a customer's topic, which is made when there is none."""
        if parcel.message.kind is Kind.MARK:
            shown = await self._react(parcel)
            if shown.outcome is not Outcome.SENT or self._needs_no_words(parcel):
                return self._noted(parcel, shown, None)
        thread = self._thread(parcel)
        if parcel.message.kind is Kind.MARK and parcel.case is None and thread is None:
            return self._noted(parcel, await self._tell_mark(parcel, Place(self.chat, Recipient.DESK)), None)
        if thread is not None and thread.chat != str(self.chat):
            return self._elsewhere(thread)
        made = thread is None
        if thread is None:
            try:
                thread = await self._make(parcel)
            except AiogramError as error:
                return await self._not_made(parcel, error)
        place = Place(self.chat, Recipient.DESK, int(thread.thread))
        delivery = await self._deliver_in(parcel, place, thread, fetch)
        return self._noted(parcel, delivery, thread if made else None)

    async def _deliver_in(self, parcel: Parcel, place: Place, thread: Thread, fetch: Fetch) -> Delivery:
        message = parcel.message
        if message.card is not None and message.kind in {Kind.CARD, Kind.CARD_CHANGE}:
            change = thread.card if message.kind is Kind.CARD_CHANGE else ""
            return await self._card(parcel, message.card, place, change)
        if message.kind is Kind.MARK:
            return await self._tell_mark(parcel, place)
        if message.mentions:
            return await self._say_html(ringing(message.text, message.mentions), place)
        if message.quotes:
            return await self._say_html(to_copy(message.text, message.quotes), place)
        return await self._post.deliver(place, parcel, fetch, self._mend(place))

    def _thread(self, parcel: Parcel) -> Thread | None:
        """The customer's topic: as the outbox knows it, or the one made a moment ago for what stood before this."""
        return parcel.thread or self._made.get(parcel.customer)

    def _elsewhere(self, thread: Thread) -> Delivery:
        """A topic of another group: of the desk before it moved (known by its new id soon), or of an old desk."""
        if int(thread.chat) in self._former:
            return Delivery(Outcome.RETRY, why="the desk group has a new id")
        return Delivery(Outcome.THREAD_GONE, why="the desk is in another group now")

    def _noted(self, parcel: Parcel, delivery: Delivery, made: Thread | None) -> Delivery:
        """Keep in mind what the group did: doors that are shut, topics that are gone or new."""
        outcome = delivery.outcome
        if outcome is Outcome.SENT:
            self.trouble = ""
        elif outcome is Outcome.WAIT and delivery.why.startswith("the desk group refuses"):
            self._tell_trouble(delivery.why)
        if outcome is Outcome.THREAD_GONE:
            self._made.pop(parcel.customer, None)
            return delivery
        if delivery.thread is not None:
            self._remember(parcel.customer, delivery.thread)
            return delivery
        return replace(delivery, thread=made) if made else delivery

    def _tell_trouble(self, why: str) -> None:
        if why != self.trouble:
            log.error("the desk can't be written to", group=self.chat, why=why, advice=ADVICE_RIGHTS)
        self.trouble = why

    def _mend(self, place: Place) -> Mend:
        async def mend(error: AiogramError) -> bool:
            if isinstance(error, TelegramMigrateToChat):
                await self.moved(self.chat, error.migrate_to_chat_id)
                return False
            return says(error, CLOSED_TOPIC) and await self._reopen(place)

        return mend

    async def _reopen(self, place: Place) -> bool:
        try:
            await self._client.call("reopenForumTopic", place.target)
        except AiogramError:
            return False
        return True

    # --- topics

    async def _make(self, parcel: Parcel) -> Thread:
        """A new topic; or the one that an earlier attempt made whose answer never came."""
        who = parcel.message.card.name if parcel.message.card else parcel.customer_name
        name = cut(topic_name(who, parcel.customer, parcel.message.card), MOST_TOPIC_NAME)
        async with self._making:
            topic = self._orphans.pop(name, None)
            if topic is None:
                topic = await self._create(name, parcel.customer)
            self._lost_names.discard(name)
        thread = desk_thread(self.chat, topic)
        self._remember(parcel.customer, thread)
        now = time.monotonic()
        self._fresh = {place: known for place, known in self._fresh.items() if now - known[1] < FRESH_S}
        self._fresh[thread.chat, thread.thread] = (parcel.customer, now)
        return thread

    async def _create(self, name: str, customer: CustomerId) -> int:
        try:
            return await self._create_named(name)
        except TelegramBadRequest as error:
            if not says(error, BAD_TOPIC_NAME):
                raise
        return await self._create_named(f"Customer {customer}")

    async def _create_named(self, name: str) -> int:
        try:
            made = await self._client.call("createForumTopic", {"chat_id": self.chat, "name": name})
        except AiogramError as error:
            if outcome_of(error, Recipient.DESK).outcome is Outcome.UNCERTAIN:
                self._lost_names.add(name)
            raise
        return int(made["message_thread_id"])

    async def _not_made(self, parcel: Parcel, error: AiogramError) -> Delivery:
        """Nobody has read a topic that may have been made without us knowing: trying again does no harm."""
        await self._mend(Place(self.chat))(error)
        return self._noted(parcel, outcome_of(error, Recipient.DESK, harmless=True), None)

    def _remember(self, customer: CustomerId, thread: Thread) -> None:
        self._made.pop(customer, None)
        self._made[customer] = thread
        if len(self._made) > REMEMBERED:
            del self._made[next(iter(self._made))]

    # --- cards

    async def _card(self, parcel: Parcel, card: Card, place: Place, change: str) -> Delivery:
        """Show the card, or the change of the one that is there; one that is gone is shown anew."""
        params = {
            "chat_id": place.chat,
            "text": render(card, self._zone),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": keyboard(parcel.message.buttons),
        }
        if change:
            try:
                await self._client.call("editMessageText", {**params, "message_id": int(change)})
            except AiogramError as error:
                if not says(error, LOST_MESSAGE):
                    return await self._changed(error, place, change)
            else:
                return Delivery(Outcome.SENT, (message_ref(place.chat, int(change)),))
        return await self._new_card(params, place)

    async def _changed(self, error: AiogramError, place: Place, change: str) -> Delivery:
        if says(error, NOT_MODIFIED):
            return Delivery(Outcome.SENT, (message_ref(place.chat, int(change)),))
        await self._mend(place)(error)
        return outcome_of(error, Recipient.DESK, harmless=True)

    async def _new_card(self, params: Mapping[str, Any], place: Place) -> Delivery:
        try:
            number = await self._show({**params, "message_thread_id": place.thread}, place)
        except AiogramError as error:
            return outcome_of(error, Recipient.DESK)
        await self._pin(place, number)
        thread = desk_thread(place.chat, place.thread or 0, number)
        return Delivery(Outcome.SENT, (message_ref(place.chat, number),), thread=thread)

    async def _show(self, params: Mapping[str, Any], place: Place) -> int:
        try:
            sent = await self._client.call("sendMessage", params)
        except AiogramError as error:
            if not await self._mend(place)(error):
                raise
            sent = await self._client.call("sendMessage", params)
        return int(sent["message_id"])

    async def _pin(self, place: Place, number: int) -> None:
        """A card that can't be pinned is still a card."""
        try:
            params = {"chat_id": place.chat, "message_id": number, "disable_notification": True}
            await self._client.call("pinChatMessage", params)
        except AiogramError as error:
            log.debug("a card could not be pinned", why=told(error))

    # --- marks on agents' messages

    def _needs_no_words(self, parcel: Parcel) -> bool:
        """Delivered is shown on the message itself; on one that isn't here (said in the console) nothing needs be."""
        return parcel.message.mark is MarkState.DELIVERED and not parcel.message.text

    async def _react(self, parcel: Parcel) -> Delivery:
        number = message_id(parcel.message.reply_to or parcel.agent_ref, self.chat)
        if number is None or parcel.sent:
            return Delivery(Outcome.SENT)
        reaction = [{"type": "emoji", "emoji": SIGNS[parcel.message.mark or MarkState.FAILED]}]
        try:
            await self._client.call(
                "setMessageReaction", {"chat_id": self.chat, "message_id": number, "reaction": reaction}
            )
        except AiogramError as error:
            if says(error, LOST_TARGET):
                return Delivery(Outcome.SENT)
            if says(error, "reaction"):
                return await self._tick(number) if self._needs_no_words(parcel) else Delivery(Outcome.SENT)
            await self._mend(Place(self.chat))(error)
            return outcome_of(error, Recipient.DESK, harmless=True)
        return Delivery(Outcome.SENT)

    async def _tick(self, number: int) -> Delivery:
        """A group that allows no reactions gets its answer in a word."""
        reply = {"message_id": number, "allow_sending_without_reply": True}
        where = {"chat_id": self.chat, "reply_parameters": reply, "disable_notification": True}
        try:
            sent = await self._post.words(where, f"{SIGNS[MarkState.DELIVERED]} delivered")
        except AiogramError as error:
            return outcome_of(error, Recipient.DESK)
        return Delivery(Outcome.SENT, (message_ref(self.chat, sent),))

    async def _say_html(self, html: str, place: Place) -> Delivery:
        """A line that names people, so that their phones tell them, or one with words to copy."""
        try:
            sent = await self._shown(place, html)
        except AiogramError as error:
            return outcome_of(error, Recipient.DESK)
        return Delivery(Outcome.SENT, (message_ref(place.chat, sent),))

    async def _shown(self, place: Place, html: str) -> int:
        try:
            return await self._post.words(place.target, html, parse_mode="HTML")
        except AiogramError as error:
            if not await self._mend(place)(error):
                raise
        return await self._post.words(place.target, html, parse_mode="HTML")

    async def _tell_mark(self, parcel: Parcel, place: Place) -> Delivery:
        """What needs words is said in reply to the agent's own message."""
        number = message_id(parcel.message.reply_to or parcel.agent_ref, place.chat)
        reply = {"message_id": number, "allow_sending_without_reply": True} if number else None
        state = parcel.message.mark or MarkState.FAILED
        words = parcel.message.text or NOT_DELIVERED.get(state, "")
        try:
            sent = await self._post.words(
                {**place.target, "reply_parameters": reply}, f"{LINES.get(state, ALARM)} {words}"
            )
        except AiogramError as error:
            await self._mend(place)(error)
            return outcome_of(error, Recipient.DESK)
        return Delivery(Outcome.SENT, (message_ref(place.chat, sent),))
