"""What goes to customers and to staff in private: every kind, every refusal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.message import Attachment, Button, Kind, Media, Ref, Side
from bot.ports import File, Outcome
from tests.telegram.stage import DESK, Stage, elsewhere, parcel, stage, words
from tests.wire.telegram import FakeTelegram, FaultKind, Message, Person

ROWS = ((Button("1", "rate:3:1"), Button("5", "rate:3:5")), (Button("Talk to a person", "human", "primary"),))
BIG = "\n\n".join(f"Paragraph {number}. " + "word " * 150 for number in range(12)).strip()


async def started(on: Stage, number: int = 1001) -> Person:
    ana = on.tg.user(number, "Ana Duarte")
    await ana.start()
    return ana


async def test_words_arrive_as_they_are_with_their_buttons(on: Stage) -> None:
    ana = await started(on)
    text = "<b>5 > 4 & *bold* _x_</b>\u202eabc"
    delivery = await on.deliver(parcel(words(text, Kind.ASK, buttons=ROWS)))
    (message,) = ana.hears
    assert message.text == text
    assert [(b.text, b.data) for b in message.buttons] == [(b.label, b.action) for row in ROWS for b in row]
    assert delivery.outcome is Outcome.SENT
    assert delivery.refs == (Ref("telegram", "1001", str(message.id)),)


async def test_a_long_text_comes_in_pieces_with_the_buttons_under_the_last(on: Stage) -> None:
    ana = await started(on)
    delivery = await on.deliver(parcel(words(BIG, buttons=ROWS)))
    assert " ".join(m.text for m in ana.hears).split() == BIG.split()
    assert [bool(m.buttons) for m in ana.hears] == [False, False, True]
    assert len(delivery.refs) == 3


async def test_a_second_attempt_leaves_out_what_arrived(on: Stage) -> None:
    ana = await started(on)
    on.tg.faults.add(FaultKind.ERROR, "sendMessage", times=1, share=1.0)
    first = await on.deliver(parcel(words(BIG)))
    assert (first.outcome, first.sent) == (Outcome.RETRY, ())
    real = on.tg.on_call

    def break_the_second(method: str, params: dict[str, Any]) -> None:
        if params.get("text", "").startswith("Paragraph 0"):
            on.tg.faults.fail("sendMessage")

    on.tg.on_call = break_the_second
    second = await on.deliver(parcel(words(BIG)))
    on.tg.on_call = real
    assert (second.outcome, second.sent, len(second.refs)) == (Outcome.RETRY, ("words:0",), 1)
    third = await on.deliver(parcel(words(BIG), sent=second.sent))
    assert third.outcome is Outcome.SENT
    assert len(ana.hears) == 3
    assert " ".join(m.text for m in ana.hears).split() == BIG.split()


async def test_nothing_to_send_is_refused_and_all_sent_is_sent(on: Stage) -> None:
    await started(on)
    assert (await on.deliver(parcel(words(" \n ")))).outcome is Outcome.REJECTED
    assert (await on.deliver(parcel(words("hi"), sent=("words:0",)))).outcome is Outcome.SENT
    assert not on.tg.calls_of("sendMessage")


async def test_a_reply_points_at_the_message_and_goes_out_even_when_that_is_gone(on: Stage) -> None:
    ana = await started(on)
    said = await ana.say("When?")
    ref = Ref("telegram", "1001", str(said.id))
    await on.deliver(parcel(words("Today", reply_to=ref)))
    assert ana.hears[-1].reply is said
    await ana.delete(said)
    await on.deliver(parcel(words("Tomorrow", reply_to=ref)))
    await on.deliver(parcel(words("Later", reply_to=Ref("slack", "C1", "17.5"))))
    assert [m.text for m in ana.hears] == ["Today", "Tomorrow", "Later"]


# --- things


def source(message: Message) -> tuple[Ref, Attachment]:
    ref = Ref("telegram", str(message.chat.id), str(message.id))
    return ref, Attachment(Media(message.kind), "telegram", message.file_id or "")


async def agent_sends(on: Stage, kind: str, **more: Any) -> Message:
    kim, forum = on.tg.user(500), on.tg.world.chats[DESK]
    topic = await forum.create_topic("Ana")  # type: ignore[attr-defined]
    return await kim.send_media(kind, b"bytes of " + kind.encode(), to=topic, **more)


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "audio", "document", "animation"])
async def test_a_thing_is_copied_with_our_words_as_its_caption(on: Stage, kind: str) -> None:
    ana = await started(on)
    ref, attachment = source(await agent_sends(on, kind, caption="look"))
    delivery = await on.deliver(
        parcel(words("Kim: look", Kind.RELAY, attachments=(attachment,), sources=(ref,), buttons=ROWS))
    )
    (message,) = ana.hears
    assert (message.kind, message.text, message.data) == (kind, "Kim: look", b"bytes of " + kind.encode())
    assert message.buttons
    assert on.tg.count["copyMessage"] == 1
    assert delivery.refs == (Ref("telegram", "1001", str(message.id)),)


async def test_a_copied_thing_without_words_loses_its_old_caption(on: Stage) -> None:
    ana = await started(on)
    ref, attachment = source(await agent_sends(on, "photo", caption="inside words"))
    await on.deliver(parcel(words("", Kind.RELAY, attachments=(attachment,), sources=(ref,))))
    assert [(m.kind, m.text) for m in ana.hears] == [("photo", "")]


@pytest.mark.parametrize("kind", ["sticker", "video_note"])
async def test_what_takes_no_caption_comes_after_its_words(on: Stage, kind: str) -> None:
    ana = await started(on)
    ref, attachment = source(await agent_sends(on, kind))
    await on.deliver(parcel(words("Kim", Kind.RELAY, attachments=(attachment,), sources=(ref,))))
    assert [(m.kind, m.text) for m in ana.hears] == [("text", "Kim"), (kind, "")]


async def test_words_too_long_for_a_caption_come_before_the_thing(on: Stage) -> None:
    ana = await started(on)
    ref, attachment = source(await agent_sends(on, "photo"))
    await on.deliver(parcel(words("x" * 1025, Kind.RELAY, attachments=(attachment,), sources=(ref,))))
    assert [(m.kind, len(m.text)) for m in ana.hears] == [("text", 1025), ("photo", 0)]


async def test_a_thing_that_cant_be_copied_is_sent_by_its_id(on: Stage) -> None:
    ana = await started(on)
    message = await agent_sends(on, "photo")
    ref, attachment = source(message)
    await on.tg.user(500).delete(message)
    delivery = await on.deliver(parcel(words("Kim: look", attachments=(attachment,), sources=(ref,))))
    assert delivery.outcome is Outcome.SENT
    assert [(m.kind, m.text, m.data) for m in ana.hears] == [("photo", "Kim: look", b"bytes of photo")]


async def test_an_album_stays_together_with_the_words_on_its_first_part(on: Stage) -> None:
    ana = await started(on)
    kim, forum = on.tg.user(500), on.tg.world.chats[DESK]
    topic = await forum.create_topic("Ana")  # type: ignore[attr-defined]
    parts = await kim.send_album(["photo", "video", "photo"], caption="these", to=topic)
    refs, things = zip(*map(source, parts), strict=True)
    delivery = await on.deliver(parcel(words("Kim: these", attachments=things, sources=refs)))
    assert [(m.kind, m.text) for m in ana.hears] == [("photo", "Kim: these"), ("video", ""), ("photo", "")]
    assert len({m.album for m in ana.hears}) == 1
    assert len(delivery.refs) == 3


async def test_an_album_with_buttons_has_them_under_its_words(on: Stage) -> None:
    ana = await started(on)
    things = tuple([source(await agent_sends(on, "photo"))[1] for _ in range(2)])
    await on.deliver(parcel(words("See", attachments=things, buttons=ROWS)))
    assert [(m.kind, m.text, bool(m.buttons)) for m in ana.hears] == [
        ("photo", "", False),
        ("photo", "", False),
        ("text", "See", True),
    ]


async def test_places_and_contacts_are_made_anew(on: Stage) -> None:
    ana = await started(on)
    place = Attachment(Media.LOCATION, "slack", "", note="48.85,2.35")
    contact = Attachment(Media.CONTACT, "slack", "", "Ana", note="+33")
    odd = Attachment(Media.LOCATION, "slack", "", "Paris", note="somewhere")
    await on.deliver(parcel(words("", attachments=(place, contact, odd))))
    assert [m.kind for m in ana.hears] == ["location", "contact", "text"]
    assert ana.hears[-1].text == "[location “Paris”]"


@pytest.mark.parametrize(
    ("media", "mime", "kind"),
    [
        (Media.PHOTO, "image/jpeg", "photo"),
        (Media.PHOTO, "image/heic", "document"),
        (Media.VOICE, "audio/ogg; codecs=opus", "voice"),
        (Media.VOICE, "audio/wav", "document"),
        (Media.AUDIO, "audio/mpeg", "audio"),
        (Media.VIDEO, "video/mp4", "video"),
        (Media.VIDEO, "video/webm", "document"),
        (Media.ANIMATION, "image/gif", "animation"),
        (Media.DOCUMENT, "application/pdf", "document"),
    ],
)
async def test_a_file_from_elsewhere_is_uploaded_as_the_kind_that_telegram_shows(
    on: Stage, media: Media, mime: str, kind: str
) -> None:
    ana = await started(on)
    on.files["f1"] = File("naïve “name”.bin", mime, b"content")
    reply = Ref("telegram", "1001", "1")
    message = words("Kim: here", Kind.RELAY, attachments=(elsewhere(media),), buttons=ROWS, reply_to=reply)
    delivery = await on.deliver(parcel(message))
    assert delivery.outcome is Outcome.SENT
    (message_seen,) = ana.hears
    assert (message_seen.kind, message_seen.text, message_seen.data) == (kind, "Kim: here", b"content")
    assert message_seen.buttons


async def test_a_picture_that_telegram_wont_show_goes_as_a_document(on: Stage) -> None:
    ana = await started(on)
    on.files["f1"] = File("big.jpg", "image/jpeg", b"x" * (10 * 1024 * 1024 + 1))
    assert (await on.deliver(parcel(words("", attachments=(elsewhere(),))))).outcome is Outcome.SENT
    assert [m.kind for m in ana.hears] == ["document"]


@pytest.mark.parametrize(
    ("attachment", "data", "why"),
    [
        (elsewhere(size=61_000_000), b"x", "61 MB"),
        (elsewhere(ref="gone"), b"x", "it was deleted"),
        (elsewhere(), b"", "empty"),
        (elsewhere(), bytes(50_000_001), "50 MB"),
    ],
)
@pytest.mark.parametrize("text", ["", "short", "x" * 2000])
async def test_of_a_file_that_cant_be_had_the_words_arrive_and_the_reason_is_told(
    on: Stage, attachment: Attachment, data: bytes, why: str, text: str
) -> None:
    ana = await started(on)
    on.files["f1"] = File("x.jpg", "image/jpeg", data)
    delivery = await on.deliver(parcel(words(text, attachments=(attachment,))))
    assert delivery.outcome is (Outcome.SENT if text else Outcome.REJECTED)
    assert why in delivery.why
    assert [message.text for message in ana.hears] == ([text] if text else [])


# --- taps, staff


async def test_a_tap_is_answered_in_at_most_two_hundred_letters(on: Stage) -> None:
    ana = await started(on)
    await on.deliver(parcel(words("How?", buttons=ROWS)))
    waiting = asyncio.create_task(ana.tap("5"))
    await asyncio.sleep(0)
    (query,) = on.tg.world.queries
    delivery = await on.deliver(parcel(words("y" * 300, Kind.TAP_ANSWER, tap=query), Side.STAFF, external=""))
    assert delivery.outcome is Outcome.SENT
    assert await waiting == "y" * 199 + "…"


async def test_a_tap_that_is_too_old_to_answer_is_done_with(on: Stage) -> None:
    delivery = await on.deliver(parcel(words("", Kind.TAP_ANSWER, tap="123"), Side.STAFF, external=""))
    assert delivery.outcome is Outcome.SENT


async def test_staff_are_written_to_in_private_by_identity_or_by_name(on: Stage) -> None:
    kim = on.tg.user(500)
    await kim.start()
    await on.deliver(parcel(words("Asks: 3", Kind.REPORT), Side.STAFF, "500"))
    await on.deliver(parcel(words("Hello", arguments={"to": "500"}), Side.STAFF, external=""))
    assert [m.text for m in kim.hears] == ["Asks: 3", "Hello"]
    assert (await on.deliver(parcel(words("x"), Side.STAFF, external=""))).outcome is Outcome.UNREACHABLE


# --- refusals


async def test_somebody_who_never_started_blocked_or_left_is_unreachable_and_we_know_why(on: Stage) -> None:
    ana = on.tg.user(1001, "Ana")
    outcomes = [await on.deliver(parcel(words()))]
    await ana.start()
    await ana.block()
    outcomes.append(await on.deliver(parcel(words())))
    await ana.unblock()
    await ana.delete_account()
    outcomes.append(await on.deliver(parcel(words())))
    outcomes.append(await on.deliver(parcel(words(), external="")))
    assert [(each.outcome, each.why) for each in outcomes] == [
        (Outcome.UNREACHABLE, "never started the bot"),
        (Outcome.UNREACHABLE, "blocked the bot"),
        (Outcome.UNREACHABLE, "deleted the account"),
        (Outcome.UNREACHABLE, "has no Telegram chat with us"),
    ]


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (FaultKind.ERROR, Outcome.RETRY, 0),
        (FaultKind.BAD_GATEWAY, Outcome.RETRY, 0),
        (FaultKind.LOST_CALL, Outcome.UNCERTAIN, 0),
        (FaultKind.LOST_ANSWER, Outcome.UNCERTAIN, 1),
    ],
)
async def test_what_may_have_arrived_is_told_apart_from_what_did_not(
    on: Stage, fault: FaultKind, outcome: Outcome, arrived: int
) -> None:
    ana = await started(on)
    on.tg.faults.add(fault, "sendMessage")
    assert (await on.deliver(parcel(words()))).outcome is outcome
    assert len(ana.hears) == arrived


async def test_an_answer_that_never_comes_is_uncertain(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await started(on)
    on.tg.faults.hang("sendMessage", seconds=5)
    call = on.edge._client.call
    short = replace_timeout(call)
    monkeypatch.setattr(on.edge._client, "call", short)
    assert (await on.deliver(parcel(words()))).outcome is Outcome.UNCERTAIN


def replace_timeout(call: Any) -> Any:
    async def short(name: str, params: Any, *_: Any) -> Any:
        from aiohttp import ClientTimeout  # noqa: PLC0415

        return await call(name, params, ClientTimeout(total=0.2))

    return short


async def test_a_server_that_isnt_there_got_nothing(tg: FakeTelegram) -> None:
    gone = stage(tg, telegram_api_url="http://127.0.0.1:9")
    delivery = await gone.deliver(parcel(words()))
    assert delivery.outcome is Outcome.RETRY
    await gone.edge.stop()


async def test_a_lost_answer_to_a_tap_is_simply_given_again(on: Stage) -> None:
    on.tg.faults.lose_answer("answerCallbackQuery")
    tap = parcel(words("", Kind.TAP_ANSWER, tap="123"), Side.STAFF, external="")
    assert (await on.deliver(tap)).outcome is Outcome.RETRY


async def test_a_flood_waits_exactly_as_long_as_told_and_for_everybody_when_two_chats_are_held(on: Stage) -> None:
    await started(on)
    await started(on, 1002)
    on.tg.faults.flood("sendMessage", times=2, retry_after=7)
    one = await on.deliver(parcel(words()))
    other = await on.deliver(parcel(words(), external="1002"))
    assert (one.outcome, one.retry_after, one.everywhere) == (Outcome.WAIT, 7.0, False)
    assert (other.outcome, other.retry_after, other.everywhere) == (Outcome.WAIT, 7.0, True)
    on.tg.flood._until.clear()


async def test_a_message_that_telegram_will_never_take_is_rejected_in_its_own_words(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=None)
    await tg.user(1001).start()
    bad = ((Button("", "human"),),)
    delivery = await made.deliver(parcel(words("x", buttons=bad)))
    assert (delivery.outcome, delivery.why) == (
        Outcome.REJECTED,
        "inline keyboard button text must be non-empty",
    )
    lookup = await made.deliver(parcel(words("", Kind.LOOKUP, email="a@b.c")))
    assert lookup.outcome is Outcome.REJECTED
    desk = await made.deliver(parcel(words("x"), Side.DESK))
    assert "TELEGRAM_DESK_CHAT" in desk.why
    await made.edge.stop()


async def test_a_token_that_was_taken_back_makes_everything_wait(tg: FakeTelegram) -> None:
    made = stage(tg)
    tg.token = "42424242:another"
    delivery = await made.deliver(parcel(words()))
    assert (delivery.outcome, delivery.everywhere) == (Outcome.WAIT, True)
    await made.edge.stop()


def test_each_chat_has_its_own_pace_and_taps_and_reactions_theirs(tg: FakeTelegram) -> None:
    made = stage(tg)
    key = made.edge.chat_key
    assert key(parcel(words())) == "1001"
    assert key(parcel(words(arguments={"to": "500"}), Side.STAFF, external="")) == "500"
    assert key(parcel(words(kind=Kind.RELAY), Side.DESK)) == str(DESK)
    assert key(parcel(words("", Kind.TAP_ANSWER, tap="9"), Side.STAFF, external="")) == "tap:9"
    assert key(replace(parcel(words()), identity=None)) == "nobody:17"


# --- files


async def test_a_file_is_fetched_whole_with_a_name(on: Stage) -> None:
    ana = await started(on)
    photo = await ana.send_photo(b"jpeg bytes")
    document = await ana.send_document(b"%PDF", name="receipt.pdf")
    one = await on.edge.fetch(Attachment(Media.PHOTO, "telegram", photo.file_id or "", mime="image/jpeg"))
    two = await on.edge.fetch(Attachment(Media.DOCUMENT, "telegram", document.file_id or "", "receipt.pdf"))
    assert (one.data, one.mime, one.name.endswith(".jpg")) == (b"jpeg bytes", "image/jpeg", True)
    assert two == File("receipt.pdf", "application/pdf", b"%PDF")


@pytest.mark.parametrize(
    ("size", "told", "why"),
    [(30_000_000, 0, "20 MB"), (30_000_000, 30_000_000, "30 MB"), (1, 0, "doesn't have the file")],
)
async def test_a_file_that_telegram_wont_give_says_why(on: Stage, size: int, told: int, why: str) -> None:
    from bot.errors import FileUnavailable  # noqa: PLC0415

    ana = await started(on)
    document = await ana.send_document(b"x", size=size)
    ref = (document.file_id or "") + ("" if size > 1 else "?")
    with pytest.raises(FileUnavailable, match=why):
        await on.edge.fetch(Attachment(Media.DOCUMENT, "telegram", ref, size=told))
    with pytest.raises(FileUnavailable, match="no file"):
        await on.edge.fetch(Attachment(Media.LOCATION, "telegram", "", note="1,2"))
