"""Whether a phrase is negated: "no problems", "didn't break", "gefällt mir nicht"."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sentiment.phrases import BREAKS, NOT, Tokens

_BEFORE = {
    "en": frozenset({NOT, "not", "never", "no", "without", "hardly", "barely", "nothing", "nor",
                     "neither", "none", "zero", "nobody"}),
    "de": frozenset("nicht kein keine keinen keiner keinem nie niemals ohne nichts weder".split()),
    "es": frozenset("no sin nunca ni ningun ninguna tampoco jamas nada".split()),
    "fr": frozenset("pas jamais sans aucun aucune ni rien".split()),
}  # fmt: skip
_AFTER = {"de": frozenset({"nicht", "nie"}), "fr": frozenset({"pas", "jamais"})}
_REACH = 4
_REACH_AFTER = {"de": 3, "fr": 1}
# "No, it broke" typed without the comma: that "no" answers, it doesn't negate.
# "It doesn't stop leaking", "not only", "I will never stop complaining".
_UNDOING = frozenset({"stop", "stops", "stopped", "stopping", "only", "just", "nur", "solo", "seulement"})
_ANSWERED = frozenset("it i my the this they we you he she that is was there".split())


def is_negated(text: Tokens, first: int, last: int, language: str, taken: AbstractSet[int]) -> bool:
    """Tell whether tokens first…last are negated within their clause.

    `taken`: tokens that belong to other phrases ("not only") and negate nothing.
    """
    negators = _BEFORE.get(language, frozenset())
    for at in range(first - 1, max(-1, first - 1 - _REACH), -1):
        word = text.words[at]
        if word in BREAKS or text.clauses[at] != text.clauses[first]:
            break
        if word in _UNDOING:
            return False
        if word in negators and at not in taken and not _is_answer(text, at, language):
            return True
    after = _AFTER.get(language)
    if after is None:
        return False
    for at in range(last + 1, min(len(text.words), last + 1 + _REACH_AFTER[language])):
        if text.words[at] in BREAKS or at in taken:
            break
        if text.words[at] in after:
            return True
    return False


def _is_answer(text: Tokens, at: int, language: str) -> bool:
    return language == "en" and text.words[at] == "no" and at + 1 < len(text.words) and text.words[at + 1] in _ANSWERED
