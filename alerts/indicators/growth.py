"""Growth of new vacancies: 13 weeks against the same weeks a year before, or expected. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

import numpy as np

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import Interval, count_mean, difference, through
from warehouse.series import Standing

METHOD: Final = "growth-13-weeks/1"
AGAINST_EXPECTED: Final = "growth-13-weeks-expected/1"
WEEKS: Final = 13
YEAR: Final = 52
FEWEST: Final = 5
"""Vacancies of both periods together below which nothing is told."""
_LAGS: Final = 4
_Z95: Final = 1.959964


def inflation(series: Sequence[Sequence[float]], *, weeks: int = WEEKS) -> float:
    """Variance of a sum over `weeks` as a multiple of its mean, pooled over cells' weekly counts.

    The Fano factor of single weeks × (1 + 2 Σ (1 − k/weeks) ρ_k), k up to 4 weeks and below
    `weeks` (weeks further apart are not both in the sum): what carries over from week to week adds
    to the sum's variance. Never below 1. Short series are centred on their own mean, which hides
    some correlation: 1/length is given back.
    """
    squares = means = 0.0
    lagged = [0.0] * _LAGS
    for counts in series:
        values = np.asarray(counts, dtype=float)
        if len(values) <= _LAGS + 1 or not values.sum():
            continue
        off = values - values.mean()
        variance = float(off @ off) / (len(values) - 1)
        squares, means = squares + variance, means + float(values.mean())
        for lag in range(1, _LAGS + 1):
            product = float(off[lag:] @ off[:-lag]) / (len(values) - lag)
            lagged[lag - 1] += product + variance / len(values)
    if not means or not squares:
        return 1.0
    within = range(1, min(_LAGS, weeks - 1) + 1)
    carried = sum((1 - lag / weeks) * lagged[lag - 1] / squares for lag in within)
    return max(squares / means * (1 + 2 * carried), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The pooled weekly rate of the same 13 weeks, where there is no year to compare with."""

    weekly: float
    relative_error: float
    """Standard error of `weekly` over it."""


def growth(
    weekly: Sequence[int], *, inflated: float = 1.0, expected: Expected | None = None
) -> Estimated:
    """ln[(ȳ+½)/(ȳ a year before+½)] of the last 13 of `weekly`, oldest first.

    Args:
        weekly: new vacancies by week, up to and with the last.
        inflated: variance over mean of a 13-week sum (`inflation`).
        expected: what is compared with while `weekly` is shorter than 65 weeks.
    """
    now = sum(weekly[-WEEKS:])
    if len(weekly) >= YEAR + WEEKS:
        before = sum(weekly[-YEAR - WEEKS : -YEAR])
        then, around, method = _log(before), _interval(before, inflated), METHOD
        n = now + before
    elif len(weekly) >= WEEKS and expected is not None:
        then, around = _expectation(expected)
        n, method = now, AGAINST_EXPECTED
    else:
        return untold(Standing.TOO_SHORT, n=now, method=METHOD)
    if n < FEWEST:
        return untold(Standing.TOO_FEW, n=n, method=method)
    lower, upper = difference(_log(now), _interval(now, inflated), then, around)
    return Estimated(value=_log(now) - then, lower=lower, upper=upper, n=n, method=method)


def _log(total: float) -> float:
    return log(total / WEEKS + 0.5)


def _interval(total: int, inflated: float) -> Interval:
    lower, upper = through(_log, count_mean(total, inflated))
    return min(lower, _log(total)), upper


def _expectation(expected: Expected) -> tuple[float, Interval]:
    """The rate's log-normal interval, taken through ln(rate + ½)."""
    if expected.weekly < 0 or expected.relative_error < 0:
        raise ValueError(f"not an expectation: {expected}")
    spread = exp(_Z95 * expected.relative_error)
    ends = (expected.weekly / spread, expected.weekly * spread)
    return log(expected.weekly + 0.5), through(lambda rate: log(rate + 0.5), ends)
