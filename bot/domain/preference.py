"""What a customer wants to hear of, kind by kind: `/preferences`, buttons, and what a shop or partner brings proof of.

Service (questions, gifts) is on until it is refused; outreach and partners' offers are off until they are agreed to.
Each change is proof: who, when, in which words, where.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ask import AskState
from bot.domain.asking import end_ask
from bot.domain.customer import Customer
from bot.domain.draft import Draft, Rows
from bot.domain.event import OrderReported, Tapped
from bot.domain.interaction import Author, Direction
from bot.domain.level import PROACTIVE
from bot.domain.message import Button, Kind

QUESTIONS, GIFTS, OUTREACH, PARTNERS = KINDS = ("questions", "gifts", "outreach", "partners")
BY_CONSENT = frozenset({OUTREACH, PARTNERS})
SILENCED = {QUESTIONS: (Kind.ASK, Kind.REMINDER), GIFTS: (Kind.REWARD,), OUTREACH: (Kind.OUTREACH,), PARTNERS: ()}


def wants(customer: Customer, kind: str) -> bool:
    """Whether something of this kind may be sent."""
    if customer.opted_out_at or kind in customer.refused:
        return False
    return kind not in BY_CONSENT or kind in customer.agreed


def choose(draft: Draft, kind: str, *, on: bool, channel: str, words: str, **details: str) -> bool:
    """Note the choice with its proof; what waits of the kind is silenced at once. False = it was so already."""
    person = draft.customer
    agreed, refused = set(person.agreed) - {kind}, set(person.refused) - {kind}
    (agreed if on else refused).add(kind)
    changed = (tuple(sorted(agreed)), tuple(sorted(refused)))
    if changed == (person.agreed, person.refused):
        return False
    draft.change_customer(agreed=changed[0], refused=changed[1])
    draft.consent(kind, granted=on, channel=channel, words=words, details=details)
    if not on:
        draft.silence(*SILENCED[kind])
        _end_questions(draft, kind)
    return True


def _end_questions(draft: Draft, kind: str) -> None:
    for ask in draft.story.asks if kind == QUESTIONS else ():
        if ask.state is AskState.PLANNED:
            end_ask(draft, ask, AskState.CANCELLED, "wants no questions")


def learn_consents(draft: Draft, order: OrderReported) -> None:
    """What the customer ticked at checkout: `"consents": {"outreach": "the words beside the box"}`.

    A later no of theirs stands, whatever an order says: only they themselves take it back.
    """
    given = order.extra.get("consents")
    for kind, words in given.items() if isinstance(given, dict) else ():
        fresh = kind in BY_CONSENT and kind not in draft.customer.refused and not draft.customer.opted_out_at
        if fresh and isinstance(words, str) and words.strip():
            reference = f"{order.shop}/{order.order_id}"
            choose(draft, kind, on=True, channel=f"shop:{order.shop}", words=words.strip(), order=reference)


def withdraw_all(draft: Draft, channel: str, words: str) -> None:
    """Who stops everything has agreed to nothing any more; coming back doesn't bring it back."""
    for kind in draft.customer.agreed:
        if kind in BY_CONSENT:
            draft.consent(kind, granted=False, channel=channel, words=words)
    left = tuple(kind for kind in draft.customer.agreed if kind not in BY_CONSENT)
    draft.change_customer(agreed=left)
    draft.silence(Kind.OUTREACH, Kind.REWARD)


# ---------------------------------------------------------------- what they see


def show_preferences(draft: Draft) -> None:
    """Each kind with one button that turns it over."""
    draft.say(draft.words("preferences"), rows=preference_rows(draft))


def preference_rows(draft: Draft) -> Rows:
    """Partners and outreach are offered only where the shop has any."""
    rows = []
    for kind in _offered(draft):
        on = wants(replace(draft.customer, opted_out_at=None), kind)
        label = draft.words(f"prefer-{kind}-{'on' if on else 'off'}")
        rows.append((Button(label, f"prefer:{kind}:{'no' if on else 'yes'}"),))
    return tuple(rows)


def _offered(draft: Draft) -> list[str]:
    campaigns = draft.house.campaigns.values()
    offered = {
        QUESTIONS: True,
        GIFTS: bool(draft.program.reward),
        OUTREACH: bool(campaigns),
        PARTNERS: any(campaign.partner for campaign in campaigns),
    }
    return [kind for kind in KINDS if offered[kind] or kind in draft.customer.refused or kind in draft.customer.agreed]


def on_prefer(draft: Draft, tapped: Tapped, rest: str) -> bool:
    """`prefer:outreach:no`. Acts at once, and says so."""
    kind, _, answer = rest.partition(":")
    if kind not in KINDS or answer not in {"yes", "no"}:
        return False
    on, channel = answer == "yes", tapped.sender.channel
    words = draft.words(f"preferred-{kind}-{'on' if on else 'off'}")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", draft.words("preferences-tap"), channel=channel,
              name=draft.customer.name)  # fmt: skip
    choose(draft, kind, on=on, channel=channel, words=words)
    draft.say(words)
    return True


def invite(draft: Draft) -> None:
    """Once, after an answer, at the proactive level: may the bot write by itself? Nothing hangs on it."""
    person, campaigns = draft.customer, draft.house.campaigns
    known = {*person.agreed, *person.refused}
    if OUTREACH in known or person.opted_out_at or person.invited or not campaigns or draft.case:
        return
    if not draft.program.outreach.invite or not draft.level.allows(PROACTIVE) or draft.left_alone:
        return
    yes = Button(draft.words("invite-yes"), f"prefer:{OUTREACH}:yes")
    no = Button(draft.words("invite-no"), f"prefer:{OUTREACH}:no")
    if draft.say(draft.words("invite", shop=draft.program.shop.name), rows=((yes, no),), log="invitation"):
        draft.change_customer(invited=True)
