"""The rows of one file, through the border and into one run: for `ingest` and for drops."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from config.topics import SUPPLY
from scrapers.feed_run import feed_of, refuse_persons, take_feed
from scrapers.formats.rows import Row, RowError, TableError
from scrapers.frontier import Visit
from scrapers.items import LetterForm
from scrapers.letters import Original
from scrapers.parsing.columns import (
    ColumnError,
    TableKind,
    fitting_columns,
    map_columns,
    personal_columns,
)
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.supply import SupplyRefused, make_supply
from scrapers.reading import Entry
from scrapers.runs import Run
from scrapers.table_files import TableFile, Taken
from scrapers.tables import read_rows

_TURN: Final = 200
"""Rows after which other work of the process gets its turn."""


async def take_table(run: Run, file: TableFile) -> Taken:
    """Send every row of a file: a record, or a dead letter that names file and row.

    Nothing is delivered or committed yet.

    Raises:
        TableError: the file cannot be read as a table, or has no row. ColumnError: its columns do
            not fit. Rows before the place of the error may have been sent.
    """
    feed = feed_of(run.source.id, file)
    if feed is not None:
        return await take_feed(run, file, feed)
    if file.kind is TableKind.SUPPLY:
        await asyncio.to_thread(refuse_persons, file)
    taken = Taken()
    layout = replace(file.layout, fits=partial(fitting_columns, kind=file.kind, told=file.told))
    with closing(read_rows(file.path, layout, file.name)) as rows:
        for row in rows:
            taken.rows += 1
            if taken.rows % _TURN == 0:
                await asyncio.sleep(0)
            await _take_row(run, file, taken, row)
    if not taken.rows:
        raise TableError(f"{file.name}: no row below the heading")
    return taken


async def _take_row(run: Run, file: TableFile, taken: Taken, row: Row | RowError) -> None:
    if isinstance(row, RowError):
        await _refuse_unreadable(run, file, taken, row)
        return
    if not taken.mapping:
        _learn_columns(file, taken, row)
    if file.kind is TableKind.SUPPLY:
        await _take_supply(run, file, taken, row)
    else:
        await _take_posting(run, file, taken, row)


def _learn_columns(file: TableFile, taken: Taken, row: Row) -> None:
    taken.mapping = map_columns(row[1], file.kind, file.told)
    taken.left_out = tuple(personal_columns(row[1]))
    if file.complete and "id" not in taken.mapping.values():
        raise ColumnError("a complete file needs a column for id, to tell its postings apart")


async def _take_posting(run: Run, file: TableFile, taken: Taken, row: Row) -> None:
    fields = _fields(taken, row)
    raw = msgspec.json.encode(sorted(fields.items()))
    digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
    if file.complete and not fields.get("id"):
        taken.nameless += 1
        refused = Refused(reason=Refusal.ID_MISSING, detail=f"{_place(file, row[0])}: no id")
        original = Original(form=LetterForm.FIELDS, payload=msgspec.json.encode(fields))
        await _refuse(run, taken, refused, original)
        return
    posting_id = fields.get("id") or f"row-{digest}"
    entry = Entry(posting_id=posting_id, url="", digest=digest, modified_at=None, fields=fields)
    if run.visit(entry) not in (Visit.NEW, Visit.CHANGED):
        taken.unchanged += 1
        return
    outcome = await run.accept(entry, fields, where=f"{_place(file, row[0])}: ")
    if isinstance(outcome, Refused):
        taken.refused += 1
    else:
        taken.accepted += 1


async def _take_supply(run: Run, file: TableFile, taken: Taken, row: Row) -> None:
    fields = _fields(taken, row)
    record = make_supply(fields, source_id=run.source.id, published_at=run.clock())
    if isinstance(record, SupplyRefused):
        detail = f"{_place(file, row[0])}: {record.detail}"
        original = Original(form=LetterForm.SUPPLY, payload=msgspec.json.encode(fields))
        await _refuse(run, taken, Refused(reason=record.reason, detail=detail), original)
        return
    run.outbox.send(SUPPLY, record.record_id.encode(), record)
    run.published += 1
    taken.accepted += 1


async def _refuse_unreadable(run: Run, file: TableFile, taken: Taken, row: RowError) -> None:
    """What stands in such a row cannot be told apart: nothing of it is kept where the file has
    columns about persons, or where it is not known whether it has."""
    taken.nameless += 1
    keep = bool(taken.mapping) and not taken.left_out
    detail = f"{_place(file, row.number)}: {row}"
    original = Original(form=LetterForm.ROW, payload=row.raw if keep else _unnamed(file, row))
    await _refuse(run, taken, Refused(reason=Refusal.ROW_UNREADABLE, detail=detail), original)


async def _refuse(run: Run, taken: Taken, refused: Refused, original: Original) -> None:
    unknown = Entry(posting_id="", url="", digest="", modified_at=None, fields={})
    await run.refuse(unknown, refused, original)
    taken.refused += 1


def _fields(taken: Taken, row: Row) -> dict[str, str]:
    """Fields of the columns that are meant; those about persons end here."""
    cells = row[1]
    told = ((field, cells.get(column, "").strip()) for column, field in taken.mapping.items())
    return {name: value for name, value in told if value}


def _unnamed(file: TableFile, row: RowError) -> bytes:
    return f"{file.name} row {row.number}: not kept".encode()


def _place(file: TableFile, number: int) -> str:
    return f"{file.name} row {number}"
