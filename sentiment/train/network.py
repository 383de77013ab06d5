"""The network: a small transformer, the mean of its words, one linear layer for all questions."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel, MPNetModel

from sentiment.labelled import INTENTS, KINDS, MOODS, TOPICS

HEADS = {
    "moods": len(MOODS),
    "elsewhere": len(MOODS),
    "intents": len(INTENTS),
    "topics": len(TOPICS),
    "kinds": len(KINDS),
    "person": 1,
}
"""Question → number of its answers, in the order of the linear layer's rows.

`moods` is the mood as a shop sees it (the own corpus), `elsewhere` as people who labelled
reviews and posts saw it: the two don't draw the line at the same place.
"""
_DROPPED = 0.1


class Network(nn.Module):
    """Word pieces in, one logit per answer out; word embeddings don't learn.

    The mean is taken before a single linear layer, so that a logit is the mean of what each
    word gives to it: what decided can be read off without another pass.
    """

    def __init__(self, encoder: BertModel | MPNetModel) -> None:
        """Put the heads on `encoder`."""
        super().__init__()
        self.encoder = encoder
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.dropped = nn.Dropout(_DROPPED)
        self.head = nn.Linear(encoder.config.hidden_size, sum(HEADS.values()))

    def words(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Give each piece's vector: [texts, pieces, hidden]."""
        state: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return state

    def forward(self, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Give the logits of every question, [texts, answers] each."""
        shown = mask.unsqueeze(-1).to(self.head.weight.dtype)
        mean = (self.words(ids, mask) * shown).sum(1) / shown.sum(1)
        parts = self.head(self.dropped(mean)).split(list(HEADS.values()), dim=1)
        return dict(zip(HEADS, parts, strict=True))


def encoder_from(folder: Path, rows: list[int]) -> BertModel:
    """Load MiniLM's weights from `folder`, the rows of its vocabulary in the order of `rows`."""
    weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][rows]
    config = BertConfig.from_pretrained(folder)
    config.vocab_size = len(rows)
    encoder = BertModel(config, add_pooling_layer=False)
    missing, _ = encoder.load_state_dict(weights, strict=False)
    if unexpected := [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"these weights are no MiniLM: {', '.join(unexpected[:3])} missing")
    return encoder
