"""Baselines for indices: a score for each day and direction, told where it crosses a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from benchmarks.index_truth import Alarm, Array

PATIENCE: Final = 42
"""Days within which the same direction again is no new alarm; that of the service's detector."""
_WARM_UP: Final = 28


def _lagged(logs: Array, days: int) -> Array:
    """The change over so many days; what lies before the series is its first value."""
    before = np.concatenate([np.full(min(days, len(logs)), logs[0]), logs])[: len(logs)]
    return np.asarray(logs - before)


def year_on_year(logs: Array) -> Array:
    """Change against a year before, in log per cent, as Thailand's bands have it."""
    return _lagged(logs, 365)


def weekly_growth(logs: Array) -> Array:
    """Shewhart: growth of a week over its standard deviation in the year before."""
    growth = _lagged(logs, 7)
    return np.asarray(growth / _deviation(growth, 365))


def monthly_growth(logs: Array) -> Array:
    """Growth of four weeks, unscaled."""
    return _lagged(logs, 28)


def ewma(logs: Array) -> Array:
    """Exponentially weighted mean of weekly growth over its deviation."""
    growth = weekly_growth(logs)
    mean, told = 0.0, np.empty(len(growth))
    for n, value in enumerate(growth):
        mean += 0.1 * (float(value) - mean)
        told[n] = mean
    return told


def growth_cusum(logs: Array) -> Array:
    """Two-sided CUSUM of standardised weekly growth, never re-based."""
    growth = weekly_growth(logs) / 7.0
    up = down = 0.0
    told = np.empty(len(growth))
    for n, value in enumerate(growth):
        up = max(0.0, 0.98 * up + float(value) - 0.05)
        down = max(0.0, 0.98 * down - float(value) - 0.05)
        told[n] = up if up > down else -down
    return told


def _deviation(values: Array, days: int) -> Array:
    squares = np.cumsum(np.concatenate([[0.02**2 * 30], values**2]))
    n = np.arange(1, len(values) + 1)
    back = np.maximum(n - days, 0)
    count = n - back + np.where(back == 0, 30, 0)
    return np.asarray(np.sqrt((squares[n] - np.where(back > 0, squares[back], 0.0)) / count))


Score = Callable[[Array], Array]
BASELINES: Final[Mapping[str, Score]] = {
    "year-on-year band": year_on_year,
    "Shewhart on weekly growth": weekly_growth,
    "four-week growth": monthly_growth,
    "EWMA of weekly growth": ewma,
    "growth CUSUM": growth_cusum,
}


def alarms_of(first: date, score: Array, threshold: float) -> list[Alarm]:
    """Crossings of the threshold, one per direction and patience."""
    found: list[Alarm] = []
    last = {1: -PATIENCE, -1: -PATIENCE}
    above = np.flatnonzero(np.abs(score) > threshold)
    for n in above[above >= _WARM_UP]:
        day, sign = int(n), 1 if score[n] > 0 else -1
        latest = bool(found) and found[-1][1] == sign
        if not latest or day - last[sign] > PATIENCE:
            found.append((first + timedelta(days=day), sign))
            last[sign] = day
    return found


def calibrate(scores: Sequence[Array], rate_of: Callable[[float], float], wanted: float) -> float:
    """The threshold at which `rate_of` gives at most the wanted rate, nearest from above."""
    pooled = np.abs(np.concatenate([score[_WARM_UP:] for score in scores]))
    pooled = np.quantile(pooled, np.linspace(0.5, 1.0, 512))
    low, high = 0, len(pooled) - 1
    while low < high:
        middle = (low + high) // 2
        if rate_of(float(pooled[middle])) <= wanted:
            high = middle
        else:
            low = middle + 1
    return float(pooled[low])
