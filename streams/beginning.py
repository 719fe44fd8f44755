"""Whether the register in Redis is the one that the stream has been working with.

A register that is gone looks like one that never was. Going on with an empty one would open every
vacancy that boards still show a second time, so the worker leaves a mark where it begins, and
refuses to work where records were consumed but neither mark nor register is there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from redis.asyncio import Redis

from config.topics import POSTINGS, STREAM_GROUP
from streams.lost import BEGUN, REBUILDING, RegisterLostError
from streams.register import BLOCK_PREFIX

_MOST_SEEN: Final = 1_000
"""Keys looked through in one call."""


async def ensure_register(redis: Redis, bootstrap: str, now: datetime) -> None:
    """Leave the mark where the stream begins, or recognise what it has begun.

    A register of a release that left no mark is recognised by what it holds. Safe to run from
    several workers at once.

    Raises:
        RegisterLostError: records were consumed and the register of them is gone.
        redis.RedisError, aiokafka.errors.KafkaError: a server does not answer.
    """
    if await redis.exists(BEGUN):
        return
    consumed = await _consumed(bootstrap)
    if consumed and (await redis.exists(REBUILDING) or not await _holds_blocks(redis)):
        raise RegisterLostError(consumed)
    await begin(redis, now)


async def begin(redis: Redis, now: datetime) -> bool:
    """Leave the mark; whether there was none. An empty register is then taken as a new one."""
    begun = bool(await redis.set(BEGUN, now.isoformat(), nx=True))
    await redis.delete(REBUILDING)
    return begun


async def _consumed(bootstrap: str) -> int:
    """Records of `postings` that the stream's group has acknowledged, in all partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        places = [TopicPartition(POSTINGS.name, number) for number in range(POSTINGS.partitions)]
        found = await admin.list_consumer_group_offsets(STREAM_GROUP, partitions=places)
    finally:
        await admin.close()
    return sum(max(at.offset, 0) for at in found.values())


async def _holds_blocks(redis: Redis) -> bool:
    async for _ in redis.scan_iter(match=f"{BLOCK_PREFIX}*", count=_MOST_SEEN):
        return True
    return False
