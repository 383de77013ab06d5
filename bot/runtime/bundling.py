"""What waits for one thread of a desk, in fewer messages: a group takes twenty a minute, and agents read them all.

Lines become one message, of the card's changes the newest goes. Whatever has files, buttons, words to
copy or a message that it answers goes alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.ids import CaseId
from bot.domain.message import Kind, Message, Side
from bot.ports import Delivery, Parcel, Thread

MOST = 2800
"""Characters of one message: with names that ring, Slack takes 3,000 and Telegram 4,096."""
LINES = frozenset({Kind.RELAY, Kind.NOTICE})


@dataclass(frozen=True, slots=True)
class Bundle:
    """One message to send, and the rows of the outbox that it is. `alone`: never put together with others (again)."""

    parcel: Parcel
    rows: tuple[Parcel, ...]
    alone: bool = False

    @classmethod
    def of(cls, parcel: Parcel, *, alone: bool = False) -> Bundle:
        """A message for itself."""
        return cls(parcel, (parcel,), alone)

    def apart(self) -> list[Bundle]:
        """Each for itself again."""
        return [Bundle.of(row, alone=True) for row in self.rows]

    def placed(self, case: CaseId | None, thread: Thread) -> Bundle:
        """The same, in the thread that a case has by now."""
        if self.parcel.case != case:
            return self
        rows = tuple(replace(row, thread=thread) for row in self.rows)
        return replace(self, parcel=replace(self.parcel, thread=thread), rows=rows)

    def result(self, row: Parcel, delivery: Delivery) -> Delivery:
        """What became of one of the rows: a message that didn't arrive as one arrived in no part."""
        if len(self.rows) == 1:
            return delivery
        first = row.id == self.parcel.id
        return replace(delivery, sent=(), thread=delivery.thread if first else None, follow=None)


def bundled(waiting: Iterable[Bundle]) -> list[Bundle]:
    """The same in as few messages as it takes, in order; the card is true before the lines that it waited with."""
    made: list[Bundle] = []
    lines: list[Bundle] = []
    cards: list[Bundle] = []
    for one in waiting:
        if _is_line(one):
            lines.append(one)
        elif _is_card(one) and all(_same_case(one, card) for card in cards):
            cards.append(one)
        else:
            made += [*_newest(cards), *_lines(lines), one]
            lines, cards = [], []
    return [*made, *_newest(cards), *_lines(lines)]


def _plain(one: Bundle) -> bool:
    parcel = one.parcel
    return not one.alone and parcel.side is Side.DESK and not parcel.uncertain and not parcel.sent


def _is_line(one: Bundle) -> bool:
    message = one.parcel.message
    own = message.attachments or message.buttons or message.card or message.quotes
    loose = not (own or (message.reply_to and not message.quote))
    return _plain(one) and message.kind in LINES and loose and len(_words(message)) <= MOST


def _is_card(one: Bundle) -> bool:
    return _plain(one) and one.parcel.message.kind is Kind.CARD_CHANGE


def _same_case(one: Bundle, other: Bundle) -> bool:
    return one.parcel.case == other.parcel.case


def _words(message: Message) -> str:
    return f"↩ “{message.quote}”\n{message.text}" if message.quote else message.text


def _lines(lines: list[Bundle]) -> list[Bundle]:
    made: list[Bundle] = []
    together: list[Bundle] = []
    for one in lines:
        size = sum(len(_words(each.parcel.message)) + 1 for each in (*together, one))
        if together and (size > MOST or not _same_case(one, together[0])):
            made.append(_joined(together))
            together = []
        together.append(one)
    return [*made, _joined(together)] if together else made


def _joined(lines: list[Bundle]) -> Bundle:
    if len(lines) == 1:
        return lines[0]
    messages = [one.parcel.message for one in lines]
    text = "\n".join(map(_words, messages))
    people = tuple(dict.fromkeys(person for message in messages for person in message.mentions))
    whole = Message(Kind.RELAY, text, mentions=people)
    return Bundle(replace(lines[0].parcel, message=whole), tuple(row for one in lines for row in one.rows))


def _newest(cards: list[Bundle]) -> list[Bundle]:
    if not cards:
        return []
    return [Bundle(cards[-1].parcel, tuple(row for one in cards for row in one.rows))]
