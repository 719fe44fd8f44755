"""What a published figure is: a series, a point in time, an issue, a value and its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Frequency(StrEnum):
    """Length of the period that a figure describes; codes of SDMX's CL_FREQ."""

    DAILY = "D"
    WEEKLY = "W"
    """Monday to Sunday in Asia/Vientiane, dated by its Monday (a stock: by its Sunday)."""
    MONTHLY = "M"
    """A calendar month, dated by its first day (a stock: by its last)."""


class Standing(StrEnum):
    """Whether a figure can be told, and why not."""

    ASSESSABLE = "assessable"
    ROLLED_UP = "rolled_up"
    """Told, but of the coarser cell named in `answered_…`: this one is too thin for it."""
    NO_SUPPLY = "no_supply"
    """No supply side: demand pressure may be told, shortage may not."""
    TOO_FEW = "too_few"
    """Fewer vacancies, closures, postings with pay… than the method needs."""
    TOO_SHORT = "too_short"
    """Too little history."""
    NOT_OBSERVED = "not_observed"
    """Sources failed for too much of the period."""
    DOES_NOT_CONVERGE = "does_not_converge"
    """The estimate has no finite solution on these data."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SeriesKey:
    """Identity of a time series: an indicator of one cell."""

    indicator: str
    """Code of `config/codelists/indicators.csv`."""
    province: str = ""
    """ISO 3166-2:LA; "" for the nation."""
    occupation: str = ""
    """ISCO-08 code of 1 to 4 digits; "" for all."""
    industry: str = ""
    """ISIC Rev. 4 section; "" for all."""
    skill: str = ""
    """Skill or skill group; "" for none in particular."""
    frequency: Frequency = Frequency.WEEKLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One figure as published at one moment; a later issue never replaces it."""

    series: SeriesKey
    time_value: date
    """The day, or the first day of the period, that the figure describes."""
    issue: datetime
    """When the figure was published (UTC)."""
    value: float | None
    """`None`: not assessable, for the reason in `standing`."""
    n: int
    """Vacancies (closures, postings with pay…) behind the figure."""
    employers: int
    """Employers behind the figure, those without a name not counted."""
    lower: float | None = None
    """Lower end of the 95 % interval."""
    upper: float | None = None
    grade: str = ""
    """Quality A to F, or "" where not graded."""
    method: str = ""
    """Name and version of the formula."""
    top_share: float | None = None
    """Share of `n` that the largest employer holds (0 to 1); None where it is not known."""
    standing: Standing = Standing.ASSESSABLE
    answered_province: str = ""
    """With `Standing.ROLLED_UP`, the province that the figure is of."""
    answered_occupation: str = ""
    """With `Standing.ROLLED_UP`, the occupation that the figure is of."""
    sources: tuple[str, ...] = field(default=())
    """Sources that the figure rests on, by name."""
    release_id: str = ""
    """Release it was published with; "" outside releases."""
