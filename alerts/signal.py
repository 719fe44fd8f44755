"""A signal: one cell's running change, with its size, certainty and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from math import exp, log, sqrt
from typing import Final

from alerts.cells import Cell
from alerts.detectors import Change
from alerts.episode import Episode
from alerts.grounds import Why

FLOW: Final = "flow"
"""The indicator that counts of new vacancies are of."""
_Z95 = 1.959964


class Direction(StrEnum):
    """Which way a cell changed."""

    UP = "up"
    DOWN = "down"

    @property
    def sign(self) -> float:
        """+1 up, -1 down."""
        return 1.0 if self is Direction.UP else -1.0


class Classification(StrEnum):
    """What a change is taken to be: the kind of the alert that tells it."""

    LABOUR = "labour"
    """A change of the number of new vacancies."""
    COLLECTION_FAULT = "collection_fault"
    """For operators: the sources changed, not the labour market."""
    SHORTAGE = "shortage"
    """Components with a supply side say that a shortage is probable."""
    DEMAND_PRESSURE = "demand_pressure"
    """Components without a supply side: never called a shortage."""
    SURPLUS = "surplus"
    """A labour surplus is probable."""
    FORECAST = "forecast"
    """Expected within the coming weeks, not yet observed."""
    INDICATOR = "indicator"
    """Another indicator than the count of new vacancies shifted: see `indicator`."""


class Phase(StrEnum):
    """Where the change stands on the day of the signal."""

    ACTIVE = "active"
    WORSENED = "worsened"
    RETURNED = "returned"
    """The level of before is back."""
    ABSORBED = "absorbed"
    """It lasted so long that it is the new normal."""


_PHASES = {
    Change.WORSENED: Phase.WORSENED,
    Change.RETURNED: Phase.RETURNED,
    Change.ABSORBED: Phase.ABSORBED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Observed against expected since the onset."""

    observed: float
    expected: float
    ratio: float
    lower: float
    """95 % interval of the ratio."""
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One figure that a signal rests on, with what it counted for."""

    name: str
    """Code of the indicator."""
    value: float
    lower: float | None
    """Lower end of its 95 % interval."""
    upper: float | None
    n: int
    points: float | None = None
    """What it brought to the score (0 to 3); None where it is not scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A change in one cell as it stood at the end of `day`."""

    cell: Cell
    direction: Direction
    phase: Phase
    onset_on: date
    """Estimate: first day of the excursion that led to detection."""
    detected_on: date
    day: date
    event_time: datetime
    size: Size
    score: float
    """Log-likelihood ratio at detection, and of every worsening since."""
    n: int
    employers: int
    sources: tuple[str, ...]
    evidence_days: int
    classification: Classification
    detail: str
    """Why it is classified so, in English."""
    indicator: str = FLOW
    """What changed: code of `config/codelists/indicators.csv`."""
    probability: float | None = None
    """Where the signal is a probability (shortage, forecast): that probability."""
    components: tuple[Component, ...] = ()
    """Figures behind a score."""
    why: Why | None = None
    """Why it is classified so, for words in any language."""
    industry: str = ""
    """ISIC section that leads the vacancies behind it; "" where none does or it is not known."""

    @property
    def signal_id(self) -> str:
        """Deterministic identity: cell, direction, detection and day."""
        parts = [self.cell.key, self.direction, self.detected_on.isoformat(), self.day.isoformat()]
        if self.indicator != FLOW:
            parts += [self.classification, self.indicator]
        return sha256("|".join(parts).encode()).hexdigest()[:24]

    @property
    def is_over(self) -> bool:
        """The episode ended on this day."""
        return self.phase in (Phase.RETURNED, Phase.ABSORBED)


def measure(observed: float, expected: float, dispersion: float, weight: float) -> Size:
    """Ratio of counts with a 95 % interval on the log scale.

    Var(ln ratio) ≈ φ/observed + 1/weight: overdispersed counts against an expectation that itself
    rests on `weight` vacancies. Half a vacancy is added to both, so that a silent cell has a size.
    """
    y, e = observed + 0.5, expected + 0.5
    spread = _Z95 * sqrt(dispersion / y + 1.0 / max(weight, 1.0))
    return Size(
        observed=observed,
        expected=expected,
        ratio=y / e,
        lower=exp(log(y / e) - spread),
        upper=exp(log(y / e) + spread),
    )


def phase_of(change: Change) -> Phase:
    """Phase of an episode on a day with that change."""
    return _PHASES.get(change, Phase.ACTIVE)


def direction_of(episode: Episode) -> Direction:
    """Direction of an episode."""
    return Direction.UP if episode.up else Direction.DOWN
