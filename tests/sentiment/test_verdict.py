"""The verdict as a value and as the object that others read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from sentiment import Evidence, Intent, Label, TopicMood, Verdict

INTERFACE = [
    "text",
    "label",
    "score",
    "unhappy",
    "confidence",
    "rating",
    "intents",
    "topics",
    "language",
    "evidence",
    "scorer",
]

ANGRY = Verdict(
    text="It broke 😡 2/5",
    label=Label.NEGATIVE,
    score=-0.6,
    unhappy=0.92,
    confidence=0.95,
    rating=2,
    intents=(Intent.SAFETY, Intent.REFUND),
    topics=(TopicMood("quality", -0.9),),
    language="en",
    evidence=(Evidence(3, 8, -0.9),),
    scorer="rules+textblob/1",
    contradiction=True,
)


def test_the_object_has_the_fields_of_the_interface_in_its_order() -> None:
    assert list(ANGRY.as_json())[: len(INTERFACE)] == INTERFACE


def test_a_verdict_survives_the_way_through_json() -> None:
    assert Verdict.from_json(json.loads(json.dumps(ANGRY.as_json()))) == ANGRY


def test_labels_and_intents_are_lower_case_words() -> None:
    assert [label.value for label in Label] == ["negative", "neutral", "positive", "mixed", "unknown"]
    assert str(Intent.WHERE_IS_ORDER) == "where_is_order"


def test_an_intent_of_a_newer_version_is_left_out() -> None:
    data = ANGRY.as_json() | {"intents": ["refund", "telepathy"]}
    assert Verdict.from_json(data).intents == (Intent.REFUND,)


def test_what_is_no_verdict_is_refused() -> None:
    with pytest.raises(KeyError):
        Verdict.from_json({"text": "hello"})


def test_importing_sentiment_loads_neither_textblob_nor_the_lexicons() -> None:
    code = "import sys, sentiment; print([m for m in ('textblob', 'nltk', 'sentiment.lexicon') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
