"""No pattern can be made to take long (ReDoS): every compiled pattern of the room, fuzzed with its own letters."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sentiment

LENGTH = 6_000  # characters; more than the rules ever read at once
SLOW = 0.4  # seconds; a quadratic pattern needs many times as much


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(sentiment.__path__, "sentiment."):
        if module.name.startswith("sentiment.train"):
            continue
        held = vars(importlib.import_module(module.name))
        for name, value in held.items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value
            elif isinstance(value, (tuple, list)):
                for at, each in enumerate(value):
                    parts = each if isinstance(each, tuple) else (each,)
                    yield from ((f"{module.name}.{name}[{at}]", part) for part in parts if isinstance(part, re.Pattern))


ALL = dict(patterns())


def test_the_patterns_are_found() -> None:
    assert len(ALL) >= 15


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_pattern_takes_long(name: str, data: st.DataObject) -> None:
    pattern = ALL[name]
    own = set(re.sub(r"\\[a-zA-Z]", "", pattern.pattern))
    letters = [*sorted(own | set("a1 .:/@'-\n⭐é5")), "out of"]
    seed = "".join(data.draw(st.lists(st.sampled_from(letters), min_size=1, max_size=6)))
    end = data.draw(st.sampled_from(["", "!", "x", "\x00", " "]))
    text = (seed * (LENGTH // len(seed) + 1))[:LENGTH] + end
    took = []
    for _ in range(2):  # the better of two: the machine may be busy
        begun = time.perf_counter()
        for _found in pattern.finditer(text):
            pass
        pattern.match(text)
        took.append(time.perf_counter() - begun)
    assert min(took) < SLOW, repr(seed)
