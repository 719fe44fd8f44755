"""Which objectives burn, from the minutes in which they were missed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from alerts.operators import OBJECTIVE
from alerts.source_marks import told
from config.objectives import Objective, Objectives, Severity, Signal, Window
from warehouse.marks import Mark


class Burn(StrEnum):
    """Why operators are told of an objective."""

    FAST = "fast_burn"
    SLOW = "slow_burn"


MET_AGAIN: Final = "met_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An objective at one minute: misses by the length of each window, in minutes."""

    objective: Objective
    missed: Mapping[int, int]
    measured: float | None = None
    """The last measurement; `None` where it could not be made."""

    def share(self, minutes: int) -> float:
        """Share of the last `minutes` that was missed. A minute nobody looked at was not."""
        return self.missed[minutes] / minutes

    def burning(self, windows: tuple[Window, ...]) -> Window | None:
        """The first window that burns, over its long and its short length."""
        for window in windows:
            limit = self.objective.allowed(window)
            lengths = (window.long_minutes, window.short_minutes)
            if all(self.share(minutes) > limit for minutes in lengths):
                return window
        return None


def lengths(objectives: Objectives) -> tuple[int, ...]:
    """Every length of window, in minutes, ascending."""
    found = {w.long_minutes for w in objectives.windows}
    return tuple(sorted(found | {w.short_minutes for w in objectives.windows}))


def misses(objectives: Objectives, measured: Mapping[Signal, float]) -> dict[str, bool]:
    """Whether each objective that could be measured was missed."""
    return {
        one.id: measured[one.signal] > one.at_most
        for one in objectives.objectives
        if one.signal in measured
    }


def marks_of(
    standings: tuple[Standing, ...],
    windows: tuple[Window, ...],
    before: Mapping[str, Mark],
    now: datetime,
) -> dict[str, Mark]:
    """Periods of burning by objective: begun, going on, or over. Of each the latest is kept."""
    after = dict(before)
    for standing in standings:
        name = standing.objective.id
        known, window = before.get(name), standing.burning(windows)
        lasts = known is not None and known.to_at is None
        if window is not None and not lasts:
            after[name] = _begun(standing, window, now)
        elif window is None and known is not None and lasts:
            after[name] = replace(known, to_at=now, reason=MET_AGAIN, issue=now)
    return after


def _begun(standing: Standing, window: Window, now: datetime) -> Mark:
    one, at = standing.objective, now.astimezone(UTC)
    reason = Burn.FAST if window.severity is Severity.PAGE else Burn.SLOW
    evidence = told(
        missed=str(standing.missed[window.long_minutes]),
        minutes=str(window.long_minutes),
        limit=f"{one.at_most:g}",
        unit=one.unit,
        measured="–" if standing.measured is None else f"{standing.measured:g}",
    )
    return Mark(
        mark_id=f"{OBJECTIVE}:{one.id}:{at.isoformat()}", source_id=one.id, kind=OBJECTIVE,
        from_at=at, to_at=None, reason=reason, evidence=evidence, issue=at, opened_at=at,
        opened_for=reason, opened_on=evidence,
    )  # fmt: skip
