"""Fewer messages for one thread: no word lost, none twice, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import CaseId, CustomerId, OutboxId
from bot.domain.message import Attachment, Button, Card, Kind, Media, Mention, Message, Ref, Side
from bot.ports import Delivery, Outcome, Parcel, Thread
from bot.runtime.bundling import MOST, Bundle, bundled
from tests.telegram.stage import NOW, a_card

PHOTO = Attachment(Media.PHOTO, "telegram", "f")


def row(number: int, message: Message, case: int = 1, **more: Any) -> Parcel:
    """A row of the outbox, for the desk."""
    made = Parcel(OutboxId(number), CustomerId(1), Side.DESK, "telegram", message, CaseId(case), None, False, 0, NOW)
    return replace(made, **more)


def card(owner: str) -> Message:
    made: Card = a_card(owner=owner)
    return Message(Kind.CARD_CHANGE, card=made)


MESSAGES = st.one_of(
    st.builds(Message, st.sampled_from([Kind.RELAY, Kind.NOTICE]), st.text("ab ", min_size=1, max_size=2000)),
    st.builds(Message, st.just(Kind.RELAY), st.just("with a photo"), attachments=st.just((PHOTO,))),
    st.builds(Message, st.just(Kind.NOTICE), st.just("a button"), st.just(((Button("x", "y"),),))),
    st.builds(Message, st.just(Kind.MARK), st.just("failed"), reply_to=st.just(Ref("telegram", "1", "2"))),
    st.builds(card, st.sampled_from(["Kim", "Boris"])),
)


@given(st.lists(MESSAGES, max_size=12))
def test_every_row_is_in_one_message_and_lines_keep_their_order(messages: list[Message]) -> None:
    rows = [row(number, message) for number, message in enumerate(messages, start=1)]
    made = bundled([Bundle.of(each) for each in rows])
    assert sorted(each.id for bundle in made for each in bundle.rows) == [each.id for each in rows]
    lines = [each for bundle in made for each in bundle.rows if each.message.kind is not Kind.CARD_CHANGE]
    assert [each.id for each in lines] == sorted(each.id for each in lines)
    for bundle in made:
        assert len(bundle.parcel.message.text) <= max(MOST, len(bundle.rows[0].message.text))
        if len(bundle.rows) > 1 and bundle.parcel.message.kind is Kind.RELAY:
            assert bundle.parcel.message.text == "\n".join(each.message.text for each in bundle.rows)


def test_only_the_newest_card_is_shown_before_the_lines_that_it_waited_with() -> None:
    said = [Message(Kind.RELAY, "one"), card("Kim"), Message(Kind.NOTICE, "two"), card("Boris")]
    second, first = bundled([Bundle.of(row(number, each)) for number, each in enumerate(said, start=1)])
    assert first.parcel.message.text == "one\ntwo"
    assert second.parcel.message.card is not None
    assert (second.parcel.message.card.owner, [each.id for each in second.rows]) == ("Boris", [2, 4])


def test_names_that_ring_and_what_words_reply_to_stay_with_them() -> None:
    rung = Message(Kind.NOTICE, "Kim, Ana waits", mentions=(Mention("1", "Kim", "telegram"),))
    reply = Message(Kind.RELAY, "Ana: on Monday", quote="When?", reply_to=Ref("telegram", "1", "2"))
    (one,) = bundled([Bundle.of(row(1, rung)), Bundle.of(row(2, reply))])
    assert one.parcel.message.text == "Kim, Ana waits\n↩ “When?”\nAna: on Monday"
    assert one.parcel.message.mentions == rung.mentions


def test_what_may_have_arrived_and_other_cases_stay_apart() -> None:
    plain = Message(Kind.RELAY, "words")
    rows = [row(1, plain), row(2, plain, uncertain=True), row(3, plain, case=2), row(4, plain, sent=("words:0",))]
    assert len(bundled([Bundle.of(each) for each in rows])) == 4


def test_a_thread_is_told_once_and_a_whole_that_failed_arrived_in_no_part() -> None:
    plain = Message(Kind.RELAY, "words")
    (whole,) = bundled([Bundle.of(row(1, plain)), Bundle.of(row(2, plain))])
    made = Delivery(Outcome.RETRY, thread=Thread("telegram", "-1", "5"), sent=("words:0",))
    results = [whole.result(each, made) for each in whole.rows]
    assert [bool(each.thread) for each in results] == [True, False]
    assert not any(each.sent for each in results)
    assert [each.alone for each in bundled(whole.apart())] == [True, True]


def test_files_buttons_and_words_to_copy_go_alone() -> None:
    own = (
        Message(Kind.RELAY, "with a photo", attachments=(PHOTO,)),
        Message(Kind.NOTICE, "a button", ((Button("x", "y"),),)),
        Message(Kind.NOTICE, "you could begin like this", quotes=("Hello Ana.",)),
    )
    for message in own:
        rows = [row(1, Message(Kind.RELAY, "before")), row(2, message), row(3, Message(Kind.RELAY, "after"))]
        assert [bundle.parcel.message for bundle in bundled([Bundle.of(each) for each in rows])][1] == message
