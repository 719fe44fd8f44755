"""What columns are by what stands in them, where names leave it open. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from labourwatch.indicator.cells import CellError, reader_of
from labourwatch.indicator.columns import Columns, ColumnsError
from labourwatch.indicator.names import is_total, is_unknown
from labourwatch.indicator.times import first_day

Row = tuple[int, Mapping[str, str]]
"""Number of a row in its table, and its cells as text by column."""

_LOOKED_AT: Final = 2_000
"""Rows that a column is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Columns by what they do."""

    time: str
    """"" where the table is of one period."""
    year: str
    """Of a table with year and month in two columns; else ""."""
    group: str
    """"" where the rows are totals."""
    split: tuple[str, ...]
    """Columns that tell series apart."""


def roles_of(rows: Sequence[Row], columns: Columns, *, grouped: bool) -> Roles:
    """What the columns do.

    Without groups, or with one only, the finest column of areas is what mismatch is over. Where
    no name tells time or groups, the first column of periods and the first of texts are taken.

    Args:
        grouped: the rows must be of groups.

    Raises:
        ColumnsError: no column can be the groups.
    """
    time = columns.time or _first_of_periods(rows, columns)
    split = (*columns.areas, *columns.levels, *columns.by)
    if columns.group and (not columns.areas or len(_groups(rows, columns.group)) > 1):
        group = columns.group
    elif columns.areas:
        group = max(columns.areas, key=lambda name: len(_groups(rows, name)))
        split = tuple(name for name in split if not _same(rows, group, name))
    else:
        group = _first_of_texts(rows, columns, time)
    if grouped and not group:
        raise ColumnsError(
            "no column for group (occupation, industry, region…); say which with --map COLUMN=group"
        )
    return Roles(time=time, year=columns.year, group=group, split=split)


def _groups(rows: Iterable[Row], column: str) -> frozenset[str]:
    cells = {row.get(column, "").strip() for _, row in rows}
    return frozenset(cell for cell in cells if not is_total(cell) and not is_unknown(cell))


def _same(rows: Sequence[Row], column: str, other: str) -> bool:
    """Whether two columns tell the same apart: a code and its name."""
    pairs = {(row.get(column, ""), row.get(other, "")) for _, row in rows}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def free_columns(rows: Sequence[Row], columns: Columns) -> list[str]:
    """Columns without a meaning, in the order of the table."""
    taken = {columns.time, columns.year, columns.group, columns.measure, columns.value}
    taken |= {*columns.areas, *columns.levels, *columns.by, *columns.counts.values()}
    names = dict.fromkeys(name for _, cells in rows[:_LOOKED_AT] for name in cells)
    return [name for name in names if name not in taken]


def _first_of_periods(rows: Sequence[Row], columns: Columns) -> str:
    for name in free_columns(rows, columns):
        cells = {row.get(name, "").strip() for _, row in rows[:_LOOKED_AT]}
        if all(len(cell) >= 4 and first_day(cell) is not None for cell in cells):
            return name
    return ""


def _first_of_texts(rows: Sequence[Row], columns: Columns, time: str) -> str:
    for name in free_columns(rows, columns):
        cells = [row.get(name, "") for _, row in rows[:_LOOKED_AT]]
        if name != time and len(set(cells)) > 1 and not _are_counts(cells):
            return name
    return ""


def _are_counts(cells: Iterable[str]) -> bool:
    given = [cell for cell in cells if cell.strip()]
    reader = reader_of(given)
    for cell in given:
        try:
            reader(cell)
        except CellError:
            return False
    return True
