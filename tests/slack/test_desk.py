"""The desk on Slack: cards, threads, marks, and how threads heal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.message import Button, CardLine, CardReason, Kind, MarkState, Message, Ref
from bot.ports import Outcome, Thread
from handlers.slack.desk import card_blocks, card_text
from tests.slack.harness import DESK, NOW, Shop, card, card_message, open_shop
from tests.wire.slack import ALL_SCOPES, DEFAULT_SCOPES
from tests.wire.slack_blocks import blocks_faults

UPDATE = "chat.update"


async def test_a_case_begins_with_its_card(office: Shop) -> None:
    delivery = await office.sent(office.to_desk(card_message()))
    (message,) = office.desk.messages
    assert delivery.thread == Thread("slack", DESK, message.ts, message.ts)
    assert message.buttons == ["Claim", "Resolve", "Hand back"]
    shown = message.shown
    for words in (
        "Ana <Duarte>", "unhappy*: “broke” & “never again”", "high value*: #1 of 9", "1001: Boots", "top 20 %",
        "They *broke* <!channel> on day one", "2 earlier cases", "11:00 there", "case 7",
    ):  # fmt: skip
        assert words in shown
    assert message.pings == []
    assert message.controls[0].element["style"] == "primary"


async def test_the_card_changes_in_place(office: Shop) -> None:
    thread = await office.thread()
    changed = card_message(Kind.CARD_CHANGE, state="claimed", owner="Ben")
    await office.sent(office.to_desk(changed, thread=thread))
    (message,) = office.desk.messages
    assert "*Ben has it*" in message.shown
    again = card_message(Kind.CARD, state="reopened")
    assert (await office.sent(office.to_desk(again, thread=thread))).thread is None
    assert len(office.desk.messages) == 1
    assert "open again" in message.shown


@pytest.mark.parametrize("kind", [Kind.RELAY, Kind.NOTICE])
async def test_words_for_the_case_go_into_its_thread(office: Shop, kind: Kind) -> None:
    thread = await office.thread()
    delivery = await office.sent(office.to_desk(Message(kind, "Ana: it <broke> *twice*"), thread=thread))
    (reply,) = office.desk.thread(thread.thread)
    assert reply.shown == "Ana: it <broke> *twice*"
    assert delivery.refs[0].message == reply.ts


async def test_words_that_come_before_the_card_open_the_thread(office: Shop) -> None:
    delivery = await office.sent(office.to_desk(Message(Kind.RELAY, "Ana: hello")))
    assert delivery.thread is not None
    (root,) = office.desk.messages
    assert root.shown == "Ana"
    assert [m.shown for m in office.desk.thread(root)] == ["Ana: hello"]


async def test_a_thread_half_made_is_not_made_twice(office: Shop) -> None:
    parcel = office.to_desk(Message(Kind.RELAY, "Ana: hello"))
    office.slack.faults.add("chat.postMessage", "slow", times=1)  # the first goes through, the second doesn't
    office.slack.faults.add("chat.postMessage", "http_500", times=1)
    failed = await office.deliver(parcel)
    assert (failed.outcome, failed.thread is not None) == (Outcome.RETRY, True)
    for again in (
        replace(parcel, sent=failed.sent),
        replace(parcel, id=parcel.id, sent=failed.sent, thread=failed.thread),
    ):
        await office.sent(again)
    assert len(office.desk.messages) == 1


# ---------------------------------------------------------------- healing


async def test_what_arrived_in_a_lost_thread_comes_again_in_the_new_one(office: Shop) -> None:
    root = (await office.thread()).thread
    half = office.to_desk(Message(Kind.RELAY, "Ana: hello"), sent=(f"root={DESK}/{root}",))
    await office.ben.delete(office.desk.messages[0])
    gone = await office.deliver(half)
    assert gone.outcome is Outcome.THREAD_GONE
    await office.sent(replace(half, sent=gone.sent))
    (new,) = office.desk.messages
    assert [m.shown for m in office.desk.thread(new)] == ["Ana: hello"]


async def test_a_deleted_card_without_replies_makes_the_thread_gone(shop: Shop) -> None:
    shop.slack.api.lost_threads = "silent"
    thread = await shop.thread()
    await shop.ben.delete(shop.desk.messages[0])
    for message in (Message(Kind.RELAY, "Ana: hello"), card_message(Kind.CARD_CHANGE)):
        delivery = await shop.deliver(shop.to_desk(message, thread=thread))
        assert delivery.outcome is Outcome.THREAD_GONE
    assert (await shop.sent(shop.to_desk(card_message()))).thread is not None


async def test_a_deleted_thread_is_noticed_without_having_heard_of_it(office: Shop) -> None:
    thread = await office.thread()
    await office.ben.delete(office.desk.messages[0])
    for message in (Message(Kind.RELAY, "Ana: hello"), card_message(Kind.CARD_CHANGE)):
        delivery = await office.deliver(office.to_desk(message, thread=thread))
        assert delivery.outcome is Outcome.THREAD_GONE


async def test_a_deleted_card_with_replies_is_posted_anew_in_its_thread(shop: Shop) -> None:
    thread = await shop.thread()
    await shop.ben.say(shop.desk, "looking", thread=thread.thread)
    await shop.ben.delete(shop.desk.messages[0])
    healed = (await shop.sent(shop.to_desk(card_message(Kind.CARD_CHANGE), thread=thread))).thread
    assert healed is not None
    assert (healed.thread, healed.card != thread.card) == (thread.thread, True)
    changed = card_message(Kind.CARD_CHANGE, state="claimed", owner="Ben")
    await shop.sent(shop.to_desk(changed, thread=healed))
    assert "*Ben has it*" in shop.desk.thread(thread.thread)[-1].shown


@pytest.mark.parametrize("silent", [True, False])
async def test_a_change_for_a_vanished_thread_is_told(office: Shop, silent: bool) -> None:
    office.slack.api.lost_threads = "silent" if silent else "error"
    thread = Thread("slack", DESK, "1700000000.000001", "1700000000.000001")
    delivery = await office.deliver(office.to_desk(card_message(Kind.CARD_CHANGE), thread=thread))
    assert delivery.outcome is Outcome.THREAD_GONE


async def test_an_archived_desk_is_told_and_comes_back(shop: Shop) -> None:
    await shop.desk.archive()
    delivery = await shop.deliver(shop.to_desk(card_message()))
    assert (delivery.outcome, "archived" in delivery.why) == (Outcome.REJECTED, True)
    assert any("archived" in problem for problem in await shop.edge.problems())
    await shop.desk.unarchive()
    assert await shop.edge.problems() == []
    await shop.sent(shop.to_desk(card_message()))


async def test_a_bot_that_was_kicked_lets_itself_in_again(shop: Shop) -> None:
    await shop.desk.kick_bot()
    await shop.sent(shop.to_desk(card_message()))


async def test_where_it_may_not_it_asks_to_be_invited() -> None:
    async with open_shop("none", scopes=ALL_SCOPES - {"channels:join", "chat:write.public"}) as shop:
        await shop.desk.kick_bot()
        delivery = await shop.deliver(shop.to_desk(card_message()))
        assert (delivery.outcome, "/invite" in delivery.why) == (Outcome.REJECTED, True)
        assert any("/invite" in problem for problem in await shop.edge.problems())
        await shop.desk.invite_bot()
        await shop.sent(shop.to_desk(card_message()))
        shop.slack.assert_clean()


# ---------------------------------------------------------------- marks


async def mark(shop: Shop, state: MarkState, text: str = "") -> tuple[Outcome, list[str]]:
    thread = await shop.thread()
    words = await shop.ben.say(shop.desk, "We are sorry", thread=thread.thread)
    about = Ref("slack", DESK, words.ts)
    parcel = shop.to_desk(Message(Kind.MARK, text, mark=state), thread=thread, agent_ref=about)
    first = await shop.deliver(parcel)
    second = await shop.deliver(replace(parcel, sent=first.sent))
    assert second.outcome is first.outcome
    replies = [m.shown for m in shop.desk.thread(thread.thread) if m.by_bot]
    return first.outcome, [*words.reactions, *replies]


async def test_a_delivered_message_gets_a_tick(office: Shop) -> None:
    assert await mark(office, MarkState.DELIVERED) == (Outcome.SENT, ["white_check_mark"])


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        (MarkState.FAILED, "x"),
        (MarkState.UNREACHABLE, "no_entry"),
        (MarkState.WAITS, "hourglass_flowing_sand"),
        (MarkState.DELIVERED, "white_check_mark"),
    ],
)
async def test_what_there_is_to_say_stands_below_the_sign(office: Shop, state: MarkState, sign: str) -> None:
    assert await mark(office, state, "Not delivered: gone") == (Outcome.SENT, [sign, "Not delivered: gone"])


async def test_a_later_sign_takes_the_place_of_the_earlier_one(office: Shop) -> None:
    thread = await office.thread()
    said = await office.ben.say(office.desk, "On it", thread=thread.thread)
    about = Ref("slack", DESK, said.ts)
    for state in (MarkState.WAITS, MarkState.DELIVERED):
        await office.sent(office.to_desk(Message(Kind.MARK, mark=state), thread=thread, agent_ref=about))
    assert list(said.reactions) == ["white_check_mark"]


async def test_without_the_right_to_react_words_tell_it() -> None:
    async with open_shop("none", scopes=DEFAULT_SCOPES) as shop:
        assert await mark(shop, MarkState.DELIVERED, "Delivered.") == (Outcome.SENT, ["Delivered."])
        shop.slack.assert_clean()
    async with open_shop("none", scopes=DEFAULT_SCOPES) as shop:
        assert shop.edge._parts is not None
        shop.edge._parts.web.scopes = None
        assert await mark(shop, MarkState.DELIVERED) == (Outcome.SENT, ["✓ Delivered"])


async def test_a_mark_for_what_is_gone_or_elsewhere_is_done(office: Shop) -> None:
    thread = await office.thread()
    for about in (None, Ref("telegram", "1", "2"), Ref("slack", DESK, "1700000000.000001")):
        parcel = office.to_desk(Message(Kind.MARK, mark=MarkState.DELIVERED), thread=thread, agent_ref=about)
        await office.sent(parcel)


# ---------------------------------------------------------------- the card, whatever it holds

WORDS = st.text(max_size=700)
LINES = st.builds(
    CardLine, st.just(NOW), WORDS, WORDS, st.lists(st.tuples(st.integers(-5, 800), st.integers(-5, 800))).map(tuple)
)


async def test_a_card_shows_what_was_given(office: Shop) -> None:
    await office.sent(office.to_desk(card_message(gestures=("€20.00 coupon · 22 Nov · Kim", "card · 22 Nov · <Bo>"))))
    (message,) = office.desk.messages
    assert "*Given:* €20.00 coupon · 22 Nov · Kim; card · 22 Nov · <Bo>" in message.shown
    assert "Given" not in str(card_blocks(card(), card_message()))


@given(
    st.fixed_dictionaries(
        {
            "gestures": st.lists(WORDS, max_size=3).map(tuple),
            "name": WORDS,
            "state": st.sampled_from(["open", "claimed", "resolved", "reopened", "?"]),
            "owner": st.none() | WORDS,
            "reasons": st.lists(st.builds(CardReason, WORDS, WORDS), max_size=30).map(tuple),
            "value": WORDS,
            "order": st.text(max_size=4000),
            "last": st.lists(LINES, max_size=12).map(tuple),
            "language": WORDS,
            "clock": WORDS,
        }
    )
)
def test_any_card_keeps_slacks_limits(parts: dict[str, object]) -> None:
    whole = card(**parts)
    message = Message(Kind.CARD, card=whole, buttons=((Button("Claim", "claim:7"),),))
    blocks = card_blocks(whole, message)
    assert blocks_faults(blocks) == []
    assert len(card_text(whole)) <= 900
    assert "<!channel>" not in str(blocks[1:-1]).replace("&lt;", "")
