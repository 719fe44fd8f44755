"""The weeks that a notice's picture shows: observed, and the range that was usual before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final

from alerts.cells import Cell
from warehouse.openings import Opening

SHOWN: Final = 26
"""Weeks in the picture."""
_BASELINE: Final = 13
_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Counts of new vacancies by week, the oldest first, and the usual level with its range."""

    ends: tuple[date, ...]
    """Last day of each week."""
    observed: tuple[int, ...]
    usual: float
    lower: float
    upper: float
    """95 % range of single weeks."""
    onset: date


def first_day(through: date) -> date:
    """The first day that the picture needs."""
    return through - timedelta(days=7 * SHOWN - 1)


def weeks_of(openings: Iterable[Opening], cell: Cell, through: date, onset: date) -> Weeks | None:
    """The last 26 weeks of a cell; None where fewer than four lie before the onset.

    Usual is the mean of up to 13 weeks before the onset. Its range is that of single weeks, with
    their variance as observed, at least that of a Poisson count.
    """
    counts = [0] * SHOWN
    last = through.toordinal()
    for row in openings:
        if _is_in(row, cell) and 0 <= (back := (last - row.day) // 7) < SHOWN and row.day <= last:
            counts[SHOWN - 1 - back] += 1
    ends = tuple(through - timedelta(days=7 * back) for back in reversed(range(SHOWN)))
    before = [n for end, n in zip(ends, counts, strict=True) if end < onset][-_BASELINE:]
    if len(before) < 4:
        return None
    usual = sum(before) / len(before)
    variance = sum((n - usual) ** 2 for n in before) / (len(before) - 1)
    spread = _Z95 * sqrt(max(variance, usual, 0.25))
    return Weeks(
        ends=ends,
        observed=tuple(counts),
        usual=usual,
        lower=max(0.0, usual - spread),
        upper=usual + spread,
        onset=onset,
    )


def _is_in(row: Opening, cell: Cell) -> bool:
    return cell.province in ("", row.province) and cell.isco1 in ("", row.isco1)
