"""Translation is pure: tables, and any JSON at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.event import AgentSaid, AgentTapped, Edited, Said, Sender, Tapped
from bot.domain.message import Media
from handlers.slack.address import moment, sender_from
from handlers.slack.receive import Here, deleted_message, desk_change, media_of, translate
from handlers.slack.words import clean, escape, pieces, readable, shorten

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TS = f"{NOW.timestamp() - 1:.6f}"
NAMES = {"U0BEN": "ben"}
HERE = Here("T0", "U0BOT", "C0DESK", lambda sender: sender, lambda user: NAMES.get(user, ""))


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ("plain", "plain"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<@U0BEN> hi", "@ben hi"),
        ("<@U0CAT> <@U0CAT|cat>", "@U0CAT @cat"),
        ("<#C1|general> <#C1>", "#general #C1"),
        ("<!here> <!channel> <!subteam^S1|@team>", "@here @channel @team"),
        ("<!date^1700000000^{date}|yesterday>", "yesterday"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<http://x.example|x.example>", "x.example"),
        ("<https://x.example/a|our page>", "our page (https://x.example/a)"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<mailto:a@x.example|write>", "write (a@x.example)"),
        ("<tel:+33612345678|+33612345678>", "+33612345678"),
        (":+1: :heart_eyes::skin-tone-3: :x:", "👍 😍🏼 ❌"),
        (":no_such_thing: 10:30:45", ":no_such_thing: 10:30:45"),
        (":+1::skin-tone-2:", "👍🏻"),
        ("a\x00b\ud83d", "ab"),
        ("שלום \u200d", "שלום \u200d"),
        ("<unclosed", "<unclosed"),
        ("<>", ""),
    ],
)
def test_what_slack_sends_becomes_what_was_typed(wire: str, read: str) -> None:
    assert readable(wire, HERE.named) == read


@given(st.text())
def test_typed_text_comes_back_as_it_was(text: str) -> None:
    whole = clean(text)
    if ":" not in whole:
        assert readable(escape(whole), HERE.named) == whole


@given(st.text(alphabet=st.sampled_from("ab &<>\n\u00e9"), max_size=400), st.integers(10, 60))
def test_pieces_fit_and_lose_no_word(text: str, most: int) -> None:
    parts = list(pieces(text, most))
    assert all(len(escape(part)) <= most and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_pieces_end_where_words_end() -> None:
    assert list(pieces("aaaa bbbb cccc dddd", 10)) == ["aaaa bbbb ", "cccc dddd"]


@pytest.mark.parametrize(("text", "most", "short"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("", 3, "")])
def test_shortened_text_shows_it(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


@pytest.mark.parametrize(
    ("mime", "subtype", "media"),
    [
        ("image/jpeg", "", Media.PHOTO),
        ("image/gif", "", Media.ANIMATION),
        ("image/svg+xml", "", Media.DOCUMENT),
        ("video/mp4", "slack_video", Media.VIDEO),
        ("audio/mp4", "slack_audio", Media.VOICE),
        ("audio/mpeg", "", Media.AUDIO),
        ("application/pdf", "", Media.DOCUMENT),
        ("", "", Media.DOCUMENT),
    ],
)
def test_media_by_its_type(mime: str, subtype: str, media: Media) -> None:
    assert media_of(mime, subtype) is media


@pytest.mark.parametrize("ts", ["", "soon", "nan", "inf", "1e400", "0", "99999999999999999999", "-1"])
def test_a_time_that_is_none_is_now(ts: str) -> None:
    assert moment(ts, NOW) == NOW


def test_a_time_of_a_late_delivery_is_kept() -> None:
    then = NOW - timedelta(hours=3)
    assert moment(f"{then.timestamp():.6f}", NOW) == then


# ---------------------------------------------------------------- events


def told(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T9", "event_id": "Ev1", "event": {"type": "message", **event}}


DM: dict[str, Any] = {"channel": "D1", "channel_type": "im", "user": "U1", "text": "hi", "ts": TS}
REPLY: dict[str, Any] = {
    "channel": "C0DESK", "channel_type": "channel", "user": "U2", "text": "hi", "ts": TS, "thread_ts": "1.000001",
}  # fmt: skip


def changed(base: dict[str, Any], **after: Any) -> dict[str, Any]:
    message = {name: base[name] for name in ("user", "text", "ts", "thread_ts") if name in base}
    place = {name: base[name] for name in ("channel", "channel_type")}
    return place | {
        "subtype": "message_changed", "hidden": True, "ts": TS, "event_ts": TS, "previous_message": message,
        "message": message | {"text": "changed"} | after,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (DM, Said),
        (DM | {"subtype": "file_share", "text": "", "files": [{"id": "F1"}]}, Said),
        (DM | {"subtype": "me_message"}, Said),
        (DM | {"thread_ts": "1.000001"}, Said),
        (DM | {"text": "", "attachments": [{"text": "shared words"}]}, Said),
        (DM | {"text": " "}, None),
        (DM | {"bot_id": "B1"}, None),
        (DM | {"subtype": "bot_message"}, None),
        (DM | {"user": "U0BOT"}, None),
        (DM | {"user": "USLACKBOT"}, None),
        (DM | {"user": None}, None),
        (DM | {"subtype": "message_deleted", "deleted_ts": TS}, None),
        (DM | {"subtype": "channel_join"}, None),
        (DM | {"channel": "G1", "channel_type": "mpim"}, None),
        (DM | {"channel": "C2", "channel_type": "channel"}, None),
        (changed(DM), Edited),
        (changed(DM, text="hi"), None),
        (changed(DM, bot_id="B1"), None),
        (changed(DM, subtype="tombstone", user="USLACKBOT"), None),
        (REPLY, AgentSaid),
        (REPLY | {"subtype": "thread_broadcast"}, AgentSaid),
        (REPLY | {"subtype": "file_share", "files": [{"id": "F1"}]}, AgentSaid),
        (REPLY | {"thread_ts": TS}, None),
        (REPLY | {"thread_ts": None}, None),
        (REPLY | {"bot_id": "B1"}, None),
        (REPLY | {"subtype": "bot_message"}, None),
        (REPLY | {"subtype": "channel_topic"}, None),
        (REPLY | {"user": "U0BOT"}, None),
        (REPLY | {"channel": "C2"}, None),
        (REPLY | {"channel": "C0DESK", "channel_type": "group"}, AgentSaid),
        (changed(REPLY), AgentSaid),
        (changed(REPLY, text="hi"), None),
        (changed(REPLY, subtype="bot_message"), None),
    ],
)
def test_which_messages_count_and_as_what(event: dict[str, Any], kind: type | None) -> None:
    found = translate(told(event), HERE, NOW)
    assert [type(incoming.payload) for incoming in found] == ([kind] if kind else [])
    assert all(incoming.key == "slack:T9:Ev1" for incoming in found)


def test_nobody_at_the_desk_is_heard_where_there_is_none() -> None:
    assert translate(told(REPLY | {"channel": ""}), replace(HERE, desk=""), NOW) == ()


def test_an_event_without_an_id_is_known_by_its_place_and_time() -> None:
    body = told(DM) | {"event_id": None}
    assert translate(body, HERE, NOW)[0].key == f"slack:T9:message:D1:{TS}"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("!note x", "/note x"),
        ("! note x", "/note x"),
        (" !resolve", "/resolve"),
        ("!!! urgent", "/!! urgent"),
        ("no !note", "no !note"),
        (" /note x", "/note x"),
    ],
)
def test_an_exclamation_mark_begins_a_command_of_the_desk(words: str, read: str) -> None:
    said = translate(told(REPLY | {"text": words}), HERE, NOW)[0].payload
    assert isinstance(said, AgentSaid)
    assert said.words == read


def test_a_reply_in_a_direct_message_names_what_it_answers() -> None:
    said = translate(told(DM | {"thread_ts": "1.000001"}), HERE, NOW)[0].payload
    assert isinstance(said, Said)
    assert said.reply_to is not None
    assert said.reply_to.message == "1.000001"


def test_files_that_are_gone_or_elsewhere() -> None:
    files = [
        {"id": "F1", "mode": "tombstone"},
        {"id": "F2", "is_external": True, "url_private": "https://drive.example/f", "name": "plan"},
        {"id": "F3", "mimetype": "image/png", "size": 12, "title": "t"},
        {"name": "no id"},
        "not a file",
    ]
    said = translate(told(DM | {"files": files}), HERE, NOW)[0].payload
    assert isinstance(said, Said)
    assert [(a.ref, a.name, a.note, a.size) for a in said.attachments] == [
        ("F2", "plan", "https://drive.example/f", 0),
        ("F3", "t", "", 12),
    ]


# ---------------------------------------------------------------- buttons


def tapped(value: object, **more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ana"},
        "team": {"id": "T9"},
        "channel": {"id": "D1"},
        "container": {"message_ts": TS, "channel_id": "D1", "thread_ts": "1.000001"},
        "actions": [{"action_id": "0.1", "value": value, "action_ts": TS}],
        **more,
    }


@pytest.mark.parametrize("value", ["rate:1:5", "human", "claim:", "claim:x", "claim:1:2", "unclaim:1", "forget:yes"])
def test_any_other_action_is_a_customers(value: str) -> None:
    incoming = translate(tapped(value), HERE, NOW)[0]
    assert isinstance(incoming.payload, Tapped)
    assert incoming.payload.action == value
    assert incoming.key == f"slack:T9:action:{TS}:U1:0.1:{TS}"


@pytest.mark.parametrize("action", ["claim", "resolve", "handback"])
def test_a_desk_action_is_an_agents(action: str) -> None:
    payload = translate(tapped(f"{action}:42"), HERE, NOW)[0].payload
    assert isinstance(payload, AgentTapped)
    assert (payload.action, payload.case, payload.tap) == (action, 42, "D1/U1/1.000001")


@pytest.mark.parametrize("value", [None, "", 7, [], {}])
def test_a_button_without_an_action_does_nothing(value: object) -> None:
    assert translate(tapped(value), HERE, NOW) == ()


# ---------------------------------------------------------------- the desk and us


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ({"type": "channel_archive", "channel": "C0DESK"}, "archived"),
        ({"type": "group_archive", "channel": "C0DESK"}, "archived"),
        ({"type": "channel_left", "channel": "C0DESK"}, "left"),
        ({"type": "group_left", "channel": "C0DESK"}, "left"),
        ({"type": "channel_unarchive", "channel": "C0DESK"}, "back"),
        ({"type": "member_joined_channel", "channel": "C0DESK", "user": "U0BOT"}, "back"),
        ({"type": "member_joined_channel", "channel": "C0DESK", "user": "U1"}, ""),
        ({"type": "channel_archive", "channel": "C1"}, ""),
        ({"type": "tokens_revoked"}, "revoked"),
        ({"type": "app_uninstalled"}, "revoked"),
        ({}, ""),
    ],
)
def test_what_happens_to_the_desk(event: dict[str, Any], change: str) -> None:
    assert desk_change({"type": "event_callback", "event": event}, HERE) == change


def test_a_person_from_a_profile() -> None:
    user = {"id": "U1", "name": "ana", "tz": "Mars/Olympus", "profile": {"real_name": " ", "display_name": "Ana"}}
    assert sender_from(user) == Sender("slack", "U1", "Ana", "ana")


# ---------------------------------------------------------------- anything

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def mangled(whole: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same request with any of its fields, at the top or one below, replaced by anything."""
    places: list[tuple[str, ...]] = [(name,) for name in whole]
    places += [(name, inner) for name, part in whole.items() if isinstance(part, dict) for inner in part]

    def replaced(changes: dict[tuple[str, ...], Any]) -> dict[str, Any]:
        result = {name: dict(part) if isinstance(part, dict) else part for name, part in whole.items()}
        for place, value in changes.items():
            if len(place) == 1:
                result[place[0]] = value
            elif isinstance(result[place[0]], dict):
                result[place[0]][place[1]] = value
        return result

    return st.dictionaries(st.sampled_from(places), JSON, max_size=4).map(replaced)


WHOLE = [
    told(DM | {"files": [{"id": "F1", "mimetype": "image/png"}], "thread_ts": "1.000001", "subtype": "file_share"}),
    told(changed(REPLY)),
    told(REPLY),
    tapped("claim:1"),
    {"command": "/afterword", "text": "stop", "user_id": "U1", "trigger_id": "1.2.a", "team_id": "T9"},
]


@given(JSON | st.sampled_from(WHOLE).flatmap(mangled))
def test_no_json_makes_it_raise(body: object) -> None:
    for incoming in translate(body, HERE, NOW):
        assert incoming.key.startswith("slack:")
        assert incoming.at <= NOW
        for text in (incoming.key, getattr(incoming.payload, "words", "")):
            assert "\x00" not in text
            text.encode()
    assert desk_change(body, HERE) in {"", "archived", "left", "back", "revoked"}
    assert isinstance(deleted_message(body, HERE), str)


@given(st.dictionaries(st.sampled_from(["id", "name", "tz", "locale", "profile", "is_bot", "real_name"]), JSON))
def test_no_profile_makes_it_raise(user: dict[str, Any]) -> None:
    assert sender_from(user).channel == "slack"
