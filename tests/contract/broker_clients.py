"""Short ways to talk to a broker in the conformance suite."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.fixtures_broker import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

PATIENCE_S = 20


@asynccontextmanager
async def admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def producer(bootstrap: str, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
    client = AIOKafkaProducer(bootstrap_servers=bootstrap, **{"acks": "all", **options})
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


@asynccontextmanager
async def consumer(bootstrap: str, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    defaults = {"auto_offset_reset": "earliest", "enable_auto_commit": False}
    client = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, **{**defaults, **options})
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def new_topic(bootstrap: str, partitions: int = 1, **config: str) -> str:
    """Create a topic of a name not used before; config keys with _ for the dot."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    settings = {key.replace("_", "."): value for key, value in config.items()}
    topic = NewTopic(name, partitions, 1, topic_configs=settings)
    async with admin(bootstrap) as client:
        response = await client.create_topics([topic])
    assert [(t[0], t[1]) for t in response.topic_errors] == [(name, 0)], response
    return name


async def send(
    bootstrap: str, topic: str, values: Iterable[bytes], *, partition: int | None = None
) -> None:
    """Send values and wait until all are acknowledged."""
    async with producer(bootstrap) as client:
        sent = [await client.send(topic, value, partition=partition) for value in values]
        await asyncio.gather(*sent)


async def take(client: AIOKafkaConsumer, count: int) -> list[ConsumerRecord]:
    """The next `count` records; fails when they do not come."""
    records: list[ConsumerRecord] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(records) < count:
            for batch in (await client.getmany(timeout_ms=500)).values():
                records.extend(batch)
    assert len(records) == count
    return records


async def read_all(bootstrap: str, topic: str) -> list[ConsumerRecord]:
    """Everything a topic holds now, partition by partition."""
    async with admin(bootstrap) as client, asyncio.timeout(PATIENCE_S):
        # Kafka tells a topic that was made this moment before it tells its partitions.
        while not (described := (await client.describe_topics([topic]))[0])["partitions"]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    known = [TopicPartition(topic, part["partition"]) for part in described["partitions"]]
    async with consumer(bootstrap) as client:
        client.assign(known)
        starts = await client.beginning_offsets(known)
        ends = await client.end_offsets(known)
        await client.seek_to_beginning(*known)
        records = await take(client, sum(ends[p] - starts[p] for p in known))
    return sorted(records, key=lambda record: (record.partition, record.offset))


@contextmanager
def running_module(name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m name arguments`, killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", name, *arguments], cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


async def read_line(process: subprocess.Popen[bytes]) -> bytes:
    """The next line the process prints, without its end."""
    assert process.stdout is not None
    return (await asyncio.to_thread(process.stdout.readline)).rstrip()
