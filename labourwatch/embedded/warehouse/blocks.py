"""Storing a block of rows that came with an INSERT, so that a refusal is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from labourwatch.embedded.warehouse.configuration import FEEDER, SERVICE
from labourwatch.embedded.warehouse.errors import NOT_ENOUGH_SPACE, refusal
from labourwatch.embedded.warehouse.handles import Handle, literal

_CHUNK = 1 << 20
_IN_ONE_ORDER = {
    "use_structure_from_insertion_table_in_table_functions": "1",
    "max_insert_threads": "1",
    "max_threads": "1",
}
"""Blocks are read in the order of the file, so that a repeated insert makes the same ones."""
_STABLE = "deduplicate_insert_select"


def store_block(
    handle: Handle, head: str, written: str, data: bytes | memoryview, *, token: bool = False
) -> dict[str, str]:
    """Store `data`, written in a format, by way of a file that is read back at once.

    chDB's own stream of blocks ends without an error where the engine refused them (a constraint,
    a view that throws, too many partitions, a full disk): rows would vanish and their offsets be
    committed. An INSERT that reads a file raises, and is as atomic and as deduplicated.

    Raises:
        StatementError: the disk has no room for the block; nothing is stored.
        RuntimeError: what the engine says.
    """
    with _written(handle.blocks, data) as block:
        handle.apply("", _IN_ONE_ORDER | ({_STABLE: "force_enable"} if token else {}))
        source = f"file({literal(block)}, {literal(written)})"
        with handle.taking(FEEDER, instead_of=SERVICE):
            result = handle.connection.query(f"{head} SELECT * FROM {source}", "TSVRaw")
    return {
        "written_rows": str(result.storage_rows_read()),
        "written_bytes": str(len(data)),
        "elapsed_ns": str(int(result.elapsed() * 1e9)),
    }


@contextmanager
def _written(folder: Path, data: bytes | memoryview) -> Iterator[str]:
    try:
        with NamedTemporaryFile(dir=folder, prefix="insert-", suffix=".block") as block:
            for start in range(0, len(data), _CHUNK):
                block.write(data[start : start + _CHUNK])
            block.flush()
            yield block.name
    except OSError as error:  # also of its closing, which writes what is left
        raise refusal(NOT_ENOUGH_SPACE, f"Cannot keep the block: {error.strerror}.") from error
