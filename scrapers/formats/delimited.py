"""CSV, TSV and their kin, in any encoding, with any usual delimiter."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, count, islice
from typing import Any, BinaryIO, Final, TextIO, cast

from scrapers.formats.encoding import detect_encoding
from scrapers.formats.heading import SEARCHED, Heading, find_heading
from scrapers.formats.rows import (
    LARGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Layout,
    Row,
    RowError,
    TableError,
    cell_text,
)

_SAMPLE: Final = 1 << 18
_LONGEST_LINE: Final = 4_000_000
_DELIMITERS: Final = ",;\t|"
Cells = tuple[int, list[str]]
"""Number of the row, as a spreadsheet program shows it, and its cells."""


def csv_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Rows of a table of delimited text.

    Bytes that the encoding does not know become replacement characters. Rows with more cells than
    the heading and quotations that are never closed come as `RowError`.
    """
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    encoding = layout.encoding or detect_encoding(sample)
    text = io.TextIOWrapper(cast(Any, stream), encoding=encoding, errors="replace", newline="")
    csv.field_size_limit(LARGEST_CELL)
    beginning = sample.decode(encoding, "replace")
    delimiter = layout.delimiter or _sniffed(beginning)
    try:
        yield from _headed(_lines(text, delimiter), delimiter, layout)
    finally:
        text.detach()


def _headed(
    rows: Iterator[Cells | RowError], delimiter: str, layout: Layout
) -> Iterator[Row | RowError]:
    first = list(islice(rows, SEARCHED))
    heading = find_heading([[] if isinstance(r, RowError) else r[1] for r in first], layout.fits)
    if heading is None:
        return
    if len(heading.names) > MOST_COLUMNS:
        raise TableError(f"{len(heading.names)} columns; at most {MOST_COLUMNS} are taken")
    for index, row in enumerate(chain(first[heading.below :], rows)):
        if index > MOST_ROWS:
            raise TableError(f"more than {MOST_ROWS} rows")
        made = row if isinstance(row, RowError) else _named(row, heading, delimiter)
        if made is not None:
            yield made


def _named(row: Cells, heading: Heading, delimiter: str) -> Row | RowError | None:
    number, cells = row
    names = heading.names
    if any(cell.strip() for cell in cells[len(names) :]):
        raw = delimiter.join(cells).encode("utf-8", "replace")
        return RowError(f"{len(cells)} cells where the heading has {len(names)}", number, raw)
    if not any(cells):
        return None
    pairs = zip(names, cells, strict=False)
    return number, {name: cell_text(cell) for name, cell in pairs if name}


def _lines(text: TextIO, delimiter: str) -> Iterator[Cells | RowError]:
    """Rows with their numbers; what cannot be taken apart comes as `RowError`."""
    source = _Source(text)
    rows = csv.reader(source, delimiter=delimiter)
    for number in count(1):
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield RowError(str(error), number, source.taken().encode("utf-8", "replace"))
            continue
        raw = source.taken()
        if source.ended and raw.count('"') % 2 and '"' in raw:
            told = "a quotation begins here and is never closed"
            yield RowError(told, number, raw.encode("utf-8", "replace"))
        elif not (number == 1 and raw.startswith("sep=") and len(raw.strip()) == 5):
            yield number, cells


class _Source:
    """Lines handed to the parser, remembered until a row is whole, none of endless length."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._taken: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> _Source:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            raise TableError(f"line {self.number + 1} has more than {_LONGEST_LINE} characters")
        self.number += 1
        self._taken.append(line)
        return line

    def taken(self) -> str:
        """The lines since the last call."""
        lines, self._taken = self._taken, []
        return "".join(lines)


def _sniffed(beginning: str) -> str:
    """The delimiter that gives most rows the same number of cells, and many of them."""
    lines = beginning.splitlines(keepends=True)[:200]
    if lines and lines[0].startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: Sequence[str], delimiter: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for row in islice(csv.reader(iter(lines), delimiter=delimiter), 100):
            widths[len(row)] += 1
    except csv.Error:
        return 0
    return max((rows * (width - 1) for width, rows in widths.items()), default=0)
