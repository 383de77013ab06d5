"""Parcels on their way to customers and to people of the shop, and what Slack says to them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Identity
from bot.domain.event import ByCustomer, IdentityFound
from bot.domain.message import Attachment, Button, Kind, Media, Message, Side
from bot.ports import File, Outcome
from handlers.slack.send import TOKEN_TROUBLE, CallFailed, button_rows, judge, section
from tests.slack.harness import DESK, Shop, open_shop, until
from tests.wire.slack import DEFAULT_SCOPES
from tests.wire.slack_blocks import blocks_faults

ROWS = ((Button("1", "rate:1:1"), Button("2", "rate:1:2")), (Button("Talk to a person", "human"),))
NASTY = "<!channel> *bold* _it_ <https://x.example|y> & @here \u202eabc\u200b 😀"


async def test_words_reach_the_customer_as_they_are(office: Shop) -> None:
    delivery = await office.sent(office.to_ana(NASTY))
    assert office.ana.last.shown == NASTY
    assert office.ana.last.pings == []
    assert office.slack.calls_of("chat.postMessage")[-1].params["mrkdwn"] is False
    assert [(ref.channel, ref.chat, ref.message) for ref in delivery.refs] == [
        ("slack", office.ana.dm_channel.id, office.ana.last.ts)
    ]


async def test_a_question_comes_with_its_buttons(office: Shop) -> None:
    await office.sent(office.to_ana(Message(Kind.ASK, NASTY, ROWS)))
    assert office.ana.last.buttons == ["1", "2", "Talk to a person"]
    assert [control.value for control in office.ana.last.controls] == ["rate:1:1", "rate:1:2", "human"]
    assert office.ana.last.shown.startswith(NASTY)
    assert office.ana.last.pings == []


async def test_the_direct_message_is_opened_once(office: Shop) -> None:
    await office.sent(office.to_ana("one"))
    await office.sent(office.to_ana("two"))
    assert len(office.slack.calls_of("conversations.open")) == 1


async def test_nobody_opens_what_a_customer_has_opened(shop: Shop) -> None:
    await shop.ana.dm("hello")
    await shop.sent(shop.to_ana("Hello Ana"))
    assert shop.slack.calls_of("conversations.open") == []


@pytest.mark.parametrize("text", ["word " * 2000, "&" * 5000, "x" * 9000, "line\n" * 1500])
async def test_long_words_arrive_whole(office: Shop, text: str) -> None:
    delivery = await office.sent(office.to_ana(Message(Kind.ANSWER, text, ROWS)))
    assert len(delivery.refs) == len(office.ana.heard) > 1
    assert "".join("".join(m.shown.split("[")[0] for m in office.ana.heard).split()) == "".join(text.split())
    assert [m.buttons for m in office.ana.heard[:-1]] == [[]] * (len(office.ana.heard) - 1)
    assert office.ana.last.buttons


async def test_an_agents_words_carry_their_name(office: Shop) -> None:
    await office.sent(office.to_ana(Message(Kind.RELAY, "Ben: We are sorry", author="Ben")))
    assert (office.ana.last.username, office.ana.last.shown) == ("Ben", "We are sorry")


@pytest.mark.parametrize("told", [True, False])
async def test_without_the_right_to_sign_the_name_stands_before_the_words(told: bool) -> None:
    async with open_shop("none", scopes=DEFAULT_SCOPES - {"chat:write.customize"}) as shop:
        if not told:
            assert shop.edge._parts is not None
            shop.edge._parts.web.scopes = None
        await shop.sent(shop.to_ana(Message(Kind.RELAY, "Ben: We are <sorry>", author="Ben")))
        await shop.sent(shop.to_ana(Message(Kind.RELAY, "Ben: Truly", author="Ben", buttons=ROWS)))
        assert [m.shown.split("\n")[:2] for m in shop.ana.heard] == [["Ben: We are <sorry>"], ["Ben", "Truly"]]
        assert shop.ana.last.username is None
        assert len(shop.slack.refusals) == (0 if told else 1)


# ---------------------------------------------------------------- files


async def test_files_from_another_conversation_are_passed_on(shop: Shop) -> None:
    thread = await shop.thread()
    await shop.ben.say(shop.desk, "this one", [("a.pdf", b"pdf"), ("b.png", b"png")], thread=thread.thread)
    said: Any = shop.ledger.payloads[0]
    message = Message(Kind.RELAY, "Ben: this one", attachments=said.attachments, author="Ben")
    await shop.sent(shop.to_ana(message))
    assert [m.shown for m in shop.ana.heard] == ["this one", "(a.pdf)\n(b.png)"]
    assert [file.content for file in shop.ana.last.files] == [b"pdf", b"png"]


async def test_files_without_words_name_who_sends_them(office: Shop) -> None:
    office.files["1"] = File("photo.jpg", "image/jpeg", b"x" * 1_000_000)
    photo = Attachment(Media.PHOTO, "elsewhere", "1")
    await office.sent(office.to_ana(Message(Kind.RELAY, "", attachments=(photo,), author="Ben")))
    assert office.ana.last.shown == "Ben:\n(photo.jpg)"
    assert office.ana.last.files[0].length == 1_000_000


async def test_what_has_no_file_or_lost_it_is_told_in_words(office: Shop) -> None:
    office.files["empty"] = File("empty.txt", "text/plain", b"")
    things = (
        Attachment(Media.LOCATION, "elsewhere", "", note="52.1, 4.3"),
        Attachment(Media.DOCUMENT, "elsewhere", "gone", name="bill.pdf"),
        Attachment(Media.DOCUMENT, "elsewhere", "empty", name="empty.txt"),
    )
    place = "look\n📎 [location 52.1, 4.3] https://www.openstreetmap.org/?mlat=52.1&mlon=4.3#map=16/52.1/4.3"
    thread = await office.thread()
    await office.sent(office.to_desk(Message(Kind.RELAY, "look", attachments=things), thread=thread))
    assert office.desk.all[-1].shown == f"{place}\n📎 bill.pdf (it was deleted)\n📎 empty.txt (empty)"
    told = await office.sent(office.to_ana(Message(Kind.RELAY, "Ben: look", attachments=things, author="Ben")))
    assert office.ana.last.shown == place
    assert told.why == "bill.pdf (it was deleted); empty.txt (empty)"


async def test_a_file_alone_that_cant_be_had_is_refused_with_the_reason(office: Shop) -> None:
    lost = Attachment(Media.DOCUMENT, "elsewhere", "gone", name="bill.pdf")
    delivery = await office.deliver(office.to_ana(Message(Kind.RELAY, "", attachments=(lost,), author="Ben")))
    assert (delivery.outcome, delivery.why) == (Outcome.REJECTED, "bill.pdf (it was deleted)")
    assert office.ana.heard == []


@pytest.mark.parametrize(
    ("thing", "line"),
    [
        (Attachment(Media.VOICE, "elsewhere", "1"), "[voice message]"),
        (Attachment(Media.STICKER, "elsewhere", "1", note="😀"), "[sticker 😀]"),
        (Attachment(Media.VIDEO_NOTE, "elsewhere", "1"), "[video message]"),
    ],
)
async def test_what_a_file_doesnt_say_by_itself_is_said(office: Shop, thing: Attachment, line: str) -> None:
    office.files["1"] = File("file_1.bin", "application/octet-stream", b"x")
    thread = await office.thread()
    await office.sent(office.to_desk(Message(Kind.RELAY, "Ana", attachments=(thing,)), thread=thread))
    words, file = office.desk.all[-2:]
    assert words.shown == f"Ana\n{line}"
    assert file.files[0].content == b"x"


async def test_a_contact_is_a_line(office: Shop) -> None:
    contact = Attachment(Media.CONTACT, "elsewhere", "", "Cleo", note="+33612345678")
    await office.sent(office.to_ana(Message(Kind.RELAY, "", attachments=(contact,), author="Ben")))
    assert office.ana.last.shown == "📎 [contact “Cleo” +33612345678]"


async def test_what_is_replied_to_stands_above_in_short(office: Shop) -> None:
    await office.sent(office.to_ana(Message(Kind.RELAY, "Ben: today", author="Ben", quote="when does it leave?")))
    assert office.ana.last.shown == "↩ “when does it leave?”\ntoday"


async def test_an_agents_picture_stands_beside_their_words(office: Shop) -> None:
    message = Message(Kind.RELAY, "Ben: hello", author="Ben", picture="https://avatars.invalid/ben.png")
    await office.sent(office.to_ana(message))
    assert office.ana.last.extra["icons"] == {"image_48": "https://avatars.invalid/ben.png"}


async def test_a_second_attempt_repeats_nothing(office: Shop) -> None:
    office.files["1"] = File("photo.jpg", "image/jpeg", b"jpg")
    photo = Attachment(Media.PHOTO, "elsewhere", "1")
    parcel = office.to_ana(Message(Kind.RELAY, "word " * 1000, attachments=(photo,)))
    office.slack.faults.add("files.completeUploadExternal", "http_500", times=1)
    failed = await office.deliver(parcel)
    assert (failed.outcome, len(failed.sent), len(failed.refs)) == (Outcome.RETRY, 2, 2)
    again = await office.sent(replace(parcel, sent=failed.sent))
    assert [ref.chat for ref in again.refs] == [office.ana.dm_channel.id, office.ana.dm_channel.id, "files"]
    assert [bool(m.files) for m in office.ana.heard] == [False, False, True]


# ---------------------------------------------------------------- what Slack says


@pytest.mark.parametrize("error", ["user_not_found", "user_disabled", "cannot_dm_bot", "channel_not_found"])
async def test_people_who_are_gone_are_unreachable(error: str) -> None:
    async with open_shop("none") as shop:
        shop.slack.faults.fail("conversations.open", error=error)
        delivery = await shop.deliver(shop.to_ana("hello"))
        assert (delivery.outcome, bool(delivery.why)) == (Outcome.UNREACHABLE, True)


async def test_somebody_who_left_after_we_talked_is_unreachable(office: Shop) -> None:
    await office.sent(office.to_ana("hello"))
    await office.ana.deactivate()
    delivery = await office.deliver(office.to_ana("hello?"))
    assert (delivery.outcome, delivery.why) == (Outcome.UNREACHABLE, "their Slack account is deactivated")


async def test_a_direct_message_that_moved_is_opened_again(office: Shop) -> None:
    await office.sent(office.to_ana("hello"))
    office.slack.faults.fail("chat.postMessage", error="channel_not_found")
    await office.sent(office.to_ana("hello again"))
    assert len(office.slack.calls_of("conversations.open")) == 2


async def test_inactive_is_the_customer_only_while_we_are_well() -> None:
    async with open_shop("none") as shop:
        shop.slack.faults.fail("conversations.open", error="account_inactive")
        assert (await shop.deliver(shop.to_ana("hello"))).outcome is Outcome.UNREACHABLE
        shop.slack.inactive = True
        assert (await shop.deliver(shop.to_ana("hello"))).outcome is Outcome.RETRY
        await until(lambda: not shop.edge.ready)
        shop.slack.inactive = False
        await until(lambda: shop.edge.ready)
        await shop.sent(shop.to_ana("hello"))


async def test_without_an_address_nobody_is_reached(office: Shop) -> None:
    assert (await office.deliver(office.to_ana("hello", identity=None))).outcome is Outcome.UNREACHABLE
    assert (await office.deliver(office.parcel("hello", side=Side.STAFF))).outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "ratelimited", "retry_after": 7}, Outcome.WAIT),
        ({"kind": "error", "error": "ratelimited"}, Outcome.WAIT),
        ({"kind": "http_500"}, Outcome.RETRY),
        ({"kind": "http_503"}, Outcome.RETRY),
        ({"kind": "error", "error": "internal_error"}, Outcome.RETRY),
        ({"kind": "error", "error": "invalid_auth"}, Outcome.RETRY),
        ({"kind": "drop_before"}, Outcome.UNCERTAIN),
        ({"kind": "drop_after"}, Outcome.UNCERTAIN),
        ({"kind": "error", "error": "invalid_blocks"}, Outcome.REJECTED),
        ({"kind": "error", "error": "msg_too_long"}, Outcome.REJECTED),
        ({"kind": "error", "error": "restricted_action"}, Outcome.REJECTED),
        ({"kind": "error", "error": "is_inactive"}, Outcome.UNREACHABLE),
    ],
)
async def test_every_answer_has_its_outcome(fault: dict[str, Any], outcome: Outcome) -> None:
    async with open_shop("none") as shop:
        shop.slack.faults.add("chat.postMessage", times=1, **fault)
        delivery = await shop.deliver(shop.to_ana("hello"))
        assert (delivery.outcome, bool(delivery.why), delivery.everywhere) == (outcome, True, False)
        assert delivery.retry_after == {"ratelimited": fault.get("retry_after", 1)}.get(
            fault["kind"], 1 if fault.get("error") == "ratelimited" else 0
        )


async def test_what_may_be_repeated_is_never_uncertain(office: Shop) -> None:
    office.slack.faults.add("conversations.open", "drop_after", times=1)
    assert (await office.deliver(office.to_ana("hello"))).outcome is Outcome.RETRY


async def test_an_answer_that_takes_too_long_is_uncertain(office: Shop) -> None:
    assert office.edge._parts is not None
    office.edge._parts.session._timeout = aiohttp.ClientTimeout(total=1.5)
    await office.sent(office.to_ana("hello"))
    office.slack.faults.add("chat.postMessage", "slow", delay=3.0, times=1)
    assert (await office.deliver(office.to_ana("slowly"))).outcome is Outcome.UNCERTAIN
    await asyncio.sleep(1.7)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with open_shop("none") as shop:
        assert shop.edge._parts is not None
        shop.edge._parts.web.base_url = "http://127.0.0.1:9/api/"
        assert (await shop.deliver(shop.to_ana("hello"))).outcome is Outcome.RETRY


async def test_until_the_wait_is_over_slack_is_not_called_again(office: Shop) -> None:
    await office.sent(office.to_ana("hello"))
    office.slack.faults.add("chat.postMessage", "ratelimited", times=1, retry_after=30)
    await office.deliver(office.to_ana("one"))
    calls = len(office.slack.calls_of("chat.postMessage"))
    held = await office.deliver(office.to_ana("two"))
    assert (held.outcome, 29 < held.retry_after <= 30) == (Outcome.WAIT, True)
    assert len(office.slack.calls_of("chat.postMessage")) == calls
    cleo = office.slack.user("U0CLEO", "cleo")
    await office.sent(office.to_ana("elsewhere", identity=Identity("slack", cleo.id)))


async def test_real_limits_are_kept_by_waiting_as_told() -> None:
    async with open_shop("none", limits=True) as shop:
        number = 0
        while number < 6:
            delivery = await shop.deliver(shop.to_ana(f"word {number}"))
            if delivery.outcome is Outcome.WAIT:
                await asyncio.sleep(delivery.retry_after)
            else:
                number += 1
        assert [m.shown for m in shop.ana.heard] == [f"word {n}" for n in range(6)]
        shop.slack.assert_clean()


@given(
    st.sampled_from(["", "is_archived", "whatever", "thread_not_found", "missing_scope", *sorted(TOKEN_TROUBLE)]),
    st.sampled_from([0, 200, 429, 500, 503]),
    st.booleans(),
    st.sampled_from(list(Side)),
)
def test_every_failure_has_an_outcome_and_words(error: str, status: int, maybe: bool, side: Side) -> None:
    delivery = judge(CallFailed("chat.postMessage", error, status=status, maybe=maybe), side)
    assert delivery.outcome is not Outcome.SENT
    assert delivery.why
    assert delivery.outcome is not Outcome.THREAD_GONE or side is Side.DESK


@given(
    st.text(min_size=1, max_size=3000),
    st.lists(st.lists(st.tuples(st.text(max_size=90), st.text(min_size=1, max_size=64)), max_size=30), max_size=45),
)
def test_blocks_keep_slacks_limits(text: str, rows: list[list[tuple[str, str]]]) -> None:
    buttons = tuple(tuple(Button(label, action) for label, action in row) for row in rows)
    if len(text) <= 600:
        assert blocks_faults([section(text), *button_rows(buttons)]) == []


# ---------------------------------------------------------------- look-ups


async def test_a_customer_is_found_by_email(office: Shop) -> None:
    parcel = office.to_ana(Message(Kind.LOOKUP, email="Ana@Example.com"), identity=None)
    follow = (await office.sent(parcel)).follow
    assert follow is not None
    assert follow.payload == IdentityFound("slack", "U0ANA", "Ana@Example.com", "Ana Duarte", "Europe/Lisbon", "ana")
    assert (follow.key, follow.lane) == (f"slack:lookup:{parcel.id}", ByCustomer(parcel.customer))


@pytest.mark.parametrize("email", ["nobody@example.com", "", "robot@example.com", "gone@example.com"])
async def test_nobody_found_is_an_answer_too(office: Shop, email: str) -> None:
    office.slack.user("U0ROBOT", "robot", email="robot@example.com", is_bot=True)
    office.slack.user("U0GONE", "gone", email="gone@example.com", deleted=True)
    follow = (await office.sent(office.to_ana(Message(Kind.LOOKUP, email=email)))).follow
    assert follow is not None
    assert isinstance(follow.payload, IdentityFound)
    assert (follow.payload.external, follow.payload.email) == ("", email)


async def test_a_look_up_waits_and_tells_of_a_missing_right() -> None:
    async with open_shop("none") as shop:
        shop.slack.faults.add("users.lookupByEmail", "ratelimited", times=1, retry_after=9)
        parcel = shop.to_ana(Message(Kind.LOOKUP, email="a@example.com"))
        assert (await shop.deliver(parcel)).retry_after == 9
    async with open_shop("none", scopes={"chat:write"}) as shop:
        delivery = await shop.deliver(shop.to_ana(Message(Kind.LOOKUP, email="a@example.com")))
        assert delivery.outcome is Outcome.REJECTED
        assert "users:read.email" in delivery.why


# ---------------------------------------------------------------- people of the shop


async def test_staff_read_their_reports_in_private(office: Shop) -> None:
    report = Message(Kind.REPORT, "5 asks sent\n2 answered", report="summary", arguments={"to": office.ben.id})
    await office.sent(office.parcel(report, side=Side.STAFF))
    assert office.ben.last.shown == "5 asks sent\n2 answered"
    parcel = office.parcel("hello", side=Side.STAFF, identity=Identity("slack", office.ben.id))
    await office.sent(parcel)
    assert office.ben.last.shown == "hello"


async def test_every_conversation_has_its_own_pace(office: Shop) -> None:
    thread = await office.thread()
    key = office.edge.chat_key
    assert key(office.to_ana("x")) == office.ana.id
    assert key(office.to_ana(Message(Kind.LOOKUP))) == "lookup"
    assert key(office.to_desk("x")) == key(office.to_desk("x", thread=thread)) == DESK
    assert key(office.to_desk(Message(Kind.MARK))) != DESK
    assert key(office.parcel(Message(Kind.ANSWER, "x", arguments={"to": "U9"}), side=Side.STAFF)) == "U9"
    assert office.edge.link("token") is None


async def test_the_token_is_shown_to_slack_alone(office: Shop) -> None:
    assert office.edge._parts is not None
    web = office.edge._parts.web
    for own in (f"{office.slack.url}/files-pri/x", "https://files.slack.com/files-pri/x"):
        assert web.is_own(own)
    for foreign in (
        "", "/x", "http://files.slack.com/x", "https://files.slack.com.evil.example/x",
        "https://evil.example/.slack.com", "http://127.0.0.1:9/x", "https://slackslack.com/x", "https://[",
    ):  # fmt: skip
        assert not web.is_own(foreign)
