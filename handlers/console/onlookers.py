"""Who looks at which case at this moment, and who writes there: known to every process, kept by none."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.ids import StaffId

WORD: Final = "look"
HERE, WRITES, GONE = "here", "writes", "gone"
SAID_AGAIN_S: Final = 15.0
"""How often a page that looks says so again."""
FORGOTTEN_S: Final = 40.0
WRITING_S: Final = 6.0


@dataclass(frozen=True, slots=True)
class Look:
    """One page's word: `page` tells two pages of the same person apart."""

    case: int
    staff: int
    page: str
    state: str

    @property
    def topic(self) -> str:
        """As it travels between processes."""
        return f"{WORD}:{self.case}:{self.staff}:{self.page}:{self.state}"


def read_look(topic: str) -> Look | None:
    """A look, when the topic is one."""
    parts = topic.split(":")
    if len(parts) != 5 or parts[0] != WORD or not (parts[1].isdigit() and parts[2].isdigit()):  # noqa: PLR2004
        return None
    return Look(int(parts[1]), int(parts[2]), parts[3], parts[4])


@dataclass(slots=True)
class _Seen:
    staff: int
    at: float
    wrote_at: float


class Onlookers:
    """What was heard of all pages; a page that says nothing for long is forgotten."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: dict[tuple[int, str], _Seen] = {}

    def hear(self, look: Look) -> None:
        """A page said something."""
        key = (look.case, look.page)
        if look.state == GONE:
            self._seen.pop(key, None)
            return
        seen = self._seen.setdefault(key, _Seen(look.staff, 0.0, float("-inf")))
        seen.at = self._now()
        seen.wrote_at = self._now() if look.state == WRITES else float("-inf")

    def others(self, case: int, me: int) -> list[tuple[int, bool]]:
        """(who, whether they write) at this case, without myself."""
        now = self._now()
        for key in [key for key, seen in self._seen.items() if now - seen.at > FORGOTTEN_S]:
            del self._seen[key]
        found: dict[int, bool] = {}
        for (number, _), seen in self._seen.items():
            if number == case and seen.staff != me:
                found[seen.staff] = found.get(seen.staff, False) or now - seen.wrote_at < WRITING_S
        return sorted(found.items())


def onlookers_view(others: list[tuple[int, bool]], names: Mapping[StaffId, str]) -> list[dict[str, Any]]:
    """As a page shows it: `{name, writes}`."""
    return [{"name": names.get(StaffId(who), "a colleague"), "writes": writes} for who, writes in others]
