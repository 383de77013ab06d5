"""One warm scorer for all tests of sentiment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sentiment import Scorer, Verdict, default_scorer

Read = Callable[[str], Verdict]


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    made = default_scorer()
    made.warm()
    return made


@pytest.fixture(scope="session")
def read(scorer: Scorer) -> Read:
    """Score one text."""

    def one(text: str) -> Verdict:
        return scorer.score([text])[0]

    return one
