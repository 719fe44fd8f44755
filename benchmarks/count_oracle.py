"""The count detector, told what no detector can know: how much of a gap is information.

The mean of every day (level, trend, season, weekdays, holidays) and the dispersion are those that
the simulator drew from, all of them or some; the test, its episodes and its quarantine are the
detector's own. What is missed with all of them, the counts do not tell by this test at that rate
of false alarms; what is missed beside that is the price of learning them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from alerts.course import SeasonalExpectation
from alerts.detectors import CountDetector
from alerts.evaluation.counts import alarms_of, alarms_told
from alerts.evaluation.scoring import Alarm, Outcome, judge, summarise
from alerts.evaluation.simulator import Simulated
from alerts.parameters import DetectorParameters

_CERTAIN: Final = 1e6
"""Vacancies' worth of certainty of a level that is known."""
_LOWEST, _HIGHEST = -4.0, 4.0
"""By how much thresholds are moved at most."""
_HALVINGS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the detector is told."""

    name: str
    spread: bool = False
    """Variance over mean of a day's count."""
    profile: bool = False
    """Weekdays, season, trend and holidays; not the level."""
    level: bool = False
    """The level too, while nothing happens: only together with the profile."""


AS_IT_IS: Final = Known(name="nothing")
ORACLE: Final = Known(name="spread, profile and level", spread=True, profile=True, level=True)
LADDER: Final = (
    AS_IT_IS,
    Known(name="spread", spread=True),
    Known(name="spread and profile", spread=True, profile=True),
    ORACLE,
)


class ToldExpectation(SeasonalExpectation):
    """An expectation of which some is true from the start; within an episode it learns as ever."""

    __slots__ = ("detector", "first", "known", "mean", "shapes", "spread")

    def __init__(self, detector: CountDetector, series: Simulated, known: Known) -> None:
        super().__init__(detector.parameters.guard_days)
        self.detector = detector
        self.known = known
        self.first = series.first.toordinal()
        self.mean = sum(series.means) / len(series.means)
        self.shapes = [mean / self.mean for mean in series.means]
        self.spread = series.fano
        if known.profile:
            for i in range(1, len(self.covariance)):
                self.covariance[i][i] = 0.0
        self._know()

    @property
    def dispersion(self) -> float:
        """The true one, where it is told."""
        return self.spread if self.known.spread else SeasonalExpectation.dispersion.__get__(self)

    def observe(self, ordinal: int, count: float, exposure: float, half_life: float) -> None:
        """As ever; a level that is told is not learned outside of episodes."""
        super().observe(ordinal, count, exposure, half_life)
        if self.detector.episode is None:
            self._know()

    def _know(self) -> None:
        if self.known.level:
            self.a, self.b = _CERTAIN, _CERTAIN / self.mean
            self.covariance[0][0] = self.doubt = 1.0 / _CERTAIN

    def _shape(self, ordinal: int) -> float:
        return self.shapes[ordinal - self.first] if self.known.profile else super()._shape(ordinal)

    def _season(self, ordinal: int) -> float:
        """With the weekday's learned ratio, which what is learned is divided by, the true shape."""
        if not self.known.profile:
            return super()._season(ordinal)
        return self._shape(ordinal) / self.weekday_f[(ordinal - 1) % 7]


def told_finds(parameters: DetectorParameters, series: Simulated, known: Known) -> list[Alarm]:
    """Alarms of the detector that is told so much."""
    detector = CountDetector(_sure(parameters) if known.level else parameters)
    detector.expectation = ToldExpectation(detector, series, known)
    return alarms_of(series, alarms_told(series, detector))


def _sure(parameters: DetectorParameters) -> DetectorParameters:
    """No doubt of a level that is told."""
    classes = {density: replace(one, doubt=0.0) for density, one in parameters.classes.items()}
    return replace(parameters, classes=classes)


def told_outcomes(
    parameters: DetectorParameters, series: Sequence[Simulated], known: Known
) -> list[Outcome]:
    """What became of each series."""
    return [judge(one, told_finds(parameters, one, known)) for one in series]


def at_rate(
    parameters: DetectorParameters, series: Sequence[Simulated], known: Known, wanted: float
) -> DetectorParameters:
    """Parameters whose thresholds, all moved alike, give `wanted` false alarms a series-year.

    Args:
        parameters: to begin with.
        series: on which nothing is measured.
        known: what the detector is told.
        wanted: the rate, not exceeded on `series`.
    """
    low, high = _LOWEST, _HIGHEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        outcomes = told_outcomes(moved(parameters, middle), series, known)
        if summarise(outcomes).false_per_year > wanted:
            low = middle
        else:
            high = middle
    return moved(parameters, high)


def moved(parameters: DetectorParameters, by: float) -> DetectorParameters:
    """Every class's threshold plus `by`."""
    classes = {
        density: replace(chosen, threshold=chosen.threshold + by)
        for density, chosen in parameters.classes.items()
    }
    return replace(parameters, classes=classes)
