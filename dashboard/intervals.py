"""Intervals of the figures on the dashboard. Pure arithmetic on counts; every interval is 95 %.

Counts of vacancies are more variable than Poisson counts, so each formula carries the Fano factor
φ = variance / mean of the series it is about, never below 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, variance
from typing import Final, TypeVar

K = TypeVar("K")
Z95: Final = 1.959964
BASE: Final = 8
"""Counts, one a week, whose mean says what to expect next."""
_ERRORS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval; `n` is the number of observations behind it."""

    value: float
    lower: float
    upper: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether chance alone is an unlikely explanation of a difference from zero."""
        return self.lower > 0 or self.upper < 0


def fano(counts: Sequence[int]) -> float:
    """Variance-to-mean ratio of `counts`, at least 1; 1 where it cannot be estimated."""
    return max(1.0, raw_fano(counts) or 1.0)


def raw_fano(counts: Sequence[int]) -> float | None:
    """Variance-to-mean ratio of `counts` as it is; `None` where it cannot be estimated."""
    mean = fmean(counts) if counts else 0.0
    return variance(counts) / mean if len(counts) >= 3 and mean > 0 else None


def expected_count(past: Sequence[int], share: float = 1.0) -> Interval | None:
    """What the next count should be if nothing changes, or `None` without past: mean of the last 8.

    Prediction interval on the square-root scale, where the variance of a count is about φ/4:
    (√μ ± z·s)². s is how far this very rule was off over the last 26 counts (1.4826 × the median
    absolute error), so that trend and season widen it as they should, and never below what chance
    alone brings, √(1 + 1/k)/2. With little past s is √(φ(1 + 1/k))/2.

    Args:
        past: counts of ordinary weeks, in order.
        share: the least part of an ordinary week that the next one can be (holidays), 0 to 1. The
            interval then reaches from that part's lower end to the whole week's upper end, and
            the value lies in the middle between both.
    """
    if not past:
        return None
    base = past[-BASE:]
    root, chance = math.sqrt(fmean(base)), math.sqrt(1 + 1 / len(base)) / 2
    errors = _past_errors(past)
    if len(errors) >= BASE:
        half = Z95 * max(chance, 1.4826 * median(errors))
    else:
        half = Z95 * chance * math.sqrt(fano(base))
    lower, upper = max(0.0, root * math.sqrt(share) - half) ** 2, (root + half) ** 2
    return Interval(value=root**2 * (1 + share) / 2, lower=lower, upper=upper, n=sum(base))


def _past_errors(past: Sequence[int]) -> list[float]:
    return [
        abs(math.sqrt(past[at]) - math.sqrt(fmean(past[at - BASE : at])))
        for at in range(max(BASE, len(past) - _ERRORS), len(past))
    ]


def log_change(
    now: int,
    before: int,
    dispersion: float = 1.0,
    *,
    now_share: float = 1.0,
    before_share: float = 1.0,
) -> Interval:
    """ln((now + ½)/(before + ½)) of two counts over equally long periods.

    Standard error √(φ(1/(now + ½) + 1/(before + ½))). Where holidays may have left a period only
    a share of what it would have held, the interval reaches further by the logarithm of that
    share: a fall in the newer period, or a rise over the older one, may be all the holidays'.

    Args:
        now: count of the newer period.
        before: count of the older period.
        dispersion: φ, variance over mean, at least 1.
        now_share: least share of an ordinary period that the newer one can hold, above 0 to 1.
        before_share: the same of the older.
    """
    a, b = now + 0.5, before + 0.5
    value = math.log(a / b)
    half = Z95 * math.sqrt(dispersion * (1 / a + 1 / b))
    lower, upper = value - half + math.log(before_share), value + half - math.log(now_share)
    return Interval(value=value, lower=lower, upper=upper, n=now + before)


def share(successes: int, n: int) -> Interval | None:
    """A proportion with Wilson's score interval (1927), or `None` for n = 0."""
    if n == 0:
        return None
    p, z2 = successes / n, Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Interval(value=p, lower=max(0.0, centre - half), upper=min(1.0, centre + half), n=n)


def p_value(change: Interval) -> float:
    """Two-sided p-value of `change` against zero, from the side of its interval that is nearer."""
    side = change.upper - change.value if change.value < 0 else change.value - change.lower
    return math.erfc(abs(change.value) / (side / Z95) / math.sqrt(2))


def discoveries(changes: Mapping[K, Interval], rate: float = 0.1) -> list[K]:
    """Keys whose change stands out when all are looked at together, the clearest first.

    Benjamini and Hochberg (1995): of those named, at most `rate` are expected to be chance.
    """
    ranked = sorted(
        (p_value(change), index, key) for index, (key, change) in enumerate(changes.items())
    )
    passing = [
        rank for rank, (p, _, _) in enumerate(ranked, start=1) if p <= rate * rank / len(ranked)
    ]
    return [key for _, _, key in ranked[: max(passing, default=0)]]
