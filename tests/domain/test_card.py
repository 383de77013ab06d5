"""The card: what an agent sees at a glance, true whenever it is read, in the shop's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.card_words import card_facts, state_words
from bot.domain.event import ReachChanged, Tapped
from bot.domain.message import Card, Kind
from tests.domain.world import BORIS, CHAT, KIM, World, program


def card(world: World) -> Card:
    return next(message.card for message in reversed(world.to_desk) if message.card is not None)


def unhappy(text: str = "", timezone: str = "") -> World:
    world = World(program=program(text))
    world.story = replace(world.story, customer=replace(world.story.customer, timezone=timezone))
    world.order()
    world.run()
    world.says("it broke after two days")
    return world


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ("Asia/Tokyo", "21:00 there when it is 13:00 here"),
        ("Pacific/Auckland", "Tue 01:00 there when it is 13:00 here"),
        ("Europe/Berlin", "the same time there as here"),
        ("", ""),
        ("Mars/Olympus", ""),
    ],
)
def test_the_customers_clock_stands_beside_the_shops(there: str, words: str) -> None:
    world = unhappy('[shop]\nname = "B"\ntimezone = "Europe/Paris"', timezone=there)
    assert card(world).clock == words


def test_the_mood_of_the_last_words_reads_from_the_oldest_to_the_newest() -> None:
    world = World()
    world.order()
    world.run()
    world.says("I love these boots, wonderful")
    world.says("it broke after two days, I am angry")
    assert card(world).mood == "🙂 → 🙁 unhappy"
    world.agent(KIM, "/mood fine")
    assert card(world).mood == "🙂 → 😐 fine"


def test_new_words_in_an_open_case_bring_the_card_up_to_date_once() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    before = sum(message.card is not None for message in world.to_desk)
    world.wait(seconds=1)
    world.says("thank you, that is very kind")
    assert sum(message.card is not None for message in world.to_desk) == before + 1
    assert card(world).last[-1].text != "thank you, that is very kind"  # it stands in the thread, once
    assert card(world).mood.startswith("🙁 → ")


def test_earlier_cases_tell_when_why_by_whom_and_what_became_of_them() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "new ones are coming")
    world.presses(KIM, "resolve")
    world.wait(days=1)
    world.taps("well:")
    world.wait(days=10)
    world.says("broken again, I am angry")
    assert len(world.story.cases) == 2
    assert card(world).earlier == ("23 Nov: unhappy, Kim, all well again",)
    assert card(world).earlier_cases == 1


def test_the_cards_own_words_are_in_the_shops_language() -> None:
    world = unhappy('[shop]\nname = "B"\nlanguages = ["de"]\ntimezone = "Europe/Paris"', timezone="Asia/Tokyo")
    world.presses(KIM, "claim")
    shown = card(world)
    facts = {fact.label: fact.words for fact in card_facts(shown)}
    assert state_words(shown) == "liegt bei Kim"
    assert facts["Bestellung"] == "1001: Boots · 129,00\xa0€ · bezahlt am 23. Nov."
    assert facts["Stimmung"] == "🙁 unzufrieden"
    assert "dort ist es 21:00, wenn es hier 13:00 ist" in [fact.words for fact in card_facts(shown)]
    assert any("Kundennummer 7 · Telegram · Deutsch" in fact.words for fact in card_facts(shown))
    assert [line.author for line in shown.last if line.author != "Ana Duarte"] == ["Bot"] * 2


# ---- when somebody goes, in the middle of a case


def test_an_agent_who_leaves_is_off_the_card_and_it_can_be_claimed_again() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    assert card(world).owner == "Kim"
    world.leaves(KIM)
    shown = next(m for m in reversed(world.to_desk) if m.card is not None)
    assert shown.card
    assert (shown.card.state, shown.card.owner) == ("open", None)
    assert "claim" in shown.buttons[0][0].action
    world.agent(KIM, "still here?")
    assert "still here?" not in world.last
    world.presses(BORIS, "claim")
    assert card(world).owner == "Boris"


def test_a_claimer_who_is_away_keeps_the_case_and_the_card_says_so() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.leaves(KIM, away=True)
    assert card(world).owner == "Kim"


def test_a_customer_who_deletes_the_account_shows_on_the_card_and_the_agent_hears_it_at_once() -> None:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "we are sending new ones")
    relay = next(o for o in reversed(world.sent) if o.message.kind is Kind.RELAY and o.side == "customer")
    world.reports(relay, "unreachable", "user is deactivated")
    assert card(world).reach == "⛔ Can't be reached: user is deactivated"
    assert card(world).owner == "Kim"
    world.agent(KIM, "are you there?")
    assert any("user is deactivated" in message.text for message in world.to_desk if message.kind is Kind.MARK)
    world.presses(KIM, "resolve")
    assert card(world).state == "resolved"
    world.wait(days=2)
    assert world.case.recovered is None


def test_a_customer_who_blocks_and_comes_back_shows_on_the_card() -> None:
    world = unhappy()
    world.happens(ReachChanged(CHAT, reachable=False, why="blocked the bot"))
    assert "blocked the bot" in card(world).reach
    world.happens(ReachChanged(CHAT, reachable=True))
    assert card(world).reach == ""


# ---- after the resolution


def resolved() -> World:
    world = unhappy()
    world.presses(KIM, "claim")
    world.agent(KIM, "new ones are coming")
    world.presses(KIM, "resolve")
    return world


@pytest.mark.parametrize("words", ["thanks", "thank you so much", "ok", "perfect, thanks", "Danke!", "merci beaucoup"])
@pytest.mark.parametrize("top", [False, True])
def test_thanks_after_a_resolution_open_nothing(words: str, top: bool) -> None:
    world = resolved()
    if top:
        world.story = replace(world.story, standing=replace(world.story.standing, rank=1, of=20, orders=3, top=True))
    world.now += timedelta(days=4 if top else 0, minutes=1)
    world.timers = []
    world.says(words)
    assert (len(world.story.cases), world.case.state.value) == (1, "resolved")
    assert world.last


def test_a_yes_to_the_follow_up_may_be_followed_by_a_word_on_the_help() -> None:
    world = resolved()
    world.wait(days=1)
    world.taps("well:")
    assert "how was the help from Kim" in world.last
    assert [b.label for b in world.to_customer[-1].buttons[0]] == ["👍 Good", "👌 So-so", "👎 Not good"]
    world.taps("good")
    assert (world.case.help, world.case.recovered) == ("good", True)
    assert "that helps us" in world.last


def test_who_found_the_help_poor_is_offered_a_person_again_and_nothing_opens_by_itself() -> None:
    world = resolved()
    world.wait(days=1)
    world.taps("well:")
    world.taps("poor")
    assert (world.case.help, world.case.state.value) == ("poor", "resolved")
    assert "a person is one tap away" in world.last
    assert world.to_customer[-1].buttons[-1][-1].action == "human"
    world.taps("human")
    assert world.case.state.value == "reopened"


def test_where_no_person_helped_nobody_is_asked_about_the_help() -> None:
    world = unhappy()
    world.presses(KIM, "resolve")
    world.wait(days=1)
    world.taps("well:")
    assert "help" not in world.last
    assert len(world.to_customer[-1].buttons) == 1


def test_a_no_to_the_follow_up_brings_the_same_agent_and_asks_nothing_of_the_help() -> None:
    world = resolved()
    world.wait(days=1)
    no = next(b.action for row in world.to_customer[-1].buttons for b in row if b.action.endswith(":no"))
    world.taps(no)
    assert (world.case.state.value, world.case.owner_name, world.case.help) == ("reopened", "Kim", "")
    assert "help from" not in world.last


@pytest.mark.parametrize("action", ["help:x:good", "help:999:good", "help:103:great", "help:²:good", "memory:maybe"])
def test_a_button_that_makes_no_sense_is_an_old_button(action: str) -> None:
    world = resolved()
    before = world.story.cases
    world.happens(Tapped(CHAT, action, tap="t"))
    assert world.story.cases == before
    assert "earlier conversation" in world.last
