"""The detector of monthly and quarterly series: residual CUSUM on differences to a year before.

The difference to the same month a year before takes the season out. It is compared with its own
slow mean on its own robust scale; an alarm re-bases the mean on the newest difference, so that the
echo of a crash twelve months later is told as what it is, a change back.
"""

from __future__ import annotations

from typing import Any, Final

from river.base import DriftDetector

from alerts.series.found import Method
from alerts.series.stepping import FLAT, Step, Told

_SLACK: Final = 1.5
"""Deviations, in scales, up to this size are no evidence."""
_LIMIT: Final = 8.0
_THRESHOLD: Final = 4.0
_GUARD: Final = 3
"""Newest differences that do not teach the mean yet."""
_KEEP: Final = 0.5 ** (1.0 / 36.0)
_REBASED: Final = 8.0
_NORMAL: Final = 1.2533
"""Standard deviation over mean absolute deviation, of a normal distribution."""


class SeasonalDetector(DriftDetector):
    """One monthly or quarterly series, on the log scale or on its own."""

    def __init__(self, season: int = 12, prior: float = 0.15, floor: float = 0.1) -> None:
        """Begin.

        Args:
            season: points in a year.
            prior: scale of yearly differences before any is known.
            floor: scale below which no difference matters in practice.
        """
        super().__init__()
        self.season, self.prior, self.floor = season, prior, floor
        self.values: list[float] = []
        self.waiting: list[float] = []
        self.mean = self.weight = 0.0
        self.deviation, self.deviation_weight = prior / _NORMAL * 12.0, 12.0
        self.seen = 0
        self.rise = self.fall = 0.0
        self.rise_since = self.fall_since = 0

    @property
    def scale(self) -> float:
        """Robust standard deviation of yearly differences around their mean."""
        return max(self.floor, _NORMAL * self.deviation / self.deviation_weight)

    def update(self, x: float) -> None:
        """River's form: `drift_detected` after a change."""
        self.observe(x)

    def observe(self, value: float) -> Step:
        """Predict, score and learn the next point, on the scale on which differences are meant."""
        self._drift_detected = False
        self.values.append(value)
        if len(self.values) <= self.season:
            return FLAT
        self.values = self.values[-self.season - 1 :]
        difference = self.values[-1] - self.values[0]
        self.seen += 1
        if self.seen == 1:
            self.mean, self.weight = difference, 2.0
        step = self._score(difference)
        self.waiting.append(difference)
        if step.told is not Told.NOTHING:
            self._rebase(difference)
        elif len(self.waiting) > _GUARD:
            self._learn(self.waiting.pop(0))
        return step

    def _score(self, difference: float) -> Step:
        if self.seen <= self.season:
            return FLAT
        surplus = difference - self.mean
        z = max(-_LIMIT, min(_LIMIT, surplus / self.scale))
        self.rise_since = self.rise_since + 1 if self.rise > 0.0 else 1
        self.fall_since = self.fall_since + 1 if self.fall > 0.0 else 1
        self.rise = max(0.0, self.rise + z - _SLACK)
        self.fall = max(0.0, self.fall - z - _SLACK)
        for told, side, since in (
            (Told.UP, self.rise, self.rise_since), (Told.DOWN, self.fall, self.fall_since),
        ):  # fmt: skip
            if side > _THRESHOLD:
                return Step(
                    told=told, method=Method.SEASONAL, size=surplus, error=self.scale,
                    points=since, score=side / _THRESHOLD,
                )  # fmt: skip
        return FLAT

    def _rebase(self, difference: float) -> None:
        self.mean, self.weight = difference, _REBASED
        self.rise = self.fall = 0.0
        self.waiting = []
        self._drift_detected = True

    def _learn(self, difference: float) -> None:
        away = min(abs(difference - self.mean), 3.0 * self.scale)
        self.deviation = self.deviation * _KEEP + away
        self.deviation_weight = self.deviation_weight * _KEEP + 1.0
        self.weight = self.weight * _KEEP + 1.0
        self.mean += (difference - self.mean) / self.weight

    def export(self) -> dict[str, Any]:
        """State as plain values; `restore` continues bit for bit."""
        return {k: v for k, v in vars(self).items() if k != "_drift_detected"}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> SeasonalDetector:
        """The detector whose `export()` is `state`."""
        made = cls()
        for name, value in state.items():
            setattr(made, name, list(value) if isinstance(value, list) else value)
        return made
