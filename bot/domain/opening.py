"""First sentences for the agent who begins: made of what is known, in the customer's language, never a forced macro."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ask import AskState
from bot.domain.case import Case, Promise, ReasonKind
from bot.domain.correcting import correction_of, topics_of
from bot.domain.draft import language_of
from bot.domain.interaction import Author, Interaction
from bot.domain.purchase import Purchase
from bot.domain.staff import public_name
from bot.domain.story import Story
from bot.phrases import phrase
from bot.program import Program
from sentiment import Intent

MOST = 3
ASKED_ABOUT = frozenset({"delivery", "quality", "size", "price", "website", "returns", "packaging"})
"""Topics with a question of their own."""
GRAVE = ((Intent.BEREAVEMENT, "loss"), (Intent.DANGER, "danger"), (Intent.LEGAL, "legal"))


@dataclass(frozen=True, slots=True)
class Known:
    """What an opener may speak of: nothing else is in it. "" and None = not known."""

    language: str
    name: str
    agent: str
    item: str
    topic: str
    words: Interaction | None
    rated: bool
    grave: str
    came_back: bool
    waited: bool
    kinds: frozenset[ReasonKind]

    def say(self, key: str) -> str:
        """A phrase in the customer's language."""
        values = {"name": self.name, "agent": self.agent, "item": self.item}
        return phrase(self.language, f"open-{key}", **values)


def suggest_openers(story: Story, case: Case, program: Program, now: datetime) -> tuple[str, ...]:
    """Two or three ways to begin, the best first. `now`: what is promised is late only once it is."""
    known = what_is_known(story, case, program, now)
    hello, question = known.say("hello"), known.say(_question(known))
    core = " ".join(map(known.say, _core(known)))
    late = f"{hello} {known.say('waited')} {core}" if known.waited and not known.grave else ""
    options = (late, f"{hello} {core}", f"{hello} {core} {question}", f"{hello} {question}")
    return tuple(dict.fromkeys(option for option in options if option))[:MOST]


def what_is_known(story: Story, case: Case, program: Program, now: datetime) -> Known:
    """Gather it."""
    lines = [line for line in story.interactions if line.author is Author.CUSTOMER and line.verdict]
    written = [line for line in lines if line.kind == "message" and line.text]
    purchase = purchase_meant(story)
    return Known(
        language=language_of(story.customer, program),
        name=next(iter(story.customer.name.split()), ""),
        agent=public_name(case.owner_name) if case.speaker is not None else "",
        item=purchase.title if purchase and len(purchase.items) == 1 else "",
        topic=next(_sore_topics(story, written), ""),
        words=written[-1] if written else None,
        rated=any(line.kind == "rating" for line in lines),
        grave=_grave(lines) if ReasonKind.ALARM in {reason.kind for reason in case.reasons} else "",
        came_back=case.follow_ups > 0 and case.recovered is False,
        waited=_waited(case, now),
        kinds=frozenset(reason.kind for reason in case.reasons),
    )


def purchase_meant(story: Story) -> Purchase | None:
    """What they speak of: the purchase that was asked about last, or their only one. None = it could be any."""
    asked = [ask for ask in story.asks if ask.waiting or ask.state is AskState.ANSWERED]
    latest = max(asked, key=lambda ask: ask.sent_at or ask.planned_at, default=None)
    if latest is not None:
        return next((purchase for purchase in story.purchases if purchase.id == latest.id), None)
    return story.purchases[0] if len(story.purchases) == 1 else None


def _sore_topics(story: Story, written: list[Interaction]) -> Iterator[str]:
    """What went wrong, latest words first: as an agent corrected it, else what was read as sore, worst first."""
    for line in reversed(written):
        made, verdict = correction_of(story, line), line.verdict or {}
        if made and made.label in {"neutral", "positive"}:
            continue
        if made and made.topics is not None:
            yield from made.topics
            continue
        moods = {each["topic"]: each["score"] for each in verdict.get("topics") or ()}
        yield from sorted((topic for topic in topics_of(verdict) if moods[topic] < 0), key=lambda topic: moods[topic])


def _grave(lines: list[Interaction]) -> str:
    said = {intent for line in lines for intent in (line.verdict or {}).get("intents") or ()}
    return next((key for intent, key in GRAVE if intent.value in said), "serious")


def _waited(case: Case, now: datetime) -> bool:
    """An answer came later than it was promised, or is late at this moment."""
    answers = {Promise.FIRST_REPLY, Promise.NEXT_REPLY}
    broken = any(breach.promise in answers for breach in case.breaches)
    late = case.reply_due_at is not None and case.reply_due_at <= now
    return (broken or late) and (case.waiting_since is not None or case.first_human_at is None)


def _core(known: Known) -> tuple[str, ...]:
    if known.grave:
        return (known.grave,)
    if known.came_back:
        return ("again",)
    if ReasonKind.UNHAPPY in known.kinds:
        return _sorry(known)
    if ReasonKind.ASKED in known.kinds:
        return ("asked",)
    return ("read",) if known.words else ("thanks",)


def _sorry(known: Known) -> tuple[str, ...]:
    if known.words:
        return ("read", f"sorry-{known.topic}") if known.topic else ("sorry-words",)
    return ("sorry-rating",) if known.rated else ("sorry",)


def _question(known: Known) -> str:
    if known.grave:
        return "ask-loss" if known.grave == "loss" else "ask-safe" if known.grave == "danger" else "ask-help"
    if ReasonKind.UNHAPPY in known.kinds:
        return f"ask-{known.topic}" if known.topic in ASKED_ABOUT else "ask-right"
    return "ask-help" if {ReasonKind.ASKED, ReasonKind.UNCLEAR} & known.kinds else "ask-better"
