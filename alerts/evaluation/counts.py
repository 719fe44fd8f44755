"""The service's count detector on simulated series."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from alerts.detectors import CountDetector
from alerts.evaluation.scoring import Alarm
from alerts.evaluation.simulator import Simulated, days_of
from alerts.parameters import DetectorParameters
from alerts.series.counted import changes
from alerts.series.found import Found, Stage
from alerts.signal import Direction


def finds(parameters: DetectorParameters, series: Simulated) -> list[Alarm]:
    """Alarms of the detector on a simulated series: openings, and late worsenings."""
    return alarms_of(series, alarms_told(series, CountDetector(parameters)))


def alarms_told(series: Simulated, detector: CountDetector) -> list[Found]:
    """The same with all that an alarm tells, of a detector that has seen nothing."""
    days = _days(len(series.counts), series.first)
    points = (
        (day, count)
        for t, (day, count) in enumerate(zip(days, series.counts, strict=True))
        if t not in series.hidden
    )
    told = changes(series.name, points, detector, holidays=True)
    return [found for found in told if found.stage is Stage.ALARM]


def alarms_of(series: Simulated, told: Iterable[Found]) -> list[Alarm]:
    """As methods are compared by: the day in the series, and the direction."""
    return [
        Alarm((found.detected_on - series.first).days, found.direction is Direction.UP)
        for found in told
    ]


@lru_cache(maxsize=8)
def _days(length: int, first: date) -> tuple[date, ...]:
    return tuple(days_of(length, first))
