"""Growth over a year of any count, where only totals by period are known. Pure.

For published tables of months or quarters. Where weekly counts of vacancies are at hand, the growth
of 13 weeks is the indicator.
"""

from __future__ import annotations

from math import log, sqrt
from statistics import NormalDist
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from warehouse.series import Standing

GROWTH: Final = "growth-year/1"
FEWEST: Final = 5
"""Units of both periods together below which nothing is told."""
_Z95: Final = NormalDist().inv_cdf(0.975)


def growth_over_year(now: float, before: float, *, dispersion: float = 1.3) -> Estimated:
    """ln[(now + ½) / (a year before + ½)], ± 1.96 √(φ/(now + ½) + φ/(before + ½)).

    Args:
        dispersion: φ, variance over mean of such counts.
    """
    n = round(now)
    if now + before < FEWEST:
        return untold(Standing.TOO_FEW, n=n, method=GROWTH)
    value = log((now + 0.5) / (before + 0.5))
    spread = _Z95 * sqrt(dispersion * (1 / (now + 0.5) + 1 / (before + 0.5)))
    return Estimated(value=value, lower=value - spread, upper=value + spread, n=n, method=GROWTH)
