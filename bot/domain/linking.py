"""How a chat becomes a known customer's: by a link token, or by the order's e-mail; and when it can't be reached."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ask import AskState
from bot.domain.asking import NO_CHANNEL, wake_asks
from bot.domain.customer import Identity
from bot.domain.draft import Draft
from bot.domain.escalating import change_card
from bot.domain.event import DeliveryReported, IdentityFound, ReachChanged, Sender, Started
from bot.domain.giving import on_gift_report
from bot.domain.interaction import Author, Direction
from bot.domain.level import BASIC, REACTIVE
from bot.domain.loyalty import on_reward_report
from bot.domain.message import Kind, MarkState
from bot.domain.outreach_rules import on_outreach_report
from bot.domain.speaking import on_told

LOOKUP_PROOF = "e-mail of the order"


def on_started(draft: Draft, started: Started) -> None:
    """The bot was opened, with or without a link."""
    sender = started.sender
    token = draft.house.tokens.get(started.token) if started.token else None
    if token and token.state == "valid" and token.customer == draft.customer.id:
        _link(draft, sender, started.token)
        return
    owner = draft.house.owners.get((sender.channel, sender.external))
    if owner is not None and owner != draft.customer.id:
        draft.requeue = sender
        return
    if owner is None and not _has(draft, sender):
        draft.requeue = sender
        return
    _opened(draft, sender)
    if not started.token:
        known = draft.story.purchases
        values = {"name": draft.first_name} if known else {"shop": draft.program.shop.name}
        draft.say(draft.words("welcome-again" if known else "welcome-stranger", **values))
        return
    mine = token and token.customer == draft.customer.id and token.used_by == f"{sender.channel}:{sender.external}"
    if mine:
        draft.say(draft.words("welcome-again", name=draft.first_name))
    else:
        state = token.state if token and token.state in {"spent", "expired"} else "unknown"
        draft.say(draft.words(f"link-{state}"))


def _has(draft: Draft, sender: Sender) -> bool:
    return any((i.channel, i.external) == (sender.channel, sender.external) for i in draft.story.identities)


def _opened(draft: Draft, sender: Sender) -> None:
    draft.change_conversation(channel=sender.channel, introduced=True)
    for identity in draft.story.identities:
        if (identity.channel, identity.external) == (sender.channel, sender.external) and identity.unreachable:
            draft.put_identity(replace(identity, unreachable=""))
    wake_asks(draft, NO_CHANNEL)


def _link(draft: Draft, sender: Sender, token: str) -> None:
    """The token proves it: this chat is the shop's customer's."""
    owner = draft.house.owners.get((sender.channel, sender.external))
    draft.spend = token
    draft.adopt(
        Identity(sender.channel, sender.external, sender.name, sender.handle, linked_at=draft.now, proof="link")
    )
    if owner is not None and owner != draft.customer.id:
        draft.absorb(owner)
    news = {
        field: getattr(sender, field)
        for field in ("name", "locale", "timezone")
        if getattr(sender, field) and not getattr(draft.customer, field)
    }
    if news:
        draft.change_customer(**news)
    draft.log(Direction.IN, Author.CUSTOMER, "link", "", channel=sender.channel, name=draft.customer.name)
    _opened(draft, sender)
    key = {BASIC: "welcome-basic", REACTIVE: "welcome-reactive"}.get(draft.level.level, "welcome-linked")
    words = draft.words(key, name=draft.first_name, shop=draft.program.shop.name)
    if not draft.customer.opted_out_at:
        draft.consent("service", granted=True, channel=sender.channel, words=words)
    draft.say(words)


def on_identity_found(draft: Draft, found: IdentityFound) -> None:
    """A channel knows the order's e-mail: the customer can be asked there."""
    if not found.external or found.email.lower() != draft.customer.email.lower():
        return
    if any((i.channel, i.external) == (found.channel, found.external) for i in draft.story.identities):
        return
    owner = draft.house.owners.get((found.channel, found.external))
    draft.adopt(
        Identity(found.channel, found.external, found.name, found.handle, linked_at=draft.now, proof=LOOKUP_PROOF)
    )
    if owner is not None and owner != draft.customer.id:
        draft.absorb(owner)
    if found.timezone and not draft.customer.timezone:
        draft.change_customer(timezone=found.timezone)
    wake_asks(draft, NO_CHANNEL)


def on_reach_changed(draft: Draft, change: ReachChanged) -> None:
    """Blocked, unblocked, account deleted."""
    sender = change.sender
    why = "" if change.reachable else (change.why or "blocked the bot")
    for identity in draft.story.identities:
        if (identity.channel, identity.external) == (sender.channel, sender.external):
            _reach(draft, identity, why)


def _reach(draft: Draft, identity: Identity, why: str) -> None:
    if identity.unreachable == why:
        return
    draft.put_identity(replace(identity, unreachable=why))
    draft.log(Direction.IN, Author.CUSTOMER, "reach", why or "can be reached again", channel=identity.channel)
    case = draft.case
    if case:
        draft.notice(case, "desk-unreachable", why=why) if why else draft.notice(case, "desk-reachable")
        change_card(draft, case.id)
    if not why:
        wake_asks(draft, NO_CHANNEL)


def on_delivery(draft: Draft, report: DeliveryReported) -> None:
    """What became of a message: asks count from here, agents see it on their own words."""
    if report.kind == Kind.FAREWELL.value:
        draft.erase = True
        return
    if report.outcome == MarkState.WAITS.value:
        on_told(draft, report)
        return
    if report.outcome == "unreachable" and report.side == "customer":
        for identity in draft.story.identities:
            if identity.channel == report.channel and not identity.unreachable:
                draft.put_identity(replace(identity, unreachable=report.why))
                _show_reach(draft)
    ask = draft.ask(report.ask) if report.ask is not None else None
    if ask and report.kind == Kind.ASK.value:
        _ask_reported(draft, ask.id, report)
    if report.kind == Kind.OUTREACH.value:
        on_outreach_report(draft, report)
    if report.kind == Kind.REWARD.value:
        on_reward_report(draft, report)
    on_told(draft, report)
    case = draft.case_by_number(report.case) if report.case is not None else None
    if case and report.kind == Kind.GIFT.value:
        on_gift_report(draft, case, report)


def _show_reach(draft: Draft) -> None:
    """Who looks at the card sees that words would not arrive."""
    if draft.case:
        change_card(draft, draft.case.id)


def _ask_reported(draft: Draft, number: int, report: DeliveryReported) -> None:
    ask = next(ask for ask in draft.story.asks if ask.id == number)
    if report.outcome == "delivered":
        draft.put_ask(replace(ask, delivered_at=ask.delivered_at or draft.now))
    elif ask.waiting:
        why = NO_CHANNEL if report.outcome == "unreachable" else f"not delivered: {report.why}"
        state = AskState.PLANNED if report.outcome == "unreachable" else AskState.CANCELLED
        draft.put_ask(replace(ask, state=state, sent_at=None, why=why, round=ask.round + 1))
