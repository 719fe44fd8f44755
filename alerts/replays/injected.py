"""True changes planted into a recorded past, from a seed: what a detector must find in it. Pure.

What is added is not drawn from a model but taken from the same cell's own weeks around, so that it
is as bunched, as weekly and as holiday-ridden as that cell is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Final

import numpy as np

from alerts.cells import Cell, cells_of, is_within
from alerts.evaluate import Planted
from alerts.evaluation.simulator import FACTORS, Event, Simulated, course
from alerts.signal import Direction
from warehouse.openings import Opening

WARM_UP: Final = 120
"""No event begins earlier: detectors need a past."""
LEAST_DAYS: Final = 200
"""A shorter past has no room for an event."""
_LENGTH: Final = (60, 120)
_TAIL: Final = 45
"""Days left after an event's beginning, at least."""
_WEEKS: Final = 8
_TRIES: Final = 30
_NEW_EMPLOYERS: Final = 2**63
"""Employers of added vacancies are others than the recorded ones."""


def into_series(series: Simulated, seed: Sequence[int]) -> Simulated:
    """The series with one event more, away from what is excused; as it is where there is no room.

    Args:
        series: counts of at least `LEAST_DAYS` days.
        seed: the same gives the same event and the same counts.
    """
    rng = np.random.default_rng(seed)
    event = _event(rng, series)
    if event is None:
        return series
    counts = np.array(series.counts, dtype=float)
    factors = course(event)
    for offset, factor in enumerate(factors):
        day = event.start + offset
        counts[day] = _changed(rng, series, day, float(factor))
    return replace(series, counts=tuple(counts.tolist()), events=(*series.events, event))


def _event(rng: np.random.Generator, series: Simulated) -> Event | None:
    length = len(series.counts)
    for _ in range(_TRIES):
        start = int(rng.integers(WARM_UP, length - _TAIL))
        end = min(length, start + int(rng.integers(*_LENGTH)))
        factor, shape = float(rng.choice(FACTORS)), str(rng.choice(["step", "ramp"]))
        if not any(begin < end + _TAIL and start - _TAIL < stop for begin, stop in series.excused):
            return Event(start=start, end=end, factor=factor, shape=shape)
    return None


def _changed(rng: np.random.Generator, series: Simulated, day: int, factor: float) -> float:
    count = series.counts[day]
    if factor <= 1.0:
        return float(rng.binomial(round(count), factor))
    added, left = 0.0, factor - 1.0
    while left > 0.0:
        other = _other_week(rng, series, day)
        added += float(rng.binomial(round(other), min(left, 1.0)))
        left -= 1.0
    return count + added


def _other_week(rng: np.random.Generator, series: Simulated, day: int) -> float:
    """The count of the same weekday in another week near."""
    days = [
        day + 7 * week
        for week in range(-_WEEKS, _WEEKS + 1)
        if week and 0 <= day + 7 * week < len(series.counts) and day + 7 * week not in series.hidden
    ]
    return series.counts[int(rng.choice(days))] if days else series.counts[day]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where and when events may be planted among vacancies."""

    cells: Sequence[Cell]
    """With enough vacancies to be answered."""
    first: date
    """First day of the past."""
    last: date
    known: Sequence[Planted]
    """Events that truly were: away from these."""


def planted_among(plan: Plan, count: int, seed: Sequence[int]) -> list[Planted]:
    """`count` events at most, none touching another or a known one in place and time."""
    rng = np.random.default_rng(seed)
    found: list[Planted] = []
    days = (plan.last - plan.first).days + 1
    if days < LEAST_DAYS or not plan.cells:
        return []
    for _ in range(_TRIES * count):
        event = _planted(rng, plan, days, len(found))
        if len(found) < count and not any(_clash(event, e) for e in (*plan.known, *found)):
            found.append(event)
    return found


def _planted(rng: np.random.Generator, plan: Plan, days: int, number: int) -> Planted:
    start = int(rng.integers(WARM_UP, days - _TAIL))
    end = min(days - 1, start + int(rng.integers(*_LENGTH)))
    factor = float(rng.choice(FACTORS))
    cell = plan.cells[int(rng.integers(len(plan.cells)))]
    return Planted(
        event_id=f"injected-{number}", cell=cell, factor=factor,
        direction=Direction.UP if factor > 1.0 else Direction.DOWN,
        start=plan.first + timedelta(days=start), end=plan.first + timedelta(days=end),
    )  # fmt: skip


def _clash(one: Planted, other: Planted) -> bool:
    related = one.cell == other.cell or is_within(one.cell, other.cell)
    related = related or is_within(other.cell, one.cell)
    gap = timedelta(days=_TAIL)
    return related and one.start <= other.end + gap and other.start <= one.end + gap


def into_openings(
    rows: Iterable[Opening], events: Sequence[Planted], seed: Sequence[int]
) -> list[Opening]:
    """The vacancies with the events: some taken out, or more of the cell's own weeks put in."""
    rng = np.random.default_rng(seed)
    kept: list[Opening] = []
    by_place: dict[tuple[str, str, int], list[Opening]] = {}
    for row in rows:
        by_place.setdefault((row.province, row.isco1, row.day), []).append(row)
    for place in sorted(by_place):
        province, isco1, day = place
        factor = _factor(events, cells_of(province, isco1), day)
        kept += [row for row in by_place[place] if factor >= 1.0 or rng.random() < factor]
    kept += _added(rng, by_place, events)
    return sorted(kept, key=lambda row: row.day)


def _factor(events: Sequence[Planted], cells: Sequence[Cell], day: int) -> float:
    factor = 1.0
    for event in events:
        if event.cell in cells and event.start.toordinal() <= day <= event.end.toordinal():
            factor *= event.factor
    return factor


def _added(
    rng: np.random.Generator, by_place: dict[tuple[str, str, int], list[Opening]],
    events: Sequence[Planted],
) -> Iterable[Opening]:  # fmt: skip
    places = sorted({(province, isco1) for province, isco1, _ in by_place})
    for event in events:
        if event.factor <= 1.0:
            continue
        inside = [place for place in places if event.cell in cells_of(*place)]
        for day in range(event.start.toordinal(), event.end.toordinal() + 1):
            for province, isco1 in inside:
                for number in range(ceil(event.factor - 1.0)):
                    shift = 7 * int(rng.choice([w for w in range(-_WEEKS, _WEEKS + 1) if w]))
                    source = by_place.get((province, isco1, day + shift), ())
                    share = min(1.0, event.factor - 1.0 - number)
                    yield from (_moved(row, day, rng) for row in source if rng.random() < share)


def _moved(row: Opening, day: int, rng: np.random.Generator) -> Opening:
    """The vacancy on another day, of another employer, seen as late as it was."""
    shift = day - row.day
    employer = int(rng.integers(_NEW_EMPLOYERS)) if row.employer else 0
    return row._replace(day=day, employer=employer, seen=tuple(s + shift for s in row.seen))
