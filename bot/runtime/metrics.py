"""Figures for operators, in Prometheus' words."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, generate_latest

EVENTS = Counter("afterword_events_handled_total", "Events that turns have handled")
FAILED = Counter("afterword_events_failed_total", "Events that became dead letters")
LAG = Histogram(
    "afterword_event_lag_seconds",
    "From the event to its turn",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)
SENDS = Counter("afterword_sends_total", "Attempts to deliver", ["channel", "outcome"])
STATE = Gauge("afterword_state", "Depths and ages", ["what"])


def text(counts: dict[str, float]) -> bytes:
    """The exposition, with the store's counts in it."""
    for what, value in counts.items():
        STATE.labels(what).set(value)
    return bytes(generate_latest())
