"""What people do on Slack, over both transports, and what the journal gets of it."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.event import AgentSaid, AgentTapped, ByCase, BySender, ByThread, Edited, Said, Tapped
from bot.domain.message import Button, Kind, Media, Message
from tests.slack.harness import Ledger, Shop, card_message, make_edge, open_shop, receiving, started, until
from tests.wire.slack import FakeSlack, Upload
from tests.wire.slack_delivery import signed


async def test_words_of_a_customer_are_in_the_journal(shop: Shop) -> None:
    message = await shop.ana.dm("They <broke> & cost 5 € :( see https://x.example/a?b=1&c=2 👍")
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    assert said.words == "They <broke> & cost 5 € :( see https://x.example/a?b=1&c=2 👍"
    assert said.ref is not None
    assert (said.ref.channel, said.ref.chat, said.ref.message) == ("slack", shop.ana.dm_channel.id, message.ts)
    assert shop.ledger.got[0].lane == BySender(said.sender)
    assert said.sender.external == shop.ana.id
    assert abs((shop.ledger.got[0].at.timestamp()) - float(message.ts)) < 0.001


async def test_files_are_kept_where_they_lie(shop: Shop) -> None:
    await shop.ana.dm("look", [("sole.jpg", b"jpg"), Upload("say.m4a", b"m4a", "audio/mp4", "slack_audio")])
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    assert [(a.media, a.name, a.channel) for a in said.attachments] == [
        (Media.PHOTO, "sole.jpg", "slack"),
        (Media.VOICE, "say.m4a", "slack"),
    ]
    assert (await shop.fetch(said.attachments[0])).data == b"jpg"


async def test_only_changed_words_count_as_an_edit(shop: Shop) -> None:
    message = await shop.ana.dm("see https://x.example")
    await shop.slack.unfurl(message)
    await shop.ana.edit(message, "see nothing")
    await shop.ana.delete(message)
    await shop.slack.settled()
    assert [type(payload) for payload in shop.ledger.payloads] == [Said, Edited]


async def test_a_tap_brings_its_action(shop: Shop) -> None:
    ask = Message(Kind.ASK, "How was it?", ((Button("2", "rate:17:2"), Button("3", "rate:17:3")),))
    await shop.sent(shop.to_ana(ask))
    reply = await shop.ana.tap("2")
    assert (reply.failed, reply.ack) == (None, None)
    tapped = shop.ledger.payloads[0]
    assert isinstance(tapped, Tapped)
    assert (tapped.action, tapped.tap) == ("rate:17:2", "")
    await shop.ana.tap("2")
    assert len(shop.ledger.got) == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "/help"),
        ("summary 7d", "/summary 7d"),
        ("/Stop", "/stop"),
        ("payload was broken", "/payload was broken"),
        ("human  please & thanks", "/human please & thanks"),
    ],
)
async def test_the_command_travels_as_words(shop: Shop, typed: str, words: str) -> None:
    reply = await shop.ana.command("/afterword", typed)
    assert (reply.failed, reply.ack) == (None, None)
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    assert (said.words, said.sender.external, said.sender.handle) == (words, shop.ana.id, "ana")


async def test_words_in_a_thread_of_the_desk_are_an_agents(shop: Shop) -> None:
    thread = await shop.thread()
    await shop.ben.say(shop.desk, "We are sorry", thread=thread.thread)
    await shop.ben.say(shop.desk, "!note spoke on the phone", thread=thread.thread)
    await shop.ben.say(shop.desk, "Both see it", thread=thread.thread, broadcast=True)
    await shop.ben.say(shop.desk, "here", [("a.pdf", b"pdf")], thread=thread.thread)
    said = [payload for payload in shop.ledger.payloads if isinstance(payload, AgentSaid)]
    assert [s.words for s in said] == ["We are sorry", "/note spoke on the phone", "Both see it", "here"]
    assert {incoming.lane for incoming in shop.ledger.got} == {ByThread("slack", shop.desk.id, thread.thread)}
    assert said[3].attachments[0].name == "a.pdf"
    assert all(s.desk == "slack" and s.sender.external == shop.ben.id and not s.edited for s in said)


async def test_an_agents_edit_is_told_as_one(shop: Shop) -> None:
    thread = await shop.thread()
    message = await shop.ben.say(shop.desk, "We are sorry", thread=thread.thread)
    await shop.ben.edit(message, "We are so sorry")
    edited = shop.ledger.payloads[1]
    assert isinstance(edited, AgentSaid)
    assert (edited.words, edited.edited) == ("We are so sorry", True)


async def test_nothing_else_of_the_desk_is_heard(shop: Shop) -> None:
    thread = await shop.thread()
    root = await shop.ben.say(shop.desk, "morning all")
    await shop.ben.edit(root, "good morning all")
    await shop.slack.bot().say(shop.desk, "build failed", thread=thread.thread)
    await shop.desk.set_topic(shop.ben, "Boots")
    await shop.desk.join(shop.slack.user("U0CAT", "cat"))
    await shop.ben.delete(await shop.ben.say(shop.desk, "oops"))
    elsewhere = shop.slack.channel("C0RANDOM", "random", [shop.ben])
    lunch = await shop.ben.say(elsewhere, "lunch?")
    await shop.ben.say(elsewhere, "yes", thread=lunch)
    await shop.sent(shop.to_desk("a notice", thread=thread))
    await shop.slack.settled()
    assert shop.ledger.payloads == []
    assert shop.slack.lost == []


async def test_our_own_words_and_other_bots_are_not_heard_in_a_direct_message(shop: Shop) -> None:
    await shop.sent(shop.to_ana("hello"))
    await shop.slack.bot().say(shop.ana.dm_channel, "buy this")
    await shop.ana.open_home("messages")
    await shop.slack.settled()
    assert shop.ledger.payloads == []
    assert shop.slack.lost == []


@pytest.mark.parametrize(("label", "action"), [("Claim", "claim"), ("Resolve", "resolve"), ("Hand back", "handback")])
async def test_the_buttons_of_a_card_name_their_case(shop: Shop, label: str, action: str) -> None:
    await shop.thread()
    await shop.ben.tap(label, channel=shop.desk)
    tapped = shop.ledger.payloads[0]
    assert isinstance(tapped, AgentTapped)
    assert (tapped.action, tapped.case, tapped.desk) == (action, 7, "slack")
    assert shop.ledger.got[0].lane == ByCase(tapped.case)  # type: ignore[arg-type]
    assert tapped.tap == f"{shop.desk.id}/{shop.ben.id}/"


# ---------------------------------------------------------------- retries and failures


async def test_a_repeat_counts_once(shop: Shop) -> None:
    shop.slack.duplicate(3)
    await shop.ana.dm("hello")
    await shop.ana.command("/afterword", "help")
    await shop.slack.settled()
    assert shop.ledger.asked == 6
    assert len(shop.ledger.got) == 2
    assert shop.slack.lost == []


async def test_a_lost_acknowledgement_brings_it_again_and_it_counts_once(shop: Shop) -> None:
    shop.slack.withhold_ack(2)
    await shop.ana.dm("hello")
    await shop.slack.settled()
    assert (shop.ledger.asked, len(shop.ledger.got)) == (3, 1)


async def test_what_could_not_be_written_is_not_acknowledged_and_comes_again(shop: Shop) -> None:
    shop.ledger.down = 1
    shop.slack.sockets.ack_timeout = 0.3
    await shop.ana.dm("it broke")
    await shop.slack.settled()
    delivery = shop.slack.deliveries[-1]
    assert len(delivery.attempts) == 2
    assert delivery.acked
    assert [payload.words for payload in shop.ledger.payloads if isinstance(payload, Said)] == ["it broke"]


async def test_a_command_that_could_not_be_written_fails_before_the_person(shop: Shop) -> None:
    shop.ledger.down = 1
    shop.slack.sockets.ack_timeout = 0.3
    reply = await shop.ana.command("/afterword", "stop")
    assert reply.failed == "operation_timeout"
    assert shop.ledger.got == []


async def test_the_acknowledgement_waits_for_the_journal(shop: Shop) -> None:
    shop.ledger.pause = 0.4
    loop = asyncio.get_running_loop()
    before = loop.time()
    await shop.ana.command("/afterword", "help")
    assert loop.time() - before >= 0.4
    assert len(shop.ledger.got) == 1


async def test_an_unknown_profile_never_holds_up_an_event(shop: Shop) -> None:
    shop.slack.faults.add("users.info", "slow", delay=3.0, times=1)
    loop = asyncio.get_running_loop()
    before = loop.time()
    await shop.ana.dm("hello")
    assert len(shop.ledger.got) == 1
    assert loop.time() - before < 1


async def test_the_second_word_comes_with_name_and_time_zone(shop: Shop) -> None:
    await shop.ana.dm("hello")
    await until(lambda: shop.slack.calls_of("users.info"))
    await asyncio.sleep(0.05)
    await shop.ana.dm("again")
    said = shop.ledger.payloads[1]
    assert isinstance(said, Said)
    assert (said.sender.name, said.sender.timezone) == ("Ana Duarte", "Europe/Lisbon")
    assert (said.sender.email, said.sender.locale) == ("ana@example.com", "en-US")


async def test_who_says_when_their_digest_shall_come_brings_their_time_zone_at_once(shop: Shop) -> None:
    await shop.ana.command("/afterword", "digest daily 8:00")
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    assert (said.words, said.sender.timezone) == ("/digest daily 8:00", "Europe/Lisbon")


async def test_a_digest_is_set_though_slack_does_not_tell_the_time_zone(shop: Shop) -> None:
    shop.slack.faults.add("users.info", "slow", delay=4.0, times=2)
    reply = await shop.ben.command("/afterword", "digest daily 8:00")
    assert not reply.failed
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    assert (said.words, said.sender.timezone) == ("/digest daily 8:00", "")


async def test_a_hundred_people_at_once_lose_nothing(shop: Shop) -> None:
    people = [shop.slack.user(f"U0P{n:03}", f"p{n}") for n in range(100)]
    for word in ("one", "two", "three"):
        for person in people:
            person.type(person.dm_channel, word)
    await shop.slack.settled(20)
    assert len(shop.ledger.got) == 300
    assert shop.slack.lost == []


# ---------------------------------------------------------------- Socket Mode


async def test_a_refreshed_or_dropped_socket_comes_again() -> None:
    async with open_shop("socket") as shop:
        await shop.slack.refresh_sockets()
        await until(lambda: shop.slack.sockets.opened >= 2 and shop.slack.sockets.connections)
        await shop.ana.dm("after the refresh")
        await shop.slack.drop_sockets()
        await until(lambda: shop.slack.sockets.opened >= 3 and shop.slack.sockets.connections, within=10)
        await shop.ana.dm("after the fall")
        await until(lambda: len(shop.ledger.got) == 2)
        await until(lambda: shop.edge.ready)


async def test_a_refused_ticket_is_not_tried_for_ever() -> None:
    async with FakeSlack() as slack:
        edge = make_edge(slack, Ledger())
        slack.channel("C0DESK", "desk")
        async with started(edge):
            edge._ticket = (edge._ticket[0], f"{slack.url}/link/?ticket=spent".replace("http", "ws"))
            async with receiving(edge):
                await slack.connected()
                await until(lambda: edge.ready)


async def test_the_socket_opens_with_the_address_that_start_was_given() -> None:
    async with open_shop("socket") as shop:
        assert len(shop.slack.calls_of("apps.connections.open")) == 1


async def test_what_is_being_written_when_we_stop_is_still_acknowledged() -> None:
    async with open_shop("socket") as shop:
        shop.ledger.pause = 0.3
        shop.ana.type(shop.ana.dm_channel, "last words")
        await until(lambda: shop.ledger.asked)
        await shop.edge.stop()
        assert len(shop.ledger.got) == 1
        await until(lambda: shop.slack.deliveries[-1].acked)


# ---------------------------------------------------------------- HTTP


async def _post(shop: Shop, body: bytes, headers: dict[str, str] | None = None) -> int:
    data = io.BytesIO(body)
    async with aiohttp.ClientSession() as session, session.post(shop.url, data=data, headers=headers) as answer:
        return answer.status


async def test_bad_requests_get_a_clear_answer_and_nothing_happens() -> None:
    async with open_shop("http") as shop:
        now = int(time.time())
        secret, body = shop.slack.signing_secret, b'{"type":"event_callback"}'
        json = {"Content-Type": "application/json"}
        assert await _post(shop, body, json) == 401
        assert await _post(shop, body, json | signed("wrong", body, now)) == 401
        assert await _post(shop, body, json | signed(secret, body, now - 400)) == 401
        assert await _post(shop, body, json | signed(secret, body, now)) == 200
        for broken in (b'{"type":', b"[1,2]", b"7", b"[" * 100_000):
            assert await _post(shop, broken, json | signed(secret, broken, now)) == 400, broken[:9]
            assert await _post(shop, broken, json) == 401
        assert await _post(shop, b"\xff\xfe", json | signed(secret, b"\xff\xfe", now)) == 401
        assert await _post(shop, b"x" * (1024 * 1024 + 1), json) == 413
        assert shop.ledger.got == []


async def test_before_its_start_the_hook_asks_to_come_again() -> None:
    async with open_shop("http") as shop:
        await shop.edge.stop()
        body = b"{}"
        assert await _post(shop, body, signed(shop.slack.signing_secret, body, int(time.time()))) == 503


async def test_an_endless_body_without_a_length_is_cut_off() -> None:
    async with open_shop("http") as shop:

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"x" * 65536

        async with aiohttp.ClientSession() as session, session.post(shop.url, data=endless()) as answer:
            assert answer.status == 413


async def test_the_card_answers_only_the_one_who_tapped(shop: Shop) -> None:
    await shop.sent(shop.to_desk(card_message()))
    reply = await shop.ben.tap("Claim", channel=shop.desk)
    tapped = shop.ledger.payloads[0]
    assert isinstance(tapped, AgentTapped)
    await shop.sent(shop.parcel(Message(Kind.TAP_ANSWER, "Cleo has it <already>", tap=tapped.tap)))
    assert [message.shown for message in reply.ephemerals] == ["Cleo has it <already>"]
    await shop.sent(shop.parcel(Message(Kind.TAP_ANSWER, "", tap=tapped.tap)))
    await shop.sent(shop.parcel(Message(Kind.TAP_ANSWER, "x", tap="C0GONE/U0GONE/")))
