"""The release rules as data, and what they say of one figure by itself. Pure.

METHODS section "Release rules" (docs/methods.md) says why each limit is what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log10
from typing import Final

from config.vocabulary import read_table
from warehouse.disclosure.records import Hidden, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Limits of one class of figures."""

    n: int = 10
    """Vacancies (closures, postings with pay…) at least."""
    employers: int = 3
    top_share: float = 0.6
    """Largest share of `n` that one employer may hold."""
    weeks: int = 0
    """Weeks of history at least."""


RULES: Final[Mapping[str, Rule]] = {
    "count": Rule(),
    "index": Rule(),
    "duration": Rule(n=20),
    "wage": Rule(n=30),
    "skills": Rule(n=50, employers=5),
    "trend": Rule(weeks=26),
}
COUNT: Final = "count"
ROUNDING: Final = 5
"""Public counts are multiples of it, and no public figure is finer than so many vacancies."""
PROTECTION: Final = 10
"""Whole numbers that a hidden count leaves open at least: as many as the rule hides (0 to 9)."""
DOMINANCE_PROTECTION: Final = 0.2
"""Of a larger hidden count this share must stay open: a competitor who takes off its own adverts
does not learn the largest employer's to better than that."""
STANDS_ON: Final[Mapping[str, Measure]] = {
    "tightness": Measure.STOCK,
    "shortage_score": Measure.STOCK,
    "shortage_probability": Measure.STOCK,
    "shortage_within_12w": Measure.STOCK,
    "demand_pressure": Measure.STOCK,
    "surplus_risk": Measure.STOCK,
    "wage_median": Measure.FLOW,
    "wage_growth": Measure.FLOW,
    "skill_share": Measure.FLOW,
}
"""The public count of the same cell and period from which, or of which, a figure is made. It would
tell the count or a bound of it, so it is told only where the count is, and no finer."""
GRADES: Final = ("A", "B", "C", "D", "E", "F")
GRADE_BOUNDS: Final = (200, 50, 20, 10)
"""Counts at which the grade of a count changes by one (docs/methods.md, "Weekly figures")."""
N_BANDS: Final = (10, 20, 50)
_LADDER: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the rules need to know of an indicator."""

    rule: str
    unit: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Rule class and unit of every indicator of `config/codelists/indicators.csv`."""
    return {
        row["code"]: Kind(rule=row["rule"], unit=row["unit"])
        for row in read_table("codelists", "indicators.csv")
    }


def primary(rule: Rule, *, n: int, employers: int, top_share: float | None) -> Hidden | None:
    """Why a figure may not be told by itself, or `None` where it may. Nothing is too few, too."""
    if n < rule.n:
        return Hidden.TOO_FEW
    if employers < rule.employers:
        return Hidden.FEW_EMPLOYERS
    if top_share is None or top_share > rule.top_share:
        return Hidden.DOMINATED
    return None


def protection(n: int) -> int:
    """Whole numbers that must stay possible for a hidden count whose true value is `n`."""
    return max(PROTECTION, ceil(DOMINANCE_PROTECTION * n))


def nearest(n: int, step: int) -> int:
    """`n` to the nearest multiple of `step`, halves up."""
    return step * ((2 * n + step) // (2 * step))


def span(value: int, step: int) -> tuple[int, int]:
    """Least and greatest count whose nearest multiple of `step` is `value` and that is told."""
    lowest = value - step // 2
    return max(lowest, RULES[COUNT].n), lowest + step - 1


def band(n: int) -> int:
    """Lower end of the band of `n`: 10, 20, 50, 100, 200, 500…; 0 below 10."""
    if n < N_BANDS[0]:
        return 0
    power: int = 10 ** floor(log10(n))
    return max(digit * power for digit in _LADDER if digit * power <= n)


def step_of(unit: str, value: float, n: int, vacancies: int = ROUNDING) -> float:
    """The public's step of a figure on `n` vacancies: what `vacancies` more or less come to.

    Ratios, shares, probabilities and scores move by 5/n at most when five vacancies come or go, so
    a finer figure would undo the rounding of the counts. The 95 % interval, about 2/√n on either
    side, is always wider. `n` is taken at the lower end of its band, which is told anyway.

    Args:
        unit: of the indicator.
        value: the figure.
        n: vacancies behind it.
        vacancies: what the count of the same cell is rounded to.
    """
    if unit == "days":
        return 0.5
    if unit == "kip a month":
        return float(10 ** max(0, floor(log10(abs(value))) - 1)) if value else 1.0
    least = vacancies / max(band(n), ROUNDING)
    power = 10.0 ** floor(log10(least))
    return float(min(s for d in (1, 2, 5, 10) if (s := round(d * power, 12)) >= least - 1e-12))
