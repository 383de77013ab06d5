"""What an agent's day needs of the inbox: filters, a list that holds still, colleagues, drafts, alerts, gifts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from bot.domain.case import CaseState, ReasonKind
from bot.domain.correcting import BEGINNING
from bot.domain.correction import Correction
from bot.domain.customer import Memory
from bot.domain.event import AgentSaid, AgentTapped
from bot.domain.fact import Fact, FactState
from bot.domain.ids import CaseId, EventId, StaffId
from bot.domain.money import Money
from bot.domain.staff import Role
from bot.ports import PoolRow
from tests.web.desk import PHONE, another, case_of, console_of, log_in, named
from tests.web.story import ANGRY, boots, verdict
from tests.web.world import World, now

MINUTE = timedelta(minutes=1)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def rows_of(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Cases").get_by_role("option")


def names_of(page: Page) -> Locator:
    return page.locator(".row-item .name")


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.02)


async def accessible(page: Page) -> None:
    """Nothing that axe finds, in what is shown now."""
    await page.wait_for_timeout(200)  # colours that still fade
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, found.generate_report()


# ---------------------------------------------------------------- the queue


async def test_each_filter_shows_its_count_and_its_cases(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        for tab, count in (("Unclaimed 4", 4), ("At risk 4", 4), ("All 5", 5)):
            await page.get_by_role("tab", name=tab).click()
            await expect(rows_of(page)).to_have_count(count)
        await page.get_by_role("button", name="Filter").click()
        for group, button, count in (
            ("Tier", "top customers 2", 2),
            ("Channel", "Slack 1", 1),
            ("Reason", "unhappy 2", 2),
            ("About", "quality 1", 1),
        ):
            choice = page.get_by_role("group", name=group).get_by_role("button", name=button)
            await choice.click()
            await expect(choice).to_have_attribute("aria-pressed", "true")
            await expect(rows_of(page)).to_have_count(count)
            await choice.click()
        await expect(rows_of(page)).to_have_count(5)


async def test_filters_are_remembered_and_travel_in_the_address(world: World, page: Page, browser: Browser) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await page.get_by_role("tab", name="All 5").click()
        await page.get_by_role("button", name="Filter").click()
        await page.get_by_role("group", name="Channel").get_by_role("button", name="Slack").click()
        await expect(rows_of(page)).to_have_count(1)
        address = page.url.partition(server.url)[2]
        assert "filter=all" in address
        assert "channel=Slack" in address
        await page.goto(f"{server.url}/")
        await expect(rows_of(page)).to_have_count(1)
        await page.get_by_role("button", name="Remove the filter Slack").click()
        await expect(rows_of(page)).to_have_count(5)
        colleague = await another(browser)
        await log_in(colleague, server, console, kim, address)
        await expect(rows_of(colleague)).to_have_count(1)
        await expect(names_of(colleague)).to_have_text("Bo Lindqvist")


async def test_the_longest_wait_can_come_first(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(names_of(page).first).to_have_text("Ana Duarte")
        await page.get_by_role("button", name="Filter").click()
        await page.get_by_label("Order").select_option("Longest wait first")
        await expect(names_of(page)).to_have_text(["Ana Duarte", "Dora Weiss", "Chidi Okafor", "Bo Lindqvist"])
        await page.get_by_label("Order").select_option("Most urgent first")
        await expect(names_of(page)).to_have_text(["Ana Duarte", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss"])


async def test_an_empty_view_says_what_to_do_next(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, "/?filter=mine")
        await page.get_by_role("button", name="See who is waiting").click()
        await expect(rows_of(page)).to_have_count(4)
        await page.goto(f"{server.url}/?filter=unclaimed&channel=Slack&topic=quality")
        await expect(page.get_by_text("No case has all of that")).to_be_visible()
        await page.get_by_role("button", name="Clear the filters").first.click()
        await expect(rows_of(page)).to_have_count(4)
        await page.get_by_role("searchbox").fill("purple")
        await expect(page.get_by_role("link", name="Search everything")).to_have_attribute(
            "href", "/customers?q=purple"
        )


async def test_nothing_moves_under_the_pointer(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        bo = page.get_by_role("option", name="Bo Lindqvist")
        await bo.hover()
        before = await bo.bounding_box()
        new = world.person("Finn Moe")
        world.line(new, "customer", "my foot bleeds")
        world.open_case(new, *[(kind, "“x”") for kind in ReasonKind], ago=timedelta(0))
        ana = named(world, "Ana Duarte")
        assert ana.case
        ana.case = replace(ana.case, state=CaseState.RESOLVED)
        world.wake(ana)
        await expect(page.get_by_role("button", name="1 new · show")).to_be_visible()
        await expect(page.get_by_role("option", name="Ana Duarte")).to_contain_text("not open any more")
        assert await bo.bounding_box() == before
        await page.mouse.move(900, 300)
        await expect(names_of(page).first).to_have_text("Finn Moe")
        await expect(page.get_by_role("option", name="Ana Duarte")).to_have_count(0)


async def test_the_title_counts_who_needs_me(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page).to_have_title("(4) Inbox · Boots & Co")
        world.open_case(world.person("Finn"), (ReasonKind.ASKED, ""))
        await expect(page).to_have_title("(5) Inbox · Boots & Co")


# ---------------------------------------------------------------- the conversation


async def test_earlier_messages_come_when_asked_for_and_stay(world: World, page: Page) -> None:
    kim = boots(world)
    bo = named(world, "Bo Lindqvist")
    said = bo.lines[:]
    bo.lines.clear()
    for number in range(130):
        world.line(bo, "customer", f"long ago {number}.", timedelta(days=200 - number))
    bo.lines += said
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case_of(bo)}")
        log = page.get_by_role("log", name="Conversation")
        await expect(log).to_contain_text("long ago 129.")
        await expect(log).not_to_contain_text("long ago 3.")
        await page.get_by_role("button", name="Earlier messages").click()
        await expect(log).to_contain_text("long ago 0.")
        await expect(page.get_by_role("button", name="Earlier messages")).to_have_count(0)
        world.line(bo, "customer", "and one more")
        await expect(log).to_contain_text("and one more")
        await expect(log).to_contain_text("long ago 0.")
        words = await log.locator(".a-bubble .t").all_inner_texts()
        assert len(words) == len(set(words)) == 132


async def test_who_reads_further_up_is_left_there_and_can_jump_to_the_newest(world: World, page: Page) -> None:
    kim = boots(world)
    bo = named(world, "Bo Lindqvist")
    for number in range(40):
        world.line(bo, "customer", f"words {number}", timedelta(minutes=60 - number))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case_of(bo)}")
        log = page.get_by_role("log", name="Conversation")
        await expect(log).to_contain_text("words 39")
        await log.evaluate("log => { log.scrollTop = 0; }")
        await expect(page.get_by_role("button", name="To the newest")).to_be_visible()
        world.line(bo, "customer", "hello?")
        await page.get_by_role("button", name="New messages").click()
        await expect(page.locator(".a-bubble", has_text="hello?")).to_be_in_viewport()
        await expect(page.get_by_role("button", name="New messages")).to_have_count(0)


async def test_each_case_keeps_its_own_draft(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await page.get_by_role("textbox", name="Reply to Ana").fill("dear Ana")
        await page.get_by_role("option", name="Bo Lindqvist").click()
        await expect(page.get_by_role("textbox", name="Reply to Bo")).to_have_value("")
        await expect(page.get_by_role("option", name="Ana Duarte")).to_contain_text("Draft: dear Ana")
        await page.get_by_role("button", name="Note").click()
        await page.get_by_role("textbox", name="A note").fill("look at lot 4417")
        await page.get_by_role("option", name="Ana Duarte").click()
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value("dear Ana")
        await page.reload()
        await page.get_by_role("option", name="Bo Lindqvist").click()
        await expect(page.get_by_role("textbox", name="A note")).to_have_value("look at lot 4417")


async def test_two_agents_at_one_case_see_each_other(world: World, page: Page, browser: Browser) -> None:
    kim = boots(world)
    boris = next(one for one in world.team if one.name == "Boris")
    ana = case_of(named(world, "Ana Duarte"))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={ana}")
        await expect(page.locator("mark").first).to_be_visible()
        other = await another(browser)
        await log_in(other, server, console, boris, f"/?case={ana}")
        await expect(page.get_by_text("Boris is looking")).to_be_visible()
        await expect(other.get_by_text("Kim is looking")).to_be_visible()
        await other.get_by_role("textbox", name="Reply to Ana").press_sequentially("hello")
        await expect(page.get_by_text("Boris is writing…")).to_be_visible()
        assert world.taken == []
        await other.get_by_role("option", name="Bo Lindqvist").click()
        await expect(page.get_by_text("Boris is")).to_have_count(0)


# ---------------------------------------------------------------- keys


async def test_every_key_does_its_work_and_none_while_typing(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_be_visible()
        await page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        await expect(dialog).to_contain_text("hand back")
        await page.keyboard.press("c")
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        assert world.taken == []
        await page.keyboard.press("r")
        await page.keyboard.type("chen? jk")
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value("chen? jk")
        assert [type(each.payload) for each in world.taken] == []
        await page.keyboard.press("Escape")
        await page.keyboard.press("c")
        await expect(page.get_by_role("button", name="Hand back")).to_be_visible()
        await page.keyboard.press("h")
        await expect(page.get_by_role("button", name="Hand back")).to_have_count(0)
        await page.keyboard.press("c")
        await expect(page.get_by_role("button", name="Hand back")).to_be_visible()
        await page.keyboard.press("e")
        await expect(page.get_by_text("This case is resolved.")).to_be_visible()
        taps = [each.payload.action for each in world.taken if isinstance(each.payload, AgentTapped)]
        assert [tap for tap in taps if tap != "typing"] == ["claim", "handback", "claim", "resolve"]


async def test_the_first_tab_leads_past_the_list(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(rows_of(page)).to_have_count(4)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
        stops = await page.evaluate("document.querySelectorAll('.row-item[tabindex=\"0\"]').length")
        assert stops == 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing_on_any_page(world: World, page: Page, dark: bool) -> None:
    kim = boots(world)
    ana = named(world, "Ana Duarte")
    async with console_of(world) as (server, console):
        await page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        await log_in(page, server, console, kim, f"/?case={case_of(ana)}")
        await expect(page.locator("mark").first).to_be_visible()
        await accessible(page)
        await page.get_by_role("button", name="Filter").click()
        await page.locator(".who summary").click()
        await accessible(page)
        await page.goto(f"{server.url}/customers/{ana.customer.id}?q=zipper")
        await expect(page.locator("mark").first).to_be_visible()
        await accessible(page)
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await accessible(page)


# ---------------------------------------------------------------- alerts

LISTEN = """
window.heard = []; window.tones = 0;
class Note {
  constructor(title, more) { window.heard.push(title); this.more = more; window.lastNote = this; }
  close() {}
}
Note.permission = "granted"; Note.requestPermission = async () => "granted";
window.Notification = Note;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); };
"""


async def test_alerts_are_off_until_turned_on_and_are_remembered(world: World, page: Page) -> None:
    kim = boots(world)
    await page.add_init_script(LISTEN)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(rows_of(page)).to_have_count(4)
        offered(world, "Finn Moe", kim.id)
        await expect(rows_of(page)).to_have_count(5)
        assert await page.evaluate("window.heard") == []
        await page.get_by_role("button", name="Turn on sound and notifications").click()
        await expect(page.get_by_role("button", name="Sound and notifications are on")).to_be_visible()
        offered(world, "Gil Moreau", kim.id)
        await page.wait_for_function("window.heard.length === 1 && window.tones === 2")
        assert await page.evaluate("window.heard") == ["Gil Moreau is offered to you"]
        await page.reload()
        await expect(page.get_by_role("button", name="Sound and notifications are on")).to_be_visible()
        await page.evaluate("window.lastNote = null")
        offered(world, "Hana Sato", kim.id)
        await page.wait_for_function("window.lastNote")
        await page.evaluate("window.lastNote.onclick()")
        await expect(page.locator(".head h1")).to_have_text("Hana Sato")


def offered(world: World, name: str, to: StaffId) -> None:
    person = world.person(name)
    world.line(person, "customer", f"hello from {name}")
    case = world.open_case(person, (ReasonKind.ASKED, ""), ago=timedelta(0))
    person.case = replace(case, offered_to=to, offer="offered to Kim")
    world.wake(person)


async def test_an_answer_in_my_case_and_a_promise_that_runs_out_are_heard_elsewhere(world: World, page: Page) -> None:
    kim = boots(world)
    eli, bo = named(world, "Eli Sand"), named(world, "Bo Lindqvist")
    for person, ago in ((eli, timedelta(0)), (bo, timedelta(minutes=11.1))):
        assert person.case
        person.case = replace(
            person.case, owner=kim.id, owner_name="Kim", state=CaseState.CLAIMED, opened_at=now() - ago
        )
    await page.add_init_script(f"localStorage.setItem('afterword-alerts', 'true');{LISTEN}")
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case_of(eli)}&filter=mine")
        await expect(rows_of(page)).to_have_count(2)
        await page.bring_to_front()
        world.line(eli, "customer", "in front of my eyes")
        await expect(page.locator(".a-bubble", has_text="in front of my eyes")).to_be_visible()
        assert [each for each in await page.evaluate("window.heard") if "Eli" in each] == []
        world.line(bo, "customer", "are you there?")
        await page.wait_for_function("window.heard.length >= 1")
        assert (await page.evaluate("window.heard"))[0] == "Bo Lindqvist answered"
        await page.wait_for_function("window.heard.length >= 2", timeout=30_000)
        assert (await page.evaluate("window.heard"))[1:] == [
            "Bo Lindqvist waits: the promise is about to be broken",
        ]


# ---------------------------------------------------------------- what agents may do


async def test_a_gift_shows_what_is_left_and_goes_out_as_a_command(world: World, page: Page) -> None:
    kim = boots(world)
    world.given = Decimal(80)
    world.codes = [PoolRow(Money(Decimal(worth), "EUR"), free, 1) for worth, free in ((10, 4), (20, 0), (50, 9))]
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await page.get_by_role("button", name="Claim", exact=True).click()
        await page.get_by_role("button", name="Gift").click()
        await expect(page.get_by_text("€20 of €100 left this month, up to €50 at once")).to_be_visible()
        assert await page.get_by_label("Amount").locator("option").all_inner_texts() == [
            "choose", "€10", "€20 (no code left)",
        ]  # fmt: skip
        await expect(page.get_by_role("button", name="Give it")).to_be_disabled()
        await page.get_by_label("Amount").select_option("10")
        await page.get_by_role("textbox", name="Your words to Ana with it").fill("sorry about the zipper")
        await page.get_by_role("button", name="Give it").click()
        await expect(page.locator(".a-bubble", has_text="sorry about the zipper")).to_be_visible()
        await page.get_by_role("button", name="Gift").click()
        await page.get_by_role("button", name="Card").click()
        await page.get_by_role("textbox", name="What the card should say").fill("get well soon")
        await page.get_by_role("button", name="Ask the back office").click()
        await expect(page.locator(".a-bubble", has_text="get well soon")).to_be_visible()
        said = [each.payload.words for each in world.taken if isinstance(each.payload, AgentSaid)]
        assert said == ["/gift 10 sorry about the zipper", "/card get well soon"]


async def test_an_agent_goes_away_and_comes_back_in_the_bar(world: World, page: Page, browser: Browser) -> None:
    kim = boots(world)
    boris = next(one for one in world.team if one.name == "Boris")
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        other = await another(browser)
        await log_in(other, server, console, boris)
        await other.locator(".who summary").click()
        await expect(other.locator(".who-in li", has_text="Kim")).to_contain_text("here")
        await page.locator(".who summary").click()
        await page.get_by_label("Away until").fill("23:30")
        await page.get_by_role("button", name="Go away").click()
        await expect(page.locator(".who summary")).to_contain_text("away until")
        await expect(other.locator(".who-in li", has_text="Kim")).to_contain_text("away until")
        assert world.team[0].away_until is not None
        await page.get_by_role("button", name="I am back").click()
        await expect(other.locator(".who-in li", has_text="Kim")).to_contain_text("here")
        assert world.team[0].away_since is None


async def test_a_wrong_reading_is_corrected_with_one_tap_at_the_words(world: World, page: Page) -> None:
    kim = boots(world)
    ana = named(world, "Ana Duarte")
    line = next(line for line in ana.lines if line.text == ANGRY)
    at = (line.at - BEGINNING) // timedelta(microseconds=1)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        bubble = page.locator(".a-bubble", has_text=ANGRY)
        await bubble.get_by_role("button", name="not unhappy").click()
        await until(lambda: len(world.taken) == 1)
        await bubble.get_by_role("button", name="about…").click()
        await expect(bubble.get_by_role("button", name="quality")).to_have_attribute("aria-pressed", "true")
        await bubble.get_by_role("button", name="delivery").click()
        await until(lambda: len(world.taken) == 2)
        taps = [each.payload for each in world.taken if isinstance(each.payload, AgentTapped)]
        assert [(tap.action, tap.value) for tap in taps] == [("mood", f"neutral:{at}"), ("topic", f"delivery:{at}")]
        made = Correction(
            now(), line.at, ANGRY, "neutral", "negative", 0.94, "test", kim.id, "Kim", ("delivery",), ("quality",)
        )
        ana.corrections.append(made)
        world.wake(ana)
        await expect(bubble).to_contain_text("not unhappy · delivery, says Kim")
        await expect(bubble.get_by_role("button", name="unhappy after all")).to_be_visible()


async def test_facts_are_shown_with_their_consent_and_can_be_added_and_taken_away(world: World, page: Page) -> None:
    kim = boots(world)
    ana = named(world, "Ana Duarte")
    ana.customer = replace(ana.customer, memory=Memory.YES)
    until_then = now() + timedelta(days=30)
    for number, words, state in ((7, "size 39", FactState.KEPT), (8, "walks the Camino", FactState.HELD)):
        fact = Fact(EventId(number), words, now(), until_then, state, kim.id, "Boris", CaseId(1))
        ana.facts.append(fact)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        side = page.get_by_label("About the customer")
        await expect(side).to_contain_text("They agreed that we remember this.")
        await expect(side.locator(".facts li")).to_contain_text(["size 39", "held until they agree"])
        await side.get_by_role("button", name="Forget: size 39").click()
        await until(lambda: len(world.taken) == 1)
        await side.get_by_role("textbox", name="Something to remember").fill("allergic to wool")
        await page.keyboard.press("Enter")
        await until(lambda: len(world.taken) == 2)
        gone, kept = (each.payload for each in world.taken)
        assert isinstance(gone, AgentTapped)
        assert (gone.action, gone.about) == ("unremember", 7)
        assert isinstance(kept, AgentSaid)
        assert kept.words == "/remember allergic to wool"


async def test_an_opener_fills_the_box_and_is_never_sent_by_itself(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        openers = page.get_by_role("group", name="Ways to begin").get_by_role("button")
        await expect(openers.first).to_contain_text("Ana")
        words = await openers.first.inner_text()
        await openers.first.click()
        await expect(page.get_by_role("textbox", name="Reply to Ana")).to_have_value(words)
        await expect(openers).to_have_count(0)
        assert world.taken == []
        await page.get_by_role("tab", name="All").click()
        await page.get_by_role("option", name="Eli Sand").click()
        await expect(page.get_by_text("Boris holds it.").first).to_be_visible()
        await expect(openers).to_have_count(0)


async def test_how_the_help_was_found_stands_on_the_case(world: World, page: Page) -> None:
    kim = boots(world)
    ana = named(world, "Ana Duarte")
    assert ana.case
    ana.case = replace(ana.case, help="poor")
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_label("About the customer")).to_contain_text("found the help poor")


DROP = """([name, words]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([words], name, { type: "text/plain" }));
  const box = document.querySelector(".composer");
  for (const kind of ["dragover", "drop"])
    box.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


async def test_a_dropped_file_goes_out_once_the_case_is_mine(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(page.get_by_role("button", name="Claim", exact=True)).to_be_visible()
        await page.evaluate(DROP, ["label.txt", "return label"])
        await expect(page.get_by_text("Claim the case first")).to_be_visible()
        await page.get_by_role("button", name="Claim", exact=True).click()
        await expect(page.get_by_role("button", name="Attach")).to_be_visible()
        await page.evaluate(DROP, ["label.txt", "return label"])
        await expect(page.locator(".a-bubble.mine", has_text="label.txt")).to_be_visible()
        said = world.taken[-1].payload
        assert isinstance(said, AgentSaid)
        assert [file.name for file in said.attachments] == ["label.txt"]


async def test_only_web_addresses_can_be_followed(world: World, page: Page) -> None:
    kim = boots(world)
    bo = named(world, "Bo Lindqvist")
    world.line(bo, "customer", "see https://shop.example/p/1?a=b. or javascript:alert(1) http://x.example/<b>")
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, f"/?case={case_of(bo)}")
        links = page.locator(".a-bubble .t a")
        await expect(links).to_have_text(["https://shop.example/p/1?a=b", "http://x.example/"])
        assert await links.first.get_attribute("rel") == "noopener noreferrer nofollow"


async def test_a_phone_goes_back_with_its_own_back(world: World, browser: Browser) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        page = await another(browser, PHONE)
        await log_in(page, server, console, kim)
        await page.get_by_role("option", name="Bo Lindqvist").click()
        await expect(page.locator(".pane.middle")).to_be_visible()
        await page.go_back()
        await expect(page.locator(".pane.list")).to_be_visible()
        await page.get_by_role("option", name="Bo Lindqvist").click()
        await page.get_by_role("button", name="Back to the list").click()
        await expect(page.locator(".pane.list")).to_be_visible()


async def test_a_case_that_is_over_says_so(world: World, page: Page) -> None:
    kim = boots(world)
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim, "/?case=99999")
        await expect(page.get_by_text("This case is not open any more.")).to_be_visible()


async def test_a_lost_role_sees_nothing_new(world: World, page: Page) -> None:
    kim = boots(world)
    world.team.append(replace(kim, id=kim.id, roles=frozenset({Role.AGENT}), external="other"))
    async with console_of(world) as (server, console):
        await log_in(page, server, console, kim)
        await expect(rows_of(page)).to_have_count(4)
        world.team.clear()
        await page.wait_for_timeout(2100)  # longer than the team is remembered
        late = world.person("Secret Sam")
        world.line(late, "customer", "secret", verdict=verdict("secret", -0.5, 0.9))
        world.open_case(late, (ReasonKind.UNHAPPY, "“x”"))
        await expect(page.get_by_text("Your session has ended.")).to_be_visible()
        await expect(page.get_by_text("Secret Sam")).to_have_count(0)
