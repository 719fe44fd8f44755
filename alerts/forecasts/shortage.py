"""P(shortage within 12 weeks): today's components, carried forward with what is not known. Pure.

Of each component an error of today's figure and an error of its future are drawn; tightness and
growth follow the forecast of new vacancies, supply stays as last counted and grows less sure with
its age, what comes from monthly figures falls back towards the nation's middle. The score is taken
4, 8 and 12 weeks ahead; a shortage is foreseen where it reaches 2 at one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.forecasts.course import Course
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.shortage import (
    FEWEST_COMPONENTS,
    REQUIRED,
    REVERSED,
    SHORTAGE_FROM,
    SUPPLY_SIDE,
    Component,
    Cuts,
)
from warehouse.series import Standing

METHOD: Final = "shortage-within-12-weeks/1"
MARKS: Final = (4, 8, 12)
"""Weeks ahead at which the score is taken."""
_KEPT: Final = 0.9
"""Of a monthly component's distance from the middle, what is left after 12 weeks."""
_BELIEVED: Final = 0.4
"""Of the change that is forecast, what is believed: today's component is drawn to the middle
already. Set, as `_KEPT` and `_OF_LEVEL`, on seeds that no figure uses."""
_OF_LEVEL: Final = 0.6
"""Of the forecast's error, what is of the level of a quarter."""
_COMMON: Final = 26.0
"""Vacancies of a base at which half of its change is believed."""
_OUTER, _INNER = 40, 500
_Z95: Final = 1.959964
_DEVIATIONS: Final = 1.683242
"""From the 20th to the 80th percentile, in standard deviations of a normal law."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is known of the supply side's future."""

    age_days: float
    """Days since the supply was counted."""
    drift: float
    """Standard deviation of the yearly change of ln supply relative to the nation."""

    def error(self, weeks: int) -> float:
        """Standard error of ln supply in so many weeks."""
        return self.drift * sqrt((max(self.age_days, 0.0) + 7.0 * weeks) / 365.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Future:
    """Of one component: its centre and error by mark, and whose chance moves it."""

    centres: Floats
    errors: Floats
    moved_by: str
    supply: Floats
    """A further error by mark that is of supply alone."""


def shortage_within(
    components: Mapping[Component, Estimated], cuts: Mapping[Component, Cuts], *,
    cell: Course | None, nation: Course | None, counted: Counted, n: int, seed: int,
) -> Estimated:  # fmt: skip
    """The probability, with the range that data like these would give it.

    Only where today's score is assessable with its supply side and the flow can be forecast.

    Args:
        components: as today's score takes them.
        cuts: the nation's percentiles in force.
        cell: course of the cell's new vacancies.
        nation: that of the nation, which tightness is relative to.
        counted: age and steadiness of the supply.
        n: vacancies behind it.
        seed: of the draws.
    """
    told = {
        name: found for name, found in sorted(components.items())
        if found.value is not None and name in cuts
    }  # fmt: skip
    if not SUPPLY_SIDE & told.keys():
        return untold(Standing.NO_SUPPLY, n=n, method=METHOD)
    if len(told) < FEWEST_COMPONENTS or not REQUIRED & told.keys():
        return untold(Standing.TOO_FEW, n=n, method=METHOD)
    if cell is None or nation is None:
        thin = Standing.TOO_SHORT if nation is None else Standing.TOO_FEW
        return untold(thin, n=n, method=METHOD)
    futures = {name: _future(name, told[name], cuts[name], cell, nation, counted) for name in told}
    chances = _simulated(told, cuts, futures, np.random.default_rng(seed))
    value = float(chances.mean())
    low, high = (float(end) for end in np.quantile(chances, (0.025, 0.975)))
    return Estimated(value=value, lower=min(low, value), upper=max(high, value), n=n, method=METHOD)


def _future(
    name: Component, found: Estimated, cuts: Cuts, cell: Course, nation: Course, counted: Counted
) -> _Future:
    value, none = found.value or 0.0, np.zeros(len(MARKS))
    errors = _OF_LEVEL * np.array([cell.error[mark] for mark in MARKS])
    if name is Component.TIGHTNESS:
        apart = np.array([cell.level[mark] - nation.level[mark] for mark in MARKS])
        aged = np.array([counted.error(mark) for mark in MARKS])
        return _Future(
            centres=value + _BELIEVED * apart, errors=errors, moved_by="flow", supply=aged
        )
    if name is Component.GROWTH:
        moves = np.array([cell.quarter[mark] - _base_moved(cell, mark) for mark in MARKS])
        shares = np.array([sqrt(mark / 13.0) for mark in MARKS]) * 0.8
        return _Future(
            centres=value + _BELIEVED * moves, errors=errors * shares, moved_by="flow", supply=none
        )
    kept = np.array([_KEPT ** (mark / MARKS[-1]) for mark in MARKS])
    spread = (cuts.p80 - cuts.p20) / _DEVIATIONS
    return _Future(
        centres=cuts.p50 + kept * (value - cuts.p50), errors=spread * np.sqrt(1 - kept**2),
        moved_by=name.value, supply=none,
    )  # fmt: skip


def _base_moved(cell: Course, mark: int) -> float:
    """Change of what growth is measured against, as far as it is not chance."""
    if mark not in cell.base:
        return 0.0
    before, then = cell.base[mark]
    n = before + then
    return n / (n + _COMMON) * log((then / 13 + 0.5) / (before / 13 + 0.5))


def _simulated(
    told: Mapping[Component, Estimated], cuts: Mapping[Component, Cuts],
    futures: Mapping[Component, _Future], rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Probability by each draw of what the data might have been (`_OUTER`)."""
    paths = {name: _walks(rng) for name in sorted({each.moved_by for each in futures.values()})}
    supply = _walks(rng)
    shape = (_OUTER, _INNER, len(MARKS))
    points = np.zeros(shape)
    for name, found in told.items():
        future, below, above = futures[name], *_errors(found)
        outer = rng.standard_normal((_OUTER, 1, 1)) * sqrt(0.5)
        inner = rng.standard_normal((_OUTER, _INNER, 1)) * sqrt(0.5)
        today = outer + inner
        values = (
            future.centres + today * np.where(today > 0, above, below)
            + paths[future.moved_by] * future.errors - supply * future.supply
        )  # fmt: skip
        marks = np.array([cuts[name].p20, cuts[name].p50, cuts[name].p80])
        scored = np.searchsorted(marks, values, side="right")
        points += 3 - scored if name in REVERSED else scored
    reached = (points / len(told) >= SHORTAGE_FROM).any(axis=2)
    return np.asarray(reached.mean(axis=1))


def _walks(rng: np.random.Generator) -> Floats:
    """Random walks at the marks, of unit variance at each."""
    steps = np.sqrt(np.diff(np.array((0, *MARKS), dtype=float)))
    walked = np.cumsum(rng.standard_normal((1, _INNER, len(MARKS))) * steps, axis=2)
    return np.asarray(walked / np.sqrt(np.array(MARKS, dtype=float)))


def _errors(found: Estimated) -> tuple[float, float]:
    value = found.value or 0.0
    lower = value if found.lower is None else found.lower
    upper = value if found.upper is None else found.upper
    return max(value - lower, 0.0) / _Z95, max(upper - value, 0.0) / _Z95
