"""What watching a series found: alarms, what became of them, and what could not be said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from alerts.severity import Severity
from alerts.signal import Direction


class Stage(StrEnum):
    """What a line tells."""

    ALARM = "alarm"
    UPDATE = "update"
    """An open change grew."""
    OVER = "over"
    SILENCE = "silence"
    """A run of zeros that no fall in demand explains: look at the collection first."""


class Method(StrEnum):
    """Which test spoke."""

    COUNTS = "count CUSUM"
    CRASH = "weekly growth"
    GROWTH = "growth CUSUM"
    LEVEL = "level"
    SEASONAL = "seasonal CUSUM"
    NOISY = "weekly CUSUM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of a report."""

    series: str
    stage: Stage
    detected_on: date
    onset_on: date
    direction: Direction
    size: float
    """Ratio of what is to what was expected; a difference where values may be negative."""
    lower: float
    """95 % interval of the size."""
    upper: float
    is_ratio: bool
    severity: Severity
    method: Method
    score: float
    """Evidence in units of the threshold of the test: 1 is just enough."""
    evidence: str


class Answer(StrEnum):
    """How far a series can be judged."""

    WATCHED = "watched"
    INSUFFICIENT = "insufficient evidence"
    """Too few events to see a doubling within two months: its parent answers."""
    TOO_SHORT = "too short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """All that was found in one series."""

    series: str
    answer: Answer
    points: int
    found: tuple[Found, ...]


def severity_by_ratio(ratio: float, lower: float, upper: float) -> Severity:
    """Severe: doubled or halved, and surely by a quarter; moderate: either of the two."""
    large = ratio >= 2.0 or ratio <= 0.5
    sure = lower >= 1.25 or upper <= 0.8
    if large and sure:
        return Severity.SEVERE
    return Severity.MODERATE if large or sure else Severity.MINOR
