"""Updates → events, as a table: what is heard, as what, and what isn't ours to hear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    ByCase,
    BySender,
    ByThread,
    ByToken,
    Edited,
    Incoming,
    ReachChanged,
    Said,
    Sender,
    Started,
    Tapped,
)
from bot.domain.ids import CaseId
from bot.domain.message import Attachment, Media, Ref
from handlers.telegram.receive import ALBUM_WAIT, Elsewhere, Heard, Here, Moved, RightsChanged, TopicBorn, translate

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HERE = Here(bot=42, desk=-100)
ANA_USER = {
    "id": 1001,
    "is_bot": False,
    "first_name": "Ana",
    "last_name": "Duarte",
    "username": "ana",
    "language_code": "pt",
}
KIM_USER = {"id": 500, "is_bot": False, "first_name": "Kim"}
BOT_USER = {"id": 42, "is_bot": True, "first_name": "Afterword"}
ANA = Sender("telegram", "1001", "Ana Duarte", "ana", "pt")
KIM = Sender("telegram", "500", "Kim")
PRIVATE = {"id": 1001, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100, "type": "supergroup", "title": "Desk", "is_forum": True}
LANE = ByThread("telegram", "-100", "9")
REF = Ref("telegram", "1001", "5")
TOPIC_REF = Ref("telegram", "-100", "5")


def heard(kind: str = "message", *, here: Here = HERE, sender: Any = None, **fields: Any) -> Heard:
    body = {**fields, "from": sender} if sender else fields
    return translate({"update_id": 77, kind: body}, here, NOW)


def private(**fields: Any) -> Heard:
    base: dict[str, Any] = {"message_id": 5, "from": ANA_USER, "chat": PRIVATE, "date": int(NOW.timestamp())}
    return heard(**{**base, **fields})


def topic(kind: str = "message", **fields: Any) -> Heard:
    base: dict[str, Any] = {"message_id": 5, "from": KIM_USER, "chat": GROUP, "date": int(NOW.timestamp())}
    return heard(kind, **{**base, "message_thread_id": 9, "is_topic_message": True, **fields})


def payload(found: Heard) -> Any:
    assert isinstance(found, Incoming), found
    return found.payload


# --- customers


def test_plain_words_are_said_by_their_sender() -> None:
    found = private(text="The zipper broke")
    assert found == Incoming("telegram:42:77", BySender(ANA), Said(ANA, "The zipper broke", REF), NOW)


def test_a_reply_says_to_what() -> None:
    replied = {"message_id": 3, "chat": PRIVATE, "date": 1, "from": BOT_USER}
    assert payload(private(text="yes", reply_to_message=replied)).reply_to == Ref("telegram", "1001", "3")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("/start", ""),
        ("/start abc_DEF-1", "abc_DEF-1"),
        ("/start@afterword_bot tok", "tok"),
        ("/START tok", "tok"),
        ("/start   tok and more", "tok"),
        ("/start " + "x" * 80, "x" * 64),
    ],
)
def test_start_opens_with_its_token(text: str, token: str) -> None:
    found = private(text=text)
    lane = ByToken(token, ANA) if token else BySender(ANA)
    assert found == Incoming("telegram:42:77", lane, Started(ANA, token, REF), NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/stop@afterword_bot", "/stop"),
        ("/note@afterword_bot second zipper", "/note second zipper"),
        ("/stop", "/stop"),
        ("/started well", "/started well"),
        ("mail me@example.com", "mail me@example.com"),
        ("/a b@c", "/a b@c"),
        ("a\x00b", "ab"),
    ],
)
def test_commands_stay_words_without_the_bots_name(text: str, words: str) -> None:
    assert payload(private(text=text)).words == words


FILES: list[tuple[str, Any, Attachment]] = [
    (
        "photo",
        [
            {"file_id": "s", "file_unique_id": "u", "width": 90, "height": 60, "file_size": 1},
            {"file_id": "l", "file_unique_id": "u", "width": 1280, "height": 960, "file_size": 9},
            {"file_id": "m", "file_unique_id": "u", "width": 320, "height": 240},
        ],
        Attachment(Media.PHOTO, "telegram", "l", mime="image/jpeg", size=9),
    ),
    (
        "voice",
        {"file_id": "v", "mime_type": "audio/ogg", "file_size": 3},
        Attachment(Media.VOICE, "telegram", "v", "", "audio/ogg", 3),
    ),
    (
        "audio",
        {"file_id": "a", "file_name": "x.mp3", "mime_type": "audio/mpeg"},
        Attachment(Media.AUDIO, "telegram", "a", "x.mp3", "audio/mpeg"),
    ),
    ("video", {"file_id": "w", "file_name": "x.mp4"}, Attachment(Media.VIDEO, "telegram", "w", "x.mp4")),
    ("video_note", {"file_id": "n"}, Attachment(Media.VIDEO_NOTE, "telegram", "n")),
    (
        "document",
        {"file_id": "d", "file_name": "r.pdf", "mime_type": "application/pdf"},
        Attachment(Media.DOCUMENT, "telegram", "d", "r.pdf", "application/pdf"),
    ),
    ("sticker", {"file_id": "s", "emoji": "😡"}, Attachment(Media.STICKER, "telegram", "s", note="😡")),
    ("location", {"latitude": 48.85, "longitude": 2.35}, Attachment(Media.LOCATION, "telegram", "", note="48.85,2.35")),
    (
        "venue",
        {"location": {"latitude": 1, "longitude": 2}, "title": "Shop", "address": "Rue 1"},
        Attachment(Media.LOCATION, "telegram", "", "Shop, Rue 1", note="1.0,2.0"),
    ),
    (
        "contact",
        {"phone_number": "+33", "first_name": "Ana", "last_name": "D"},
        Attachment(Media.CONTACT, "telegram", "", "Ana D", note="+33"),
    ),
    (
        "live_photo",
        {"file_id": "lp", "mime_type": "video/mp4"},
        Attachment(Media.VIDEO, "telegram", "lp", "", "video/mp4"),
    ),
]


@pytest.mark.parametrize(("kind", "body", "attachment"), FILES, ids=[kind for kind, _, _ in FILES])
def test_things_are_attached_and_captions_are_words(
    kind: str,
    body: Any,
    attachment: Attachment,
) -> None:
    assert payload(private(**{kind: body}, caption="look")) == Said(ANA, "look", REF, (attachment,))
    assert payload(topic(**{kind: body}, caption="look")) == AgentSaid(
        KIM, "telegram", "look", TOPIC_REF, (attachment,)
    )


def test_an_animation_is_one_thing_although_it_comes_as_a_document_too() -> None:
    said = payload(private(animation={"file_id": "g"}, document={"file_id": "g"}))
    assert said.attachments == (Attachment(Media.ANIMATION, "telegram", "g"),)


def test_parts_of_an_album_name_their_group_and_wait_for_each_other() -> None:
    found = private(photo=[{"file_id": "p", "width": 1, "height": 1}], media_group_id="g7")
    assert isinstance(found, Incoming)
    assert payload(found).group == "g7"
    assert found.due_at == NOW + ALBUM_WAIT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"poll": {"question": "Which?"}}, "[poll] Which?"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "🎲"),
        ({"story": {"id": 1}}, "[story]"),
        ({"checklist": {"title": "Todo"}}, "[checklist] Todo"),
        ({"paid_media": {"star_count": 1}}, "[paid media]"),
    ],
)
def test_nothing_a_person_sends_goes_by_unheard(fields: dict[str, Any], words: str) -> None:
    assert payload(private(**fields)).words == words


def test_old_words_keep_their_time_and_fresh_ones_have_ours() -> None:
    late = NOW - timedelta(hours=8)
    old, fresh, wrong = (
        private(text="x", date=int(at.timestamp()))
        for at in (late, NOW - timedelta(seconds=1), NOW + timedelta(days=1))
    )
    assert [found.at for found in (old, fresh, wrong) if isinstance(found, Incoming)] == [late, NOW, NOW]


def test_an_edit_is_no_new_word() -> None:
    base: Any = {"message_id": 5, "from": ANA_USER, "chat": PRIVATE, "date": 1, "edit_date": 2}
    assert heard("edited_message", **base, text="better") == Incoming(
        "telegram:42:77", BySender(ANA), Edited(ANA, "better", REF), NOW
    )
    assert heard("edited_message", **base, location={"latitude": 1, "longitude": 2}) is None


@pytest.mark.parametrize(
    "message",
    [
        {"message_id": 3, "chat": PRIVATE, "date": 1, "from": BOT_USER, "text": "How was it?"},
        {"message_id": 3, "chat": PRIVATE, "date": 0},
    ],
    ids=["there", "too old to be shown"],
)
def test_a_tap_carries_action_message_and_how_to_answer(message: dict[str, Any]) -> None:
    found = heard("callback_query", id="q1", data="rate:3:5", message=message, sender=ANA_USER)
    assert found == Incoming(
        "telegram:42:77", BySender(ANA), Tapped(ANA, "rate:3:5", Ref("telegram", "1001", "3"), "q1"), NOW
    )


def test_blocking_and_coming_back_change_the_reach() -> None:
    def change(status: str) -> Heard:
        member = {"status": status, "user": BOT_USER}
        return heard("my_chat_member", chat=PRIVATE, date=1, new_chat_member=member, sender=ANA_USER)

    assert payload(change("kicked")) == ReachChanged(ANA, reachable=False, why="blocked the bot")
    assert payload(change("member")) == ReachChanged(ANA, reachable=True)
    assert change("restricted") is None


# --- the desk


def test_words_in_a_topic_are_an_agents() -> None:
    found = topic(text="We send a new one")
    said = AgentSaid(KIM, "telegram", "We send a new one", TOPIC_REF)
    assert found == Incoming("telegram:42:77", LANE, said, NOW)
    assert payload(topic(text="/note@afterword_bot look")).words == "/note look"


def test_an_agents_album_waits_too_but_an_edit_never() -> None:
    photo: dict[str, Any] = {"photo": [{"file_id": "p", "width": 1, "height": 1}], "media_group_id": "g"}
    found, edit = topic(**photo), topic("edited_message", **photo)
    assert isinstance(found, Incoming)
    assert isinstance(edit, Incoming)
    assert (found.due_at, edit.due_at) == (NOW + ALBUM_WAIT, None)
    assert payload(edit).edited


def test_an_anonymous_administrator_is_nobody_we_know() -> None:
    mask = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    said = payload(topic(text="psst", sender_chat=GROUP, sender=mask))
    assert said.sender == Sender("telegram", "-100", "Desk")


@pytest.mark.parametrize(
    "found",
    [
        topic(text="hi", sender=BOT_USER),
        topic(text="hi", sender={"id": 43, "is_bot": True, "first_name": "Other"}),
        topic(text="news", sender_chat={"id": -555, "type": "channel", "title": "News"}),
        topic(text="general", is_topic_message=False),
        heard(message_id=5, chat=GROUP, date=1, text="general", sender=KIM_USER),
        topic(forum_topic_edited={"name": "x"}),
        topic(forum_topic_closed={}),
        topic(forum_topic_created={"name": "x", "icon_color": 1}),
        topic(pinned_message={"message_id": 1, "chat": GROUP, "date": 1}),
        topic(new_chat_members=[KIM_USER]),
        topic(left_chat_member=KIM_USER),
        private(text="hi", sender={**ANA_USER, "is_bot": True}),
        private(pinned_message={"message_id": 1}),
        private(),
    ],
)
def test_what_isnt_talk_is_not_heard(found: Heard) -> None:
    assert found is None


def test_the_bots_own_topic_is_noted() -> None:
    found = topic(forum_topic_created={"name": "Ana", "icon_color": 1}, sender=BOT_USER)
    assert found == TopicBorn(-100, 9, "Ana")


def test_the_cards_buttons_name_their_case() -> None:
    message = {"message_id": 5, "chat": GROUP, "date": 1, "message_thread_id": 9, "is_topic_message": True}

    def tapped(data: str) -> Heard:
        return heard("callback_query", id="q", data=data, message=message, sender=KIM_USER)

    assert tapped("claim:12") == Incoming(
        "telegram:42:77", ByCase(CaseId(12)), AgentTapped(KIM, "telegram", "claim", CaseId(12), TOPIC_REF, "q"), NOW
    )
    forged = tapped("claim:99999999999999999999")
    assert isinstance(forged, Incoming)
    assert forged.lane == LANE
    assert forged.payload == AgentTapped(KIM, "telegram", "claim:99999999999999999999", None, TOPIC_REF, "q")


def test_a_group_that_moved_names_both_ids() -> None:
    base: dict[str, Any] = {"message_id": 5, "date": 1, "from": KIM_USER}
    assert heard(chat={"id": -7, "type": "group"}, migrate_to_chat_id=-100, **base) == Moved(-7, -100)
    assert heard(chat=GROUP, migrate_from_chat_id=-7, **base) == Moved(-7, -100)


def test_standing_in_groups_is_told_apart() -> None:
    def change(chat: dict[str, Any], status: str) -> Heard:
        return heard("my_chat_member", chat=chat, date=1, new_chat_member={"status": status}, sender=KIM_USER)

    assert change(GROUP, "member") == RightsChanged()
    other = {"id": -9, "type": "supergroup", "title": "Other"}
    assert change(other, "administrator") == Elsewhere(-9, "Other", joined=True)
    assert change(other, "kicked") == Elsewhere(-9, "Other", joined=False)


def test_other_groups_are_none_of_our_business_and_without_a_desk_every_group_is_other() -> None:
    base: dict[str, Any] = {"message_id": 5, "date": 1, "from": KIM_USER, "text": "hi"}
    assert heard(chat={"id": -9, "type": "group", "title": "G"}, **base) == Elsewhere(-9, "G", joined=False)
    assert heard(chat=GROUP, here=Here(42, None), **base) == Elsewhere(-100, "Desk", joined=False)


# --- whatever comes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = [
    "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "text", "caption", "photo",
    "document", "location", "contact", "date", "message_id", "data", "id", "type", "new_chat_member", "status",
    "is_topic_message", "message_thread_id", "sender_chat", "media_group_id", "reply_to_message", "poll", "dice",
    "migrate_to_chat_id", "file_id", "first_name", "username",
]  # fmt: skip
LIKELY = st.recursive(
    JSON | st.sampled_from(["private", "supergroup", "member", "kicked", "/start x", -100, 1001, 42, True]),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=9),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from([*NAMES, "update_id"]), LIKELY, max_size=6))
def test_no_update_ever_raises(update: dict[str, Any]) -> None:
    translate({"update_id": 1, **update}, HERE, NOW)


@given(st.data())
def test_no_damaged_message_ever_raises_and_what_is_heard_has_clean_words(data: st.DataObject) -> None:
    base: dict[str, Any] = {
        "message_id": 5, "from": ANA_USER, "chat": PRIVATE, "date": 1, "text": "x", "message_thread_id": 9,
        "is_topic_message": True, "photo": [{"file_id": "p"}], "caption": "c",
    }  # fmt: skip
    damaged = {**base, **data.draw(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))}
    kind = data.draw(st.sampled_from(["message", "edited_message"]))
    found = translate({"update_id": 1, kind: damaged}, HERE, NOW)
    if isinstance(found, Incoming) and isinstance(found.payload, Said):
        assert isinstance(found.payload.words, str)
        assert "\x00" not in found.payload.words
        assert found.payload.sender.external.lstrip("-").isdigit()
