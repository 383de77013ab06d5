"""What is learned, what is kept aside, and what a hurried thumb makes of it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sentiment.labelled import Reply
from sentiment.plain import plain

HELD_OUT = ("rowan", "sorrel", "willow")
"""Writers of sentiment/corpus/ whose lines are never learned from."""

ORDINARY = frozenset(
    "acacia alder aspen beech cherry chestnut hawthorn laurel magnolia poplar spruce sycamore tamarind".split()
)
"""Writers of sentiment/corpus/ of ordinary texts (posts, reviews, plain answers): everybody reads their mood alike."""

_ASIDE = 0.06


def without_repeats(replies: Iterable[Reply], known: Iterable[Reply] = ()) -> Iterator[Reply]:
    """Leave out texts that came before or are among `known`, as folded for the model."""
    seen = {plain(reply.text).words.strip() for reply in known}
    for reply in replies:
        folded = plain(reply.text).words.strip()
        if folded and folded not in seen:
            seen.add(folded)
            yield reply


def is_aside(text: str, share: float = _ASIDE) -> bool:
    """Tell whether a text is kept aside for choosing thresholds.

    The text alone decides, so that it stays aside in every training, whatever joins the others.
    """
    return zlib.crc32(plain(text).words.strip().encode()) < share * 2**32


def split(replies: Sequence[Reply], share: float = _ASIDE) -> tuple[list[Reply], list[Reply]]:
    """Set a part aside for choosing thresholds: (to learn from, aside)."""
    aside = [is_aside(reply.text, share) for reply in replies]
    return (
        [reply for reply, kept in zip(replies, aside, strict=True) if not kept],
        [reply for reply, kept in zip(replies, aside, strict=True) if kept],
    )


def with_typos(reply: Reply, chance: random.Random) -> Reply:
    """Give the reply as a hurried thumb would type it: one or two slips in its longer words."""
    words = reply.text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]  # noqa: PLR2004
    for at in chance.sample(long, min(len(long), chance.choice((1, 1, 2)))):
        words[at] = _slip(words[at], chance)
    return replace(reply, text=" ".join(words))


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:  # noqa: PLR2004
        return word[:at] + word[at] + word[at:]
    return word[:at] + chance.choice("aeinorst") + word[at + 1 :]
