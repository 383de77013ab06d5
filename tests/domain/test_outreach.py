"""Outreach: sent only when everything allows it, with the reason written down, and judged by what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.event import CampaignStopped, OutreachDue, StepAsked
from bot.domain.ids import EventId
from bot.domain.message import Kind, Message
from bot.domain.outreach import Outreach, OutreachState
from bot.domain.standing import Standing
from bot.program import HOLD_OUT
from tests.domain.world import KIM, World, program

TOP = Standing(rank=1, of=10, top=True)
CARE = """
[[campaign]]
name = "care"
moment = "14d after delivered"
{more}
[[campaign.variant]]
name = "plain"
words.en = "Hi {{name}}, a drop of oil keeps your {{item}} soft."
words.de = "Hallo {{name}}, ein Tropfen Öl hält {{item}} weich."
"""


def world(more: str = "", rules: str = "", *, agreed: bool = True, standing: Standing = TOP) -> World:
    made = World(program(rules + CARE.format(more=more)), standing=standing)
    if agreed:
        step(made, "prefer", kind="outreach", on="yes", words="tick box at checkout")
    return made


def step(made: World, name: str, **arguments: str) -> None:
    made.happens(StepAsked("test", name, arguments))


def plan(made: World, variant: str = "plain", occasion: str = "purchase:1", campaign: str = "care") -> None:
    """What the planner does: the piece is there, and its timer is due."""
    number = EventId(9000 + len(made.story.outreach))
    piece = Outreach(
        number, campaign, occasion, variant, OutreachState.PLANNED, made.now, made.now, "Boots"
    )  # fmt: skip
    made.story = replace(made.story, outreach=(*made.story.outreach, piece))
    made.happens(OutreachDue(campaign, occasion))


def outreach_sent(made: World) -> list[Message]:
    return [message for message in made.to_customer if message.kind is Kind.OUTREACH]


def piece(made: World, place: int = -1) -> Outreach:
    return made.story.outreach[place]


def test_a_campaign_speaks_with_name_item_and_a_way_out() -> None:
    made = world()
    plan(made)
    (message,) = outreach_sent(made)
    assert "Hi Ana, a drop of oil keeps your Boots soft." in message.text
    actions = [button.action for row in message.buttons for button in row]
    assert actions == ["useful:9000:yes", "useful:9000:no", "prefer:outreach:no", "human"]
    assert made.told("campaign care") == [("sent", "wording plain; level proactive")]


def test_words_come_in_the_customers_language() -> None:
    made = world(rules='[shop]\nlanguages = ["en", "de"]\n')
    made.story = replace(made.story, customer=replace(made.story.customer, locale="de-AT"))
    plan(made)
    assert "Hallo Ana, ein Tropfen Öl hält Boots weich." in outreach_sent(made)[0].text


def test_without_a_name_no_gap_is_left() -> None:
    made = world()
    made.story = replace(made.story, customer=replace(made.story.customer, name=""))
    plan(made)
    assert outreach_sent(made)[0].text.startswith("Hi, a drop of oil")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"agreed": ()}, "did not agree to outreach"),
        ({"refused": ("outreach",)}, "wants none"),
        ({"level": "accountable"}, "level accountable (set for this customer)"),
        ({"opted_out_at": datetime(2026, 11, 1, tzinfo=UTC)}, "opted out"),
        ({"care_until": datetime(2027, 1, 1, tzinfo=UTC), "care_why": "grave words"}, "grave words"),
    ],
)
def test_what_stands_against_it_for_good_is_the_reason(change: dict[str, object], reason: str) -> None:
    made = world()
    made.story = replace(made.story, customer=replace(made.story.customer, **change))  # type: ignore[arg-type]
    plan(made)
    assert outreach_sent(made) == []
    assert made.told("campaign care")[-1] == ("skipped", reason)


def test_service_about_what_they_bought_needs_no_consent_to_outreach_but_can_be_refused() -> None:
    made = world("service = true", agreed=False)
    plan(made)
    assert len(outreach_sent(made)) == 1
    made.taps("No more")
    plan(made, occasion="purchase:2")
    assert len(outreach_sent(made)) == 1


def test_a_joint_offer_says_who_stands_behind_it_and_needs_its_own_consent() -> None:
    made = world('partner = "Cobbler & Sons"')
    step(made, "level", level="partnership")
    plan(made)
    assert made.told("campaign care")[-1] == ("skipped", "did not agree to partners' offers")
    step(made, "prefer", kind="partners", on="yes", words="yes to partners")
    plan(made, occasion="purchase:2")
    assert "together with Cobbler & Sons, who is our partner" in outreach_sent(made)[0].text


def test_below_partnership_there_are_no_joint_offers() -> None:
    made = world('partner = "Cobbler & Sons"')
    step(made, "prefer", kind="partners", on="yes", words="yes to partners")
    plan(made)
    assert made.told("campaign care")[-1] == ("skipped", "level proactive (top customer)")


def test_asks_and_outreach_share_one_limit() -> None:
    made = world(rules='[outreach]\nmax_per_customer = "2 per 5d"\n')
    made.order("1001")
    made.order("1002")
    assert len(made.asks_sent) == 2
    plan(made)
    assert outreach_sent(made) == []
    assert made.told("campaign care")[-1] == ("moved", "contacted recently")


def test_an_ask_waits_when_outreach_has_used_the_limit() -> None:
    made = world(rules='[outreach]\nmax_per_customer = "1 per 10d"\n')
    plan(made)
    made.order("1001")
    assert made.asks_sent == []
    assert made.told("ask main/1001")[-1] == ("moved", "contacted recently")
    made.wait(days=10, seconds=1)
    assert len(made.asks_sent) == 1


def test_nothing_is_begun_while_a_case_is_open_nor_soon_after() -> None:
    made = world(rules='[outreach]\ncool_down = "2d"\n[escalate]\nhigh_value = false\n[desk]\nfollow_up_after = "9d"\n')
    made.says("it broke, this is terrible")
    made.story = replace(made.story, customer=replace(made.story.customer, care_until=None))
    plan(made)
    assert made.told("campaign care")[-1] == ("moved", "open case")
    made.agent(KIM, "/claim")
    made.presses(KIM, "resolve")
    made.wait(days=1, minutes=1)
    assert made.told("campaign care")[-1] == ("moved", "soon after a case")
    made.wait(days=2)
    assert len(outreach_sent(made)) == 1


@pytest.mark.parametrize(
    ("rules", "days"),
    [('after = "3d"', 3), ('after = "1d"', 1), ('after = "1d"\ncool_down = "5d"', 5), ('after = "0s"', 0)],
)
def test_nobody_is_asked_soon_after_a_case(rules: str, days: int) -> None:
    text = f'[ask]\n{rules}\nreminder = false\n[escalate]\nhigh_value = false\n[desk]\nfollow_up_after = "0s"\n'
    made = World(program(f'{text}[levels]\ndefault = "accountable"\n'))
    made.says("it broke, this is terrible")
    made.agent(KIM, "/claim")
    made.order("1001", "delivered")
    made.order("1001")
    made.wait(days=20)
    assert made.asks_sent == []
    ended = made.now
    made.presses(KIM, "resolve")
    made.order("1002", "delivered")
    made.order("1002")
    made.wait(days=30)
    assert made.asks_sent
    sent = [ask.sent_at for ask in made.story.asks if ask.sent_at]
    assert min(at - ended for at in sent) == timedelta(days=days)


def test_angry_words_stop_all_outreach_for_a_while_and_bring_a_person() -> None:
    made = world(rules='[outreach]\ncalm = "30d"\ncool_down = "0s"\n')
    made.says("this is terrible, the worst shop ever, I hate it")
    assert made.case.is_open
    assert made.story.customer.care_why == "angry words"
    made.agent(KIM, "/claim")
    made.presses(KIM, "resolve")
    plan(made)
    assert outreach_sent(made) == []
    assert made.told("campaign care")[-1] == ("skipped", "angry words")
    made.wait(days=31)
    plan(made, occasion="purchase:2")
    assert len(outreach_sent(made)) == 1


@pytest.mark.parametrize("words", ["my father died last week", "my son is in hospital because of it"])
def test_mourning_and_illness_stop_all_outreach_and_bring_a_person(words: str) -> None:
    made = world()
    made.says(words)
    plan(made)
    assert made.case.is_open
    assert outreach_sent(made) == []
    assert made.told("campaign care")[-1][0] == "skipped"
    assert any(did == "paused" for did, _ in made.told("outreach"))


def test_quiet_hours_and_holidays_are_those_of_the_customers_place() -> None:
    made = world(rules='[quiet]\nfrom = "21:00"\nuntil = "08:00"\n')
    made.story = replace(made.story, customer=replace(made.story.customer, timezone="Europe/Paris"))
    made.now = datetime(2026, 12, 24, 22, 0, tzinfo=UTC)  # 23:00 in Paris
    plan(made)
    assert made.told("campaign care")[-1] == ("moved", "quiet hours")
    made.wait(hours=10)  # the morning of Christmas Day, a holiday in France
    assert made.told("campaign care")[-1] == ("moved", "public holiday")
    made.wait(days=1, hours=2)
    assert len(outreach_sent(made)) == 1
    assert piece(made).sent_at == datetime(2026, 12, 26, 9, 0, tzinfo=UTC)


def test_what_cannot_be_said_in_a_week_is_not_said_any_more() -> None:
    made = world(rules='[outreach]\nmax_per_customer = "1 per 30d"\n')
    plan(made)
    plan(made, occasion="purchase:2")
    assert made.told("campaign care")[-1] == ("skipped", "too late: contacted recently")


def test_the_hold_out_passes_the_same_checks_and_gets_nothing() -> None:
    made = world()
    plan(made, variant=HOLD_OUT)
    assert outreach_sent(made) == []
    assert piece(made).state is OutreachState.HELD
    made.wait(days=7, seconds=1)
    assert piece(made).state is OutreachState.CLOSED


def test_a_stopped_campaign_sends_nothing_more() -> None:
    made = world()
    made.house = replace(made.house, stopped={"care": "more people ask for no more"})
    plan(made)
    assert made.told("campaign care")[-1] == ("skipped", "campaign stopped: more people ask for no more")


def test_managers_hear_that_a_campaign_stopped() -> None:
    made = world()
    made.happens(CampaignStopped("care", "3 of 20"))
    (told,) = [out.message for out in made.sent if out.message.arguments.get("to") == "9"]
    assert "“care” has stopped: 3 of 20" in told.text


def test_one_tap_tells_that_it_was_useful() -> None:
    made = world(rules="[escalate]\nhigh_value = false\n")
    plan(made)
    made.taps("useful:9000:yes")
    assert (piece(made).liked, piece(made).succeeded("answer")) == (True, True)
    made.wait(days=8)
    assert made.told("campaign care")[-1] == ("closed", "reached its goal")


def test_a_thumb_down_is_no_success() -> None:
    made = world()
    plan(made)
    made.taps("useful:9000:no")
    assert not piece(made).succeeded("answer")


def test_leaving_counts_against_it_at_once() -> None:
    made = world()
    plan(made)
    made.says("/stop")
    assert piece(made).opted_out_at == made.now
    assert not piece(made).succeeded("answer")
    made.says("/resume")
    assert made.story.customer.agreed == ()


def test_an_unhappy_answer_is_no_success_and_a_worse_mood() -> None:
    made = world()
    plan(made)
    made.says("stop it, this is awful and I hate it")
    assert piece(made).unhappy_after
    assert not piece(made).succeeded("answer")


def test_a_purchase_in_the_window_counts() -> None:
    made = world('goal = "purchase"')
    plan(made)
    made.wait(days=2)
    made.order("1002")
    assert piece(made).succeeded("purchase")


def test_after_the_window_nothing_counts_any_more() -> None:
    made = world('goal = "purchase"')
    plan(made)
    made.wait(days=8)
    made.order("1002")
    assert not piece(made).succeeded("purchase")


def test_what_never_arrived_is_not_counted() -> None:
    made = world()
    plan(made)
    made.reports(made.sent[-1], "unreachable", "blocked the bot")
    assert (piece(made).state, piece(made).why) == (OutreachState.SKIPPED, "not delivered: blocked the bot")


def test_winning_back_falls_away_when_they_bought_meanwhile() -> None:
    made = World(program(CARE.replace("14d after delivered", "lapse 60%").format(more="")), standing=TOP)
    step(made, "prefer", kind="outreach", on="yes", words="yes")
    number = EventId(9000)
    due = made.now + timedelta(days=1)
    made.story = replace(
        made.story,
        outreach=(Outreach(number, "care", "after:1", "plain", OutreachState.PLANNED, made.now, due, "Boots"),),
    )
    made.wait(hours=1)
    made.order("1002")
    made.now = due
    made.happens(OutreachDue("care", "after:1"))
    assert made.told("campaign care")[-1] == ("skipped", "bought meanwhile")


def test_an_old_round_of_its_timer_does_nothing() -> None:
    made = world()
    plan(made)
    made.happens(OutreachDue("care", "purchase:1", 0))
    made.happens(OutreachDue("care", "purchase:1", 3))
    assert len(outreach_sent(made)) == 1


# ---- asking less of those who rarely answer


def test_who_rarely_answers_is_asked_less_and_an_answer_ends_that() -> None:
    rules = '[ask]\nafter = "0s"\nreminder = false\nexpires_after = "7d"\nmax_per_customer = "1 per 7d"\n'
    made = World(program(rules))
    for number in (1001, 1002):
        made.order(str(number))
        made.wait(days=8)
    assert len(made.asks_sent) == 2
    made.order("1003")
    assert made.told("ask main/1003")[-1] == ("moved", "rarely answers")
    made.wait(days=7)
    assert len(made.asks_sent) == 3
    made.rates(5)
    made.wait(days=8)
    made.order("1004")
    assert len(made.asks_sent) == 4


def test_easing_off_can_be_switched_off() -> None:
    rules = (
        '[ask]\nafter = "0s"\nreminder = false\nexpires_after = "3d"\nmax_per_customer = "1 per 7d"\nease_off = false\n'
    )
    made = World(program(rules))
    for number in range(1001, 1005):
        made.order(str(number))
        made.wait(days=8)
    assert len(made.asks_sent) == 4
