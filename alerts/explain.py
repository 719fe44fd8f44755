"""Which finer cells bring a coarser cell's change: what replaces twenty alerts by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from alerts.cells import Cell, cells_of, depth, is_within
from alerts.panel import Panel

_BASELINE_DAYS = 84
_EVIDENCE_DAYS = 42


def excesses(
    panel: Panel, parent: Cell, onset: int, day: int, weight_of_day: Callable[[int], float]
) -> dict[Cell, float]:
    """Observed minus expected since `onset`, of `parent` and of each cell one step finer.

    Expected is the count of the 84 days before, scaled by exposure; days that were not fully
    observed are left out on both sides.
    """
    before, length = _count(panel, parent, range(onset - _BASELINE_DAYS, onset), weight_of_day)
    start = max(onset, day - _EVIDENCE_DAYS + 1)
    during, span = _count(panel, parent, range(start, day + 1), weight_of_day)
    scale = span / length if length else 0.0
    return {cell: during[cell] - before[cell] * scale for cell in before | during}


def _count(
    panel: Panel, parent: Cell, days: range, weight_of_day: Callable[[int], float]
) -> tuple[Counter[Cell], float]:
    counted: Counter[Cell] = Counter()
    exposure = 0.0
    for day in days:
        weight = weight_of_day(day)
        if weight <= 0.0 or not panel.on(day).is_full:
            continue
        exposure += weight
        for row in panel.visible(parent, day, day):
            counted.update(_relevant(row.province, row.isco1, parent))
    return counted, exposure


def _relevant(province: str, isco1: str, parent: Cell) -> list[Cell]:
    wanted = depth(parent) + 1
    return [
        cell
        for cell in cells_of(province, isco1)
        if cell == parent or (depth(cell) == wanted and is_within(cell, parent))
    ]
