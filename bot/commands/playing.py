"""`afterword demo`: a small shop plays itself on a clock that leaps from moment to moment."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.commands.running import Running, started
from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    ByCase,
    BySender,
    ByShopCustomer,
    ByToken,
    Incoming,
    OrderReported,
    Said,
    Sender,
    ShopCustomer,
    Started,
    Tapped,
)
from bot.domain.ids import CustomerId
from bot.domain.purchase import Item
from bot.domain.staff import Role
from bot.errors import Refused
from bot.ports import Line, QueueRow
from bot.program import Program, parse_program
from bot.runtime import logs
from bot.runtime.reports import summary_words
from bot.settings import Settings

PROGRAM = """
[shop]
name = "Boots & Co"
contact = "+33 1 23 45 67 89"
timezone = "Europe/Paris"
[ask]
after = "3d"
from = "delivered"
[sla]
first_reply = "15m"
hours = "Mon-Sun 00:00-23:59"
[desk]
channel = "console"
"""
PATIENCE = 15.0
KIM = Sender("console", "kim", "Kim")
Wanted = Callable[[], Awaitable[bool]]


class LeapingClock:
    """Runs like any clock, and leaps ahead when the story says “three days later”."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        """What this clock shows."""
        return datetime.now(UTC) + self._ahead

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until this clock shows `moment`."""
        return (moment - self.now()).total_seconds()

    def leap(self, span: timedelta) -> None:
        """Time passes at once."""
        self._ahead += span


BUYERS = (
    ("ana", "Ana Duarte", "1001", "Boots", "129.00"),
    ("bo", "Bo Lindqvist", "1002", "Wool socks", "18.00"),
    ("chidi", "Chidi Okafor", "1003", "Winter coat", "420.00"),
    ("dora", "Dora Weiss", "1004", "Rain jacket", "96.00"),
    ("emil", "Emil Novak", "1005", "Laces", "6.50"),
    ("fay", "Fay Wilson", "1006", "Cap", "24.00"),
)


class Play:
    """The stage: what the players do goes through the same doors as in a real shop."""

    def __init__(self, running: Running, clock: LeapingClock, *, pace: float) -> None:
        self.running = running
        self.clock = clock
        self.pace = pace
        self.database = running.house.database
        self.people: dict[str, CustomerId] = {}
        self.tokens: dict[str, str] = {}
        self._shown: dict[CustomerId, int] = {}
        self._number = 0

    async def tell(self, words: str) -> None:
        """A line of the narrator."""
        sys.stdout.write(f"\n— {words}\n")
        sys.stdout.flush()
        await asyncio.sleep(self.pace)

    async def happens(self, lane: object, payload: object) -> CustomerId:
        """Something comes in."""
        self._number += 1
        key = f"demo:{self._number}"
        incoming = Incoming(key, lane, payload, self.clock.now())  # type: ignore[arg-type]
        return (await self.running.house.intake.accept(incoming)).customer

    async def orders(self, kind: str) -> None:
        """Every buyer's order is reported."""
        for short, name, order, item, price in BUYERS:
            shopper = ShopCustomer(f"c-{short}", name, f"{short}@example.com", locale="en", timezone="Europe/Paris")
            report = OrderReported(
                kind, "main", order, self.clock.now(), shopper, Decimal(price), "EUR",
                (Item(item, price=Decimal(price)),),
            )  # fmt: skip
            incoming = Incoming(f"demo:{order}:{kind}", ByShopCustomer("main", shopper), report, self.clock.now())
            accepted = await self.running.house.intake.accept(incoming)
            self.people[short], self.tokens[short] = accepted.customer, accepted.token

    def sender(self, short: str) -> Sender:
        """A buyer in the web chat."""
        name = next(name for key, name, *_ in BUYERS if key == short)
        return Sender("web", f"demo-{short}", name, locale="en")

    async def opens_link(self, short: str) -> None:
        """A buyer taps the link on the thank-you page."""
        who = self.sender(short)
        await self.happens(ByToken(self.tokens[short], who), Started(who, self.tokens[short]))

    async def says(self, short: str, words: str) -> None:
        """A buyer writes."""
        who = self.sender(short)
        await self.happens(BySender(who), Said(who, words))
        await self.shown(short)

    async def taps(self, short: str, wanted: str) -> None:
        """A buyer taps the latest button whose action begins so (`rate:*:5` = the five)."""
        action = ""

        async def there() -> bool:
            nonlocal action
            action = next(iter(await self._buttons(short, wanted)), "")
            return bool(action)

        await self.until(there, f"a button {wanted} for {short}")
        who = self.sender(short)
        await self.happens(BySender(who), Tapped(who, action))
        await self.shown(short)

    async def _buttons(self, short: str, wanted: str) -> list[str]:
        first, _, last = wanted.partition("*")
        lines = await self.database.conversation(self.people[short], 30, inside=False)
        return [
            button.action
            for line in reversed(lines)
            for row in line.buttons
            for button in row
            if button.action.startswith(first) and button.action.endswith(last)
        ]

    async def agent(self, short: str, action: str, words: str = "") -> None:
        """Kim presses a button, or writes."""
        row = await self.case_of(short)
        lane = ByCase(row.case)
        if action == "says":
            await self.happens(lane, AgentSaid(KIM, "console", words, case=row.case))
        else:
            await self.happens(lane, AgentTapped(KIM, "console", action, row.case))
        await self.settled()
        await self.shown(short)

    async def case_of(self, short: str) -> QueueRow:
        """The open case of a buyer."""
        found: list[QueueRow] = []

        async def there() -> bool:
            rows = await self.database.queue(self.clock.now())
            found[:] = [row for row in rows if row.customer == self.people[short]]
            return bool(found)

        await self.until(there, f"a case for {short}")
        return found[0]

    async def until(self, wanted: Wanted, what: str) -> None:
        """Wait until it is so."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not await wanted():
            if asyncio.get_running_loop().time() > end:
                raise Refused(f"The demo waited in vain for {what}.", "Please report it.")
            await asyncio.sleep(0.03)

    async def settled(self) -> None:
        """Everything that is due has been handled and delivered."""

        async def quiet() -> bool:
            counts = await self.database.counts()
            due = await self.database.next_due()
            return not counts.get("outbox_waiting", 0) and (due is None or due > self.clock.now())

        await self.until(quiet, "the shop to come to rest")

    async def leap(self, words: str, **span: float) -> None:
        """Time passes."""
        await self.settled()
        self.clock.leap(timedelta(**span))
        self.running.house.waker("turn")
        await self.tell(words)
        await self.settled()

    async def shown(self, short: str) -> None:
        """Print what is new in a conversation."""
        await self.settled()
        customer = self.people[short]
        for line in await self.database.conversation(customer, 200, inside=True):
            if line.id > self._shown.get(customer, 0) and not line.inside:
                self._shown[customer] = line.id
                sys.stdout.write(spoken(line, short))
        sys.stdout.flush()
        await asyncio.sleep(self.pace)


def spoken(line: Line, short: str) -> str:
    """A line of the conversation, with the verdict behind it."""
    who = {"customer": short.title(), "bot": "Afterword"}.get(line.author, line.name or "Agent")
    text = line.text.split("\n\n")[0] or line.kind
    parts = [f"  {who:>10}  {text}"]
    if line.verdict and line.author == "customer":
        verdict = line.verdict
        words = [line.text[e["start"] : e["end"]] for e in verdict["evidence"] if e["weight"] < 0]
        because = f", because of “{'”, “'.join(words)}”" if words else ""
        parts.append(f"{'':>12}({verdict['label']}, unhappy {verdict['unhappy']:.2f}{because})")
    faces = [button.label for row in line.buttons for button in row]
    if faces:
        parts.append(f"{'':>12}[{'] ['.join(faces)}]")
    return "\n".join(parts) + "\n"


async def story(play: Play) -> None:
    """Ask → reply → verdict → escalation → agent → resolution → summary."""
    await play.tell("Six people buy boots, socks, a coat … The shop reports the orders.")
    await play.orders("paid")
    for short, *_ in BUYERS:
        await play.opens_link(short)
    await play.leap("Two days later the parcels arrive.", days=2)
    await play.orders("delivered")
    await play.leap("Three days after delivery, everybody is asked once.", days=3, minutes=1)
    await play.shown("ana")
    await play.tell("Bo is happy, and says so with one tap.")
    await play.taps("bo", "rate:*:5")
    await play.tell("Ana is not.")
    await play.taps("ana", "rate:*:1")
    await play.says("ana", "great, another broken zipper, I want a refund")
    row = await play.case_of("ana")
    await play.tell(f"The desk sees a case: {', '.join(dict.fromkeys(row.reasons))}. Kim claims it.")
    await play.agent("ana", "claim")
    await play.agent("ana", "says", "That should not happen twice, Ana. New boots leave today, the old ones are yours.")
    await play.says("ana", "oh! that is kind, thank you")
    await play.agent("ana", "resolve")
    await play.tell("Chidi is happy too. He is one of the most valuable customers, so a person answers in person.")
    await play.taps("chidi", "rate:*:5")
    await play.tell("Dora writes something nobody could read for sure: one friendly question, no guessing.")
    await play.says("dora", "well, the left one…")
    await play.taps("dora", "clear:so")
    await play.says("dora", "the colour is not the one of the picture")
    await play.leap("A day later: is all well again with Ana?", days=1, minutes=1)
    await play.taps("ana", "well:*:yes")
    await play.tell("And this is what the manager reads:")
    await _summary(play)


async def _summary(play: Play) -> None:
    made = await play.running.house.reports.summary("30d")
    if made is not None:
        sys.stdout.write("\n" + summary_words(made, play.running.house.program) + "\n")
        sys.stdout.flush()


async def play(*, headless: bool, port: int) -> None:
    """Set the stage in a temporary folder, play, and let people join in."""
    program = parse_program(PROGRAM, "the demo's program")
    logs.configure("ERROR", "text")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="afterword-demo-") as folder:
        settings = stage(Path(folder), 0 if headless else port)
        clock = LeapingClock(datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0))
        ending = asyncio.Event()
        async with started(settings, program, "all", ending, clock=clock) as running:
            await running.house.database.seat("console", "kim", Role.AGENT, "Kim", "demo")
            if not headless:
                sys.stdout.write(invitation(running, program))
            acting = asyncio.create_task(story(Play(running, clock, pace=0.05 if headless else 1.6)))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({acting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if acting.done():
                await acting
                if not headless:
                    sys.stdout.write("\nThe stage is yours: the pages above are live. Ctrl-C ends the demo.\n")
                    sys.stdout.flush()
                    await stopping
            acting.cancel()
            stopping.cancel()
    sys.stdout.write("\nThat was Afterword: the conversation after the purchase.\n")


def stage(folder: Path, port: int) -> Settings:
    """Settings that look at nothing outside the demo's folder."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder}/demo.db",
        program_file=str(folder / "program.toml"),
        http_port=port,
        telegram_bot_token=None,
        slack_bot_token=None,
        public_url=None,
        secret_key=None,
    )


def invitation(running: Running, program: Program) -> str:
    """Where to watch and join in."""
    url = running.house.settings.base_url
    return (
        f"\n{program.shop.name} opens. Watch and join in:\n"
        f"  as a customer:  {url}/chat\n"
        f"  at the desk:    {running.login}\n"
    )
