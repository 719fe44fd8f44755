"""Mismatch of skills asked for and skills offered: Hellinger's distance. Pure.

H = √(1 − Σ √(p q)), p the share of each skill among those that vacancies ask for, q among those
that people offer. Over the same groups H² is the mismatch of Şahin et al. at α = ½.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Final

from alerts.indicators.estimate import Estimated
from alerts.indicators.mismatch import sahin
from alerts.indicators.sides import Sides

HELLINGER: Final = "hellinger/2"
HELLINGER_CORRECTED: Final = "hellinger-corrected/2"


def hellinger(
    sides: Sides, *, corrected: bool = True, seed: int = 0, certain: bool = True
) -> Estimated:
    """H with its 95 % interval, both as roots of those of H².

    Args:
        sides: mentions of each skill by vacancies, and by (or for) people.
        corrected: free of the bias of small samples. It is subtracted from H², where the mean that
            chance gives is exact, and where it is the bias also of distributions that do
            differ: subtracting it from H would take away far too much there (a true 0.30 seen
            with a chance of 0.10 is told as 0.32; 0.22 and 0.30 remain, respectively).
    """
    squared = sahin(sides, alpha=0.5, corrected=corrected, seed=seed, certain=certain)
    return replace(
        squared,
        value=_root(squared.value),
        lower=_root(squared.lower),
        upper=_root(squared.upper),
        method=HELLINGER_CORRECTED if corrected else HELLINGER,
    )


def _root(value: float | None) -> float | None:
    return None if value is None else sqrt(max(0.0, value))
