"""A flood in a case's thread: the customer sees exactly what the claimer said to them, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.mirrored import Mirrored, mirrored
from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_slack import DESK, on_stage
from tests.journeys.test_slack import Stage as SlackStage
from tests.journeys.test_telegram import Stage, people, server, set_up
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Topic

__all__ = ["server"]

STEPS = 45
COMMANDS = ("note", "frobnicate", "who", "mood sad", "gift", "unsend", "refund 100", "Note:", "claimnow")


@dataclass
class Said:
    """One thing that the claimer said, as the customer should have it now."""

    words: str
    source: Any
    changed: str = ""
    gone: bool = False


@dataclass
class Flood:
    """What is done in the thread, by chance; and what the customer must see of it."""

    chance: random.Random
    number: int = 0
    said: list[Said] = field(default_factory=list)
    inside: list[Any] = field(default_factory=list)

    def words(self, prefix: str = "") -> str:
        """Words that nobody said before."""
        self.number += 1
        return f"{prefix}words {self.number} of {self.chance.randrange(10**9)}"

    @property
    def expected(self) -> list[str]:
        """Of the claimer's words those that were not taken back, as they were corrected last."""
        return [each.words for each in self.said if not each.gone]

    def one(self) -> Said | None:
        """Something that the claimer said and the customer has."""
        there = [each for each in self.said if not each.gone]
        return self.chance.choice(there) if there else None

    async def run(self, steps: list[tuple[Callable[[], Awaitable[None]], int]]) -> None:
        """So many steps, each as likely as its weight says."""
        doing, weights = [step for step, _ in steps], [weight for _, weight in steps]
        for step in self.chance.choices(doing, weights, k=STEPS):
            await step()


# ---------------------------------------------------------------- Telegram


class TelegramFlood(Flood):
    """In a topic."""

    def put(self, stage: Stage, topic: Topic) -> TelegramFlood:
        """Where it happens."""
        self.stage, self.topic = stage, topic
        return self

    def steps(self) -> list[tuple[Callable[[], Awaitable[None]], int]]:
        return [
            (self.claimer_speaks, 6), (self.colleague_speaks, 4), (self.colleague_sends, 1), (self.somebody_notes, 3),
            (self.service, 2), (self.general, 1), (self.hidden_administrator, 1), (self.another_bot, 1),
            (self.claimer_edits, 3), (self.inside_is_edited, 2), (self.correction_is_sent, 2), (self.wrong_tap, 2),
            (self.claimer_deletes, 1), (self.taken_back, 1), (self.answer_to_inside, 2), (self.customer_speaks, 2),
        ]  # fmt: skip

    async def claimer_speaks(self) -> None:
        words = self.words()
        self.said.append(Said(words, await self.stage.kim.say_in(self.topic, words)))

    async def colleague_speaks(self) -> None:
        self.inside.append(await self.stage.boris.say_in(self.topic, self.words()))

    async def colleague_sends(self) -> None:
        self.inside.append(await self.stage.boris.send_photo(to=self.topic, caption=self.words()))

    async def somebody_notes(self) -> None:
        who = self.chance.choice([self.stage.kim, self.stage.boris])
        words = self.words(f"/{self.chance.choice(COMMANDS)} ")
        self.inside.append(await who.say_in(self.topic, words))

    async def service(self) -> None:
        await self.stage.desk.rename_topic(self.topic, self.words())
        if self.inside:
            await self.stage.desk.pin(self.chance.choice(self.inside))

    async def general(self) -> None:
        await self.stage.kim.say(self.words(), to=self.stage.desk)

    async def hidden_administrator(self) -> None:
        await self.stage.kim.say_in(self.topic, self.words(), anonymous=True)

    async def another_bot(self) -> None:
        bot = self.stage.server.user(4242, name="Zapper", is_bot=True)
        if bot.id not in self.stage.desk.members:
            await self.stage.desk.join(bot)
        await bot.say_in(self.topic, self.words())

    async def claimer_edits(self) -> None:
        one = self.one()
        if one is not None:
            one.changed = self.words()
            await self.stage.kim.edit(one.source, one.changed)

    async def inside_is_edited(self) -> None:
        if self.inside:
            message = self.chance.choice(self.inside)
            await message.person.edit(message, self.words())

    async def _offer(self, one: Said) -> Any:
        return await self.topic.wait_for(lambda m: m.reply is one.source and "stays inside" in m.text, timeout=8)

    async def correction_is_sent(self) -> None:
        one = next((each for each in self.said if each.changed and not each.gone and not each.source.deleted), None)
        if one is None:
            return
        await self.stage.kim.tap_in(self.topic, "Send the correction", await self._offer(one))
        one.words, one.changed = one.changed, ""

    async def wrong_tap(self) -> None:
        one = next((each for each in self.said if each.changed and not each.gone and not each.source.deleted), None)
        if one is not None:
            told = await self.stage.boris.tap_in(self.topic, "Send the correction", await self._offer(one))
            assert "Only Kim" in told

    async def claimer_deletes(self) -> None:
        one = next((each for each in self.said if not each.changed and not each.source.deleted), None)
        if one is not None:
            self.said.append(Said(words := self.words(), gone := await self.stage.kim.say_in(self.topic, words)))
            await self.stage.ana.wait_for(words)
            await self.stage.kim.delete(gone)

    async def taken_back(self) -> None:
        one = self.one()
        if one is not None and not one.source.deleted:
            await self.stage.kim.say_in(self.topic, "/unsend", reply_to=one.source)
            one.gone = True

    async def answer_to_inside(self) -> None:
        if self.inside:
            words = self.words()
            answer = await self.stage.kim.say_in(self.topic, words, reply_to=self.chance.choice(self.inside))
            self.said.append(Said(words, answer))

    async def customer_speaks(self) -> None:
        await self.stage.ana.say(self.words())


@pytest.mark.parametrize("seed", range(4))
async def test_a_flood_on_telegram_leaks_nothing(tmp_path: Path, server: FakeTelegram, seed: int) -> None:
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram"), **settings, sending_limits="off") as shop:
        stage = Stage(server, desk, shop, *people(server))
        topic = await stage.claimed()
        before = len([message for message in stage.ana.sees if message.from_bot])
        flood = TelegramFlood(random.Random(seed)).put(stage, topic)
        await flood.run(flood.steps())
        flood.said.append(Said("The end.", await stage.kim.say_in(topic, "The end.")))

        def seen() -> list[str]:
            return [message.text for message in stage.ana.sees if message.from_bot][before:]

        async def settled() -> bool:
            return seen() == [f"Kim: {words}" for words in flood.expected]

        await server.settle(timeout=20)
        try:
            await until(settled, "exactly what Kim said", 10)
        except AssertionError:
            assert seen() == [f"Kim: {words}" for words in flood.expected]
            raise


# ---------------------------------------------------------------- Slack


class SlackFlood(Flood):
    """In a thread."""

    def put(self, stage: SlackStage, thread: str) -> SlackFlood:
        """Where it happens."""
        self.stage, self.thread = stage, thread
        return self

    def steps(self) -> list[tuple[Callable[[], Awaitable[None]], int]]:
        return [
            (self.claimer_speaks, 6), (self.colleague_speaks, 4), (self.colleague_broadcasts, 1),
            (self.somebody_notes, 3), (self.service, 1), (self.outside, 2), (self.another_bot, 2),
            (self.claimer_edits, 3), (self.inside_is_edited, 2), (self.correction_is_sent, 2),
            (self.inside_is_deleted, 2), (self.taken_back, 1), (self.customer_speaks, 2),
        ]  # fmt: skip

    async def claimer_speaks(self) -> None:
        words = self.words()
        self.said.append(Said(words, await self.stage.kim.say(DESK, words, thread=self.thread)))

    async def colleague_speaks(self) -> None:
        files = [("plan.txt", b"inside")] if self.chance.random() < 0.3 else []
        self.inside.append(await self.stage.boris.say(DESK, self.words(), files, thread=self.thread))

    async def colleague_broadcasts(self) -> None:
        words = self.words()
        self.inside.append(await self.stage.boris.say(DESK, words, thread=self.thread, broadcast=True))

    async def somebody_notes(self) -> None:
        who = self.chance.choice([self.stage.kim, self.stage.boris])
        command = self.chance.choice([each for each in COMMANDS if each != "unsend"])
        self.inside.append(await who.say(DESK, self.words(f"!{command} "), thread=self.thread))

    async def service(self) -> None:
        await self.stage.desk.set_topic(self.stage.kim, self.words())

    async def outside(self) -> None:
        self.inside.append(await self.stage.kim.say(DESK, self.words()))

    async def another_bot(self) -> None:
        await self.stage.slack.bot("B0ZAP").say(DESK, self.words(), thread=self.thread)

    async def claimer_edits(self) -> None:
        one = self.one()
        if one is not None:
            one.changed = self.words()
            await self.stage.kim.edit(one.source, one.changed)

    async def inside_is_edited(self) -> None:
        if self.inside:
            message = self.inside[self.chance.randrange(len(self.inside))]
            who = self.stage.kim if message.user == self.stage.kim.id else self.stage.boris
            if not message.deleted:
                await who.edit(message, self.words())

    async def inside_is_deleted(self) -> None:
        there = [message for message in self.inside if not message.deleted]
        if there:
            message = self.chance.choice(there)
            await (self.stage.kim if message.user == self.stage.kim.id else self.stage.boris).delete(message)

    async def correction_is_sent(self) -> None:
        one = next((each for each in self.said if each.changed and not each.gone), None)
        if one is None:
            return
        number = next(at for at, each in enumerate(self.said) if each is one)
        offers = await self._offers_for(number)
        await self.stage.kim.tap("Send the correction", message=offers[-1])
        one.words, one.changed = one.changed, ""

    async def _offers_for(self, number: int) -> list[Any]:
        """The offer whose button names this utterance: found by what the journal calls it."""
        database = self.stage.shop.running.house.database
        customer = (await self.stage.shop.case()).customer
        found: list[Any] = []

        async def there() -> bool:
            lines = await database.conversation(customer, 200, inside=True)
            spoken = [line for line in lines if line.utterance]
            wanted = spoken[number].utterance if number < len(spoken) else None
            found[:] = [
                message
                for message in self.stage.desk.thread(self.thread)
                if any(control.value.endswith(f":{wanted}") for control in message.controls)
            ]
            return bool(found)

        await until(there, "the offer", 8)
        return found

    async def taken_back(self) -> None:
        newest = self.said[-1] if self.said else None
        if newest is not None and not newest.gone:
            await self.stage.kim.say(DESK, "!unsend", thread=self.thread)
            newest.gone = True

    async def customer_speaks(self) -> None:
        await self.stage.ana.dm(self.words())


@pytest.mark.parametrize("seed", range(3))
async def test_a_flood_on_slack_leaks_nothing(tmp_path: Path, seed: int) -> None:
    async with on_stage(tmp_path, "socket", sending_limits="off") as stage:
        thread = await stage.claimed()
        before = len(stage.ana.heard)
        flood = SlackFlood(random.Random(seed)).put(stage, thread)
        await flood.run(flood.steps())
        flood.said.append(Said("The end.", await stage.kim.say(DESK, "The end.", thread=thread)))

        def seen() -> list[str]:
            return [message.shown for message in stage.ana.heard[before:]]

        async def settled() -> bool:
            return seen() == flood.expected

        try:
            await until(settled, "exactly what Kim said", 20)
        except AssertionError:
            assert seen() == flood.expected
            raise
        await stage.slack.settled()
        assert seen() == flood.expected


# ---------------------------------------------------------------- both desks at once


class BothFlood(Flood):
    """In a topic and in a thread of the same case; the claimer is on Slack."""

    def put(self, stage: Mirrored, topic: Topic, thread: str) -> BothFlood:
        """Where it happens."""
        self.stage, self.topic, self.thread = stage, topic, thread
        return self

    def steps(self) -> list[tuple[Callable[[], Awaitable[None]], int]]:
        return [
            (self.claimer_speaks, 6), (self.telegram_speaks, 5), (self.slack_speaks, 3), (self.telegram_sends, 2),
            (self.telegram_notes, 3), (self.slack_notes, 2), (self.telegram_service, 2), (self.slack_service, 1),
            (self.telegram_bot, 1), (self.slack_bot, 1), (self.general, 1), (self.outside, 1), (self.hidden, 1),
            (self.claimer_edits, 2), (self.inside_is_edited, 3), (self.inside_is_deleted, 2), (self.unclaimed_taps, 2),
            (self.answer_to_the_mirror, 3), (self.customer_speaks, 2),
        ]  # fmt: skip

    async def claimer_speaks(self) -> None:
        words = self.words()
        self.said.append(Said(words, await self.stage.lea.say(DESK, words, thread=self.thread)))

    async def telegram_speaks(self) -> None:
        who = self.chance.choice([self.stage.kim, self.stage.boris])
        self.inside.append(await who.say_in(self.topic, self.words()))

    async def slack_speaks(self) -> None:
        files = [("plan.txt", b"inside")] if self.chance.random() < 0.3 else []
        await self.stage.tom.say(DESK, self.words(), files, thread=self.thread)

    async def telegram_sends(self) -> None:
        self.inside.append(await self.stage.boris.send_photo(to=self.topic, caption=self.words()))

    async def telegram_notes(self) -> None:
        command = self.chance.choice([each for each in COMMANDS if each != "unsend"])
        self.inside.append(await self.stage.kim.say_in(self.topic, self.words(f"/{command} ")))

    async def slack_notes(self) -> None:
        command = self.chance.choice([each for each in COMMANDS if each != "unsend"])
        who = self.chance.choice([self.stage.lea, self.stage.tom])
        await who.say(DESK, self.words(f"!{command} "), thread=self.thread)

    async def telegram_service(self) -> None:
        await self.stage.desk.rename_topic(self.topic, self.words())
        if self.inside:
            await self.stage.desk.pin(self.chance.choice(self.inside))

    async def slack_service(self) -> None:
        await self.stage.channel.set_topic(self.stage.lea, self.words())

    async def telegram_bot(self) -> None:
        bot = self.stage.tg.user(4242, name="Zapper", is_bot=True)
        if bot.id not in self.stage.desk.members:
            await self.stage.desk.join(bot)
        await bot.say_in(self.topic, self.words())

    async def slack_bot(self) -> None:
        await self.stage.slack.bot("B0ZAP").say(DESK, self.words(), thread=self.thread)

    async def general(self) -> None:
        await self.stage.kim.say(self.words(), to=self.stage.desk)

    async def outside(self) -> None:
        await self.stage.lea.say(DESK, self.words())

    async def hidden(self) -> None:
        await self.stage.kim.say_in(self.topic, self.words(), anonymous=True)

    async def claimer_edits(self) -> None:
        one = self.one()
        if one is not None:
            await self.stage.lea.edit(one.source, self.words())

    async def inside_is_edited(self) -> None:
        there = [message for message in self.inside if not message.deleted]
        if there:
            message = self.chance.choice(there)
            await message.person.edit(message, self.words())

    async def inside_is_deleted(self) -> None:
        there = [message for message in self.inside if not message.deleted]
        if there:
            message = self.chance.choice(there)
            await message.person.delete(message)

    async def unclaimed_taps(self) -> None:
        told = await self.stage.boris.tap_in(self.topic, self.chance.choice(["Resolve", "Hand back"]))
        assert "Lea Roth has this case" in told

    async def answer_to_the_mirror(self) -> None:
        shown = [message for message in self.topic.messages if message.from_bot and "(Slack)" in message.text]
        if shown:
            reply = self.chance.choice(shown)
            self.inside.append(await self.stage.kim.say_in(self.topic, self.words(), reply_to=reply))

    async def customer_speaks(self) -> None:
        await self.stage.ana.say(self.words())


@pytest.mark.parametrize("seed", range(3))
async def test_a_flood_on_both_desks_leaks_nothing(tmp_path: Path, server: FakeTelegram, seed: int) -> None:
    async with mirrored(tmp_path, server, sending_limits="off") as stage:
        topic, thread = await stage.ana_is_unhappy()
        await stage.lea.tap("Claim", channel=DESK)
        await topic.wait_for("Lea Roth has this case", timeout=8)
        before = len(stage.read_by_ana())
        flood = BothFlood(random.Random(seed)).put(stage, topic, thread)
        await flood.run(flood.steps())
        flood.said.append(Said("The end.", await stage.lea.say(DESK, "The end.", thread=thread)))
        wanted = [f"Lea: {words}" for words in flood.expected]

        async def settled() -> bool:
            return stage.read_by_ana()[before:] == wanted

        try:
            await until(settled, "exactly what Lea said", 20)
        except AssertionError:
            assert stage.read_by_ana()[before:] == wanted
            raise
        await server.settle(timeout=20)
        await stage.slack.settled(20)
        assert stage.read_by_ana()[before:] == wanted
        assert not any("(Telegram)" in text for text in topic.texts), "nothing comes back to where it was said"
        assert not any("(Slack)" in text for text in stage.on_slack(thread))
        for words in flood.expected:
            assert sum(text.endswith(f"to the customer: {words}") for text in topic.texts) == 1
