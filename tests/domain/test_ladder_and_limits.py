"""Whatever happens in whatever order: no message above the level, no limit broken, no night, nothing after a no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.event import OutreachDue, StepAsked
from bot.domain.ids import EventId
from bot.domain.level import LADDER
from bot.domain.message import Kind
from bot.domain.outreach import Outreach, OutreachState
from bot.domain.shelf import Coupon, Shelf
from bot.domain.standing import Standing
from bot.program import HOLD_OUT
from tests.domain.world import KIM, World, program

RULES = """
[ask]
after = "1d"
from = "paid"
max_per_customer = "1 per 5d"
[quiet]
from = "21:00"
until = "08:00"
[outreach]
max_per_customer = "2 per 20d"
cool_down = "1d"
[rewards]
monthly_budget = "20"
[[reward]]
name = "thanks"
on = "answer"
amount = "5"
[[reward]]
name = "second"
on = "purchase 2"
amount = "5"
[[campaign]]
name = "care"
moment = "1d after paid"
[[campaign.variant]]
name = "plain"
words.en = "Oil."
[[campaign]]
name = "moment"
moment = "now"
service = true
[[campaign.variant]]
name = "plain"
words.en = "Sorry."
"""
NEEDED = {Kind.ASK: "accountable", Kind.REMINDER: "accountable", Kind.REWARD: "accountable"}
KINDS = ("questions", "gifts", "outreach")


class Relationship(RuleBasedStateMachine):
    """One customer, for months."""

    @initialize(top=st.booleans(), level=st.sampled_from(["", *LADDER]))
    def begin(self, top: bool, level: str) -> None:
        self.world = World(program(RULES), standing=Standing(rank=1, of=9, top=top))
        self.world.now = self.world.now.replace(hour=20)
        coupons = tuple(Coupon(f"C{n}") for n in range(50))
        self.world.house = replace(self.world.house, shelf=Shelf(coupons, pooled=False))
        self.seen, self.orders, self.pieces = 0, 0, 0
        self.level(level)

    @rule(level=st.sampled_from(["", *LADDER]))
    def level(self, level: str) -> None:
        self.world.happens(StepAsked("test", "level", {"level": level}))

    @rule(kind=st.sampled_from(KINDS), on=st.sampled_from(["yes", "no"]))
    def chooses(self, kind: str, on: str) -> None:
        self.world.happens(StepAsked("test", "prefer", {"kind": kind, "on": on, "words": "words"}))

    @rule()
    def buys(self) -> None:
        self.orders += 1
        self.world.order(str(self.orders))

    @rule(words=st.sampled_from(["great", "this is terrible, I hate it", "my mother died", "/stop", "/resume", "ok"]))
    def says(self, words: str) -> None:
        self.world.says(words)

    @rule(stars=st.integers(1, 5))
    def rates(self, stars: int) -> None:
        if self.world.story.asks:
            self.world.rates(stars)

    @rule(campaign=st.sampled_from(["care", "moment"]), held=st.booleans())
    def planned(self, campaign: str, held: bool) -> None:
        self.pieces += 1
        world, occasion = self.world, f"case:{self.pieces}"
        piece = Outreach(
            EventId(50_000 + self.pieces), campaign, occasion, HOLD_OUT if held else "plain", OutreachState.PLANNED,
            world.now, world.now,
        )  # fmt: skip
        world.story = replace(world.story, outreach=(*world.story.outreach, piece))
        world.happens(OutreachDue(campaign, occasion))

    @rule(hours=st.integers(1, 200))
    def waits(self, hours: int) -> None:
        self.world.wait(hours=hours)

    @rule()
    def is_resolved(self) -> None:
        if self.world.story.cases and self.world.case.is_open:
            self.world.agent(KIM, "/claim")
            self.world.presses(KIM, "resolve")

    @invariant()
    def every_decision_kept_the_rules(self) -> None:
        for decision in self.world.decisions[self.seen :]:
            kinds = [out.message.kind for out in decision.outgoing]
            after = decision.story.customer
            level = after.level or ("proactive" if decision.story.standing.top else "accountable")
            for kind in kinds:
                assert LADDER.index(level) >= LADDER.index(NEEDED.get(kind, "basic")), (kind, level)
            if Kind.OUTREACH in kinds:
                sent = next(one for one in reversed(decision.story.outreach) if one.channel)
                needed = "proactive" if sent.campaign == "care" else "reactive"
                assert LADDER.index(level) >= LADDER.index(needed)
                assert "outreach" not in after.refused
                assert sent.campaign == "moment" or "outreach" in after.agreed
            if {Kind.ASK, Kind.OUTREACH} & set(kinds):
                assert after.opted_out_at is None
                assert not any(case.is_open for case in decision.story.cases)
            if Kind.OUTREACH in kinds:
                assert not after.care_until or after.care_until <= self.world.now
        self.seen = len(self.world.decisions)

    @invariant()
    def no_limit_is_broken(self) -> None:
        story = self.world.story
        asks = sorted(ask.sent_at for ask in story.asks if ask.sent_at)
        outreach = sorted(one.sent_at for one in story.outreach if one.sent_at and one.channel)
        both = sorted([*asks, *outreach])
        for at in asks:
            assert sum(at - timedelta(days=5) < one <= at for one in asks) <= 1
        for at in outreach:
            assert sum(at - timedelta(days=20) < one <= at for one in both) <= 2
        assert all(8 <= at.hour < 21 for at in both)

    @invariant()
    def nothing_is_given_twice_nor_over_the_budget(self) -> None:
        gestures = self.world.story.gestures
        assert len({one.code for one in gestures}) == len(gestures)
        assert len({one.reason for one in gestures}) == len(gestures)
        assert sum(one.spent for one in gestures) <= 20


Relationship.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestRelationship = Relationship.TestCase
