"""Weights in 8 bits, so that every processor computes the same with them.

Where a processor has no 8-bit dot products (x86-64 with AVX2 or plain AVX-512 alone), two neighbouring products of
an activation (0…255) and a weight (−127…127) are added in 16 bits, and what doesn't fit is cut off. So no two
neighbours of one sign may weigh more than `ROOM` together: 255 × 128 fits, and nothing is ever cut off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 127
ROOM = 128
"""The most that two neighbours of one sign may weigh together."""
_STEPS = 25  # scales tried between "cut the heavy pairs" and "make all coarser"

Floats = NDArray[np.float32]
_Wide = NDArray[np.float64]


def rounded(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Round a matrix [out, in] to 8 bits, a scale for each output: (as [in, out], scales).

    Each output gets the scale with the least squared error, of those between the finest, at which its heaviest
    pairs are made lighter, and the one at which every pair fits as it is.
    """
    finest = np.maximum(np.abs(weight).max(axis=1), 1e-8).astype(np.float64) / MOST
    exact = weight.astype(np.float64) / finest[:, None]
    coarsest = np.maximum(1.0, np.rint(_together(exact)).max(axis=1, initial=0.0) / ROOM)
    best, least = np.ones(len(weight)), np.full(len(weight), np.inf)
    whole = np.zeros_like(exact)
    for share in np.linspace(0.0, 1.0, _STEPS):
        factor = 1.0 + (coarsest - 1.0) * share
        tried = _fitting(np.rint(exact / factor[:, None]))
        wrong = np.square(exact - tried * factor[:, None]).sum(axis=1)
        better = wrong < least
        best[better], least[better], whole[better] = factor[better], wrong[better], tried[better]
    return np.ascontiguousarray(whole.T.astype(np.int8)), (finest * best).astype(np.float32)


def _pairs(weight: _Wide) -> tuple[_Wide, _Wide]:
    """Give the first and the second of each two neighbours; the last one of an odd number has none."""
    even = weight.shape[1] // 2 * 2
    return weight[:, 0:even:2], weight[:, 1:even:2]


def _together(weight: _Wide) -> _Wide:
    """Give what each two neighbours of one sign weigh together; 0 where their signs differ."""
    first, second = _pairs(weight)
    return np.where(first * second > 0, np.abs(first + second), 0.0)


def _fitting(whole: _Wide) -> _Wide:
    """Make pairs that are too heavy lighter, both of them by half of what is too much."""
    over = np.maximum(_together(whole) - ROOM, 0.0) * np.sign(_pairs(whole)[0])
    half = np.trunc(over / 2)
    fitting = whole.copy()
    even = whole.shape[1] // 2 * 2
    fitting[:, 0:even:2] -= half
    fitting[:, 1:even:2] -= over - half
    return np.clip(fitting, -MOST, MOST)
