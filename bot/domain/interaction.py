"""One line in a customer's log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.ids import CaseId, PurchaseId
from bot.domain.message import Attachment, Ref


class Direction(StrEnum):
    """Seen from the shop."""

    IN = "in"
    OUT = "out"


class Author(StrEnum):
    """Who said it."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Interaction:
    """What somebody said or did.

    `kind`: message, rating, tap, edit, command, ask, reminder, answer, relay, amendment, unsend, gift, follow_up,
    link or reach.
    `verdict` is the JSON form of sentiment's verdict, for words of the customer. `quote`: what they reply to, in short.
    """

    at: datetime
    channel: str
    direction: Direction
    author: Author
    kind: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    verdict: dict[str, Any] | None = None
    author_name: str = ""
    case: CaseId | None = None
    ref: Ref | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Words that stay inside. `kind`: note, talk (not the claimer), edit, notice, command, unheard (nobody reached)."""

    at: datetime
    case: CaseId
    author: str
    text: str
    kind: str = "note"
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating and/or words about a purchase (or about none), with its verdict's figures."""

    at: datetime
    purchase: PurchaseId | None
    rating: int | None
    text: str
    label: str
    score: float
    unhappy: float
    counts_unhappy: bool
    """As the summary counts: rating 1 or 2, or a negative verdict at the program's threshold."""
    channel: str = ""
    topics: tuple[tuple[str, float], ...] = ()
    """What it is about, each with its mood."""
    likelihood: int | None = None
    """A rating from 0 to 10 that the customer wrote by themselves."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Proof that a customer agreed or left: which kind, when, in which words, where."""

    at: datetime
    kind: str
    granted: bool
    channel: str
    words: str
    details: dict[str, str] = field(default_factory=dict)
