"""Corrected and taken back: what the edge does with what a customer has already."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.message import Attachment, Kind, Media, Message, Ref
from bot.ports import Copy, Delivery, File, Outcome, Parcel
from tests.telegram.stage import Stage, elsewhere, parcel, words
from tests.wire.telegram import FakeTelegram, Person


@pytest.fixture
async def ana(on: Stage) -> Person:
    person = on.tg.user(1001, "Ana Duarte")
    await person.start()
    return person


async def had(on: Stage, text: str = "Kim: 100 euros", **more: Any) -> Copy:
    """Something that Ana has."""
    message = words(text, Kind.RELAY, author="Kim", **more)
    delivery = await on.deliver(parcel(message))
    assert delivery.outcome is Outcome.SENT, delivery
    return Copy(delivery.refs, message)


def amendment(*copies: Copy, text: str = "Kim: 120 euros", **more: Any) -> Parcel:
    message = Message(Kind.AMENDMENT, text, author="Kim", about=(1,), anew="Kim: A correction: 120 euros")  # type: ignore[arg-type]
    return replace(parcel(message, **more), copies=copies)


async def unsent(on: Stage, *copies: Copy) -> Delivery:
    return await on.deliver(replace(parcel(Message(Kind.UNSEND, about=(1,))), copies=copies))  # type: ignore[arg-type]


def texts(ana: Person) -> list[str]:
    return [message.text for message in ana.hears]


async def test_a_correction_changes_the_copy_and_may_be_repeated(on: Stage, ana: Person) -> None:
    copy = await had(on)
    for _ in range(2):
        delivery = await on.deliver(amendment(copy))
        assert (delivery.outcome, delivery.refs, delivery.why) == (Outcome.SENT, copy.refs, "")
    assert texts(ana) == ["Kim: 120 euros"]


@pytest.mark.parametrize("reason", ["deleted", "long", "many", "uncertain", "elsewhere"])
async def test_what_cant_be_changed_is_followed_by_a_message_that_corrects_it(
    on: Stage, ana: Person, reason: str
) -> None:
    copy = await had(on, "Kim: " + "100 euros " * (600 if reason == "many" else 1))
    if reason == "deleted":
        await ana.delete(ana.hears[0])
    elif reason == "uncertain":
        copy = replace(copy, uncertain=True)
    elif reason == "elsewhere":
        copy = replace(copy, refs=(Ref("slack", "D1", "1.2"),))
    text = "x" * 5000 if reason == "long" else "Kim: 120 euros"
    delivery = await on.deliver(amendment(copy, text=text))
    assert delivery.outcome is Outcome.SENT
    assert delivery.why
    assert texts(ana)[-1] == "Kim: A correction: 120 euros"
    assert delivery.refs == (Ref("telegram", "1001", str(ana.hears[-1].id)),)


async def test_words_that_never_arrived_come_as_they_are_now(on: Stage, ana: Person) -> None:
    assert (await on.deliver(amendment())).why == ""
    assert texts(ana) == ["Kim: 120 euros"]


async def test_a_sticker_has_no_words_to_change(on: Stage, ana: Person) -> None:
    sticker = await ana.send_sticker()
    copy = await had(on, "", attachments=(Attachment(Media.STICKER, "telegram", sticker.file_id or ""),))
    assert (await on.deliver(amendment(copy))).why
    assert texts(ana)[-1] == "Kim: A correction: 120 euros"


@pytest.mark.parametrize(
    ("fault", "outcome"), [("flood", Outcome.WAIT), ("fail", Outcome.RETRY), ("lose_answer", Outcome.RETRY)]
)
@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_a_passing_trouble_is_tried_again(
    tg: FakeTelegram, on: Stage, ana: Person, fault: str, outcome: Outcome, method: str
) -> None:
    copy = await had(on)
    getattr(tg.faults, fault)(method, **({"retry_after": 1} if fault == "flood" else {}))
    delivery = await (on.deliver(amendment(copy)) if method == "editMessageText" else unsent(on, copy))
    assert delivery.outcome is outcome
    tg.flood._until.clear()
    delivery = await (on.deliver(amendment(copy)) if method == "editMessageText" else unsent(on, copy))
    assert (delivery.outcome, delivery.why) == (Outcome.SENT, "")


async def test_a_customer_who_blocked_us_keeps_what_they_have(on: Stage, ana: Person) -> None:
    copy = await had(on)
    await ana.block()
    assert (await on.deliver(amendment(copy))).outcome is Outcome.UNREACHABLE
    assert texts(ana) == ["Kim: 100 euros"]


async def test_everything_of_it_is_taken_back(on: Stage, ana: Person) -> None:
    first, second = await had(on, "Kim: " + "word " * 2000), await had(on)
    assert len(ana.hears) > 2
    delivery = await unsent(on, first, second)
    assert (delivery.outcome, delivery.why, ana.hears) == (Outcome.SENT, "", [])
    assert (await unsent(on, first, second)).why == "", "what is gone already is gone"


async def test_what_stays_is_told(on: Stage, ana: Person) -> None:
    old, new = await had(on, "Kim: old"), await had(on, "Kim: new")
    ana.hears[0].date = int(time.time()) - 49 * 3600
    delivery = await unsent(on, old, new, Copy((Ref("slack", "D", "1"),), old.message), replace(new, uncertain=True))
    assert delivery.outcome is Outcome.SENT
    assert texts(ana) == ["Kim: old"]
    for part in ("48 hours only", "went to another place", "got no answer"):
        assert part in delivery.why


async def test_what_never_arrived_is_taken_back_already(on: Stage, ana: Person) -> None:
    assert (await unsent(on)).why == ""
    assert not on.tg.calls_of("deleteMessage")


# ---------------------------------------------------------------- signs of life


@pytest.mark.parametrize(
    ("message", "actions"),
    [
        (words("Kim: hi", Kind.RELAY), ["typing"]),
        (words("Kim: hi", Kind.RELAY, attachments=(elsewhere(),)), ["upload_photo"]),
        (words("Kim: hi", Kind.RELAY, attachments=(elsewhere(Media.DOCUMENT),)), ["upload_document"]),
        (words("Kim: hi", Kind.RELAY, attachments=(elsewhere(Media.VOICE),)), ["upload_voice"]),
        (Message(Kind.TYPING), ["typing"]),
        (words("I am the bot"), []),
        (words("Asked", Kind.ASK), []),
    ],
)
async def test_people_are_announced_and_the_bot_never_is(
    on: Stage, ana: Person, message: Message, actions: list[str]
) -> None:
    on.files["f1"] = File("a.bin", "application/octet-stream", b"x")
    assert (await on.deliver(parcel(message))).outcome is Outcome.SENT
    assert [call.params["action"] for call in on.tg.calls_of("sendChatAction")] == actions
    assert len(ana.hears) == (0 if message.kind is Kind.TYPING else 1)


async def test_a_sign_of_life_that_fails_holds_nothing_up(on: Stage, ana: Person) -> None:
    on.tg.faults.fail("sendChatAction")
    assert (await on.deliver(parcel(words("Kim: hi", Kind.RELAY)))).outcome is Outcome.SENT
    assert texts(ana) == ["Kim: hi"]


def test_typing_keeps_a_pace_of_its_own(on: Stage) -> None:
    assert on.edge.chat_key(parcel(Message(Kind.TYPING))) != on.edge.chat_key(parcel(words()))
