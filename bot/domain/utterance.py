"""What an agent said to a customer, and what became of it since: changed inside, corrected, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.event import AgentSaid, AgentTapped, DeliveryReported, Payload
from bot.domain.ids import CaseId, EventId, StaffId
from bot.domain.message import Ref

UNSEND = "unsend"


class Unsent(StrEnum):
    """How far the taking back of it is. ASKED: on its way to the platform; a refusal leads back to NO."""

    NO = ""
    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Utterance:
    """Known by the number of the event that brought it.

    `author` is the name that the customer reads, `text` the words as they went out last, `channel` where they went.
    `refs` are the agent's own messages (an album has several). `copies` are the events whose messages hold what the
    customer has of it: its own, and one for every amendment that was sent. `amended`: changed inside, not sent yet.
    """

    id: EventId
    case: CaseId
    staff: StaffId
    author: str
    channel: str
    text: str
    at: datetime
    refs: tuple[Ref, ...] = ()
    copies: tuple[EventId, ...] = ()
    amended: str = ""
    unsent: Unsent = Unsent.NO


def about(payload: Payload) -> EventId | None:
    """The utterance that something names, None when it names none."""
    if isinstance(payload, AgentTapped | DeliveryReported):
        return payload.about
    return None


def concerns_utterances(payload: Payload) -> bool:
    """Whether the rules need to know what agents said before: an edit, a taking back, and what became of either."""
    if isinstance(payload, AgentSaid):
        return payload.edited or payload.words.strip().lower().startswith(f"/{UNSEND}")
    return about(payload) is not None
