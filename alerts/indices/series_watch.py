"""One published series under a detector of its own, figure by figure. Pure.

Months are compared with a year before once two years of them are known, until then with their own
level, as weeks always are. A change that was told stands until the figures are back, for good after
a year of months or half a year of weeks (the new normal).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any, Final

from alerts.indices.rules import (
    PACES,
    PRIOR,
    RULES,
    Z95,
    Pace,
    Rule,
    error_of,
    level_detector,
    periods_between,
)
from alerts.series.residual import ResidualDetector
from alerts.series.seasonal import SeasonalDetector
from alerts.series.stepping import Step, Told
from warehouse.series import Frequency, Observation

_KEPT: Final = 60
_OF_TWO: Final = sqrt(2.0)
_ECHO: Final = 10
"""Months after its onset from which a change may stand in the year before: onsets are estimates."""
_HALF: Final = 0.5
"""Share of a change that must be gone for the figures to be back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as it was fed, with what was expected of it where a change stands."""

    time_value: date
    value: float
    lower: float | None
    upper: float | None
    x: float
    """On the indicator's scale."""
    error: float
    n: int
    employers: int
    sources: tuple[str, ...]
    release_id: str


@dataclass(slots=True, kw_only=True)
class Spell:
    """A change that was told."""

    up: bool
    onset: date
    detected: date
    size: float
    score: float
    base: float
    """What is expected without it: a level, or a difference to the year before."""
    yearly: bool
    latest: Figure
    expected: float
    error: float
    usual: list[float] = field(default_factory=list)
    """What was expected of each period since it was told."""
    figures: int = 1
    back: int = 0
    """Figures in a row that say that it is over."""
    worsened: date | None = None
    over: date | None = None
    absorbed: bool = False

    @property
    def sign(self) -> float:
        """+1 up, -1 down."""
        return 1.0 if self.up else -1.0


@dataclass(slots=True, kw_only=True)
class SeriesWatch:
    """State of one series. `feed` its figures in order."""

    indicator: str
    level: ResidualDetector
    seasonal: SeasonalDetector | None = None
    days: list[date] = field(default_factory=list)
    """Periods fed last, the newest at the end."""
    spell: Spell | None = None
    """A change that stands."""
    ended: Spell | None = None
    """The one before it."""

    @property
    def rule(self) -> Rule:
        """How the indicator is watched."""
        return RULES[self.indicator]

    @property
    def pace(self) -> Pace:
        """How indicators of its frequency are watched."""
        return PACES[self.rule.frequency]

    def feed(self, row: Observation, day: date) -> None:
        """Take in the next figure on the day on which it counts as known; older ones are left.

        A revision of a figure that was fed changes nothing.
        """
        if row.value is None or (self.days and row.time_value <= self.days[-1]):
            return
        figure = Figure(
            time_value=row.time_value, value=row.value, lower=row.lower, upper=row.upper,
            x=self.rule.scale.into(row.value), error=error_of(row, self.rule), n=row.n,
            employers=row.employers, sources=row.sources, release_id=row.release_id,
        )  # fmt: skip
        self._fill(figure)
        step, yearly = self._observe(figure)
        self.days = [*self.days, figure.time_value][-_KEPT:]
        if self.spell is not None:
            self._follow(self.spell, figure, step, day)
        elif step.told is not Told.NOTHING:
            self.spell = self._begun(figure, step, day, figure.x - step.size, yearly)

    def _fill(self, figure: Figure) -> None:
        """After a long gap begin anew; a missing month repeats the one before it."""
        if not self.days:
            return
        gap = periods_between(self.rule.frequency, self.days[-1], figure.time_value)
        if gap > self.pace.gap:
            fresh = fresh_watch(self.indicator)
            self.level, self.seasonal, self.days = fresh.level, fresh.seasonal, []
            self.spell = None
        elif self.seasonal is not None and self.seasonal.values:
            for _ in range(gap - 1):
                self.seasonal.observe(self.seasonal.values[-1], figure.error)
                if self.spell is not None:
                    self.spell.usual.append(self._expected(self.spell))

    def _observe(self, figure: Figure) -> tuple[Step, bool]:
        """The step of the detector that speaks, and whether it compares with the year before."""
        seasonal = self.seasonal
        yearly = seasonal is not None and seasonal.is_warm
        by_year = None if seasonal is None else seasonal.observe(figure.x, figure.error)
        by_level = self.level.observe(figure.x, figure.error)
        return (by_year, True) if yearly and by_year is not None else (by_level, False)

    def _begun(
        self, figure: Figure, step: Step, day: date, expected: float, yearly: bool
    ) -> Spell:  # fmt: skip
        onset = self.days[-min(step.points, len(self.days))]
        before = self._year_before() if yearly else 0.0
        return Spell(
            up=step.told is Told.UP, onset=onset, detected=day, size=abs(figure.x - expected),
            score=step.score, base=expected - before, yearly=yearly, latest=figure,
            expected=expected, error=step.error, usual=[expected],
        )  # fmt: skip

    def _year_before(self) -> float:
        return 0.0 if self.seasonal is None else self.seasonal.values[0]

    def _expected(self, spell: Spell) -> float:
        """What would be expected of the newest figure without the change."""
        return spell.base + (self._year_before() if spell.yearly else 0.0)

    def _follow(self, spell: Spell, figure: Figure, step: Step, day: date) -> None:
        """A change that stands, with a further figure."""
        expected = self._expected(spell)
        left = spell.sign * (figure.x - expected)
        spell.figures += 1
        spell.back = spell.back + 1 if left < _HALF * spell.size else 0
        turned = (step.told is (Told.DOWN if spell.up else Told.UP)) and spell.back > 0
        is_back = turned or spell.back >= self.pace.back
        if is_back and self._is_echo(spell, figure):
            self._end(spell, day, absorbed=True)
            self._detector(spell).rebase(spell.base)
            return
        spell.latest, spell.expected = figure, expected
        # The year before is an estimate too.
        error = figure.error * (_OF_TWO if spell.yearly else 1.0)
        spell.error = max(self._detector(spell).scale, error)
        if step.told is (Told.UP if spell.up else Told.DOWN) and left > spell.size:
            spell.size, spell.worsened = left, day
        if is_back:
            self._forget(spell)
            self._end(spell, day)
            self._detector(spell).rebase(spell.base)
            if turned and -left > Z95 * spell.error:
                self.spell = self._begun(figure, step, day, expected, spell.yearly)
        elif spell.figures > self.pace.absorbed and not spell.back:
            self._end(spell, day, absorbed=True)
        else:
            spell.usual.append(expected)

    def _forget(self, spell: Spell) -> None:
        """Remember months of a change that is over as they were expected: it has no echo."""
        if self.seasonal is None:
            return
        held = self.seasonal.values
        told = periods_between(self.rule.frequency, spell.onset, self.days[-1]) - len(spell.usual)
        for back in range(1, min(len(spell.usual) + max(told, 0), len(held) - 1) + 1):
            known = back <= len(spell.usual)
            held[-1 - back] = (
                spell.usual[-back] if known else held[-1 - back] - spell.sign * spell.size
            )

    def _is_echo(self, spell: Spell, figure: Figure) -> bool:
        """Whether figures are back only because the year before has changed too."""
        age = periods_between(self.rule.frequency, spell.onset, figure.time_value)
        return spell.yearly and age >= _ECHO

    def _detector(self, spell: Spell) -> ResidualDetector:
        return self.seasonal if spell.yearly and self.seasonal is not None else self.level

    def _end(self, spell: Spell, day: date, *, absorbed: bool = False) -> None:
        spell.over, spell.absorbed = day, absorbed
        self.ended, self.spell = spell, None

    def export(self) -> dict[str, Any]:
        """State as plain values and records; `restore` continues bit for bit."""
        return {
            "level": self.level.export(),
            "seasonal": None if self.seasonal is None else self.seasonal.export(),
            "days": list(self.days),
            "spell": self.spell,
            "ended": self.ended,
        }


def fresh_watch(indicator: str) -> SeriesWatch:
    """The watch of a series of which nothing was fed.

    Raises:
        KeyError: the indicator is none of `RULES`.
    """
    rule = RULES[indicator]
    seasonal = None
    if rule.frequency is Frequency.MONTHLY:
        seasonal = SeasonalDetector(
            prior=PRIOR * rule.floor, floor=rule.floor,
            threshold=PACES[rule.frequency].threshold,
        )  # fmt: skip
    return SeriesWatch(indicator=indicator, level=level_detector(rule), seasonal=seasonal)
