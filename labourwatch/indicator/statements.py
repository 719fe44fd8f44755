"""Rows of a table → what each states of one group in one period of one series. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from labourwatch.indicator.cells import CellError, Reader, reader_of
from labourwatch.indicator.columns import Columns, ColumnsError
from labourwatch.indicator.names import Field, count_field
from labourwatch.indicator.roles import Roles, Row

_MONTH: Final = re.compile(r"0?[1-9]|1[0-2]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Counts of one group, each `None` where the cell says "not published"."""

    row: int
    key: tuple[tuple[str, str], ...]
    """The series: column and cell of what tells series apart."""
    time: str
    group: str
    counts: Mapping[Field, float | None]
    """By side, total or labour force; a field that the row does not state is absent."""


def statements_of(rows: Sequence[Row], columns: Columns, roles: Roles) -> list[Statement]:
    """What the rows state.

    Raises:
        ColumnsError: cells that are no counts (told by their rows).
    """
    time = _time_reader(rows, roles)
    counts = _long_counts(rows, columns) if columns.measure else _wide_counts(rows, columns)
    stated, wrong = [], list[str]()
    for number, cells in rows:
        try:
            found = counts(cells)
        except CellError as error:
            wrong.append(f"row {number}: {error}")
            continue
        if found:
            stated.append(
                Statement(
                    row=number,
                    key=tuple((name, cells.get(name, "").strip()) for name in roles.split),
                    time=time(cells),
                    group=cells.get(roles.group, "").strip(),
                    counts=found,
                )
            )
    if wrong:
        more = f" (and {len(wrong) - 3} more rows)" if len(wrong) > 3 else ""
        raise ColumnsError("; ".join(wrong[:3]) + more)
    return stated


def _time_reader(rows: Sequence[Row], roles: Roles) -> Callable[[Mapping[str, str]], str]:
    """The period of a row; of a year and a month (1 to 12) in two columns, `2026-09`."""
    name, year = roles.time, roles.year
    if year and all(_MONTH.fullmatch(row.get(name, "").strip()) for _, row in rows):
        return lambda row: f"{row.get(year, '').strip()}-{int(row[name]):02d}"
    return lambda row: row.get(name, "").strip()


Counts = Callable[[Mapping[str, str]], dict[Field, float | None]]


def _wide_counts(rows: Sequence[Row], columns: Columns) -> Counts:
    readers = {name: _reader(rows, name) for name in columns.counts.values()}

    def read(cells: Mapping[str, str]) -> dict[Field, float | None]:
        return {field: _cell(readers[name], cells, name) for field, name in columns.counts.items()}

    return read


def _long_counts(rows: Sequence[Row], columns: Columns) -> Counts:
    """Of rows that state one measure each; other measures than those wanted are passed over."""
    reader = _reader(rows, columns.value)
    measures = {cells.get(columns.measure, "") for _, cells in rows}
    known = {measure: count_field(measure) for measure in measures}
    for field in (Field.VACANCIES, Field.UNEMPLOYED):
        named = sorted(measure for measure, what in known.items() if what is field)
        if len(named) != 1:
            told = ", ".join(sorted(measures)[:12])
            raise ColumnsError(
                f"{columns.measure}: expected one value for {field}, "
                f"got {', '.join(named) or 'none'} among {told}"
            )

    def read(cells: Mapping[str, str]) -> dict[Field, float | None]:
        field = known[cells.get(columns.measure, "")]
        return {} if field is None else {field: _cell(reader, cells, columns.value)}

    return read


def _reader(rows: Iterable[Row], name: str) -> Reader:
    return reader_of(cells.get(name, "") for _, cells in rows)


def _cell(reader: Reader, cells: Mapping[str, str], name: str) -> float | None:
    try:
        return reader(cells.get(name, ""))
    except CellError as error:
        raise CellError(f"{name}: {error}") from error
