"""`/mood` in a case's thread: an agent says how the customer's latest words were really meant."""

from __future__ import annotations

from bot.domain.case import Case
from bot.domain.commands import Command, parse_command
from bot.domain.correction import Correction
from bot.domain.draft import Draft
from bot.domain.event import AgentSaid, Payload
from bot.domain.interaction import Interaction
from bot.domain.staff import Staff
from sentiment import Label

MOOD = "mood"
MOODS = {
    "unhappy": Label.NEGATIVE,
    "negative": Label.NEGATIVE,
    "fine": Label.NEUTRAL,
    "neutral": Label.NEUTRAL,
    "happy": Label.POSITIVE,
    "positive": Label.POSITIVE,
}
QUOTED = 60


def corrects(payload: Payload) -> bool:
    """Whether an agent asks for a correction: then the rules need the customer's latest words, however old."""
    if not isinstance(payload, AgentSaid) or payload.edited:
        return False
    command = parse_command(payload.words)
    return command is not None and command.name == MOOD


def correct(draft: Draft, case: Case, command: Command, staff: Staff, name: str) -> None:
    """Keep the correction and say so in the thread. Nothing of it reaches the customer."""
    label = MOODS.get(command.words.lower())
    line = _last_words(draft)
    if label is None:
        draft.answer(case, "desk-mood-words")
    elif line is None or line.verdict is None:
        draft.answer(case, "desk-mood-nothing")
    else:
        verdict = line.verdict
        draft.correct(
            Correction(
                at=draft.now,
                said_at=line.at,
                text=line.text,
                label=label.value,
                scored=verdict["label"],
                unhappy=verdict["unhappy"],
                scorer=verdict["scorer"],
                staff=staff.id,
                author=name,
            )
        )
        values = {"agent": name, "words": _quoted(line.text), "mood": draft.desk_words(f"mood-{label.value}")}
        draft.answer(case, "desk-mood", **values)
        draft.note(case.id, name, draft.desk_words("desk-mood", **values), "notice")


def _last_words(draft: Draft) -> Interaction | None:
    """The customer's latest message that was read; a bare tap says what it means already."""
    read = (line for line in reversed(draft.recent()) if line.kind == "message" and line.verdict is not None)
    return next(read, draft.story.last_words)


def _quoted(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= QUOTED else f"{flat[: QUOTED - 1].rstrip()}…"
