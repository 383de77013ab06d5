"""One search over customers, orders and words said.

Letters beyond ASCII become wildcards in SQL (SQLite knows their cases not) and are compared here; so both databases
find the same. Customers and orders are all looked at; of messages and notes the latest `LOOKED_AT`, newest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.ids import CustomerId
from bot.ports import Found
from storage.codec import moment, plain
from storage.session import Row, Session
from storage.statements import Query

LOOKED_AT = 200_000
SNIPPET = 60
KNOWN = (
    "COALESCE(NULLIF(c.email, ''), (SELECT min(i.channel || ':' || i.external) FROM identity i "
    "WHERE i.customer_id = c.id AND i.channel NOT IN ('email', 'phone')), '')"
)
ALIVE = "c.erased_at IS NULL AND c.merged_into IS NULL"

PEOPLE = Query(
    f"SELECT c.id, c.name, {KNOWN} FROM customer c WHERE {ALIVE} AND (lower(c.name) LIKE $1 ESCAPE '!' "  # noqa: S608
    "OR lower(c.email) LIKE $1 ESCAPE '!' OR c.phone LIKE $1 ESCAPE '!' OR c.id IN (SELECT i.customer_id FROM "
    "identity i WHERE lower(i.external) LIKE $1 ESCAPE '!' OR lower(i.handle) LIKE $1 ESCAPE '!')) "
    "ORDER BY c.id DESC LIMIT $2"
)
ORDERS = Query(
    f"SELECT c.id, c.name, {KNOWN}, p.shop || '/' || p.order_id, COALESCE(p.paid_at, p.delivered_at) "  # noqa: S608
    f"FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE {ALIVE} "
    "AND lower(p.shop || '/' || p.order_id) LIKE $1 ESCAPE '!' ORDER BY p.id DESC LIMIT $2"
)
SAID_TEXT = "(i.line::json ->> 'text')", "json_extract(i.line, '$.text')"
SAID = (
    f"SELECT c.id, c.name, {KNOWN}, %s, i.at, i.author FROM interaction i JOIN customer c ON c.id = i.customer_id "  # noqa: S608
    f"WHERE i.id > (SELECT COALESCE(max(id), 0) FROM interaction) - {LOOKED_AT} AND {ALIVE} "
    "AND i.kind IN ('message', 'relay', 'amendment', 'gift') "
    "AND lower(i.line) LIKE $1 ESCAPE '!' AND lower(%s) LIKE $2 ESCAPE '!' ORDER BY i.id DESC LIMIT $3"
)
MESSAGES = Query(*(SAID % (text, text) for text in SAID_TEXT))
NOTES = Query(
    f"SELECT c.id, c.name, {KNOWN}, n.text, n.at, n.author FROM note n JOIN customer c ON c.id = n.customer_id "  # noqa: S608
    f"WHERE n.id > (SELECT COALESCE(max(id), 0) FROM note) - {LOOKED_AT} AND {ALIVE} AND n.kind IN ('note', 'talk') "
    "AND lower(n.text) LIKE $1 ESCAPE '!' ORDER BY n.id DESC LIMIT $2"
)


async def search(session: Session, words: str, limit: int) -> list[Found]:
    """Customers first, then orders, then what was said, then notes; each newest first, up to `limit` of each."""
    wanted = " ".join(plain(words).split())
    if not wanted:
        return []
    anywhere, in_json = pattern(wanted), pattern(wanted, escaped='"\\/')
    found = [Found(*_who(row)) for row in await session.rows(PEOPLE, anywhere, limit)]
    orders = await session.rows(ORDERS, anywhere, limit)
    found += [Found(*_who(row), "order", row[3], moment(row[4])) for row in orders]
    for kind, rows in (
        ("said", await session.rows(MESSAGES, in_json, anywhere, limit)),
        ("note", await session.rows(NOTES, anywhere, limit)),
    ):
        found += _said(kind, rows, wanted)
    return found


def pattern(words: str, escaped: str = "") -> str:
    """What LIKE is given: the words anywhere, in any case. `escaped` signs may be written with more than themselves."""
    signs = ("%" if sign in escaped else _sign(sign) for sign in words)
    return f"%{''.join(signs)}%"


def _sign(sign: str) -> str:
    if sign == " ":
        return "%"  # a line may end there
    if sign in "!%_":
        return f"!{sign}"
    return sign.lower() if sign.isascii() else "_"


def _who(row: Row) -> tuple[CustomerId, str, str]:
    return CustomerId(row[0]), row[1], row[2]


def _said(kind: str, rows: Iterable[Row], wanted: str) -> Iterator[Found]:
    """What really holds the words, cut around them."""
    for row in rows:
        cut = snippet(row[3], wanted)
        if cut:
            yield Found(*_who(row), kind, cut, moment(row[4]), row[5])


def snippet(text: str, wanted: str) -> str:
    """The words with what stands around them; "" when they aren't there."""
    flat = " ".join(text.split())
    place = flat.lower().find(wanted.lower())
    if place < 0:
        return ""
    begin, end = max(0, place - SNIPPET), place + len(wanted) + SNIPPET
    return f"{'…' if begin else ''}{flat[begin:end]}{'…' if end < len(flat) else ''}"
