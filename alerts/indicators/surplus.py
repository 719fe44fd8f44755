"""Risk of a labour surplus: tightness falls while separations rise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from warehouse.series import Standing

SURPLUS: Final = "surplus/1"
SURPLUS_BY_TIGHTNESS: Final = "surplus-tightness/1"
"""Where no separations are reported: tightness alone."""
LEAST: Final = 20
"""Vacancies of both periods together below which nothing is told."""
_NORMAL: Final = NormalDist()
_Z95: Final = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One cell in one period; periods compared are equally long."""

    vacancies: int
    unemployed: int | None
    """`None`: no supply side."""
    separations: int | None = None
    """Lay-offs or new registrations after a job; `None`: not reported."""


def surplus_risk(now: Market, before: Market, *, dispersion: float = 1.3) -> Estimated:
    """Probability that tightness has fallen and, where reported, separations have risen.

    The log of a count ½ added is taken as normal with variance φ/(count + ½). Each change has a
    z-value, and its probability is Φ(z), as of a flat prior; the two are of different sources and
    multiplied. Repeated, z would vary by ±1: the ends of the interval are the probabilities at
    z ± 1.96 with one change, and at z ± 1.96/√2 of both with two, where they move together along
    the steepest way.

    Args:
        dispersion: φ, Fano factor of vacancies and separations; the unemployed are a register.
    """
    n = now.vacancies + before.vacancies
    reported = now.separations is not None and before.separations is not None
    method = SURPLUS if reported else SURPLUS_BY_TIGHTNESS
    if now.unemployed is None or before.unemployed is None:
        return untold(Standing.NO_SUPPLY, n=n, method=method)
    if n < LEAST:
        return untold(Standing.TOO_FEW, n=n, method=method)
    signals = [-_tightness_z(now, before, dispersion)]
    if now.separations is not None and before.separations is not None:
        signals.append(_z([(now.separations, before.separations, 1.0)], dispersion))
    reach = _Z95 / sqrt(len(signals))
    lower, value, upper = (_together([z + step for z in signals]) for step in (-reach, 0.0, reach))
    return Estimated(value=value, lower=lower, upper=upper, n=n, method=method)


def _tightness_z(now: Market, before: Market, dispersion: float) -> float:
    supply = (now.unemployed or 0, before.unemployed or 0, -1.0)
    return _z([(now.vacancies, before.vacancies, 1.0), supply], dispersion)


def _z(changes: list[tuple[int, int, float]], dispersion: float) -> float:
    """Sum of signed log changes over its standard deviation."""
    change = sum(sign * log((now + 0.5) / (then + 0.5)) for now, then, sign in changes)
    variance = sum(1 / (now + 0.5) + 1 / (then + 0.5) for now, then, _ in changes)
    return change / sqrt(dispersion * variance)


def _together(signals: list[float]) -> float:
    product = 1.0
    for z in signals:
        product *= _NORMAL.cdf(z)
    return product
