"""One append-only file of a partition's log, with a sparse index that is built when needed.

Batches lie one after another as they go over the wire. Only the log's last file can be torn by
a crash, so only that one is verified when the broker starts; older ones are not even opened for
reading until someone asks for their records.
"""

from __future__ import annotations

import errno
import logging
import os
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from labourwatch.embedded.broker.batch import (
    HEADER_SIZE,
    STAMP_SIZE,
    BatchHeader,
    first_record_since,
    is_intact,
    read_header,
    stamp,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

INDEX_INTERVAL: Final = 16 << 10  # bytes of log per index entry


class SparseIndex:
    """Where to start reading: one entry per INDEX_INTERVAL bytes, 24 bytes of memory each."""

    def __init__(self) -> None:
        self._offsets = array("q")
        self._positions = array("q")
        self._earlier_max = array("q")  # largest timestamp before the entry
        self.max_timestamp = -1

    def add(self, offset: int, position: int, max_timestamp: int) -> None:
        """Note a batch; batches come in the order of the file."""
        if not self._positions or position - self._positions[-1] >= INDEX_INTERVAL:
            self._offsets.append(offset)
            self._positions.append(position)
            self._earlier_max.append(self.max_timestamp)
        self.max_timestamp = max(self.max_timestamp, max_timestamp)

    def position_before(self, offset: int) -> int:
        """A position at or before the batch that holds `offset`."""
        entry = bisect_right(self._offsets, offset) - 1
        return self._positions[entry] if entry >= 0 else 0

    def position_before_time(self, timestamp: int) -> int:
        """A position before which every record is older than `timestamp` (ms)."""
        entry = bisect_right(self._earlier_max, timestamp - 1) - 1
        return self._positions[entry] if entry >= 0 else 0


class Segment:
    """A file named after its first offset. Not thread-safe: the event loop owns it."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; nothing is read yet."""
        self.path = path
        self.base_offset = int(path.stem)
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        status = os.fstat(self.fd)
        self.size = status.st_size
        self.last_append = status.st_mtime
        self._index: SparseIndex | None = None

    def recover(self) -> tuple[int, list[BatchHeader]]:
        """Verify every batch, cut off a torn tail; (next offset, the headers)."""
        headers: list[BatchHeader] = []
        index, end = SparseIndex(), 0
        for position, header in self.batches(0):
            expected = headers[-1].next_offset if headers else self.base_offset
            end = position + header.size
            if (
                header.base_offset != expected
                or end > self.size
                or not is_intact(os.pread(self.fd, header.size, position))
            ):
                end = position
                break
            index.add(header.base_offset, position, header.max_timestamp)
            headers.append(header)
        if end < self.size:
            logger.warning("%s: cut a torn tail, %d of %d bytes kept", self.path, end, self.size)
            os.ftruncate(self.fd, end)
            os.fsync(self.fd)
        self.size, self._index = end, index
        return (headers[-1].next_offset if headers else self.base_offset), headers

    def append(self, data: bytes, header: BatchHeader, base_offset: int, now: float) -> None:
        """Write one checked batch under `base_offset`.

        Raises:
            OSError: the disk refused it; the file is as it was before.
        """
        try:
            written = os.pwritev(
                self.fd, [stamp(header, base_offset), memoryview(data)[STAMP_SIZE:]], self.size
            )
        except OSError:
            os.ftruncate(self.fd, self.size)
            raise
        if written != len(data):
            os.ftruncate(self.fd, self.size)
            raise OSError(errno.ENOSPC, "short write", str(self.path))
        self.index.add(base_offset, self.size, header.max_timestamp)
        self.size += len(data)
        self.last_append = now

    def read(self, offset: int, max_bytes: int) -> bytes:
        """Bytes from the batch holding `offset` on: at least that whole batch, then up to
        `max_bytes`; the last batch may be cut, as Kafka's protocol allows."""
        for position, header in self.batches(self.index.position_before(offset)):
            if header.next_offset > offset:
                return os.pread(self.fd, max(header.size, max_bytes), position)
        return b""

    def first_since(self, timestamp: int) -> tuple[int, int] | None:
        """(timestamp, offset) of the first record at or after `timestamp` (ms), or None."""
        if self.index.max_timestamp < timestamp:
            return None
        for position, header in self.batches(self.index.position_before_time(timestamp)):
            if header.max_timestamp >= timestamp:
                found = first_record_since(os.pread(self.fd, header.size, position), timestamp)
                if found is not None:
                    return found
        return None

    @property
    def index(self) -> SparseIndex:
        """The sparse index, built from the batch headers on first use."""
        if self._index is None:
            self._index = SparseIndex()
            for position, header in self.batches(0):
                self._index.add(header.base_offset, position, header.max_timestamp)
        return self._index

    def batches(self, position: int) -> Iterator[tuple[int, BatchHeader]]:
        """Positions and headers from `position` on; stops where no header can follow."""
        while position < self.size:
            header = read_header(os.pread(self.fd, HEADER_SIZE, position))
            if header is None or header.size < HEADER_SIZE:
                return
            yield position, header
            position += header.size

    def close(self) -> None:
        """Give the file back."""
        os.close(self.fd)
