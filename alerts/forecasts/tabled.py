"""Forecasts of the series of any table, and how good they would have been. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final

from alerts.calendar import week_start
from alerts.forecasts.forecaster import Forecast
from alerts.forecasts.replay import replay
from alerts.forecasts.scores import Scores, score
from alerts.forecasts.weekly import AHEADS, YEAR, week_phase
from alerts.series.table import Frequency, Kind, Series

_MONTHS: Final = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}
_PLAN: Final = {Frequency.MONTHLY: (12, (1, 3)), Frequency.QUARTERLY: (4, (1,))}
"""Periods in a year, and those that are nearest to 4 and 12 weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """One forecast of one series, and the scores of its forerunners."""

    series: str
    target: date
    """First day of the period forecast."""
    forecast: Forecast
    scores: Scores | None


def foretell(one: Series, frequency: Frequency, kind: Kind) -> Iterator[Foretold]:
    """Forecasts for 4 and 12 weeks after the last whole period; none where it is too short.

    Days are taken together to whole weeks: counts as sums, an index as means.

    Raises:
        ValueError: a value is negative.
    """
    points = _weeks(one, kind) if frequency is Frequency.DAILY else dict(one.points)
    if not points:
        return
    starts = {_start(day, frequency): value for day, value in points.items()}
    days = _every(min(starts), max(starts), frequency)
    period, aheads = _PLAN.get(frequency, (YEAR, AHEADS))
    phases = [_phase(day, frequency) for day in days]
    done = replay(phases, [starts.get(day) for day in days], period=period, aheads=aheads)
    for told in done.forecaster.forecasts():
        yield Foretold(
            series=one.name, target=_later(days[-1], told.ahead, frequency), forecast=told,
            scores=score(done.of(told.ahead)),
        )  # fmt: skip


def _weeks(one: Series, kind: Kind) -> dict[date, float]:
    first, last = one.points[0][0], one.points[-1][0]
    held: dict[date, list[float]] = {}
    for day, value in one.points:
        held.setdefault(week_start(day), []).append(value)
    return {
        week: sum(values) if kind is Kind.COUNTS else fmean(values)
        for week, values in held.items()
        if first <= week and week + timedelta(days=6) <= last
    }


def _start(day: date, frequency: Frequency) -> date:
    """First day of the period that holds `day`."""
    months = _MONTHS.get(frequency)
    if months is None:
        return week_start(day)
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _later(day: date, ahead: int, frequency: Frequency) -> date:
    months = _MONTHS.get(frequency)
    if months is None:
        return day + timedelta(days=7 * ahead)
    whole = day.year * 12 + day.month - 1 + months * ahead
    return date(whole // 12, whole % 12 + 1, 1)


def _every(first: date, last: date, frequency: Frequency) -> list[date]:
    days = [first]
    while days[-1] < last:
        days.append(_later(days[-1], 1, frequency))
    return days


def _phase(day: date, frequency: Frequency) -> int:
    months = _MONTHS.get(frequency)
    return week_phase(day) if months is None else (day.month - 1) // months
