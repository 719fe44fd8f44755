"""Forecasts of one series some periods ahead: a hedge over simple forecasters, with intervals.

Strictly online: a forecast is made, its outcome arrives some periods later, is scored, and only
then teaches. Each horizon has weights and intervals of its own. Non-negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Final

from alerts.forecasts.conformal import Conformal, below
from alerts.forecasts.members import MEMBERS, Members

METHOD: Final = "hedge-aci/1"
_RATE: Final = 0.25
"""Learning rate of the hedge: losses are in units of the recent loss of the naive forecast."""
_SHARE: Final = 0.01
"""Weight that is dealt out again after every outcome, so that any forecaster can return."""
_STEP_MEMORY: Final = 0.03
_LEAST_STEP: Final = 0.15
_TRUST: Final = (2.0, 2.0, 0.5)
"""First weights, relative to 1: of the naive forecast, of the level, of the seasonal naive."""
LEAST_HISTORY: Final = 8
"""Periods before the first forecast is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected `ahead` periods after the last one observed."""

    ahead: int
    value: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float
    n: int
    """Periods that it rests on."""


@dataclass(slots=True)
class _Pending:
    """A forecast whose outcome is awaited."""

    due: int
    members: list[float]
    value: float
    step: float
    bounds: list[float]


class Horizon:
    """One horizon: weights of the forecasters, bounds of the errors, forecasts not yet due."""

    __slots__ = ("ahead", "bounds", "losses", "pending", "scale", "weights")

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead
        first = [1.0] * len(MEMBERS)
        for name, weight in zip(("naive", "level", "seasonal_naive"), _TRUST, strict=True):
            first[MEMBERS.index(name)] = weight
        self.weights = [w / sum(first) for w in first]
        self.losses = 0
        self.scale = 0.0
        self.bounds = Conformal(1.25 * sqrt(ahead))
        self.pending: list[_Pending] = []

    def combine(self, members: list[float]) -> float:
        """The forecasters' weighted mean (square root)."""
        return sum(w * z for w, z in zip(self.weights, members, strict=True))

    def settle(self, count: int, z: float | None) -> None:
        """Score the forecast that is due now; None: its period was not observed."""
        while self.pending and self.pending[0].due <= count:
            due = self.pending.pop(0)
            if z is not None:
                self._learn(due, z)

    def _learn(self, due: _Pending, z: float) -> None:
        losses = [abs(z - member) for member in due.members]
        self.losses += 1
        self.scale += (losses[0] + 1e-9 - self.scale) / min(self.losses, 50)
        unit = max(self.scale, 1e-6)
        raw = [
            w * exp(-_RATE * min(loss / unit, 5.0))
            for w, loss in zip(self.weights, losses, strict=True)
        ]
        total = sum(raw)
        self.weights = [(1.0 - _SHARE) * r / total + _SHARE / len(raw) for r in raw]
        self.bounds.learn((z - due.value) / due.step, due.bounds)

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        return {
            "ahead": self.ahead, "weights": list(self.weights), "losses": self.losses,
            "scale": self.scale, "bounds": self.bounds.export(),
            "pending": [[p.due, list(p.members), p.value, p.step, list(p.bounds)]
                        for p in self.pending],
        }  # fmt: skip

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Horizon:
        """The horizon whose `export()` is `state`."""
        made = cls(int(state["ahead"]))
        made.weights, made.losses = list(state["weights"]), int(state["losses"])
        made.scale = float(state["scale"])
        made.bounds = Conformal.restore(state["bounds"])
        made.pending = [
            _Pending(int(due), list(members), float(value), float(step), list(bounds))
            for due, members, value, step, bounds in state["pending"]
        ]
        return made


class Forecaster:
    """Forecasts of one series. Feed it period by period; `export()` and `restore()` are exact."""

    __slots__ = ("count", "horizons", "members", "phase", "step")

    def __init__(self, *, period: int, aheads: tuple[int, ...]) -> None:
        """A forecaster.

        Args:
            period: observations in a year.
            aheads: horizons in periods.
        """
        self.members = Members(period)
        self.horizons = [Horizon(ahead) for ahead in aheads]
        self.step = 0.0
        """Typical change from one period to the next (square roots)."""
        self.count = 0
        self.phase = 0

    def update(self, phase: int, value: float | None) -> None:
        """Take in the next period: first score what was forecast for it, then learn.

        Args:
            phase: number of the period within its year.
            value: not negative; None: not observed.

        Raises:
            ValueError: the value is negative or not a number.
        """
        if value is not None and not 0.0 <= value < float("inf"):
            raise ValueError(f"expected a number of 0 or more, not {value}")
        self.count += 1
        self.phase = phase
        z = None if value is None else sqrt(value)
        for horizon in self.horizons:
            horizon.settle(self.count, z)
        if value is None or z is None:
            self.members.skip()
        else:
            if self.members.count:
                change = abs(z - self.members.recent[-1])
                gain = max(_STEP_MEMORY, 1.0 / self.members.count)
                self.step += gain * (change - self.step)
            self.members.learn(phase, value)
        if self.members.count:
            self._look_ahead()

    def _look_ahead(self) -> None:
        step = max(self.step, _LEAST_STEP)
        for horizon in self.horizons:
            members = self.members.predict(self.phase, horizon.ahead)
            horizon.pending.append(
                _Pending(
                    self.count + horizon.ahead, members, horizon.combine(members), step,
                    horizon.bounds.bounds(),
                )
            )  # fmt: skip

    def forecasts(self) -> list[Forecast]:
        """What is expected at each horizon; none before `LEAST_HISTORY` periods."""
        if self.members.count < LEAST_HISTORY:
            return []
        return [_told(horizon, self.members.count) for horizon in self.horizons]

    def chance_above(self, ahead: int, value: float) -> float | None:
        """Probability that the period `ahead` exceeds `value`; None before there is a forecast."""
        horizon = next(h for h in self.horizons if h.ahead == ahead)
        if self.members.count < LEAST_HISTORY or not horizon.bounds.errors:
            return None
        last = horizon.pending[-1]
        error = (sqrt(max(value, 0.0)) - last.value) / last.step
        return 1.0 - below(sorted(horizon.bounds.errors), error)

    def weights(self, ahead: int) -> dict[str, float]:
        """Weight of each simple forecaster at a horizon."""
        horizon = next(h for h in self.horizons if h.ahead == ahead)
        return dict(zip(MEMBERS, horizon.weights, strict=True))

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        return {
            "count": self.count, "phase": self.phase, "step": self.step,
            "members": self.members.export(),
            "horizons": [horizon.export() for horizon in self.horizons],
        }  # fmt: skip

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Forecaster:
        """The forecaster whose `export()` is `state`; it continues bit for bit."""
        made = cls(period=int(state["members"]["period"]), aheads=())
        made.count, made.phase = int(state["count"]), int(state["phase"])
        made.step = float(state["step"])
        made.members = Members.restore(state["members"])
        made.horizons = [Horizon.restore(each) for each in state["horizons"]]
        return made


def _told(horizon: Horizon, n: int) -> Forecast:
    last = horizon.pending[-1]
    low95, low80, high80, high95 = (
        max(last.value + last.step * bound, 0.0) ** 2 for bound in last.bounds
    )
    value = last.value**2
    return Forecast(
        ahead=horizon.ahead, value=value,
        lower_80=min(low80, value), upper_80=max(high80, value),
        lower_95=min(low95, value), upper_95=max(high95, value), n=n,
    )  # fmt: skip
