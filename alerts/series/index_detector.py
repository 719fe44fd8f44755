"""The detector of smoothed daily indices: a leaky level CUSUM with re-basing, and growth.

The level CUSUM adds up daily log changes and forgets them slowly, so that a move of a quarter
counts and a drift over years does not; an alarm re-bases it, so that every further step is told
once. The growth CUSUM allows for ordinary growth and speaks sooner where the slope is steep, which
a rebound soon after a crash needs. Weekly growth speaks when a week alone moved the index more than
its robust scale explains. Until its first fall a series is taken to be quiet, and smaller falls
count: the scale of weeks of history cannot hide a crash six weeks after the start, nor can a rise
before it. Smoothing makes neighbouring days depend on each other, so the scale is the running
median of absolute changes over four weeks, not of days. Where many series stand in one table, what
the middle one of them did moves the thresholds: a move with the others is less of a surprise, and
less often chance; and only what a series did beside the others is its scale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import Any, Final

from river.base import DriftDetector

from alerts.series.found import Method
from alerts.series.plain_state import exported, restored
from alerts.series.stepping import FLAT, Step, Told

_WINDOW: Final = 28
_WEEK: Final = 7
_LIVELIER: Final = 1.6
"""Thresholds of a series around zero, over those of one that is worth a share of its size."""
_NORMAL: Final = 0.6745
"""Median absolute value of a standard normal variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexParameters:
    """Log changes; set on every second series by name, tested on the others (`docs/methods.md`)."""

    warm_up: int = 25
    """Days before anything is told."""
    first_fall: float = 0.045
    """Fall of the level that is told as the first one."""
    first_week: float = 0.03
    """Fall within a week that is told as the first one."""
    memory: float = 0.995
    """Share of the level CUSUM that is left a day later."""
    step: float = 0.12
    """Step of the level that is told later."""
    growth_step: float = 0.07
    """Growth beyond the ordinary, summed, that is told later."""
    growth: float = 0.0015
    """Daily growth that is ordinary."""
    week: float = 0.1
    """Change within a week that is told later."""
    scales: float = 1.5
    """Steps of level and growth are at least so many scales of four weeks."""
    week_scales: float = 3.0
    prior: float = 0.03
    """Scale of changes over four weeks before any is known."""
    growth_memory: float = 1.0
    """Share of the growth CUSUM that is left a day later."""
    company: float = 0.0
    """How much the common course of other series moves thresholds; 0: not at all."""
    falls: float = 1.0
    """Thresholds of a fall over those of a rise."""

    def lively(self, scale: float) -> IndexParameters:
        """Of a series known to move by `scale` in four weeks: none is taken to be quiet first."""
        grown = self.stricter(_LIVELIER)
        return replace(grown, first_fall=grown.step, first_week=grown.week, prior=scale)

    def stricter(self, factor: float) -> IndexParameters:
        """Thresholds of a grown series times `factor`."""
        names = ("step", "growth_step", "week", "scales", "week_scales")
        return replace(self, **{name: getattr(self, name) * factor for name in names})


DEFAULT: Final = IndexParameters()
AMONG: Final = IndexParameters(
    memory=0.991, step=0.161, growth_step=0.077, growth=0.0005, growth_memory=0.97, week=0.139,
    scales=1.73, week_scales=3.36, company=0.7, falls=0.96,
)  # fmt: skip
"""Where the common course of other series is known."""
_USUAL_COURSE: Final = 0.04
"""Common change of four weeks by which thresholds move by `company`."""
_NEAREST, _FARTHEST = 0.6, 1.4


class IndexDetector(DriftDetector):
    """One daily series on the log scale. 31 values of state."""

    def __init__(self, parameters: IndexParameters = DEFAULT) -> None:
        super().__init__()
        self.parameters = parameters
        self.recent: list[float] = []
        self.seen = 0
        self.unfallen = True
        """No fall told yet: a smaller one is."""
        self.scale = parameters.prior
        self.learned = 0
        self.rise = self.fall = 0.0
        self.rising = self.falling = 0.0
        """Growth beyond the ordinary, upwards and downwards."""
        self.rise_since = self.fall_since = 0

    def update(self, x: float) -> None:
        """River's form: `drift_detected` after a change."""
        self.observe(x)

    def observe(self, level: float, common: float = 0.0) -> Step:
        """Predict, score and learn the level of the next day.

        Args:
            common: change over four weeks that the middle one of related series shows by now. A
                move with them asks for less, one against them for more.
        """
        self._drift_detected = False
        self.seen += 1
        before = self.recent[-1] if self.recent else level
        self.recent.append(level)
        self.recent = self.recent[-_WINDOW - 1 :]
        self._push(level - before)
        step = self._score(common) if self.seen >= self.parameters.warm_up else FLAT
        if step.told is not Told.NOTHING:
            self.rise = self.fall = self.rising = self.falling = 0.0
            self.unfallen = self.unfallen and step.told is Told.UP
            self._drift_detected = True
        self._learn(common)
        return step

    def _push(self, change: float) -> None:
        chosen = self.parameters
        self.rise_since = self.rise_since + 1 if self.rise > 0.0 else 1
        self.fall_since = self.fall_since + 1 if self.fall > 0.0 else 1
        self.rise = max(0.0, self.rise * chosen.memory + change)
        self.fall = max(0.0, self.fall * chosen.memory - change)
        kept = chosen.growth_memory
        self.rising = max(0.0, self.rising * kept + change - chosen.growth)
        self.falling = max(0.0, self.falling * kept - change - chosen.growth)

    def _score(self, common: float) -> Step:
        chosen = self.parameters
        upward, downward = self._asked(common), chosen.falls * self._asked(-common)
        crash = self._week(upward, downward)
        if crash.told is not Told.NOTHING:
            return crash
        grown = max(chosen.step, chosen.scales * self.scale)
        rise = grown * upward
        fall = (chosen.first_fall if self.unfallen else grown) * downward
        steep = max(chosen.growth_step, chosen.scales * self.scale)
        for told, method, since, score, asked in (
            (Told.UP, Method.LEVEL, self.rise_since, self.rise / rise, True),
            (Told.DOWN, Method.LEVEL, self.fall_since, self.fall / fall, True),
            (Told.UP, Method.GROWTH, self.rise_since, self.rising / (steep * upward), True),
            (Told.DOWN, Method.GROWTH, self.fall_since, self.falling / (steep * downward),
             not self.unfallen),
        ):  # fmt: skip
            if asked and score > 1.0:
                return self._told(told, method, since, score)
        return FLAT

    def _asked(self, along: float) -> float:
        """Factor of thresholds of a move where the others moved by `along` in its direction."""
        return min(_FARTHEST, max(_NEAREST, 1.0 - self.parameters.company * along / _USUAL_COURSE))

    def _week(self, upward: float, downward: float) -> Step:
        chosen = self.parameters
        if len(self.recent) <= _WEEK:
            return FLAT
        growth = self.recent[-1] - self.recent[-1 - _WEEK]
        most = max(chosen.week, chosen.week_scales * self.scale)
        most = chosen.first_week if growth < 0.0 and self.unfallen else most
        most *= upward if growth > 0.0 else downward
        if abs(growth) <= most:
            return FLAT
        told, since = (Told.UP, self.rise_since) if growth > 0.0 else (Told.DOWN, self.fall_since)
        # A week that lies partly behind the last re-basing was told then.
        if since < _WEEK // 2:
            return FLAT
        return self._told(told, Method.CRASH, min(since, _WEEK), abs(growth) / most)

    def _told(self, told: Told, method: Method, since: int, score: float) -> Step:
        """The change since the onset, as far as the window reaches, or what the CUSUM summed."""
        span = min(since, len(self.recent) - 1)
        summed = self.rise if told is Told.UP else -self.fall
        size = self.recent[-1] - self.recent[-1 - span] if span == since else summed
        error = self.scale * (max(span, 1) / _WINDOW) ** 0.5
        return Step(told=told, method=method, size=size, error=error, points=since, score=score)

    def _learn(self, common: float) -> None:
        """Running median by steps of a few per cent, shorter as more was learned."""
        if len(self.recent) <= _WINDOW:
            return
        self.learned += 1
        size = abs(self.recent[-1] - self.recent[0] - common) / _NORMAL
        pace = 0.5 * 3.0 / min(40 + self.learned, 250)
        self.scale *= exp(pace if size > self.scale else -pace)

    def export(self) -> dict[str, Any]:
        """State as plain values; `restore` continues bit for bit."""
        return exported(self, left_out=("parameters",))

    @classmethod
    def restore(cls, state: dict[str, Any], parameters: IndexParameters = DEFAULT) -> IndexDetector:
        """The detector whose `export()` is `state`."""
        return restored(cls(parameters), state)
