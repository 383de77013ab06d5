"""Trouble on demand: rate limits as Slack keeps them, and faults of the wire."""

from __future__ import annotations

import math
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from .slack_spec import METHODS

Kind = Literal["http_500", "http_503", "error", "ratelimited", "drop_before", "drop_after", "slow"]
MINUTE = 60.0
#: A call that arrives this soon after a 429 was already on its way: no offence.
IN_FLIGHT = 0.15


@dataclass(slots=True)
class Rule:
    """One standing order to fail: which methods, how, how often."""

    methods: frozenset[str]
    kind: Kind
    error: str = "internal_error"
    times: int | None = None
    share: float | None = None
    delay: float = 0.0
    retry_after: int = 1
    random: random.Random = field(default_factory=lambda: random.Random(0))
    struck: int = 0

    def strikes(self, method: str) -> bool:
        """Decide whether this call fails, and count it if so."""
        if "*" not in self.methods and method not in self.methods:
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.share is not None and self.random.random() >= self.share:
            return False
        self.struck += 1
        return True


class Faults:
    """Makes calls of the Web API fail. Methods: a name, several, or "*".

    Besides Web API methods: "upload", "download", "response_url", "socket".
    Give `times` for the next N calls, or `share` and `seed` for a share of all.
    """

    def __init__(self) -> None:
        """Start without any fault."""
        self.rules: list[Rule] = []
        self.struck: Counter[str] = Counter()

    def add(
        self,
        methods: str | Iterable[str],
        kind: Kind,
        *,
        times: int | None = None,
        share: float | None = None,
        seed: int = 0,
        error: str = "internal_error",
        retry_after: int = 1,
        delay: float = 0.0,
    ) -> Rule:
        """Set up a fault and give its rule; `rule.struck` counts. No limit: always.

        Kinds: http_500, http_503; error (`ok: false` with `error`); ratelimited (429
        with `retry_after`); drop_before (connection cut, nothing done), drop_after
        (done, then cut); slow (`delay` seconds first).
        """
        names = frozenset([methods] if isinstance(methods, str) else methods)
        unknown = names - METHODS.keys() - {"*", "upload", "download", "response_url", "socket"}
        if unknown:
            message = f"no such method: {sorted(unknown)}"
            raise ValueError(message)
        chance = random.Random(seed)
        rule = Rule(names, kind, error, times, share, delay, retry_after, chance)
        self.rules.append(rule)
        return rule

    def fail(self, methods: str | Iterable[str], *, times: int = 1, error: str = "") -> Rule:
        """Fail the next `times` calls: with `error` if given, else with HTTP 500."""
        if error:
            return self.add(methods, "error", times=times, error=error)
        return self.add(methods, "http_500", times=times)

    def outage(self) -> None:
        """Take Slack down: everything answers 503, no connection opens, until `clear`."""
        self.add("*", "http_503")

    def clear(self) -> None:
        """Remove all faults."""
        self.rules.clear()

    def pick(self, method: str) -> Rule | None:
        """Give the rule that this call falls under, if any."""
        for rule in self.rules:
            if rule.strikes(method):
                self.struck[method] += 1
                return rule
        return None


@dataclass(slots=True)
class Limits:
    """Slack's rate limits: chat.postMessage per channel, all else by tier a minute.

    `speed` 60 makes a minute pass in a second (Retry-After stays whole seconds, at
    least 1). `burst` posts to one channel are let through before the 1/s holds; no
    tier holds before `tolerance` calls a minute (Tier 1 reads "1+ per minute").
    """

    speed: float = 1.0
    burst: int = 4
    per_second: float = 1.0
    tolerance: int = 10
    clock: Callable[[], float] = time.monotonic
    _posts: dict[str, tuple[float, float]] = field(default_factory=dict)
    _calls: dict[str, deque[float]] = field(default_factory=dict)
    _until: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, method: str, channel: str) -> tuple[int, bool]:
        """Give (seconds to wait or 0, whether an earlier wait was ignored)."""
        now = self.clock()
        key = f"{method} {channel}" if method == "chat.postMessage" else method
        told, until = self._until.get(key, (0.0, 0.0))
        ignored = told + IN_FLIGHT < now < until - 0.05
        seconds = self._post(channel, now) if method == "chat.postMessage" else self._tier(method, now)
        if ignored:
            seconds = max(seconds, until - now)
        if seconds <= 0:
            return 0, ignored
        whole = max(1, math.ceil(seconds))
        if not ignored:
            self._until[key] = (now, now + whole)
        return whole, ignored

    def _post(self, channel: str, now: float) -> float:
        rate = self.per_second * self.speed
        left, at = self._posts.get(channel, (float(self.burst), now))
        left = min(float(self.burst), left + (now - at) * rate)
        if left < 1:
            self._posts[channel] = (left, now)
            return (1 - left) / rate
        self._posts[channel] = (left - 1, now)
        return 0.0

    def _tier(self, method: str, now: float) -> float:
        window = MINUTE / self.speed
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= max(self.tolerance, METHODS[method].per_minute):
            return calls[0] + window - now
        calls.append(now)
        return 0.0
