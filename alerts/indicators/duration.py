"""Time advertised of a cell relative to the nation: ln ratio of the means of 60 days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import Final

from alerts.durations import FEWEST_CLOSURES, Assessment, Duration, duration
from alerts.indicators.estimate import Estimated, untold
from alerts.survival import Estimate
from warehouse.series import Standing
from warehouse.spells import Spell

MEDIAN: Final = "kaplan-meier-median/1"
MEAN_60: Final = "kaplan-meier-mean-60/2"
RELATIVE: Final = "kaplan-meier-mean-60-relative/1"


def median_duration(spells: Sequence[Spell], *, fewest: int = FEWEST_CLOSURES) -> Estimated:
    """Median time advertised in days; an open end of its interval is not told."""
    found = duration(spells, fewest=fewest)
    return _told(found, found.median, MEDIAN)


def mean_duration(spells: Sequence[Spell], *, fewest: int = FEWEST_CLOSURES) -> Estimated:
    """Mean of the first 60 days advertised."""
    found = duration(spells, fewest=fewest)
    return _told(found, found.mean_60, MEAN_60)


def relative_duration(
    cell: Sequence[Spell], nation: Sequence[Spell], *, fewest: int = FEWEST_CLOSURES
) -> Estimated:
    """ln of the cell's mean of 60 days over that of the nation, which holds the cell.

    Interval: each side's distance to the ends of its own interval on the log scale, the two put
    together as of independent errors less what the cell brings to the nation's.
    """
    own, whole = duration(cell, fewest=fewest), duration(nation, fewest=fewest)
    return relative(_told(own, own.mean_60, RELATIVE), _told(whole, whole.mean_60, RELATIVE))


def relative(mine: Estimated, all_of: Estimated) -> Estimated:
    """`relative_duration` of two means of 60 days; `n` of each counts its ends."""
    if not mine.value or not all_of.value:
        reason = mine.standing if mine.value is None else all_of.standing
        return untold(_no_figure(reason), n=mine.n, method=RELATIVE)
    share = min(mine.n / max(all_of.n, 1), 1.0)
    value = log(mine.value) - log(all_of.value)
    below = _spread(mine.value, mine.lower, all_of.value, all_of.upper, share)
    above = _spread(mine.value, mine.upper, all_of.value, all_of.lower, share)
    return Estimated(
        value=value, lower=value - below, upper=value + above, n=mine.n, method=RELATIVE
    )


def _no_figure(reason: Standing) -> Standing:
    return Standing.TOO_FEW if reason is Standing.ASSESSABLE else reason


def _spread(
    mine: float, my_end: float | None, all_of: float, their_end: float | None, share: float
) -> float:
    own = log(mine / my_end) if my_end else 0.0
    whole = log(all_of / their_end) if their_end else 0.0
    return sqrt(max(own**2 * (1 - 2 * share) + whole**2, 0.0))


def _told(found: Duration, figure: Estimate, method: str) -> Estimated:
    if found.assessment is not Assessment.ASSESSABLE:
        return untold(Standing.TOO_FEW, n=found.ends, method=method)
    if figure.value is None:
        return untold(Standing.TOO_SHORT, n=found.ends, method=method)
    return Estimated(
        value=figure.value, lower=figure.lower, upper=figure.upper, n=found.ends, method=method
    )
