"""Rate limits, faults and webhooks of the fake Telegram: what goes wrong on the real wire goes wrong here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import aiohttp
import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendMessage
from aiogram.types import Message as Incoming
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.wire.telegram import FakeTelegram, FaultKind, Limits, Person
from tests.wire.telegram_client import bot_on, polling

SECRET = "s3cret-of-the-hook"


async def started(tg: FakeTelegram, user_id: int = 1001, name: str = "Ana") -> Person:
    person = tg.user(user_id, name=name)
    await person.start()
    return person


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(webhook_backoff=0.05) as server:
        yield server
    assert not server.crashes, server.crashes


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    async with bot_on(tg) as client:
        yield client


# ── rate limits ──


async def test_one_chat_takes_a_short_burst_and_then_says_how_long_to_wait() -> None:
    async with FakeTelegram(limits=Limits(chat_rate=0.5, chat_burst=3)) as tg, bot_on(tg) as bot:
        ana, ben = await started(tg), await started(tg, 1002, "Ben")
        for number in range(3):
            await bot.send_message(ana.id, f"{number}")
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(ana.id, "too much")
        assert caught.value.retry_after == 2
        assert [m.text for m in ana.hears] == ["0", "1", "2"]
        await bot.send_message(ben.id, "another chat is free")
        tg.assert_clean()
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(ana.id, "too early")
        assert [(early.chat_id, early.method) for early in tg.flood.early] == [(ana.id, "sendMessage")]
        with pytest.raises(AssertionError, match="before retry_after had passed"):
            tg.assert_clean()
        await asyncio.sleep(2.05)
        await bot.send_message(ana.id, "after the wait")
        assert len(tg.flood.early) == 1


async def test_a_group_takes_20_a_minute_albums_counted_one_by_one() -> None:
    async with FakeTelegram(limits=True) as tg, bot_on(tg) as bot:
        ana = await started(tg)
        group = tg.forum(-1001, members=[ana])
        album = [message.id for message in await ana.send_album(["photo"] * 10)]
        await bot.copy_messages(group.id, ana.id, album)
        for _ in range(10):
            await bot.send_message(group.id, "x")
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(group.id, "the 21st")
        assert 58 <= caught.value.retry_after <= 60
        await bot.send_chat_action(group.id, "typing")
        await bot.edit_message_text("edited", chat_id=group.id, message_id=group.messages[-1].id)
        assert tg.flood.refused == 1


async def test_all_chats_together_take_30_in_the_window() -> None:
    assert (Limits().overall_messages, Limits().overall_window, Limits().chat_rate) == (30, 1.0, 1.0)
    async with FakeTelegram(limits=Limits(overall_window=10)) as tg, bot_on(tg) as bot:
        people = [await started(tg, 2000 + number) for number in range(32)]
        answers = await asyncio.gather(*(bot.send_message(person.id, "x") for person in people), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, TelegramRetryAfter)]
        assert len(refused) == 2
        assert sum(len(person.hears) for person in people) == 30


async def test_without_limits_nothing_is_refused(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    for _ in range(40):
        await bot.send_message(ana.id, "x")
    assert len(ana.hears) == 40


# ── faults ──


async def test_a_500_happens_once_and_nothing_was_done(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    tg.faults.fail("sendMessage")
    with pytest.raises(TelegramServerError):
        await bot.send_message(ana.id, "x")
    assert ana.hears == []
    await bot.send_message(ana.id, "y")
    assert [call.status for call in tg.calls_of("sendMessage")] == [500, 200]


async def test_a_429_names_its_wait_and_watches_that_it_is_kept(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    tg.faults.flood("sendMessage", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(ana.id, "x")
    assert caught.value.retry_after == 7
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(ana.id, "too early")
    assert len(tg.flood.early) == 1
    assert ana.hears == []


async def test_a_lost_answer_means_it_happened_and_a_lost_call_that_it_did_not(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    tg.faults.lose_answer("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ana.id, "happened")
    tg.faults.lose_call("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ana.id, "did not")
    await bot.send_message(ana.id, "fine")
    assert [message.text for message in ana.hears] == ["happened", "fine"]
    assert [call.status for call in tg.calls_of("sendMessage")] == [None, None, 200]


async def test_a_hung_answer_runs_into_the_clients_timeout_and_it_happened(tg: FakeTelegram) -> None:
    ana = await started(tg)
    tg.faults.hang("sendMessage")
    async with bot_on(tg, timeout=0.1) as bot:
        with pytest.raises(TelegramNetworkError, match="timeout"):
            await bot.send_message(ana.id, "happened")
    assert [message.text for message in ana.hears] == ["happened"]


async def test_a_slow_call_happens_though_the_client_has_gone(tg: FakeTelegram) -> None:
    ana = await started(tg)
    tg.faults.slow("sendMessage", seconds=0.5)
    async with bot_on(tg, timeout=0.1) as bot:
        with pytest.raises(TelegramNetworkError, match="timeout"):
            await bot.send_message(ana.id, "late")
    assert ana.hears == []
    await ana.wait_for("late")


async def test_a_page_of_html_is_no_answer(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    tg.faults.add(FaultKind.BAD_GATEWAY, "sendMessage")
    with pytest.raises(ClientDecodeError):
        await bot.send_message(ana.id, "x")


async def test_a_seeded_share_of_calls_fails_the_same_way_each_time(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)

    async def pattern(seed: int) -> list[bool]:
        tg.faults.clear()
        tg.faults.share(FaultKind.ERROR, 0.3, "sendMessage", seed=seed)
        answers = [await asyncio.gather(bot.send_message(ana.id, "x"), return_exceptions=True) for _ in range(60)]
        return [isinstance(answer[0], TelegramServerError) for answer in answers]

    first, second, other = await pattern(1), await pattern(1), await pattern(2)
    assert first == second != other
    assert 8 <= sum(first) <= 28


async def test_a_fault_without_a_method_leaves_polling_alone(tg: FakeTelegram, bot: Bot) -> None:
    ana = await started(tg)
    tg.faults.fail(times=None)
    assert len(await bot.get_updates()) == 1
    with pytest.raises(TelegramServerError):
        await bot.send_message(ana.id, "x")
    tg.faults.clear()
    await bot.send_message(ana.id, "x")


async def test_closing_does_not_wait_for_what_hangs() -> None:
    tg = await FakeTelegram().open()
    ana = await started(tg)
    tg.faults.hang()
    async with bot_on(tg) as bot:
        hanging = asyncio.create_task(bot.send_message(ana.id, "x"))
        polling_ = asyncio.create_task(bot.get_updates(offset=800_000_000, timeout=50))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(tg.close(), 2)
        results = await asyncio.gather(hanging, polling_, return_exceptions=True)
    assert isinstance(results[0], TelegramNetworkError)


# ── webhooks ──


@asynccontextmanager
async def hook(
    tg: FakeTelegram, dispatcher: Dispatcher, *, background: bool = False, secret: str = SECRET
) -> AsyncIterator[Bot]:
    """Run a dispatcher behind a real aiohttp webhook and register it."""
    async with bot_on(tg) as bot:
        app = web.Application()
        handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=background, secret_token=SECRET)
        handler.register(app, "/hook")
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token=secret)
        try:
            yield bot
        finally:
            await tg.mailbox.close()
            await runner.cleanup()


async def test_updates_are_pushed_with_the_secret_and_an_answer_in_the_webhook_is_carried_out(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def reply(message: Incoming) -> SendMessage:
        return message.answer(f"echo {message.text}")

    ana = tg.user(1001, name="Ana")
    async with hook(tg, dispatcher) as bot:
        await ana.start()
        await ana.wait_for("echo /start")
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.max_connections) == (0, 40)
    assert tg.count["sendMessage"] == 1
    tg.assert_clean()


async def test_a_wrong_secret_is_refused_by_the_bot_and_shows_in_the_webhooks_state(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()
    seen = []

    @dispatcher.message()
    async def note(message: Incoming) -> None:
        seen.append(message.text)

    async with hook(tg, dispatcher, secret="another") as bot:
        await started(tg)
        async with asyncio.timeout(5):
            while tg.mailbox.last_error is None:
                await asyncio.sleep(0.01)
        info = await bot.get_webhook_info()
    assert seen == []
    assert info.pending_update_count == 1
    assert info.last_error_message == "Wrong response from the webhook: 401 Unauthorized"


async def test_what_a_failing_bot_did_not_take_comes_again_in_order_with_growing_delay(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()
    taken: list[str | None] = []
    failures = 3

    @dispatcher.message()
    async def note(message: Incoming) -> None:
        nonlocal failures
        if message.text == "one" and failures:
            failures -= 1
            raise RuntimeError(message.text)
        taken.append(message.text)

    ana, ben = tg.user(1001, name="Ana"), tg.user(1002, name="Ben")
    async with hook(tg, dispatcher):
        await ana.say("one")
        await ana.say("two")
        await ben.say("ben")
        await tg.settle()
    assert taken == ["ben", "one", "two"]  # Ben's lane didn't wait for Ana's
    first = [each for each in tg.mailbox.deliveries if each.update_id == tg.mailbox.sent[0].id]
    assert [each.status for each in first] == [500, 500, 500, 200]
    gaps = [later.at - earlier.at for earlier, later in pairwise(first)]
    assert gaps[0] < gaps[1]  # at once
    assert gaps[1] >= 0.1  # after 2 units
    assert gaps[2] >= 0.2  # after 4


async def test_a_webhook_that_answers_before_handling_loses_what_fails(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def fail(message: Incoming) -> None:
        raise RuntimeError(message.text)

    ana = tg.user(1001, name="Ana")
    async with hook(tg, dispatcher, background=True):
        await ana.say("lost")
        await tg.settle()
    assert [each.status for each in tg.mailbox.deliveries] == [200]


async def test_what_no_webhook_took_can_be_polled_after_the_webhook_is_gone(tg: FakeTelegram, bot: Bot) -> None:
    ana = tg.user(1001, name="Ana")
    await bot.set_webhook("http://127.0.0.1:9/nobody-listens")
    await ana.say("one")
    await asyncio.sleep(0.05)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert [u.message.text for u in await bot.get_updates() if u.message] == ["one"]
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_updates_can_be_made_to_come_several_times_both_ways(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()
    seen: list[int] = []

    @dispatcher.message()
    async def note(message: Incoming) -> None:
        seen.append(message.message_id)

    tg.mailbox.repeat = 3
    ana = tg.user(1001, name="Ana")
    async with hook(tg, dispatcher) as bot:
        await ana.say("by webhook")
        await tg.settle()
        await bot.delete_webhook()
    async with polling(tg, dispatcher):
        await ana.say("by polling")
        await tg.settle()
    assert seen == [1, 1, 1, 2, 2, 2]


# ── load ──


async def test_the_fast_mode_answers_and_counts_but_keeps_nothing() -> None:
    async with FakeTelegram(validate=False, record=False) as tg:
        dispatcher = Dispatcher()
        answered: list[str] = []
        tg.on_call = lambda method, params: answered.append(params["text"]) if method == "sendMessage" else None

        @dispatcher.message()
        async def echo(message: Incoming) -> None:
            sent = await message.answer(f"echo {message.text}")
            assert sent.message_id > 0

        async with hook(tg, dispatcher):
            for number in range(50):
                tg.inject(1000 + number, str(number))
            await tg.settle()
    assert sorted(answered) == sorted(f"echo {number}" for number in range(50))
    assert tg.count["sendMessage"] == 50
    assert tg.calls == []
    assert tg.world.chats == {}
    assert tg.mailbox.sent == []


async def test_any_update_can_be_pushed_by_hand(tg: FakeTelegram, bot: Bot) -> None:
    body = {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "A"}, "chat_instance": "x", "data": "d"}
    update_id = tg.push({"callback_query": body})
    (update,) = await bot.get_updates()
    assert update.update_id == update_id
    assert update.callback_query is not None
    assert update.callback_query.message is None


async def test_an_aborted_connection_is_seen_as_such(tg: FakeTelegram) -> None:
    tg.faults.lose_call("getMe")
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await http.post(f"{tg.url}/bot{tg.token}/getMe")
