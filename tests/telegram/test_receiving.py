"""What comes in, by polling and by webhook: confirmed only once it is kept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import orjson
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.domain.event import AgentSaid, AgentTapped, ReachChanged, Said, Started, Tapped
from bot.domain.ids import CaseId
from bot.domain.message import Kind, Ref, Side
from handlers.telegram import polling
from tests.telegram.stage import DESK, Stage, a_card, hearing, parcel, stage, words
from tests.telegram.test_desk import ROWS
from tests.wire.telegram import FakeTelegram


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)


def texts(made: Stage) -> list[str]:
    return [each.words for each in made.intake.payloads if isinstance(each, Said | AgentSaid)]


def is_ready(made: Stage) -> bool:
    return made.edge.ready


# --- both ways


@asynccontextmanager
async def by_webhook(tg: FakeTelegram, **settings: Any) -> AsyncIterator[Stage]:
    """The edge behind a real HTTP server, told to Telegram."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        made = stage(tg, telegram_mode="webhook", public_url=url, **settings)
        app = Starlette(routes=list(made.edge.routes()))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        task = asyncio.create_task(server.serve(sockets=[sock]))
        while not server.started:
            await asyncio.sleep(0.01)
        await made.edge.start()
        await made.edge.receive()
        try:
            yield made
        finally:
            server.should_exit = True
            await task
            await made.edge.stop()


@pytest.fixture(params=["polling", "webhook"])
async def heard(request: pytest.FixtureRequest, tg: FakeTelegram) -> AsyncIterator[Stage]:
    tg.forum(DESK, members=[tg.user(500, "Kim Lee"), tg.user(501, "Lou")])
    if request.param == "polling":
        made = stage(tg)
        async with hearing(made):
            yield made
    else:
        async with by_webhook(tg) as made:
            yield made
    tg.assert_clean()


async def test_a_customers_story_arrives_in_order(heard: Stage) -> None:
    ana = heard.tg.user(1001, "Ana Duarte", "pt")
    await ana.start("token-1")
    await heard.deliver(parcel(words("How was it?", Kind.ASK, buttons=ROWS)))
    asking = ana.hears[-1]
    await ana.tap("Claim", wait=False)
    said = await ana.say("The zipper broke", reply_to=asking)
    await ana.edit(said, "The zipper broke!")
    await ana.block()
    started, *rest = await heard.intake.until(5)
    assert isinstance(started, Started)
    assert (started.token, started.sender.locale) == ("token-1", "pt")
    by_kind = {type(each).__name__: each for each in rest}
    assert by_kind["Said"].reply_to == Ref("telegram", "1001", str(asking.id))  # type: ignore[union-attr]
    assert by_kind["Edited"].words == "The zipper broke!"  # type: ignore[union-attr]
    assert isinstance(by_kind["Tapped"], Tapped)
    assert isinstance(by_kind["ReachChanged"], ReachChanged)
    await heard.tg.settle()


async def test_the_desk_is_heard_in_its_topics_and_nowhere_else(heard: Stage) -> None:
    kim, lou = heard.tg.user(500), heard.tg.user(501)
    first = await heard.deliver(parcel(words("", Kind.CARD, card=a_card(), buttons=ROWS), Side.DESK))
    forum = heard.tg.world.chats[DESK]
    topic = forum.topics[0]  # type: ignore[attr-defined]
    other = heard.tg.group(-55, members=[kim])
    await kim.say_in(forum, "in General")  # type: ignore[arg-type]
    await kim.say_in(other, "in another group")
    await kim.say_in(topic, "psst", anonymous=True)
    await forum.rename_topic(topic, "Ana!", by=kim)  # type: ignore[attr-defined]
    await forum.pin(topic.messages[0])  # type: ignore[attr-defined]
    other_bot = heard.tg.user(900, "Other Bot", is_bot=True)
    await forum.join(other_bot)  # type: ignore[attr-defined]
    await other_bot.say_in(topic, "beep")
    await kim.tap_in(topic, "Claim", wait=False)
    await lou.send_album(["photo", "photo"], caption="see", to=topic)
    payloads = await heard.intake.until(4)
    await heard.tg.settle()
    assert sorted(texts(heard)) == ["", "psst", "see"]
    tap = next(each for each in payloads if isinstance(each, AgentTapped))
    assert (tap.action, tap.case, tap.sender.external) == ("claim", CaseId(7), "500")
    albums = [each for each in heard.intake.kept if isinstance(each.payload, AgentSaid) and each.payload.group]
    assert len({each.payload.group for each in albums if isinstance(each.payload, AgentSaid)}) == 1
    assert all(each.due_at is not None and each.due_at > each.at for each in albums)
    assert first.thread is not None
    assert len(heard.intake.kept) == 4


async def test_every_update_three_times_is_kept_once(heard: Stage) -> None:
    heard.tg.mailbox.repeat = 3
    ana = heard.tg.user(1001, "Ana")
    for number in range(5):
        await ana.say(f"word {number}")
    await heard.intake.until(5)
    await heard.tg.settle()
    assert texts(heard) == [f"word {number}" for number in range(5)]


async def test_what_could_not_be_kept_comes_again(heard: Stage) -> None:
    heard.intake.broken = 3
    ana = heard.tg.user(1001, "Ana")
    for number in range(4):
        await ana.say(f"word {number}")
    await heard.intake.until(4)
    await heard.tg.settle()
    assert sorted(texts(heard)) == [f"word {number}" for number in range(4)]


async def test_an_update_without_sense_stops_nothing(heard: Stage) -> None:
    heard.tg.push({"message": {"chat": 5, "message_id": "x"}})
    heard.tg.push({"callback_query": {"id": 1}})
    await heard.tg.user(1001, "Ana").say("after")
    await heard.intake.until(1)
    await heard.tg.settle()
    assert texts(heard) == ["after"]


async def test_only_what_we_hear_is_asked_for(heard: Stage) -> None:
    await heard.tg.user(1001, "Ana").say("x")
    await heard.intake.until(1)
    assert heard.tg.mailbox.asked_kinds == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_rights_given_back_end_the_trouble(heard: Stage) -> None:
    forum = heard.tg.world.chats[DESK]
    await forum.set_bot("administrator", [])  # type: ignore[attr-defined]
    problems: list[str] = await heard.edge.problems()
    assert any("manage topics" in each for each in problems)
    await forum.set_bot("administrator", ["can_manage_topics"])  # type: ignore[attr-defined]
    await heard.tg.settle()
    assert await heard.edge.problems() == []


# --- polling


async def test_nothing_is_confirmed_before_it_is_kept(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=None)
    made.intake.slow = 0.3
    ana = tg.user(1001, "Ana")
    for number in range(3):
        await ana.say(f"{number}")
    async with hearing(made):
        await asyncio.sleep(0.15)
        assert len(tg.mailbox.pending) == 3
        await made.intake.until(3)
        await tg.settle()
    assert texts(made) == ["0", "1", "2"]


async def test_an_outage_and_a_rival_are_waited_out_and_told(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=None)
    async with hearing(made):
        await asyncio.sleep(0.1)
        assert is_ready(made)
        tg.faults.fail("getUpdates", times=2)
        rival = asyncio.create_task(tg.mailbox.poll(0, 100, 0.4, None))
        await asyncio.sleep(0.02)
        assert not is_ready(made)
        assert any("Another program polls" in each for each in await made.edge.problems())
        tg.mailbox.stop_poller("over")
        await asyncio.gather(rival, return_exceptions=True)
        await tg.user(1001, "Ana").say("still here")
        await made.intake.until(1)
        await tg.settle()
        assert is_ready(made)


async def test_a_webhook_left_behind_is_taken_away_and_its_updates_kept(tg: FakeTelegram) -> None:
    from tests.wire.telegram_updates import Webhook  # noqa: PLC0415

    await tg.mailbox.set_webhook(Webhook("http://127.0.0.1:9/x", None), None, drop=False)
    await tg.user(1001, "Ana").say("while nobody listened")
    made = stage(tg, telegram_desk_chat=None)
    async with hearing(made):
        await made.intake.until(1)
        await tg.settle()
    assert texts(made) == ["while nobody listened"]


async def test_telegram_out_of_reach_at_the_start_is_waited_for(
    tg: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handlers.telegram import channel  # noqa: PLC0415

    monkeypatch.setattr(channel, "FIRST_PAUSE", 0.05)
    made = stage(tg, telegram_desk_chat=None)
    await tg.close()
    await made.edge.start()
    assert not is_ready(made)
    assert "can't be reached" in (await made.edge.problems())[0]
    task = asyncio.create_task(made.edge.receive())
    await asyncio.sleep(0.1)
    await tg.open()
    await tg.user(1001, "Ana").say("hello again")
    await made.intake.until(1)
    assert is_ready(made)
    assert made.edge.link("t") == "https://t.me/afterword_bot?start=t"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.edge.stop()


# --- webhook


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"x-telegram-bot-api-secret-token": "wrong"}, b'{"update_id": 1}', 403),
        ({"x-telegram-bot-api-secret-token": "Ω"}, b'{"update_id": 1}', 403),
        ({"x-telegram-bot-api-secret-token": "s-1"}, b"{", 400),
        ({"x-telegram-bot-api-secret-token": "s-1"}, b"[]", 400),
        ({"x-telegram-bot-api-secret-token": "s-1"}, b'{"update_id": "x"}', 400),
        ({"x-telegram-bot-api-secret-token": "s-1"}, b"x" * (1024 * 1024 + 1), 413),
        ({"x-telegram-bot-api-secret-token": "s-1"}, b'{"update_id": 1}', 200),
    ],
)
async def test_each_delivery_gets_its_answer(
    tg: FakeTelegram, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with by_webhook(tg, telegram_webhook_secret="s-1", telegram_desk_chat=None) as made:
        url = f"{made.edge._around.settings.public_url}/hooks/telegram"
        async with aiohttp.ClientSession() as client, client.post(url, data=BytesIO(body), headers=headers) as answer:
            assert answer.status == status
        assert tg.mailbox.webhook is not None
        assert tg.mailbox.webhook.secret == "s-1"


async def test_a_secret_is_derived_and_always_the_same(tg: FakeTelegram) -> None:
    async with by_webhook(tg, telegram_desk_chat=None) as made:
        assert tg.mailbox.webhook is not None
        secret = tg.mailbox.webhook.secret or ""
        assert len(secret) == 64
        assert made.edge._secret == secret
        url = f"{made.edge._around.settings.public_url}/hooks/telegram"
        update = {
            "update_id": 5,
            "message": {
                "message_id": 1,
                "date": 1,
                "text": "x",
                "from": {"id": 1, "first_name": "A"},
                "chat": {"id": 1, "type": "private"},
            },
        }
        made.intake.broken = 1
        async with aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": secret}) as client:
            statuses = []
            for _ in range(3):
                async with client.post(url, data=orjson.dumps(update)) as answer:
                    statuses.append(answer.status)
        assert statuses == [500, 200, 200]
        assert len(made.intake.kept) == 1


def test_a_poller_has_no_address(tg: FakeTelegram) -> None:
    assert list(stage(tg).edge.routes()) == []
