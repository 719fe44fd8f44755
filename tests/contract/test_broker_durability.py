"""What the embedded broker promises about its data, its address and its limits."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.protocol.produce import ProduceRequest_v7
from aiokafka.protocol.transaction import InitProducerIdRequest_v0
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import OffsetAndMetadata

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
from tests.fixtures_broker import REPOSITORY, free_port, running_broker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fixtures_broker import BrokerProcess

pytestmark = pytest.mark.integration


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    with running_broker(tmp_path, "--retention-interval", "0.2") as process:
        yield process


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_keeps_topics_records_and_offsets(
    broker: BrokerProcess, how: signal.Signals
) -> None:
    topic = await new_topic(broker.bootstrap, partitions=2, retention_ms="3600000")
    await send(broker.bootstrap, topic, (b"%d" % n for n in range(50)), partition=1)
    place = TopicPartition(topic, 1)
    async with consumer(broker.bootstrap, topic, group_id="loader") as client:
        await take(client, 50)
        await client.commit({place: OffsetAndMetadata(20, "note")})
    code = broker.stop(how)
    assert code == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    broker.start()
    await send(broker.bootstrap, topic, [b"new"], partition=1)
    records = await read_all(broker.bootstrap, topic)
    assert [(r.offset, r.value) for r in records[:-1]] == [(n, b"%d" % n) for n in range(50)]
    assert (records[-1].offset, records[-1].value) == (50, b"new")
    async with admin(broker.bootstrap) as client:
        assert (await client.list_consumer_group_offsets("loader"))[place] == (20, "note")


async def test_kill_9_under_load_loses_and_doubles_nothing(broker: BrokerProcess) -> None:
    """An idempotent producer works through two kills; every record is there exactly once."""
    topic = await new_topic(broker.bootstrap, partitions=2)
    async with producer(broker.bootstrap, enable_idempotence=True, linger_ms=2) as client:

        async def write(partition: int) -> None:
            for n in range(1500):
                await client.send(topic, b"%d" % n, partition=partition)
                if n % 10 == 0:
                    await asyncio.sleep(0.002)

        writing = [asyncio.create_task(write(partition)) for partition in range(2)]
        for _ in range(2):
            await asyncio.sleep(0.15)
            broker.kill()
            broker.start()
        await asyncio.gather(*writing)
        await client.flush()
    records = await read_all(broker.bootstrap, topic)
    for partition in range(2):
        values = [int(r.value) for r in records if r.partition == partition]
        assert values == list(range(1500))


async def test_what_was_acknowledged_before_kill_9_is_there(broker: BrokerProcess) -> None:
    topic = await new_topic(broker.bootstrap)
    acknowledged: list[int] = []
    async with producer(broker.bootstrap, request_timeout_ms=2000) as client:

        async def write() -> None:
            for n in range(100_000):
                stored = await client.send_and_wait(topic, b"%d" % n)
                acknowledged.append(stored.offset)

        writing = asyncio.create_task(write())
        while len(acknowledged) < 300:  # noqa: ASYNC110 - counted, not timed
            await asyncio.sleep(0.01)
        broker.kill()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        broker.start()
    kept = {r.offset: r.value for r in await read_all(broker.bootstrap, topic)}
    assert all(kept[offset] == b"%d" % offset for offset in acknowledged)


@pytest.mark.parametrize("damage", ["garbage", "zeros", "half a batch", "a flipped bit"])
async def test_a_torn_tail_is_cut_and_what_stands_before_is_kept(
    broker: BrokerProcess, damage: str
) -> None:
    topic = await new_topic(broker.bootstrap)
    for n in range(5):
        await send(broker.bootstrap, topic, [b"%d" % n])
    broker.kill()
    [segment] = (broker.directory / "logs" / topic / "0").glob("*.log")
    data = segment.read_bytes()
    torn = {
        "garbage": data + b"\xde\xad\xbe\xef" * 100,
        "zeros": data + bytes(4096),
        "half a batch": data[:-10],
        "a flipped bit": data[:-1] + bytes([data[-1] ^ 1]),
    }[damage]
    segment.write_bytes(torn)
    broker.start()
    await send(broker.bootstrap, topic, [b"new"])
    kept = 5 if damage in {"garbage", "zeros"} else 4
    values = [r.value for r in await read_all(broker.bootstrap, topic)]
    assert values == [*(b"%d" % n for n in range(kept)), b"new"]
    assert "cut a torn tail" in broker.log.read_text()


async def test_a_torn_line_of_committed_offsets_is_dropped(broker: BrokerProcess) -> None:
    topic = await new_topic(broker.bootstrap)
    place = TopicPartition(topic, 0)
    async with consumer(broker.bootstrap, group_id="g") as client:
        client.assign([place])
        await client.commit({place: OffsetAndMetadata(3, "kept")})
    broker.kill()
    with (broker.directory / "offsets.jsonl").open("ab") as journal:
        journal.write(b'["g", "' + topic.encode() + b'", 0, 99')
    broker.start()
    async with admin(broker.bootstrap) as client:
        assert await client.list_consumer_group_offsets("g") == {place: (3, "kept")}


@pytest.mark.parametrize("limit", [{"retention_ms": "300"}, {"retention_bytes": "30000"}])
async def test_retention_deletes_the_oldest_and_keeps_counting(
    broker: BrokerProcess, limit: dict[str, Any]
) -> None:
    topic = await new_topic(broker.bootstrap, **limit, segment_bytes="10000")
    place = TopicPartition(topic, 0)
    for _ in range(10):
        await send(broker.bootstrap, topic, [bytes(1000)] * 10)
    async with consumer(broker.bootstrap, auto_offset_reset="earliest") as client:
        client.assign([place])
        async with asyncio.timeout(PATIENCE_S):
            while (start := (await client.beginning_offsets([place]))[place]) < 60:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert await client.end_offsets([place]) == {place: 100}
        client.seek(place, 0)  # out of range now: goes on with the oldest kept
        await send(broker.bootstrap, topic, [b"newest"])
        async with asyncio.timeout(PATIENCE_S):
            assert (await client.getone()).offset >= start
    broker.stop()
    broker.start()
    async with consumer(broker.bootstrap) as client:
        client.assign([place])
        assert await client.end_offsets([place]) == {place: 101}


async def test_the_data_directory_has_one_owner(broker: BrokerProcess) -> None:
    failed = await asyncio.to_thread(_run_broker, broker.directory, "127.0.0.1")
    assert failed.returncode != 0
    assert "is in use by another broker" in failed.stderr


async def test_only_loopback_is_served(tmp_path: Path) -> None:
    failed = await asyncio.to_thread(_run_broker, tmp_path, "0.0.0.0")  # noqa: S104
    assert failed.returncode != 0
    assert "loopback only" in failed.stderr


def _run_broker(directory: Path, host: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "labourwatch.embedded.broker", "--dir", str(directory)]
    return subprocess.run(
        [*command, "--host", host, "--port", str(free_port())],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


async def test_bad_batches_are_refused_and_not_stored(broker: BrokerProcess) -> None:
    topic = await new_topic(broker.bootstrap)
    good = _batch(b"value")
    flipped = good[:-1] + bytes([good[-1] ^ 1])
    old_format = good[:16] + b"\x01" + good[17:]
    assert await _produce_raw(broker, topic, flipped) == 2
    assert await _produce_raw(broker, topic, old_format) == 2
    assert await _produce_raw(broker, topic, good[:-3]) == 2
    assert await _produce_raw(broker, topic, b"") == 2
    assert await _produce_raw(broker, topic, good + good) == 87
    assert await _produce_raw(broker, topic, good) == 0
    assert [r.value for r in await read_all(broker.bootstrap, topic)] == [b"value"]


async def test_a_repeated_batch_of_an_idempotent_producer_is_stored_once(
    broker: BrokerProcess,
) -> None:
    topic = await new_topic(broker.bootstrap)
    batch = _batch(b"once", producer_id=77, sequence=0)
    assert await _produce_raw(broker, topic, batch) == 0
    assert await _produce_raw(broker, topic, batch) == 0
    broker.kill()
    broker.start()
    assert await _produce_raw(broker, topic, batch) == 0
    assert await _produce_raw(broker, topic, _batch(b"next", producer_id=77, sequence=1)) == 0
    assert [r.value for r in await read_all(broker.bootstrap, topic)] == [b"once", b"next"]


def _batch(value: bytes, producer_id: int = -1, sequence: int = -1) -> bytes:
    epoch = -1 if producer_id < 0 else 0
    builder = DefaultRecordBatchBuilder(2, 0, 0, producer_id, epoch, sequence, 1 << 20)
    builder.append(0, 1000, None, value, [])
    return bytes(builder.build())


async def _produce_raw(broker: BrokerProcess, topic: str, batch: bytes) -> int:
    """Send one produce request as it is; the error code of the answer."""
    answer = await _ask(broker, ProduceRequest_v7(None, -1, 1000, [(topic, [(0, batch)])]))
    [(_topic, [(_partition, code, *_rest)])] = answer.topics
    assert isinstance(code, int)
    return code


async def _ask(broker: BrokerProcess, request: Any) -> Any:
    message = request.build_request_header(1, "raw").encode() + request.encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", broker.port)
    writer.write(len(message).to_bytes(4, "big") + message)
    size = int.from_bytes(await reader.readexactly(4), "big")
    body = await reader.readexactly(size)
    writer.close()
    return request.RESPONSE_TYPE.decode(body[4:])


async def test_limits_and_missing_features_are_named(broker: BrokerProcess) -> None:
    topic = await new_topic(broker.bootstrap)
    async with producer(broker.bootstrap, max_request_size=20 << 20) as client:
        with pytest.raises(MessageSizeTooLargeError):
            await client.send_and_wait(topic, bytes(9 << 20))
        await client.send_and_wait(topic, bytes(7 << 20))
    assert (await _ask(broker, InitProducerIdRequest_v0("transactional", 1000))).error_code == 53
    with pytest.raises(AssertionError, match=r"only cleanup\.policy=delete"):
        await new_topic(broker.bootstrap, cleanup_policy="compact")


async def test_every_batch_can_be_flushed_before_it_is_acknowledged(tmp_path: Path) -> None:
    with running_broker(tmp_path, "--flush-interval", "0") as broker:
        topic = await new_topic(broker.bootstrap)
        await send(broker.bootstrap, topic, [b"a", b"b"])
        assert [r.value for r in await read_all(broker.bootstrap, topic)] == [b"a", b"b"]
