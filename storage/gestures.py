"""What was given: the shelf that a turn gives from, the ledger, the pool of codes, and the tasks of the back office."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.domain.event import AgentSaid, Event, RewardDue
from bot.domain.gesture import Gesture, GestureKind, GestureState, month_of
from bot.domain.giving import offer_in
from bot.domain.ids import HOUSE_STAFF, CaseId, CustomerId, GestureId, StaffId
from bot.domain.money import Money
from bot.domain.partner_event import PartnerEvent
from bot.domain.shelf import Coupon, Shelf
from bot.domain.staff import Staff
from bot.errors import LaneBusy
from bot.ports import Imported, PoolRow
from bot.program import Program
from storage import codec
from storage.codec import amount, micros, moment, units
from storage.memory import remembered
from storage.session import Row, Session
from storage.statements import Query, insert, update, upsert

SHOWN = 20
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is taken for another: no 0 and O, no 1, I and L."""
GROUPS = GROUP = 4
"""31 ** 16 codes: nobody guesses one."""
GIVING = 7_018_986_578_208_286_324
"""The advisory lock of whoever gives: any number that nobody else uses."""

COLUMNS = (
    "id, kind, customer_id, case_id, staff_id, author, at, state, words, amount, currency, code, expires_at, "
    "done_at, ref, reason, redeemed_at"
)
LATEST = Query(
    f"SELECT {COLUMNS} FROM (SELECT g.*, row_number() OVER (PARTITION BY customer_id ORDER BY id DESC) AS place "  # noqa: S608
    f"FROM gesture g WHERE customer_id = ANY($1)) g WHERE place <= {SHOWN} ORDER BY id"
)
LEDGER = Query(f"SELECT {COLUMNS} FROM gesture WHERE at >= $1 AND at < $2 ORDER BY id")  # noqa: S608
TASKS = Query(f"SELECT {COLUMNS} FROM gesture WHERE state = 'open' ORDER BY id")  # noqa: S608
OF_CUSTOMER = Query(f"SELECT {COLUMNS} FROM gesture WHERE customer_id = $1 ORDER BY id")  # noqa: S608
KEEP = upsert(
    "gesture",
    "id",
    "state done_at",
    fixed="kind customer_id case_id staff_id author at words amount currency code expires_at ref reason",
)
REDEEM = Query("UPDATE gesture SET redeemed_at = $1 WHERE code = ANY($2) AND redeemed_at IS NULL")
DONE = Query("UPDATE gesture SET state = 'done', done_at = $1 WHERE id = $2 AND state = 'open'")
OWNER = Query("SELECT customer_id FROM gesture WHERE id = $1")

ALONE = Query("SELECT pg_try_advisory_xact_lock($1)", "SELECT 1 WHERE $1 IS NOT NULL")
SPENT = Query(
    "SELECT staff_id, sum(amount) FROM gesture WHERE staff_id = ANY($1) AND at >= $2 AND at < $3 AND currency = $4 "
    "AND state <> 'failed' GROUP BY staff_id"
)
FREE = "granted_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
AMOUNTS = Query(
    f"SELECT amount, count(*) FROM gift_code WHERE currency = $1 AND {FREE} GROUP BY amount ORDER BY amount"  # noqa: S608
)
CODES = Query(
    f"SELECT code, expires_at FROM gift_code WHERE currency = $1 AND {FREE} AND amount = $3 ORDER BY id LIMIT $4"  # noqa: S608
)
POOL = Query(
    "SELECT currency, amount, sum(CASE WHEN granted_at IS NULL AND (expires_at IS NULL OR expires_at > $1) THEN 1 "
    "ELSE 0 END), sum(CASE WHEN granted_at IS NULL THEN 0 ELSE 1 END) FROM gift_code GROUP BY currency, amount "
    "ORDER BY currency, amount"
)
TAKE = Query("UPDATE gift_code SET granted_at = $1 WHERE code = ANY($2) AND granted_at IS NULL")
KNOWN_CODES = Query("SELECT code, amount, currency FROM gift_code WHERE code = ANY($1)")
NEW_CODES = insert(
    "gift_code", "code amount currency imported_at expires_at", conflict="(code) DO NOTHING", unique="code"
)

TELL = insert("partner_event", "key type customer_id at body state", conflict="(key) DO NOTHING")
PARTNER_EVENTS = Query("SELECT key, type, at, body FROM partner_event WHERE state = 'new' ORDER BY id LIMIT $1")
ABOUT = Query("SELECT id, body FROM partner_event WHERE customer_id = ANY($1)")
NAMELESS = update("partner_event", "id", "customer_id body")
PERSONAL = frozenset({"customer", "case", "words"})
BLANK = Query(
    "UPDATE gesture SET words = '', code = '', ref = NULL, reason = '', "
    "state = CASE WHEN state = 'open' THEN 'cancelled' ELSE state END WHERE customer_id = ANY($1)"
)


@remembered
def gesture(row: Row) -> Gesture:
    """A row of COLUMNS."""
    number, kind, customer, case, staff, author, at, state, words, worth, currency, code, *rest = row
    expires_at, done_at, ref, reason, redeemed_at = rest
    return Gesture(
        id=GestureId(number),
        kind=GestureKind(kind),
        customer=CustomerId(customer),
        case=CaseId(case),
        staff=StaffId(staff),
        author=author,
        at=moment(at),
        state=GestureState(state),
        words=words,
        worth=None if worth is None else Money(amount(worth), currency),
        code=code,
        expires_at=moment(expires_at),
        done_at=moment(done_at),
        ref=codec.ref(ref),
        reason=reason,
        redeemed_at=moment(redeemed_at),
    )


async def latest(session: Session, customers: Collection[int]) -> Mapping[int, Sequence[Gesture]]:
    """The last gestures of these customers, oldest first. Nobody gives without a case: most batches ask for none."""
    found: defaultdict[int, list[Gesture]] = defaultdict(list)
    for row in await session.rows(LATEST, sorted(customers)) if customers else ():
        found[row[2]].append(gesture(row))
    return found


# ---------------------------------------------------------------- in a turn


async def fill_shelf(
    session: Session, events: Iterable[Event], staff: Mapping[tuple[str, str], Staff], program: Program, now: datetime
) -> Shelf:
    """What the batch's agents may give from. One transaction at a time: budgets and codes are nobody else's meanwhile.

    Raises `LaneBusy` while another worker gives.
    """
    currency, pooled = program.value.currency, program.gifts.rule == "pool"
    events = list(events)
    offers = [(e.payload, offer) for e in events if (offer := offer_in(e.payload, currency)) is not None]
    rewards = _rewards_due(events, program)
    if not offers and not any(isinstance(event.payload, RewardDue) for event in events):
        return Shelf()
    if not (await session.rows(ALONE, GIVING))[0][0]:
        raise LaneBusy("another worker is giving")
    senders = {(said.sender.channel, said.sender.external) for said, _ in offers if isinstance(said, AgentSaid)}
    agents = sorted({staff[sender].id for sender in senders if sender in staff} | {HOUSE_STAFF})
    since, until = month_of(now, program.shop.zone)
    spent = await session.rows(SPENT, agents, micros(since), micros(until), currency)
    wanted = Counter(offer.amount for _, offer in offers if offer.amount is not None) + rewards
    rows = await session.rows(AMOUNTS, currency, micros(now)) if pooled and offers else ()
    return Shelf(
        coupons=await _coupons(session, wanted, program, now),
        spent={StaffId(row[0]): amount(int(row[1] or 0)) for row in spent},
        amounts=tuple(amount(row[0]) for row in rows),
        pooled=pooled,
    )


def _rewards_due(events: Iterable[Event], program: Program) -> Counter[Decimal]:
    """How many codes of each amount the program's own rewards ask for."""
    amounts = {reward.name: reward.amount for reward in program.reward if not reward.task}
    due = (event.payload.reward for event in events if isinstance(event.payload, RewardDue))
    return Counter(amounts[name] for name in due if name in amounts)


async def _coupons(
    session: Session, wanted: Mapping[Decimal, int], program: Program, now: datetime
) -> tuple[Coupon, ...]:
    if program.gifts.rule == "random":
        return tuple(Coupon(new_code(program.gifts.prefix)) for _ in range(sum(wanted.values())))
    found: list[Coupon] = []
    for worth, count in wanted.items():
        rows = await session.rows(CODES, program.value.currency, micros(now), units(worth), count)
        found += [Coupon(code, worth, moment(expires_at)) for code, expires_at in rows]
    return tuple(found)


def new_code(prefix: str) -> str:
    """`GIFT-7KQF-M2XR-9WPD-T4HB`."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(filter(None, (prefix, *groups)))


async def keep_gestures(
    session: Session, gestures: Sequence[tuple[CustomerId, Gesture]], pooled: Collection[str], at: int
) -> None:
    """New lines of the ledger and what became of earlier ones. A code of the pool is taken here, once and for good.

    Raises `LaneBusy` when a code is not there any more: then nothing of the turn is written.
    """
    if not gestures:
        return
    codes = sorted(one.code for _, one in gestures if one.code in pooled)
    if codes and await session.run(TAKE, at, codes) != len(codes):
        raise LaneBusy("a code is gone")
    await session.put(KEEP, [_row(who, one) for who, one in gestures])


def _row(who: CustomerId, one: Gesture) -> Row:
    return (
        one.id,
        one.state.value,
        micros(one.done_at),
        one.kind.value,
        who,
        one.case,
        one.staff,
        one.author,
        micros(one.at),
        one.words,
        units(one.worth.amount) if one.worth else None,
        one.worth.currency if one.worth else "",
        one.code,
        micros(one.expires_at),
        codec.ref_json(one.ref),
        one.reason,
    )


async def tell_partners(session: Session, told: Sequence[tuple[CustomerId, PartnerEvent]]) -> None:
    """Kept until they are delivered; one key once."""
    rows = [(one.key, one.type, who, micros(one.at), codec.to_json(one.body), "new") for who, one in told]
    await session.put(TELL, rows)


async def partner_events(session: Session, limit: int) -> list[PartnerEvent]:
    """What the shop's systems have not been told yet, oldest first."""
    rows = await session.rows(PARTNER_EVENTS, limit)
    return [PartnerEvent(key, kind, moment(at), codec.from_json(body)) for key, kind, at, body in rows]


async def redeem(session: Session, used: Sequence[tuple[Collection[str], datetime]]) -> None:
    """Codes that an order used, whoever's it is: a coupon may be passed on."""
    for codes, at in used:
        if codes:
            await session.run(REDEEM, micros(at), sorted(codes))


# ---------------------------------------------------------------- erasing


async def blank_gestures(session: Session, customers: list[int]) -> None:
    """Sums stay, words and codes go; what the shop was not told yet is told without the person."""
    await session.run(BLANK, customers)
    rows = await session.rows(ABOUT, customers)
    bodies = [(number, codec.from_json(body) if body else {}) for number, body in rows]
    nameless = [(number, {k: v for k, v in body.items() if k not in PERSONAL}) for number, body in bodies]
    await session.put(NAMELESS, [(0, codec.to_json(body), number) for number, body in nameless])


# ---------------------------------------------------------------- by hand


async def ledger(session: Session, since: datetime, until: datetime) -> list[Gesture]:
    """What was given in a time, oldest first."""
    return [gesture(row) for row in await session.rows(LEDGER, micros(since), micros(until))]


async def spent_by(session: Session, staff: StaffId, now: datetime, program: Program) -> Decimal:
    """What an agent has given this month."""
    since, until = month_of(now, program.shop.zone)
    rows = await session.rows(SPENT, [staff], micros(since), micros(until), program.value.currency)
    return amount(int(rows[0][1] or 0)) if rows else Decimal(0)


async def of_customer(session: Session, customer: CustomerId) -> list[Gesture]:
    """All that one customer was given, oldest first."""
    return [gesture(row) for row in await session.rows(OF_CUSTOMER, customer)]


async def tasks(session: Session) -> list[Gesture]:
    """Cards and upgrades that wait for the back office, oldest first."""
    return [gesture(row) for row in await session.rows(TASKS)]


async def finish_task(session: Session, number: int, now: datetime) -> bool:
    """It is done. False when there is no such task that is open."""
    done = await session.run(DONE, micros(now), number)
    session.topics |= {f"page:{row[0]}" for row in await session.rows(OWNER, number)} if done else set()
    return bool(done)


async def import_codes(
    session: Session, codes: Sequence[str], worth: Money, expires_at: datetime | None, now: datetime
) -> Imported:
    """Into the pool. Codes that are known stay as they are, given or not."""
    wanted = list(dict.fromkeys(codes))
    new = await session.add(
        NEW_CODES, [(code, units(worth.amount), worth.currency, micros(now), micros(expires_at)) for code in wanted]
    )
    rows = await session.rows(KNOWN_CODES, [code for code in wanted if code not in new])
    differing = sorted(row[0] for row in rows if (row[1], row[2]) != (units(worth.amount), worth.currency))
    return Imported(len(new), len(rows) - len(differing), tuple(differing))


async def pool(session: Session, now: datetime) -> list[PoolRow]:
    """How many codes there are, by what they are worth."""
    return [
        PoolRow(Money(amount(worth), currency), int(free), int(granted))
        for currency, worth, free, granted in await session.rows(POOL, micros(now))
    ]
