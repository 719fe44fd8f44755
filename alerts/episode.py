"""A change of a cell's counts while it lasts. A record that the detector keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Episode:
    """A change under way, measured against the level of before (`reference`, per day)."""

    up: bool
    onset: int
    """Ordinal of the day on which the excursion began."""
    detected: int
    reference: float
    weight: float
    """Shape of the reference posterior: its certainty in vacancies."""
    score: float
    observed: float
    expected: float
    """Sum of expectations at the reference level over the same days as `observed`."""
    back: float = 0.0
    """Evidence that the old level is back."""
    turned: int = 0
    """Ordinal of the day on which that evidence began."""

    def spread(self, dispersion: float) -> float:
        """Variance over mean of `observed` if nothing had changed.

        That of the counts, and that of the level of before, whose error is the same on all days.
        """
        return dispersion + self.expected / self.weight
