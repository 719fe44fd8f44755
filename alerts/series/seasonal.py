"""The detector of monthly and quarterly series: residual CUSUM on differences to a year before.

The difference to the same month a year before takes the season out. It is compared with its own
slow mean on its own robust scale; an alarm re-bases the mean on the newest difference. Who keeps an
account of what stands mends the year before himself (`alerts.indices`); `EcholessDetector` leaves
echoes out.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from alerts.series.found import Method
from alerts.series.residual import ResidualDetector
from alerts.series.stepping import FLAT, Step, Told

_OF_TWO: Final = sqrt(2.0)
_HALF: Final = 0.5
_CLOSE: Final = 2.0
"""Differences so many scales apart are the same."""


class SeasonalDetector(ResidualDetector):
    """One monthly or quarterly series, on the log scale or on its own."""

    method = Method.SEASONAL

    def __init__(
        self, season: int = 12, prior: float = 0.15, floor: float = 0.1, threshold: float = 4.0
    ) -> None:
        """Begin.

        Args:
            season: points in a year.
            prior: scale of yearly differences before any is known.
            floor: scale below which no difference matters in practice.
            threshold: evidence from which a change is told, in scales beyond the slack.
        """
        super().__init__(warm_up=season, prior=prior, floor=floor, threshold=threshold)
        self.season = season
        self.values: list[float] = []

    def observe(self, value: float, error: float = 0.0) -> Step:
        """Predict, score and learn the next point; `error`: its standard error.

        That of a year before is taken to be as large.
        """
        self._drift_detected = False
        self.values.append(value)
        if len(self.values) <= self.season:
            return FLAT
        self.values = self.values[-self.season - 1 :]
        return self.compare(self.values[-1] - self.values[0], _OF_TWO * error)


class EcholessDetector(SeasonalDetector):
    """As its parent, but silent where only the year before has changed.

    A step that lasts leaves differences when the same months come round again: they are then what
    they were before the step, and the level has not moved by half of it since. That is an echo.
    """

    def __init__(self, season: int = 12) -> None:
        super().__init__(season)
        self.told_up = False
        self.told_size = self.usual = 0.0
        self.began = -1
        """Points seen before the onset of the last alarm; -1: there was none."""

    def observe(self, value: float, error: float = 0.0) -> Step:
        """Predict, score and learn the next point; `error`: its standard error."""
        usual = self.mean
        step = super().observe(value, error)
        if step.told is Told.NOTHING:
            return step
        if self._is_echo(step, usual):
            self.began = -1
            return FLAT
        self.told_up, self.told_size = step.told is Told.UP, step.size
        self.usual, self.began = usual, self.seen - step.points
        return step

    def _is_echo(self, step: Step, usual: float) -> bool:
        age = self.seen - self.began
        near = self.season - self.season // 6 <= age <= self.season + max(self.season // 3, 2)
        if self.began < 0 or not near or (step.told is Told.UP) is self.told_up:
            return False
        now = usual + step.size
        unmoved = abs(now) < _HALF * abs(self.told_size)
        return unmoved and abs(now - self.usual) < _CLOSE * self.scale
