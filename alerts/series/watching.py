"""Every series of a table under the detector of its kind. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median

from alerts.parameters import DetectorParameters
from alerts.series.common import common_course
from alerts.series.counted import SPARSE, parents, watch_counts, with_zeros
from alerts.series.found import Answer, Watched
from alerts.series.index_detector import AMONG, DEFAULT
from alerts.series.indexed import watch_index
from alerts.series.table import Frequency, Kind, Series, SeriesTable

_RARE = 5.0
"""Days or weeks left out may mean zero only where counts are this small."""
_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How to watch."""

    parameters: DetectorParameters
    holidays: bool = True
    """Leave Lao holidays out of daily counts."""
    with_parents: bool = True
    """Answer sparse series by the sum above them, and compare indices with their common course."""


def watch_table(table: SeriesTable, how: Watching) -> Iterator[Watched]:
    """What is found in each series, then in sums of series where some alone are too sparse."""
    weekly = table.frequency is Frequency.WEEKLY
    if table.kind is Kind.INDEX or not (weekly or table.frequency is Frequency.DAILY):
        yield from _indices(table, how)
        return
    series = _complete(table.series, _DAYS if weekly else 1)
    sparse = False
    for one in series:
        watched = _counted(one, how, weekly=weekly)
        sparse |= watched.answer is Answer.INSUFFICIENT
        yield watched
    if sparse and how.with_parents and len(table.chosen.values) == 1:
        for parent in parents(series):
            yield _counted(parent, how, weekly=weekly)


def _indices(table: SeriesTable, how: Watching) -> Iterator[Watched]:
    smooth = table.frequency in (Frequency.DAILY, Frequency.WEEKLY) and table.kind is Kind.INDEX
    common = common_course(table.series) if smooth and how.with_parents else {}
    parameters = AMONG if common else DEFAULT
    for one in table.series:
        yield watch_index(one, table.frequency, table.kind, parameters, common)


def _counted(one: Series, how: Watching, *, weekly: bool) -> Watched:
    if not weekly:
        return watch_counts(one, how.parameters, holidays=how.holidays)
    watched = watch_index(one, Frequency.WEEKLY, Kind.COUNTS)
    rate = sum(value for _, value in one.points) / max(len(one.points), 1)
    if watched.answer is Answer.WATCHED and rate < SPARSE * _DAYS:
        return replace(watched, answer=Answer.INSUFFICIENT, found=())
    return watched


def _complete(series: tuple[Series, ...], step: int) -> list[Series]:
    whole = [
        replace(one, points=tuple((day, max(value, 0.0)) for day, value in one.points))
        for one in series
    ]
    rare = median(value for one in whole for _, value in one.points) <= _RARE
    return with_zeros(whole, step) if rare else whole
