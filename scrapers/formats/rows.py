"""Rows of a table, whatever the format: what readers give, and how they are told to read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

Row = tuple[int, dict[str, str]]
"""Number of the row as a spreadsheet program or a person counts it (from 1, titles and heading
included; records of JSON and Parquet from 1), and its cells by column name."""

MOST_COLUMNS: Final = 2_000
MOST_ROWS: Final = 5_000_000
LARGEST_CELL: Final = 1_000_000
_DEEPEST: Final = 4


class TableError(ValueError):
    """The file cannot be read as a table; the message names file and expectation."""


class RowError(ValueError):
    """One row cannot be read; `number` is its row, `raw` what stands there."""

    def __init__(self, message: str, number: int, raw: bytes) -> None:
        super().__init__(message)
        self.number = number
        self.raw = raw


def _all_named(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table is laid out where it does not tell itself; "" leaves it to the reader."""

    format: str = ""
    """`csv`, `tsv`, `json`, `jsonl`, `xlsx`, `parquet`; default: the ending of the file's name."""
    sheet: str = ""
    """Name of the sheet; default: the first visible one with a heading that fits."""
    encoding: str = ""
    delimiter: str = ""
    records: str = ""
    """Dotted path of the list of records in a JSON file."""
    largest_bytes: int = 1_000_000_000
    """Of the file, packed or unpacked."""
    fits: Callable[[Sequence[str]], int] = _all_named
    """How many of these names are columns that are wanted; the heading is the row with most."""


def cell_text(value: Any) -> str:
    """A cell as text: dates in ISO 8601, whole numbers without a point, nothing for no value.

    Lone surrogates, which no encoding can carry further, become question marks.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = value
    elif isinstance(value, datetime):
        at_midnight = value.hour == value.minute == value.second == 0
        text = value.date().isoformat() if at_midnight else value.isoformat()
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, bool):
        text = str(value)
    elif isinstance(value, int):
        text = f"{value:d}" if value.bit_length() < 10_000 else "inf"
    elif isinstance(value, (float, Decimal)):
        text = _number(value)
    elif isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, (list, dict, tuple)):
        text = json.dumps(value, ensure_ascii=False, default=str)
    else:
        text = str(value)
    return text if text.isprintable() else text.encode("utf-8", "replace").decode()


def flattened(node: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    """An object as cells: inner objects by dotted names, lists of plain values joined by commas."""
    cells: dict[str, str] = {}
    for key, value in node.items():
        name = cell_text(f"{before}{key}")
        if isinstance(value, dict) and depth < _DEEPEST:
            cells.update(flattened(value, f"{name}.", depth + 1))
        elif isinstance(value, list) and not any(isinstance(v, (list, dict)) for v in value):
            cells[name] = ", ".join(filter(None, map(cell_text, value)))
        else:
            cells[name] = cell_text(value)
    return cells


def _number(value: float | Decimal) -> str:
    number = float(value)
    finite = math.isfinite(number) and abs(number) < 1e15
    return str(int(value)) if finite and value == int(value) else str(value)
