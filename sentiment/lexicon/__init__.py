"""What shop customers write, by language: phrases, weights, intents, topics."""

from __future__ import annotations

from sentiment.lexicon import english, french, german, spanish
from sentiment.lexicon.block import Block

BLOCKS: tuple[Block, ...] = (
    *english.BLOCKS,
    *german.BLOCKS,
    *spanish.BLOCKS,
    *french.BLOCKS,
)

IN_GENERAL = english.IN_GENERAL
"""Names of what a shop has for everybody: "refund policy"."""
ASKED_IN_GENERAL = english.ASKED_IN_GENERAL
"""What speaks of the same in a question alone: "refunds"."""

TOPICS = {
    "en": english.TOPICS,
    "de": german.TOPICS,
    "es": spanish.TOPICS,
    "fr": french.TOPICS,
}

READABLE = frozenset(TOPICS)
"""The languages that the lexicons can read."""
