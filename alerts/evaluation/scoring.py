"""Alarms of a method against the truth of simulated series: METHODS section 6. Pure.

An event is found by the first alarm in its direction from its start until 90 days later or two
weeks after its end, whichever is earlier. An alarm is false when no event explains it: neither one
under way (or over for two weeks at most) in its direction, nor one that ended within 60 days before
an alarm the other way, which tells the return. Every year counts for false alarms, also one with
events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from alerts.evaluation.simulator import Event, Simulated

WITHIN_DAYS: Final = 90
RETURN_DAYS: Final = 60
GRACE_DAYS: Final = 14
UNSCORED_DAYS: Final = 60
"""History before which no method may speak, and which counts in no year."""
HORIZONS: Final = (7, 14, 28, 56)


class Alarm(NamedTuple):
    """One alarm of a method."""

    day: int
    """Days since the series' first day."""
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a method made of one series."""

    delays: tuple[int | None, ...]
    """By event: days from start to alarm, None where it was missed."""
    big: tuple[bool, ...]
    false: int
    true: int
    """Alarms that an event explains."""
    years: float


def judge(series: Simulated, alarms: Iterable[Alarm]) -> Outcome:
    """Match alarms with events."""
    kept = [a for a in alarms if a.day >= UNSCORED_DAYS and not series.is_excused(a.day)]
    true = sum(any(_explains(event, alarm) for event in series.events) for alarm in kept)
    return Outcome(
        delays=tuple(_delay(event, kept) for event in series.events),
        big=tuple(event.is_big for event in series.events),
        false=len(kept) - true,
        true=true,
        years=_watched_days(series) / 365.25,
    )


def _watched_days(series: Simulated) -> int:
    length = len(series.counts)
    if not series.excused:
        return length - UNSCORED_DAYS
    return sum(not series.is_excused(day) for day in range(UNSCORED_DAYS, length))


def _delay(event: Event, alarms: Sequence[Alarm]) -> int | None:
    last = min(event.start + WITHIN_DAYS, event.end + GRACE_DAYS)
    days = (a.day for a in alarms if a.up == (event.factor > 1) and event.start <= a.day <= last)
    first = next(days, None)
    return None if first is None else first - event.start


def _explains(event: Event, alarm: Alarm) -> bool:
    if alarm.up == (event.factor > 1):
        return event.start <= alarm.day <= event.end + GRACE_DAYS
    return event.end <= alarm.day <= event.end + RETURN_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Metrics of one method over many series. Shares are 0 to 1; NaN where nothing was planted."""

    recall: float
    big_recall: float
    false_per_year: float
    median_delay: float
    """Days, over found events."""
    slow_delay: float
    """90th percentile."""
    precision: float
    within: tuple[float, ...]
    """Share found within each of `HORIZONS`."""


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Metrics over all series."""
    delays = [delay for outcome in outcomes for delay in outcome.delays]
    big = [flag for outcome in outcomes for flag in outcome.big]
    found = [delay for delay in delays if delay is not None]
    true = sum(outcome.true for outcome in outcomes)
    false = sum(outcome.false for outcome in outcomes)
    return Summary(
        recall=_share(len(found), len(delays)),
        big_recall=_share(
            sum(d is not None for d, flag in zip(delays, big, strict=True) if flag), sum(big)
        ),
        false_per_year=_share(false, sum(outcome.years for outcome in outcomes)),
        median_delay=float(np.median(found)) if found else float("nan"),
        slow_delay=float(np.quantile(found, 0.9)) if found else float("nan"),
        precision=_share(true, true + false),
        within=tuple(_share(sum(d <= h for d in found), len(delays)) for h in HORIZONS),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


class Interval(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    lower: float
    upper: float


Metric = Callable[[Sequence[Outcome]], float]


def interval(outcomes: Sequence[Outcome], metric: Metric, seed: int, draws: int = 400) -> Interval:
    """Percentile bootstrap, a series being the block."""
    rng = np.random.default_rng(seed)
    n = len(outcomes)
    values = [metric([outcomes[i] for i in rng.integers(n, size=n)]) for _ in range(draws)]
    low, high = np.nanquantile(values, (0.025, 0.975))
    return Interval(metric(outcomes), float(low), float(high))


def paired(
    ours: Sequence[Outcome], theirs: Sequence[Outcome], metric: Metric, seed: int, draws: int = 400
) -> Interval:
    """Ours minus theirs on the same series, resampled together: a win excludes zero."""
    rng = np.random.default_rng(seed)
    n = len(ours)
    values = []
    for _ in range(draws):
        chosen = rng.integers(n, size=n)
        values.append(metric([ours[i] for i in chosen]) - metric([theirs[i] for i in chosen]))
    low, high = np.nanquantile(values, (0.025, 0.975))
    return Interval(metric(ours) - metric(theirs), float(low), float(high))
