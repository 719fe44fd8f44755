"""What may be compared with what: equal periods, and only sources that were read in both. Pure.

A source that joins or is out moves the counts of vacancies without any change of labour demand. It
is therefore left out of the compared weeks, on both sides, and named.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dashboard.cube import CHANGE_DAYS, NEEDED_DAYS, Cube
from dashboard.language import VIENTIANE

if TYPE_CHECKING:
    from alerts.coverage import Coverage, SourceVisits

READ_BACK: Final = timedelta(weeks=20)
"""Weeks of history a comparison rests on: a change, an expectation and that rule's errors."""
BACKFILL: Final = "backfill"
"""Phase in which the crawler reads its sources' archives."""
_LATE_DAYS: Final = 3
"""The newest complete day of a register that keeps up is at most so many days ago."""
_PATIENCE: Final = 4
"""Days without a visit after which a source counts as out (as for alerts)."""
_MOST_OUT: Final = 2
"""Days of eight weeks a source may be out and still be compared: 7 % of one period's days."""


class Fitness(StrEnum):
    """Whether a source is part of the comparison, and if not, why."""

    COMPARED = "compared"
    JOINED = "joined"
    OUT = "out"


class Withheld(StrEnum):
    """Why no change may be stated."""

    FILLING = "filling"
    HISTORY = "history"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFitness:
    """One source in the compared weeks."""

    source_id: str
    first_day: date
    """The first day on which it was read, as far as `READ_BACK` goes."""
    days_out: int
    """Days of the compared weeks on which it could not be read."""
    fitness: Fitness


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What changes and expectations are computed from."""

    cube: Cube
    """Flow of the compared sources only; it ends on the same day as the whole register."""
    sources: tuple[SourceFitness, ...]
    history_days: int
    """Days from the first observed one to the newest complete one, both counted."""

    @property
    def left_out(self) -> tuple[SourceFitness, ...]:
        """Sources that are not compared."""
        return tuple(held for held in self.sources if held.fitness is not Fitness.COMPARED)

    @property
    def withheld(self) -> Withheld | None:
        """Why no change may be stated of this; `None` where it may."""
        if self.history_days < NEEDED_DAYS or self.cube.days - 1 < NEEDED_DAYS:
            return Withheld.HISTORY
        if len(self.left_out) == len(self.sources):
            return Withheld.SOURCES
        return None


def is_filling(phase: str, complete_day: date | None, now: datetime) -> bool:
    """Whether history is still being read: the crawler says so, or the data end days ago.

    Args:
        phase: what the crawler says of itself; "" where it says nothing.
        complete_day: the newest complete day, `None` before the first event.
        now: this moment (aware).
    """
    if phase == BACKFILL:
        return True
    today = now.astimezone(VIENTIANE).date()
    return complete_day is not None and (today - complete_day).days > _LATE_DAYS


def fitness_of(coverage: Coverage, complete_day: date) -> tuple[SourceFitness, ...]:
    """Every source that was ever read successfully, judged over the eight weeks to `complete_day`.

    A source is established once it was first read before those weeks began. One first read after
    `complete_day` has joined already: it dates its first postings back.
    """
    judged = []
    for source, visits in coverage.visits.items():
        first = visits.first_ok()
        if first is not None:
            judged.append(_judged(source, visits, first, complete_day.toordinal()))
    return tuple(judged)


def _judged(source: str, visits: SourceVisits, first: int, last: int) -> SourceFitness:
    days = range(max(first, last - 2 * CHANGE_DAYS + 1), last + 1)
    days_out = sum(_is_out(visits, day) for day in days)
    fitness = Fitness.COMPARED
    if last - first + 1 < NEEDED_DAYS:
        fitness = Fitness.JOINED
    elif days_out > _MOST_OUT:
        fitness = Fitness.OUT
    return SourceFitness(
        source_id=source, first_day=date.fromordinal(first), days_out=days_out, fitness=fitness
    )


def _is_out(visits: SourceVisits, day: int) -> bool:
    """Whether the last visit up to `day` failed, or was too long ago to say anything."""
    at = bisect_right(visits.days, day) - 1
    return at >= 0 and (not visits.ok[at] or day - visits.days[at] > _PATIENCE)


def basis_of(cube: Cube, sources: tuple[SourceFitness, ...], first_observed: date) -> Basis:
    """The basis over `cube`, which holds the compared sources' flow."""
    days = (cube.complete_day - max(first_observed, cube.first_day)).days + 1
    return Basis(cube=cube, sources=sources, history_days=days)
