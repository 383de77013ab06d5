"""What managers are told at once, and what is quoted: from real tallies and real words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.event import Accepted, AlertRaised, Incoming, Sender
from bot.domain.ids import HOUSE
from bot.domain.interaction import Feedback
from bot.domain.story import Decision, House, Story
from bot.program import Program
from bot.runtime.figures import Figures
from bot.runtime.watching import Watch
from storage.database import Database
from tests.storage.steps import DAY, MINUTE, T0, HandClock, accept, said, turn_all


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
