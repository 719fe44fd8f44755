"""Regression at the median for many weightings at once. Pure.

Koenker and Bassett (1978); each fit by iteratively reweighted least squares, as statsmodels'
`QuantReg` does it one at a time. The bootstrap needs hundreds of the same small problem.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDS: Final = 60
_NEAR: Final = 1e-5
"""Residuals are taken as at least this large (log scale: a thousandth of a percent)."""


def fit(design: Floats, outcome: Floats, weights: Floats) -> Floats:
    """Coefficients (b × p) that minimise Σ w |y − Xβ| for each of b rows of `weights` (b × n)."""
    products = np.einsum("ni,nj->nij", design, design).reshape(len(design), -1)
    size = design.shape[1]
    ridge = 1e-9 * np.eye(size)
    leaning = weights
    for _ in range(_ROUNDS):
        normal = (leaning @ products).reshape(-1, size, size)
        scale = np.trace(normal, axis1=1, axis2=2)[:, None, None]
        sides = (leaning * outcome) @ design
        found = np.linalg.solve(normal + ridge * scale, sides[:, :, None])[:, :, 0]
        leaning = weights / np.maximum(np.abs(outcome - found @ design.T), _NEAR)
    return np.asarray(found)
