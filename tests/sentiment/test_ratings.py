"""What is a rating, and what only looks like one."""

from __future__ import annotations

import pytest

from sentiment import Label, Verdict
from tests.sentiment.conftest import Read

RATINGS = {
    "5": 5, "1": 1, " 3 ": 3, "4!": 4, "(2)": 2, "0": 1, "4.5": 5, "five": 5, "3️⃣": 3, "٥": 5, "５": 5,
    "fünf": 5, "drei": 3, "cinco": 5, "quatre": 4,
    "4/5": 4, "0/10 never again": 1, "3/10": 2, "4/10": 2, "5/10": 3, "6/10": 3, "7/10": 4, "8/10": 4, "9/10": 5,
    "10/10 would buy again": 5, "2/10": 1, "95/100": 5, "4,5/5": 5, "11/10": 5,
    "8 out of 10": 4, "eight out of ten": 4, "2 out of 5": 2, "8 von 10": 4, "huit sur dix": 4, "8 sobre 10": 4,
    "4 stars": 4, "five stars": 5, "a 5-star service": 5, "1 Stern": 1, "fünf Sterne": 5, "4 estrellas": 4,
    "cinq étoiles": 5, "zero stars": 1, "no stars": 1, "minus 5 stars": 1,
    "★★☆☆☆": 2, "⭐⭐⭐": 3, "⭐": 1, "⭐⭐ arrived late": 2, ":star::star::star:": 3,
    "5 - great boots": 5, "4, nice but slow": 4, "2: arrived late": 2, "Great service. 5": 5,
    "I'd give it a 4": 4, "rating: 3": 3, "my rating is 9": 5,
}  # fmt: skip

NO_RATINGS = [
    "size 5", "I need size 5.", "2 pairs", "1001", "order 1001", "order number 48213", "#4", "+33 1 23 45 67 89",
    "5 days late", "12:30", "24/7 support", "3/10/2025", "I ordered on 3/10", "since 4/5", "2 of 5 items arrived",
    "3/5 items are missing", "9 out of 10 times it fails", "1. it broke 2. nobody answers", "100%", "5€", "2 - 3 days",
    "Chanel No. 5", "can't give it 5 stars", "would have given 5 stars", "you are a ⭐", "7", "10", "room 4, 5",
    "https://shop.example/5/5", "version 4.5.2", "I bought 3", "5x", "none", "5. the button is stuck",
]  # fmt: skip


@pytest.mark.parametrize(("text", "stars"), RATINGS.items())
def test_a_rating_is_read(read: Read, text: str, stars: int) -> None:
    assert read(text).rating == stars


@pytest.mark.parametrize("text", NO_RATINGS)
def test_another_number_is_no_rating(read: Read, text: str) -> None:
    assert read(text).rating is None


@pytest.mark.parametrize(
    ("text", "label"),
    [("1", Label.NEGATIVE), ("2", Label.NEGATIVE), ("3", Label.NEUTRAL), ("4", Label.POSITIVE), ("5", Label.POSITIVE)],
)
def test_a_bare_rating_is_sure(read: Read, text: str, label: Label) -> None:
    verdict = read(text)
    assert verdict.label is label
    assert verdict.confidence >= 0.95
    assert not verdict.contradiction


def test_more_stars_are_never_unhappier(read: Read) -> None:
    verdicts = [read(str(stars)) for stars in range(1, 6)]
    assert sorted(verdicts, key=lambda each: -each.unhappy) == verdicts
    assert sorted(verdicts, key=lambda each: each.score) == verdicts


@pytest.mark.parametrize("text", ["5 stars but the strap broke", "10/10, arrived broken and nobody answers"])
def test_praise_in_numbers_with_a_complaint_in_words_is_a_contradiction(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.contradiction
    assert verdict.rating == 5
    assert verdict.unhappy >= 0.8  # the worse of both
    assert verdict.confidence < 0.55  # so a person looks


def test_a_bad_rating_with_glowing_words_is_a_contradiction(read: Read) -> None:
    verdict = read("1 star, absolutely amazing, I love it")
    assert verdict.contradiction
    assert verdict.unhappy >= 0.9


def test_of_two_ratings_the_lowest_counts_and_is_flagged(read: Read) -> None:
    verdict = read("5/5 for the boots, 1/5 for the delivery")
    assert verdict.rating == 1
    assert verdict.contradiction


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("five stars for the idea, one for the hinge", 1),
        ("10/10 for looks, 2 for comfort", 1),
        ("Ten out of ten for the photos. None for the dress itself.", 1),
        ("5 stars for the waiter, and three for the food", 3),
    ],
)
def test_what_comes_after_a_rating_for_one_part_is_one_for_another(read: Read, text: str, stars: int) -> None:
    verdict = read(text)
    assert verdict.rating == stars
    assert verdict.contradiction


@pytest.mark.parametrize(
    "text",
    [
        "five stars for the lamp, I bought one for the bedroom too",
        "5 stars! got two for the kids",
        "10/10 for the socks, two for my mum next",
    ],
)
def test_a_number_of_things_is_no_second_rating(read: Read, text: str) -> None:
    assert read(text).rating == 5


@pytest.mark.parametrize(
    "text",
    [
        "nine out of ten, would have liked a longer cable",
        "4/5, wish it came in black",
        "8/10 could be a bit cheaper",
        "4.5 stars, half off for the manual",
        "9/10, minus one for the packaging",
        "four stars. the missing star is for the queue",
    ],
)
def test_why_a_good_rating_is_not_higher_is_no_complaint(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.POSITIVE
    assert verdict.unhappy <= 0.1
    assert not verdict.contradiction


@pytest.mark.parametrize(
    "text", ["9/10, minus one because it arrived broken and nobody answers", "5/5, minus one for burning my hand"]
)
def test_what_is_grave_stays_a_complaint(read: Read, text: str) -> None:
    assert read(text).unhappy >= 0.8


def test_agreeing_words_contradict_nothing(read: Read) -> None:
    for text in ("5 stars, love it", "1/5 terrible", "4 - a bit small but nice"):
        assert not read(text).contradiction, text


def test_the_rating_is_evidence(read: Read) -> None:
    text = "Well: 3/10 from me"
    assert _spans(read(text), text) == ["3/10"]


def _spans(verdict: Verdict, text: str) -> list[str]:
    return [text[span.start : span.end] for span in verdict.evidence]
