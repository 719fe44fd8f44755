"""Signals out of forecasts: demand that will probably leave its usual band. Pure.

A forecast of demand says nothing of supply, so it is called demand pressure and never a shortage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import log
from typing import Final

from alerts.calendar import LAO_TIME, end_of_day, local_day
from alerts.cells import Cell
from alerts.signal import Classification, Component, Direction, Phase, Signal, Size
from warehouse.forecasts import ForecastRow

FIRES: Final = 0.8
"""Probability from which a forecast is a signal."""
CLEARS: Final = 0.5
"""Probability below which it is over."""
FRESH: Final = 14
"""Days for which a forecast speaks: made weekly, one may fail."""
PRESSURE: Final = "demand_pressure"
LEAST_SCORED: Final = 12
"""Outcomes that a series must have had: no alarm rests on an interval that was never tried."""


def forecast_signals(rows: Iterable[ForecastRow], fires: float = FIRES) -> Iterator[Signal]:
    """A signal for each cell whose demand will probably exceed its usual band within 12 weeks.

    Cells with industry have no alerts. Of two horizons the surer one speaks.
    """
    for cell, row in _surest(rows).items():
        if (row.chance_above or 0.0) >= fires:
            yield _signal(cell, row)


def _surest(rows: Iterable[ForecastRow]) -> dict[Cell, ForecastRow]:
    surest: dict[Cell, ForecastRow] = {}
    for row in rows:
        if row.industry or row.scored < LEAST_SCORED:
            continue
        cell = Cell(row.province, row.occupation)
        if cell not in surest or (row.chance_above or 0.0) > (surest[cell].chance_above or 0.0):
            surest[cell] = row
    return surest


def forecasts_on(day: date, rows: Iterable[ForecastRow], fires: float = FIRES) -> list[Signal]:
    """Signals of forecasts as they stand on a complete day: those made by then and still fresh.

    What is no longer probable (below `CLEARS`) is over; what lies between goes on as it was.
    """
    held = [
        row for row in rows if timedelta() <= day - local_day(row.made_at) < timedelta(days=FRESH)
    ]
    active = list(forecast_signals(held, fires))
    spoken = {signal.cell for signal in active}
    ended = [
        replace(_signal(cell, row), phase=Phase.RETURNED)
        for cell, row in _surest(held).items()
        if cell not in spoken and (row.chance_above or 0.0) < CLEARS
    ]
    at = end_of_day(day)
    return [replace(signal, day=day, event_time=at) for signal in [*active, *ended]]


def _signal(cell: Cell, row: ForecastRow) -> Signal:
    chance = row.chance_above or 0.0
    usual = row.usual_upper + 0.5
    return Signal(
        cell=cell, direction=Direction.UP, phase=Phase.ACTIVE,
        onset_on=row.target_week, detected_on=row.made_at.astimezone(LAO_TIME).date(),
        day=row.made_at.astimezone(LAO_TIME).date(), event_time=_begins(row),
        size=Size(
            observed=row.value, expected=row.usual_upper, ratio=(row.value + 0.5) / usual,
            lower=(row.lower_95 + 0.5) / usual, upper=(row.upper_95 + 0.5) / usual,
        ),
        score=log(chance / max(1.0 - chance, 1e-3)), n=row.n, employers=0, sources=(),
        evidence_days=7 * row.weeks, classification=Classification.FORECAST,
        detail=f"demand pressure expected: in {row.ahead} weeks, {row.value:.0f} new vacancies a "
        f"week ({row.lower_80:.0f} to {row.upper_80:.0f}, 80 %), more than the "
        f"{row.usual_upper:.0f} of nine in ten weeks of the last year; supply is not part of it",
        indicator=PRESSURE, probability=chance,
        components=(
            Component(
                name="flow", value=row.value, lower=row.lower_95, upper=row.upper_95, n=row.n
            ),
        ),
    )  # fmt: skip


def _begins(row: ForecastRow) -> datetime:
    return datetime.combine(row.target_week, time(0), LAO_TIME).astimezone(UTC)
