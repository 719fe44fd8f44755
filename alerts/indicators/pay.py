"""Median advertised pay with an interval that holds in small samples and bunches. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, isfinite, pi
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc

from alerts.indicators.estimate import Estimated, untold
from warehouse.series import Standing

METHOD: Final = "median-fractional-ranks/1"
FEWEST: Final = 6
"""Below, not even the sample's range holds the median with 95 % (5 postings: 93.75 %)."""
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """Monthly pay of one posting, in kip; a range has two ends."""

    lower: float
    upper: float
    employer: int = 0
    """Any number that tells employers apart; 0: not named, an employer of its own."""

    def __post_init__(self) -> None:
        if not (0 < self.lower <= self.upper and isfinite(self.upper)):
            raise ValueError(f"pay: expected 0 < lower ≤ upper, got {self.lower}, {self.upper}")

    @property
    def middle(self) -> float:
        """Midpoint of the range. A choice: where in its range pay is agreed is not advertised."""
        return (self.lower + self.upper) / 2


def median_pay(pays: Sequence[Pay], *, correlation: float = 0.0) -> Estimated:
    """Median of the middles; interval by fractional order statistics (Hutson 1999).

    The ranks are those at which the sign test of as many independent postings as the sample is
    worth reaches 2.5 % a side.

    Args:
        correlation: how alike one employer's postings are in pay (intra-class, 0 to 1).
    """
    n = len(pays)
    worth = effective(pays, correlation)
    if worth < FEWEST:
        return untold(Standing.TOO_FEW, n=n, method=METHOD)
    middles = np.sort(np.array([pay.middle for pay in pays]))
    level = _lower_level(worth)
    ends = [_at(middles, part) for part in (level, 1 - level)]
    return Estimated(
        value=float(np.median(middles)), lower=ends[0], upper=ends[1], n=n, method=METHOD
    )


def effective(pays: Sequence[Pay], correlation: float) -> float:
    """How many independent postings the sample is worth: Kish's design effect for bunches.

    What counts is whether pay is above the median: with normal log pay correlated by ρ, that is
    correlated by (2/π) arcsin ρ (Sheppard 1899).
    """
    n = len(pays)
    if not n:
        return 0.0
    named = Counter(pay.employer for pay in pays if pay.employer)
    pairs = sum(size * (size - 1) for size in named.values())
    return n / (1 + 2 / pi * asin(correlation) * pairs / n)


def _lower_level(worth: float) -> float:
    """The level p whose fractional rank p(worth + 1) lies above the median with 2.5 %."""
    from scipy.optimize import brentq  # slow

    def excess(rank: float) -> float:
        return float(betaincc(rank, worth + 1 - rank, 0.5)) - _TAIL

    return float(brentq(excess, 0.5, (worth + 1) / 2)) / (worth + 1)


def _at(values: NDArray[np.float64], level: float) -> float:
    """Fractional order statistic: linear between ranks level·(n + 1), clamped at the ends."""
    place = level * (len(values) + 1) - 1
    return float(np.interp(place, np.arange(len(values)), values))
