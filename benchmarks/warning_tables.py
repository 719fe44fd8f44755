"""Tables from outside that are neither daily counts nor smooth indices, on simulated series.

Weekly counts, rough daily values and months, each with one lasting step at a known time, or none:
the share of steps told in time, and alarms that no step explains. `python -m benchmarks.warning
--part tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, pi, sin
from statistics import median
from typing import Any, Final

import numpy as np

from alerts.series.found import Stage
from alerts.series.indexed import watch_index
from alerts.series.table import Frequency, Kind, Series
from alerts.signal import Direction
from benchmarks.report import Figure

_SERIES: Final = {True: 20, False: 200}
_MONDAY: Final = date(2015, 1, 5)
_STEPS: Final = (log(2.0), -log(2.0), log(1.5), -log(1.5), 0.0)
"""In turn, as logarithms of ratios; the last is a series without."""
_FANO: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A kind of table."""

    name: str
    frequency: Frequency
    kind: Kind
    points: int
    per_year: float
    within: int
    """Points from the step in which an alarm its way finds it."""
    make: Callable[[np.random.Generator, int, float], float]
    """A value of the n-th point at a step that stands (its logarithm) or does not (0)."""
    key: str = ""
    """In names of figures; "" leaves the world to the table alone."""


def _weekly(mean: float) -> Callable[[np.random.Generator, int, float], float]:
    def value(rng: np.random.Generator, n: int, step: float) -> float:  # noqa: ARG001
        shape = mean * exp(step) / (_FANO - 1.0)
        return float(rng.poisson(rng.gamma(shape, _FANO - 1.0)))

    return value


def _rough(rng: np.random.Generator, n: int, step: float) -> float:
    weekday = (0.2, 0.1, 0.0, 0.0, -0.1, -0.4, -0.5)[n % 7]
    return 1000.0 * exp(step + weekday + 0.2 * rng.standard_normal())


def _monthly(rng: np.random.Generator, n: int, step: float) -> float:
    return 100.0 * exp(step + 0.15 * sin(n * pi / 6.0) + 0.04 * rng.standard_normal())


WORLDS: Final = (
    *(
        World(name=f"weekly counts, mean {mean}", frequency=Frequency.WEEKLY, kind=Kind.COUNTS,
              points=156, per_year=52.18, within=13, make=_weekly(mean),
              key="weekly" if mean == 20 else "")
        for mean in (5, 20, 100)
    ),
    World(name="rough days with weekdays", frequency=Frequency.DAILY, kind=Kind.INDEX, points=730,
          per_year=365.25, within=42, make=_rough, key="rough"),
    World(name="months with a season", frequency=Frequency.MONTHLY, kind=Kind.INDEX, points=96,
          per_year=12.0, within=4, make=_monthly, key="months"),
)  # fmt: skip


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Recall, delay and false alarms of each kind of table."""
    figures, rows = [], []
    for number, world in enumerate(WORLDS):
        row = _judged(world, np.random.default_rng((seed, number)), _SERIES[quick])
        rows.append(row)
        key = f"table_{world.key}"
        if not world.key:
            continue
        figures += [
            Figure(key=f"{key}_recall", value=row["doubled or halved"],
                   about=f"{world.name}: doublings and halvings told within {world.within} points"),
            Figure(key=f"{key}_false_per_year", value=row["false a year"], goal="≤ 0.2",
                   about=f"{world.name}: alarms that no step explains, a series-year"),
        ]  # fmt: skip
    return figures, {"tables": {"Tables from outside, one step in each series": rows}}


def _judged(world: World, rng: np.random.Generator, number: int) -> dict[str, Any]:
    found: dict[bool, list[bool]] = {True: [], False: []}
    delays: list[int] = []
    false = 0
    for n in range(number):
        step = _STEPS[n % len(_STEPS)]
        start = int(rng.integers(world.points // 2, world.points - 2 * world.within))
        alarms = _alarms(world, rng, start, step)
        near = [
            at - start for at, sign in alarms if 0 <= at - start <= world.within and sign * step > 0
        ]
        false += len(alarms) - bool(near)
        if step:
            found[abs(step) > 0.6].append(bool(near))
            delays += near[:1]
    return {
        "table": world.name,
        "doubled or halved": _share(found[True]),
        "half more or a third less": _share(found[False]),
        "points to the alarm, median": median(delays) if delays else None,
        "false a year": false / (number * world.points / world.per_year),
    }


def _alarms(
    world: World, rng: np.random.Generator, start: int, step: float
) -> list[tuple[int, float]]:
    """Positions and signs of alarms."""
    days = [_day(world.frequency, n) for n in range(world.points)]
    values = [world.make(rng, n, step if n >= start else 0.0) for n in range(world.points)]
    one = Series(name="x", key=("x",), points=tuple(zip(days, values, strict=True)))
    position = {day: n for n, day in enumerate(days)}
    return [
        (position[f.detected_on], 1.0 if f.direction is Direction.UP else -1.0)
        for f in watch_index(one, world.frequency, world.kind).found
        if f.stage is Stage.ALARM
    ]


def _day(frequency: Frequency, n: int) -> date:
    if frequency is Frequency.MONTHLY:
        return date(2010 + n // 12, n % 12 + 1, 1)
    return _MONDAY + timedelta(days=n * (7 if frequency is Frequency.WEEKLY else 1))


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else float("nan")
