"""The trained reader: a small transformer in `sentiment/model/`, run by onnxruntime on one thread.

One text is one run: the 8-bit rounding takes its scale from all that is run together, and a
verdict must not depend on its neighbours in a batch.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.grams import Grams
from sentiment.wordpiece import WordPieces

FOLDER = Path(__file__).parent / "model"
"""Where the shipped model lies."""

MOST_PIECES = 64
"""Pieces read of one text; of a longer one its head and its tail (the end of a message weighs more)."""

WEIGHTS, WORDS, TONGUES, MANY, CARD = "reader.onnx", "words.txt", "languages.npz", "many.npz", "card.json"
"""Files of a model's folder."""
FORM = 2
"""Form of the card that this version reads and writes."""

_CLEARLY = 4.0  # logits between happy and unhappy that are a clear mood
_MOST_DECIDING, _FAR_LESS = 6, 0.5
# Words that show nobody anything by themselves; between two others they are shown along.
_EMPTY = frozenset(
    "a an the of to in on at by for with from and or as is are was were be been am it its i me my you your u we us our "
    "he she they them his her their this that these those so do did does have has had s t d m re ve ll".split()
)

Floats = NDArray[np.float32]


class ModelDamaged(Exception):
    """The model can't be used; the message says why in words for the shop owner."""


@dataclass(frozen=True, slots=True)
class Card:
    """What `card.json` says about the model: its version, the answers it gives, its thresholds."""

    version: str
    moods: tuple[str, ...]
    intents: tuple[str, ...]
    topics: tuple[str, ...]
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one text.

    `moods`: logits of negative, neutral, positive as a shop sees them; `elsewhere`: as labellers
    of reviews and posts would. `intents`, `topics`: logits, in the card's
    order. `starts`, `ends`: each piece's span of the folded text. `words`: how far each piece
    speaks for a happy (> 0) or unhappy (< 0) customer, in logits. `about`: each piece's share
    of each topic's logit, [pieces, topics]. `split`: pieces for one word on average; far above
    1 means that these are no words.
    """

    moods: Floats
    elsewhere: Floats
    intents: Floats
    topics: Floats
    starts: list[int]
    ends: list[int]
    words: Floats
    about: Floats
    split: float

    def mood_about(self, topic: int) -> float:
        """Give the mood −1…1 of the words that speak of the `topic`-th topic."""
        inner = slice(1, -1)
        share = np.exp(self.about[inner, topic] - self.about[inner, topic].max(initial=-np.inf))
        if not share.size:
            return 0.0
        return round(float(np.tanh((share @ self.words[inner]) / share.sum() / _CLEARLY)), 4)

    def deciding(self, side: float, words: str) -> list[tuple[int, int, float]]:
        """Give the spans of `words` that moved the mood most towards `side` (±1): (start, end, weight −1…1).

        Whole words, neighbours joined; at most six, none that moved it far less than the first.
        """
        moved: dict[tuple[int, int], float] = {}
        for start, end, share in zip(self.starts[1:-1], self.ends[1:-1], self.words[1:-1], strict=True):
            moved[start, end] = moved.get((start, end), 0.0) + float(share) * side
        letters = {
            (start, end): much
            for (start, end), much in moved.items()
            if much > 0 and words[start].isalnum() and words[start:end] not in _EMPTY
        }
        most = max(letters.values(), default=0.0)
        chosen = sorted(sorted(letters, key=lambda span: -letters[span])[:_MOST_DECIDING])
        spans: list[tuple[int, int, float]] = []
        for start, end in chosen:
            much = letters[start, end]
            if much < most * _FAR_LESS:
                continue
            weight = round(side * float(np.tanh(much / _CLEARLY)), 4)
            if spans and all(word in _EMPTY for word in words[spans[-1][1] : start].split()):
                spans[-1] = (spans[-1][0], end, side * max(abs(spans[-1][2]), abs(weight)))
            else:
                spans.append((start, end, weight))
        return spans


class Reader:
    """The model, loaded; thread-safe."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load and check the model of `folder`; raises ModelDamaged when it can't be used."""
        described = _described(folder)
        self.card = _card(described)
        weights = _checked(folder / WEIGHTS, described["sha256"])
        words = _checked(folder / WORDS, described["sha256"])
        self._pieces = WordPieces(words.decode("utf-8").splitlines())
        self._session, self._bias = _opened(weights)
        self._parts = _slices(len(self.card.moods), len(self.card.moods), len(self.card.intents), len(self.card.topics))
        tongues = _arrays(folder / TONGUES, described["sha256"])
        sure = float(self.card.settings["language_sure"])
        self.grams = Grams(described["languages"], tongues["weights"], float(tongues["scale"]), sure)
        self.many = _arrays(folder / MANY, described["sha256"]) if MANY in described["sha256"] else None

    def read(self, words: str) -> Reading:
        """Read one folded text (`plain(text).words`)."""
        cut = self._pieces.cut(words, MOST_PIECES)
        ids = np.array([cut.ids], dtype=np.int32)
        shares = self._session.run(None, {"ids": ids})[0][0]
        answers = shares.mean(axis=0) + self._bias
        spans = {(start, end) for start, end in zip(cut.starts, cut.ends, strict=True) if end}
        mood, elsewhere, intents, topics = self._parts
        unhappy, happy = mood.start, mood.stop - 1
        return Reading(
            moods=answers[mood],
            elsewhere=answers[elsewhere],
            intents=answers[intents],
            topics=answers[topics],
            starts=cut.starts,
            ends=cut.ends,
            words=(shares[:, happy] + self._bias[happy]) - (shares[:, unhappy] + self._bias[unhappy]),
            about=shares[:, topics] + self._bias[topics],
            split=(len(cut.ids) - 2) / max(1, len(spans)),
        )


def card_of(folder: Path = FOLDER) -> Card:
    """Read a model's card alone; raises ModelDamaged when it can't be used."""
    return _card(_described(folder))


def _card(described: Mapping[str, Any]) -> Card:
    return Card(
        version=str(described["version"]),
        moods=tuple(described["moods"]),
        intents=tuple(described["intents"]),
        topics=tuple(described["topics"]),
        settings=described["settings"],
    )


def _slices(*widths: int) -> list[slice]:
    """Cut the answers' row: one slice a width, one after the other."""
    ends = list(accumulate(widths))
    return [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]


def _described(folder: Path) -> dict[str, Any]:
    path = folder / CARD
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise ModelDamaged(f"the model's card is missing ({path})") from problem
    except (OSError, ValueError) as problem:
        raise ModelDamaged(f"the model's card can't be read ({path})") from problem
    if not isinstance(described, dict) or described.get("form") != FORM:
        raise ModelDamaged(f"the model's card is of another form than this version reads ({path})")
    return described


def _checked(path: Path, sums: dict[str, str]) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ModelDamaged(f"a file of the model is missing ({path})") from problem
    if hashlib.sha256(content).hexdigest() != sums.get(path.name):
        raise ModelDamaged(f"a file of the model is damaged: its checksum differs from the card's ({path})")
    return content


def _arrays(path: Path, sums: dict[str, str]) -> dict[str, NDArray[Any]]:
    content = _checked(path, sums)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _opened(weights: bytes) -> tuple[Any, Floats]:
    """Open the graph for one thread; the session and the biases of its answers."""
    try:
        import onnxruntime  # noqa: PLC0415 - half a second and 30 MB, only where a model is used
    except ImportError as problem:
        raise ModelDamaged("onnxruntime, which runs the model, can't be loaded on this machine") from problem
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        bias = session.get_modelmeta().custom_metadata_map["bias"]
    except Exception as problem:  # onnxruntime's errors have no common class of their own
        raise ModelDamaged(f"onnxruntime doesn't accept the model: {problem}") from problem
    return session, np.array([float(value) for value in bias.split(",")], dtype=np.float32)
