"""The fake Telegram behaves like the real one, seen through aiogram itself."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputMediaVideo,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from aiogram.types import Message as Incoming

from tests.wire.telegram import FakeTelegram, Forum, Person
from tests.wire.telegram_client import bot_on, polling

DESK = -1001234567890


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
    assert not server.crashes, server.crashes


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    async with bot_on(tg) as client:
        yield client


@pytest.fixture
async def ana(tg: FakeTelegram) -> Person:
    person = tg.user(1001, name="Ana Lee", language="fr", username="analee")
    await person.start()
    return person


@pytest.fixture
def agent(tg: FakeTelegram) -> Person:
    return tg.user(2001, name="Greta")


@pytest.fixture
def desk(tg: FakeTelegram, agent: Person) -> Forum:
    return tg.forum(DESK, "Desk", members=[agent])


def buttons(*words: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=word, callback_data=f"do:{word}") for word in words]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def updates_of(bot: Bot, *kinds: str) -> list[Update]:
    """Everything pending, confirmed at once."""
    updates = await bot.get_updates(allowed_updates=list(kinds) or None)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


# ── private chats ──


async def test_an_aiogram_bot_by_polling_answers_what_a_person_writes(tg: FakeTelegram) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def echo(message: Incoming) -> None:
        await message.answer(f"echo {message.text}", reply_markup=buttons("Yes"))

    ana = tg.user(1001, name="Ana")
    async with polling(tg, dispatcher):
        await ana.start("tok_en-1")
        answer = await ana.wait_for("echo /start tok_en-1")
        assert [button.text for button in answer.buttons] == ["Yes"]
        await ana.say("hello")
        await ana.wait_for("echo hello", new=True)
        await tg.settle()
    assert [message.text for message in ana.sees] == ["/start tok_en-1", "echo /start tok_en-1", "hello", "echo hello"]
    assert [message.text for message in ana.hears] == ["echo /start tok_en-1", "echo hello"]
    tg.assert_clean()


async def test_nobody_can_be_written_to_before_they_pressed_start(tg: FakeTelegram, bot: Bot) -> None:
    ben = tg.user(1002, name="Ben")
    for stranger in (ben.id, 999_999):
        with pytest.raises(TelegramBadRequest, match="Bad Request: chat not found"):
            await bot.send_message(stranger, "hello")
    assert ben.sees == []
    await ben.start()
    await bot.send_message(ben.id, "hello")
    assert ben.hears[0].text == "hello"
    assert tg.violations == []


async def test_a_blocked_bot_is_told_and_can_not_write_until_unblocked(bot: Bot, ana: Person) -> None:
    await ana.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(ana.id, "hello")
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.copy_message(ana.id, ana.id, ana.sees[0].id)
    with pytest.raises(AssertionError, match="blocked the bot"):
        await ana.say("hello?")
    await ana.unblock()
    await bot.send_message(ana.id, "welcome back")
    changes = [u.my_chat_member for u in await updates_of(bot) if u.my_chat_member]
    statuses = [(change.old_chat_member.status, change.new_chat_member.status) for change in changes]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_a_deleted_account_can_not_be_written_to(bot: Bot, ana: Person) -> None:
    await ana.delete_account()
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(ana.id, "hello")


async def test_a_payload_that_no_link_can_carry_is_refused(ana: Person) -> None:
    for payload in ("x" * 65, "a b", "é"):
        with pytest.raises(ValueError, match="payload"):
            await ana.start(payload)
    await ana.start("x" * 64)


async def test_a_message_is_written_as_the_bot_api_writes_it(bot: Bot, ana: Person) -> None:
    first = await bot.send_message(ana.id, "How was it?")
    await ana.say("fine", reply_to=ana.hears[0])
    update = (await updates_of(bot))[-1]
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.model_dump(exclude_none=True) == {
        "id": 1001,
        "is_bot": False,
        "first_name": "Ana",
        "last_name": "Lee",
        "username": "analee",
        "language_code": "fr",
    }
    assert update.message.chat.type == "private"
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == first.message_id


async def test_edits_reach_the_bot_as_edited_message_and_show_in_the_chat(bot: Bot, ana: Person) -> None:
    message = await ana.say("bad")
    await ana.edit(message, "very bad")
    last = (await updates_of(bot))[-1]
    assert last.edited_message is not None
    assert last.edited_message.text == "very bad"
    assert last.edited_message.edit_date is not None
    assert ana.sees[-1].text == "very bad"
    assert message.versions[0][0]["text"] == "bad"


async def test_messages_the_person_deleted_are_gone_for_the_bot_too(bot: Bot, ana: Person) -> None:
    message = await ana.say("oops")
    await ana.delete(message)
    assert message not in ana.sees
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(ana.id, ana.id, message.id)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(ana.id, "?", reply_parameters=ReplyParameters(message_id=message.id))
    lenient = ReplyParameters(message_id=message.id, allow_sending_without_reply=True)
    sent = await bot.send_message(ana.id, "?", reply_parameters=lenient)
    assert sent.reply_to_message is None


async def test_waiting_for_something_that_never_comes_fails_and_shows_what_there_is(bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, "only this")
    with pytest.raises(AssertionError, match="only this"):
        await ana.wait_for("that", timeout=0.02)
    with pytest.raises(AssertionError):
        await ana.wait_for("/start", timeout=0.02)  # one's own words don't count


async def test_waiting_for_news_passes_over_what_was_there_before_the_persons_last_act(bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, "thanks")
    await ana.say("more")
    with pytest.raises(AssertionError):
        await ana.wait_for("thanks", new=True, timeout=0.02)
    await bot.send_message(ana.id, "thanks again")
    assert (await ana.wait_for("thanks", new=True)).text == "thanks again"


# ── buttons ──


async def test_a_tap_reaches_the_bot_and_its_answer_the_person(tg: FakeTelegram, ana: Person) -> None:
    dispatcher = Dispatcher()

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        assert isinstance(query.message, Incoming)
        await query.message.edit_text(f"rated by {query.data}")
        await query.answer(f"you chose {query.data}")

    async with polling(tg, dispatcher) as bot:
        await bot.send_message(ana.id, "How was it?", reply_markup=buttons("1", "5"))
        assert await ana.tap("5") == "you chose do:5"
        assert ana.hears[-1].text == "rated by do:5"
        assert ana.hears[-1].buttons == []
        with pytest.raises(AssertionError, match="no button"):
            await ana.tap("5")
        assert await ana.tap("1", ana.hears[-1]) == "you chose do:1"  # a client that hasn't seen the edit
        assert await ana.tap_forged(ana.hears[-1], "evil") == "you chose evil"


async def test_a_tap_that_the_bot_never_answers_fails(tg: FakeTelegram, bot: Bot, ana: Person) -> None:
    await bot.send_message(ana.id, "?", reply_markup=buttons("Go"))
    with pytest.raises(AssertionError, match="didn't answer"):
        await ana.tap("Go", timeout=0.02)
    assert await ana.tap("Go", wait=False) == ""
    query = (await updates_of(bot))[-1].callback_query
    assert query is not None
    tg.expire_callbacks()
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(query.id)


async def test_an_edit_without_buttons_takes_them_away_and_an_edit_to_the_same_is_refused(
    bot: Bot, ana: Person
) -> None:
    sent = await bot.send_message(ana.id, "card", reply_markup=buttons("Claim"))
    await bot.edit_message_text("card, claimed", chat_id=ana.id, message_id=sent.message_id)
    assert (ana.hears[-1].text, ana.hears[-1].buttons) == ("card, claimed", [])
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("card, claimed", chat_id=ana.id, message_id=sent.message_id)
    await bot.edit_message_reply_markup(chat_id=ana.id, message_id=sent.message_id, reply_markup=buttons("Resolve"))
    assert [button.text for button in ana.hears[-1].buttons] == ["Resolve"]
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=ana.id, message_id=sent.message_id, reply_markup=buttons("Resolve"))
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("mine now", chat_id=ana.id, message_id=ana.sees[0].id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=ana.id, message_id=4711)


async def test_formatting_is_parsed_into_plain_text_and_entities(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(ana.id, "<b>Zoé 🎉</b> &lt;3", parse_mode="HTML")
    assert sent.text == "Zoé 🎉 <3"
    assert sent.entities is not None
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 6)]
    assert ana.hears[-1].text == "Zoé 🎉 <3"


# ── media ──


async def test_a_persons_album_is_several_messages_with_one_group_id(bot: Bot, ana: Person) -> None:
    await ana.send_album(["photo", "video", "photo"], caption="look")
    messages = [u.message for u in await updates_of(bot) if u.message and u.message.media_group_id]
    assert [message.content_type for message in messages] == ["photo", "video", "photo"]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["look", None, None]


async def test_the_bots_album_arrives_together(bot: Bot, ana: Person) -> None:
    items = [
        InputMediaPhoto(media=BufferedInputFile(b"one", "1.jpg"), caption="<i>cap</i>", parse_mode="HTML"),
        InputMediaVideo(media=BufferedInputFile(b"two", "2.mp4")),
    ]
    sent = await bot.send_media_group(ana.id, items)  # type: ignore[arg-type]
    assert [message.media_group_id for message in sent] == [ana.hears[0].album] * 2
    assert [message.data for message in ana.hears] == [b"one", b"two"]
    assert ana.hears[0].text == "cap"


async def test_copy_messages_keeps_an_album_together_and_says_nothing_of_where_it_came_from(
    bot: Bot, ana: Person, desk: Forum
) -> None:
    album = await ana.send_album(["photo", "photo"], caption="see")
    topic = await desk.create_topic("Ana")
    ids = [message.id for message in album]
    copies = await bot.copy_messages(DESK, ana.id, ids, message_thread_id=topic.id)
    assert [message.id for message in topic.messages] == [copy.message_id for copy in copies]
    assert len({message.album for message in topic.messages}) == 1
    assert topic.messages[0].album not in {None, album[0].album}
    assert [message.data for message in topic.messages] == [message.data for message in album]
    assert topic.messages[0].text == "see"
    assert topic.messages[0].from_bot
    assert "forward_origin" not in topic.messages[0].api()


async def test_every_kind_of_media_can_be_received_copied_and_downloaded(bot: Bot, ana: Person) -> None:
    for kind in ("photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note"):
        await ana.send_media(kind, f"bytes of {kind}".encode())
        message = (await updates_of(bot))[-1].message
        assert message is not None
        assert message.content_type == kind
        copy = await bot.copy_message(ana.id, ana.id, message.message_id)
        shown = ana.hears[-1]
        assert (shown.id, shown.kind, shown.data) == (copy.message_id, kind, f"bytes of {kind}".encode())
        assert shown.file_id is not None
        downloaded = await bot.download(shown.file_id)
        assert downloaded is not None
        assert downloaded.read() == f"bytes of {kind}".encode()


async def test_places_and_contacts_can_be_received_and_copied(bot: Bot, ana: Person) -> None:
    place, contact = await ana.send_location(), await ana.send_contact()
    for message in (place, contact):
        await bot.copy_message(ana.id, ana.id, message.id)
    assert [message.kind for message in ana.hears] == ["location", "contact"]


async def test_uploads_keep_their_bytes_and_ids_can_be_sent_again(bot: Bot, ana: Person) -> None:
    big = b"x" * 3_000_000
    sent = await bot.send_document(ana.id, BufferedInputFile(big, "report.pdf"), caption="here")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("report.pdf", 3_000_000)
    assert ana.hears[-1].data == big
    again = await bot.send_document(ana.id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_id == sent.document.file_id
    with pytest.raises(TelegramBadRequest, match="type of file mismatch"):
        await bot.send_photo(ana.id, sent.document.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_photo(ana.id, "nonsense")


async def test_a_file_over_20_mb_can_not_be_fetched(bot: Bot, ana: Person) -> None:
    ok = await ana.send_document(b"data", size=20 * 1024 * 1024)
    huge = await ana.send_document(b"data", size=20 * 1024 * 1024 + 1)
    assert ok.file_id is not None
    assert huge.file_id is not None
    await bot.get_file(ok.file_id)
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(huge.file_id)


async def test_captions_can_be_replaced_on_a_copy_and_edited_later(bot: Bot, ana: Person) -> None:
    photo = await ana.send_photo(caption="mine")
    copy = await bot.copy_message(ana.id, ana.id, photo.id, caption="ours")
    assert ana.hears[-1].text == "ours"
    await bot.edit_message_caption(chat_id=ana.id, message_id=copy.message_id, caption="edited")
    assert ana.hears[-1].text == "edited"
    await bot.copy_message(ana.id, ana.id, photo.id)
    assert ana.hears[-1].text == "mine"


# ── the desk ──


async def test_topics_are_made_written_to_renamed_and_closed(bot: Bot, desk: Forum, agent: Person) -> None:
    made = await bot.create_forum_topic(DESK, "Ana · order 1001")
    topic = desk.topic("Ana")
    assert topic.id == made.message_thread_id
    sent = await bot.send_message(DESK, "card", message_thread_id=topic.id, reply_markup=buttons("Claim"))
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.id, True)
    assert topic.texts == ["card"]
    assert desk.general == []
    await agent.say_in(topic, "hello Ana")
    said = (await updates_of(bot))[-1].message
    assert said is not None
    assert (said.message_thread_id, said.text, said.chat.is_forum) == (topic.id, "hello Ana", True)
    assert said.reply_to_message is not None
    assert said.reply_to_message.forum_topic_created is not None  # as the real server does it
    await bot.edit_forum_topic(DESK, topic.id, name="✓ Ana")
    await bot.close_forum_topic(DESK, topic.id)
    assert (desk.topics[0].name, topic.closed) == ("✓ Ana", True)
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(DESK, topic.id)
    await bot.reopen_forum_topic(DESK, topic.id)
    assert not topic.closed
    kinds = [u.message.content_type for u in await updates_of(bot) if u.message]
    assert kinds == ["forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]


async def test_a_deleted_topic_is_not_found_any_more_and_the_bot_was_not_told(bot: Bot, desk: Forum) -> None:
    gone, stays = await desk.create_topic("gone"), await desk.create_topic("stays")
    await bot.send_message(DESK, "a", message_thread_id=gone.id)
    await updates_of(bot)
    await desk.delete_topic(gone)
    assert await updates_of(bot) == []
    for call in (
        bot.send_message(DESK, "b", message_thread_id=gone.id),
        bot.send_message(DESK, "b", message_thread_id=1),
    ):
        with pytest.raises(TelegramBadRequest, match="message thread not found"):
            await call
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.edit_forum_topic(DESK, gone.id, name="x")
    await bot.send_message(DESK, "c", message_thread_id=stays.id)
    assert (desk.topics, stays.texts, gone.texts) == ([stays], ["c"], [])


async def test_topics_need_the_right_to_manage_them(tg: FakeTelegram, bot: Bot) -> None:
    poor = tg.forum(-1002, "Poor desk", rights={"can_pin_messages"})
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await bot.create_forum_topic(poor.id, "x")
    topic = await poor.create_topic("by hand")
    await bot.send_message(poor.id, "ok", message_thread_id=topic.id)
    await poor.close_topic(topic)
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(poor.id, "late", message_thread_id=topic.id)
    plain = tg.forum(-1003, "No topics", topics=False)
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(plain.id, "x")


@pytest.mark.parametrize(("standing", "read_all", "plain_heard"), [
    ("administrator", False, True),
    ("member", False, False),
    ("member", True, True),
    ("left", True, False),
])  # fmt: skip
async def test_privacy_mode_hides_plain_talk_from_a_bot_that_is_no_admin(
    standing: str, read_all: bool, plain_heard: bool
) -> None:
    async with FakeTelegram(can_read_all=read_all) as tg, bot_on(tg) as bot:
        agent = tg.user(2001, name="Greta")
        desk = tg.forum(DESK, members=[agent], bot=standing)
        topic = await desk.create_topic("Ana")
        await agent.say_in(topic, "plain")
        await agent.say_in(topic, "/claim")
        await agent.say_in(topic, "/claim@other_bot")
        heard = [u.message.text for u in await updates_of(bot) if u.message and u.message.text]
        expected = ["plain", "/claim", "/claim@other_bot"] if plain_heard else ["/claim"]
        assert heard == ([] if standing == "left" else expected)


async def test_privacy_mode_lets_replies_to_the_bot_through(tg: FakeTelegram, bot: Bot, agent: Person) -> None:
    desk = tg.forum(DESK, members=[agent], bot="member")
    topic = await desk.create_topic("Ana")
    await bot.send_message(DESK, "card", message_thread_id=topic.id)
    await agent.say_in(topic, "to the bot", reply_to=topic.messages[0])
    heard = [u.message.text for u in await updates_of(bot) if u.message and u.message.text]
    assert heard == ["to the bot"]


async def test_the_bot_hears_of_its_own_service_messages_but_not_of_its_own_words(bot: Bot, desk: Forum) -> None:
    topic = await bot.create_forum_topic(DESK, "Ana")
    sent = await bot.send_message(DESK, "card", message_thread_id=topic.message_thread_id)
    await bot.pin_chat_message(DESK, sent.message_id)
    messages = [u.message for u in await updates_of(bot) if u.message]
    assert [message.content_type for message in messages] == ["forum_topic_created", "pinned_message"]
    assert {message.from_user.id for message in messages if message.from_user} == {bot.id}
    assert desk.topics[0].messages[0].pinned


async def test_other_bots_anonymous_admins_and_service_messages_reach_the_bot_as_what_they_are(
    tg: FakeTelegram, bot: Bot, desk: Forum, agent: Person
) -> None:
    topic = await desk.create_topic("Ana")
    robot = tg.user(3001, name="Robot", is_bot=True)
    with pytest.raises(AssertionError, match="Robot is no member of Desk"):
        await robot.say_in(topic, "beep")
    await desk.join(robot)
    await updates_of(bot)
    await robot.say_in(topic, "beep")
    await agent.say_in(topic, "hidden", anonymous=True)
    await desk.join(tg.user(2002, name="Hugo"))
    beep, hidden, joined = [u.message for u in await updates_of(bot)]
    assert beep is not None
    assert beep.from_user is not None
    assert beep.from_user.is_bot
    assert hidden is not None
    assert hidden.sender_chat is not None
    assert hidden.sender_chat.id == DESK
    assert joined is not None
    assert joined.new_chat_members is not None
    tg.world.hears_bots = False
    await robot.say_in(topic, "beep")
    assert await updates_of(bot) == []


async def test_a_bot_thrown_out_is_told_and_may_not_write(bot: Bot, desk: Forum) -> None:
    await desk.kick_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(DESK, "hello?")
    change = (await updates_of(bot))[-1].my_chat_member
    assert change is not None
    assert change.new_chat_member.status == "kicked"
    await desk.add_bot()
    await bot.send_message(DESK, "back")
    assert [message.text for message in desk.messages] == ["back"]


async def test_a_migrated_group_names_its_new_id(tg: FakeTelegram, bot: Bot, agent: Person) -> None:
    group = tg.group(-4001, "Desk", members=[agent])
    await bot.send_message(group.id, "before")
    forum = await group.migrate(-1009)
    with pytest.raises(TelegramMigrateToChat) as caught:
        await bot.send_message(group.id, "after")
    assert caught.value.migrate_to_chat_id == forum.id == -1009
    await bot.send_message(forum.id, "after")
    old, new = [u.message for u in await updates_of(bot)]
    assert old is not None
    assert new is not None
    assert (old.chat.id, old.migrate_to_chat_id) == (-4001, -1009)
    assert (new.chat.id, new.migrate_from_chat_id) == (-1009, -4001)


async def test_an_agent_taps_in_a_topic(tg: FakeTelegram, desk: Forum, agent: Person) -> None:
    dispatcher = Dispatcher()

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        await query.answer(f"claimed by {query.from_user.first_name}")

    async with polling(tg, dispatcher) as bot:
        made = await bot.create_forum_topic(DESK, "Ana")
        await bot.send_message(DESK, "card", message_thread_id=made.message_thread_id, reply_markup=buttons("Claim"))
        topic = await desk.wait_for_topic("Ana")
        assert await agent.tap_in(topic, "Claim") == "claimed by Greta"


async def test_only_admins_with_the_right_delete_other_peoples_messages(
    tg: FakeTelegram, bot: Bot, agent: Person
) -> None:
    desk = tg.forum(DESK, members=[agent], rights={"can_manage_topics"})
    foreign = await agent.say_in(desk, "mine")
    own = await bot.send_message(DESK, "ours")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(DESK, foreign.id)
    await bot.delete_message(DESK, own.message_id)
    assert desk.messages == [foreign]
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage pinned messages"):
        await bot.pin_chat_message(DESK, foreign.id)


async def test_service_messages_and_protected_ones_can_not_be_copied(bot: Bot, ana: Person, desk: Forum) -> None:
    topic = await desk.create_topic("Ana")
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await bot.copy_message(ana.id, DESK, topic.id)
    secret = await bot.send_message(ana.id, "secret", protect_content=True)
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await bot.copy_message(DESK, ana.id, secret.message_id)
    with pytest.raises(TelegramBadRequest, match="there are no messages to copy"):
        await bot.copy_messages(DESK, ana.id, [secret.message_id, 4711])


async def test_a_forward_names_its_sender(bot: Bot, ana: Person, desk: Forum) -> None:
    message = await ana.say("as I said")
    forwarded = await bot.forward_message(DESK, ana.id, message.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"
    assert desk.general[0].text == "as I said"


async def test_what_the_bot_asks_about_chats_and_members_is_answered(
    tg: FakeTelegram, bot: Bot, desk: Forum, agent: Person, ana: Person
) -> None:
    me = await bot.get_me()
    assert (me.username, me.can_read_all_group_messages) == ("afterword_bot", False)
    assert (await bot.get_chat(DESK)).is_forum
    assert (await bot.get_chat(ana.id)).first_name == "Ana"
    own = await bot.get_chat_member(DESK, me.id)
    assert own.status == "administrator"
    assert own.can_manage_topics  # type: ignore[union-attr]
    assert (await bot.get_chat_member(DESK, agent.id)).status == "creator"
    assert (await bot.get_chat_member(DESK, ana.id)).status == "left"
    assert [member.user.id for member in await bot.get_chat_administrators(DESK)] == [agent.id]
    await desk.set_bot("member")
    assert (await bot.get_chat_member(DESK, me.id)).status == "member"


async def test_how_the_bot_presents_itself_is_kept(tg: FakeTelegram, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand(command="start", description="Begin")], language_code="fr")
    assert [command.command for command in await bot.get_my_commands(language_code="fr")] == ["start"]
    assert await bot.get_my_commands() == []
    await bot.delete_my_commands(language_code="fr")
    assert await bot.get_my_commands(language_code="fr") == []
    await bot.set_my_description("We ask how it went")
    assert (await bot.get_my_description()).description == "We ask how it went"
    await bot.set_my_short_description("Short")
    await bot.set_chat_menu_button()
    assert await bot.log_out()
    tg.assert_clean()


async def test_actions_and_reactions_of_the_bot_are_seen(bot: Bot, ana: Person) -> None:
    message = await ana.say("hm")
    await bot.send_chat_action(ana.id, "typing")
    await bot.set_message_reaction(ana.id, message.id, [ReactionTypeEmoji(emoji="👍")])
    assert ana.chat.actions == [("typing", None)]
    assert message.reaction_of_bot() == "👍"
    await bot.set_message_reaction(ana.id, message.id, [])
    assert message.reaction_of_bot() is None


# ── updates ──


async def test_updates_stay_until_a_higher_offset_confirms_them(bot: Bot, ana: Person) -> None:
    await ana.say("one")
    await ana.say("two")
    first = await bot.get_updates(limit=2)
    assert [u.message.text for u in first if u.message] == ["/start", "one"]
    assert first[0].update_id + 1 == first[1].update_id
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [u.message.text for u in rest if u.message] == ["two"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == []


async def test_a_long_poll_waits_for_news_and_no_longer_than_its_timeout(bot: Bot, ana: Person) -> None:
    await updates_of(bot)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    assert await bot.get_updates(timeout=1) == []
    assert 0.9 < loop.time() - begin < 2
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    await ana.say("news")
    assert [u.message.text for u in await asyncio.wait_for(poll, 2) if u.message] == ["news"]


async def test_reactions_are_told_only_to_who_asked_and_the_wish_is_remembered(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(ana.id, "thanks")
    message = ana.chat.log[sent.message_id]
    await updates_of(bot)
    await ana.react(message, "👍")
    assert await updates_of(bot) == []
    await updates_of(bot, "message", "message_reaction")
    await ana.react(message, "👎")
    await bot.get_me()
    (update,) = await updates_of(bot)  # no kinds named: the last wish stays
    assert isinstance(update.message_reaction, MessageReactionUpdated)
    assert [each.emoji for each in update.message_reaction.new_reaction] == ["👎"]  # type: ignore[union-attr]
    assert [each.emoji for each in update.message_reaction.old_reaction] == ["👍"]  # type: ignore[union-attr]
    await ana.block()
    assert await updates_of(bot) == []  # my_chat_member wasn't named


async def test_a_second_poller_throws_out_the_first(tg: FakeTelegram, bot: Bot, ana: Person) -> None:
    await updates_of(bot)
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with bot_on(tg) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
            await first
        await ana.say("to the second")
        assert len(await second) == 1


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("https://shop.example/hooks/telegram")
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://shop.example/hooks/telegram"
    await bot.delete_webhook()
    assert await bot.get_updates() == []
    with pytest.raises(TelegramBadRequest, match="An HTTPS URL must be provided"):
        await bot.set_webhook("http://shop.example/hooks/telegram")


async def test_a_wrong_token_and_an_unknown_method_are_refused(tg: FakeTelegram) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{tg.url}/bot{tg.token}/noSuchMethod") as answer:
            assert answer.status == 404
        assert [violation.method for violation in tg.violations] == ["noSuchMethod"]
        async with http.get(f"{tg.url}/bot{tg.token}/GETME") as answer:
            assert (await answer.json())["result"]["username"] == "afterword_bot"
        async with http.get(f"{tg.url}/file/bot{tg.token}/photos/none.jpg") as answer:
            assert answer.status == 404
    token, tg.token = tg.token, "1:other"
    async with bot_on(tg) as bot:
        tg.token = token
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()


async def test_after_an_outage_the_same_world_is_there(tg: FakeTelegram, bot: Bot, ana: Person) -> None:
    await tg.close()
    with pytest.raises(Exception, match="Cannot connect"):
        await bot.send_message(ana.id, "anybody there?")
    await tg.open()
    await bot.send_message(ana.id, "back")
    assert [message.text for message in ana.hears] == ["back"]


async def test_ids_of_two_chats_collide_as_they_may(tg: FakeTelegram, bot: Bot, ana: Person) -> None:
    ben = tg.user(1002, name="Ben")
    await ben.start()
    assert (await bot.send_message(ana.id, "a")).message_id == (await bot.send_message(ben.id, "b")).message_id
