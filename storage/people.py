"""Finding people, seating staff, tokens, logins and files."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from bot.domain.ids import CustomerId, StaffId
from bot.domain.staff import Role, Staff
from bot.domain.story import Story
from bot.ports import Blob, Found
from storage.codec import micros, plain
from storage.house import read_staff
from storage.journal import follow_merges, new_token, owners_of
from storage.session import Session
from storage.statements import Query, insert
from storage.stories import View, load_stories

LARGEST_NUMBER = 2**63 - 1
BLOB_BITS = 62
ALIVE = "erased_at IS NULL AND merged_into IS NULL"

IS_ALIVE = Query(f"SELECT id FROM customer WHERE id = $1 AND {ALIVE}")  # noqa: S608
CUSTOMERS = Query(f"SELECT id FROM customer WHERE {ALIVE} ORDER BY id")  # noqa: S608
SEARCH = Query(
    "SELECT c.id, c.name, c.email, (SELECT min(i.channel || ':' || i.external) FROM identity i "  # noqa: S608
    "WHERE i.customer_id = c.id AND i.channel NOT IN ('email', 'phone')) FROM customer c "
    f"WHERE {ALIVE} AND (lower(c.name) LIKE $1 ESCAPE '!' OR lower(c.email) LIKE $1 ESCAPE '!' OR EXISTS "
    "(SELECT 1 FROM purchase p WHERE p.customer_id = c.id AND lower(p.shop || '/' || p.order_id) LIKE $1 ESCAPE '!')) "
    "ORDER BY c.id DESC LIMIT $2"
)

DOUBLES = Query(
    "SELECT c.id, c.name, CASE WHEN c.email <> '' AND lower(c.email) = lower(m.email) THEN c.email ELSE c.phone END "
    "FROM customer m JOIN customer c ON c.id <> m.id AND c.erased_at IS NULL AND c.merged_into IS NULL "
    "AND ((m.email <> '' AND lower(c.email) = lower(m.email)) OR (m.phone <> '' AND c.phone = m.phone)) "
    "WHERE m.id = $1 ORDER BY c.id LIMIT 5"
)

NEW_STAFF = Query(
    "INSERT INTO staff (channel, external, name) VALUES ($1, $2, $3) ON CONFLICT (channel, external) DO NOTHING"
)
NAME_STAFF = Query("UPDATE staff SET name = $1 WHERE channel = $2 AND external = $3")
STAFF_ID = Query("SELECT id FROM staff WHERE channel = $1 AND external = $2")
SEAT = insert("staff_role", "staff_id role source", conflict="DO NOTHING")
UNSEAT = Query(
    "DELETE FROM staff_role WHERE staff_id = $1 AND ($2::text IS NULL OR role = $2) "
    "AND ($3::text IS NULL OR source = $3)"
)
SEATS_OF = Query(
    "SELECT s.id, s.channel, s.external, r.role FROM staff s JOIN staff_role r ON r.staff_id = s.id WHERE r.source = $1"
)

NEW_TOKEN = Query("INSERT INTO link_token (token, customer_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
NEW_LOGIN = Query("INSERT INTO login (hash, staff, expires_at) VALUES ($1, $2, $3)")
USE_LOGIN = Query("UPDATE login SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1")
LOGIN = Query("SELECT staff FROM login WHERE hash = $1")
OLD_LOGINS = Query("DELETE FROM login WHERE expires_at < $1")
NEW_BLOB = Query("INSERT INTO blob (id, name, mime, data, created_at) VALUES ($1, $2, $3, $4, $5)")
BLOB = Query("SELECT name, mime, data FROM blob WHERE id = $1")


async def find_customer(session: Session, name: str) -> CustomerId | None:
    """By number, `shop:<shop>/<id>`, `<channel>:<user id>` or email; None for somebody unknown or erased."""
    name = name.strip()
    number: int | None
    if name.isascii() and name.isdigit():
        number = int(name)
    else:
        channel, colon, external = name.partition(":")
        address = (channel, external) if colon else ("email", name.lower())
        number = (await owners_of(session, [address])).get(address)
    if number is None or not 0 < number <= LARGEST_NUMBER:
        return None
    number = (await follow_merges(session, [number])).get(number)
    if number is None or not await session.rows(IS_ALIVE, number):
        return None
    return CustomerId(number)


async def story(session: Session, customer: CustomerId, view: View) -> Story | None:
    """The same story that the rules see; None when unknown or erased."""
    found = await find_customer(session, str(customer))
    if found is None:
        return None
    stories, _ = await load_stories(session, [found], view)
    return stories[found]


async def customers(session: Session) -> list[CustomerId]:
    """Every customer who is not erased or merged, by number."""
    return [CustomerId(row[0]) for row in await session.rows(CUSTOMERS)]


async def search_customers(session: Session, words: str, limit: int) -> list[tuple[CustomerId, str, str]]:
    """(number, name, how they are known), latest first."""
    escaped = words.strip().lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    rows = await session.rows(SEARCH, f"%{plain(escaped)}%", limit)
    return [(CustomerId(number), name, email or known or "") for number, name, email, known in rows]


async def doubles(session: Session, customer: CustomerId) -> list[Found]:
    """Others with the same e-mail address or phone number; `known` is what they share."""
    return [
        Found(CustomerId(number), name, shared, "double")
        for number, name, shared in await session.rows(DOUBLES, customer)
    ]


# ---------------------------------------------------------------- staff


async def seat(session: Session, channel: str, external: str, role: Role, name: str, source: str) -> Staff:
    """Give a chat identity a role; a name replaces an earlier one."""
    number = await _staff_number(session, channel, external, name)
    await session.put(SEAT, [(number, role.value, source)])
    session.topics.add("staff")
    return next(one for one in await read_staff(session) if one.id == number)


async def _staff_number(session: Session, channel: str, external: str, name: str = "") -> StaffId:
    await session.run(NEW_STAFF, channel, external, name)
    if name:
        await session.run(NAME_STAFF, name, channel, external)
    return StaffId((await session.rows(STAFF_ID, channel, external))[0][0])


async def unseat(session: Session, channel: str, external: str, role: Role | None, source: str | None) -> bool:
    """Take a role (or all) away, given by one source or by any; False when there was none."""
    rows = await session.rows(STAFF_ID, channel, external)
    if not rows:
        return False
    session.topics.add("staff")
    return bool(await session.run(UNSEAT, rows[0][0], role.value if role else None, source))


async def keep_seats(session: Session, wanted: Iterable[tuple[str, str, Role]], source: str) -> None:
    """Exactly these hold a role by this source."""
    seats = {(channel, external, role.value) for channel, external, role in wanted}
    for number, channel, external, role in await session.rows(SEATS_OF, source):
        if (channel, external, role) not in seats:
            await session.run(UNSEAT, number, role, source)
    for channel, external, role in sorted(seats):
        number = await _staff_number(session, channel, external)
        await session.put(SEAT, [(number, role, source)])
    session.topics.add("staff")


# ---------------------------------------------------------------- tokens, logins, files


async def link_token(session: Session, customer: CustomerId, now: datetime, expires_at: datetime) -> str:
    """A fresh single-use token that links whoever presents it to this customer."""
    token = new_token()
    await session.run(NEW_TOKEN, token, customer, micros(now), micros(expires_at))
    return token


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def issue_login(session: Session, staff: str, expires_at: datetime) -> str:
    """A single-use console login; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    await session.run(NEW_LOGIN, _hash(token), staff, micros(expires_at))
    return token


async def redeem_login(session: Session, token: str, now: datetime) -> str | None:
    """Who it was for, once."""
    number = _hash(plain(token))
    used = await session.run(USE_LOGIN, micros(now), number)
    rows = await session.rows(LOGIN, number) if used else ()
    await session.run(OLD_LOGINS, micros(now))
    return rows[0][0] if rows else None


async def put_blob(session: Session, blob: Blob, now: datetime) -> str:
    """Keep a file under a number that nobody guesses."""
    number = secrets.randbits(BLOB_BITS)
    await session.run(NEW_BLOB, number, plain(blob.name), plain(blob.mime), blob.data, micros(now))
    return str(number)


async def get_blob(session: Session, ref: str) -> Blob | None:
    """A kept file; None for what is no number of ours."""
    if not (ref.isascii() and ref.isdigit()) or int(ref) > LARGEST_NUMBER:
        return None
    rows = await session.rows(BLOB, int(ref))
    return Blob(rows[0][0], rows[0][1], bytes(rows[0][2])) if rows else None
