"""Python's garbage collector, set for a process that lives long and remembers much."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""Python's own (700, 10, 10) is for scripts. Nearly all of our objects go by their count of references; what the
collector looks for are circles, and with everything that is kept in memory each look at all of it costs a tenth of a
second: measured, a fifth of the time of a busy process."""


def collect_seldom() -> None:
    """Once, when everything is up: what is there now is never looked at again, what comes later more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
