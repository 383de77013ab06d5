"""The trained reader: what it must never do, and what happens when it can't be used."""

from __future__ import annotations

import builtins
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment import Label, Scorer, default_scorer, model_problem
from sentiment.cascade import CascadeScorer
from sentiment.labelled import INTENTS, MOODS, TOPICS
from sentiment.plain import plain
from sentiment.reader import CARD, FOLDER, TONGUES, WEIGHTS, WORDS, ModelDamaged, Reader
from sentiment.wordpiece import SPECIAL, WordPieces, sign_name

SCORER = default_scorer()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shipped model in a folder of its own, to be damaged."""
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    return folder


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def weights_gone(folder: Path) -> None:
    (folder / WEIGHTS).unlink()


def one_bit_flipped(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def words_cut(folder: Path) -> None:
    path = folder / WORDS
    path.write_bytes(path.read_bytes()[:1000])


def tongues_empty(folder: Path) -> None:
    (folder / TONGUES).write_bytes(b"")


def card_no_json(folder: Path) -> None:
    (folder / CARD).write_text("{")


def card_of_another_form(folder: Path) -> None:
    path = folder / CARD
    path.write_text(json.dumps(json.loads(path.read_text()) | {"form": 99}))


DAMAGES = [gone, weights_gone, one_bit_flipped, words_cut, tongues_empty, card_no_json, card_of_another_form]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_missing_or_damaged_model_leaves_rules_and_textblob(
    damage: Callable[[Path], None], copied: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damage(copied)
    with pytest.raises(ModelDamaged) as why:
        Reader(copied)
    assert str(copied) in str(why.value)
    scorer = CascadeScorer(copied)
    with caplog.at_level(logging.WARNING, logger="sentiment"):
        scorer.warm()
    assert "rules and TextBlob" in caplog.text
    assert scorer.name == "rules+textblob"
    verdict = scorer.score(["it broke after two days"])[0]
    assert (verdict.label, verdict.scorer.split("/")[0]) == (Label.NEGATIVE, "rules+textblob")


def test_without_onnxruntime_the_rules_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelDamaged, match="onnxruntime"):
        Reader()
    assert CascadeScorer().score(["love it"])[0].label is Label.POSITIVE


def test_the_shipped_model_is_whole() -> None:
    assert model_problem() == ""
    card = json.loads((FOLDER / CARD).read_text(encoding="utf-8"))
    assert (tuple(card["moods"]), tuple(card["intents"]), tuple(card["topics"])) == (MOODS, INTENTS, TOPICS)
    assert set(card["sha256"]) == {WEIGHTS, WORDS, TONGUES} | ({"many.npz"} & set(card["sha256"]))
    told = (FOLDER / "MODEL.md").read_text(encoding="utf-8")
    assert all(digest in told for digest in card["sha256"].values())
    assert card["figures"], "the card holds no figures: make bench-sentiment ARGS=--card"
    size = (FOLDER / WEIGHTS).stat().st_size
    assert size < 23_000_000


OPINIONS = ["good", "great", "comfortable", "happy with it", "worth the money", "what I expected", "broken", "late",
            "too small", "satisfied", "impressed", "helpful", "easy to use", "disappointed", "bad"]  # fmt: skip
FRAMES = ["it is {}{}", "I am {}{}", "the jacket was {}{}", "the service was {}{}", "they were {}{} today"]


@given(st.sampled_from(FRAMES), st.sampled_from(OPINIONS))
def test_a_not_in_front_never_makes_the_old_mood_surer(frame: str, opinion: str) -> None:
    plain_one, negated = SCORER.score([frame.format("", opinion), frame.format("not ", opinion)])
    side = 1 if plain_one.score > 0 else -1
    if abs(plain_one.score) >= 0.5:
        assert negated.score * side <= plain_one.score * side + 0.05


@given(
    st.lists(
        st.sampled_from(["love it", "it broke", "where is my parcel?", "ok", "4/5 but slow", "10 boxes"]), max_size=9
    )
)
@settings(max_examples=30)
def test_neighbours_in_a_batch_change_nothing(texts: list[str]) -> None:
    together = SCORER.score(texts)
    assert together == [SCORER.score([text])[0] for text in texts]
    assert SCORER.score(texts[::-1]) == together[::-1]


def test_the_rest_of_a_long_text_is_not_lost(scorer: Scorer) -> None:
    begun = "We ordered the table for the garden, the chairs for the kitchen and a lamp for the hall. " * 30
    verdicts = scorer.score([begun + "It is all perfect, thank you!", begun + "I am so disappointed, all in pieces."])
    assert [verdict.label for verdict in verdicts] == [Label.POSITIVE, Label.NEGATIVE]


def test_what_decided_is_shown_also_when_no_word_is_bad(scorer: Scorer) -> None:
    text = "my toes stick out of the left one"
    verdict = scorer.score([text])[0]
    assert verdict.label is Label.NEGATIVE
    assert verdict.evidence
    assert all(text[span.start : span.end].strip() and span.weight < 0 for span in verdict.evidence)


# --- word pieces


GOLDEN = json.loads((Path(__file__).parent / "word_pieces.json").read_text(encoding="utf-8"))
"""Texts and the pieces that the reference tokenizer (Hugging Face's BertTokenizerFast) cuts them into."""


@pytest.mark.parametrize("text", GOLDEN)
def test_words_are_cut_like_the_reference_cuts_them(text: str) -> None:
    names = (FOLDER / WORDS).read_text(encoding="utf-8").splitlines()
    cut = WordPieces(names).cut(plain(text).words, 64)
    assert [names[number] for number in cut.ids[1:-1]] == GOLDEN[text]


@given(st.text(max_size=300), st.integers(min_value=4, max_value=64))
def test_pieces_know_their_places_and_never_exceed_the_room(text: str, most: int) -> None:
    words = plain(text).words
    cut = WordPieces([*SPECIAL, "a", "##a", "b", "smiling", "face"]).cut(words, most)
    assert len(cut.ids) == len(cut.starts) == len(cut.ends) <= most
    assert all(0 <= start < end <= len(words) for start, end in zip(cut.starts[1:-1], cut.ends[1:-1], strict=True))


def test_signs_are_read_by_their_names() -> None:
    assert sign_name("😭") == "loudly crying face"
    assert sign_name("😍") == "smiling face heart shaped eyes"
    assert sign_name("\ue000") == ""
    names = [*SPECIAL, "loudly", "crying", "face"]
    assert WordPieces(names).cut("😭😭😭", 64).ids == [2, 4, 5, 6, 3]


def test_a_vocabulary_in_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with"):
        WordPieces(["a", *SPECIAL])
