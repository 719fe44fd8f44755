"""Reading topics back in tests."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from config.topics import Topic
from scrapers.codec import decode
from streams.codec import STREAM_RECORDS


async def records(bootstrap: str, *topics: Topic, since: dict[Any, int] | None = None) -> list[Any]:
    """Every record of the topics after the offsets in `since`, which is moved on.

    Withdrawals that travel together are given singly.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [tp for topic in topics for tp in await _partitions(consumer, topic)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Any] = []
        for tp in partitions:
            consumer.seek(tp, (since or {}).get(tp, 0))
        for tp in partitions:
            while await consumer.position(tp) < ends[tp]:
                batch = await consumer.getmany(tp, timeout_ms=500)
                for message in batch.get(tp, []):
                    record = decode(message.value, STREAM_RECORDS)
                    found += getattr(record, "withdrawals", (record,))
        if since is not None:
            since.update(ends)
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: Topic) -> list[Any]:
    return [TopicPartition(topic.name, number) for number in range(topic.partitions)]
