"""How figures were revised: by how much, after how long, and whether their intervals held. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from warehouse.releases import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """All issues after the first that came with one number of revisions before them."""

    lag: int
    """1: the second issue of a figure, and so on."""
    n: int
    """Figures that have so many issues."""
    mean: float
    """Mean of later less first: a bias where it is not near 0."""
    mean_absolute: float
    outside: int
    intervals: int
    """Of `intervals` first issues with an interval, `outside` did not hold the later figure."""


def by_lag(issues: Sequence[Revision]) -> list[Revised]:
    """Revisions against the first issue, by how many issues lie between.

    Args:
        issues: of one series, ordered by day and then by issue; figures not told are left out.
    """
    held: dict[int, list[tuple[Revision, float]]] = {}
    told = [row for row in issues if row.value is not None]
    for _, same in groupby(told, key=lambda row: row.time_value):
        first, *later = same
        for lag, row in enumerate(later, start=1):
            held.setdefault(lag, []).append((first, (row.value or 0.0) - (first.value or 0.0)))
    return [_revised(lag, rows) for lag, rows in sorted(held.items())]


def _revised(lag: int, rows: Sequence[tuple[Revision, float]]) -> Revised:
    changes = [change for _, change in rows]
    bounded = [
        (first.lower, (first.value or 0.0) + change, first.upper)
        for first, change in rows
        if first.lower is not None and first.upper is not None
    ]
    outside = sum(not lower <= value <= upper for lower, value, upper in bounded)
    return Revised(
        lag=lag, n=len(rows), mean=fmean(changes), mean_absolute=fmean(map(abs, changes)),
        outside=outside, intervals=len(bounded),
    )  # fmt: skip
