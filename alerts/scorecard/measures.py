"""Shares and medians of a scorecard, each with how many stand behind it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from alerts.indicators.spread import share

LEAST: Final = 5
"""Fewer cases than this are counted, not assessed."""
_TAIL: Final = 40
"""One in so many lies below the interval, and one above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` of `of`; value and 95 % interval (Jeffreys) are None below `LEAST` cases.

    The interval reaches to 0 where there is no hit and to 1 where there is nothing else, as Brown,
    Cai and DasGupta (2001) advise: the value always lies within it.
    """

    hits: int
    of: int
    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """Median of `n` values; None below `LEAST`, the interval also where n gives none at 95 %."""

    n: int
    value: float | None
    lower: float | None
    upper: float | None


def share_of(outcomes: Iterable[bool]) -> Share:
    """The share of outcomes that are true."""
    known = list(outcomes)
    hits, of = sum(known), len(known)
    if of < LEAST:
        return Share(hits=hits, of=of, value=None, lower=None, upper=None)
    lower, upper = share(hits, of)
    return Share(
        hits=hits, of=of, value=hits / of,
        lower=lower if hits else 0.0, upper=upper if hits < of else 1.0,
    )  # fmt: skip


def middle_of(values: Iterable[float]) -> Middle:
    """The median with the interval of order statistics: it assumes no distribution."""
    known = sorted(values)
    n = len(known)
    if n < LEAST:
        return Middle(n=n, value=None, lower=None, upper=None)
    rank = _tail_rank(n)
    ends = (known[rank - 1], known[n - rank]) if rank >= 1 else (None, None)
    return Middle(n=n, value=median(known), lower=ends[0], upper=ends[1])


def _tail_rank(n: int) -> int:
    """How many of `n` throws of a coin are heads at most, with a chance of `1 / _TAIL` at least.

    By whole numbers, exactly; scipy.stats would say the same, and its import costs every start of
    dashboard and alert process half a second.
    """
    ways, below = 1, 1  # of k heads, and of k or fewer
    for k in range(n):
        if below * _TAIL >= 2**n:
            return k
        ways = ways * (n - k) // (k + 1)
        below += ways
    return n
