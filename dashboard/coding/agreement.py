"""How far coders agree: percent, Cohen's kappa, Krippendorff's alpha, with bootstrap intervals.

Pure. A value is a code; "" (not codable) is a category like any other. Sources: Cohen (1960),
"A coefficient of agreement for nominal scales"; Krippendorff (2011), "Computing Krippendorff's
Alpha-Reliability". Items may carry weights (stratum size over drawn); weights are scaled to a mean
of 1, and equal weights give the published figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Weights = Any
"""Array of shape (resamples, items), each row with mean 1."""
Statistic = Callable[[Weights], Any]
"""From weights to one value per row; NaN where it is not defined."""

LEVELS: Final = (1, 2, 3, 4)
REPETITIONS: Final = 1_000
SEED: Final = 20_250_101
"""Of the bootstrap wherever figures are shown: equal codings give equal intervals."""
EVERY: Final = "all"
"""The language of a row over all languages."""
_FEWEST: Final = 2
_SAME: Final = 1e-9
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % percentile interval; `None` where it is not defined."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleCoded:
    """One vacancy that two officers coded without sight of each other."""

    vacancy_id: str
    language: str
    first: str
    second: str
    coder: str
    """The code of the machine when the sample was drawn."""
    final: str | None = None
    """What both said, or what the third decided; `None` while that is open."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement at one number of digits in one language."""

    level: int
    language: str
    items: int
    percent: Estimate
    kappa: Estimate
    alpha: Estimate
    settled: int
    """Items with a final code."""
    accuracy: Estimate
    """Share of settled items on which the machine has the final code."""


def share_equal(first: Sequence[str], second: Sequence[str]) -> Statistic:
    """Share of items with equal values."""
    same = np.array([a == b for a, b in zip(first, second, strict=True)], dtype=float)

    def statistic(weights: Weights) -> Any:
        return weights @ same / weights.sum(axis=1)

    return statistic


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> Statistic:
    """(p_o - p_e) / (1 - p_e), p_e from the two coders' own margins."""
    categories = sorted({*first, *second})
    ours, theirs = _indicators(first, categories), _indicators(second, categories)
    equal = share_equal(first, second)

    def statistic(weights: Weights) -> Any:
        total = weights.sum(axis=1, keepdims=True)
        expected = ((weights @ ours / total) * (weights @ theirs / total)).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(expected < 1, (equal(weights) - expected) / (1 - expected), np.nan)

    return statistic


def krippendorff_alpha(units: Sequence[Sequence[str]]) -> Statistic:
    """1 - D_o / D_e for nominal values; units with a single value pair with nothing.

    Any number of coders, with gaps: each unit is the values that it was given.
    """
    categories = sorted({value for unit in units for value in unit})
    counts = np.array([[unit.count(one) for one in categories] for unit in units], dtype=float)
    sizes = counts.sum(axis=1)
    paired = sizes >= _FEWEST
    counts[~paired] = 0
    agreeing = (counts * (counts - 1)).sum(axis=1) / np.where(paired, sizes - 1, 1)

    def statistic(weights: Weights) -> Any:
        by_value = weights @ counts
        n = by_value.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = 1 - weights @ agreeing / n
            expected = 1 - (by_value * (by_value - 1)).sum(axis=1) / (n * (n - 1))
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    return statistic


def estimate(statistic: Statistic, weights: Sequence[float], seed: int) -> Estimate:
    """The figure, and the 2.5 and 97.5 percentiles over resamples of the items.

    Resamples in which the figure is not defined do not count; where they are most, or where all
    are equal (few items that all agree), resampling tells nothing and there is no interval.
    """
    given = np.array(weights, dtype=float)
    if not len(given):
        return Estimate(value=None)
    value = float(statistic(_scaled(given[None, :]))[0])
    if np.isnan(value):
        return Estimate(value=None)
    random = np.random.default_rng(seed)
    size = len(given)
    drawn = random.multinomial(size, np.full(size, 1 / size), size=REPETITIONS)
    found = statistic(_scaled(drawn * given))
    found = found[~np.isnan(found)]
    if len(found) * 2 < REPETITIONS:
        return Estimate(value=value)
    lower, upper = np.percentile(found, (2.5, 97.5))
    if upper - lower < _SAME:
        return Estimate(value=value)
    return Estimate(value=value, lower=float(lower), upper=float(upper))


def share_estimate(statistic: Statistic, weights: Sequence[float], seed: int) -> Estimate:
    """`estimate` of a share; where all items are alike, Wilson's interval.

    Effective number: (sum of weights)^2 / sum of squared weights (Kish 1965).
    """
    found = estimate(statistic, weights, seed)
    if found.value is None or found.lower is not None:
        return found
    size = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    centre = (found.value + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    half = _Z / (1 + _Z**2 / size)
    half *= (found.value * (1 - found.value) / size + _Z**2 / (4 * size**2)) ** 0.5
    return Estimate(value=found.value, lower=max(0.0, centre - half), upper=min(1.0, centre + half))


def agreements(items: Sequence[DoubleCoded], seed: int) -> list[Agreement]:
    """A row per language and number of digits; all languages first."""
    languages = sorted({item.language for item in items})
    return [
        _row([item for item in items if language in (EVERY, item.language)], level, language, seed)
        for language in (EVERY, *languages)
        for level in LEVELS
    ]


def _row(items: Sequence[DoubleCoded], level: int, language: str, seed: int) -> Agreement:
    first = [item.first[:level] for item in items]
    second = [item.second[:level] for item in items]
    weights = [item.weight for item in items]
    settled = [item for item in items if item.final is not None]
    right = share_equal(
        [item.coder[:level] for item in settled], [(item.final or "")[:level] for item in settled]
    )
    return Agreement(
        level=level,
        language=language,
        items=len(items),
        percent=share_estimate(share_equal(first, second), weights, seed),
        kappa=estimate(cohen_kappa(first, second), weights, seed),
        alpha=estimate(krippendorff_alpha([*zip(first, second, strict=True)]), weights, seed),
        settled=len(settled),
        accuracy=share_estimate(right, [item.weight for item in settled], seed),
    )


def _indicators(values: Sequence[str], categories: Sequence[str]) -> Any:
    return np.array([[value == one for one in categories] for value in values], dtype=float)


def _scaled(weights: Weights) -> Weights:
    return weights / weights.mean(axis=1, keepdims=True)
