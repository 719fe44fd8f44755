"""What Labourwatch needs of consumer groups, asked of every broker."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from tests.contract.broker_clients import (
    PATIENCE_S,
    admin,
    consumer,
    new_topic,
    read_line,
    running_module,
    send,
    take,
)

SESSION_MS = 6000  # the least that Apache Kafka accepts

pytestmark = pytest.mark.integration


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


async def test_groups_are_listed_and_described(bootstrap: str) -> None:
    topic = await new_topic(bootstrap)
    group = f"group-{topic}"
    async with consumer(bootstrap, topic, group_id=group), admin(bootstrap) as client:
        assert (group, "consumer") in [(g[0], g[1]) for g in await client.list_consumer_groups()]
        [answer] = await client.describe_consumer_groups([group])
        [(_, name, state, _, _, members, *_)] = answer.groups
        assert (name, state, len(members)) == (group, "Stable", 1)


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


async def test_a_faust_agent_consumes_and_forwards(bootstrap: str) -> None:
    source, target = await new_topic(bootstrap, 2), await new_topic(bootstrap, 2)
    await send(bootstrap, source, (str(n).encode() for n in range(200)))
    with running_module("tests.contract.faust_forwarder", bootstrap, source, target):
        async with consumer(bootstrap, target) as client:
            values = [int(record.value) for record in await take(client, 200)]
    assert sorted(values) == list(range(200))
