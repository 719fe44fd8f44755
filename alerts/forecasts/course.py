"""Where a cell's flow of new vacancies goes in the twelve weeks to come, with how sure. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Final

from alerts.forecasts.forecaster import Forecast

WEEKS: Final = 13
"""Weeks that a growth is of."""
YEAR: Final = 52
_Z80, _Z95 = 1.281552, 1.959964
_LEAST_SHARE: Final = 0.15
"""Of a week's variance, what is at least of its level: the rest is chance within the week."""
_LEAST_ROOT: Final = 0.5
_MOST_ERROR: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Logarithms relative to the last quarter; by weeks ahead."""

    level: Mapping[int, float]
    """ln of the level then over that of the last 13 weeks."""
    quarter: Mapping[int, float]
    """ln of the mean of the 13 weeks up to then over that of the last 13 weeks."""
    error: Mapping[int, float]
    """Standard error of `level`, beyond what chance does within single weeks."""
    base: Mapping[int, tuple[int, int]]
    """Vacancies of the 13 weeks a year before now, and a year before then, which are known; empty
    where so long a history is not."""


def course_of(
    weekly: Sequence[float | None], forecasts: Sequence[Forecast], marks: Sequence[int]
) -> Course | None:
    """The course of a cell; None where it cannot be forecast.

    Args:
        weekly: new vacancies by week up to the last whole one; None: not observed.
        forecasts: of at least two horizons, the last not before the last mark.
        marks: weeks ahead.
    """
    recent = [value for value in weekly[-WEEKS:] if value is not None]
    if len(recent) < WEEKS // 2 or len(forecasts) < 2 or not any(recent):
        return None
    now = sum(recent) / len(recent)
    known = sorted((each.ahead, sqrt(each.value)) for each in forecasts)
    spreads = sorted((each.ahead, _spread(each, _fano(weekly))) for each in forecasts)
    path = [_between(week, [(0, sqrt(now)), *known]) ** 2 for week in range(1, marks[-1] + 1)]
    start = 2.0 * spreads[0][1] / sqrt(1.0 + spreads[0][0])
    errors = [(0, min(start, spreads[0][1])), *spreads]
    return Course(
        level={mark: _ratio(path[mark - 1], now) for mark in marks},
        quarter={mark: _ratio(_mean_until(recent, path, mark), now) for mark in marks},
        error={mark: min(_between(mark, errors), _MOST_ERROR) for mark in marks},
        base={mark: found for mark in marks if (found := _base(weekly, mark)) is not None},
    )


def _spread(each: Forecast, fano: float) -> float:
    """Standard error of ln level: the interval's, less the variance of one week's count.

    On the scale of roots, on which a count's variance is a quarter of its Fano factor.
    """
    root = sqrt(each.value)
    reach = [
        (sqrt(each.upper_80) - root) / _Z80, (sqrt(each.upper_95) - root) / _Z95,
        (root - sqrt(each.lower_80)) / _Z80,
    ]  # fmt: skip
    variance = (sum(reach) / len(reach)) ** 2
    of_level = max(variance - fano / 4.0, _LEAST_SHARE * variance)
    return 2.0 * sqrt(of_level) / max(root, _LEAST_ROOT)


def _fano(weekly: Sequence[float | None]) -> float:
    """Variance over mean of single weeks, of their differences: a trend does not widen it."""
    held = [value for value in weekly[-YEAR:] if value is not None]
    mean = sum(held) / len(held)
    if len(held) < 3 or mean <= 0.0:
        return 1.0
    steps = [(b - a) ** 2 for a, b in pairwise(held)]
    return max(sum(steps) / len(steps) / (2.0 * mean), 1.0)


def _between(week: int, points: Sequence[tuple[int, float]]) -> float:
    """Linear between known weeks; the last beyond them."""
    for (left, low), (right, high) in pairwise(points):
        if left <= week <= right:
            return low + (high - low) * (week - left) / (right - left)
    return points[-1][1]


def _ratio(then: float, now: float) -> float:
    return log((then + 0.5) / (now + 0.5))


def _mean_until(recent: Sequence[float], path: Sequence[float], mark: int) -> float:
    """Mean of the 13 weeks that end `mark` weeks ahead: what is known of them, then the path."""
    held = [*recent[-max(WEEKS - mark, 0) :], *path[:mark]][-WEEKS:] if mark < WEEKS else path
    return sum(held[-WEEKS:]) / len(held[-WEEKS:])


def _base(weekly: Sequence[float | None], mark: int) -> tuple[int, int] | None:
    """Sums of 13 weeks that end a year before now, and a year before `mark` weeks ahead."""
    end = len(weekly) - YEAR
    if end < WEEKS:
        return None
    windows = [weekly[stop - WEEKS : stop] for stop in (end, end + mark)]
    if any(value is None for window in windows for value in window):
        return None
    before, then = (int(sum(value or 0.0 for value in window)) for window in windows)
    return before, then
