"""Coverage at one fixed truth, summed exactly over what may be seen: counts and shares.

An interval that holds the truth in 95 % on average over truths holds some truths less often:
what may be seen comes in steps. Here the worst of a fine grid of truths is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.stats import binom, nbinom, poisson

from alerts.indicators.spread import count_mean, share

_SHARES: Final = np.linspace(0.02, 0.98, 193)
_AROUND: Final = np.linspace(0.7, 1.4, 141)
"""Means of counts, as multiples of n."""
_FANO: Final = 2.0


def fixed_rows(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Worst and mean coverage by n: shares of n, counts about n, counts of Fano factor 2."""
    rows = []
    for n in sizes:
        rows += [_shares(n), _counts(n, 1.0), _counts(n, _FANO)]
    return rows


def _shares(n: int) -> dict[str, Any]:
    seen = np.arange(n + 1)
    ends = np.array([share(float(k), float(n)) for k in seen])
    held = [float(binom.pmf(seen, n, p)[_holds(ends, p)].sum()) for p in _SHARES]
    return _told("share (Jeffreys)", n, held, _SHARES)


def _counts(n: int, fano: float) -> dict[str, Any]:
    means = n * _AROUND
    seen = np.arange(int(means[-1] + 12 * (fano * means[-1]) ** 0.5) + 10)
    ends = np.array([count_mean(float(k), fano) for k in seen])
    held = [float(_chances(seen, mean, fano)[_holds(ends, mean)].sum()) for mean in means]
    return _told(f"count (Jeffreys), variance {fano:g} × mean", n, held, means)


def _chances(seen: np.ndarray, mean: float, fano: float) -> np.ndarray:
    if fano == 1:
        return np.asarray(poisson.pmf(seen, mean))
    return np.asarray(nbinom.pmf(seen, mean / (fano - 1), 1 / fano))


def _holds(ends: np.ndarray, truth: float) -> np.ndarray:
    return np.asarray((ends[:, 0] <= truth) & (truth <= ends[:, 1]))


def _told(interval: str, n: int, held: list[float], truths: np.ndarray) -> dict[str, Any]:
    worst = int(np.argmin(held))
    return {
        "interval": interval,
        "n": n,
        "worst": round(held[worst], 4),
        "at": round(float(truths[worst]), 3),
        "mean": round(float(np.mean(held)), 4),
    }
