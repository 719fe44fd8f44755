"""Which published indicators are watched, on which scale, and how patiently. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import exp, log
from typing import Final

from alerts.series.residual import ResidualDetector
from alerts.signal import Size
from warehouse.series import Frequency, Observation

Z95: Final = 1.959964
_LEAST: Final = 1e-9


class Scale(StrEnum):
    """On which scale changes of an indicator are meant."""

    LOG = "log"
    """The figure is positive: its logarithm."""
    LN_RATIO = "ln_ratio"
    """The figure is a logarithm of a ratio already."""
    PLAIN = "plain"
    """A share or an index between 0 and 1: itself."""

    def into(self, value: float) -> float:
        """A figure on the scale."""
        return log(max(value, _LEAST)) if self is Scale.LOG else value

    def back(self, x: float) -> float:
        """The figure at `x`."""
        return exp(x) if self is Scale.LOG else x


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an indicator is watched."""

    frequency: Frequency
    scale: Scale
    floor: float
    """Standard deviation, on the scale, below which no change matters in practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How an indicator of a frequency is watched."""

    known_after: timedelta
    """From the beginning of a period to the day on which its release is out at the earliest."""
    warm_up: int
    """Figures before any is told to be a change, without a season."""
    threshold: float
    back: int
    """Figures in a row that end a change."""
    absorbed: int
    """Figures after which a change is the new normal."""
    stale: timedelta
    """Without a figure for so long nothing is said of a series any more."""
    gap: int
    """Periods without a figure after which it begins anew."""


RULES: Final[Mapping[str, Rule]] = {
    "tightness": Rule(frequency=Frequency.WEEKLY, scale=Scale.LN_RATIO, floor=0.05),
    "growth": Rule(frequency=Frequency.WEEKLY, scale=Scale.LN_RATIO, floor=0.05),
    "duration_median": Rule(frequency=Frequency.MONTHLY, scale=Scale.LOG, floor=0.05),
    "repost_rate": Rule(frequency=Frequency.MONTHLY, scale=Scale.PLAIN, floor=0.02),
    "wage_median": Rule(frequency=Frequency.MONTHLY, scale=Scale.LOG, floor=0.02),
    "mismatch_sahin": Rule(frequency=Frequency.MONTHLY, scale=Scale.PLAIN, floor=0.01),
    "mismatch_turnover": Rule(frequency=Frequency.MONTHLY, scale=Scale.PLAIN, floor=0.01),
}
"""By indicator. Shares of skills are not watched: two hundred groups in nineteen areas would bring
a hundred false alarms a year, of changes that nobody acts on within weeks (docs/methods.md). The
skills page tells them."""
PACES: Final[Mapping[Frequency, Pace]] = {
    Frequency.WEEKLY: Pace(
        known_after=timedelta(days=9), warm_up=12, threshold=6.0, back=2, absorbed=26,
        stale=timedelta(days=28), gap=26,
    ),
    Frequency.MONTHLY: Pace(
        known_after=timedelta(days=35), warm_up=8, threshold=4.0, back=1, absorbed=12,
        stale=timedelta(days=75), gap=12,
    ),
}  # fmt: skip
PRIOR: Final = 3.0
"""Scale of deviations before any is known, in floors."""


def level_detector(rule: Rule) -> ResidualDetector:
    """The detector of levels, as it begins."""
    pace = PACES[rule.frequency]
    return ResidualDetector(
        warm_up=pace.warm_up, prior=PRIOR * rule.floor, floor=rule.floor, threshold=pace.threshold
    )


def periods_between(frequency: Frequency, first: date, second: date) -> int:
    """How many weeks or months the second begins after the first."""
    if frequency is Frequency.WEEKLY:
        return (second - first).days // 7
    return 12 * (second.year - first.year) + second.month - first.month


def is_watched(figure: Observation) -> bool:
    """Whether a figure is one of a watched series: nation, provinces, major groups."""
    key = figure.series
    rule = RULES.get(key.indicator)
    coarse = len(key.occupation) <= 1 and not (key.province and key.occupation)
    return (
        rule is not None and key.frequency is rule.frequency and coarse
        and not key.industry and not key.skill
    )  # fmt: skip


def due_on(figure: Observation) -> date:
    """Day on which a figure counts as known."""
    return figure.time_value + PACES[figure.series.frequency].known_after


def error_of(figure: Observation, rule: Rule) -> float:
    """Standard error of a figure on its scale, from its 95 % interval; 0 where it has none."""
    if figure.lower is None or figure.upper is None or figure.value is None:
        return 0.0
    x, into = rule.scale.into(figure.value), rule.scale.into
    above = into(figure.upper) - x
    # A lower end of 0 has no logarithm, and says no more than the upper one.
    bounded = rule.scale is Scale.LOG and figure.lower <= 0.0
    below = above if bounded else x - into(figure.lower)
    # The wider half: an interval that ends at a bound of its scale is short on that side.
    return max(below, above, 0.0) / Z95


def size_of(rule: Rule, x: float, expected: float, error: float) -> Size:
    """A figure against what was expected, both on the scale, as a ratio with its 95 % interval."""
    observed, usual = rule.scale.back(x), rule.scale.back(expected)
    spread = Z95 * error
    if rule.scale is Scale.PLAIN:
        base = max(usual, rule.floor)
        ends = [max(x - spread, 0.0) / base, (x + spread) / base]
        return Size(observed=observed, expected=usual, ratio=x / base, lower=ends[0], upper=ends[1])
    away = x - expected
    return Size(
        observed=observed, expected=usual, ratio=exp(away), lower=exp(away - spread),
        upper=exp(away + spread),
    )  # fmt: skip
