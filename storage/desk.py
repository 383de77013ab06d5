"""What agents look at: the queue of open cases, and a customer's conversation."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.case import Promise
from bot.domain.ids import CustomerId
from bot.domain.interaction import Author, Direction, Interaction
from bot.domain.priority import mood_word, urgency
from bot.domain.utterance import Unsent, Utterance
from bot.domain.waiting import reply_promise
from bot.ports import Line, QueueRow
from storage import codec, utterances
from storage.codec import amount, moment
from storage.session import Row, Session
from storage.standing import own_values
from storage.statements import Query
from storage.stories import CASE_COLUMNS, View, case

PREVIEW = 160
MOST_WEIGHED = 2000
SPOKEN = "('message', 'rating', 'tap', 'command')"

OPEN_CASES = Query(
    f'SELECT {CASE_COLUMNS}, (SELECT name FROM customer WHERE customer.id = "case".customer_id) '  # noqa: S608
    "FROM \"case\" WHERE state <> 'resolved' ORDER BY priority DESC, id LIMIT $1"
)
LAST_WORDS = Query(
    "SELECT i.customer_id, i.line FROM interaction i JOIN "  # noqa: S608
    "(SELECT customer_id, max(id) AS last FROM interaction WHERE customer_id = ANY($1) AND author = 'customer' "
    f"AND kind IN {SPOKEN} GROUP BY customer_id) l ON l.last = i.id"
)
LINES = Query("SELECT id, event_id, line FROM interaction WHERE customer_id = $1 ORDER BY id DESC LIMIT $2")
NOTES = Query("SELECT id, at, author, text, kind FROM note WHERE customer_id = $1 ORDER BY id DESC LIMIT $2")
SENT = Query(
    "SELECT event_id, state, message, error FROM outbox WHERE customer_id = $1 AND event_id = ANY($2) "
    "AND side = 'customer' AND kind NOT IN ('lookup', 'tap_answer', 'mark', 'report', 'unsend', 'typing') ORDER BY id"
)
NAME = Query("SELECT name FROM customer WHERE id = $1")
DELIVERY = {
    "new": "waiting",
    "sending": "waiting",
    "sent": "sent",
    "failed": "failed",
    "unreachable": "unreachable",
    "cancelled": "failed",
}


async def queue(session: Session, view: View, limit: int) -> list[QueueRow]:
    """Open cases, most urgent first: mood × value × waiting time, then who came first.

    Of very many, the `MOST_WEIGHED` with the greatest mood × value are looked at.
    """
    rows = await session.rows(OPEN_CASES, max(limit, MOST_WEIGHED))
    if not rows:
        return []
    people = sorted({row[0] for row in rows})
    last = await session.rows(LAST_WORDS, people)
    words = dict(zip((row[0] for row in last), codec.interactions(row[1] for row in last), strict=True))
    values = await own_values(session, people, view.now - view.program.value.window, view.program.value)
    found = [_queue_row(row, view, words.get(row[0]), values.get(row[0], (0, 0))) for row in rows]
    found.sort(key=lambda one: (-one.priority, one.waiting_since, one.case))
    waiting = [-one.priority for one in found if one.waits]
    return [
        replace(one, before=len(waiting) - bisect_right(waiting, -one.priority) if one.waits else 0)
        for one in found[:limit]
    ]


def _queue_row(row: Row, view: View, words: Interaction | None, value: tuple[int, int]) -> QueueRow:
    one = case(row)
    due_at = one.reply_due_at or one.resolve_due_at
    promise = reply_promise(one) if one.reply_due_at else Promise.RESOLUTION
    return QueueRow(
        case=one.id,
        customer=CustomerId(row[0]),
        name=row[-1] or "",
        state=one.state.value,
        owner=one.owner_name if one.speaker is not None else None,
        owner_id=one.speaker,
        reasons=tuple(dict.fromkeys(reason.kind.value for reason in one.reasons)),
        priority=round(urgency(one.priority, one.waiting_since, view.now)),
        waiting_since=one.waiting_since or view.now,
        desk=one.desk,
        channel=words.channel if words else "",
        preview=words.text[:PREVIEW] if words else "",
        top=view.ranking.standing(amount(value[0]), value[1]).top,
        score=words.verdict.get("score") if words and words.verdict else None,
        mood=mood_word({reason.kind for reason in one.reasons}, one.unhappy),
        waits=one.waiting_since is not None,
        promise=promise.value if due_at else "",
        due_at=due_at,
        breaches=tuple(dict.fromkeys(breach.promise.value for breach in one.breaches)),
        offer="" if one.is_claimed else one.offer,
        offered_to=None if one.is_claimed else one.offered_to,
        topics=_topics(words),
        heard_at=words.at if words else None,
        help=one.help,
    )


def _topics(words: Interaction | None) -> tuple[str, ...]:
    return tuple(each["topic"] for each in (words.verdict or {}).get("topics") or ()) if words else ()


# ---------------------------------------------------------------- conversation


async def conversation(session: Session, customer: CustomerId, limit: int, *, inside: bool) -> list[Line]:
    """The last lines, oldest first, in the order in which they were written; notes only when `inside`."""
    rows = [*reversed(await session.rows(LINES, customer, limit))]
    spoken = codec.interactions(row[2] for row in rows)
    name = next((row[0] for row in await session.rows(NAME, customer)), "")
    sent = await _sent(
        session,
        customer,
        [(row[0], row[1]) for row, one in zip(rows, spoken, strict=True) if one.direction is Direction.OUT],
    )
    said = await utterances.spoken(
        session, customer, [row[1] for row, one in zip(rows, spoken, strict=True) if one.kind == "relay"]
    )
    lines = [
        _about(_line(row[0], one, name, sent.get(row[0])), said.get(row[1]))
        for row, one in zip(rows, spoken, strict=True)
    ]
    if not inside:
        return [_as_they_have_it(line, said) for line in lines if _they_have(line)]
    lines = [line for line in lines if line.kind != "unsend"]
    notes = [_note(row) for row in reversed(await session.rows(NOTES, customer, limit))]
    return _together(lines, notes)[-limit:]


def _about(line: Line, said: Utterance | None) -> Line:
    """With what the agent did with these words since."""
    if said is None or line.kind != "relay":
        return line
    ref = said.refs[0] if said.refs else None
    return replace(line, utterance=said.id, staff=said.staff, ref=ref, amended=said.amended, unsent=said.unsent.value)


def _they_have(line: Line) -> bool:
    """Whether the customer still has it. Corrected words stand in the place of the first ones."""
    return line.kind not in {"unsend", "amendment"} and line.unsent != Unsent.DONE.value


def _as_they_have_it(line: Line, said: dict[int, Utterance]) -> Line:
    """Without anything that is inside."""
    words = said[line.utterance].text if line.utterance else line.text
    return replace(line, text=words, utterance=0, staff=0, ref=None, amended="", unsent="", why="")


async def _sent(session: Session, customer: CustomerId, said: Sequence[tuple[int, int]]) -> dict[int, Row]:
    """Line → its row of the outbox: what an event said to the customer, in the same order as it was logged."""
    spoken: defaultdict[int, list[int]] = defaultdict(list)
    for line, event in said:
        spoken[event].append(line)
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in await session.rows(SENT, customer, sorted(spoken)) if spoken else ():
        found[row[0]].append(row)
    # Counted from the end: of the oldest event the first lines may lie beyond the limit.
    return {
        line: row
        for event, lines in spoken.items()
        for line, row in zip(reversed(lines), reversed(found[event]), strict=False)
    }


def _line(number: int, one: Interaction, customer: str, sent: Row | None) -> Line:
    buttons = codec.message(sent[2]).buttons if sent is not None and one.author is Author.BOT else ()
    return Line(
        id=number,
        at=one.at,
        author=one.author.value,
        name=one.author_name or (customer if one.author is Author.CUSTOMER else ""),
        kind=one.kind,
        text=one.text,
        channel=one.channel,
        attachments=one.attachments,
        verdict=one.verdict,
        buttons=buttons,
        delivery=DELIVERY[sent[1]] if sent is not None else "",
        why=sent[3] if sent is not None else "",
        quote=one.quote,
    )


def _note(row: Row) -> Line:
    """Numbered below zero, so that no line has the same number."""
    number, at, author, text, kind = row
    return Line(-number, moment(at), Author.AGENT.value, author, kind, text, "", inside=True)


def _together(lines: list[Line], notes: list[Line]) -> list[Line]:
    """Notes among the lines by their time; the lines keep their order, whatever a platform's clock said."""
    timed, latest = [], moment(0)
    for line in lines:
        latest = max(latest, line.at)
        timed.append((latest, line))
    return [line for _, line in sorted([*timed, *((note.at, note) for note in notes)], key=lambda pair: pair[0])]
