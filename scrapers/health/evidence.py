"""Shares, levels and rates learned from healthy runs, and evidence against them. Pure.

Every share is judged by a log-likelihood ratio of two Bernoulli models: the source as it was
(p0, learned) against a clearly different one (p1, below). Evidence of successive runs is pooled
by Page's rule, S ← max(0, S + llr), so that many runs of one posting weigh like one run of many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, expm1, lgamma, log
from typing import Final

CERTAIN: Final = 10.0
"""Evidence (natural logarithm) at which a change is taken as established: odds of 22,000 to 1."""
DOUBT: Final = 5.0
"""Evidence at which a run is suspicious: odds of 150 to 1."""
ENOUGH: Final = 10.0
"""Observations learned before a share is judged at all."""
_MEMORY: Final = 300.0
"""Observations after which an old one weighs 1/e."""
_CEILING, _FLOOR = 0.995, 0.005
_LOST: Final = 0.3
"""The alternative of a fall: less than a third of the share is left."""
_GAINED: Final = 0.3
"""The alternative of a rise: at least this share, or four times the usual one."""
_RELIEF: Final = -0.6
"""Evidence of one run by which a share that had failed counts as restored: one posting that has
the field again, or two without the fault."""
_DAYS: Final = 30.0
_SPREAD: Final = 20.0
"""Closings come together (an employer leaves, a month ends): concentration of the Beta prior."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often something was so in healthy runs, and evidence that it no longer is."""

    hits: float = 0.0
    n: float = 0.0
    evidence: float = 0.0

    @property
    def expected(self) -> float:
        """Posterior mean under Jeffreys' prior."""
        return (self.hits + 0.5) / (self.n + 1.0)

    @property
    def is_known(self) -> bool:
        """Whether enough was learned to judge by."""
        return self.n >= ENOUGH


def fall(share: Share, hits: float, n: float) -> float:
    """Evidence of `hits` of `n` that less than a third of the share is left."""
    p0 = min(max(share.expected, _FLOOR), _CEILING)
    return _llr(p0, _LOST * p0, hits, n)


def rise(share: Share, hits: float, n: float) -> float:
    """Evidence of `hits` of `n` that the share rose to 0.3, or to its fourfold."""
    p0 = min(max(share.expected, _FLOOR), _CEILING)
    p1 = min(max(_GAINED, 4 * p0), 0.98)
    return _llr(p0, p1, hits, n) if p1 > p0 else 0.0


def pooled(share: Share, llr: float) -> Share:
    """The share with a run's evidence added; never below zero, never beyond twice certain."""
    return replace(share, evidence=min(max(0.0, share.evidence + llr), 2 * CERTAIN))


def is_restored(llr: float, n: float) -> bool:
    """Whether a run speaks for the share as it was."""
    return n > 0 and llr <= _RELIEF


def learned(share: Share, hits: float, n: float) -> Share:
    """The share with a healthy run taken in; older runs fade."""
    kept = exp(-n / _MEMORY)
    return replace(share, hits=share.hits * kept + hits, n=share.n * kept + n)


def _llr(p0: float, p1: float, hits: float, n: float) -> float:
    return hits * log(p1 / p0) + (n - hits) * log((1 - p1) / (1 - p0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Mean and variance of a logarithm, exponentially weighted."""

    mean: float = 0.0
    variance: float = 0.0
    runs: int = 0

    def learn(self, value: float, weight: float) -> Level:
        """The level with one more value; the first ones are averaged plainly."""
        share = max(weight, 1.0 / (self.runs + 1))
        step = value - self.mean
        return Level(
            mean=self.mean + share * step,
            variance=(1 - share) * (self.variance + share * step * step),
            runs=self.runs + 1,
        )


def weight_of(days: float) -> float:
    """Weight of a run that came `days` after the one before: a month of memory, however often
    the source is crawled."""
    return -expm1(-max(days, 0.0) / _DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Events per unit of exposure (posting-days, days), with a prior of one event in `_DAYS`."""

    events: float = 0.0
    exposure: float = 0.0

    @property
    def expected(self) -> float:
        """Events per unit of exposure."""
        return (self.events + 1.0) / (self.exposure + _DAYS)

    def learn(self, events: float, exposure: float, days: float) -> Rate:
        """The rate with a healthy run taken in."""
        kept = 1.0 - weight_of(days)
        return Rate(events=self.events * kept + events, exposure=self.exposure * kept + exposure)


def vanishing(rate: Rate, gone: int, shown: int, days: float) -> float:
    """Evidence (−ln p) of `gone` of `shown` open postings being off the listing after `days`.

    p is the upper tail of the Beta-Binomial with mean 1 − exp(−rate · days), at least 0.01.
    """
    if not gone:
        return 0.0
    mean = min(max(-expm1(-rate.expected * days), 0.01), 0.9)
    return -log(max(tail(gone, shown, mean * _SPREAD, (1 - mean) * _SPREAD), 1e-30))


def expected_gone(rate: Rate, days: float) -> float:
    """Share of open postings expected to have gone after `days`."""
    return -expm1(-rate.expected * days)


def tail(hits: int, n: int, a: float, b: float) -> float:
    """P(X ≥ hits) of the Beta-Binomial with `n` trials and prior Beta(a, b)."""
    fixed = lgamma(n + 1) + lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(n + a + b)
    total = 0.0
    for k in range(hits, n + 1):
        total += exp(fixed + lgamma(k + a) + lgamma(n - k + b) - lgamma(k + 1) - lgamma(n - k + 1))
    return min(total, 1.0)
