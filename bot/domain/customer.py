"""A customer and the addresses they are known by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CustomerId, StaffId

CHAT_CHANNELS = ("telegram", "slack", "web")


@dataclass(frozen=True, slots=True)
class Identity:
    """An address on one channel. `channel` may also be "shop" or "email": known by, not spoken to."""

    channel: str
    external: str
    name: str = ""
    handle: str = ""
    unreachable: str = ""
    """Why nothing can be sent there; "" = it can."""
    linked_at: datetime | None = None
    proof: str = ""

    @property
    def is_chat(self) -> bool:
        """A place where words can be sent."""
        return self.channel not in {"shop", "email", "phone"}


class Memory(StrEnum):
    """What they said when asked whether facts about them may be remembered."""

    UNASKED = ""
    ASKED = "asked"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who buys. Everything but the number may be unknown."""

    id: CustomerId
    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""
    timezone: str = ""
    created_at: datetime | None = None
    opted_out_at: datetime | None = None
    language: str = ""
    """What they chose or write in; decides the words they get."""
    country: str = ""
    """ISO 3166, as the shop told it."""
    level: str = ""
    """Set for this customer alone; "" = by the program."""
    segments: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Kinds of messages (`bot.domain.preference`)."""
    care_until: datetime | None = None
    care_why: str = ""
    """Nothing is begun until then, and why: mourning, grave or angry words."""
    in_charge: StaffId | None = None
    """The person of the shop who looks after them."""
    invited: bool = False
    """They were asked once whether they want outreach."""
    memory: Memory = Memory.UNASKED


class Holder(StrEnum):
    """Who speaks with the customer."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a customer talks with us, and who holds it. `question` is what the bot waits for an answer to."""

    holder: Holder = Holder.BOT
    staff: StaffId | None = None
    channel: str = ""
    question: str = ""
    introduced: bool = False
