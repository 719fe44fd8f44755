"""Rates of thin cells, drawn towards what nation, province and season lead to expect. Pure.

λ̂ = (Σy + κm)/(weeks + κ): the posterior mean of a Gamma prior with mean m and weight κ weeks. κ is
found by marginal likelihood over all cells (empirical Bayes; Robbins 1956, Clayton and Kaldor
1987). With a Fano factor φ counts are taken as φ times Poisson variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import gamma as gamma_law

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import LEVELS
from warehouse.series import Standing

METHOD: Final = "gamma-poisson-pooled/1"
KAPPA_BOUNDS: Final = (0.05, 5000.0)
"""Weeks that the expectation may weigh; above, cells do not differ from it visibly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Vacancies of one cell over `weeks`, and the weekly rate `expected` of it."""

    count: int
    weeks: float
    expected: float

    def __post_init__(self) -> None:
        sound = all(isfinite(each) for each in (self.count, self.weeks, self.expected))
        if not (sound and self.count >= 0 and self.weeks > 0 and self.expected >= 0):
            raise ValueError(f"not a cell: {self}")


def expected_rate(national: float, province_share: float, season: float = 1.0) -> float:
    """m: the occupation's national weekly rate × the province's share of it × the season."""
    return national * province_share * season


def weight(cells: Sequence[Cell], *, dispersion: float = 1.0) -> float:
    """κ in weeks, greatest marginal likelihood; the upper bound where cells do not differ.

    Cells that nothing is expected of tell nothing of κ.
    """
    told = [cell for cell in cells if cell.expected > 0]
    if not told:
        return KAPPA_BOUNDS[1]
    count = np.array([cell.count / dispersion for cell in told])
    weeks = np.array([cell.weeks / dispersion for cell in told])
    mean = np.array([cell.expected for cell in told])

    def loss(log_kappa: float) -> float:
        kappa = exp(log_kappa) / dispersion
        shape = kappa * mean
        each = gammaln(count + shape) - gammaln(shape) + shape * log(kappa)
        return float(-(each - (count + shape) * np.log(weeks + kappa)).sum())

    low, high = (log(bound) for bound in KAPPA_BOUNDS)
    grid = np.linspace(low, high, 24)
    best = int(np.argmin([loss(at) for at in grid]))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    found = minimize_scalar(loss, bounds=around, method="bounded")
    return float(exp(found.x))


def pooled_rate(cell: Cell, kappa: float, *, dispersion: float = 1.0) -> Estimated:
    """Vacancies a week of the cell, drawn towards `expected` with the weight of `kappa` weeks."""
    mass, weeks = cell.count + kappa * cell.expected, cell.weeks + kappa
    if mass <= 0:
        return untold(Standing.TOO_FEW, n=cell.count, method=METHOD)
    lower, upper = gamma_law.ppf(LEVELS, mass / dispersion) * dispersion / weeks
    value = mass / weeks
    upper = max(float(upper), value)
    return Estimated(value=value, lower=float(lower), upper=upper, n=cell.count, method=METHOD)
