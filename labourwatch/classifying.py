"""`labourwatch classify`: rows of a file through the border and the coder that serves, as a stream.

Every row gives one outcome, in the order of the file: its codes, or why it has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

from labourwatch.classify_columns import Columns, columns_of, fitting
from scrapers.formats.rows import MOST_COLUMNS, Layout, Row, RowError, TableError
from scrapers.items import JobPosting
from scrapers.parsing.posting import Refused, make_posting
from scrapers.sources import Source, SourceKind
from scrapers.tables import read_rows
from streams.classify.coder import Coder
from streams.codes import Codes
from streams.normalise import Refusal, normalise
from streams.records import NormalisedPosting
from streams.settle import DATA_FAULTS

_BATCH: Final = 256
_ROW_UNREADABLE: Final = "row_unreadable"
_CODER_FAILED: Final = "coder_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """Why a row has no codes: a machine name, and words for a person."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one row: `codes` and `posting`, or `refused`."""

    row: int
    """As a spreadsheet program counts it (from 1, heading included)."""
    posting_id: str
    truths: Mapping[str, str]
    """Cells of the columns with true codes."""
    posting: NormalisedPosting | None = None
    codes: Codes | None = None
    refused: Refusing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file and how its columns are to be read."""

    path: Path
    told: Mapping[str, str]
    """Column → field, for columns whose names do not tell."""
    truths: Sequence[str]
    """Columns with true codes."""
    seen_at: datetime
    """When the postings count as observed (UTC); settles dates and exchange rates."""


def classify_rows(table: Table, coder: Coder) -> Iterator[Outcome]:
    """One outcome per row of the file, in order, without holding the file in memory.

    Raises:
        TableError: the file cannot be read, or has no row. ColumnError: it has no column of titles.
    """
    fits = partial(fitting, told=table.told, truths=table.truths)
    some = False
    with closing(read_rows(table.path, Layout(fits=fits))) as rows:
        outcomes = _outcomes(rows, table)
        while batch := list(islice(outcomes, _BATCH)):
            some = True
            yield from _coded(batch, coder)
    if not some:
        raise TableError(f"{table.path.name}: no row below the heading")


def _outcomes(rows: Iterator[Row | RowError], table: Table) -> Iterator[Outcome]:
    """Rows read and cleaned, not yet coded."""
    source = Source(id="file", name=table.path.name, kind=SourceKind.FILE)
    first = list(islice(rows, _BATCH))
    names = dict.fromkeys(name for row in first if not isinstance(row, RowError) for name in row[1])
    columns = columns_of(tuple(names), table.told, table.truths) if names else None
    for row in chain(first, rows):
        if isinstance(row, RowError) or columns is None:
            yield _unreadable(row)
            continue
        # Records of JSON Lines may have keys that none before had.
        if len(names) < MOST_COLUMNS and not names.keys() >= row[1].keys():
            names.update(dict.fromkeys(row[1]))
            columns = columns_of(tuple(names), columns.fields, table.truths)
        yield _read(row, columns, table, source)


def _unreadable(row: Row | RowError) -> Outcome:
    number, told = (row.number, str(row)) if isinstance(row, RowError) else (row[0], "no cell")
    why = Refusing(reason=_ROW_UNREADABLE, detail=told)
    return Outcome(row=number, posting_id="", truths={}, refused=why)


def _read(row: Row, columns: Columns, table: Table, source: Source) -> Outcome:
    number, cells = row
    pairs = ((name, cells.get(column, "").strip()) for column, name in columns.fields.items())
    fields = {name: value for name, value in pairs if value}
    posting_id = fields.get("id") or f"row-{number}"
    made = _posting(fields, posting_id, source, table.seen_at)
    hint = cells.get(columns.language, "").strip() if columns.language else ""
    cleaned = normalise(replace(made, language_hint=hint)) if isinstance(made, JobPosting) else made
    outcome = Outcome(
        row=number,
        posting_id=posting_id,
        truths={name: cells.get(name, "") for name in table.truths},
    )
    if isinstance(cleaned, NormalisedPosting):
        return replace(outcome, posting=cleaned)
    return replace(outcome, refused=Refusing(reason=str(cleaned.reason), detail=cleaned.detail))


def _posting(
    fields: dict[str, str], posting_id: str, source: Source, seen_at: datetime
) -> JobPosting | Refused | Refusal:
    """The posting of a row; an identifier too long to be one is replaced by its digest."""
    if len(posting_id) > 200:
        posting_id = hashlib.blake2b(posting_id.encode(), digest_size=8).hexdigest()
    return make_posting(fields, source=source, posting_id=posting_id, fetched_at=seen_at)


def _coded(batch: Sequence[Outcome], coder: Coder) -> Iterator[Outcome]:
    postings = [outcome.posting for outcome in batch if outcome.posting is not None]
    answers = iter(_codes(postings, coder))
    for outcome in batch:
        if outcome.posting is None:
            yield outcome
            continue
        answer = next(answers)
        if isinstance(answer, Codes):
            yield replace(outcome, codes=answer)
        else:
            yield replace(outcome, posting=None, refused=answer)


def _codes(postings: Sequence[NormalisedPosting], coder: Coder) -> list[Codes | Refusing]:
    """Codes of a batch; where one posting breaks the coder, the others are coded without it."""
    try:
        return list(coder.code(postings))
    except DATA_FAULTS as error:
        if len(postings) == 1:
            detail = f"{type(error).__name__} in the coder: {error}"[:300]
            return [Refusing(reason=_CODER_FAILED, detail=detail)]
    middle = len(postings) // 2
    return [*_codes(postings[:middle], coder), *_codes(postings[middle:], coder)]
