"""Tables as CSV, JSON and JSON Lines, block by block. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from dashboard.export import safe
from dashboard.v1.tables import About, Table, Value, plain

ABOUT: Final = "@about"
COLUMNS: Final = "@columns"


def csv_text(table: Table) -> Iterator[bytes]:
    """UTF-8 with byte order mark; before the headings, lines that begin with `#`: what the table
    is and what its columns mean. Every row says whether its data are of the demonstration. Text
    that a spreadsheet would run as a formula is made safe."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    for name, fact in table.about.facts().items():
        text.write(f"# {name}: {_line(fact)}\r\n")
    for column in table.columns:
        text.write(f"# column {column.name}: {_line(column.meaning)}\r\n")
    writer.writerow(("data_kind", *(safe(column.name) for column in table.columns)))
    kind = table.about.data_kind
    for block in table.blocks:
        writer.writerows((kind, *map(_cell, row)) for row in block)
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return safe(" ".join(value))
    return safe(value) if isinstance(value, str) else value.isoformat()


def json_text(table: Table) -> Iterator[bytes]:
    """One object: `about`, `columns`, `data` (an object a row) and `next` (a cursor or null)."""
    head = {
        "about": about_record(table.about),
        "columns": {column.name: column.meaning for column in table.columns},
    }
    yield _dump(head)[:-1].encode() + b', "data": ['
    begun = False
    for block in table.blocks:
        lines = ",\n".join(_dump(record) for record in _records(table, block))
        if lines:
            yield ((",\n" if begun else "\n") + lines).encode()
            begun = True
    yield f'\n], "next": {_dump(table.next_cursor)}}}\n'.encode()


def json_lines(table: Table) -> Iterator[bytes]:
    """A first line with `@about` and `@columns`, then an object a row."""
    head = {
        ABOUT: about_record(table.about),
        COLUMNS: {column.name: column.meaning for column in table.columns},
    }
    yield (_dump(head) + "\n").encode()
    for block in table.blocks:
        yield "".join(_dump(record) + "\n" for record in _records(table, block)).encode()


def about_record(about: About) -> dict[str, Any]:
    """What a table is, as JSON has it."""
    return {"as_of": None, **about.facts()}


def _records(table: Table, block: Any) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.columns]
    for row in block:
        yield dict(zip(names, map(_finite, row), strict=True))


def _finite(value: Value) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return None
    return plain(value)


def _dump(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode()
