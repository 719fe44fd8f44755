"""Periods of sources that counts tell: a changed volume, and a source that has just been joined.

Like marks of health they are told to operators when they begin and when they end. Nothing is kept
of them: volumes are part of the watch's state, new sources follow from the visits. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from alerts.calendar import end_of_day
from alerts.cells import NATION, Cell
from alerts.coverage import BASELINE_DAYS, RETIRED_DAYS, START_DAYS, Coverage, SourceVisits
from alerts.operators import JOINING, PART, VOLUME
from alerts.signal import Direction
from alerts.source_stream import Period
from alerts.volumes import Volumes
from warehouse.marks import Mark

_REASONS = {Direction.DOWN: "fewer", Direction.UP: "more"}


def volume_marks(volumes: Volumes) -> list[Mark]:
    """The latest period of each source and part that was not as usual, by source and cell."""
    return [
        _volume(source, cell, stream.period)
        for (source, cell), stream in sorted(volumes.streams.items())
        if stream.period is not None
    ]


def _volume(source: str, cell: Cell, period: Period) -> Mark:
    reason = _REASONS[period.direction]
    evidence = told(
        observed=f"{period.observed:.0f}", expected=f"{period.expected:.0f}",
        first=_day(period.onset), last=_day(period.detected), cell=cell.key,
    )  # fmt: skip
    return _mark(
        source, PART if cell != NATION else VOLUME, f"{cell.key}:{_day(period.onset)}",
        (period.onset, period.over), period.detected, (reason, period.ending), evidence,
    )  # fmt: skip


def joining_marks(coverage: Coverage) -> list[Mark]:
    """Sources that came later than the others: until they are compared, or are silent for good."""
    start = coverage.first_day
    newest = max((v.days[-1] for v in coverage.visits.values() if v.days), default=0)
    if start is None:
        return []
    return [
        mark
        for source, visits in coverage.visits.items()
        for mark in _joining(source, visits, start, newest)
    ]


def _joining(source: str, visits: SourceVisits, start: int, newest: int) -> Iterator[Mark]:
    first, last = visits.first_ok(), visits.last_ok(newest)
    if first is None or last is None or first <= start + START_DAYS:
        return
    compared, silent = first + BASELINE_DAYS, last + RETIRED_DAYS + 1
    over, ending = (silent, "gone") if silent <= compared else (compared, "compared")
    standing = newest < over
    evidence = told(first=_day(first), compared=_day(compared))
    yield _mark(
        source, JOINING, _day(first), (first, None if standing else over), first,
        ("first_seen", "" if standing else ending), evidence,
    )  # fmt: skip


def _mark(
    source: str, kind: str, name: str, lasts: tuple[int, int | None], detected: int,
    reasons: tuple[str, str], evidence: str,
) -> Mark:  # fmt: skip
    begun, over = lasts
    opened = end_of_day(date.fromordinal(detected))
    to_at = None if over is None else end_of_day(date.fromordinal(over))
    return Mark(
        mark_id=f"{kind}:{source}:{name}", source_id=source, kind=kind, from_at=_start(begun),
        to_at=to_at, reason=reasons[0] if to_at is None else reasons[1], evidence=evidence,
        issue=to_at or opened, opened_at=opened, opened_for=reasons[0], opened_on=evidence,
    )  # fmt: skip


def _start(day: int) -> datetime:
    return end_of_day(date.fromordinal(day - 1))


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()


def told(**values: str) -> str:
    """Evidence as `name=value`, for words in any language (`alerts.notify.operator`)."""
    return " ".join(f"{name}={value}" for name, value in values.items())
