"""Which sources were observed on which day, from their runs: what a day's counts can stand for.

A source's day d is known by its next visit after d: what was posted on d after that day's crawl is
seen then. The day is *observed* when that visit succeeded and *out* when it failed. A source is
part of the comparison once it has eight weeks of history (or was there from the start) and until it
has been silent for four weeks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

BASELINE_DAYS: Final = 56
START_DAYS: Final = 14
"""Sources that appear within so many days of the first are there from the start."""
RETIRED_DAYS: Final = 28
_PATIENCE: Final = 4
"""Days without a visit, while others were visited, after which a source counts as out."""
_REGULAR_DAYS: Final = 3
"""A source visited on fewer days is no regular one: a file taken once holds nobody up."""
_HABIT_DAYS: Final = 14
"""Nor is one that was visited on less than half of so many days: an office that sends an advert
now and then, or a provider that pushes once a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceVisits:
    """Days (ordinals, ascending) on which a source was visited, and whether any visit succeeded."""

    days: tuple[int, ...]
    ok: tuple[bool, ...]

    def next_after(self, day: int) -> tuple[int, bool] | None:
        """First visited day after `day` and whether it succeeded."""
        i = bisect_right(self.days, day)
        return None if i == len(self.days) else (self.days[i], self.ok[i])

    def is_recovery(self, day: int) -> bool:
        """Whether `day` is a first visit or the first success after a failure: a catch-up day."""
        i = bisect_right(self.days, day) - 1
        if i < 0 or self.days[i] != day or not self.ok[i]:
            return False
        return i == 0 or not self.ok[i - 1]

    def is_regular(self, newest: int) -> bool:
        """Whether its next visit is worth waiting for, on the day of the newest visit of any."""
        first = max(self.days[0], newest - _HABIT_DAYS + 1) if self.days else newest
        lately = len(self.days) - bisect_right(self.days, first - 1)
        return len(self.days) >= _REGULAR_DAYS and 2 * lately >= newest - first + 1

    def first_ok(self) -> int | None:
        """First successful day."""
        return next((d for d, ok in zip(self.days, self.ok, strict=True) if ok), None)

    def last_ok(self, by: int) -> int | None:
        """Last successful day up to `by`."""
        i = bisect_right(self.days, by)
        return next((self.days[k] for k in range(i - 1, -1, -1) if self.ok[k]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """What may be compared on one day."""

    established: frozenset[str]
    """Sources with a baseline."""
    observed: Mapping[str, int]
    """Established sources whose day is known, each with the last day on which it was looked at."""

    @property
    def is_full(self) -> bool:
        """Every established source was observed."""
        return len(self.observed) == len(self.established)

    def share_seen(self, usual: Mapping[str, int]) -> float:
        """Share of what its established sources usually bring that was observed.

        Args:
            usual: postings by source; sources weigh alike where none of them brought any.
        """
        weights = {source: usual.get(source, 0) for source in self.established}
        if not any(weights.values()):
            weights = dict.fromkeys(weights, 1)
        whole = sum(weights.values())
        return sum(weights[source] for source in self.observed) / whole if whole else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Visits of every source."""

    visits: Mapping[str, SourceVisits]

    @property
    def first_day(self) -> int | None:
        """First day on which any source was observed."""
        firsts = [v.first_ok() for v in self.visits.values()]
        return min((f for f in firsts if f is not None), default=None)

    def complete_through(self) -> int | None:
        """The watermark: last day known, or known to be out, for every active source."""
        newest = max((v.days[-1] for v in self.visits.values() if v.days), default=None)
        if newest is None:
            return None
        active = [
            v.days[-1]
            for v in self.visits.values()
            if v.is_regular(newest) and newest - v.days[-1] <= _PATIENCE
        ]
        return min(active, default=newest) - 1

    def of_day(self, day: int) -> DayCoverage:
        """What may be compared on `day`."""
        established = frozenset(s for s in self.visits if self._is_established(s, day))
        observed = {}
        for source in established:
            visits = self.visits[source]
            found = visits.next_after(day)
            late = found is None or found[0] - day > _PATIENCE
            if found is not None and found[1] and not late and not visits.is_recovery(day):
                observed[source] = found[0]
        return DayCoverage(established=established, observed=observed)

    def _is_established(self, source: str, day: int) -> bool:
        visits, start = self.visits[source], self.first_day
        first, last = visits.first_ok(), visits.last_ok(day)
        if first is None or last is None or start is None or day - last > RETIRED_DAYS:
            return False
        return first <= start + START_DAYS or day - first >= BASELINE_DAYS


def coverage_from(rows: Iterable[tuple[str, int, bool]]) -> Coverage:
    """Coverage from (source, ordinal day, whether a run of the day succeeded) in any order."""
    by_source: dict[str, dict[int, bool]] = {}
    for source, day, ok in rows:
        days = by_source.setdefault(source, {})
        days[day] = days.get(day, False) or ok
    return Coverage(
        visits={
            source: SourceVisits(
                days=tuple(sorted(days)), ok=tuple(days[day] for day in sorted(days))
            )
            for source, days in sorted(by_source.items())
        }
    )
