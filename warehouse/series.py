"""What a published figure is: a series, a point in time, an issue, a value and its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SeriesKey:
    """Identity of a time series: an indicator of one cell."""

    indicator: str
    """For example `flow_weekly` or `stock`."""
    province: str = ""
    """ISO 3166-2:LA; "" for the nation."""
    occupation: str = ""
    """ISCO-08 code of 1 to 4 digits; "" for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One figure as published at one moment; a later issue never replaces it."""

    series: SeriesKey
    time_value: date
    """The day, or the first day of the period, that the figure describes."""
    issue: datetime
    """When the figure was published (UTC)."""
    value: float | None
    """`None`: not assessable."""
    n: int
    """Vacancies behind the figure."""
    employers: int
    lower: float | None = None
    """Lower end of the 95 % interval."""
    upper: float | None = None
    grade: str = ""
    """Quality A to F, or "" where not graded."""
    method: str = ""
    """Name and version of the formula."""
