"""Series whose neighbouring values differ by chance: a two-sided CUSUM against their own mean.

Weekly counts are compared as 2 √(count + ⅜), on which a Poisson count has a standard deviation of
about 1 (Anscombe 1948), other values as the index detector has them. A daily series that is rough
is taken week by week: its mean of seven days has less noise and no weekday in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import log, sqrt
from statistics import fmean, median
from typing import Any, Final, Self

from river.base import DriftDetector

from alerts.series.found import Method
from alerts.series.plain_state import exported, restored
from alerts.series.stepping import FLAT, Step, Told
from alerts.series.table import Point

_SLACK: Final = 0.5
_LIMIT: Final = 8.0
_THRESHOLD: Final = 6.5
_GUARD: Final = 3
_KEEP: Final = 0.5 ** (1.0 / 20.0)
_KEEP_SCALE: Final = 0.5 ** (1.0 / 40.0)
_NORMAL: Final = 1.2533
"""Standard deviation over mean absolute deviation, of a normal distribution."""
_PRIOR: Final = 12.0
WARM_UP: Final = 12
_LONGEST_GAP: Final = 60
_WEEK: Final = 7
_KEPT: Final = 13
"""Values among which the beginning of a change is looked for."""
_NEARLY: Final = 2.0
"""Evidence that does not tell beginnings apart: one of the log likelihood."""
_MOST: Final = 4
"""Days of a week that make its mean."""
_ROUGH: Final = 0.65
_FEWEST: Final = 30


def is_rough(values: Sequence[float], far: int) -> bool:
    """Whether neighbours differ nearly as much as values `far` apart.

    The ratio of medians is 1 for independent values, 1/√far for a random walk, less when smoothed.
    """
    if len(values) < _FEWEST + far:
        return False
    near = median(abs(b - a) for a, b in pairwise(values))
    apart = median(abs(b - a) for a, b in zip(values, values[far:], strict=False))
    return near > _ROUGH * apart


class NoisyDetector(DriftDetector):
    """One series of values with independent errors. Some twenty values of state."""

    def __init__(self, floor: float = 0.01, prior: float | None = None) -> None:
        """Begin.

        Args:
            floor: scale below which no deviation matters.
            prior: scale before any is known; None: that of the values until they are told.
        """
        super().__init__()
        self.floor = floor
        self.waiting: list[float] = []
        self.recent: list[float] = []
        """The newest values, at most `_KEPT`."""
        self.mean = self.weight = self.expected = 0.0
        self.deviation_weight = 0.0 if prior is None else _PRIOR
        self.deviation = 0.0 if prior is None else prior / _NORMAL * _PRIOR
        self.seen = 0
        self.rise = self.fall = 0.0
        self.rise_since = self.fall_since = 0

    @property
    def scale(self) -> float:
        """Standard deviation of a value around the mean as it is known."""
        known = _NORMAL * self.deviation / max(self.deviation_weight, 1.0)
        return max(self.floor, known) * sqrt(1.0 + 1.0 / max(self.weight, 1.0))

    def update(self, x: float) -> None:
        """River's form: `drift_detected` after a change."""
        self.observe(x)

    def observe(self, value: float) -> Step:
        """Predict, score and learn the next value."""
        self._drift_detected = False
        self.seen += 1
        if self.seen == 1:
            self.mean, self.weight = value, 1.0
        self.expected = self.mean
        self.recent = [*self.recent, value][-_KEPT:]
        step = self._score(value) if self.seen > WARM_UP else FLAT
        self.waiting.append(value)
        if step.told is not Told.NOTHING:
            self._rebase(step.points)
        else:
            while len(self.waiting) > (_GUARD if self.seen > WARM_UP else 0):
                self._learn(self.waiting.pop(0))
        return step

    def _score(self, value: float) -> Step:
        scale = self.scale
        z = max(-_LIMIT, min(_LIMIT, (value - self.mean) / scale))
        self.rise_since = self.rise_since + 1 if self.rise > 0.0 else 1
        self.fall_since = self.fall_since + 1 if self.fall > 0.0 else 1
        self.rise = max(0.0, self.rise + z - _SLACK)
        self.fall = max(0.0, self.fall - z - _SLACK)
        if self.rise > _THRESHOLD:
            return self._told(Told.UP, self.rise_since, self.rise, scale)
        if self.fall > _THRESHOLD:
            return self._told(Told.DOWN, self.fall_since, self.fall, scale)
        return FLAT

    def _told(self, told: Told, since: int, score: float, scale: float) -> Step:
        """The mean since the onset against the expected one."""
        held = self._changed(since)
        return Step(
            told=told, method=Method.NOISY, size=fmean(held) - self.mean,
            error=scale / sqrt(len(held)), points=len(held), score=score / _THRESHOLD,
        )  # fmt: skip

    def _changed(self, since: int) -> list[float]:
        """The newest values of an excursion in which a change of mean began.

        An excursion often begins with a value that was high or low by chance. The squared sum of
        deviations over their number is twice the logarithm of the likelihood ratio, in squared
        scales; of the beginnings that are nearly as likely as the likeliest, the first is taken.
        """
        summed, evidence = 0.0, list[float]()
        for number, value in enumerate(reversed(self.recent[-since:]), start=1):
            summed += value - self.mean
            evidence.append(summed * summed / number)
        least = max(evidence) - _NEARLY * self.scale**2
        return self.recent[-max(n for n, seen in enumerate(evidence, start=1) if seen >= least) :]

    def _rebase(self, points: int) -> None:
        held = self.recent[-points:]
        self.mean, self.weight = fmean(held), float(len(held))
        self.rise = self.fall = 0.0
        self.waiting = []
        self._drift_detected = True

    def _learn(self, value: float) -> None:
        away = abs(value - self.mean)
        if self.seen > WARM_UP:
            away = min(away, 3.0 * self.scale)
        self.deviation = self.deviation * _KEEP_SCALE + away
        self.deviation_weight = self.deviation_weight * _KEEP_SCALE + 1.0
        self.weight = self.weight * _KEEP + 1.0
        self.mean += (value - self.mean) / self.weight

    def export(self) -> dict[str, Any]:
        """State as plain values; `restore` continues bit for bit."""
        return exported(self)

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Self:
        """The detector whose `export()` is `state`."""
        return restored(cls(), state)


def steps_of_values(points: Sequence[Point]) -> Iterator[tuple[date, date, Step]]:
    """Detection, onset and step of values on the index detector's scale."""
    for day, onset, step, _ in _steps(points, 0.01, None):
        yield day, onset, step


def steps_of_counts(points: Sequence[Point]) -> Iterator[tuple[date, date, Step]]:
    """Detection, onset and step of counts; sizes and errors as logarithms of ratios."""
    rooted = [(day, 2.0 * sqrt(max(count, 0.0) + 0.375)) for day, count in points]
    for day, onset, step, expected in _steps(rooted, 1.0, 1.0):
        seen, usual = (_count(x) + 0.5 for x in (expected + step.size, expected))
        yield (
            day,
            onset,
            step._replace(size=log(seen / usual), error=step.error / sqrt(min(seen, usual))),
        )


def _count(root: float) -> float:
    return max((root / 2.0) ** 2 - 0.375, 0.0)


def _steps(
    points: Sequence[Point], floor: float, prior: float | None
) -> Iterator[tuple[date, date, Step, float]]:
    detector, days = NoisyDetector(floor, prior), list[date]()
    for day, value in points:
        if days and (day - days[-1]).days > _LONGEST_GAP:
            detector, days = NoisyDetector(floor, prior), []
        step = detector.observe(value)
        days.append(day)
        if step.told is not Told.NOTHING:
            yield day, days[-min(step.points, len(days))], step, detector.expected


@dataclass(slots=True)
class _Week:
    """Seven days as they come in."""

    number: int
    first: date
    values: list[float] = field(default_factory=list)


def by_week(points: Sequence[Point]) -> Iterator[tuple[date, date, float]]:
    """Of each seven days with four values or more: the day it is known, its first day, its mean.

    A week without its last day is known when the next one begins.
    """
    week: _Week | None = None
    for day, value in points:
        number = (day - points[0][0]).days // _WEEK
        if week is not None and number != week.number:
            if len(week.values) >= _MOST:
                yield day, week.first, fmean(week.values)
            week = None
        week = week or _Week(number=number, first=day)
        week.values.append(value)
        if (day - points[0][0]).days % _WEEK == _WEEK - 1:
            if len(week.values) >= _MOST:
                yield day, week.first, fmean(week.values)
            week = None


def steps_of_rough_days(points: Sequence[Point]) -> Iterator[tuple[date, date, Step]]:
    """As `steps_of_values`, of a daily series week by week; points of a step are weeks."""
    weeks = list(by_week(points))
    first = {known: began for known, began, _ in weeks}
    for day, onset, step in steps_of_values([(known, mean) for known, _, mean in weeks]):
        yield day, first[onset], step
