"""Training of the language table: softmax regression over hashed letter groups (sentiment.grams)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from sentiment.grams import BUCKETS, groups
from sentiment.plain import plain

LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl")
SURE = 0.75
"""Probability from which a language is told."""
_MOST_OF_ONE = 4_000
_STEPS, _RATE, _DECAY = 40, 0.05, 2e-3


def fit_tongues(texts: Sequence[tuple[str, str]], seed: int) -> tuple[NDArray[np.int8], float]:
    """Fit on (text, language) pairs; the table [BUCKETS, languages] in 8 bits and its scale."""
    torch.manual_seed(seed)
    kept = [pair for name in LANGUAGES for pair in [each for each in texts if each[1] == name][:_MOST_OF_ONE]]
    rows = [list(groups(plain(text).words)) for text, _ in kept]
    known = [at for at, each in enumerate(rows) if each]
    flat = torch.tensor([bucket for at in known for bucket in rows[at]])
    lengths = torch.tensor([len(rows[at]) for at in known])
    starts = torch.cumsum(lengths, 0) - lengths
    target = torch.tensor([LANGUAGES.index(kept[at][1]) for at in known])
    counts = torch.bincount(target, minlength=len(LANGUAGES)).clamp(min=1)
    table = torch.nn.EmbeddingBag(BUCKETS, len(LANGUAGES), mode="sum")
    torch.nn.init.zeros_(table.weight)
    optimiser = torch.optim.Adam(table.parameters(), lr=_RATE)
    for _ in range(_STEPS):
        logits = table(flat, starts) / lengths.sqrt().unsqueeze(1)
        loss = functional.cross_entropy(logits, target, weight=len(known) / counts, label_smoothing=0.02)
        loss = loss + _DECAY * table.weight.square().sum(1).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    weights = table.weight.detach().numpy()
    scale = float(np.abs(weights).max()) / 127
    return np.rint(weights / scale).astype(np.int8), scale
