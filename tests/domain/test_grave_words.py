"""Danger, law and death bring a person in whatever the mood, each with words of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.world import World, program

GRAVE = [
    ("my son has a rash where the strap sits", "emergency number"),
    ("love it but there were sparks from the plug", "emergency number"),
    ("you will hear from my lawyer", "a person who can decide"),
    ("My father died on Monday, please cancel his order", "sorry for your loss"),
    ("Ich gehe jetzt zum Anwalt", "der entscheiden kann"),
    ("Mein Mann ist gestorben", "Beileid"),
    ("mi padre falleció", "Siento mucho"),
    ("je vais porter plainte", "qui peut décider"),
]


@pytest.mark.parametrize(("words", "answer"), GRAVE)
def test_grave_words_bring_a_person_and_are_met_with_words_of_their_own(words: str, answer: str) -> None:
    shop = program().shop.model_copy(update={"languages": ("en", "de", "es", "fr")})
    world = World(program=program().model_copy(update={"shop": shop}))
    language = {"Ich": "de", "Mein": "de", "mi": "es", "je": "fr"}.get(words.split(maxsplit=1)[0], "en")
    world.story = replace(world.story, customer=replace(world.story.customer, language=language))
    world.order()
    world.says(words)
    assert "alarm word" in world.reasons()
    assert answer in world.last


def test_nobody_in_mourning_is_told_of_minutes() -> None:
    world = World()
    world.order()
    world.says("My mother passed away last week")
    assert "sorry for your loss" in world.last
    assert "minute" not in world.last
