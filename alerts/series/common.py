"""The common course of many indices: what the middle one of them did in four weeks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import log
from statistics import median
from typing import Final

from alerts.series.table import Series

_SPAN: Final = timedelta(days=28)
FEWEST: Final = 8
"""Series that make a course; of fewer each would be half of what it is compared with."""

Course = Mapping[date, float]
"""By day, the median change of logarithms since four weeks before; known on that day."""


def common_course(series: Iterable[Series]) -> Course:
    """Of all series with positive values, on days on which enough were known then and before."""
    changes: dict[date, list[float]] = defaultdict(list)
    for one in series:
        if min((value for _, value in one.points), default=0.0) <= 0.0:
            continue
        known = {day: log(value) for day, value in one.points}
        for day, level in known.items():
            before = known.get(day - _SPAN)
            if before is not None:
                changes[day].append(level - before)
    return {day: median(found) for day, found in changes.items() if len(found) >= FEWEST}
