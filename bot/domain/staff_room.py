"""What people of the shop ask the bot in private: summaries, the queue, a way into the console."""

from __future__ import annotations

from bot.domain.commands import Command, parse_command
from bot.domain.digest import on_digest_words
from bot.domain.draft import Draft
from bot.domain.event import Said, Sender
from bot.domain.message import Side
from bot.domain.presence import PRESENCE_COMMANDS, on_presence, seen, who_is_here
from bot.domain.seizing import on_seize_words
from bot.domain.spike import waiting_from
from bot.domain.staff import Staff
from bot.domain.summary import PERIODS

STAFF_COMMANDS = frozenset({"summary", "digest", "queue", "login", "who"}) | PRESENCE_COMMANDS


def on_staff_words(draft: Draft, said: Said) -> bool:
    """True when a person of the shop spoke as such. One who also buys is served as a customer, but for commands."""
    staff = draft.staff(said.sender)
    if staff is None:
        return False
    seen(draft, said.sender)
    command = parse_command(said.words)
    if command and command.name in STAFF_COMMANDS:
        _on_staff_command(draft, said.sender, staff, command)
        return True
    waiting = waiting_from(draft.conversation.question)
    if waiting and staff.is_manager and not command:
        on_seize_words(draft, said, waiting)
        return True
    if draft.story.purchases or draft.story.cases or command:
        return False
    _help(draft, said.sender, staff)
    return True


def _on_staff_command(draft: Draft, sender: Sender, staff: Staff, command: Command) -> None:
    if command.name == "summary" and staff.is_manager:
        period = command.words.strip().lower() or "7d"
        if period not in PERIODS:
            draft.tell_staff(sender, draft.desk_words("staff-period"))
            return
        draft.report(Side.STAFF, sender.channel, "summary", {"period": period, "to": sender.external})
    elif command.name == "digest" and staff.is_manager:
        on_digest_words(draft, sender, staff, command.words)
    elif command.name == "queue":
        draft.report(Side.STAFF, sender.channel, "queue", {"to": sender.external})
    elif command.name == "login":
        draft.report(Side.STAFF, sender.channel, "login", {"to": sender.external})
    elif command.name == "who":
        draft.tell_staff(sender, who_is_here(draft))
    elif command.name in PRESENCE_COMMANDS:
        name = staff.name or sender.name or sender.handle or staff.identity
        draft.tell_staff(sender, on_presence(draft, staff, name, f"/{command.name} {command.words}"))
    else:
        _help(draft, sender, staff)


def _help(draft: Draft, sender: Sender, staff: Staff) -> None:
    key = "staff-help" if staff.is_manager else "staff-agent-help"
    draft.tell_staff(sender, draft.desk_words(key, shop=draft.program.shop.name))
