"""Residual CUSUM in both directions: a quantity against its own slow mean, on its own robust scale.

Shared by the detector of yearly differences (`seasonal`) and that of levels. An alarm re-bases the
mean on the newest value, so that a step is told once. Where values are estimates, their standard
error is a floor of the scale, and nothing is told that does not exceed it.
"""

from __future__ import annotations

from typing import Any, Final, Self

from river.base import DriftDetector

from alerts.series.found import Method
from alerts.series.plain_state import exported, restored
from alerts.series.stepping import FLAT, Step, Told

_SLACK: Final = 1.5
"""Deviations, in scales, up to this size are no evidence."""
_LIMIT: Final = 8.0
_GUARD: Final = 3
"""Newest values that do not teach the mean yet."""
_KEEP: Final = 0.5 ** (1.0 / 36.0)
_REBASED: Final = 8.0
_NORMAL: Final = 1.2533
"""Standard deviation over mean absolute deviation, of a normal distribution."""
_Z95: Final = 1.959964


class ResidualDetector(DriftDetector):
    """One series. Values are on the scale on which differences are meant."""

    method: Method = Method.LEVEL

    def __init__(
        self, warm_up: int = 12, prior: float = 0.15, floor: float = 0.1, threshold: float = 4.0
    ) -> None:
        """Begin.

        Args:
            warm_up: values before anything is told.
            prior: scale of deviations before any is known.
            floor: scale below which no deviation matters in practice.
            threshold: evidence from which a change is told, in scales beyond the slack.
        """
        super().__init__()
        self.warm_up, self.prior, self.floor, self.threshold = warm_up, prior, floor, threshold
        self.waiting: list[float] = []
        self.mean = self.weight = 0.0
        self.deviation, self.deviation_weight = prior / _NORMAL * 12.0, 12.0
        self.seen = 0
        self.rise = self.fall = 0.0
        self.rise_since = self.fall_since = 0

    @property
    def scale(self) -> float:
        """Robust standard deviation of values around their mean."""
        return max(self.floor, _NORMAL * self.deviation / self.deviation_weight)

    @property
    def is_warm(self) -> bool:
        """Whether the next value can be told to be a change."""
        return self.seen >= self.warm_up

    def update(self, x: float) -> None:
        """River's form: `drift_detected` after a change."""
        self.observe(x)

    def observe(self, value: float, error: float = 0.0) -> Step:
        """Predict, score and learn the next value; `error`: its standard error."""
        self._drift_detected = False
        return self.compare(value, error)

    def compare(self, value: float, error: float) -> Step:
        """One value against the mean."""
        self.seen += 1
        if self.seen == 1:
            self.mean, self.weight = value, 2.0
        step = self._score(value, error)
        self.waiting.append(value)
        if step.told is not Told.NOTHING:
            self.rebase(value)
        elif len(self.waiting) > _GUARD:
            self._learn(self.waiting.pop(0))
        return step

    def _score(self, value: float, error: float) -> Step:
        if self.seen <= self.warm_up:
            return FLAT
        surplus, scale = value - self.mean, max(self.scale, error)
        z = max(-_LIMIT, min(_LIMIT, surplus / scale))
        self.rise_since = self.rise_since + 1 if self.rise > 0.0 else 1
        self.fall_since = self.fall_since + 1 if self.fall > 0.0 else 1
        self.rise = max(0.0, self.rise + z - _SLACK)
        self.fall = max(0.0, self.fall - z - _SLACK)
        for told, sign, side, since in (
            (Told.UP, 1.0, self.rise, self.rise_since),
            (Told.DOWN, -1.0, self.fall, self.fall_since),
        ):
            if side > self.threshold and sign * surplus > _Z95 * error:
                return Step(
                    told=told, method=self.method, size=surplus, error=scale,
                    points=since, score=side / self.threshold,
                )  # fmt: skip
        return FLAT

    def rebase(self, level: float) -> None:
        """Take `level` for the mean from here on; evidence so far is spent."""
        self.mean, self.weight = level, _REBASED
        self.rise = self.fall = 0.0
        self.waiting = []
        self._drift_detected = True

    def _learn(self, value: float) -> None:
        away = min(abs(value - self.mean), 3.0 * self.scale)
        self.deviation = self.deviation * _KEEP + away
        self.deviation_weight = self.deviation_weight * _KEEP + 1.0
        self.weight = self.weight * _KEEP + 1.0
        self.mean += (value - self.mean) / self.weight

    def export(self) -> dict[str, Any]:
        """State as plain values; `restore` continues bit for bit."""
        return exported(self)

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Self:
        """The detector whose `export()` is `state`."""
        return restored(cls(), state)
