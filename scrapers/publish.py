"""Publishing of records: the key of a posting, and a producer whose deliveries are awaited."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from config.topics import Topic
from scrapers.codec import encode
from scrapers.employers import employer_key

_LARGEST_BATCH = 1_000_000
_MOST_WAITING = 500

Record = tuple[bytes, bytes]
"""Key and value as they go to the broker."""


class DeliveryError(RuntimeError):
    """The broker did not take a record; the run that sent it must not count it as known."""


def partition_key(hiring_organization: str, posting_key: str) -> bytes:
    """Key of a posting: the key of its employer's name, so that duplicates of one vacancy meet in
    one partition however the name is written; the posting's own key where no employer is named."""
    return (employer_key(hiring_organization) or posting_key).encode()


class Publisher:
    """One idempotent producer (acks=all) for a process; each run sends through its own outbox."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._producer: AIOKafkaProducer | None = None
        self._lanes: dict[tuple[str, int], _Lane] = {}

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            max_batch_size=_LARGEST_BATCH,
            max_request_size=_LARGEST_BATCH + 100_000,
            request_timeout_ms=30_000,
        )
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._producer is not None:
            await asyncio.gather(*(lane.drained() for lane in self._lanes.values()))
            await self._producer.stop()

    def outbox(self) -> Outbox:
        """A new group of records whose delivery is awaited together."""
        return Outbox(self)

    def submit(self, topic: str, partition: int, records: list[Record]) -> asyncio.Future[None]:
        """Send records of one partition after everything submitted to it before.

        Returns:
            A future that is done when the broker has acknowledged them, and fails if it did not.
        """
        if self._producer is None:
            raise RuntimeError("the publisher is used outside its `async with`")
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = _Lane(self._producer, topic, partition)
        return lane.put(records)


class _Lane:
    """One partition: batches go out one after the other, so that order holds.

    Whatever waits while a batch is on its way goes into the next. A batch costs one future;
    records sent singly would cost several tasks each.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int) -> None:
        self._producer, self._topic, self._partition = producer, topic, partition
        self._waiting: list[tuple[list[Record], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, records: list[Record]) -> asyncio.Future[None]:
        """Queue records; see `Publisher.submit`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_seen)
        self._waiting.append((records, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return done

    async def drained(self) -> None:
        """Wait until nothing is on its way."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _drain(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                await self._send([record for records, _ in taken for record in records])
            except (KafkaError, DeliveryError) as error:
                for _, done in taken:
                    if not done.done():
                        done.set_exception(DeliveryError(f"{self._topic}: {error!r}"))
            else:
                for _, done in taken:
                    if not done.done():
                        done.set_result(None)

    async def _send(self, records: list[Record]) -> None:
        batch = self._producer.create_batch()
        for key, value in records:
            if batch.append(key=key, value=value, timestamp=None) is None:
                await self._send_batch(batch)
                batch = self._producer.create_batch()
                if batch.append(key=key, value=value, timestamp=None) is None:
                    raise DeliveryError(f"a record of {len(value)} bytes is too large")
        await self._send_batch(batch)

    async def _send_batch(self, batch: Any) -> None:
        batch.close()
        acknowledged = await self._producer.send_batch(
            batch, self._topic, partition=self._partition
        )
        await acknowledged


def _seen(done: asyncio.Future[None]) -> None:
    """A run that was given up never asks after its records; that is no error of its own."""
    if not done.cancelled():
        done.exception()


class Outbox:
    """Records sent by one run. Order within a key is the order of `send`."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._waiting: dict[tuple[str, int], list[Record]] = {}
        self._waiting_count = 0
        self._pending: list[asyncio.Future[None]] = []

    def send(self, topic: Topic, key: bytes, record: Any) -> None:
        """Queue one record; it goes out with the next `flush`, at the latest after 500."""
        partition = partition_of(key, topic.partitions)
        self._waiting.setdefault((topic.name, partition), []).append((key, encode(record)))
        self._waiting_count += 1
        if self._waiting_count >= _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Hand everything queued to the producer, without waiting for the broker."""
        waiting, self._waiting, self._waiting_count = self._waiting, {}, 0
        for (topic, partition), records in waiting.items():
            self._pending.append(self._publisher.submit(topic, partition, records))

    async def delivered(self) -> None:
        """Wait until the broker has acknowledged everything sent so far.

        Raises:
            DeliveryError: at least one record was not taken; the run must not be committed.
        """
        self.flush()
        pending, self._pending = self._pending, []
        results = await asyncio.gather(*pending, return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise DeliveryError(f"{len(failures)} of {len(results)} groups: {failures[0]}")


@lru_cache(maxsize=50_000)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's default partitioner gives a key (murmur2)."""
    hashed: int = murmur2(key)
    return (hashed & 0x7FFFFFFF) % partitions
