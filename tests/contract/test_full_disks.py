"""A disk without room for one byte more: what is refused, what is kept, and what goes on after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from clickhouse_connect.driver import create_client
from clickhouse_connect.driver.exceptions import Error

from labourwatch.embedded.broker.offsets import Committed, OffsetStore, Place
from tests.contract.broker_clients import admin, consumer, new_topic, producer, read_all, send
from tests.fixtures_broker import BrokerProcess, running_broker
from tests.fixtures_ground import Disk, own_ground, small_disk, why_no_ground
from tests.fixtures_redis import launch_redis
from tests.fixtures_warehouse import HOST, SECRET, launch_warehouse
from warehouse.client import Failure, classify_failure

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(bool(why_no_ground()), reason=why_no_ground() or "-"),
]
_PATIENCE_MS = 1500


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with own_ground(), small_disk(tmp_path / "small", mebibytes=64) as made:
        yield made


@pytest.fixture
def broker(disk: Disk) -> Iterator[BrokerProcess]:
    with running_broker(disk.folder) as process:
        yield process


async def _refused(bootstrap: str, topic: str) -> None:
    with pytest.raises(KafkaError):
        async with producer(bootstrap, request_timeout_ms=_PATIENCE_MS) as client:
            await client.send_and_wait(topic, bytes(100_000), partition=0)


async def test_the_broker_acknowledges_nothing_and_goes_on_once_there_is_room(
    disk: Disk, broker: BrokerProcess
) -> None:
    topic = await new_topic(broker.bootstrap)
    await send(broker.bootstrap, topic, [b"before"])
    place = TopicPartition(topic, 0)
    async with consumer(broker.bootstrap, group_id="g") as client:
        client.assign([place])
        await client.commit({place: OffsetAndMetadata(1, "first")})
        disk.fill()
        await _refused(broker.bootstrap, topic)
        with pytest.raises(TimeoutError):  # the client tries again for as long as it takes
            async with asyncio.timeout(1.0):
                await client.commit({place: OffsetAndMetadata(0, "x" * 4096)})
    broker.kill()
    broker.start()  # a full disk keeps it neither from starting nor from being read
    assert [r.value for r in await read_all(broker.bootstrap, topic)] == [b"before"]
    await _refused(broker.bootstrap, topic)
    disk.free()
    await send(broker.bootstrap, topic, [b"after"])
    assert [r.value for r in await read_all(broker.bootstrap, topic)] == [b"before", b"after"]
    async with admin(broker.bootstrap) as client:
        assert (await client.list_consumer_group_offsets("g"))[place] == (1, "first")


async def test_a_topic_that_the_disk_refused_is_not_there(
    disk: Disk, broker: BrokerProcess
) -> None:
    """It was told to exist: filled, it was removed at the next start with all that it held."""
    disk.fill()
    wanted = NewTopic("wanted", 1, 1)
    async with admin(broker.bootstrap) as client:
        assert [error[1] for error in (await client.create_topics([wanted])).topic_errors] == [56]
        disk.free()
        assert [error[1] for error in (await client.create_topics([wanted])).topic_errors] == [0]
    await send(broker.bootstrap, "wanted", [b"kept"])
    broker.kill()
    broker.start()
    assert [r.value for r in await read_all(broker.bootstrap, "wanted")] == [b"kept"]


def test_the_journal_of_offsets_outlives_a_rewriting_without_room(disk: Disk) -> None:
    """It was closed before it was written anew: each later commit failed."""
    store = OffsetStore(disk.folder / "offsets.jsonl")
    places = [Place("g", "t", number) for number in range(64)]
    note = "n" * 4000
    for number in range(15):
        store.commit({place: Committed(number, note) for place in places})
    disk.fill()
    store.forget_topic("other")  # begins the journal anew
    with pytest.raises(OSError, match=r"No space|short write"):
        store.commit({place: Committed(99, note) for place in places})
    assert store.find(places[0]).offset == 14
    disk.free()
    store.commit({places[0]: Committed(16, note)})
    store.close()
    again = OffsetStore(disk.folder / "offsets.jsonl")
    assert [again.find(place).offset for place in places[:2]] == [16, 14]
    again.close()


def test_the_warehouse_says_that_it_is_full_and_stores_once_there_is_room(disk: Disk) -> None:
    part = launch_warehouse(disk.folder / "warehouse")
    client = create_client(host=HOST, port=part.port, username="default", password=SECRET)
    try:
        client.command("CREATE TABLE default.t (n Int64) ENGINE = MergeTree ORDER BY n")
        client.insert("t", [[1]], column_names=["n"], database="default")
        disk.fill()
        with pytest.raises(Error) as caught:
            client.insert("t", [[2]], column_names=["n"], database="default")
        assert classify_failure(caught.value) is Failure.OVERLOADED
        assert "243" in str(caught.value)
        assert client.query("SELECT n FROM default.t").result_rows == [(1,)]
        disk.free()
        client.insert("t", [[3]], column_names=["n"], database="default")
        assert client.query("SELECT n FROM default.t ORDER BY n").result_rows == [(1,), (3,)]
    finally:
        client.close()
        part.stop()


def test_redis_ends_rather_than_acknowledge_what_it_could_not_write(disk: Disk) -> None:
    part = launch_redis(disk.folder / "redis")
    with redis.Redis(port=part.port, decode_responses=True) as client:
        client.set("kept", "1")
        disk.fill()
        told = 0
        with pytest.raises(redis.ConnectionError):  # noqa: PT012 - how many before
            for told in range(1000):
                client.set(f"full-{told}", "x" * 1000)
    assert part.process.wait(30) != 0, "its supervisor starts it again"
    part = launch_redis(disk.folder / "redis", part.port)  # a full disk keeps nobody from reading
    with redis.Redis(port=part.port, decode_responses=True) as client:
        held = [client.exists(f"full-{number}") for number in range(told)]
        assert all(held)
        assert client.get("kept") == "1"
        disk.free()
        client.set("after", "1")
        part.kill()
    part = launch_redis(disk.folder / "redis", part.port)
    with redis.Redis(port=part.port, decode_responses=True) as client:
        assert (client.get("kept"), client.get("after")) == ("1", "1")
    assert part.stop() == 0
