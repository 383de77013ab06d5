"""Campaigns: whose moment has come, planned for thousands with a few statements; and what came of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bot.domain.campaign import (
    LATEST,
    LATEST_OF_A_DAY,
    Bought,
    Candidate,
    Known,
    Planning,
    Told,
    barred_because,
    candidates,
    choice_against,
    choose_variant,
    in_turn,
    left_out_because,
)
from bot.domain.campaign_report import Result, harm_in, tallies
from bot.domain.event import KIND_OF, ByCustomer, CampaignStopped, Incoming, OutreachDue
from bot.domain.figures.counting import topics_from
from bot.domain.habit import History, Rhythm, days_of, learn
from bot.domain.ids import HOUSE, CustomerId, EventId, PurchaseId
from bot.domain.outreach import Outreach, OutreachState
from bot.domain.outreach_budget import longest_span
from bot.domain.preference import OUTREACH
from bot.domain.previewing import foreseen, foreseen_ask
from bot.domain.story import House, Story
from bot.ports import CampaignPreview, CampaignRow, PreviewLine
from bot.program import Audience, Campaign, Program
from storage import codec
from storage.codec import amount, micros, moment
from storage.house import SHOPS
from storage.journal import NEW_EVENTS, Policy, accept, wake_lanes
from storage.memory import remembered
from storage.outreach import SAVE, outreach_for, row_of
from storage.session import Session
from storage.standing import own_values
from storage.statements import Query, insert
from storage.stories import CUSTOMERS, View, load_stories, person

A_DAY = timedelta(days=1)
AHEAD = timedelta(hours=1)
"""How long before its moment a piece of outreach is planned at the latest; a planner comes by at least as often."""
TOPICS = frozenset({"staff", "turn", "campaign"})
SELDOM = frozenset({"next", "lapse", "anniversary"})
"""Looked at once a day: everybody's whole history is read for them."""
HABITUAL = frozenset({"next", "lapse"})
LEARNED_FOR = timedelta(days=7)
FOR_A_MOMENT = timedelta(days=7)
SEVERAL = 2_000
"""So many are written with one statement."""

REACHED = (
    "c.erased_at IS NULL AND c.merged_into IS NULL AND c.opted_out_at IS NULL AND EXISTS (SELECT 1 FROM identity i "
    "WHERE i.customer_id = c.id AND i.unreachable = '' AND i.channel NOT IN ('shop', 'email', 'phone'))"
)
EVERYBODY = Query(
    f"SELECT c.id FROM customer c WHERE {REACHED} "  # noqa: S608 - our own names
    "AND EXISTS (SELECT 1 FROM purchase p WHERE p.customer_id = c.id AND p.paid_at IS NOT NULL)"
)
STANDS = "paid_at IS NOT NULL AND refunded_at IS NULL AND cancelled_at IS NULL"


def _after(table: str, moment: str, occasion: str, also: str = "TRUE") -> Query:
    """Customers of rows whose moment lies in a span, without those who have the campaign for that row already."""
    return Query(
        f'SELECT DISTINCT e.customer_id FROM "{table}" e WHERE e.{moment} >= $1 AND e.{moment} <= $2 AND {also} '  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM outreach o WHERE o.customer_id = e.customer_id AND o.campaign = $3 "
        f"AND o.occasion = '{occasion}:' || e.id)"
    )


AFTER = {
    "paid": _after("purchase", "paid_at", "purchase", STANDS),
    "delivered": _after("purchase", "delivered_at", "purchase", STANDS),
    "resolved": _after("case", "resolved_at", "case"),
}
STILL = Query(f"SELECT c.id FROM customer c WHERE c.id = ANY($1) AND {REACHED}")  # noqa: S608
AGREED = Query(f"SELECT c.id FROM customer c WHERE c.id = ANY($1) AND c.agreed LIKE '%{OUTREACH}%' AND {REACHED}")  # noqa: S608
"""A sieve: whoever is not among them did not agree. The rules look at those who are."""
PURCHASES = Query(
    f"SELECT customer_id, id, items, paid_at, delivered_at FROM purchase WHERE customer_id = ANY($1) AND {STANDS} "  # noqa: S608
    "ORDER BY paid_at, id"
)
FEEDBACK = Query(
    "SELECT customer_id, at, text, counts_unhappy, topics FROM feedback WHERE customer_id = ANY($1) "
    "ORDER BY customer_id, at, id"
)
RESOLVED = Query(
    'SELECT customer_id, id, resolved_at FROM "case" WHERE customer_id = ANY($1) AND resolved_at IS NOT NULL '
    "ORDER BY id"
)
HISTORIES = Query(
    f"SELECT customer_id, max(id), count(DISTINCT paid_at / 86400000000) - 1, "  # noqa: S608 - our own names
    "CAST(min(paid_at) AS double precision) / 86400000000.0, CAST(max(paid_at) AS double precision) / 86400000000.0 "
    f"FROM purchase WHERE {STANDS} GROUP BY customer_id"
)
TAKEN_AT_ALL = Query("SELECT customer_id, occasion FROM outreach WHERE campaign = $1")
TAKEN = Query("SELECT customer_id, occasion FROM outreach WHERE campaign = $1 AND customer_id = ANY($2)")
LATELY = Query("SELECT count(*) FROM outreach WHERE campaign = $1 AND planned_at > $2")
ARMS = Query("SELECT customer_id, variant FROM arm WHERE campaign = $1 AND customer_id = ANY($2)")
NEW_ARMS = insert("arm", "campaign customer_id variant at", conflict="DO NOTHING")

ASKS_DUE = Query(
    "SELECT a.id, a.customer_id, a.due_at, p.shop, p.order_id FROM ask a JOIN purchase p ON p.id = a.id "
    "WHERE a.state = 'planned' AND a.due_at IS NOT NULL AND a.due_at <= $1 ORDER BY a.due_at, a.id LIMIT $2"
)
KEPT = Query("SELECT name, definition, created_at, stopped_at, why FROM campaign ORDER BY created_at, name")
NEW = insert("campaign", "name definition created_at", conflict="DO NOTHING")
STOP = Query(
    "INSERT INTO campaign (name, created_at, stopped_at, why) VALUES ($1, $2, $2, $3) "
    "ON CONFLICT (name) DO UPDATE SET stopped_at = excluded.stopped_at, why = excluded.why "
    "WHERE campaign.stopped_at IS NULL"
)
START = Query(
    "UPDATE campaign SET stopped_at = NULL, why = '', created_at = $2 WHERE name = $1 AND stopped_at IS NOT NULL"
)


def _sum(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


OUT = "state IN ('sent', 'held', 'closed')"
WON = {
    "answer": "answered_at IS NOT NULL AND unhappy_after = FALSE AND opted_out_at IS NULL AND liked IS NOT FALSE",
    "purchase": "bought_at IS NOT NULL AND opted_out_at IS NULL AND liked IS NOT FALSE",
}
CLOSED = "state = 'closed'"


def _results(won: str) -> Query:
    left, soured = "opted_out_at IS NOT NULL", "unhappy_after AND NOT unhappy_before"
    noted = ("answered_at IS NOT NULL", "bought_at IS NOT NULL", left, soured)
    counted = [OUT, "state = 'skipped'", CLOSED, f"{CLOSED} AND {won}", *(f"{OUT} AND {what}" for what in noted)]
    sums = ", ".join(_sum(condition) for condition in counted)
    return Query(
        f"SELECT variant, count(*), {sums} FROM outreach WHERE campaign = $1 AND planned_at >= $2 GROUP BY variant"  # noqa: S608
    )


RESULTS = {goal: _results(won) for goal, won in WON.items()}


# ---------------------------------------------------------------- which there are


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database knows of a campaign."""

    name: str
    definition: Campaign | None
    since: datetime
    stopped: str | None


async def kept(session: Session) -> dict[str, Kept]:
    """Campaigns made by hand, and those of the program that were stopped or started."""
    found = {}
    for name, definition, created_at, stopped_at, why in await session.rows(KEPT):
        made = Campaign.model_validate(codec.from_json(definition)) if definition else None
        found[name] = Kept(name, made, moment(created_at), None if stopped_at is None else why)
    return found


def with_campaigns(house: House, program: Program) -> House:
    """The house with the program's own campaigns beside those that were made by hand."""
    if not program.campaign:
        return house
    off = {one.name: "switched off in the program" for one in program.campaign if not one.enabled}
    named = {one.name: one for one in program.campaign}
    return replace(house, campaigns={**house.campaigns, **named}, stopped={**house.stopped, **off})


async def add(session: Session, name: str, definition: Mapping[str, object], now: datetime) -> bool:
    """A campaign made by hand. False when the name is taken."""
    if name in await kept(session):
        return False
    await session.put(NEW, [(name, codec.to_json(definition), micros(now))])
    session.topics |= TOPICS
    return True


async def stop(session: Session, name: str, why: str, by: str, now: datetime, policy: Policy) -> bool:
    """Nothing more of it goes out; managers are told. False when it was stopped already."""
    if not await session.run(STOP, name, micros(now), why):
        return False
    told = CampaignStopped(name, why, by)
    await accept(session, [Incoming(f"stopped:{name}:{micros(now)}", ByCustomer(HOUSE), told, now)], now, policy)
    session.topics |= TOPICS
    return True


async def start(session: Session, name: str, now: datetime) -> bool:
    """Again; what happened before is not held against it. False when it was never stopped."""
    done = await session.run(START, name, micros(now))
    session.topics |= TOPICS
    return bool(done)


async def results(session: Session, campaign: Campaign, since: datetime | None = None) -> dict[str, Result]:
    """What came of each wording and of the hold-out."""
    rows = await session.rows(RESULTS[campaign.goal], campaign.name, micros(since) if since else 0)
    return {row[0]: Result(row[0], *(int(number or 0) for number in row[1:])) for row in rows}


# ---------------------------------------------------------------- what is known of everybody

looked_at = remembered(person)
"""The same people are looked at each time until their moment has come; apart from those who are spoken with."""


@dataclass(slots=True)
class Facts:
    """What was read, by customer."""

    bought: defaultdict[int, list[Bought]] = field(default_factory=lambda: defaultdict(list))
    told: defaultdict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    resolved: defaultdict[int, list[tuple[int, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def added_to(self, known: Known) -> Known:
        """The same customer with what was read."""
        number = known.customer.id
        bought, told, resolved = self.bought[number], self.told[number], self.resolved[number]
        return replace(known, bought=tuple(bought), told=tuple(told), resolved=tuple(resolved))


async def read_known(
    session: Session, campaign: Campaign, customers: list[int], view: View, habits: Habits | None, plan: Planning,
    *, every: bool,
) -> list[Known]:  # fmt: skip
    """Those customers, with as much as this campaign asks about. Not `every`: those whom nothing bars, and no more."""
    people = [looked_at(row)[0] for row in await session.rows(CUSTOMERS, customers)]
    if not every:
        people = [one for one in people if not choice_against(campaign, one)]
    policy, today = view.program.value, days_of(view.now)
    values = await own_values(session, sorted(one.id for one in people), view.now - policy.window, policy)
    found = []
    for one in people:
        value, orders = values.get(one.id, (0, 0))
        history = habits.histories.get(one.id) if habits else None
        habit = habits.rhythm.habit(history, today) if habits and history else None
        found.append(Known(one, view.ranking.standing(amount(value), orders), habit=habit))
    if not every:
        found = [one for one in found if not barred_because(campaign, one, plan)]
    facts = await _facts(session, campaign, sorted(one.customer.id for one in found))
    return [facts.added_to(one) for one in found]


async def _facts(session: Session, campaign: Campaign, customers: list[int]) -> Facts:
    facts = Facts()
    for number, purchase, items, paid_at, delivered_at in await session.rows(PURCHASES, customers):
        named = codec.from_json(items) if items else []
        title = named[0]["name"] if named else ""
        one = Bought(purchase, items, title, moment(paid_at), moment(delivered_at))
        facts.bought[number].append(one)
    if _asks_what_was_told(campaign.audience):
        for number, at, text, unhappy, topics in await session.rows(FEEDBACK, customers):
            sad = frozenset(topic for topic, mood in topics_from(topics) if mood < 0)
            facts.told[number].append(Told(moment(at), text, bool(unhappy), sad))
    if campaign.moment.of == "resolved":
        for number, case, at in await session.rows(RESOLVED, customers):
            facts.resolved[number].append((case, moment(at)))
    return facts


def _asks_what_was_told(audience: Audience) -> bool:
    return bool(audience.told or audience.topics or audience.told_within) or audience.unhappy is not None


async def whose_moment(
    session: Session, campaign: Campaign, now: datetime, until: datetime, habits: Habits | None, *, every: bool
) -> list[int]:
    """Customers for whom it may have come: a few by their purchases or cases, else everybody who can be reached.

    Not `every`: without some of those who never agreed to it.
    """
    of, still = campaign.moment.of, STILL if every or campaign.service else AGREED
    if of in AFTER:
        since, last = now - LATEST - campaign.moment.offset, until - campaign.moment.offset
        rows = await session.rows(AFTER[of], micros(since), micros(last), campaign.name)
        rows = await session.rows(still, sorted(row[0] for row in rows)) if rows else rows
    elif of in HABITUAL:
        taken = {(row[0], row[1]) for row in await session.rows(TAKEN_AT_ALL, campaign.name)} if habits else set()
        meant = _habitual(campaign, habits, now, until, taken) if habits else []
        rows = await session.rows(still, sorted(meant)) if meant else []
    elif of == "day" and campaign.moment.day and not _day_is_near(campaign.moment.day.toordinal(), now, until):
        return []
    else:
        rows = await session.rows(EVERYBODY)
    return sorted(row[0] for row in rows)


def _day_is_near(day: int, now: datetime, until: datetime) -> bool:
    """Within the days that can be meant in any time zone."""
    return (now - LATEST_OF_A_DAY - A_DAY).toordinal() <= day <= (until + A_DAY).toordinal()


@dataclass(frozen=True, slots=True)
class Habits:
    """How everybody comes back: the shop's rhythm, and each customer's history and latest purchase."""

    rhythm: Rhythm
    histories: Mapping[int, History]
    latest: Mapping[int, int]


async def read_habits(
    session: Session, campaigns: Iterable[Campaign], now: datetime, rhythm: Rhythm | None = None
) -> Habits | None:
    """Read only when a campaign needs it. `rhythm`: what was learned lately, else it is learned anew."""
    if not any(one.moment.of in HABITUAL for one in campaigns):
        return None
    histories, latest = {}, {}
    for row in await session.rows(HISTORIES):
        histories[row[0]] = History._make(row[2:])
        latest[row[0]] = row[1]
    learned = rhythm or learn(histories.values(), days_of(now))
    return Habits(learned, histories, latest) if learned else None


def _habitual(
    campaign: Campaign, habits: Habits, now: datetime, until: datetime, taken: set[tuple[int, str]]
) -> list[int]:
    """Whose habit says that it is time, and who was not spoken to since their latest purchase."""
    today, found = days_of(now), []
    early, late = days_of(now - LATEST + campaign.moment.offset), days_of(until + campaign.moment.offset)
    for customer, history in habits.histories.items():
        if campaign.moment.of == "lapse":
            meant = habits.rhythm.lapse(history, today) >= campaign.moment.likely
        else:
            meant = early <= habits.rhythm.next_day(history) <= late
        if meant and (customer, f"after:{habits.latest[customer]}") not in taken:
            found.append(customer)
    return found


# ---------------------------------------------------------------- planning


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who would get a campaign and who would not, by customer and reason."""

    taken: tuple[Candidate, ...] = ()
    refused: tuple[tuple[CustomerId, str], ...] = ()
    outside: int = 0
    """Reached by the shop, but not in the audience."""
    waiting: int = 0
    """More than the day's limit lets through."""


async def choose(
    session: Session, campaign: Campaign, view: View, until: datetime, secret: bytes, habits: Habits | None,
    *, every: bool = False,
) -> Chosen:  # fmt: skip
    """Everybody whose moment comes until then and who doesn't have it yet. `every`: also who is refused, and why."""
    customers = await whose_moment(session, campaign, view.now, until, habits, every=every)
    plan = planning_of(view.program, view.now, until)
    found: list[Candidate] = []
    refused: list[tuple[CustomerId, str]] = []
    outside = 0
    people = await read_known(session, campaign, customers, view, habits, plan, every=every) if customers else []
    for known in people:
        outside += bool(left_out_because(campaign.audience, known, plan))
        theirs = candidates(campaign, known, plan)
        why = barred_because(campaign, known, plan) if theirs else ""
        if why:
            refused.append((known.customer.id, why))
        else:
            found += theirs
    taken = {(row[0], row[1]) for row in await session.rows(TAKEN, campaign.name, sorted({c.customer for c in found}))}
    fresh = [one for one in found if (one.customer, one.occasion) not in taken]
    room = campaign.per_day * max(1, (until - view.now).days) - int(
        (await session.rows(LATELY, campaign.name, micros(view.now - A_DAY)))[0][0]
    )
    chosen = in_turn(fresh, campaign, secret, room)
    return Chosen(tuple(chosen), tuple(refused), outside, len(fresh) - len(chosen))


def planning_of(program: Program, now: datetime, until: datetime) -> Planning:
    """What the pure rules need of the program."""
    return Planning(program.levels, program.shop.languages, program.shop.timezone, now, until)


async def plan(
    session: Session, campaign: Campaign, chosen: Sequence[Candidate], secret: bytes, random: Random, now: datetime
) -> int:
    """Write it: an event for each (a key comes once), its wording for good, and the piece of outreach itself."""
    at, name = micros(now), campaign.name
    learned = tallies(await results(session, campaign))
    planned = 0
    for start_at in range(0, len(chosen), SEVERAL):
        part = chosen[start_at : start_at + SEVERAL]
        keys = {f"campaign:{name}:{one.customer}:{one.occasion}": one for one in part}
        rows = [_event(key, one, name, at) for key, one in keys.items()]
        fresh = await session.add(NEW_EVENTS, rows)
        rows_of_arms = await session.rows(ARMS, name, sorted({keys[key].customer for key in fresh}))
        arms: dict[int, str] = {row[0]: row[1] for row in rows_of_arms}
        new: dict[int, str] = {}
        for key in fresh:
            who = keys[key].customer
            if who not in arms:
                arms[who] = new[who] = choose_variant(campaign, who, learned, secret, random)
        await session.put(NEW_ARMS, [(name, who, variant, at) for who, variant in new.items()])
        pieces = [(keys[key].customer, _piece(keys[key], name, arms, number, now)) for key, number in fresh.items()]
        await session.put(SAVE, [row_of(who, piece) for who, piece in pieces])
        await wake_lanes(session, [(keys[key].customer, micros(keys[key].due_at)) for key in fresh])
        planned += len(fresh)
    return planned


def _event(key: str, one: Candidate, campaign: str, at: int) -> tuple[object, ...]:
    payload = OutreachDue(campaign, one.occasion)
    due = micros(one.due_at)
    return (key, one.customer, KIND_OF[OutreachDue], codec.to_json(payload), due, due, at, "new")


def _piece(one: Candidate, campaign: str, arms: Mapping[int, str], number: int, now: datetime) -> Outreach:
    return Outreach(
        id=EventId(number),
        campaign=campaign,
        occasion=one.occasion,
        variant=arms[one.customer],
        state=OutreachState.PLANNED,
        planned_at=now,
        due_at=one.due_at,
        item=one.item,
    )


# ---------------------------------------------------------------- looking


async def running(session: Session, program: Program, now: datetime) -> list[Campaign]:
    """Campaigns that may plan. One that was made by hand for a moment is over after a week."""
    over = {one.name for one in (await kept(session)).values() if one.definition and one.since < now - FOR_A_MOMENT}
    rows = await listed_all(session, program, counted=False)
    return [
        row.campaign
        for row in rows
        if row.stopped is None and not (row.campaign.moment.of == "now" and row.campaign.name in over)
    ]


async def listed_all(session: Session, program: Program, *, counted: bool = True) -> list[CampaignRow]:
    """All of them, the program's first, with what came of each since it was (last) started."""
    known = await kept(session)
    rows = []
    own = {one.name for one in program.campaign}
    by_hand = [one.definition for one in known.values() if one.definition and one.name not in own]
    for campaign in (*program.campaign, *by_hand):
        noted = known.get(campaign.name)
        stopped = noted.stopped if noted else None
        if stopped is None and not campaign.enabled:
            stopped = "switched off in the program"
        found = await results(session, campaign) if counted else {}
        rows.append(CampaignRow(campaign, found, stopped, by_hand=campaign.name not in own))
    return rows


async def harmful(session: Session, program: Program, now: datetime) -> list[tuple[str, str]]:
    """Campaigns that do worse than their hold-out, since each was (last) started."""
    known = await kept(session)
    found = []
    for campaign in await running(session, program, now):
        since = known[campaign.name].since if campaign.name in known else None
        if why := harm_in(await results(session, campaign, since), program.outreach):
            found.append((campaign.name, why))
    return found


async def preview(
    session: Session, campaign: Campaign, view: View, until: datetime, secret: bytes, habits: Habits | None,
    channels: frozenset[str],
) -> CampaignPreview:  # fmt: skip
    """As planning would choose, then as the rules would decide at the moment it is due."""
    chosen = await choose(session, campaign, view, until, secret, habits, every=True)
    house = House(channels, campaigns={campaign.name: campaign})
    stories = await _stories(session, [one.customer for one in chosen.taken], view)
    lines = [
        PreviewLine(
            max(one.due_at, view.now), one.customer, stories[one.customer].customer.name, f"campaign {campaign.name}",
            foreseen(stories[one.customer], one, campaign, house, view.program, view.now),
        )
        for one in chosen.taken if one.customer in stories
    ]  # fmt: skip
    refused = Counter(why for _, why in chosen.refused)
    return CampaignPreview(campaign.name, tuple(lines), dict(refused), chosen.outside, chosen.waiting)


async def preview_asks(
    session: Session, view: View, until: datetime, limit: int, channels: frozenset[str]
) -> list[PreviewLine]:
    """Asks that fall due by then, and what the rules would do with each."""
    rows = await session.rows(ASKS_DUE, micros(until), limit)
    stories = await _stories(session, [CustomerId(row[1]) for row in rows], view)
    reporting = frozenset(row[0] for row in await session.rows(SHOPS))
    house = House(channels, reporting_shops=reporting)
    found = []
    for number, customer, due_at, shop, order_id in rows:
        story, at = stories.get(CustomerId(customer)), max(moment(due_at), view.now)
        if story:
            why = foreseen_ask(story, PurchaseId(number), house, view.program, at)
            found.append(PreviewLine(at, CustomerId(customer), story.customer.name, f"ask {shop}/{order_id}", why))
    return found


async def _stories(session: Session, customers: Sequence[CustomerId], view: View) -> dict[CustomerId, Story]:
    """With the outreach that their limits count."""
    stories, _ = await load_stories(session, customers, view)
    lately = await outreach_for(session, stories, view.now - longest_span(view.program))
    return {number: replace(story, outreach=lately.get(number, ())) for number, story in stories.items()}
