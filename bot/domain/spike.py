"""A spike: more unhappy answers than usual (of all, about a topic, about a product); and whom a message is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ids import EventId

LASTS = timedelta(days=1)
"""How long a manager may answer a spike with a message."""
MOOD, TOPIC, PRODUCT = "unhappy", "topic", "product"
TOLD, BOUGHT = "told", "bought"
PER_DAY = 10_000
WAITS = "seize"


@dataclass(frozen=True, slots=True)
class Spike:
    """Known by the number of the alert's event. `kind` and `subject` as the alert has them; seized once."""

    id: EventId
    kind: str
    subject: str
    raised_at: datetime
    seized_at: datetime | None = None
    seized_by: str = ""

    @property
    def campaign(self) -> str:
        """The one campaign that may come of it."""
        return f"moment-{self.id}"

    def is_over(self, now: datetime) -> bool:
        """The moment has passed."""
        return now > self.raised_at + LASTS


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom a message goes to: those who told us, or all who bought. `offers`: it also offers something.

    Many of those who told us have a person with them already: nothing but that person speaks to them. So the message is
    for all who bought, unless a manager says otherwise.
    """

    whom: str = BOUGHT
    offers: bool = False

    @property
    def text(self) -> str:
        """As it travels in a button: `told`, `bought+`."""
        return f"{self.whom}{'+' if self.offers else ''}"


def aim_from(text: str) -> Aim | None:
    """What `Aim.text` gave."""
    whom = text.removesuffix("+")
    return Aim(whom, text.endswith("+")) if whom in {TOLD, BOUGHT} else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a manager is about to send. `version` 0: nothing is written yet; `words` "" then: the ready ones."""

    spike: EventId
    aim: Aim = Aim()
    version: int = 0
    words: str = ""

    @property
    def text(self) -> str:
        """As it lies beside the conversation: what the bot waits for there."""
        return f"{WAITS}:{self.spike}:{self.aim.text}:{self.version}:{self.words}"


def waiting_from(text: str) -> Waiting | None:
    """What `Waiting.text` gave; None when the bot waits for something else."""
    verb, _, rest = text.partition(":")
    if verb != WAITS:
        return None
    number, aim, version, words = rest.split(":", 3)
    return Waiting(EventId(int(number)), aim_from(aim) or Aim(), int(version), words)


def definition_of(spike: Spike, aim: Aim, words: Mapping[str, str]) -> dict[str, Any]:
    """The campaign as a program file would have it: once, at once, nobody held back to compare with.

    It answers what somebody bought or told, so it needs no consent to outreach; one that also offers something does.
    """
    return {
        "name": spike.campaign,
        "moment": "now",
        "service": not aim.offers,
        "hold_out": 0.0,
        "per_day": PER_DAY,
        "audience": audience_of(spike, aim),
        "variant": [{"name": "plain", "words": dict(words)}],
    }


def audience_of(spike: Spike, aim: Aim) -> dict[str, Any]:
    """The readable filter. Two days: the spike's own and the one in which it may be answered."""
    product = {"items": [spike.subject]} if spike.kind == PRODUCT else {}
    if aim.whom == BOUGHT:
        return {**product, "bought_within": "30d" if product else "7d"}
    topic = {"topics": [spike.subject]} if spike.kind == TOPIC else {"unhappy": True}
    return {**product, **topic, "told_within": "2d"}
