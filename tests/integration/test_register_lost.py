"""A register that Redis has lost is noticed, by whoever begins and by whoever works."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from redis.asyncio import Redis

from config.topics import POSTINGS, STREAM_GROUP, VACANCIES
from scrapers.codec import encode
from scrapers.topics_admin import ensure_topics
from streams.beginning import begin, ensure_register
from streams.lost import BEGUN, RegisterLostError
from streams.register import BLOCK_PREFIX, Register
from streams.worker import connect_register
from tests.factories_streams import START, a_posting
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.integration.test_stream_register import SETTLE, arrivals
from tests.integration.test_stream_worker import Worker

pytestmark = pytest.mark.integration


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A broker, and a Redis that is flushed before each test."""

    bootstrap: str
    redis_url: str
    redis: Redis


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    make = tmp_path_factory.mktemp
    with start_broker(make("broker")) as bootstrap, start_redis(make("redis")) as url:
        yield bootstrap, url


@pytest.fixture
async def parts(addresses: tuple[str, str]) -> AsyncIterator[Parts]:
    bootstrap, url = addresses
    await ensure_topics(bootstrap)
    client = connect_register(url)
    await client.flushall()
    yield Parts(bootstrap=bootstrap, redis_url=url, redis=client)
    await client.aclose()


async def commit(bootstrap: str, offset: int) -> None:
    """What the stream's group has consumed of one partition."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id=STREAM_GROUP, enable_auto_commit=False
    )
    await consumer.start()
    place = TopicPartition(POSTINGS.name, 1)
    consumer.assign([place])
    await consumer.commit({place: offset})
    await consumer.stop()


async def test_a_first_start_leaves_its_mark_and_later_ones_find_it(parts: Parts) -> None:
    await commit(parts.bootstrap, 0)
    for _ in range(2):
        await ensure_register(parts.redis, parts.bootstrap, START)
    await commit(parts.bootstrap, 7)
    await ensure_register(parts.redis, parts.bootstrap, START)
    assert await parts.redis.get(BEGUN) == START.isoformat().encode()


async def test_consumed_records_without_a_register_are_a_loss(parts: Parts) -> None:
    await commit(parts.bootstrap, 7)
    with pytest.raises(RegisterLostError, match=r"7 records .*labourwatch restore"):
        await ensure_register(parts.redis, parts.bootstrap, START)
    assert not await parts.redis.exists(BEGUN)
    await begin(parts.redis, START)
    await ensure_register(parts.redis, parts.bootstrap, START)


async def test_the_register_of_an_earlier_release_is_recognised(parts: Parts) -> None:
    await commit(parts.bootstrap, 7)
    await parts.redis.set(f"{BLOCK_PREFIX}00", b"")
    await ensure_register(parts.redis, parts.bootstrap, START)
    assert await parts.redis.exists(BEGUN)


async def test_nothing_is_decided_after_a_flush(parts: Parts) -> None:
    register = Register(parts.redis, begun=True)
    await begin(parts.redis, START)
    await register.transact(arrivals(a_posting()), SETTLE)
    await parts.redis.flushall()
    with pytest.raises(RegisterLostError):
        await register.transact(arrivals(a_posting(posting_id="2")), SETTLE)
    assert await parts.redis.dbsize() == 0


async def test_a_worker_stops_says_why_and_stays_away_until_somebody_decides(
    parts: Parts, tmp_path: Path
) -> None:
    await commit(parts.bootstrap, 0)
    worker = Worker(parts.bootstrap, parts.redis_url, tmp_path)
    try:
        worker.start()
        await publish(parts.bootstrap, "1")
        await until_told(parts.bootstrap, 1)
        await parts.redis.flushall()
        await publish(parts.bootstrap, "2")
        assert await asyncio.to_thread(worker.wait) != 0
        worker.start()
        assert await asyncio.to_thread(worker.wait) != 0
        assert await parts.redis.keys("lw:dedup:*") == []
        log = (tmp_path / "stream.log").read_text()
        assert log.count("Redis has lost the register of vacancies") >= 2
        await begin(parts.redis, START)
        worker.start()
        await until_told(parts.bootstrap, 2)
        assert await asyncio.to_thread(worker.stop, signal.SIGTERM) == 0
    finally:
        worker.close()


async def publish(bootstrap: str, posting_id: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    await producer.send_and_wait(POSTINGS.name, encode(a_posting(posting_id=posting_id)), b"k")
    await producer.stop()


async def until_told(bootstrap: str, count: int) -> None:
    places = [TopicPartition(VACANCIES.name, n) for n in range(VACANCIES.partitions)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        async with asyncio.timeout(90):
            while True:
                if sum((await consumer.end_offsets(places)).values()) >= count:
                    return
                await asyncio.sleep(0.2)
    finally:
        await consumer.stop()
