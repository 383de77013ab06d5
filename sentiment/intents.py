"""What the writer wants: whole messages ("stop"), phrases, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sentiment.lexicon import ASKED_IN_GENERAL, IN_GENERAL
from sentiment.lexicon.block import Block
from sentiment.phrases import BREAKS, SENTENCE_ENDS, PhraseTree, Tokens, expand
from sentiment.verdict import Intent

POLITE = frozenset(
    "please pls plz bitte favor por svp stp s il vous te plait hi hello hey hallo hola bonjour now "
    "jetzt ahora just thanks thank you danke gracias merci".split()
)
"""Words that mean nothing beside others."""
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
_OWN = frozenset(
    "my mine our ours it its this that these those they them him her he she want wants wanted need needs demand "
    "demanding insist claim no n't never still yet why".split()
)
"""Words by which a question is no more about the shop's rules, but about what one has or wants."""
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
        while first < last and words[first] in POLITE:
            first += 1
        while last > first and words[last - 1] in POLITE:
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


class GeneralQuestions:
    """What is asked about the shop's rules: "what is your refund policy?" wants to know something, not a refund."""

    def __init__(self) -> None:
        self._named = PhraseTree(IN_GENERAL)
        self._asked = PhraseTree(ASKED_IN_GENERAL)

    def find(self, text: Tokens, languages: frozenset[str]) -> list[frozenset[Intent]]:
        """Give for each token the intents that its sentence speaks of in general, without wanting them."""
        marks: list[frozenset[Intent]] = [frozenset()] * len(text.words)
        named, questions = self._named.find(text, languages), self._asked.find(text, languages)
        if not named and not questions:
            return marks
        for first, last in _sentences(text):
            said = text.words[first : last + 1]
            if not _OWN.isdisjoint(said):
                continue
            found = [*named, *questions] if _asks(said) else named
            meant = [each for each in found if first <= each.first and each.last <= last]
            marks[first : last + 1] = [frozenset(intent for each in meant for intent in each.block.intents)] * len(said)
        return marks


def _sentences(text: Tokens) -> Iterator[tuple[int, int]]:
    """Give the first and last token of each sentence, its end mark included."""
    first = 0
    for at, word in enumerate(text.words):
        if word in SENTENCE_ENDS or at == len(text.words) - 1:
            yield first, at
            first = at + 1


def _asks(sentence: list[str]) -> bool:
    """Tell whether one sentence asks, after a greeting or a please."""
    if sentence[-1] == "?":
        return True
    said = [word for word in sentence if word not in BREAKS]
    opening = next((at for at, word in enumerate(said) if word not in POLITE), len(said))
    return said[opening : opening + 1] != [] and said[opening] in _ASKING | _MODALS


def in_order(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """Give each intent once, the most urgent first (the order of `Intent`)."""
    return tuple(sorted(set(intents), key=_URGENCY.__getitem__))
