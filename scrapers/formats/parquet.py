"""Parquet files, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scrapers.formats.rows import (
    MOST_COLUMNS,
    MOST_ROWS,
    Layout,
    Row,
    RowError,
    TableError,
    flattened,
)


def parquet_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Rows of a Parquet file, counted from 1.

    Raises:
        TableError: broken, truncated, too wide, too long, or larger in memory than may be.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.ParquetFile(stream)
        _check(table.metadata, layout)
        number = 0
        for batch in table.iter_batches(batch_size=1000):
            for cells in batch.to_pylist():
                number += 1
                yield number, flattened(cells)
    except (arrow.ArrowException, OverflowError, MemoryError) as error:
        raise TableError(f"no Parquet file: {type(error).__name__}: {error}"[:300]) from error


def _check(metadata: Any, layout: Layout) -> None:
    if metadata.num_columns > MOST_COLUMNS:
        raise TableError(f"{metadata.num_columns} columns; at most {MOST_COLUMNS} are taken")
    if metadata.num_rows > MOST_ROWS:
        raise TableError(f"more than {MOST_ROWS} rows")
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > layout.largest_bytes:
        raise TableError(f"unpacks to more than {layout.largest_bytes} bytes")
