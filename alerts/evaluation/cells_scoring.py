"""Alarms of a hierarchy against the shocks that were planted in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.evaluation.cells import GROUPS, PROVINCES, Country, Place, Shock, Told
from alerts.evaluation.scoring import GRACE_DAYS, RETURN_DAYS, UNSCORED_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class CellScore:
    """Counts that add up over countries."""

    false: int
    """Alarms of cells that no shock of any level explains."""
    cell_years: float
    found: int
    shocks: int
    redundant: int
    """Cells that spoke for themselves under a wide shock…"""
    covered: int
    """…of so many cells under wide shocks."""
    told: int
    """Alarms of all levels."""


def score_country(made: Country, told: Sequence[Told]) -> CellScore:
    """Match alarms with shocks.

    A shock is found by an alarm of its own place in its direction while it lasts. A cell's alarm is
    redundant when a wide shock explains it and no local one does.
    """
    days = made.counts.shape[0]
    cells = [alarm for alarm in told if min(alarm.place) >= 0 and alarm.day >= UNSCORED_DAYS]
    wide = [shock for shock in made.shocks if min(shock.place) < 0]
    local = [shock for shock in made.shocks if min(shock.place) >= 0]
    by_wide = {
        (alarm.place, i)
        for alarm in cells
        for i, shock in enumerate(wide)
        if _explains(shock, alarm) and not any(_explains(s, alarm) for s in local)
    }
    return CellScore(
        false=sum(not any(_explains(shock, alarm) for shock in made.shocks) for alarm in cells),
        cell_years=PROVINCES * GROUPS * (days - UNSCORED_DAYS) / 365.25,
        found=sum(any(_finds(alarm, shock) for alarm in told) for shock in made.shocks),
        shocks=len(made.shocks),
        redundant=len(by_wide),
        covered=sum(_size(shock.place) for shock in wide),
        told=len(told),
    )


def _size(place: Place) -> int:
    return GROUPS if place.province >= 0 else PROVINCES


def _finds(alarm: Told, shock: Shock) -> bool:
    same = alarm.place == shock.place and alarm.up == (shock.factor > 1)
    return same and shock.start <= alarm.day <= shock.end + GRACE_DAYS


def _explains(shock: Shock, alarm: Told) -> bool:
    if not shock.covers(alarm.place):
        return False
    if alarm.up == (shock.factor > 1):
        return shock.start <= alarm.day <= shock.end + GRACE_DAYS
    return shock.end <= alarm.day <= shock.end + RETURN_DAYS
