"""Share of closed vacancies that are advertised again within 90 days, beta-binomial. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import Interval, share
from warehouse.series import Standing

METHOD: Final = "beta-binomial/1"
FEWEST: Final = 5
"""Closed vacancies below which the answer would be the prior's."""
_JEFFREYS: Final = (0.5, 0.5)
_BOUNDS: Final = ((-5.0, 5.0), (-1.0, 7.0))
"""Of the prior mean's logit, and of the log of its weight in vacancies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Vacancies closed at least 90 days ago, and those of them advertised again by day 90."""

    reposted: int
    closed: int

    def __post_init__(self) -> None:
        if not 0 <= self.reposted <= self.closed:
            raise ValueError(f"{self.reposted} re-posted of {self.closed} closed")


def prior_of(cells: Sequence[Closed]) -> Interval:
    """(a, b) of greatest marginal likelihood over the cells; Jeffreys' where fewer than 3 tell.

    The weight a + b is held between e⁻¹ and e⁷ vacancies.
    """
    told = [cell for cell in cells if cell.closed]
    if len(told) < 3:
        return _JEFFREYS
    hits = np.array([cell.reposted for cell in told], dtype=float)
    misses = np.array([cell.closed for cell in told]) - hits

    def loss(at: np.ndarray) -> float:
        a, b = _prior(at)
        return float(-(betaln(hits + a, misses + b) - betaln(a, b)).sum())

    found = minimize(loss, np.array([-1.0, 2.0]), method="L-BFGS-B", bounds=_BOUNDS)
    return _prior(found.x)


def _prior(at: np.ndarray) -> Interval:
    mean, size = 1 / (1 + exp(-float(at[0]))), exp(float(at[1]))
    return mean * size, (1 - mean) * size


def repost_rate(cell: Closed, prior: Interval = _JEFFREYS, *, dispersion: float = 1.0) -> Estimated:
    """(re-posted + a)/(closed + a + b), its interval the posterior's.

    Args:
        dispersion: design effect of employers that post in bunches; the closed count as so many
            times fewer.
    """
    if cell.closed < FEWEST:
        return untold(Standing.TOO_FEW, n=cell.closed, method=METHOD)
    hits, of = cell.reposted / dispersion, cell.closed / dispersion
    lower, upper = share(hits, of, prior)
    return Estimated(
        value=(hits + prior[0]) / (of + sum(prior)),
        lower=lower, upper=upper, n=cell.closed, method=METHOD,
    )  # fmt: skip
