"""Labour markets of known scarcity: what is measured of them, and whether they are short in truth.

Tightness, time advertised, re-posts, growth and pay of a cell share one latent scarcity. Stock is
part of the flow that growth is computed of, so that their errors are not independent. Vacancies
come in bunches. Time advertised and pay are drawn as their estimators' errors, whose intervals
`benchmarks/warehouse_coverage.py` holds to simulated spells and pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np

from alerts.indicators.estimate import Estimated
from alerts.indicators.growth import WEEKS, YEAR, growth, inflation
from alerts.indicators.reposts import Closed, prior_of, repost_rate
from alerts.indicators.shortage import Component
from alerts.indicators.tightness import Side, Supply, tightness
from benchmarks.coverage_worlds import bunched

Rng = np.random.Generator
SIZES: Final = {"sparse": (0.3, 1.5), "medium": (1.5, 8.0), "dense": (8.0, 40.0)}
"""Vacancies a week."""
_SHARED: Final = 0.6
"""Correlation of each component's truth with scarcity, squared."""
_SPREADS: Final = {
    Component.TIGHTNESS: 0.7, Component.DURATION: 0.3, Component.REPOSTS: 0.6,
    Component.GROWTH: 0.4, Component.WAGES: 0.08,
}  # fmt: skip
_Z95: Final = 1.959964
Measured = dict[Component, dict[int, Estimated]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Cells by number."""

    measured: Measured
    truth: dict[Component, np.ndarray]
    density: tuple[str, ...]


def market(rng: Rng, cells: int) -> Market:
    """So many cells, a third of each density."""
    names = [list(SIZES)[i % len(SIZES)] for i in range(cells)]
    ends = [SIZES[name] for name in names]
    rates = np.array([exp(rng.uniform(log(low), log(high))) for low, high in ends])
    scarce = rng.standard_normal(cells)
    truth = {
        name: spread * (sqrt(_SHARED) * scarce + sqrt(1 - _SHARED) * rng.standard_normal(cells))
        for name, spread in _SPREADS.items()
    }
    truth[Component.REPOSTS] = 1 / (1 + np.exp(-(truth[Component.REPOSTS] - 1.5)))
    weekly = _weekly(rng, rates, truth[Component.GROWTH])
    measured: Measured = {
        Component.GROWTH: _growth(weekly),
        Component.TIGHTNESS: _tightness(
            rng, weekly, rates, truth[Component.GROWTH], truth[Component.TIGHTNESS]
        ),
        Component.DURATION: _normal(rng, rates * 20, truth[Component.DURATION], 0.8, 20),
        Component.REPOSTS: _reposts(rng, rates * 20, truth[Component.REPOSTS]),
        Component.WAGES: _normal(rng, rates * 3, truth[Component.WAGES], 0.5, 30),
    }
    return Market(measured=measured, truth=truth, density=tuple(names))


def _weekly(rng: Rng, rates: np.ndarray, grown: np.ndarray) -> np.ndarray:
    before = [bunched(rng, rate, YEAR) for rate in rates]
    now = [bunched(rng, rate * exp(g), WEEKS) for rate, g in zip(rates, grown, strict=True)]
    return np.hstack([np.array(before), np.array(now)])


def _growth(weekly: np.ndarray) -> dict[int, Estimated]:
    inflated = inflation(weekly[:, :YEAR].tolist())
    return _told({i: growth(row.tolist(), inflated=inflated) for i, row in enumerate(weekly)})


def _tightness(
    rng: Rng, weekly: np.ndarray, rates: np.ndarray, grown: np.ndarray, truth: np.ndarray
) -> dict[int, Estimated]:
    """The stock is what stands of the last five weeks; people are as many as make the truth."""
    stock = rng.binomial(weekly[:, -5:].sum(axis=1), 0.8)
    people = np.maximum(np.exp(grown) * rates * 4 / np.exp(truth) * 10, 1.0)
    whole = Side(open_now=int(stock.sum()), supply=Supply(people=float(people.sum())))
    found = {
        i: tightness(Side(open_now=int(n), supply=Supply(people=float(u))), whole, dispersion=2.3)
        for i, (n, u) in enumerate(zip(stock, people, strict=True))
    }
    return _told(found)


def _reposts(rng: Rng, closed: np.ndarray, truth: np.ndarray) -> dict[int, Estimated]:
    counts = [
        Closed(closed=int(n), reposted=int(rng.binomial(int(n), p)))
        for n, p in zip(rng.poisson(closed), truth, strict=True)
    ]
    prior = prior_of(counts)
    return _told({i: repost_rate(count, prior) for i, count in enumerate(counts)})


def _normal(
    rng: Rng, n: np.ndarray, truth: np.ndarray, spread: float, fewest: int
) -> dict[int, Estimated]:
    found = {}
    for i, (mean, value) in enumerate(zip(n, truth, strict=True)):
        count = int(rng.poisson(mean))
        if count >= fewest:
            error = spread / sqrt(count)
            y = float(value + error * rng.standard_normal())
            found[i] = Estimated(
                value=y, lower=y - _Z95 * error, upper=y + _Z95 * error, n=count, method="drawn"
            )
    return found


def _told(found: dict[int, Estimated]) -> dict[int, Estimated]:
    return {i: each for i, each in found.items() if each.value is not None}
