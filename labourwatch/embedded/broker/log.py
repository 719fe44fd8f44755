"""A partition: its segments, its offsets, the consumers that wait at its end."""

from __future__ import annotations

import errno
import logging
import os
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labourwatch.durable import sync_directory, sync_file
from labourwatch.embedded.broker.batch import BatchHeader, check_produced, stamp_arrival
from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError
from labourwatch.embedded.broker.segment import Segment

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)

MAX_BATCH_BYTES: Final = 8 << 20
_RETRIES_REMEMBERED: Final = 5  # Kafka's bound on unanswered batches per producer
_PRODUCERS_REMEMBERED: Final = 1000
_ROLL_SHARE: Final = 0.1  # of the retention: a record outlives it by at most that much


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLimits:
    """What a partition may keep; None: no limit."""

    retention_s: float | None
    retention_bytes: int | None
    segment_bytes: int
    batch_bytes: int = MAX_BATCH_BYTES
    stamped_on_arrival: bool = False
    """Whether records carry the broker's time instead of their sender's."""


class ProducerHistory:
    """The newest batches of each idempotent producer, so that a retry is not stored twice.

    Only exact repetitions are recognised; gaps in a producer's sequence are not refused.
    """

    def __init__(self) -> None:
        self._batches: dict[tuple[int, int], deque[tuple[int, int, int]]] = {}

    def offset_of_repeated(self, header: BatchHeader) -> int | None:
        """The offset under which this very batch was stored before."""
        known = self._batches.get((header.producer_id, header.producer_epoch), ())
        wanted = (header.base_sequence, header.record_count)
        return next((offset for *batch, offset in known if tuple(batch) == wanted), None)

    def remember(self, header: BatchHeader, base_offset: int) -> None:
        """Note a stored batch; batches of plain producers (id -1) are not noted."""
        if header.producer_id < 0:
            return
        key = (header.producer_id, header.producer_epoch)
        batches = self._batches.pop(key, None) or deque(maxlen=_RETRIES_REMEMBERED)
        batches.append((header.base_sequence, header.record_count, base_offset))
        self._batches[key] = batches
        if len(self._batches) > _PRODUCERS_REMEMBERED:
            del self._batches[next(iter(self._batches))]


class PartitionLog:
    """Records of one partition under gapless offsets [start_offset, end_offset)."""

    def __init__(self, directory: Path, limits: LogLimits, clock: Callable[[], float]) -> None:
        """Open the log, verifying only what a crash can have torn: its last file.

        `clock` gives seconds since the epoch; retention counts from a record's arrival.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.waiting: set[asyncio.Event] = set()
        self._unflushed = False
        self._limits = limits
        self._clock = clock
        self._producers = ProducerHistory()
        self.end_offset = 0
        self._opened = clock()
        self._segments = [Segment(path) for path in sorted(directory.glob("*.log"))]
        if self._segments:
            self.end_offset, headers = self._segments[-1].recover()
            for header in headers:
                self._producers.remember(header, header.base_offset)
        if not self._segments:
            self._roll()
        elif self._segments[-1].size:
            self._roll_if_there_is_room()

    @property
    def start_offset(self) -> int:
        """The oldest offset still kept."""
        return self._segments[0].base_offset

    @property
    def active(self) -> Segment:
        """The file that is being appended to."""
        return self._segments[-1]

    def append(self, data: bytes) -> int:
        """Store one batch and wake those who wait for it; its base offset.

        Raises:
            RefusedError: the batch is no good, or the disk did not take it.
        """
        header = check_produced(data, limit=self._limits.batch_bytes)
        repeated = self._producers.offset_of_repeated(header)
        if repeated is not None:
            return repeated
        base_offset, now = self.end_offset, self._clock()
        if self._limits.stamped_on_arrival:
            data, header = stamp_arrival(data, header, int(now * 1000))
        try:
            if self.active.size and self.active.size + len(data) > self._limits.segment_bytes:
                self._roll()
            self.active.append(data, header, base_offset, now)
        except OSError as error:
            raise RefusedError(ErrorCode.KAFKA_STORAGE_ERROR, str(error)) from error
        self.end_offset += header.record_count
        self._unflushed = True
        self._producers.remember(header, base_offset)
        self.wake()
        return base_offset

    def wake(self) -> None:
        """Let waiting consumers look again."""
        for event in self.waiting:
            event.set()

    def read(self, offset: int, max_bytes: int) -> bytes:
        """Batches from `offset` on, b"" at the end.

        Raises:
            RefusedError: the offset is outside the log.
        """
        if not self.start_offset <= offset <= self.end_offset:
            raise RefusedError(ErrorCode.OFFSET_OUT_OF_RANGE, f"no offset {offset}")
        if offset == self.end_offset:
            return b""
        bases = [segment.base_offset for segment in self._segments]
        return self._segments[bisect_right(bases, offset) - 1].read(offset, max_bytes)

    def first_since(self, timestamp: int) -> tuple[int, int] | None:
        """(timestamp, offset) of the first record at or after `timestamp` (ms), or None."""
        found = (segment.first_since(timestamp) for segment in self._segments)
        return next((answer for answer in found if answer is not None), None)

    def expire(self) -> None:
        """Delete whole files whose records are all past the limits."""
        now, retention = self._clock(), self._limits.retention_s
        age = now - self._opened
        if retention is not None and self.active.size and age >= retention * _ROLL_SHARE:
            self._roll_if_there_is_room()
        total = sum(segment.size for segment in self._segments)
        while len(self._segments) > 1:
            oldest = self._segments[0]
            late = retention is not None and now - oldest.last_append > retention
            bound = self._limits.retention_bytes
            if not late and (bound is None or total - oldest.size < bound):
                return
            total -= oldest.size
            oldest.path.unlink()
            self._segments.pop(0).close()

    async def flush(self) -> None:
        """Force what was appended so far to the disk, without holding up the event loop."""
        if self._unflushed:
            self._unflushed = False
            await sync_file(self.active.fd)

    def close(self) -> None:
        """Flush and give the files back."""
        self._unflushed = False
        os.fdatasync(self.active.fd)
        for segment in self._segments:
            segment.close()

    def _roll_if_there_is_room(self) -> None:
        """On a full disk the file goes on, and what deletes old ones makes room."""
        try:
            self._roll()
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            logger.warning("%s: no new file: %s", self.directory, error)

    def _roll(self) -> None:
        """Begin a new file; the old one is on the disk before, so that it need not be verified."""
        if self._segments:
            os.fdatasync(self.active.fd)
        self._segments.append(Segment(self.directory / f"{self.end_offset:020d}.log"))
        self._opened = self._clock()
        sync_directory(self.directory)
