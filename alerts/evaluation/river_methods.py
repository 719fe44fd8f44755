"""Drift detectors of River on log counts, as methods with one free threshold. Pure.

They say that something changed, not which way: the direction is that of the four weeks before the
alarm against the eight weeks before those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log1p
from typing import Any, Final

import numpy as np
from river.drift import ADWIN, PageHinkley

from alerts.evaluation.baselines import cleaned
from alerts.evaluation.scoring import Alarm, judge, summarise
from alerts.evaluation.simulator import Array, Simulated

Make = Callable[[float], Any]


def _page_hinkley(threshold: float) -> Any:
    return PageHinkley(min_instances=60, delta=0.05, threshold=threshold, alpha=0.9999)


def _adwin(strictness: float) -> Any:
    make: Any = ADWIN  # River does not type it
    return make(delta=10.0**-strictness, clock=1, grace_period=60)


RIVER: Final[Mapping[str, tuple[Make, tuple[float, ...]]]] = {
    "River PageHinkley, log1p": (_page_hinkley, (4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0, 50.0)),
    "River ADWIN, log1p": (_adwin, (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0)),
}
"""Method: how it is made, and thresholds from loose to strict."""


def river_alarms(make: Make, threshold: float, y: Array) -> list[Alarm]:
    """Alarms on cleaned counts."""
    detector, alarms = make(threshold), []
    for t, count in enumerate(y):
        detector.update(log1p(float(count)))
        if detector.drift_detected:
            recent, before = y[max(0, t - 27) : t + 1].mean(), y[max(0, t - 83) : max(1, t - 27)]
            alarms.append(Alarm(t, bool(recent > before.mean())))
    return alarms


def calibrate_river(name: str, series: Sequence[Simulated], false_per_year: float) -> float:
    """The loosest threshold of the list whose false alarms stay within the rate, else the last."""
    make, thresholds = RIVER[name]
    counts: list[np.ndarray[Any, np.dtype[np.float64]]] = [cleaned(s) for s in series]
    for threshold in thresholds:
        alarms = [river_alarms(make, threshold, y) for y in counts]
        outcomes = [judge(s, a) for s, a in zip(series, alarms, strict=True)]
        if summarise(outcomes).false_per_year <= false_per_year:
            return threshold
    return thresholds[-1]
