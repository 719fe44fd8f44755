"""No bytes from a client may fail the broker in an unexpected way, and none are stored wrongly."""

from __future__ import annotations

import asyncio
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labourwatch.embedded.broker.apis import answer
from labourwatch.embedded.broker.batch import check_produced, is_intact, read_header, stamp
from labourwatch.embedded.broker.offsets import OffsetStore
from labourwatch.embedded.broker.protocol import ErrorCode, MalformedRequestError, RefusedError
from labourwatch.embedded.broker.segment import INDEX_INTERVAL, SparseIndex
from labourwatch.embedded.broker.state import Broker, BrokerOptions
from labourwatch.embedded.broker.topics import TopicStore

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 1 << 20
SPOKEN = [(0, 7), (1, 5), (2, 2), (3, 4), (8, 3), (9, 3), (10, 1), (11, 2), (12, 1), (13, 1)]
SPOKEN += [(14, 1), (15, 1), (16, 1), (18, 0), (18, 3), (19, 2), (20, 1), (22, 0), (32, 0)]


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory() as place:
        made = Broker(
            host="127.0.0.1",
            port=1,
            options=BrokerOptions(),
            topics=TopicStore(Path(place)),
            offsets=OffsetStore(Path(place) / "offsets.jsonl"),
        )
        yield made
        made.topics.close()
        made.offsets.close()


@settings(max_examples=400, deadline=None)
@given(api=st.sampled_from(SPOKEN), body=st.binary(max_size=80))
@example(api=(19, 2), body=struct.pack(">ii", -1, 0) + b"\0")
@example(api=(3, 4), body=struct.pack(">i", 2**31 - 1))
def test_any_body_is_answered_or_called_malformed(
    broker: Broker, api: tuple[int, int], body: bytes
) -> None:
    frame = struct.pack(">hhih", *api, 7, -1) + body

    async def ask() -> bytes | None:
        async with asyncio.timeout(0.05):  # a join or a fetch may wait for others
            return await answer(broker, frame)

    with suppress(MalformedRequestError, TimeoutError):
        response = asyncio.run(ask())
        if response is not None:
            size, correlation_id = struct.unpack_from(">ii", response)
            assert (size, correlation_id) == (len(response) - 4, 7)


@given(frame=st.binary(max_size=40))
def test_any_frame_is_answered_or_called_malformed(broker: Broker, frame: bytes) -> None:
    with suppress(MalformedRequestError):
        asyncio.run(answer(broker, frame))


def build_batch(values: list[bytes]) -> bytes:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, LIMIT)
    for number, value in enumerate(values):
        builder.append(number, 1000 + number, None, value, [])
    return bytes(builder.build())


values = st.lists(st.binary(max_size=50), min_size=1, max_size=20)


@given(values=values, base_offset=st.integers(0, 2**40))
def test_a_whole_batch_is_taken_and_may_be_stamped(values: list[bytes], base_offset: int) -> None:
    batch = build_batch(values)
    header = check_produced(batch, limit=LIMIT)
    assert (header.size, header.record_count) == (len(batch), len(values))
    stored = stamp(header, base_offset) + batch[16:]
    assert is_intact(stored)
    stamped = read_header(stored)
    assert stamped is not None
    assert stamped.next_offset == base_offset + len(values)


@given(values=values, data=st.data())
def test_no_flipped_bit_and_no_cut_gets_through(values: list[bytes], data: st.DataObject) -> None:
    batch = build_batch(values)
    place = data.draw(st.integers(8, len(batch) - 1).filter(lambda n: not 12 <= n < 16))
    flipped = bytearray(batch)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    shorter = batch[: data.draw(st.integers(0, len(batch) - 1))]
    for damaged in (bytes(flipped), shorter):
        with pytest.raises(RefusedError):
            check_produced(damaged, limit=LIMIT)


def test_a_batch_over_the_limit_is_too_large() -> None:
    batch = build_batch([b"x" * 100])
    with pytest.raises(RefusedError) as refused:
        check_produced(batch, limit=len(batch) - 1)
    assert refused.value.code is ErrorCode.MESSAGE_TOO_LARGE


sizes = st.lists(st.tuples(st.integers(70, 40_000), st.integers(0, 1000)), min_size=1, max_size=60)


@given(batches=sizes, wanted=st.integers(0, 70), since=st.integers(0, 1100))
def test_the_sparse_index_never_points_too_far(
    batches: list[tuple[int, int]], wanted: int, since: int
) -> None:
    """Batches of one record, as (size, timestamp): scanning on from the index finds each."""
    index, positions, position = SparseIndex(), [], 0
    for offset, (size, timestamp) in enumerate(batches):
        index.add(offset, position, timestamp)
        positions.append(position)
        position += size
    if wanted < len(batches):
        start = index.position_before(wanted)
        assert start <= positions[wanted] < start + INDEX_INTERVAL
    times = [timestamp for _, timestamp in batches]
    first = next((n for n, timestamp in enumerate(times) if timestamp >= since), None)
    if first is not None:
        assert index.position_before_time(since) <= positions[first]
    assert index.max_timestamp == max(times)
