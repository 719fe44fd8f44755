"""Mismatch of vacancies and unemployed over groups: Şahin et al. and turnover. Pure.

Şahin, Song, Topa and Violante (2014), "Mismatch Unemployment": M = 1 − Σ (v/V)^α (u/U)^(1−α), the
share of hires that are lost because vacancies and unemployed are in different groups, with α the
elasticity of matches by vacancies; α = ½ is the form of Jackman and Roper (1987).
Turnover: ½ Σ |u/U − v/V|, the share of the unemployed who would have to change their group.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Final

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.sides import Sides, SidesError
from warehouse.series import Standing

if TYPE_CHECKING:
    from alerts.indicators.chance import Array, Distance

SAHIN: Final = "sahin/2"
SAHIN_CORRECTED: Final = "sahin-corrected/2"
TURNOVER: Final = "turnover/2"
BUNCHED: Final = "-bunched"
"""Follows the name of a method whose interval takes account of who posted the vacancies."""
_TURNOVER_TAIL: Final = 0.0225
"""With 2.5 % turnover's interval held simulated truth in 93 % at 30 and 100 vacancies."""
_ROUNDING: Final = 1e-12


def unmatched(sides: Sides, alpha: float = 0.5) -> float:
    """M of both sides, each with units; exact to rounding in the last place.

    Each term is taken by shares, as published series are, and the sum is correctly rounded
    (`math.fsum`): it does not depend on the order of groups. Adding up 400 terms one by one
    would lose up to 400 × 2⁻⁵³ ≈ 4e-14, which is small beside 1e-12, but not nothing.

    Raises:
        SidesError: `alpha` is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise SidesError(f"alpha: expected a number between 0 and 1, got {alpha}")
    pairs = zip(sides.vacancy_shares, sides.unemployed_shares, strict=True)
    return _exact(1.0 - fsum(v**alpha * u ** (1.0 - alpha) for v, u in pairs))


def turnover_of(sides: Sides) -> float:
    """½ Σ |u/U − v/V| over the groups; those of no known group have no term."""
    pairs = zip(sides.vacancy_shares, sides.unemployed_shares, strict=True)
    return _exact(0.5 * fsum(abs(u - v) for v, u in pairs))


def sahin(
    sides: Sides,
    *,
    alpha: float = 0.5,
    corrected: bool = False,
    seed: int = 0,
    certain: bool = True,
) -> Estimated:
    """M with its 95 % interval.

    Args:
        alpha: elasticity of matches by vacancies, between 0 and 1.
        corrected: less the mean that chance alone gives (permutations of who is a vacancy and who
            is unemployed; closed form), but not below 0. Published series are as they come.
        seed: of the simulations behind the interval.
        certain: tell the interval. It is of M itself and free of bias, so that with few
            vacancies the uncorrected value, which is too large, can stand above it.

    Raises:
        SidesError: `alpha` is not between 0 and 1.
    """
    method = SAHIN_CORRECTED if corrected else SAHIN
    if sides.standing is not Standing.ASSESSABLE:
        return untold(sides.standing, n=round(sides.vacancies_total), method=method)
    value = unmatched(sides, alpha)
    distance = _overlap(alpha)
    if corrected:
        from alerts.indicators.chance import null_mean

        value = max(0.0, value - (null_mean(distance, sides) - _apart(sides)))
    return _told(value, distance, sides, method, seed=seed, certain=certain)


def turnover(sides: Sides, *, seed: int = 0, certain: bool = True) -> Estimated:
    """The turnover form with its 95 % interval; arguments as of `sahin`."""
    if sides.standing is not Standing.ASSESSABLE:
        return untold(sides.standing, n=round(sides.vacancies_total), method=TURNOVER)
    value = turnover_of(sides)
    return _told(value, _half_sum(), sides, TURNOVER, seed=seed, certain=certain)


def _told(
    value: float, distance: Distance, sides: Sides, method: str, *, seed: int, certain: bool
) -> Estimated:
    n = round(sides.vacancies_total)
    if sides.bunching is not None:
        method = method.replace("/", f"{BUNCHED}/")
    if not certain:
        return Estimated(value=value, n=n, method=method)
    from alerts.indicators.chance import interval

    lower, upper = (min(1.0, max(0.0, end)) for end in interval(distance, sides, seed=seed))
    return Estimated(value=value, lower=lower, upper=upper, n=n, method=method)


def _apart(sides: Sides) -> float:
    """M that units of no known group bring even where the groups' shares are equal."""
    known = fsum(sides.vacancies) / (sides.bunching or 1.0) + fsum(sides.unemployed)
    return max(0.0, 1.0 - known / (sides.vacancies_worth + sides.unemployed_total))


def _overlap(alpha: float) -> Distance:
    from alerts.indicators.chance import Distance

    def terms(p: Array, q: Array) -> Array:
        part: Array = -(p**alpha) * q ** (1.0 - alpha)
        return part

    return Distance(terms=terms, start=1.0)


def _half_sum() -> Distance:
    from alerts.indicators.chance import Distance

    def terms(p: Array, q: Array) -> Array:
        part: Array = 0.5 * abs(p - q)
        return part

    return Distance(terms=terms, start=0.0, tail=_TURNOVER_TAIL)


def _exact(value: float) -> float:
    """0 or 1 where only rounding in the last places leads beyond them.

    A value clearly outside is kept: it tells that stated totals are smaller than their groups.
    """
    inside = min(1.0, max(0.0, value))
    return inside if abs(value - inside) < _ROUNDING else value
