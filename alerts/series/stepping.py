"""What a detector of indices says of one point. Records."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from alerts.series.found import Method


class Told(StrEnum):
    """A change, if any."""

    NOTHING = "nothing"
    UP = "up"
    DOWN = "down"


class Step(NamedTuple):
    """Result of one point."""

    told: Told
    method: Method
    size: float
    """Change against what was expected, on the detector's scale (log where values are positive)."""
    error: float
    """Standard error of the size."""
    points: int
    """Points since the estimated onset."""
    score: float
    """Evidence over threshold."""


FLAT: Final = Step(told=Told.NOTHING, method=Method.LEVEL, size=0.0, error=0.0, points=0, score=0.0)
