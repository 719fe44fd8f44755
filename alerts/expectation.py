"""What a cell is expected to count on a day: a Gamma-Poisson rate learned online, with a delay.

The rate λ of a day of exposure 1 has a Gamma(a, b) posterior with exponential forgetting
(half-life), so the predictive is negative binomial. Exposure carries what is known beforehand
(holidays, sources that were out, the nation's weekday profile); a cell's own weekday profile is
learned as shrunken ratios, its trend and season in `alerts.course`. Counts teach only after a guard
lag, so that a change cannot raise its own expectation before it is seen.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final, Self

_WEEKDAY_WEIGHT: Final = 12.0
"""Expected vacancies a weekday must have seen before its own ratio counts for half."""
_WEEKDAY_MEMORY: Final = 0.5 ** (1.0 / 365.0)
_DISPERSION_PRIOR: Final = 1.3
_DISPERSION_WEIGHT: Final = 30.0
_DISPERSION_MEMORY: Final = 0.5 ** (1.0 / 180.0)
_DISPERSION_LIMITS: Final = (1.05, 25.0)
_SQUARE_LIMIT: Final = 16.0
"""A single day moves the dispersion by no more than a residual of four standard deviations."""

Item = tuple[int, float, float, float]
"""Ordinal day, count, exposure, expectation when it was predicted."""


class RateExpectation:
    """Expectation of one cell. All state is plain numbers: `export()` and `restore()` are exact."""

    __slots__ = (
        "a", "b", "days", "disp_n", "disp_sum", "guard", "pending",
        "weekday_e", "weekday_f", "weekday_y",
    )  # fmt: skip

    def __init__(self, guard_days: int) -> None:
        self.guard = guard_days
        self.a = 0.5
        self.b = 0.5
        self.days = 0
        self.disp_sum = _DISPERSION_PRIOR * _DISPERSION_WEIGHT
        self.disp_n = _DISPERSION_WEIGHT
        self.weekday_y = [0.0] * 7
        self.weekday_e = [0.0] * 7
        self.weekday_f = [1.0] * 7
        self.pending: deque[Item] = deque()

    @property
    def rate(self) -> float:
        """Expected vacancies on a day of exposure 1."""
        return self.a / self.b

    @property
    def dispersion(self) -> float:
        """Variance over mean of a day's count (Fano factor), shrunken and bounded."""
        low, high = _DISPERSION_LIMITS
        return min(max(self.disp_sum / self.disp_n, low), high)

    def predict(self, ordinal: int, exposure: float) -> float:
        """Expected count on the day before seeing it."""
        return self.rate * exposure * self._shape(ordinal)

    def precision(self, mean: float) -> float:
        """Size r of the negative binomial with `mean`: day-to-day spread and doubt of the rate.

        1/r = (φ-1)/μ + 1/a: quasi-likelihood dispersion plus the posterior's own variance.
        """
        return 1.0 / ((self.dispersion - 1.0) / mean + 1.0 / self.a) if mean > 0.0 else self.a

    def observe(self, ordinal: int, count: float, exposure: float, half_life: float) -> None:
        """Keep the day; let days older than the guard lag teach."""
        self.pending.append((ordinal, count, exposure, self.predict(ordinal, exposure)))
        while self.pending and ordinal - self.pending[0][0] >= self.guard:
            self._learn(self.pending.popleft(), half_life)

    def days_since(self, ordinal: int) -> list[tuple[int, float, float]]:
        """The untaught days from `ordinal` on: day, count and shaped exposure."""
        return [(d, y, e * self._shape(d)) for d, y, e, _ in self.pending if d >= ordinal]

    def forget_since(self, ordinal: int) -> tuple[float, float]:
        """Take the untaught days from `ordinal` on; return their count and shaped exposure."""
        count = exposure = 0.0
        while self.pending and self.pending[-1][0] >= ordinal:
            day, y, e, _ = self.pending.pop()
            count += y
            exposure += e * self._shape(day)
        return count, exposure

    def settle(self, rate: float, weight: float) -> None:
        """Start again at `rate` with a certainty worth `weight` vacancies."""
        self.a = max(weight, 0.5)
        self.b = self.a / max(rate, 1e-3)

    def rescale(self, factor: float) -> None:
        """The cell now sees `factor` times as much for a reason that is not demand."""
        self.b /= factor
        self.pending = deque((d, y, e / factor, mu) for d, y, e, mu in self.pending)

    def _shape(self, ordinal: int) -> float:
        return self.weekday_f[(ordinal - 1) % 7] * self._season(ordinal)

    def _season(self, ordinal: int) -> float:
        """What the time of the year, or a trend, makes of the rate; here nothing."""
        del ordinal
        return 1.0

    def _learn(self, item: Item, half_life: float) -> None:
        ordinal, y, exposure, expected = item
        self.days += 1
        if expected > 0.0 and self.days > 7:
            square = min((y - expected) ** 2 / expected, _SQUARE_LIMIT * self.dispersion)
            self.disp_sum = self.disp_sum * _DISPERSION_MEMORY + square
            self.disp_n = self.disp_n * _DISPERSION_MEMORY + 1.0
        weekday = (ordinal - 1) % 7
        plain = exposure * self._season(ordinal)
        self._learn_weekday(weekday, y, plain * self.rate)
        self._learn_level(ordinal, y, exposure * self.weekday_f[weekday], half_life)

    def _learn_level(self, ordinal: int, y: float, exposure: float, half_life: float) -> None:
        """Teach the rate by a day's count.

        Args:
            ordinal: of the day.
            y: count.
            exposure: with the weekday's ratio, without the season's.
            half_life: days after which a day counts for half.
        """
        keep = 0.5 ** (1.0 / half_life)
        self.a = max(self.a * keep + y, 0.5)
        self.b = self.b * keep + exposure * self._season(ordinal)

    def _learn_weekday(self, weekday: int, y: float, plain: float) -> None:
        if self.days < 7:
            return
        ys, es = self.weekday_y, self.weekday_e
        ys[weekday] = ys[weekday] * _WEEKDAY_MEMORY**7 + y
        es[weekday] = es[weekday] * _WEEKDAY_MEMORY**7 + plain
        raw = [(c + _WEEKDAY_WEIGHT) / (e + _WEEKDAY_WEIGHT) for c, e in zip(ys, es, strict=True)]
        mean = sum(raw) / 7.0
        self.weekday_f = [r / mean for r in raw]

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        state: dict[str, Any] = {name: getattr(self, name) for name in RateExpectation.__slots__}
        state["pending"] = [list(item) for item in self.pending]
        return {k: list(v) if isinstance(v, list) else v for k, v in state.items()}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Self:
        """The expectation whose `export()` is `state`; continues bit for bit."""
        made = cls(int(state["guard"]))
        for name in RateExpectation.__slots__:
            value = state[name]
            setattr(made, name, list(value) if isinstance(value, list) else value)
        made.pending = deque(
            (int(d), float(y), float(e), float(m)) for d, y, e, m in state["pending"]
        )
        return made
