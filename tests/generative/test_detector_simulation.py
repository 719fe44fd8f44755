"""The detector on simulated counts, by density, beside the best detector River has for them.

Negative-binomial counts (variance 1.5 × mean) with a weekday profile, 60 days' history unscored.
Seeds are fixed; bounds are looser than what the benchmark measures over many more series.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from river.drift import PageHinkley

from alerts.detectors import Change, CountDetector
from alerts.parameters import load_parameters
from tests.factories_alerts import poisson

FIRST = date(2025, 1, 6)
WEEK = (1.25, 1.2, 1.15, 1.1, 1.1, 0.7, 0.5)
QUIET_DAYS = 500
CHANGE_AT = 200
PARAMETERS = load_parameters()
SERIES = 16

Alarms = list[int]


def counts(rng: random.Random, rate: float, days: int, factor: float = 1.0) -> list[int]:
    """Daily counts; from `CHANGE_AT` on the rate is multiplied by `factor`."""
    drawn = []
    for day in range(days):
        mean = rate * WEEK[day % 7] * (factor if day >= CHANGE_AT else 1.0)
        shape = mean / 0.5  # variance = 1.5 × mean
        drawn.append(poisson(rng, rng.gammavariate(shape, 0.5)))
    return drawn


def ours(series: list[int]) -> Alarms:
    """Days on which the count detector opens an episode."""
    detector = CountDetector(PARAMETERS)
    steps = [detector.observe(FIRST + timedelta(days=i), float(y)) for i, y in enumerate(series)]
    return [i for i, step in enumerate(steps) if step.change in (Change.RISE, Change.FALL)]


def page_hinkley(series: list[int], threshold: float) -> Alarms:
    """Alarms of Page-Hinkley on log1p, the best change detector of the shelf for daily counts."""
    detector: Any = PageHinkley(min_instances=60, delta=0.05, threshold=threshold, alpha=0.9999)
    alarms = []
    for i, y in enumerate(series):
        detector.update(math.log1p(y))
        if detector.drift_detected:
            alarms.append(i)
    return alarms


def rates(density: str, rng: random.Random) -> float:
    """A rate of the class, uniform on the log scale."""
    low, high = {"aggregate": (20.0, 150.0), "dense": (5.0, 20.0), "medium": (0.5, 5.0)}[density]
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def false_per_year(find: Callable[[list[int]], Alarms], density: str) -> float:
    """Alarms on series in which nothing happens, per scored year."""
    rng = random.Random(f"quiet {density}")
    alarms = sum(len(find(counts(rng, rates(density, rng), QUIET_DAYS))) for _ in range(SERIES))
    return alarms / (SERIES * (QUIET_DAYS - 60) / 365.25)


def found(find: Callable[[list[int]], Alarms], density: str, factor: float) -> tuple[float, float]:
    """Share of changes found within 60 days, and the median delay."""
    rng = random.Random(f"change {density} {factor}")
    delays = []
    for _ in range(SERIES):
        series = counts(rng, rates(density, rng), CHANGE_AT + 60, factor)
        first = next((a for a in find(series) if a >= CHANGE_AT), None)
        if first is not None:
            delays.append(first - CHANGE_AT)
    return len(delays) / SERIES, sorted(delays)[len(delays) // 2] if delays else math.inf


@pytest.mark.parametrize(
    ("density", "false", "share", "delay"),
    [("aggregate", 0.15, 1.0, 8), ("dense", 0.25, 0.95, 17), ("medium", 0.35, 0.75, 30)],
)
def test_power_and_false_alarms(density: str, false: float, share: float, delay: float) -> None:
    assert false_per_year(ours, density) <= false
    for factor in (2.0, 0.5):
        detected, median = found(ours, density, factor)
        assert detected >= share - (0.1 if factor < 1 else 0.0)
        assert median <= delay


@pytest.mark.parametrize(
    ("density", "threshold"), [("aggregate", 9.0), ("dense", 12.0), ("medium", 16.0)]
)
def test_it_beats_page_hinkley_at_a_like_false_alarm_rate(density: str, threshold: float) -> None:
    def baseline(series: list[int]) -> Alarms:
        return page_hinkley(series, threshold)

    assert false_per_year(ours, density) <= false_per_year(baseline, density) + 0.1
    for factor in (2.0, 0.5):
        share, delay = found(ours, density, factor)
        their_share, their_delay = found(baseline, density, factor)
        assert share >= their_share
        assert delay <= their_delay
