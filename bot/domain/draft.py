"""The sheet on which the rules write one decision. Local to `decide`: from outside it is a pure function."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bot.domain.ask import Ask
from bot.domain.case import Case
from bot.domain.correction import Correction
from bot.domain.customer import Conversation, Customer, Holder, Identity
from bot.domain.event import AgentSaid, AgentTapped, DeliveryReported, DeskReported, Event, Payload, Sender
from bot.domain.fact import Fact
from bot.domain.gesture import Gesture
from bot.domain.ids import CaseId, CustomerId, EventId, PurchaseId, StaffId
from bot.domain.interaction import Author, Consent, Direction, Feedback, Interaction, Note
from bot.domain.level import PARTNERSHIP, Reached, level_of
from bot.domain.message import Attachment, Button, Kind, MarkState, Mention, Message, Ref, Side
from bot.domain.outreach import Outreach
from bot.domain.partner_event import PartnerEvent
from bot.domain.purchase import Purchase
from bot.domain.spike import Spike
from bot.domain.staff import Staff, StaffChange
from bot.domain.steps import purchase_steps, steps
from bot.domain.story import Decision, House, Outgoing, Replied, Story, Timer
from bot.domain.utterance import Utterance
from bot.domain.why import Why
from bot.phrases import LANGUAGES, phrase
from bot.program import Program
from sentiment import Verdict

DESKS = {"telegram": "Telegram", "slack": "Slack"}
Rows = tuple[tuple[Button, ...], ...]


class Draft:
    """The story as it changes, and what is to be done. `program`, `house` and `now` never change."""

    def __init__(
        self, story: Story, event: Event, verdict: Verdict | None, house: House, program: Program, now: datetime
    ) -> None:
        self._before = self.story = story
        self.event = event
        self.verdict = verdict
        self.house = house
        self.program = program
        self.now = now
        self._outgoing: list[Outgoing] = []
        self._timers: list[Timer] = []
        self._interactions: list[Interaction] = []
        self._notes: list[Note] = []
        self._feedback: list[Feedback] = []
        self._corrections: list[Correction] = []
        self._partner_events: list[PartnerEvent] = []
        self._consents: list[Consent] = []
        self._adopt: list[Identity] = []
        self._absorb: list[CustomerId] = []
        self._silence: set[str] = set()
        self._recall: set[EventId] = set()
        self._staff: list[StaffChange] = []
        self._whys: list[Why] = []
        self._spikes: list[Spike] = []
        self._campaigns: list[dict[str, Any]] = []
        self.spend = ""
        self.requeue: Sender | None = None
        self.erase = False

    # ---- what is known

    @property
    def customer(self) -> Customer:
        """The person."""
        return self.story.customer

    @property
    def conversation(self) -> Conversation:
        """Who holds it, and where."""
        return self.story.conversation

    @property
    def case(self) -> Case | None:
        """The open case."""
        return next((case for case in reversed(self.story.cases) if case.is_open), None)

    @property
    def last_case(self) -> Case | None:
        """The latest case, open or not."""
        return self.story.cases[-1] if self.story.cases else None

    @property
    def level(self) -> Reached:
        """How far the relationship with this customer goes, and why."""
        return level_of(self.customer, self.story.standing, self.program.levels)

    @property
    def left_alone(self) -> str:
        """Why nothing is begun with them for now (mourning, grave or angry words); "" = nothing stands against it."""
        until = self.customer.care_until
        return self.customer.care_why if until is not None and until > self.now else ""

    @property
    def bot_holds(self) -> bool:
        """The bot may speak."""
        return self.conversation.holder is Holder.BOT

    def ask(self, number: PurchaseId) -> Ask | None:
        """An ask by its number."""
        return next((ask for ask in self.story.asks if ask.id == number), None)

    def purchase(self, number: PurchaseId | None) -> Purchase | None:
        """A purchase by its number."""
        return next((purchase for purchase in self.story.purchases if purchase.id == number), None)

    def case_by_number(self, number: CaseId) -> Case | None:
        """A case by its number."""
        return next((case for case in self.story.cases if case.id == number), None)

    def utterance(self, number: EventId | None) -> Utterance | None:
        """What an agent said, by its number."""
        return next((each for each in self.story.utterances if each.id == number), None)

    def replied(self, ref: Ref | None) -> Replied | None:
        """What a reply is to, when both sides have it."""
        return next((each for each in self.story.replied if each.ref == ref), None) if ref else None

    def staff(self, sender: Sender) -> Staff | None:
        """The person of the shop behind a sender."""
        return self.house.staff.get((sender.channel, sender.external))

    # ---- what changes

    def change_customer(self, **parts: Any) -> None:  # noqa: ANN401 - fields of Customer
        """Replace fields of the customer."""
        self.story = replace(self.story, customer=replace(self.customer, **parts))

    def change_conversation(self, **parts: Any) -> None:  # noqa: ANN401 - fields of Conversation
        """Replace fields of the conversation."""
        self.story = replace(self.story, conversation=replace(self.conversation, **parts))

    def put_ask(self, ask: Ask) -> None:
        """Add or replace an ask."""
        self.story = replace(self.story, asks=_put(self.story.asks, ask))

    def put_purchase(self, purchase: Purchase) -> None:
        """Add or replace a purchase."""
        self.story = replace(self.story, purchases=_put(self.story.purchases, purchase))

    def put_case(self, case: Case) -> None:
        """Add or replace a case."""
        new = all(case.id != known.id for known in self.story.cases)
        ever = self.story.cases_ever + new
        self.story = replace(self.story, cases=_put(self.story.cases, case), cases_ever=ever)

    def put_gesture(self, gesture: Gesture) -> None:
        """Add or replace a gesture."""
        self.story = replace(self.story, gestures=_put(self.story.gestures, gesture))

    def put_outreach(self, outreach: Outreach) -> None:
        """Add or replace a piece of outreach."""
        self.story = replace(self.story, outreach=_put(self.story.outreach, outreach))

    def put_fact(self, fact: Fact) -> None:
        """Add or replace what is remembered of the person."""
        self.story = replace(self.story, facts=_put(self.story.facts, fact))

    def drop_facts(self, *numbers: EventId) -> None:
        """These are not remembered any more, in any form."""
        self.story = replace(self.story, facts=tuple(fact for fact in self.story.facts if fact.id not in numbers))

    def put_utterance(self, utterance: Utterance) -> None:
        """Add or replace what an agent said."""
        self.story = replace(self.story, utterances=_put(self.story.utterances, utterance))

    def put_identity(self, identity: Identity) -> None:
        """Replace what is known of an identity that the customer has."""
        kept = tuple(
            identity if (known.channel, known.external) == (identity.channel, identity.external) else known
            for known in self.story.identities
        )
        self.story = replace(self.story, identities=kept)

    def adopt(self, identity: Identity) -> None:
        """An identity becomes this customer's, whoever had it."""
        others = tuple(
            known
            for known in self.story.identities
            if (known.channel, known.external) != (identity.channel, identity.external)
        )
        self.story = replace(self.story, identities=(*others, identity))
        self._adopt.append(identity)

    def absorb(self, other: CustomerId) -> None:
        """Another customer is this same person: their story moves here."""
        self._absorb.append(other)

    # ---- words

    @property
    def language(self) -> str:
        """The customer's own choice, then what the platform tells, then the shop's first language."""
        return language_of(self.customer, self.program)

    def words(self, key: str, **values: str | float) -> str:
        """A phrase in the customer's language."""
        return phrase(self.language, key, **values)

    def desk_words(self, key: str, **values: str | float) -> str:
        """A phrase in the shop's language."""
        return phrase(self.program.shop.languages[0], key, **values)

    def signed(self, text: str) -> str:
        """With the shop's contact under it, as every message of the bot has."""
        contact = self.program.shop.contact
        return f"{text}\n\n{self.words('contact', contact=contact)}" if contact else text

    def with_person(self, rows: Rows = ()) -> Rows:
        """The buttons, and the one that brings a person."""
        return (*rows, (Button(self.words("person"), "human"),))

    @property
    def first_name(self) -> str:
        """How the customer is greeted; "" when unknown."""
        return self.customer.name.split()[0] if self.customer.name.split() else ""

    @property
    def name(self) -> str:
        """How agents read the customer's name."""
        return self.customer.name or self.desk_words("customer-nameless", number=str(self.customer.id))

    # ---- where words go

    def channel(self) -> str:
        """Where the customer can be reached: where they last talked, else the latest link. "" = nowhere."""
        able = [
            identity.channel
            for identity in self.story.identities
            if identity.is_chat and not identity.unreachable and identity.channel in self.house.channels
        ]
        if self.conversation.channel in able:
            return self.conversation.channel
        return able[-1] if able else ""

    def say(  # noqa: PLR0913 - what a message of the bot may carry
        self,
        text: str,
        *,
        rows: Rows = (),
        kind: Kind = Kind.ANSWER,
        log: str = "answer",
        ask: PurchaseId | None = None,
        case: CaseId | None = None,
        receipt: bool = False,
        channel: str = "",
    ) -> bool:
        """The bot speaks to the customer: signed, with a person within reach, logged. False = no way to reach them."""
        place = channel or self.channel()
        if not place:
            return False
        message = Message(kind, self.signed(text), self.with_person(rows))
        self._outgoing.append(Outgoing(Side.CUSTOMER, place, message, case, ask, receipt))
        self._interactions.append(Interaction(self.now, place, Direction.OUT, Author.BOT, log, message.text, case=case))
        return True

    def report(self, side: Side, channel: str, name: str, arguments: dict[str, str]) -> None:
        """A report made when it is sent, from what is true then."""
        message = Message(Kind.REPORT, report=name, arguments=arguments)
        if side is Side.CUSTOMER:
            message = replace(message, buttons=self.with_person())
        self._outgoing.append(Outgoing(side, channel, message))

    def tell_staff(self, sender: Sender, text: str) -> None:
        """Words to a person of the shop, in their private chat."""
        message = Message(Kind.ANSWER, text, arguments={"to": sender.external})
        self._outgoing.append(Outgoing(Side.STAFF, sender.channel, message))

    def tell_managers(self, text: str, rows: Rows = (), but: StaffId | None = None) -> None:
        """Words to every manager, once, in the first of their private chats that runs; the console is no chat."""
        told = {but}
        for staff in self.house.identities():
            if staff.is_manager and staff.channel in self.house.channels and staff.id not in told:
                told.add(staff.id)
                message = Message(Kind.ANSWER, text, rows, arguments={"to": staff.external})
                self._outgoing.append(Outgoing(Side.STAFF, staff.channel, message))

    def post(self, outgoing: Outgoing) -> None:
        """A message for the outbox."""
        self._outgoing.append(outgoing)

    def to_desk(self, case: Case, message: Message, at: str = "") -> None:
        """Something for the case's thread: on every desk, or on the one desk `at`."""
        for desk in (at,) if at else self.house.desks:
            self._outgoing.append(Outgoing(Side.DESK, desk, self._for_desk(message, desk), case.id))

    @property
    def here(self) -> str:
        """The desk where an agent did what is decided now, or wrote what is reported on; "" when none did."""
        happened = self.event.payload
        if isinstance(happened, AgentSaid | AgentTapped | DeskReported):
            return happened.desk
        ref = happened.agent_ref if isinstance(happened, DeliveryReported) else None
        return ref.channel if ref else ""

    def answer(self, case: Case, key: str, **values: str | float) -> None:
        """A line for the agent who did this, only on the desk where they did it."""
        self.answer_with(case, Message(Kind.NOTICE, self.desk_words(key, **values)))

    def answer_with(self, case: Case, message: Message) -> None:
        """The same in words of one's own. A desk that doesn't run any more can't show it: the main one does."""
        here = self.here
        self.to_desk(case, message, here if here in self._talking else self.house.desk)

    def elsewhere(self, case: Case, message: Message) -> None:
        """Something for the case's threads on all desks but the one where it was done."""
        for desk in self.house.desks:
            if desk != self.here:
                self.to_desk(case, message, desk)

    def _for_desk(self, message: Message, desk: str) -> Message:
        """With those people named whom this desk can ring."""
        if message.mentions:
            message = replace(message, mentions=self._rung(message.mentions, desk))
        card = message.card
        if card is None or card.mention is None:
            return message
        return replace(message, card=replace(card, mention=next(iter(self._rung((card.mention,), desk)), None)))

    def _rung(self, people: tuple[Mention, ...], desk: str) -> tuple[Mention, ...]:
        """By the identities that they have on this desk."""
        found = []
        for person in people:
            known = self.house.staff.get((person.channel, person.external))
            here = (one for one in self.house.identities() if known and (one.id, one.channel) == (known.id, desk))
            own = next((Mention(one.external, person.name, desk) for one in here), None)
            if own or person.channel in {"", desk}:
                found.append(own or person)
        return tuple(found)

    def desk_name(self, desk: str) -> str:
        """How people call it."""
        return DESKS.get(desk) or self.desk_words("desk-console")

    @property
    def _talking(self) -> frozenset[str]:
        """Every place that can show an agent an answer, also a desk that takes no part any more."""
        return self.house.channels | {*self.house.desks, "console"}

    def shown(self, number: CaseId) -> bool:
        """Whether this event has brought the case's card up to date already."""
        return any(out.message.card is not None and out.message.card.case == number for out in self._outgoing)

    def answer_agent(self, said: AgentSaid, text: str) -> None:
        """A line below an agent's own message, where no case has a thread."""
        message = Message(Kind.MARK, text, mark=MarkState.FAILED, reply_to=said.ref)
        self._outgoing.append(Outgoing(Side.DESK, said.desk, message, agent_ref=said.ref))

    def notice(self, case: Case, key: str, **values: str | float) -> None:
        """A line in the case's thread, kept inside."""
        self.to_desk(case, Message(Kind.NOTICE, self.desk_words(key, **values)))

    def ring(self, case: Case, key: str, people: tuple[Mention, ...], **values: str | float) -> None:
        """The same for people whose names stand in it: the desk rings them."""
        self.to_desk(case, Message(Kind.NOTICE, self.desk_words(key, **values), mentions=people))

    def mark(self, case: Case, about: Ref | None, state: MarkState, text: str = "") -> None:
        """What became of an agent's message, shown on it, with words below it where there is something to say."""
        place = about.channel if about and about.channel in self._talking else ""
        if place:
            self.to_desk(case, Message(Kind.MARK, text, mark=state, reply_to=about), place)
        elif text:
            self.to_desk(case, Message(Kind.NOTICE, text))

    def look_up(self, channel: str, email: str) -> None:
        """Ask a channel whether it knows this e-mail; the answer comes back as an event."""
        message = Message(Kind.LOOKUP, email=email)
        self._outgoing.append(Outgoing(Side.CUSTOMER, channel, message))

    def answer_tap(self, channel: str, tap: str, text: str = "") -> None:
        """End a tap's waiting, with a few words if any."""
        if tap:
            message = Message(Kind.TAP_ANSWER, text, tap=tap)
            self._outgoing.insert(0, Outgoing(Side.STAFF, channel, message))

    # ---- what is kept

    def log(  # noqa: PLR0913 - the parts of a line in the log
        self,
        direction: Direction,
        author: Author,
        kind: str,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        *,
        channel: str,
        verdict: Verdict | None = None,
        name: str = "",
        case: CaseId | None = None,
        ref: Ref | None = None,
        quote: str = "",
    ) -> None:
        """A line in the customer's log."""
        form = verdict.as_json() if verdict else None
        line = Interaction(
            self.event.at if direction is Direction.IN else self.now,
            channel, direction, author, kind, text, attachments, form, name, case, ref, quote,
        )  # fmt: skip
        self._interactions.append(line)

    def note(
        self, case: CaseId, author: str, text: str, kind: str = "note", attachments: tuple[Attachment, ...] = ()
    ) -> None:
        """Words and files that stay inside."""
        if text or attachments:
            self._notes.append(Note(self.now, case, author, text, kind, attachments))

    def remember(self, feedback: Feedback) -> None:
        """A rating or words about a purchase."""
        self._feedback.append(feedback)

    def correct(self, correction: Correction) -> None:
        """What an agent says of words that were read wrongly; it replaces what was said of them before."""
        words = (correction.said_at, correction.text)
        others = tuple(known for known in self.story.corrections if (known.said_at, known.text) != words)
        self.story = replace(self.story, corrections=(*others, correction))
        self._corrections.append(correction)

    @property
    def corrected(self) -> bool:
        """Whether this event brought a correction."""
        return bool(self._corrections)

    def tell_partners(self, key: str, type_: str, body: dict[str, Any]) -> None:
        """Something that the shop's own systems are to learn, once."""
        self._partner_events.append(PartnerEvent(key, type_, self.now, body))

    def put_spike(self, spike: Spike) -> None:
        """A spike was seen, or seized."""
        self._spikes.append(spike)

    def make_campaign(self, definition: dict[str, Any]) -> None:
        """One that begins at once, as a program file would have it."""
        self._campaigns.append(definition)

    def because(self, about: str, did: str, reason: str) -> None:
        """A line of the “why” log for what leaves no other trace in the story."""
        self._whys.append(Why(self.now, about, did, reason))

    def _tell_partners_of(self, whys: list[Why]) -> None:
        """At the partnership level every step is told to partners."""
        if (self.story is self._before and not whys) or self.level.level != PARTNERSHIP:
            return
        whys = [*purchase_steps(self._before, self.story, self.now), *whys]
        shop = [one.external for one in self.story.identities if one.channel == "shop"]
        for place, why in enumerate(whys):
            body = {"about": why.about, "step": why.did, "reason": why.reason, "at": why.at.isoformat(),
                    "customer": {"id": self.customer.id, "shop": shop}}  # fmt: skip
            self.tell_partners(f"step:{self.event.id}:{place}", f"step.{why.about.partition(' ')[0]}", body)

    def consent(
        self, kind: str, *, granted: bool, channel: str, words: str, details: dict[str, str] | None = None
    ) -> None:
        """Proof of an agreement or of its end."""
        self._consents.append(Consent(self.now, kind, granted, channel, words, details or {}))

    def timer(self, key: str, due_at: datetime, payload: Payload) -> None:
        """Something to happen later. The customer's number makes the key unique."""
        self._timers.append(Timer(f"timer:{self.customer.id}:{key}", due_at, payload))

    def staff_changed(self, change: StaffChange) -> None:
        """Somebody of the shop was seen, is away or back, or is offered a case."""
        self._staff.append(change)

    def silence(self, *kinds: Kind) -> None:
        """Unsent messages of these kinds must not go out any more."""
        self._silence.update(kind.value for kind in kinds)

    def recall(self, *events: EventId) -> None:
        """What these events wrote to the customer must not go out any more, as far as it hasn't."""
        self._recall.update(events)

    def recent(self) -> tuple[Interaction, ...]:
        """The last lines, this event's among them."""
        return (*self.story.interactions, *self._interactions)

    def decision(self) -> Decision:
        """The finished sheet."""
        fresh = tuple(self._interactions)
        whys = [*steps(self._before, self.story, self.now), *self._whys]
        self._tell_partners_of(whys)
        story = self.story
        if fresh:
            story = replace(story, interactions=(*story.interactions, *fresh)[-12:])
        return Decision(
            story=story,
            outgoing=tuple(self._outgoing),
            timers=tuple(self._timers),
            interactions=fresh,
            notes=tuple(self._notes),
            feedback=tuple(self._feedback),
            corrections=tuple(self._corrections),
            partner_events=tuple(self._partner_events),
            staff=tuple(self._staff),
            consents=tuple(self._consents),
            adopt=tuple(self._adopt),
            absorb=tuple(self._absorb),
            spend=self.spend,
            requeue=self.requeue,
            silence=frozenset(self._silence),
            erase=self.erase,
            recall=frozenset(self._recall),
            whys=tuple(whys),
            spikes=tuple(self._spikes),
            campaigns=tuple(self._campaigns),
        )


def language_of(customer: Customer, program: Program) -> str:
    """The customer's own choice, then what the platform tells, then the shop's first language."""
    offered = program.shop.languages
    for wish in (customer.language, customer.locale):
        short = wish.replace("_", "-").split("-")[0].lower()
        if short in offered and short in LANGUAGES:
            return short
    return offered[0]


def _put(rows: tuple[Any, ...], row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any row with an id
    if any(known.id == row.id for known in rows):
        return tuple(row if known.id == row.id else known for known in rows)
    return (*rows, row)


@lru_cache(maxsize=4096)
def money_text(amount: Decimal, currency: str, language: str) -> str:
    """`€1,290.00` as the reader's language writes it."""
    from babel.numbers import format_currency  # noqa: PLC0415 - 80 ms that most turns don't need

    return str(format_currency(amount, currency or "EUR", locale=language))
