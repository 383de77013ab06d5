"""What customers decide about themselves: leaving, coming back, seeing, erasing."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.asking import cancel_asks
from bot.domain.case import Reason, ReasonKind
from bot.domain.commands import Command
from bot.domain.draft import Draft
from bot.domain.escalating import escalate
from bot.domain.event import EraseDue, Tapped
from bot.domain.interaction import Author, Direction
from bot.domain.message import Button, Kind, Side
from bot.domain.preference import show_preferences, withdraw_all
from bot.domain.remembering import privacy_rows

SERVICE = "service"
ERASE_LATEST = timedelta(minutes=1)
COMMANDS = {
    name: Command(name, "")
    for name in ("human", "stop", "resume", "mydata", "forget", "privacy", "help", "preferences")
}


def on_command(draft: Draft, channel: str, command: Command, words: str = "") -> None:
    """Commands are answered whoever holds the conversation: they are addressed to the bot."""
    match command.name:
        case "human":
            escalate(draft, [Reason(ReasonKind.ASKED, "/human", draft.now)])
        case "stop":
            stop(draft, channel, words or "/stop")
        case "resume":
            resume(draft, channel, words or "/resume")
        case "mydata":
            draft.report(Side.CUSTOMER, channel, "mydata", {})
        case "forget":
            _forget(draft)
        case "preferences":
            show_preferences(draft)
        case "privacy":
            draft.say(draft.words("privacy", shop=draft.program.shop.name), rows=privacy_rows(draft))
        case _:
            draft.say(draft.words("help", shop=draft.program.shop.name))


def stop(draft: Draft, channel: str, words: str) -> None:
    """Acts at once: nothing planned or waiting goes out any more."""
    if draft.customer.opted_out_at:
        draft.say(draft.words("stopped-already"))
        return
    draft.change_customer(opted_out_at=draft.now)
    draft.consent(SERVICE, granted=False, channel=channel, words=words)
    cancel_asks(draft, "opted out")
    withdraw_all(draft, channel, words)
    draft.silence(Kind.ASK, Kind.REMINDER, Kind.FOLLOW_UP)
    draft.say(draft.words("stopped"))


def resume(draft: Draft, channel: str, words: str) -> None:
    """Back on the list, for new purchases only."""
    if not draft.customer.opted_out_at:
        draft.say(draft.words("resumed-already"))
        return
    draft.change_customer(opted_out_at=None)
    draft.consent(SERVICE, granted=True, channel=channel, words=words)
    draft.say(draft.words("resumed"))


def _forget(draft: Draft) -> None:
    rows = (
        (Button(draft.words("forget-yes"), "forget:yes", "danger"),),
        (Button(draft.words("forget-no"), "forget:no"),),
    )
    draft.say(draft.words("forget", orders=len(draft.story.purchases)), rows=rows)


def on_forget_tap(draft: Draft, tapped: Tapped, answer: str) -> bool:
    """The one confirm button, or the way back."""
    if answer == "no":
        draft.say(draft.words("forget-kept"))
        return True
    if answer != "yes":
        return False
    draft.log(Direction.IN, Author.CUSTOMER, "tap", draft.words("forget-yes"), channel=tapped.sender.channel)
    draft.consent(SERVICE, granted=False, channel=tapped.sender.channel, words=draft.words("forget-yes"))
    draft.change_customer(opted_out_at=draft.customer.opted_out_at or draft.now)
    cancel_asks(draft, "erased")
    draft.silence(*(kind for kind in Kind if kind is not Kind.TAP_ANSWER))
    case = draft.case
    if case:
        draft.notice(case, "desk-left")
    sent = draft.say(draft.words("farewell"), kind=Kind.FAREWELL, receipt=True, channel=tapped.sender.channel)
    due = draft.now + ERASE_LATEST if sent else draft.now
    draft.timer(f"erase:{draft.event.id}", due, EraseDue(draft.now))
    return True


def on_erase_due(draft: Draft, _due: EraseDue) -> None:
    """The farewell is delivered, or has had its minute."""
    draft.erase = True
