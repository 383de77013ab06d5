"""What the writer wants: whole messages ("stop"), phrases, questions."""

from __future__ import annotations

from collections.abc import Iterable

from sentiment.lexicon.block import Block
from sentiment.phrases import BREAKS, SENTENCE_ENDS, Tokens, expand
from sentiment.verdict import Intent

_POLITE = frozenset(
    "please pls plz bitte favor por svp stp s il vous te plait hi hello hey hallo hola bonjour now "
    "jetzt ahora just thanks thank you danke gracias merci".split()
)
_LONGEST = 8
_ASKING = frozenset(
    "how what when where who which why whats hows wann wie wo was warum wieso welche donde cuando "
    "como cual quien cuanto quand comment combien pourquoi quel quelle dove quando quanto onde".split()
)
_MODALS = frozenset(
    "can could do does did is are will would may have has am kann konnen konnt gibt habt ist sind "
    "puedo pueden puede hay tienen puis pouvez est avez posso potete".split()
)
_SUBJECTS = frozenset(
    "i you u we they it he she this that there the my your someone somebody anyone anybody ich ihr "
    "sie es man das die der mein meine yo usted ustedes el la mi il elle vous je ce mon ma".split()
)
_EXCLAIMING = frozenset("a an great nice lovely beautiful awful terrible bon bonne neu".split())
_SHORTEST_QUESTION = 3
_URGENCY = {intent: place for place, intent in enumerate(Intent)}


class WholeMessages:
    """Messages that mean something only when they stand alone."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        """Take the blocks marked `whole`."""
        self._known: dict[str, Block] = {}
        for block in blocks:
            for pattern in block.patterns():
                for path in expand(pattern):
                    self._known.setdefault(" ".join(path), block)

    def find(self, text: Tokens) -> Block | None:
        """Give the block of the whole message, politeness left out; None when there is none."""
        words = [word for word in text.words if word not in BREAKS]
        if not 0 < len(words) <= _LONGEST:
            return None
        found = self._known.get(" ".join(words))
        if found is not None:
            return found
        first, last = 0, len(words)
        while first < last and words[first] in _POLITE:
            first += 1
        while last > first and words[last - 1] in _POLITE:
            last -= 1
        return self._known.get(" ".join(words[first:last]))


def is_question(text: Tokens) -> bool:
    """Tell whether the text asks something, with or without a question mark."""
    if "?" in text.words:
        return True
    start = True
    for at, word in enumerate(text.words[: 1 - _SHORTEST_QUESTION]):
        after = text.words[at + 1]
        if start and word in _ASKING and after not in _EXCLAIMING and after not in BREAKS:
            return True
        if start and word in _MODALS and after in _SUBJECTS:
            return True
        start = word in SENTENCE_ENDS
    return False


def asked(text: Tokens) -> list[bool]:
    """Tell of each token whether its sentence ends with a question mark."""
    marks = [False] * len(text.words)
    asking = False
    for at in range(len(text.words) - 1, -1, -1):
        if text.words[at] in SENTENCE_ENDS:
            asking = text.words[at] == "?"
        marks[at] = asking
    return marks


def in_order(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """Give each intent once, the most urgent first (the order of `Intent`)."""
    return tuple(sorted(set(intents), key=_URGENCY.__getitem__))
