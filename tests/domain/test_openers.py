"""First sentences for agents: of what is known, in the customer's language, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import Breach, Case, CaseState, Promise, Reason, ReasonKind
from bot.domain.correction import Correction
from bot.domain.customer import Customer
from bot.domain.ids import CaseId, StaffId
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.message import Kind
from bot.domain.opening import suggest_openers
from bot.domain.story import Story
from bot.program import Program
from tests.domain.world import ANA, KIM, MONDAY_NOON, World, program


def openers(world: World) -> tuple[str, ...]:
    return suggest_openers(world.story, world.case, world.program, world.now)


def claimed(words: str = "the delivery was late, I am really angry", text: str = "", item: str = "Boots") -> World:
    world = World(program=program(text))
    world.order(item=item)
    world.run()
    world.says(words)
    world.presses(KIM, "claim")
    return world


def test_a_claim_shows_two_or_three_ways_to_begin_that_can_be_copied() -> None:
    world = claimed()
    shown = world.to_desk[-1]
    assert shown.kind is Kind.NOTICE
    assert shown.quotes == openers(world)
    assert 2 <= len(shown.quotes) <= 3
    assert shown.quotes[0].startswith("Hello Ana, Kim here.")
    assert "“Boots”" in shown.quotes[0]
    assert "delivery" in shown.quotes[0]
    assert not any(message.quotes for message in world.to_customer)


def test_a_shop_may_do_without_and_an_agent_may_ask_for_them() -> None:
    world = claimed(text="[desk]\nopeners = false")
    assert not any(message.quotes for message in world.to_desk)
    world.agent(KIM, "/open")
    assert world.to_desk[-1].quotes == openers(world)


def test_they_are_in_the_customers_language() -> None:
    world = claimed(text='[shop]\nname = "B"\nlanguages = ["en", "de"]')
    world.story = replace(world.story, customer=replace(world.story.customer, language="de"))
    assert openers(world)[0].startswith("Guten Tag Ana, hier ist Kim. Ich habe gelesen")


def test_who_comes_back_isnt_greeted_as_new() -> None:
    world = claimed()
    world.agent(KIM, "new ones are coming")
    world.presses(KIM, "resolve")
    world.wait(days=1)
    world.taps("well:")  # the first of the two says yes …
    assert world.case.recovered
    world.says("it broke again, I am angry")
    assert world.case.state is CaseState.REOPENED
    assert "isn't right yet" in openers(world)[0]


def test_a_topic_that_an_agent_corrected_is_the_one_spoken_of() -> None:
    world = claimed()
    world.agent(KIM, "/topic size")
    assert "the size isn't right" in openers(world)[0]


def test_words_that_an_agent_called_fine_are_no_complaint_about_a_topic() -> None:
    world = claimed()
    world.agent(KIM, "/mood fine")
    assert "delivery" not in " ".join(openers(world))


def test_who_waited_longer_than_promised_hears_that_first() -> None:
    world = claimed()
    late = replace(world.case, breaches=(Breach(Promise.FIRST_REPLY, world.now),), first_human_at=None)
    assert "had to wait" in suggest_openers(world.story, late, world.program, world.now)[0]
    assert "had to wait" not in " ".join(openers(world))


@pytest.mark.parametrize(
    ("words", "said", "unsaid"),
    [
        ("my mother died, please cancel everything", "sorry for your loss", "Boots"),
        ("the charger burned my hand, I am injured", "comes before everything else", "photo"),
        ("I want to talk to a human please", "You asked for a person", "sorry"),
    ],
)
def test_grave_words_and_plain_wishes_get_their_own_tone(words: str, said: str, unsaid: str) -> None:
    world = claimed(words)
    assert said in openers(world)[0]
    assert unsaid not in " ".join(openers(world))


def test_a_rating_alone_is_called_a_rating() -> None:
    world = World()
    world.order()
    world.run()
    world.rates(1)
    world.presses(KIM, "claim")
    assert "I have seen your rating of “Boots”" in openers(world)[0]
    assert "what you wrote" not in " ".join(openers(world))


def test_of_an_order_with_many_things_none_is_named() -> None:
    world = claimed()
    purchase = world.story.purchases[0]
    both = replace(purchase, items=(*purchase.items, replace(purchase.items[0], name="Socks")))
    world.story = replace(world.story, purchases=(both,))
    assert "Boots" not in " ".join(openers(world))


NAMES = st.sampled_from(["", "Ana Duarte"])
KINDS = st.lists(st.sampled_from(list(ReasonKind)), max_size=3, unique=True)


@given(name=NAMES, kinds=KINDS, owner=NAMES, language=st.sampled_from(["en", "de", "es", "fr"]), worded=st.booleans(),
       state=st.sampled_from(list(CaseState)))  # fmt: skip
def test_nothing_is_claimed_that_isnt_known(
    name: str, kinds: list[ReasonKind], owner: str, language: str, worded: bool, state: CaseState
) -> None:
    verdict = {"label": "negative", "score": -0.8, "unhappy": 0.9, "topics": [], "intents": []}
    line = Interaction(MONDAY_NOON, "web", Direction.IN, Author.CUSTOMER, "message", "hm", verdict=verdict)
    reasons = tuple(Reason(kind, "", MONDAY_NOON) for kind in kinds)
    case = Case(CaseId(1), state, MONDAY_NOON, reasons, "telegram", owner=StaffId(1) if owner else None,
                owner_name=owner)  # fmt: skip
    story = Story(Customer(ANA, name, language=language), cases=(case,), interactions=(line,) if worded else ())
    rules = Program.model_validate({"shop": {"languages": ["en", "de", "es", "fr"]}})
    found = suggest_openers(story, case, rules, MONDAY_NOON)
    assert 2 <= len(found) <= 3
    for text in found:
        assert not set("“”„«»") & set(text)  # no item is known
        assert ("Ana" in text) == bool(name or (owner and case.speaker is not None))
        assert "  " not in text
        if language == "en" and not worded:
            assert "you wrote" not in text or ReasonKind.ALARM in kinds


def test_a_correction_of_other_words_says_nothing_of_these() -> None:
    world = claimed()
    other = Correction(world.now, world.now - timedelta(days=9), "else", "neutral", "negative", 0.9, "s", StaffId(1),
                       "Kim", topics=("taste",))  # fmt: skip
    world.story = replace(world.story, corrections=(other,))
    assert "delivery" in openers(world)[0]
