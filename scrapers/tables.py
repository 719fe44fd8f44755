"""Rows of CSV, XLSX, JSON, JSON Lines and Parquet files, each as text by column name."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from scrapers.formats.delimited import csv_rows
from scrapers.formats.json_records import json_rows, jsonl_rows
from scrapers.formats.packed import unpacked
from scrapers.formats.parquet import parquet_rows
from scrapers.formats.rows import Layout, Row, RowError, TableError
from scrapers.formats.workbooks import xlsx_rows

_AS_IT_COMES: Final = Layout()
_EXPECTED: Final = ".csv, .tsv, .xlsx, .json, .jsonl, .ndjson or .parquet, plain or in .gz or .zip"
Reader = Callable[[BinaryIO, Layout], Iterator[Row | RowError]]


def read_rows(
    path: Path, layout: Layout = _AS_IT_COMES, name: str = ""
) -> Generator[Row | RowError, None, None]:
    """Rows of a file; rows that cannot be read come as `RowError`.

    Args:
        layout: how the table is laid out, where that is known.
        name: the file's own name, where `path` is a copy under another; its ending tells the
            format.

    Raises:
        TableError: another format, not such a file, or larger (packed or unpacked) than may be.
    """
    known = name or path.name
    try:
        with unpacked(path, known, layout.largest_bytes) as (stream, ending):
            yield from _reader(layout.format or ending)(stream, layout)
    except TableError as error:
        raise TableError(f"{known}: cannot be read: {error}") from error
    except FileNotFoundError as error:
        raise TableError(f"no file {known}") from error
    except _BROKEN as error:
        told = f"{known}: cannot be read: {type(error).__name__}: {error}"
        raise TableError(told[:500]) from error


def _reader(ending: str) -> Reader:
    reader = _READERS.get(ending)
    if reader is None:
        hint = "; save the old .xls as .xlsx" if ending == "xls" else ""
        raise TableError(f"expected {_EXPECTED}{hint}")
    return reader


_BROKEN: Final = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    UnicodeError,
    RuntimeError,
)
"""What unpacking raises: broken, truncated, or in a way of packing that nobody uses."""

_READERS: Final[Mapping[str, Reader]] = {
    "csv": csv_rows,
    "tsv": csv_rows,
    "txt": csv_rows,
    "json": json_rows,
    "jsonl": jsonl_rows,
    "ndjson": jsonl_rows,
    "xlsx": xlsx_rows,
    "parquet": parquet_rows,
}
