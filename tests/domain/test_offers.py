"""To whom a case is offered, in which order, and what happens when nobody takes it or somebody leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseState, Rung
from bot.domain.customer import Holder
from bot.domain.event import Said
from bot.domain.ids import CaseId, StaffId
from bot.domain.message import Kind, Mention, Message, Side
from bot.domain.presence import Absence, absence, parse_until, presence_words
from bot.domain.routing import Need, choose
from bot.domain.staff import Role, Staff
from bot.domain.story import OpenCase
from tests.domain.world import BORIS, CHAT, KIM, MONDAY_NOON, STAFF, World, program

HOURS = '[sla]\nhours = "Mon-Sun 00:00-00:00"\nfirst_reply = "6h"\n'


def unhappy(text: str = "", words: str = "it broke after two days, I want a refund") -> World:
    world = World(program(HOURS + text))
    world.order()
    world.says(words)
    assert world.case.is_open
    return world


def card(world: World) -> Message:
    return next(m for m in reversed(world.to_desk) if m.card is not None)


def offer(world: World) -> str:
    shown = card(world).card
    assert shown is not None
    return shown.offer


def rung(world: World) -> Rung:
    return world.case.rung


def notices(world: World) -> list[str]:
    return [m.text for m in world.to_desk if m.kind is Kind.NOTICE]


def person(number: int, name: str, **more: object) -> Staff:
    return Staff(StaffId(number), "telegram", str(number), name, frozenset({Role.AGENT}), **more)  # type: ignore[arg-type]


# ---- choosing


def chosen(need: Need, *people: Staff, text: str = "", held: dict[StaffId, int] | None = None) -> tuple[str, str]:
    found = choose(need, people, held or {}, "telegram", program(HOURS + text), MONDAY_NOON)
    return (found.staff.name, found.why) if found else ("", "")


def test_the_agent_whom_the_customer_knows_comes_first_even_with_full_hands() -> None:
    ana, ben = person(1, "Ana"), person(2, "Ben", languages=("fr",), skills=("refund",))
    need = Need("fr", frozenset({"refund"}), knows=StaffId(1))
    assert chosen(need, ana, ben, held={StaffId(1): 99}) == ("Ana", "knows")
    away = replace(ana, away_since=MONDAY_NOON)
    assert chosen(need, away, ben) == ("Ben", "skill")


def test_then_language_then_skill_then_whose_turn_it_is() -> None:
    ana, ben = person(1, "Ana", offered_at=MONDAY_NOON), person(2, "Ben", languages=("de", "en"))
    cleo = person(3, "Cleo", languages=("de",), skills=("Returns",), offered_at=MONDAY_NOON)
    everybody = (ana, ben, cleo)
    assert chosen(Need(), *everybody) == ("Ben", "next")
    assert chosen(Need("de"), ana, ben) == ("Ben", "language")
    assert chosen(Need("de", frozenset({"return"})), *everybody) == ("Cleo", "skill")
    assert chosen(Need("en", frozenset({"return"})), *everybody) == ("Ben", "language")  # Cleo speaks no English
    assert chosen(Need("pt"), *everybody) == ("Ben", "next")  # nobody speaks it: then anybody


def test_what_the_program_says_of_a_person_counts_too() -> None:
    text = '[agents."telegram:2"]\nlanguages = ["de"]\ncapacity = 1\n[agents."telegram:1"]\nhours = "Tue 09:00-18:00"\n'
    ana, ben, cleo = person(1, "Ana"), person(2, "Ben"), person(3, "Cleo", offered_at=MONDAY_NOON)
    assert chosen(Need("de"), ana, ben, cleo, text=text) == ("Ben", "language")
    assert chosen(Need("de"), ana, ben, cleo, text=text, held={StaffId(2): 1}) == ("Cleo", "next")
    assert chosen(Need(), ana, text=text) == ("", "")


def test_full_hands_get_nothing_more() -> None:
    ana, ben = person(1, "Ana"), person(2, "Ben", offered_at=MONDAY_NOON)
    text = "[routing]\ncapacity = 2\n"
    assert chosen(Need(), ana, ben, text=text, held={StaffId(1): 1}) == ("Ana", "next")
    assert chosen(Need(), ana, ben, text=text, held={StaffId(1): 2}) == ("Ben", "next")
    assert chosen(Need(), ana, ben, text=text, held={StaffId(1): 2, StaffId(2): 3}) == ("", "")


def test_managers_and_people_of_other_desks_are_not_the_first_to_be_asked() -> None:
    manager = replace(person(1, "Mona"), roles=frozenset({Role.MANAGER}))
    slack = replace(person(2, "Sal"), channel="slack")
    owner = Staff(StaffId(3), "console", "owner", "Owner", frozenset(Role))
    assert chosen(Need(), manager, slack, owner) == ("", "")


# ---- the card and the ladder


def test_the_card_names_and_rings_the_one_it_is_offered_to() -> None:
    world = unhappy()
    assert offer(world) == "offered to Kim: is next"
    assert card(world).card.mention == Mention("1", "Kim", "telegram")  # type: ignore[union-attr]
    assert "angry" in card(world).card.urgency or "unhappy" in card(world).card.urgency  # type: ignore[union-attr]
    assert world.house.staff["telegram", "1"].offered_at == world.now


def test_cases_go_round() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.presses(KIM, "resolve")
    world.wait(days=10)
    world.story = replace(world.story, cases=())
    world.says("it broke again, I want a refund")
    assert offer(world) == "offered to Boris: is next"


def test_a_case_that_nobody_claims_climbs_and_each_step_comes_once() -> None:
    world = unhappy('[routing]\nto_all_after = "5m"\nto_manager_after = "15m"\n')
    world.wait(minutes=4)
    assert rung(world) is Rung.AGENT
    world.wait(minutes=2)
    assert (world.case.rung, world.case.offered_to, offer(world)) == (Rung.ALL, None, "for everybody")
    world.wait(minutes=10)
    assert rung(world) is Rung.MANAGER
    last = next(m for m in reversed(world.to_desk) if m.kind is Kind.NOTICE)
    assert last.text == "Mona, still nobody has claimed this. Ana Duarte waits 15 min."
    assert last.mentions == (Mention("9", "Mona", "telegram"),)
    world.wait(days=2)
    assert sum("nobody has claimed" in text.lower() for text in notices(world)) == 2


@pytest.mark.parametrize("who", [KIM, BORIS])
def test_anybody_may_claim_and_that_ends_the_climbing(who: object) -> None:
    world = unhappy()
    world.presses(who, "claim")  # type: ignore[arg-type]
    assert (world.case.rung, world.case.offered_to, offer(world)) == (Rung.NONE, None, "")
    world.wait(hours=2)
    assert not any("laimed this" in text for text in notices(world))


def test_nobody_free_means_everybody_at_once() -> None:
    world = unhappy("[routing]\ncapacity = 1\n")
    world.house.cases.clear()
    for number, staff in ((901, 1), (902, 2)):
        world.house.cases[CaseId(number)] = OpenCase(50, MONDAY_NOON, StaffId(staff))
    world.presses(KIM, "claim")
    world.presses(KIM, "handback")
    assert (world.case.rung, offer(world)) == (Rung.ALL, "for everybody")


def test_offers_can_be_switched_off() -> None:
    world = unhappy("[routing]\nenabled = false\n")
    assert (world.case.rung, offer(world)) == (Rung.NONE, "")
    world.wait(days=1)
    assert not any("nobody has claimed" in text.lower() for text in notices(world))


def test_handing_back_offers_it_to_somebody_else() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.presses(KIM, "handback")
    assert offer(world) == "offered to Boris: is next"
    assert notices(world)[-1] == "Boris, this case is offered to you. Anybody may claim it."


def test_the_agent_of_an_earlier_case_is_asked_first() -> None:
    world = unhappy()
    world.presses(BORIS, "claim")
    world.presses(BORIS, "resolve")
    world.wait(days=2)
    world.taps("yes")
    world.wait(days=10)
    world.says("it broke again, I want a refund")
    assert len(world.story.cases) == 2
    assert offer(world) == "offered to Boris: knows this customer"


def test_the_card_says_how_many_others_wait_behind() -> None:
    world = World(program(HOURS))
    world.house.cases.update({CaseId(n): OpenCase(10 * n, MONDAY_NOON) for n in (1, 2, 6)})
    world.house.cases[CaseId(5)] = OpenCase(10, None)
    world.order()
    world.says("it broke after two days, I want a refund")
    assert card(world).card.urgency.endswith("just came: before 3 others")  # type: ignore[union-attr]


# ---- leaving


def test_who_leaves_in_mid_case_gives_it_back_at_once_and_the_customer_hears_nothing() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "I am on it.")
    seen = len(world.to_customer)
    world.leaves(KIM)
    assert (world.case.state, world.case.owner) == (CaseState.OPEN, None)
    assert world.story.conversation.holder is Holder.QUEUE
    assert any("Kim is not on the team any more" in text for text in notices(world))
    assert offer(world) == "offered to Boris: is next"
    assert world.case.waiting_since == world.now
    assert len(world.to_customer) == seen
    world.agent(KIM, "still me? SECRET")
    assert not any("SECRET" in m.text for m in world.to_customer)


def test_a_customer_who_was_promised_that_agent_by_name_is_told() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "Done.")
    world.presses(KIM, "resolve")
    world.says("it broke again, terrible")
    assert "Kim" in world.last
    world.leaves(KIM)
    assert "Kim has to hand over" in world.last


def test_a_case_is_not_reopened_with_somebody_who_is_gone() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.presses(KIM, "resolve")
    world.leaves(KIM)
    assert world.case.state is CaseState.RESOLVED
    world.says("it broke again, terrible")
    assert (world.case.owner, world.story.conversation.holder) == (None, Holder.QUEUE)
    assert "Kim" not in world.last


def test_a_case_claimed_by_another_meanwhile_stays_theirs() -> None:
    world = unhappy()
    world.presses(BORIS, "claim")
    world.leaves(KIM)
    assert world.case.owner == 2


def test_an_offer_moves_on_when_its_person_goes_away() -> None:
    world = unhappy()
    world.leaves(KIM, away=True)
    assert offer(world) == "offered to Boris: is next"


# ---- presence


def private(world: World, who: object, words: str) -> str:
    world.happens(Said(who, words))  # type: ignore[arg-type]
    return next(o.message.text for o in reversed(world.sent) if o.side is Side.STAFF)


def test_away_and_back_in_private_and_in_the_thread() -> None:
    world = unhappy()
    assert "away until 14:00" in private(world, KIM, "/away until 14:00")
    kim = ("telegram", "1")
    assert world.house.staff[kim].away_until == world.now.replace(hour=14)
    assert "Kim: away until 14:00" in private(world, KIM, "/who")
    world.agent(KIM, "/back")
    assert notices(world)[-1] == "Kim is back."
    assert world.house.staff[kim].away_since is None
    world.agent(BORIS, "/away")
    world.agent(KIM, "/who")
    assert "Boris: away, no open case" in notices(world)[-1]
    assert "Kim: here" in notices(world)[-1]
    assert "/away until 14:00" in private(world, KIM, "/away whenever I like")
    assert not any("away" in m.text for m in world.to_customer)


def test_a_passer_by_is_neither_away_nor_back() -> None:
    world = unhappy()
    world.agent(CHAT, "/away")
    assert "agents add" in notices(world)[-1]


def test_until_is_the_next_time_that_the_clock_shows_it() -> None:
    zone, noon = program().shop.zone, MONDAY_NOON
    assert parse_until("", zone, noon) is None
    assert parse_until("until 14:00", zone, noon) == noon.replace(hour=14)
    assert parse_until("9:30", zone, noon) == noon.replace(day=24, hour=9, minute=30)
    assert parse_until("14h30", zone, noon) == noon.replace(hour=14, minute=30)
    assert parse_until("for 90m", zone, noon) == noon + timedelta(minutes=90)
    for odd in ("25:00", "soon", "until", "-1h"):
        with pytest.raises(ValueError, match=r".+"):
            parse_until(odd, zone, noon)


def test_somebody_is_away_by_word_by_hours_or_by_silence() -> None:
    kim, quiet = STAFF["telegram", "1"], program(HOURS + '[routing]\naway_after = "2h"\n')
    later = MONDAY_NOON + timedelta(hours=3)
    assert absence(replace(kim, away_since=MONDAY_NOON), quiet, later) is Absence.AWAY
    over = replace(kim, away_since=MONDAY_NOON, away_until=MONDAY_NOON + timedelta(hours=1))
    assert absence(over, quiet, later) is Absence.NONE
    silent = replace(kim, seen_at=MONDAY_NOON)
    assert absence(silent, quiet, later) is Absence.SILENT
    assert absence(silent, program(HOURS), later) is Absence.NONE
    assert presence_words(silent, quiet, later) == "not heard of for 3 h"
    night = program('[sla]\nhours = "Mon-Fri 09:00-10:00"\n')
    assert presence_words(kim, night, MONDAY_NOON) == "outside their hours"


def test_a_name_that_nobody_gave_is_learned() -> None:
    world = unhappy()
    world.house.staff["telegram", "1"] = replace(STAFF["telegram", "1"], name="")
    world.agent(KIM, "hello")
    assert world.house.staff["telegram", "1"].name == "Kim"


def test_who_does_something_was_seen() -> None:
    world = unhappy()
    world.agent(KIM, "hello")
    assert world.house.staff["telegram", "1"].seen_at == world.now
    before = len(world.decisions)
    world.agent(KIM, "again")
    assert all(not decision.staff for decision in world.decisions[before:])  # once a minute is enough
