"""What managers are told at once, and what is quoted: from real tallies and real words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.decide import decide
from bot.domain.event import (
    Accepted,
    AlertRaised,
    ByCustomer,
    ByShopCustomer,
    Event,
    Incoming,
    OrderReported,
    Said,
    Sender,
    ShopCustomer,
    SpikeSeized,
)
from bot.domain.ids import HOUSE
from bot.domain.interaction import Feedback
from bot.domain.purchase import Item
from bot.domain.spike import Aim, definition_of
from bot.domain.staff import Role
from bot.domain.story import Decision, House, Story
from bot.program import Program, parse_program
from bot.runtime.figures import Figures
from bot.runtime.watching import Watch
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import DAY, MINUTE, T0, HandClock, accept, incoming, said, turn_all


class Journal:
    """The real one, and what was handed in."""

    def __init__(self, db: Database, clock: HandClock) -> None:
        self._db, self._clock = db, clock
        self.alerts: list[AlertRaised] = []

    async def accept(self, incoming: Incoming) -> Accepted:
        (accepted,) = await self._db.accept([incoming], self._clock.now())
        assert accepted.customer == HOUSE
        assert isinstance(incoming.payload, AlertRaised)
        if accepted.fresh:
            self.alerts.append(incoming.payload)
        return accepted

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(alert.kind, alert.subject) for alert in self.alerts]


async def answers(db: Database, at: datetime, moods: Sequence[str], words: str = "", first: int = 0) -> None:
    """One customer each, in these moods about the delivery."""
    people = [Sender("telegram", f"{first + number}", f"Person{first + number} Stone") for number in range(len(moods))]

    def rules(story: Story, event: Any, house: House) -> Decision:
        if isinstance(event.payload, AlertRaised):
            return Decision(story)
        mood = moods[int(event.payload.sender.external) - first]
        score = {"sad": -0.8, "glad": 0.8}[mood]
        text = words or f"{mood} about it"
        label = "negative" if mood == "sad" else "positive"
        feedback = Feedback(at, None, None, text, label, score, 0.5, mood == "sad", "telegram", (("delivery", score),))
        return Decision(story, feedback=(feedback,))

    await accept(db, *(said("…", person) for person in people), now=at)
    await turn_all(db, at, rules)


async def test_a_bad_day_is_told_once_and_again_a_day_later(db: Database, clock: HandClock) -> None:
    journal = Journal(db, clock)
    watch = Watch(db, journal, Program(), clock)
    await answers(db, T0 - 10 * DAY, ["glad"] * 90 + ["sad"] * 10)
    assert await watch.once() == 0
    await answers(db, T0, ["sad"] * 12 + ["glad"] * 8, first=1000)
    assert await watch.once() == 2
    assert journal.told == [("unhappy", ""), ("topic", "delivery")]
    values = journal.alerts[0].values
    assert (values["hits"], values["of"], values["share"], values["usual"]) == ("12", "20", "60 %", "10 %")
    for later in (MINUTE, timedelta(hours=11), timedelta(hours=13), timedelta(hours=22)):
        clock.shown = T0 + later
        assert await watch.once() == 0
    clock.shown = T0 + DAY + timedelta(hours=1)
    await answers(db, clock.shown - MINUTE, ["sad"] * 30, first=2000)
    assert await watch.once() == 2
    assert journal.told[2:] == [("unhappy", ""), ("topic", "delivery")]


async def test_a_shop_without_history_is_not_woken(db: Database, clock: HandClock) -> None:
    journal = Journal(db, clock)
    await answers(db, T0, ["sad"] * 20)
    assert await Watch(db, journal, Program(), clock).once() == 0


async def test_rising_words_come_with_quotes_that_name_nobody(db: Database, clock: HandClock) -> None:
    figures = Figures(db, Program(), clock)
    period = figures.period("7d")
    assert period is not None
    await answers(db, T0 - 9 * DAY, ["glad"] * 30, "soft leather and a good fit")
    sad = "I am Person501 Stone, the left zipper broke, order #1234 to 12 High Street"
    await answers(db, T0 - DAY, ["sad"] * 8, sad, first=500)
    await answers(db, T0 - DAY, ["glad"] * 12, "soft leather and a good fit", first=600)
    themes = await figures.themes(period)
    assert "left zipper" in [theme.words for theme in themes]
    quotes = [quote.text for theme in themes for quote in theme.quotes]
    assert quotes
    assert not any(word in text for text in quotes for word in ("Person", "Stone", "1234", "High Street"))
    voices = await figures.voices(period)
    assert len(voices) == len({voice.text for voice in voices}) == 2
    assert voices[0].mood < 0 < voices[1].mood
    assert all(voice.customer for voice in voices)


async def test_a_product_that_lets_people_down_is_told_by_its_name(db: Database, clock: HandClock) -> None:
    journal, rules = Journal(db, clock), Program()
    watch = Watch(db, journal, rules, clock)
    number = 0

    async def rated(item: str, at: datetime, moods: Sequence[str]) -> None:
        """Each by a customer of their own, about a purchase of that product."""
        nonlocal number
        for mood in moods:
            number += 1
            who = ShopCustomer(f"c-{number}", f"Person {number}")
            bought = OrderReported("paid", "main", f"o-{number}", at, who, Decimal(9), "EUR", (Item(item),))
            await accept(db, incoming(bought, ByShopCustomer("main", who), f"paid:{number}", at=at), now=at)
            lane = ByShopCustomer("main", who)
            words = Said(Sender("shop", f"main/c-{number}"), mood)
            await accept(db, incoming(words, lane, f"said:{number}", at=at), now=at)

        def told(story: Story, event: Event, house: House) -> Decision:
            if not isinstance(event.payload, Said):
                return decide(story, event, None, house, rules, at)
            sad = event.payload.words == "sad"
            score = -0.8 if sad else 0.8
            one = Feedback(at, story.purchases[-1].id, None, "", "", score, 0.5, sad, "telegram")
            return Decision(story, feedback=(one,))

        await turn_all(db, at, told)

    for item in ("Boots", "Socks"):
        await rated(item, T0 - 10 * DAY, ["glad"] * 55 + ["sad"] * 5)
    assert await watch.once() == 0
    await rated("Socks", T0, ["glad"] * 40)
    await rated("Boots", T0, ["sad"] * 8 + ["glad"] * 6)
    await watch.once()
    assert ("product", "Boots") in journal.told
    assert ("product", "Socks") not in journal.told


async def test_a_spike_is_kept_and_seized_once_by_whichever_process(opened: Opener) -> None:
    first, second = await opened(), await opened()
    rules = parse_program("[quiet]\nenabled = false\n")
    raised = AlertRaised("topic", "delivery", {"hits": "9", "of": "20", "share": "45 %", "usual": "1 %"})

    def real(story: Story, event: Event, house: House) -> Decision:
        return decide(story, event, None, house, rules, T0)

    await accept(first, incoming(raised, ByCustomer(HOUSE)))
    await turn_all(first, T0, real)
    (spike,) = await second.spikes()
    assert (spike.kind, spike.subject, spike.raised_at, spike.seized_at) == ("topic", "delivery", T0, None)
    await first.seat("console", "mira", Role.MANAGER, "Mira")
    await first.seat("console", "mona", Role.MANAGER, "Mona")
    for words, by in (("Sorry!", "console:mira"), ("Other words", "console:mona")):
        await accept(first, incoming(SpikeSeized(spike.id, "bought", words, by), ByCustomer(HOUSE)))
    await turn_all(second, T0, real)
    (spike,) = await first.spikes()
    assert (spike.seized_at, spike.seized_by) == (T0, "console:mira")
    (row,) = await first.campaigns()
    assert (row.campaign.name, row.stopped) == (spike.campaign, None)
    assert row.campaign.variant[0].words == {"en": "Sorry!"}

    def stale(story: Story, event: Event, house: House) -> Decision:
        late = replace(spike, seized_at=T0 + DAY, seized_by="console:mona")
        return Decision(story, spikes=(late,), campaigns=(definition_of(spike, Aim(), {"en": "Too late"}),))

    await accept(second, said("hello"))
    await turn_all(second, T0 + DAY, stale)
    assert [one.seized_by for one in await first.spikes()] == ["console:mira"]
    (row,) = await first.campaigns()
    assert row.campaign.variant[0].words == {"en": "Sorry!"}
