"""The course of a cell's rate: level, trend and yearly wave, learned together and with their doubt.

A dynamic generalised linear model (West, Harrison and Migon 1985). The log rate of a day is linear
in level, slope, and a cosine and sine of the year. Given a forecast with variance S, the rate has a
Gamma posterior as in `alerts.expectation`, whose mean moves all four by linear Bayes: by how much
each was in doubt, and how far their errors go together. With S the level's alone it is the
Gamma-Poisson rate. What a year looks like is told by nobody before the year has come round; the
prior says how much a wave or a trend may be, and what is not known of them weakens every test.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, exp, log, pi, sin
from typing import Any, Final, Self

from alerts.expectation import RateExpectation

_SLOPE_DEVIATION: Final = 0.1
"""A trend of so much a year (log rate) is usual…"""
_WAVE_DEVIATION: Final = 0.08
"""…and so much of a yearly cosine and sine each."""
_PRIOR: Final = (_SLOPE_DEVIATION**2, _WAVE_DEVIATION**2, _WAVE_DEVIATION**2)
_YEAR: Final = 365.25
_CHANGES: Final = 2.0 ** (1.0 / (5.0 * _YEAR))
"""A wave and a trend of five years ago count for half."""
_TERMS: Final = 4


class SeasonalExpectation(RateExpectation):
    """Expectation of one cell with trend and season. `a` is the level's certainty: 1 / variance."""

    __slots__ = ("covariance", "doubt", "seasons", "today")

    def __init__(self, guard_days: int) -> None:
        super().__init__(guard_days)
        self.seasons = [0.0, 0.0, 0.0]
        """Slope a year, cosine, sine: of the log rate."""
        self.covariance = [[0.0] * _TERMS for _ in range(_TERMS)]
        """Of level, slope, cosine and sine; the level's variance is 1 / `a`."""
        for i, variance in enumerate((1.0 / self.a, *_PRIOR)):
            self.covariance[i][i] = variance
        self.today = 0
        """Ordinal of the last day that taught: the level is that day's."""
        self.doubt = 1.0 / self.a
        """Variance of the log rate of the day that was predicted last."""

    def predict(self, ordinal: int, exposure: float) -> float:
        """Expected count on the day before seeing it; what is doubted of it is kept."""
        terms = self._terms(ordinal)
        self.doubt = _dot(terms, _times(self.covariance, terms))
        return super().predict(ordinal, exposure)

    def precision(self, mean: float) -> float:
        """Size r of the negative binomial: 1/r = (φ-1)/μ + variance of the predicted log rate."""
        return 1.0 / ((self.dispersion - 1.0) / mean + self.doubt) if mean > 0.0 else self.a

    def settle(self, rate: float, weight: float) -> None:
        """Start again at `rate` with a certainty worth `weight` vacancies; the season stays."""
        super().settle(rate, weight / self.dispersion)
        for i in range(1, _TERMS):
            self.covariance[0][i] = self.covariance[i][0] = 0.0
        self.covariance[0][0] = 1.0 / self.a

    def _season(self, ordinal: int) -> float:
        _, since, cosine, sine = self._terms(ordinal)
        slope, along, across = self.seasons
        return exp(slope * since + along * cosine + across * sine)

    def _terms(self, ordinal: int) -> tuple[float, float, float, float]:
        since = (ordinal - self.today) / _YEAR if self.today else 0.0
        return 1.0, since, *_of_year(ordinal)

    def _learn_level(self, ordinal: int, y: float, exposure: float, half_life: float) -> None:
        self._advance(ordinal)
        exposure *= self._season(ordinal)
        terms = self._terms(ordinal)
        gains = _times(self.covariance, terms)
        variance = _dot(terms, gains)
        spread = self.dispersion
        expected = self.rate * exposure
        certainty = 1.0 / variance
        moved = log((certainty + y / spread) / (certainty + expected / spread)) / variance
        learned = (1.0 - certainty / (certainty + expected / spread)) / variance
        level = log(self.rate) + gains[0] * moved
        for i in range(3):
            self.seasons[i] += gains[i + 1] * moved
        for i, row in enumerate(self.covariance):
            for j in range(_TERMS):
                row[j] -= gains[i] * gains[j] * learned
        self._forget(half_life)
        self.a = 1.0 / self.covariance[0][0]
        self.b = self.a / exp(level)

    def _advance(self, ordinal: int) -> None:
        """The level moves along the slope to the day."""
        since = (ordinal - self.today) / _YEAR if self.today else 0.0
        self.today = ordinal
        self.b /= exp(self.seasons[0] * since)
        rows = self.covariance
        rows[0][0] += since * (2.0 * rows[0][1] + since * rows[1][1])
        for i in range(1, _TERMS):
            rows[0][i] += since * rows[1][i]
            rows[i][0] = rows[0][i]

    def _forget(self, half_life: float) -> None:
        """The level by its half-life; trend and wave slowly, and never beyond what is usual."""
        rows = self.covariance
        keep = 2.0 ** (0.5 / half_life)
        for i in range(1, _TERMS):
            rows[0][i] = rows[i][0] = rows[0][i] * keep
        rows[0][0] *= keep * keep
        for i, usual in enumerate(_PRIOR, 1):
            rows[i][i] = min(rows[i][i] * _CHANGES, usual)

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        return super().export() | {
            "seasons": list(self.seasons),
            "covariance": [list(row) for row in self.covariance],
            "doubt": self.doubt,
            "today": self.today,
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Self:
        """The expectation whose `export()` is `state`; one of before 0.4 knows no season yet."""
        made = super().restore(state)
        made.covariance[0][0] = made.doubt = 1.0 / made.a
        if "covariance" in state:
            made.seasons = list(state["seasons"])
            made.covariance = [list(row) for row in state["covariance"]]
            made.doubt, made.today = state["doubt"], state["today"]
        return made


@lru_cache(maxsize=4096)
def _of_year(ordinal: int) -> tuple[float, float]:
    angle = 2.0 * pi * ordinal / _YEAR
    return cos(angle), sin(angle)


def _times(rows: Sequence[Sequence[float]], terms: Sequence[float]) -> list[float]:
    a, b, c, d = terms
    return [p * a + q * b + r * c + s * d for p, q, r, s in rows]


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(left, right, strict=True))
