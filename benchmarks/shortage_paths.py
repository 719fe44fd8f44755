"""Labour markets whose scarcity moves from week to week: what is measured now, and what comes.

New vacancies of a cell follow a level that wanders and falls back, with a season and now and then
a step; people are counted four times a year and wander in between; time advertised, re-posts and
pay keep part of their distance from the middle. How fast all this moves differs between markets
and is not told to the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, pi, sin, sqrt
from typing import Final

import numpy as np

from alerts.indicators.estimate import Estimated
from alerts.indicators.growth import WEEKS, YEAR, growth, inflation
from alerts.indicators.shortage import Component
from alerts.indicators.tightness import Side, Supply, tightness
from benchmarks.coverage_worlds import bunched

Rng = np.random.Generator
SIZES: Final = {"sparse": (0.5, 1.5), "medium": (1.5, 8.0), "dense": (8.0, 40.0)}
"""Vacancies a week."""
PAST: Final = 117
AHEAD: Final = 12
_ALL: Final = PAST + AHEAD
_Z95: Final = 1.959964
_SLOW: Final = {Component.DURATION: (0.3, 0.8, 20.0), Component.REPOSTS: (0.5, 2.2, 20.0),
                Component.WAGES: (0.08, 0.5, 3.0)}  # fmt: skip
"""Spread of the truth, error of one unit, units for each vacancy a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Cells by number, seen at the end of week `PAST`."""

    measured: dict[Component, dict[int, Estimated]]
    truth: dict[Component, np.ndarray]
    """By cell and week: now (0) to 12 weeks ahead."""
    weekly: np.ndarray
    """New vacancies by cell and past week."""
    age_days: float
    drift: float
    """Of ln supply in a year, as the register's own history tells it."""
    density: tuple[str, ...]


def moving(rng: Rng, cells: int) -> Moving:
    """So many cells, a third of each density."""
    names = [list(SIZES)[i % len(SIZES)] for i in range(cells)]
    ends = [SIZES[name] for name in names]
    base = np.array([rng.uniform(log(low), log(high)) for low, high in ends])
    level = base[:, None] + _levels(rng, cells)
    drift = rng.uniform(0.08, 0.45)
    people = _people(rng, base, cells, drift)
    tight = _relative(level) - _relative(people)
    age = int(rng.integers(2, 20))
    weekly = np.array([[int(bunched(rng, exp(r), 1)[0]) for r in row[:PAST]] for row in level])
    truth = {Component.TIGHTNESS: tight[:, PAST - 1 :], Component.GROWTH: _grown(level)}
    kept = rng.uniform(0.5, 0.95)
    scarce = (tight[:, PAST - 1] - tight[:, PAST - 1].mean()) / tight[:, PAST - 1].std()
    for name, (spread, _, _) in _SLOW.items():
        truth[name] = _slow(rng, scarce, spread, kept)
    measured = {
        Component.TIGHTNESS: _tightness(rng, weekly, people[:, PAST - 1 - age]),
        Component.GROWTH: _growth(weekly),
        **{name: _noisy(rng, base, truth[name][:, 0], name) for name in _SLOW},
    }
    return Moving(
        measured=measured, truth=truth, weekly=weekly, age_days=7.0 * age,
        drift=drift * exp(rng.normal(0.0, 0.2)), density=tuple(names),
    )  # fmt: skip


def _levels(rng: Rng, cells: int) -> np.ndarray:
    """Logarithms about each cell's own mean: wandering, season, a step in a quarter of cells."""
    kept = exp(-1.0 / rng.uniform(20.0, 80.0))
    spread, season = rng.uniform(0.2, 0.5), rng.uniform(0.0, 0.3)
    found = np.zeros((cells, _ALL))
    state = spread * rng.standard_normal(cells)
    phase, common = rng.uniform(0, 2 * pi, cells), 0.0
    steps = np.where(rng.random(cells) < 0.25, rng.normal(0.0, 0.6, cells), 0.0)
    when = rng.integers(PAST - 40, _ALL, cells)
    for week in range(_ALL):
        state = kept * state + spread * sqrt(1 - kept**2) * rng.standard_normal(cells)
        common += 0.01 * rng.standard_normal()
        yearly = season * np.array([sin(2 * pi * week / YEAR + one) for one in phase])
        found[:, week] = state + common + yearly + np.where(week >= when, steps, 0.0)
    return found


def _people(rng: Rng, base: np.ndarray, cells: int, drift: float) -> np.ndarray:
    """Logarithms by cell and week: some ten people for each vacancy of a month, wandering."""
    walks = np.cumsum(drift / sqrt(52.0) * rng.standard_normal((cells, _ALL)), axis=1)
    apart = 0.5 * rng.standard_normal((cells, 1))
    return base[:, None] + log(40.0) + apart + walks - walks[:, PAST - 1 : PAST]


def _relative(logs: np.ndarray) -> np.ndarray:
    return np.asarray(logs - np.log(np.exp(logs).sum(axis=0)))


def _grown(level: np.ndarray) -> np.ndarray:
    """13 weeks against those a year before, now and in each week ahead."""
    rates = np.exp(level)
    ends = range(PAST, _ALL + 1)
    now = np.array([rates[:, end - WEEKS : end].mean(axis=1) for end in ends])
    then = np.array([rates[:, end - YEAR - WEEKS : end - YEAR].mean(axis=1) for end in ends])
    return np.asarray((np.log(now) - np.log(then)).T)


def _slow(rng: Rng, scarce: np.ndarray, spread: float, kept: float) -> np.ndarray:
    weekly, shared = kept ** (1.0 / AHEAD), sqrt(0.5)
    state = shared * scarce + sqrt(1 - shared**2) * rng.standard_normal(len(scarce))
    found = [state]
    for _ in range(AHEAD):
        state = weekly * state + sqrt(1 - weekly**2) * rng.standard_normal(len(scarce))
        found.append(state)
    return spread * np.array(found).T


def _tightness(rng: Rng, weekly: np.ndarray, people: np.ndarray) -> dict[int, Estimated]:
    """The stock is what stands of the last five weeks; people as counted some weeks ago."""
    stock = rng.binomial(weekly[:, -5:].sum(axis=1), 0.8)
    counted = np.maximum(np.rint(np.exp(people)), 1.0)
    whole = Side(open_now=int(stock.sum()), supply=Supply(people=float(counted.sum())))
    found = {
        i: tightness(Side(open_now=int(n), supply=Supply(people=float(u))), whole, dispersion=2.3)
        for i, (n, u) in enumerate(zip(stock, counted, strict=True))
    }
    return {i: each for i, each in found.items() if each.value is not None}


def _growth(weekly: np.ndarray) -> dict[int, Estimated]:
    held = weekly[:, -YEAR - WEEKS :]
    inflated = inflation(held.tolist())
    found = {i: growth(row.tolist(), inflated=inflated) for i, row in enumerate(held)}
    return {i: each for i, each in found.items() if each.value is not None}


def _noisy(rng: Rng, base: np.ndarray, truth: np.ndarray, name: Component) -> dict[int, Estimated]:
    _, one, units = _SLOW[name]
    found = {}
    for i, (rate, value) in enumerate(zip(np.exp(base), truth, strict=True)):
        n = int(rng.poisson(rate * units))
        if n >= 20:
            error = one / sqrt(n)
            seen = float(value + error * rng.standard_normal())
            found[i] = Estimated(
                value=seen, lower=seen - _Z95 * error, upper=seen + _Z95 * error, n=n,
                method="drawn",
            )  # fmt: skip
    return found
