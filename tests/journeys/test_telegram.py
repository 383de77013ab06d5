"""The conversation after the purchase on Telegram, at the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.shop import Shop, open_shop, program_text
from tests.wire.telegram import FakeTelegram

DESK = -1001
PERSON = "Talk to a person"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """The Bot API with a desk: Kim and Boris are agents, Mona is a manager."""
    async with FakeTelegram() as server:
        people = [server.user(1, name="Kim"), server.user(2, name="Boris"), server.user(9, name="Mona")]
        server.forum(DESK, "Desk", members=people)
        yield server
        server.assert_clean()


def telegram_settings(server: FakeTelegram, **more: object) -> dict[str, object]:
    return {
        "telegram_bot_token": server.token,
        "telegram_api_url": server.url,
        "telegram_desk_chat": DESK,
        "agents": "telegram:1,telegram:2",
        "managers": "telegram:9",
        **more,
    }


@pytest.fixture(params=["polling", "webhook"])
async def shop(request: pytest.FixtureRequest, tmp_path: Path, telegram: FakeTelegram) -> AsyncIterator[Shop]:
    settings = telegram_settings(telegram, telegram_mode=request.param)
    async with open_shop(tmp_path, program_text("telegram"), **settings) as running:
        yield running


async def test_order_ask_reply_case_agent_resolution_summary(shop: Shop, telegram: FakeTelegram) -> None:
    answer = await shop.order()
    link = answer["links"]["telegram"]
    assert link.startswith("https://t.me/afterword_bot?start=")
    ana, kim, mona = telegram.user(700, name="Ana"), telegram.user(1), telegram.user(9)
    await ana.start(link.partition("start=")[2])
    ask = await ana.wait_for("how do you like")
    assert PERSON in [button.text for button in ask.buttons]
    await ana.tap("😡 1", ask)
    await ana.wait_for("I am getting a person")
    await ana.say("great, another broken zipper, I want a refund")
    topic = await until_topic(telegram)
    card = await topic.wait_for("unhappy")
    assert "Ana" in card.text
    await kim.tap_in(topic, "Claim")
    await topic.wait_for("Kim has this case")
    await kim.say_in(topic, "New boots leave today, Ana.")
    await ana.wait_for("New boots leave today, Ana.")
    await kim.tap_in(topic, "Resolve")
    await ana.wait_for("Thank you from Kim")
    await mona.start()
    await mona.say("/summary 7d")
    await mona.wait_for("too few to tell")
    interactions = (await shop.export("telegram:700"))["interactions"]
    assert [line["direction"] for line in interactions if line["author"] == "agent"] == ["out"]


async def until_topic(telegram: FakeTelegram):  # type: ignore[no-untyped-def]  # noqa: ANN201
    from tests.journeys.shop import until

    async def there() -> bool:
        return bool(telegram.group(DESK).topics)

    await until(there, "a topic")
    return telegram.group(DESK).topics[0]
