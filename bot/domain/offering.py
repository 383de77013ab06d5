"""The ladder of an unclaimed case: one agent, then everybody, then a manager. Each step is a timer; a claim ends it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot.domain.card_words import tongue
from bot.domain.case import Case, Rung
from bot.domain.draft import Draft
from bot.domain.event import LadderDue
from bot.domain.hours import add_working, calendar_of, is_open, opens_next
from bot.domain.ids import StaffId
from bot.domain.interaction import Author
from bot.domain.message import Mention
from bot.domain.routing import Choice, Need, choose, works_at
from bot.domain.staff import Staff, StaffChange


def offer(draft: Draft, case: Case, excluding: frozenset[StaffId] = frozenset()) -> Case:
    """Begin at the lowest rung that has somebody. Outside everybody's hours it begins when the shop opens."""
    case = withdrawn(case)
    if not draft.program.routing.enabled:
        return case
    calendar = calendar_of(draft.program)
    choice = choose(
        need_of(draft, case),
        draft.house.identities(),
        held_by(draft, case),
        draft.house.desks,
        draft.program,
        draft.now,
        excluding,
    )
    if choice is None and not is_open(calendar, draft.now):
        draft.timer(
            f"ladder:{case.id}:{case.offer_round}:agent",
            opens_next(calendar, draft.now),
            LadderDue(case.id, case.offer_round, Rung.AGENT),
        )
        return replace(case, offer=draft.desk_words("offer-later"))
    rules = draft.program.routing
    for rung, after in ((Rung.ALL, rules.to_all_after), (Rung.MANAGER, rules.to_manager_after)):
        key = f"ladder:{case.id}:{case.offer_round}:{rung.value}"
        draft.timer(key, add_working(calendar, draft.now, after), LadderDue(case.id, case.offer_round, rung))
    if choice is None:
        return for_all(draft, case)
    draft.staff_changed(StaffChange(choice.staff.id, offered_at=draft.now))
    return replace(case, rung=Rung.AGENT, offered_to=choice.staff.id, offer=choice_words(draft, choice))


def withdrawn(case: Case) -> Case:
    """Offered to nobody any more; timers of the old offer are stale."""
    return replace(case, rung=Rung.NONE, offered_to=None, offer="", offer_round=case.offer_round + 1)


def for_all(draft: Draft, case: Case) -> Case:
    """The second rung."""
    return replace(case, rung=Rung.ALL, offered_to=None, offer=draft.desk_words("offer-all"))


def choice_words(draft: Draft, choice: Choice) -> str:
    """`offered to Ana: knows this customer`."""
    values = {"agent": name_of(choice.staff)}
    if choice.why == "language":
        values["tongue"] = tongue(choice.what, draft.program.shop.languages[0])
    elif choice.why == "skill":
        values["skill"] = choice.what
    return draft.desk_words(f"offer-{choice.why}", **values)


def name_of(staff: Staff) -> str:
    """How colleagues call them."""
    return staff.name or staff.identity


def held_by(draft: Draft, case: Case) -> Counter[StaffId]:
    """How many other open cases each person holds or is offered."""
    others = (known for number, known in draft.house.cases.items() if number != case.id)
    return Counter(staff for known in others if (staff := known.owner or known.offered_to) is not None)


def need_of(draft: Draft, case: Case) -> Need:
    """The customer's language, what they wrote about, and the agent who is in charge of them or whom they know."""
    verdicts = [line.verdict for line in draft.recent() if line.author is Author.CUSTOMER and line.verdict]
    about: set[str] = set()
    for verdict in verdicts:
        about.update(verdict.get("intents") or ())
        about.update(topic["topic"] for topic in verdict.get("topics") or ())
    person = draft.customer
    read = next((v["language"] for v in reversed(verdicts) if v.get("language")), "")
    language = (person.language or person.locale or read).replace("_", "-").partition("-")[0].lower()
    owners = [known.owner for known in draft.story.cases if known.owner is not None]
    return Need(language, frozenset(about), case.owner or person.in_charge or (owners[-1] if owners else None))


def mention_of(draft: Draft, case: Case) -> Mention | None:
    """The person whom the card rings, on the desk that can."""
    desks = draft.house.desks
    own = (one for one in draft.house.identities() if one.id == case.offered_to and one.channel in desks)
    return next((Mention(one.external, name_of(one), one.channel) for one in own), None)


def managers_at(draft: Draft) -> list[Staff]:
    """Managers who read one of the desks."""
    here = (one for one in draft.house.identities() if one.is_manager and works_at(one, draft.house.desks))
    found: dict[StaffId, Staff] = {}
    for one in here:
        found.setdefault(one.id, one)
    return list(found.values())
