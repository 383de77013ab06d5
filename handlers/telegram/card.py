"""The card of a case, in Telegram's HTML: who, why they matter, why now, what was said."""

from __future__ import annotations

import re
from html import escape, unescape
from zoneinfo import ZoneInfo

from bot.domain.card_words import CardFact, card_facts, case_words, state_words
from bot.domain.message import Card, CardLine, CardReason, Mention
from handlers.telegram.text import MOST_TEXT, cut, units

SIGNS = {"open": "🔴", "claimed": "🟡", "resolved": "🟢", "reopened": "🔴"}
TAG = re.compile(r"</?[biua](?: href=\"[^\"]*\")?>")
MOST_NAME = 100
MOST_FACT = 300
MOST_EVIDENCE = 200
MOST_LINE = 350
MOST_REASONS = 8


def render(card: Card, zone: ZoneInfo) -> str:
    """The whole card. The oldest lines give way when all of them don't fit into a message."""
    last = list(card.last)
    while True:
        text = "\n\n".join(filter(None, (_head(card), _reasons(card), _last(last, zone))))
        if not last or units(plain(text)) <= MOST_TEXT:
            return text
        del last[0]


def plain(text: str) -> str:
    """What of the HTML counts for the limit: the text without its tags."""
    return unescape(TAG.sub("", text))


def topic_name(name: str, customer: int, card: Card | None) -> str:
    """`Ana Duarte · 1001: Boots`: the customer and the order, without anything that a title can't show."""
    who = " ".join(name.split()) or f"Customer {customer}"
    order = " ".join(card.order.split(" · ")[0].split()) if card else ""
    return f"{who} · {order}" if order else who


def _head(card: Card) -> str:
    sign = SIGNS.get(card.state, "🔵")
    state = _safe(state_words(card), MOST_NAME)
    lines = [
        f"{sign} <b>{_safe(card.name, MOST_NAME)}</b> · {_safe(case_words(card), MOST_NAME)}, {state}",
        _safe(card.urgency, MOST_FACT),
        _safe(card.promise, MOST_FACT),
        ringing(card.offer, (card.mention,) if card.mention else ()),
        *(_fact(fact) for fact in card_facts(card)),
    ]
    return "\n".join(filter(None, lines))


def _fact(fact: CardFact) -> str:
    words = _safe(fact.words, MOST_FACT)
    return f"<b>{_safe(fact.label, MOST_NAME)}:</b> {words}" if fact.label else words


def ringing(text: str, people: tuple[Mention, ...]) -> str:
    """The text with each person's name as a mention, so that Telegram tells them: `tg://user?id=…` rings by the id."""
    rest, html = escape(text, quote=False), ""
    for person in people:
        name = escape(person.name, quote=False)
        before, found, after = rest.partition(name) if name and person.external.isdigit() else ("", "", "")
        if found:
            html, rest = f'{html}{before}<a href="tg://user?id={person.external}">{name}</a>', after
    return html + rest


def to_copy(text: str, quotes: tuple[str, ...]) -> str:
    """Words below the text, each in a box of its own: one touch copies it."""
    return "\n\n".join([escape(text, quote=False), *(f"<code>{escape(each, quote=False)}</code>" for each in quotes)])


def _reasons(card: Card) -> str:
    return "\n".join(_reason(reason) for reason in card.reasons[-MOST_REASONS:])


def _reason(reason: CardReason) -> str:
    evidence = f": {_safe(reason.evidence, MOST_EVIDENCE)}" if reason.evidence else ""
    return f"• <b>{_safe(reason.reason, MOST_NAME)}</b>{evidence}"


def _last(lines: list[CardLine], zone: ZoneInfo) -> str:
    return "\n".join(_line(line, zone) for line in lines)


def _line(line: CardLine, zone: ZoneInfo) -> str:
    when = f"{line.at.astimezone(zone):%d %b %H:%M}"
    return f"<i>{when} {_safe(line.author, MOST_NAME)}:</i> {marked(line.text, line.marks)}"


def marked(text: str, marks: tuple[tuple[int, int], ...], most: int = MOST_LINE) -> str:
    """The text with its evidence bold and underlined; marks that overlap, or lie outside, do no harm."""
    short = cut(text, most)
    parts, at = [], 0
    for start, end in sorted(marks):
        begin, stop = max(at, start), min(end, len(short))
        if begin < stop:
            parts += [escape(short[at:begin], quote=False), f"<b><u>{escape(short[begin:stop], quote=False)}</u></b>"]
            at = stop
    return "".join([*parts, escape(short[at:], quote=False)])


def _safe(text: str, most: int) -> str:
    return escape(cut(text, most), quote=False)
