"""The training itself: one network, all questions at once, each text asked only what its file answers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from sentiment.labelled import Reply
from sentiment.plain import plain
from sentiment.train.choosing import ORDINARY, with_typos
from sentiment.train.network import HEADS, Network
from sentiment.wordpiece import WordPieces

MOST_PIECES = 64
"""Longest text the model reads, in pieces."""

_MOOD_SMOOTHING = 0.05
_OTHER_VIEW = 0.25  # weight of a text for the mood as the other kind of labeller would see it
_SHARES = {"intents": 0.6, "topics": 0.4, "kinds": 0.25, "person": 0.25}
"""Weight of each question beside the mood."""
_TAUGHT = 0.6
"""How much a teacher's opinion counts beside the file's label."""
_SOFTER = 2.0  # temperature at which moods and kinds are compared with the teacher's
_CHOICES = ("moods", "elsewhere", "kinds")  # questions with one answer; the others have any number
_BATCH = 32
_LIKE_LENGTHS = 40  # batches whose texts are sorted together, so that little is padded
_TYPOS = 0.1
_WARM_UP = 0.06
_CLIPPED = 1.0
_TOLD = 200  # steps between two lines of progress


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is tuned: learning rates of encoder and heads, how often all is read, the seed."""

    encoder_rate: float = 7e-5
    head_rate: float = 1e-3
    decay: float = 0.01
    epochs: int = 3
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts in pieces, padded, with their answers; −1 where a file doesn't say.

    `shop`, `elsewhere`: how much each text counts for the mood in either view. `taught`: a teacher's logits, all of
    HEADS; None without a teacher.
    """

    ids: Tensor
    mask: Tensor
    moods: Tensor
    kinds: Tensor
    intents: Tensor
    topics: Tensor
    person: Tensor
    asked: Tensor
    about: Tensor
    shop: Tensor
    elsewhere: Tensor
    taught: Tensor | None = None


def batch_of(
    replies: Sequence[Reply], cutter: WordPieces, taught: Sequence[NDArray[np.float32]] | None = None
) -> Batch:
    """Cut, pad and stack."""
    cut = [cutter.cut(plain(reply.text).words, MOST_PIECES).ids for reply in replies]
    longest = max(len(ids) for ids in cut)
    asked = [reply.intents is not None and reply.topics is not None for reply in replies]
    return Batch(
        ids=torch.tensor([ids + [0] * (longest - len(ids)) for ids in cut]),
        mask=torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in cut]),
        moods=torch.tensor([reply.mood for reply in replies]),
        kinds=torch.tensor([-1 if reply.kind is None else reply.kind for reply in replies]),
        intents=_rows([reply.intents for reply in replies], 11),
        topics=_rows([reply.topics for reply in replies], 10),
        person=torch.tensor([[float(reply.person or 0)] for reply in replies]),
        asked=torch.tensor(asked),
        about=torch.tensor([reply.topics is not None for reply in replies]),
        shop=torch.tensor([1.0 if own else _OTHER_VIEW for own in asked]),
        elsewhere=torch.tensor(
            [
                _OTHER_VIEW if own and reply.source not in ORDINARY else 1.0
                for own, reply in zip(asked, replies, strict=True)
            ]
        ),
        taught=torch.tensor(np.array(taught)) if taught is not None else None,
    )


def _rows(said: Sequence[tuple[int, ...] | None], width: int) -> Tensor:
    return torch.tensor([list(row) if row is not None else [0] * width for row in said], dtype=torch.float)


def batches(
    replies: Sequence[Reply],
    cutter: WordPieces,
    chance: random.Random,
    opinions: Mapping[str, NDArray[np.float32]] | None = None,
) -> Iterator[Batch]:
    """Give all replies once, in random batches of like lengths, some with slips of the thumb.

    `opinions`: what a teacher says of each text (as it was before any slip).
    """
    shuffled = [(with_typos(reply, chance) if chance.random() < _TYPOS else reply, reply.text) for reply in replies]
    chance.shuffle(shuffled)
    size = _BATCH * _LIKE_LENGTHS
    for start in range(0, len(shuffled), size):
        near = sorted(shuffled[start : start + size], key=lambda pair: len(pair[0].text))
        cuts = [near[at : at + _BATCH] for at in range(0, len(near), _BATCH)]
        chance.shuffle(cuts)
        for cut in cuts:
            taught = [opinions[text] for _, text in cut] if opinions is not None else None
            yield batch_of([reply for reply, _ in cut], cutter, taught)


def _mood_loss(logits: Tensor, batch: Batch) -> Tensor:
    return functional.cross_entropy(logits, batch.moods, label_smoothing=_MOOD_SMOOTHING, reduction="none")


def loss_of(said: dict[str, Tensor], batch: Batch) -> Tensor:
    """Join the losses of all questions, by the files' labels and by the teacher's opinions."""
    labelled = _by_labels(said, batch)
    if batch.taught is None:
        return labelled
    return (1 - _TAUGHT) * labelled + _TAUGHT * _by_teacher(said, batch.taught)


def _by_labels(said: dict[str, Tensor], batch: Batch) -> Tensor:
    loss = (_mood_loss(said["moods"], batch) * batch.shop).mean()
    loss = loss + (_mood_loss(said["elsewhere"], batch) * batch.elsewhere).mean()
    if bool((batch.kinds >= 0).any()):
        loss = loss + _SHARES["kinds"] * functional.cross_entropy(said["kinds"], batch.kinds, ignore_index=-1)
    for name in ("intents", "topics", "person"):
        rows = batch.about if name == "topics" else batch.asked  # agents correct topics, never intents
        if bool(rows.any()):
            given = functional.binary_cross_entropy_with_logits(
                said[name][rows], getattr(batch, name)[rows], reduction="none"
            )
            loss = loss + _SHARES[name] * given.sum(1).mean() / (1 if name == "person" else 2)
    return loss


def _by_teacher(said: dict[str, Tensor], taught: Tensor) -> Tensor:
    """Tell how far the answers are from the teacher's, which has one for every question (Hinton et al. 2015)."""
    loss = torch.zeros(())
    for name, theirs in zip(HEADS, taught.split(list(HEADS.values()), dim=1), strict=True):
        share = _SHARES.get(name, 1.0)
        if name in _CHOICES:
            soft, softly = (theirs / _SOFTER).softmax(1), (said[name] / _SOFTER).log_softmax(1)
            loss = loss + share * _SOFTER**2 * functional.kl_div(softly, soft, reduction="batchmean")
        else:
            far = functional.binary_cross_entropy_with_logits(said[name], theirs.sigmoid(), reduction="none")
            loss = loss + share * far.sum(1).mean() / (1 if name == "person" else 2)
    return loss


def halves_are_fast() -> bool:
    """Tell whether this processor multiplies 16-bit floats itself; others take many times as long as with 32 bits."""
    return "AVX512" in torch.backends.cpu.get_cpu_capability()


def fit(
    network: Network,
    replies: Sequence[Reply],
    cutter: WordPieces,
    recipe: Recipe,
    tell: Callable[[str], None],
    opinions: Mapping[str, NDArray[np.float32]] | None = None,
) -> Iterator[int]:
    """Train `network` in place; gives the number of each epoch as it ends and tells how it goes."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - a repeatable order, no secret
    heads = list(network.head.parameters())
    body = [weight for weight in network.encoder.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": recipe.encoder_rate}, {"params": heads, "lr": recipe.head_rate}],
        weight_decay=recipe.decay,
    )
    steps = recipe.epochs * (len(replies) // _BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / (_WARM_UP * steps), max(0.0, (steps - step) / ((1 - _WARM_UP) * steps))),
    )
    done, total, began = 0, 0.0, time.monotonic()
    for epoch in range(recipe.epochs):
        network.train()
        for batch in batches(replies, cutter, chance, opinions):
            optimiser.zero_grad(set_to_none=True)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves_are_fast()):
                said = network(batch.ids, batch.mask)
            loss = loss_of({name: logits.float() for name, logits in said.items()}, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(body, _CLIPPED)
            optimiser.step()
            schedule.step()
            total += loss.item()
            done += 1
            if done % _TOLD == 0:
                tell(f"step {done} of {steps}, loss {total / _TOLD:.3f}, {time.monotonic() - began:.0f} s")
                total = 0.0
        yield epoch + 1


@torch.inference_mode()
def answers(network: Network, replies: Sequence[Reply], cutter: WordPieces) -> dict[str, Tensor]:
    """Give the logits of every question for all replies, in their order."""
    network.eval()
    order = sorted(range(len(replies)), key=lambda at: len(replies[at].text))
    parts: list[dict[str, Tensor]] = []
    for start in range(0, len(order), 64):
        batch = batch_of([replies[at] for at in order[start : start + 64]], cutter)
        parts.append(network(batch.ids, batch.mask))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return {name: torch.cat([part[name] for part in parts])[back] for name in parts[0]}
