"""Shortage score and its probability, from up to six components of one cell. Pure.

Each component scores 0 to 3 by the nation's 20th, 50th and 80th percentiles, frozen for a year;
the score is their mean: 2 and above a shortage, 1.5 to below 2 to be watched (the cuts of the
German Engpassanalyse). Without tightness or applicants it is demand pressure, not shortage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from alerts.indicators.estimate import Estimated, untold
from warehouse.series import Standing

METHOD: Final = "shortage/1"
PROBABILITY: Final = "shortage-probability/1"
PRESSURE: Final = "demand-pressure/1"
SHORTAGE_FROM: Final = 2.0
WATCH_FROM: Final = 1.5
FEWEST_COMPONENTS: Final = 3
FEWEST_CELLS: Final = 10
"""Cells below which the nation's percentiles are not told."""
_POINTS: Final = 3
_DRAWS: Final = 400
_Z95: Final = 1.959964
Floats = NDArray[np.float64]


class Component(StrEnum):
    """What a score is made of."""

    TIGHTNESS = "tightness"
    DURATION = "duration"
    REPOSTS = "reposts"
    GROWTH = "growth"
    WAGES = "wages"
    FILLING = "filling"
    """Fill rate or applicants per vacancy: the less, the scarcer."""


SUPPLY_SIDE: Final = frozenset({Component.TIGHTNESS, Component.FILLING})
REQUIRED: Final = frozenset({Component.TIGHTNESS, Component.DURATION})
"""One of them must be there."""
REVERSED: Final = frozenset({Component.FILLING})


class Verdict(StrEnum):
    """What a cell's score means, in the words that may be used of it."""

    SHORTAGE = "shortage"
    WATCH = "watch"
    NONE = "none"
    PRESSURE = "demand_pressure"
    """A score without supply side; high or low, it is not called a shortage."""
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The nation's percentiles of one component, frozen in `year` for the year after."""

    p20: float
    p50: float
    p80: float
    year: int

    def __post_init__(self) -> None:
        if not self.p20 <= self.p50 <= self.p80:
            raise ValueError(f"percentiles must not fall: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """The score, its probability and the word for it; `components` went into them."""

    score: Estimated
    probability: Estimated
    """P(score ≥ 2)."""
    verdict: Verdict
    components: Mapping[Component, int]
    """Points of each."""


def cuts_of(values: Sequence[float], year: int) -> Cuts | None:
    """Percentiles over the nation's cells; `None` with fewer than `FEWEST_CELLS`."""
    if len(values) < FEWEST_CELLS:
        return None
    p20, p50, p80 = (float(cut) for cut in np.quantile(np.array(values), (0.2, 0.5, 0.8)))
    return Cuts(p20=p20, p50=p50, p80=p80, year=year)


def points(component: Component, value: float, cuts: Cuts) -> int:
    """0 below the 20th percentile, 1 below the 50th, 2 below the 80th, else 3."""
    below = bisect_right((cuts.p20, cuts.p50, cuts.p80), value)
    return _POINTS - below if component in REVERSED else below


def shortage(
    components: Mapping[Component, Estimated], cuts: Mapping[Component, Cuts], *, n: int, seed: int
) -> Shortage:
    """Score, P(score ≥ 2) and verdict of a cell with `n` vacancies.

    Components without a value or without cuts do not count. At least three must, among them
    tightness or duration; without a supply side there is no shortage and no probability of one.
    """
    told = {
        name: found
        for name, found in sorted(components.items())
        if found.value is not None and name in cuts
    }
    if len(told) < FEWEST_COMPONENTS or not REQUIRED & told.keys():
        return _not_assessable(components, n)
    scored = {name: points(name, found.value or 0.0, cuts[name]) for name, found in told.items()}
    value = sum(scored.values()) / len(scored)
    chances = np.array([_chances(name, told[name], cuts[name], np.zeros(1)) for name in told])
    has_supply = bool(SUPPLY_SIDE & told.keys())
    score = _score(value, _sums(chances)[0], n, METHOD if has_supply else PRESSURE)
    if not has_supply:
        missing = untold(Standing.NO_SUPPLY, n=n, method=PROBABILITY)
        return _made(score, missing, Verdict.PRESSURE, scored)
    probability = _probability(told, cuts, _beyond(_sums(chances))[0], n, seed)
    return _made(score, probability, verdict_of(value), scored)


def verdict_of(score: float) -> Verdict:
    """The word for a score with a supply side."""
    if score >= SHORTAGE_FROM:
        return Verdict.SHORTAGE
    return Verdict.WATCH if score >= WATCH_FROM else Verdict.NONE


def _made(
    score: Estimated, probability: Estimated, verdict: Verdict, scored: Mapping[Component, int]
) -> Shortage:
    return Shortage(score=score, probability=probability, verdict=verdict, components=scored)


def _not_assessable(components: Mapping[Component, Estimated], n: int) -> Shortage:
    tight = components.get(Component.TIGHTNESS)
    no_supply = tight is None or tight.standing is Standing.NO_SUPPLY
    reason = Standing.NO_SUPPLY if no_supply else Standing.TOO_FEW
    return Shortage(
        score=untold(reason, n=n, method=METHOD),
        probability=untold(reason, n=n, method=PROBABILITY),
        verdict=Verdict.NOT_ASSESSABLE,
        components={},
    )


def _chances(component: Component, found: Estimated, cuts: Cuts, shifts: Floats) -> Floats:
    """Probabilities of 0 to 3 points (draws × 4), the estimate moved by `shifts` errors."""
    value, (below, above) = found.value or 0.0, _errors(found)
    centre = value + shifts * np.where(shifts > 0, above, below)
    marks = np.array([cuts.p20, cuts.p50, cuts.p80]) - centre[:, None]
    scale = np.where(marks < 0, below, above)
    certain = (marks > 0).astype(float)
    under = np.where(scale > 0, ndtr(marks / np.where(scale > 0, scale, 1.0)), certain)
    edges = np.pad(under, ((0, 0), (1, 1)), constant_values=((0, 0), (0.0, 1.0)))
    chances = np.clip(np.diff(edges, axis=1), 0.0, 1.0)
    return np.asarray(chances[:, ::-1] if component in REVERSED else chances)


def _errors(found: Estimated) -> tuple[float, float]:
    """Standard errors below and above, read off the interval; 0 where it has no such end."""
    value = found.value or 0.0
    lower = value if found.lower is None else found.lower
    upper = value if found.upper is None else found.upper
    return max(value - lower, 0.0) / _Z95, max(upper - value, 0.0) / _Z95


def _sums(chances: Floats) -> Floats:
    """Distribution of the sum of points (draws × sums), components taken as independent."""
    total = np.ones((chances.shape[1], 1))
    for each in chances:
        grown = np.zeros((total.shape[0], total.shape[1] + _POINTS))
        for point in range(_POINTS + 1):
            grown[:, point : point + total.shape[1]] += total * each[:, point : point + 1]
        total = grown
    return total


def _beyond(sums: Floats) -> Floats:
    """P(mean ≥ 2) of each draw."""
    components = (sums.shape[1] - 1) // _POINTS
    return np.asarray(sums[:, int(SHORTAGE_FROM) * components :].sum(axis=1))


def _score(value: float, sums: Floats, n: int, method: str) -> Estimated:
    """The interval holds at least 95 % of the distribution of the mean."""
    under = np.cumsum(sums)
    components = (len(sums) - 1) // _POINTS
    lower = int(np.searchsorted(under, 0.025, side="left")) / components
    upper = int(np.searchsorted(under, 0.975 - 1e-12, side="left")) / components
    return Estimated(
        value=value, lower=min(lower, value), upper=max(upper, value), n=n, method=method
    )


def _probability(
    told: Mapping[Component, Estimated],
    cuts: Mapping[Component, Cuts],
    value: float,
    n: int,
    seed: int,
) -> Estimated:
    """P with the range that data like these would give it: a parametric bootstrap."""
    shifts = np.random.default_rng(seed).standard_normal((len(told), _DRAWS))
    chances = np.array(
        [
            _chances(name, told[name], cuts[name], moved)
            for name, moved in zip(told, shifts, strict=True)
        ]
    )
    lower, upper = np.quantile(_beyond(_sums(chances)), (0.025, 0.975))
    held = min(max(value, 0.0), 1.0)
    return Estimated(
        value=held, lower=min(float(lower), held), upper=max(float(upper), held),
        n=n, method=PROBABILITY,
    )  # fmt: skip
