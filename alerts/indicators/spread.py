"""Intervals that several indicators share: of a count's mean, and of sums and differences. Pure.

An interval here is a pair (lower, upper) at 95 %. A count of mean μ has variance φμ, φ its Fano
factor (1: Poisson); vacancies come in bunches, so φ is above 1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv

Interval = tuple[float, float]
LEVELS: Final = (0.025, 0.975)


def count_mean(count: float, dispersion: float = 1.0) -> Interval:
    """Interval of the mean behind a count: the Gamma posterior of Jeffreys' prior.

    The count is taken as φ times a Poisson variable: μ/φ ~ Gamma(count/φ + ½).
    """
    _hold(count >= 0 and dispersion > 0, f"count {count}, dispersion {dispersion}")
    lower, upper = gammaincinv(count / dispersion + 0.5, LEVELS)
    return float(lower * dispersion), float(upper * dispersion)


def share(hits: float, of: float, prior: Interval = (0.5, 0.5)) -> Interval:
    """Interval of a share: the Beta posterior of `prior` (Jeffreys' if none is given)."""
    _hold(0 <= hits <= of and min(prior) > 0, f"{hits} of {of}, prior {prior}")
    lower, upper = betaincinv(prior[0] + hits, prior[1] + of - hits, LEVELS)
    return float(lower), float(upper)


def through(function: Callable[[float], float], interval: Interval) -> Interval:
    """The interval of a rising function of what has `interval`."""
    return function(interval[0]), function(interval[1])


def difference(first: float, around: Interval, second: float, other: Interval) -> Interval:
    """Interval of `first` − `second`, each with its own, by variance recovery.

    Zou and Donner (2008), MOVER: it keeps the skewness of both intervals, and needs the two
    estimates to be independent.
    """
    value = first - second
    below = hypot(first - around[0], other[1] - second)
    above = hypot(around[1] - first, second - other[0])
    return value - below, value + above


def mixed(
    under: Callable[[float], NDArray[np.float64]], chances: NDArray[np.float64], bracket: Interval
) -> Interval:
    """Ends of the interval of a mixture.

    Args:
        under: probability of lying under a value, by component.
        chances: of the components; they sum to 1.
        bracket: holds both ends.
    """
    from scipy.optimize import brentq  # slow

    def end(level: float) -> float:
        return float(brentq(lambda at: float(chances @ under(at)) - level, *bracket, xtol=1e-10))

    return end(LEVELS[0]), end(LEVELS[1])


def _hold(met: bool, told: str) -> None:
    if not met:
        raise ValueError(f"no interval of {told}")
