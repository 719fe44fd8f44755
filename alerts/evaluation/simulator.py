"""Simulated daily counts of vacancies with events that are known: truth for detectors of counts.

It shares nothing with the demonstration's market. What a detector must not lean on varies from
series to series: level (over the whole class), Fano factor, weekday profile, yearly season, trend,
how deep holidays cut, extra zeros, and when events come. Collection faults are planted as
negatives: outages (runs of zeros), partial losses too short to be a change, floods of a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from typing import Any, Final

import numpy as np

from alerts.calendar import holiday
from alerts.parameters import Density

Array = np.ndarray[Any, np.dtype[np.float64]]

FIRST_DAY: Final = date(2024, 1, 1)
DAYS: Final = 1096
WARM_UP: Final = 120
"""No event begins earlier: METHODS asks for 60 to 180 days before scoring."""
TUNING_SEED: Final = 7_001
"""Thresholds and parameters were set on this seed; every figure is of other ones."""
RANGES: Final[dict[Density, tuple[float, float]]] = {
    Density.AGGREGATE: (20.0, 300.0),
    Density.DENSE: (5.0, 20.0),
    Density.MEDIUM: (0.5, 5.0),
    Density.SPARSE: (0.05, 0.5),
}
FACTORS: Final = (2.0, 0.5, 2.5, 0.4, 1.5, 0.7)
_WEEK: Final = np.array([1.25, 1.2, 1.15, 1.1, 1.1, 0.7, 0.5])
_RAMP_DAYS: Final = 28
_DURATIONS: Final = {"step": (90, 200), "ramp": (90, 200), "pulse": (28, 70)}
_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One true change of the rate; days count from the series' first day."""

    start: int
    end: int
    """First day after it."""
    factor: float
    """What the rate is multiplied by; a ramp reaches it after four weeks."""
    shape: str

    @property
    def is_big(self) -> bool:
        """Whether the rate at least doubles or halves."""
        return self.factor >= 2.0 or self.factor <= 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One series with its truth."""

    name: str
    density: Density
    rate: float
    """Vacancies a day on average, without events, at the beginning."""
    counts: tuple[float, ...]
    events: tuple[Event, ...]
    faults: tuple[tuple[int, int], ...] = ()
    """Benign source faults as (first day, first day after)."""
    first: date = FIRST_DAY
    hidden: frozenset[int] = frozenset()
    """Days on which nothing was observed."""
    excused: tuple[tuple[int, int], ...] = ()
    """Days on which alarms count neither as true nor as false, as (first day, first day after)."""
    means: tuple[float, ...] = ()
    """True mean of each day without events; no detector may know it."""
    fano: float = 1.0
    """True variance over mean of a day's count; nor this."""

    def is_excused(self, day: int) -> bool:
        """Whether an alarm of that day is left out."""
        return any(begin <= day < end for begin, end in self.excused)


def days_of(length: int = DAYS, first: date = FIRST_DAY) -> list[date]:
    """The dates of a series."""
    return [first + timedelta(days=i) for i in range(length)]


def simulate(
    density: Density, series: int, seed: int, *, events: bool = True, days: int = DAYS
) -> list[Simulated]:
    """`series` independent series of a class.

    Args:
        density: class of the level.
        series: how many.
        seed: of everything; the same arguments give the same series.
        events: False plants nothing but faults, for false alarms alone.
        days: length.
    """
    rng = np.random.default_rng([seed, list(RANGES).index(density)])
    open_days = _open_days(days)
    return [_one(rng, density, f"{density}-{i:03d}", open_days, events) for i in range(series)]


def _open_days(days: int) -> Array:
    return np.array([float(holiday(day) is None) for day in days_of(days)])


def _one(
    rng: np.random.Generator, density: Density, name: str, open_days: Array, with_events: bool
) -> Simulated:
    low, high = RANGES[density]
    rate = exp(rng.uniform(log(low), log(high)))
    quiet = rate * _profile(rng, open_days)
    mean = quiet.copy()
    events = _events(rng, open_days.size) if with_events else ()
    for event in events:
        mean[event.start : event.end] *= course(event)
    fano = rng.uniform(1.1, 2.2)
    counts = _draw(rng, mean, fano)
    faults = _break(rng, counts, events)
    return Simulated(
        name=name, density=density, rate=rate, counts=tuple(int(y) for y in counts),
        events=events, faults=faults, means=tuple(float(m) for m in quiet), fano=float(fano),
    )  # fmt: skip


def _profile(rng: np.random.Generator, open_days: Array) -> Array:
    """Mean of each day over the rate: week, year, trend, holidays."""
    t = np.arange(open_days.size)
    week = _WEEK ** rng.uniform(0.0, 1.5)
    week = week / week.mean()
    season = rng.uniform(0.0, 0.25) * np.cos(2 * np.pi * (t - rng.uniform(0, _YEAR)) / _YEAR)
    trend = rng.uniform(-0.2, 0.2) * t / _YEAR
    closed = rng.uniform(0.1, 0.5)
    shape: Array = week[t % 7] * np.exp(season + trend) * np.where(open_days > 0, 1.0, closed)
    return shape


def _events(rng: np.random.Generator, days: int) -> tuple[Event, ...]:
    found = []
    at = int(rng.uniform(WARM_UP, 340))
    while at < days - 70:
        shape = str(rng.choice(list(_DURATIONS)))
        length = min(int(rng.uniform(*_DURATIONS[shape])), days - at)
        factor = float(rng.choice(FACTORS))
        found.append(Event(start=at, end=at + length, factor=factor, shape=shape))
        at += length + int(rng.uniform(150, 400))
    return tuple(found)


def course(event: Event) -> Array:
    """Factor of the rate on each day of an event."""
    days = np.arange(event.end - event.start)
    part = np.minimum(1.0, (days + 1) / _RAMP_DAYS) if event.shape == "ramp" else np.ones(days.size)
    factors: Array = np.exp(log(event.factor) * part)
    return factors


def _draw(rng: np.random.Generator, mean: Array, fano: float) -> Array:
    """Negative-binomial counts with variance `fano` × mean, some with extra zeros."""
    rates = rng.gamma(np.maximum(mean, 1e-9) / (fano - 1.0), fano - 1.0)
    counts = rng.poisson(rates).astype(float)
    if rng.random() < 0.2:
        counts[rng.random(counts.size) < 0.03] = 0.0
    return counts


def _break(
    rng: np.random.Generator, counts: Array, events: tuple[Event, ...]
) -> tuple[tuple[int, int], ...]:
    """Plant benign faults away from events, in place."""
    faults = []
    for chance, kind in ((0.5, "outage"), (0.2, "partial"), (0.2, "flood")):
        if rng.random() >= chance:
            continue
        at = int(rng.uniform(90, counts.size - 20))
        length = {"outage": int(rng.uniform(3, 11)), "partial": 2, "flood": 1}[kind]
        if any(e.start - 20 <= at <= e.end + 20 for e in events):
            continue
        part = counts[at : at + length]
        kept = {"outage": 0.0, "partial": 0.5, "flood": 4.0}[kind]
        counts[at : at + length] = np.floor(part * kept)
        faults.append((at, at + length))
    return tuple(faults)
