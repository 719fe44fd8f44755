"""The service's count detector on a series of dated counts from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from alerts.calendar import holiday
from alerts.detectors import Change, CountDetector
from alerts.evaluation.scoring import Alarm
from alerts.evaluation.simulator import Simulated, days_of
from alerts.parameters import Density, DetectorParameters
from alerts.signal import Direction, Size, measure

OPENING: Final = frozenset({Change.RISE, Change.FALL})
RENEWED_DAYS: Final = 21
"""A worsening so long after the last alarm of its episode is told as an alarm of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAlarm:
    """A change that the detector declared, or what became of it (`change`)."""

    day: date
    """Day at whose end it was known."""
    onset: date
    direction: Direction
    change: Change
    size: Size
    score: float
    """Log-likelihood ratio."""
    density: Density


def watch(
    days: Iterable[date],
    counts: Iterable[float],
    parameters: DetectorParameters,
    *,
    holidays: bool = True,
) -> Iterator[CountAlarm]:
    """Alarms and updates of one series, strictly online.

    Args:
        days: ascending; a missing day is one on which nothing was observed.
        counts: at least 0, one for each day.
        parameters: of the detector.
        holidays: leave Lao holidays out; costs two weeks of evidence a year where there are none.
    """
    detector = CountDetector(parameters)
    for day, count in zip(days, counts, strict=True):
        masked = holidays and _is_holiday(day)
        before = detector.episode
        step = detector.observe(day, count, 0.0 if masked else 1.0)
        episode = detector.episode or before
        if step.change is Change.NONE or episode is None:
            continue
        yield CountAlarm(
            day=day,
            onset=date.fromordinal(episode.onset),
            direction=Direction.UP if episode.up else Direction.DOWN,
            change=step.change,
            size=measure(
                episode.observed, episode.expected, detector.expectation.dispersion, episode.weight
            ),
            score=episode.score,
            density=detector.density,
        )


def finds(parameters: DetectorParameters, series: Simulated) -> list[Alarm]:
    """Alarms of the detector on a simulated series: openings, and late worsenings."""
    days = _days(len(series.counts))
    first = days[0].toordinal()
    told = told_alarms(watch(days, series.counts, parameters))
    return [Alarm(a.day.toordinal() - first, a.direction is Direction.UP) for a in told]


def told_alarms(alarms: Iterable[CountAlarm]) -> Iterator[CountAlarm]:
    """Those of which a person is told anew: the rest are updates of a known episode."""
    last = date.min
    for alarm in alarms:
        late = alarm.change is Change.WORSENED and (alarm.day - last).days >= RENEWED_DAYS
        if alarm.change in OPENING or late:
            last = alarm.day
            yield alarm


@lru_cache(maxsize=8)
def _days(length: int) -> tuple[date, ...]:
    return tuple(days_of(length))


@lru_cache(maxsize=16_384)
def _is_holiday(day: date) -> bool:
    return holiday(day) is not None
