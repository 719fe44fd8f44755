"""XLSX workbooks: values as a person sees them, and the sheet that holds the table."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from scrapers.formats.heading import SEARCHED, Heading, find_heading
from scrapers.formats.packed import check_archive
from scrapers.formats.rows import (
    MOST_COLUMNS,
    MOST_ROWS,
    Layout,
    Row,
    RowError,
    TableError,
    cell_text,
)

_LARGEST: Final = 400_000_000
"""Unpacked; a workbook's texts are held in memory."""
BROKEN: Final = (
    ParseError,
    SyntaxError,
    zipfile.BadZipFile,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    EOFError,
    ValueError,
)
"""What openpyxl raises on broken workbooks, depending on the part that is broken."""


def xlsx_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Rows of one sheet. Formulas give the values last computed; hidden sheets are passed over.

    Raises:
        TableError: no workbook, a bomb, or no sheet of the name that is told.
    """
    from openpyxl import load_workbook

    # Its remarks on what it passes over (styles, validations) are for authors of workbooks.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        check_archive(stream, size, min(layout.largest_bytes, _LARGEST))
        with closing(load_workbook(stream, read_only=True, data_only=True)) as book:
            yield from _table(book, layout)
    except TableError:
        raise
    except BROKEN as error:
        raise TableError(f"no workbook: {type(error).__name__}: {error}"[:300]) from error


def _table(book: Any, layout: Layout) -> Iterator[Row]:
    chosen: tuple[int, Any, Heading] | None = None
    for sheet in _sheets(book, layout.sheet):
        first = list(islice(_cells(sheet), SEARCHED))
        heading = find_heading(first, layout.fits)
        if heading is None:
            continue
        fitting = layout.fits([name for name in heading.names if name])
        if chosen is None or fitting > chosen[0]:
            chosen = fitting, sheet, heading
    if chosen is None:
        return
    _, sheet, heading = chosen
    for number, cells in enumerate(_cells(sheet), start=1):
        if number > MOST_ROWS:
            raise TableError(f"more than {MOST_ROWS} rows")
        if number <= heading.below:
            continue
        row = {name: cell for name, cell in zip(heading.names, cells, strict=False) if name}
        if any(row.values()):
            yield number, row


def _sheets(book: Any, wanted: str) -> list[Any]:
    if not wanted:
        return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    found = [sheet for sheet in book.worksheets if sheet.title == wanted]
    if not found:
        told = ", ".join(sheet.title for sheet in book.worksheets)
        raise TableError(f"no sheet {wanted!r}; there are {told}")
    return found


def _cells(sheet: Any) -> Iterator[list[str]]:
    # The size a workbook states may be missing or a lie; what is there is counted.
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(values_only=True):
        kept = _trimmed(cells) if len(cells) > MOST_COLUMNS else cells
        yield [cell_text(cell) for cell in kept]


def _trimmed(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cells without the empty ones at the end, which formatting leaves behind."""
    last = max((i for i, cell in enumerate(cells) if cell is not None), default=-1)
    if last >= MOST_COLUMNS:
        raise TableError(f"{last + 1} columns; at most {MOST_COLUMNS} are taken")
    return cells[: last + 1]
