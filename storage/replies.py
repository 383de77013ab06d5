"""What a message replies to: the same words on the other side. Words that stayed inside are never found."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.event import AgentSaid, Event, Said
from bot.domain.ids import CustomerId, EventId
from bot.domain.message import Ref
from bot.domain.story import Replied
from storage import codec
from storage.session import Session
from storage.statements import Query

CUSTOMERS_WORDS = Query(
    "SELECT i.line, o.refs FROM outbox o JOIN interaction i ON i.customer_id = o.customer_id "
    "AND i.event_id = o.event_id AND i.author = 'customer' "
    "WHERE o.customer_id = $1 AND o.side = 'desk' AND o.kind = 'relay' AND (o.refs LIKE $2 OR i.line LIKE $3) "
    "ORDER BY o.id DESC LIMIT 5"
)
"""What the desk shows of the customer's words, found by the desk's message or by the customer's own."""
AGENTS_WORDS = Query(
    "SELECT u.text, o.refs, o.agent_ref FROM outbox o JOIN utterance u ON u.customer_id = o.customer_id "
    "AND u.id = o.event_id AND u.unsent = '' WHERE o.customer_id = $1 AND o.side = 'customer' AND o.kind = 'relay' "
    "AND (o.refs LIKE $2 OR o.agent_ref = $3) ORDER BY o.id DESC LIMIT 5"
)
"""What the customer has of an agent's words, found by the customer's copy or by the agent's own message."""
SHOWN_WORDS = Query(
    "SELECT u.id, u.text, m.refs, o.refs FROM outbox m JOIN utterance u ON u.customer_id = m.customer_id "
    "AND u.id = m.event_id LEFT JOIN outbox o ON o.customer_id = m.customer_id AND o.event_id = m.event_id "
    "AND o.side = 'customer' AND o.kind = 'relay' WHERE m.customer_id = $1 AND m.side = 'desk' AND m.kind = 'relay' "
    "AND m.refs LIKE $2 ORDER BY m.id DESC LIMIT 5"
)
"""An agent's words that went out, found by the line that shows them on another desk."""


async def replied_to(session: Session, events: Iterable[Event]) -> dict[CustomerId, tuple[Replied, ...]]:
    """For each customer what the messages of these events reply to. Few messages do: each costs its own statements."""
    found: dict[CustomerId, tuple[Replied, ...]] = {}
    for event in events:
        said = event.payload
        if isinstance(said, Said | AgentSaid) and said.reply_to is not None:
            one = await _replied(session, event.customer, said.reply_to, from_desk=isinstance(said, AgentSaid))
            if one is not None:
                found[event.customer] = (*found.get(event.customer, ()), one)
    return found


async def _replied(session: Session, customer: CustomerId, ref: Ref, *, from_desk: bool) -> Replied | None:
    short = codec.ref_json(ref) or ""
    for text, refs, agent_ref in await session.rows(AGENTS_WORDS, customer, f"%{short}%", short):
        copies, own = _refs(refs), codec.ref(agent_ref)
        other = (copies[-1] if copies else None) if from_desk else own
        if ref in copies or ref == own:
            return Replied(ref, other, text)
    for line, refs in await session.rows(CUSTOMERS_WORDS, customer, f"%{short}%", f"%{codec.to_json(ref)}%"):
        (said,), shown = codec.interactions([line]), _refs(refs)
        if ref in shown or ref == said.ref:
            return Replied(ref, said.ref if from_desk else (shown[0] if shown else None), said.text)
    return await _shown_elsewhere(session, customer, ref) if from_desk else None


async def _shown_elsewhere(session: Session, customer: CustomerId, ref: Ref) -> Replied | None:
    for number, text, refs, copies in await session.rows(SHOWN_WORDS, customer, f"%{codec.ref_json(ref)}%"):
        if ref in _refs(refs):
            theirs = _refs(copies)
            return Replied(ref, theirs[-1] if theirs else None, text, EventId(number))
    return None


def _refs(text: str) -> list[Ref]:
    return [Ref(*each) for each in codec.from_json(text)] if text else []
