"""The service's count detector on simulated series."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from alerts.detectors import CountDetector
from alerts.evaluation.scoring import Alarm
from alerts.evaluation.simulator import Simulated, days_of
from alerts.parameters import DetectorParameters
from alerts.series.counted import changes
from alerts.series.found import Stage
from alerts.signal import Direction


def finds(parameters: DetectorParameters, series: Simulated) -> list[Alarm]:
    """Alarms of the detector on a simulated series: openings, and late worsenings."""
    days = _days(len(series.counts), series.first)
    first = days[0].toordinal()
    points = (
        (day, count)
        for t, (day, count) in enumerate(zip(days, series.counts, strict=True))
        if t not in series.hidden
    )
    told = changes(series.name, points, CountDetector(parameters), holidays=True)
    return [
        Alarm(found.detected_on.toordinal() - first, found.direction is Direction.UP)
        for found in told
        if found.stage is Stage.ALARM
    ]


@lru_cache(maxsize=8)
def _days(length: int, first: date) -> tuple[date, ...]:
    return tuple(days_of(length, first))
