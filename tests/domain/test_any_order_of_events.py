"""Whatever happens in whatever order: the promises that must never break."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.customer import Holder, Memory
from bot.domain.event import AgentSaid, AgentTapped, Edited, ReachChanged, Sender, Tapped
from bot.domain.fact import FactState
from bot.domain.message import Kind, Ref, Side
from bot.domain.remembered import remembered
from bot.domain.shelf import Coupon, Shelf
from bot.domain.standing import Standing
from tests.domain.world import BORIS, CHAT, KIM, STRANGER, World, program

UNASKED = {Kind.ASK, Kind.REMINDER, Kind.FOLLOW_UP}
UNHAPPY = ("it broke after two days", "I want a refund", "terrible, never again", "1/5", "👎", "very disappointed")
OTHER = ("thanks!", "love them", "ok", "the brown ones", "hm?", "where is my order?", "qwrt", "5/5", "hello", "")
AGENTS = st.sampled_from([KIM, BORIS, STRANGER])
ORDERS = st.sampled_from(["1", "2", "3"])


class AnyOrder(RuleBasedStateMachine):
    """One customer, every kind of event."""

    @initialize(top=st.booleans(), after=st.sampled_from(["0s", "1d"]), quiet=st.booleans(), linked=st.booleans())
    def begin(self, *, top: bool, after: str, quiet: bool, linked: bool) -> None:
        text = f'[ask]\nafter = "{after}"\nmax_per_customer = "2 per 7d"\n[quiet]\nenabled = {str(quiet).lower()}'
        self.world = World(program(text), linked=linked, standing=Standing(orders=5, rank=1, of=9, top=top))
        coupons = tuple(Coupon(f"CODE-{number}", Decimal(20)) for number in range(7))
        self.world.house = replace(self.world.house, shelf=Shelf(coupons))
        self.claimers: list[str] = []

    def _unasked_since(self, start: int) -> list[Kind]:
        return [o.message.kind for o in self.world.sent[start:] if o.message.kind in UNASKED]

    @rule(order=ORDERS, kind=st.sampled_from(["paid", "delivered", "refunded", "cancelled"]))
    def an_order_is_reported(self, order: str, kind: str) -> None:
        self.world.order(order, kind)

    @rule(words=st.sampled_from(UNHAPPY))
    def unhappy_words(self, words: str) -> None:
        """An unhappy reply never stays without a case."""
        self.world.says(words)
        assert any(case.is_open for case in self.world.story.cases), words

    @rule(words=st.sampled_from(OTHER))
    def other_words(self, words: str) -> None:
        before = len(self.world.to_customer)
        held = self.world.story.conversation.holder
        self.world.says(words)
        if held is Holder.BOT:
            assert len(self.world.to_customer) > before or not self.world.linked
        elif held is Holder.AGENT:
            assert len(self.world.to_customer) == before

    @rule(stars=st.integers(1, 5))
    @precondition(lambda self: self.world.story.asks)
    def a_rating(self, stars: int) -> None:
        known = self.world.story.asks[-1].rating
        self.world.rates(stars)
        if stars <= 2 and known != stars:
            assert any(case.is_open for case in self.world.story.cases)

    @rule(action=st.sampled_from(["human", "clear:yes", "clear:no", "clear:so", "nonsense"]))
    def a_tap(self, action: str) -> None:
        self.world.happens(Tapped(CHAT, action))

    @rule(answer=st.sampled_from(["yes", "no"]))
    @precondition(lambda self: self.world.story.cases)
    def a_follow_up_is_answered(self, answer: str) -> None:
        self.world.happens(Tapped(CHAT, f"well:{self.world.case.id}:{answer}"))

    @rule()
    def leaves(self) -> None:
        self.world.says("/stop")
        assert self.world.story.customer.opted_out_at

    @rule()
    def comes_back(self) -> None:
        self.world.says("/resume")

    @rule(reachable=st.booleans())
    def blocks_or_unblocks(self, *, reachable: bool) -> None:
        self.world.happens(ReachChanged(CHAT, reachable=reachable))

    @rule()
    def links(self) -> None:
        self.world.links()
        self.world.linked = True

    @rule(words=st.sampled_from(UNHAPPY))
    def edits(self, words: str) -> None:
        before = (len(self.world.story.cases), len(self.world.feedback))
        self.world.happens(Edited(CHAT, words))
        assert (len(self.world.story.cases), len(self.world.feedback)) == before

    @rule(who=AGENTS, action=st.sampled_from(["claim", "resolve", "handback"]))
    @precondition(lambda self: self.world.story.cases)
    def a_card_is_pressed(self, who: object, action: str) -> None:
        self.world.presses(who, action)  # type: ignore[arg-type]

    @rule(
        who=AGENTS,
        words=st.sampled_from(
            [
                "SECRET talk",
                "/note SECRET",
                "/gift SECRET",
                "/mood fine",
                "/mood SECRET",
                "/remember SECRET",
                "/topic SECRET",
            ]
        ),
        edited=st.booleans(),
    )
    @precondition(lambda self: self.world.story.cases)
    def somebody_writes_in_the_thread(self, who: object, words: str, *, edited: bool) -> None:
        case = self.world.case
        claimer = case.speaker and self.world.house.staff.get((who.channel, who.external))  # type: ignore[attr-defined]
        may = bool(claimer and claimer.id == case.speaker and not edited and not words.startswith("/"))
        before = len(self.world.sent)
        self.world.agent(who, words, edited=edited)  # type: ignore[arg-type]
        seen = [o for o in self.world.sent[before:] if o.side is Side.CUSTOMER and "SECRET" in o.message.text]
        assert bool(seen) <= may

    @rule(answer=st.sampled_from(["yes", "no"]))
    def the_customer_says_whether_things_may_be_remembered(self, answer: str) -> None:
        self.world.happens(Tapped(CHAT, f"memory:{answer}"))
        assert answer == "yes" or not self.world.story.facts

    @rule(who=AGENTS, action=st.sampled_from(["mood", "topic", "topics", "unremember"]),
          value=st.sampled_from(["neutral", "negative", "delivery", "open", "done", "nonsense"]))  # fmt: skip
    @precondition(lambda self: self.world.story.cases)
    def a_reading_is_corrected(self, who: Sender, action: str, value: str) -> None:
        """Only people of the shop correct, and the customer never hears of it."""
        before, made = len(self.world.sent), len(self.world.corrections)
        number = self.world.story.facts[0].id if self.world.story.facts else None
        self.world.happens(AgentTapped(who, "telegram", action, self.world.case.id, about=number, value=value))
        assert not any(o.side is Side.CUSTOMER for o in self.world.sent[before:])
        if (who.channel, who.external) not in self.world.house.staff:
            assert len(self.world.corrections) == made

    @invariant()
    def nothing_is_remembered_without_consent_or_beyond_its_time(self) -> None:
        if hasattr(self, "world"):
            readable = remembered(self.world.story, self.world.now)
            assert not readable or self.world.story.customer.memory is Memory.YES
            assert all(fact.expires_at > self.world.now for fact in readable)
            assert all(fact.state is FactState.HELD for fact in self.world.story.facts) or self.world.consents

    @rule(who=AGENTS, edited=st.booleans())
    @precondition(lambda self: self.world.story.cases)
    def somebody_gives(self, who: Sender, *, edited: bool) -> None:
        """Only who holds the case gives, once a message, and only to somebody who can be reached."""
        staff, speaker = self.world.house.staff.get((who.channel, who.external)), self.world.case.speaker
        may = bool(staff and staff.id == speaker and not edited)
        before, given = len(self.world.sent), len(self.world.story.gestures)
        said = AgentSaid(who, "telegram", "/gift 20 sorry", Ref("telegram", "-100", f"g{before}"), edited=edited)
        for _ in range(2):
            self.world.happens(said)
        gifts = [o for o in self.world.sent[before:] if o.side is Side.CUSTOMER]
        assert len(gifts) == len(self.world.story.gestures) - given <= may

    @invariant()
    def codes_and_budgets_hold(self) -> None:
        if hasattr(self, "world"):
            codes = [gesture.code for gesture in self.world.story.gestures]
            assert len(codes) == len(set(codes))
            assert all(
                spent <= self.world.program.gifts.monthly_budget for spent in self.world.house.shelf.spent.values()
            )

    @rule(who=st.sampled_from([KIM, BORIS]), away=st.booleans())
    @precondition(lambda self: self.world.story.cases)
    def somebody_leaves(self, who: Sender, *, away: bool) -> None:
        """Nobody's case is left with somebody who is gone; others' cases stay as they are."""
        if (who.channel, who.external) not in self.world.house.staff:
            return
        staff, before = self.world.house.staff[who.channel, who.external], self.world.case
        self.world.leaves(who, away=away)
        if not away and before.is_open:
            assert self.world.case.owner != staff.id
        if before.owner != staff.id:
            assert (self.world.case.state, self.world.case.owner) == (before.state, before.owner)

    @rule(days=st.sampled_from([0.1, 0.5, 1, 2, 5, 20]))
    def time_passes(self, days: float) -> None:
        out = self.world.story.customer.opted_out_at is not None
        before, still = len(self.world.sent), [case.id for case in self.world.story.cases if case.is_open]
        self.world.wait(days=days)
        assert [case.id for case in self.world.story.cases if case.is_open] == still  # time alone closes nothing
        assert not (out and self._unasked_since(before))

    @invariant()
    def at_most_one_ask_a_purchase(self) -> None:
        if not hasattr(self, "world"):
            return
        asks = [o.ask for o in self.world.sent if o.message.kind is Kind.ASK]
        sent = {ask: asks.count(ask) for ask in asks}
        assert all(number == 1 for number in sent.values()), sent
        reminders = [o.ask for o in self.world.sent if o.message.kind is Kind.REMINDER]
        assert len(reminders) == len(set(reminders))

    @invariant()
    def promises_and_offers_fit_the_case(self) -> None:
        if not hasattr(self, "world"):
            return
        for case in self.world.story.cases:
            if not case.is_open:
                assert (case.waiting_since, case.reply_due_at, case.resolve_due_at, case.rung) == (None, None, None, "")
            elif case.is_claimed:
                assert (case.rung, case.offered_to) == ("", None)
            else:
                assert case.waiting_since is not None
            assert (case.offered_to is not None) == (case.rung == "agent")
            assert len(set(case.breaches)) == len(case.breaches)

    @invariant()
    def at_most_one_case_is_open(self) -> None:
        if hasattr(self, "world"):
            assert sum(case.is_open for case in self.world.story.cases) <= 1

    @invariant()
    def the_cap_holds(self) -> None:
        if not hasattr(self, "world"):
            return
        cap = self.world.program.ask.max_per_customer
        times = sorted(ask.sent_at for ask in self.world.story.asks if ask.sent_at)
        for first, later in zip(times, times[cap.number :], strict=False):
            assert later - first >= cap.span - timedelta(seconds=1)

    @invariant()
    def a_person_is_in_charge_exactly_while_a_case_is_open(self) -> None:
        if hasattr(self, "world"):
            is_open = any(case.is_open for case in self.world.story.cases)
            assert is_open == (self.world.story.conversation.holder is not Holder.BOT)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
