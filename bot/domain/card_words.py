"""What a card says beside its name, reasons and last lines: the same facts on every desk, in the shop's language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.message import Card
from bot.phrases import phrase

STATES = frozenset({"open", "claimed", "resolved", "reopened"})
CHANNELS = {"telegram": "Telegram", "slack": "Slack"}


@dataclass(frozen=True, slots=True)
class CardFact:
    """One fact: what it is ("" = it says so itself), and the words."""

    label: str
    words: str


def state_words(card: Card) -> str:
    """`open, nobody has it yet`, `Kim has it`, `resolved by Kim`."""
    if card.state == "claimed" or (card.owner and card.state != "resolved"):
        return phrase(card.speaks, "card-state-claimed", agent=card.owner or "")
    if card.state not in STATES:
        return card.state
    values = {"agent": card.owner or ""} if card.state == "resolved" else {}
    return phrase(card.speaks, f"card-state-{card.state}", **values)


def case_words(card: Card) -> str:
    """`case 12`."""
    return phrase(card.speaks, "card-case", number=str(card.case))


def card_facts(card: Card) -> tuple[CardFact, ...]:
    """Every fact that is known, in the order in which it is read."""
    facts = (
        ("", card.value),
        ("order", card.order),
        ("mood", card.mood),
        ("remembered", "; ".join(card.facts)),
        ("given", "; ".join(card.gestures)),
        ("earlier", "; ".join(card.earlier)),
        ("", _about(card)),
        ("", card.clock),
        ("", card.reach),
    )
    return tuple(
        CardFact(phrase(card.speaks, f"card-label-{what}") if what else "", words) for what, words in facts if words
    )


def _about(card: Card) -> str:
    """`customer 7 · Telegram · English · 2 earlier cases`."""
    channel = CHANNELS.get(card.channel) or (phrase(card.speaks, "card-web") if card.channel == "web" else card.channel)
    parts = [
        phrase(card.speaks, "card-customer", number=str(card.customer)),
        channel,
        tongue(card.language, card.speaks),
        phrase(card.speaks, "card-cases", others=card.earlier_cases) if card.earlier_cases else "",
    ]
    return " · ".join(filter(None, parts))


def tongue(code: str, language: str) -> str:
    """`German`, as the shop's people call it; the code itself when nobody knows it."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 80 ms that most turns don't need

    try:
        return Locale.parse(code).get_language_name(language) or code if code else ""
    except (UnknownLocaleError, ValueError):
        return code
