"""The customer rates the help, if they like: one tap, kept with the case, never a ranking of agents."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.case import Case
from bot.domain.draft import Draft, Rows
from bot.domain.event import Tapped
from bot.domain.ids import CaseId
from bot.domain.interaction import Author, Direction
from bot.domain.message import Button

GOOD, FAIR, POOR = "good", "fair", "poor"
RATINGS = (GOOD, FAIR, POOR)


def help_rows(draft: Draft, case: Case) -> Rows:
    """Three taps, where a person helped and it was not said yet."""
    if case.first_human_at is None or case.help:
        return ()
    return (tuple(Button(draft.words(f"help-{rating}"), f"help:{case.id}:{rating}") for rating in RATINGS),)


def on_help_tap(draft: Draft, tapped: Tapped, rest: str) -> bool:
    """How the help was. Who found it poor is offered a person again; everybody is thanked."""
    number, _, rating = rest.partition(":")
    case = draft.case_by_number(CaseId(int(number))) if number.isascii() and number.isdigit() else None
    if case is None or rating not in RATINGS:
        return False
    label = draft.words(f"help-{rating}")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", label, channel=tapped.sender.channel, name=draft.customer.name)
    again = case.help == rating
    if not again:
        draft.put_case(replace(case, help=rating))
    if draft.bot_holds and not again:
        draft.say(draft.words("help-sorry" if rating == POOR else "help-thanks"), log="help")
    return True
