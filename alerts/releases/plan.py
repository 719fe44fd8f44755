"""Which release is due: kinds, periods, identities and the schedule. Pure.

A release describes one whole day, week (Monday to Sunday) or month in Asia/Vientiane. It is due
some days after its period, so that late postings are in; config/schedule.yaml says how many.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from alerts.calendar import LAO_TIME, local_day, week_start
from config.declared import load_declared
from warehouse.series import Frequency


class Kind(StrEnum):
    """Kinds of release."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


FREQUENCY: Final[Mapping[Kind, Frequency]] = {
    Kind.DAILY: Frequency.DAILY,
    Kind.WEEKLY: Frequency.WEEKLY,
    Kind.MONTHLY: Frequency.MONTHLY,
}


class Timing(BaseModel):
    """When releases of a kind are made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: str = Field(pattern="^(provisional|final)$")
    after_days: int = Field(ge=1, le=60)
    at: time
    """Time of day in Asia/Vientiane."""
    catch_up: int = Field(ge=1, le=1000)


class DigestTiming(BaseModel):
    """When the weekly digests are sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after_days: int = Field(ge=1, le=6)
    """Whole days after the week's Sunday."""
    at: time
    """Time of day in Asia/Vientiane."""
    catch_up_days: int = Field(ge=1, le=6)
    """After a stand-still a digest is still sent for so long."""

    def moment(self, sunday: date) -> datetime:
        """When the digest of the week that ends on `sunday` is due (UTC)."""
        day = sunday + timedelta(days=self.after_days)
        return datetime.combine(day, self.at, LAO_TIME).astimezone(UTC)


class Schedule(BaseModel):
    """`config/schedule.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    releases: dict[Kind, Timing]
    digest: DigestTiming = DigestTiming(after_days=3, at=time(8), catch_up_days=3)


@cache
def schedule() -> Schedule:
    """The installation's schedule.

    Raises:
        config.declared.DeclarationError: the file is wrong; the message says where.
    """
    return load_declared(files("config") / "schedule.yaml", Schedule)


STILL_HISTORY: Final = timedelta(days=14)
"""A register whose newest complete day is older is being filled, or its sources are silent."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """The days that a release describes."""

    kind: Kind
    first: date
    last: date

    @property
    def name(self) -> str:
        """`D2026-11-24`, `W2026-W47` (ISO week) or `M2026-10`."""
        if self.kind is Kind.DAILY:
            return f"D{self.first.isoformat()}"
        if self.kind is Kind.WEEKLY:
            year, week, _ = self.first.isocalendar()
            return f"W{year}-W{week:02d}"
        return f"M{self.first:%Y-%m}"

    def release_id(self, revision: int) -> str:
        """Identity of a release of the period; revision 0 is the first."""
        return f"{self.name}.{revision}"


def period_of(kind: Kind, day: date) -> Period:
    """The period of a kind that holds `day`."""
    if kind is Kind.DAILY:
        return Period(kind=kind, first=day, last=day)
    if kind is Kind.WEEKLY:
        first = week_start(day)
        return Period(kind=kind, first=first, last=first + timedelta(days=6))
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(kind=kind, first=first, last=last)


def period_named(name: str) -> Period:
    """The period of a name as `Period.name` gives it.

    Raises:
        ValueError: it is no such name; the message says what was expected.
    """
    try:
        if name.startswith("D"):
            return period_of(Kind.DAILY, date.fromisoformat(name[1:]))
        if name.startswith("W"):
            year, _, week = name[1:].partition("-W")
            return period_of(Kind.WEEKLY, date.fromisocalendar(int(year), int(week), 1))
        if name.startswith("M"):
            return period_of(Kind.MONTHLY, date.fromisoformat(f"{name[1:]}-01"))
    except ValueError:
        pass  # told below with what was expected
    raise ValueError(f"{name!r}: expected a period such as D2026-11-24, W2026-W47 or M2026-10")


def published_at(period: Period, timing: Timing) -> datetime:
    """The moment (UTC) from which the period's release is due."""
    day = period.last + timedelta(days=timing.after_days)
    return datetime.combine(day, timing.at, LAO_TIME).astimezone(UTC)


def due(
    now: datetime, first: date, through: date, done: Container[str], timings: Mapping[Kind, Timing]
) -> list[Period]:
    """Periods whose first release is to be made now, the oldest of each kind first.

    None while history is read: figures of long ago, published one by one as it comes in, would be
    releases of a register that is not there yet.

    Args:
        now: the present (aware).
        first: first day wholly observed; earlier periods cannot be told.
        through: last day that is complete in the warehouse.
        done: names of periods that have a release.
        timings: by kind.
    """
    found: list[Period] = []
    if local_day(now) - through > STILL_HISTORY:
        return found
    for kind, timing in timings.items():
        period, ripe = period_of(kind, through), list[Period]()
        while period.first >= first and len(ripe) < timing.catch_up:
            if period.last <= through and published_at(period, timing) <= now:
                if period.name in done:
                    break
                ripe.append(period)
            period = period_of(kind, period.first - timedelta(days=1))
        found += reversed(ripe)
    return found
