"""What is said: incoming attachments, outgoing messages, buttons, the card. Channel-neutral and plain text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId, EventId


class Media(StrEnum):
    """What kind of thing is attached."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"
    LOCATION = "location"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file where it lies. `ref` is the platform's own handle of it (Telegram file_id, Slack file id, blob number).

    `note` carries what has no file: the coordinates of a location, the emoji of a sticker, a contact's number.
    """

    media: Media
    channel: str
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A message on a platform: `chat` holds it, `message` names it. Opaque outside its edge."""

    channel: str
    chat: str
    message: str


@dataclass(frozen=True, slots=True)
class Button:
    """A tap that comes back as `action` (at most 64 bytes, no spaces)."""

    label: str
    action: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class CardReason:
    """One reason of a case in the fixed words, with the evidence that speaks for it."""

    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """One of the last interactions, as agents see it. `marks` are (start, end) spans of evidence in `text`."""

    at: datetime
    author: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A person of the shop whom a desk shall ring: their id there, and the name that stands in the text.

    `channel` is the desk that can ring them.
    """

    external: str
    name: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What an agent sees at a glance: who, why they matter, why now, what was said."""

    case: CaseId
    customer: int
    name: str
    channel: str
    state: str
    owner: str | None
    reasons: tuple[CardReason, ...]
    value: str
    order: str
    last: tuple[CardLine, ...]
    opened_at: datetime
    language: str = ""
    earlier_cases: int = 0
    gestures: tuple[str, ...] = ()
    """The latest ones given, oldest first, a line each."""
    urgency: str = ""
    """Mood, value and waiting time in words, and how many others wait behind."""
    promise: str = ""
    """By when an answer is promised, or that the promise is broken."""
    offer: str = ""
    """Whom it is offered to, and why."""
    mention: Mention | None = None
    speaks: str = "en"
    """The language of the shop's people: that of the card's own words."""
    clock: str = ""
    """The customer's local time beside the shop's, so that it stays true however long the card stands."""
    mood: str = ""
    """The last interactions oldest → newest, a sign each and the latest in words."""
    earlier: tuple[str, ...] = ()
    """Earlier cases, oldest first, a line each: when, why, by whom, and whether all was well again."""
    facts: tuple[str, ...] = ()
    """What is remembered of the person, with their consent."""
    reach: str = ""
    """That the customer can't be reached, and why."""


class Kind(StrEnum):
    """Why a message goes out. Delivery, pacing and the edges decide by it."""

    ASK = "ask"
    REMINDER = "reminder"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    RELAY = "relay"
    GIFT = "gift"
    CARD = "card"
    CARD_CHANGE = "card_change"
    NOTICE = "notice"
    MARK = "mark"
    REPORT = "report"
    LOOKUP = "lookup"
    TAP_ANSWER = "tap_answer"
    FAREWELL = "farewell"
    AMENDMENT = "amendment"
    UNSEND = "unsend"
    TYPING = "typing"
    OUTREACH = "outreach"
    REWARD = "reward"


class Side(StrEnum):
    """To whom."""

    CUSTOMER = "customer"
    DESK = "desk"
    STAFF = "staff"


class MarkState(StrEnum):
    """What happened to an agent's message. WAITS: not yet, and it will be tried again by itself."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Message:
    """Words, attachments and buttons for one recipient.

    `author` is the person who speaks ("" = the bot). `reply_to` is a message on the channel it goes to.
    `sources` are the messages it was relayed from: an edge of the same platform may copy those instead.
    `tap` names the tap that a TAP_ANSWER answers. `report` names the report that a manager's edge makes.
    `about`: the events whose messages an AMENDMENT changes or an UNSEND takes back. `anew` are an amendment's words
    where the old ones can't be changed. `picture` is the author's, `quote` what the words reply to, in short.
    """

    kind: Kind
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    author: str = ""
    card: Card | None = None
    mark: MarkState | None = None
    reply_to: Ref | None = None
    sources: tuple[Ref, ...] = ()
    tap: str = ""
    report: str = ""
    email: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    about: tuple[EventId, ...] = ()
    anew: str = ""
    picture: str = ""
    quote: str = ""
    mentions: tuple[Mention, ...] = ()
    """People of the shop whom a notice names: their desk rings them."""
    quotes: tuple[str, ...] = ()
    """Words below a notice that are there to be copied, each by itself."""
