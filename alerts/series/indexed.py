"""Index and indicator series under the detectors meant for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import exp, log, sqrt
from statistics import median
from typing import Final

from alerts.series.common import Course
from alerts.series.found import Answer, Found, Method, Stage, Watched, severity_by_ratio
from alerts.series.index_detector import DEFAULT, IndexDetector, IndexParameters
from alerts.series.noisy import (
    WARM_UP,
    is_rough,
    steps_of_counts,
    steps_of_rough_days,
    steps_of_values,
)
from alerts.series.seasonal import EcholessDetector
from alerts.series.stepping import Step, Told
from alerts.series.table import Frequency, Kind, Point, Series
from alerts.severity import Severity
from alerts.signal import Direction

_Z95: Final = 1.959964
_LONGEST_GAP: Final = 60
"""Days without a point after which a daily or weekly series begins anew."""
_RENEWED: Final = {Frequency.DAILY: 42, Frequency.WEEKLY: 42}
"""Days after an alarm within which the same direction again is an update of it."""
_GROWN: Final = 3.0
_RENEWED_MONTHLY: Final = 190
_FEWEST: Final = {Frequency.DAILY: 28, Frequency.WEEKLY: 8, Frequency.MONTHLY: 25}
_START: Final = 12
_DAYS: Final = 7
_FAR: Final = {Frequency.DAILY: 7, Frequency.WEEKLY: 4}
"""Values so far apart are compared with neighbours, to tell noise from movement."""
_EARLY: Final = {Frequency.DAILY: 25, Frequency.WEEKLY: 8}
"""Values before which no daily or weekly index is told anything."""
_LIVELY: Final = 0.08
"""Scale of moves within four weeks, in units of a lively series: 1.5 of it are the usual step."""
_NORMAL: Final = 0.6745


class Scale:
    """How values become what detectors compare: logs, or shares of a usual size."""

    def __init__(self, one: Series, kind: Kind, frequency: Frequency = Frequency.DAILY) -> None:
        values = [value for _, value in one.points]
        self.half = 0.5 if kind is Kind.COUNTS else 0.0
        self.is_ratio = min(values, default=0.0) + self.half > 0.0
        usual = median(abs(value) for value in values[:_START]) if values else 1.0
        size = usual or max((abs(value) for value in values[:_START]), default=1.0) or 1.0
        moving = 0.0 if self.is_ratio else _four_weeks(values, frequency) / _LIVELY
        self.is_lively = moving > size
        """Whether values around zero move so much that shares of their size say nothing."""
        self.unit = max(size, moving)

    def into(self, value: float) -> float:
        """A value on the detector's scale."""
        return log(value + self.half) if self.is_ratio else value / self.unit

    def back(self, size: float) -> float:
        """A change on the detector's scale as a ratio, or as a difference of values."""
        return exp(max(-20.0, min(20.0, size))) if self.is_ratio else size * self.unit


def _four_weeks(values: Sequence[float], frequency: Frequency) -> float:
    """Usual size of a move within four weeks, by the days before which nothing is told."""
    if frequency not in _FAR:
        return 0.0
    known, far = values[: _EARLY[frequency]], _FAR[frequency]
    moves = [abs(b - a) for a, b in zip(known, known[far:], strict=False)]
    weeks = 1 if frequency is Frequency.DAILY else 4
    return median(moves) / _NORMAL * sqrt(4 / weeks) if len(moves) >= far else 0.0


def watch_index(
    one: Series,
    frequency: Frequency,
    kind: Kind = Kind.INDEX,
    parameters: IndexParameters = DEFAULT,
    common: Course | None = None,
) -> Watched:
    """What the index detector finds in a series, strictly in order of time.

    Args:
        parameters: of daily and weekly series.
        common: course of the series of its table; days that it does not know move nothing.
    """
    scale = Scale(one, kind, frequency)
    fewest = _FEWEST.get(frequency, 10)
    if frequency in (Frequency.MONTHLY, Frequency.QUARTERLY):
        steps = _seasonal(one, frequency, scale)
    elif kind is Kind.COUNTS:
        steps, fewest = steps_of_counts(one.points), WARM_UP + 1
    elif is_rough(levels := [scale.into(value) for _, value in one.points], _FAR[frequency]):
        rough = [(day, x) for (day, _), x in zip(one.points, levels, strict=True)]
        is_daily = frequency is Frequency.DAILY
        steps = steps_of_rough_days(rough) if is_daily else steps_of_values(rough)
        fewest = (WARM_UP + 1) * (_DAYS if is_daily else 1)
    else:
        steps = _daily(one, scale, parameters, common or {})
    answer = Answer.WATCHED if len(one.points) >= fewest else Answer.TOO_SHORT
    found = tuple(_staged(steps, one.name, scale, frequency))
    return Watched(series=one.name, answer=answer, points=len(one.points), found=found)


def _seasonal(one: Series, frequency: Frequency, scale: Scale) -> Iterator[tuple[date, date, Step]]:
    """Steps of a monthly or quarterly series; a missing period repeats its predecessor's value."""
    season = 12 if frequency is Frequency.MONTHLY else 4
    length = 12 // season
    detector = EcholessDetector(season)
    days: list[date] = []
    last: Point | None = None
    for day, value in one.points:
        while last is not None and (gap := _periods(last[0], day, length)) > 1:
            if gap > season:
                detector, days = EcholessDetector(season), []
                break
            last = (_later(last[0], length), last[1])
            detector.observe(scale.into(last[1]))
            days.append(last[0])
        step = detector.observe(scale.into(value))
        days = [*days, day][-120:]
        last = (day, value)
        if step.told is not Told.NOTHING:
            yield day, days[-min(step.points, len(days))], step


def _periods(first: date, second: date, length: int) -> int:
    months = (second.year - first.year) * 12 + second.month - first.month
    return round(months / length)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _daily(
    one: Series, scale: Scale, parameters: IndexParameters, common: Course
) -> Iterator[tuple[date, date, Step]]:
    """Steps of a daily or weekly series; days between two points lie on a line, once both came."""
    if scale.is_lively:
        parameters = parameters.lively(_LIVELY)
    detector = IndexDetector(parameters)
    last: tuple[date, float] | None = None
    for day, value in one.points:
        x = scale.into(value)
        days = (day - last[0]).days if last else 1
        if last is None or days > _LONGEST_GAP:
            detector, last, days = IndexDetector(parameters), None, 1
        before = last[1] if last else x
        told: Step | None = None
        along = common.get(day, 0.0)
        for n in range(1, days + 1):
            step = detector.observe(before + (x - before) * n / days, along)
            told = step if step.told is not Told.NOTHING else told
        last = (day, x)
        if told is not None:
            yield day, max(day - timedelta(days=told.points), one.points[0][0]), told


def _staged(
    steps: Iterator[tuple[date, date, Step]], name: str, scale: Scale, frequency: Frequency
) -> Iterator[Found]:
    """Alarms, or updates where the same direction was told not long before.

    A change that has since grown to `_GROWN` times what was told is told anew.
    """
    patience = _RENEWED.get(frequency, _RENEWED_MONTHLY)
    told_on: dict[Told, date] = {}
    told_size, since = 0.0, 0.0
    latest: Told | None = None
    for day, onset, step in steps:
        known = told_on.get(step.told)
        near = latest is step.told and known is not None and (day - known).days <= patience
        since += abs(step.size)
        again = near and since + told_size < _GROWN * told_size
        latest = step.told
        if not again:
            told_on[step.told], told_size, since = day, abs(step.size), 0.0
        yield _found(name, Stage.UPDATE if again else Stage.ALARM, day, onset, step, scale)


def _found(name: str, stage: Stage, day: date, onset: date, step: Step, scale: Scale) -> Found:
    spread = _Z95 * step.error
    ends = [scale.back(step.size + sign * spread) for sign in (-1.0, 1.0)]
    lower, upper = min(ends), max(ends)
    size = scale.back(step.size)
    return Found(
        series=name,
        stage=stage,
        detected_on=day,
        onset_on=onset,
        direction=Direction.UP if step.told is Told.UP else Direction.DOWN,
        size=size,
        lower=lower,
        upper=upper,
        is_ratio=scale.is_ratio,
        severity=_severity(step, scale, size, lower, upper),
        method=step.method,
        score=step.score,
        evidence=f"{step.points} points since the onset, {step.score:.1f} times the threshold",
    )


def _severity(step: Step, scale: Scale, size: float, lower: float, upper: float) -> Severity:
    """A crash (weekly growth far outside its scale) is severe before it has halved anything."""
    if step.method is Method.CRASH:
        return Severity.SEVERE
    if not scale.is_ratio:
        return Severity.SEVERE if step.score >= 2.0 else Severity.MODERATE
    by_size = severity_by_ratio(size, lower, upper)
    return Severity.MODERATE if by_size is Severity.MINOR else by_size
