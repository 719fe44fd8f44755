"""What Labourwatch needs of a Kafka broker, asked of every implementation.

The embedded broker and Apache Kafka are started as processes; `LABOURWATCH_TEST_KAFKA=host:port`
names a further broker that must pass the same suite.
"""

from __future__ import annotations

import asyncio
import os
import struct
import time

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import OffsetOutOfRangeError

from config.topics import LARGEST_MESSAGE
from scrapers.topics_admin import ensure_topics
from tests.contract.broker_clients import (
    PATIENCE_S,
    admin,
    consumer,
    new_topic,
    producer,
    read_all,
    send,
    take,
)

pytestmark = pytest.mark.integration


async def test_records_of_one_key_stay_in_one_partition_and_in_order(bootstrap: str) -> None:
    topic = await new_topic(bootstrap, partitions=4)
    async with producer(bootstrap) as client:
        for n in range(400):
            await client.send(topic, str(n).encode(), key=f"employer-{n % 20}".encode())
    records = await read_all(bootstrap, topic)
    assert len({record.partition for record in records}) == 4
    for employer in range(20):
        mine = [r for r in records if r.key == f"employer-{employer}".encode()]
        assert len({record.partition for record in mine}) == 1
        assert [int(record.value) for record in mine] == list(range(employer, 400, 20))


async def test_key_value_headers_and_time_come_back_unchanged(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    headers, text = [("version", b"1"), ("empty", b""), ("ພາສາ", "ລາວ".encode())], "ຊ່າງໄຟຟ້າ"
    async with producer(bootstrap) as client:
        sent_at = 1000 * int(time.time()) - 3_600_000
        await client.send_and_wait(topic, text.encode(), b"\x00\xff", None, sent_at, headers)
        await client.send_and_wait(topic, None, key=b"only")
    first, second = await read_all(bootstrap, topic)
    assert (first.key, first.value.decode()) == (b"\x00\xff", text)
    assert list(first.headers) == headers
    assert first.timestamp == sent_at
    assert (second.key, second.value, second.offset) == (b"only", None, 1)


async def test_compressed_records_come_back(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    since = 1000 * int(time.time())  # Kafka deletes by the sender's time: old records go at once
    async with producer(bootstrap, compression_type="gzip") as client:
        sent = [
            await client.send(topic, b"labour" * 500, timestamp_ms=since + n) for n in range(50)
        ]
        await asyncio.gather(*sent)
    records = await read_all(bootstrap, topic)
    assert [(r.offset, r.timestamp) for r in records] == [(n, since + n) for n in range(50)]
    assert {r.value for r in records} == {b"labour" * 500}


async def test_a_record_of_one_megabyte(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    value = os.urandom(1_000_000)
    await send(bootstrap, topic, [b"small", value, b"after"])
    assert [r.value for r in await read_all(bootstrap, topic)] == [b"small", value, b"after"]


async def test_a_consumer_gets_batches_larger_than_it_asked_for(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    await send(bootstrap, topic, [os.urandom(200_000) for _ in range(3)])
    async with consumer(bootstrap, topic, max_partition_fetch_bytes=1000) as client:
        assert [r.offset for r in await take(client, 3)] == [0, 1, 2]


async def test_concurrent_producers_lose_and_double_nothing(bootstrap: str) -> None:
    topic = await new_topic(bootstrap, partitions=3)
    batches = [[f"{who}-{n}".encode() for n in range(300)] for who in range(6)]
    await asyncio.gather(*(send(bootstrap, topic, values) for values in batches))
    values = [record.value for record in await read_all(bootstrap, topic)]
    assert sorted(values) == sorted(value for values in batches for value in values)


async def test_an_idempotent_producer_is_served(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    async with producer(bootstrap, enable_idempotence=True) as client:
        for n in range(100):
            await client.send(topic, str(n).encode())
    assert [int(r.value) for r in await read_all(bootstrap, topic)] == list(range(100))


async def test_earliest_latest_and_time_give_offsets(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    since = 1000 * int(time.time()) - 60_000
    async with producer(bootstrap) as client:
        for n in range(500):
            await client.send(topic, b"x" * 500, timestamp_ms=since + 10 * n)
    place = TopicPartition(topic, 0)
    async with consumer(bootstrap) as client:
        client.assign([place])
        assert await client.beginning_offsets([place]) == {place: 0}
        assert await client.end_offsets([place]) == {place: 500}
        for asked, expected in ((-since, 0), (0, 0), (1_231, 124), (4_990, 499)):
            found = (await client.offsets_for_times({place: since + asked}))[place]
            assert found.offset == expected
            assert found.timestamp == since + 10 * expected
        assert (await client.offsets_for_times({place: since + 4_991}))[place] is None


async def test_reading_starts_at_any_offset(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    await send(bootstrap, topic, (str(n).encode() * 40 for n in range(1000)))
    place = TopicPartition(topic, 0)
    async with consumer(bootstrap) as client:
        client.assign([place])
        for offset in (999, 0, 1, 500, 777):
            client.seek(place, offset)
            async with asyncio.timeout(PATIENCE_S):
                record = await client.getone()
            assert (record.offset, record.value) == (offset, str(offset).encode() * 40)


async def test_an_offset_out_of_range_is_told(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    await send(bootstrap, topic, [b"only"])
    place = TopicPartition(topic, 0)
    async with consumer(bootstrap, auto_offset_reset="none") as client:
        client.assign([place])
        client.seek(place, 5000)
        with pytest.raises(OffsetOutOfRangeError):
            async with asyncio.timeout(PATIENCE_S):
                await client.getone()


async def test_a_waiting_consumer_gets_a_record_when_it_comes(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    async with consumer(bootstrap, topic, fetch_max_wait_ms=15_000) as client:
        waiting = asyncio.create_task(client.getone())
        async with producer(bootstrap) as sender:
            await sender.send_and_wait(topic, b"news")
        async with asyncio.timeout(10):  # less than the consumer is willing to wait
            assert (await waiting).value == b"news"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(struct.pack(">i", -1), id="negative size"),
        pytest.param(struct.pack(">i", 2**31 - 1), id="size of 2 GiB"),
        pytest.param(struct.pack(">i", 12) + b"\x00\x03\x00\x04" + b"\xff" * 8, id="cut short"),
        pytest.param(struct.pack(">ihhih", 10, 999, 0, 1, -1), id="unknown API"),
        pytest.param(struct.pack(">ihhihi", 14, 3, 999, 1, -1, 0), id="unknown version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", id="another protocol"),
    ],
)
async def test_a_malformed_request_ends_only_its_own_connection(
    bootstrap: str, data: bytes
) -> None:
    topic = await new_topic(bootstrap)
    host, port = bootstrap.rsplit(":", 1)
    async with producer(bootstrap) as client:
        await client.send_and_wait(topic, b"before")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read() == b""
        writer.close()
        await client.send_and_wait(topic, b"after")
    assert [r.value for r in await read_all(bootstrap, topic)] == [b"before", b"after"]


async def test_topics_are_created_described_and_deleted(bootstrap: str) -> None:
    topic = await new_topic(bootstrap, partitions=3, retention_ms="60000")
    async with admin(bootstrap) as client:
        again = await client.create_topics([NewTopic(topic, 3, 1)])
        assert [error[1] for error in again.topic_errors] == [36]
        bad = await client.create_topics([NewTopic("no/slash", 1, 1), NewTopic(f"{topic}0", 0, 1)])
        assert [error[1] for error in bad.topic_errors] == [17, 37]
        [described] = await client.describe_topics([topic])
        assert len(described["partitions"]) == 3
        await client.delete_topics([topic])
        async with asyncio.timeout(PATIENCE_S):
            while topic in await client.list_topics():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)


async def test_a_topic_made_anew_is_empty(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    await send(bootstrap, topic, [b"old"])
    async with admin(bootstrap) as client:
        await client.delete_topics([topic])
        async with asyncio.timeout(PATIENCE_S):
            while (await client.create_topics([NewTopic(topic, 1, 1)])).topic_errors[0][1]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    assert await read_all(bootstrap, topic) == []


async def test_the_stream_s_topics_are_ensured_twice(bootstrap: str) -> None:
    await asyncio.gather(ensure_topics(bootstrap), ensure_topics(bootstrap))
    async with admin(bootstrap) as client:
        [postings] = await client.describe_topics(["postings"])
    assert len(postings["partitions"]) == 4
    largest, clocks = os.urandom(LARGEST_MESSAGE - 1000), (0, 1000 * int(time.time()) + 10**9)
    async with producer(bootstrap, max_request_size=LARGEST_MESSAGE) as client:
        for clock in clocks:  # a sender whose clock is wrong, by decades and by days
            await client.send_and_wait("dead-letters", largest, timestamp_ms=clock)
    for record in await read_all(bootstrap, "dead-letters"):
        assert record.value == largest
        assert abs(record.timestamp / 1000 - time.time()) < PATIENCE_S
