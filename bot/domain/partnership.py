"""Steps that a partner, the console or a command asks for: the same rules hold as for the program's own."""

from __future__ import annotations

from bot.domain.ask import AskState
from bot.domain.asking import schedule
from bot.domain.case import Reason, ReasonKind
from bot.domain.draft import Draft
from bot.domain.escalating import escalate
from bot.domain.event import RewardDue, StepAsked
from bot.domain.ids import StaffId
from bot.domain.level import LADDER
from bot.domain.own_data import stop
from bot.domain.preference import KINDS, choose

STEPS = ("ask", "reward", "level", "segments", "charge", "prefer", "stop", "person")


def on_step_asked(draft: Draft, asked: StepAsked) -> None:
    """Do it, or write down why not. `asked.by` names who wants it."""
    if not draft.story.identities:
        draft.because(asked.step, "refused", f"{asked.by}: nobody is known here")
        return
    problem = _DO[asked.step](draft, asked) if asked.step in _DO else f"no such step; there are {', '.join(STEPS)}"
    draft.because(asked.step, "refused" if problem else "done", f"{asked.by}: {problem}" if problem else asked.by)


def _ask(draft: Draft, asked: StepAsked) -> str:
    """Ask about a purchase now: under every condition that holds for any ask."""
    wanted = asked.arguments.get("purchase", "")
    purchase = next((one for one in draft.story.purchases if one.reference == wanted), None)
    ask = draft.ask(purchase.id) if purchase else None
    if ask is None:
        return f"no purchase {wanted!r}"
    if ask.state is not AskState.PLANNED:
        return f"the ask is {ask.state.value}"
    schedule(draft, ask, draft.now, "")
    return ""


def _reward(draft: Draft, asked: StepAsked) -> str:
    name = asked.arguments.get("reward", "")
    if name not in {one.name for one in draft.program.reward}:
        return f"no reward {name!r}"
    draft.timer(f"reward:{name}:step:{draft.event.id}", draft.now, RewardDue(name, f"step{draft.event.id}", draft.now))
    return ""


def _level(draft: Draft, asked: StepAsked) -> str:
    level = asked.arguments.get("level", "")
    if level and level not in LADDER:
        return f"no level {level!r}; there are {', '.join(LADDER)}"
    draft.change_customer(level=level)
    return ""


def _segments(draft: Draft, asked: StepAsked) -> str:
    words = (word.strip() for word in asked.arguments.get("segments", "").split(","))
    draft.change_customer(segments=tuple(sorted({word for word in words if word})))
    return ""


def _charge(draft: Draft, asked: StepAsked) -> str:
    """A named person in charge; nobody when empty."""
    wanted = asked.arguments.get("staff", "")
    staff = next((one for one in draft.house.people() if wanted in {one.identity, one.name}), None)
    if wanted and (staff is None or not staff.may_take_cases):
        return f"{wanted!r} takes no cases"
    draft.change_customer(in_charge=StaffId(staff.id) if staff else None)
    return ""


def _prefer(draft: Draft, asked: StepAsked) -> str:
    """A consent that the partner has proof of, or its end."""
    kind, on = asked.arguments.get("kind", ""), asked.arguments.get("on", "")
    if kind not in KINDS or on not in {"yes", "no"}:
        return f"kind is one of {', '.join(KINDS)}, on is yes or no"
    words = asked.arguments.get("words", "")
    if on == "yes" and not words:
        return "a consent needs the words that were agreed to"
    choose(draft, kind, on=on == "yes", channel=asked.by, words=words or "by request")
    return ""


def _stop(draft: Draft, asked: StepAsked) -> str:
    """They told the partner that they want nothing more: it ends here, too. Only they themselves take it back."""
    if draft.customer.opted_out_at:
        return "opted out already"
    stop(draft, asked.by, asked.arguments.get("words", "") or "by request")
    return ""


def _person(draft: Draft, asked: StepAsked) -> str:
    words = asked.arguments.get("words", "") or "asked for by a partner"
    escalate(draft, [Reason(ReasonKind.ASKED, f"{asked.by}: “{words[:80]}”", draft.now)])
    return ""


_DO = {
    "ask": _ask,
    "reward": _reward,
    "level": _level,
    "segments": _segments,
    "charge": _charge,
    "prefer": _prefer,
    "stop": _stop,
    "person": _person,
}
