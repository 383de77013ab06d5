"""The web chat in a real browser: a visitor talks, and sees nothing but their own conversation."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from bot.domain.customer import Identity
from bot.domain.event import ByToken, Said, Started, Tapped
from bot.domain.ids import OutboxId
from bot.domain.message import Attachment, Button, Kind, Media, Message, Side
from bot.errors import FileUnavailable
from bot.ports import File, Line, Outcome, Parcel
from handlers.webchat.edge import ACTIONS_A_MINUTE, NEW_VISITORS_A_MINUTE, WebChat, build
from handlers.webchat.view import chat_view, language_of, words_in
from tests.web.world import ASK, World, now, running

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
NASTY = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> {{ constructor }} ${1} `x` &lt;b&gt;'


async def write(page: Page, words: str) -> None:
    await page.get_by_role("textbox").fill(words)
    await page.keyboard.press("Enter")


# ---------------------------------------------------------------- in the browser


async def test_a_visitor_writes_and_is_answered_and_finds_it_again(world: World, page: Page) -> None:
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        await expect(page.get_by_text("+33 1 23 45 67 89")).to_have_attribute("href", "tel:+33123456789")
        await write(page, "my boots are great")
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        await expect(page.locator(".mine", has_text="my boots are great")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".mine", has_text="my boots are great")).to_have_count(1)
        assert [type(incoming.payload) for incoming in world.taken] == [Said]


async def test_a_link_connects_once_a_browser_shows_it_and_one_tap_is_enough(world: World, page: Page) -> None:
    ana = world.person("Ana", "telegram")
    world.tokens["tok"] = ana.customer.id
    chat = build(world.surroundings())
    async with running([chat]) as server:
        async with aiohttp.ClientSession(server.url) as http:
            for method in ("HEAD", "GET"):  # a preview in another chat, a mail scanner
                async with http.request(method, "/chat?token=tok") as answer:
                    assert answer.status == 200
        assert world.taken == []
        await page.goto(f"{server.url}/chat?token=tok")
        await expect(page.get_by_text("Hi Ana, good to see you.")).to_be_visible()
        await expect(page).to_have_url(f"{server.url}/chat")
        started = world.taken[0]
        assert isinstance(started.payload, Started)
        assert started.lane == ByToken("tok", started.payload.sender)
        assert started.payload.sender.timezone

        world.line(ana, "bot", "How do you like your Boots?", channel="web", kind="ask", buttons=ASK)
        await page.get_by_role("button", name="1 of 5").click()
        await expect(page.get_by_role("img", name="1 of 5")).to_have_text("★☆☆☆☆")
        await expect(page.locator(".chat-face")).to_have_count(0)
        assert isinstance(world.taken[1].payload, Tapped)
        assert world.taken[1].payload.action == "rate:7:1"

        await page.reload()
        await expect(page.get_by_text("Hi Ana, good to see you.")).to_be_visible()
        assert len(world.taken) == 2


async def test_two_visitors_see_nothing_of_each_other(world: World, browser: Browser) -> None:
    async with running([build(world.surroundings())]) as server:
        one, two = await browser.new_page(), await browser.new_page()
        for each, words in ((one, "I am the first"), (two, "I am the second")):
            await each.goto(f"{server.url}/chat")
            await write(each, words)
            await expect(each.get_by_text("Thank you.")).to_be_visible()
        await one.reload()
        await expect(one.get_by_text("I am the first")).to_be_visible()
        assert "I am the second" not in await one.content()
        assert "I am the first" not in await two.content()


async def test_a_person_is_within_reach_and_speaks_under_their_name(world: World, page: Page) -> None:
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        await page.get_by_role("button", name="Talk to a person").click()
        await expect(page.get_by_text("I am getting a person for you")).to_be_visible()
        person = next(iter(world.people.values()))
        world.line(person, "agent", "Kim here, let me look.", name="Kim", kind="relay", channel="web")
        world.line(person, "agent", "lot 4417 again", name="Kim", kind="note", inside=True)
        await expect(page.locator(".a-bubble", has_text="Kim here, let me look.")).to_contain_text("Kim")
        assert "lot 4417" not in await page.content()
        assert isinstance(world.taken[0].payload, Tapped)
        assert world.taken[0].payload.action == "human"


async def test_words_are_only_words_whatever_is_in_them(world: World, page: Page) -> None:
    name = "<script>window.hacked=1</script>"
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        await write(page, NASTY)
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        person = next(iter(world.people.values()))
        world.line(person, "agent", NASTY, name=name, kind="relay", channel="web", buttons=((Button(NASTY, "human"),),))
        await expect(page.get_by_text(NASTY)).to_have_count(3)
        await expect(page.get_by_text(name, exact=True)).to_have_count(1)
        await page.reload()
        await expect(page.get_by_text(NASTY)).to_have_count(3)
        assert await page.evaluate("window.hacked") is None
        assert await page.locator(".chat img").count() == 0


async def test_a_photo_goes_both_ways_and_to_nobody_else(world: World, page: Page, tmp_path: Path) -> None:
    chat = build(world.surroundings())
    async with running([chat]) as server:
        await page.goto(f"{server.url}/chat")
        await page.set_input_files("input[type=file]", {"name": "zip.png", "mimeType": "image/png", "buffer": PNG})
        await expect(page.locator(".mine img")).to_have_js_property("naturalWidth", 1)
        person = next(iter(world.people.values()))
        assert person.lines[0].attachments[0].media is Media.PHOTO
        world.foreign["tg-9"] = File("pair.jpg", "image/jpeg", PNG)
        photo = Attachment(Media.PHOTO, "telegram", "tg-9", "pair.jpg")
        line = world.line(person, "agent", "the new pair", name="Kim", channel="web", attachments=(photo,))
        await expect(page.locator(".a-bubble:not(.mine) img")).to_have_js_property("naturalWidth", 1)
        async with aiohttp.ClientSession(server.url) as stranger:
            async with stranger.get(f"/chat/files/{line.id}/0") as answer:
                assert answer.status == 404
            async with stranger.post(f"/chat/files?key={uuid4()}&name=x", data=b"x") as answer:
                assert answer.status == 403
        big = tmp_path / "film.mp4"
        big.write_bytes(b"x" * (20 * 1024 * 1024 + 1))
        await page.set_input_files("input[type=file]", big)
        await expect(page.get_by_text("Up to 20 MB")).to_be_visible()


async def test_a_flood_is_told_to_slow_down_and_no_word_is_lost(world: World, page: Page) -> None:
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        for number in range(ACTIONS_A_MINUTE + 1):
            await write(page, f"word {number}")
        await expect(page.get_by_text("That was a lot at once")).to_be_visible()
        await expect(page.get_by_role("textbox")).to_have_value(f"word {ACTIONS_A_MINUTE}")
        assert len(world.taken) == ACTIONS_A_MINUTE


async def test_a_lost_wake_up_is_caught_by_the_next_look(world: World, page: Page) -> None:
    world.quick = False
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        await write(page, "hello?")
        await expect(page.get_by_text("Thank you.")).to_be_visible()


async def test_the_page_stays_where_the_reader_is(world: World, page: Page) -> None:
    async with running([build(world.surroundings())]) as server:
        await page.goto(f"{server.url}/chat")
        await write(page, "hello")
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        person = next(iter(world.people.values()))
        for number in range(40):
            world.line(person, "bot", f"line {number}\nand more", channel="web")
        await expect(page.get_by_text("line 39")).to_be_in_viewport()
        await page.locator(".chat-log").evaluate("log => log.scrollTo(0, 100)")
        world.line(person, "bot", "the newest", channel="web")
        await page.get_by_role("button", name="New messages").click()
        await expect(page.get_by_text("the newest")).to_be_in_viewport()


# ---------------------------------------------------------------- over HTTP


async def test_the_cookie_is_signed_and_out_of_reach_of_scripts(world: World) -> None:
    async with running([build(world.surroundings())]) as server, aiohttp.ClientSession(server.url) as http:
        async with http.get("/chat") as answer:
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Secure" not in cookie
        forged = cookie.split(";")[0].replace(".", "x.", 1).split("=", 1)[1]
        async with (
            aiohttp.ClientSession(server.url, cookies={"afterword_visitor": forged}) as other,
            other.post(f"/chat/files?key={uuid4()}", data=b"x") as answer,
        ):
            assert answer.status == 403
    behind = WebChat(world.surroundings(public_url="https://shop.example"))
    async with (
        running([behind]) as server,
        aiohttp.ClientSession(server.url) as http,
        http.get("/chat", headers={"host": "shop.example"}) as answer,
    ):
        assert "Secure" in answer.headers["set-cookie"]


async def test_new_visitors_from_one_address_are_limited_kindly(world: World) -> None:
    async with running([build(world.surroundings())]) as server:
        for _ in range(NEW_VISITORS_A_MINUTE):
            async with aiohttp.ClientSession(server.url) as http, http.get("/chat") as answer:
                assert answer.status == 200
        async with aiohttp.ClientSession(server.url) as http, http.get("/chat") as answer:
            assert answer.status == 429
            assert "+33 1 23 45 67 89" in await answer.text()


async def test_a_file_from_elsewhere_on_the_web_is_not_taken(world: World) -> None:
    jar = aiohttp.CookieJar(unsafe=True)  # keeps cookies of bare addresses
    async with (
        running([build(world.surroundings())]) as server,
        aiohttp.ClientSession(server.url, cookie_jar=jar) as http,
    ):
        async with http.get("/chat"):
            pass
        foreign = {"origin": "https://elsewhere.example"}
        async with http.post(f"/chat/files?key={uuid4()}&name=x", data=b"x", headers=foreign) as answer:
            assert answer.status == 403
        async with http.post(f"/chat/files?key={uuid4()}&name=x.svg", data=b"<svg/>") as answer:
            assert answer.status == 202
        await asyncio.sleep(0.05)
        line = next(iter(world.people.values())).lines[0]
        async with http.get(f"/chat/files/{line.id}/0") as answer:
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.content_type == "application/octet-stream"
            assert "sandbox" in answer.headers["content-security-policy"]


# ---------------------------------------------------------------- as a channel


def parcel(world: World, **parts: object) -> Parcel:
    given = {
        "id": OutboxId(1), "customer": world.person("Ana").customer.id, "side": Side.CUSTOMER, "channel": "web",
        "message": Message(Kind.ANSWER, "hi"), "case": None, "ask": None, "receipt": False, "attempts": 0,
        "created_at": now(), "identity": Identity("web", "v1"), **parts,
    }  # fmt: skip
    return Parcel(**given)  # type: ignore[arg-type]


async def test_delivering_is_waking_the_page(world: World) -> None:
    chat = build(world.surroundings(public_url="https://shop.example/"))
    sent = await chat.deliver(parcel(world), world.fetch)
    assert sent.outcome is Outcome.SENT
    assert sent.refs[0].chat == "v1"
    assert (await chat.deliver(parcel(world, identity=None), world.fetch)).outcome is Outcome.UNREACHABLE
    assert (await chat.deliver(parcel(world, side=Side.DESK), world.fetch)).outcome is Outcome.REJECTED
    assert chat.link("tok") == "https://shop.example/chat?token=tok"


async def test_what_the_log_does_not_hold_is_shown_beside_it(world: World) -> None:
    chat = build(world.surroundings())
    report = Message(Kind.REPORT, "This is what we keep", report="mydata")
    await chat.deliver(parcel(world, message=report), world.fetch)
    await chat.deliver(parcel(world, message=report), world.fetch)
    assert [line.text for line in chat.asides_of("v1", [])] == ["This is what we keep"]
    assert chat.asides_of("v2", []) == []


async def test_a_button_that_was_never_offered_does_nothing(world: World) -> None:
    chat = build(world.surroundings())
    sender = chat.sender("v1", "Mars/Olympus", "en")
    assert sender.timezone == ""
    assert await chat.tap("v1", str(uuid4()), "claim:1", sender) is None
    assert world.taken == []


async def test_the_same_action_twice_is_one_event(world: World) -> None:
    chat = build(world.surroundings())
    sender, key = chat.sender("v1", "", "en"), str(uuid4())
    await chat.say("v1", key, "hello", sender)
    await chat.say("v1", key, "hello", sender)
    assert len(world.taken) == 1


async def test_a_lost_file_is_said_to_be_lost(world: World) -> None:
    with pytest.raises(FileUnavailable):
        await build(world.surroundings()).fetch(Attachment(Media.PHOTO, "web", "404"))


# ---------------------------------------------------------------- what a page shows


def line(number: int, author: str, text: str = "words", **more: object) -> Line:
    at = now() + timedelta(seconds=number)
    return Line(number, at, author, "", str(more.pop("kind", "message")), text, "web", **more)  # type: ignore[arg-type]


def actions(*lines: Line) -> list[list[str]]:
    return [[button["action"] for button in each["buttons"]] for each in chat_view(lines).values()]


PERSON = ((Button("Talk to a person", "human"),),)
RATES = [f"rate:7:{n}" for n in range(1, 6)]


def test_rating_buttons_live_until_the_rating_and_the_person_stays() -> None:
    ask = line(1, "bot", buttons=ASK)
    assert actions(ask) == [[*RATES, "human"]]
    assert actions(ask, line(2, "customer"), line(3, "bot", buttons=PERSON)) == [RATES, [], ["human"]]
    rated = line(2, "customer", "★☆☆☆☆", kind="rating")
    assert actions(ask, rated, line(3, "bot", buttons=PERSON)) == [[], [], ["human"]]
    assert actions(ask, rated) == [["human"], []]


def test_nobody_is_offered_a_person_while_a_person_talks() -> None:
    question = line(1, "bot", buttons=((Button("Yes", "clear:yes"),), *PERSON))
    agent = line(2, "agent")
    assert actions(question, agent) == [[], []]
    assert actions(question, agent, line(3, "bot", buttons=PERSON)) == [[], [], ["human"]]


def test_a_question_that_was_tapped_asks_no_more() -> None:
    question = line(1, "bot", buttons=((Button("Yes", "clear:yes"), Button("No", "clear:no")), *PERSON))
    assert actions(question) == [["clear:yes", "clear:no", "human"]]
    assert actions(question, line(2, "customer", "No", kind="tap")) == [["human"], []]
    assert actions(question, line(2, "bot", buttons=PERSON)) == [[], ["human"]]


def test_only_the_newest_ask_can_be_rated() -> None:
    newer = tuple(tuple(Button(b.label, b.action.replace(":7:", ":8:")) for b in row) for row in ASK)
    shown = actions(line(1, "bot", buttons=ASK), line(2, "bot", buttons=newer))
    assert shown == [[], [*(f"rate:8:{n}" for n in range(1, 6)), "human"]]


def test_nothing_from_inside_and_no_empty_line_is_shown() -> None:
    shown = chat_view(
        [line(1, "agent", "inside words", inside=True), line(2, "customer", "", kind="link"), line(3, "bot")]
    )
    assert list(shown) == ["3"]


def test_the_contact_under_each_message_is_set_apart() -> None:
    shown = chat_view([line(1, "bot", "Hello.\n\nMore.\n\nReach us: +33 1")], "+33 1")["1"]
    assert (shown["text"], shown["signature"]) == ("Hello.\n\nMore.", "Reach us: +33 1")
    shown = chat_view([line(1, "bot", "Hello.\n\nMore.")], "+33 1")["1"]
    assert (shown["text"], shown["signature"]) == ("Hello.\n\nMore.", "")


def test_the_page_speaks_a_language_that_browser_and_shop_share() -> None:
    assert language_of("fr-CH, en;q=0.8", ("en", "fr")) == "fr"
    assert language_of("nl", ("de", "en")) == "de"
    assert language_of("", ("en",)) == "en"
    keys = set(words_in("en"))
    assert all(set(words_in(language)) == keys for language in ("de", "es", "fr"))
