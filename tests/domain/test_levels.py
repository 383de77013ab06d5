"""The ladder: what each level does and does not, whose level it is, and what the customer may choose."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Customer
from bot.domain.desk_action import FORM
from bot.domain.event import StepAsked
from bot.domain.ids import CustomerId, StaffId
from bot.domain.level import LADDER, country_of, level_of
from bot.domain.message import Kind
from bot.domain.partnership import _DO, STEPS
from bot.domain.replying import TAPS
from bot.domain.shelf import Coupon, Shelf
from bot.domain.standing import Standing
from bot.program import Levels, parse_program
from tests.domain.world import KIM, World, program

NOBODY, TOP = Standing(), Standing(top=True)
CAMPAIGN = """
[[campaign]]
name = "care"
moment = "14d after delivered"
[[campaign.variant]]
name = "plain"
words.en = "Oil them."
"""
LIFE = """
[levels]
default = "partnership"
[ask]
after = "3d"
[rewards]
monthly_budget = "100"
[[reward]]
name = "thanks"
on = "answer"
amount = "5"
"""


def person(**parts: object) -> Customer:
    return replace(Customer(CustomerId(1)), **parts)  # type: ignore[arg-type]


def test_their_own_level_goes_before_segment_country_and_tier() -> None:
    levels = Levels(segments={"business": "partnership", "quiet": "basic"}, countries={"DE": "reactive"})
    german = person(country="DE")
    assert level_of(person(), NOBODY, levels).level == "accountable"
    assert level_of(person(), TOP, levels).level == "proactive"
    assert level_of(german, TOP, levels).level == "reactive"
    assert level_of(replace(german, segments=("quiet",)), TOP, levels).level == "basic"
    assert level_of(replace(german, segments=("business", "quiet")), TOP, levels).level == "partnership"
    assert level_of(replace(german, segments=("quiet",), level="proactive"), TOP, levels).level == "proactive"


levels_ = st.sampled_from(LADDER)


@given(levels_, levels_, levels_)
def test_a_higher_level_allows_all_that_a_lower_one_does(low: str, high: str, needed: str) -> None:
    low, high = sorted((low, high), key=LADDER.index)
    lower, higher = (level_of(person(level=name), NOBODY, Levels()) for name in (low, high))
    assert higher.allows(needed) or not lower.allows(needed)


@pytest.mark.parametrize(
    ("parts", "country"),
    [
        ({"country": "AT", "locale": "de-DE"}, "AT"),
        ({"phone": "+4930123456", "locale": "en-US"}, "DE"),
        ({"timezone": "Europe/Paris"}, "FR"),
        ({"locale": "es_MX"}, "MX"),
        ({"locale": "en"}, ""),
        ({"phone": "+999", "timezone": "UTC"}, ""),
    ],
)
def test_where_they_live_is_told_by_what_is_known_best(parts: dict[str, str], country: str) -> None:
    assert country_of(person(**parts)) == country


@pytest.mark.parametrize(("level", "asks"), [("basic", 0), ("reactive", 0), ("accountable", 1), ("partnership", 1)])
def test_only_from_accountable_on_the_bot_asks(level: str, asks: int) -> None:
    made = World(program(f'[levels]\ndefault = "{level}"\n'))
    made.order()
    assert len(made.asks_sent) == asks
    if not asks:
        assert made.told("ask main/1001")[-1] == ("cancelled", f"level {level}")


def test_a_level_that_was_lowered_ends_reminders_too() -> None:
    made = World()
    made.order()
    made.happens(StepAsked("test", "level", {"level": "reactive"}))
    made.wait(days=3)
    assert [message.kind for message in made.to_customer] == [Kind.ASK]


def test_nobody_in_mourning_is_asked_about_a_purchase() -> None:
    made = World(program('[ask]\nafter = "2d"\nfrom = "paid"\n'))
    made.says("my husband died on Sunday")
    made.agent(KIM, "/claim")
    made.presses(KIM, "resolve")
    made.order()
    made.wait(days=3)
    assert made.asks_sent == []
    assert made.told("ask main/1001")[-1] == ("cancelled", "words of mourning")


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("basic", "Write to me whenever you need something"),
        ("reactive", "Tell me any time how it is going, good or bad"),
        ("accountable", "I ask how it went, at most twice for a purchase"),
    ],
)
def test_the_welcome_promises_what_the_level_does(level: str, words: str) -> None:
    made = World(program(f'[levels]\ndefault = "{level}"\n'), linked=False)
    made.links()
    assert words in made.last


@pytest.mark.parametrize("level", LADDER)
def test_every_level_answers_and_brings_a_person(level: str) -> None:
    made = World(program(f'[levels]\ndefault = "{level}"\n'))
    made.order()
    made.says("they broke after a day, I am very unhappy")
    assert made.case.is_open
    assert "+33 1 23 45 67 89" in made.last


def test_at_partnership_every_step_is_told_to_partners() -> None:
    made = World(program('[levels]\ndefault = "partnership"\n'))
    made.order()
    made.rates(1)
    told = [(event.body["about"], event.body["step"]) for event in made.partner_events]
    assert ("ask main/1001", "planned") in told
    assert ("ask main/1001", "sent") in told
    assert ("ask main/1001", "answered") in told
    assert any(about.startswith("case") and step == "open" for about, step in told)
    assert len({event.key for event in made.partner_events}) == len(made.partner_events)


def test_partners_hear_of_a_whole_life_from_the_purchase_to_the_goodbye() -> None:
    made = World(program(LIFE))
    made.house = replace(made.house, shelf=Shelf((Coupon("GIFT-1"),), {}, (), pooled=False))
    for kind in ("paid", "delivered", "delivered"):
        made.order(kind=kind)
    made.wait(days=4)
    made.rates(1)
    made.agent(KIM, "/claim")
    made.presses(KIM, "resolve")
    made.wait(days=5)
    made.happens(StepAsked("test", "prefer", {"kind": "outreach", "on": "yes", "words": "tips, please"}))
    made.order(kind="refunded")
    made.says("/stop")
    steps = [event for event in made.partner_events if event.type.startswith("step.")]
    told = [(event.type, event.body["step"]) for event in steps]
    for step in (
        ("step.purchase", "paid"), ("step.purchase", "delivered"), ("step.ask", "planned"), ("step.ask", "sent"),
        ("step.ask", "answered"), ("step.case", "open"), ("step.case", "claimed"), ("step.case", "resolved"),
        ("step.reward", "granted"), ("step.preference", "agreed"), ("step.purchase", "refunded"),
        ("step.everything", "stopped"),
    ):  # fmt: skip
        assert told.count(step) == 1, step
    assert len({event.key for event in made.partner_events}) == len(made.partner_events)


def test_below_partnership_no_step_is_told() -> None:
    made = World()
    made.order()
    made.rates(5)
    assert made.partner_events == []


def test_a_business_customer_at_partnership_has_a_standing_line_to_a_person() -> None:
    made = World(program('[levels.segments]\nbusiness = "partnership"\n'))
    made.happens(StepAsked("test", "segments", {"segments": "business"}))
    made.order()
    made.says("could you send the invoice for all of us?")
    assert made.case.is_open
    assert ("high value", "standing line") in [(one.kind.value, one.evidence) for one in made.case.reasons]


def test_the_person_in_charge_is_offered_the_case_first() -> None:
    made = World()
    made.happens(StepAsked("test", "charge", {"staff": "telegram:2"}))
    assert made.story.customer.in_charge == StaffId(2)
    made.says("it broke")
    assert made.case.offered_to == StaffId(2)


# ---- steps that somebody asks for


def test_a_step_that_cannot_be_done_says_why() -> None:
    made = World()
    made.happens(StepAsked("zapier", "level", {"level": "best friends"}))
    made.happens(StepAsked("zapier", "dance"))
    made.happens(StepAsked("zapier", "charge", {"staff": "telegram:77"}))
    made.happens(StepAsked("zapier", "prefer", {"kind": "outreach", "on": "yes"}))
    assert [why.did for why in made.whys] == ["refused"] * 4
    assert "zapier: a consent needs the words that were agreed to" in [why.reason for why in made.whys]
    assert made.story.customer.level == ""


def test_a_partner_can_have_a_purchase_asked_about_now_under_all_conditions() -> None:
    made = World(program('[ask]\nafter = "3d"\nfrom = "paid"\n'))
    made.order()
    made.happens(StepAsked("zapier", "ask", {"purchase": "main/1001"}))
    assert len(made.asks_sent) == 1
    made.happens(StepAsked("zapier", "ask", {"purchase": "main/1001"}))
    assert made.told("ask")[-1] == ("refused", "zapier: the ask is sent")


def test_a_partner_can_tell_that_somebody_wants_nothing_more_and_nobody_but_they_take_it_back() -> None:
    made = World()
    made.order()
    made.happens(StepAsked("zapier", "stop", {"words": "unsubscribe me"}))
    assert made.story.customer.opted_out_at is not None
    assert ("service", False, "zapier", "unsubscribe me") in [
        (one.kind, one.granted, one.channel, one.words) for one in made.consents
    ]
    made.happens(StepAsked("zapier", "stop"))
    assert made.told("stop")[-1] == ("refused", "zapier: opted out already")
    made.happens(StepAsked("zapier", "prefer", {"kind": "questions", "on": "yes", "words": "they said so"}))
    assert made.story.customer.opted_out_at is not None


def test_every_step_that_can_be_asked_for_is_in_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs/levels/partnership.md").read_text(encoding="utf-8")
    assert set(_DO) == set(STEPS)
    assert [name for name in STEPS if f"`{name}`" not in page] == []


def test_every_button_is_in_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs/actions.md").read_text(encoding="utf-8")
    buttons = {*TAPS, *re.findall(r"[a-z]{4,}(?=[|)])", FORM.pattern)}
    assert {"rate", "claim", "unremember", "topics"} <= buttons
    assert [name for name in sorted(buttons) if not re.search(rf"`{name}[:`]", page)] == []


def test_a_partner_can_bring_a_person_in() -> None:
    made = World()
    made.happens(StepAsked("zapier", "person", {"words": "asked for a call back"}))
    assert made.reasons() == ["asked for a person"]


# ---- what the customer chooses


def test_preferences_show_only_what_there_is_and_one_tap_changes_it_at_once() -> None:
    made = World(program(CAMPAIGN))
    made.order()
    made.says("/preferences")
    labels = [button.label for row in made.to_customer[-1].buttons for button in row]
    assert labels == ["Questions about purchases: on. Turn off", "Tips and news: off. Turn on", "Talk to a person"]
    made.taps("Questions about purchases")
    assert made.last.startswith("Done. I won't ask you about purchases any more.")
    assert made.consents[-1].kind == "questions"
    assert not made.consents[-1].granted
    made.order("1002")
    assert len(made.asks_sent) == 1
    assert made.told("ask main/1002")[-1] == ("cancelled", "wants no questions")


def test_a_planned_question_ends_when_questions_are_refused() -> None:
    made = World(program('[ask]\nafter = "3d"\nfrom = "paid"\n'))
    made.order()
    made.says("/preferences")
    made.taps("Questions about purchases")
    made.wait(days=4)
    assert made.asks_sent == []
    assert "ask" in made.decisions[-1].silence or made.told("ask main/1001")[-1] == ("cancelled", "wants no questions")


def test_the_invitation_comes_once_and_a_no_is_kept() -> None:
    made = World(program(CAMPAIGN + '[levels]\ndefault = "proactive"\n'))
    made.order()
    made.rates(5)
    assert "may I write to you now and then" in made.last
    made.taps("No, thanks")
    assert made.story.customer.refused == ("outreach",)
    made.order("1002")
    made.rates(5)
    assert [m.kind for m in made.to_customer if "may I write to you now and then" in m.text] == [Kind.ANSWER]


def test_saying_yes_is_proof_with_words_and_place() -> None:
    made = World(program(CAMPAIGN + '[levels]\ndefault = "proactive"\n'))
    made.order()
    made.rates(4)
    made.taps("Yes, please")
    proof = made.consents[-1]
    assert (proof.kind, proof.granted, proof.channel) == ("outreach", True, "telegram")
    assert proof.words.startswith("Thank you! I will write now and then")


def test_nobody_is_invited_where_there_is_no_campaign_or_in_a_case() -> None:
    made = World(program('[levels]\ndefault = "proactive"\n'))
    made.order()
    made.rates(5)
    assert "may I write" not in made.last
    other = World(program(CAMPAIGN + '[levels]\ndefault = "proactive"\n'))
    other.order()
    other.rates(1)
    assert not any("may I write" in message.text for message in other.to_customer)


def test_the_default_program_starts_nothing_that_nobody_defined() -> None:
    plain = parse_program("")
    assert not plain.campaign
    assert not plain.reward
    assert not plain.rewards.monthly_budget
