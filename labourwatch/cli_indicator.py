"""The words of `labourwatch indicator`; what it does is in `labourwatch.indicator`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labourwatch.terminal import fail, harmless

if TYPE_CHECKING:
    from labourwatch.indicator.table import Read
    from labourwatch.indicator.told import Told


def indicator(
    name: Annotated[
        str,
        typer.Argument(
            help="mismatch, turnover, hellinger, beveridge, growth, tightness, duration."
        ),
    ],
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX, JSON, JSON Lines or Parquet; also .gz or .zip.")
    ],
    alpha: Annotated[float, typer.Option(help="Elasticity of matches by vacancies.")] = 0.5,
    by: Annotated[
        list[str] | None, typer.Option(help="Column that tells series apart, repeatable.")
    ] = None,
    totals: Annotated[str, typer.Option(help="auto, columns, row or sum.")] = "auto",
    total_row: Annotated[
        list[str] | None, typer.Option(help="Code of the row of all groups, repeatable.")
    ] = None,
    unknown: Annotated[
        list[str] | None, typer.Option(help="Code of units of no known group, repeatable.")
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="column=field, repeatable.")
    ] = None,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Less what chance alone gives.")
    ] = False,
    interval: Annotated[bool, typer.Option(help="Tell 95 % intervals.")] = True,
    scale: Annotated[float, typer.Option(help="1000 where the table counts thousands.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Of simulated intervals.")] = 0,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    out: Annotated[str, typer.Option(help="File for the figures; default: standard output.")] = "-",
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "",
) -> None:
    """An indicator from any table of time, group, vacancies and unemployed. Needs no stack."""
    from labourwatch.indicator.columns import ColumnsError
    from labourwatch.indicator.compute import (
        CORRECTABLE,
        NAMES,
        OF_TOTALS,
        OF_VACANCIES,
        figures,
    )
    from labourwatch.indicator.series import Rules, Totals
    from labourwatch.indicator.spells import DURATION
    from labourwatch.indicator.table import BOTH, Table, read_series, read_spells
    from labourwatch.indicator.told import Choices
    from labourwatch.ingesting import MappingError, parse_mapping
    from scrapers.formats.rows import TableError

    try:
        if name not in (*NAMES, DURATION):
            raise fail(f"no indicator {name!r}; expected one of {', '.join((*NAMES, DURATION))}")
        if corrected and name not in CORRECTABLE:
            raise fail(f"--corrected: only of {', '.join(CORRECTABLE)}")
        if scale <= 0:
            raise fail(f"--scale: expected a number above 0, got {scale}")
        chosen = Choices(alpha=alpha, corrected=corrected, certain=interval, scale=scale, seed=seed)
        rules = Rules(
            totals=Totals(totals),
            total_rows=frozenset(total_row or ()),
            unknown=frozenset(unknown or ()),
        )
        told = parse_mapping(mapping or [])
        table = Table(path=file, told=told, by=by, sheet=sheet)
        if name == DURATION:
            about = {"indicator": name, "file": file.name, "series_by": by or []}
            _write(out, form, read_spells(table), about=about)
            return
        read = read_series(
            table,
            rules,
            grouped=name not in OF_TOTALS,
            needed=BOTH[:1] if name in OF_VACANCIES else BOTH,
        )
        found = [figure for each in read.series for figure in figures(name, each, chosen)]
        _write(out, form, found, about=_about(name, file, read, certain=interval))
    except BrokenPipeError:
        raise typer.Exit(1) from None
    except (TableError, ColumnsError, MappingError, ValueError, OSError) as error:
        raise fail(f"{file.name}: {error}") from error
    _say_aside(name, file, read, found, certain=interval)


_INDEPENDENT = (
    "intervals take each vacancy as drawn on its own, as the table does not tell which employer "
    "posted it: where few employers post many of one group, they are too narrow"
)


def _taken_as(name: str, *, certain: bool) -> dict[str, str]:
    """What an interval over groups assumes; nothing of other figures."""
    from labourwatch.indicator.compute import OVER_GROUPS

    return {"assumed": _INDEPENDENT} if certain and name in OVER_GROUPS else {}


def _about(name: str, file: Path, read: Read, *, certain: bool) -> dict[str, Any]:
    return {
        **_taken_as(name, certain=certain),
        "indicator": name,
        "file": file.name,
        "columns": _meanings(read),
        "series_by": list(read.roles.split),
        "totals": sorted({each.totals for each in read.series}),
    }


def _meanings(read: Read) -> dict[str, str]:
    """Column by what it was taken for."""
    known = {
        "year": read.roles.year,
        "time": read.roles.time,
        "group": read.roles.group,
        "measure": read.columns.measure,
        "value": read.columns.value,
        **{field.value: column for field, column in read.columns.counts.items()},
    }
    return {meaning: column for meaning, column in known.items() if column}


def _write(out: str, form: str, found: list[Told], about: dict[str, Any]) -> None:
    from labourwatch.indicator.output import Form, write

    chosen = Form(form or ("json" if out.lower().endswith(".json") else "csv"))
    with ExitStack() as stack:
        text = (
            sys.stdout
            if out == "-"
            else stack.enter_context(Path(out).open("w", encoding="utf-8", newline=""))
        )
        write(text, chosen, found, about)
        text.flush()


def _say_aside(name: str, file: Path, read: Read, found: list[Told], *, certain: bool) -> None:
    """On standard error: what the file was taken for, and what could not be told."""
    known = sum(each.figure.value is not None for each in found)
    meanings = ", ".join(f"{meaning} = {column}" for meaning, column in _meanings(read).items())
    lines = [
        f"{file.name}: {len(read.series)} series, {known} figures of {len(found)}",
        f"  columns: {meanings}",
        *(f"  {way}" for way in sorted({each.totals for each in read.series})),
        *(f"  {word}" for word in _taken_as(name, certain=certain).values()),
    ]
    if read.unused:
        lines.append(
            f"  not used: {', '.join(read.unused)}; say what a column is with --map COLUMN=FIELD"
        )
    if left_out := sum(each.untold for each in found):
        lines.append(
            f"  {left_out} times a group had a side that is not published (empty cell), which is "
            "not 0: it was left out; against a stated total its share counts as unmatched"
        )
    for line in lines:
        typer.echo(harmless(line), err=True)
