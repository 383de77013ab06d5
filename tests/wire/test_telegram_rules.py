"""The fake Telegram catches every call that breaks the Bot API's rules, and lets sound ones pass."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.wire.extract_telegram_spec import compact_type, extract
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_answers import METHODS
from tests.wire.telegram_client import bot_on
from tests.wire.telegram_markup import MarkupError, parse
from tests.wire.telegram_spec import load_spec, read_kinds

ANA = 1001
FORUM = -1001


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        ana = server.user(ANA, name="Ana")
        await ana.start()
        await ana.send_album()
        server.forum(FORUM, members=[ana])
        yield server
    assert not server.crashes, server.crashes


async def call(tg: FakeTelegram, method: str, form: bool = False, **params: Any) -> Any:
    """Call as a client that checks nothing itself: JSON, or a form as aiogram sends it."""
    async with aiohttp.ClientSession() as http:
        data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        body: dict[str, Any] = {"data": data} if form else {"json": params}
        async with http.post(f"{tg.url}/bot{tg.token}/{method}", **body) as answer:
            return await answer.json()


def button(many: int = 1, **fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "b", **fields}]] * many}


def text(**more: Any) -> dict[str, Any]:
    return {"chat_id": ANA, "text": "x", **more}


def photo(**more: Any) -> dict[str, Any]:
    return {"type": "photo", "media": "https://shop.example/a.jpg", **more}


MEDIA = "sendMediaGroup"
COPY = {"chat_id": ANA, "from_chat_id": ANA}
PHOTO = {"chat_id": ANA, "photo": "https://a.example/1.jpg"}
REACT = {"chat_id": ANA, "message_id": 1}
COMMAND = {"command": "a", "description": "b"}
BROKEN: list[tuple[str, dict[str, Any], str | None, str]] = [
    ("sendMessage", text(text="x" * 4097), "message is too long", "4097"),
    ("sendMessage", text(text="🎉" * 2049), "message is too long", "4098"),
    ("sendMessage", text(text=""), "message text is empty", "at least 1"),
    ("sendMessage", text(text="\u200b \n"), "text must be non-empty", "at least 1"),
    ("sendMessage", {"chat_id": ANA}, "message text is empty", "text: is required"),
    ("sendMessage", {"text": "x"}, "chat_id is empty", "chat_id: is required"),
    ("sendMessage", text(colour="red"), None, "colour: unknown parameter"),
    ("sendMessage", text(reply_to_message_id=1), None, "unknown parameter"),
    ("sendMessage", text(chat_id=[1]), "chat not found", "chat_id: wrong type: list"),
    ("sendMessage", text(text=5), "can't parse text JSON object", "text: wrong type: int"),
    ("sendMessage", text(disable_notification="maybe"), "can't parse", "disable_notification: wrong type"),
    ("sendMessage", text(message_thread_id="abc"), "can't parse", "message_thread_id: wrong type"),
    ("sendMessage", text(reply_markup=button(callback_data="x" * 65)), "BUTTON_DATA_INVALID", "bytes must be 1..64"),
    ("sendMessage", text(reply_markup=button(callback_data="é" * 33)), "BUTTON_DATA_INVALID", "is 66"),
    ("sendMessage", text(reply_markup=button(callback_data="")), "BUTTON_DATA_INVALID", "is 0"),
    ("sendMessage", text(reply_markup=button()), "Text buttons are unallowed", "exactly one purpose"),
    ("sendMessage", text(reply_markup=button(callback_data="x", url="https://a.example")), "unallowed", "exactly one"),
    ("sendMessage", text(reply_markup=button(callback_data="x", color="red")), None, "color: unknown field"),
    ("sendMessage", text(reply_markup=button(callback_data="x", text="")), "must be non-empty", "without text"),
    ("sendMessage", text(reply_markup=button(url="http://localhost:8080/")), "Wrong HTTP URL", "Telegram refuses"),
    ("sendMessage", text(reply_markup=button(url="https://t.me/b?start=" + "x" * 65)), "Wrong HTTP URL", "refuses"),
    ("sendMessage", text(reply_markup=button(callback_data="x", style="loud")), "style is invalid", "not one of"),
    ("sendMessage", text(reply_markup=button(callback_data="x", many=101)), "markup is too long", "more than 100"),
    ("sendMessage", text(reply_markup="{broken"), "object expected as reply markup", "wrong type: str"),
    ("sendMessage", text(reply_markup={"inline_keyboard": [{"text": "b"}]}), "object expected", "wrong type: dict"),
    ("sendMessage", text(reply_parameters={}), "must be present", "message_id: is required"),
    ("sendMessage", text(text="<b>x", parse_mode="HTML"), "can't parse entities", 'start tag "b"'),
    ("sendMessage", text(text="a.b", parse_mode="MarkdownV2"), "is reserved and must be escaped", "Character '.'"),
    ("sendMessage", text(parse_mode="BBCode"), "unsupported parse_mode", "unsupported"),
    ("sendPhoto", {**PHOTO, "caption": "x" * 1025}, "caption is too long", "1025"),
    ("sendPhoto", {"chat_id": ANA}, "photo is empty", "photo: is required"),
    ("sendPhoto", {"chat_id": ANA, "photo": "attach://nowhere"}, "not found", "no part 'nowhere'"),
    (MEDIA, {"chat_id": ANA, "media": [photo()]}, "too many messages", "items must be 2..10, is 1"),
    (MEDIA, {"chat_id": ANA, "media": [photo()] * 11}, "too many messages to send as an album", "is 11"),
    (MEDIA, {"chat_id": ANA, "media": [photo(), photo(caption="x" * 1025)]}, "caption is too long", "media[1].caption"),
    (MEDIA, {"chat_id": ANA, "media": [photo(), photo(size=3)]}, None, "media[1].size: unknown field"),
    (MEDIA, {"chat_id": ANA, "media": [photo(), {"type": "smell", "media": "x"}]}, "type is invalid", "media[1].type"),
    ("copyMessages", {**COPY, "message_ids": [2, 1]}, "strictly increasing order", "increasing"),
    ("copyMessages", {**COPY, "message_ids": [2, 2]}, "strictly increasing order", "increasing"),
    ("copyMessages", {**COPY, "message_ids": []}, "not specified", "items must be 1..100"),
    ("copyMessages", {**COPY, "message_ids": list(range(1, 102))}, "too many", "is 101"),
    ("createForumTopic", {"chat_id": FORUM, "name": "x" * 129}, "TOPIC_TITLE_INVALID", "chars must be 1..128, is 129"),
    ("createForumTopic", {"chat_id": FORUM, "name": ""}, "TOPIC_TITLE_INVALID", "is 0"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG", "0..200, is 201"),
    ("setMyCommands", {"commands": [COMMAND] * 101}, "BOT_COMMANDS_TOO_MUCH", "is 101"),
    ("setMyCommands", {"commands": [{**COMMAND, "command": "Start"}]}, "BOT_COMMAND_INVALID", "does not match"),
    ("setMyCommands", {"commands": [{**COMMAND, "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID", "1..256"),
    ("setMyDescription", {"description": "x" * 513}, "bot description is too long", "0..512"),
    ("sendChatAction", {"chat_id": ANA, "action": "dancing"}, "wrong parameter action", "not one of"),
    ("setMessageReaction", {**REACT, "reaction": [{"type": "emoji", "emoji": "🦖"}]}, "REACTION_INVALID", "not one of"),
    ("setWebhook", {"url": "https://a.example", "secret_token": "not allowed!"}, "unallowed", "does not match"),
    ("getUpdates", {"allowed_updates": ["mesage"]}, None, "unknown kinds ['mesage']"),
    ("deleteMessage", {"chat_id": ANA}, "message identifier is not specified", "message_id: is required"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "params", "answer", "problem"), BROKEN, ids=lambda v: v if isinstance(v, str) else ""
)
async def test_a_call_that_breaks_a_rule_is_noted_and_refused_in_the_real_words(
    tg: FakeTelegram, method: str, params: dict[str, Any], answer: str | None, problem: str
) -> None:
    body = await call(tg, method, **params)
    assert [v.method for v in tg.violations] == [method]
    assert problem in tg.violations[0].problem
    assert body["ok"] is (answer is None), body
    if answer is not None:
        assert body["error_code"] == 400
        assert body["description"].startswith("Bad Request: ")
        assert answer in body["description"]
    with pytest.raises(AssertionError, match="break the Bot API's rules"):
        tg.assert_clean()


SOUND: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", text(text="x" * 4096)),
    ("sendMessage", text(text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")),
    ("sendMessage", text(text=r"*a\.b* __c__ ||d|| [e](https://f.example/\)) `g.h`", parse_mode="MarkdownV2")),
    ("sendMessage", text(chat_id=str(ANA), disable_notification=True)),
    ("sendMessage", text(reply_markup=button(callback_data="é" * 32, many=100))),
    ("sendMessage", text(reply_markup=button(url="https://t.me/b?start=" + "x" * 64))),
    ("sendMessage", text(reply_markup=button(url="tg://user?id=1"))),
    ("sendMessage", text(reply_markup={"keyboard": [[{"text": "b"}]], "resize_keyboard": True})),
    ("sendMessage", text(reply_markup={"remove_keyboard": True})),
    ("sendMessage", text(reply_markup={"force_reply": True})),
    ("sendMessage", text(reply_parameters={"message_id": 1}, link_preview_options={"is_disabled": True})),
    ("sendMessage", text(entities=[{"type": "bold", "offset": 0, "length": 1}])),
    ("sendPhoto", {**PHOTO, "caption": "x" * 1024}),
    (MEDIA, {"chat_id": ANA, "media": [photo()] * 10}),
    ("copyMessages", {**COPY, "message_ids": [1, 2, 3]}),
    ("createForumTopic", {"chat_id": FORUM, "name": "x" * 128}),
    ("sendLocation", {"chat_id": ANA, "latitude": 48, "longitude": 2.35}),
    ("setMyCommands", {"commands": [COMMAND] * 100, "scope": {"type": "chat", "chat_id": ANA}}),
    ("setMyCommands", {"commands": [], "scope": {"type": "all_private_chats"}}),
    ("setMessageReaction", {**REACT, "reaction": [{"type": "emoji", "emoji": "❤️"}]}),
    ("getUpdates", {"allowed_updates": ["message", "message_reaction"], "timeout": 0, "limit": 1}),
    ("setWebhook", {"url": "https://a.example", "secret_token": "A-z_9"}),
    ("setWebhook", {"url": ""}),
]  # fmt: skip


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
@pytest.mark.parametrize(("method", "params"), SOUND, ids=lambda v: v if isinstance(v, str) else "")
async def test_a_sound_call_passes_as_json_and_as_a_form(
    tg: FakeTelegram, method: str, params: dict[str, Any], form: bool
) -> None:
    body = await call(tg, method, form=form, **params)
    assert body["ok"] is True, body
    tg.assert_clean()


async def test_aiogram_sees_the_refusal_of_a_button_of_65_bytes(tg: FakeTelegram) -> None:
    async with bot_on(tg) as bot:
        keyboard = [[InlineKeyboardButton(text="b", callback_data="x" * 65)]]
        with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
            await bot.send_message(ANA, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=keyboard))
    assert tg.user(ANA).hears == []
    assert tg.calls[-1].error == "Bad Request: BUTTON_DATA_INVALID"
    assert tg.calls[-1].params["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "x" * 65


async def test_a_multipart_part_that_nothing_names_is_noted(tg: FakeTelegram) -> None:
    form = aiohttp.FormData({"chat_id": str(ANA), "text": "x"})
    form.add_field("stray", b"bytes", filename="stray.bin")
    async with aiohttp.ClientSession() as http, http.post(f"{tg.url}/bot{tg.token}/sendMessage", data=form) as answer:
        assert answer.status == 200
    assert [v.problem for v in tg.violations] == ["stray: a part that nothing refers to"]


async def test_with_validation_off_nothing_is_noted(tg: FakeTelegram) -> None:
    tg.validate = False
    assert (await call(tg, "sendMessage", **text(text="x" * 5000, colour="red")))["ok"]
    tg.assert_clean()


@pytest.mark.parametrize(("mode", "source", "plain", "kinds"), [
    ("HTML", "<b>a<i>b</i></b>&amp;&#33;&lt;", "ab&!<", ["bold", "italic"]),
    ("HTML", '<a href="https://x.example">go</a>', "go", ["text_link"]),
    ("HTML", '<pre><code class="language-py">x</code></pre>', "x", ["code", "pre"]),
    ("HTML", '<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", ["spoiler", "spoiler"]),
    ("HTML", "<blockquote expandable>x</blockquote>", "x", ["expandable_blockquote"]),
    ("HTML", "AT&T &nbsp; &c", "AT&T &nbsp; &c", []),
    ("MarkdownV2", "*a _b_* ~c~ ||d|| __e__", "a b c d e", ["bold", "italic", "strikethrough", "spoiler", "underline"]),
    ("MarkdownV2", "```py\nx.y\n```", "x.y\n", ["pre"]),
    ("MarkdownV2", ">a\n>b\nc", "a\nb\nc", ["blockquote"]),
    ("MarkdownV2", r"1\. \*x\*", "1. *x*", []),
    ("Markdown", "*a* _b_ `c` [d](https://x.example) 1.5!", "a b c d 1.5!", ["bold", "italic", "code", "text_link"]),
])  # fmt: skip
def test_markup_becomes_plain_text_and_entities(mode: str, source: str, plain: str, kinds: list[str]) -> None:
    text_, entities = parse(source, mode)
    assert text_ == plain
    assert [entity["type"] for entity in entities] == kinds


@pytest.mark.parametrize(("mode", "source", "words"), [
    ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
    ("HTML", "é < 2 >", 'Unsupported start tag "" at byte offset 3'),
    ("HTML", "<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ("HTML", "<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
    ("HTML", "<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("MarkdownV2", "*x", "Can't find end of Bold entity at byte offset 0"),
    ("MarkdownV2", "_a *b_ c*", "Can't find end of Bold entity at byte offset 3"),
    ("MarkdownV2", "`x", "Can't find end of Code entity at byte offset 0"),
    ("MarkdownV2", "```x", "Can't find end of Pre entity at byte offset 0"),
    ("MarkdownV2", "a - b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
    ("MarkdownV2", "wow!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
    ("Markdown", "snake_case", "Can't find end of the entity starting at byte offset 5"),
])  # fmt: skip
def test_broken_markup_is_refused_in_the_real_words(mode: str, source: str, words: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse(source, mode)
    assert str(caught.value) == words


def test_every_method_of_the_fake_is_in_the_rules() -> None:
    assert set(METHODS) <= load_spec().methods.keys()


def test_the_rules_file_is_what_the_extractor_makes() -> None:
    name = {"name": "name", "types": ["String"], "required": True, "description": "Topic name, 1-128 characters"}
    media = {"name": "media", "types": ["Array of A", "Array of B"], "required": False, "description": "up to 10 items"}
    kind = {"name": "type", "types": ["String"], "required": True, "description": "Type, must be photo"}
    api = {
        "version": "Bot API 1",
        "methods": {"make": {"fields": [name, media]}, "get": {}},
        "types": {"A": {"fields": [kind]}, "B": {"subtypes": ["A"]}, "Unused": {"fields": [name]}},
    }
    assert extract(api) == {
        "version": "Bot API 1",
        "methods": {"make": {"name": "String ! chars=1..128", "media": "[A|B] items=1..10"}, "get": {}},
        "objects": {"A": {"type": "String ! const=photo"}},
        "unions": {"B": ["A"]},
    }
    assert compact_type(["Array of Array of X"]) == "[[X]]"
    assert read_kinds("A|[[B|C]]|D") == ("A", (("B", "C"),), "D")
