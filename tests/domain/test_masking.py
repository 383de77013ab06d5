"""Quotes name nobody; what rises is found, and what was always said is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.figures.masking import mask
from bot.domain.figures.themes import Saying, rising, terms_of, three_voices

AT = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ana.duarte+shop@example.co.uk please", "write to [e-mail] please"),
        ("mail me: ana (at) example.com", "mail me: [e-mail]"),
        ("call +33 6 12 34 56 78 after six", "call [phone] after six"),
        ("Llámame al 612 345 678", "Llámame al [phone]"),
        ("(030) 1234-5678 ist meine Nummer", "[phone] ist meine Nummer"),
        ("order #10012 never came", "[number] never came"),
        ("Bestellung Nr. 44321-A fehlt", "[number] fehlt"),
        ("commande n° 55-201 cassée", "[number] cassée"),
        ("IBAN DE89 3704 0044 0532 0130 00 for the refund", "IBAN [number] for the refund"),
        ("card 4111 1111 1111 1111", "card [phone]"),
        ("tracking 1Z999AA10123456784", "[number]"),
        ("I live at 12 Baker Street, NW1 6XE London", "I live at [address], [address] London"),
        ("Hauptstraße 12, 10115 Berlin", "[address], [address]"),
        ("12 rue de la Paix, 75002 Paris", "[address], [address]"),
        ("vivo en calle de Alcalá 45", "vivo en [address]"),
        ("see https://example.com/me?id=7 or @ana_d", "see [link] or [link]"),
        ("My name is Bob Stone and the zip broke", "My name is [name] and the zip broke"),
        ("Ich heiße Jürgen Groß.", "Ich heiße [name]."),
        ("je m'appelle Zoé", "je m'appelle [name]"),
        ("broken again. Best regards, Tom Li", "broken again. Best regards, [name]"),
        ("ANA said the boots of Duarte's are fine", "[name] said the boots of [name] are fine"),
    ],
)  # fmt: skip
def test_what_could_name_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text, ("Ana Duarte",)) == masked


@pytest.mark.parametrize(
    "text",
    [
        "I paid 129.00 EUR for 2 pairs in size 42, 9/10",
        "arrived 3 days late on 2026-11-24 at 10:30",
        "no 5 star from me, the zipper broke",
        "5 weeks for a refund of 20 %",
        "Die Größe passt nicht, leider",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask(text, ("Ana Duarte",)) == text


def said(customer: int, text: str, score: float = -0.5) -> Saying:
    return Saying(customer, AT, text, score, (f"Name{customer}",))


def test_words_that_rose_are_found_with_quotes() -> None:
    usual = [said(n, "the boots are great and the delivery was fast") for n in range(60)]
    now = [*usual[:40], *(said(100 + n, f"I am Name{100 + n}, the left zipper broke after a day") for n in range(9))]
    themes = rising(now, usual)
    assert "left zipper" in [theme.words for theme in themes]
    assert "boots" not in " ".join(theme.words for theme in themes)
    first = next(theme for theme in themes if theme.words == "left zipper")
    assert (first.now, first.before) == (9, 0)
    assert first.quotes
    assert not any("Name" in quote.text for theme in themes for quote in theme.quotes)


def test_one_customer_who_repeats_themselves_is_no_theme() -> None:
    usual = [said(n, "great boots") for n in range(60)]
    assert rising([*usual, *(said(100, "the zipper broke") for _ in range(50))], usual) == ()


def test_a_time_like_the_one_before_has_no_theme() -> None:
    usual = [said(n, f"boots {'great' if n % 2 else 'narrow'} delivery fast") for n in range(80)]
    assert rising(usual[:40], usual) == ()


@pytest.mark.parametrize(
    "text", ["it was not the one that I had", "das ist doch nicht so", "no me lo puedo", "ce n'est pas"]
)
def test_small_words_are_no_themes_in_any_language(text: str) -> None:
    assert terms_of(text) == set()


def test_a_pair_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert terms_of("Great boots. Zipper broke") == {"great", "boots", "great boots", "zipper", "broke", "zipper broke"}


def test_three_voices_hear_the_unhappy_and_the_happy() -> None:
    voices = three_voices(
        [said(1, "the zipper broke after one single day", -0.9), said(2, "perfect fit and very soft leather", 0.9),
         said(3, "it arrived late and the box was open", -0.6), said(1, "and nobody answers my mails about it", -0.8)]
    )  # fmt: skip
    assert [quote.customer for quote in voices] == [1, 2, 3]
