"""Forecasts for the terminal: of the series of a file, or of a cell as they were published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from alerts.cells import parse_cell
from alerts.forecasts.tabled import Foretold, foretell
from alerts.series.columns import Wanted
from config.settings import Settings
from labourwatch.evaluating import read_series
from warehouse.client import connect
from warehouse.forecasts import newest_forecasts

Line = dict[str, object]
"""One forecast as plain values."""
_SCORES = ("relative_mae", "mase", "pinball", "coverage_80", "coverage_95")
_BOUNDS = ("value", "lower_80", "upper_80", "lower_95", "upper_95")


def of_file(path: Path, wanted: Wanted) -> tuple[list[Line], list[str]]:
    """Forecasts of every series of a file, and what could not be forecast.

    Raises:
        scrapers.formats.rows.TableError: no such file, or no table.
        alerts.series.columns.SeriesError: no series in it.
    """
    table = read_series(path, wanted, None, None)
    told: list[Line] = []
    notes = [f"refused: {why}" for why in table.refused[:3]]
    for one in table.series:
        try:
            found = list(foretell(one, table.frequency, table.kind))
        except ValueError as error:
            notes.append(f"{one.name}: {error}")
            continue
        if not found:
            notes.append(f"{one.name}: too short to be forecast")
        told += [_line(each) for each in found]
    return told, notes


def _line(told: Foretold) -> Line:
    scores = told.scores
    return {
        "series": told.series,
        "target": told.target.isoformat(),
        "ahead": told.forecast.ahead,
        **{name: getattr(told.forecast, name) for name in _BOUNDS},
        "scored": scores.n if scores else 0,
        **{name: getattr(scores, name) if scores else None for name in _SCORES},
    }


def of_cell(settings: Settings, key: str, now: datetime) -> list[Line]:
    """The newest published forecasts of a cell.

    Raises:
        ValueError: no cell of that name, or nothing is forecast of it.
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    cell = parse_cell(key)
    client = connect(settings, readonly=True)
    try:
        rows = newest_forecasts(
            client, as_of=now, province=cell.province, occupation=cell.isco1, industry=""
        )
    finally:
        client.close()
    if not rows:
        raise ValueError(f"{key}: no forecast; cells with fewer than a vacancy a week have none")
    names = ("ahead", *_BOUNDS, "scored", *_SCORES)
    return [
        {
            "series": key,
            "target": row.target_week.isoformat(),
            **{name: getattr(row, name) for name in names},
        }
        for row in rows
    ]


def printed(told: Sequence[Line], *, as_data: bool) -> Iterator[str]:
    """Lines of a table, or JSON."""
    if as_data:
        yield json.dumps(told, indent=1, ensure_ascii=False)
        return
    yield f"{'series':<30}  target      {'value':>9}  {'80 %':>21}  {'95 %':>21}  scores"
    for line in told:
        values = {name: _shown(line[name]) for name in (*_BOUNDS, *_SCORES)}
        yield (
            f"{str(line['series'])[:30]:<30}  {line['target']}  {values['value']:>9}  "
            f"{values['lower_80']:>9} – {values['upper_80']:>9}  "
            f"{values['lower_95']:>9} – {values['upper_95']:>9}  "
            f"n {line['scored']}, MAE/naive {values['relative_mae']}, MASE {values['mase']}, "
            f"pinball {values['pinball']}, covered {values['coverage_80']}/{values['coverage_95']}"
        )


def _shown(value: object) -> str:
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}"
