"""What a message to those concerned would do: counted by the rules that decide when it goes out, and told in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import EventId
from bot.domain.message import Message
from bot.domain.seizing import whom_words, words_of
from bot.domain.spike import Aim, Spike, aim_from, definition_of
from bot.phrases import phrase
from bot.ports import CampaignPreview, Campaigns
from bot.program import Program, parse_campaign

AT_ONCE = timedelta(minutes=1)
SEND = "seize:send:"
REASONS = (
    ("opted out", "opted-out"), ("wants none", "wants-none"), ("did not agree", "not-agreed"), ("level ", "level"),
    ("later: open case", "case"), ("later: soon after a case", "after-case"), ("later: contacted", "lately"),
    ("later: quiet hours", "quiet"), ("later: public holiday", "holiday"), ("no channel", "no-channel"),
    ("refunded", "refunded"), ("words of mourning", "care"), ("grave words", "care"), ("angry words", "care"),
)  # fmt: skip
"""How a reason of the rules begins, and the phrase that tells it."""
TIMES = re.compile(r" \(until .*\)")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many get it at once, how many later and how many never, with the reasons. `first`: the shop's first words."""

    now: int
    later: Mapping[str, int]
    never: Mapping[str, int]
    first: str


async def reach_of(records: Campaigns, program: Program, spike: Spike, aim: Aim, words: str, now: datetime) -> Reach:
    """Asks the planner and the rules; writes nothing."""
    spoken = words_of(program, spike, words)
    made = parse_campaign(definition_of(spike, aim, spoken), program, "message")
    found = await records.preview_campaign(made, now, now + AT_ONCE)
    return reach(found, spoken[program.shop.languages[0]])


def reach(found: CampaignPreview, words: str) -> Reach:
    """The lines of a preview, added up."""
    why = Counter(TIMES.sub("", line.why) for line in found.lines if line.why)
    later = {reason: number for reason, number in why.items() if reason.startswith("later")}
    never = {reason: number for reason, number in why.items() if reason not in later}
    for reason, number in found.refused.items():
        never[reason] = never.get(reason, 0) + number
    return Reach(sum(not line.why for line in found.lines), later, never, words)


def reason_words(reason: str, language: str) -> str:
    """A reason as people of the shop read it."""
    key = next((key for start, key in REASONS if reason.startswith(start)), "")
    return phrase(language, f"seize-why-{key}") if key else reason.removeprefix("later: ")


def _listed(reasons: Mapping[str, int], language: str) -> str:
    told: Counter[str] = Counter()
    for reason, number in reasons.items():
        told[reason_words(reason, language)] += number
    return ", ".join(f"{number} × {words}" for words, number in told.most_common())


async def seize_preview(message: Message, records: Campaigns, program: Program, now: datetime) -> Message:
    """The report “seize”, in words. When it would reach nobody there is nothing to send."""
    given = message.arguments
    raised = datetime.fromisoformat(given["raised_at"])
    spike = Spike(EventId(int(given["spike"])), given["kind"], given["subject"], raised)
    aim = aim_from(given["aim"]) or Aim()
    found = await reach_of(records, program, spike, aim, given["words"], now)
    rows = message.buttons
    if not found.now and not found.later:
        rows = tuple(row for row in rows if not row[0].action.startswith(SEND))
    return replace(message, text=reach_words(found, spike, aim, program), buttons=rows)


def reach_words(found: Reach, spike: Spike, aim: Aim, program: Program) -> str:
    """The message as it reads, whom it goes to, and whom not."""
    language = program.shop.languages[0]
    lines = [
        phrase(language, "seize-preview", whom=whom_words(program, spike, aim), words=found.first),
        phrase(language, "seize-now", number=found.now),
    ]
    if found.later:
        lines.append(
            phrase(language, "seize-later", number=sum(found.later.values()), why=_listed(found.later, language))
        )
    if found.never:
        lines.append(
            phrase(language, "seize-never", number=sum(found.never.values()), why=_listed(found.never, language))
        )
    lines.append(phrase(language, "seize-offers" if aim.offers else "seize-helps"))
    return "\n".join(lines)
