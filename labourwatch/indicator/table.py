"""A file of vacancies and unemployed by group → its series, read as any table of the service is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labourwatch.indicator.columns import Columns, ColumnsError, columns_of, fitting
from labourwatch.indicator.names import Field
from labourwatch.indicator.roles import Roles, Row, free_columns, roles_of
from labourwatch.indicator.series import Rules, Series, series_of
from labourwatch.indicator.spells import durations, spell_columns
from labourwatch.indicator.statements import statements_of
from labourwatch.indicator.told import Told
from scrapers.formats.rows import Layout, RowError
from scrapers.tables import read_rows

BOTH: Final = (Field.VACANCIES, Field.UNEMPLOYED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file, and what the person says about it."""

    path: Path
    told: Mapping[str, str]
    """Column → field."""
    by: Sequence[str] | None = None
    """Columns that tell series apart; `None`: the areas and levels found."""
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file's series, and what its columns were taken for."""

    series: Sequence[Series]
    columns: Columns
    roles: Roles
    unused: Sequence[str] = ()
    """Columns that were taken for nothing."""


def read_spells(table: Table) -> list[Told]:
    """How long the vacancies of a file stood advertised. Raises as `read_series` does."""
    rows = _rows(table)
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    if missing := [name for name in table.by or () if name not in names]:
        raise ColumnsError(f"--by: no column {missing[0]!r}; there are {', '.join(names)}")
    return list(durations(rows, spell_columns(names, table.told), table.by or ()))


def read_series(
    table: Table, rules: Rules, *, grouped: bool = True, needed: Sequence[Field] = BOTH
) -> Read:
    """The series of a file; `grouped`: they must be of groups, `needed`: with these sides.

    Raises:
        TableError: it cannot be read. ColumnsError: it is no table of counts by group.
    """
    rows = _rows(table)
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    columns = columns_of(names, table.told, table.by, needed)
    roles = roles_of(rows, columns, grouped=grouped)
    series = series_of(statements_of(rows, columns, roles), rules)
    used = {roles.time, roles.group, *roles.split}
    unused = [name for name in free_columns(rows, columns) if name not in used]
    return Read(series=series, columns=columns, roles=roles, unused=unused)


def _rows(table: Table) -> list[Row]:
    layout = Layout(sheet=table.sheet, fits=lambda names: fitting(names, table.told))
    rows: list[Row] = []
    for row in read_rows(table.path, layout):
        if isinstance(row, RowError):
            raise ColumnsError(f"row {row.number}: {row}")
        rows.append(row)
    if not rows:
        raise ColumnsError("no row below the heading")
    return rows
