"""The weights' 8 bits: near what was trained, and the same sums on every processor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sentiment.reader import FOLDER, WEIGHTS
from sentiment.train.rounding import MOST, ROOM, rounded

LARGEST = np.iinfo(np.int16).max


def cut_off(activations: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int64]:
    """Multiply as a processor without 8-bit dot products does: neighbours are added in 16 bits."""
    products = activations.astype(np.int64)[:, :, None] * weights.astype(np.int64)
    pairs = products[:, 0::2] + products[:, 1::2]
    sums: NDArray[np.int64] = np.clip(pairs, -LARGEST - 1, LARGEST).sum(axis=1)
    return sums


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 40))
def test_nothing_is_cut_off_and_little_is_lost(seed: int, outputs: int, inputs: int) -> None:
    chance = np.random.default_rng(seed)
    weight = chance.standard_t(4, (outputs, 2 * inputs)).astype(np.float32)
    whole, scales = rounded(weight)
    activations = np.vstack([np.full((1, 2 * inputs), 255), chance.integers(0, 256, (3, 2 * inputs))]).astype(np.uint8)
    assert (cut_off(activations, whole) == activations.astype(np.int64) @ whole.astype(np.int64)).all()
    plainly = np.abs(weight).max(axis=1, keepdims=True) / (MOST / 2)  # 7 bits: the simple way to the same
    lost = np.square(weight - whole.T * scales[:, None]).sum()
    assert lost <= np.square(weight - np.rint(weight / plainly) * plainly).sum() * 1.5 + 1e-9


def test_weights_that_fit_as_they_are_keep_their_finest_scale() -> None:
    weight = np.array([[1.0, -1.0, 0.5, 0.25], [0.0, 0.0, 0.0, 0.0]], dtype=np.float32)
    whole, scales = rounded(weight)
    assert whole[:, 0].tolist() == [127, -127, 64, 32]
    assert scales[0] == pytest.approx(1 / 127)
    assert not whole[:, 1].any()


def test_a_last_weight_without_a_neighbour_is_kept() -> None:
    whole, _ = rounded(np.array([[0.1, 0.1, 1.0]], dtype=np.float32))
    assert whole[2, 0] == MOST


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a Protocol Buffers message: (number, value)."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        field, form = divmod(number(), 8)
        if form == 0:
            yield field, number()
            continue
        size = {1: 8, 5: 4}.get(form) or number()
        at += size
        yield field, message[at - size : at]


def tensors() -> Iterator[tuple[str, NDArray[np.int8]]]:
    """The shipped model's matrices of 8-bit weights, [in, out] each."""
    model = memoryview((FOLDER / WEIGHTS).read_bytes())
    [graph] = [part for field, part in fields(model) if field == 7 and isinstance(part, memoryview)]
    for field, part in fields(graph):
        if field == 5 and isinstance(part, memoryview):
            told = list(fields(part))
            known = dict(told)
            name, kind, content = known.get(8), known.get(2), known.get(9)
            if isinstance(name, memoryview) and isinstance(content, memoryview) and kind == 3:
                shape = [value for each, value in told if each == 1 and isinstance(value, int)]
                yield bytes(name).decode(), np.frombuffer(content, dtype=np.int8).reshape(shape)


def test_the_shipped_weights_fit_into_16_bits_on_every_processor() -> None:
    matrices = {name: weight.astype(np.int16) for name, weight in tensors() if name.endswith(".weight")}
    assert len(matrices) == 36
    for name, weight in matrices.items():
        first, second = weight[0::2], weight[1::2]
        together = np.where(first * second > 0, np.abs(first + second), 0)
        assert together.max() <= ROOM, name
