"""The demo's stage: a clock that leaps, the buyers, and the doors through which they act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.commands.running import Running
from bot.commands.telling import Teller
from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    ByCase,
    BySender,
    ByShopCustomer,
    ByToken,
    Incoming,
    Lane,
    OrderReported,
    Payload,
    Said,
    Sender,
    ShopCustomer,
    Started,
    Tapped,
)
from bot.domain.ids import CustomerId
from bot.domain.purchase import Item
from bot.errors import Refused
from bot.ports import QueueRow
from bot.runtime.reports import summary_words

PATIENCE = 15.0
KIM = Sender("console", "kim", "Kim")
BORIS = Sender("console", "boris", "Boris")
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


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought what. Someone in the background answers with `stars` and `words` without being shown."""

    short: str
    name: str
    order: str
    item: str
    price: str
    stars: int = 0
    words: str = ""


BUYERS = (
    Buyer("ana", "Ana Duarte", "1001", "Boots", "129.00"),
    Buyer("bo", "Bo Lindqvist", "1002", "Wool socks", "18.00"),
    Buyer("chidi", "Chidi Okafor", "1003", "Winter coat", "420.00"),
    Buyer("dora", "Dora Weiss", "1004", "Rain jacket", "96.00"),
    Buyer("emil", "Emil Novak", "1005", "Face cream", "6.50"),
    Buyer("fay", "Fay Wilson", "1006", "Cap", "24.00"),
    Buyer("gil", "Gil Moreau", "1007", "Boot wax", "12.00", 4, "nice wax, smells good"),
    Buyer("hana", "Hana Sato", "1008", "Scarf", "34.00", 5, "Love the scarf, so warm"),
    Buyer("ines", "Inês Romero", "1009", "Hiking boots", "149.00", 5, "very comfortable, I am happy with them"),
    Buyer("jonas", "Jonas Berg", "1010", "Belt", "39.00", 3, "fine, a little tight at first"),
    Buyer("kofi", "Kofi Mensah", "1011", "Sandals", "59.00", 2, "arrived late and the left one is scratched"),
    Buyer("lena", "Lena Fischer", "1012", "Gloves", "28.00", 4, "good quality, thank you"),
    Buyer("milo", "Milo Rossi", "1013", "Insoles", "15.00", 5, "perfect fit"),
    Buyer("nora", "Nora Haddad", "1014", "Umbrella", "22.00", 4, "pretty, and it survived the first storm"),
)
YOU = Buyer("you", "", "1015", "Hiking map", "9.00")
"""Whoever watches the demo: nobody knows their name yet."""


class Play:
    """What the players do goes through the same doors as in a real shop."""

    def __init__(self, running: Running, clock: LeapingClock, teller: Teller, *, pace: float) -> None:
        self.running = running
        self.clock = clock
        self.teller = teller
        self.pace = pace
        self.database = running.house.database
        self.people: dict[str, CustomerId] = {}
        self.tokens: dict[str, str] = {}
        self._buyers = {buyer.short: buyer for buyer in (*BUYERS, YOU)}
        self._shown: dict[str, set[tuple[bool, int]]] = {}
        self._focus = ""
        self._number = 0

    # ---------------------------------------------------------------- the narrator

    async def tell(self, words: str) -> None:
        """A line of the narrator, with time to read it."""
        self.teller.says(words)
        await asyncio.sleep(self.pace)

    def look_at(self, short: str) -> None:
        """A heading, when the eye moves."""
        if self._focus != short:
            self._focus = short
            buyer = self._buyers[short]
            self.teller.heading(f"{buyer.name} · {buyer.item.lower()}, order {buyer.order}")

    async def shown(self, short: str) -> None:
        """Print what is new in a conversation."""
        await self.settled()
        self.look_at(short)
        seen = self._shown.setdefault(short, set())
        for line in await self.database.conversation(self.people[short], 200, inside=True):
            key = (line.inside, line.id)
            if key in seen:
                continue
            seen.add(key)
            names = {"customer": self._buyers[short].name.split()[0], "bot": "Afterword"}
            taps = any(not button.action.startswith("human") for row in line.buttons for button in row)
            self.teller.line(line, names.get(line.author, line.name or "Agent"), faces=taps)
        await asyncio.sleep(self.pace)

    async def passed_over(self) -> None:
        """What was said so far needs no telling: it is the same for everybody."""
        for short, customer in self.people.items():
            lines = await self.database.conversation(customer, 200, inside=True)
            self._shown[short] = {(line.inside, line.id) for line in lines}

    async def desk_sees(self, short: str) -> QueueRow:
        """The case as it comes to the desk."""
        row = await self.case_of(short)
        reasons = ", ".join(dict.fromkeys(row.reasons))
        self.teller.desk(f"▲ {row.name}: {reasons}" + (f". “{row.preview}”" if row.preview else ""))
        await asyncio.sleep(self.pace)
        return row

    async def summary(self) -> None:
        """What the manager reads."""
        made = await self.running.house.reports.summary("30d")
        if made is not None:
            self.teller.plain("\n" + summary_words(made, self.running.house.program))

    # ---------------------------------------------------------------- the shop

    async def happens(self, lane: Lane, payload: Payload) -> None:
        """Something comes in."""
        self._number += 1
        await self.running.house.intake.accept(Incoming(f"demo:{self._number}", lane, payload, self.clock.now()))

    async def order(self, buyer: Buyer, kind: str) -> None:
        """The shop reports an order."""
        at, price = self.clock.now(), Decimal(buyer.price)
        mail = f"{buyer.short}@example.com"
        shopper = ShopCustomer(f"c-{buyer.short}", buyer.name, mail, locale="en", timezone="Europe/Paris")
        items = (Item(buyer.item, price=price),)
        report = OrderReported(kind, "main", buyer.order, at, shopper, price, "EUR", items)
        incoming = Incoming(f"demo:{buyer.order}:{kind}", ByShopCustomer("main", shopper), report, at)
        accepted = await self.running.house.intake.accept(incoming)
        self.people[buyer.short], self.tokens[buyer.short] = accepted.customer, accepted.token

    # ---------------------------------------------------------------- customers

    def sender(self, short: str) -> Sender:
        """A buyer in the web chat."""
        return Sender("web", f"demo-{short}", self._buyers[short].name, locale="en")

    async def opens_link(self, short: str) -> None:
        """A buyer taps the link on the thank-you page."""
        who = self.sender(short)
        await self.happens(ByToken(self.tokens[short], who), Started(who, self.tokens[short]))

    async def says(self, short: str, words: str, *, quietly: bool = False) -> None:
        """A buyer writes."""
        who = self.sender(short)
        await self.happens(BySender(who), Said(who, words))
        if not quietly:
            await self.shown(short)

    async def taps(self, short: str, wanted: str, *, quietly: bool = False) -> None:
        """A buyer taps the latest button whose action begins so (`rate:*:5` = the five)."""
        action = ""

        async def there() -> bool:
            nonlocal action
            action = next(iter(await self._buttons(short, wanted)), "")
            return bool(action)

        await self.until(there, f"a button {wanted} for {short}")
        who = self.sender(short)
        await self.happens(BySender(who), Tapped(who, action))
        if not quietly:
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

    # ---------------------------------------------------------------- people of the shop

    async def agent(
        self, short: str, action: str, words: str = "", *, who: Sender = KIM, quietly: bool = False
    ) -> None:
        """Somebody presses a button, or writes."""
        row = await self.case_of(short)
        lane = ByCase(row.case)
        if action == "says":
            await self.happens(lane, AgentSaid(who, "console", words, case=row.case))
        else:
            await self.happens(lane, AgentTapped(who, "console", action, row.case))
        await self.settled()
        if not quietly:
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

    # ---------------------------------------------------------------- time

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

    async def passes(self, **span: float) -> None:
        """Time passes."""
        await self.settled()
        self.clock.leap(timedelta(**span))
        self.running.house.waker("turn")
        await self.settled()
