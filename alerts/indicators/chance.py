"""What chance alone does to a distance of two distributions: its mean, and 95 % intervals. Pure.

Counts are taken as drawn: vacancies and unemployed each multinomial, given their totals; where
employers post in bunches, vacancies as if fewer had been drawn (`bunching.py`). A small sample
makes two equal distributions look different, so that a plug-in distance is too large.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.indicators.sides import Sides

Array = NDArray[np.float64]
Terms = Callable[[Array, Array], Array]
"""Shares v/V and u/U of groups → each group's part of the distance's sum."""

_DRAWS: Final = 400
_LARGE: Final = 1000.0
"""From so many units on both sides the bootstrap serves, where its bias is small."""
_PATH: Final = np.concatenate([np.linspace(0.0, 1.0, 9), np.linspace(1.25, 5.0, 12)])
_UNSEEN: Final = 0.5
"""Units added to each group, so that those not seen may still exist and small ones do not lead the
path astray by noise; in all no more than the square root of the units there are."""
_CLEAR: Final = 10
"""A distance of so many times its bias is well above it."""
_REACH: Final = 8.0
"""Standard deviations of the hypergeometric distribution that are summed; beyond is < 1e-15."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A distance: `start` + Σ terms(v/V, u/U). Units of no known group have no term."""

    terms: Terms
    start: float
    tail: float = 0.025
    """Chance left beyond each end when inverting. Less than 2.5 % where a distance depends on the
    direction in which the pair differs, which is itself estimated."""

    def of(self, p: Array, q: Array) -> Array:
        """Distances of shares whose last axis is the groups."""
        sums: Array = self.terms(p, q).sum(axis=-1)
        return self.start + sums


def null_mean(distance: Distance, sides: Sides) -> float:
    """Mean distance over all permutations of which unit is a vacancy and which an unemployed.

    Exact, and without permuting: a sum's mean is the sum of its terms' means, and given how
    many units a group has, its vacancies are hypergeometric. Counts are rounded to units.
    """
    vacancies, unemployed = max(1, round(sides.vacancies_worth)), round(sides.unemployed_total)
    worth = np.asarray(sides.vacancies) / (sides.bunching or 1.0)
    sizes = np.rint(worth + np.asarray(sides.unemployed)).astype(np.int64)
    means = (
        _mean_term(distance.terms, int(size), vacancies, unemployed) * int(many)
        for size, many in zip(*np.unique(sizes[sizes > 0], return_counts=True), strict=True)
    )
    return distance.start + float(sum(means))


def _mean_term(terms: Terms, size: int, vacancies: int, unemployed: int) -> float:
    """Mean of one group's term, its vacancies hypergeometric."""
    from scipy.stats import hypergeom

    units = vacancies + unemployed
    size = min(size, units)
    centre = size * vacancies / units
    variance = centre * (unemployed / units) * (units - size) / max(units - 1, 1)
    reach = _REACH * variance**0.5 + 10
    first = max(0, size - unemployed, int(centre - reach))
    last = min(size, vacancies, int(centre + reach) + 1)
    k = np.arange(first, last + 1)
    weights = hypergeom.pmf(k, units, vacancies, size)
    values = terms(k / vacancies, (size - k) / unemployed)
    return float((weights * values).sum() / weights.sum())


def interval(distance: Distance, sides: Sides, *, seed: int) -> tuple[float, float]:
    """95 % interval of the distance behind the counts, freed of the bias of small samples.

    With few units by inversion: of a family of pairs of distributions, from equal ones through
    the observed pair to ones further apart, those are kept under which what was observed is not
    in an extreme 2.5 %. With many, and a distance well above its bias, by the bootstrap: the
    value less its bias, ± 1.96 standard deviations.

    Args:
        seed: of the simulations; the order of groups does not matter.
    """
    p, q = _with_rest(sides)
    size = sides.vacancies_worth, sides.unemployed_total
    observed = float(distance.of(p[:-1], q[:-1]))
    stated = np.asarray(sides.vacancy_shares), np.asarray(sides.unemployed_shares)
    # Not 0 where groups exceed a total of another vintage: shares are then drawn as if of one.
    shift = float(distance.of(*stated)) - observed
    draw = np.random.default_rng(seed)
    if min(size) >= _LARGE:
        simulated = _simulated(distance, (p, q), size, draw, _DRAWS // 2)
        bias = float(simulated.mean()) - observed
        if observed > _CLEAR * bias:
            spread = 1.959964 * float(simulated.std(ddof=1))
            centre = observed + shift - bias
            return centre - spread, centre + spread
    lower, upper = _inverted(distance, (p, q), size, observed, draw)
    return lower + shift, upper + shift


def _simulated(
    distance: Distance,
    pair: tuple[Array, Array],
    size: tuple[float, float],
    draw: np.random.Generator,
    many: int,
) -> Array:
    """Distances of `many` samples of these sizes from a pair of distributions."""
    shares = []
    for expected, total in zip(pair, size, strict=True):
        units = max(1, round(total))
        shares.append(draw.multinomial(units, expected, many)[:, :-1] / units)
    return distance.of(shares[0], shares[1])


def _with_rest(sides: Sides) -> tuple[Array, Array]:
    """Shares of the groups in an order of their own, and last those of no known group."""
    pairs = sorted(zip(sides.vacancy_shares, sides.unemployed_shares, strict=True))
    p, q = np.asarray([pair for pair in pairs if any(pair)]).reshape(-1, 2).T
    return _completed(p), _completed(q)


def _completed(shares: Array) -> Array:
    """With the share of no known group; rounded figures may exceed their total a little."""
    total = max(1.0, shares.sum())
    return np.append(shares / total, max(0.0, 1 - shares.sum() / total))


def _inverted(
    distance: Distance,
    pair: tuple[Array, Array],
    size: tuple[float, float],
    observed: float,
    draw: np.random.Generator,
) -> tuple[float, float]:
    p, q = (_smoothed(shares, many) for shares, many in zip(pair, size, strict=True))
    seeds = draw.integers(2**63, size=len(_PATH))

    @cache
    def at(step: int) -> tuple[float, float, float]:
        """Distance there, and the extreme values of samples from it."""
        here = _moved(p, q, float(_PATH[step]), size)
        of_its_own = np.random.default_rng(int(seeds[step]))
        simulated = _simulated(distance, here, size, of_its_own, _DRAWS)
        tails = np.quantile(simulated, (distance.tail, 1 - distance.tail), method="weibull")
        return float(distance.of(here[0][:-1], here[1][:-1])), float(tails[0]), float(tails[1])

    # A distance below all that chance gives to equal distributions is still compatible with them.
    return _crossing(at, observed, end=2), _crossing(at, observed, end=1)


def _crossing(
    at: Callable[[int], tuple[float, float, float]], observed: float, *, end: int
) -> float:
    """The distance at which one end of what chance gives is what was observed.

    By halving the path: the ends rise along it but for the noise of simulation.
    """
    low, high = 0, len(_PATH) - 1
    if observed <= at(low)[end]:
        return at(low)[0]
    if observed >= at(high)[end]:
        return at(high)[0]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle)[end] <= observed else (low, middle)
    before, after = at(low), at(high)
    part = (observed - before[end]) / max(after[end] - before[end], 1e-300)
    return before[0] + part * (after[0] - before[0])


def _smoothed(shares: Array, size: float) -> Array:
    filled = shares * size + min(_UNSEEN, size**0.5 / len(shares))
    filled[-1] = shares[-1] * size
    smoothed: Array = filled / filled.sum()
    return smoothed


def _moved(p: Array, q: Array, step: float, size: tuple[float, float]) -> tuple[Array, Array]:
    """The pair at `step` of the way from equal shares (0) through p and q (1) and beyond.

    Shares move on the log scale; those of no known group stay as they are.
    """
    share, rest = size[0] / (size[0] + size[1]), (p[-1], q[-1])
    p, q = p[:-1] / (1 - p[-1]), q[:-1] / (1 - q[-1])
    middle = share * np.log(p) + (1 - share) * np.log(q)
    made = []
    for shares, apart in zip((p, q), rest, strict=True):
        raised = np.exp(middle + step * (np.log(shares) - middle))
        made.append(np.append((1 - apart) * raised / raised.sum(), apart))
    return made[0], made[1]
