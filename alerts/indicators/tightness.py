"""Tightness of a cell relative to the nation: ln[(S+½)/(U+½)], the nation's subtracted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import Interval, count_mean, difference, through
from warehouse.series import Standing

METHOD: Final = "tightness/1"
FEWEST: Final = 5
"""Vacancies below which the lower end would be little more than the prior."""
_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Registered jobseekers, or unemployed of a survey."""

    people: float
    error: float | None = None
    """Standard error that the source states, in people; `None`: a register, counted in full."""

    def __post_init__(self) -> None:
        if not (isfinite(self.people) and self.people >= 0):
            raise ValueError(f"people: expected a finite number from 0, got {self.people}")
        if self.error is not None and not (isfinite(self.error) and self.error >= 0):
            raise ValueError(f"error: expected a finite number from 0, got {self.error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Open vacancies and supply of the cell, or of the nation that contains it."""

    open_now: int
    supply: Supply | None
    """`None`: not known, and never imputed."""


def tightness(cell: Side, nation: Side, *, dispersion: float = 1.0) -> Estimated:
    """ln ratio to the nation with its 95 % interval.

    What the stock would be by chance around its mean has Fano factor `dispersion`; a survey's
    supply is log-normal with the stated error. The cell is compared with the rest of the
    nation's chance only: what both share cancels (the nation holds the cell).
    """
    n = cell.open_now
    if cell.supply is None or nation.supply is None:
        return untold(Standing.NO_SUPPLY, n=n, method=METHOD)
    if n < FEWEST or nation.open_now < n:
        return untold(Standing.TOO_FEW, n=n, method=METHOD)
    vacancies = _log(n) - _log(nation.open_now)
    people = _log(cell.supply.people) - _log(nation.supply.people)
    lower, upper = difference(
        vacancies, _vacancies(n, nation.open_now, vacancies, dispersion),
        people, _people(cell.supply, nation.supply, people),
    )  # fmt: skip
    return Estimated(value=vacancies - people, lower=lower, upper=upper, n=n, method=METHOD)


def _log(count: float) -> float:
    return log(count + 0.5)


def _vacancies(n: int, of: int, value: float, dispersion: float) -> Interval:
    """The cell against the rest, (1 − share) of whose log ratio moves the cell's against all."""
    rest = of - n
    if not rest:
        return value, value
    inside, outside = (through(_log, count_mean(each, dispersion)) for each in (n, rest))
    lower, upper = difference(_log(n), inside, _log(rest), outside)
    centre, outer = _log(n) - _log(rest), rest / of
    return value - outer * (centre - lower), value + outer * (upper - centre)


def _people(cell: Supply, nation: Supply, value: float) -> Interval:
    """As variances of independent parts: what the cell adds to the nation's error is shared."""
    own = _relative(cell)
    both = _relative(nation) ** 2
    covered = 2 * min(cell.people / max(nation.people, 1.0), 1.0) * own**2
    spread = _Z95 * sqrt(max(own**2 + both - covered, 0.0))
    return value - spread, value + spread


def _relative(supply: Supply) -> float:
    return (supply.error or 0.0) / (supply.people + 0.5)
