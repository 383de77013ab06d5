"""The console in a real browser: agents see who waits and why, claim, answer, note; nobody else gets in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from bot.domain.case import CaseState, ReasonKind
from bot.domain.event import AgentSaid, AgentTapped, ByCase
from bot.domain.ids import CaseId, OutboxId
from bot.domain.message import Attachment, Kind, Media, Message, Side
from bot.domain.staff import Role, Staff
from bot.domain.summary import Tallies
from bot.ports import File, Outcome, Parcel
from handlers.console.edge import Console, build
from handlers.webchat.edge import build as build_chat
from tests.web.desk import console_of, log_in
from tests.web.story import ANGRY, boots, verdict
from tests.web.test_chat import NASTY, PNG
from tests.web.world import World, now, running


async def session_of(console: Console, staff: Staff) -> dict[str, str]:
    return {console.cookie.name: str(console.cookie._signer.dumps(f"{staff.channel}:{staff.external}"))}


# ---------------------------------------------------------------- the way in


async def test_without_a_session_there_are_words_but_no_data(world: World) -> None:
    boots(world)
    async with console_of(world) as (server, _), aiohttp.ClientSession(server.url) as http:
        for path in ("/", "/customers", "/customers/2", "/insights", "/console/files/1/i1/0"):
            async with http.get(path) as answer:
                text = await answer.text()
                assert answer.status in {401, 403}
                assert "Ana" not in text
        async with http.get("/") as answer:
            assert "login link" in await answer.text()
            assert "/login" in await answer.text()
        async with http.post(f"/console/files?case=1&key={uuid4()}", data=b"x") as answer:
            assert answer.status == 403


async def test_a_login_link_works_once_and_looking_does_not_spend_it(world: World) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console), aiohttp.ClientSession(server.url) as http:
        link = await console.login_link(f"telegram:{kim.external}")
        token = link.partition("token=")[2]
        for method in ("HEAD", "GET", "GET"):
            async with http.request(method, f"/login?token={token}") as answer:
                assert answer.status == 200
                assert "set-cookie" not in answer.headers
        async with http.post("/login", data={"token": token}, headers={"origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with http.post("/login", data={"token": token}, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["location"]) == (303, "/")
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Max-Age=43200" in cookie
        async with http.post("/login", data={"token": token}, allow_redirects=False) as answer:
            assert answer.status == 403
            assert "set-cookie" not in answer.headers
        async with http.get("/login?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E") as answer:
            assert "<script>alert" not in await answer.text()


@pytest.mark.parametrize("value", ["", "nonsense", "InRlbGVncmFtOmtpbSI.aaaa.bbbb"])
async def test_a_made_up_session_opens_nothing(world: World, value: str) -> None:
    boots(world)
    async with (
        console_of(world) as (server, console),
        aiohttp.ClientSession(server.url, cookies={console.cookie.name: value}) as http,
        http.get("/") as answer,
    ):
        assert answer.status == 401


async def test_a_visitor_cookie_is_no_session(world: World) -> None:
    boots(world)
    chat = build_chat(world.surroundings())
    async with console_of(world) as (server, console):
        stolen = str(chat.cookie._signer.dumps("telegram:kim"))
        async with (
            aiohttp.ClientSession(server.url, cookies={console.cookie.name: stolen}) as http,
            http.get("/") as answer,
        ):
            assert answer.status == 401


async def test_an_old_session_and_a_lost_role_end_the_visit(world: World) -> None:
    kim = boots(world)
    console = build(world.surroundings())
    session = (await session_of(console, kim))[console.cookie.name]
    assert await console.staff_of(session) == kim
    console.cookie.max_age_s = -1
    assert await console.staff_of(session) is None
    console.cookie.max_age_s = 60
    world.team.clear()
    assert await console.staff_of(session) is None


async def test_a_page_that_is_open_when_the_role_goes_can_do_nothing_more(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_role("heading", name="Ana Duarte").first).to_be_visible()
        await page.get_by_role("textbox", name="Reply to Ana").fill("hello")
        world.team.remove(kim)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Your session has ended.").first).to_be_visible()
        assert world.taken == []


async def test_figures_are_for_managers(world: World) -> None:
    boots(world)
    agent = world.agent("Boris", external="boris2")
    async with console_of(world) as (server, console):
        cookies = await session_of(console, agent)
        async with aiohttp.ClientSession(server.url, cookies=cookies) as http, http.get("/insights") as answer:
            assert answer.status == 403
            assert "64 %" not in await answer.text()


# ---------------------------------------------------------------- the inbox


async def test_the_inbox_shows_who_waits_and_why(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        rows = page.get_by_role("listbox", name="Cases").get_by_role("option")
        await expect(rows).to_have_count(4)
        first = rows.first
        for words in ("Ana Duarte", "19 min", "unhappy −0.8", "high value", "top 20 %", "Telegram", ANGRY):
            await expect(first).to_contain_text(words)
        await expect(page.locator("mark")).to_have_text(["broken zipper", "want a refund"])
        side = page.get_by_label("About the customer")
        for words in ("#12 of 240 · €1,290 in 5 orders", "rating 1", "Boots, size 39 · €129", "resolved by Boris"):
            await expect(side).to_contain_text(words)
        await expect(page.get_by_text("4 waiting")).to_be_visible()
        await page.get_by_role("tab", name="All 5").click()
        await expect(rows).to_have_count(5)
        await page.get_by_role("searchbox").fill("skin")
        await expect(rows).to_have_count(1)


async def test_claim_and_send_do_both_in_order_and_the_note_stays_inside(world: World, browser: Browser) -> None:
    kim = boots(world)
    surroundings = world.surroundings()
    chat, console = build_chat(surroundings), build(surroundings)
    async with running([chat, console]) as server:
        visitor, agent = await browser.new_page(), await browser.new_page(viewport={"width": 1280, "height": 800})
        await visitor.goto(f"{server.url}/chat")
        await visitor.get_by_role("button", name="Talk to a person").click()
        await expect(visitor.get_by_text("I am getting a person")).to_be_visible()
        case = next(p.case for p in world.people.values() if p.channel == "web" and not p.customer.name)
        assert case
        await log_in(agent, server, console, kim, f"/?case={case.id}")

        await agent.get_by_role("textbox", name="Reply to").fill("Hello, Kim here.")
        await agent.get_by_role("button", name="Claim & send").click()
        await expect(visitor.get_by_text("Hello, Kim here.")).to_be_visible()
        await expect(agent.locator(".a-bubble.mine", has_text="Hello, Kim here.")).to_contain_text("delivered")
        payloads = [incoming.payload for incoming in world.taken[1:]]
        assert [type(payload) for payload in payloads] == [AgentTapped, AgentSaid]
        assert all(incoming.lane == ByCase(case.id) for incoming in world.taken[1:])
        assert {(p.sender.channel, p.sender.external, p.desk) for p in payloads} == {("telegram", "kim", "console")}  # type: ignore[union-attr]

        await agent.get_by_role("button", name="Note").click()
        await agent.get_by_role("textbox", name="A note").fill("third one this week")
        await agent.get_by_role("button", name="Save note").click()
        await expect(agent.locator(".note", has_text="third one this week")).to_be_visible()
        await visitor.get_by_role("textbox").fill("thank you Kim")
        await visitor.keyboard.press("Enter")
        await expect(agent.locator(".a-bubble", has_text="thank you Kim")).to_be_visible()
        assert "third one" not in await visitor.content()
        assert world.taken[3].payload.words == "/note third one this week"  # type: ignore[union-attr]

        await agent.get_by_role("button", name="Resolve").click()
        await expect(agent.get_by_text("This case is resolved.")).to_be_visible()
        await expect(agent.get_by_role("tab", name="Mine 0")).to_be_visible()


async def test_a_new_case_appears_by_itself_and_nothing_moves(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        rows = page.get_by_role("listbox", name="Cases").get_by_role("option")
        await expect(rows).to_have_count(4)
        await page.get_by_role("textbox", name="Reply to Ana").fill("half a sen")
        await page.evaluate("window.kept = document.querySelector('.row-item.on')")
        new = world.person("Finn Moe")
        world.line(new, "customer", "where is my parcel")
        world.open_case(new, (ReasonKind.UNCLEAR, "“parcel”"), ago=timedelta(0))
        await expect(rows).to_have_count(5)
        assert await page.evaluate("window.kept === document.querySelector('.row-item.on')")
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value("half a sen")
        world.line(world.people[kim.id + 1], "customer", "are you there?")
        await expect(page.locator(".a-bubble", has_text="are you there?")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value("half a sen")


async def test_another_agents_case_takes_notes_only(world: World, page: Page) -> None:
    kim = boots(world)
    world.team[world.team.index(kim)] = replace(kim, roles=frozenset({Role.AGENT}))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await page.get_by_role("tab", name="All").click()
        await page.get_by_role("option", name="Eli Sand").click()
        await expect(page.get_by_text("Boris holds it. What you write here stays inside.")).to_be_visible()
        for name in ("Resolve", "Hand back", "Claim", "Send"):
            await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        await page.get_by_role("textbox", name="A note").fill("I know this one")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note", has_text="I know this one")).to_be_visible()
        assert world.taken[0].payload.words == "/note I know this one"  # type: ignore[union-attr]
        await page.get_by_role("textbox", name="A note").fill("/mood fine")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note", has_text="/mood fine")).to_be_visible()
        assert world.taken[1].payload.words == "/mood fine"  # type: ignore[union-attr]


async def test_a_command_is_no_note_and_claims_nothing(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_role("button", name="Claim", exact=True)).to_be_visible()
        await page.get_by_role("textbox", name="Reply to Ana").fill("/mood fine")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value("")
        await page.get_by_role("button", name="Note").click()
        await page.get_by_role("textbox", name="A note").fill("/mood happy")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note", has_text="/mood happy")).to_be_visible()
        payloads = [incoming.payload for incoming in world.taken]
        assert [payload.words for payload in payloads if isinstance(payload, AgentSaid)] == [
            "/mood fine",
            "/mood happy",
        ]
        assert len(payloads) == 2


async def test_words_are_only_words_here_too(world: World, page: Page) -> None:
    kim = boots(world)
    eve = world.person(NASTY, timezone=NASTY, email=NASTY, locale=NASTY)
    world.line(eve, "customer", NASTY, name=NASTY, verdict=verdict(NASTY, -0.9, 0.9, "<script>"))
    world.line(eve, "agent", NASTY, name=NASTY, kind="note", inside=True)
    world.purchase(eve, NASTY, NASTY, "1")
    world.open_case(eve, (ReasonKind.UNHAPPY, NASTY))
    case = eve.case
    assert case
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case.id}")
        await expect(page.locator("mark")).to_have_text("<script>")
        await expect(page.get_by_text(NASTY).first).to_be_visible()
        await page.goto(f"{server.url}/customers?customer={eve.customer.id}")
        await expect(page.get_by_role("heading", name="window.hacked").first).to_be_visible()
        assert await page.evaluate("window.hacked") is None
        assert await page.locator("main img").count() == 0


async def test_the_keyboard_is_enough(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        head = page.locator(".head h1")
        await expect(head).to_have_text("Ana Duarte")
        await page.keyboard.press("j")
        await expect(head).to_have_text("Bo Lindqvist")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("k")
        await expect(head).to_have_text("Bo Lindqvist")
        await page.keyboard.press("c")
        await expect(page.get_by_role("textbox", name="Reply to Bo as Kim")).to_be_visible()
        await page.keyboard.press("r")
        await page.keyboard.type("I am here")
        await page.keyboard.press("Enter")
        await expect(page.locator(".a-bubble.mine", has_text="I am here")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await expect(page.get_by_role("textbox", name="A note")).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_a_phone_shows_one_pane_at_a_time(world: World, browser: Browser) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await log_in(page, server, console, kim)
        listed, talk, about = (page.locator(f".pane.{name}") for name in ("list", "middle", "side"))
        await expect(listed).to_be_visible()
        await expect(talk).to_be_hidden()
        await page.get_by_role("option", name="Ana Duarte").click()
        await expect(talk).to_be_visible()
        await expect(listed).to_be_hidden()
        await page.get_by_role("button", name="Details").click()
        await expect(about).to_be_visible()
        await page.get_by_role("button", name="Back to the conversation").click()
        await page.get_by_role("button", name="Back to the list").click()
        await expect(listed).to_be_visible()
        for _ in range(2):
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= 390
            await page.goto(f"{server.url}/insights")


async def test_files_of_a_case_are_seen_with_a_session_only(world: World, page: Page) -> None:
    kim = boots(world)
    ana = world.people[kim.id + 1]
    world.foreign["tg"] = File("zipper.png", "image/png", PNG)
    photo = Attachment(Media.PHOTO, "telegram", "tg", "zipper.png")
    line = world.line(ana, "customer", "", attachments=(photo,))
    case = ana.case
    assert case
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case.id}")
        await expect(page.locator(".a-bubble img")).to_have_js_property("naturalWidth", 1)
        address = f"{server.url}/console/files/{ana.customer.id}/i{line.id}/0"
        async with aiohttp.ClientSession() as http, http.get(address) as answer:
            assert answer.status == 403
        await page.get_by_role("button", name="Claim", exact=True).click()
        await expect(page.get_by_role("button", name="Attach")).to_be_visible()
        await page.set_input_files("input[type=file]", {"name": "label.png", "mimeType": "image/png", "buffer": PNG})
        await expect(page.locator(".a-bubble.mine img")).to_have_js_property("naturalWidth", 1)
        said = world.taken[-1].payload
        assert isinstance(said, AgentSaid)
        assert said.attachments[0].channel == "console"


async def test_two_hundred_cases_fit_into_a_light_page_and_changes_are_small(world: World, page: Page) -> None:
    kim = boots(world)
    people = [world.person(f"Customer {n}") for n in range(200)]
    for number, person in enumerate(people):
        world.line(person, "customer", f"words of {number} " * 8)
        world.open_case(person, (ReasonKind.UNHAPPY, "“words”"))
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(len(frame))))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_role("listbox", name="Cases").get_by_role("option")).to_have_count(204)
        assert len(await (await page.request.get(f"{server.url}/")).body()) < 400_000
        await page.wait_for_timeout(1500)
        sizes.clear()
        world.line(people[3], "customer", "one more thing")
        await expect(page.get_by_role("option", name="one more thing")).to_have_count(1)
        assert sum(sizes) < 5_000


async def test_when_all_is_quiet_the_page_says_what_comes_next(world: World, page: Page) -> None:
    kim = world.agent("Kim", Role.MANAGER)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_text("All quiet")).to_be_visible()
        await expect(page.get_by_role("link", name="Try it as a customer")).to_be_visible()
        await page.goto(f"{server.url}/customers")
        await expect(page.get_by_text("No customers yet")).to_be_visible()
        await page.goto(f"{server.url}/insights")
        await expect(page.get_by_role("heading", name="Nothing has happened yet")).to_be_visible()


# ---------------------------------------------------------------- customers and insights


async def test_a_customer_is_found_and_shown_whole(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, "/customers")
        await page.get_by_role("searchbox").fill("ana@ex")
        await expect(page.get_by_role("option")).to_have_count(1)
        await page.get_by_role("option", name="Ana Duarte").click()
        talk = page.get_by_role("log", name="Conversation")
        for words in ("Order 1001 · Boots, size 39 · €129 · paid", "Order 934", "Case opened: unclear", "perfect fit"):
            await expect(talk).to_contain_text(words)
        await expect(page.get_by_role("link", name="Open case")).to_be_visible()
        await page.get_by_role("searchbox").fill("nobody like this")
        await expect(page.get_by_text("Try a part of the name")).to_be_visible()


async def test_insights_say_first_what_happened_and_keep_current(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, "/insights")
        await expect(page.get_by_role("heading", name="Won back 64 % of unhappy customers")).to_be_visible()
        tiles = page.locator(".tile")
        await expect(tiles).to_have_count(5)
        await expect(tiles.first).to_contain_text("41 %")
        await expect(tiles.first).to_contain_text("+3 · of 1,204 delivered")
        await expect(page.locator(".chart svg")).to_contain_text("260")
        world.counted = Tallies(asks_sent=4, asked=4, answered=3, ratings=(1, 0, 0, 1, 1), answers=3, unhappy=1)
        world.counted_before = Tallies()
        world.wake()
        await expect(page.get_by_role("heading", name="Too few answers to tell")).to_be_visible()
        await expect(tiles.first).to_contain_text("too few to tell (n = 4)")


async def test_colours_follow_the_wish(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await page.emulate_media(color_scheme="dark")
        await log_in(page, server, console, kim)
        dark = "document.documentElement.classList.contains('dark')"
        assert await page.evaluate(dark) is True
        await page.get_by_role("button", name="Light colours").click()
        assert await page.evaluate(dark) is False
        await page.reload()
        await expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
        assert await page.evaluate(dark) is False


async def test_everything_comes_from_here(world: World, page: Page) -> None:
    kim = boots(world)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await page.goto(f"{server.url}/insights")
        await expect(page.locator(".chart svg")).to_contain_text("260")
        assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []


# ---------------------------------------------------------------- as a desk


async def test_delivering_makes_a_thread_once_and_says_notices(world: World) -> None:
    console = build(world.surroundings())
    message = Message(Kind.NOTICE, "Kim has this case already.")
    parcel = Parcel(
        OutboxId(5), world.person("Ana").customer.id, Side.DESK, "console", message, CaseId(9), None, receipt=False,
        attempts=0, created_at=now(),
    )  # fmt: skip
    sent = await console.deliver(parcel, world.fetch)
    assert sent.outcome is Outcome.SENT
    assert sent.thread is not None
    assert sent.thread.desk == "console"
    assert (await console.deliver(replace(parcel, thread=sent.thread), world.fetch)).thread is None
    assert (await console.deliver(replace(parcel, side=Side.STAFF), world.fetch)).outcome is Outcome.SENT


async def test_a_notice_reaches_the_page_that_shows_the_case(world: World, page: Page) -> None:
    kim = boots(world)
    ana = world.people[kim.id + 1]
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.locator("mark").first).to_be_visible()
        message = Message(Kind.NOTICE, "This could not be delivered: blocked")
        parcel = Parcel(
            OutboxId(5), ana.customer.id, Side.DESK, "console", message, CaseId(9), None, receipt=False, attempts=0,
            created_at=now(),
        )  # fmt: skip
        await console.deliver(parcel, world.fetch)
        await expect(page.get_by_role("status").filter(has_text="could not be delivered")).to_be_visible()


async def test_an_action_that_could_not_be_kept_is_given_back(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        box = page.get_by_role("textbox", name="Reply to Ana")
        await box.fill("precious words")
        gone = next(person for person in world.people.values() if person.customer.name == "Ana Duarte")
        case, gone.case = gone.case, None
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("That could not be saved.")).to_be_visible()
        gone.case = case
        await expect(box).to_have_value("precious words")
        assert json.dumps([type(i.payload).__name__ for i in world.taken]) == "[]"
        assert case
        assert case.state is CaseState.OPEN
