"""Kafka record batches (message format 2): reading the 61-byte header and refusing bad input.

The broker never looks at single records when it stores them: a batch is checked as a whole
(magic, length, CRC-32C, counts) and appended as it came, with its offset stamped in front.
Layout: https://kafka.apache.org/documentation/#recordbatch.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from aiokafka.errors import UnsupportedCodecError
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c

from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError

if TYPE_CHECKING:
    from typing_extensions import Buffer

_LAYOUT: Final = struct.Struct(">qiibIhiqqqhii")
_STAMP: Final = struct.Struct(">qii")
HEADER_SIZE: Final = _LAYOUT.size
LENGTH_FIELD_END: Final = 12  # `length` counts the bytes after itself
_CRC_COVERS_FROM: Final = 21  # base offset and leader epoch lie before: the broker may stamp them
_MAGIC: Final = 2
_CODEC_MASK, _NEWEST_CODEC = 0x07, 4
_TRANSACTIONAL, _CONTROL = 0x10, 0x20
_LOG_APPEND_TIME: Final = 0x08


class BatchHeader(NamedTuple):
    """The header's fields in wire order; timestamps in milliseconds since the epoch."""

    base_offset: int
    length: int
    leader_epoch: int
    magic: int
    crc: int
    attributes: int
    last_offset_delta: int
    first_timestamp: int
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    record_count: int

    @property
    def size(self) -> int:
        """Bytes of the whole batch."""
        return self.length + LENGTH_FIELD_END

    @property
    def next_offset(self) -> int:
        """The offset after the batch's last record."""
        return self.base_offset + self.last_offset_delta + 1


def read_header(data: Buffer, position: int = 0) -> BatchHeader | None:
    """The header at `position`, or None when too few bytes are left for one."""
    if len(memoryview(data)) - position < HEADER_SIZE:
        return None
    return BatchHeader._make(_LAYOUT.unpack_from(data, position))


def is_intact(data: Buffer) -> bool:
    """Whether `data` starts with one whole format-2 batch whose checksum holds."""
    header = read_header(data)
    if (
        header is None
        or header.magic != _MAGIC
        or not HEADER_SIZE <= header.size <= len(memoryview(data))
    ):
        return False
    return bool(calc_crc32c(memoryview(data)[_CRC_COVERS_FROM : header.size]) == header.crc)


def check_produced(data: bytes, *, limit: int) -> BatchHeader:
    """Describe the one batch a producer sent for a partition.

    Raises:
        RefusedError: not exactly one intact batch of at most `limit` bytes; transactional and
            control batches are refused too.
    """
    if len(data) > limit:
        raise RefusedError(ErrorCode.MESSAGE_TOO_LARGE, f"{len(data)} bytes, at most {limit}")
    header = read_header(data)
    if header is None or not is_intact(data):
        raise RefusedError(ErrorCode.CORRUPT_MESSAGE, "not an intact format-2 batch")
    if header.size != len(data):
        raise RefusedError(ErrorCode.INVALID_RECORD, "more than one batch for a partition")
    if header.record_count < 1 or header.last_offset_delta != header.record_count - 1:
        raise RefusedError(ErrorCode.INVALID_RECORD, f"{header.record_count} records claimed")
    if header.attributes & (_TRANSACTIONAL | _CONTROL):
        raise RefusedError(ErrorCode.INVALID_RECORD, "transactions are not supported")
    if header.attributes & _CODEC_MASK > _NEWEST_CODEC:
        raise RefusedError(ErrorCode.INVALID_RECORD, "unknown compression")
    return header


def stamp(header: BatchHeader, base_offset: int) -> bytes:
    """The first 16 bytes of a batch as stored: its offset in the log, leader epoch 0."""
    return _STAMP.pack(base_offset, header.length, 0)


STAMP_SIZE: Final = _STAMP.size


def stamp_arrival(data: bytes, header: BatchHeader, now_ms: int) -> tuple[bytes, BatchHeader]:
    """The batch with the time of its arrival (ms) as that of each record, and its new header."""
    attributes = header.attributes | _LOG_APPEND_TIME
    header = header._replace(attributes=attributes, max_timestamp=now_ms)
    stamped = bytearray(data)
    _LAYOUT.pack_into(stamped, 0, *header)
    header = header._replace(crc=calc_crc32c(memoryview(stamped)[_CRC_COVERS_FROM : header.size]))
    _LAYOUT.pack_into(stamped, 0, *header)
    return bytes(stamped), header


def first_record_since(batch: bytes, timestamp: int) -> tuple[int, int] | None:
    """(timestamp, offset) of the batch's first record at or after `timestamp` (ms), or None.

    A batch compressed with a codec that is not installed answers with its first offset.
    """
    try:
        records = MemoryRecords(batch).next_batch()
        return next(((r.timestamp, r.offset) for r in records if r.timestamp >= timestamp), None)
    except UnsupportedCodecError:
        header = BatchHeader._make(_LAYOUT.unpack_from(batch))
        return header.first_timestamp, header.base_offset
