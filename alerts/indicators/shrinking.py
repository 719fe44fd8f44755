"""Estimates of many cells drawn towards their middle, as far as chance explains their spread. Pure.

With values y of cells and standard errors s, the true values are taken as normal around μ with
variance τ² (DerSimonian and Laird 1986); the posterior is μ + B(y − μ) with variance B s²,
B = τ²/(τ² + s²). Taken as they are, the highest of many noisy values are too high: a probability
of a shortage read off them would be too sure. Percentiles need the spread of the truth, which
posterior means lack: they are of μ + √B (y − μ) (Louis 1984).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final, TypeVar

import numpy as np

from alerts.indicators.estimate import Estimated

FEWEST: Final = 10
"""Cells below which the spread of the truth is not estimated and nothing is drawn anywhere."""
_Z95: Final = 1.959964
_LEAST_ERROR: Final = 1e-9
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Middle and variance of the true values."""

    middle: float
    variance: float

    def weight(self, error: float) -> float:
        """B: how much of a value with that standard error is believed; 1 where it has none."""
        if error <= _LEAST_ERROR:
            return 1.0
        return self.variance / (self.variance + error**2)


def spread_of(values: Mapping[Key, Estimated]) -> Spread | None:
    """Moments over the cells that are told; `None` with fewer than ten."""
    told = [(each.value, _error(each)) for each in values.values() if each.value is not None]
    if len(told) < FEWEST:
        return None
    y = np.array([value for value, _ in told])
    s2 = np.array([max(error, _LEAST_ERROR) ** 2 for _, error in told])
    typical = float(np.median(s2))
    weights = 1.0 / (s2 + typical)  # a cell without error must not be the whole middle
    middle = float(weights @ y / weights.sum())
    q = float(weights @ (y - middle) ** 2)
    mean_of_chance = float(weights @ s2 - (weights**2 @ s2) / weights.sum())
    scale = float(weights.sum() - (weights @ weights) / weights.sum())
    variance = max((q - mean_of_chance) / scale, 0.0)
    again = 1.0 / (s2 + variance + _LEAST_ERROR)
    return Spread(middle=float(again @ y / again.sum()), variance=variance)


def shrunk(values: Mapping[Key, Estimated]) -> dict[Key, Estimated]:
    """Posterior mean and 95 % interval of every cell; as they were with fewer than ten cells."""
    spread = spread_of(values)
    if spread is None:
        return dict(values)
    return {key: _drawn(each, spread) for key, each in values.items()}


def dispersed(values: Mapping[Key, Estimated]) -> dict[Key, float]:
    """Values whose spread is that of the truth, for percentiles; those not told are left out."""
    told = {key: each for key, each in values.items() if each.value is not None}
    spread = spread_of(told)
    found: dict[Key, float] = {}
    for key, each in told.items():
        value = each.value or 0.0
        if spread is not None:
            root = sqrt(spread.weight(_error(each)))
            value = spread.middle + root * (value - spread.middle)
        found[key] = value
    return found


def _drawn(each: Estimated, spread: Spread) -> Estimated:
    if each.value is None:
        return each
    error = _error(each)
    if not error:
        return each
    weight = spread.weight(error)
    value = spread.middle + weight * (each.value - spread.middle)
    reach = _Z95 * sqrt(weight) * error
    return replace(each, value=value, lower=value - reach, upper=value + reach)


def _error(each: Estimated) -> float:
    """Standard error read off the interval; 0 where it has none."""
    if each.lower is None or each.upper is None:
        return 0.0
    return max(each.upper - each.lower, 0.0) / (2 * _Z95)
