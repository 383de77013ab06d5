"""Long texts in pieces, lengths as Telegram counts them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.telegram.text import cut, pieces, units

TEXTS = st.text(st.sampled_from("ab é😀\n. \u200b"), max_size=400)


def test_emoji_count_twice() -> None:
    assert units("a😀é") == 4


@given(TEXTS, st.integers(4, 60))
@example("😀" * 9, 5)
def test_pieces_fit_and_lose_nothing_but_space(text: str, most: int) -> None:
    found = pieces(text, most)
    assert all(0 < units(piece) <= most and piece.strip() == piece for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_pieces_end_between_paragraphs_lines_or_words() -> None:
    assert pieces("one two\n\nthree four", 12) == ["one two", "three four"]
    assert pieces("one two\nthree four", 12) == ["one two", "three four"]
    assert pieces("one two three", 9) == ["one two", "three"]
    assert pieces("x" * 9000) == ["x" * 4096, "x" * 4096, "x" * 808]
    assert pieces("  \n ") == []


@given(TEXTS, st.integers(1, 60))
def test_a_cut_text_fits(text: str, most: int) -> None:
    short = cut(text, most)
    assert units(short) <= most
    assert short == text or short.endswith("…")
