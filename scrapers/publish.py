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

_LARGEST_BATCH = 1_000_000
_MOST_WAITING = 500


class DeliveryError(RuntimeError):
    """The broker did not take a record; the run that sent it must not count it as known."""


def partition_key(hiring_organization: str, posting_key: str) -> bytes:
    """Key of a posting: its employer's name, case-folded with single spaces, so that duplicates
    of one vacancy meet in one partition; the posting's own key where no employer is named."""
    employer = " ".join(hiring_organization.casefold().split())
    return (employer or posting_key).encode()


class Publisher:
    """One idempotent producer (acks=all) for a process; each run sends through its own outbox."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            linger_ms=3,
            max_batch_size=_LARGEST_BATCH,
            max_request_size=_LARGEST_BATCH + 100_000,
            request_timeout_ms=30_000,
        )
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._producer is not None:
            await self._producer.stop()

    def outbox(self) -> Outbox:
        """A new group of records whose delivery is awaited together."""
        if self._producer is None:
            raise RuntimeError("the publisher is used outside its `async with`")
        return Outbox(self._producer)


class Outbox:
    """Records sent by one run. Order within a key is the order of `send`."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._waiting: dict[tuple[str, int], list[tuple[bytes, bytes]]] = {}
        self._waiting_count = 0
        self._pending: list[asyncio.Future[Any]] = []

    async def send(self, topic: Topic, key: bytes, record: Any) -> None:
        """Queue one record; records go out in batches, at the latest with `flush`.

        Raises:
            DeliveryError: the producer takes no more records.
        """
        partition = partition_of(key, topic.partitions)
        self._waiting.setdefault((topic.name, partition), []).append((key, encode(record)))
        self._waiting_count += 1
        if self._waiting_count >= _MOST_WAITING:
            await self.flush()

    async def flush(self) -> None:
        """Hand everything queued to the producer, without waiting for the broker."""
        waiting, self._waiting, self._waiting_count = self._waiting, {}, 0
        for (topic, partition), records in waiting.items():
            try:
                await self._send_batches(topic, partition, records)
            except KafkaError as error:
                raise DeliveryError(f"{topic}: {error}") from error

    async def delivered(self) -> None:
        """Wait until the broker has acknowledged everything sent so far.

        Raises:
            DeliveryError: at least one batch was not taken.
        """
        await self.flush()
        pending, self._pending = self._pending, []
        results = await asyncio.gather(*pending, return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise DeliveryError(f"{len(failures)} of {len(results)} batches: {failures[0]}")

    async def _send_batches(
        self, topic: str, partition: int, records: list[tuple[bytes, bytes]]
    ) -> None:
        """Batches cost one future each; sending records singly costs several tasks for each."""
        batch = self._producer.create_batch()
        for key, value in records:
            if batch.append(key=key, value=value, timestamp=None) is None:
                await self._send_batch(batch, topic, partition)
                batch = self._producer.create_batch()
                if batch.append(key=key, value=value, timestamp=None) is None:
                    raise DeliveryError(f"{topic}: a record of {len(value)} bytes is too large")
        await self._send_batch(batch, topic, partition)

    async def _send_batch(self, batch: Any, topic: str, partition: int) -> None:
        batch.close()
        self._pending.append(await self._producer.send_batch(batch, topic, partition=partition))


@lru_cache(maxsize=50_000)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's default partitioner gives a key (murmur2)."""
    hashed: int = murmur2(key)
    return (hashed & 0x7FFFFFFF) % partitions
