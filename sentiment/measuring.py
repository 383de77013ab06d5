"""How well a scorer finds unhappy customers, on labelled replies: pure figures, no printing.

"Unhappy" means the label negative; everything else is "content".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

_T = TypeVar("_T")

_BINS = 10
_AT = 0.1
"""Share of false alarms at which "found" is told."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one scorer reached on one set. Shares 0…1; `calibration` is None for what gives no probability."""

    replies: int
    unhappy: int
    auc: float
    f1: float
    found: float
    false_alarms: float
    found_at_tenth: float
    right: float
    calibration: float | None


def measure(
    unhappy: Floats, called: Truth, labels: Sequence[str], truth: Sequence[str], *, probability: bool
) -> Figures:
    """Give the figures. `unhappy`: the higher the unhappier; `called`: taken for unhappy at the scorer's own threshold.

    `labels` what the scorer says, `truth` what is so ("negative" …). ValueError unless both kinds are there.
    """
    really = np.array([label == "negative" for label in truth])
    if not really.any() or really.all():
        raise ValueError("figures need unhappy replies and others; this file holds only one kind")
    return Figures(
        replies=len(really),
        unhappy=int(really.sum()),
        auc=auc(unhappy, really),
        f1=f1(called, really),
        found=float(called[really].mean()),
        false_alarms=float(called[~really].mean()),
        found_at_tenth=found_at(unhappy, really, _AT),
        right=float(np.mean([said == label for said, label in zip(labels, truth, strict=True)])),
        calibration=calibration_error(unhappy, really) if probability else None,
    )


def timed(read: Callable[[str], _T], texts: Sequence[str]) -> tuple[list[_T], tuple[float, float]]:
    """Read one text after the other: what came of it, and the milliseconds of one, median and 99th of 100."""
    said, took = [], []
    for text in texts:
        begun = time.perf_counter()
        said.append(read(text))
        took.append(time.perf_counter() - begun)
    median, high = np.quantile(took, [0.5, 0.99]) * 1000
    return said, (round(float(median), 3), round(float(high), 3))


def auc(unhappy: Floats, really: Truth) -> float:
    """Give the area under the ROC curve: how often an unhappy reply ranks above a content one (ties half)."""
    order = np.argsort(unhappy, kind="stable")
    values, ranks = unhappy[order], np.empty(len(unhappy))
    ranks[order] = np.arange(1, len(unhappy) + 1)
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=ranks[order]) / counts
    ranks[order] = means[group]
    positives = int(really.sum())
    above = ranks[really].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(really) - positives)))


def f1(called: Truth, really: Truth) -> float:
    """Give the harmonic mean of precision and recall of "unhappy"."""
    return float(2 * (called & really).sum() / max(1, called.sum() + really.sum()))


def found_at(unhappy: Floats, really: Truth, alarms: float) -> float:
    """Give the share of unhappy replies found when at most `alarms` of the content ones are taken for unhappy."""
    return float((unhappy[really] > threshold_for(unhappy[~really], alarms)).mean())


def threshold_for(content: Floats, alarms: float) -> float:
    """Give the lowest value that at most the share `alarms` of the `content` ones lies above."""
    ordered = np.sort(content)
    return float(ordered[min(len(ordered) - 1, int(np.ceil((1 - alarms) * len(ordered))))])


def calibration_error(probability: Floats, really: Truth, counted: Floats | None = None) -> float:
    """Give the expected calibration error over ten equal bins (Naeini et al. 2015).

    `counted`: how much each reply counts, where several sets are measured together; all alike by default.
    """
    bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    share = np.full(len(really), 1 / len(really)) if counted is None else counted / counted.sum()
    apart = np.bincount(bins, weights=share * (probability - really), minlength=_BINS)
    return float(np.abs(apart).sum())
