"""One customer's whole life in memory: the pure rules, a clock that leaps, timers that fire, no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.case import Case
from bot.domain.correction import Correction
from bot.domain.customer import Conversation, Customer, Identity
from bot.domain.decide import decide, text_to_score
from bot.domain.event import (
    AgentSaid,
    AgentTapped,
    DeliveryReported,
    Event,
    OrderReported,
    Payload,
    Said,
    Sender,
    ShopCustomer,
    StaffLeft,
    Started,
    Tapped,
)
from bot.domain.ids import CustomerId, EventId, OutboxId, StaffId
from bot.domain.interaction import Consent, Feedback, Note
from bot.domain.message import Kind, Message, Ref, Side
from bot.domain.outreach_budget import longest_span
from bot.domain.partner_event import PartnerEvent
from bot.domain.purchase import Item
from bot.domain.staff import Role, Staff
from bot.domain.standing import Standing
from bot.domain.story import Decision, House, Outgoing, Story, Timer, Token
from bot.domain.why import Why
from bot.program import Program, parse_program
from sentiment import default_scorer
from storage.house import note_cases, note_change

ANA = CustomerId(7)
CHAT = Sender("telegram", "700", "Ana Duarte", locale="en")
KIM = Sender("telegram", "1", "Kim")
BORIS = Sender("telegram", "2", "Boris")
STRANGER = Sender("telegram", "3", "Passer-by")
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STAFF = {
    ("telegram", "1"): Staff(StaffId(1), "telegram", "1", "Kim", frozenset({Role.AGENT})),
    ("telegram", "2"): Staff(StaffId(2), "telegram", "2", "Boris", frozenset({Role.AGENT})),
    ("telegram", "9"): Staff(StaffId(9), "telegram", "9", "Mona", frozenset({Role.MANAGER})),
}
SCORER = default_scorer()


def program(text: str = "") -> Program:
    """A program with no waiting, no quiet hours, no caps, unless `text` says otherwise."""
    base = {
        "shop": 'name = "Boots & Co"\ncontact = "+33 1 23 45 67 89"',
        "ask": 'after = "0s"\nmax_per_customer = "99 per 1d"',
        "quiet": "enabled = false",
    }
    own = parse_program(text)
    plain = parse_program("\n".join(f"[{name}]\n{body}" for name, body in base.items()))
    changed = {name: getattr(own, name) for name in own.model_fields_set}
    return plain.model_copy(update=changed)


@dataclass
class World:
    """Tell it what happens; read what the customer and the desk saw."""

    program: Program = field(default_factory=program)
    now: datetime = MONDAY_NOON
    linked: bool = True
    standing: Standing = field(default_factory=Standing)
    story: Story = field(init=False)
    house: House = field(init=False)
    sent: list[Outgoing] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    partner_events: list[PartnerEvent] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    whys: list[Why] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)
    erased: bool = False
    _number: int = 100

    def __post_init__(self) -> None:
        chat = (Identity("telegram", CHAT.external, linked_at=self.now, proof="link"),) if self.linked else ()
        identities = (Identity("shop", "main/c-17"), *chat)
        self.story = Story(Customer(ANA, "Ana Duarte"), identities, Conversation(), standing=self.standing)
        campaigns = {one.name: one for one in self.program.campaign}
        self.house = House(frozenset({"telegram", "slack", "web"}), "telegram", dict(STAFF), campaigns=campaigns)

    # ---- what happens

    def happens(self, payload: Payload) -> Decision:
        """One event, decided and applied; due timers follow."""
        decision = self._apply(payload)
        self.run()
        return decision

    def _apply(self, payload: Payload) -> Decision:
        self._number += 1
        event = Event(EventId(self._number), f"e{self._number}", ANA, self.now, payload)
        text = text_to_score(payload)
        verdict = SCORER.score([text])[0] if text is not None else None
        cap = longest_span(self.program)
        story = replace(self.story, asked=tuple(at for at in self.story.asked if at > self.now - cap))
        decision = decide(story, event, verdict, self.house, self.program, self.now)
        known = {gesture.id for gesture in self.story.gestures}
        for gesture in (gesture for gesture in decision.story.gestures if gesture.id not in known):
            self.house = replace(self.house, shelf=self.house.shelf.after(gesture))
        self.story = decision.story
        self.partner_events += decision.partner_events
        self.whys += decision.whys
        self.sent += decision.outgoing
        keys = {timer.key for timer in self.timers}
        self.timers += [timer for timer in decision.timers if timer.key not in keys]
        self.notes += decision.notes
        self.feedback += decision.feedback
        self.corrections += decision.corrections
        self.consents += decision.consents
        self.log += decision.interactions
        self.erased = self.erased or decision.erase
        self.decisions.append(decision)
        self.house = replace(self.house, spikes={**self.house.spikes, **{one.id: one for one in decision.spikes}})
        for change in decision.staff:
            note_change(self.house.staff, change)
        note_cases(self.house.cases, decision.story.cases)
        return decision

    def run(self, limit: int = 200) -> None:
        """Fire every timer that is due now."""
        for _ in range(limit):
            due = sorted((t for t in self.timers if t.due_at <= self.now), key=lambda t: t.due_at)
            if not due:
                return
            self.timers = [timer for timer in self.timers if timer is not due[0]]
            self._apply(due[0].payload)
        message = "timers chase each other"
        raise AssertionError(message)

    def wait(self, **parts: float) -> None:
        """Time passes, timer by timer."""
        until = self.now + timedelta(**parts)
        while soon := [timer.due_at for timer in self.timers if timer.due_at <= until]:
            self.now = max(self.now, min(soon))
            self.run()
        self.now = until

    def order(self, order_id: str = "1001", kind: str = "paid", total: str = "129.00", item: str = "Boots") -> None:
        """The shop reports an order."""
        self.happens(
            OrderReported(
                kind,
                "main",
                order_id,
                self.now,
                ShopCustomer("c-17", "Ana Duarte"),
                Decimal(total),
                "EUR",
                (Item(item),),
            )
        )

    def says(self, words: str, **parts: Any) -> None:
        """Ana writes."""
        self.happens(Said(CHAT, words, Ref("telegram", "700", str(self._number)), **parts))

    def taps(self, label: str) -> None:
        """Ana taps the latest button whose label or action contains `label`."""
        for message in reversed(self.to_customer):
            for button in (button for row in message.buttons for button in row):
                if label in button.label or label in button.action:
                    self.happens(Tapped(CHAT, button.action, tap="t"))
                    return
        problem = f"no button {label!r}"
        raise AssertionError(problem)

    def rates(self, stars: int) -> None:
        """Ana rates the latest ask."""
        self.happens(Tapped(CHAT, f"rate:{self.story.asks[-1].id}:{stars}", tap="t"))

    def agent(self, who: Sender, words: str, **parts: Any) -> None:
        """Somebody writes in the thread."""
        self.happens(AgentSaid(who, "telegram", words, Ref("telegram", "-100", str(self._number)), **parts))

    def presses(self, who: Sender, action: str) -> None:
        """Somebody taps a button of the card."""
        self.happens(AgentTapped(who, "telegram", action, self.story.cases[-1].id, tap="t"))

    def links(self, token: str = "tok", state: str = "valid", sender: Sender = CHAT) -> None:
        """Ana opens her link."""
        self.house = replace(self.house, tokens={token: Token(token, state, ANA)})
        self.happens(Started(sender, token))

    def leaves(self, who: Sender, *, away: bool = False) -> None:
        """Somebody has no role any more (or is away): what storage then writes into the journal."""
        staff = self.house.staff[who.channel, who.external]
        if not away:
            del self.house.staff[who.channel, who.external]
        self.happens(StaffLeft(self.case.id, staff.id, away))

    def reports(self, outgoing: Outgoing, outcome: str, why: str = "", *, uncertain: bool = False) -> None:
        """Delivery tells what became of a message."""
        self.happens(
            DeliveryReported(
                OutboxId(1),
                outgoing.message.kind.value,
                outgoing.side.value,
                outgoing.channel,
                outcome,
                why,
                outgoing.ask,
                outgoing.case,
                outgoing.agent_ref,
                uncertain,
            )
        )

    # ---- what is seen

    @property
    def to_customer(self) -> list[Message]:
        """Messages that a customer reads."""
        hidden = {Kind.LOOKUP, Kind.TAP_ANSWER}
        return [o.message for o in self.sent if o.side is Side.CUSTOMER and o.message.kind not in hidden]

    @property
    def to_desk(self) -> list[Message]:
        """Messages on the desk."""
        return [o.message for o in self.sent if o.side is Side.DESK]

    @property
    def last(self) -> str:
        """The latest words to the customer."""
        return self.to_customer[-1].text

    @property
    def asks_sent(self) -> list[Message]:
        """Asks that went out."""
        return [message for message in self.to_customer if message.kind is Kind.ASK]

    @property
    def case(self) -> Case:
        """The latest case."""
        return self.story.cases[-1]

    def told(self, about: str) -> list[tuple[str, str]]:
        """(step, reason) of the “why” log about something."""
        return [(why.did, why.reason) for why in self.whys if why.about.startswith(about)]

    def reasons(self) -> list[str]:
        """The fixed words of the latest case, each once."""
        return list(dict.fromkeys(reason.kind.value for reason in self.case.reasons))
