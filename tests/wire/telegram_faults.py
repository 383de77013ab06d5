"""Bad weather on demand: Telegram's rate limits, and calls that fail, hang, or lose their answer."""

import math
import random
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the bot may send; the defaults are the documented numbers.

    Private chat: ``chat_rate`` messages a second, after a short burst of ``chat_burst`` (Telegram says "short
    bursts" without a number). Group: ``group_messages`` in ``group_window`` seconds. All chats together:
    ``overall_messages`` in ``overall_window`` seconds. Source: https://core.telegram.org/bots/faq
    """

    chat_rate: float = 1.0
    chat_burst: int = 5
    group_messages: int = 20
    group_window: float = 60.0
    overall_messages: int = 30
    overall_window: float = 1.0
    count_edits: bool = False


@dataclass(frozen=True, slots=True)
class EarlyCall:
    """A message sent before the wait of an earlier 429 had passed."""

    chat_id: int
    method: str
    seconds_left: float


SENDS: Final = ("send", "copy", "forward")
EDITS: Final = "editMessage"


def is_send(method: str) -> bool:
    """Whether a method puts a message into a chat."""
    return method.startswith(SENDS) and method != "sendChatAction"


class Flood:
    """Counts what was sent, and says how long to wait."""

    def __init__(self, limits: Limits | None) -> None:
        self.limits = limits
        self.early: list[EarlyCall] = []
        self.refused = 0
        self._tokens: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}
        self._overall: deque[float] = deque()
        self._until: dict[int, float] = {}

    def wait(self, method: str, chat_id: int, cost: int) -> int:
        """Return 0 and count the call, or the whole seconds to wait."""
        if self.limits is None and not self._until:
            return 0
        counts = is_send(method) or (self.limits is not None and self.limits.count_edits and method.startswith(EDITS))
        if not counts:
            return 0
        now = time.monotonic()
        left = self._until.get(chat_id, 0.0) - now
        if left > 0:
            self.early.append(EarlyCall(chat_id, method, left))
            self.refused += 1
            return math.ceil(left)
        seconds = 0.0 if self.limits is None else self._needed(self.limits, chat_id, cost, now)
        if seconds <= 0:
            return 0
        self.refused += 1
        self.hold(chat_id, math.ceil(seconds))
        return math.ceil(seconds)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Refuse a chat's messages for a time, as after a 429."""
        self._until[chat_id] = time.monotonic() + seconds

    def _needed(self, limits: Limits, chat_id: int, cost: int, now: float) -> float:
        """Return the seconds until a send is allowed; count it when that is now."""
        overall = _window_wait(self._overall, limits.overall_messages, limits.overall_window, now)
        if chat_id < 0:
            group = self._groups.setdefault(chat_id, deque())
            wait = max(overall, _window_wait(group, limits.group_messages, limits.group_window, now))
            if wait <= 0:
                group.extend([now] * cost)
        else:
            tokens, since = self._tokens.get(chat_id, (float(limits.chat_burst), now))
            tokens = min(float(limits.chat_burst), tokens + (now - since) * limits.chat_rate)
            wait = max(overall, (1 - tokens) / limits.chat_rate)
            self._tokens[chat_id] = (tokens - cost if wait <= 0 else tokens, now)
        if wait <= 0:
            self._overall.extend([now] * cost)
        return wait


def _window_wait(times: deque[float], most: int, window: float, now: float) -> float:
    while times and times[0] <= now - window:
        times.popleft()
    return 0.0 if len(times) < most else times[len(times) - most] + window - now


class FaultKind(Enum):
    """What can go wrong with a call."""

    ERROR = "500 before anything happened"
    BAD_GATEWAY = "502 with a page of HTML, before anything happened"
    FLOOD = "429 with retry_after"
    LOST_CALL = "connection closed before anything happened"
    LOST_ANSWER = "it happened, but the connection closes without an answer"
    HUNG_ANSWER = "it happened, but the answer never comes"
    SLOW = "it happens, after a while"


@dataclass(slots=True)
class Fault:
    """One rule of bad weather: which calls, how often, what happens."""

    kind: FaultKind
    methods: frozenset[str]
    times: int | None
    share: float
    seconds: float
    dice: random.Random
    fired: int = 0

    def strikes(self, method: str) -> bool:
        """Say whether this call is hit, and count it."""
        if self.methods:
            if method not in self.methods:
                return False
        elif method in {"getUpdates", "getMe"}:
            return False
        if (self.times is not None and self.fired >= self.times) or self.dice.random() >= self.share:
            return False
        self.fired += 1
        return True


@dataclass(slots=True)
class Faults:
    """All rules; the first that strikes counts. No method named: every call but getUpdates and getMe."""

    rules: list[Fault] = field(default_factory=list)

    def add(
        self,
        kind: FaultKind,
        methods: str | Iterable[str] = (),
        *,
        times: int | None = 1,
        share: float = 1.0,
        seconds: float = 1.0,
        seed: int = 1,
    ) -> Fault:
        """Hit the next ``times`` calls (None: no end) of these methods, or a seeded ``share`` of them."""
        names = frozenset([methods] if isinstance(methods, str) else methods)
        rule = Fault(kind, names, times, share, seconds, random.Random(seed))
        self.rules.append(rule)
        return rule

    def fail(self, methods: str | Iterable[str] = (), *, times: int | None = 1) -> Fault:
        """Answer 500; nothing happened."""
        return self.add(FaultKind.ERROR, methods, times=times)

    def flood(self, methods: str | Iterable[str] = (), *, times: int | None = 1, retry_after: int = 1) -> Fault:
        """Answer 429; calls to that chat before ``retry_after`` are counted as early."""
        return self.add(FaultKind.FLOOD, methods, times=times, seconds=retry_after)

    def lose_call(self, methods: str | Iterable[str] = (), *, times: int | None = 1) -> Fault:
        """Close the connection; nothing happened."""
        return self.add(FaultKind.LOST_CALL, methods, times=times)

    def lose_answer(self, methods: str | Iterable[str] = (), *, times: int | None = 1) -> Fault:
        """Let it happen, then close the connection."""
        return self.add(FaultKind.LOST_ANSWER, methods, times=times)

    def hang(self, methods: str | Iterable[str] = (), *, times: int | None = 1, seconds: float = 3600) -> Fault:
        """Let it happen, then say nothing for a time, then close the connection."""
        return self.add(FaultKind.HUNG_ANSWER, methods, times=times, seconds=seconds)

    def slow(self, methods: str | Iterable[str] = (), *, times: int | None = 1, seconds: float = 1.0) -> Fault:
        """Let it happen and answer, but late; also when the client has gone by then."""
        return self.add(FaultKind.SLOW, methods, times=times, seconds=seconds)

    def share(
        self, kind: FaultKind, share: float, methods: str | Iterable[str] = (), *, seconds: float = 1.0, seed: int = 1
    ) -> Fault:
        """Hit a seeded share of the calls, without end."""
        return self.add(kind, methods, times=None, share=share, seconds=seconds, seed=seed)

    def clear(self) -> None:
        """Good weather again."""
        self.rules.clear()

    def pick(self, method: str) -> Fault | None:
        """Return the rule that hits this call."""
        return next((rule for rule in self.rules if rule.strikes(method)), None) if self.rules else None
