"""The watch of published indicators on simulated figures with known shifts, beside two baselines.

Weeks: a level that keeps a share of last week's deviation, measured with the error of n vacancies.
Months: pay with a season and growth. Baselines see the same figures and errors; their threshold is
set on other seeds to our false alarms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import cos, exp, pi, sqrt
from statistics import mean, median, stdev
from time import perf_counter
from typing import Any, Final

import msgspec
import numpy as np

from alerts.indices.rules import Z95, Scale, due_on
from alerts.indices.series_watch import SeriesWatch, fresh_watch
from benchmarks.report import Figure
from warehouse.series import Frequency, Observation, SeriesKey

_SERIES: Final = {True: 20, False: 200}
_ISSUE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_WITHIN: Final = {Frequency.WEEKLY: 8, Frequency.MONTHLY: 4}
"""Figures after a shift in which an alarm in its direction finds it."""
_GRID: Final = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0)
Alarm = tuple[int, bool]
"""Position of the figure, and whether it went up."""
Method = Callable[[Sequence[float], Sequence[float]], list[Alarm]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How a kind of series is made."""

    name: str
    indicator: str
    frequency: Frequency
    figures: int
    per_year: int
    begin: int
    """First figure that counts."""
    small: float
    big: float
    """Size of shifts, on the scale of the indicator."""
    keeps: float = 0.75
    spread: float = 0.08


WORLDS: Final = (
    World(name="weekly", indicator="tightness", frequency=Frequency.WEEKLY, figures=156,
          per_year=52, begin=26, small=0.405, big=0.693),
    World(name="monthly", indicator="wage_median", frequency=Frequency.MONTHLY, figures=84,
          per_year=12, begin=36, small=0.15, big=0.25, spread=0.02),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A series and its truth: one shift of `factor` from `start`, undone at `end`."""

    values: tuple[float, ...]
    """On the scale of the indicator."""
    errors: tuple[float, ...]
    start: int
    end: int
    shift: float


def series_of(world: World, seed: int, number: int) -> list[Made]:
    """Seeded series, big and small shifts up and down in turn."""
    rng = np.random.default_rng(seed)
    return [_series(world, rng, number=each) for each in range(number)]


def _series(world: World, rng: np.random.Generator, *, number: int) -> Made:
    n = (40, 120, 400)[number % 3]
    error = 1.2 / sqrt(n) if world.name == "weekly" else 0.35 / sqrt(n)
    shift = (world.big if number % 2 else world.small) * (1 if number // 2 % 2 else -1)
    last = world.figures - world.per_year // 2 - _WITHIN[world.frequency]
    start = int(rng.integers(world.begin + 8, last))
    end = start + int(rng.integers(world.per_year // 6, world.per_year // 3)) + 2
    level, values = 0.0, []
    for t in range(world.figures):
        level = world.keeps * level + rng.normal(0, world.spread * sqrt(1 - world.keeps**2))
        season = 0.08 * cos(2 * pi * t / 12) + 0.004 * t if world.name == "monthly" else 0.0
        planted = shift if start <= t < end else 0.0
        values.append(level + season + planted + rng.normal(0, error))
    return Made(values=tuple(values), errors=(error,) * world.figures, start=start, end=end,
                shift=shift)  # fmt: skip


def figures_of(world: World, made: Made) -> Iterator[Observation]:
    """The series as releases would tell it."""
    key = SeriesKey(indicator=world.indicator, province="LA-VT", frequency=world.frequency)
    back = fresh_watch(world.indicator).rule.scale
    log = 3e6 if back is Scale.LOG else 1.0

    def told(x: float) -> float:
        return log * exp(x) if back is Scale.LOG else x

    for t, (x, error) in enumerate(zip(made.values, made.errors, strict=True)):
        day = date(2015, 1, 5) + timedelta(weeks=t)
        if world.frequency is Frequency.MONTHLY:
            day = date(2015 + t // 12, t % 12 + 1, 1)
        yield Observation(
            series=key, time_value=day, issue=_ISSUE, value=told(x), n=40, employers=9,
            lower=told(x - Z95 * error), upper=told(x + Z95 * error), release_id="R",
        )  # fmt: skip


def ours(world: World, made: Made) -> tuple[list[Alarm], list[int], SeriesWatch]:
    """Alarms, positions at which changes ended, and the watch as it stood at the end."""
    watch, alarms, ends = fresh_watch(world.indicator), [], []
    for t, row in enumerate(figures_of(world, made)):
        before = watch.spell
        watch.feed(row, due_on(row))
        if watch.spell is not None and watch.spell is not before:
            alarms.append((t, watch.spell.up))
        if before is not None and watch.spell is not before:
            ends.append(t)
    return alarms, ends, watch


def control_chart(threshold: float, per_year: int) -> Method:
    """Outside so many standard deviations of the last half-year, twice in a row."""

    def alarms(values: Sequence[float], errors: Sequence[float]) -> list[Alarm]:
        window, found, run = max(per_year // 2, 12), [], 0
        for t in range(window + 2, len(values)):
            held = values[t - window - 1 : t - 1]
            away = (values[t] - mean(held)) / max(stdev(held), errors[t])
            side = (away > threshold) - (away < -threshold)
            run = run + side if side and run * side >= 0 else side
            if abs(run) == 2:
                found.append((t, run > 0))
        return found

    return alarms


def year_before(threshold: float, per_year: int) -> Method:
    """Differs from the year before by so many standard errors, and did not the time before."""

    def alarms(values: Sequence[float], errors: Sequence[float]) -> list[Alarm]:
        found, before = [], 0
        for t in range(per_year, len(values)):
            away = (values[t] - values[t - per_year]) / (errors[t] * sqrt(2))
            side = (away > threshold) - (away < -threshold)
            if side and side != before:
                found.append((t, side > 0))
            before = side
        return found

    return alarms


BASELINES: Final = {"control chart": control_chart, "year before": year_before}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One series: delay to its shift in figures (None: missed), big or not, false alarms."""

    delay: int | None
    big: bool
    false: int
    years: float


def judge(world: World, made: Made, alarms: Sequence[Alarm]) -> Judged:
    """An alarm is true in the direction of the shift while it lasts, or against it at its end."""
    patience = _WITHIN[world.frequency]
    up = made.shift > 0
    hits = [t - made.start for t, rose in alarms
            if rose is up and made.start <= t < min(made.end, made.start + patience)]  # fmt: skip
    false = 0
    for t, rose in alarms:
        standing = rose is up and made.start <= t < made.end + patience
        after = rose is not up and made.end <= t < made.end + patience
        false += t >= world.begin and not standing and not after
    return Judged(delay=min(hits, default=None), big=abs(made.shift) >= world.big, false=false,
                  years=(world.figures - world.begin) / world.per_year)  # fmt: skip


def _false(judged: Sequence[Judged]) -> float:
    return sum(one.false for one in judged) / sum(one.years for one in judged)


def _recall(judged: Sequence[Judged], *, big: bool | None = None) -> float:
    chosen = [one for one in judged if big is None or one.big is big]
    return sum(one.delay is not None for one in chosen) / len(chosen)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Recall, delay and false alarms of weeks and months, beside baselines; cost and size."""
    figures: list[Figure] = []
    more: dict[str, Any] = {}
    for world in WORLDS:
        found, table = _measured(world, seed, _SERIES[quick])
        figures += found
        more[f"published_{world.name}"] = table
    return [*figures, *_cost(seed)], more


def _measured(world: World, seed: int, number: int) -> tuple[list[Figure], dict[str, Any]]:
    known, fresh = series_of(world, seed + 1, number), series_of(world, seed, number)
    rate = _false([judge(world, made, ours(world, made)[0]) for made in known])
    told = [ours(world, made) for made in fresh]
    judged = [judge(world, made, alarms) for made, (alarms, _, _) in zip(fresh, told, strict=True)]
    delays = [one.delay for one in judged if one.delay is not None]
    ended = [any(made.end <= t <= made.end + 4 for t in ends)
             for made, one, (_, ends, _) in zip(fresh, judged, told, strict=True)
             if one.delay is not None]  # fmt: skip
    table = {"ours": _summary(judged)}
    for name, make in BASELINES.items():
        table[name] = _summary(_calibrated(world, make, known, fresh, rate))
    about = f"published indicators, {world.name}"
    key = f"published_{world.name}"
    values = {
        "recall": (_recall(judged), "shifts found"),
        "big_recall": (_recall(judged, big=True), "big shifts found"),
        "false_per_year": (_false(judged), "false alarms per series-year"),
        "median_delay": (median(delays) if delays else None, "median delay in figures"),
        "ended": (mean(ended) if ended else None, "found shifts that ended within 4 figures"),
        "best_baseline": (
            max(table[name]["recall"] for name in BASELINES),
            "best baseline's recall",
        ),
    }
    return [
        Figure(key=f"{key}_{name}", value=value if value is None else round(float(value), 3),
               about=f"{about}: {says}")
        for name, (value, says) in values.items()
    ], table  # fmt: skip


def _calibrated(
    world: World, make: Callable[[float, int], Method], known: Sequence[Made],
    fresh: Sequence[Made], rate: float,
) -> list[Judged]:  # fmt: skip
    """The baseline at the loosest threshold that keeps to the rate on known seeds."""
    for threshold in _GRID:
        method = make(threshold, world.per_year)
        judged = [judge(world, one, method(one.values, one.errors)) for one in known]
        if _false(judged) <= rate:
            break
    return [judge(world, one, method(one.values, one.errors)) for one in fresh]


def _summary(judged: Sequence[Judged]) -> dict[str, float]:
    return {
        "recall": round(_recall(judged), 3),
        "big_recall": round(_recall(judged, big=True), 3),
        "false_per_year": round(_false(judged), 3),
    }


def _cost(seed: int) -> list[Figure]:
    world = WORLDS[0]
    rows = [list(figures_of(world, made)) for made in series_of(world, seed, 20)]
    begin = perf_counter()
    for series in rows:
        watch = fresh_watch(world.indicator)
        for row in series:
            watch.feed(row, row.time_value)
    spent = perf_counter() - begin
    size = len(msgspec.msgpack.encode(watch.export()))
    each = 1e6 * spent / sum(map(len, rows))
    return [
        Figure(key="published_update_us", value=round(each, 1), about="cost of a figure, µs"),
        Figure(key="published_state_bytes", value=size, about="stored state of a series, bytes"),
    ]
