"""Whom a campaign is for and when: pure, over what storage knows of every customer at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import blake2b
from random import Random

from bot.domain.bandit import Tally, draw
from bot.domain.customer import Customer
from bot.domain.habit import Habit
from bot.domain.hours import zone_of
from bot.domain.ids import CustomerId
from bot.domain.level import PARTNERSHIP, PROACTIVE, REACTIVE, country_of, level_of
from bot.domain.preference import OUTREACH, PARTNERS, wants
from bot.domain.standing import Standing
from bot.program import HOLD_OUT, Audience, Campaign, Levels, Moment

LATEST = timedelta(days=3)
"""How long after its moment somebody is still taken in: the planner may have been down, a report may come late."""
LATEST_OF_A_DAY = timedelta(days=30)
"""For a fixed day the limit of each day may need so long to let everybody through."""
MORNING = time(10, 0)


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase that stands, as campaigns need it. `items` are all names and numbers of goods, in one text."""

    purchase: int
    items: str
    title: str
    paid_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer wrote or rated once. `sad`: the topics of which it complains."""

    at: datetime
    text: str = ""
    unhappy: bool = False
    sad: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What storage knows of one customer when it plans. `told`: oldest first. `resolved`: (case, when) of cases."""

    customer: Customer
    standing: Standing
    bought: tuple[Bought, ...] = ()
    told: tuple[Told, ...] = ()
    resolved: tuple[tuple[int, datetime], ...] = ()
    habit: Habit | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose moment has come (or comes by `horizon`). `occasion` makes it happen once."""

    customer: CustomerId
    occasion: str
    due_at: datetime
    item: str = ""


@dataclass(frozen=True, slots=True)
class Planning:
    """The shop's rules and the moment for which is planned; nothing that is due after `until` yet."""

    levels: Levels
    languages: tuple[str, ...]
    timezone: str
    now: datetime
    until: datetime


# ---------------------------------------------------------------- whom


def language_of(customer: Customer, languages: Sequence[str]) -> str:
    """What they are answered in, as `Draft.language` has it."""
    for wish in (customer.language, customer.locale):
        short = wish.replace("_", "-").split("-")[0].lower()
        if short in languages:
            return short
    return languages[0]


def left_out_because(audience: Audience, known: Known, plan: Planning) -> str:
    """Which part of the audience they don't meet; "" = they are in it."""
    person, wanted = known.customer, audience
    level = level_of(person, known.standing, plan.levels).level
    within = [one.paid_at for one in known.bought]
    told = [one for one in known.told if wanted.told_within is None or _since(one.at, wanted.told_within, plan.now)]
    latest = max(within, default=None)
    checks = {
        "items": not wanted.items or any(_says(one.items, wanted.items) for one in known.bought),
        "told": not wanted.told or _says("\n".join(one.text for one in told), wanted.told),
        "topics": not wanted.topics or any(one.sad & set(wanted.topics) for one in told),
        "told lately": wanted.told_within is None or bool(told),
        "country": not wanted.countries or country_of(person) in wanted.countries,
        "language": not wanted.languages or language_of(person, plan.languages) in wanted.languages,
        "segment": not wanted.segments or bool(set(wanted.segments) & set(person.segments)),
        "level": not wanted.levels or level in wanted.levels,
        "top": wanted.top is None or known.standing.top is wanted.top,
        "mood": wanted.unhappy is None or _is_unhappy(told, wanted) is wanted.unhappy,
        "orders": len(known.bought) >= wanted.least_orders
        and (wanted.most_orders is None or len(known.bought) <= wanted.most_orders),
        "value": wanted.least_value is None or known.standing.value >= wanted.least_value,
        "bought lately": wanted.bought_within is None or _since(latest, wanted.bought_within, plan.now),
        "not bought lately": wanted.not_bought_within is None or not _since(latest, wanted.not_bought_within, plan.now),
    }
    return next((name for name, met in checks.items() if not met), "")


def _is_unhappy(told: Sequence[Told], wanted: Audience) -> bool:
    """By their latest word; within a span, by any of it: a thank-you to the bot does not take it back."""
    latest = told if wanted.told_within else told[-1:]
    return any(one.unhappy for one in latest)


def _says(text: str, words: Iterable[str]) -> bool:
    low = text.casefold()
    return any(word.casefold() in low for word in words)


def _since(moment: datetime | None, span: timedelta, now: datetime) -> bool:
    return moment is not None and moment > now - span


def audience_words(campaign: Campaign) -> str:
    """The filter as a person reads it: `bought “boots”; in FR; 2 orders or more`."""
    wanted = campaign.audience
    parts = [
        f"bought {_or(wanted.items)}" if wanted.items else "",
        f"wrote of {_or(wanted.told)}" if wanted.told else "",
        f"complained about {_or(wanted.topics)}" if wanted.topics else "",
        f"wrote or rated within {_days(wanted.told_within)}" if wanted.told_within else "",
        f"in {_or(wanted.countries)}" if wanted.countries else "",
        f"reads {_or(wanted.languages)}" if wanted.languages else "",
        f"segment {_or(wanted.segments)}" if wanted.segments else "",
        f"level {_or(wanted.levels)}" if wanted.levels else "",
        {True: "top customers", False: "not the top customers"}.get(wanted.top, "") if wanted.top is not None else "",
        ("unhappy lately" if wanted.unhappy else "not unhappy lately") if wanted.unhappy is not None else "",
        f"{wanted.least_orders} orders or more" if wanted.least_orders else "",
        f"{wanted.most_orders} orders at most" if wanted.most_orders is not None else "",
        f"worth {wanted.least_value} or more" if wanted.least_value is not None else "",
        f"bought within {_days(wanted.bought_within)}" if wanted.bought_within else "",
        f"nothing bought for {_days(wanted.not_bought_within)}" if wanted.not_bought_within else "",
    ]
    return "; ".join(filter(None, parts)) or "everybody who ever bought"


def moment_words(moment: Moment) -> str:
    """When, as a person reads it."""
    match moment.of:
        case "day":
            return f"on {moment.day}"
        case "lapse":
            return f"once it is {moment.likely:.0%} likely that they don't come back"
        case "next":
            return f"{_days(moment.offset)} before the predicted next purchase"
        case "anniversary":
            return "each year on the day of the first purchase"
        case "now":
            return "at once"
        case _:
            return f"{_days(moment.offset)} after {moment.of}"


def _or(words: Iterable[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def _days(span: timedelta | None) -> str:
    seconds = int((span or timedelta(0)).total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def barred_because(campaign: Campaign, known: Known, plan: Planning) -> str:
    """What stands against it now already: their level, or what they chose. Checked again when it is due."""
    person = known.customer
    reached = level_of(person, known.standing, plan.levels)
    if not reached.allows(level_needed(campaign)):
        return f"level {reached.level} ({reached.why})"
    return choice_against(campaign, person)


def choice_against(campaign: Campaign, person: Customer) -> str:
    """What they chose stands against it; "" = nothing."""
    if person.opted_out_at is not None:
        return "opted out"
    if OUTREACH in person.refused:
        return "wants none"
    if not campaign.service and not wants(person, OUTREACH):
        return "did not agree to outreach"
    return "did not agree to partners' offers" if campaign.partner and not wants(person, PARTNERS) else ""


def level_needed(campaign: Campaign) -> str:
    """Seizing the moment is a reactive shop's; regular contact a proactive one's; joint offers a partnership's."""
    if campaign.partner:
        return PARTNERSHIP
    return REACTIVE if campaign.moment.of == "now" else PROACTIVE


# ---------------------------------------------------------------- when


def candidates(campaign: Campaign, known: Known, plan: Planning) -> list[Candidate]:
    """Whose moment lies between three days ago and `until`, if they are in the audience."""
    if left_out_because(campaign.audience, known, plan):
        return []
    since = plan.now - (LATEST_OF_A_DAY if campaign.moment.of == "day" else LATEST)
    found = [one for one in _moments(campaign, known, plan) if since <= one.due_at <= plan.until]
    return [replace(one, due_at=max(one.due_at, plan.now)) for one in found]


def _moments(campaign: Campaign, known: Known, plan: Planning) -> Iterator[Candidate]:
    moment = campaign.moment
    if moment.of in {"paid", "delivered"}:
        yield from _after_purchases(campaign, known)
    elif moment.of == "anniversary":
        yield from _anniversaries(known, plan)
    elif moment.of == "resolved":
        for case, at in known.resolved:
            yield Candidate(known.customer.id, f"case:{case}", at + moment.offset, _latest_title(known))
    elif moment.of in {"next", "lapse"}:
        yield from _before_absence(campaign, known, plan)
    elif moment.day:
        at = datetime.combine(moment.day, MORNING, tzinfo=zone_of(known.customer.timezone, plan.timezone))
        yield Candidate(known.customer.id, f"day:{moment.day}", at, _latest_title(known))
    else:
        yield Candidate(known.customer.id, "now", plan.now, _latest_title(known))


def _latest_title(known: Known) -> str:
    return max(known.bought, key=lambda one: one.paid_at).title if known.bought else ""


def _after_purchases(campaign: Campaign, known: Known) -> Iterator[Candidate]:
    moment = campaign.moment
    for one in _about(campaign, known):
        start = one.paid_at if moment.of == "paid" else one.delivered_at
        if start:
            yield Candidate(known.customer.id, f"purchase:{one.purchase}", start + moment.offset, one.title)


def _before_absence(campaign: Campaign, known: Known, plan: Planning) -> Iterator[Candidate]:
    """Once for each stretch without a purchase."""
    moment, habit = campaign.moment, known.habit
    if habit is None or not known.bought:
        return
    latest = max(known.bought, key=lambda one: (one.paid_at, one.purchase))
    if moment.of == "next":
        at = habit.next_at - moment.offset
        yield Candidate(known.customer.id, f"after:{latest.purchase}", at, latest.title)
    elif moment.of == "lapse" and habit.lapse >= moment.likely:
        yield Candidate(known.customer.id, f"after:{latest.purchase}", plan.now, latest.title)


def _about(campaign: Campaign, known: Known) -> list[Bought]:
    """With items in the audience, only the purchases that have one of them."""
    items = campaign.audience.items
    return [one for one in known.bought if not items or _says(one.items, items)]


def _anniversaries(known: Known, plan: Planning) -> Iterator[Candidate]:
    first = min(known.bought, key=lambda one: one.paid_at, default=None)
    if first is None:
        return
    for year in {plan.now.year, plan.until.year}:
        if year > first.paid_at.year:
            yield Candidate(known.customer.id, f"year:{year}", in_year(first.paid_at, year), first.title)


def in_year(moment: datetime, year: int) -> datetime:
    """The same day in another year; the 28th where there is no 29th of February."""
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, day=28)


# ---------------------------------------------------------------- which wording


def share_of(secret: bytes, campaign: str, customer: int) -> float:
    """A number 0…1 of this customer in this campaign: the same for good, and nobody can guess it."""
    digest = blake2b(f"{campaign}:{customer}".encode(), key=secret[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def choose_variant(
    campaign: Campaign, customer: int, tallies: Mapping[str, Tally], secret: bytes, random: Random
) -> str:
    """The hold-out by a keyed hash; a wording for everybody else by Thompson sampling."""
    if share_of(secret, campaign.name, customer) < campaign.hold_out:
        return HOLD_OUT
    return draw({one.name: tallies.get(one.name, Tally()) for one in campaign.variant}, random)


def in_turn(found: Iterable[Candidate], campaign: Campaign, secret: bytes, room: int) -> list[Candidate]:
    """As many as the day's limit leaves room for: the earliest due first, else in an order that favours nobody."""
    ordered = sorted(found, key=lambda one: (one.due_at, share_of(secret, f"turn:{campaign.name}", one.customer)))
    return ordered[: max(0, room)]
