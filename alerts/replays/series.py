"""The recorded past as one series of daily counts for each cell, as the service saw it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alerts.cells import Cell, is_within
from alerts.evaluate import Planted
from alerts.evaluation.scoring import RETURN_DAYS
from alerts.evaluation.simulator import Simulated
from alerts.panel import Panel
from alerts.parameters import density_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One day as the panel tells it."""

    counts: Mapping[Cell, int]
    exposures: Mapping[Cell, float]
    """Share of each cell that the day could show, relative to the first day's sources."""


def seen_days(panel: Panel, first: int, last: int) -> list[Seen]:
    """Every day from `first` through `last`, ordinals.

    A source that joins the comparison or leaves it for good changes the exposure of all days since.
    """
    scale: dict[Cell, float] = {}
    established = panel.on(first).established
    days = []
    for day in range(first, last + 1):
        counts = panel.counts(day)
        for cell in counts:
            scale.setdefault(cell, 1.0)
        now = panel.on(day).established
        if established and now and now != established:
            factors = panel.visible_shares(day, now, established, scale)
            for cell in scale:
                scale[cell] *= max(factors[cell], 0.05)
        established = now or established
        part = panel.exposures(day, scale)
        seen = {cell: of * (1.0 if part is None else part[cell]) for cell, of in scale.items()}
        days.append(Seen(counts=counts, exposures=seen))
    return days


def series_of(days: Sequence[Seen], first: date, known: Sequence[Planted]) -> list[Simulated]:
    """A series for each cell, by its key; counts are scaled to the whole of the cell.

    Args:
        days: in order.
        first: date of the first.
        known: events that truly were: where they touch a cell, alarms are excused.
    """
    cells = sorted({cell for day in days for cell in day.counts}, key=lambda cell: cell.key)
    return [_series(cell, days, first, known) for cell in cells]


def _series(cell: Cell, days: Sequence[Seen], first: date, known: Sequence[Planted]) -> Simulated:
    shares = [day.exposures.get(cell, 1.0) for day in days]
    counts = [
        day.counts.get(cell, 0) / share if share > 0.0 else 0.0
        for day, share in zip(days, shares, strict=True)
    ]
    rate = float(np.mean(counts)) if counts else 0.0
    return Simulated(
        name=cell.key, density=density_of(rate), rate=rate, counts=tuple(counts), events=(),
        first=first, hidden=frozenset(t for t, share in enumerate(shares) if share <= 0.0),
        excused=tuple(_window(event, first) for event in known if _touches(event, cell)),
    )  # fmt: skip


def _touches(event: Planted, cell: Cell) -> bool:
    same = event.cell == cell
    return same or is_within(event.cell, cell) or is_within(cell, event.cell)


def _window(event: Planted, first: date) -> tuple[int, int]:
    return (event.start - first).days, (event.end - first).days + RETURN_DAYS + 1
