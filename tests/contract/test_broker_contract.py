"""What Labourwatch needs of a Kafka broker, asked of every implementation.

The embedded broker is started as a process; `LABOURWATCH_TEST_KAFKA=host:port` names another
broker (Apache Kafka) that must pass the same suite.
"""

from __future__ import annotations

import asyncio
import os
import struct
from typing import TYPE_CHECKING

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata

from scrapers.topics_admin import ensure_topics
from tests.contract.broker_clients import (
    PATIENCE_S,
    admin,
    consumer,
    new_topic,
    producer,
    read_all,
    read_line,
    running_module,
    send,
    take,
)
from tests.fixtures_broker import start_broker

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTERNAL = os.environ.get("LABOURWATCH_TEST_KAFKA", "")
BROKERS = ["embedded", *(["external"] if EXTERNAL else [])]
SESSION_MS = 6000  # the least that Apache Kafka accepts

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", params=BROKERS)
def bootstrap(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "external":
        yield EXTERNAL
        return
    with start_broker(tmp_path_factory.mktemp("broker")) as address:
        yield address


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
        await client.send_and_wait(topic, text.encode(), b"\x00\xff", None, 123_456, headers)
        await client.send_and_wait(topic, None, key=b"only")
    first, second = await read_all(bootstrap, topic)
    assert (first.key, first.value.decode()) == (b"\x00\xff", text)
    assert list(first.headers) == headers
    assert first.timestamp == 123_456
    assert (second.key, second.value, second.offset) == (b"only", None, 1)


async def test_compressed_records_come_back(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    async with producer(bootstrap, compression_type="gzip") as client:
        sent = [await client.send(topic, b"labour" * 500, timestamp_ms=n) for n in range(50)]
        await asyncio.gather(*sent)
    records = await read_all(bootstrap, topic)
    assert [(r.offset, r.timestamp) for r in records] == [(n, n) for n in range(50)]
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
    async with producer(bootstrap) as client:
        for n in range(500):
            await client.send(topic, b"x" * 500, timestamp_ms=1_000_000 + 10 * n)
    place = TopicPartition(topic, 0)
    async with consumer(bootstrap) as client:
        client.assign([place])
        assert await client.beginning_offsets([place]) == {place: 0}
        assert await client.end_offsets([place]) == {place: 500}
        for asked, expected in ((0, 0), (1_000_000, 0), (1_001_231, 124), (1_004_990, 499)):
            found = (await client.offsets_for_times({place: asked}))[place]
            assert found.offset == expected
            assert found.timestamp == 1_000_000 + 10 * expected
        assert (await client.offsets_for_times({place: 1_004_991}))[place] is None


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


async def test_committed_offsets_and_their_metadata_come_back(bootstrap: str) -> None:
    topic = await new_topic(bootstrap, partitions=2)
    await send(bootstrap, topic, (b"%d" % n for n in range(10)), partition=0)
    place, other = TopicPartition(topic, 0), TopicPartition(topic, 1)
    async with consumer(bootstrap, topic, group_id=f"loader-{topic}") as client:
        await take(client, 10)
        await client.commit({place: OffsetAndMetadata(4, '{"end": 9}')})
        await client.commit({place: OffsetAndMetadata(7, '{"end": 10, "ໝາຍ": 1}')})
    async with admin(bootstrap) as client:
        kept = await client.list_consumer_group_offsets(f"loader-{topic}")
        assert kept[place] == OffsetAndMetadata(7, '{"end": 10, "ໝາຍ": 1}')
        assert other not in kept
    async with consumer(bootstrap, topic, group_id=f"loader-{topic}") as client:
        assert [r.offset for r in await take(client, 3)] == [7, 8, 9]
        assert await client.committed(place) == 7
        assert await client.committed(other) is None


async def test_members_of_a_group_share_partitions_and_follow_one_who_leaves(
    bootstrap: str,
) -> None:
    topic = await new_topic(bootstrap, partitions=4)
    options = {"group_id": f"group-{topic}", "heartbeat_interval_ms": 500}
    async with consumer(bootstrap, topic, **options) as first:
        async with consumer(bootstrap, topic, **options) as second:
            async with asyncio.timeout(PATIENCE_S):
                while not len(first.assignment()) == len(second.assignment()) == 2:
                    await asyncio.gather(*(c.getmany(timeout_ms=100) for c in (first, second)))
            assert not first.assignment() & second.assignment()
        async with asyncio.timeout(PATIENCE_S):
            while len(first.assignment()) < 4:
                await first.getmany(timeout_ms=100)


async def test_the_group_takes_over_from_a_member_that_dies(bootstrap: str) -> None:
    topic = await new_topic(bootstrap, partitions=2)
    group = f"group-{topic}"
    await send(bootstrap, topic, [b"before"], partition=0)
    member_module = "tests.contract.broker_member"
    with running_module(member_module, bootstrap, topic, group, str(SESSION_MS)) as member:
        assert await read_line(member) == b"committed"
        member.kill()
    await send(bootstrap, topic, [b"after"], partition=0)
    options = {"group_id": group, "session_timeout_ms": SESSION_MS, "heartbeat_interval_ms": 500}
    async with consumer(bootstrap, topic, **options) as heir:
        assert [r.value for r in await take(heir, 1)] == [b"after"]
        assert len(heir.assignment()) == 2


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


async def test_groups_are_listed_and_described(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    group = f"group-{topic}"
    async with consumer(bootstrap, topic, group_id=group), admin(bootstrap) as client:
        assert (group, "consumer") in [(g[0], g[1]) for g in await client.list_consumer_groups()]
        [answer] = await client.describe_consumer_groups([group])
        [(_, name, state, _, _, members, *_)] = answer.groups
        assert (name, state, len(members)) == (group, "Stable", 1)


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


async def test_a_faust_agent_consumes_and_forwards(bootstrap: str) -> None:
    source, target = await new_topic(bootstrap, 2), await new_topic(bootstrap, 2)
    await send(bootstrap, source, (str(n).encode() for n in range(200)))
    with running_module("tests.contract.faust_forwarder", bootstrap, source, target):
        async with consumer(bootstrap, target) as client:
            values = [int(record.value) for record in await take(client, 200)]
    assert sorted(values) == list(range(200))
