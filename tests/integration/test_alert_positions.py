"""Positions as the broker tells them: what was published, what a group has finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from alerts.progress import Barrier, BrokerPositions
from config.topics import LOADER_GROUP, POSTINGS, STREAM_GROUP, VACANCIES
from scrapers.topics_admin import ensure_topics
from tests.fixtures_broker import start_broker

pytestmark = pytest.mark.integration


async def _publish(bootstrap: str, topic: str, partition: int, records: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for number in range(records):
            await producer.send_and_wait(topic, b"%d" % number, partition=partition)


async def _commit(bootstrap: str, group: str, topic: str, partition: int, offset: int) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    place = TopicPartition(topic, partition)
    consumer.assign([place])
    await consumer.commit({place: offset})
    await consumer.stop()


async def test_a_day_settles_when_both_groups_have_caught_up(tmp_path: Path) -> None:
    with start_broker(tmp_path) as bootstrap:
        await ensure_topics(bootstrap)
        positions = BrokerPositions(bootstrap=bootstrap)
        barrier = Barrier(positions=positions)
        assert await barrier.advance(7) == 7  # nothing was ever published
        await _publish(bootstrap, POSTINGS.name, 2, 3)
        await _publish(bootstrap, VACANCIES.name, 1, 2)
        assert (await positions.ends(POSTINGS.name))[2] == 3
        assert await positions.consumed(STREAM_GROUP, POSTINGS.name) == {}
        assert await barrier.advance(8) == 7
        await _commit(bootstrap, STREAM_GROUP, POSTINGS.name, 2, 3)
        assert await barrier.advance(8) == 7
        await _commit(bootstrap, LOADER_GROUP, VACANCIES.name, 1, 2)
        assert await barrier.advance(8) == 8
