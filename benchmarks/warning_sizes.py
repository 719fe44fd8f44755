"""Sizes that alarms tell: whether their intervals hold the truth, and how far they tell too much.

The truth is what the event makes of the rate on the day of the alarm. What is told when it has just
passed a threshold is more often too large than too small, the more so the fewer vacancies there
were: the interval has to allow for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from typing import NamedTuple

import numpy as np

from alerts.detectors import CountDetector
from alerts.evaluation.counts import alarms_told
from alerts.evaluation.simulator import Simulated, course, simulate
from alerts.parameters import Density, DetectorParameters
from alerts.series.found import Found
from alerts.signal import Direction
from benchmarks.report import Figure


class Sized(NamedTuple):
    """One alarm while an event lasts, in its direction."""

    beyond: float
    """Logarithm of what was told over the truth, positive where too much of a change."""
    held: bool
    """Whether the 95 % interval holds the truth."""


def size_figures(
    density: Density, parameters: DetectorParameters, *, series: int, seed: int
) -> list[Figure]:
    """Coverage and bias of the sizes told in a class; sparse cells tell none of their own."""
    if density is Density.SPARSE:
        return []
    told = [one for s in simulate(density, series, seed) for one in _sizes(parameters, s)]
    return [
        Figure(
            key=f"{density}_size_covered", value=_mean(one.held for one in told), goal="0.95",
            about=f"share of 95 % intervals that held the true size, {len(told)} alarms",
        ),
        Figure(
            key=f"{density}_size_beyond", value=exp(_mean(one.beyond for one in told)),
            about="told size over the true one in the direction of the change, geometric mean",
        ),
    ]  # fmt: skip


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return float(np.mean(kept)) if kept else float("nan")


def _sizes(parameters: DetectorParameters, one: Simulated) -> list[Sized]:
    told = alarms_told(one, CountDetector(parameters))
    return [sized for found in told if (sized := _against(one, found)) is not None]


def _against(one: Simulated, found: Found) -> Sized | None:
    day = (found.detected_on - one.first).days
    up = found.direction is Direction.UP
    for event in one.events:
        if event.start <= day < event.end and up == (event.factor > 1.0):
            factor = float(course(event)[day - event.start])
            beyond = log(found.size / factor)
            return Sized(beyond if up else -beyond, found.lower <= factor <= found.upper)
    return None
