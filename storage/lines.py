"""Lines of conversations, read and decoded once: what was said is needed with every further word and never changes."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.interaction import Interaction
from storage import codec
from storage.session import Session
from storage.statements import Query

MOST_LINES = 12_000
LINES_SHOWN = 12

LATEST = Query(
    "SELECT c.number, ARRAY(SELECT id FROM interaction WHERE customer_id = c.number "  # noqa: S608 - a number of ours
    f"ORDER BY id DESC LIMIT {LINES_SHOWN}) FROM unnest($1::bigint[]) AS c(number)",
    "SELECT c.value, (SELECT json_group_array(id) FROM (SELECT id FROM interaction WHERE customer_id = c.value "  # noqa: S608
    f"ORDER BY id DESC LIMIT {LINES_SHOWN})) FROM json_each($1) c",
)
LINES = Query("SELECT id, line FROM interaction WHERE id = ANY($1)")


class LinesMemory:
    """Decoded lines by their number. Numbers are never given twice, so nothing in here can be out of date.

    Two generations: lines that nobody asked for since the last change of generation are let go.
    """

    def __init__(self, most: int = MOST_LINES) -> None:
        self.most = most
        self._young: dict[int, Interaction] = {}
        self._old: dict[int, Interaction] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    async def latest(self, session: Session, customers: list[int]) -> dict[int, tuple[Interaction, ...]]:
        """The last lines of customers, oldest first."""
        numbers = {
            row[0]: row[1] if session.postgres else codec.from_json(row[1])
            for row in await session.rows(LATEST, customers)
        }
        known = await self._lines(session, (number for found in numbers.values() for number in found))
        return {customer: tuple(known[number] for number in sorted(found)) for customer, found in numbers.items()}

    async def _lines(self, session: Session, numbers: Iterable[int]) -> dict[int, Interaction]:
        old, young = self._old, self._young
        known = {number: young.get(number) or old.get(number) for number in numbers}
        missing = sorted(number for number, line in known.items() if line is None)
        if missing:
            rows = await session.rows(LINES, missing)
            known.update(zip((row[0] for row in rows), codec.interactions(row[1] for row in rows), strict=True))
        lines = {number: line for number, line in known.items() if line is not None}
        young.update(lines)
        if len(young) > self.most:
            self._old, self._young = young, {}
        return lines

    def keep(self, lines: dict[int, Interaction]) -> None:
        """Lines that were just written: committed ones only, a number taken back is given again."""
        self._young.update(lines)

    def forget(self) -> None:
        """Keep nothing: somebody was erased."""
        self._young, self._old = {}, {}
