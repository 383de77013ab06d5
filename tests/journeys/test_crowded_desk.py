"""A crowd at a desk that takes twenty messages a minute: fewer messages, the most urgent first, no word lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

from tests.journeys.shop import open_shop, program_text, until
from tests.journeys.test_telegram import set_up
from tests.journeys.test_weather import crowd_of
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Forum

CROWD = 10
LATER = ("second line", "third line", "fourth line", "fifth line")


def told(desk: Forum) -> list[str]:
    """Everything in the group's topics."""
    return [text for topic in desk.topics for text in topic.texts]


async def test_a_crowd_at_the_groups_real_limit(tmp_path: Path) -> None:
    """10 unhappy customers, five lines each: 50 messages and 10 cards, of which a group takes 20 a minute."""
    async with FakeTelegram(limits=True) as server:
        desk, settings = set_up(server)
        async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
            crowd = crowd_of(server, CROWD)
            began = monotonic()
            await asyncio.gather(*(person.say("the boots are broken, I want a refund") for person in crowd))
            for line in LATER:
                await asyncio.gather(*(person.say(f"{line} of {person.id}") for person in crowd))
            hurt = server.user(5999, name="Zoe")
            await hurt.say("the sole caught fire and my son is hurt, call me")

            async def answered() -> bool:
                return all(person.hears for person in (*crowd, hurt))

            await until(answered, "an answer for every customer, while the desk is full", 20)
            assert monotonic() - began < 30, "customers' own chats don't wait for the desk"

            async def arrived() -> bool:
                return len(desk.topics) == CROWD + 1 and all(
                    any(text.startswith("P") and f"{LATER[-1]} of {person.id}" in text for text in told(desk))
                    for person in crowd
                )

            await until(arrived, "every line at the desk", 100)
            shown = told(desk)
            for person in crowd:
                lines = [f"{line} of {person.id}" for line in LATER]
                found = [line for text in shown if text.startswith("P") for line in lines if line in text]
                assert found == lines, "every word once, in order"
            said = [text for text in shown if text.startswith("P")]
            assert len(said) < CROWD * len(LATER) / 2, "what waited went in fewer messages"
            names = [topic.name.split()[0] for topic in desk.topics]
            assert names.index("Zoe") < len(names) - 1, "who is in danger wrote last and goes before others"
            assert await shop.running.house.database.dead_letters() == []
        server.assert_clean()
        assert server.flood.refused == 0, "the pace is ours"
