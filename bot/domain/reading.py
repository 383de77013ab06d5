"""How often the reader was wrong, as agents' corrections tell; and what today's reader says to the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.correction import Correction
from sentiment.labelled import MOODS, TOPICS

UNHAPPY = frozenset({"negative", "mixed"})
"""What counts as having seen that somebody is unhappy."""


@dataclass(slots=True)
class Readings:
    """Every message that was read, counted by what the reader said of it."""

    n: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)

    def count(self, label: str, topics: Iterable[str]) -> None:
        """One more."""
        self.n += 1
        self.labels[label] += 1
        self.topics.update(set(topics))


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says of some words: a mood, and what they are about."""

    label: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """`wrong` of `n`, at least: nobody looks at every reply. `now_wrong` of `now_n`: today's reader on the same words.

    `group`: all, kind, mood or topic. `of`: what the n are.
    """

    group: str
    name: str
    wrong: int
    n: int
    of: str
    now_wrong: int
    now_n: int


Wrong = Callable[[Correction, Said], bool]


def mood_is_wrong(correction: Correction, said: Said) -> bool:
    """Words of two minds that are unhappy were seen well enough."""
    seen_enough = correction.label == "negative" and said.label in UNHAPPY
    return bool(correction.label) and correction.label != said.label and not seen_enough


def missed(correction: Correction, said: Said) -> bool:
    """Somebody unhappy was not seen."""
    return correction.label == "negative" and said.label not in UNHAPPY


def false_alarm(correction: Correction, said: Said) -> bool:
    """Somebody content was taken for unhappy."""
    return correction.label in {"neutral", "positive"} and said.label in UNHAPPY


def topics_are_wrong(correction: Correction, said: Said) -> bool:
    """One too many or one too few."""
    return correction.topics is not None and set(correction.topics) != said.topics


def measure(corrections: Sequence[Correction], today: Sequence[Said], read: Readings) -> list[Mistakes]:
    """A line for everything, each kind of mistake, each mood and each topic. `today` is in the corrections' order."""
    pairs = [(one, _then(one), now) for one, now in zip(corrections, today, strict=True)]
    unhappy = sum(read.labels[label] for label in UNHAPPY)
    mooded = [pair for pair in pairs if pair[0].label]
    about = [pair for pair in pairs if pair[0].topics is not None]
    content = [pair for pair in mooded if pair[0].label != "negative"]
    sad = [pair for pair in mooded if pair[0].label == "negative"]
    lines = [
        _line("all", "mood", mooded, mood_is_wrong, (read.n, "replies read")),
        _line("all", "topics", about, topics_are_wrong, (read.n, "replies read")),
        _line("kind", "false alarm", content, false_alarm, (unhappy, "read as unhappy")),
        _line("kind", "missed", sad, missed, (read.n - unhappy, "not read as unhappy")),
    ]
    for mood in (*MOODS, "mixed", "unknown"):
        those = [pair for pair in mooded if pair[1].label == mood]
        lines.append(_line("mood", mood, those, mood_is_wrong, (read.labels[mood], f"read as {mood}")))
    for topic in TOPICS:
        lines += _topic_lines(topic, about, read)
    return [line for line in lines if line.n or line.now_n]


def _then(correction: Correction) -> Said:
    return Said(correction.scored, frozenset(correction.scored_topics))


def _line(
    group: str, name: str, pairs: list[tuple[Correction, Said, Said]], is_wrong: Wrong, base: tuple[int, str]
) -> Mistakes:
    wrong = sum(is_wrong(one, then) for one, then, _ in pairs)
    now = sum(is_wrong(one, today) for one, _, today in pairs)
    return Mistakes(group, name, wrong, max(base[0], wrong), base[1], now, len(pairs))


def _topic_lines(topic: str, about: list[tuple[Correction, Said, Said]], read: Readings) -> list[Mistakes]:
    """Seen where it isn't, and not seen where it is."""

    def seen(correction: Correction, said: Said) -> bool:
        return topic in said.topics and topic not in (correction.topics or ())

    def unseen(correction: Correction, said: Said) -> bool:
        return topic in (correction.topics or ()) and topic not in said.topics

    without = [pair for pair in about if topic not in (pair[0].topics or ())]
    those = [pair for pair in about if topic in (pair[0].topics or ())]
    count = read.topics[topic]
    return [
        _line("topic", f"{topic}, not meant", [p for p in without if topic in p[1].topics | p[2].topics], seen,
              (count, f"read as {topic}")),
        _line("topic", f"{topic}, not seen", those, unseen, (len(those), f"called {topic} by agents")),
    ]  # fmt: skip
