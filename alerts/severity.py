"""How grave an alert is: a pure rule over what its signal says. Terms are CAP 1.2's."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from alerts.cells import depth
from alerts.signal import Classification, Direction, Signal

_LARGE: Final = 2.0
"""Ratio from which a change counts as large: a doubling, or a halving."""
_CLEAR: Final = 1.25
"""The nearer end of the interval of a change that is surely more than small."""
_PROBABLE: Final = 0.95
"""Probability from which a shortage is taken as all but certain."""


class Severity(StrEnum):
    """Severity as CAP names it; the order is that of declaration, least first."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Severity).index(self)


def severity_of(signal: Signal) -> Severity:
    """Severity of a signal: large and surely so is severe, neither is minor.

    A forecast is never severe, since nothing has been observed yet. A change of the nation or of a
    whole province or group that is surely more than small counts as large.
    """
    if signal.probability is not None:
        grave = Severity.SEVERE if signal.probability >= _PROBABLE else Severity.MODERATE
        cap = Severity.MODERATE if signal.classification is Classification.FORECAST else grave
        return min(grave, cap, key=lambda s: s.rank)
    large, sure = _size(signal)
    if (large and sure) or (sure and depth(signal.cell) < 2):
        return Severity.SEVERE if large else Severity.MODERATE
    return Severity.MODERATE if large or sure else Severity.MINOR


def _size(signal: Signal) -> tuple[bool, bool]:
    """Whether the change is large, and whether it is surely more than small."""
    if signal.direction is Direction.UP:
        return signal.size.ratio >= _LARGE, signal.size.lower >= _CLEAR
    return signal.size.ratio <= 1.0 / _LARGE, signal.size.upper <= 1.0 / _CLEAR
