"""Who counts as unhappy, from what was read: the same for a fresh verdict and for one out of the log."""

from __future__ import annotations

from bot.program import Escalate
from sentiment import Label

DISSATISFIED = 2
"""A rating of this or less says it by itself."""


def counts_as_unhappy(label: str, score: float, unhappy: float, rating: int | None, rules: Escalate) -> bool:
    """A rating of 1 or 2, or words under the program's thresholds; never what nobody could read."""
    if rating is not None and rating <= DISSATISFIED:
        return True
    return label != Label.UNKNOWN.value and (score < rules.unhappy_below or unhappy >= rules.unhappy_from)
