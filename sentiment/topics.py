"""What a reply speaks about (delivery, size …) and the mood of the clause that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sentiment.lexicon import TOPICS
from sentiment.phrases import SENTENCE_ENDS, Tokens
from sentiment.verdict import TopicMood

_JOINERS = frozenset({"and", "und", "y", "et"})


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that speaks for a mood: tokens first…last, weight −1…1, perhaps its topic."""

    first: int
    last: int
    weight: float
    topic: str = ""


def _index() -> dict[str, dict[str, str]]:
    by_language: dict[str, dict[str, str]] = {}
    for language, topics in TOPICS.items():
        words = by_language.setdefault(language, {})
        for topic, listed in topics.items():
            for word in listed.split():
                words.setdefault(word, topic)
    return by_language


_BY_LANGUAGE = _index()


def find_topics(text: Tokens, cues: Sequence[Cue], languages: AbstractSet[str]) -> tuple[TopicMood, ...]:
    """Give each topic mentioned with the mood of its clauses, in order of first mention."""
    words = _words_of(languages)
    mentions = [(cue.first, cue.topic) for cue in cues if cue.topic]
    inside = {at for cue in cues if cue.topic for at in range(cue.first, cue.last + 1)}
    mentions += [(at, words[word]) for at, word in enumerate(text.words) if word in words and at not in inside]
    if not mentions:
        return ()
    clauses = _clauses(text)
    moods: dict[str, list[float]] = {}
    for at, topic in sorted(mentions):
        moods.setdefault(topic, []).append(_mood(at, text, clauses, cues))
    return tuple(TopicMood(topic, _strongest(seen)) for topic, seen in moods.items())


_MERGED: dict[frozenset[str], Mapping[str, str]] = {}


def _words_of(languages: AbstractSet[str]) -> Mapping[str, str]:
    key = frozenset(languages)
    if key not in _MERGED:
        merged: dict[str, str] = {}
        for language in sorted(key & _BY_LANGUAGE.keys(), key=lambda code: (code != "en", code)):
            for word, topic in _BY_LANGUAGE[language].items():
                merged.setdefault(word, topic)
        _MERGED[key] = merged
    return _MERGED[key]


def _clauses(text: Tokens) -> list[int]:
    """Number the clauses, also cutting at "and", so that two opinions stay two."""
    numbers, extra = [], 0
    for word, clause in zip(text.words, text.clauses, strict=True):
        extra += word in _JOINERS
        numbers.append(clause + extra)
    return numbers


def _strongest(seen: Sequence[float]) -> float:
    strongest = max(seen, key=lambda mood: (abs(mood), -mood))
    return round(strongest, 4)


def _mood(at: int, text: Tokens, clauses: Sequence[int], cues: Sequence[Cue]) -> float:
    own = [cue.weight for cue in cues if cue.weight and clauses[cue.first] == clauses[at]]
    if own:
        return max(-1.0, min(1.0, sum(own)))
    # "The boots and the bag are awful": the mood follows later in the sentence.
    for cue in cues:
        if cue.first > at and cue.weight and clauses[cue.first] == clauses[at] + 1:
            between = text.words[at : cue.first]
            if SENTENCE_ENDS.isdisjoint(between) and "," not in between:
                return cue.weight
    return 0.0
