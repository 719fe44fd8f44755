"""Tables as a workbook: the sheet "Data", and "About" with what it is and what columns mean."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.export import safe
from dashboard.v1.refusing import AskedError
from dashboard.v1.tables import Table, Value

MOST_ROWS: Final = 1_048_575
"""Of a worksheet, without the headings."""
_LONGEST_CELL: Final = 32_767
_CHUNK: Final = 1 << 18


def workbook(table: Table) -> Iterator[bytes]:
    """Office Open XML. It is written to a file on disk row by row and read back in pieces.

    Raises:
        AskedError: more rows than a worksheet holds.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = _text(table.about.title)
    book.properties.creator = table.about.publisher
    book.properties.created = book.properties.modified = _naive(table.about.as_of)
    about = book.create_sheet("About")
    for name, fact in table.about.facts().items():
        about.append([name, _text(fact)])
    about.append([])
    about.append(["column", "meaning"])
    for column in table.columns:
        about.append([_text(column.name), _text(column.meaning)])
    data = book.create_sheet("Data", 0)
    data.freeze_panes = "A2"
    data.append(["data_kind", *(_text(column.name) for column in table.columns)])
    count = 0
    for block in table.blocks:
        count += len(block)
        if count > MOST_ROWS:
            raise AskedError("limit", f"at most {MOST_ROWS:,} rows for a worksheet")
        for row in block:
            data.append([table.about.data_kind, *map(_cell, row)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _cell(value: Value) -> Any:
    if isinstance(value, datetime):
        return _naive(value)
    if isinstance(value, tuple):
        return _text(" ".join(value))
    return _text(value) if isinstance(value, str) else value


def _naive(moment: datetime | None) -> datetime:
    """Worksheets know no zones: UTC."""
    given = moment or datetime(1970, 1, 1, tzinfo=UTC)
    return given.astimezone(UTC).replace(tzinfo=None)


def _text(text: str) -> str:
    """Without characters that a workbook cannot hold, and never a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    held = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text.encode("utf-8", "replace").decode())
    return safe(held)[:_LONGEST_CELL]
