"""The detector of monthly and quarterly series: residual CUSUM on differences to a year before.

The difference to the same month a year before takes the season out. It is compared with its own
slow mean on its own robust scale; an alarm re-bases the mean on the newest difference, so that the
echo of a crash twelve months later is told as what it is, a change back.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from alerts.series.found import Method
from alerts.series.residual import ResidualDetector
from alerts.series.stepping import FLAT, Step

_OF_TWO: Final = sqrt(2.0)


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
