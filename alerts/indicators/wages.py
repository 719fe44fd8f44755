"""Real growth of advertised pay at an equal mix of occupations and sources. Pure.

Hedonic regression at the median: ln pay on the period, with effects of occupation and source; the
period's coefficient is the growth. Its interval is by the Bayesian bootstrap over employers
(Rubin 1981): an employer's postings are weighted together, so bunches are respected. Draws of a
median have longer tails than the median itself has errors, above all of few postings: their
standard deviation was 1.2 times the true one at 30. So the spread is read from the middle half of
the draws, and Student's law stands for how little few employers tell of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log
from typing import Final

import numpy as np
from scipy.special import ndtri, stdtrit

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.quantiles import Floats, fit
from warehouse.series import Standing

REAL: Final = "hedonic-median-real/2"
NOMINAL: Final = "hedonic-median-nominal/2"
FEWEST: Final = 30
"""Postings with pay, both periods together."""
FEWEST_A_SIDE: Final = 10
_FEWEST_OF_A_LEVEL: Final = 4
"""Occupations and sources with fewer postings share one effect."""
_DRAWS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Pay that one posting advertises."""

    pay: float
    """Kip a month, current prices; the middle of a range."""
    now: bool
    """Of the later period, or of the one it is compared with."""
    occupation: str
    source: str
    employer: int = 0
    """Any number that tells employers apart; 0: not named, an employer of its own."""

    def __post_init__(self) -> None:
        if not (isfinite(self.pay) and self.pay > 0):
            raise ValueError(f"pay: expected a finite number above 0, got {self.pay}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Consumer price index of the two periods, on one base, as the statistics office states it."""

    before: float
    now: float

    def __post_init__(self) -> None:
        if not (isfinite(self.before) and isfinite(self.now) and min(self.before, self.now) > 0):
            raise ValueError(f"prices: expected finite numbers above 0, got {self}")


def wage_growth(offers: Sequence[Offer], prices: Prices | None, *, seed: int) -> Estimated:
    """ln of pay now over before, occupation and source equal; real where `prices` are given.

    `DOES_NOT_CONVERGE`: every occupation or source was seen in one period only, so that growth
    cannot be told from the mix.
    """
    n, method = len(offers), NOMINAL if prices is None else REAL
    sides = Counter(offer.now for offer in offers)
    if n < FEWEST or min(sides[True], sides[False]) < FEWEST_A_SIDE:
        return untold(Standing.TOO_FEW, n=n, method=method)
    design = _design(offers)
    if _mixed_up(design):
        return untold(Standing.DOES_NOT_CONVERGE, n=n, method=method)
    outcome = np.log([offer.pay for offer in offers])
    centre = float(np.median(outcome))
    weights = _weights(offers, seed)
    drawn = fit(design, outcome - centre, weights)[:, 0]
    inflation = 0.0 if prices is None else log(prices.now / prices.before)
    value = float(drawn[0]) - inflation
    worth = max(len(set(_bunches(offers))) - design.shape[1], 2)
    spread = float(stdtrit(worth, 0.975)) * _deviation(drawn[1:])
    return Estimated(value=value, lower=value - spread, upper=value + spread, n=n, method=method)


def _deviation(draws: Floats) -> float:
    """Standard deviation of the normal law whose middle half is as wide as that of `draws`."""
    lower, upper = np.quantile(draws, (0.25, 0.75))
    return float((upper - lower) / (2 * ndtri(0.75)))


def _design(offers: Sequence[Offer]) -> Floats:
    """Period, constant, and an effect of each occupation and source but the commonest."""
    columns = [[float(offer.now) for offer in offers], [1.0] * len(offers)]
    for names in ([o.occupation for o in offers], [o.source for o in offers]):
        levels = _levels(names)
        columns += [[float(name == level) for name in levels] for level in _others(levels)]
    return np.array(columns).T


def _levels(names: Sequence[str]) -> list[str | None]:
    counted = Counter(names)
    return [name if counted[name] >= _FEWEST_OF_A_LEVEL else None for name in names]


def _others(levels: Sequence[str | None]) -> list[str | None]:
    counted = Counter(levels)
    ranked = sorted(counted, key=lambda level: (-counted[level], level is not None, level or ""))
    return ranked[1:]


def _mixed_up(design: Floats) -> bool:
    """Whether the period is a sum of the other columns."""
    rest = design[:, 1:]
    left = design[:, 0] - rest @ np.linalg.lstsq(rest, design[:, 0], rcond=None)[0]
    return bool(left @ left < 1e-8 * len(design))


def _weights(offers: Sequence[Offer], seed: int) -> Floats:
    """Ones for the estimate, then exponential weights of employers, one row a draw."""
    bunches = _bunches(offers)
    names = {name: place for place, name in enumerate(dict.fromkeys(bunches))}
    drawn = np.random.default_rng(seed).exponential(size=(_DRAWS, len(names)))
    rows = np.ones((_DRAWS + 1, len(offers)))
    rows[1:] = drawn[:, [names[bunch] for bunch in bunches]]
    return rows


def _bunches(offers: Sequence[Offer]) -> list[int]:
    return [offer.employer or -place - 1 for place, offer in enumerate(offers)]
