"""An agent says how the customer's words were really meant: their mood, what they are about. Nothing goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.case import Case
from bot.domain.commands import Command, parse_command
from bot.domain.correction import Correction
from bot.domain.draft import Draft, Rows
from bot.domain.event import AgentSaid, AgentTapped, Payload
from bot.domain.interaction import Interaction
from bot.domain.message import Button
from bot.domain.mood import counts_as_unhappy
from bot.domain.speaking import short
from bot.domain.staff import Staff
from bot.domain.story import Story
from bot.phrases import LANGUAGES, phrase
from sentiment import Label
from sentiment.labelled import TOPICS

MOOD, TOPIC, TOPIC_LIST = "mood", "topic", "topics"
CORRECTING = frozenset({MOOD, TOPIC})
CORRECTIONS = CORRECTING | {TOPIC_LIST}
MOODS = {
    "unhappy": Label.NEGATIVE,
    "negative": Label.NEGATIVE,
    "fine": Label.NEUTRAL,
    "neutral": Label.NEUTRAL,
    "happy": Label.POSITIVE,
    "positive": Label.POSITIVE,
}
NOTHING = frozenset({"none", "nothing", "-"})
OPEN, DONE = "open", "done"
A_ROW = 3
LATEST = 10**16
"""In the year 2286: words of a later moment are nobody's."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def corrects(payload: Payload) -> bool:
    """Whether an agent asks for a correction: then the rules need the customer's latest words, however old."""
    if isinstance(payload, AgentTapped):
        return payload.action in CORRECTIONS
    if not isinstance(payload, AgentSaid) or payload.edited:
        return False
    command = parse_command(payload.words)
    return command is not None and command.name in CORRECTING


def moment_named(payload: Payload) -> datetime | None:
    """When the words were said that a tap is about; None = it means the latest."""
    if not isinstance(payload, AgentTapped) or payload.action not in CORRECTIONS:
        return None
    number = payload.value.partition(":")[2]
    if not (number.isascii() and number.isdigit()):
        return None
    return BEGINNING + timedelta(microseconds=min(int(number), LATEST))


def named(value: str, line: Interaction) -> str:
    """What a tap about exactly these words says: `neutral:1764511200000000`."""
    return f"{value}:{(line.at - BEGINNING) // timedelta(microseconds=1)}"


# ---------------------------------------------------------------- which words, how they count


def words_meant(draft: Draft, moment: datetime | None = None) -> Interaction | None:
    """The customer's words of that moment, else the latest that were read; a bare tap says what it means already."""
    read = [line for line in draft.recent() if line.kind == "message" and line.verdict is not None]
    if moment is not None:
        return next((line for line in (*reversed(read), *draft.story.reread) if line.at == moment), None)
    return read[-1] if read else draft.story.last_words


def correction_of(story: Story, line: Interaction) -> Correction | None:
    """What an agent said of these words."""
    made = (each for each in story.corrections if (each.said_at, each.text) == (line.at, line.text))
    return next(made, None)


def topics_of(verdict: dict[str, Any]) -> tuple[str, ...]:
    """What the reader says that words are about."""
    return tuple(each["topic"] for each in verdict.get("topics") or () if each["topic"] in TOPICS)


def label_now(story: Story, line: Interaction) -> str:
    """How the words count: as an agent says, else as they were read."""
    made = correction_of(story, line)
    return (made.label if made else "") or (line.verdict or {}).get("label", "")


def topics_now(story: Story, line: Interaction) -> tuple[str, ...]:
    """What the words are about: as an agent says, else as they were read."""
    made = correction_of(story, line)
    return topics_of(line.verdict or {}) if made is None or made.topics is None else made.topics


def reads_unhappy(draft: Draft, line: Interaction) -> bool:
    """Whether these words count as those of somebody unhappy."""
    made, verdict = correction_of(draft.story, line), line.verdict or {}
    if made and made.label:
        return made.label == Label.NEGATIVE.value
    label, score, unhappy = verdict.get("label", ""), verdict.get("score", 0.0), verdict.get("unhappy", 0.0)
    return counts_as_unhappy(label, score, unhappy, verdict.get("rating"), draft.program.escalate)


# ---------------------------------------------------------------- correcting


def correct(draft: Draft, case: Case, command: Command, staff: Staff, name: str) -> bool:
    """`/mood fine`, `/topic delivery size`. The thread says which words were meant. True when it was kept."""
    line = words_meant(draft)
    label, topics = MOODS.get(command.words.lower()), read_topics(command.words)
    if (label if command.name == MOOD else topics) is None:
        draft.notice(case, f"desk-{command.name}-words", **({} if command.name == MOOD else {"topics": known(draft)}))
    elif line is None:
        draft.notice(case, "desk-mood-nothing")
    elif command.name == MOOD and label is not None:
        _mood(draft, case, line, label, (staff, name))
    else:
        _topics(draft, case, line, topics or (), (staff, name))
    return draft.corrected


def on_correction_tapped(draft: Draft, case: Case, tapped: AgentTapped, who: tuple[Staff, str]) -> str:
    """One tap; returns words for the one who tapped, "" when the thread shows it."""
    line, value = words_meant(draft, moment_named(tapped)), tapped.value.partition(":")[0]
    if line is None:
        return draft.desk_words("desk-mood-nothing")
    if tapped.action == MOOD and value in MOODS:
        return _mood_tapped(draft, case, line, MOODS[value], who)
    if tapped.action == TOPIC and value in TOPICS:
        before = topics_now(draft.story, line)
        after = tuple(topic for topic in TOPICS if (topic in before) != (topic == value))
        _keep(draft, line, who, topics=after)
        return draft.desk_words("desk-topic-now", topics=named_topics(draft, after))
    return "" if tapped.action == TOPIC_LIST else draft.desk_words("desk-unknown", command=tapped.action)


def _mood_tapped(draft: Draft, case: Case, line: Interaction, label: Label, who: tuple[Staff, str]) -> str:
    made = correction_of(draft.story, line)
    if made and made.label == label.value:
        return draft.desk_words("desk-mood-already", mood=draft.desk_words(f"mood-{label.value}"))
    _mood(draft, case, line, label, who)
    return ""


def _mood(draft: Draft, case: Case, line: Interaction, label: Label, who: tuple[Staff, str]) -> None:
    _keep(draft, line, who, label=label.value)
    _tell(draft, case, who[1], "desk-mood", words=_quoted(line), mood=draft.desk_words(f"mood-{label.value}"))


def _topics(draft: Draft, case: Case, line: Interaction, topics: tuple[str, ...], who: tuple[Staff, str]) -> None:
    _keep(draft, line, who, topics=topics)
    _tell(draft, case, who[1], "desk-topic", words=_quoted(line), topics=named_topics(draft, topics))


def _keep(draft: Draft, line: Interaction, who: tuple[Staff, str], **said: Any) -> None:  # noqa: ANN401 - label or topics
    verdict, (staff, name) = line.verdict or {}, who
    made = correction_of(draft.story, line) or Correction(
        at=draft.now,
        said_at=line.at,
        text=line.text,
        label="",
        scored=verdict["label"],
        unhappy=verdict["unhappy"],
        scorer=verdict["scorer"],
        staff=staff.id,
        author=name,
        scored_topics=topics_of(verdict),
    )
    draft.correct(replace(made, at=draft.now, staff=staff.id, author=name, **said))


def _tell(draft: Draft, case: Case, name: str, key: str, **values: str) -> None:
    draft.notice(case, key, agent=name, **values)
    draft.note(case.id, name, draft.desk_words(key, agent=name, **values), "notice")


def _quoted(line: Interaction) -> str:
    return short(line.text)


# ---------------------------------------------------------------- topics in words


def named_topics(draft: Draft, topics: tuple[str, ...]) -> str:
    """`delivery, quality`, in the shop's language; "" = none."""
    return ", ".join(draft.desk_words(f"topic-{topic}") for topic in topics)


def known(draft: Draft) -> str:
    """All that can be written after /topic."""
    return named_topics(draft, TOPICS)


def read_topics(words: str) -> tuple[str, ...] | None:
    """The topics in some words, in any of our languages; () for `none`. None when a word is no topic."""
    said = [part for part in words.lower().replace(",", " ").split() if part]
    if said and set(said) <= NOTHING:
        return ()
    names = {phrase(language, f"topic-{topic}").lower(): topic for language in LANGUAGES for topic in TOPICS}
    found = [part if part in TOPICS else names.get(part) for part in said]
    if not found or None in found:
        return None
    return tuple(topic for topic in TOPICS if topic in found)


# ---------------------------------------------------------------- buttons


def correction_row(draft: Draft, case: Case) -> Rows:
    """One quiet row under the card: the other mood, and what it is about. None while no words were read."""
    line = words_meant(draft)
    if line is None:
        return ()
    label = Label.NEUTRAL if reads_unhappy(draft, line) else Label.NEGATIVE
    mood = Button(draft.desk_words(f"desk-tap-{label.value}"), f"mood:{case.id}:{named(label.value, line)}")
    return ((mood, Button(draft.desk_words("desk-tap-topic"), f"topics:{case.id}:{named(OPEN, line)}")),)


def topic_rows(draft: Draft, case: Case, moment: datetime | None) -> Rows:
    """Every topic, those that hold with a tick; a tap changes one."""
    line = words_meant(draft, moment)
    if line is None:
        return ()
    held = topics_now(draft.story, line)
    buttons = [
        Button(("✓ " if topic in held else "") + draft.desk_words(f"topic-{topic}"),
               f"topic:{case.id}:{named(topic, line)}")
        for topic in TOPICS
    ]  # fmt: skip
    rows = tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))
    return (*rows, (Button(draft.desk_words("desk-tap-done"), f"topics:{case.id}:{DONE}"),))
