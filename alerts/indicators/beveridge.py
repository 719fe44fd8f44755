"""Where a market stands on its Beveridge curve, and whether the curve has moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from warehouse.series import Standing

POSITION: Final = "beveridge-position/1"
SHIFT: Final = "beveridge-shift/1"
_Z95: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Totals of one area in one period."""

    vacancies: float
    unemployed: float
    labour_force: float | None = None
    """Employed and unemployed; `None` where it is not known: rates cannot be told then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point of the curve."""

    vacancy_rate: Estimated
    """V / (V + employed): the share of all jobs that are vacant."""
    unemployment_rate: Estimated
    """U / labour force."""


def position(market: Market) -> Position:
    """Both rates with Wilson's intervals (1927); `no_supply` without a labour force."""
    n, force = round(market.vacancies), market.labour_force
    if force is None or force <= 0 or market.unemployed > force:
        unknown = untold(Standing.NO_SUPPLY, n=n, method=POSITION)
        return Position(vacancy_rate=unknown, unemployment_rate=unknown)
    jobs = market.vacancies + force - market.unemployed
    return Position(
        vacancy_rate=_rate(market.vacancies, jobs, n),
        unemployment_rate=_rate(market.unemployed, force, n),
    )


def shift(now: Market, before: Market) -> Estimated:
    """Movement of the curve itself between two periods: ½ ln(v u) now less ½ ln(v u) before.

    Along a curve v u = constant (matching with elasticity ½) a boom raises v as much as it lowers
    u, and the shift is 0; positive is outward: more vacancies and more unemployed side by side,
    as mismatch makes them. v and u are rates of the labour force where both periods know it.
    Interval by the delta method, counts taken as Poisson.
    """
    counts = (now.vacancies, now.unemployed, before.vacancies, before.unemployed)
    n = round(now.vacancies)
    if not (now.vacancies and before.vacancies):
        return untold(Standing.TOO_FEW, n=n, method=SHIFT)
    if not (now.unemployed and before.unemployed):
        return untold(Standing.NO_SUPPLY, n=n, method=SHIFT)
    moved = 0.5 * log(now.vacancies * now.unemployed / (before.vacancies * before.unemployed))
    if now.labour_force and before.labour_force:
        moved -= log(now.labour_force / before.labour_force)
    spread = _Z95 * 0.5 * sqrt(sum(1 / count for count in counts))
    return Estimated(value=moved, lower=moved - spread, upper=moved + spread, n=n, method=SHIFT)


def _rate(part: float, whole: float, n: int) -> Estimated:
    if whole <= 0:
        return untold(Standing.TOO_FEW, n=n, method=POSITION)
    share, z2 = part / whole, _Z95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    spread = _Z95 / (1 + z2 / whole) * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    lower, upper = max(0.0, middle - spread), min(1.0, middle + spread)
    return Estimated(value=share, lower=lower, upper=upper, n=n, method=POSITION)
