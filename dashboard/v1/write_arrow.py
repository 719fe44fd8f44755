"""Tables as Parquet and as an Arrow stream, block by block; what they are stands in the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.v1.tables import Column, Kind, Row, Table


class _Sink:
    """A file that is handed on in pieces as it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self.closed = False

    def write(self, data: Any) -> int:
        held = bytes(data)
        self._parts.append(held)
        self._length += len(held)
        return len(held)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def take(self) -> bytes:
        """What was written since the last call."""
        held = b"".join(self._parts)
        self._parts.clear()
        return held


def parquet(table: Table) -> Iterator[bytes]:
    """Apache Parquet, zstd; a row group a block."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema(table), compression="zstd") as to:
        for block in table.blocks:
            to.write_table(pa.Table.from_batches([_batch(table, block)]))
            yield sink.take()
    yield sink.take()


def arrow_stream(table: Table) -> Iterator[bytes]:
    """Apache Arrow IPC stream; a record batch a block."""
    import pyarrow as pa

    sink = _Sink()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), schema(table)) as to:
        for block in table.blocks:
            to.write_batch(_batch(table, block))
            yield sink.take()
    yield sink.take()


def schema(table: Table) -> Any:
    """Types of the columns, each with its `meaning`; `labourwatch` holds what the table is, as
    JSON, besides one entry for each fact."""
    import pyarrow as pa

    facts = table.about.facts()
    fields = [
        pa.field(column.name, _type(column), metadata={"meaning": column.meaning})
        for column in table.columns
    ]
    whole = json.dumps(facts, ensure_ascii=False)
    return pa.schema(fields, metadata={"labourwatch": whole, **facts})


def _type(column: Column) -> Any:
    import pyarrow as pa

    return {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.DAY: pa.date32(),
        Kind.MOMENT: pa.timestamp("ms", "UTC"),
        Kind.TRUTH: pa.bool_(),
        Kind.TEXTS: pa.list_(pa.string()),
    }[column.kind]


def _batch(table: Table, block: Sequence[Row]) -> Any:
    import pyarrow as pa

    arrays = [
        pa.array([_fitting(row[at], column.kind) for row in block], type=_type(column), safe=False)
        for at, column in enumerate(table.columns)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema(table))


def _fitting(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.NUMBER:
        return float(value)
    if kind is Kind.TEXTS:
        return list(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
