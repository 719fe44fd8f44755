"""Intervals whose coverage is steered online: each tail of a forecast's errors has its own dial.

The nominal rate α of a tail is moved after every outcome by γ(α - missed) (Gibbs & Candès 2021,
adaptive conformal inference); the bound is the quantile of recent errors at the dialled rate.
Errors are divided by the series' own step size, so that they stay comparable while it grows.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from statistics import NormalDist
from typing import Any, Final

TAILS: Final = (0.025, 0.1, 0.9, 0.975)
"""Lower 95, lower 80, upper 80, upper 95."""
WINDOW: Final = 156
_GAMMA: Final = 0.03
_BEYOND: Final = 0.03
"""How far a dial may leave 0 to 1: outcomes that come late would else move it on long after."""
_PRIOR: Final = 16
"""Errors of a normal law that stand in before any of its own are known."""
_NORMAL: Final = [NormalDist().inv_cdf((i + 0.5) / _PRIOR) for i in range(_PRIOR)]


class Conformal:
    """Bounds of the errors of one forecast horizon. `export()` and `restore()` are exact."""

    __slots__ = ("errors", "rates", "spread")

    def __init__(self, spread: float) -> None:
        self.spread = spread
        """Standard error of the stand-in errors, in step sizes."""
        self.rates = list(TAILS)
        self.errors: list[float] = []

    def bounds(self) -> list[float]:
        """Errors at `TAILS`, in step sizes, never crossing."""
        held: list[float] = []
        stand_in = _NORMAL if len(self.errors) < 2 * _PRIOR else ()
        for error in (*self.errors, *(self.spread * z for z in stand_in)):
            insort(held, error)
        found = [_quantile(held, rate) for rate in self.rates]
        return sorted(found)

    def learn(self, error: float, bounds: list[float]) -> None:
        """Take in an outcome: its error, and the bounds that had been given for it."""
        for i, tail in enumerate(TAILS):
            below = 1.0 if error < bounds[i] else 0.0
            moved = self.rates[i] + _GAMMA * (tail - below)
            self.rates[i] = min(max(moved, -_BEYOND), 1.0 + _BEYOND)
        self.errors.append(error)
        del self.errors[:-WINDOW]

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        return {"spread": self.spread, "rates": list(self.rates), "errors": list(self.errors)}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Conformal:
        """The bounds whose `export()` is `state`."""
        made = cls(float(state["spread"]))
        made.rates, made.errors = list(state["rates"]), list(state["errors"])
        return made


def below(held: list[float], value: float) -> float:
    """Share of sorted errors below `value`, never 0 or 1."""
    return (bisect_left(held, value) + 0.5) / (len(held) + 1.0)


def _quantile(held: list[float], rate: float) -> float:
    """Quantile of sorted errors at positions i/(n+1); beyond the ends, further by its own spread.

    A dial beyond 0 or 1 has missed too often: the bound moves out by a tenth of the range for
    each hundredth.
    """
    n = len(held)
    place = rate * (n + 1) - 1.0
    reach = held[-1] - held[0]
    if place <= 0.0:
        return held[0] + reach * min(place / (n + 1), 0.0) * 10.0
    if place >= n - 1:
        return held[-1] + reach * max((place - n + 1) / (n + 1), 0.0) * 10.0
    i = int(place)
    return held[i] + (place - i) * (held[i + 1] - held[i])
