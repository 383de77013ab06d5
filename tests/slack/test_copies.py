"""Corrected and taken back on Slack: what the edge does with what a customer has already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import EventId
from bot.domain.message import Attachment, Kind, Media, Message, Ref
from bot.ports import Copy, Delivery, File, Outcome, Parcel
from tests.slack.harness import Shop, open_shop
from tests.wire.slack import DEFAULT_SCOPES

ABOUT = (EventId(1),)


async def had(shop: Shop, text: str = "Ben: 100 *euros*", **more: Any) -> Copy:
    """Something that Ana has."""
    message = Message(Kind.RELAY, text, author="Ben", **more)
    delivery = await shop.sent(shop.to_ana(message))
    return Copy(delivery.refs, message)


def amendment(shop: Shop, *copies: Copy, text: str = "Ben: 120 *euros* & more") -> Parcel:
    message = Message(Kind.AMENDMENT, text, author="Ben", about=ABOUT, anew="Ben: A correction: 120")
    return shop.to_ana(message, copies=copies)


async def unsent(shop: Shop, *copies: Copy) -> Delivery:
    return await shop.deliver(shop.to_ana(Message(Kind.UNSEND, about=ABOUT), copies=copies))


async def test_a_correction_changes_the_copy_word_for_word(office: Shop) -> None:
    copy = await had(office)
    delivery = await office.sent(amendment(office, copy))
    assert (delivery.refs, delivery.why) == (copy.refs, "")
    assert [(m.shown, m.username) for m in office.ana.heard] == [("120 *euros* & more", "Ben")]


async def test_without_the_right_to_sign_the_name_stays_before_the_words() -> None:
    async with open_shop("none", scopes=DEFAULT_SCOPES - {"chat:write.customize"}) as shop:
        await shop.sent(amendment(shop, await had(shop)))
        assert [m.shown for m in shop.ana.heard] == ["Ben: 120 *euros* & more"]
        shop.slack.assert_clean()


@pytest.mark.parametrize("reason", ["deleted", "edit_window_closed", "long", "many", "uncertain"])
async def test_what_cant_be_changed_is_followed_by_a_message_that_corrects_it(office: Shop, reason: str) -> None:
    copy = await had(office, "Ben: " + "100 euros " * (900 if reason == "many" else 1))
    if reason == "deleted":
        office.slack.world.delete(office.ana.heard[0])
    elif reason == "edit_window_closed":
        office.slack.faults.fail("chat.update", error=reason)
    elif reason == "uncertain":
        copy = replace(copy, uncertain=True)
    delivery = await office.sent(amendment(office, copy, text="x" * (9000 if reason == "long" else 10)))
    assert delivery.why
    assert office.ana.last.shown == "A correction: 120"


async def test_words_and_files_of_it_are_taken_back(office: Shop) -> None:
    office.files["1"] = File("a.pdf", "application/pdf", b"%PDF")
    copy = await had(office, attachments=(Attachment(Media.DOCUMENT, "elsewhere", "1"),))
    many = await had(office, "Ben: " + "word " * 2000)
    assert len(office.ana.heard) > 3
    delivery = await unsent(office, copy, many)
    assert (delivery.outcome, delivery.why) == (Outcome.SENT, "")
    assert office.ana.heard == []
    assert (await unsent(office, copy, many)).why == "", "what is gone already is gone"


async def test_what_stays_is_told(office: Shop) -> None:
    copy = await had(office)
    office.slack.faults.fail("chat.delete", error="cant_delete_message")
    elsewhere = Copy((Ref("telegram", "1", "2"),), copy.message, uncertain=True)
    delivery = await unsent(office, copy, elsewhere)
    assert delivery.outcome is Outcome.SENT
    for part in ("doesn't let the app delete it", "went to another place", "got no answer"):
        assert part in delivery.why


@pytest.mark.parametrize(("kind", "outcome"), [("ratelimited", Outcome.WAIT), ("http_500", Outcome.RETRY)])
@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
async def test_a_passing_trouble_is_tried_again(office: Shop, method: str, kind: Any, outcome: Outcome) -> None:
    copy = await had(office)
    office.slack.faults.add(method, kind, times=1)
    parcel = amendment(office, copy)
    delivery = await (office.deliver(parcel) if method == "chat.update" else unsent(office, copy))
    assert delivery.outcome is outcome
    assert len(office.ana.heard) == 1


async def test_typing_is_nothing_that_slack_could_show(office: Shop) -> None:
    calls = len(office.slack.calls)
    await office.sent(office.to_ana(Message(Kind.TYPING)))
    assert len(office.slack.calls) == calls
