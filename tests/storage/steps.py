"""What happens in the stories of these tests, in few words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeAlias

from bot.domain.ask import Ask, AskState
from bot.domain.case import Case, CaseState, Reason, ReasonKind
from bot.domain.event import (
    Accepted,
    BySender,
    ByShopCustomer,
    Event,
    Incoming,
    Lane,
    OrderReported,
    Payload,
    Said,
    Sender,
    ShopCustomer,
    Started,
)
from bot.domain.ids import CaseId, CustomerId, PurchaseId, StaffId
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.message import Kind, Message, Ref, Side
from bot.domain.money import Money
from bot.domain.purchase import Item, Purchase
from bot.domain.story import Decision, House, Outgoing, Story
from bot.ports import Delivery, Mark, Outcome, Parcel, Turn
from storage.database import Database

SECRET = b"a secret of more than thirty-two characters"
T0 = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ANA = Sender("telegram", "501", "Ana", "ana_b", "fr", "Europe/Paris")
BEN = Sender("telegram", "502", "Ben")
BUYER = ShopCustomer("c-17", "Ana", "Ana@Example.com", "+33 6 12", "fr", "Europe/Paris")
AGENT = Sender("telegram", "900", "Zoe")
_numbers = count(1)

Fields: TypeAlias = Any
"""Fields of the dataclass that a step makes."""
Rules = Callable[[Story, Event, House], Decision]


class HandClock:
    """Shows what it was set to."""

    def __init__(self) -> None:
        self.shown = T0

    def now(self) -> datetime:
        return self.shown

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.shown).total_seconds()


def incoming(payload: Payload, lane: Lane, key: str = "", **more: Fields) -> Incoming:
    return Incoming(key or f"key:{next(_numbers)}", lane, payload, more.pop("at", T0), **more)


def said(words: str = "hello", sender: Sender = ANA, key: str = "", **more: Fields) -> Incoming:
    return incoming(Said(sender, words), BySender(sender), key, **more)


def started(token: str, sender: Sender, lane: Lane) -> Incoming:
    return incoming(Started(sender, token), lane)


def order(
    order_id: str = "1001",
    *,
    shop: str = "main",
    customer: ShopCustomer = BUYER,
    key: str = "",
    kind: str = "paid",
    total: str = "129.00",
    currency: str = "EUR",
    at: datetime = T0,
    **more: Fields,
) -> Incoming:
    payload = OrderReported(
        kind, shop, order_id, at, customer, Decimal(total), currency, (Item("Boots", 1, "B1", Decimal(total)),), **more
    )
    return incoming(payload, ByShopCustomer(shop, customer), key, at=at)


async def accept(db: Database, *things: Incoming, now: datetime = T0) -> list[Accepted]:
    return await db.accept(things, now)


async def meet(db: Database, sender: Sender = ANA, now: datetime = T0) -> CustomerId:
    """The customer of a sender, with nothing left to do."""
    accepted = await accept(db, said("hi", sender), now=now)
    await turn_all(db, now)
    return accepted[0].customer


def nothing(story: Story, event: Event, house: House) -> Decision:
    return Decision(story)


async def take_turn(db: Database, now: datetime = T0, rules: Rules = nothing, limit: int = 64) -> tuple[Event, ...]:
    batch = await db.due(limit, now, "test")
    if not batch.events:
        return ()
    async with db.turn(batch, now) as turn:
        decide_all(turn, rules)
        return turn.events


def decide_all(turn: Turn, rules: Rules) -> None:
    for event in turn.events:
        turn.decided(event, rules(turn.story(event.customer), event, turn.house))


async def turn_all(db: Database, now: datetime = T0, rules: Rules = nothing) -> list[Event]:
    """Turn until nothing is due."""
    done: list[Event] = []
    while (batch := await db.due(64, now, "test")).events:
        async with db.turn(batch, now) as turn:
            decide_all(turn, rules)
            done += turn.events
    return done


async def story_of(db: Database, customer: CustomerId, now: datetime = T0) -> Story:
    found = await db.story(customer, now)
    assert found is not None
    return found


def say(
    text: str = "thanks",
    *,
    side: Side = Side.CUSTOMER,
    channel: str = "telegram",
    kind: Kind = Kind.ANSWER,
    to: str = "",
    **more: Fields,
) -> Outgoing:
    return Outgoing(side, channel, Message(kind, text, arguments={"to": to} if to else {}), **more)


def deciding(**parts: Fields) -> Rules:
    """Rules that decide the same of every event."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(story, **parts)

    return rules


def posting(*outgoing: Outgoing) -> Rules:
    """Rules that answer every event with the same messages."""
    return deciding(outgoing=outgoing)


async def post(db: Database, *outgoing: Outgoing, sender: Sender = ANA, now: datetime = T0) -> CustomerId:
    """Put messages into the outbox of a sender's customer."""
    accepted = await accept(db, said("post", sender), now=now)
    await turn_all(db, now, posting(*outgoing))
    return accepted[0].customer


def sent(parcel: Parcel, **more: Fields) -> Mark:
    return Mark(parcel, Delivery(Outcome.SENT, (Ref(parcel.channel, "chat", str(parcel.id)),), **more))


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.message.text for parcel in parcels]


# ---------------------------------------------------------------- parts of stories


def purchase(number: int, order_id: str = "", total: str = "100.00", currency: str = "EUR", **more: Fields) -> Purchase:
    money = Money(Decimal(total), currency)
    return Purchase(
        PurchaseId(number), "main", order_id or f"o-{number}", money, paid_at=more.pop("paid_at", T0), **more
    )


def ask(number: int, state: AskState = AskState.PLANNED, **more: Fields) -> Ask:
    return Ask(PurchaseId(number), state, T0, **more)


def case(number: int, state: CaseState = CaseState.OPEN, owner: int | None = None, **more: Fields) -> Case:
    reason = Reason(ReasonKind.UNHAPPY, "“broken” (score -0.8)", T0)
    who = None if owner is None else StaffId(owner)
    opened_at = more.pop("opened_at", T0)
    waiting = more.pop("waiting_since", opened_at if state is CaseState.OPEN else None)
    return Case(CaseId(number), state, opened_at, (reason,), "telegram", owner=who, waiting_since=waiting, **more)


def line(
    text: str, *, author: Author = Author.CUSTOMER, at: datetime = T0, kind: str = "message", **more: Fields
) -> Interaction:
    direction = Direction.IN if author is Author.CUSTOMER else Direction.OUT
    return Interaction(at, "telegram", direction, author, kind, text, **more)


def changing(**parts: Fields) -> Rules:
    """Rules that replace parts of the story; a function is given the event."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        made = {name: part(event) if callable(part) else part for name, part in parts.items()}
        return Decision(replace(story, **made))

    return rules


def opting_out(at: datetime | None) -> Rules:
    """Rules under which everybody leaves, or (None) comes back."""

    def rules(story: Story, event: Event, house: House) -> Decision:
        return Decision(replace(story, customer=replace(story.customer, opted_out_at=at)))

    return rules
