"""A correction: what an agent says of words that the scorer read wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import StaffId


@dataclass(frozen=True, slots=True)
class Correction:
    """`text` was said by the customer at `said_at`; the agent calls it `label`: negative, neutral or positive.

    `label` "": nobody said anything of its mood. `topics`: what it is about; None = nobody said. `scored`,
    `scored_topics`, `unhappy` (0…1) and `scorer` are what the verdict said at that time.
    """

    at: datetime
    said_at: datetime
    text: str
    label: str
    scored: str
    unhappy: float
    scorer: str
    staff: StaffId
    author: str
    topics: tuple[str, ...] | None = None
    scored_topics: tuple[str, ...] = ()
