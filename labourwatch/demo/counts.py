"""How many vacancies are born each day in each cell (province × ISCO-08 major group)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.calendar import day_factor, season_factor
from labourwatch.demo.draws import generator
from labourwatch.demo.events import EventKind, PlantedEvent
from labourwatch.demo.labour import Labour

FANO: Final = 1.5
"""Variance over mean of a cell's daily count: more than Poisson, since employers post in lots."""
PORTAL_SHARE: Final = 0.10
"""Extra vacancies, as a share of all others, that only the new portal carries."""


def expected_counts(
    day: int,
    *,
    first_day: date,
    mean_per_day: float,
    labour: Labour,
    events: Sequence[PlantedEvent],
) -> NDArray[np.float64]:
    """Expected vacancies of one day, shape (18, 9): share × mean × calendar × planted factors."""
    today = first_day + timedelta(days=day)
    base = labour.cell_share() * mean_per_day * day_factor(today, day)
    base *= np.array([season_factor(today, m) for m in range(1, 10)])
    for event in events:
        factor = event.factor_on(day)
        if factor == 1.0:
            continue
        if event.kind is EventKind.NATIONAL_COLLAPSE:
            base[:, event.isco1 - 1] *= factor
        else:
            base[labour.province_index(event.province), event.isco1 - 1] *= factor
    return base


def draw_counts(expected: NDArray[np.float64], seed: int, day: int) -> NDArray[np.int64]:
    """Negative-binomial counts with variance = `FANO` × mean in every cell."""
    rng = generator(seed, day, "counts")
    size = expected / (FANO - 1)
    drawn = rng.negative_binomial(np.maximum(size, 1e-9), 1 / FANO)
    return np.asarray(drawn, dtype=np.int64)
