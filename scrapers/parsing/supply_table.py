"""A whole table of a feed → records, refusals and warnings: the border of every institution's data.

Told in this order: columns, persons, rows, cells stated twice, totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from config.feeds import Dimension, Feed
from scrapers.items import SupplyRecord
from scrapers.parsing.dates import DateOrder
from scrapers.parsing.supply import SupplyRefusal, SupplyRefused
from scrapers.parsing.supply_checks import inconsistent, lists_persons, repeated
from scrapers.parsing.supply_codes import read_dimension
from scrapers.parsing.supply_columns import (
    END,
    MEASURE,
    PERIOD,
    PUBLISHED,
    START,
    VALUE,
    Columns,
    read_columns,
)
from scrapers.parsing.supply_persons import one_row_each, personal_content, personal_names
from scrapers.parsing.supply_rows import make_record
from scrapers.parsing.text import clean_line

SupplyRow = tuple[int, Mapping[str, str]]
"""Number of a row in its table, and its cells as text by column."""

LONGEST: Final = 200_000
"""Rows of one table at most: aggregates are short, and a table is held in memory whole."""
_NUMBERS: Final = frozenset({VALUE, PERIOD, START, END, PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyTable:
    """What became of a table."""

    records: tuple[SupplyRecord, ...]
    refusals: tuple[SupplyRefused, ...]
    warnings: tuple[str, ...] = ()
    """What was taken nevertheless: totals that do not add up, columns passed over, …"""
    mapping: Mapping[str, str]
    """Column → field or measure."""
    repeated: int = 0
    """Statements left out because another row states the same."""

    @property
    def refused_whole(self) -> SupplyRefused | None:
        """The refusal of all of the table, where nothing of it may be kept."""
        return next((refused for refused in self.refusals if refused.row == 0), None)


def make_supply_records(
    rows: Sequence[SupplyRow],
    feed: Feed,
    *,
    source_id: str,
    received_at: datetime,
    told: Mapping[str, str] | None = None,
    order: DateOrder = "dmy",
) -> SupplyTable:
    """Read a table against its feed's schema. Pure, and never raises for what stands in the rows.

    Args:
        rows: each with its number (for refusals) and its cells by column; a JSON object per row
            with the names of the fields as keys is such a table too.
        source_id: who sent it; figures of two sources are never each other's revisions.
        received_at: UTC; the time of publication where the rows state none (column `published`).
        told: column → field, for columns whose names do not tell.

    Returns:
        Records and refusals. A refusal of row 0 is of the whole table; then there are no records.
    """
    columns = read_columns((name for _, cells in rows for name in cells), feed, told or {})
    refused = _whole(rows, columns, feed)
    if refused is not None:
        return SupplyTable(records=(), refusals=(refused,), mapping=columns.mapping)
    numbered: list[tuple[int, SupplyRecord]] = []
    refusals: list[SupplyRefused] = []
    for number, fields in _statements(rows, columns, feed):
        made = make_record(fields, feed, source_id=source_id, received_at=received_at, order=order)
        if isinstance(made, SupplyRecord):
            numbered.append((number, made))
        else:
            detail = f"row {number}, {made.column}: {made.detail}"
            refusals.append(replace(made, row=number, detail=detail, fields=fields))
    if lists_persons([record for _, record in numbered]):
        detail = "every count is 1 and cells repeat: a list of persons; send their sums"
        whole = _refusal(SupplyRefusal.PERSONAL_DATA, detail)
        return SupplyTable(records=(), refusals=(whole,), mapping=columns.mapping)
    return _settled(numbered, refusals, columns, feed)


def _whole(rows: Sequence[SupplyRow], columns: Columns, feed: Feed) -> SupplyRefused | None:
    """Why nothing of the table can be taken."""
    if not rows:
        return _refusal(SupplyRefusal.TABLE_EMPTY, "expected a row below the heading")
    if len(rows) > LONGEST:
        detail = f"expected at most {LONGEST} rows; send the table in parts"
        return _refusal(SupplyRefusal.TABLE_TOO_LONG, detail)
    persons = personal_names([*columns.ignored, *columns.fields]) or _content(rows, columns, feed)
    if persons:
        detail = f"columns about persons ({', '.join(persons)}); send aggregates only"
        return _refusal(SupplyRefusal.PERSONAL_DATA, detail)
    if columns.missing:
        detail = f"no column for {'; '.join(columns.missing)}; see the feed's page"
        return _refusal(SupplyRefusal.COLUMNS_MISSING, detail)
    return None


def _is_coded(
    column: str, columns: Columns, cells: Sequence[Mapping[str, str]], feed: Feed
) -> bool:
    """Whether a column holds codes or names of places and groups, as its name says."""
    field = columns.fields[column]
    if field not in set(Dimension):
        return True
    stated = [clean_line(row.get(column, "")) for row in cells]
    texts = [text for text in stated if text]
    read = sum(read_dimension(Dimension(field), text, feed) is not None for text in texts)
    return 2 * read >= len(texts)


def _content(rows: Sequence[SupplyRow], columns: Columns, feed: Feed) -> list[str]:
    cells = [cells for _, cells in rows]
    numbers = {name for name, field in columns.fields.items() if field in _NUMBERS}
    figures = columns.figures.union(numbers)
    coded = frozenset(name for name in columns.fields if _is_coded(name, columns, cells, feed))
    found = personal_content(cells, figures=figures, coded=coded)
    single = one_row_each(cells, counts=columns.figures, coded=coded)
    return [*found, f"{single}: one row for each name, every count 1"] if single else found


def _statements(
    rows: Sequence[SupplyRow], columns: Columns, feed: Feed
) -> list[tuple[int, dict[str, str]]]:
    """One mapping of fields for each figure: a wide row states several."""
    only = next(iter(feed.measures)) if len(feed.measures) == 1 else ""
    found = []
    for number, cells in rows:
        held = {field: cells.get(column, "").strip() for column, field in columns.fields.items()}
        fields = {"feed": feed.id, **{name: text for name, text in held.items() if text}}
        if not columns.measures and (VALUE in held or not columns.sexes):
            found.append((number, {MEASURE: only, **fields} if only else fields))
        for column, spread in _spread(columns).items():
            if cells.get(column, "").strip():
                stated = {**fields, **spread, VALUE: cells[column].strip()}
                found.append((number, {MEASURE: only, **stated} if only else stated))
    return found


def _spread(columns: Columns) -> dict[str, dict[str, str]]:
    """Column → what it says beside its figure, in a table with several figures a row."""
    told = {column: {MEASURE: measure} for column, measure in columns.measures.items()}
    return told | {column: {Dimension.SEX.value: sex} for column, sex in columns.sexes.items()}


def _settled(
    numbered: Sequence[tuple[int, SupplyRecord]],
    refusals: Sequence[SupplyRefused],
    columns: Columns,
    feed: Feed,
) -> SupplyTable:
    kept, same, contrary = repeated(numbered)
    records = [record for _, record in kept]
    contradictions = [
        SupplyRefused(
            reason=SupplyRefusal.CONTRADICTION,
            detail=f"row {number}, value: row {other} states the same cell with another value",
            row=number,
            column=VALUE,
            fields=_restated(record),
        )
        for number, other, record in contrary
    ]
    warnings = [f"row {number} repeats row {first}" for number, first in same]
    if columns.ignored:
        warnings.append(f"columns passed over: {', '.join(columns.ignored)}")
    small = sum(not record.releasable for record in records)
    if small:
        warnings.append(f"{small} cells below {feed.minimum_cell} persons: kept, never published")
    return SupplyTable(
        records=tuple(records),
        refusals=(*refusals, *contradictions),
        warnings=(*warnings, *inconsistent(records, feed)),
        mapping=columns.mapping,
        repeated=len(same),
    )


def _restated(record: SupplyRecord) -> dict[str, str]:
    """A record as the fields of a row, from which it can be made again."""
    codes = {dimension.value: str(getattr(record, dimension)) for dimension in Dimension}
    return {
        "feed": record.system,
        MEASURE: record.measure,
        VALUE: f"{record.count:.15g}",
        START: record.period_start.isoformat(),
        END: record.period_end.isoformat(),
        **{name: code for name, code in codes.items() if code},
    }


def _refusal(reason: SupplyRefusal, detail: str) -> SupplyRefused:
    return SupplyRefused(reason=reason, detail=detail)
