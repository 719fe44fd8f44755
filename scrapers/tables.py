"""Rows of CSV, XLSX, JSON Lines and Parquet files, each as text by column name."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO, cast

Row = tuple[int, dict[str, str]]
"""Number of the row in its file (2 follows the heading; JSON Lines start at 1) and its cells."""

_LARGEST_FILE: Final = 1_000_000_000
_LARGEST_CELL: Final = 1_000_000


class TableError(ValueError):
    """The file cannot be read as a table; the message names file and expectation."""


class RowError(ValueError):
    """One row cannot be read; `number` is its row, `raw` what stands there."""

    def __init__(self, message: str, number: int, raw: bytes) -> None:
        super().__init__(message)
        self.number = number
        self.raw = raw


def read_rows(path: Path) -> Iterator[Row | RowError]:
    """Rows of a file by its name's ending; rows that cannot be read come as `RowError`.

    Raises:
        TableError: another ending, not such a file, or more than 1 GB unpacked.
    """
    name = path.name.lower().removesuffix(".gz")
    reader = _READERS.get(name.rpartition(".")[2])
    if reader is None:
        raise TableError(f"{path}: expected .csv, .tsv, .xlsx, .jsonl, .ndjson or .parquet")
    try:
        with _opened(path) as stream:
            yield from reader(stream)
    except (OSError, EOFError, zipfile.BadZipFile, csv.Error, KeyError, ValueError) as error:
        raise TableError(f"{path}: cannot be read: {type(error).__name__}: {error}") from error


def _opened(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, _Bounded(gzip.open(path, "rb")))
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError(f"larger than {_LARGEST_FILE} bytes")
    return path.open("rb")


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than the largest file: a bomb ends as an error."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = _LARGEST_FILE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise ValueError(f"unpacks to more than {_LARGEST_FILE} bytes")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _csv_rows(stream: BinaryIO) -> Iterator[Row | RowError]:
    buffered = io.BufferedReader(cast(Any, stream)) if isinstance(stream, _Bounded) else stream
    text = io.TextIOWrapper(cast(Any, buffered), encoding="utf-8-sig", errors="replace", newline="")
    csv.field_size_limit(_LARGEST_CELL)
    with text:
        yield from _delimited_rows(text)


def _delimited_rows(text: TextIO) -> Iterator[Row | RowError]:
    first = text.readline()
    delimiter = max(",;\t|", key=first.count)
    rows = csv.reader(chain([first], text), delimiter=delimiter)
    heading = [name.strip() for name in next(rows, [])]
    for number, cells in enumerate(rows, start=2):
        if len(cells) > len(heading):
            raw = "\t".join(cells).encode("utf-8", "replace")
            yield RowError(f"{len(cells)} cells where the heading has {len(heading)}", number, raw)
        elif any(cells):
            yield number, dict(zip(heading, cells, strict=False))


def _jsonl_rows(stream: BinaryIO) -> Iterator[Row | RowError]:
    buffered = io.BufferedReader(cast(Any, stream)) if isinstance(stream, _Bounded) else stream
    for number, line in enumerate(buffered, start=1):
        if not line.strip():
            continue
        try:
            node = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield RowError(f"not JSON: {error}", number, line)
            continue
        if isinstance(node, dict):
            yield number, {str(key): _text(value) for key, value in node.items()}
        else:
            yield RowError("expected an object", number, line)


def _xlsx_rows(stream: BinaryIO) -> Iterator[Row | RowError]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_FILE:
            raise ValueError(f"unpacks to more than {_LARGEST_FILE} bytes")
    stream.seek(0)
    with closing(load_workbook(stream, read_only=True, data_only=True)) as book:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        heading = [_text(cell).strip() for cell in next(rows, ())]
        for number, cells in enumerate(rows, start=2):
            row = {name: _text(cell) for name, cell in zip(heading, cells, strict=False) if name}
            if any(row.values()):
                yield number, row


def _parquet_rows(stream: BinaryIO) -> Iterator[Row | RowError]:
    import pyarrow.parquet as parquet

    table = parquet.ParquetFile(stream)
    number = 1
    for batch in table.iter_batches(batch_size=1000):
        for cells in batch.to_pylist():
            number += 1
            yield number, {str(name): _text(cell) for name, cell in cells.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        at_midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


_READERS: Final[Mapping[str, Callable[[BinaryIO], Iterator[Row | RowError]]]] = {
    "csv": _csv_rows,
    "tsv": _csv_rows,
    "jsonl": _jsonl_rows,
    "ndjson": _jsonl_rows,
    "xlsx": _xlsx_rows,
    "parquet": _parquet_rows,
}
