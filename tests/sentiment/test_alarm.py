"""The shop's own alarm words."""

from __future__ import annotations

import pytest

from sentiment import Evidence, find_words

HITS = [
    ("My LAWYER will write", ["lawyer"], ["LAWYER"]),
    ("the lawyer's letter", ["lawyer"], ["lawyer"]),
    ("C'est un procès, un PROCES !", ["procès"], ["procès", "PROCES"]),
    ("small   claims\ncourt", ["Small Claims Court"], ["small   claims\ncourt"]),
    ("injuries and injured", ["injur*"], ["injuries", "injured"]),
    ("Мой АДВОКАТ напишет", ["адвокат"], ["АДВОКАТ"]),
    ("我要找律师投诉", ["律师"], ["律师"]),
    ("la\u200bw\u200byer", ["lawyer"], ["la\u200bw\u200byer"]),
    ("الشرطة هنا", ["الشرطة"], ["الشرطة"]),
    ("a.b+c (d)", ["b+c"], ["b+c"]),
    ("#boycott!", ["#boycott"], ["#boycott"]),
    ("x" * 9_000 + " lawyer " + "y" * 9_000, ["lawyer"], ["lawyer"]),
]


@pytest.mark.parametrize(("text", "words", "found"), HITS)
def test_an_alarm_word_is_found_where_it_stands(text: str, words: list[str], found: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in find_words(text, words)] == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lawyers", ["lawyer"]),
        ("outlawyer", ["lawyer"]),
        ("suet", ["sue"]),
        ("", ["x"]),
        ("x", []),
        ("x", ["", " ", "*"]),
    ],
)
def test_a_part_of_a_word_is_no_alarm(text: str, words: list[str]) -> None:
    assert find_words(text, words) == ()


def test_a_hit_speaks_for_an_unhappy_customer() -> None:
    assert find_words("sue", ["sue"]) == (Evidence(0, 3, -1.0),)


def test_a_flood_of_hits_is_cut_short() -> None:
    assert len(find_words("sue " * 5_000, ["sue"])) == 50
