"""A teacher: a network eight times as large learns the same texts first; the shipped one learns from its opinions too.

A label says "negative"; the teacher says how clearly so, and has an opinion on every question for every text, also
where a file is silent (Hinton et al. 2015). It is needed for training alone and never shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from transformers import MPNetConfig, MPNetModel

from sentiment.labelled import Reply
from sentiment.train.fitting import answers, halves_are_fast
from sentiment.train.network import HEADS, Network
from sentiment.wordpiece import SPECIAL, WordPieces

NAME = "all-mpnet-base-v2"
_THEIRS = {"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>"}
_FIRST_PLACE = 2  # MPNet counts places from here; 1 stands for "nothing"

Opinions = Mapping[str, NDArray[np.float32]]
"""Text → the teacher's logits, in the order of HEADS."""


class Teacher(Network):
    """MPNet with the same heads. All of its embeddings stay as they are."""

    def __init__(self, encoder: MPNetModel) -> None:
        """Put the heads on `encoder`."""
        super().__init__(encoder)
        encoder.embeddings.requires_grad_(requires_grad=False)

    def words(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Give each piece's vector: [texts, pieces, hidden]."""
        places = mask.cumsum(1) * mask + _FIRST_PLACE - 1
        state: Tensor = self.encoder(input_ids=ids, attention_mask=mask, position_ids=places).last_hidden_state
        return state


def teacher_from(folder: Path) -> tuple[Teacher, WordPieces]:
    """Load MPNet's weights and vocabulary from `folder`; raises SystemExit with advice when they aren't there."""
    if not (folder / "model.safetensors").exists():
        raise SystemExit(f"{folder} holds no model.safetensors; it must hold the unpacked weights of {NAME}")
    names = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    places = {word: row for row, word in enumerate(names)}
    words = [*SPECIAL, *(word for word in names if word not in SPECIAL and word not in _THEIRS.values())]
    weights = {name.removeprefix("mpnet."): value for name, value in load_file(folder / "model.safetensors").items()}
    table = weights["embeddings.word_embeddings.weight"]
    weights["embeddings.word_embeddings.weight"] = table[[places[_THEIRS.get(word, word)] for word in words]]
    config = MPNetConfig.from_pretrained(folder)
    config.vocab_size = len(words)
    encoder = MPNetModel(config, add_pooling_layer=False)
    missing, _ = encoder.load_state_dict(weights, strict=False)
    if unexpected := [name for name in missing if "position_ids" not in name]:
        raise SystemExit(f"these weights are no MPNet: {', '.join(unexpected[:3])} missing")
    return Teacher(encoder), WordPieces(words)


def opinions(teacher: Teacher, replies: Sequence[Reply], cutter: WordPieces) -> dict[str, NDArray[np.float32]]:
    """Let the taught teacher read every text."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves_are_fast()):
        said = answers(teacher, replies, cutter)
    rows = torch.cat([said[name].float() for name in HEADS], dim=1).numpy()
    return {reply.text: row for reply, row in zip(replies, rows, strict=True)}
