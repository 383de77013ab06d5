"""Campaigns over the database: chosen and planned in a few statements, once, and counted as they come out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from bot.commands.giving import read_ledger
from bot.domain.decide import decide
from bot.domain.event import (
    ByCustomer,
    BySender,
    Event,
    RewardDue,
    Said,
    Sender,
    StepAsked,
)
from bot.domain.ids import CustomerId
from bot.domain.interaction import Feedback
from bot.domain.message import Kind
from bot.domain.money import Money
from bot.domain.outreach import OutreachState
from bot.domain.story import Decision, House, Story
from bot.program import HOLD_OUT, Program, parse_program
from sentiment import named_scorer
from storage.campaigns import choose, plan
from storage.database import Database
from tests.storage.conftest import Opener
from tests.storage.steps import ANA, BEN, DAY, SECRET, T0, Rules, accept, incoming, order, said, turn_all

CARE = """
[quiet]
enabled = false
[outreach]
holidays = false
max_per_customer = "9 per 1d"
[levels]
default = "proactive"
[value]
least_customers = 2
{rules}
[[campaign]]
name = "care"
moment = "{moment}"
{more}
[campaign.audience]
{audience}
[[campaign.variant]]
name = "plain"
words.en = "Oil them."
[[campaign.variant]]
name = "warm"
words.en = "Dear {{name}}, oil them."
"""


def program(
    moment: str = "14d after delivered", more: str = "hold_out = 0.0", audience: str = "", rules: str = ""
) -> Program:
    return parse_program(CARE.format(moment=moment, more=more, audience=audience, rules=rules))


def real(rules: Program, at: timedelta = timedelta(0)) -> Rules:
    def decided(story: Story, event: Event, house: House) -> Decision:
        return decide(story, event, None, house, rules, T0 + at)

    return decided


def someone(number: int) -> Sender:
    return Sender("telegram", str(7000 + number), f"Person {number}")


async def people(db: Database, rules: Program, count: int, *, agree: bool = True) -> list[CustomerId]:
    """Customers with a chat, who agreed to outreach, and whose first order was delivered at T0."""
    found = [one.customer for one in await accept(db, *(said("hi", someone(n)) for n in range(count)))]
    asked = StepAsked("test", "prefer", {"kind": "outreach", "on": "yes", "words": "yes"})
    await accept(db, *(incoming(asked, ByCustomer(who)) for who in found if agree))
    await turn_all(db, T0, real(rules))
    for who in found:
        await buys(db, rules, who)
    return found


async def buys(
    db: Database, rules: Program, who: CustomerId, name: str = "", at: timedelta = timedelta(0), **extra: object
) -> None:
    for kind in ("paid", "delivered"):
        reported = order(name or f"o-{who}", kind=kind, at=T0 + at, extra=dict(extra)).payload
        await accept(db, incoming(reported, ByCustomer(who), f"{name or who}:{kind}", at=T0 + at), now=T0 + at)
    await turn_all(db, T0 + at, real(rules, at))


async def run_until(db: Database, rules: Program, at: timedelta) -> None:
    await turn_all(db, T0 + at, real(rules, at))


async def plans(db: Database, at: timedelta) -> int:
    return await db.plan_campaigns(T0 + at, T0 + at + timedelta(hours=1))


async def test_everybody_whose_moment_came_gets_it_once_however_often_is_planned(opened: Opener) -> None:
    rules = program()
    db, other = await opened(rules), await opened(rules)
    found = await people(db, rules, 5)
    assert await plans(db, 13 * DAY) == 0
    assert await plans(db, 14 * DAY) == 5
    assert await plans(other, 14 * DAY) == 0
    assert await plans(db, 16 * DAY) == 0
    await run_until(db, rules, 14 * DAY)
    sent = [row for row in await db.claim("telegram", 99, T0 + 14 * DAY) if row.message.kind is Kind.OUTREACH]
    assert sorted(row.customer for row in sent) == sorted(found)
    states = [(await db.outreach_of(who))[0].state for who in found]
    assert set(states) == {OutreachState.SENT}


async def test_two_planners_at_once_plan_each_person_once(opened: Opener) -> None:
    rules = program()
    db, other = await opened(rules), await opened(rules)
    await people(db, rules, 4)
    views = [await one._view(T0 + 14 * DAY) for one in (db, other)]
    until = T0 + 14 * DAY
    looks = [
        await one._engine.read(choose, rules.campaign[0], view, until, SECRET, None)
        for one, view in zip((db, other), views, strict=True)
    ]
    assert [len(look.taken) for look in looks] == [4, 4]
    written = [
        await one._engine.write(plan, rules.campaign[0], look.taken, SECRET, Random(1), T0 + 14 * DAY)
        for one, look in zip((db, other), looks, strict=True)
    ]
    assert written == [4, 0]


async def test_a_wording_is_for_good(opened: Opener) -> None:
    rules = program("2d after delivered")
    db = await opened(rules)
    found = await people(db, rules, 6)
    await plans(db, 2 * DAY)
    for number in (1, 2, 3):
        for who in found:
            await buys(db, rules, who, f"again-{who}-{number}", number * 3 * DAY)
        await plans(db, (number * 3 + 2) * DAY)
    theirs = [[one.variant for one in await db.outreach_of(who)] for who in found]
    assert [len(variants) for variants in theirs] == [4] * 6
    assert [len(set(variants)) for variants in theirs] == [1] * 6


async def test_the_hold_out_is_the_share_that_was_asked_for_and_gets_nothing(opened: Opener) -> None:
    rules = program(more="hold_out = 0.5")
    db = await opened(rules)
    found = await people(db, rules, 40)
    await plans(db, 14 * DAY)
    await run_until(db, rules, 14 * DAY)
    held = [one for who in found for one in await db.outreach_of(who) if one.variant == HOLD_OUT]
    assert 8 < len(held) < 32
    assert {one.state for one in held} == {OutreachState.HELD}
    sent = [row for row in await db.claim("telegram", 99, T0 + 14 * DAY) if row.message.kind is Kind.OUTREACH]
    assert len(sent) == 40 - len(held)


async def test_the_days_limit_spreads_a_campaign_over_days(opened: Opener) -> None:
    rules = program("on 2026-12-01", more="hold_out = 0.0\nper_day = 2")
    db = await opened(rules)
    await people(db, rules, 5)
    days = [await plans(db, number * DAY) for number in (8, 9, 10, 11)]
    assert days == [0, 2, 2, 1]


async def test_who_comes_late_in_the_queue_of_a_fixed_day_is_spoken_to_all_the_same(opened: Opener) -> None:
    rules = program("on 2026-12-01", more="hold_out = 0.0\nper_day = 1")
    db = await opened(rules)
    found = await people(db, rules, 12)
    for day in range(9, 21):
        assert await plans(db, day * DAY) == 1
        await run_until(db, rules, day * DAY)
    states = [(await db.outreach_of(who))[0].state for who in found]
    assert states.count(OutreachState.SENT) + states.count(OutreachState.CLOSED) == 12


async def test_only_the_audience_is_meant(opened: Opener) -> None:
    rules = program("now", audience='items = ["BOOTS"]\nleast_orders = 2\ntold = ["zipper"]')
    db = await opened(rules)
    found = await people(db, rules, 3)
    await buys(db, rules, found[0], "second")
    await buys(db, rules, found[1], "third")
    row = rules.campaign[0]
    view = await db.preview_campaign(row, T0, T0 + DAY)
    assert (len(view.lines), view.outside) == (0, 3)
    await accept(db, said("the zipper broke", someone(0)))
    batch = await db.due(64, T0, "test")
    async with db.turn(batch, T0) as turn:
        for event in turn.events:
            verdict = named_scorer("rules").score(["the zipper broke"])[0]
            turn.decided(event, decide(turn.story(event.customer), event, verdict, turn.house, rules, T0))
    view = await db.preview_campaign(row, T0, T0 + DAY)
    assert [line.customer for line in view.lines] == [found[0]]
    assert view.lines[0].why == "angry words"


async def test_a_preview_says_who_and_why_not_and_writes_nothing(opened: Opener) -> None:
    rules = program()
    db = await opened(rules)
    asked = await people(db, rules, 3)
    await accept(db, incoming(StepAsked("test", "level", {"level": "basic"}), ByCustomer(asked[0])))
    await accept(db, incoming(StepAsked("test", "prefer", {"kind": "outreach", "on": "no"}), ByCustomer(asked[1])))
    await run_until(db, rules, timedelta(0))
    view = await db.preview_campaign(rules.campaign[0], T0 + 9 * DAY, T0 + 15 * DAY)
    assert [(line.customer, line.at, line.why) for line in view.lines] == [(asked[2], T0 + 14 * DAY, "")]
    assert view.refused == {"level basic (set for this customer)": 1, "wants none": 1}
    assert await db.outreach_of(asked[2]) == []


async def test_asks_to_come_are_foreseen_with_the_rules_that_will_decide(opened: Opener) -> None:
    rules = program(rules='[ask]\nafter = "3d"\n')
    db = await opened(rules)
    found = await people(db, rules, 2)
    await accept(db, said("/stop", someone(1)))
    await run_until(db, rules, timedelta(0))
    lines = await db.preview_asks(T0 + DAY, T0 + 8 * DAY)
    assert [(line.customer, line.about, line.why) for line in lines] == [(found[0], f"ask main/o-{found[0]}", "")]


async def test_results_are_counted_per_wording_as_windows_close(opened: Opener) -> None:
    rules = program(more='hold_out = 0.0\nwindow = "7d"')
    db = await opened(rules)
    found = await people(db, rules, 6)
    await plans(db, 14 * DAY)
    await run_until(db, rules, 14 * DAY)
    await accept(db, said("nice, thank you", someone(0)), said("/stop", someone(1)), now=T0 + 15 * DAY)
    await run_until(db, rules, 15 * DAY)
    (row,) = await db.campaigns()
    assert sum(one.out for one in row.results.values()) == 6
    assert sum(one.closed for one in row.results.values()) == 0
    assert sum(one.left for one in row.results.values()) == 1
    await run_until(db, rules, 21 * DAY + DAY)
    (row,) = await db.campaigns()
    assert sum(one.closed for one in row.results.values()) == 6
    assert sum(one.won for one in row.results.values()) == 1
    assert (await db.outreach_of(found[0]))[0].why == "reached its goal"


async def test_a_campaign_that_people_flee_stops_itself_and_starts_again_only_by_hand(opened: Opener) -> None:
    rules = program(more="hold_out = 0.3")
    db = await opened(rules)
    found = await people(db, rules, 80)
    await plans(db, 14 * DAY)
    await run_until(db, rules, 14 * DAY)
    assert await db.stop_harmful(T0 + 14 * DAY) == []
    states = [(await db.outreach_of(who))[0].state for who in found]
    spoken = [n for n, state in enumerate(states) if state is OutreachState.SENT]
    fleeing = spoken[: len(spoken) // 3]
    await accept(db, *(said("/stop", someone(n)) for n in fleeing), now=T0 + 15 * DAY)
    await run_until(db, rules, 15 * DAY)
    ((name, why),) = await db.stop_harmful(T0 + 15 * DAY)
    assert name == "care"
    assert why.startswith(f"more people ask for no more: {len(fleeing)} of {len(spoken)} against 0 of")
    assert await db.stop_harmful(T0 + 15 * DAY) == []
    assert await plans(db, 15 * DAY) == 0
    (row,) = await db.campaigns()
    assert row.stopped == why
    assert await db.start_campaign("care", T0 + 16 * DAY)
    assert await db.stop_harmful(T0 + 16 * DAY) == []
    assert not await db.start_campaign("care", T0 + 16 * DAY)


async def test_a_message_made_by_hand_runs_like_the_programs_own(opened: Opener) -> None:
    rules = parse_program("[quiet]\nenabled = false\n[outreach]\nholidays = false")
    db = await opened(rules)
    found = await people(db, rules, 3)
    made = {"name": "sorry", "moment": "now", "hold_out": 0.0, "variant": [{"name": "a", "words": {"en": "Sorry!"}}]}
    assert await db.add_campaign(made, T0)
    assert not await db.add_campaign(made, T0)
    assert await plans(db, timedelta(0)) == 3
    await run_until(db, rules, timedelta(0))
    assert [one.state for who in found for one in await db.outreach_of(who)] == [OutreachState.SENT] * 3
    (row,) = await db.campaigns()
    assert (row.by_hand, row.results["a"].out) == (True, 3)


async def test_winning_back_needs_enough_people_to_learn_from(opened: Opener) -> None:
    rules = program("lapse 50%")
    db = await opened(rules)
    found = await people(db, rules, 3)
    assert await plans(db, 200 * DAY) == 0
    regulars = await people(db, rules, 30)
    for number in range(1, 6):
        for who in regulars:
            await buys(db, rules, who, f"r-{who}-{number}", number * 10 * DAY)
    assert await plans(db, 60 * DAY) == 0  # nobody is late yet
    assert await plans(db, 300 * DAY) > 0
    assert found


async def test_why_tells_every_step_and_goes_with_the_person(opened: Opener) -> None:
    rules = program()
    db = await opened(rules)
    (who,) = await people(db, rules, 1)
    await plans(db, 14 * DAY)
    await run_until(db, rules, 14 * DAY)
    told = [(line.about, line.did) for line in await db.why(who)]
    assert ("preference outreach", "agreed") in told
    assert (f"ask main/o-{who}", "planned") in told
    assert ("campaign care", "sent") in told
    export = await db.export(who)
    assert export is not None
    assert [line["did"] for line in export["why"]] == [did for _, did in told]
    assert export["outreach"][0]["campaign"] == "care"
    assert export["customer"]["agreed"] == ["outreach"]
    await db.forget(who, T0 + 15 * DAY, SECRET)
    assert await db.why(who) == []
    assert await db.outreach_of(who) == []
    (row,) = await db.campaigns()
    assert sum(one.out for one in row.results.values()) == 1  # the figures stay


async def test_a_merge_keeps_what_either_refused(opened: Opener) -> None:
    rules = program()
    db = await opened(rules)
    ana, ben = [one.customer for one in await accept(db, said("hi", ANA), said("hi", BEN))]
    yes = StepAsked("test", "prefer", {"kind": "outreach", "on": "yes", "words": "yes"})
    no = StepAsked("test", "prefer", {"kind": "outreach", "on": "no"})
    await accept(db, incoming(yes, ByCustomer(ana)), incoming(no, ByCustomer(ben)))
    await run_until(db, rules, timedelta(0))
    await db.merge(ana, ben, T0)
    story = await db.story(ana, T0)
    assert story is not None
    assert (story.customer.agreed, story.customer.refused) == ((), ("outreach",))


# ---- rewards


REWARDS = """
[quiet]
enabled = false
[gifts]
rule = "{rule}"
[rewards]
monthly_budget = "15"
[[reward]]
name = "second"
on = "purchase 2"
amount = "10"
"""


@pytest.mark.parametrize("rule", ["random", "pool"])
async def test_a_reward_is_given_once_within_the_budget_and_redeemed_by_the_order(opened: Opener, rule: str) -> None:
    rules = parse_program(REWARDS.format(rule=rule))
    db = await opened(rules)
    await db.import_codes(["TEN-1", "TEN-2"], Money(Decimal(10), "EUR"), None, T0)
    found = await people(db, rules, 2, agree=False)
    for who in found:
        await buys(db, rules, who, f"second-{who}")
        again = RewardDue("second", "whatever", T0)
        await accept(db, incoming(again, ByCustomer(who)), incoming(again, ByCustomer(who)))
    await run_until(db, rules, timedelta(0))
    gestures = await db.gestures(T0 - DAY, T0 + DAY)
    assert len(gestures) == 1  # the second one would be over the month's 15
    (one,) = gestures
    assert (one.reason.split(":")[0], one.staff, one.redeemed_at) == ("second", 0, None)
    assert (one.code == "TEN-1") == (rule == "pool")
    (program,) = (await read_ledger(db, rules, T0)).agents
    assert (program.name, program.spent, program.left) == ("Our shop", Decimal(10), Decimal(5))
    await buys(db, rules, found[1], "with-code", DAY, discount_codes=[{"code": one.code, "amount": "10.00"}])
    (one,) = await db.gestures(T0 - DAY, T0 + DAY)
    assert one.redeemed_at == T0 + DAY
    moved = [line.reason for line in await db.why(found[1]) if line.about == "reward second"]
    assert "the month's budget is spent" in moved


async def test_counts_of_variants_follow_the_better_one(opened: Opener) -> None:
    rules = program("0s after paid", more='hold_out = 0.0\nwindow = "1d"')
    db = await opened(rules)
    found = await people(db, rules, 60)
    await plans(db, timedelta(0))
    await run_until(db, rules, timedelta(0))
    wordings = [(await db.outreach_of(who))[0].variant for who in found]
    happy = [n for n, wording in enumerate(wordings) if wording == "warm"]
    await accept(db, *(incoming(Said(someone(n), "thanks"), BySender(someone(n))) for n in happy))
    await run_until(db, rules, timedelta(0))
    await run_until(db, rules, 2 * DAY)
    later = [one.customer for one in await accept(db, *(said("hi", someone(100 + n)) for n in range(60)))]
    yes = StepAsked("test", "prefer", {"kind": "outreach", "on": "yes", "words": "yes"})
    await accept(db, *(incoming(yes, ByCustomer(who)) for who in later))
    await run_until(db, rules, 2 * DAY)
    for who in later:
        await buys(db, rules, who, f"later-{who}", 2 * DAY)
    await plans(db, 2 * DAY)
    drawn = Counter([(await db.outreach_of(who))[0].variant for who in later])
    assert drawn["warm"] > 55


async def test_what_they_complained_about_lately_is_part_of_an_audience(db: Database) -> None:
    rules = program("now", audience='topics = ["delivery"]\ntold_within = "2d"')
    unhappy = program("now", audience='unhappy = true\ntold_within = "2d"')
    names = ("late", "praise", "long ago", "other", "calm now")
    found = dict(zip(names, await people(db, rules, len(names)), strict=True))

    async def told(name: str, at: timedelta, topics: tuple[tuple[str, float], ...], *, sad: bool) -> None:
        def remembered(story: Story, event: Event, house: House) -> Decision:
            if not isinstance(event.payload, Said):
                return Decision(story)
            one = Feedback(T0 + at, None, None, "words", "", -0.5, 0.5, sad, "telegram", topics)
            return Decision(story, feedback=(one,))

        await accept(db, incoming(Said(someone(0), "words"), ByCustomer(found[name])), now=T0 + at)
        await turn_all(db, T0 + at, remembered)

    await told("late", 9 * DAY, (("delivery", -0.7), ("price", 0.4)), sad=True)
    await told("praise", 9 * DAY, (("delivery", 0.7),), sad=False)
    await told("long ago", 7 * DAY, (("delivery", -0.7),), sad=True)
    await told("other", 9 * DAY, (("price", -0.7),), sad=False)
    await told("calm now", 9 * DAY, (), sad=True)
    await told("calm now", 9 * DAY + timedelta(hours=1), (), sad=False)
    for one, meant in ((rules, ["late"]), (unhappy, ["calm now", "late"])):
        (campaign,) = one.campaign
        preview = await db.preview_campaign(campaign, T0 + 10 * DAY, T0 + 10 * DAY)
        numbers = {number: name for name, number in found.items()}
        assert sorted(numbers[line.customer] for line in preview.lines) == meant
        assert preview.outside == len(names) - len(meant)
