"""How far a share can be trusted."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927), right also for small n and shares near 0 and 1."""
    if n == 0:
        return 0.0, 1.0
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
