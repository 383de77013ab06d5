"""After the fit: how far the model, the rules and TextBlob are believed, and from where on a mood counts.

All of it is fitted on replies kept aside, none of it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from sentiment.cascade import Rules
from sentiment.fuse import FEATURES
from sentiment.labelled import INTENTS, MOODS, TOPICS, Reply
from sentiment.measuring import threshold_for
from sentiment.train.choosing import ORDINARY

FALSE_ALARMS = (0.02, 0.05, 0.08, 0.1, 0.15, 0.2)
"""Shares of content customers taken for unhappy, for which the card gives thresholds."""
WANTED_ALARMS = 0.15
"""The default's share, on replies as tricky as our corpus; of ordinary ones about half as many are mistaken."""

_MIXED = 0.34
"""Both sides at least so likely, and nothing between them: two opinions in one reply."""
_RULES_ONLY = {"thanks", "stop"}
"""Intents that the rules alone may see: "nothing but thanks", and an opt-out, which takes effect at once."""
_RIGHT, _RIGHT_GRAVE = 0.85, 0.8
"""Of what is called an intent so many must be one; fewer where missing it is worse than a needless person."""
_GRAVE = {"safety", "person"}
_FEWEST = 12  # examples aside, below which an intent keeps the even threshold
_SHRINK = 1e-4

Floats = NDArray[np.float64]


def unsettled() -> dict[str, Any]:
    """Settings with which a fresh model can be opened: nothing joined yet, even thresholds."""
    width = len(FEATURES)
    weights = [[0.0] * width for _ in MOODS]
    weights[0][0] = weights[2][1] = 0.7
    weights[0][2] = weights[2][3] = 0.3
    intents = {name: 0.0 for name in INTENTS if name not in _RULES_ONLY}
    return {
        "fusion": {"weights": weights, "bias": [0.0, 0.0, 0.0]},
        "thresholds": {"negative": 0.5, "mixed": _MIXED, "intents": intents, "topics": 0.0},
        "false_alarms": {},
    }


def counts(reply: Reply) -> float:
    """Tell how much a reply kept aside counts when the voices are joined: ordinary texts most, Reddit least."""
    if reply.source == "goemotions":
        return 0.3
    return 0.5 if reply.intents is not None and reply.source not in ORDINARY else 2.0


def settle(rules: Rules, own: Sequence[Reply], public: Sequence[Reply], exam: Sequence[Reply]) -> dict[str, Any]:
    """Fit the settings on what was kept aside: `own` of the own corpus, `public` of the public files.

    The thresholds are measured on `exam`, replies of a writer nobody learned from: kept-aside lines of
    writers that were learned from are easier.
    """
    settings = unsettled()
    known = [(reply, numbers) for reply in (*own, *public) if (numbers := rules.features(reply.text)) is not None]
    weights, bias = _joined(
        np.array([numbers for _, numbers in known]),
        np.array([reply.mood for reply, _ in known]),
        np.array(settings["fusion"]["weights"]),
        np.array([counts(reply) for reply, _ in known]),
    )
    settings["fusion"] = {"weights": np.round(weights, 4).tolist(), "bias": np.round(bias, 4).tolist()}
    content = np.array([_unhappy(rules, reply, weights, bias) for reply in exam if reply.mood != 0])
    unhappy = np.array([_unhappy(rules, reply, weights, bias) for reply in exam if reply.mood == 0])
    for share in FALSE_ALARMS:
        least = threshold_for(content, share)
        settings["false_alarms"][str(share)] = {
            "threshold": round(least, 4),
            "found": round(float((unhappy > least).mean()), 4),
        }
    settings["thresholds"]["negative"] = _even(settings["false_alarms"][str(WANTED_ALARMS)]["threshold"])
    settings["thresholds"]["intents"].update(_intents(rules, own))
    settings["thresholds"]["topics"] = _best(*_columns(rules, own, "topics"))
    return settings


def settle_many(numbers: Floats, aside: Sequence[Reply]) -> dict[str, Any]:
    """Fit the settings of the extra `languages` on replies kept aside; `numbers` of `fuse.features_of_many`."""
    moods = np.array([reply.mood for reply in aside])
    start = np.zeros((len(MOODS), numbers.shape[1]))
    start[0, 0] = start[2, 1] = 1.0
    weights, bias = _joined(numbers, moods, start, np.ones(len(moods)))
    logits = numbers @ weights.T + bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    unhappy = odds[:, 0] / odds.sum(axis=1)
    least = threshold_for(unhappy[moods != 0], WANTED_ALARMS)
    return {
        "fusion": {"weights": np.round(weights, 4).tolist(), "bias": np.round(bias, 4).tolist()},
        "thresholds": {"negative": round(max(0.5, least), 4), "mixed": _MIXED, "intents": 0.5},
        "found": round(float((unhappy[moods == 0] > least).mean()), 4),
    }


def _joined(numbers: Floats, moods: NDArray[np.int64], start: Floats, counted: Floats) -> tuple[Floats, Floats]:
    """Fit the multinomial regression, each row as much as it is `counted`, weakly held back to `start`."""
    source = torch.tensor(numbers, dtype=torch.float64)
    target = torch.tensor(moods)
    much = torch.tensor(counted / counted.sum())
    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(MOODS), dtype=torch.float64, requires_grad=True)
    begun = weights.detach().clone()
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        wrong = (functional.cross_entropy(source @ weights.T + bias, target, reduction="none") * much).sum()
        total = wrong + _SHRINK * (weights - begun).square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach().numpy(), bias.detach().numpy()


def _even(threshold: float) -> float:
    """Keep the label's threshold between a third and a half: more likely than not is unhappy, whatever the alarms."""
    return min(0.5, max(0.34, threshold))


def _unhappy(rules: Rules, reply: Reply, weights: Floats, bias: Floats) -> float:
    numbers = rules.features(reply.text)
    if numbers is None:
        return rules.judge(reply.text).unhappy
    logits = weights @ np.array(numbers) + bias
    grown = np.exp(logits - logits.max())
    return float(grown[0] / grown.sum())


def _intents(rules: Rules, own: Sequence[Reply]) -> dict[str, float]:
    """Give each intent the lowest threshold at which most calls are right."""
    logits, truth = _columns(rules, own, "intents")
    found = {}
    for at, name in enumerate(INTENTS):
        if name in _RULES_ONLY or truth[:, at].sum() < _FEWEST:
            continue
        order = np.argsort(-logits[:, at])
        right = np.cumsum(truth[order, at]) / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(right >= (_RIGHT_GRAVE if name in _GRAVE else _RIGHT))
        if enough.size:
            found[name] = round(float(np.clip(logits[order[enough[-1]], at], -2.0, 2.0)), 3)
    return found


def _columns(rules: Rules, own: Sequence[Reply], name: str) -> tuple[Floats, NDArray[np.int64]]:
    told = [(reading, reply) for reply in own if (reading := rules.reading(reply.text)) is not None]
    logits = np.array([getattr(reading, name) for reading, _ in told], dtype=np.float64)
    width = len(TOPICS if name == "topics" else INTENTS)
    return logits, np.array([getattr(reply, name) or (0,) * width for _, reply in told])


def _best(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Give the one threshold with the best F1 over all."""
    steps = np.arange(-2.0, 2.01, 0.1)

    def f1(least: float) -> float:
        called = logits >= least
        return float(2 * (called & (truth == 1)).sum() / max(1, called.sum() + truth.sum()))

    return round(float(max(steps, key=f1)), 2)
