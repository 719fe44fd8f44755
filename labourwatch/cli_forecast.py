"""The words of `labourwatch forecast`; what it does is in `labourwatch.forecasting`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, harmless, say


def forecast(
    what: Annotated[
        str, typer.Argument(help="A file (CSV, XLSX, JSON, Parquet), or a cell such as LA-VT/5.")
    ],
    date: Annotated[str, typer.Option(help="Column with the date.")] = "",
    value: Annotated[str, typer.Option(help="Column with the value.")] = "",
    series: Annotated[
        list[str] | None, typer.Option(help="Column that tells series apart; repeatable.")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Forecasts for 4 and 12 weeks, 80 and 95 % intervals, and how good earlier ones were.

    A file needs no stack; of a cell (`*/*` is the nation) the newest published ones are told.
    """
    from clickhouse_connect.driver.exceptions import Error

    from alerts.series.columns import SeriesError, Wanted
    from labourwatch.forecasting import of_cell, of_file, printed
    from scrapers.formats.rows import TableError

    path = Path(what)
    try:
        if path.exists() or path.suffix:
            wanted = Wanted(date=date, value=value, series=tuple(series or ()))
            told, notes = of_file(path, wanted)
        else:
            told, notes = of_cell(load_settings(), what, datetime.now(UTC)), []
    except (TableError, SeriesError, ValueError) as error:
        raise fail(str(error)) from error
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for note in notes:
        typer.echo(harmless(note), err=True)
    for line in printed(told, as_data=as_data):
        say(line)
