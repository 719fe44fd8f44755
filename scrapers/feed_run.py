"""The table of a feed, through the border and into one run: for `ingest` and for drops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from config.feeds import Feed, feed_named, feeds
from config.registry import registry
from config.topics import SUPPLY
from scrapers.figures import cell_key, figure_text
from scrapers.formats.rows import RowError, TableError
from scrapers.items import LetterForm, SupplyRecord
from scrapers.letters import Original
from scrapers.parsing.columns import ColumnError, TableKind, fitting_columns, map_columns
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.supply_columns import read_columns
from scrapers.parsing.supply_persons import one_row_each, personal_content
from scrapers.parsing.supply_table import LONGEST, SupplyRow, SupplyTable, make_supply_records
from scrapers.reading import Entry
from scrapers.runs import Run
from scrapers.table_files import TableFile, Taken
from scrapers.tables import read_rows

_LOOKED_THROUGH: Final = 50_000
"""Rows of a table without a feed in which data of persons are looked for."""
_NO_ENTRY = Entry(posting_id="", url="", digest="", modified_at=None, fields={})


def feed_of(source_id: str, file: TableFile) -> Feed | None:
    """The schema of a supply table: as told, else the one its source is known for.

    Raises:
        FeedUnknownError: what is told is no feed.
    """
    if file.kind is not TableKind.SUPPLY:
        return None
    if file.feed:
        return feed_named(file.feed)
    system = registry().system_of(source_id)
    return feeds().get(system.feed if system is not None else source_id)


async def take_feed(run: Run, file: TableFile, feed: Feed) -> Taken:
    """Send every figure of a table that is not known as it is; letters for what is refused.

    Nothing is delivered or committed yet.

    Raises:
        TableError: the file cannot be read as a table, or is too long. ColumnError: its columns do
            not fit, or it holds data of persons; nothing of it is sent or kept then.
    """
    taken = Taken()
    rows = await asyncio.to_thread(_readable, file, feed, taken)
    table = await asyncio.to_thread(
        make_supply_records,
        rows,
        feed,
        source_id=run.source.id,
        received_at=run.now,
        told=file.told,
    )
    whole = table.refused_whole
    if whole is not None:
        raise ColumnError(f"{file.name}: {whole.detail}")
    await run.frontier.load_figures([cell_key(record) for record in table.records])
    _send(run, table.records, taken)
    await _refuse(run, file, table, taken)
    taken.mapping, taken.warnings = table.mapping, table.warnings
    taken.unchanged += table.repeated
    taken.rows = taken.accepted + taken.unchanged + taken.refused
    return taken


def refuse_persons(file: TableFile) -> None:
    """Look through a supply table without a feed for data of persons.

    Raises:
        ColumnError: it holds some, or its columns do not fit. TableError: it cannot be read.
    """
    cells: list[Mapping[str, str]] = []
    layout = replace(file.layout, fits=partial(fitting_columns, kind=file.kind, told=file.told))
    with closing(read_rows(file.path, layout, file.name)) as found:
        for row in found:
            if not isinstance(row, RowError):
                cells.append(row[1])
            if len(cells) == _LOOKED_THROUGH:
                break
    if not cells:
        return
    mapping = map_columns(cells[0], file.kind, file.told)
    counts = frozenset(column for column, field in mapping.items() if field == "count")
    figures = counts | {
        c for c, field in mapping.items() if field in ("period_start", "period_end")
    }
    coded = frozenset(mapping) - figures
    persons = personal_content(cells, figures=figures, coded=coded)
    single = one_row_each(cells, counts=counts, coded=coded)
    if persons or single:
        told = ", ".join(persons) or f"{single}: one row for each name, every count 1"
        raise ColumnError(f"{file.name}: columns about persons ({told}); send aggregates only")


def _readable(file: TableFile, feed: Feed, taken: Taken) -> list[SupplyRow]:
    """Rows that could be taken apart; of the others only the number is told."""

    def fitting(names: Iterable[str]) -> int:
        columns = read_columns(names, feed, {})
        return 0 if columns.missing else len(columns.mapping)

    rows: list[SupplyRow] = []
    with closing(read_rows(file.path, replace(file.layout, fits=fitting), file.name)) as found:
        for row in found:
            if isinstance(row, RowError):
                taken.unreadable.append(row.number)
            else:
                rows.append(row)
            if len(rows) > LONGEST:
                raise TableError(f"{file.name}: expected at most {LONGEST} rows")
    if not rows:
        raise TableError(f"{file.name}: no row below the heading")
    return rows


def _send(run: Run, records: Iterable[SupplyRecord], taken: Taken) -> None:
    """Publish the figures that are not the last published ones of their cells."""
    for record in records:
        cell, figure = cell_key(record), figure_text(record)
        if run.frontier.figures.get(cell) == figure:
            taken.unchanged += 1
            continue
        run.outbox.send(SUPPLY, record.record_id.encode(), record)
        run.frontier.remember_figure(cell, figure)
        run.published += 1
        taken.accepted += 1


async def _refuse(run: Run, file: TableFile, table: SupplyTable, taken: Taken) -> None:
    for refusal in table.refusals:
        detail = f"{file.name} {refusal.detail}"
        payload = msgspec.json.encode(dict(refusal.fields))
        original = Original(form=LetterForm.SUPPLY, payload=payload)
        await run.refuse(_NO_ENTRY, Refused(reason=refusal.reason, detail=detail), original)
    for number in taken.unreadable:
        place = f"{file.name} row {number}"
        original = Original(form=LetterForm.ROW, payload=f"{place}: not kept".encode())
        detail = f"{place}: the row cannot be taken apart into the heading's columns"
        refused = Refused(reason=Refusal.ROW_UNREADABLE, detail=detail)
        await run.refuse(_NO_ENTRY, refused, original)
    taken.refused = len(table.refusals) + len(taken.unreadable)
