"""Simple forecasters of one series, learned online in one pass; the hedge chooses among them.

Values are kept as square roots: that steadies the spread of counts, and a point forecast stays a
median when it is squared again. All state is plain numbers, so that a copy of it is exact.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

_LEVELS: Final = (0.08, 0.2, 0.5)
"""Smoothing of the three levels."""
_HOLTS: Final = ((0.9, 0.3, 0.9), (0.6, 0.15, 0.95), (0.3, 0.05, 0.9), (0.95, 0.5, 0.8))
"""Level, trend and damping of each trend forecaster."""
_RATES: Final = (0.5 ** (1.0 / 8.0), 0.5 ** (1.0 / 26.0))
"""Memory of the Gamma-Poisson rates: half-lives of 8 and 26 periods."""
_DRIFT: Final = 0.04
_SEASON_STEP: Final = 0.3
_SEASON_WEIGHT: Final = 1.0
"""Years a phase must have been seen before its season counts for half."""
MEMBERS: Final = (
    "naive", "drift", "seasonal_naive", "level_slow", "level", "level_fast",
    "holt_quick", "holt", "holt_slow", "holt_keen",
    "rate_8", "rate_26", "naive_season", "level_season", "holt_season", "repeat_season",
)  # fmt: skip


class Members:
    """The forecasters of one series. `export()` and `restore()` are exact."""

    __slots__ = (
        "count", "drift", "holts", "levels", "period", "rates", "recent", "season", "seen",
    )  # fmt: skip

    def __init__(self, period: int) -> None:
        self.period = period
        """Observations in a year."""
        self.count = 0
        self.drift = 0.0
        self.levels = [0.0] * len(_LEVELS)
        self.holts = [[0.0, 0.0] for _ in range(len(_HOLTS) + 1)]
        """Level and trend; the last one is of the series without its season."""
        self.rates = [[0.5, 0.5] for _ in _RATES]
        self.season = [0.0] * period
        self.seen = [0] * period
        self.recent: list[float] = []
        """Square roots of the last year's values and one more, the latest last."""

    def learn(self, phase: int, value: float) -> None:
        """Take in the value of the next period, which is number `phase` of its year."""
        z = sqrt(value)
        if not self.count:
            self.levels = [z] * len(self.levels)
            self.holts = [[z, 0.0] for _ in self.holts]
        else:
            self.drift += _DRIFT * (z - self.recent[-1] - self.drift)
        for i, step in enumerate(_LEVELS):
            self.levels[i] += step * (z - self.levels[i])
        for state, (a, b, damp) in zip(self.holts, _HOLTS, strict=False):
            _holt(state, z, a, b, damp)
        for rate, keep in zip(self.rates, _RATES, strict=True):
            rate[0], rate[1] = rate[0] * keep + value, rate[1] * keep + 1.0
        self._learn_season(phase, z)
        self._remember(z)

    def skip(self) -> None:
        """A period that was not observed: it repeats the one before, and teaches nothing."""
        if self.recent:
            self._remember(self.recent[-1])

    def _remember(self, z: float) -> None:
        self.count += 1
        self.recent.append(z)
        del self.recent[: -(self.period + 1)]

    def _learn_season(self, phase: int, z: float) -> None:
        p = phase % self.period
        self.seen[p] += 1
        _holt(self.holts[-1], z - self._season(p), *_HOLTS[1])
        self.season[p] += _SEASON_STEP * (z - self.levels[0] - self.season[p])

    def _season(self, phase: int) -> float:
        """Additive season, of a phase and its neighbours where a year has many."""
        p = phase % self.period
        near = (p - 1, p, (p + 1) % self.period) if self.period > 13 else (p,)
        return sum(
            self.season[q] * self.seen[q] / (self.seen[q] + _SEASON_WEIGHT) for q in near
        ) / len(near)

    def predict(self, phase: int, ahead: int) -> list[float]:
        """Square roots forecast for `ahead` periods after the last, in the order of `MEMBERS`.

        Args:
            phase: number in its year of the last period taken in.
            ahead: at least 1.
        """
        last, target = self.recent[-1], phase + ahead
        turn = self._season(target) - self._season(phase)
        year = self._year_before(ahead)
        found = [last, last + self.drift * ahead, year, *self.levels]
        found += [
            _ahead(state, damp, ahead)
            for state, (_, _, damp) in zip(self.holts, _HOLTS, strict=False)
        ]
        found += [sqrt(a / b) for a, b in self.rates]
        found += [
            last + turn,
            self.levels[1] + self._season(target),
            _ahead(self.holts[-1], _HOLTS[1][2], ahead) + self._season(target),
            last + 0.7 * (year - self._year_before(0)),
        ]
        return [max(z, 0.0) for z in found]

    def _year_before(self, ahead: int) -> float:
        """What was a year before the period `ahead` of the last; the last where not yet known."""
        ago = self.period - (ahead % self.period)
        if len(self.recent) <= self.period:
            return self.recent[-1]
        return self.recent[-1 - ago]

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        state = {name: getattr(self, name) for name in self.__slots__}
        for name in ("holts", "rates"):
            state[name] = [list(pair) for pair in state[name]]
        return {k: list(v) if isinstance(v, list) else v for k, v in state.items()}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Members:
        """The forecasters whose `export()` is `state`; they continue bit for bit."""
        made = cls(int(state["period"]))
        for name in cls.__slots__:
            value = state[name]
            setattr(made, name, list(value) if isinstance(value, list) else value)
        for name in ("holts", "rates"):
            setattr(made, name, [list(pair) for pair in state[name]])
        return made


def _holt(state: list[float], z: float, a: float, b: float, damp: float) -> None:
    """One step of Holt's method with a damped trend (Gardner & McKenzie 1985)."""
    level, trend = state
    state[0] = a * z + (1.0 - a) * (level + damp * trend)
    state[1] = b * (state[0] - level) + (1.0 - b) * damp * trend


def _ahead(state: list[float], damp: float, ahead: int) -> float:
    return state[0] + state[1] * damp * (1.0 - damp**ahead) / (1.0 - damp)
