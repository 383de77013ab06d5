"""The console's own way of speaking, without a browser: what its page hands in, and what it shows of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.domain.ids import CustomerId
from handlers.console.edge import Console
from handlers.console.inbox import InboxPage
from handlers.webchat.edge import WebChat
from handlers.webchat.view import chat_view
from tests.journeys.shop import Shop, open_shop, program_text, until
from tests.journeys.test_telegram import people, server, set_up
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_people import Person

__all__ = ["server"]


class Browser:
    """Stands where the page's component would be; keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    def run_method(self, name: str, *arguments: Any) -> None:
        self.told.append((name, arguments))


class Owner:
    """The owner at the console."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.console = next(edge for edge in shop.running.house.edges if isinstance(edge, Console))
        self.page: Any = None
        self.case = 0

    async def opens(self, case: int) -> None:
        """Looks at a case."""
        session = self.console.cookie._signer.dumps("console:owner")
        assert isinstance(session, str)
        staff = await self.console.staff_of(session)
        assert staff is not None
        box: Any = Browser()
        self.page, self.case = InboxPage(box, self.console, session, staff), case
        await self.page.open({"case": case})

    async def does(self, kind: str, words: str = "", about: int = 0) -> None:
        """A button or words."""
        await self.page.act({"key": str(uuid4()), "kind": kind, "case": self.case, "words": words, "about": about})

    async def line(self, **wanted: Any) -> dict[str, Any]:
        """The line of the conversation with these parts, once it is there."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            await self.page.refresh_now()
            lines = list(self.page.lines.values())
            found[:] = [line for line in lines if all(line.get(name) == part for name, part in wanted.items())]
            return bool(found)

        await until(there, f"a line with {wanted}")
        return found[-1]

    async def sees_trouble(self, why: str) -> None:
        """Beside the conversation it says that the customer can't be reached, and why."""

        async def there() -> bool:
            await self.page.refresh_now()
            return any(place["trouble"] == why for place in self.page.side["places"])

        await until(there, f"the trouble “{why}”")


async def telegram_case(shop: Shop, ana: Person) -> int:
    """Ana on Telegram is unhappy."""
    answer = await shop.order()
    await ana.start(answer["links"]["telegram"].partition("start=")[2])
    await ana.tap("😡 1", await ana.wait_for("getting on with"))
    return int((await shop.case()).case)


@asynccontextmanager
async def opened_case(tmp_path: Path, server: FakeTelegram) -> AsyncIterator[tuple[Person, Owner]]:
    """Ana writes on Telegram, and the owner has her case open in the console."""
    _, settings = set_up(server)
    async with open_shop(tmp_path, program_text("console"), **settings | {"telegram_desk_chat": None}) as shop:
        ana, owner = people(server)[0], Owner(shop)
        await owner.opens(await telegram_case(shop, ana))
        yield ana, owner


async def test_the_console_corrects_takes_back_and_shows_what_became_of_it(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with opened_case(tmp_path, server) as (ana, owner):
        await owner.does("claim_reply", "We refund 100 euros.")
        copy = await ana.wait_for("We refund 100 euros.")
        said = await owner.line(kind="relay", delivery="sent")
        await owner.does("change", "We refund 120 euros.", said["utterance"])
        await owner.line(kind="relay", amended="We refund 120 euros.")
        assert copy.text == "Owner: We refund 100 euros."
        await owner.does("amend", about=said["utterance"])
        await ana.wait_for("We refund 120 euros.")
        await owner.line(kind="amendment", parts=[["We refund 120 euros.", ""]])
        await owner.does("amend", about=said["utterance"])
        await owner.does("unsend", about=said["utterance"])
        await owner.line(kind="relay", unsent="done")
        assert not any("We refund" in message.text for message in ana.sees)
        await owner.does("typing")
        await server.settle()
        assert [call.params["action"] for call in server.calls_of("sendChatAction")] == ["typing", "typing"]
        await owner.does("unsend", about=424242)  # nothing that was ever said


async def test_words_to_somebody_who_is_known_to_have_blocked_us_are_kept_inside_and_the_agent_sees_it(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with opened_case(tmp_path, server) as (ana, owner):
        await owner.does("claim")
        await ana.block()
        await owner.sees_trouble("blocked the bot")  # only from now on is it known
        await owner.does("reply", "Hello?")
        lost = await owner.line(kind="unheard")
        assert lost["parts"] == [["Hello?", ""]]


async def test_words_that_go_out_before_the_block_is_known_are_refused_and_the_agent_sees_it(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with opened_case(tmp_path, server) as (ana, owner):
        await owner.does("claim")
        ana.blocked = True  # Telegram refuses from now on; its update is still on the way
        await owner.does("reply", "Hello?")
        lost = await owner.line(kind="relay", delivery="unreachable")
        assert (lost["parts"], lost["why"]) == ([["Hello?", ""]], "blocked the bot")
        await ana.block()  # here the update arrives
        await owner.does("reply", "Are you there?")
        kept = await owner.line(kind="unheard")
        assert kept["parts"] == [["Are you there?", ""]]


async def test_the_web_chat_has_what_the_agent_means_now(tmp_path: Path) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        chat = next(edge for edge in shop.running.house.edges if isinstance(edge, WebChat))
        visitor, owner = "visitor-1", Owner(shop)
        await chat.tap(visitor, str(uuid4()), "human", chat.sender(visitor, "", "en"))
        case = await shop.case()

        async def seen() -> list[tuple[str, str, str]]:
            lines = chat_view(
                await shop.running.house.database.conversation(CustomerId(case.customer), 50, inside=False)
            )
            return [(line["name"], line["text"], line["quote"]) for line in lines.values() if line["who"] == "agent"]

        async def shows(*wanted: tuple[str, str, str]) -> None:
            async def true() -> bool:
                return await seen() == list(wanted)

            await until(true, f"the visitor sees {wanted}")

        await owner.opens(int(case.case))
        await owner.does("claim_reply", "Good mornign")
        await shows(("Owner", "Good mornign", ""))
        said = await owner.line(kind="relay", delivery="sent")
        await owner.does("change", "Good morning", said["utterance"])
        await owner.line(amended="Good morning")
        await shows(("Owner", "Good mornign", ""))
        await owner.does("amend", about=said["utterance"])
        await shows(("Owner", "Good morning", ""))
        await owner.does("unsend", about=said["utterance"])
        await shows()
        export = await shop.running.house.database.export(CustomerId(case.customer))
        assert export is not None
        kinds = [line["kind"] for line in export["interactions"] if line["author"] == "agent"]
        assert kinds == ["relay", "amendment", "unsend"]


async def test_a_visitor_sees_the_claimer_typing_and_a_file_too_large_is_told(
    tmp_path: Path, server: FakeTelegram
) -> None:
    desk, settings = set_up(server)
    async with open_shop(tmp_path, program_text("telegram"), **settings) as shop:
        chat = next(edge for edge in shop.running.house.edges if isinstance(edge, WebChat))
        visitor, owner, kim = "visitor-1", Owner(shop), people(server)[1]
        await chat.tap(visitor, str(uuid4()), "human", chat.sender(visitor, "", "en"))
        case = await shop.case()
        open_page: Any = OpenPage()
        chat.live.watch(open_page, case.customer)
        await owner.opens(int(case.case))
        await owner.does("typing")
        topic = await desk.wait_for_topic()
        await topic.wait_for("asked for a person")
        await kim.tap_in(topic, "Claim")
        await topic.wait_for("Kim has this case")
        assert open_page.typed == 0, "nobody but the claimer is seen typing"
        big = await kim.send_document(name="film.mp4", size=30 * 1024 * 1024, to=topic, caption="look")
        await topic.wait_for(lambda m: m.reply is big and "film.mp4" in m.text and "20 MB" in m.text)
        await kim.tap_in(topic, "Hand back")
        await topic.wait_for("handed the case back")
        await owner.does("claim")
        await topic.wait_for("Owner has this case")
        await owner.does("typing")

        async def typed() -> bool:
            return bool(open_page.typed == 1)

        await until(typed, "three dots")


class OpenPage:
    """A visitor's open page."""

    typed = 0
    owner = ""

    def woken(self, customer: int | None) -> None:
        """There may be something new."""

    def typing(self) -> None:
        """The agent writes."""
        self.typed += 1
