"""What a desk's button carries: an action, its case, and what else it is about. The same on every desk."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.ids import CaseId, EventId

FORM = re.compile(
    r"(claim|resolve|handback):([0-9]{1,18})"
    r"|(amend|unsend|unremember):([0-9]{1,18}):([0-9]{1,18})"
    r"|(mood|topic|topics):([0-9]{1,18}):([a-z]{1,20}(?::[0-9]{1,18})?)"
)


@dataclass(frozen=True, slots=True)
class DeskAction:
    """`about`: the event that it is about (an utterance, a fact). `value`: what an action says, such as a mood."""

    action: str
    case: CaseId
    about: EventId | None = None
    value: str = ""


def desk_action(button: str) -> DeskAction | None:
    """The action behind a button of a case; None for any other button."""
    found = FORM.fullmatch(button)
    if found is None:
        return None
    plain, case, aimed, its_case, about, saying, that_case, value = found.groups()
    number = CaseId(int(case or its_case or that_case))
    return DeskAction(plain or aimed or saying, number, EventId(int(about)) if about else None, value or "")
