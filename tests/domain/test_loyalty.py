"""Rewards: disclosed, the same whatever was said, once for an occasion, within a budget, remembered before they end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.customer import Identity
from bot.domain.event import RewardDue, StepAsked
from bot.domain.gesture import GestureKind, GestureState
from bot.domain.ids import HOUSE_STAFF
from bot.domain.message import Kind, Message
from bot.domain.shelf import Coupon, Shelf
from bot.domain.standing import Standing
from tests.domain.world import World, program

MONEY = '[rewards]\nmonthly_budget = "{budget}"\nremind_before = "7d"\n'
ANSWER = '[[reward]]\nname = "thanks"\non = "answer"\namount = "5"\n'
SECOND = '[[reward]]\nname = "second"\non = "purchase 2"\namount = "10"\nvalid = "30d"\n'
YEARLY = '[[reward]]\nname = "yearly"\non = "anniversary"\namount = "10"\n'


def world(rewards: str, budget: str = "100", rules: str = "", codes: int = 9) -> World:
    made = World(program(rules + MONEY.format(budget=budget) + rewards))
    coupons = tuple(Coupon(f"CODE-{n}") for n in range(codes))
    made.house = replace(made.house, shelf=Shelf(coupons, {}, (), pooled=False))
    return made


def given(made: World) -> list[Message]:
    return [message for message in made.to_customer if message.kind is Kind.REWARD]


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_every_answer_is_thanked_with_the_same_whatever_it_says(stars: int) -> None:
    made = world(ANSWER)
    made.order()
    assert "As a thank-you you get a coupon worth €5.00, whatever you answer." in made.asks_sent[0].text
    made.rates(stars)
    (message,) = given(made)
    assert message.text.startswith(
        "Thank you for your answer, Ana. As promised, whatever you said: a coupon worth €5.00. Here is your code:\n"
        "CODE-0\nIt works once, until January 22, 2027."
    )


def test_changing_ones_mind_gives_no_second_one() -> None:
    made = world(ANSWER)
    made.order()
    made.rates(2)
    made.rates(5)
    made.says("and thanks")
    assert len(given(made)) == 1


def test_the_same_occasion_is_given_once_whatever_brings_it_again() -> None:
    made = world(ANSWER)
    made.order()
    made.rates(5)
    occasion = str(made.story.asks[-1].id)
    made.happens(RewardDue("thanks", occasion, made.now))
    made.happens(RewardDue("thanks", occasion, made.now))
    assert len(given(made)) == len(made.story.gestures) == 1


def test_nothing_is_promised_that_there_is_no_budget_for() -> None:
    made = world(ANSWER, budget="0")
    made.order()
    assert "coupon" not in made.asks_sent[0].text
    made.rates(5)
    assert given(made) == []


def test_the_second_purchase_is_rewarded_once() -> None:
    made = world(SECOND)
    made.order("1001")
    assert given(made) == []
    made.order("1002")
    assert "this was your purchase number 2 with us" in given(made)[0].text
    made.order("1003")
    made.order("1002", kind="refunded")
    made.order("1004")
    assert len(given(made)) == 1


def test_a_purchase_that_fell_through_earns_nothing() -> None:
    made = world(SECOND.replace('valid = "30d"', 'after = "2d"'))
    made.order("1001")
    made.order("1002")
    made.order("1002", kind="cancelled")
    made.wait(days=3)
    assert given(made) == []
    assert made.told("reward second")[-1] == ("not given", "refunded or cancelled")


def test_the_budget_holds_and_the_rest_waits_for_next_month() -> None:
    made = world(ANSWER, budget="7", rules='[ask]\nafter = "0s"\nmax_per_customer = "99 per 1d"\nease_off = false\n')
    for number in (1001, 1002):
        made.order(str(number))
        made.rates(5)
    assert len(given(made)) == 1
    assert made.told("reward thanks")[-1] == ("moved", "the month's budget is spent")
    made.house = replace(made.house, shelf=replace(made.house.shelf, spent={}))  # December
    made.wait(days=9)
    assert len(given(made)) == 2


def test_a_shelf_without_codes_is_looked_at_again_tomorrow() -> None:
    made = world(ANSWER, codes=0)
    made.order()
    made.rates(4)
    assert made.told("reward thanks")[-1] == ("moved", "no code in the pool")
    made.house = replace(made.house, shelf=Shelf((Coupon("LATE"),), {}, (), pooled=False))
    made.wait(days=1, minutes=1)
    assert "LATE" in given(made)[0].text


def test_what_is_given_comes_out_of_the_programs_own_budget() -> None:
    made = world(ANSWER)
    made.order()
    made.rates(1)
    assert made.house.shelf.spent == {HOUSE_STAFF: Decimal(5)}
    assert [event.type for event in made.partner_events] == ["gesture.granted"]


def test_each_year_is_remembered_once() -> None:
    made = world(YEARLY)
    made.order("1001")
    made.wait(days=364)
    assert given(made) == []
    made.wait(days=2)
    assert "on this day you first bought" in given(made)[0].text
    made.wait(days=365)
    assert len(given(made)) == 2 + 1  # and a reminder before the first one ended


def test_its_end_is_remembered_unless_it_was_used() -> None:
    made = world(SECOND)
    made.order("1001")
    made.order("1002")
    made.wait(days=24)
    assert given(made)[-1].text.startswith("Ana, a small reminder: your coupon worth €10.00 works until December 23")
    other = world(SECOND)
    other.order("1001")
    other.order("1002")
    other.story = replace(
        other.story, gestures=tuple(replace(one, redeemed_at=other.now) for one in other.story.gestures)
    )
    other.wait(days=24)
    assert len(given(other)) == 1


def test_who_wants_no_gifts_gets_none() -> None:
    made = world(ANSWER)
    made.happens(StepAsked("test", "prefer", {"kind": "gifts", "on": "no"}))
    made.order()
    assert "coupon" not in made.asks_sent[0].text
    made.rates(5)
    assert given(made) == []
    assert made.told("reward thanks")[-1] == ("not given", "wants no gifts")


def test_somebody_in_mourning_gets_the_thanks_later() -> None:
    made = world(ANSWER)
    made.order()
    made.says("my mother died, I can't think about boots")
    assert given(made) == []
    made.wait(days=91)
    assert len(given(made)) == 1


SURPRISE = '[[reward]]\nname = "express"\non = "surprise 1 in 2"\namount = "8"\ntask = "express delivery"\n'


def test_a_surprise_for_the_best_is_drawn_by_lot_within_the_budget_and_never_announced() -> None:
    made = world(SURPRISE, budget="16", rules="[escalate]\nhigh_value = false\n")
    for number in range(1001, 1013):
        made.order(str(number))
    assert made.story.gestures == ()  # not one of the best customers
    made.story = replace(made.story, standing=Standing(rank=1, of=10, top=True))
    for number in range(2001, 2021):
        made.order(str(number))
    tasks = [(one.kind, one.state, one.words.split(" (")[0]) for one in made.story.gestures]
    assert tasks == [(GestureKind.UPGRADE, GestureState.OPEN, "express delivery")] * 2
    assert ("not given", "the month's budget is spent") in made.told("reward express")
    assert not any("express" in message.text for message in made.to_customer)


def test_what_never_arrived_is_taken_back() -> None:
    made = world(ANSWER)
    made.order()
    made.rates(5)
    sent = next(out for out in made.sent if out.message.kind is Kind.REWARD)
    made.reports(sent, "unreachable", "blocked the bot")
    assert made.story.gestures[0].state is GestureState.FAILED


@pytest.mark.parametrize("stars", [1, 3, 5])
def test_the_place_to_tell_others_is_shown_for_every_sentiment(stars: int) -> None:
    made = World(program('[ask]\nafter = "0s"\nreview_link = "https://example.com/review"\n'))
    made.order()
    made.rates(stars)
    links = [message.text for message in made.to_customer if "https://example.com/review" in message.text]
    assert links == [made.story.interactions[-1].text]
    made.rates(5)
    assert len([message for message in made.to_customer if "example.com/review" in message.text]) == 1


def test_what_waits_for_a_way_to_them_is_looked_at_less_often_the_longer_it_takes() -> None:
    made = world(SECOND)
    made.linked = False
    made.story = replace(made.story, identities=made.story.identities[:1])
    made.order("1001")
    made.order("1002")
    looks = []
    for day in range(60):
        before = len(made.told("reward second"))
        made.wait(days=1)
        if len(made.told("reward second")) > before:
            looks.append(day + 1)
    assert made.told("reward second")[-1] == ("moved", "no channel")
    assert looks[:3] == [1, 2, 3]
    assert len(looks) <= 12
    made.story = replace(made.story, identities=(*made.story.identities, Identity("telegram", "700")))
    made.wait(days=35)
    assert len(given(made)) == 1
