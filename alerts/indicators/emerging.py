"""Which occupations or skills take a growing or a falling share of all vacancies. Pure.

The test is the one of `streams.classify.emerging` for terms: given all vacancies of a code in both
periods, those of the recent one are binomial where its share has not changed. Over all codes
tested, the false discovery rate is held (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Final

from alerts.indicators.estimate import Estimated
from streams.classify.emerging import (
    FALSE_DISCOVERY,
    LEAST_EMPLOYERS,
    LEAST_VACANCIES,
    q_values,
    upper_tail,
)

METHOD: Final = "share-ratio/1"


class Direction(StrEnum):
    """Where a share goes."""

    EMERGING = "emerging"
    AT_RISK = "at_risk"
    """Falling: with occupations, jobs that are asked for less and less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Vacancies of one code in two periods."""

    code: str
    recent: int
    before: int
    employers: int
    """Employers behind both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A code whose share has changed."""

    code: str
    direction: Direction
    ratio: Estimated
    """Share now over share before. Its interval holds for codes chosen for their change: of all
    intervals told together at most the false discovery rate misses (Benjamini, Yekutieli 2005)."""
    before: int
    employers: int
    p_value: float
    q_value: float


def changes(
    counts: Iterable[Counted],
    *,
    recent_of: int,
    before_of: int,
    direction: Direction,
    rate: float = FALSE_DISCOVERY,
) -> list[Change]:
    """Codes whose share grows (or falls), the surest first.

    Args:
        counts: every code looked at, also those that do not change: the rate is over all.
        recent_of: vacancies of the recent period.
        before_of: vacancies of the period before; both at least 1.
        rate: share of what is told that may be false.
    """
    tested = [
        each
        for each in counts
        if each.recent + each.before >= LEAST_VACANCIES and each.employers >= LEAST_EMPLOYERS
    ]
    p_values = [_p_value(each, recent_of, before_of, direction) for each in tested]
    found = sorted(
        (q, p, each.code, each)
        for each, p, q in zip(tested, p_values, q_values(p_values), strict=True)
        if q <= rate
    )
    level = _level(len(found), len(tested), rate)
    return [
        Change(
            code=code,
            direction=direction,
            ratio=share_ratio(each, recent_of=recent_of, before_of=before_of, level=level),
            before=each.before,
            employers=each.employers,
            p_value=p,
            q_value=q,
        )
        for q, p, code, each in found
    ]


def share_ratio(
    counted: Counted, *, recent_of: int, before_of: int, level: float = 0.95
) -> Estimated:
    """Share now over share before, half a vacancy added to each count; interval by the delta
    method on the log scale."""
    now, then = counted.recent + 0.5, counted.before + 0.5
    ratio = (now / (recent_of + 1)) / (then / (before_of + 1))
    spread = NormalDist().inv_cdf(0.5 + level / 2) * sqrt(1 / now + 1 / then)
    return Estimated(
        value=ratio,
        lower=exp(log(ratio) - spread),
        upper=exp(log(ratio) + spread),
        n=counted.recent,
        method=METHOD,
    )


def _p_value(each: Counted, recent_of: int, before_of: int, direction: Direction) -> float:
    share, both = recent_of / (recent_of + before_of), each.recent + each.before
    if direction is Direction.EMERGING:
        return upper_tail(each.recent, both, share)
    return upper_tail(each.before, both, 1 - share)


def _level(told: int, tested: int, rate: float) -> float:
    """Level of the intervals of what is told, of so many that were tested."""
    return 1 - rate * told / tested if tested else 1 - rate
