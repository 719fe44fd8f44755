"""Rates of thin cells, drawn towards what nation, province and season lead to expect. Pure.

λ̂ = (Σy + κm)/(weeks + κ): the posterior mean of a Gamma prior with mean m and weight κ weeks. κ is
found by marginal likelihood over all cells (empirical Bayes; Robbins 1956, Clayton and Kaldor
1987). With a Fano factor φ counts are taken as φ times Poisson variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv, gammaln

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import mixed
from warehouse.series import Standing

METHOD: Final = "gamma-poisson-pooled/2"
_LOG_WEEKS: Final = (-3.0, 6.5, 47)
"""κ on the log scale: first, last, how many."""
Floats = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """κ in weeks that the expectation may weigh, and the chance of each."""

    weeks: Floats
    chances: Floats

    @property
    def usual(self) -> float:
        """Geometric mean of κ."""
        return float(np.exp(self.chances @ np.log(self.weeks)))


def weights(cells: Sequence[Cell], *, dispersion: float = 1.0) -> Weights:
    """Marginal likelihood of κ over the cells, under a uniform prior on the variance of rates, 1/κ.

    The likeliest κ alone would be unduly sure of the expectation where cells are small; of priors
    this one keeps intervals wide enough (Morris and Tang 2011). Cells that nothing is expected of
    tell nothing of κ.
    """
    kappa = np.exp(np.linspace(*_LOG_WEEKS))
    told = [cell for cell in cells if cell.expected > 0]
    log_chance = -np.log(kappa)
    if told:
        log_chance = log_chance + _log_likelihood(told, kappa, dispersion)
    chances = np.exp(log_chance - log_chance.max())
    return Weights(weeks=kappa, chances=chances / chances.sum())


def _log_likelihood(cells: Sequence[Cell], kappa: Floats, dispersion: float) -> Floats:
    """Of each κ: Gamma–Poisson, counts and weeks divided by the dispersion."""
    count = np.array([cell.count for cell in cells]) / dispersion
    weeks = np.array([cell.weeks for cell in cells]) / dispersion
    held = kappa[:, None] / dispersion
    shape = held * np.array([cell.expected for cell in cells])
    each = gammaln(count + shape) - gammaln(shape) + shape * np.log(held)
    return np.asarray((each - (count + shape) * np.log(weeks + held)).sum(axis=1))


def pooled_rate(cell: Cell, held: Weights, *, dispersion: float = 1.0) -> Estimated:
    """Vacancies a week of the cell, drawn towards `expected`: λ̂ averaged over the likely κ."""
    mass, weeks = cell.count + held.weeks * cell.expected, cell.weeks + held.weeks
    if mass[0] <= 0:
        return untold(Standing.TOO_FEW, n=cell.count, method=METHOD)
    value = float(held.chances @ (mass / weeks))
    shape, scale = mass / dispersion, dispersion / weeks
    highest = float((gammaincinv(shape, 0.999) * scale).max())
    lower, upper = mixed(
        lambda at: np.asarray(gammainc(shape, at / scale)), held.chances, (0.0, highest)
    )
    return Estimated(
        value=value, lower=min(lower, value), upper=max(upper, value), n=cell.count, method=METHOD
    )
