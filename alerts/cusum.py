"""One side of a likelihood-ratio CUSUM over counts with more spread than Poisson."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

from alerts.parameters import ClassParameters

_DAY_LIMIT: Final = 0.5
"""No single day may contribute more than this share of the threshold."""


@dataclass(slots=True)
class Excursion:
    """One side of the CUSUM."""

    score: float = 0.0
    start: int = 0
    support: int = 0


def log_ratio(count: float, mean: float, size: float, ratio: float) -> float:
    """Log-likelihood ratio of a negative binomial of `size`: mean times `ratio` against `mean`."""
    return count * log(ratio) - (count + size) * log((size + ratio * mean) / (size + mean))


def push(side: Excursion, gain: float, ordinal: int, chosen: ClassParameters) -> None:
    limit = chosen.threshold * _DAY_LIMIT
    score = side.score + min(gain, limit)
    if score <= 0.0:
        side.score, side.support = 0.0, 0
        return
    if side.score == 0.0:
        side.start = ordinal
    side.score = score
    if gain > 0.0:
        side.support += 1


def pack(side: Excursion) -> tuple[float, int, int]:
    return side.score, side.start, side.support
