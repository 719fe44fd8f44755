"""What others would use on the same counts: baselines as paths of two scores, rise and fall. Pure.

Every baseline gets the counts as the detector is given them at best: Lao holidays and runs of
zeros that cannot be demand are replaced by the same weekday of the week before. An excess of the
score over a threshold is one alarm until it stayed below for two weeks. Only the threshold is
free; it is calibrated to the detector's own rate of false alarms (`calibrate`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

import numpy as np

from alerts.calendar import holiday
from alerts.evaluation.scoring import Alarm, judge, summarise
from alerts.evaluation.simulator import Array, Simulated, days_of

HOLD_DAYS: Final = 14
_GUARD: Final = 14
_BASE_WEEKS: Final = 8
_YEAR: Final = 364
_RATIO: Final = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Scores of a series by day; NaN where a method cannot speak yet."""

    up: Array
    down: Array


Baseline = Callable[[Array], Path]


def cleaned(series: Simulated) -> Array:
    """Counts without holidays, days not observed and impossible silence."""
    y = np.array(series.counts, dtype=float)
    days = days_of(y.size, series.first)
    closed = np.array([holiday(day) is not None for day in days])
    closed[[*series.hidden]] = True
    run = 0
    for t in range(y.size):
        run = run + 1 if y[t] == 0.0 else 0
        usual = y[max(0, t - 63) : max(1, t - 7)].mean()
        if run >= 2 and run * usual > 20.0:
            closed[t - run + 1 : t + 1] = True
        for s in range(t - run + 1 if run else t, t + 1):
            if closed[s] and s >= 7:
                y[s] = y[s - 7]
    return y


def _lagged(values: Array, days: int) -> Array:
    shifted = np.full(values.size, np.nan)
    shifted[days:] = values[: max(values.size - days, 0)]
    return shifted


def _summed(values: Array, days: int) -> Array:
    total = np.full(values.size, np.nan)
    total[days - 1 :] = np.convolve(values, np.ones(days), "valid")
    return total


def _same_weekdays(values: Array) -> Array:
    """Values of the same weekday in eight weeks that ended two weeks ago, one row a week."""
    lags = range(_GUARD + 7, _GUARD + 7 * (_BASE_WEEKS + 1), 7)
    return np.array([_lagged(values, lag) for lag in lags])


def _both(score: Array) -> Path:
    return Path(score, -score)


def seasonal_naive(y: Array) -> Path:
    """The same weekday of last week, on the Anscombe scale."""
    root = 2.0 * np.sqrt(y + 0.375)
    return _both(root - _lagged(root, 7))


def _residual(y: Array) -> Array:
    root = 2.0 * np.sqrt(y + 0.375)
    base = _same_weekdays(root)
    spread = np.sqrt(base.var(axis=0) + 0.25)
    residual: Array = (root - base.mean(axis=0)) / spread
    return residual


def shewhart(y: Array) -> Path:
    """A day against the mean and spread of its weekday."""
    return _both(_residual(y))


def ewma(y: Array) -> Path:
    """Exponentially weighted residuals, weight 0.1."""
    smooth, path = 0.0, np.full(y.size, np.nan)
    for t, z in enumerate(_residual(y)):
        if np.isfinite(z):
            smooth += 0.1 * (float(np.clip(z, -4, 4)) - smooth)
            path[t] = smooth
    return _both(path)


def _ears(y: Array, lag: int) -> Array:
    base = np.array([_lagged(y, lag + k) for k in range(1, 8)])
    score: Array = (y - base.mean(axis=0)) / np.maximum(base.std(axis=0, ddof=1), 0.5)
    return score


def ears_c1(y: Array) -> Path:
    """EARS C1: the last seven days."""
    return _both(_ears(y, 0))


def ears_c2(y: Array) -> Path:
    """EARS C2: seven days, two days before."""
    return _both(_ears(y, 2))


def ears_c3(y: Array) -> Path:
    """EARS C3: what three days' C2 exceed 1 by, together."""
    score = _ears(y, 2)

    def three(side: Array) -> Array:
        over = np.maximum(side - 1.0, 0.0)
        total: Array = over + _lagged(over, 1) + _lagged(over, 2)
        return total

    return Path(three(score), three(-score))


def negative_binomial_cusum(y: Array) -> Path:
    """Likelihood-ratio CUSUM for twice and half the mean of eight weeks, two weeks back."""
    base = _same_weekdays(y)
    week = np.array([_lagged(y, _GUARD + k) for k in range(7 * _BASE_WEEKS)])
    mean = np.maximum(0.3 * base.mean(axis=0) + 0.7 * week.mean(axis=0), 0.02)
    fano = np.clip(base.var(axis=0, ddof=1) / mean, 1.1, 5.0)
    fano = np.where(np.isfinite(fano), 0.3 * fano + 0.7 * np.nanmean(np.clip(fano, 1.1, 3)), 1.5)
    size = mean / (fano - 1.0)
    return Path(_cusum(y, mean, size, _RATIO), _cusum(y, mean, size, 1.0 / _RATIO))


def _cusum(y: Array, mean: Array, size: Array, ratio: float) -> Array:
    gain = y * log(ratio) - (y + size) * np.log((size + ratio * mean) / (size + mean))
    total, path = 0.0, np.full(y.size, np.nan)
    for t, g in enumerate(gain):
        if np.isfinite(g):
            total = max(0.0, total + min(float(g), 4.0))
            path[t] = total
    return path


def farrington(y: Array) -> Path:
    """Farrington Flexible in a lighter form: no trend term, no re-weighting of past outbreaks.

    Seven-day counts against the same season of past years (three weeks each side) and, for want
    of years, the half year that ended four weeks ago; quasi-Poisson, on the 2/3-power scale.
    """
    week = _summed(y, 7)
    near = [_lagged(week, 28 + 7 * k) for k in range(26)]
    past = [_lagged(week, year + 7 * k) for year in (_YEAR, 2 * _YEAR) for k in range(-3, 4)]
    base = np.array(near + past)
    known: np.ndarray[Any, np.dtype[np.bool_]] = np.isfinite(base)
    n = known.sum(axis=0)
    mean = np.where(known, base, 0.0).sum(axis=0) / np.maximum(n, 1)
    square = np.where(known, (base - mean) ** 2, 0.0).sum(axis=0)
    fano = np.maximum(square / np.maximum(n - 1, 1) / np.maximum(mean, 0.1), 1.0)
    middle = np.maximum(mean, 0.1)
    spread = (2 / 3) * middle ** (1 / 6) * np.sqrt(fano * (1 + 1 / np.maximum(n, 1)))
    score = (week ** (2 / 3) - middle ** (2 / 3)) / spread
    return _both(np.where(n >= 8, score, np.nan))


def year_on_year(y: Array) -> Path:
    """Four weeks against the same four weeks of the year before, as Thailand's bands do."""
    month = _summed(y, 28)
    return _both(np.log((month + 0.5) / (_lagged(month, _YEAR) + 0.5)))


BASELINES: Final[Mapping[str, Baseline]] = {
    "seasonal naive": seasonal_naive,
    "Shewhart": shewhart,
    "EARS C1": ears_c1,
    "EARS C2": ears_c2,
    "EARS C3": ears_c3,
    "EWMA": ewma,
    "negative-binomial CUSUM": negative_binomial_cusum,
    "Farrington Flexible (light)": farrington,
    "year-on-year bands": year_on_year,
}


def alarms_of(path: Path, threshold: float) -> list[Alarm]:
    """First days above the threshold, after at least `HOLD_DAYS` below it."""
    alarms = []
    for scores, up in ((path.up, True), (path.down, False)):
        above = np.flatnonzero(np.nan_to_num(scores, nan=-np.inf) > threshold)
        gaps = np.diff(above, prepend=-HOLD_DAYS - 1)
        alarms += [Alarm(int(day), up) for day in above[gaps > HOLD_DAYS]]
    return sorted(alarms)


def calibrate(series: Sequence[Simulated], paths: Sequence[Path], false_per_year: float) -> float:
    """The lowest threshold whose false alarms on tuning series stay within the wanted rate.

    Infinite where the past is too short for the method to speak at all.
    """
    finite = np.concatenate([_finite(path.up) for path in paths] + [_finite(p.down) for p in paths])
    if not finite.size:
        return float("inf")
    low, high = float(np.median(finite)), float(finite.max())
    for _ in range(14):
        middle = 0.5 * (low + high)
        outcomes = [judge(s, alarms_of(p, middle)) for s, p in zip(series, paths, strict=True)]
        if summarise(outcomes).false_per_year > false_per_year:
            low = middle
        else:
            high = middle
    return high


def _finite(values: Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    return values[np.isfinite(values)]
