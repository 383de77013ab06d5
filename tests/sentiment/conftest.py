"""Warm scorers for all tests of sentiment: the default one, and the rules that remain without a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sentiment import Scorer, Verdict, default_scorer, named_scorer

Read = Callable[[str], Verdict]


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    made = default_scorer()
    made.warm()
    return made


@pytest.fixture(scope="session")
def fallback() -> Scorer:
    made = named_scorer("rules")
    made.warm()
    return made


@pytest.fixture(scope="session")
def by_rules(fallback: Scorer) -> Read:
    """Score one text as it is read without a model."""
    return lambda text: fallback.score([text])[0]


@pytest.fixture(params=["reader", "rules"])
def read(request: pytest.FixtureRequest, scorer: Scorer, fallback: Scorer) -> Read:
    """Score one text, with the model and without it."""
    chosen = scorer if request.param == "reader" else fallback
    return lambda text: chosen.score([text])[0]
