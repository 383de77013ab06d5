"""The desk: topics made, healed and re-used; cards shown and changed; marks; doors that are shut."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.event import ByCustomer, ByThread
from bot.domain.ids import CustomerId
from bot.domain.message import Attachment, Button, Card, CardLine, Kind, MarkState, Media, Message, Ref, Side
from bot.ports import Delivery, File, Outcome, Parcel
from handlers.telegram.card import marked, topic_name
from tests.telegram.stage import DESK, NOW, Stage, a_card, elsewhere, hearing, parcel, stage, thread, words
from tests.wire.telegram import FakeTelegram, FaultKind, Forum
from tests.wire.telegram_markup import parse

ROWS = ((Button("Claim", "claim:7"), Button("Resolve", "resolve:7"), Button("Hand back", "handback:7")),)


@pytest.fixture
def forum(on: Stage) -> Forum:
    found = on.tg.world.chats[DESK]
    assert isinstance(found, Forum)
    return found


def card(**more: Any) -> Message:
    return Message(Kind.CARD, card=a_card(**more), buttons=ROWS)


def change(**more: Any) -> Message:
    return Message(Kind.CARD_CHANGE, card=a_card(**more), buttons=ROWS)


def to_desk(message: Message, **more: Any) -> Parcel:
    return parcel(message, Side.DESK, **more)


def mark(state: MarkState, message: int, text: str = "") -> Message:
    return Message(Kind.MARK, text, mark=state, reply_to=Ref("telegram", str(DESK), str(message)))


# --- topics


async def test_the_first_word_makes_the_topic_and_tells_its_thread(on: Stage, forum: Forum) -> None:
    delivery = await on.deliver(to_desk(words("Ana Duarte: help", Kind.RELAY)))
    (topic,) = forum.topics
    assert (topic.name, topic.texts) == ("Ana Duarte", ["Ana Duarte: help"])
    assert delivery.thread == thread(topic.id)


async def test_a_known_topic_is_used_again(on: Stage, forum: Forum) -> None:
    topic = await forum.create_topic("Ana by hand")
    delivery = await on.deliver(to_desk(words("more", Kind.NOTICE), thread=thread(topic.id)))
    assert topic.texts == ["more"]
    assert delivery.thread is None
    assert len(forum.topics) == 1


async def test_parcels_read_before_the_topic_was_made_go_into_it_too(on: Stage, forum: Forum) -> None:
    await on.deliver(to_desk(card()))
    await asyncio.gather(*(on.deliver(to_desk(words(f"{n}", Kind.RELAY))) for n in range(5)))
    await on.deliver(to_desk(words("another person", Kind.RELAY), customer=CustomerId(18), customer_name="Bo"))
    assert [(topic.name, len(topic.messages)) for topic in forum.topics] == [
        ("Ana <Duarte> & Co · 1001: Boots, 2 × Socks", 6),
        ("Bo", 1),
    ]


async def test_an_agent_who_answers_before_the_topic_is_stored_is_heard_for_its_customer(tg: FakeTelegram) -> None:
    made = stage(tg)
    forum = made.desk(tg.user(500, "Kim"))
    async with hearing(made):
        await made.deliver(to_desk(card()))
        await tg.user(500).say_in(forum.topics[0], "on it")
        old = await forum.create_topic("Somebody's")
        await tg.user(500).say_in(old, "other")
        await made.intake.until(2)
    assert [each.lane for each in made.intake.kept] == [
        ByCustomer(CustomerId(17)),
        ByThread("telegram", str(DESK), str(old.id)),
    ]


async def test_a_deleted_topic_is_forgotten_and_made_anew(on: Stage, forum: Forum) -> None:
    first = await on.deliver(to_desk(words("one", Kind.RELAY)))
    await forum.delete_topic(forum.topics[0])
    gone = await on.deliver(to_desk(words("two", Kind.RELAY), thread=first.thread))
    assert gone.outcome is Outcome.THREAD_GONE
    again = await on.deliver(to_desk(words("two", Kind.RELAY)))
    (topic,) = forum.topics
    assert topic.texts == ["two"]
    assert again.thread == thread(topic.id)


async def test_a_topic_kept_open_although_the_words_must_wait(on: Stage, forum: Forum) -> None:
    on.tg.faults.flood("sendMessage", retry_after=3)
    delivery = await on.deliver(to_desk(words("one", Kind.RELAY)))
    assert (delivery.outcome, delivery.retry_after, delivery.everywhere) == (Outcome.WAIT, 3.0, False)
    assert delivery.thread == thread(forum.topics[0].id)
    on.tg.flood._until.clear()


async def test_a_closed_topic_is_opened_again(tg: FakeTelegram) -> None:
    made = stage(tg)
    forum = made.desk(tg.user(500, "Kim"))
    topic = await forum.create_topic("Ana")
    await forum.close_topic(topic)
    real = forum.can
    calls: list[str] = []
    # The server opens the door only to those who may manage topics; ours may, so say "closed" by hand once.
    forum.can = lambda right: bool(calls) and real(right)  # type: ignore[method-assign]
    tg.on_call = lambda method, _: calls.append(method) if method == "reopenForumTopic" else None
    delivery = await made.deliver(to_desk(words("hello", Kind.RELAY), thread=thread(topic.id)))
    assert delivery.outcome is Outcome.SENT
    assert (topic.closed, topic.texts) == (False, ["hello"])
    await made.edge.stop()


async def test_a_topic_whose_making_was_never_answered_is_found_again(tg: FakeTelegram) -> None:
    made = stage(tg)
    forum = made.desk(tg.user(500, "Kim"))
    async with hearing(made):
        tg.faults.lose_answer("createForumTopic")
        first = await made.deliver(to_desk(words("one", Kind.RELAY)))
        assert first.outcome is Outcome.RETRY
        await tg.settle()
        second = await made.deliver(to_desk(words("one", Kind.RELAY)))
        assert second.outcome is Outcome.SENT
        assert [topic.texts for topic in forum.topics] == [["one"]]
        await made.deliver(to_desk(words("x", Kind.RELAY), customer=CustomerId(18)))
        assert len(forum.topics) == 2


async def test_a_name_that_no_title_can_hold_gives_way(on: Stage, forum: Forum) -> None:
    await on.deliver(to_desk(words("x", Kind.RELAY), customer_name=" \n "))
    await on.deliver(to_desk(words("x", Kind.RELAY), customer=CustomerId(18), customer_name="😀" * 100))
    names = [topic.name for topic in forum.topics]
    assert names[0] == "Customer 17"
    assert names[1].startswith("😀😀")
    assert topic_name("Ana\nB", 1, None) == "Ana B"


async def test_a_desk_that_is_another_group_now_gets_new_topics(on: Stage, forum: Forum) -> None:
    delivery = await on.deliver(to_desk(words("x", Kind.RELAY), thread=thread(5, chat=-999)))
    assert delivery.outcome is Outcome.THREAD_GONE
    assert not forum.topics


# --- a group that moves


async def test_a_group_that_became_a_supergroup_is_followed_when_it_says_so(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=-77)
    group = tg.group(-77, members=[tg.user(500, "Kim")])
    async with hearing(made):
        new = await group.migrate(-1_007)
        await tg.settle()
        assert made.store.moves == [("telegram", "-77", "-1007")]
        delivery = await made.deliver(to_desk(words("x", Kind.RELAY)))
        assert delivery.thread == thread(new.topics[0].id, chat=-1_007)
        late = await made.deliver(to_desk(words("x", Kind.RELAY), thread=thread(3, chat=-77)))
        assert late.outcome is Outcome.RETRY
        await tg.user(500).say_in(new.topics[0], "hi")
        (said,) = await made.intake.until(1)
        assert said.words == "hi"  # type: ignore[union-attr]
    assert "TELEGRAM_DESK_CHAT=-1007" in (await problems_of(made))[-1]


async def problems_of(made: Stage) -> list[str]:
    found = await made.edge.problems()
    await made.edge.stop()
    return found


async def test_a_group_that_moved_unheard_is_followed_at_the_first_refusal(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=-77)
    new = await tg.group(-77, members=[tg.user(500, "Kim")]).migrate(-1_007)
    first = await made.deliver(to_desk(words("x", Kind.RELAY)))
    assert first.outcome is Outcome.RETRY
    assert made.store.moves == [("telegram", "-77", "-1007")]
    assert (await made.deliver(to_desk(words("x", Kind.RELAY)))).outcome is Outcome.SENT
    assert new.topics[0].texts == ["x"]
    await made.edge.stop()


async def test_a_group_that_moved_while_we_were_away_is_followed_at_the_start(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=-77)
    await tg.group(-77, members=[tg.user(500, "Kim")]).migrate(-1_007)
    await made.edge.start()
    assert made.store.moves == [("telegram", "-77", "-1007")]
    await made.edge.stop()


async def test_a_process_that_missed_the_move_learns_of_it_from_the_first_word(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_desk_chat=-77)
    group = tg.group(-77, members=[tg.user(500, "Kim")])
    await made.edge.start()
    new = await group.migrate(-1_007)
    tg.mailbox.pending.clear()
    task = asyncio.create_task(made.edge.receive())
    topic = await new.create_topic("Ana")
    await tg.user(500).say_in(topic, "hi")
    (said,) = await made.intake.until(1)
    assert said.words == "hi"  # type: ignore[union-attr]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.edge.stop()


# --- shut doors


@pytest.mark.parametrize("how", ["kicked", "no rights", "not a forum", "mute"])
async def test_a_desk_that_shuts_us_out_makes_us_wait_and_lose_nothing(on: Stage, forum: Forum, how: str) -> None:
    if how == "kicked":
        forum.bot_status = "kicked"
    elif how == "no rights":
        forum.rights = frozenset()
    elif how == "mute":
        forum.bot_may_write = False
    else:
        forum.is_forum = False
    delivery = await on.deliver(to_desk(words("one", Kind.RELAY)))
    assert delivery.outcome is Outcome.WAIT
    assert delivery.retry_after > 10
    assert "the desk group refuses" in delivery.why


# --- cards


async def test_a_card_shows_who_why_and_what_was_said_and_is_pinned(on: Stage, forum: Forum) -> None:
    delivery = await on.deliver(to_desk(card()))
    (topic,) = forum.topics
    (message,) = topic.messages
    for part in (
        "Ana <Duarte> & Co", "case 7, open", "Top 20 %: number 2 of 40", "Order: 1001: Boots",
        "customer 17 · Telegram · English · one earlier case", "13:00 there when it is 12:00 here",
        "• unhappy: the zipper <broke>",
        "• high value: number 2 of 40", "22 Nov 13:00 customer: I hate it. The zipper <broke> & nobody cares",
    ):  # fmt: skip
        assert part in message.text, part
    marks = [e for e in message.content["entities"] if e["type"] == "underline"]
    shown = [message.text[e["offset"] - 1 : e["offset"] - 1 + e["length"]] for e in marks]
    assert shown == ["hate it", "zipper <broke>"]
    assert [b.data for b in message.buttons] == ["claim:7", "resolve:7", "handback:7"]
    assert message.pinned
    assert delivery.thread == thread(topic.id, str(message.id))
    assert delivery.refs == (Ref("telegram", str(DESK), str(message.id)),)


async def test_a_card_that_cant_be_pinned_is_still_shown(on: Stage, forum: Forum) -> None:
    forum.rights -= {"can_pin_messages"}
    assert (await on.deliver(to_desk(card()))).outcome is Outcome.SENT
    assert not forum.topics[0].messages[0].pinned


async def shown(on: Stage) -> Delivery:
    return await on.deliver(to_desk(card()))


async def test_a_card_changes_in_place(on: Stage, forum: Forum) -> None:
    first = await shown(on)
    later = await on.deliver(to_desk(change(state="claimed", owner="Kim"), thread=first.thread))
    (message,) = forum.topics[0].messages
    assert "Kim has it" in message.text
    assert message.buttons
    assert (later.outcome, later.refs) == (Outcome.SENT, first.refs)


async def test_a_change_that_changes_nothing_is_done(on: Stage, forum: Forum) -> None:
    first = await shown(on)
    again = await on.deliver(to_desk(change(), thread=first.thread))
    assert (again.outcome, again.refs) == (Outcome.SENT, first.refs)
    assert len(forum.topics[0].messages) == 1


async def test_a_card_that_was_deleted_is_shown_anew(on: Stage, forum: Forum) -> None:
    first = await shown(on)
    (topic,) = forum.topics
    forum.delete(topic.messages[0])
    again = await on.deliver(to_desk(change(state="resolved", owner="Kim"), thread=first.thread))
    (message,) = topic.messages
    assert "resolved by Kim" in message.text
    assert again.thread == thread(topic.id, str(message.id))


async def test_a_change_without_any_card_shows_one(on: Stage, forum: Forum) -> None:
    delivery = await on.deliver(to_desk(change()))
    assert delivery.thread == thread(forum.topics[0].id, str(forum.topics[0].messages[0].id))


async def test_a_card_of_a_deleted_topic_needs_a_new_topic(on: Stage, forum: Forum) -> None:
    first = await shown(on)
    await forum.delete_topic(forum.topics[0])
    gone = await on.deliver(to_desk(change(state="claimed"), thread=first.thread))
    assert gone.outcome is Outcome.THREAD_GONE


@pytest.mark.parametrize(
    ("fault", "outcome"), [(FaultKind.LOST_ANSWER, Outcome.RETRY), (FaultKind.ERROR, Outcome.RETRY)]
)
async def test_an_edit_may_always_be_made_again(on: Stage, forum: Forum, fault: FaultKind, outcome: Outcome) -> None:
    first = await shown(on)
    on.tg.faults.add(fault, "editMessageText")
    changed = to_desk(change(state="claimed", owner="Kim"), thread=first.thread)
    assert (await on.deliver(changed)).outcome is outcome
    assert (await on.deliver(changed)).outcome is Outcome.SENT
    assert len(forum.topics[0].messages) == 1


async def test_a_card_shows_what_was_given(on: Stage, forum: Forum) -> None:
    given = ("€20.00 coupon · 22 Nov · Kim", "card, to do · 22 Nov · <Kim>")
    await on.deliver(to_desk(card(gestures=given)))
    assert "Given: €20.00 coupon · 22 Nov · Kim; card, to do · 22 Nov · <Kim>" in forum.topics[0].texts[0]
    await on.deliver(to_desk(card(), customer=CustomerId(18)))
    assert "Given:" not in forum.topics[1].texts[0]


async def test_an_answer_where_no_customer_is_stands_below_the_message(on: Stage, forum: Forum) -> None:
    topic = await forum.create_topic("Among us")
    said = await on.tg.user(500, "Kim").say_in(topic, "/gift 20")
    answer = mark(MarkState.FAILED, said.id, "There is no case here.")
    delivery = await on.deliver(to_desk(answer, case=None, customer=CustomerId(0)))
    assert (delivery.outcome, delivery.thread) == (Outcome.SENT, None)
    assert topic.texts[-1] == "⚠️ There is no case here."
    assert forum.topics == [topic]


async def test_a_huge_card_fits(on: Stage, forum: Forum) -> None:
    big = "<&😀 " * 3000
    lines = tuple(CardLine(NOW, big, big, ((0, 5), (3, 400), (-5, 2), (9, 1))) for _ in range(12))
    reasons = a_card().reasons * 20
    monster: Card = replace(a_card(), name=big, order=big, value=big, reasons=reasons, last=lines, owner=big, state="x")
    delivery = await on.deliver(to_desk(Message(Kind.CARD, card=monster, buttons=ROWS)))
    assert delivery.outcome is Outcome.SENT, delivery
    assert forum.topics[0].messages[0].text.count("22 Nov") >= 3


def test_marks_outside_or_across_do_no_harm() -> None:
    for marks in (((0, 99),), ((2, 1),), ((-4, 2), (1, 3)), ((5, 6), (0, 2))):
        text, _ = parse(marked("a<b&c", marks), "HTML")
        assert text == "a<b&c"


# --- relays, marks


async def test_a_customers_photo_is_copied_into_the_topic_and_a_lost_file_is_told(on: Stage, forum: Forum) -> None:
    ana = on.tg.user(1001, "Ana Duarte")
    await ana.start()
    photo = await ana.send_photo(caption="look")
    thing = Attachment(Media.PHOTO, "telegram", photo.file_id or "")
    source = Ref("telegram", "1001", str(photo.id))
    await on.deliver(to_desk(words("Ana Duarte: look", Kind.RELAY, attachments=(thing,), sources=(source,))))
    (topic,) = forum.topics
    assert [(m.kind, m.text) for m in topic.messages] == [("photo", "Ana Duarte: look")]
    lost = elsewhere(Media.DOCUMENT, "gone", name="r.pdf")
    on.files["f1"] = File("a.ogg", "audio/ogg", b"ogg")
    await on.deliver(to_desk(words("Ana: both", Kind.RELAY, attachments=(lost, elsewhere(Media.VOICE)))))
    assert [(m.kind, m.text) for m in topic.messages[1:]] == [
        ("text", "Ana: both\n[document “r.pdf”: it was deleted]"),
        ("voice", ""),
    ]


async def test_delivered_shows_on_the_agents_own_message(on: Stage, forum: Forum) -> None:
    topic = await forum.create_topic("Ana")
    said = await on.tg.user(500).say_in(topic, "We send a new one")
    delivery = await on.deliver(to_desk(mark(MarkState.DELIVERED, said.id), thread=thread(topic.id)))
    assert delivery.outcome is Outcome.SENT
    assert said.reaction_of_bot() == "👍"
    assert len(topic.messages) == 1


async def test_a_mark_for_words_that_are_gone_or_were_said_elsewhere_is_done(on: Stage, forum: Forum) -> None:
    topic = await forum.create_topic("Ana")
    said = await on.tg.user(500).say_in(topic, "oops")
    await on.tg.user(500).delete(said)
    at = thread(topic.id)
    assert (await on.deliver(to_desk(mark(MarkState.DELIVERED, said.id), thread=at))).outcome is Outcome.SENT
    console = Message(Kind.MARK, mark=MarkState.DELIVERED, reply_to=Ref("console", "x", "y"))
    assert (await on.deliver(to_desk(console))).outcome is Outcome.SENT
    assert len(forum.topics) == 1


async def test_failed_and_unreachable_are_said_in_reply(on: Stage, forum: Forum) -> None:
    topic = await forum.create_topic("Ana")
    said = await on.tg.user(500).say_in(topic, "hello")
    at = thread(topic.id)
    await on.deliver(to_desk(mark(MarkState.UNREACHABLE, said.id, "The customer can't be reached: blocked"), thread=at))
    await on.deliver(to_desk(mark(MarkState.FAILED, said.id), thread=at))
    bot = [message for message in topic.messages if message.from_bot]
    assert [(m.text, m.reply) for m in bot] == [
        ("⚠️ The customer can't be reached: blocked", said),
        ("⚠️ This was not delivered.", said),
    ]


async def test_a_group_without_reactions_gets_a_word(on: Stage, forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.wire.telegram_answers import bad  # noqa: PLC0415

    def refuse(_: object) -> bool:
        raise bad("REACTION_INVALID")

    monkeypatch.setitem(on.tg.answers.methods, "setMessageReaction", refuse)
    topic = await forum.create_topic("Ana")
    said = await on.tg.user(500).say_in(topic, "hello")
    await on.deliver(to_desk(mark(MarkState.DELIVERED, said.id), thread=thread(topic.id)))
    assert [(m.text, m.reply) for m in topic.messages if m.from_bot] == [("👍 delivered", said)]


def test_a_reaction_keeps_a_pace_of_its_own(tg: FakeTelegram) -> None:
    made = stage(tg)
    assert made.edge.chat_key(to_desk(mark(MarkState.DELIVERED, 1))) == f"{DESK}:marks"
    assert made.edge.chat_key(to_desk(mark(MarkState.FAILED, 1))) == str(DESK)
